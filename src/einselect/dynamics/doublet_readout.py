"""Density matrices of a doublet: their Bloch vector, and what is read off them in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._version import __version__
from ..errors import InputError

if TYPE_CHECKING:
    from xarray import Dataset


def bloch_vector(rho: ArrayLike) -> tuple[float, float, float]:
    """(x, y, z) of a 2 × 2 density matrix in the energy basis: x = (ρ_00 - ρ_11)/2, y = -Im ρ_01, z = 2 Re ρ_01.

    Parameters
    ----------
    rho : array_like, shape (2, 2)

    Returns
    -------
    tuple of float
        x, y, z: ρ_PR = x + iy and ρ_PP - ρ_RR = z.

    Examples
    --------
    >>> bloch_vector([[1.0, 0.0], [0.0, 0.0]])  # |E0>: ρ_PR = ½
    (0.5, 0.0, 0.0)
    """
    given = np.asarray(rho, dtype=complex)
    if given.shape != (2, 2):
        raise InputError(f"density matrix must be 2 x 2, in the basis |E0>, |E1>; got shape {given.shape}")
    x = 0.5 * float((given[0, 0] - given[1, 1]).real)
    off = 0.5 * complex(given[0, 1] + given[1, 0].conjugate())
    return x, -off.imag + 0.0, 2.0 * off.real


def doublet_dataset(times: NDArray[np.float64], rho: NDArray[Any], attributes: dict[str, Any]) -> Dataset:
    """Label what the doublet does: `rho`, shape (n, 2, 2), is in the basis E0, E1."""
    from xarray import Dataset

    populations, rho_01 = np.einsum("tii->ti", rho).real, rho[:, 0, 1]
    total, z = populations.sum(axis=1), 2.0 * rho_01.real
    rho_pr = 0.5 * (populations[:, 0] - populations[:, 1]) - 1j * rho_01.imag
    pointers = 0.5 * np.stack((total + z, total - z), axis=1)
    columns = {
        "rho_01": ("time", rho_01, {"long_name": "<E0|ρ|E1>"}),
        "rho_pr": ("time", rho_pr, {"long_name": "<P|ρ|R>"}),
        "z": ("time", z, {"long_name": "ρ_PP - ρ_RR"}),
        "populations": (("time", "level"), populations, {"long_name": "<E_n|ρ|E_n>"}),
        "pointer_populations": (("time", "pointer"), pointers, {"long_name": "<P|ρ|P>, <R|ρ|R>"}),
        "doublet_population": ("time", total, {"long_name": "ρ_00 + ρ_11"}),
        "purity": ("time", np.einsum("tij,tji->t", rho, rho).real, {"long_name": "Tr ρ²"}),
    }
    return Dataset(
        {name: (dims, data, {**attrs, "units": "1"}) for name, (dims, data, attrs) in columns.items()},
        coords={"time": times, "level": [0, 1], "pointer": ["P", "R"]},
        attrs={**attributes, "software": f"einselect {__version__}"},
    )
