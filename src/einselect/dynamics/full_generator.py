"""-i[H, ρ] by bands, on blocks of M = Re ρ + Im ρ: for real symmetric H it is [H, M]ᵀ.

Rows are taken in tiles that stay in the cache: the work is about ten passes over each tile, bounded by memory
otherwise.
"""

from __future__ import annotations

import numpy as np

from .full_frame import Array, Blocks, Frame, Sparse

_TILE = 65536  # numbers


class Commutator:
    """[H, M]ᵀ, for H given by the diagonals of its blocks."""

    def __init__(self, frame: Frame) -> None:
        self._bands = [_upper_bands(matrix) for matrix in frame.hamiltonian]

    def add(self, blocks: Blocks, result: Blocks) -> None:
        """Add [H, M]ᵀ to `result`, block by block."""
        for (p, q), block in blocks.items():
            rows = max(1, _TILE // block.shape[1])
            scratch = np.empty((2, min(rows, len(block)), block.shape[1]))
            for start in range(0, len(block), rows):
                stop = min(start + rows, len(block))
                tile, part = scratch[:, : stop - start]
                _tile(self._bands[p], block, self._bands[q], start, stop, tile, part)
                result[q, p][:, start:stop] += tile.T


def _upper_bands(matrix: Sparse) -> dict[int, Array]:
    """Diagonals k >= 0 of a symmetric sparse matrix, those that are not zero."""
    entries = matrix.tocoo()
    offsets = sorted({0, *(int(k) for k in np.unique(entries.col - entries.row) if k > 0)})
    return {k: matrix.diagonal(k) for k in offsets}


def _tile(
    left: dict[int, Array], block: Array, right: dict[int, Array], start: int, stop: int, tile: Array, part: Array
) -> None:
    """Rows start..stop-1 of H_p M - M H_q into `tile`; `part` is overwritten."""
    own = block[start:stop]
    np.subtract(left[0][start:stop, None], right[0], out=tile)
    tile *= own
    for k, band in left.items():
        if k == 0:
            continue
        end = min(stop, len(block) - k)
        if end > start:
            np.multiply(band[start:end, None], block[start + k : end + k], out=part[: end - start])
            tile[: end - start] += part[: end - start]
        first = max(start, k)
        if first < stop:
            np.multiply(band[first - k : stop - k, None], block[first - k : stop - k], out=part[first - start :])
            tile[first - start :] += part[first - start :]
    for k, band in right.items():
        if k:
            np.multiply(own[:, :-k], band, out=part[:, k:])
            tile[:, k:] -= part[:, k:]
            np.multiply(own[:, k:], band, out=part[:, :-k])
            tile[:, :-k] -= part[:, :-k]
