"""What `window` looks along: N, or the one parameter that is given as a range low:high."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import _checks
from ..errors import InputError
from . import options
from .systems import LISTS, System, read_system

if TYPE_CHECKING:
    from ..window import Window

_REAL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"\s*({_REAL})\s*:\s*({_REAL})\s*([^\d\s:].*)?")


def find(
    system: System, gamma: float | str | None, temperature: float | str | None, jump: str | None
) -> tuple[Any, Window]:
    """The window, and the model at the first value looked at.

    Raises
    ------
    InputError
        For no parameter to look along, more than one, or a range that is none.
    """
    from ..models.registry import model_entry
    from ..window import find_window, window_along

    parameters = {parameter.name: parameter for parameter in model_entry(system.model).parameters}
    texts = {item.name: getattr(system, item.name) or "" for item in fields(system) if item.name != "model"}
    ranges = [name for name, text in texts.items() if ":" in text and name not in LISTS]
    if not ranges and "spins" in parameters:
        if system.spins is not None:
            raise _checks.fail("spins", "left out, or a range low:high to look along", system.spins)
        least = max(2, parameters["spins"].least or 2)
        first = _at(system, "spins", str(least))
        if system.model == "lmg" and jump in (None, "Jz"):
            return first, find_window(
                options.plain(texts["field"]), options.plain(texts["coupling"] or "1"), gamma, temperature
            )
        return first, window_along(
            lambda n: _at(system, "spins", str(n)), gamma=gamma, temperature=temperature, jump=jump
        )
    if len(ranges) != 1:
        without = "" if "spins" in parameters else f" for the model {system.model}, which has no N to look along"
        got = ", ".join(ranges) or "none"
        raise InputError(f"one parameter must be a range, as in '--coupling 0.2:3'{without}; got {got}")
    axis = ranges[0]
    ends = _RANGE.fullmatch(texts[axis])
    if ends is None or not float(ends[1]) < float(ends[2]):
        raise _checks.fail(axis, "a range 'low:high' with low < high, and a unit behind it if it has one", texts[axis])
    whole = axis in parameters and parameters[axis].least is not None

    def text(value: float) -> str:
        return str(int(value)) if whole else f"{value!r} {ends[3] or ''}".strip()

    low, high = float(ends[1]), float(ends[2])
    first, _ = (_at(system, axis, text(value)) for value in (low, high))  # what is refused is refused before any work
    found = window_along(
        lambda value: _at(system, axis, text(value)),
        axis,
        (low, high),
        gamma=gamma,
        temperature=temperature,
        jump=jump,
        unit=ends[3] or "",
    )
    return first, found


def ends_of(system: System) -> tuple[float, float] | None:
    """The ends of the range that is looked along; None for N."""
    for item in fields(system):
        text = "" if item.name in ("model", *LISTS) else getattr(system, item.name) or ""
        ends = _RANGE.fullmatch(text) if text.count(":") == 1 else None
        if ends is not None:
            return float(ends[1]), float(ends[2])
    return None


def _at(system: System, axis: str, text: str) -> Any:
    return read_system(replace(system, **{axis: text}), "window")


def draw(found: Any, within: tuple[float, float] | None, plot: Path) -> None:
    """A window, or windows over parameters, as a picture."""
    from ..plots import plot_window, plot_windows
    from ..style import new_figure, publication, save
    from ..window import Window

    one = isinstance(found, Window)
    figure = new_figure(height=2.2 if one else 2.9)
    with publication():
        axes = figure.subplots()
        plot_window(found, within, axes) if one else plot_windows(found, ax=axes)
    save(figure, plot)
