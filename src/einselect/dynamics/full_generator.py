"""-i[H, ρ] by sparse products, on blocks of M = Re ρ + Im ρ: for real symmetric H it is [H, M]ᵀ."""

from __future__ import annotations

from .full_frame import Blocks, Frame

_STRIP = 65536  # numbers: what stays in the cache and in memory that is at hand


class Commutator:
    """[H, M]ᵀ = (H_p M)ᵀ - H_q Mᵀ for the block (p, q) of M.

    A product of a sparse matrix and a strip of M sums few rows in one pass. Strips are narrow: memory for whole
    products would have to be fetched anew each time, which takes longer than the products.
    """

    def __init__(self, frame: Frame) -> None:
        self._hamiltonian = frame.hamiltonian

    def add(self, blocks: Blocks, result: Blocks) -> None:
        """Add [H, M]ᵀ to `result`, block by block."""
        for (p, q), block in blocks.items():
            target, (rows, columns) = result[q, p], block.shape
            width = max(1, _STRIP // rows)
            for first in range(0, columns, width):
                strip = slice(first, first + width)
                target[strip] += (self._hamiltonian[p] @ block[:, strip]).T
            width = max(1, _STRIP // columns)
            for first in range(0, rows, width):
                strip = slice(first, first + width)
                target[:, strip] -= self._hamiltonian[q] @ block[strip].T
