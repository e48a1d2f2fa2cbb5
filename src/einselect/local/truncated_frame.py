"""The lowest levels of the highest total spins: the frame of a truncated calculation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..dynamics.full_frame import Blocks, Frame, build_frame
from ..spin import CollectiveOperator
from .frame import LadderFrame, merged
from .ladder import multiplets


class TruncatedFrame(LadderFrame):
    """As `LadderFrame` on some j and some levels of each: eigenvectors have more rows than columns."""

    def unfold_levels(self, blocks: Blocks) -> dict[int, NDArray[np.complex128]]:
        """The matrix of every 2j in the Dicke basis, from blocks in the energy basis; zero for those not kept."""
        return self.unfold_all(
            {(p, q): self.vectors[p] @ block @ self.vectors[q].T for (p, q), block in blocks.items()}
        )


def build_truncated_frame(
    spins: int, hamiltonian: CollectiveOperator, levels: int, depth: int, divide: bool
) -> TruncatedFrame:
    """Diagonalise H for the highest j and keep its lowest levels.

    Parameters
    ----------
    spins : int
        N.
    hamiltonian : CollectiveOperator
        Real symmetric in the Dicke bases.
    levels : int
        How many levels of each j; all where there are fewer.
    depth : int
        How many j, from N/2 downwards; not j = 0.
    divide : bool
        False keeps one block for each j.
    """
    kept = [k for k in multiplets(spins) if k][:depth]
    frames = [build_frame(k, hamiltonian) for k in kept]
    if any(frame.parities == (0,) for frame in frames):
        frames = [build_frame(k, hamiltonian, False) for k in kept]
    if not divide:
        frames = [merged(frame) for frame in frames]
    frames = [_lowest(frame, levels) for frame in frames]
    doublets, first = [], 0
    for frame in frames:
        (p, i), (q, k) = frame.order[:2]
        doublets.append(((first + p, i), (first + q, k)))
        first += len(frame.parities)
    return TruncatedFrame(
        spins,
        tuple(parity for frame in frames for parity in frame.parities),
        tuple(u for frame in frames for u in frame.maps),
        tuple(h for frame in frames for h in frame.hamiltonian),
        tuple(e for frame in frames for e in frame.energies),
        tuple(v for frame in frames for v in frame.vectors),
        frames[0].order,
        tuple(frame.spins for frame in frames for _ in frame.parities),
        tuple(doublets),
    )


def _lowest(frame: Frame, levels: int) -> Frame:
    """A frame of one j with nothing but its lowest levels."""
    order = frame.order[:levels]
    places = [sorted(i for p, i in order if p == block) for block in range(len(frame.parities))]
    return Frame(
        frame.spins,
        frame.parities,
        frame.maps,
        frame.hamiltonian,
        tuple(e[place] for e, place in zip(frame.energies, places, strict=True)),
        tuple(np.ascontiguousarray(v[:, place]) for v, place in zip(frame.vectors, places, strict=True)),
        tuple((p, places[p].index(i)) for p, i in order),
    )
