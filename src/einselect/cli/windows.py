"""What `window` does where a parameter, γ or the temperature has several values: a window for each of them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from . import options, output
from .systems import LISTS, System
from .window import ends_of, find

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray

_BATH = ("gamma", "temperature")


def several(system: System, gamma: str | None, temperature: str | None) -> dict[str, list[Any]]:
    """What is given several values, 'a,b' or 'low:high:count', by name: parameters of the model, γ, T.

    Raises
    ------
    InputError
        For more than two of them.
    """
    texts = {item.name: getattr(system, item.name) for item in fields(system) if item.name not in ("model", *LISTS)}
    found: dict[str, list[Any]] = {}
    for name, text in {**texts, "gamma": gamma, "temperature": temperature}.items():
        if text is not None and ("," in text or text.count(":") > 1):
            read = options.whole_axis(name, text, 2) if name == "spins" else options.axis(name, text)
            found[name] = list(read) if isinstance(read, list) else [read]
    if len(found) > 2:
        raise InputError(f"at most two parameters must have several values; got {', '.join(found)}")
    return found


def windows(
    system: System, gamma: str | None, temperature: str | None, jump: str | None, axes: Mapping[str, Sequence[Any]]
) -> xarray.Dataset:
    """The window at each of the values, with the units of the model.

    Raises
    ------
    InputError
        As of a single window, for the first value of each.
    """
    from ..models.registry import model_entry
    from ..rates import units_of
    from ..window import windows_over

    bath = {"gamma": gamma, "temperature": temperature}

    def at(chosen: Mapping[str, str]) -> Any:
        there = replace(system, **{name: text for name, text in chosen.items() if name not in _BATH})
        rate, kt = (options.optional(chosen.get(name, bath[name])) for name in _BATH)
        return find(there, rate, kt, jump)

    texts = {name: {_number(name, value): str(value) for value in values} for name, values in axes.items()}
    model, _ = at({name: next(iter(known.values())) for name, known in texts.items()})
    units = units_of(model.energy_unit)
    entry = model_entry(system.model)
    shown = {"gamma": units["rate"], "temperature": units["energy"]}
    for parameter in entry.parameters:
        if parameter.energy and parameter.name in axes:
            plain = all(isinstance(value, float) for value in axes[parameter.name])
            over = plain and model.energy_unit == "rad/s"  # such as a field beside a coupling with a unit
            shown[parameter.name] = f"{parameter.symbol}/J" if over else units["energy"]
    found = windows_over(
        lambda **point: at({name: texts[name][value] for name, value in point.items()})[1],
        {name: list(known) for name, known in texts.items()},
        units=shown,
    )
    typed = {item.name: getattr(system, item.name) for item in fields(system)} | bath
    fixed: dict[str, Any] = {name: text for name, text in typed.items() if text is not None and name not in texts}
    fixed["energy_unit"] = units["energy"]
    if (ends := ends_of(system)) is not None:
        fixed["within"] = list(ends)
    return found.assign_attrs(fixed)


def _number(name: str, value: Any) -> float:
    """A value as a number, in rad/s, 1/s or plain."""
    from .. import quantities

    if not isinstance(value, str):
        return float(value)
    reader = {"gamma": quantities.rate, "temperature": quantities.temperature}.get(name, quantities.energy)
    return float(reader(name, value).value)


def table(found: xarray.Dataset) -> str:
    """The ends of each window; why there is none is told below."""
    import numpy as np

    shown = [name for name in found if name not in ("is_empty", "message") and found[name].notnull().any()]
    along = "N" if found.attrs["axis"] == "spins" else found.attrs["axis"]
    unit = f" [{found.attrs['axis_unit']}]" if found.attrs["axis_unit"] else ""
    lines = [f"windows of {along}{unit}, model {found.attrs['model']}"]
    lines.append(output.dataset_table(found[shown]) if shown else "none anywhere")
    empty = found.is_empty.values == 1
    if empty.any():
        first = str(found.message.values[empty][0])
        lines.append(f"no window at {int(np.count_nonzero(empty))} of {empty.size} points, the first: {first}")
    return "\n".join(lines)
