"""The pictures of the window: η over N, η over the field, and the map of both."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compute.window import WindowAnswer
from .theme import Drawing, Theme, figure, theme

Array = NDArray[Any]
RATIOS = {"eta_mf": "η<sub>MF</sub>", "eta_exact": "η<sub>exact</sub>"}
_DASHES = {"eta_mf": "solid", "eta_exact": "dash"}
_SECULAR, _THERMAL = ("green", 0.16), ("orange", 0.28)
_FIELD_TICKS = (0.1, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)


def draw_over_spins(answer: WindowAnswer, dark: bool) -> Drawing:
    """η against N, the window and the thermal zone shaded, the present N marked."""
    window, curve = answer.window, answer.over_spins
    spins, _ = answer.point
    last = float(curve.spins[-1])
    look = theme(dark)
    bands: list[tuple[tuple[str, float], tuple[float, float]]] = []
    if window.spins_min is not None:
        end = last if window.spins_max is None else window.spins_max
        bands.append((_SECULAR, (window.spins_min, min(end, last))))
    if window.thermal_min is not None and window.thermal_max is not None:
        bands.append((_THERMAL, (window.thermal_min, min(window.thermal_max, last))))
    traces = [*_curves(answer, curve, curve.spins.values, look, spins), *_keys(bands, look)]
    return figure(
        dark,
        traces,
        shapes=[*_bands(bands, look), _mark(spins, look)],
        xaxis={
            "type": "log",
            "dtick": 1,
            "title": {"text": "number of spins N"},
            "range": [math.log10(4), math.log10(last)],
        },
        yaxis={"title": {"text": "η: pointer over eigenstate"}, "range": [0.0, 2.75]},
    )


def draw_over_field(answer: WindowAnswer, dark: bool) -> Drawing:
    """η against Γ/J at the present N, the fields that satisfy each condition shaded, the present one marked."""
    look, (_, field) = theme(dark), answer.point
    found = ((_SECULAR, answer.secular_fields), (_THERMAL, answer.thermal_fields))
    bands = [(style, (1.0 - ends[0], 1.0 - ends[1])) for style, ends in found if ends is not None]
    curve = answer.over_field
    traces = [*_curves(answer, curve, 1.0 - curve.field.values, look, 1.0 - field), *_keys(bands, look)]
    return figure(
        dark,
        traces,
        shapes=[*_bands(bands, look), _mark(1.0 - field, look)],
        xaxis=_field_axis(),
        yaxis={"title": {"text": "η: pointer over eigenstate"}, "range": [0.0, 2.75]},
    )


def draw_plane(answer: WindowAnswer, quantity: str, dark: bool) -> Drawing:
    """η over Γ/J and N, with the lines where each condition begins to fail; the present point."""
    plane = answer.plane
    spins, field = answer.point
    x, y = 1.0 - plane.field.values, plane.spins.values.astype(float)
    values = plane[quantity].transpose("spins", "field").values
    low, high = (1.5, 2.6) if quantity == "eta_mf" else (1.0, 2.0)
    traces: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": x,
            "y": y,
            "z": values,
            "zmin": low,
            "zmax": high,
            "colorscale": "Cividis",
            "colorbar": {"title": {"text": RATIOS[quantity]}, "thickness": 14, "outlinewidth": 0},
            "customdata": np.broadcast_to(plane.field.values, values.shape),
            "hovertemplate": "Γ/J = %{customdata:.4f}<br>N = %{y:.0f}<br>η = %{z:.4f}<extra></extra>",
        }
    ]
    lines = [("η<sub>MF</sub> = 2", plane.eta_mf, answer.thresholds.double_well, "#ffffff", "solid")]
    if "secular" in plane:
        limit = answer.thresholds.secular
        lines.append((f"2ΔE T<sub>2</sub> = {limit:g}", plane.secular, math.log(limit), "#7ff0c0", "dash"))
    if "thermal" in plane:
        thermal = zip(answer.thresholds.thermal, ("ΔE/k<sub>B</sub>T = ½", "ΔE/k<sub>B</sub>T = 2"), strict=True)
        lines += [(name, plane.thermal, math.log(t), "#ffb14e", "dot") for t, name in thermal]
    for name, values_of, level, colour, dash in lines:
        z = np.clip(values_of.transpose("spins", "field").values, level - 30.0, level + 30.0)
        traces += _contour(name, x, y, z, level, colour, dash)
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": "present point",
            "x": [1.0 - field],
            "y": [spins],
            "marker": {"symbol": "circle-open", "size": 14, "color": "#ffffff", "line": {"width": 3}},
            "hovertemplate": f"N = {spins}, Γ/J = {field:.6g}<extra></extra>",
        }
    )
    return figure(
        dark,
        traces,
        xaxis=_field_axis() | {"range": [math.log10(float(x[0])), math.log10(float(x[-1]))], "ticks": "outside"},
        yaxis={
            "type": "log",
            "dtick": 1,
            "title": {"text": "number of spins N"},
            "range": [math.log10(float(y[0])), math.log10(float(y[-1]))],
            "ticks": "outside",
        },
        legend={
            "orientation": "h",
            "x": 0.0,
            "y": 1.02,
            "xanchor": "left",
            "yanchor": "bottom",
            "bgcolor": "#5c5c5c",
            "font": {"color": "#ffffff"},
        },
    )


def _field_axis() -> dict[str, Any]:
    """An axis in 1 - Γ/J by equal factors, growing with the field, with ticks in Γ/J."""
    return {
        "type": "log",
        "title": {"text": "Γ/J"},
        "range": [math.log10(0.98), math.log10(0.001)],
        "tickvals": [1.0 - f for f in _FIELD_TICKS],
        "ticktext": [f"{f:g}" for f in _FIELD_TICKS],
    }


def _curves(answer: WindowAnswer, curve: Any, x: Array, look: Theme, at: float) -> list[dict[str, Any]]:
    """Both ratios, each with its present value as a point."""
    now = {"eta_mf": answer.rates.doublet.eta_mf, "eta_exact": answer.rates.doublet.eta_exact}
    traces: list[dict[str, Any]] = []
    for name, label in RATIOS.items():
        colour = look.colour(name)
        common = {"type": "scatter", "legendgroup": name}
        line = {"color": colour, "width": 2, "dash": _DASHES[name]}
        traces.append(common | {"mode": "lines", "name": label, "x": x, "y": curve[name].values, "line": line})
        marker = {"color": colour, "size": 10, "symbol": "circle" if name == "eta_mf" else "diamond"}
        hover = f"{label} = {now[name]:.7g}<extra>present point</extra>"
        point = {"mode": "markers", "name": label, "x": [at], "y": [now[name]], "marker": marker}
        traces.append(common | point | {"showlegend": False, "hovertemplate": hover})
    return traces


def _bands(bands: Iterable[Any], look: Theme) -> list[dict[str, Any]]:
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


def _keys(bands: Iterable[Any], look: Theme) -> list[dict[str, Any]]:
    """The shaded areas in the legend."""
    names = {_SECULAR: "secular window", _THERMAL: "thermal zone"}
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


def _mark(at: float, look: Theme) -> dict[str, Any]:
    line = {"color": look.colour("limit"), "width": 1.5, "dash": "dot"}
    return {"type": "line", "yref": "paper", "x0": at, "x1": at, "y0": 0.0, "y1": 1.0, "line": line}


def _contour(name: str, x: Array, y: Array, z: Array, level: float, colour: str, dash: str) -> list[dict[str, Any]]:
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
