"""What the jump operators do by themselves, exp(τ𝓓), on blocks of M = Re ρ + Im ρ.

    𝓓ρ = sum_k γ_k (L_k ρ L_k† - ½{L_k†L_k, ρ})

If every L is a real function f(Jz) of definite parity, exp(τ𝓓) is one factor for each element, exact for any τ.
Else the exponential is summed by its Taylor series from applications of 𝓓 by bands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from .full_frame import Array, Blocks, Frame, Sparse, norm, operator_parity

_TERMS = 60
_STRIP = 65536  # numbers that stay in the cache
_SMALL = 100  # spins below which dense products of blocks are faster than sparse ones (4 to 10 times at 10 to 40)


class Channel(Protocol):
    """A dissipator in a frame."""

    @property
    def divides(self) -> bool:
        """Whether the two parity sectors do not mix."""
        ...

    @property
    def norm(self) -> float:
        """Upper bound of ‖𝓓‖ as a map of operators with the Frobenius norm."""
        ...

    def flow(self, tau: float) -> Any:
        """Prepare exp(τ𝓓)."""
        ...

    def act(self, flow: Any, blocks: Blocks, scratch: Array) -> None:
        """Apply a prepared exp(τ𝓓) in place."""
        ...

    def generator(self, blocks: Blocks) -> Blocks:
        """𝓓 itself, as new blocks."""
        ...


def build_channel(frame: Frame, jumps: Sequence[tuple[float, Sparse]]) -> Channel:
    """The exact diagonal form where it holds, the banded one elsewhere."""
    diagonal = all(_is_real_diagonal(matrix) for _, matrix in jumps)
    parities = [operator_parity(matrix) for _, matrix in jumps]
    if diagonal and (frame.parities == (0,) or all(parities)):
        functions = [
            (rate, matrix.diagonal().real, parity) for (rate, matrix), parity in zip(jumps, parities, strict=True)
        ]
        return Dephasing(frame, functions)
    return Banded(frame, jumps, all(parities))


def _is_real_diagonal(matrix: Sparse) -> bool:
    from scipy import sparse

    rest = matrix - sparse.diags_array(matrix.diagonal())
    return not np.any(rest.data) and not np.any(matrix.diagonal().imag)


class Dephasing:
    """L = f(Jz), f real: ρ_mn -> exp(-τ γ(f_m - f_n)²/2) ρ_mn.

    An odd f maps the even block on the odd one: the sum of the blocks ee and oo (of eo and oe) at (m, n) decays
    at γ(f_m - f_n)²/2, their difference at γ(f_m + f_n)²/2. An even f damps all four alike.

    Parameters
    ----------
    frame : Frame
    functions : sequence of (float, ndarray, int)
        Rate, f on all m ascending, parity of f.
    """

    def __init__(self, frame: Frame, functions: Sequence[tuple[float, Array, int]]) -> None:
        self._one = frame.parities == (0,)
        first = 0 if self._one else (frame.spins + 1) // 2
        count = frame.spins + 1 - first
        self._offset = 0 if self._one else 1 - frame.spins % 2  # the odd block has no m = 0
        self._mixing: Array | None = None
        self._decay = np.zeros((count, count))
        for rate, values, parity in functions:
            f = values[first:]
            product = rate * np.multiply.outer(f, f)
            self._decay += 0.5 * rate * np.add.outer(f * f, f * f)
            if parity == -1 and not self._one:
                self._mixing = product if self._mixing is None else self._mixing + product
            else:
                self._decay -= product
        self._loss = -self._decay
        self.divides = not self._one

    @property
    def norm(self) -> float:
        """Largest decay rate of an element."""
        worst = self._decay if self._mixing is None else self._decay + np.abs(self._mixing)
        return float(worst.max())

    def flow(self, tau: float) -> tuple[Array, Array | None]:
        """Half the factors of the sum and of the difference of the two blocks of a sector; or one factor for all."""
        if self._mixing is None:
            return np.exp(-tau * self._decay), None
        like = np.exp(-tau * (self._decay - self._mixing))
        unlike = np.exp(-tau * (self._decay + self._mixing))
        return 0.5 * like, 0.5 * unlike

    def act(self, flow: tuple[Array, Array | None], blocks: Blocks, scratch: Array) -> None:
        """Apply the factors in place; both blocks of a sector must be there."""
        like, unlike = flow
        o = self._offset
        for (p, q), (rows, columns) in self._corners(blocks).items():
            block = blocks[p, q]
            if unlike is None:
                block *= like[rows, columns]
                continue
            # m = 0, which only the even block has, has no partner: f(0) = 0, and sum and difference decay alike.
            first, edge = o * (1 - p), o * (1 - q)
            block[:first] *= 2.0 * like[rows, columns][:first]
            block[first:, :edge] *= 2.0 * like[rows, columns][first:, :edge]
            if p == 0:
                own, other = self._inner(block, p, q), self._inner(blocks[1, 1 - q], 1, 1 - q)
                total, difference = scratch[: 2 * own.size].reshape(2, *own.shape)
                np.add(own, other, out=total)
                np.subtract(own, other, out=difference)
                total *= like[o:, o:]
                difference *= unlike[o:, o:]
                np.add(total, difference, out=own)
                np.subtract(total, difference, out=other)

    def generator(self, blocks: Blocks) -> Blocks:
        """𝓓M."""
        result: Blocks = {}
        for (p, q), (rows, columns) in self._corners(blocks).items():
            change = np.multiply(self._loss[rows, columns], blocks[p, q])
            if self._mixing is not None and (1 - p, 1 - q) in blocks:
                o = self._offset
                inner, other = self._inner(change, p, q), self._inner(blocks[1 - p, 1 - q], 1 - p, 1 - q)
                mixing = self._mixing[o:, o:]
                width = max(1, _STRIP // len(mixing))
                for first in range(0, len(mixing), width):
                    strip = slice(first, first + width)
                    inner[strip] += mixing[strip] * other[strip]
            result[p, q] = change
        return result

    def _corner(self, p: int, q: int) -> tuple[slice, slice]:
        """Sites of a block among those of the even-even block."""
        return slice(self._offset * p, None), slice(self._offset * q, None)

    def _corners(self, blocks: Blocks) -> dict[tuple[int, int], tuple[slice, slice]]:
        return {key: self._corner(*key) for key in blocks}

    def _inner(self, block: Array, p: int, q: int) -> Array:
        """The part of a block on m, n > 0, which all blocks share."""
        return block[self._offset * (1 - p) :, self._offset * (1 - q) :]


class Banded:
    """Any jump operators, as blocks (sparse unless they are small).

    With L = A + iB, A and B real, and K = ½ sum γ L†L = K' + iK'' the dissipator acts on M as

        sum γ (A M Aᵀ + B M Bᵀ + B Mᵀ Aᵀ - A Mᵀ Bᵀ) - K' M - M K' - K'' Mᵀ - Mᵀ K''.

    Parameters
    ----------
    frame : Frame
    jumps : sequence of (float, sparse matrix in the Dicke basis)
    divides : bool
        Whether every jump has a definite parity.
    """

    def __init__(self, frame: Frame, jumps: Sequence[tuple[float, Sparse]], divides: bool) -> None:
        from scipy import sparse

        self.divides = divides and frame.parities != (0,)
        size = frame.spins + 1
        damping: Sparse = sparse.csr_array((size, size))
        self._terms: list[tuple[dict[tuple[int, int], Sparse], dict[tuple[int, int], Sparse]]] = []
        bound = 0.0
        for rate, matrix in jumps:
            scaled = math.sqrt(rate) * matrix
            damping = damping + 0.5 * (scaled.conj().T @ scaled)
            self._terms.append((_blocks(frame, scaled.real), _blocks(frame, scaled.imag)))
            bound += float(np.sqrt(abs(scaled).sum(axis=0).max() * abs(scaled).sum(axis=1).max())) ** 2
        self._damping = _blocks(frame, damping.real), _blocks(frame, damping.imag)
        # ‖L‖² <= ‖L‖_1 ‖L‖_∞; both the jump and the damping are at most that much for each operator.
        self.norm = 2.0 * bound

    def flow(self, tau: float) -> float:
        """Nothing to prepare but τ."""
        return tau

    def act(self, flow: float, blocks: Blocks, scratch: Array) -> None:
        """Apply exp(τ𝓓) by Taylor series, in as many parts as keep each term below its predecessor."""
        parts = max(1, math.ceil(abs(flow) * self.norm / 2.0))
        step = flow / parts
        for _ in range(parts):
            term = {key: block.copy() for key, block in blocks.items()}
            size = norm(blocks)
            for k in range(1, _TERMS):
                term = self.generator(term)
                for key, block in term.items():
                    block *= step / k
                    blocks[key] += block
                if norm(term) <= 1e-17 * size:
                    break

    def generator(self, blocks: Blocks) -> Blocks:
        """𝓓M; blocks of a sector that is empty stay absent."""
        result = {key: np.zeros_like(block) for key, block in blocks.items()}
        transposed = {(q, p): np.ascontiguousarray(block.T) for (p, q), block in blocks.items()}
        for real, imaginary in self._terms:
            _sandwich(result, real, blocks, real, 1.0)
            _sandwich(result, imaginary, blocks, imaginary, 1.0)
            _sandwich(result, imaginary, transposed, real, 1.0)
            _sandwich(result, real, transposed, imaginary, -1.0)
        for sign_of, source in zip(self._damping, (blocks, transposed), strict=True):
            # K'' is antisymmetric: both products carry the same sign, as for the symmetric K'.
            for (p, r), left in sign_of.items():
                for (s, q), block in source.items():
                    if s == r and (p, q) in result:
                        result[p, q] -= left @ block
            for (r, q), right in sign_of.items():
                for (p, s), block in source.items():
                    if s == r and (p, q) in result:
                        result[p, q] -= (right.T @ block.T).T
        return result


def _blocks(frame: Frame, matrix: Sparse) -> dict[tuple[int, int], Any]:
    """Blocks of an operator, in the form that multiplies faster."""
    blocks = frame.operator_blocks(matrix)
    return {key: block.toarray() for key, block in blocks.items()} if frame.spins < _SMALL else blocks


def _sandwich(
    result: Blocks,
    left: dict[tuple[int, int], Sparse],
    blocks: Blocks,
    right: dict[tuple[int, int], Sparse],
    sign: float,
) -> None:
    """Add sign × left M rightᵀ."""
    for (p, r), a in left.items():
        for (q, s), b in right.items():
            if (r, s) in blocks and (p, q) in result:
                result[p, q] += sign * (b @ (a @ blocks[r, s]).T).T
