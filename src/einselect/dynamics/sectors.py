"""The Liouvillian on k levels as real matrices, one for each parity sector that it leaves alone.

A jump operator of definite parity gives a weak symmetry, ρ -> ΠρΠ: operators that connect levels of like
parity (populations) and of opposite parity (coherences) never mix. In an orthonormal basis of Hermitian
operators, |a><a|, (|a><b| + |b><a|)/√2 and i(|a><b| - |b><a|)/√2 for a < b, the generator is real and its
adjoint is its transpose. The jump operators are closed on the k levels by their projections,

    ρ -> γ (LρL† - ½{L†L, ρ}) with L -> PLP everywhere, so L†L -> (PLP)†(PLP):

this keeps the trace and complete positivity. (Taking P L†L P instead would let the trace decay by what leaves
the k levels; `truncation` bounds what is neglected.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Sector:
    """One invariant block of operator space.

    Attributes
    ----------
    name : str
        "populations", "coherences", or "all" where parity does not divide operator space.
    diagonal : ndarray of int, shape (p,)
        Levels a of the coordinates ρ_aa.
    row, column : ndarray of int, shape (q,)
        Pairs a < b of the coordinates √2 Re ρ_ab and √2 Im ρ_ab.
    generator : ndarray, shape (p + 2q, p + 2q)
        Real matrix of the Liouvillian in these coordinates, in the order given.
    """

    name: str
    diagonal: Index
    row: Index
    column: Index
    generator: Array

    @property
    def size(self) -> int:
        """Dimension of the sector."""
        return len(self.generator)

    def coordinates(self, operator: NDArray[Any]) -> Array:
        """Real coordinates of the part of a Hermitian operator that lies in this sector."""
        upper = math.sqrt(2.0) * operator[self.row, self.column]
        return np.concatenate((operator[self.diagonal, self.diagonal].real, upper.real, upper.imag))

    def add_operators(self, coordinates: Array, into: NDArray[Any]) -> None:
        """Write operators with the given coordinates, shape (t, size), into `into`, shape (t, k, k)."""
        p, q = len(self.diagonal), len(self.row)
        into[:, self.diagonal, self.diagonal] = coordinates[:, :p]
        upper = math.sqrt(0.5) * (coordinates[:, p : p + q] + 1j * coordinates[:, p + q :])
        into[:, self.row, self.column] = upper
        into[:, self.column, self.row] = upper.conj()


def parity_of(matrix: NDArray[Any], parities: NDArray[np.int64]) -> int:
    """+1 or -1 if every matrix element keeps or flips the parity; 0 if neither, or without parities."""
    if not np.all(parities):
        return 0
    same = np.equal.outer(parities, parities)
    size = float(np.abs(matrix).max(initial=0.0))
    if np.all(np.abs(matrix[same]) <= 1e-13 * size):
        return -1
    return 1 if np.all(np.abs(matrix[~same]) <= 1e-13 * size) else 0


def build_sectors(
    excitations: Array,
    parities: NDArray[np.int64],
    jumps: Sequence[tuple[float, NDArray[Any]]],
) -> list[Sector]:
    """Sectors of the Liouvillian for jump operators given as (rate, matrix on the levels)."""
    k = len(excitations)
    divided = all(parity_of(matrix, parities) for _, matrix in jumps)
    row, column = np.triu_indices(k, 1)
    everything = np.arange(k)
    if not divided:
        parts = [("all", everything, row, column)]
    else:
        like = parities[row] == parities[column]
        parts = [
            ("populations", everything, row[like], column[like]),
            ("coherences", everything[:0], row[~like], column[~like]),
        ]
    damping = sum((rate * (m.conj().T @ m) for rate, m in jumps), start=np.zeros((k, k)))
    return [Sector(*part, _generator(excitations, jumps, damping, *part[1:])) for part in parts]


def _generator(
    excitations: Array,
    jumps: Sequence[tuple[float, NDArray[Any]]],
    damping: NDArray[Any],
    diagonal: Index,
    row: Index,
    column: Index,
) -> Array:
    """Real matrix of -i[H,·] + sum γ(L·L† - ½{L†L,·}) in the coordinates of a sector."""
    identity = np.eye(len(excitations))

    def element(a: Index, b: Index, c: Index, d: Index) -> NDArray[Any]:
        """d(dρ_ab/dt)/dρ_cd of the dissipator, rows (a, b), columns (c, d)."""
        ac, bd = np.ix_(a, c), np.ix_(b, d)
        result = -0.5 * (damping[ac] * identity[bd] + identity[ac] * damping[bd].conj())
        for rate, matrix in jumps:
            result = result + rate * matrix[ac] * matrix[bd].conj()
        return np.asarray(result)

    p, q, root = len(diagonal), len(row), math.sqrt(2.0)
    direct, swapped = element(row, column, row, column), element(row, column, column, row)
    frequencies = excitations[row] - excitations[column]
    generator = np.zeros((p + 2 * q, p + 2 * q))
    re, im = slice(p, p + q), slice(p + q, p + 2 * q)
    generator[re, re] = (direct + swapped).real
    generator[re, im] = (swapped - direct).imag
    generator[im, re] = (direct + swapped).imag
    generator[im, im] = (direct - swapped).real
    diagonal_of = np.arange(q)
    generator[p + diagonal_of, p + q + diagonal_of] += frequencies
    generator[p + q + diagonal_of, p + diagonal_of] -= frequencies
    if p:
        into, out = element(row, column, diagonal, diagonal), element(diagonal, diagonal, row, column)
        generator[re, :p], generator[im, :p] = root * into.real, root * into.imag
        generator[:p, re], generator[:p, im] = root * out.real, -root * out.imag
        generator[:p, :p] = element(diagonal, diagonal, diagonal, diagonal).real
    return generator
