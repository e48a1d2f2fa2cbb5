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
_THREADED = 8192  # OpenBLAS uses threads for inner products above 10⁴


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
    """Inner product of two vectors, without the threads that BLAS starts for long ones: they cost more than that."""
    return float(a.dot(b) if len(a) < _THREADED else np.einsum("i,i->", a, b))


def dot_rows(a: Array, b: Array) -> Array:
    """Inner products row by row, as a column; each depends on its own row only, to the last bit."""
    return np.asarray(np.vecdot(a, b))[:, None]


def moments(sites: Array, even: Array, odd: Array, inner: Callable[[Array, Array], Any] = dot) -> Moments:
    """Moments of Jz from block vectors.

    Jz|E0> = J01|E1> + what leaks, so the leakage is |Jz|E0> - J01|E1>|²: a sum of squares, into which an error of
    the vectors enters by its square, where q_0 - J01² would be the small difference of large numbers.

    Parameters
    ----------
    sites : ndarray
        m >= 0 of each site (m = 0 may be among them: the odd vector vanishes there).
    even, odd : ndarray
        Normalised block vectors (the same array where both parities agree).
    inner : callable
        Inner product: `dot` for vectors, `dot_rows` for many at once.
    """
    turned = sites * even
    j01 = inner(turned, odd)
    leaked = turned - j01 * odd
    leakage = inner(leaked, leaked)
    if odd is even:
        return Moments(j01, leakage, leakage)
    leaked = sites * odd - j01 * even
    return Moments(j01, leakage, inner(leaked, leaked))
