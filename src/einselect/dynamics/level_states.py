"""What `Lindbladian.states` answers: the density matrices themselves, and how far the truncation may put them off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LevelStates:
    """Density matrices on the levels, in time.

    Attributes
    ----------
    times : ndarray, shape (t,)
    rho : ndarray, shape (t, k, k)
        <E_a|ρ(t)|E_b>; the trace is 1 - `outside` at all times.
    outside : float
        Weight of the initial state outside of the levels.
    trace_error : float
        Bound on |ρ(t) - ρ_k(t)|_1 for all of the times: |<O>| is missed by no more than this times |O|.
    """

    times: Array
    rho: NDArray[np.complex128]
    outside: float
    trace_error: float
