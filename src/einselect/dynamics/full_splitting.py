"""One step of dρ/dt = -i[H, ρ] + 𝓓ρ: exact flows of both parts in turn, by the scheme (10, 6, 4).

    exp(a_1 h 𝓐) exp(b_1 h 𝓓) exp(a_2 h 𝓐) ... exp(b_1 h 𝓓) exp(a_1 h 𝓐),     𝓐 = -i[H, ·].

The scheme is made for a part 𝓓 that is ε times as large as 𝓐: a step of h is off by ε h¹¹ + ε² h⁷ + ε³ h⁵, of order 4
in the end but of order 10 while ε is small, as it is for weak dephasing. Its only negative coefficient of 𝓓,
-0.017, hardly makes decay into growth; that limits h for strong 𝓓. In the energy basis 𝓐 is a phase for each
element; a change of basis there and back around each 𝓓 (four real matrix products) is all the work. Products are
spared on levels that the state has not reached (`full_support`).

S. Blanes, F. Casas, A. Farrés, J. Laskar, J. Makazaga and A. Murua, Appl. Numer. Math. 68, 58 (2013), table 3.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np

from .full_channel import Channel
from .full_frame import Array, Blocks, Frame, norm
from .full_support import NEGLIGIBLE, clear_beyond, edge_reached, filled, widened

_A = (
    0.0380944974224121954569753223086375653406,
    0.145298716116913749294020072660663749744,
    0.207627695725541250716205611324988206516,
    0.435909703651526159223154862401064400685,
    -0.653861225832786709380711737390709412002,
)
_B = (
    0.0958588808370752106107715037714588777692,
    0.204446153142998780680507783916443477976,
    0.217070347978991101714338592430633671453,
)
# The coefficients are fixed by their sums to the last bit: two of the printed digits more than double precision.
A = (*_A, *_A[-2::-1])
B_LAST = 0.5 - sum(_B)
B = (*_B, B_LAST, B_LAST, *_B[::-1])
STAGES = len(B)
ORDER = 4
LARGEST_STEP = 3.0 / abs(B_LAST)
"""Largest h ‖𝓓‖: the backward part of a step then magnifies by at most e³."""

_KEPT = 3
_PROBE = 64  # flows of 𝓓 from one that is followed to all levels to the next


@dataclass(frozen=True)
class _Plan:
    """What steps of one size share."""

    step: float
    turns: dict[float, dict[tuple[int, int], tuple[Array, Array]]]
    flows: dict[float, Any]


class Splitting:
    """Steps of the scheme on blocks of M in the energy basis.

    Parameters
    ----------
    frame : Frame
    channel : Channel
    everywhere : bool
        True works on all levels, whether the state has reached them or not: slower, as a check.

    Attributes
    ----------
    steps, applications : int
        Steps taken and flows of 𝓓 applied so far.
    """

    def __init__(self, frame: Frame, channel: Channel, everywhere: bool = False) -> None:
        self._frame, self._channel = frame, channel
        self._sizes = tuple(len(e) for e in frame.energies)
        self._scratch = np.empty(2 * max(self._sizes) ** 2)
        self._sites: Blocks = {}
        self._plans: OrderedDict[float, _Plan] = OrderedDict()
        self._counts, self._limit = self._sizes, 0.0
        self._everywhere, self._until_probe = everywhere, 0
        self.steps = self.applications = 0

    @property
    def levels(self) -> tuple[int, ...]:
        """How many of the lowest levels of each parity the last step worked on."""
        return self._counts

    def advance(self, blocks: Blocks, step: float, count: int = 1) -> None:
        """Take `count` steps of the same size, in place; phases of neighbouring steps are one."""
        plan = self._plan(step)
        self._restrict(blocks)
        for k in range(count):
            self._turn(blocks, plan, A[0] if k == 0 else 2.0 * A[0])
            for stage, b in enumerate(B):
                self._dissipate(blocks, plan.flows[b])
                if stage < STAGES - 1:
                    self._turn(blocks, plan, A[stage + 1])
            self.steps += 1
        self._turn(blocks, plan, A[0])

    def _restrict(self, blocks: Blocks) -> None:
        """Choose the levels to work on: those that are filled, and some more."""
        if not self._everywhere:
            self._limit = NEGLIGIBLE * norm(blocks)
            self._counts = widened(filled(blocks, self._sizes, self._limit), self._sizes)
            clear_beyond(blocks, self._counts)

    def _plan(self, step: float) -> _Plan:
        """Phases and factors for a step size; those of the last few sizes are kept."""
        if step in self._plans:
            self._plans.move_to_end(step)
            return self._plans[step]
        while len(self._plans) >= _KEPT:
            self._plans.popitem(last=False)
        plan = _Plan(
            step,
            {a: self._phases(a * step) for a in {*A, 2.0 * A[0]}},
            {b: self._channel.flow(b * step) for b in set(B)},
        )
        self._plans[step] = plan
        return plan

    def _phases(self, time: float) -> dict[tuple[int, int], tuple[Array, Array]]:
        """cos and sin of (E_a - E_b) t as products of vectors; below the diagonal of blocks they follow."""
        waves = [(np.cos(e * time), np.sin(e * time)) for e in self._frame.energies]
        result = {}
        for p, q in self._frame.pairs:
            if p <= q:
                (cp, sp), (cq, sq) = waves[p], waves[q]
                outer = np.multiply.outer
                result[p, q] = outer(cp, cq) + outer(sp, sq), outer(sp, cq) - outer(cp, sq)
        return result

    def _turn(self, blocks: Blocks, plan: _Plan, a: float) -> None:
        """M -> cos ∘ M - sin ∘ Mᵀ."""
        for key, (cosine, sine) in plan.turns[a].items():
            if key not in blocks:
                continue
            p, q = key
            a, b = self._counts[p], self._counts[q]
            block, cosine, sine = blocks[key][:a, :b], cosine[:a, :b], sine[:a, :b]
            mixed = self._scratch[: block.size].reshape(block.shape)
            if p == q:
                np.multiply(sine, block.T, out=mixed)
                block *= cosine
                block -= mixed
                continue
            # The block below the diagonal turns by the opposite angle: (X, Yᵀ) -> (cX - sYᵀ, cYᵀ + sX).
            partner = blocks[q, p][:b, :a].T
            other = self._scratch[block.size : 2 * block.size].reshape(block.shape)
            np.multiply(sine, partner, out=mixed)
            np.multiply(sine, block, out=other)
            block *= cosine
            block -= mixed
            partner *= cosine
            partner += other

    def _dissipate(self, blocks: Blocks, flow: Any) -> None:
        """exp(τ𝓓), in the block basis."""
        for key, block in blocks.items():
            if key not in self._sites:
                self._sites[key] = np.empty_like(block)
        sites = {key: self._sites[key] for key in blocks}
        self._frame.to_sites(blocks, sites, self._scratch, self._counts)
        self._channel.act(flow, sites, self._scratch)
        self._collect(sites, blocks)
        self.applications += 1

    def _collect(self, sites: Blocks, blocks: Blocks) -> None:
        """Back to the energy basis, on so many levels that the last of them stay empty."""
        if self._until_probe == 0 and self._counts != self._sizes:
            self._until_probe = _PROBE
            self._frame.to_levels(sites, blocks, self._scratch)
            reached = filled(blocks, self._sizes, self._limit)
            beyond = any(r > c for r, c in zip(reached, self._counts, strict=True))
            # What is filled beyond an edge that is empty shows an operator that skips levels: nothing can be spared.
            self._everywhere = beyond and not edge_reached(blocks, self._counts, self._sizes, self._limit)
            self._counts = self._sizes if self._everywhere else widened(reached, self._sizes)
            clear_beyond(blocks, self._counts)
        else:
            self._until_probe = max(0, self._until_probe - 1)
            self._frame.to_levels(sites, blocks, self._scratch, self._counts)
        while edge_reached(blocks, self._counts, self._sizes, self._limit):
            self._counts = widened(self._counts, self._sizes)
            self._frame.to_levels(sites, blocks, self._scratch, self._counts)
