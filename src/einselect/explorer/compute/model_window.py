"""Where both rates mean something, for any model: along two of its parameters, and on the map of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...rates import DephasingRates
from ...regime import Thresholds
from ...window import Window, window_along
from ..axes import VIEWS, Axis, check, parameter_of, present, symbol_of, unit_of, values
from ..jobs import Job
from ..state import State, System
from .doublets import Pair, at, ratio_of, tried
from .model_map import blank, same_plane, solve, with_bath

if TYPE_CHECKING:
    import xarray

Interval = tuple[float, float]


@dataclass(frozen=True)
class Cut:
    """Both ratios along one parameter, and where they mean something.

    Attributes
    ----------
    name, symbol, unit : str
        Of the parameter.
    now : float
        Its present value.
    curve : xarray.Dataset
        eta_exact and eta_mf over it; NaN where no symmetry is broken, or where there is none.
    within : tuple of float
        What the window was looked for in.
    window : Window or None
        None where the model takes no other value than the present one.
    secular, thermal : tuple of float, or None
        What is shaded: the range in which all conditions hold, and the thermal zone in it.
    """

    name: str
    symbol: str
    unit: str
    now: float
    curve: xarray.Dataset
    within: Interval
    window: Window | None
    secular: Interval | None
    thermal: Interval | None


@dataclass(frozen=True)
class ModelWindow:
    """What the page Window shows of a model.

    Attributes
    ----------
    state : State
    system : System
    rates : DephasingRates
        At the present point.
    cuts : tuple of Cut
        Along the first and the second parameter.
    plane : xarray.Dataset
        eta_exact, eta_mf and the number of each condition over two parameters, the upright one first.
    solved : bool
        Whether the map is there: all of it is NaN where only the curves were asked for.
    thresholds : Thresholds
    """

    state: State
    system: System
    rates: DephasingRates
    cuts: tuple[Cut, ...]
    plane: xarray.Dataset
    solved: bool
    thresholds: Thresholds

    @property
    def quantities(self) -> tuple[str, ...]:
        """The ratios that there are: η_MF only of a jump operator that has a mean field."""
        some = any(np.isfinite(cut.curve.eta_mf.values).any() for cut in self.cuts)
        return (*(("eta_mf",) if some else ()), "eta_exact")


def compute(state: State, job: Job, known: ModelWindow | None = None, *, whole: bool = True) -> ModelWindow:
    """The answer to a state of any model.

    Parameters
    ----------
    state : State
    job : Job
    known : ModelWindow, optional
        An answer to another state, whose map may be that of this one.
    whole : bool
        Whether to solve the map, which takes longer than all else.

    Returns
    -------
    ModelWindow

    Raises
    ------
    InputError
        Outside the ordered phase, and above the bounds of the page.

    Examples
    --------
    >>> from einselect.explorer.compute.model_window import compute
    >>> from einselect.explorer.jobs import Job
    >>> from einselect.explorer.state import State
    >>> state = State.example("bose-josephson")
    >>> answer = compute(state, Job())
    >>> [cut.name for cut in answer.cuts], list(answer.plane.sizes)
    (['spins', 'interaction'], ['spins', 'interaction'])
    >>> answer.cuts[0].window.verdict
    'both rates are well defined from N = 174 to N = 204'
    """
    system = state.system()
    check(system)
    views, limits = VIEWS[system.entry.name], Thresholds()
    cuts = []
    for place, axis in enumerate(views.curves):
        job.progress(0.25 * place)
        cuts.append(_cut(system, axis, limits, job))
    job.progress(0.5)
    static = blank(system, views)
    kept = known is not None and known.solved and same_plane(known.system, known.plane, system, static)
    if known is not None and kept:
        static = known.plane.drop_vars(["secular", "thermal"], errors="ignore")
    elif whole:
        static = solve(system, static, job)
    plane = with_bath(static, system.rate, system.kt)
    return ModelWindow(state, system, system.rates, tuple(cuts), plane, kept or whole, limits)


def _cut(system: System, axis: Axis, limits: Thresholds, job: Job) -> Cut:
    import xarray

    name, along = axis.name, values(system, axis)
    found = [tried(system, {name: value}, job) for value in along]
    symbol, unit, now = symbol_of(system, name), unit_of(system, name), present(system, name)
    columns = {key: (name, [ratio_of(pair, key) for pair in found]) for key in ("eta_exact", "eta_mf")}
    curve = xarray.Dataset(columns, {name: (name, along, {"symbol": symbol, "units": unit or "1"})})
    within = _within(along, [pair is not None for pair in found], now)

    if within[0] == within[1]:
        return Cut(name, symbol, unit, now, curve, within, None, None, None)

    def build(value: float) -> Pair:
        job.check()
        return at(system, {name: value})

    whole = parameter_of(system, name).least is not None
    window = window_along(
        build,
        name,
        (int(within[0]), int(within[1])) if whole else within,
        gamma=system.gamma,
        temperature=system.temperature,
        thresholds=limits,
        unit=unit,
    )
    first = DephasingRates(at(system, {name: within[0]}), system.rate, system.kt, limits)
    thermal = _interval(window.thermal_min, window.thermal_max)
    return Cut(name, symbol, unit, now, curve, within, window, _shaded(window, within, first), thermal)


def _within(along: Sequence[float], resolved: Sequence[bool], now: float) -> Interval:
    """The longest stretch of values that the model takes, around the present one; that alone where there are none."""
    low = high = now
    for value, known in reversed([pair for pair in zip(along, resolved, strict=True) if pair[0] <= now]):
        if not known:
            break
        low = value
    for value, known in [pair for pair in zip(along, resolved, strict=True) if pair[0] >= now]:
        if not known:
            break
        high = value
    return low, high


def _shaded(window: Window, within: Interval, first: DephasingRates) -> Interval | None:
    """The range that a window stands for: one without an end on a side reaches the end of what was looked at."""
    low, high = window.minimum, window.maximum
    if low is None and high is None and not _all_hold(first):
        return None
    return within[0] if low is None else low, within[1] if high is None else high


def _all_hold(rates: DephasingRates) -> bool:
    """Whether wells, isolation and, with dephasing, the secular condition hold: of a window without ends."""
    if rates.regime.name in ("disordered", "critical"):
        return False
    asked = ("double well", "isolation", *(("secular",) if rates.gamma else ()))
    return all(c.holds for c in rates.regime.conditions if c.name in asked)


def _interval(low: float | None, high: float | None) -> Interval | None:
    return None if low is None or high is None else (low, high)


def dataset(answer: ModelWindow) -> xarray.Dataset:
    """The map, and the curves with axes of their own; windows and the present point as attributes."""
    import xarray

    found: dict[Any, Any] = dict(answer.plane.data_vars)
    coordinates: dict[Any, Any] = dict(answer.plane.coords)
    system = answer.system
    attributes: dict[str, Any] = {"model": system.entry.name, "jump": answer.rates.doublet.jump}
    for cut in answer.cuts:
        own = f"{cut.name}_of_curve"
        coordinates[own] = (own, cut.curve[cut.name].values, cut.curve[cut.name].attrs)
        found |= {f"{n}_over_{cut.name}": (own, cut.curve[n].values) for n in ("eta_mf", "eta_exact")}
        attributes[f"point_{cut.name}"] = cut.now
        kept = {k: v for k, v in (vars(cut.window) if cut.window else {}).items() if isinstance(v, str | int | float)}
        attributes |= {f"window_over_{cut.name}_{k}": v for k, v in kept.items()}
    return xarray.Dataset(found, coordinates, attributes)
