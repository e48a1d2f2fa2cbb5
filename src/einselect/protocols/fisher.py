r"""Quantum Fisher information: how well a state shows a parameter, whatever is measured on it.

For a family ρ_θ the symmetric logarithmic derivative L solves ∂ρ = ½(Lρ + ρL), and F = Tr ρL²; ν repetitions give
Var θ >= 1/(νF). In the eigenbasis ρ = Σ λ_i |i><i|

    F = 2 Σ_{λ_i + λ_j > 0} |<i|∂ρ|j>|² / (λ_i + λ_j),

and for a rotation exp(-iθG) at once ("impulsive"), ∂ρ = -i[G, ρ],

    F = 2 Σ_ij (λ_i - λ_j)²/(λ_i + λ_j) |<i|G|j>|² + 4 Tr ρ GQG,

where i, j run over the levels that are kept and Q projects on all others: they are empty, and G leads there. Both
terms are sums of positive numbers, and no G is cut off: for a ρ on k levels the answer is that of the whole space.

The doublet, in closed form. Let ρ = ½(1 + r·σ) on |E0>, |E1>, in the *energy* basis: σ_z = |E0><E0| - |E1><E1|,
r_x = 2 Re ρ_01, r_y = -2 Im ρ_01, r_z = ρ_00 - ρ_11. There Jz = J01 σ_x, <Jz²> = G01 + r_z (q_0 - q_1)/2.
F = 4<G²> - 8 Σ λ_iλ_j/(λ_i + λ_j) |G_ij|² is the same sum; λ_± = (1 ± r)/2, and with σ_x in the eigenbasis of ρ,
|<±|σ_x|±>|² = r_x²/r² and |<+|σ_x|->|² = 1 - r_x²/r²,

    8 Σ = 4J01² [r_x²/r² + (1 - r²)(1 - r_x²/r²)] = 4J01² (1 - r² + r_x²),  so that
    F = 4<Jz²> - 4J01² (1 - r_y² - r_z²).

The pointer states (r_x = ±1) keep four times the leakage only; |E0> (r_z = 1) has 4<Jz²>, of order N².
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..doublet import Doublet
from ..errors import InputError
from ..level_set import LevelSet
from ..matrix_levels import MatrixLevels
from ..spin import operator
from .sensing_states import density_matrix
from .spectral_readout import resolved

Array = NDArray[np.float64]
Matrix = NDArray[np.complex128]
_SKEW = 1e-10
# Eigenvalues below this, relative to the largest, are rounding of ρ: pairs of them carry no information.
_EMPTY = 1e-14
_BALL = 1e-9


def quantum_fisher(levels: LevelSet, state: Any, generator: Any = "Jz") -> float:
    """Quantum Fisher information of a state for the rotation exp(-iθG).

    Parameters
    ----------
    levels : LevelSet
    state : str, int or array_like
        As for `density_matrix`.
    generator : operator
        G, Hermitian: a name, a `CollectiveOperator` or a matrix in the Dicke basis; of other systems the name of one of
        their operators, or a matrix in their basis. Not cut off at the levels.

    Returns
    -------
    float
        In units of θ^-2 (radians for a spin): N for a spin-coherent state across the axis, at most N² for Jz.

    Raises
    ------
    InputError
        For a G that is not Hermitian or a state that is no density matrix.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.protocols.fisher import quantum_fisher
    >>> levels = LMG(spins=370, field=0.95).levels(12)
    >>> cat, pointer = (quantum_fisher(levels, state) for state in ("ground", "P"))
    >>> print(f"{cat / 370**2:.4f} N² and {pointer / 370:.3f} N")
    0.0752 N² and 4.192 N
    """
    return float(fisher_of_generator(density_matrix(levels, state), *generator_matrices(levels, generator)))


def fisher_matrix(levels: LevelSet, state: Any, generators: Sequence[Any] = ("Jx", "Jy", "Jz")) -> Array:
    """Quantum Fisher information of all rotations at once: F of the generator n·J is nᵀ F n.

    Parameters
    ----------
    levels : LevelSet
    state : str, int or array_like
        As for `density_matrix`.
    generators : sequence of operators
        Hermitian.

    Returns
    -------
    ndarray, shape (g, g)
        Symmetric; its largest eigenvalue is the most that a rotation about any axis shows, its eigenvector that axis.

    Examples
    --------
    >>> import numpy as np
    >>> from einselect import LMG
    >>> from einselect.protocols import fisher_matrix
    >>> most, axes = np.linalg.eigh(fisher_matrix(LMG(spins=100, field=0.8).levels(8), "ground"))
    >>> abs(axes[:, -1]).round(6)  # a cat of the two wells feels z
    array([0., 0., 1.])
    """
    rho = density_matrix(levels, state)
    wholes = [_whole(levels, g) for g in generators]
    inside = np.array([generator_matrices(levels, g)[0] for g in wholes])
    values, vectors = _spectrum(rho)
    total = values[:, None] + values
    weight = np.divide((values[:, None] - values) ** 2, total, out=np.zeros_like(total), where=total > 0.0)
    moved = vectors.conj().T @ inside @ vectors
    result = 2.0 * np.einsum("ij,aij,bij->ab", weight, moved, moved.conj()).real
    for a, first in enumerate(wholes):
        for b, second in enumerate(wholes):
            beyond = np.asarray(levels.matrix(first @ second)) - inside[a] @ inside[b]
            result[a, b] += 4.0 * float(np.trace(beyond @ rho).real)
    return np.asarray(0.5 * (result + result.T))


def _whole(levels: LevelSet, generator: Any) -> Any:
    """G in the whole space: of a collective spin from its name, of another system one of its operators."""
    if isinstance(levels, MatrixLevels):
        return resolved(levels, generator)
    return generator if hasattr(generator, "shape") else operator(generator)


def generator_matrices(levels: LevelSet, generator: Any) -> tuple[Matrix, Matrix]:
    """P G P and P GQG P = P G²P - (PGP)² on the levels, for a G that has to be Hermitian."""
    whole = _whole(levels, generator)
    inside = np.asarray(levels.matrix(whole), dtype=complex)
    skew, size = float(np.abs(inside - inside.conj().T).max()), float(np.abs(inside).max())
    if skew > _SKEW * size:
        raise InputError(f"generator must be a Hermitian operator; got |G - G†| = {skew:.3g}")
    outside = np.asarray(levels.matrix(whole @ whole), dtype=complex) - inside @ inside
    return 0.5 * (inside + inside.conj().T), 0.5 * (outside + outside.conj().T)


def fisher_of_generator(rho: NDArray[Any], inside: NDArray[Any], outside: NDArray[Any] | None = None) -> Array:
    """F for ∂ρ = -i[G, ρ], for one ρ or a stack of them.

    Parameters
    ----------
    rho : ndarray, shape (..., k, k)
        Density matrices; the trace may be below 1 (F is of degree one in ρ).
    inside : ndarray, shape (k, k)
        G on the levels.
    outside : ndarray, shape (k, k), optional
        GQG, what G does beyond the levels; None where they are all.

    Returns
    -------
    ndarray, shape (...)
    """
    values, vectors = _spectrum(rho)
    first, second = values[..., :, None], values[..., None, :]
    total = first + second
    weight = np.divide((first - second) ** 2, total, out=np.zeros_like(total), where=total > 0.0)
    moved = vectors.conj().swapaxes(-1, -2) @ inside @ vectors
    result = 2.0 * np.sum(weight * np.abs(moved) ** 2, axis=(-1, -2))
    if outside is not None:
        result = result + 4.0 * np.maximum(np.einsum("ij,...ji->...", outside, rho).real, 0.0)
    return np.asarray(result)


def fisher_of_derivative(rho: NDArray[Any], derivative: NDArray[Any]) -> Array:
    """F of a family with ρ and ∂ρ given, for one pair or stacks of them.

    Parameters
    ----------
    rho, derivative : ndarray, shape (..., k, k)
        ∂ρ Hermitian; its elements between empty states of ρ, which are of second order, do not count.

    Returns
    -------
    ndarray, shape (...)
        In units of the parameter^-2.
    """
    values, vectors = _spectrum(rho)
    total = values[..., :, None] + values[..., None, :]
    moved = vectors.conj().swapaxes(-1, -2) @ derivative @ vectors
    held = total > _EMPTY * values[..., -1:, None]
    return np.asarray(
        2.0 * np.sum(np.divide(np.abs(moved) ** 2, total, out=np.zeros_like(total), where=held), (-1, -2))
    )


def symmetric_logarithmic_derivative(rho: NDArray[Any], derivative: NDArray[Any]) -> Matrix:
    """L with ∂ρ = ½(Lρ + ρL), zero between empty states: its eigenvectors are the best measurement.

    Parameters
    ----------
    rho, derivative : ndarray, shape (..., k, k)

    Returns
    -------
    ndarray, shape (..., k, k)
    """
    values, vectors = _spectrum(rho)
    total = values[..., :, None] + values[..., None, :]
    back = vectors.conj().swapaxes(-1, -2)
    moved = back @ derivative @ vectors
    held = total > _EMPTY * values[..., -1:, None]
    return np.asarray(vectors @ np.divide(2.0 * moved, total, out=np.zeros_like(moved), where=held) @ back)


def doublet_quantum_fisher(doublet: Doublet, bloch: ArrayLike) -> float:
    """F = 4<Jz²> - 4J01²(1 - r_y² - r_z²) for rotations about z of a state of the doublet.

    Written as 4(leakage) + 4J01²(r_y² + r_z²), with the leakage of each level by itself, free of cancellation.

    Parameters
    ----------
    doublet : Doublet
    bloch : array_like, shape (3,)
        r in the energy basis: r_x = 2 Re ρ_01, r_y = -2 Im ρ_01, r_z = ρ_00 - ρ_11, with ρ_01 = <E0|ρ|E1>.

    Returns
    -------
    float

    Raises
    ------
    InputError
        For a vector that is not inside the Bloch sphere.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.protocols.fisher import doublet_quantum_fisher
    >>> doublet = LMG(spins=370, field=0.95).doublet()
    >>> doublet_quantum_fisher(doublet, [0, 0, 1]) == 4 * (doublet.leakage_even + doublet.j01**2)
    True
    """
    r = np.asarray(bloch, dtype=np.float64)
    if r.shape != (3,) or not np.all(np.isfinite(r)) or float(r @ r) > 1.0 + _BALL:
        raise InputError(f"bloch must be three numbers inside the unit sphere; got {bloch!r}")
    leakage = 0.5 * ((1.0 + r[2]) * doublet.leakage_even + (1.0 - r[2]) * doublet.leakage_odd)
    return float(4.0 * (leakage + doublet.j01**2 * (r[1] ** 2 + r[2] ** 2)))


def _spectrum(rho: NDArray[Any]) -> tuple[Array, Matrix]:
    """Eigenvalues, ascending and not below zero, and eigenvectors."""
    values, vectors = np.linalg.eigh(0.5 * (rho + rho.conj().swapaxes(-1, -2)))
    values[values < _EMPTY * np.abs(values[..., -1:])] = 0.0
    return values, vectors
