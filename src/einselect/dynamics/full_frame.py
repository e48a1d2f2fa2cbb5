r"""The symmetric sector as parity blocks: operators as sparse blocks, H diagonalised block by block.

A density matrix is kept as one real matrix, M = Re ρ + Im ρ: ρ is Hermitian, so Re ρ is the symmetric and Im ρ
the antisymmetric part of M and nothing is stored twice. A real orthogonal change of basis V acts on M as it
acts on ρ, and with ω_ab = E_a - E_b

    ρ_ab -> exp(-iω_ab t) ρ_ab    is    M -> cos(ωt) ∘ M - sin(ωt) ∘ Mᵀ.

In the basis (\|m> ± \|-m>)/√2, m > 0 (and \|0>), M has the blocks even-even and odd-odd (the sector "populations")
and even-odd, odd-even ("coherences"). A jump operator of definite parity never mixes the two sectors.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..rates import JumpOperator
from ..spin import CollectiveOperator

Array = NDArray[np.float64]
Blocks = dict[tuple[int, int], Array]
Sparse = Any  # scipy.sparse has no types
_NEGLIGIBLE = 1e-13


def sparse_operator(op: Any, spins: int) -> Sparse:
    """An operator as a sparse (N+1, N+1) matrix in the Dicke basis, m ascending, from bands or from a matrix."""
    from scipy import sparse

    size = spins + 1
    if not isinstance(op, CollectiveOperator):
        if tuple(op.shape) != (size, size):
            raise InputError(f"operator must be a {size} x {size} matrix (N + 1); got shape {tuple(op.shape)}")
        return sparse.csr_array(op)
    m = np.arange(size) - spins / 2.0
    bands = [(s, f) for s, f in op.coefficients(m, spins / 2.0).items() if abs(s) < size and np.any(f)]
    if not bands:
        return sparse.csr_array((size, size))
    values = [f[: size - s] if s >= 0 else f[-s:] for s, f in bands]
    return sparse.diags_array(values, offsets=[-s for s, _ in bands], shape=(size, size)).tocsr()


def operator_parity(matrix: Sparse) -> int:
    """+1 or -1 if O_{-m,-n} = ±O_{m,n} for every stored element, 0 if neither."""
    mirrored = matrix[::-1, ::-1]
    size = abs(matrix).max() if matrix.nnz else 0.0
    for sign in (1, -1):
        if abs(matrix - sign * mirrored).max() <= _NEGLIGIBLE * size:
            return sign
    return 0


@dataclass(frozen=True)
class Frame:
    """Parity blocks of the symmetric sector (or one block, parity 0, where there is no parity to use).

    Attributes
    ----------
    spins : int
    parities : tuple of int
        (1, -1), or (0,) for one block in the Dicke basis itself.
    maps : tuple of sparse arrays, shapes (n_p, N + 1)
        Rows are the basis states of each block.
    hamiltonian : tuple of sparse arrays
        H in each block.
    energies, vectors : tuple of ndarray
        Its eigenvalues, ascending, and eigenvectors (columns), the outermost lobe positive.
    order : tuple of (int, int)
        (block, index) of every level by ascending energy; even before odd where rounding cannot tell.
    """

    spins: int
    parities: tuple[int, ...]
    maps: tuple[Sparse, ...]
    hamiltonian: tuple[Sparse, ...]
    energies: tuple[Array, ...]
    vectors: tuple[Array, ...]
    order: tuple[tuple[int, int], ...]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Keys of all blocks of M."""
        count = len(self.parities)
        return [(p, q) for p in range(count) for q in range(count)]

    def sector_of(self, key: tuple[int, int]) -> str:
        """Name of the sector that a block belongs to while parity divides operator space."""
        return "populations" if self.parities[key[0]] == self.parities[key[1]] else "coherences"

    def fold(self, rho: NDArray[Any]) -> Blocks:
        """Blocks of M = Re ρ + Im ρ from a Hermitian matrix in the Dicke basis."""
        whole = np.ascontiguousarray(rho.real + rho.imag)
        return {(p, q): np.ascontiguousarray((self.maps[q] @ (self.maps[p] @ whole).T).T) for p, q in self.pairs}

    def unfold(self, blocks: Blocks) -> NDArray[np.complex128]:
        """Hermitian matrix in the Dicke basis from blocks of M (absent ones are zero)."""
        whole = np.zeros((self.spins + 1, self.spins + 1))
        for (p, q), block in blocks.items():
            whole += self.maps[p].T @ (self.maps[q].T @ block.T).T
        return np.asarray(0.5 * (whole + whole.T) + 0.5j * (whole - whole.T))

    def operator_blocks(self, matrix: Sparse) -> dict[tuple[int, int], Sparse]:
        """Non-zero blocks of an operator given in the Dicke basis."""
        limit = _NEGLIGIBLE * (abs(matrix).max() if matrix.nnz else 0.0)
        result = {}
        for p, q in self.pairs:
            block = (self.maps[p] @ matrix @ self.maps[q].T).tocsr()
            block.data[np.abs(block.data) <= limit] = 0.0
            block.eliminate_zeros()
            if block.nnz:
                result[p, q] = block
        return result

    def to_sites(self, blocks: Blocks, out: Blocks, scratch: Array, counts: Sequence[int] | None = None) -> None:
        """From the energy basis to the block basis: V_p M V_qᵀ for every block, of the lowest `counts` levels."""
        for (p, q), block in blocks.items():
            a, b = (None, None) if counts is None else (counts[p], counts[q])
            inner = block[:a, :b]
            half = scratch[: len(self.vectors[p]) * inner.shape[1]].reshape(-1, inner.shape[1])
            np.matmul(self.vectors[p][:, :a], inner, out=half)
            np.matmul(half, self.vectors[q][:, :b].T, out=out[p, q])

    def to_levels(self, blocks: Blocks, out: Blocks, scratch: Array, counts: Sequence[int] | None = None) -> None:
        """From the block basis to the energy basis: V_pᵀ M V_q for every block, for the lowest `counts` levels."""
        for (p, q), block in blocks.items():
            a, b = (None, None) if counts is None else (counts[p], counts[q])
            target = out[p, q][:a, :b]
            half = scratch[: len(target) * block.shape[1]].reshape(len(target), -1)
            np.matmul(self.vectors[p][:, :a].T, block, out=half)
            np.matmul(half, self.vectors[q][:, :b], out=target)


