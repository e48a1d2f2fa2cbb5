"""Lowest states of parity blocks given by matrices: dense, sparse or matrix-free.

Each block of Π is solved by itself: a solver on the whole matrix mixes a doublet once its splitting nears rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .symmetry import matrix_free, norm

Array = NDArray[np.float64]
DENSE = 4000
"""Largest matrix that is diagonalised as a whole."""
_SMALL = 400
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Block:
    """Lowest states of one block.

    Attributes
    ----------
    energies : ndarray, shape (k,)
        Rayleigh quotients, ascending.
    vectors : ndarray, shape (k, d)
        Rows, in the basis of the whole space.
    residual : float
        Largest ‖Hψ - Eψ‖.
    error : ndarray, shape (k,)
        residual²/gap + rounding of each energy.
    gap : float
        Least distance of two of the energies (inf for a single one).
    """

    energies: Array
    vectors: NDArray[Any]
    residual: float
    error: Array
    gap: float


def parity_bases(parity: Any) -> tuple[Any, Any]:
    """Orthonormal columns of the two eigenspaces of an involution Π, +1 first, of the kind of Π.

    A sparse Π with one entry a column gives sparse bases: e_i where it is diagonal, (e_i ± Πe_i)/√2 otherwise.
    """
    if not hasattr(parity, "tocsr"):
        signs, columns = np.linalg.eigh(parity)
        return columns[:, signs > 0.0], columns[:, signs < 0.0]
    from scipy.sparse import coo_array, csr_array

    entries = coo_array(parity)
    keep = np.abs(entries.data) > 1e-12
    row, column, data = entries.coords[0][keep], entries.coords[1][keep], entries.data[keep]
    size = parity.shape[0]
    if len(column) != size or len(np.unique(column)) != size:
        if size > DENSE:
            raise InputError(f"parity must have one entry in each column above dimension {DENSE}; got a denser one")
        even, odd = parity_bases(parity.toarray())
        return csr_array(even), csr_array(odd)
    order = np.argsort(column)
    target, value = row[order], data[order]
    source = np.arange(size)
    fixed, first = source[target == source], source[target > source]
    found = []
    for sign in (1.0, -1.0):
        own = fixed[np.real(value[fixed]) * sign > 0.0]
        pairs = len(first)
        columns = np.concatenate((np.arange(len(own)), *(np.arange(pairs) + len(own),) * 2))
        rows = np.concatenate((own, first, target[first]))
        root = np.sqrt(0.5)
        values = np.concatenate((np.ones(len(own)), np.full(pairs, root), sign * root * value[first]))
        found.append(csr_array((values, (rows, columns)), shape=(size, len(own) + pairs)))
    return found[0], found[1]


def solve_block(hamiltonian: Any, basis: Any, count: int) -> Block | None:
    """Lowest `count` states (or all, if fewer) of H in the span of orthonormal columns; None for no columns."""
    size = basis.shape[1]
    wanted = min(count, size)
    if not wanted:
        return None
    block = basis.conj().T @ hamiltonian @ basis
    if not hasattr(block, "tocsr") or size <= max(_SMALL, 2 * wanted):
        from scipy.linalg import eigh

        dense = block.toarray() if hasattr(block, "tocsr") else block
        dense = 0.5 * (dense + dense.conj().T)
        _, vectors = eigh(dense, subset_by_index=(0, wanted - 1) if wanted < size else None)
    else:
        vectors = _shift_invert(0.5 * (block + block.conj().T), wanted)
    return judged(block, vectors, basis @ vectors)


def _shift_invert(block: Any, wanted: int) -> NDArray[Any]:
    """Lowest states of a sparse block, from its inverse a little below the ground state."""
    from scipy.sparse.linalg import eigsh

    start = np.random.default_rng(1).standard_normal(block.shape[0])
    values, vectors = eigsh(block, k=2, which="SA", v0=start, tol=1e-4)
    residual = np.linalg.norm(block @ vectors - vectors * values, axis=0).max()
    shift = values[0] - 0.3 * (values[1] - values[0]) - 2.0 * residual
    values, vectors = eigsh(block.tocsc(), k=wanted, sigma=shift, which="LM", v0=start)
    return np.asarray(vectors[:, np.argsort(values)])


def solve_free(hamiltonian: Any, parity: Any, sign: int, count: int) -> Block:
    """The same for matrix-free H and Π: Lanczos with the projection on one parity in each step.

    The other parity is lifted above by a shift, P(H - c)P with c above the spectrum of H, so that what rounding lets
    in does not grow.
    """
    from scipy.sparse.linalg import LinearOperator, eigsh

    size = hamiltonian.shape[0]
    start = np.random.default_rng(2).standard_normal(size).astype(hamiltonian.dtype)
    top = float(eigsh(hamiltonian, k=1, which="LA", v0=start, tol=1e-2, return_eigenvectors=False)[0])
    bottom = float(eigsh(hamiltonian, k=1, which="SA", v0=start, tol=1e-2, return_eigenvectors=False)[0])
    shift = top + 0.1 * (top - bottom)

    def project(x: NDArray[Any]) -> NDArray[Any]:
        return x if not sign else 0.5 * (x + sign * (parity @ x))

    def act(x: NDArray[Any]) -> NDArray[Any]:
        inside = project(np.ravel(x))
        return project(hamiltonian @ inside - shift * inside)

    dtype = np.result_type(hamiltonian.dtype, parity.dtype if parity is not None else float)
    projected = LinearOperator((size, size), matvec=act, dtype=dtype)
    values, vectors = eigsh(projected, k=min(count, size - 2), which="SA", v0=project(start).astype(dtype))
    order = np.argsort(values)
    vectors = vectors[:, order[values[order] < 0.5 * (top - shift)]]
    return judged(hamiltonian, vectors)


def judged(block: Any, vectors: NDArray[Any], whole: NDArray[Any] | None = None) -> Block:
    """States given as columns: energies as Rayleigh quotients, with their errors; `whole` in another basis."""
    whole = vectors if whole is None else whole
    vectors = vectors / np.linalg.norm(vectors, axis=0)
    moved = block @ vectors
    energies = np.einsum("ij,ij->j", vectors.conj(), moved).real
    residuals = np.linalg.norm(moved - vectors * energies, axis=0)
    if matrix_free(block):
        size = np.full(len(energies), norm(block) / np.sqrt(block.shape[0])) + np.abs(energies)
    else:
        size = np.einsum("ij,ij->j", np.abs(vectors), abs(block) @ np.abs(vectors))
    gap = float(np.diff(energies).min()) if len(energies) > 1 else np.inf
    spacing = np.maximum(gap, 1e-300)
    error = np.minimum(residuals, residuals**2 / spacing) + 4.0 * _EPS * size
    rows = np.ascontiguousarray((whole / np.linalg.norm(whole, axis=0)).T)
    return Block(energies, rows, float(residuals.max()), error, gap)
