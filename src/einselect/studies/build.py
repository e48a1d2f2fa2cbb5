"""From a specification to a plan: parameters read and checked, dimensions, labels, suggested chunks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import _checks
from .._version import __version__
from ..errors import EinselectError, InputError
from ..models.registry import ModelEntry, Parameter, model_entry
from ..rates import in_unit_of, units_of
from .catalogue import OPTIONS, quantity
from .chunks import suggested_chunks
from .kinds import Quantity, quantity_units
from .plan import Coordinate, Plan, Variable
from .question import Question, Values, read_values

if TYPE_CHECKING:
    from .specification import Study

_BATH = {
    "gamma": ("rate", "rate γ of the jump operator"),
    "temperature": ("temperature", "k_B T"),
    "jump": ("name", "jump operator L"),
}
_COUNTED_IN_J = ("lmg", "anisotropic")
_LONG_NAMES = {"spins": "number of spins N", "field": "transverse field Γ", "coupling": "coupling J"}
_TRIES = 20


def make_plan(study: Study) -> Plan:
    """The plan of a study; see `Study.plan`."""
    entry = model_entry(study.model)
    asked = [quantity(name) for name in dict.fromkeys(study.quantities)]
    _check_models(asked, entry)
    items = study.axis_items()
    dims = _dimensions(items, study.zip)
    values = _values(study, entry, asked, items, dims)
    _check_needs(asked, values, entry)
    unit = _energy_unit(entry, values)
    _check_units(values, unit)
    probe = _probe(entry, values)
    _check_jumps(entry, probe, values)
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
        chunks=suggested_chunks(question, names, shape, study.chunk),
        question=question,
    )


def canonical(plan: Plan) -> dict[str, Any]:
    """All that decides the numbers of a plan, JSON-able; see `Study.canonical`."""
    values = plan.question.values
    return {
        "model": plan.question.model,
        "fixed": {
            name: [v.items.tolist() if v.many else v.items[0].item(), v.unit]
            for name, v in sorted(values.items())
            if not v.dim
        },
        "axes": {
            name: {"dim": v.dim, "values": v.items.tolist(), "unit": v.unit} for name, v in values.items() if v.dim
        },
        "dims": list(plan.dims),
        "quantities": list(plan.question.quantities),
        "energy_unit": plan.question.energy_unit,
    }


def _check_models(asked: Sequence[Quantity], entry: ModelEntry) -> None:
    for item in asked:
        if item.models and entry.name not in item.models:
            raise InputError(f"model must be one of {', '.join(item.models)} for {item.name}; got {entry.name!r}")


def _dimensions(items: Mapping[str, Sequence[Any]], groups: Sequence[Sequence[str]]) -> dict[str, str]:
    """The dimension of each axis."""
    dims = {name: name for name in items}
    for group in groups:
        for name in group:
            _checks.one_of("zip", name, items)
            if dims[name] != name or list(group).count(name) > 1:
                raise InputError(f"zip must name each axis once; got {name!r} again")
        sizes = {name: len(items[name]) for name in group}
        if len(group) < 2 or len(set(sizes.values())) > 1:
            shown = ", ".join(f"{name} of {size}" for name, size in sizes.items()) or "none"
            raise InputError(f"zip must join two or more axes of one length; got {shown}")
        dims |= dict.fromkeys(group, "_".join(group))
    return dims


def _values(
    study: Study,
    entry: ModelEntry,
    asked: Sequence[Quantity],
    items: Mapping[str, Sequence[Any]],
    dims: Mapping[str, str],
) -> dict[str, Values]:
    """Everything that decides the numbers, by name: parameters of the model, bath, options."""
    parameters = {p.name: p for p in entry.parameters}
    options = [name for name in OPTIONS if any(name in item.options for item in asked)]
    tables: dict[str, tuple[Mapping[str, Any], Sequence[str]]] = {
        "parameters": (study.parameters, list(parameters)),
        "bath": ({name: v for name in _BATH if (v := getattr(study.bath, name)) is not None}, list(_BATH)),
        "options": (study.options, options),
    }
    given: dict[str, Sequence[Any]] = {}
    for table, (held, known) in tables.items():
        for name, value in held.items():
            if name not in known:
                raise _unknown(table, name, known, entry, asked)
            if name in items:
                raise InputError(f"{table}.{name} must be left out where it is an axis; got {value!r}")
            given[name] = _as_list(name, value, parameters)
    for name in items:
        if name in parameters and parameters[name].many:
            raise InputError(f"parameters.{name} must be one list, which is no axis; got one among the axes")
        if name not in (*parameters, *_BATH, *options):
            raise _unknown("axes", name, [*parameters, *_BATH, *options], entry, asked)
    given |= items
    for name, parameter in parameters.items():
        if name not in given and parameter.default is None:
            raise InputError(f"parameters.{name} must be given for the model {entry.name}; got none")
    defaults: dict[str, Any] = {name: p.default for name, p in parameters.items()}
    defaults |= {name: OPTIONS[name].default for name in options}
    found: dict[str, Values] = {}
    for name in (*parameters, *_BATH, *options):
        raw = given.get(name, [] if defaults.get(name) is None else [defaults[name]])
        if len(raw):
            kind, least = _kind(name, parameters)
            numbers, unit = read_values(name, kind, raw, least)
            many = name in parameters and parameters[name].many
            found[name] = Values(name, numbers, unit, dims.get(name, ""), kind == "count", many)
    return found


def _as_list(name: str, value: Any, parameters: Mapping[str, Parameter]) -> list[Any]:
    """A value that does not vary, as a list: all of it where the model takes one of each mode."""
    many = name in parameters and parameters[name].many
    if many != isinstance(value, list) or value == []:
        allowed = "a list of one or more values" if many else "one value (several make an axis)"
        raise _checks.fail(f"parameters.{name}", allowed, value)
    return list(value) if many else [value]


def _unknown(table: str, name: str, known: Sequence[str], entry: ModelEntry, asked: Sequence[Quantity]) -> InputError:
    """The error for a key that is not known there."""
    if name in OPTIONS:
        return InputError(f"{table}.{name} must be left out: it is no option of {', '.join(q.name for q in asked)}")
    if not known:
        return InputError(f"{table} must be left out: {', '.join(q.name for q in asked)} has none; got {name!r}")
    try:
        _checks.one_of(f"key of {table}", name, known)
    except InputError as error:
        where = f" for the model {entry.name}" if table != "options" else ""
        return InputError(str(error).replace(" must be one of", f"{where} must be one of", 1))
    raise AssertionError(name)


def _kind(name: str, parameters: Mapping[str, Parameter]) -> tuple[str, int | None]:
    """How a value is read, and the least of a whole number."""
    if name in parameters:
        parameter = parameters[name]
        if parameter.least is not None:
            return "whole", parameter.least
        return ("energy" if parameter.energy else "number"), None
    return (_BATH[name][0] if name in _BATH else OPTIONS[name].kind), None


def _check_needs(asked: Sequence[Quantity], values: Mapping[str, Values], entry: ModelEntry) -> None:
    for item in asked:
        for need in item.needs:
            if need not in values:
                raise InputError(f"bath.{need} must be given for {item.name}; got none")
        if item.natural_jump and "jump" in values and set(values["jump"].items.tolist()) != {entry.jumps[0]}:
            got = ", ".join(values["jump"].items.tolist())
            raise InputError(f"bath.jump must be {entry.jumps[0]!r} for {item.name}; got {got!r}")
    if "initial" in values and "thermal" in values["initial"].items.tolist() and "temperature" not in values:
        raise InputError("bath.temperature must be given for a thermal initial state; got none")


def _energy_unit(entry: ModelEntry, values: Mapping[str, Values]) -> str:
    """Unit of the answers."""
    if any(values[p.name].unit for p in entry.parameters if p.energy and p.name in values):
        return "rad/s"
    in_j = entry.name in _COUNTED_IN_J and set(values["coupling"].items.tolist()) == {1.0}
    return "J" if in_j else "plain"


def _check_units(values: Mapping[str, Values], unit: str) -> None:
    """Refuse a bath or times with units beside a model without, and the other way round."""
    for name in ("gamma", "temperature"):
        if name in values:
            in_unit_of(unit, name, values[name].given(0))
    for name in ("time", "tau"):
        if name not in values or values[name].unit == "T2":
            if name in values and "gamma" not in values:
                raise InputError(f"bath.gamma must be given for {name} = {values[name].given(0)!r}; got none")
            continue
        if bool(values[name].unit) != (unit == "rad/s"):
            got = values[name].given(0)
            raise InputError(
                f"options.{name} must be in T2, as in '2 T2', or have a unit where energies do; got {got!r}"
            )


def _probe(entry: ModelEntry, values: Mapping[str, Values]) -> Any:
    """One model of the study; what all that are tried refuse is refused now."""
    names = [p.name for p in entry.parameters if p.name in values]
    first: EinselectError | None = None
    longest = max(1 if values[name].many else len(values[name].items) for name in names)
    count = min(longest, _TRIES)
    for k in range(count):
        share = k / max(1, count - 1)
        chosen = {name: values[name].given(round(share * (len(values[name].items) - 1))) for name in names}
        try:
            return entry.build(chosen)
        except EinselectError as error:
            first = first or error
    assert first is not None
    raise InputError(str(first))


def _check_jumps(entry: ModelEntry, probe: Any, values: Mapping[str, Values]) -> None:
    if "jump" in values:
        known = list(dict.fromkeys((*entry.jumps, *(probe.jump_operators() if hasattr(probe, "operator") else ()))))
        for name in values["jump"].items.tolist():
            _checks.one_of("jump", name, known)


def _coordinate(values: Values, entry: ModelEntry, unit: str) -> Coordinate:
    """An axis with its label and unit."""
    units = units_of(unit)
    parameter = next((p for p in entry.parameters if p.name == values.name), None)
    if parameter is not None:
        text = _LONG_NAMES.get(values.name, parameter.symbol) if entry.name in _COUNTED_IN_J else parameter.symbol
        shown = "1"
        if parameter.energy:
            shown = units["energy"] if values.unit or unit != "rad/s" else f"{parameter.symbol}/J"
        return Coordinate(values.items, values.dim, shown, text)
    kind, text = _BATH[values.name] if values.name in _BATH else (OPTIONS[values.name].kind, values.name)
    if kind in ("energy", "frequency", "temperature"):
        shown = units["energy"] if values.items.dtype.kind == "f" else "1"
    elif kind == "rate":
        shown = units["rate"]
    elif kind == "time":
        shown = values.unit or units["time"]
    else:
        shown = "1"
    return Coordinate(values.items, values.dim, shown, text)


def _variable(item: Quantity, unit: str) -> Variable:
    attrs: dict[str, Any] = {"units": quantity_units(unit)[item.unit], "long_name": item.formula}
    if item.categories:
        attrs["flag_values"] = list(range(-1, len(item.categories)))
        attrs["flag_meanings"] = " ".join(["none", *item.categories])
    return Variable("i1" if item.categories else "i8" if item.whole else "f8", attrs)


def _attributes(study: Study, entry: ModelEntry, values: Mapping[str, Values], unit: str) -> dict[str, Any]:
    """Model, fixed parameters, options, units."""
    found: dict[str, Any] = {"title": study.title} if study.title else {}
    found |= {"model": entry.name, "hamiltonian": f"H = {entry.hamiltonian}, ħ = 1"}
    found |= {name: v.shown() for name, v in values.items() if not v.dim}
    if "jump" not in values:
        found["jump"] = entry.jumps[0]
    return found | {"energy_unit": units_of(unit)["energy"], "software": f"einselect {__version__}"}
