"""The blocks of a study: what one task works out, and what the store holds as one chunk.

Blocks are counted in C order over the grid of chunks, so that a block is one whole number, wherever it is sent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

_INNER = 50_000  # points of one piece of a large block: what a reader of one value has to decode
_COARSEST = 50


@dataclass(frozen=True)
class Blocks:
    """A grid of points cut into blocks of one shape; those at the far edges may be smaller.

    Attributes
    ----------
    shape, chunks : tuple of int
        Of the grid and of a block.

    Examples
    --------
    >>> from einselect.studies.blocks import Blocks
    >>> blocks = Blocks((5, 4), (2, 4))
    >>> blocks.count, blocks.slices(2), blocks.points(2), blocks.key(2)
    (3, (slice(4, 5, None), slice(0, 4, None)), 4, 'c/2/0')
    """

    shape: tuple[int, ...]
    chunks: tuple[int, ...]

    @property
    def grid(self) -> tuple[int, ...]:
        """How many blocks there are along each dimension."""
        return tuple(-(-size // chunk) for size, chunk in zip(self.shape, self.chunks, strict=True))

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return math.prod(self.grid)

    @property
    def size(self) -> int:
        """How many points there are."""
        return math.prod(self.shape)

    def index(self, number: int) -> tuple[int, ...]:
        """Place of a block in the grid of blocks."""
        return tuple(int(i) for i in np.unravel_index(number, self.grid)) if self.grid else ()

    def number(self, index: tuple[int, ...]) -> int:
        """The block at a place of the grid of blocks."""
        return int(np.ravel_multi_index(index, self.grid)) if self.grid else 0

    def slices(self, number: int) -> tuple[slice, ...]:
        """The points of a block."""
        places = zip(self.index(number), self.chunks, self.shape, strict=True)
        return tuple(slice(i * chunk, min((i + 1) * chunk, size)) for i, chunk, size in places)

    def block_shape(self, number: int) -> tuple[int, ...]:
        """Points of a block along each dimension."""
        return tuple(part.stop - part.start for part in self.slices(number))

    def points(self, number: int) -> int:
        """How many points a block has."""
        return math.prod(self.block_shape(number))

    def key(self, number: int) -> str:
        """Name of the chunk within its array, as Zarr's default encoding has it."""
        return "/".join(["c", *map(str, self.index(number))])

    def pieces(self) -> tuple[int, ...]:
        """Shape of the parts in which a block is compressed: the block, or parts of it where it is large.

        A part of a block divides it evenly, as a shard of Zarr asks for.
        """
        pieces = list(self.chunks)
        for axis in range(len(pieces)):  # the slowest axis first: what is next to each other stays together
            while math.prod(pieces) > _INNER and pieces[axis] > 1:
                factor = _smallest_factor(pieces[axis])
                if factor > _COARSEST:  # a length without small factors would fall into single points
                    break
                pieces[axis] //= factor
        return tuple(pieces)


def _smallest_factor(number: int) -> int:
    return next((k for k in range(2, math.isqrt(number) + 1) if number % k == 0), number)
