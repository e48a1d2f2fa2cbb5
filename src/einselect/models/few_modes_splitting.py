"""The splitting of a spin and a few modes far below double precision: both parity blocks on Fock states.

With the parity in place of the spin, on |n_1, ..., n_K> the Hamiltonian over ω_1 has

    diagonal  sum_k (ω_k/ω_1) n_k ∓ (Δ/2ω_1)(-1)^(n_1 + ... + n_K),     off it  (g_k/2ω_1) sqrt(n_k + 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..spectrum.refined import ExactMatrix
from ..spectrum.refined_splitting import RefinedSplitting, poisson_cut, refined_splitting

_MOST_STATES = (0, 30_000, 20_000, 5_000)  # by the number of modes: more of them make fuller factors
_LARGER = 1.17
_SPARE = 24


@lru_cache(maxsize=256)
def few_modes_splitting(
    tunnelling: float, frequencies: tuple[float, ...], couplings: tuple[float, ...], energies: tuple[float, float]
) -> RefinedSplitting | None:
    """ΔE = E_1 - E_0 of a spin and one to three modes to about 13 digits of its own.

    Parameters
    ----------
    tunnelling, frequencies, couplings
        As of `FewModes`.
    energies : (float, float)
        E_0 and E_1 in double precision.

    Returns
    -------
    RefinedSplitting or None
        None for more than three modes, or where they would need more than 30000, 20000 or 5000 states together.
    """
    if len(frequencies) >= len(_MOST_STATES):
        return None
    means = [(0.5 * g / w) ** 2 for g, w in zip(couplings, frequencies, strict=True)]

    def blocks(digits: int, times: int) -> tuple[ExactMatrix, ExactMatrix] | None:
        sizes = [math.ceil(poisson_cut(digits, mean) * _LARGER**times) for mean in means]
        if math.prod(sizes) > _MOST_STATES[len(sizes)]:
            return None
        even, odd = (mode_block(tunnelling, frequencies, couplings, sizes, sign) for sign in (1, -1))
        return even, odd

    digits = _SPARE + math.ceil(2.0 * sum(means) / math.log(10.0))
    unit = frequencies[0]
    return refined_splitting(blocks, (energies[0] / unit, energies[1] / unit), digits, unit)


def mode_block(
    tunnelling: float, frequencies: Sequence[float], couplings: Sequence[float], sizes: Sequence[int], sign: int
) -> ExactMatrix:
    """One parity block over ω_1 on Fock states of the modes, the last one fastest; sign 1 has the ground state."""
    numbers = np.stack([n.ravel() for n in np.indices(tuple(sizes))], axis=1)
    count = len(numbers)
    unit = Fraction(frequencies[0])
    rows, columns = [np.arange(count)], [np.arange(count)]
    which, quanta = [np.full(count, -1)], [np.zeros(count, dtype=np.int64)]
    outside = np.zeros(count)
    stride = 1
    for k in reversed(range(len(sizes))):
        n = numbers[:, k]
        for step in (-1, 1):
            there = np.flatnonzero((n + step >= 0) & (n + step < sizes[k]))
            rows.append(there)
            columns.append(there + step * stride)
            which.append(np.full(len(there), k))
            quanta.append(np.maximum(n, n + step)[there])
        # What leads out by one mode is orthogonal to what does by another.
        outside += np.where(n == sizes[k] - 1, sizes[k] * (0.5 * couplings[k] / frequencies[0]) ** 2 * (1.0 + 1e-12), 0)
        stride *= sizes[k]
    order = np.lexsort((np.concatenate(columns), np.concatenate(rows)))
    row, column, mode, root = (np.concatenate(parts)[order] for parts in (rows, columns, which, quanta))
    return ExactMatrix(
        starts=np.searchsorted(row, np.arange(count + 1)).astype(np.int64),
        columns=column,
        elements=_elements(
            [Fraction(w) / unit for w in frequencies],
            [(Fraction(g) / (2 * unit)) ** 2 for g in couplings],
            sign * Fraction(tunnelling) / (2 * unit),
            numbers,
            mode,
            root,
        ),
        outside=outside,
    )


def _elements(
    frequencies: list[Fraction],
    squares: list[Fraction],
    half: Fraction,
    numbers: NDArray[Any],
    mode: NDArray[Any],
    quanta: NDArray[Any],
) -> Callable[[int], NDArray[Any]]:
    """The elements as integers; those off the diagonal negative, which is a sign of every odd Fock state."""

    def elements(bits: int) -> NDArray[Any]:
        found = np.empty(len(mode), dtype=object)
        diagonal = np.full(len(numbers), 0, dtype=object)
        for k, frequency in enumerate(frequencies):
            own = mode == k
            square = squares[k]
            top = int(quanta[own].max(initial=0))
            roots = [-math.isqrt((square.numerator * n << (2 * bits)) // square.denominator) for n in range(top + 1)]
            found[own] = np.array(roots, dtype=object)[quanta[own]]
            steps = [(frequency.numerator * n << bits) // frequency.denominator for n in range(top + 1)]
            diagonal += np.array(steps, dtype=object)[numbers[:, k]]
        flip = (half.numerator << bits) // half.denominator
        parity = np.array([1, -1], dtype=object)[numbers.sum(axis=1) % 2]
        found[mode < 0] = diagonal - flip * parity
        return found

    return elements
