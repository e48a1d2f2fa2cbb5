"""The parity blocks of every total spin side by side, each with the eigenvectors of H.

What `dynamics.full_frame` keeps for j = N/2 is kept for each j here: M_j = Re ρ_j + Im ρ_j in parity blocks, keyed by
pairs of numbers that count the blocks (j, parity) from the top. ρ has no elements between different j.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dynamics.full_frame import Blocks, Frame, Sparse, build_frame
from ..spin import CollectiveOperator
from .generator import bands_of
from .ladder import multiplets


@dataclass(frozen=True)
class LadderFrame(Frame):
    """As `Frame`, with the blocks of all j; those of the symmetric sector come first.

    Attributes
    ----------
    twice_j : tuple of int
        2j of every block.
    doublets : tuple of pairs of (int, int)
        (block, index) of the two lowest levels of each j, descending; none for j = 0, which has one level.
    """

    twice_j: tuple[int, ...] = ()
    doublets: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Keys of all blocks of M, j descending."""
        last = len(self.twice_j)
        return [
            (p, q)
            for p, k in enumerate(self.twice_j)
            for q in range(max(0, p - 1), min(p + 2, last))
            if self.twice_j[q] == k
        ]

    def fold(self, rho: NDArray[Any] | Mapping[int, NDArray[Any]]) -> Blocks:
        """Blocks of M from a matrix of the symmetric sector, or from one matrix for each 2j (those absent are zero)."""
        given = rho if isinstance(rho, Mapping) else {self.spins: rho}
        result = {}
        for p, q in self.pairs:
            matrix = given.get(self.twice_j[p])
            if matrix is None:
                result[p, q] = np.zeros((self.maps[p].shape[0], self.maps[q].shape[0]))
            else:
                whole = np.ascontiguousarray(matrix.real + matrix.imag)
                result[p, q] = np.ascontiguousarray((self.maps[q] @ (self.maps[p] @ whole).T).T)
        return result

    def unfold(self, blocks: Blocks) -> NDArray[np.complex128]:
        """The matrix of the symmetric sector."""
        return self.unfold_all(blocks)[self.spins]

    def unfold_all(self, blocks: Blocks) -> dict[int, NDArray[np.complex128]]:
        """The matrix of every 2j, m ascending."""
        whole = {k: np.zeros((k + 1, k + 1)) for k in multiplets(self.spins)}
        for (p, q), block in blocks.items():
            whole[self.twice_j[p]] += self.maps[p].T @ (self.maps[q].T @ block.T).T
        return {k: np.asarray(0.5 * (m + m.T) + 0.5j * (m - m.T)) for k, m in whole.items()}


def build_ladder_frame(
    spins: int, hamiltonian: CollectiveOperator, resolve: bool = True, divide: bool = True
) -> LadderFrame:
    """Diagonalise H for every j, parity by parity where it has parity for all of them.

    Parameters
    ----------
    spins : int
        N.
    hamiltonian : CollectiveOperator
        Real symmetric in the Dicke bases.
    resolve : bool
        False diagonalises without parity, as a check.
    divide : bool
        False keeps one block for each j, in the Dicke basis, with the eigenvectors found parity by parity: for jump
        operators that mix the parities, which are sparse in that basis only.

    Raises
    ------
    InputError
        If H is not real and symmetric.
    """
    frames = [build_frame(k, hamiltonian, resolve) for k in multiplets(spins) if k]
    if resolve and any(frame.parities == (0,) for frame in frames):
        return build_ladder_frame(spins, hamiltonian, False)
    if spins % 2 == 0:
        frames.append(_singlet(hamiltonian, resolve))
    if not divide:
        frames = [merged(frame) for frame in frames]
    doublets, first = [], 0
    for frame in frames:
        if frame.spins:
            (p, i), (q, k) = frame.order[:2]
            doublets.append(((first + p, i), (first + q, k)))
        first += len(frame.parities)
    return LadderFrame(
        spins,
        _joined([frame.parities for frame in frames]),
        _joined([frame.maps for frame in frames]),
        _joined([frame.hamiltonian for frame in frames]),
        _joined([frame.energies for frame in frames]),
        _joined([frame.vectors for frame in frames]),
        frames[0].order,
        tuple(frame.spins for frame in frames for _ in frame.parities),
        tuple(doublets),
    )


def merged(frame: Frame) -> Frame:
    """The blocks of one j as one, in the Dicke basis; even levels come first."""
    from scipy import sparse

    if frame.parities == (0,):
        return frame
    first = len(frame.energies[0])
    vectors = np.hstack([np.asarray(u.T @ v) for u, v in zip(frame.maps, frame.vectors, strict=True)])
    whole = sum(u.T @ h @ u for u, h in zip(frame.maps, frame.hamiltonian, strict=True))
    return Frame(
        frame.spins,
        (0,),
        (sparse.eye_array(frame.spins + 1).tocsr(),),
        (sparse.csr_array(whole),),
        (np.concatenate(frame.energies),),
        (np.ascontiguousarray(vectors),),
        tuple((0, i + p * first) for p, i in frame.order),
    )


def _joined(parts: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(entry for part in parts for entry in part)


def _singlet(hamiltonian: CollectiveOperator, resolve: bool) -> Frame:
    """j = 0: one state, which is even."""
    from scipy import sparse

    energy = np.real(np.atleast_1d(bands_of(hamiltonian, 0).get(0, np.zeros(1)))).astype(float)
    one: Sparse = sparse.csr_array(np.ones((1, 1)))
    return Frame(0, (1 if resolve else 0,), (one,), (energy[0] * one,), (energy,), (np.ones((1, 1)),), ((0, 0),))
