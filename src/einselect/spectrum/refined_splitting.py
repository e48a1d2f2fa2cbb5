"""The splitting of two blocks to all its digits: space and precision raised until it has them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from .refined import ExactMatrix, refined_level

_ACCURACY = Fraction(1, 10**13)
_MOST_DIGITS = 400
_TRIALS = 8

Blocks = Callable[[int, int], tuple[ExactMatrix, ExactMatrix] | None]


@dataclass(frozen=True)
class RefinedSplitting:
    """ΔE of a doublet worked out to many digits.

    Attributes
    ----------
    log : float
        ln ΔE, ΔE in the unit of the model.
    error : float
        Bound on the relative error of ΔE, that of the logarithm's rounding included.
    """

    log: float
    error: float

    @property
    def value(self) -> float:
        """ΔE; 0 where it is below the smallest double."""
        return math.exp(self.log) if self.log > -745.0 else 0.0


def refined_splitting(
    blocks: Blocks, guesses: tuple[float, float], digits: int, unit: float
) -> RefinedSplitting | None:
    """Difference of the lowest levels of two blocks, to about 13 digits of its own.

    Parameters
    ----------
    blocks : callable
        ``blocks(digits, times)`` gives both, the one that has the ground state first, in a space that is large enough
        for that many digits behind the point, enlarged a number of times; None where that is too large.
    guesses : (float, float)
        Both levels in double precision.
    digits : int
        To begin with.
    unit : float
        Energy that the blocks are in units of.

    Returns
    -------
    RefinedSplitting or None
        None where the space would be too large, or more than 400 digits are needed.
    """
    times = 0
    for _ in range(_TRIALS):
        pair = blocks(digits, times) if digits <= _MOST_DIGITS else None
        if pair is None:
            return None
        bits = math.ceil(digits * math.log2(10.0))
        lower, upper = (refined_level(block, bits, guess) for block, guess in zip(pair, guesses, strict=True))
        difference, error = upper.energy - lower.energy, max(upper.error, lower.error)
        if difference > 0 and error <= _ACCURACY * difference:
            log = _log(difference) + math.log(unit)
            return RefinedSplitting(log, float(error / difference) + 2.0**-52 * (1.0 + abs(log)))
        if error * 10**digits > 10**6:  # it is the cut, and not the digits
            times += 1
        else:
            digits = math.ceil(1.4 * digits)
    return None


def poisson_cut(digits: int, mean: float) -> int:
    """n that a Poisson distribution exceeds with a probability of 10^-digits, by Chernoff's bound, and a few more.

    Examples
    --------
    >>> from einselect.spectrum.refined_splitting import poisson_cut
    >>> poisson_cut(30, 10.0)
    75
    """
    n = mean + 10.0
    while mean - n + n * math.log(n / max(mean, 1e-3)) < digits * math.log(10.0):
        n *= 1.02
    return math.ceil(n) + 8


def _log(value: Fraction) -> float:
    """Natural logarithm of a positive number of any size."""
    shift = value.numerator.bit_length() - value.denominator.bit_length()
    scaled = value / (Fraction(2) ** shift)
    return math.log(float(scaled)) + shift * math.log(2.0)