def build_frame(spins: int, hamiltonian: CollectiveOperator, resolve: bool = True) -> Frame:
    """Diagonalise H, parity by parity where it has parity.

    Parameters
    ----------
    spins : int
        N.
    hamiltonian : CollectiveOperator
        Real symmetric in the Dicke basis.
    resolve : bool
        False keeps one block, as a check.

    Raises
    ------
    InputError
        If H is not real and symmetric in the Dicke basis.
    """
    matrix = sparse_operator(hamiltonian, spins)
    size = abs(matrix).max()
    if abs(matrix.imag).max() > _NEGLIGIBLE * size or abs(matrix - matrix.T).max() > _NEGLIGIBLE * size:
        raise InputError(f"Hamiltonian must be real and symmetric in the Dicke basis; got {hamiltonian!r}")
    matrix = matrix.real
    parities = (1, -1) if resolve and operator_parity(matrix) == 1 else (0,)
    maps = tuple(_map(spins, parity) for parity in parities)
    blocks = tuple((u @ matrix @ u.T).tocsr() for u in maps)
    solved = [_eigh(block) for block in blocks]
    energies = tuple(values for values, _ in solved)
    rounding = 64.0 * np.finfo(float).eps * max(float(np.abs(e).max()) for e in energies)
    return Frame(
        spins, parities, maps, blocks, energies, tuple(vectors for _, vectors in solved), _order(energies, rounding)
    )


def _map(spins: int, parity: int) -> Sparse:
    """Rows (|m> + parity |-m>)/√2 for m > 0, after |0> where it belongs."""
    from scipy import sparse

    size = spins + 1
    if parity == 0:
        return sparse.eye_array(size).tocsr()
    whole = np.arange(size)
    positive, negative = whole[size - size // 2 :], whole[: size // 2][::-1]
    count = len(positive)
    root = np.full(count, np.sqrt(0.5))
    rows = np.arange(count)
    first = int(spins % 2 == 0 and parity == 1)
    row = np.concatenate((rows + first, rows + first, np.zeros(first, dtype=int)))
    column = np.concatenate((positive, negative, np.full(first, spins // 2)))
    values = np.concatenate((root, parity * root, np.ones(first)))
    return sparse.csr_array((values, (row, column)), shape=(count + first, size))


def _eigh(block: Sparse) -> tuple[Array, Array]:
    """Eigenvalues and eigenvectors of a real symmetric block, the outermost lobe of each vector positive."""
    from scipy import sparse
    from scipy.linalg import eigh, eigh_tridiagonal

    if block.shape[0] > 2 and abs(sparse.triu(block, 2)).max() == 0.0:
        values, vectors = eigh_tridiagonal(block.diagonal(), block.diagonal(1))
    else:
        values, vectors = eigh(block.toarray())
    size = np.abs(vectors)
    outermost = len(size) - 1 - np.argmax((size > 1e-3 * size.max(axis=0))[::-1], axis=0)
    vectors *= np.sign(vectors[outermost, np.arange(len(size))])
    return values, np.ascontiguousarray(vectors)


def _order(energies: Sequence[Array], rounding: float) -> tuple[tuple[int, int], ...]:
    """Levels by energy; levels of two blocks closer than rounding by block."""
    flat = [(float(e), p, i) for p, values in enumerate(energies) for i, e in enumerate(values)]
    flat.sort()
    for k in range(1, len(flat)):
        (low, p, _), (high, q, _) = flat[k - 1 : k + 1]
        if high - low <= rounding and q < p:
            flat[k - 1], flat[k] = flat[k], flat[k - 1]
    return tuple((p, i) for _, p, i in flat)


def jump_matrices(jumps: Sequence[JumpOperator], spins: int) -> list[tuple[float, Sparse]]:
    """(rate, sparse matrix) of every jump operator with a rate above zero.

    Raises
    ------
    InputError
        For no or invalid jump operators.
    """
    if not jumps or not all(isinstance(jump, JumpOperator) for jump in jumps):
        raise InputError(f"jumps must be one or more JumpOperator; got {jumps!r}")
    return [(jump.rate, sparse_operator(jump.operator, spins)) for jump in jumps if jump.rate > 0.0]


def norm(blocks: Blocks) -> float:
    """Frobenius norm of ρ, which is that of M."""
    return math.sqrt(sum(float(np.vdot(block, block)) for block in blocks.values()))


def trace_norm_bound(blocks: Blocks) -> float:
    """Upper bound of ‖ρ‖_1: the sum of the norms of its columns, |ρ_ab|² = (M_ab² + M_ba²)/2."""
    columns: dict[int, Array] = {}
    for (p, q), block in blocks.items():
        squares = block * block
        columns[q] = columns.get(q, 0.0) + 0.5 * squares.sum(axis=0)
        columns[p] = columns.get(p, 0.0) + 0.5 * squares.sum(axis=1)
    return float(sum(np.sqrt(column).sum() for column in columns.values()))
