"""From a specification to a plan: parameters read and checked, dimensions, labels, suggested chunks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .. import _checks
from .._version import __version__
from ..errors import InputError
from ..models.registry import ModelEntry, model_entry
from ..rates import units_of
from .catalogue import Quantity, quantity
from .plan import Coordinate, Plan, Variable
from .question import Question, Values, read_values

if TYPE_CHECKING:
    from .specification import Study

_BATH = {"gamma": ("rate", "rate γ of the jump operator"), "temperature": ("temperature", "k_B T")}
_MOST_POINTS = 50_000
_SYMBOL_NAMES = {"spins": "number of spins N", "field": "transverse field Γ", "coupling": "coupling J"}


def make_plan(study: Study) -> Plan:
    """The plan of a study; see `Study.plan`."""
    entry = model_entry(study.model)
    asked = [quantity(name) for name in dict.fromkeys(study.quantities)]
    dims = _dimensions(study)
    values = _values(study, entry, dims)
    for item in asked:
        for need in item.needs:
            if need not in values:
                raise InputError(f"bath.{need} must be given for the quantity {item.name}; got none")
    unit = _energy_unit(entry, values)
    question = Question(study.model, values, tuple(item.name for item in asked), unit)
    lengths = {v.dim: len(v.items) for v in values.values() if v.dim}
    names = tuple(dict.fromkeys(dims.values()))
    shape = tuple(lengths[name] for name in names)
    return Plan(
        dims=names,
        shape=shape,
        coordinates={name: _coordinate(values[name], entry, unit) for name in dims},
        variables={item.name: _variable(item, unit) for item in asked},
        attributes=_attributes(study, entry, values, unit),
        chunks=_chunks(names, shape, values, entry, study.chunk or _MOST_POINTS),
        question=question,
    )


def canonical(study: Study) -> dict[str, Any]:
    """See `Study.canonical`."""
    plan = study.plan()
    values = plan.question.values
    return {
        "schema": 1,
        "model": study.model,
        "parameters": {n: [v.items[0].item(), v.unit] for n, v in sorted(values.items()) if not v.dim},
        "axes": {n: {"dim": v.dim, "values": v.items.tolist(), "unit": v.unit} for n, v in values.items() if v.dim},
        "dims": list(plan.dims),
        "quantities": list(plan.question.quantities),
        "energy_unit": plan.question.energy_unit,
    }


def _dimensions(study: Study) -> dict[str, str]:
    """The dimension of each axis."""
    dims = {name: name for name in study.axes}
    items = study.axis_items()
    for group in study.zip:
        for name in group:
            _checks.one_of("zip", name, study.axes)
            if dims[name] != name or group.count(name) > 1:
                raise InputError(f"zip must name each axis once; got {name!r} again")
        sizes = {name: len(items[name]) for name in group}
        if len(group) < 2 or len(set(sizes.values())) > 1:
            raise InputError(f"zip must join two or more axes of one length; got {sizes}")
        dims |= dict.fromkeys(group, "_".join(group))
    return dims


def _values(study: Study, entry: ModelEntry, dims: Mapping[str, str]) -> dict[str, Values]:
    """Everything that decides the numbers, by name."""
    parameters = {p.name: p for p in entry.parameters}
    known = [*parameters, *_BATH, "jump"]
    given: dict[str, list[Any]] = {}
    for table, name, value in _fixed(study, parameters):
        given[name] = [value]
        if name in study.axes:
            raise InputError(f"{table}.{name} must be left out where it is an axis; got {value!r}")
    for name, items in study.axis_items().items():
        given[_checks.one_of("axes", name, known)] = items
    found: dict[str, Values] = {}
    for name, parameter in parameters.items():
        if name not in given and parameter.default is None:
            raise InputError(f"parameters.{name} must be given for the model {entry.name}; got none")
    for name in known:
        if name not in given:
            default = parameters[name].default if name in parameters else None
            if default is None:
                continue
            given[name] = [default]
        kind, least = "name", None
        if name in parameters:
            least = parameters[name].least
            kind = "whole" if least is not None else "energy" if parameters[name].energy else "number"
        elif name in _BATH:
            kind = _BATH[name][0]
        numbers, unit = read_values(name, kind, given[name], least)
        found[name] = Values(name, numbers, unit, dims.get(name, ""))
    return found


def _fixed(study: Study, parameters: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """What does not vary: table, name, value."""
    found: list[tuple[str, str, Any]] = []
    for name, value in study.parameters.items():
        found.append(("parameters", _checks.one_of("parameters", name, parameters), value))
    for name in ("gamma", "temperature", "jump"):
        value = getattr(study.bath, name)
        if value is not None:
            found.append(("bath", name, value))
    return found


def _energy_unit(entry: ModelEntry, values: Mapping[str, Values]) -> str:
    """Unit of the answers."""
    energies = [values[p.name] for p in entry.parameters if p.energy and p.name in values]
    if any(v.unit for v in energies):
        return "rad/s"
    j_counts = entry.name in ("lmg", "anisotropic") and set(values["coupling"].items.tolist()) == {1.0}
    return "J" if j_counts else "plain"


def _coordinate(values: Values, entry: ModelEntry, unit: str) -> Coordinate:
    units = units_of(unit)
    parameter = next((p for p in entry.parameters if p.name == values.name), None)
    if parameter is None:
        kind, text = _BATH.get(values.name, ("name", "jump operator L"))
        shown = {"rate": units["rate"], "temperature": units["energy"]}.get(kind, "1")
    else:
        text = _SYMBOL_NAMES.get(values.name, f"{parameter.symbol}") if entry.name == "lmg" else parameter.symbol
        shown = "1"
        if parameter.energy:
            shown = units["energy"] if values.unit or unit != "rad/s" else f"{parameter.symbol}/J"
    return Coordinate(values.items, values.dim, shown, text)


def _variable(item: Quantity, unit: str) -> Variable:
    units = units_of(unit)
    units |= {"": "1", **{f"{log} energy": f"{log}({units['energy']})" for log in ("ln", "log10")}}
    attrs: dict[str, Any] = {"units": units[item.unit], "long_name": item.formula}
    if item.categories:
        attrs["flag_values"] = list(range(-1, len(item.categories)))
        attrs["flag_meanings"] = " ".join(["none", *item.categories])
    return Variable("i1" if item.categories else "i8" if item.whole else "f8", attrs)


def _attributes(study: Study, entry: ModelEntry, values: Mapping[str, Values], unit: str) -> dict[str, Any]:
    found: dict[str, Any] = {"title": study.title} if study.title else {}
    found |= {"model": entry.name, "hamiltonian": entry.hamiltonian}
    found |= {name: v.given(0) for name, v in values.items() if not v.dim}
    return found | {"energy_unit": units_of(unit)["energy"], "software": f"einselect {__version__}"}


def _chunks(
    names: tuple[str, ...], shape: tuple[int, ...], values: Mapping[str, Values], entry: ModelEntry, most: int
) -> tuple[int, ...]:
    """Suggested block: whole dimensions of the bath first, then of the model from the last one on."""
    parameters = {p.name for p in entry.parameters}
    system = {v.dim for name, v in values.items() if name in parameters and v.dim}
    order = sorted(range(len(names)), key=lambda k: (names[k] in system, -k))
    found, left = [1] * len(names), most
    for k in order:
        found[k] = min(shape[k], max(1, left))
        left //= found[k]
    return tuple(math.ceil(size / math.ceil(size / part)) for size, part in zip(shape, found, strict=True))
