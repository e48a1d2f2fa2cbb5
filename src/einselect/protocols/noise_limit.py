"""The largest noise that a signal bears: where it first falls below its bound."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from .._representation import Shown

_RELATIVE = 1e-2
_DOUBLINGS = 6


@dataclass(frozen=True)
class NoiseLimit(Shown):
    """Largest noise of one kind with which K3 still exceeds 1.

    Attributes
    ----------
    kind : str
        "spins" (σ_N, atoms), "field", "coupling" (relative) or "temperature" (k_B T in the model's unit).
    value : float or None
        None where K3 <= 1 without it; inf where K3 > 1 up to the largest value tried.
    tried : float
        The largest value allowed.
    error : float
        Of the value: how far the root was followed, and the error of K3 over its slope.
    hold : str
        What stays the same as N changes.
    warnings : tuple of str
    """

    kind: str
    value: float | None
    tried: float
    error: float = 0.0
    hold: str = "coupling"
    warnings: tuple[str, ...] = ()


def last_above(
    excess: Callable[[float], tuple[float, float]], largest: float, kind: str, hold: str = "coupling"
) -> NoiseLimit:
    """Where a function that starts above zero first falls below it.

    Parameters
    ----------
    excess : callable
        From a width to the value and its error.
    largest : float
        Where to stop.
    kind, hold : str
        What the limit is one of.

    Returns
    -------
    NoiseLimit
        To 1 %.

    Examples
    --------
    >>> from einselect.protocols.noise_limit import last_above
    >>> found = last_above(lambda x: (0.3 - 0.1 * x, 0.001), 50.0, "spins")
    >>> round(found.value, 1), last_above(lambda x: (0.3, 0.001), 50.0, "spins").value
    (3.0, inf)
    """
    from scipy.optimize import brentq

    known = cache(excess)
    start, error = known(0.0)
    if start <= error:
        return NoiseLimit(kind, None, largest, hold=hold)
    # Steps that double find the crossing; the far ones, which cost most, are taken only if it is far out.
    low, high = 0.0, largest / 2**_DOUBLINGS
    while known(high)[0] > 0.0:
        if high >= largest:
            return NoiseLimit(kind, math.inf, largest, hold=hold)
        low, high = high, min(2.0 * high, largest)
    root = float(brentq(lambda x: known(x)[0], low, high, rtol=_RELATIVE, xtol=0.1 * _RELATIVE * high))
    near = low if 0.9 * root < low < 0.99 * root else 0.9 * root  # not the root itself, which may be where a step ended
    slope = (known(near)[0] - known(root)[0]) / (root - near)
    uncertain = known(root)[1] / slope if slope > 0.0 else math.inf
    return NoiseLimit(kind, root, largest, _RELATIVE * root + uncertain, hold)
