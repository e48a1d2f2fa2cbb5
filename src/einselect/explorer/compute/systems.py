"""Every model of the registry at its own parameters: its doublet, its levels, what each jump operator spares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _checks
from ...errors import EinselectError, InputError
from ...level_set import LevelSet
from ...models.base import most_levels
from ...rates import DephasingRates
from ...sweeps import Atlas, SystemComparison, SystemRow, bath_atlas, compare_systems, parameter_curve, standard_systems
from ...sweeps.systems import parameters_of
from .. import bounds
from ..jobs import Job
from ..state import State, System

if TYPE_CHECKING:
    import xarray

_SHOWN = 12
_POINTS = 25
_FACTOR = 4.0


@dataclass(frozen=True)
class SystemAnswer:
    """A model at its parameters.

    Attributes
    ----------
    system : System
    rates : DephasingRates
        Of its doublet, under the jump operator asked for.
    levels : LevelSet
        The lowest ones.
    atlas : Atlas
        Both rates under each of its jump operators.
    """

    system: System
    rates: DephasingRates
    levels: LevelSet
    atlas: Atlas


def system_answer(system: System, *, count: str = str(_SHOWN), job: Job | None = None) -> SystemAnswer:
    """The doublet of a model, its lowest levels, and what each of its jump operators does to both coherences.

    Parameters
    ----------
    system : System
    count : str
        Levels to show; fewer where the model has fewer.
    job : Job, optional

    Returns
    -------
    SystemAnswer

    Examples
    --------
    >>> from einselect.explorer.compute.systems import system_answer
    >>> from einselect.explorer.state import State
    >>> answer = system_answer(State.example("dicke").system())
    >>> for row in answer.atlas.rows:
    ...     print(row.jump, row.parity, f"{row.eta:.3f}")
    a odd 1.997
    x odd 1.961
    Jx odd 1.979
    J- odd 1.983
    Jz even 1.000
    n even 1.000
    """
    from ...cli.options import whole

    job = Job() if job is None else job
    model = system.model
    shown = whole("levels", count, 2, bounds.SHOWN_LEVELS)
    levels = model.levels(min(shown, most_levels(model)))
    job.progress(0.4)
    rates = system.rates
    job.progress(0.6)
    atlas = bath_atlas(model, None if hasattr(model, "operator") else tuple(system.entry.jumps))
    return SystemAnswer(system, rates, levels, atlas)


SETTINGS = {"levels": str(_SHOWN), "along": "none", "compare": "no"}
"""Of the page Systems, as ``systems.levels`` and so on, with their defaults."""


@dataclass(frozen=True)
class SystemsAnswer:
    """What the page Systems shows.

    Attributes
    ----------
    answer : SystemAnswer
    axis : str
        The parameter of the curve, "none" for none.
    curve : xarray.Dataset or None
    comparison : SystemComparison or None
    """

    answer: SystemAnswer
    axis: str
    curve: xarray.Dataset | None
    comparison: SystemComparison | None

    def dataset(self) -> xarray.Dataset:
        """What there is to take away: the curve where one is drawn, else the jump operators and levels."""
        import xarray

        if self.curve is not None:
            return self.curve
        rows, levels = self.answer.atlas.rows, self.answer.levels
        columns: dict[str, Any] = {
            name: ("jump", [_number(getattr(row, name)) for row in rows])
            for name in ("eigenstate_moment", "pointer_moment", "eta", "eta_restricted", "leakage_share")
        }
        columns |= {name: ("jump", [getattr(row, name) for row in rows]) for name in ("parity", "spared")}
        unit = {"units": levels.energy_unit}
        columns |= {
            "energy": ("level", np.asarray(levels.energies), unit),
            "excitation": ("level", np.asarray(levels.excitations), unit),
            "level_parity": ("level", np.asarray(levels.parities)),
        }
        attributes = {"model": self.answer.system.entry.name, "parameters": parameters_of(self.answer.system.model)}
        coordinates = {"jump": [row.jump for row in rows], "level": np.arange(len(levels))}
        return xarray.Dataset(columns, coordinates, attributes)


def curve_key(state: State) -> tuple[Any, ...]:
    """What the curve depends on."""
    kept = {name: text for name, text in state.entries.items() if name not in ("gamma", "temperature")}
    return state.model, tuple(kept.items()), state.option("systems.along", "none")


def compute(
    state: State,
    job: Job,
    known_curve: xarray.Dataset | None = None,
    known_comparison: SystemComparison | None = None,
) -> SystemsAnswer:
    """What the page Systems shows of a state; what takes seconds is given where it is there already."""
    own = {name: bounds.setting(state.options, f"systems.{name}", default) for name, default in SETTINGS.items()}
    _checks.one_of("compare", own["compare"], ("no", "yes"))
    answer = system_answer(state.system(), count=own["levels"])
    job.progress(0.2)
    found = None if own["along"] == "none" else known_curve
    if found is None and own["along"] != "none":
        found = curve(state, own["along"], job=job)
    both = None if own["compare"] == "no" else known_comparison or comparison(job)
    return SystemsAnswer(answer, own["along"], found, both)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def comparison(job: Job | None = None) -> SystemComparison:
    """All systems of the package side by side, one after the other.

    Parameters
    ----------
    job : Job, optional

    Returns
    -------
    SystemComparison
        That of `compare_systems`.
    """
    job = Job() if job is None else job
    points = standard_systems()
    rows: list[SystemRow] = []
    for done, point in enumerate(points):
        job.progress(done / len(points))
        rows += compare_systems([point]).rows
    return SystemComparison(points, tuple(rows))


def axes_of(state: State) -> tuple[str, ...]:
    """The parameters of the state's model that a curve can run along: those that are given, and not zero."""
    found = []
    for parameter in state.system().entry.parameters:
        value = state.entries.get(parameter.name, "")
        if value and getattr(state.system().model, parameter.name):
            found.append(parameter.name)
    return tuple(found)


