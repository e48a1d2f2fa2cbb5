"""The options of a sweep as a study: parameters with one value or many, options of quantities, zipped axes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from . import options

if TYPE_CHECKING:
    from ..studies.specification import Study
    from .systems import System

_GROUP = Group("Options of quantities", sort_key=2)


def _of_quantity(text: str, metavar: str) -> Parameter:
    """An option of the group that decides what quantities mean."""
    return Parameter(help=text, metavar=metavar, negative="", show_default=False, group=_GROUP)


@dataclass(frozen=True, kw_only=True)
class QuantityOptions:
    """Options of quantities, as text; None where one was not given. Each may have several values."""

    time: Annotated[str | None, _of_quantity("When the dynamics is read: '2 T2' (default 1 T2), '0.2 ms'.", "T")] = None
    state: Annotated[
        str | None, _of_quantity("State: pointer (default), ground, eigen-superposition, spin-coherent.", "STATE")
    ] = None
    levels: Annotated[str | None, _of_quantity("Levels of the dynamics: auto, full or a number.", "K")] = None
    tolerance: Annotated[str | None, _of_quantity("Accepted error of the dynamics.", "ERROR")] = None
    level: Annotated[
        str | None, _of_quantity("Description of K3: A, B, two-level, C, converged (default).", "LEVEL")
    ] = None
    initial: Annotated[str | None, _of_quantity("Initial state of K3 (default ground).", "STATE")] = None
    tau: Annotated[str | None, _of_quantity("Interval of K3 (default π/(3ΔE)).", "TAU")] = None
    form: Annotated[str | None, _of_quantity("Form of K3: stationary (default) or three-time.", "FORM")] = None
    generator: Annotated[str | None, _of_quantity("G of a rotation or a field (default: order parameter).", "G")] = None
    frequency: Annotated[str | None, _of_quantity("ω of a field, or resonant (default 0).", "ω")] = None
    phase: Annotated[str | None, _of_quantity("φ of a field in radians (default 0).", "φ")] = None
    noise_spins: Annotated[str | None, _of_quantity("Shot noise of N: σ_N in atoms, or poisson.", "σ")] = None
    noise_field: Annotated[str | None, _of_quantity("Shot noise of the field: σ_Γ/Γ.", "σ")] = None
    noise_coupling: Annotated[str | None, _of_quantity("Shot noise of the coupling: σ_J/J.", "σ")] = None
    hold: Annotated[str | None, _of_quantity("What stays as N varies: coupling (default), interaction.", "WHAT")] = None


WantedOptions = Annotated[QuantityOptions, Parameter(name="*")]
NO_OPTIONS = QuantityOptions()
_NAMES = ("state", "levels", "level", "initial", "form", "generator", "hold")


def given(part: Any) -> dict[str, str]:
    """What was typed of a group of options, by name."""
    texts = {item.name: getattr(part, item.name) for item in fields(part) if item.name != "model"}
    return {name: text for name, text in texts.items() if text is not None}


def read_study(
    system: System,
    bath: dict[str, str],
    wanted: list[str],
    chosen: QuantityOptions,
    zipped: list[str],
) -> Study:
    """The study that the options describe: what has several values is an axis.

    Parameters
    ----------
    system : System
        Model and its parameters.
    bath : dict of str to str
        gamma, temperature and jump, as far as they were given.
    wanted : list of str
        Quantities; those of a sweep that the model has where none is named.
    chosen : QuantityOptions
    zipped : list of str
        Groups of axes, as "spins,gamma".

    Raises
    ------
    InputError
        As of `Study.plan`.
    """
    from ..models.registry import model_entry
    from ..studies.catalogue import QUANTITIES
    from ..studies.specification import Study
    from ..sweeps.quantities import DEFAULT

    entry = model_entry(system.model)
    lists = [p.name for p in entry.parameters if p.many]
    whole = {p.name: p.least for p in entry.parameters if p.least is not None}
    tables: dict[str, dict[str, Any]] = {"parameters": {}, "bath": {}, "options": {}}
    axes: dict[str, list[Any]] = {}
    for table, texts in (("parameters", given(system)), ("bath", bath), ("options", given(chosen))):
        for name, text in texts.items():
            if name in lists:
                tables[table][name] = [options.plain(part.strip()) for part in text.split(",")]
                continue
            value = _value(name, text, whole)
            if isinstance(value, list):
                axes[name] = value
            else:
                tables[table][name] = value
    known = [name for name in DEFAULT if not QUANTITIES[name].models or entry.name in QUANTITIES[name].models]
    groups = [[name.strip().replace("-", "_") for name in text.split(",")] for text in zipped]
    return Study(model=entry.name, axes=axes, quantities=wanted or known, zip=groups, **tables)


def _value(name: str, text: str, whole: dict[str, int]) -> Any:
    """One value, or those of an axis."""
    if name in whole:
        return options.whole_axis(name, text, whole[name])
    if name in _NAMES or name == "jump":
        items = [item.strip() for item in text.split(",")]
        return items if len(items) > 1 else items[0]
    return options.axis(name, text)
