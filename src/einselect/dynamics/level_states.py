"""What `Lindbladian.states` answers: the density matrices themselves, and how far the truncation may put them off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .propagate import Flow
from .truncation import state_flow

if TYPE_CHECKING:
    from .lindbladian import Lindbladian

Array = NDArray[np.float64]
_BOUND_GRID = 65


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


def states_of(owner: Lindbladian, rho: NDArray[Any], outside: float, times: Array) -> LevelStates:
    """ρ(t) on the levels from ρ(0); |ρ - ρ_k|_1 by Duhamel's formula once, since a channel is contractive."""
    states = _states(owner, rho, times)
    if len(owner.levels) == owner.levels.dimension or not times[-1]:
        return LevelStates(times, states, outside, float(2.0 * np.sqrt(outside) + outside))
    # The integral of the bound needs a regular grid that is fine enough.
    fine, grid = states, times
    if times[0] > 0.0 or len(times) < _BOUND_GRID or np.ptp(np.diff(times)) > 1e-9 * times[-1]:
        grid = np.linspace(0.0, times[-1], _BOUND_GRID)
        fine = _states(owner, rho, grid)
    return LevelStates(times, states, outside, float(state_flow(owner.edges, fine, grid, outside).outer))


def _states(owner: Lindbladian, rho: NDArray[Any], times: Array) -> NDArray[np.complex128]:
    k = len(owner.levels)
    states = np.zeros((len(times), k, k), dtype=complex)
    for sector in owner.sectors:
        start = sector.coordinates(rho)
        if np.any(start):
            sector.add_operators(Flow(sector.generator, times).forward(start), states)
    return states
