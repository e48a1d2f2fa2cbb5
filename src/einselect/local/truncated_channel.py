"""Jump operators between the levels that are kept, and what they carry elsewhere.

In the energy basis of each j the operators K of `ladder` are small dense matrices, and 𝓓 is a few products of stacks:

    𝓓ρ_j = sum c K ρ_j' Kᵀ - ½{S, ρ_j},        K and S projected on the levels kept.

What K carries elsewhere is dropped, so that the trace falls. With Q the levels that are not kept, p = Tr PKρKᵀ and
q = Tr QKρKᵀ, the part dropped has the trace norm c (q + 2‖PKρKᵀQ‖_1) <= c (q + 2 sqrt(p q)); the damping drops
2‖QSρ‖_1/2 <= sqrt(Tr ρ Tr SQSρ). A channel never magnifies a trace norm: the integral over time bounds the error of ρ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ..dynamics.full_frame import Array, Sparse
from ..errors import InputError
from ..rates import JumpOperator
from ..spin import CollectiveOperator
from .generator import Bands, bands_of
from .jumps import LocalJump
from .ladder import transfer, weight
from .layout import Layout, Slot
from .truncated_frame import TruncatedFrame

_TERMS = 80
_PART = 3.0
_ZERO = 1e-14
_Key = tuple[int, int]  # parities of the rows and of the columns


@dataclass(frozen=True)
class _Term:
    """K from every j to j + change: stacks by parities, with what stays and what leaves as quadratic forms of ρ."""

    change: int
    factors: Array
    stacks: dict[_Key, Array]
    stays: dict[int, Array]
    leaves: dict[int, Array]


class TruncatedChannel:
    """The dissipator 𝓓 on the vectors of a layout, in the energy basis.

    Parameters
    ----------
    frame : TruncatedFrame
    jumps, local : sequences of JumpOperator and LocalJump
        Real in the Dicke basis, but for a factor.

    Raises
    ------
    InputError
        For jump operators that are neither real nor imaginary.
    """

    def __init__(self, frame: TruncatedFrame, jumps: Sequence[JumpOperator], local: Sequence[LocalJump]) -> None:
        self._frame = frame
        self._kept = list(dict.fromkeys(frame.twice_j))
        self.layout = Layout(frame, (tuple(self._kept),))
        self.divides = frame.parities[0] != 0
        self.sectors: tuple[str, ...] = ("populations", "coherences") if self.divides else ("all",)
        self._parities = range(2 if self.divides else 1)
        self._terms: list[_Term] = []
        damping: list[tuple[float, CollectiveOperator]] = []
        for jump in jumps:
            if jump.rate:
                self._add(0, [jump.rate] * len(self._kept), [bands_of(jump.operator, k) for k in self._kept], jump)
                damping.append((jump.rate, jump.square()))
        for single in (single for single in local if single.rate):
            for change in (-1, 0, 1):
                factors = [single.rate * weight(frame.spins, k, change) for k in self._kept]
                moved = [{q + change: f for q, f in transfer(k, change, single.components).items()} for k in self._kept]
                self._add(change, factors, moved, single)
            damping.append((single.rate, single.square(frame.spins)))
        self._damping, self._damping_leaves = self._damp(damping)
        self.norm = self._norm_bound()

    @property
    def elements(self) -> int:
        """Matrix elements that are stored."""
        stacks = [stack for term in self._terms for stack in term.stacks.values()]
        return sum(int(stack.size) for stack in [*stacks, *self._damping.values()])

    def _blocks(self, index: int) -> list[int]:
        """The frame's numbers of the blocks of the index-th j."""
        return [p for p, k in enumerate(self._frame.twice_j) if k == self._kept[index]]

    def _add(self, change: int, factors: Sequence[float], bands: Sequence[Bands], what: object) -> None:
        """Project an operator on the levels kept, j by j."""
        frame, count = self._frame, len(self._kept)
        sizes = [max(len(frame.energies[p]) for p in self._numbers(parity)) for parity in self._parities]
        stacks = {(a, b): np.zeros((count, sizes[a], sizes[b])) for a, b in product(self._parities, repeat=2)}
        stays = {b: np.zeros((count, sizes[b], sizes[b])) for b in self._parities}
        leaves = {b: np.zeros((count, sizes[b], sizes[b])) for b in self._parities}
        for d, twice_j in enumerate(self._kept):
            target = twice_j + 2 * change
            if not 0 <= target <= frame.spins or not factors[d]:
                continue
            matrix = _matrix(bands[d], twice_j, target, what)
            for b, p in enumerate(self._blocks(d)):
                n = len(frame.energies[p])
                image = matrix @ (frame.maps[p].T @ frame.vectors[p])
                if target in self._kept:
                    for a, q in enumerate(self._blocks(self._kept.index(target))):
                        inner = frame.vectors[q].T @ (frame.maps[q] @ image)
                        stacks[a, b][d, : len(inner), :n] = inner
                        stays[b][d, :n, :n] += inner.T @ inner
                        image = image - frame.maps[q].T @ (frame.vectors[q] @ inner)
                leaves[b][d, :n, :n] = image.T @ image
        largest = max(float(np.abs(stack).max()) for stack in stacks.values())
        used = {key: stack for key, stack in stacks.items() if np.abs(stack).max() > _ZERO * largest}
        self._terms.append(_Term(change, np.asarray(factors), used, stays, leaves))

    def _numbers(self, parity: int) -> list[int]:
        return [blocks[parity] for blocks in map(self._blocks, range(len(self._kept)))]

    def _damp(self, parts: Sequence[tuple[float, CollectiveOperator]]) -> tuple[dict[int, Array], dict[int, Array]]:
        """½ sum γ S on the levels of every j, by parity, and the quadratic form of what it carries elsewhere."""
        frame, count = self._frame, len(self._kept)
        inside, outside = {}, {}
        for parity in self._parities:
            numbers = self._numbers(parity)
            size = max(len(frame.energies[p]) for p in numbers)
            inside[parity], outside[parity] = np.zeros((count, size, size)), np.zeros((count, size, size))
            for d, (twice_j, p) in enumerate(zip(self._kept, numbers, strict=True)):
                n, vectors = len(frame.energies[p]), frame.maps[p].T @ frame.vectors[p]
                image = np.zeros_like(vectors)
                for rate, square in parts:
                    image += 0.5 * rate * (_matrix(bands_of(square, twice_j), twice_j, twice_j, square) @ vectors)
                inner = vectors.T @ image
                rest = image - vectors @ inner
                inside[parity][d, :n, :n], outside[parity][d, :n, :n] = inner, rest.T @ rest
        return inside, outside

    def _norm_bound(self) -> float:
        """‖𝓓‖ <= sum c ‖K‖² + 2 ‖S‖/2, the largest over j."""
        total = 0.0
        for term in self._terms:
            forms = [float(np.linalg.norm(stack, 2, axis=(1, 2)).max()) for stack in term.stays.values()]
            total += float(np.max(term.factors)) * max(forms)
        return total + 2.0 * max(float(np.linalg.norm(stack, 2, axis=(1, 2)).max()) for stack in self._damping.values())

    def generator(self, stacks: dict[Slot, Array]) -> dict[Slot, Array]:
        """𝓓M on the stacks of a sector."""
        result = {}
        for slot, stack in stacks.items():
            _, a, b = slot
            result[slot] = -(self._damping[a] @ stack + stack @ self._damping[b])
        for term in self._terms:
            # j + Δ is one place further up for Δ = 1.
            source = slice(max(0, term.change), len(self._kept) + min(0, term.change))
            target = slice(source.start - term.change, source.stop - term.change)
            factors = term.factors[source, None, None]
            for (g, a, b), stack in stacks.items():
                for (c, from_a), left in term.stacks.items():
                    if from_a != a:
                        continue
                    half = factors * (left[source] @ stack[source])
                    for (d, from_b), right in term.stacks.items():
                        if from_b == b and (g, c, d) in result:
                            result[g, c, d][target] += half @ right[source].transpose(0, 2, 1)
        return result

    def exponential(self, sector: str, tau: float, vector: Array) -> Array:
        """exp(τ𝓓) on the vector of a sector, by Taylor series."""
        parts = max(1, math.ceil(abs(tau) * self.norm / _PART))
        step = tau / parts
        for _ in range(parts):
            term, size = self.layout.stacks(vector, sector), float(np.linalg.norm(vector))
            total = {slot: stack.copy() for slot, stack in term.items()}
            for k in range(1, _TERMS):
                term = self.generator(term)
                norm = 0.0
                for slot, stack in term.items():
                    stack *= step / k
                    total[slot] += stack
                    norm += float(np.vdot(stack, stack))
                if math.sqrt(norm) <= 1e-17 * size:
                    break
            vector = np.concatenate([stack.ravel() for stack in total.values()])
        return vector

    def dropped(self, stacks: dict[Slot, Array]) -> float:
        """Bound on the trace norm of what 𝓓 drops per time, but for the trace itself, for the populations of a ρ."""
        own = {a: stack for (_, a, b), stack in stacks.items() if a == b}
        total = 0.0
        for term in self._terms:
            p, q = (sum(np.einsum("dij,dij->d", form[a], own[a]) for a in own) for form in (term.stays, term.leaves))
            total += float(np.sum(term.factors * 2.0 * np.sqrt(np.maximum(p, 0.0) * np.maximum(q, 0.0))))
        weights: NDArray[np.float64] = sum(np.einsum("dii->d", stack) for stack in own.values())
        forms = sum(np.einsum("dij,dij->d", self._damping_leaves[a], own[a]) for a in own)
        return total + float(np.sum(2.0 * np.sqrt(np.maximum(weights, 0.0) * np.maximum(forms, 0.0))))


def _matrix(bands: Bands, twice_j: int, target: int, what: object) -> Sparse:
    """Bands from m to m, counted from the lowest, as a real sparse matrix; a factor i does not matter in KρK†."""
    from scipy import sparse

    rows, columns, values = [], [], []
    for q, band in bands.items():
        at = np.arange(twice_j + 1)
        inside = (at + q >= 0) & (at + q <= target)
        rows.append(at[inside] + q)
        columns.append(at[inside])
        values.append(band[inside])
    shape = target + 1, twice_j + 1
    if not values:
        return sparse.csr_array(shape)
    found = np.concatenate(values)
    if np.any(found.imag) and np.any(found.real):
        name = getattr(what, "name", None) or getattr(getattr(what, "operator", None), "name", repr(what))
        raise InputError(f"jump operators must be real, or i times real, in the Dicke basis; got {name}")
    return sparse.coo_array(
        (found.imag if np.any(found.imag) else found.real, (np.concatenate(rows), np.concatenate(columns))), shape=shape
    ).tocsr()
