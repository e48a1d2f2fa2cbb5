"""Steps of the scheme of `dynamics.full_splitting` on stacks of blocks (see `layout`).

    exp(a_1 h 𝓐) exp(b_1 h 𝓓) exp(a_2 h 𝓐) ... exp(b_1 h 𝓓) exp(a_1 h 𝓐),     𝓐 = -i[H, ·]

𝓐 is a phase for each element in the energy basis of each j; around each exp(τ𝓓) lies a change of basis there and back.
"""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..dynamics.full_frame import Array, Blocks
from ..dynamics.full_splitting import STAGES, A, B
from .layout import Layout, Slot

_Waves = dict[tuple[int, int], NDArray[np.complex128]]


class Dissipator(Protocol):
    """What a step needs of a dissipator."""

    layout: Layout
    sectors: tuple[str, ...]

    def exponential(self, sector: str, tau: float, vector: Array) -> Array:
        """exp(τ𝓓) on the vector of a sector."""
        ...


class LadderSplitting:
    """Steps on blocks of M in the energy basis.

    Attributes
    ----------
    steps, applications : int
        Steps taken and flows of 𝓓 applied so far.
    """

    def __init__(self, channel: Dissipator) -> None:
        self._channel, self._layout = channel, channel.layout
        self._energies = self._layout.energies()
        self._half: Array = np.empty(0)
        self.steps = self.applications = 0

    @cached_property
    def _vectors(self) -> dict[tuple[int, int], Array]:
        return self._layout.eigenvectors()

    def advance(self, blocks: Blocks, step: float, count: int = 1) -> None:
        """Take `count` steps of the same size, in place; phases of neighbouring steps are one."""
        waves = {a: self._waves(a * step) for a in {*A, 2.0 * A[0]}}
        for sector in self._channel.sectors:
            if self._layout.holds(blocks, sector):
                vector = self._run(sector, self._layout.load(blocks, sector), waves, step, count)
                self._layout.store(vector, blocks, sector)
        self.steps += count
        self.applications += count * STAGES

    def _run(self, sector: str, vector: Array, waves: dict[float, _Waves], step: float, count: int) -> Array:
        stacks = self._layout.stacks(vector, sector)
        for k in range(count):
            self._turn(stacks, waves[A[0] if k == 0 else 2.0 * A[0]])
            for stage, b in enumerate(B):
                self._change(stacks, False)
                vector = self._channel.exponential(sector, b * step, vector)
                stacks = self._layout.stacks(vector, sector)
                self._change(stacks, True)
                if stage < STAGES - 1:
                    self._turn(stacks, waves[A[stage + 1]])
        self._turn(stacks, waves[A[0]])
        return vector

    def _waves(self, time: float) -> _Waves:
        """exp(iEt) of every level."""
        return {key: np.exp(1j * time * energies) for key, energies in self._energies.items()}

    def _turn(self, stacks: dict[Slot, Array], waves: _Waves) -> None:
        """ρ_ab -> exp(-i(E_a - E_b)t) ρ_ab, which is M + iMᵀ -> exp(i(E_a - E_b)t) (M + iMᵀ).

        The phase is a product of two vectors: no matrix of phases is kept.
        """
        for (g, a, b), stack in stacks.items():
            if a > b:  # done with its partner
                continue
            partner = stacks[g, b, a].transpose(0, 2, 1)
            whole = self._scratch(2 * stack.size).view(complex).reshape(stack.shape)
            whole.real, whole.imag = stack, partner
            whole *= waves[g, a][:, :, None]
            whole *= waves[g, b].conj()[:, None, :]
            stack[...] = whole.real
            if a != b:
                partner[...] = whole.imag

    def _change(self, stacks: dict[Slot, Array], to_levels: bool) -> None:
        """V M Vᵀ to the block basis, or Vᵀ M V to the energy basis."""
        for (g, a, b), stack in stacks.items():
            left, right = self._vectors[g, a], self._vectors[g, b]
            if to_levels:
                left = left.transpose(0, 2, 1)
            else:
                right = right.transpose(0, 2, 1)
            half = self._scratch(stack.size).reshape(stack.shape)
            np.matmul(left, stack, out=half)
            np.matmul(half, right, out=stack)

    def _scratch(self, size: int) -> Array:
        if len(self._half) < size:
            self._half = np.empty(size)
        return self._half[:size]
