"""The points at which a function of a noisy parameter is worked out, on lattices that each refine the one before.

Sums over a regular lattice with Gaussian weights converge faster than any power of its spacing h: for f = exp(ikx) and
x of standard deviation σ the error is about exp(-(2πσ/h - kσ)²/2). So h = σ is enough for what changes little over a σ,
and half of that for phases of a few radians per σ. Two properties make lattices better here than Gauss-Hermite rules:
all points of one are points of the next, and the spacing is a power of two, so that neighbouring widths share them.

Atom numbers are a lattice already, on which the sum over every number is exact. Coarser ones take every 2^k-th number,
even and odd ones apart: sgn(Jz) is zero at m = 0, which only even N has, so that a function of N may be two functions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .noise_kinds import AtomNumbers

REACH = 5.5
"""Continuous parameters are summed up to this many standard deviations."""
BEYOND = math.erfc(REACH / math.sqrt(2.0))
"""Probability beyond, 4e-8."""
_REFINEMENTS = 6

Rule = list[tuple[float, float]]
"""Points and weights."""


@dataclass(frozen=True)
class Axis:
    """Rules for one noisy parameter.

    Attributes
    ----------
    rules : list
        Each has the points of the one before.
    exact : bool
        Whether the last one is the sum itself.
    """

    rules: list[Rule]
    exact: bool


def continuous(width: float) -> Axis:
    """Factors 1 + width x for x ~ N(0, 1).

    Examples
    --------
    >>> from einselect.protocols.noise_lattice import continuous
    >>> rule = continuous(0.01).rules[0]
    >>> len(rule), round(sum(w * (x - 1.0) ** 2 for x, w in rule) ** 0.5, 9)
    (7, 0.01)
    """
    if not width:
        return Axis([[(1.0, 1.0)]], exact=True)
    spacing = 2.0 ** math.ceil(math.log2(width))
    rules = []
    for k in range(_REFINEMENTS):
        step = spacing / 2**k
        count = math.floor(REACH * width / step)
        # Multiples of a power of two: the same point is the same number in every rule of every width.
        offsets = step * np.arange(-count, count + 1)
        weights = np.exp(-0.5 * (offsets / width) ** 2)
        rules.append(list(zip((1.0 + offsets).tolist(), (weights / weights.sum()).tolist(), strict=True)))
    return Axis(rules, exact=False)


def discrete(numbers: AtomNumbers, centre: int, every: bool) -> Axis:
    """Atom numbers: every one of them, or coarser lattices about `centre` first.

    Examples
    --------
    >>> from einselect.protocols import Noise
    >>> from einselect.protocols.noise_lattice import discrete
    >>> [len(rule) for rule in discrete(Noise(spins=10.0).numbers(370), 370, every=False).rules]
    [14, 26, 54, 107]
    """
    values, weights = numbers.values, numbers.weights
    rules: list[Rule] = []
    spacing = 2 ** math.ceil(math.log2(max(numbers.std, 1.0)))
    offsets = values - centre
    while not (every or numbers.given) and spacing > 2:
        points: Rule = []
        for parity in (0, 1):
            among = offsets % 2 == parity
            chosen = offsets % spacing == parity
            share = float(weights[among].sum()) / float(weights[chosen].sum())
            points += zip(values[chosen].tolist(), (share * weights[chosen]).tolist(), strict=True)
        rules.append(points)
        spacing //= 2
    rules.append(list(zip(values.tolist(), weights.tolist(), strict=True)))
    return Axis(rules, exact=True)
