"""Where both rates mean something: η against N and field, and the map of both.

Of the LMG model under Jz here, up to a million spins; of any other model or jump operator in `model_window`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...models import LMG
from ...rates import DephasingRates
from ...regime import Thresholds
from ...sweeps import sweep
from ...sweeps.quantities import BATH
from ...window import Window, find_window
from .. import bounds
from ..jobs import Job
from ..state import State
from . import model_window
from .model_window import ModelWindow

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]
Interval = tuple[float, float]

LARGEST = 1_000_000
"""Largest N of the page: curves and map are solved up to there."""

_CURVE_POINTS = 60
_FIELD_POINTS = 50
_FIELDS = (0.02, 0.999)
_MAP_SPINS = (4, 100_000, 48)
_MAP_FIELDS = 56
_KEPT = 256  # curves, of a few kB each


@dataclass(frozen=True)
class WindowAnswer:
    """What the page Window shows.

    Attributes
    ----------
    rates : DephasingRates
        At the present point.
    window : Window
        The range of N at the present field.
    over_spins, over_field : xarray.Dataset
        η_MF and η_exact over N, and over Γ/J.
    secular_fields, thermal_fields : tuple of float, or None
        Ends of Γ/J at the present N with two wells where 2ΔE T2 is large, and of those where also ΔE is near k_B T;
        None where γ or T is not given or no field qualifies.
    plane : xarray.Dataset
        Over both; with `secular`, ln(2ΔE T2), and `thermal`, ln(ΔE/k_BT), where γ and T are given.
    thresholds : Thresholds
    """

    rates: DephasingRates
    window: Window
    over_spins: xarray.Dataset
    over_field: xarray.Dataset
    secular_fields: Interval | None
    thermal_fields: Interval | None
    plane: xarray.Dataset
    thresholds: Thresholds

    @property
    def point(self) -> tuple[int, float]:
        """N and Γ/J."""
        source: Any = self.rates.doublet.source
        return int(source.spins), float(source.field_ratio)


def of_lmg(state: State) -> bool:
    """Whether the page shows the LMG model under Jz, whose curves and map are those of this module."""
    return state.model == "lmg" and state.entries.get("jump", "") in ("", "Jz")


def compute(
    state: State, job: Job, known: ModelWindow | None = None, *, whole: bool = True
) -> WindowAnswer | ModelWindow:
    """The answer to a state; `known` and `whole` as of `model_window.compute`.

    Raises
    ------
    InputError
        Outside the ordered phase, and above a bound of the page.
    """
    return _compute(state, job) if of_lmg(state) else model_window.compute(state, job, known, whole=whole)


def _compute(state: State, job: Job) -> WindowAnswer:
    system = state.system()
    model: LMG = system.model
    bounds.check_most("spins", model.spins, LARGEST, "the page Window")
    if model.field_ratio >= 1.0:
        raise InputError(
            f"field must be below the coupling on the page Window: at field/coupling = {model.field_ratio:.6g} there "
            f"are no wells; got {state.entries['field']!r}"
        )
    # All conditions depend on ratios to J only.
    gamma, kt = (None if value is None else value / model.coupling for value in (system.rate, system.kt))
    limits = Thresholds()
    window = find_window(model.field_ratio, 1.0, gamma, kt, thresholds=limits)
    job.check()
    over_spins = _over_spins(model.field_ratio, _last(window, model.spins))
    job.check()
    over_field = _over_field(model.spins)
    secular, thermal = _field_windows(over_field, gamma, kt, limits)
    job.progress(0.3)
    plane = _with_bath(gamma, kt)
    return WindowAnswer(system.rates, window, over_spins, over_field, secular, thermal, plane, limits)


def _last(window: Window, spins: int) -> int:
    """Where the curve over N ends: past the window and the present point, at a round number."""
    ends = [edge.spins for edge in window.edges if edge.spins is not None]
    wanted = 2.0 * max([1000, spins, *ends])
    power = 10 ** math.floor(math.log10(wanted))
    return int(min(math.ceil(wanted / power) * power, 2 * LARGEST))


def _spread(low: int, high: int, count: int) -> list[int]:
    """Whole numbers by equal factors."""
    return [int(n) for n in np.unique(np.geomspace(low, high, count).round())]


def _fields(count: int) -> list[float]:
    """Γ/J, closer towards the critical point, where all depends on 1 - Γ/J."""
    low, high = _FIELDS
    return [float(f) for f in 1.0 - np.geomspace(1.0 - low, 1.0 - high, count)]


# A curve that does not depend on what is moved is not solved again; none of them is changed by anyone.
@lru_cache(maxsize=_KEPT)
def _over_spins(ratio: float, last: int) -> xarray.Dataset:
    return _ratios(_spread(4, last, _CURVE_POINTS), ratio)


@lru_cache(maxsize=_KEPT)
def _over_field(spins: int) -> xarray.Dataset:
    return _ratios(spins, _fields(_FIELD_POINTS))


def _ratios(spins: int | list[int], field: float | list[float]) -> xarray.Dataset:
    return sweep(spins, field, quantities=("eta_mf", "eta_exact"), processes=1, progress=False)


@cache
def _plane() -> xarray.Dataset:
    """Over N and Γ/J for J = 1, without bath: the same for every visitor."""
    names = ("eta_mf", "eta_exact", "g01", "log_splitting")
    return sweep(_spread(*_MAP_SPINS), _fields(_MAP_FIELDS), quantities=names, processes=1, progress=False)


@lru_cache(maxsize=16)
def _with_bath(gamma: float | None, kt: float | None) -> xarray.Dataset:
    """The map with the conditions on γ and T, by the formulas of the sweeps."""
    static = _plane()
    found = static.copy()
    if gamma:
        formula = BATH["log_secular_parameter"]
        found["secular"] = formula.compute(static.log_splitting, static.g01, gamma)
        found.secular.attrs = {"long_name": formula.formula}
    if kt:
        found["thermal"] = static.log_splitting - math.log(kt)
        found.thermal.attrs = {"long_name": "ln ΔE/(k_B T)"}
    return found


def _field_windows(
    curve: xarray.Dataset, gamma: float | None, kt: float | None, limits: Thresholds
) -> tuple[Interval | None, Interval | None]:
    """Γ/J with two wells where the secular condition holds, and those of them in the thermal zone.

    ΔE grows with the field, so each condition on it begins once; the wells end once, towards Γ = J.
    """
    spins, fields = int(curve.attrs["spins"]), curve.field.values
    low, high = float(fields[0]), float(fields[-1])

    @cache
    def at(field: float) -> DephasingRates:
        return DephasingRates(LMG(spins, field).doublet(), gamma, kt, limits)

    def crossing(excess: Callable[[DephasingRates], float], low: float, high: float) -> float:
        """Γ/J at which something changes its sign; `low` or `high` where it does not."""
        from scipy.optimize import brentq

        if excess(at(low)) >= 0.0:
            return low
        if excess(at(high)) < 0.0:
            return high
        # Searched in ln(1 - Γ/J), over which it is even: a picture needs three digits.
        found = brentq(lambda s: excess(at(1.0 - math.exp(s))), math.log(1.0 - high), math.log(1.0 - low), xtol=1e-3)
        return 1.0 - math.exp(float(found))

    def begins(logarithm: Callable[[DephasingRates], float | None], limit: float) -> float:
        return crossing(lambda r: (logarithm(r) or 0.0) - math.log(limit), low, high)

    wells = np.flatnonzero(curve.eta_mf.values >= limits.double_well)
    if len(wells) == 0 or not gamma:
        return None, None
    last = int(wells[-1])
    end = high
    if last + 1 < len(fields):
        end = crossing(
            lambda r: limits.double_well - (r.doublet.eta_mf or 0.0), float(fields[last]), float(fields[last + 1])
        )
    secular = begins(lambda r: r.log_secular_parameter, limits.secular), end
    if secular[0] >= end:
        return None, None
    if not kt:
        return secular, None
    cold, warm = (begins(lambda r: r.log_thermal_ratio, t) for t in limits.thermal)
    thermal = max(cold, secular[0]), min(warm, end)
    return secular, thermal if thermal[0] < thermal[1] else None


def dataset(answer: WindowAnswer | ModelWindow) -> xarray.Dataset:
    """The map, and the curves with axes of their own."""
    import xarray

    if isinstance(answer, ModelWindow):
        return model_window.dataset(answer)

    spins, ratio = answer.point
    found: dict[Any, Any] = dict(answer.plane.data_vars)
    for curve, axis in ((answer.over_spins, "spins"), (answer.over_field, "field")):
        own = f"{axis}_of_curve"
        found |= {
            f"{name}_over_{axis}": (own, curve[name].values, {**curve[name].attrs}) for name in ("eta_mf", "eta_exact")
        }
    coordinates: dict[Any, Any] = {
        **answer.plane.coords,
        "spins_of_curve": answer.over_spins.spins.values,
        "field_of_curve": answer.over_field.field.values,
    }
    window = {f"window_{k}": v for k, v in vars(answer.window).items() if isinstance(v, str | int | float)}
    attributes = {**answer.plane.attrs, **window, "point_spins": spins, "point_field": ratio}
    return xarray.Dataset(found, coordinates, attributes)
