"""The Python and the commands that make the page Window of any model."""

from __future__ import annotations

import shlex
from typing import Any

import einselect

from ..axes import VIEWS, Axis, parameter_of, present, unit_of, values
from ..compute.model_window import ModelWindow
from ..state import State, System


def python_of(system: System, answer: ModelWindow | None = None) -> str:
    """Both windows, both curves, and the map; windows of an answer where the model does not refuse."""
    views = VIEWS[system.entry.name]
    bath = {"gamma": system.gamma, "temperature": system.temperature, "jump": system.jump}
    options = "".join(f", {name}={value!r}" for name, value in bath.items() if value is not None)
    jump = "" if system.jump is None else f", jump={system.jump!r}"
    maker = system.entry.make.__name__
    public = maker in einselect.__all__
    moved = list(dict.fromkeys(axis.name for axis in (*views.curves, *views.plane)))
    defaults = ", ".join(f"{name}={_value(system, name, present(system, name))!r}" for name in moved)
    lines = [
        f"from einselect import {', '.join(sorted(['EinselectError', *([maker] if public else [])]))}, dephasing_rates",
        *([] if public else [f"from einselect.models import {maker}"]),
        "from einselect.window import window_along",
        "",
        "",
        f"def model({defaults}):",
        f"    return {maker}({_arguments(system, moved)})",
        "",
        "",
        "def ratios(**at):",
        "    try:",
        f"        rates = dephasing_rates(model(**at){jump})",
        "    except EinselectError:",
        "        return None",
        '    broken = rates.regime.name not in ("critical", "disordered")',
        "    return (rates.doublet.eta_exact, rates.doublet.eta_mf) if broken else None",
        "",
        "",
    ]
    for axis in views.curves:
        name = axis.name
        along = [_value(system, name, v) for v in values(system, axis)]
        unit = f", unit={unit_of(system, name)!r}" if unit_of(system, name) else ""
        low, high = _within(system, axis, answer)
        if low != high:
            within = f"({low!r}, {high!r})"
            lines.append(f'print(window_along(lambda v: model({name}=v), "{name}", {within}{options}{unit}))')
        lines.append(f"over_{name} = {{v: ratios({name}=v) for v in {along!r}}}")
    names = [axis.name for axis in views.plane]
    rows, columns = (
        [_value(system, axis.name, v) for v in values(system, axis, count)]
        for axis, count in zip(views.plane, views.cells, strict=True)
    )
    lines += [
        f"rows, columns = {rows!r}, {columns!r}",
        f"plane = [[ratios({names[0]}=u, {names[1]}=v) for v in columns] for u in rows]",
        f"print(over_{views.curves[0].name}, over_{views.curves[1].name}, plane)",
    ]
    return "\n".join(lines)


def _arguments(system: System, moved: list[str]) -> str:
    """The model's arguments, some of them by the names of variables."""
    arguments = {name: repr(value) for name, value in system.parameters.items()}
    for name in moved:
        unit = unit_of(system, name)
        if parameter_of(system, name).many:
            largest = present(system, name)
            each = [f"{name} / {largest!r} * {float(v)!r}" for v in getattr(system.model, name)]
            arguments[name] = f"[{', '.join(_with_unit(text, unit) for text in each)}]"
        else:
            arguments[name] = _with_unit(name, unit)
    return ", ".join(f"{name}={text}" for name, text in arguments.items())


def _with_unit(text: str, unit: str) -> str:
    return f'f"{{{text}!r}} {unit}"' if unit else text


def commands_of(state: State, answer: ModelWindow | None = None) -> str:
    """The command `window` along each parameter that it takes a range of, a line each."""
    system = state.system()
    lines = []
    for axis in VIEWS[state.model].curves:
        within = _within(system, axis, answer)
        if within[0] != within[1] and not parameter_of(system, axis.name).many:
            lines.append(shlex.join(_words(state, system, axis, within)))
    return "\n".join(lines)


def _words(state: State, system: System, axis: Axis, within: tuple[Any, Any]) -> list[str]:
    words = ["einselect", "window", *(() if state.model == "lmg" else ("--model", state.model))]
    for name in system.parameters:
        if name != axis.name:
            words += [f"--{name.replace('_', '-')}", state.entries[name]]
    ends = f"{within[0]!r}:{within[1]!r} {unit_of(system, axis.name)}".strip()
    words.append(f"--{axis.name.replace('_', '-')}={ends}")
    for name in ("gamma", "temperature", "jump"):
        if state.entries.get(name):
            words += [f"--{name}", state.entries[name]]
    return words


def _value(system: System, name: str, value: float) -> Any:
    return int(value) if parameter_of(system, name).least is not None else value


def _within(system: System, axis: Axis, answer: ModelWindow | None) -> tuple[Any, Any]:
    """What the window is looked for in: the whole curve, but for what the model refuses."""
    along = values(system, axis)
    cut = None if answer is None else next(cut for cut in answer.cuts if cut.name == axis.name)
    low, high = (along[0], along[-1]) if cut is None else cut.within
    return _value(system, axis.name, low), _value(system, axis.name, high)
