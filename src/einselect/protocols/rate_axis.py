"""Many dephasing rates at the price of a few: what depends smoothly on γ is interpolated, and checked.

exp(𝓛t) is an entire function of γ, so that polynomials on Chebyshev points converge faster than any power.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_FIRST = 12
_CHECKS = 3


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
        Accepted error of the interpolation, as found at rates that were asked for.

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
        distance = np.abs(at[:, None] - nodes).min(axis=1)
        checks = np.argsort(distance)[-_CHECKS:]
        values, error = function(np.concatenate((np.expm1(nodes) * scale, rates[checks])))
        fitted = np.asarray(BarycentricInterpolator(nodes, values[:count])(at))
        wrong = float(np.abs(fitted[checks] - values[count:]).max())
        if wrong <= tolerance:
            fitted[checks] = values[count:]
            return fitted, error + wrong
        count *= 2
    return function(rates)
