r"""Spin squeezing: the smallest variance across the mean spin, by both of its measures.

With n the direction of <J> and Var_min the smallest variance of J along any direction at right angles to it,

    ξ²   = 4 Var_min/N               (Kitagawa and Ueda 1993; below 1: correlated spins),
    ξ_R² = N Var_min/|<J>|²          (Wineland et al. 1992; below 1: entangled, better than any coherent state).

Var_min is the lower eigenvalue of the symmetric covariance ½<{J_a, J_b}> - <J_a><J_b> on the plane at right angles to
n. A state without a mean spin has no such plane: both parameters are then None (nan in a time course), with the
reason. The moments are those of the state in the whole space: products of operators are taken before projecting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..levels import Levels
from ..spin import Jx, Jy, Jz
from .sensing_states import density_matrix

Array = NDArray[np.float64]
_AXES = (Jx, Jy, Jz)
# A mean spin below this fraction of N/2 is rounding: its direction means nothing.
_UNRESOLVED = 1e-9


@dataclass(frozen=True)
class SpinSqueezing:
    """Spin squeezing of a state.

    Attributes
    ----------
    spins : int
        N.
    mean : ndarray, shape (3,)
        <Jx>, <Jy>, <Jz>.
    covariance : ndarray, shape (3, 3)
        ½<{J_a, J_b}> - <J_a><J_b>.
    variance : float or None
        Var_min.
    direction : ndarray, shape (3,), or None
        Unit vector along which the variance is that, with its largest component positive.
    kitagawa_ueda : float or None
        ξ² = 4 Var_min/N.
    wineland : float or None
        ξ_R² = N Var_min/|<J>|².
    note : str
        Why there are none, where there are none; else empty.
    """

    spins: int
    mean: Array
    covariance: Array
    variance: float | None
    direction: Array | None
    kitagawa_ueda: float | None
    wineland: float | None
    note: str = ""

    @property
    def length(self) -> float:
        """|<J>|."""
        return float(np.linalg.norm(self.mean))


def squeezing(levels: Levels, state: Any) -> SpinSqueezing:
    """Both squeezing parameters of a state, with the direction that is squeezed.

    Parameters
    ----------
    levels : Levels
    state : str, int or array_like
        As for `density_matrix`.

    Returns
    -------
    SpinSqueezing

    Examples
    --------
    A pointer state is squeezed along y, by the well that it lies in.

    >>> from einselect import LMG
    >>> from einselect.protocols import squeezing
    >>> found = squeezing(LMG(spins=370, field=0.95).levels(8), "P")
    >>> print(f"{found.kitagawa_ueda:.4f} {found.wineland:.4f} {found.direction.round(6)}")
    0.2579 0.2599 [0. 1. 0.]
    """
    rho = density_matrix(levels, state)
    mean, second = moments_of(rho, *moment_matrices(levels))
    variance, direction, kitagawa, wineland = parameters(mean, second, levels.spins)
    covariance = second - np.outer(mean, mean)
    if np.isnan(variance):
        note = f"the mean spin is {np.linalg.norm(mean):.1e}: there is no direction at right angles to it"
        return SpinSqueezing(levels.spins, mean, covariance, None, None, None, None, note)
    return SpinSqueezing(levels.spins, mean, covariance, float(variance), direction, float(kitagawa), float(wineland))


def moment_matrices(levels: Levels) -> tuple[NDArray[Any], NDArray[Any]]:
    """J_a and ½{J_a, J_b} on the levels, shapes (3, k, k) and (3, 3, k, k)."""
    first = np.array([levels.matrix(op) for op in _AXES], dtype=complex)
    products = np.array([[levels.matrix(a @ b) for b in _AXES] for a in _AXES], dtype=complex)
    return first, 0.5 * (products + products.swapaxes(0, 1))


def moments_of(rho: NDArray[Any], first: NDArray[Any], second: NDArray[Any]) -> tuple[Array, Array]:
    """<J_a>, shape (..., 3), and ½<{J_a, J_b}>, shape (..., 3, 3), of states of shape (..., k, k)."""
    mean = np.einsum("aij,...ji->...a", first, rho).real
    return np.asarray(mean), np.asarray(np.einsum("abij,...ji->...ab", second, rho).real)


def parameters(mean: Array, second: Array, spins: int) -> tuple[Array, Array, Array, Array]:
    """Var_min, its direction, ξ² and ξ_R² from the moments; nan where there is no mean spin.

    Parameters
    ----------
    mean : ndarray, shape (..., 3)
    second : ndarray, shape (..., 3, 3)
    spins : int

    Returns
    -------
    variance, kitagawa_ueda, wineland : ndarray, shape (...)
    direction : ndarray, shape (..., 3)
        Second of the four.
    """
    length = np.linalg.norm(mean, axis=-1)
    resolved = length > _UNRESOLVED * 0.5 * spins
    n = mean / np.where(resolved, length, 1.0)[..., None]
    covariance = second - mean[..., :, None] * mean[..., None, :]
    # Two unit vectors across n: the axis least along n made orthogonal to it, and the product of both.
    axis = np.eye(3)[np.argmin(np.abs(n), axis=-1)]
    u = axis - np.sum(axis * n, axis=-1, keepdims=True) * n
    u = u / np.linalg.norm(u, axis=-1, keepdims=True)
    plane = np.stack((u, np.cross(n, u)), axis=-2)
    values, vectors = np.linalg.eigh(plane @ covariance @ plane.swapaxes(-1, -2))
    direction = np.einsum("...ia,...i->...a", plane, vectors[..., :, 0])
    # Of the two unit vectors the one whose largest component is positive, so that a time course does not jump.
    largest = np.take_along_axis(direction, np.argmax(np.abs(direction), axis=-1)[..., None], axis=-1)
    direction = direction * np.where(largest < 0.0, -1.0, 1.0)
    variance = np.where(resolved, values[..., 0], np.nan)
    squared = np.where(resolved, length, 1.0) ** 2
    nothing = ~resolved[..., None]
    return variance, np.where(nothing, np.nan, direction), 4.0 * variance / spins, spins * variance / squared
