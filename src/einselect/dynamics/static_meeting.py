"""Where static and white noise on the same operator have taken as much of a coherence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks

if TYPE_CHECKING:
    from .quasi_static import QuasiStaticNoise

Array = NDArray[np.float64]

# Where both have fallen to 1e-6 it does not matter any more which is the smaller one.
_HORIZON = 14.0
_GRID, _CHUNK = 600, 50


@dataclass(frozen=True)
class Meeting:
    """Where static and white noise have taken as much of a coherence.

    Attributes
    ----------
    time : float or None
        First t > 0 with |S_ab(t)| = exp(-Γ_ab t), to a grid of 600 times; None if there is none before Γ_ab t = 14.
    left : float or None
        |S_ab| then.
    rate : float
        Γ_ab.
    """

    time: float | None
    left: float | None
    rate: float


def meeting_of(noise: QuasiStaticNoise, a: int | str | ArrayLike, b: int | str | ArrayLike, gamma: float) -> Meeting:
    """When static noise has taken as much of |a><b| as white noise of power γ > 0; see `QuasiStaticNoise.meeting`."""
    from scipy.optimize import brentq

    rate = noise.rate(a, b, _checks.positive("gamma", gamma))
    if rate == 0.0 or noise.width == 0.0:
        return Meeting(None, None, rate)

    def excess(times: ArrayLike) -> Array:
        grid = np.asarray(times, dtype=np.float64)
        return np.asarray(np.log(np.maximum(np.abs(noise.retention(a, b, grid)), 1e-300)) + rate * grid)

    last = _HORIZON / rate
    grid = np.geomspace(0.1 * min(gamma / noise.width**2, last), last, _GRID)
    for start in range(0, _GRID - 1, _CHUNK):  # early ones first: they take fewer shots
        piece = grid[start : start + _CHUNK + 1]
        below = np.flatnonzero(excess(piece) < 0.0)
        if len(below) and below[0] > 0:
            low, high = piece[below[0] - 1], piece[below[0]]
            time = float(brentq(lambda t: float(excess([t])[0]), low, high, rtol=1e-10))
            return Meeting(time, math.exp(-rate * time), rate)
    return Meeting(None, None, rate)
