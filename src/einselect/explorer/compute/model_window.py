"""Where both rates mean something, for any model: along two of its parameters, and on the map of two.

Every number is that of a doublet, solved once: curves, windows and map look each up by its parameters, and so does a
visitor who only moves the point, γ or T. A computation that is cancelled goes on where it was.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...doublet import Doublet
from ...errors import EinselectError
from ...jump_doublet import JumpDoublet
from ...matrix_levels import MatrixLevels
from ...models.registry import model_entry
from ...rates import DephasingRates, dephasing_rates
from ...regime import Thresholds, log_secular_parameter, log_thermal_ratio
from ...window import Window, window_along
from ..axes import VIEWS, Axis, Views, check, given_at, parameter_of, present, symbol_of, unit_of, values
from ..jobs import Job
from ..state import State, System

if TYPE_CHECKING:
    import xarray

Pair = Doublet | JumpDoublet
Interval = tuple[float, float]
_KEPT = 2048  # doublets, of 1 to 50 kB each
_LABELS = {
    "eta_exact": "Γ_PR/Γ_01",
    "eta_mf": "G_loc over Γ_01/γ",
    "wells": "number of the condition 'double well'",
    "isolation": "ln (E2-E0)/(E1-E0)",
    "log_splitting": "ln ΔE",
    "moment": "Γ_01/γ",
}


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
    static = _blank(system, views)
    kept = known is not None and known.solved and _same_plane(known, system, static)
    if known is not None and kept:
        static = known.plane.drop_vars(["secular", "thermal"], errors="ignore")
    elif whole:
        static = _solve(system, static, job)
    plane = _with_bath(static, system.rate, system.kt)
    return ModelWindow(state, system, system.rates, tuple(cuts), plane, kept or whole, limits)


def at(system: System, changed: Mapping[str, float]) -> Pair:
    """The doublet of a system with other values of some parameters, as the axes count them."""
    return _solved(system.entry.name, _key(system, changed), system.jump)


def _key(system: System, changed: Mapping[str, float]) -> tuple[tuple[str, Any], ...]:
    """The parameters of a system with some changed."""
    new = {name: given_at(system, name, value) for name, value in changed.items()}
    given = {**system.parameters, **new}
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in sorted(given.items()))


@lru_cache(maxsize=_KEPT)
def _solved(model: str, given: tuple[tuple[str, Any], ...], jump: str | None) -> Pair:
    built = model_entry(model).build({name: list(v) if isinstance(v, tuple) else v for name, v in given})
    found = dephasing_rates(built, jump=jump).doublet
    if isinstance(found, JumpDoublet) and isinstance(found.levels, MatrixLevels):
        # What is kept needs the energies only: operators and vectors take some 100 kB of each.
        empty = np.broadcast_to(np.zeros(1), found.levels.vectors.shape)
        found = replace(found, levels=replace(found.levels, vectors=empty, operators={}))
    return found


def _tried(system: System, changed: Mapping[str, float], job: Job) -> Pair | None:
    """The same; None where the model refuses the values."""
    job.check()
    try:
        return at(system, changed)
    except EinselectError:
        return None


def _cut(system: System, axis: Axis, limits: Thresholds, job: Job) -> Cut:
    import xarray

    name, along = axis.name, values(system, axis)
    found = [_tried(system, {name: value}, job) for value in along]
    symbol, unit, now = symbol_of(system, name), unit_of(system, name), present(system, name)
    columns = {key: (name, [_ratio(pair, key) for pair in found]) for key in ("eta_exact", "eta_mf")}
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


def _ordered(pair: Pair) -> bool:
    return getattr(pair.source, "phase", None) not in ("critical", "disordered")


def _ratio(pair: Pair | None, name: str) -> float:
    """A ratio; NaN where there is none, and without broken symmetry, where there are no pointer states."""
    value = None if pair is None or not _ordered(pair) else getattr(pair, name)
    return math.nan if value is None else float(value)


def _blank(system: System, views: Views) -> xarray.Dataset:
    """The map before it is solved."""
    import xarray

    names = [axis.name for axis in views.plane]
    both = [values(system, axis, count) for axis, count in zip(views.plane, views.cells, strict=True)]
    coordinates: dict[Any, Any] = {
        name: (name, along, {"symbol": symbol_of(system, name), "units": unit_of(system, name) or "1"})
        for name, along in zip(names, both, strict=True)
    }
    empty = [np.full((len(both[0]), len(both[1])), math.nan) for _ in _LABELS]
    variables: dict[Any, Any] = {
        name: (names, column, {"long_name": text}) for (name, text), column in zip(_LABELS.items(), empty, strict=True)
    }
    return xarray.Dataset(variables, coordinates)


def _same_plane(known: ModelWindow, system: System, blank: xarray.Dataset) -> bool:
    """Whether the map of an answer is that of a system: same model, jump operator, cells, and fixed parameters."""
    if (known.state.model, known.system.jump) != (system.entry.name, system.jump):
        return False
    if not all(np.array_equal(known.plane[name], blank[name]) for name in blank.dims):
        return False
    now = {name: float(blank[name][0]) for name in map(str, blank.dims)}  # the two that move put at the same place
    keys = _key(known.system, now), _key(system, now)
    return len(keys[0]) == len(keys[1]) and all(_alike(one, other) for one, other in zip(*keys, strict=True))


def _alike(one: tuple[str, Any], other: tuple[str, Any]) -> bool:
    """Whether a parameter is the same; values in proportion are rounded as they are typed."""
    first, second = one[1], other[1]
    listed = isinstance(first, tuple) and isinstance(second, tuple) and len(first) == len(second)
    if listed and all(isinstance(v, float) for v in (*first, *second)):
        return one[0] == other[0] and bool(np.allclose(first, second, rtol=1e-9, atol=0.0))
    return one == other


def _solve(system: System, blank: xarray.Dataset, job: Job) -> xarray.Dataset:
    """Ratios and what the conditions are made of, over two parameters."""
    names = [str(name) for name in blank.sizes]
    upright, across = (blank[name].values.tolist() for name in names)
    found = blank.copy(deep=True)
    for row, y in enumerate(upright):
        for column, x in enumerate(across):
            job.progress(0.5 + 0.5 * (row * len(across) + column) / (len(upright) * len(across)))
            for name, value in _cell(_tried(system, {names[0]: y, names[1]: x}, job)).items():
                found[name].values[row, column] = value
    return found


def _cell(pair: Pair | None) -> dict[str, float]:
    if pair is None:
        return {}
    wells = pair.separation if isinstance(pair, JumpDoublet) else pair.eta_mf
    ratio = pair.log10_gap_ratio
    found = {
        "eta_exact": _ratio(pair, "eta_exact"),
        "eta_mf": _ratio(pair, "eta_mf"),
        "wells": wells,
        "isolation": None if ratio is None else ratio * math.log(10.0),
        "log_splitting": pair.log_splitting,
        "moment": pair.eigenstate_moment,
    }
    return {name: float(value) for name, value in found.items() if value is not None}


def _with_bath(static: xarray.Dataset, gamma: float | None, kt: float | None) -> xarray.Dataset:
    """The conditions on γ and T; NaN where ΔE is not resolved."""
    found = static
    logs, moments = static.log_splitting.values, static.moment.values
    both = [
        (None if math.isnan(log) else float(log), float(moment))
        for log, moment in zip(logs.flat, moments.flat, strict=True)
    ]
    if gamma:
        secular = [log_secular_parameter(log, moment, gamma) for log, moment in both]
        found = found.assign(
            secular=(static.log_splitting.dims, _gaps(secular, logs.shape), {"long_name": "ln 2ΔE T2"})
        )
    if kt:
        thermal = [log_thermal_ratio(log, kt) for log, _ in both]
        found = found.assign(
            thermal=(static.log_splitting.dims, _gaps(thermal, logs.shape), {"long_name": "ln ΔE/(k_B T)"})
        )
    return found


def _gaps(found: Sequence[float | None], shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.array([math.nan if value is None else value for value in found]).reshape(shape)


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
