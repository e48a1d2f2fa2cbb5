"""Second moments and the transition moment of Jz in a doublet, and the ratios made of them, free of cancellation.

The same formulas serve one doublet (numbers) and a table of many (arrays, one entry a doublet).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments of Jz in a doublet: numbers, or arrays over many doublets.

    Attributes
    ----------
    j01 : float or ndarray
        J01 = <E0|Jz|E1> = <P|Jz|P>.
    leakage_even, leakage_odd : float or ndarray
        q_i - J01² = sum over n >= 2 of |<E_i|Jz|E_n>|²   [25].
    """

    j01: Any
    leakage_even: Any
    leakage_odd: Any

    @property
    def q0(self) -> Any:
        """<E0|Jz²|E0>."""
        return self.j01 * self.j01 + self.leakage_even

    @property
    def q1(self) -> Any:
        """<E1|Jz²|E1>."""
        return self.j01 * self.j01 + self.leakage_odd

    @property
    def leakage(self) -> Any:
        """G01 - J01², the mean leakage: also the variance of Jz in either pointer state."""
        return 0.5 * (self.leakage_even + self.leakage_odd)

    @property
    def g01(self) -> Any:
        """G01 = (q0 + q1)/2 [11]."""
        return self.j01 * self.j01 + self.leakage

    @property
    def eta_exact(self) -> Any:
        """(G01 + J01²)/G01 [2], written 2 - leakage/G01 so that it stays below 2."""
        return 2.0 - self.leakage / self.g01


def dot(a: Array, b: Array) -> float:
    """Inner product of two vectors."""
    return float(a.dot(b))


def dot_rows(a: Array, b: Array) -> Array:
    """Inner products row by row."""
    return np.asarray(np.einsum("ij,ij->i", a, b))


def moments(
    x: Array, centre: float | Array, even: Array, odd: Array, inner: Callable[[Array, Array], Any] = dot
) -> Moments:
    """Moments of Jz from block vectors.

    The leakage is a small difference of large numbers, q_i ~ N², so all is summed around the centre c of the
    wave packet and through the difference of the two vectors:
    q_u - J01² = c²(1 - s²) + 2c(<x>_u - s X) + <x²>_u - X², s = <u|v>, X = <u|x|v>. Sites with m = 0 may be
    among them: the odd vector vanishes there.

    Parameters
    ----------
    x : ndarray
        m - c of each site.
    centre : float or ndarray
        c, near the peak of the wave packet.
    even, odd : ndarray
        Normalised block vectors (the same array where both parities agree).
    inner : callable
        Inner product: `dot` for vectors, `dot_rows` for many at once.
    """
    xu = x * even
    if odd is even:
        mean = inner(xu, even)
        spread = inner(xu, xu) - mean * mean
        return Moments(centre + mean, spread, spread)
    xv, difference = x * odd, even - odd
    defect = 0.5 * inner(difference, difference)  # 1 - s
    cross = inner(xu, odd)
    shared = centre * centre * defect * (2.0 - defect) - cross * cross
    # <x>_u - sX = <u|x|u-v> + (1-s)X, <x>_v - sX = -<v|x|u-v> + (1-s)X
    even_tilt = inner(xu, difference) + defect * cross
    odd_tilt = defect * cross - inner(xv, difference)
    return Moments(
        (1.0 - defect) * centre + cross,
        shared + 2.0 * centre * even_tilt + inner(xu, xu),
        shared + 2.0 * centre * odd_tilt + inner(xv, xv),
    )
