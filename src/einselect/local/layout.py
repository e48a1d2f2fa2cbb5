"""Where the blocks of all j lie in memory: as stacks of matrices, in one vector for each parity sector.

A hundred small matrices cost more in calls than in arithmetic. Blocks of similar size and the same parities are
therefore padded with zeros to one size and kept as one array (multiplets, rows, columns): a change of basis is a few
products of stacks. The stacks of a sector are one vector, so that the dissipator is one sparse matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ..dynamics.full_frame import Array, Blocks
from .frame import LadderFrame

Slot = tuple[int, int, int]  # group, parity of the rows, parity of the columns: 0 even, 1 odd
_SMALL = 8
_RATIO = 0.8  # a stack has no matrix smaller than this part of its largest, but for the small ones


@dataclass(frozen=True)
class Layout:
    """Stacks of blocks of M.

    Attributes
    ----------
    frame : LadderFrame
    groups : tuple of tuple of int
        2j of the multiplets that share a stack.
    """

    frame: LadderFrame
    groups: tuple[tuple[int, ...], ...]

    @cached_property
    def _numbers(self) -> dict[tuple[int, int], int]:
        """The frame's number of the block of (2j, parity); j = 0 has no odd states."""
        result: dict[tuple[int, int], int] = {}
        for p, twice_j in enumerate(self.frame.twice_j):
            result[twice_j, int((twice_j, 0) in result)] = p
        return result

    @property
    def _parities(self) -> range:
        return range(1 if self.frame.parities[0] == 0 else 2)

    def _rows(self, twice_j: int, parity: int) -> int:
        p = self._numbers.get((twice_j, parity))
        return 0 if p is None else len(self.frame.energies[p])

    @cached_property
    def _sizes(self) -> dict[tuple[int, int], int]:
        """Rows that every block has in the stacks of (group, parity)."""
        return {
            (g, parity): max(self._rows(k, parity) for k in members)
            for g, members in enumerate(self.groups)
            for parity in self._parities
        }

    def _stretches(self, sector: str) -> list[tuple[Slot, slice, tuple[int, int, int]]]:
        """Where each stack of a sector lies in its vector, and its shape: multiplets, rows, columns."""
        if sector not in self._known:
            found, start = [], 0
            for g, a, b in product(range(len(self.groups)), self._parities, self._parities):
                if sector == "all" or (a == b) == (sector == "populations"):
                    shape = len(self.groups[g]), self._sizes[g, a], self._sizes[g, b]
                    stop = start + shape[0] * shape[1] * shape[2]
                    found.append(((g, a, b), slice(start, stop), shape))
                    start = stop
            self._known[sector] = found
        return self._known[sector]

    @cached_property
    def _known(self) -> dict[str, list[tuple[Slot, slice, tuple[int, int, int]]]]:
        return {}

    def length(self, sector: str) -> int:
        """Numbers in the vector of a sector ("populations", "coherences" or "all")."""
        return int(self._stretches(sector)[-1][1].stop)

    def stacks(self, vector: Array, sector: str) -> dict[Slot, Array]:
        """The stacks as views of a sector's vector."""
        return {slot: vector[place].reshape(shape) for slot, place, shape in self._stretches(sector)}

    def views(self, vector: Array, sector: str) -> Blocks:
        """The blocks as views of a sector's vector, keyed as in the frame."""
        result = {}
        for (g, a, b), stack in self.stacks(vector, sector).items():
            for k, twice_j in enumerate(self.groups[g]):
                p, q = self._numbers.get((twice_j, a)), self._numbers.get((twice_j, b))
                if p is not None and q is not None:
                    result[p, q] = stack[k, : self._rows(twice_j, a), : self._rows(twice_j, b)]
        return result

    def holds(self, blocks: Blocks, sector: str) -> bool:
        """Whether there are blocks of the sector."""
        return any(sector == "all" or self.frame.sector_of(key) == sector for key in blocks)

    def load(self, blocks: Blocks, sector: str) -> Array:
        """The vector of a sector, zero where it is padded."""
        vector = np.zeros(self.length(sector))
        for key, view in self.views(vector, sector).items():
            view[...] = blocks[key]
        return vector

    def store(self, vector: Array, blocks: Blocks, sector: str) -> None:
        """Write the vector of a sector into its blocks."""
        for key, view in self.views(vector, sector).items():
            blocks[key][...] = view

    def places(self, sector: str) -> dict[tuple[int, int], NDArray[np.int64]]:
        """Index in the sector's vector of every element of every block, flat by rows."""
        index = np.arange(float(self.length(sector)))
        return {key: view.ravel().astype(np.int64) for key, view in self.views(index, sector).items()}

    def eigenvectors(self) -> dict[tuple[int, int], Array]:
        """Stacks of eigenvectors (columns) by (group, parity), zero where padded."""
        result = {}
        for (g, parity), size in self._sizes.items():
            stack = np.zeros((len(self.groups[g]), size, size))
            for k, twice_j in enumerate(self.groups[g]):
                n = self._rows(twice_j, parity)
                if n:
                    stack[k, :n, :n] = self.frame.vectors[self._numbers[twice_j, parity]]
            result[g, parity] = stack
        return result

    def energies(self) -> dict[tuple[int, int], Array]:
        """Stacks of energies by (group, parity), zero where padded."""
        result = {}
        for (g, parity), size in self._sizes.items():
            stack = np.zeros((len(self.groups[g]), size))
            for k, twice_j in enumerate(self.groups[g]):
                n = self._rows(twice_j, parity)
                if n:
                    stack[k, :n] = self.frame.energies[self._numbers[twice_j, parity]]
            result[g, parity] = stack
        return result


def build_layout(frame: LadderFrame) -> Layout:
    """Group the multiplets of a frame by size."""
    groups: list[list[int]] = []
    for twice_j in dict.fromkeys(frame.twice_j):
        rows = len(frame.energies[frame.twice_j.index(twice_j)])
        if groups and (
            (rows <= _SMALL and _rows(frame, groups[-1]) <= _SMALL) or rows >= _RATIO * _rows(frame, groups[-1])
        ):
            groups[-1].append(twice_j)
        else:
            groups.append([twice_j])
    return Layout(frame, tuple(tuple(group) for group in groups))


def _rows(frame: LadderFrame, group: Sequence[int]) -> int:
    return len(frame.energies[frame.twice_j.index(group[0])])
