"""What people use for the doublet of the Lipkin-Meshkov-Glick model, each written as well as it can be.

Every function goes from the parameters (N even or odd, Γ, J = 1) to the same `Numbers`. None of them knows anything
of `einselect`. They are fair to the method: vectorised set-up, no needless checks, only the vectors that are used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh, eigh_tridiagonal
from scipy.linalg.lapack import dstebz, dstein

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The doublet: energies, ΔE, <E_i|Jz²|E_i>, G01 = (q0 + q1)/2, J01 = |<E0|Jz|E1>|."""

    e0: float
    e1: float
    splitting: float
    q0: float
    q1: float
    g01: float
    j01: float


def parity_blocks(spins: int, field: float) -> tuple[tuple[Array, Array, Array], tuple[Array, Array, Array]]:
    """m, diagonal and off-diagonal of the even and of the odd block of H = -(1/N) Jz² - Γ Jx."""
    j, first = 0.5 * spins, 0.5 * (spins % 2)
    m = np.arange(first, j + 0.5)
    diagonal = m * m / -spins
    coupling = np.sqrt((j - m[:-1]) * (j + m[1:]))
    coupling *= -0.5 * field
    if first:
        shift = 0.5 * field * (j + 0.5)
        even, odd = diagonal.copy(), diagonal
        even[0] -= shift
        odd[0] += shift
        return (m, even, coupling), (m, odd, coupling)
    outer = coupling.copy()
    outer[0] *= math.sqrt(2.0)
    return (m, diagonal, outer), (m[1:], diagonal[1:], coupling[1:])


def _from_blocks(e0: float, e1: float, u: Array, v: Array, m_even: Array, m_odd: Array) -> Numbers:
    mu, mv = m_even * u, m_odd * v
    q0, q1 = float(mu @ mu), float(mv @ mv)
    return Numbers(e0, e1, e1 - e0, q0, q1, 0.5 * (q0 + q1), abs(float(u[len(u) - len(v) :] @ mv)))


def tridiagonal_blocks(spins: int, field: float) -> Numbers:
    """SciPy's `eigh_tridiagonal(select='i')` on each parity block: the strongest alternative."""
    (m_even, *even), (m_odd, *odd) = parity_blocks(spins, field)
    (e0,), u = eigh_tridiagonal(*even, select="i", select_range=(0, 0), check_finite=False)
    (e1,), v = eigh_tridiagonal(*odd, select="i", select_range=(0, 0), check_finite=False)
    return _from_blocks(float(e0), float(e1), u[:, 0], v[:, 0], m_even, m_odd)


def lapack_blocks(spins: int, field: float) -> Numbers:
    """The same two LAPACK routines without SciPy's wrapper around them: what an expert may write by hand."""
    (m_even, *even), (m_odd, *odd) = parity_blocks(spins, field)
    found = []
    for diagonal, coupling in (even, odd):
        _, levels, block, split, _ = dstebz(diagonal, coupling, 2, 0.0, 0.0, 1, 1, 0.0, "B")
        vector, _ = dstein(diagonal, coupling, levels[:1], block, split)
        found.append((float(levels[0]), vector[:, 0]))
    (e0, u), (e1, v) = found
    return _from_blocks(e0, e1, u, v, m_even, m_odd)


def _whole(spins: int, field: float) -> tuple[Array, Array, Array]:
    """m, diagonal and off-diagonal of the whole matrix, m = -j..j."""
    j = 0.5 * spins
    m = np.arange(-j, j + 0.5)
    return m, m * m / -spins, -0.5 * field * np.sqrt((j - m[:-1]) * (j + m[1:]))


def _from_whole(levels: Array, vectors: Array, m: Array) -> Numbers:
    e0, e1 = float(levels[0]), float(levels[1])
    mu, mv = m * vectors[:, 0], m * vectors[:, 1]
    q0, q1 = float(mu @ mu), float(mv @ mv)
    return Numbers(e0, e1, e1 - e0, q0, q1, 0.5 * (q0 + q1), abs(float(mu @ vectors[:, 1])))


def tridiagonal_whole(spins: int, field: float) -> Numbers:
    """`eigh_tridiagonal(select='i')` on the whole matrix, blind to parity."""
    m, diagonal, coupling = _whole(spins, field)
    levels, vectors = eigh_tridiagonal(diagonal, coupling, select="i", select_range=(0, 1), check_finite=False)
    return _from_whole(levels, vectors, m)


def _dense_matrix(spins: int, field: float) -> tuple[Array, Array]:
    m, diagonal, coupling = _whole(spins, field)
    matrix = np.zeros((spins + 1, spins + 1))
    # eigh reads one triangle only: no need to write the other.
    np.fill_diagonal(matrix, diagonal)
    np.fill_diagonal(matrix[1:], coupling)
    return m, matrix


def dense(spins: int, field: float) -> Numbers:
    """The usual recipe: the whole spectrum of the (N + 1) x (N + 1) matrix, the two lowest states of it."""
    m, matrix = _dense_matrix(spins, field)
    levels, vectors = eigh(matrix, overwrite_a=True, check_finite=False)
    return _from_whole(levels, vectors, m)


def dense_two(spins: int, field: float) -> Numbers:
    """The same matrix, asked for its two lowest states only."""
    m, matrix = _dense_matrix(spins, field)
    levels, vectors = eigh(matrix, subset_by_index=[0, 1], overwrite_a=True, check_finite=False)
    return _from_whole(levels, vectors, m)


def _qutip(spins: int, field: float, sparse: bool) -> Numbers:
    import qutip

    j = 0.5 * spins
    jz, jx = qutip.jmat(j, "z"), qutip.jmat(j, "x")
    jz_squared = jz * jz
    levels, (u, v) = (-1.0 / spins * jz_squared - field * jx).eigenstates(sparse=sparse, eigvals=2)
    e0, e1 = float(levels[0].real), float(levels[1].real)  # complex from the sparse solver
    q0, q1 = float(qutip.expect(jz_squared, u)), float(qutip.expect(jz_squared, v))
    return Numbers(e0, e1, e1 - e0, q0, q1, 0.5 * (q0 + q1), abs(jz.matrix_element(u, v)))


def qutip_dense(spins: int, field: float) -> Numbers:
    """QuTiP, `Qobj.eigenstates(eigvals=2)` on operators of `jmat`."""
    return _qutip(spins, field, sparse=False)


def qutip_sparse(spins: int, field: float) -> Numbers:
    """QuTiP, `Qobj.eigenstates(eigvals=2, sparse=True)`."""
    return _qutip(spins, field, sparse=True)
