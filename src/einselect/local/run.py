"""A run of the Lindblad equation with local noise: the steps of `dynamics.full_run`, and what is read off all j."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..dynamics.full_frame import Array, Blocks
from ..dynamics.full_results import Readout, labelled
from ..dynamics.full_run import FullEvolution
from ..errors import InputError
from ..spin import CollectiveOperator
from .frame import LadderFrame
from .generator import bands_of
from .ladder import log_multiplicity, multiplets
from .splitting import LadderSplitting

if TYPE_CHECKING:
    import xarray

    from .lindbladian import LocalLindbladian


@dataclass(frozen=True)
class _AllJ:
    """What is read off the blocks of all j at one time."""

    weights: Array
    purity: float
    coherences: NDArray[np.complex128]


class LocalEvolution(FullEvolution):
    """Solution of the Lindblad equation with local noise, time by time.

    Iterate over it to work it out: each round yields the next of the times asked for. `dataset()` has the times
    that are done, whenever it is called, so that an interrupted run keeps them.
    """

    _owner: LocalLindbladian  # type: ignore[assignment]
    _frame: LadderFrame

    def __init__(
        self,
        owner: LocalLindbladian,
        blocks: Blocks,
        times: Array,
        observables: Mapping[str, CollectiveOperator],
        tolerance: float,
        levels: int,
        start: str,
    ) -> None:
        super().__init__(owner, blocks, times, {}, tolerance, levels, start)  # type: ignore[arg-type]
        self._names = list(observables)
        self._operators = [_in_levels(self._frame, op) for op in observables.values()]
        self._all_j: list[_AllJ] = []
        self._splitting = self._steps()  # type: ignore[assignment]
        spread = float(np.ptp(np.concatenate(self._frame.energies[:2])))
        if spread:  # a first step for the levels of one j, not of all
            self._wanted = min(self._limit, 4.0 * (self._frame.spins + 1) / spread)

    def _steps(self) -> LadderSplitting:
        return LadderSplitting(self._owner.channel)

    def density_blocks(self) -> dict[float, NDArray[np.complex128]]:
        """ρ_j in the Dicke basis by j, m ascending, at the last time reached; sum_j Tr ρ_j = 1."""
        sites = {key: np.empty_like(block) for key, block in self._blocks.items()}
        scratch = np.empty(max(block.size for block in self._blocks.values()))
        self._frame.to_sites(self._blocks, sites, scratch)
        return {0.5 * k: block for k, block in self._frame.unfold_all(sites).items()}

    def _read(self) -> Readout:
        found = super()._read()
        weights = dict.fromkeys(multiplets(self._frame.spins), 0.0)
        purity = 0.0
        for (p, q), block in self._blocks.items():
            twice_j = self._frame.twice_j[p]
            if p == q:
                weights[twice_j] += float(np.trace(block))
            # ρ = ⊕ ρ_j ⊗ 1/d_j: Tr ρ² = sum Tr ρ_j² / d_j.
            purity += float(np.vdot(block, block)) * math.exp(-log_multiplicity(self._frame.spins, twice_j))
        coherences = np.zeros(len(weights), dtype=complex)
        coherences[: len(self._frame.doublets)] = [self._element(*pair) for pair in self._frame.doublets]
        self._all_j.append(_AllJ(np.array(list(weights.values())), purity, coherences))
        return found

    def dataset(self) -> xarray.Dataset:
        """Everything at the times that are done; see `LocalLindbladian.evolve`.

        Raises
        ------
        InputError
            Before the first time is reached.
        """
        if not self._readouts:
            raise InputError("dataset must be asked for after the first time is reached; got none so far")
        energy_unit = self._owner.model.energy_unit
        found = labelled(self._readouts, self._times, self._names, energy_unit, self._attributes())
        weights = np.stack([at.weights for at in self._all_j])
        outside = weights[:, 1:].sum(axis=1)
        purity = np.array([at.purity for at in self._all_j])
        j = 0.5 * np.array(multiplets(self._frame.spins))
        extra: dict[str, tuple[Any, NDArray[Any], str]] = {
            "purity": ("time", purity, "Tr ρ² = sum_j Tr ρ_j² / d_j"),
            "outside": ("time", outside, "weight outside of the symmetric sector j = N/2"),
            "weights": (("time", "j"), weights, "Tr ρ_j"),
            "rho_01_by_j": (
                ("time", "j"),
                np.stack([at.coherences for at in self._all_j]),
                "<E0|ρ_j|E1> between the two lowest levels of each j",
            ),
        }
        found = found.assign(
            {name: (dims, data, {"long_name": text, "units": "1"}) for name, (dims, data, text) in extra.items()}
        ).assign_coords(j=("j", j, {"long_name": "total spin"}))
        found.leakage.attrs["long_name"] = "Tr ρ - ρ_00 - ρ_11, what left the symmetric sector included"
        return found

    def _attributes(self) -> dict[str, Any]:
        owner, found = self._owner, super()._attributes()
        del found["levels"]
        return {
            **found,
            "jumps": found["jumps"] or "none",
            "local": ", ".join(f"{jump.name} at {jump.rate:.17g}" for jump in owner.local) or "none",
            "dimension": owner.dimension,
            "stored_elements": owner.channel.elements,
        }


def collective_observables(observables: Mapping[str, Any], operator: Any) -> dict[str, CollectiveOperator]:
    """Observables as collective operators.

    Parameters
    ----------
    observables : mapping of str to str or CollectiveOperator
    operator : callable
        Looks up a name.

    Raises
    ------
    InputError
        For a matrix: on the symmetric sector it does not say what the observable is outside of it.
    """
    result = {}
    for name, op in observables.items():
        if hasattr(op, "shape"):
            raise InputError(
                f"observables must be collective operators, which act on every total spin j; got a matrix for {name!r}"
            )
        result[_checks.one_of("observable", name, [name])] = operator(op)
    return result


def _in_levels(frame: LadderFrame, op: CollectiveOperator) -> dict[tuple[int, int], NDArray[Any]]:
    """Blocks of a collective operator in the energy basis of every j."""
    from scipy import sparse

    result = {}
    matrices: dict[int, Any] = {}
    for p, q in frame.pairs:
        twice_j = frame.twice_j[p]
        if twice_j not in matrices:
            size = twice_j + 1
            bands = bands_of(op, twice_j) or {0: np.zeros(size)}
            values: Sequence[Any] = [f[: size - s] if s >= 0 else f[-s:] for s, f in bands.items()]
            matrices[twice_j] = sparse.diags_array(values, offsets=[-s for s in bands], shape=(size, size)).tocsr()
        block = frame.maps[p] @ matrices[twice_j] @ frame.maps[q].T
        result[p, q] = frame.vectors[p].T @ (block @ frame.vectors[q])
    return result
