"""What the pictures of windows share: both ratios, shaded ranges, the present point, lines on a map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...doublet import Doublet
from ...jump_doublet import JumpDoublet
from .theme import Theme

Array = NDArray[Any]
Band = tuple[tuple[str, float], tuple[float, float]]
RATIOS = {"eta_mf": "η<sub>MF</sub>", "eta_exact": "η<sub>exact</sub>"}
RATIO_TITLE = "η: pointer over eigenstate"
SECULAR, THERMAL = ("green", 0.16), ("orange", 0.28)
_DASHES = {"eta_mf": "solid", "eta_exact": "dash"}
MAP_LEGEND = {
    "orientation": "h",
    "x": 0.0,
    "y": 1.02,
    "xanchor": "left",
    "yanchor": "bottom",
    "bgcolor": "#5c5c5c",
    "font": {"color": "#ffffff"},
}
"""On a ground of its own: the lines of a map have colours for its scale, not for the page."""


def ratio_curves(
    doublet: Doublet | JumpDoublet, curve: Any, x: Array, look: Theme, at: float, **more: Any
) -> list[dict[str, Any]]:
    """The ratios that a curve has, each with its present value as a point."""
    traces: list[dict[str, Any]] = []
    for name, label in RATIOS.items():
        now = getattr(doublet, name)
        if now is None and not np.isfinite(curve[name].values).any():
            continue
        colour = look.colour(name)
        common = {"type": "scatter", "legendgroup": name}
        line = {"color": colour, "width": 2, "dash": _DASHES[name]}
        traces.append(common | {"mode": "lines", "name": label, "x": x, "y": curve[name].values, "line": line} | more)
        marker = {"color": colour, "size": 10, "symbol": "circle" if name == "eta_mf" else "diamond"}
        if now is None:
            continue
        hover = f"{label} = {now:.7g}<extra>present point</extra>"
        point = {"mode": "markers", "name": label, "x": [at], "y": [now], "marker": marker}
        traces.append(common | point | {"showlegend": False, "hovertemplate": hover})
    return traces


def shapes_of(bands: Iterable[Band], look: Theme) -> list[dict[str, Any]]:
    """The shaded ranges."""
    return [
        {
            "type": "rect",
            "yref": "paper",
            "x0": low,
            "x1": high,
            "y0": 0.0,
            "y1": 1.0,
            "fillcolor": look.shade(*style),
            "line": {"width": 0},
            "layer": "below",
        }
        for style, (low, high) in bands
    ]


def keys_of(bands: Iterable[Band], look: Theme, secular: str = "secular window") -> list[dict[str, Any]]:
    """The shaded areas in the legend."""
    names = {SECULAR: secular, THERMAL: "thermal zone"}
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": names[style],
            "x": [None],
            "y": [None],
            "marker": {"symbol": "square", "size": 14, "color": look.shade(style[0], 2.0 * style[1])},
        }
        for style, _ in bands
    ]


def mark(at: float, look: Theme) -> dict[str, Any]:
    """A line at the present value."""
    line = {"color": look.colour("limit"), "width": 1.5, "dash": "dot"}
    return {"type": "line", "yref": "paper", "x0": at, "x1": at, "y0": 0.0, "y1": 1.0, "line": line}


def level_curve(name: str, x: Array, y: Array, z: Array, level: float, colour: str, dash: str) -> list[dict[str, Any]]:
    """One line of a map, and its key."""
    line = {"color": colour, "width": 2.5, "dash": dash}
    return [
        {
            "type": "contour",
            "x": x,
            "y": y,
            "z": z,
            "contours": {"start": level, "end": level, "size": 1.0, "coloring": "none"},
            "line": line,
            "showscale": False,
            "hoverinfo": "skip",
            "showlegend": False,
        },
        {"type": "scatter", "mode": "lines", "name": name, "x": [None], "y": [None], "line": line},
    ]


def present_point(x: float, y: float, colour: str = "#ffffff", width: float = 3.0) -> dict[str, Any]:
    """The present point on a map: a mark, so that the map is not drawn again where only the point moves."""
    ring = {"type": "circle", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": x, "yanchor": y}
    return ring | {"x0": -7, "x1": 7, "y0": -7, "y1": 7, "line": {"color": colour, "width": width}}


def key_of_point() -> dict[str, Any]:
    """The present point in the legend."""
    marker = {"symbol": "circle-open", "size": 14, "color": "#ffffff", "line": {"width": 3}}
    named = {"type": "scatter", "mode": "markers", "name": "present point"}
    return named | {"x": [None], "y": [None], "marker": marker}
