"""What is read off a density matrix in the whole symmetric sector, and how it is labelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..rates import units_of
from .full_frame import Array, Blocks, Frame, sparse_operator

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class Readout:
    """What is read off ρ at one time."""

    rho_01: complex
    rho_pr: complex
    populations: Array
    trace: float
    purity: float
    error: float
    observables: tuple[complex, ...]


def in_levels(frame: Frame, op: Any) -> dict[tuple[int, int], NDArray[Any]]:
    """Blocks of an operator in the energy basis."""
    blocks = frame.operator_blocks(sparse_operator(op, frame.spins))
    return {(p, q): frame.vectors[p].T @ (block @ frame.vectors[q]) for (p, q), block in blocks.items()}


def expectation(operator: dict[tuple[int, int], NDArray[Any]], blocks: Blocks) -> complex:
    """Tr(Oρ) = sum O_ba (S_ab + iA_ab), S and A the parts of M."""
    total = 0.0j
    for (q, p), matrix in operator.items():
        if (p, q) in blocks and (q, p) in blocks:
            direct, turned = np.sum(matrix.T * blocks[p, q]), np.sum(matrix * blocks[q, p])
            total += 0.5 * (direct + turned) + 0.5j * (direct - turned)
    return complex(total)


def labelled(
    done: Sequence[Readout], times: Array, names: Sequence[str], energy_unit: str, attributes: dict[str, Any]
) -> xarray.Dataset:
    """Readouts at the first of the times, as a dataset."""
    import xarray

    units = units_of(energy_unit)
    populations = np.stack([r.populations for r in done])
    doublet = populations[:, 0] + populations[:, 1]
    trace = np.array([r.trace for r in done])
    variables: dict[str, Any] = {
        "rho_01": ("time", np.array([r.rho_01 for r in done]), "<E0|ρ|E1>"),
        "rho_pr": ("time", np.array([r.rho_pr for r in done]), "<P|ρ|R>"),
        "populations": (("time", "level"), populations, "<E_n|ρ|E_n>"),
        "doublet_population": ("time", doublet, "ρ_00 + ρ_11"),
        "leakage": ("time", trace - doublet, "Tr ρ - ρ_00 - ρ_11"),
        "purity": ("time", np.array([r.purity for r in done]), "Tr ρ²"),
        "trace": ("time", trace, "Tr ρ"),
        "error_estimate": ("time", np.array([r.error for r in done]), "estimated error of ρ in the trace norm"),
    }
    for k, name in enumerate(names):
        values = np.array([r.observables[k] for r in done])
        real = not np.any(np.abs(values.imag) > 1e-12 * np.abs(values).max())
        variables[name] = ("time", values.real if real else values, f"Tr ({name} ρ)")
    return xarray.Dataset(
        {name: (dims, data, {"long_name": text, "units": "1"}) for name, (dims, data, text) in variables.items()},
        coords={
            "time": ("time", times[: len(done)], {"units": units["time"]}),
            "level": np.arange(populations.shape[1]),
        },
        attrs=attributes,
    )
