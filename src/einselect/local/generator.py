"""The Liouvillian on permutation-symmetric matrices, as a sparse matrix over (j, m, m').

    dρ/dt = -i[H, ρ] + sum_k γ_k (L_k ρ L_k† - ½{L_k†L_k, ρ}) + sum_k γ_k sum_i (l_ki ρ l_ki† - ½{l_ki†l_ki, ρ})

H and the L_k are collective, the l_ki local. The vector has the blocks ρ_j by descending j, each row by row with m and
m' ascending. What is here is built once for a run, block by block; see `ladder` for the formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..rates import JumpOperator
from ..spin import CollectiveOperator
from .jumps import LocalJump
from .ladder import dimension, multiplets, transfer, weight

Sparse = Any  # scipy.sparse has no types
Bands = Mapping[int, NDArray[Any]]
_NEGLIGIBLE = 1e-13


def offsets(spins: int) -> dict[int, int]:
    """Where the block of each 2j begins in the vector."""
    result, start = {}, 0
    for twice_j in multiplets(spins):
        result[twice_j] = start
        start += (twice_j + 1) ** 2
    return result


def bands_of(op: CollectiveOperator, twice_j: int) -> dict[int, NDArray[Any]]:
    """Shift q -> <j, m+q|O|j, m> for every m, ascending."""
    j = 0.5 * twice_j
    return {q: f for q, f in op.coefficients(np.arange(twice_j + 1.0) - j, j).items() if abs(q) <= twice_j}


class _Piece:
    """Maps ρ_j -> A ρ_j B from one block to another, added up."""

    def __init__(self, source: int, target: int) -> None:
        self._source, self._target = source, target
        self._found: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = []

    def add(self, factor: complex, left: Bands, right: Bands) -> None:
        """Add factor × A ρ B.

        `left[q][r]` is the element of A from row r of the source to row r + q of the target; `right[q][s]` that of
        B from column s to column s + q.
        """
        n, wide = self._source + 1, self._target + 1
        for a, x in left.items():
            rows = np.flatnonzero(x)
            rows = rows[(rows + a >= 0) & (rows + a < wide)]
            for b, y in right.items():
                columns = np.flatnonzero(y)
                columns = columns[(columns + b >= 0) & (columns + b < wide)]
                values = factor * np.multiply.outer(x[rows], y[columns])
                at = np.add.outer(rows * n, columns)
                to = np.add.outer((rows + a) * wide, columns + b)
                self._found.append((values.ravel(), to.ravel(), at.ravel()))

    def matrix(self) -> Sparse:
        """The map as a sparse matrix over (m, m'), real where it is real."""
        from scipy import sparse

        shape = (self._target + 1) ** 2, (self._source + 1) ** 2
        if not self._found:
            return sparse.csr_array(shape)
        values, to, at = (np.concatenate(part) for part in zip(*self._found, strict=True))
        if not np.any(np.imag(values)):
            values = np.real(values)
        return sparse.coo_array((values, (to, at)), shape=shape).tocsr()


def dissipator_pieces(
    spins: int, jumps: Sequence[JumpOperator], local: Sequence[LocalJump]
) -> Iterator[tuple[int, int, Sparse]]:
    """All jump operators, without H, one pair of blocks at a time: (2j of the source, 2j of the target, matrix)."""
    for twice_j in multiplets(spins):
        for change in (-1, 0, 1):
            target = twice_j + 2 * change
            if not 0 <= target <= spins:
                continue
            piece = _Piece(twice_j, target)
            for single in local:
                factor = single.rate * weight(spins, twice_j, change)
                if factor:
                    # r counts from m = -j: a shift of m by q moves it by q + Δ.
                    moved = {q + change: f for q, f in transfer(twice_j, change, single.components).items()}
                    piece.add(factor, moved, _conjugate(moved))
            if change == 0:
                for jump in (jump for jump in jumps if jump.rate):
                    bands = bands_of(jump.operator, twice_j)
                    piece.add(jump.rate, bands, _conjugate(bands))
                    _damp(piece, -0.5 * jump.rate, bands_of(jump.square(), twice_j))
                for single in (single for single in local if single.rate):
                    _damp(piece, -0.5 * single.rate, bands_of(single.square(spins), twice_j))
            yield twice_j, target, piece.matrix()


def keeps_parity(spins: int, jumps: Sequence[JumpOperator], local: Sequence[LocalJump]) -> bool:
    """Whether the jump operators together commute with ρ -> ΠρΠ†, m -> -m on both sides.

    Every one may have a definite parity; or two may be exchanged, as emission and pumping at the same rate.

    Examples
    --------
    >>> from einselect.local import LocalJump
    >>> emission, pumping = LocalJump("emission", 0.1), LocalJump("pumping", 0.1)
    >>> keeps_parity(4, [], [emission]), keeps_parity(4, [], [emission, pumping])
    (False, True)
    """
    for _, _, piece in dissipator_pieces(spins, jumps, local):
        # Both m and m' change sign where the flat index runs backwards.
        size = float(np.abs(piece.data).max()) if piece.nnz else 0.0
        if abs(piece - piece[::-1, ::-1]).max() > _NEGLIGIBLE * size:
            return False
    return True


def liouvillian(
    spins: int, hamiltonian: CollectiveOperator, jumps: Sequence[JumpOperator], local: Sequence[LocalJump]
) -> Sparse:
    """The whole right-hand side acting on complex ρ: sparse, shape (dimension, dimension).

    Examples
    --------
    One spin that emits: the population of "up" decays at γ, the coherence at γ/2.

    >>> from einselect import Jz
    >>> from einselect.local import LocalJump
    >>> liouvillian(1, 0.0 * Jz, [], [LocalJump("emission", 1.0)]).toarray().real
    array([[ 0. ,  0. ,  0. ,  1. ],
           [ 0. , -0.5,  0. ,  0. ],
           [ 0. ,  0. , -0.5,  0. ],
           [ 0. ,  0. ,  0. , -1. ]])
    """
    from scipy import sparse

    places, size = offsets(spins), dimension(spins)
    parts = list(dissipator_pieces(spins, jumps, local))
    for twice_j in multiplets(spins):
        piece, bands = _Piece(twice_j, twice_j), bands_of(hamiltonian, twice_j)
        piece.add(-1j, bands, {0: np.ones(twice_j + 1)})
        piece.add(1j, {0: np.ones(twice_j + 1)}, _from_the_right(bands))
        parts.append((twice_j, twice_j, piece.matrix()))
    triplets = [(part.tocoo(), places[target], places[source]) for source, target, part in parts]
    values = np.concatenate([part.data for part, _, _ in triplets])
    rows = np.concatenate([part.row + row for part, row, _ in triplets])
    columns = np.concatenate([part.col + column for part, _, column in triplets])
    return sparse.coo_array((values, (rows, columns)), shape=(size, size)).tocsr()


def _damp(piece: _Piece, factor: complex, bands: Bands) -> None:
    """Add ρ -> factor (Sρ + ρS)."""
    one = {0: np.ones(len(next(iter(bands.values()))))} if bands else {}
    piece.add(factor, bands, one)
    piece.add(factor, one, _from_the_right(bands))


def _conjugate(bands: Bands) -> Bands:
    """A -> A† from the right: column s goes to s + q with <s+q|A|s>*."""
    return {q: np.conj(values) for q, values in bands.items()}


def _from_the_right(bands: Bands) -> Bands:
    """ρ -> ρB: column t of ρ goes to column t - q with <t|B|t-q>."""
    result = {}
    for q, values in bands.items():
        moved = np.zeros_like(values)
        if q >= 0:
            moved[q:] = values[: len(values) - q]
        else:
            moved[:q] = values[-q:]
        result[-q] = moved
    return result
