"""What the pictures in time and along a parameter share: a line, the axis of time, a mark."""

from __future__ import annotations

import math
from typing import Any

from ...display import figure as number
from ...plots._common import time_scale
from .theme import Theme


def log_axis(title: str, low: float, high: float) -> dict[str, Any]:
    """A logarithmic axis from `low` to `high` with the numbers themselves at its ticks: 1, 2 and 5 of each decade.

    >>> log_axis("N", 90.0, 1500.0)["tickvals"]
    [100.0, 200.0, 500.0, 1000.0]
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    parts = (1.0, 2.0, 5.0) if last - first <= 3 else (1.0,)
    every = max(1, (last - first) // 6)
    ticks = [part * 10.0**power for power in range(first, last + 1, every) for part in parts]
    kept = [tick for tick in ticks if low <= tick <= high]
    return {
        "title": {"text": title},
        "type": "log",
        "range": [math.log10(low), math.log10(high)],
        "tickvals": kept,
        "ticktext": [number(tick, 3) for tick in kept],
    }


def line(
    name: str, x: Any, y: Any, colour: str, dash: str = "solid", width: float = 2.0, **more: Any
) -> dict[str, Any]:
    """A curve; curves differ by dash as well as by colour."""
    look = {"color": colour, "dash": dash, "width": width}
    hover = "%{y:.6g} at %{x:.5g}<extra>%{fullData.name}</extra>"
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": look} | (
        {"hovertemplate": hover} | more
    )


def level_line(y: float, colour: str, dash: str = "solid", axis: str = "x domain") -> dict[str, Any]:
    """A thin line across the picture, behind the curves."""
    shape = {"type": "line", "xref": axis, "x0": 0.0, "x1": 1.0, "y0": y, "y1": y, "layer": "below"}
    return shape | {"line": {"color": colour, "width": 1, "dash": dash}}


def upright_line(x: float, colour: str, dash: str = "solid", width: float = 1.0) -> dict[str, Any]:
    """A thin line from bottom to top, behind the curves."""
    shape = {"type": "line", "yref": "y domain", "y0": 0.0, "y1": 1.0, "x0": x, "x1": x, "layer": "below"}
    return shape | {"line": {"color": colour, "width": width, "dash": dash}}


def time_axis(last: float, unit: str, what: str = "time t") -> tuple[float, str]:
    """Factor and title of an axis of time up to `last`: seconds with a prefix, ħ/J, or ħ = 1.

    >>> time_axis(0.014, "s"), time_axis(30.0, "ħ/J"), time_axis(3.0, "1")
    ((1000.0, 'time t [ms]'), (1.0, 'time t [ħ/J]'), (1.0, 'time t [ħ = 1]'))
    """
    if unit == "s":
        factor, shown = time_scale(last, unit)
        return factor, f"{what} [{shown}]"
    return 1.0, f"{what} [{'ħ/J' if unit == 'ħ/J' else 'ħ = 1'}]"


def grey(look: Theme) -> str:
    """Of limits, bounds and estimates."""
    return look.colour("limit")