def curve(state: State, axis: str, *, job: Job | None = None) -> xarray.Dataset:
    """Both ratios of a model along one of its parameters, from a quarter of its value to four times that.

    Points that the model refuses, such as a field beyond the bounds of its parameters, are left out.

    Parameters
    ----------
    state : State
    axis : str
        One of `axes_of`.
    job : Job, optional

    Returns
    -------
    xarray.Dataset
        As of `parameter_curve`.

    Examples
    --------
    >>> from einselect.explorer.compute.systems import curve
    >>> from einselect.explorer.state import State
    >>> found = curve(State.example("rabi"), "coupling")
    >>> float(found.coupling[0]), float(found.coupling[-1]), found.sizes["coupling"]
    (0.625, 10.0, 25)
    """
    import xarray

    job = Job() if job is None else job
    _checks.one_of("axis", axis, axes_of(state))
    entry = next(p for p in state.system().entry.parameters if p.name == axis)
    parts: list[xarray.Dataset] = []
    values = _along(float(getattr(state.system().model, axis)), entry.least)
    for done, value in enumerate(values):
        job.progress(done / len(values))
        try:
            system = _at(state, axis, value)
            parts.append(parameter_curve(lambda model: model, [system.model], axis=axis, jump=system.jump))
        except EinselectError:
            continue
    if not parts:
        raise InputError(f"{axis} must have a value near {values[len(values) // 2]:.6g} that the model takes; got none")
    return xarray.concat(parts, axis, combine_attrs="drop_conflicts")


def _at(state: State, axis: str, value: float) -> System:
    unit = " rad/s" if state.system().model.energy_unit == "rad/s" and _is_energy(state, axis) else ""
    return state.with_entry(axis, f"{value!r}{unit}").system()


def _is_energy(state: State, axis: str) -> bool:
    return next(p for p in state.system().entry.parameters if p.name == axis).energy


def _along(value: float, least: int | None) -> list[Any]:
    found = value * np.geomspace(1.0 / _FACTOR, _FACTOR, _POINTS)
    if least is None:
        return [float(v) for v in found.tolist()]
    return sorted({max(least, round(v)) for v in found.tolist()})
