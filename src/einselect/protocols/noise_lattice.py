"""The points at which a function of a noisy parameter is worked out, on lattices that each refine the one before.

Sums over a regular lattice with Gaussian weights converge faster than any power of its spacing h: for f = exp(ikx) and
x of standard deviation σ the error is about exp(-(2πσ/h - kσ)²/2). So h = σ is enough for what changes little over a σ,
and half of that for phases of a few radians per σ. A phase of just 2π from point to point is invisible, on that
lattice and on every coarser one: so each has another one beside it, of a spacing that has no common multiple with it
(short of every number), as a check. Two properties make lattices better here than Gauss-Hermite rules:
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
_FIRST = 1.6  # spacing over width at most: there the first refinement changes a smooth mean by 4e-4 of its variation
_GOLDEN = 0.5 * (1.0 + math.sqrt(5.0))

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
    checks : list
        For each rule but the exact one another, of incommensurate spacing about 1.6 times its own.
    """

    rules: list[Rule]
    exact: bool
    checks: list[Rule]


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
        return Axis([[(1.0, 1.0)]], exact=True, checks=[])
    # A power of two: the same point is the same number in every rule of every width.
    spacings = [2.0 ** (math.floor(math.log2(_FIRST * width)) - k) for k in range(_REFINEMENTS)]
    rules = [_points(width, spacing) for spacing in spacings]
    return Axis(rules, exact=False, checks=[_points(width, _GOLDEN * spacing) for spacing in spacings])


def _points(width: float, spacing: float) -> Rule:
    count = math.floor(REACH * width / spacing)
    offsets = spacing * np.arange(-count, count + 1)
    weights = np.exp(-0.5 * (offsets / width) ** 2)
    return list(zip((1.0 + offsets).tolist(), (weights / weights.sum()).tolist(), strict=True))


def discrete(numbers: AtomNumbers, centre: int, every: bool) -> Axis:
    """Atom numbers: every one of them, or coarser lattices about `centre` first.

    Examples
    --------
    >>> from einselect.protocols import Noise
    >>> from einselect.protocols.noise_lattice import discrete
    >>> [len(rule) for rule in discrete(Noise(spins=10.0).numbers(370), 370, every=False).rules]
    [14, 26, 54, 107]
    """
    rules, checks = [], []
    # In steps of two, so that even and odd numbers stay apart.
    step = 2 ** math.ceil(math.log2(max(numbers.std, 1.0))) // 2
    while not (every or numbers.given) and step > 1:
        rules.append(_every(numbers, centre, step))
        checks.append(_every(numbers, centre, (3 * step // 2) | 1))  # odd: no common divisor with a power of two
        step //= 2
    rules.append(list(zip(numbers.values.tolist(), numbers.weights.tolist(), strict=True)))
    return Axis(rules, exact=True, checks=checks)


def _every(numbers: AtomNumbers, centre: int, step: int) -> Rule:
    """Every so many even numbers and odd numbers from `centre`, each kind with its whole probability."""
    points: Rule = []
    offsets = numbers.values - centre
    for parity in (0, 1):
        among = offsets % 2 == parity
        chosen = offsets % (2 * step) == parity
        weights = numbers.weights[chosen]
        share = float(numbers.weights[among].sum()) / float(weights.sum())
        points += zip(numbers.values[chosen].tolist(), (share * weights).tolist(), strict=True)
    return points
