"""The splitting of the Dicke model far below double precision: both parity blocks on Fock states, to many digits.

On |n> ⊗ |Jz = k - N/2> the Hamiltonian over ω has the elements

    <n,k|H|n,k> = n + (ω0/ω)(k - N/2),     <n+1,k±1|H|n,k> = (λ/ω√N) sqrt((n + 1) k_>(N + 1 - k_>)),

k_> the larger of both k: four to a row, each the root of a rational number. The blocks are those of even and odd n + k.
`spectrum.refined` works out the lowest level of each, with what the cut of the Fock states leaves out in its bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..spectrum.refined import ExactMatrix
from ..spectrum.refined_splitting import RefinedSplitting, poisson_cut, refined_splitting

_MOST_SITES = 30_000
_LARGER = 1.17
_SPARE = 24


@lru_cache(maxsize=256)
def dicke_splitting(
    spins: int, coupling: float, mode: float, spin: float, energies: tuple[float, float]
) -> RefinedSplitting | None:
    """ΔE = E_1 - E_0 of the Dicke model to about 13 digits of its own, whatever it is.

    Parameters
    ----------
    spins, coupling, mode, spin
        As of `Dicke`, energies in one unit.
    energies : (float, float)
        E_0 and E_1 in double precision.

    Returns
    -------
    RefinedSplitting or None
        None where that would need more than 30000 Fock and spin states of a parity, or 400 digits: above about 100
        spins at twice the critical coupling.
    """

    def blocks(digits: int, times: int) -> tuple[ExactMatrix, ExactMatrix] | None:
        photons = math.ceil(poisson_cut(digits, spins * (coupling / mode) ** 2) * _LARGER**times)
        if photons * (spins + 1) > 2 * _MOST_SITES:
            return None
        even, odd = (fock_block(spins, coupling, mode, spin, photons, parity) for parity in (0, 1))
        return even, odd

    digits = _SPARE + math.ceil(0.7 * _overlap_digits(spins, coupling, mode, spin))
    return refined_splitting(blocks, (energies[0] / mode, energies[1] / mode), digits, mode)


def _overlap_digits(spins: int, coupling: float, mode: float, spin: float) -> float:
    """-log10 of the overlap of both mean-field states, which is mostly below ΔE."""
    below = 0.5 * math.sqrt(mode * spin) / coupling
    if below >= 1.0:
        return 0.0
    photons = spins * (coupling / mode) ** 2 * (1.0 - below**4)
    return (2.0 * photons - 2.0 * spins * math.log(below)) / math.log(10.0)


def fock_block(spins: int, coupling: float, mode: float, spin: float, photons: int, parity: int) -> ExactMatrix:
    """H/ω on |n,k>, n < `photons`, of one parity of n + k (0 for the even one, that of the ground state)."""
    n, k = np.divmod(np.arange(photons * (spins + 1)), spins + 1)
    own = (n + k) % 2 == parity
    place = np.cumsum(own) - 1
    n, k = n[own], k[own]
    rows, columns, squares = [np.arange(len(n))], [np.arange(len(n))], [np.zeros(len(n), dtype=np.int64)]
    for step in (-1, 1):
        for turn in (-1, 1):
            there, turned = n + step, k + turn
            ok = (there >= 0) & (there < photons) & (turned >= 0) & (turned <= spins)
            rows.append(np.flatnonzero(ok))
            columns.append(place[there[ok] * (spins + 1) + turned[ok]])
            upper = np.maximum(k, turned)[ok]
            squares.append(np.maximum(n, there)[ok] * upper * (spins + 1 - upper))
    order = np.lexsort((np.concatenate(columns), np.concatenate(rows)))
    row, column, square = (np.concatenate(parts)[order] for parts in (rows, columns, squares))
    # Jx² <= N²/4: ‖QHψ‖² <= (2λ/ω√N)² n (N²/4) of the uppermost n.
    outside = np.where(n == photons - 1, photons * spins * (coupling / mode) ** 2 * (1.0 + 1e-12), 0.0)
    return ExactMatrix(
        starts=np.searchsorted(row, np.arange(len(n) + 1)).astype(np.int64),
        columns=column,
        elements=_elements(Fraction(coupling) / Fraction(mode), Fraction(spin) / Fraction(mode), spins, n, k, square),
        outside=outside,
    )


def _elements(
    coupling: Fraction, spin: Fraction, spins: int, n: NDArray[Any], k: NDArray[Any], square: NDArray[Any]
) -> Callable[[int], NDArray[Any]]:
    """The elements as integers; those off the diagonal negative, as they are with (-1)^n in the basis."""
    ratio = coupling * coupling / spins
    distinct, which = np.unique(square, return_inverse=True)

    def elements(bits: int) -> NDArray[Any]:
        roots = [-math.isqrt((ratio.numerator * int(s) << (2 * bits)) // ratio.denominator) for s in distinct]
        found = np.array(roots, dtype=object)[which]
        half = spin / 2
        found[square == 0] = [
            (int(a) << bits) + ((half.numerator * (2 * int(b) - spins)) << bits) // half.denominator
            for a, b in zip(n, k, strict=True)
        ]
        return found

    return elements
