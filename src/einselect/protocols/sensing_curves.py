"""The curves of a sensing protocol on given levels, and on as many levels as they need to settle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..dynamics import Lindbladian, linear_response, unitary_response
from ..errors import InputError, ResolutionError
from ..level_set import LevelSet
from ..levels import Levels
from ..models.base import most_levels
from ..rates import JumpOperator
from .fisher import fisher_of_derivative, fisher_of_generator, generator_matrices
from .outcomes import Outcomes
from .readout import fisher_of_probabilities
from .sensing_states import starting_state
from .spin_squeezing import moment_matrices, moments_of, parameters

Array = NDArray[np.float64]
_LADDER = (12, 16, 20, 26, 32, 38, 44, 50)
# What is compared from one number of levels to the next, and against the maximum of what.
_COMPARED = {
    "qfi_rotation": "qfi_rotation",
    "qfi_field": "qfi_field",
    "cfi_field": "qfi_field",  # which bounds it; by itself it may be rounding only
    "kitagawa_ueda": "kitagawa_ueda",
    "wineland": "wineland",
}
_HOPE = 10.0  # an extrapolation is trusted to this factor


@dataclass(frozen=True)
class Sensing:
    """What is asked, on whatever levels.

    Attributes
    ----------
    model : LMG or alike
    jumps : tuple of JumpOperator
    state : str or array_like
        As for `starting_state`.
    times : ndarray, shape (t,)
    signal : operator
    frequency, phase : float
        Of the field.
    shearing : float
        Of the twisted state.
    readout : operator
        What is read of a system that is no collective spin.
    """

    model: Any
    jumps: tuple[JumpOperator, ...]
    state: Any
    times: Array
    signal: Any
    frequency: float
    phase: float
    shearing: float
    readout: Any = "Jz"


@dataclass(frozen=True)
class Curves:
    """The curves, and how well they are known.

    Attributes
    ----------
    levels : LevelSet
    values : dict of str to ndarray
        Over time (and axis).
    change : float
        Largest difference against fewer levels, relative to the maximum; 0 with all levels, nan with no comparison.
    outside : float
        Weight of the start beyond the levels.
    trace_error : float
        Bound on |ρ - ρ_k|_1.
    """

    levels: LevelSet
    values: dict[str, Any]
    change: float
    outside: float
    trace_error: float


def settled_curves(task: Sensing, levels: int | str, tolerance: float) -> Curves:
    """The curves on as many levels as the tolerance asks for, or on those that are given.

    Raises
    ------
    ResolutionError
        If they still change, or by the last two changes would still change, with 50 levels.
    """
    whole = most_levels(task.model)
    counts = _counts(task, levels, whole)
    automatic = levels == "auto"
    before: dict[str, Any] | None = None
    change = math.nan
    tried: list[tuple[int, float]] = []
    for count in counts:
        kept = task.model.levels(count)
        if automatic and count < counts[-1] and _start(task, kept)[1] > 0.1 * tolerance:
            continue  # while that much of the start is missing there is no need to look at the dynamics
        found = curves(task, kept)
        change = 0.0 if count == kept.dimension else math.nan if before is None else _change(before, found)
        before = found
        tried.append((count, change))
        if automatic and (change <= tolerance or not _hopeful(tried, counts[-1], tolerance)):
            break
    if automatic and not change <= tolerance:
        raise ResolutionError(
            f"the curves still change by {change:.2g} of their maximum at {count} levels, and would not settle to the "
            f"tolerance {tolerance:g} by {counts[-1]}: give levels, a larger tolerance, shorter times or a state on "
            "fewer levels"
        )
    named, amplitudes, outside = as_start(*_start(task, kept))
    path = Lindbladian(kept, list(task.jumps)).states(named, task.times[-1:], coherent=amplitudes)
    return Curves(kept, found, float(change), outside, path.trace_error)


def _counts(task: Sensing, levels: int | str, whole: int) -> list[int]:
    """The numbers of levels to try, ascending."""
    given = 0 if np.ndim(task.state) == 0 else len(np.asarray(task.state))
    if levels == "auto":
        counts = [k for k in _LADDER if max(2, given) <= k < whole]
        return [*counts, whole] if whole <= _LADDER[-1] or not counts else counts
    if isinstance(levels, str):
        raise InputError(f"levels must be 'auto' or a whole number; got {levels!r}")
    most = _checks.whole("levels", levels, max(2, given), whole)
    fewer = max(2, given, most - max(2, most // 4))
    return [fewer, most] if fewer < most < whole else [most]


def _hopeful(tried: list[tuple[int, float]], most: int, tolerance: float) -> bool:
    """Whether the changes, if they go on to fall as the last two did, meet the tolerance with the most levels."""
    known = [(count, change) for count, change in tried if change > 0.0]
    if len(known) < 2:
        return True
    (first, large), (second, small) = known[-2:]
    slope = math.log(small / large) / (second - first)
    return small * math.exp(min(slope, 0.0) * (most - second)) <= _HOPE * tolerance


def _start(task: Sensing, levels: LevelSet) -> tuple[NDArray[Any], float]:
    return starting_state(task.model, levels, task.state, task.shearing)


def as_start(rho: NDArray[Any], outside: float) -> tuple[Any, NDArray[Any] | None, float]:
    """The start as the dynamics takes it: a state with weight elsewhere goes in by its amplitudes."""
    if not outside:
        return rho, None, 0.0
    values, vectors = np.linalg.eigh(rho)
    return "spin-coherent", np.sqrt(values[-1]) * vectors[:, -1], outside


def _change(before: dict[str, Any], now: dict[str, Any]) -> float:
    """Largest difference of two sets of curves, each relative to its maximum."""
    worst = 0.0
    for name, measure in _COMPARED.items():
        if name not in now:
            continue
        size = float(np.nanmax(np.abs(now[measure]), initial=0.0))
        difference = np.abs(now[name] - before[name])
        if size and not np.all(np.isnan(difference)):
            worst = max(worst, float(np.nanmax(difference)) / size)
    return worst


def curves(task: Sensing, levels: LevelSet) -> dict[str, Any]:
    """Every curve on given levels."""
    start, outside = _start(task, levels)
    lindbladian = Lindbladian(levels, list(task.jumps))
    field = {"frequency": task.frequency, "phase": task.phase}
    named, amplitudes, _ = as_start(start, outside)
    answer = linear_response(lindbladian, named, task.times, task.signal, coherent=amplitudes, **field)
    ideal = unitary_response(levels, start, task.times, task.signal, **field)
    shown = Outcomes(levels, task.readout)
    p, change = (np.array([shown.values(rho) for rho in some]) for some in (answer.rho, answer.derivative))
    signs = [np.array([shown.signs(rho) for rho in some]) for some in (answer.rho, answer.derivative)]
    turning = generator_matrices(levels, task.signal)
    return {
        "qfi_rotation": fisher_of_generator(answer.rho, *turning),
        "qfi_rotation_ideal": fisher_of_generator(ideal.rho, *turning),
        "qfi_field": fisher_of_derivative(answer.rho, answer.derivative),
        "cfi_field": fisher_of_probabilities(p, change),
        "cfi_sign": fisher_of_probabilities(*signs),
        "qfi_field_ideal": fisher_of_derivative(ideal.rho, ideal.derivative),
        **(_squeezing(answer.rho, levels) if isinstance(levels, Levels) else {}),
    }


def _squeezing(rho: NDArray[Any], levels: Levels) -> dict[str, Any]:
    """Squeezing parameters, of a collective spin."""
    mean, second = moments_of(rho, *moment_matrices(levels))
    variance, direction, kitagawa, wineland = parameters(mean, second, levels.spins)
    return {
        "kitagawa_ueda": kitagawa,
        "wineland": wineland,
        "variance_min": variance,
        "mean_spin": mean,
        "squeezed_direction": direction,
    }
