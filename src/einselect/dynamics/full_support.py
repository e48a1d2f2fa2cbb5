"""Which levels hold the state: those whose rows of M are zero to rounding need no products.

The rows of M in the energy basis fall off beyond the levels that the state has reached, at low energy by orders of
magnitude a level. What they hold below `NEGLIGIBLE` of the norm is rounding noise of the products before.
Working on the lowest levels up to there, and some more, changes nothing that double precision could show; the
set grows before the state reaches its edge, up to all levels where it has to. This is no truncation in energy: no
number of levels is chosen, and the test is that the result is the same.
"""

from __future__ import annotations

import numpy as np

from .full_frame import Array, Blocks

NEGLIGIBLE = 1e-14
"""Rows below this part of ‖M‖ count as empty: several times the rounding noise of a change of basis."""
_GUARD = 4
_MARGIN = 8


def filled(blocks: Blocks, sizes: tuple[int, ...], limit: float) -> tuple[int, ...]:
    """How many of the lowest levels of each parity reach up to the last row or column of M above `limit`."""
    squares = [np.zeros(size) for size in sizes]
    for (p, q), block in blocks.items():
        products = block * block
        squares[p] += products.sum(axis=1)
        squares[q] += products.sum(axis=0)
    return tuple(_last(square, limit * limit) for square in squares)


def _last(squares: Array, limit: float) -> int:
    above = np.flatnonzero(squares > limit)
    return int(above[-1]) + 1 if len(above) else 0


def widened(counts: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Some levels more than are filled, and all where that is most of them."""
    return tuple(
        size if 4 * (count + _MARGIN) > 3 * size else count + _MARGIN + count // 8
        for count, size in zip(counts, sizes, strict=True)
    )


def edge_reached(blocks: Blocks, counts: tuple[int, ...], sizes: tuple[int, ...], limit: float) -> bool:
    """Whether one of the last levels of the set is filled, where there are levels beyond."""
    squares = [0.0] * len(sizes)
    for (p, q), block in blocks.items():
        a, b = counts[p], counts[q]
        if a < sizes[p]:
            rows = block[max(0, a - _GUARD) : a, :b]
            squares[p] += float(np.vdot(rows, rows))
        if b < sizes[q]:
            columns = block[:a, max(0, b - _GUARD) : b]
            squares[q] += float(np.vdot(columns, columns))
    return max(squares) > _GUARD * limit * limit


def clear_beyond(blocks: Blocks, counts: tuple[int, ...]) -> None:
    """Set to zero what lies beyond the set."""
    for (p, q), block in blocks.items():
        block[counts[p] :] = 0.0
        block[: counts[p], counts[q] :] = 0.0
