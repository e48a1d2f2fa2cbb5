"""Many dephasing rates at the price of a few: what depends smoothly on γ is interpolated, and checked.

exp(𝓛t) is an entire function of γ, so that polynomials on Chebyshev points converge faster than any power.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_FIRST = 12
_CHECKS = 6
_MARGIN = 4.0
"""The worst rate is not among those checked: between them the error was seen up to three times as large."""


def over_rates(
    function: Callable[[Array], tuple[Array, float]], rates: Array, scale: float, tolerance: float
) -> tuple[Array, float]:
    """`function` at all rates, shape (g, ...), and its error; worked out at few of them where that is enough.

    Parameters
    ----------
    function : callable
        From rates (g,) to values (g, ...) and their error.
    rates : ndarray
        Any order.
    scale : float
        γ from which on the values change by orders: the variable is ln(1 + γ/scale).
    tolerance : float
        Accepted error of the interpolation: four times the largest found at some of the rates that were asked for.

    Returns
    -------
    values : ndarray
    error : float
        Of the function plus that of the interpolation.

    Examples
    --------
    >>> import numpy as np
    >>> from einselect.protocols.rate_axis import over_rates
    >>> rates = np.linspace(0.0, 2.0, 200)
    >>> values, error = over_rates(lambda g: (np.exp(-g), 0.0), rates, 1.0, 1e-9)
    >>> bool(np.abs(values - np.exp(-rates)).max() < 1e-9), error < 1e-9
    (True, True)
    """
    from scipy.interpolate import BarycentricInterpolator

    count = _FIRST
    low, high = float(rates.min()), float(rates.max())
    if high == low:
        values, error = function(rates[:1])
        return np.repeat(values, len(rates), axis=0), error
    ends = np.log1p(np.array([low, high]) / scale)
    at = np.log1p(rates / scale)
    while 2 * count < len(rates):
        # Points of the second kind: the ends are among them.
        nodes = ends[0] + (ends[1] - ends[0]) * 0.5 * (1.0 - np.cos(np.pi * np.arange(count) / (count - 1)))
        checks = _between(np.arccos(np.clip(1.0 - 2.0 * (at - ends[0]) / (ends[1] - ends[0]), -1.0, 1.0)), count)
        values, error = function(np.concatenate((np.expm1(nodes) * scale, rates[checks])))
        fitted = np.asarray(BarycentricInterpolator(nodes, values[:count])(at))
        wrong = _MARGIN * float(np.abs(fitted[checks] - values[count:]).max())
        if wrong <= tolerance:
            fitted[checks] = values[count:]
            return fitted, error + wrong
        count *= 2
    return function(rates)


def _between(angles: Array, count: int) -> NDArray[np.intp]:
    """Rates to check, one in each part of the axis: those that lie most nearly halfway between two nodes."""
    gaps = angles * (count - 1) / np.pi
    off = np.abs(gaps - np.floor(gaps) - 0.5)
    part = np.minimum((angles * _CHECKS / np.pi).astype(int), _CHECKS - 1)
    inside = [np.flatnonzero(part == p) for p in np.unique(part)]
    return np.array([some[np.argmin(off[some])] for some in inside])
