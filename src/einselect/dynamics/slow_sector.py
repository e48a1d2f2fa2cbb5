"""One parity sector of the full Liouvillian as a sparse matrix in the Dicke basis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..errors import InputError
from .full_frame import Sparse, jump_matrices, sparse_operator

if TYPE_CHECKING:
    from .fullspace import FullLindbladian

Complex = NDArray[np.complex128]
DENSE = 450
"""Dimension up to which all modes of a sector are worked out."""


class SparseSector:
    """One sector of operator space in the Dicke basis, folded by parity: ρ_{-m,-n} = ±ρ_{m,n}."""

    def __init__(self, full: FullLindbladian, name: str) -> None:
        self.name, self._size = name, full.model.spins + 1
        count = self._size**2
        self.size = count if name == "all" else (count + (1 if name == "populations" else -1) * (count % 2)) // 2
        needed = 40.0 * self.size * max(8.0, 2.5 * math.log2(self.size) - 13.0) / 2.0**30
        if self.size > DENSE and needed > full.memory_limit:
            raise InputError(
                f"spins must be few enough for {full.memory_limit:g} GiB; got {full.model.spins}, whose modes need "
                f"about {needed:.1f} GiB"
            )
        fold = _fold(self._size, name)
        self._fold = fold
        self.matrix: Sparse = (fold @ _superoperator(full) @ fold.T).tocsc()
        self.scale = float(abs(self.matrix).sum(axis=0).max())
        self.symmetric = abs(self.matrix - self.matrix.T).max() <= 1e-15 * self.scale

    def operator(self, vector: Complex) -> Complex:
        """The (N+1, N+1) matrix with these coordinates."""
        return np.asarray((self._fold.T @ vector).reshape(self._size, self._size))

    def coordinates(self, operator: NDArray[Any]) -> Complex:
        """Coordinates of a matrix of this sector."""
        return np.asarray(self._fold @ operator.ravel())


def _fold(size: int, name: str) -> Sparse:
    """Rows (e_i ± e_mirror)/√2 for half of the elements of ρ, and the central element where it belongs."""
    count = size * size
    if name == "all":
        return sparse.eye_array(count).tocsr()
    half, sign = np.arange(count // 2), 1.0 if name == "populations" else -1.0
    row, column = np.concatenate((half, half)), np.concatenate((half, count - 1 - half))
    values = math.sqrt(0.5) * np.concatenate((np.ones(len(half)), np.full(len(half), sign)))
    if count % 2 and name == "populations":
        row, column = np.append(row, len(half)), np.append(column, count // 2)
        values = np.append(values, 1.0)
    rows = len(half) + (count % 2 if name == "populations" else 0)
    return sparse.csr_array((values, (row, column)), shape=(rows, count))


def _superoperator(full: FullLindbladian) -> Sparse:
    """The Liouvillian on row-major ρ: 𝓛 = K⊗1 + 1⊗K* + sum γ L⊗L*, K = -iH - ½ sum γ L†L."""
    spins = full.model.spins
    one = sparse.eye_array(spins + 1)
    inner = -1j * sparse_operator(full.model.hamiltonian(), spins)
    result: Sparse = sparse.csr_array(((spins + 1) ** 2,) * 2, dtype=complex)
    for rate, matrix in jump_matrices(full.jumps, spins):
        inner = inner - 0.5 * rate * (matrix.conj().T @ matrix)
        result = result + rate * sparse.kron(matrix, matrix.conj(), format="csr")
    return result + sparse.kron(inner, one, format="csr") + sparse.kron(one, inner.conj(), format="csr")
