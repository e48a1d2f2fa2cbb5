"""The window of any model along one of its parameters: N where it has one, a coupling where it has none.

The conditions are those of `regime`. They are looked at on a grid of values, and every change between two of them is
found by bisection: a change and its return between two neighbouring values would be missed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from .. import _checks
from ..errors import InputError
from ..models.registry import MODELS
from ..rates import DephasingRates, dephasing_rates
from ..regime import Thresholds
from .answer import Edge, Window

Run = tuple[float, float]
_LARGEST = 100_000_000
_POINTS = 25
_STEP = 1.5
_RESOLUTION = 1e-4  # of the range
_NAMES = {
    "double well": ("double well", "double well end"),
    "isolation": ("isolation", "isolation end"),
    "secular": ("secular start", "secular"),
    "thermal": ("thermal low", "thermal high"),
}


def window_along(
    build: Callable[[Any], Any],
    axis: str = "spins",
    within: tuple[float, float] | None = None,
    *,
    gamma: float | str | None = None,
    temperature: float | str | None = None,
    jump: Any = None,
    thresholds: Thresholds | None = None,
    points: int = _POINTS,
    unit: str = "",
) -> Window:
    """Range of a parameter where there are two wells with an isolated doublet and 2ΔE T2 ≫ 1, and the thermal zone.

    Parameters
    ----------
    build : callable
        The model at a value of the parameter.
    axis : str
        Name of the parameter; whole numbers for "spins" and "sites", real ones for any other.
    within : tuple of float, optional
        Smallest and largest value to look at. Of N all from 2 on unless given.
    gamma : float or str, optional
        Rate of the jump operator; without it the secular condition is left out.
    temperature : float or str, optional
    jump : str or operator, optional
        Default: the model's natural one.
    thresholds : Thresholds, optional
    points : int
        Values of the grid, of a real parameter.
    unit : str
        Of the parameter, to be shown.

    Returns
    -------
    Window
        The widest one, where there are several.

    Raises
    ------
    InputError
        For a range that is none, or missing.

    Examples
    --------
    Photon loss from the Dicke model along N, and from the Rabi model along its coupling:

    >>> from einselect import Dicke, Rabi
    >>> from einselect.window import window_along
    >>> found = window_along(lambda n: Dicke(n, 0.7), gamma=1e-4)
    >>> found.spins_min, found.spins_max, found.upper_limit
    (2, 10, 'secular')
    >>> window_along(Rabi, "coupling", (0.5, 2.0), gamma=1e-4, points=5).verdict
    'both rates are well defined from coupling = 0.6375 to 1.801'
    """
    limits = thresholds or Thresholds()
    whole = axis in ("spins", "sites")
    if within is None:
        if axis != "spins":
            raise InputError(f"within must be given for {axis}: the smallest and the largest value; got none")
        within = (2, _LARGEST)
    low, high = (_checks.number("within", value) for value in within)
    if not low < high or (whole and (low != int(low) or high != int(high))):
        kind = "whole numbers" if whole else "numbers"
        raise _checks.fail("within", f"two {kind}, the smaller one first", within)

    @cache
    def at(value: float) -> DephasingRates:
        model = build(int(value) if whole else value)
        return dephasing_rates(model, gamma, temperature=temperature, jump=jump, thresholds=limits)

    def holds(name: str, value: float) -> bool:
        regime = at(value).regime
        if regime.name in ("disordered", "critical") and name == "double well":
            return False
        return next(c.holds for c in regime.conditions if c.name == name) is True

    names = ["double well", "isolation"]
    names += ["secular"] if at(low).gamma else []
    grid = _sizes(low, high, holds, names) if whole else _even(low, high, _checks.whole("points", points, 3, 10_000))
    smallest = 1.0 if whole else _RESOLUTION * (high - low)
    runs = {name: _runs(lambda v, name=name: holds(name, v), grid, smallest, whole) for name in names}  # type: ignore[misc]
    if at(low).temperature:  # each side by itself: the zone may lie between two values of the grid
        sides = [_runs(lambda v, side=side: _warm(at(v), side), grid, smallest, whole) for side in (0, 1)]  # type: ignore[misc]
        runs["thermal"] = _meet(sides)
    joint = _meet([runs[name] for name in names])
    best = max(joint, key=lambda run: run[1] - run[0], default=None)
    kept = {name: _nearest(found, best) for name, found in runs.items()}
    zone = _widest(_meet([[best], runs["thermal"]])) if best and "thermal" in runs else None
    ends = grid[0], grid[-1]
    bounds = {name: run for name, run in kept.items() if run and name != "thermal"}
    lower = _which(bounds, 0, best, ends[0], whole and low <= 2)
    upper = _which(bounds, 1, best, ends[1], False)
    edges = [edge for name, run in kept.items() for edge in _edges(name, run, ends, at, whole)]
    minimum = None if best is None or (lower == "none" and not whole) else best[0]
    maximum = None if best is None or upper == "none" else best[1]
    return Window(
        axis=axis,
        minimum=_value(minimum, whole),
        maximum=_value(maximum, whole),
        thermal_min=_value(zone[0] if zone else None, whole),
        thermal_max=_value(zone[1] if zone else None, whole),
        lower_limit=lower,
        upper_limit=upper,
        edges=tuple(edges),
        verdict=_verdict(axis, best, minimum, maximum, zone, kept, ends, at, "thermal" in runs),
        where=_where(at(grid[-1]), axis),
        unit=unit,
        is_empty=best is None,
    )


def _warm(rates: DephasingRates, side: int) -> bool:
    """Whether ΔE/(k_B T) is on the right side of the lower (0) or upper (1) end of the thermal zone."""
    limit = rates.thresholds.thermal[side] * (rates.temperature or 0.0)
    bound, log = rates.doublet.splitting_bound, rates.doublet.log_splitting
    if log is None:
        return side == 1 and bound is not None and bound <= limit
    return log >= math.log(limit) if side == 0 else log <= math.log(limit)


def _sizes(low: float, high: float, holds: Callable[[str, float], bool], names: Sequence[str]) -> list[float]:
    """Growing N, until there are wells with an isolated doublet and, with dephasing, no longer a secular condition."""
    grid, n = [low], low
    while n < high:
        settled = all(holds(name, n) for name in names if name != "secular")
        if settled and ("secular" not in names or not holds("secular", n)):
            break
        n = min(high, float(max(int(n) + 1, int(_STEP * n))))
        grid.append(n)
    return grid


def _even(low: float, high: float, count: int) -> list[float]:
    return [low + (high - low) * i / (count - 1) for i in range(count)]


def _runs(holds: Callable[[float], bool], grid: Sequence[float], smallest: float, whole: bool) -> list[Run]:
    """Stretches of the grid where a condition holds, their ends found by bisection: values at which it does hold."""
    found: list[Run] = []
    begin: float | None = grid[0] if holds(grid[0]) else None
    for left, right in pairwise(grid):
        before, after = holds(left), holds(right)
        if before == after:
            continue
        inside, outside = (right, left) if after else (left, right)
        while abs(inside - outside) > smallest:
            middle = 0.5 * (inside + outside)
            middle = float(int(middle)) if whole else middle
            inside, outside = (middle, outside) if holds(middle) else (inside, middle)
        if after:
            begin = inside
        elif begin is not None:
            found.append((begin, inside))
            begin = None
    return [*found, (begin, grid[-1])] if begin is not None else found


def _meet(sets: Sequence[Sequence[Run]]) -> list[Run]:
    """Where stretches of all the sets overlap."""
    common: list[Run] = list(sets[0])
    for other in sets[1:]:
        common = [(max(a, c), min(b, d)) for a, b in common for c, d in other if max(a, c) <= min(b, d)]
    return common


def _widest(runs: Sequence[Run]) -> Run | None:
    return max(runs, key=lambda run: run[1] - run[0], default=None)


def _nearest(runs: Sequence[Run], window: Run | None) -> Run | None:
    """The stretch of a condition that holds the window, or else its widest."""
    if window is not None:
        held = [run for run in runs if run[0] <= window[1] and window[0] <= run[1]]
        return _widest(held or runs)
    return _widest(runs)


def _which(bounds: dict[str, Run], side: int, window: Run | None, end: float, closed: bool) -> str:
    """The condition that ends the window on a side; "none" at an end of what was looked at, unless that is N = 2."""
    if window is None or (window[side] == end and not closed):
        return "none"
    return next((name for name, run in bounds.items() if run[side] == window[side]), "none")


def _edges(name: str, run: Run | None, ends: Run, at: Callable[[float], DephasingRates], whole: bool) -> list[Edge]:
    first, last = _NAMES[name]
    asked = next(c for c in at(ends[0]).regime.conditions if c.name == name)
    quantity = asked.requirement.split(" >=")[0] if name != "thermal" else "ΔE/k_BT"

    def edge(condition: str, value: float) -> Edge:
        number = next(c.value for c in at(value).regime.conditions if c.name == name)
        return Edge(condition, _value(value, whole), number, quantity)

    if run is None:
        return [Edge(last if name == "secular" else first, None, None, quantity)]
    begins = run[0] != ends[0] or (whole and name != "secular")
    return [*([edge(first, run[0])] if begins else []), *([edge(last, run[1])] if run[1] != ends[1] else [])]


def _value(value: float | None, whole: bool) -> float | None:
    return value if value is None or not whole else int(value)


def _shown(value: float) -> str:
    return f"{value:.4g}" if value != int(value) else f"{int(value)}"


def _verdict(
    axis: str,
    best: Run | None,
    minimum: float | None,
    maximum: float | None,
    zone: Run | None,
    kept: dict[str, Run | None],
    ends: Run,
    at: Callable[[float], DephasingRates],
    has_temperature: bool,
) -> str:
    symbol = "N" if axis == "spins" else axis
    if best is None:
        missing = [name for name, run in kept.items() if run is None and name != "thermal"]
        seen = f"from {symbol} = {_shown(ends[0])} to {_shown(ends[1])}"
        why = f"the condition {missing[0]!r} holds nowhere" if missing else "the conditions hold, but not together"
        return f"no {symbol} qualifies {seen}: {why}"
    text = f"both rates are well defined from {symbol} = {_shown(best[0])}"
    if minimum is None:
        text += ", where the search began,"
    if maximum is not None:
        text += f" to {_shown(best[1])}" if symbol == axis else f" to N = {_shown(best[1])}"
        beyond = at(maximum + 1 if symbol == "N" else maximum + _RESOLUTION * (ends[1] - ends[0]))
        if beyond.doublet.splitting_bound is not None and beyond.gamma:
            text += "; beyond, ΔE is below rounding"
    elif axis == "spins" and not at(best[0]).gamma:
        text += " on, without an upper end"
    else:
        text += f" on, to the end of what was looked at, {_shown(ends[1])}"
    if has_temperature:
        text += (
            f"; the thermal zone inside it is {symbol} = {_shown(zone[0])} to {_shown(zone[1])}"
            if zone
            else "; the thermal zone does not meet it"
        )
    return text


def _where(rates: DephasingRates, axis: str) -> str:
    """The parameters that stay, in the symbols of the Hamiltonian, of the model at one value."""
    source: Any = rates.doublet.source
    entry = next((entry for entry in MODELS.values() if entry.make is type(source)), None)
    if entry is None:
        return type(source).__name__
    unit = " rad/s" if source.energy_unit == "rad/s" else ""
    shown = [entry.name]
    for parameter in entry.parameters:
        value = getattr(source, parameter.name)
        if parameter.name != axis and (value or parameter.default != 0.0):
            values = value if parameter.many else [value]
            written = ", ".join(f"{v:.6g}" for v in values)
            shown.append(f"{parameter.symbol} = {written}{unit if parameter.energy else ''}")
    return ", ".join(shown)
