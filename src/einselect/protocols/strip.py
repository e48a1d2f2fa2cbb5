"""Operators with every level on their ket side and few on their bra side, under H and dephasing.

    dR/dt = -i[H, R] - (γ/2)[Z, [Z, R]]

In the eigenbasis of Z on both sides the dephasing is one factor, exp(-γt(m - m')²/2); in the energy basis H is
another. A splitting composes the two. Many γ are worked out at once, as columns of the same matrix products.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .whole_space import Array, WholeSpace

Blocks = dict[int, Array]
Scheme = tuple[Sequence[float], Sequence[float]]
"""Coefficients of the turns by H and of the dephasing between them."""


@dataclass(frozen=True)
class _Block:
    """One parity block of the strip: its bases and frequencies."""

    ket: Array  # (n_p, n_p), columns are block states
    bra: Array  # (k_q, k_q)
    frequencies: Array  # E_a - E_b, (n_p, 1, k_q)
    ket_sites: Array
    bra_sites: Array


class Strip:
    """Evolution of R = sum |a><b| r_ab, a over all levels and b over the k lowest.

    Parameters
    ----------
    space : WholeSpace
    kept : int
        k.
    sign : {-1, 1}
        Parity of R: odd (-1) has its ket and bra of opposite parity.
    gammas : sequence of float
        Dephasing rates γ >= 0, all worked out at once.
    """

    def __init__(self, space: WholeSpace, kept: int, sign: int, gammas: Sequence[float] | Array) -> None:
        self.space, self.kept, self.sign = space, kept, sign
        self.gammas = np.asarray(gammas, dtype=np.float64)
        self.low = {p: index[index < kept] for p, index in space.index.items()}
        inside = space.operator[np.ix_(self.low[1], self.low[-1])]
        left, values, right = np.linalg.svd(inside)
        bras = {1: left, -1: right.T}
        energies = space.levels.excitations
        self._blocks = {
            q: _Block(
                ket=space.basis[sign * q],
                bra=bras[q],
                frequencies=energies[space.index[sign * q], None, None] - energies[self.low[q]],
                ket_sites=space.position(sign * q),
                bra_sites=np.pad(values, (0, len(self.low[q]) - len(values))),
            )
            for q in (1, -1)
        }
        self._ranks = len(space.sites), len(values)

    def start(self, matrix: NDArray[np.complex128]) -> Blocks:
        """Blocks of R from its (n, k) matrix, the same for each γ: real arrays (n_p, g, 2, k_q), re and im apart."""
        blocks = {}
        for q, low in self.low.items():
            part = matrix[np.ix_(self.space.index[self.sign * q], low)]
            pair = np.stack((part.real, part.imag), axis=1)[:, None]
            blocks[q] = np.repeat(pair, len(self.gammas), axis=1)
        return blocks

    def matrix(self, blocks: Blocks, which: int) -> NDArray[np.complex128]:
        """The (n, k) matrix of R for one γ."""
        result = np.zeros((len(self.space), self.kept), dtype=complex)
        for q, block in blocks.items():
            result[np.ix_(self.space.index[self.sign * q], self.low[q])] = block[:, which, 0] + 1j * block[:, which, 1]
        return result

    def read(self, observable: Array, blocks: Blocks) -> Array:
        """Re Tr[O R] for each γ, for a real symmetric O over all levels."""
        total = np.zeros(len(self.gammas))
        for q, block in blocks.items():
            part = observable[np.ix_(self.space.index[self.sign * q], self.low[q])]
            total += np.einsum("ab,agb->g", part, block[:, :, 0])
        return total

    def advance(self, blocks: Blocks, step: float, count: int, scheme: Scheme) -> None:
        """`count` steps of a symmetric splitting, in place."""
        turns, flows = scheme
        phases = {a: self._phases(a * step) for a in {*turns, 2.0 * turns[0]}}
        factors = {b: self._factors(b * step) for b in set(flows)}
        for n in range(count):
            self._turn(blocks, phases[turns[0] if n == 0 else 2.0 * turns[0]])
            for stage, b in enumerate(flows):
                self._dephase(blocks, *factors[b])
                if stage < len(flows) - 1:
                    self._turn(blocks, phases[turns[stage + 1]])
        self._turn(blocks, phases[turns[0]])

    def _phases(self, time: float) -> dict[int, tuple[Array, Array]]:
        return {
            q: (np.cos(block.frequencies * time), np.sin(block.frequencies * time)) for q, block in self._blocks.items()
        }

    @staticmethod
    def _turn(blocks: Blocks, phases: dict[int, tuple[Array, Array]]) -> None:
        """r_ab -> exp(-i(E_a - E_b)t) r_ab."""
        for q, (cosine, sine) in phases.items():
            re, im = blocks[q][:, :, 0], blocks[q][:, :, 1]
            mixed = sine * re
            re *= cosine
            re += sine * im
            im *= cosine
            im -= mixed

    def _factors(self, time: float) -> tuple[dict[int, Array], Array, Array]:
        """exp(-γt(m - m')²/2) for the pairs of blocks: decay of each site, and the mixing of the two blocks.

        On a pair of sites the two blocks x, y obey x' = γ(m m' y - ½(m² + m'²) x) and likewise y'.
        """
        half = 0.5 * self.gammas[None, :, None, None] * time
        alone = {
            q: np.exp(-half * (block.ket_sites[:, None, None, None] ** 2 + block.bra_sites**2))
            for q, block in self._blocks.items()
        }
        r, w = self._ranks
        block = self._blocks[1]
        m, s = block.ket_sites[:r, None, None, None], block.bra_sites[:w]
        near, far = np.exp(-half * (m - s) ** 2), np.exp(-half * (m + s) ** 2)
        return alone, 0.5 * (near + far), 0.5 * (near - far)

    def _dephase(self, blocks: Blocks, alone: dict[int, Array], same: Array, other: Array) -> None:
        sites: Blocks = {}
        for q, block in self._blocks.items():
            given = blocks[q]
            turned = (given.reshape(-1, given.shape[3]) @ block.bra).reshape(len(given), -1)
            sites[q] = np.reshape(block.ket.T @ turned, given.shape)
        r, w = self._ranks
        x, y = sites[1][:r, :, :, :w], sites[-1][:r, :, :, :w]
        mixed = {1: same * x + other * y, -1: same * y + other * x}
        for q, block in self._blocks.items():
            part = sites[q]
            part *= alone[q]
            part[:r, :, :, :w] = mixed[q]
            back = (block.ket @ part.reshape(len(part), -1)).reshape(-1, part.shape[3]) @ block.bra.T
            blocks[q][:] = back.reshape(part.shape)

    def drift(self, blocks: Blocks) -> Array:
        """Bound on the trace norm of what d/dt R loses by keeping k levels on the bra side, for each γ.

        With P the kept levels: ΔR = γ(Z R PZ(1-P) - ½ R P(Z² - (PZP)²)), and ‖ΔR‖_1 <= √(2k) ‖ΔR‖_F, its rank
        being no more than 2k. e^{𝓛t} never increases a trace norm, so that |ΔC| <= ‖Q‖ ∫ ‖ΔR‖_1 dt.
        """
        z, k = self.space.operator, self.kept
        out = z[:k].copy()
        out[:, :k] = 0.0
        square = self.space.square[:k].copy()
        square[:, :k] -= z[:k, :k] @ z[:k, :k]
        result = np.zeros(len(self.gammas))
        for g, gamma in enumerate(self.gammas):
            r = self.matrix(blocks, g)
            # ‖X Y‖_F of a thin X (n, k) and a wide Y (k, n) from k × k products.
            left = np.concatenate((z @ r.real + 1j * (z @ r.imag), r), axis=1)
            right = np.concatenate((out, -0.5 * square), axis=0)
            inner = (left.conj().T @ left) @ (right @ right.T)
            result[g] = gamma * math.sqrt(2.0 * k * max(0.0, float(np.trace(inner).real)))
        return result
