"""Closed forms of static noise: weak in second order of the splitting, strong without tunnelling."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .lindbladian import check_times

Array = NDArray[np.float64]
Matrix = NDArray[np.complex128]


def perturbative_retention(
    times: ArrayLike, width: float, slope: float, curvature: float = 0.0
) -> tuple[Matrix, Matrix]:
    """S_01 and S_PR of weak noise in closed form, with ΔE(δ) = ΔE + Dδ + ½Cδ².

    Parameters
    ----------
    times : array_like, shape (t,)
    width, slope, curvature : float
        σ, D, C.

    Returns
    -------
    eigenstate, pointer : ndarray, shape (t,)

    Examples
    --------
    >>> from einselect.dynamics.static_limits import perturbative_retention
    >>> gaussian, _ = perturbative_retention([1.0], 1.0, 2.0)
    >>> algebraic, _ = perturbative_retention([100.0], 1.0, 0.0, 1.0)  # 1/√(Cσ²t)
    >>> print(f"{gaussian[0].real:.6f} {abs(algebraic[0]):.4f}")
    0.135335 0.1000
    """
    t = check_times(times)
    broad = 1.0 - 1j * curvature * width**2 * t
    eigenstate = np.exp(-0.5 * (slope * width * t) ** 2 / broad) / np.sqrt(broad)
    return eigenstate, 0.5 * (1.0 + eigenstate.real) + 0.0j


def frozen_retention(times: ArrayLike, width: float, j01: float) -> tuple[Array, Array]:
    """S_01 and S_PR under an odd O without tunnelling: ½(1 + S_PR) and exp(-2σ²J01²t²).

    Parameters
    ----------
    times : array_like, shape (t,)
    width, j01 : float
        σ and J01.

    Returns
    -------
    eigenstate, pointer : ndarray, shape (t,)

    Examples
    --------
    >>> from einselect.dynamics.static_limits import frozen_retention
    >>> eigenstate, pointer = frozen_retention([1.0], 1.0, 1.0)
    >>> print(f"{eigenstate[0]:.6f} {pointer[0]:.6f}")
    0.567668 0.135335
    """
    pointer = np.exp(-2.0 * (width * j01 * check_times(times)) ** 2)
    return 0.5 * (1.0 + pointer), pointer
