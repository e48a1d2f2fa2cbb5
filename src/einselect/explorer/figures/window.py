"""The pictures of the window: η over N, η over the field, and the map of both."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..compute.window import WindowAnswer
from .theme import Drawing, figure, theme
from .zones import (
    MAP_LEGEND,
    RATIO_TITLE,
    RATIOS,
    SECULAR,
    THERMAL,
    Band,
    key_of_point,
    keys_of,
    level_curve,
    mark,
    present_point,
    ratio_curves,
    shapes_of,
)

_FIELD_TICKS = (0.1, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)


def draw_over_spins(answer: WindowAnswer, dark: bool) -> Drawing:
    """η against N, the window and the thermal zone shaded, the present N marked."""
    window, curve = answer.window, answer.over_spins
    spins, _ = answer.point
    last = float(curve.spins[-1])
    look = theme(dark)
    bands: list[Band] = []
    if window.spins_min is not None:
        end = last if window.spins_max is None else window.spins_max
        bands.append((SECULAR, (window.spins_min, min(end, last))))
    if window.thermal_min is not None and window.thermal_max is not None:
        bands.append((THERMAL, (window.thermal_min, min(window.thermal_max, last))))
    traces = [*ratio_curves(answer.rates.doublet, curve, curve.spins.values, look, spins), *keys_of(bands, look)]
    return figure(
        dark,
        traces,
        shapes=[*shapes_of(bands, look), mark(spins, look)],
        xaxis={
            "type": "log",
            "dtick": 1,
            "title": {"text": "number of spins N"},
            "range": [math.log10(4), math.log10(last)],
        },
        yaxis={"title": {"text": RATIO_TITLE}, "range": [0.0, 2.75]},
    )


def draw_over_field(answer: WindowAnswer, dark: bool) -> Drawing:
    """η against Γ/J at the present N, the fields that satisfy each condition shaded, the present one marked."""
    look, (_, field) = theme(dark), answer.point
    found = ((SECULAR, answer.secular_fields), (THERMAL, answer.thermal_fields))
    bands = [(style, (1.0 - ends[0], 1.0 - ends[1])) for style, ends in found if ends is not None]
    curve = answer.over_field
    traces = [
        *ratio_curves(answer.rates.doublet, curve, 1.0 - curve.field.values, look, 1.0 - field),
        *keys_of(bands, look),
    ]
    return figure(
        dark,
        traces,
        shapes=[*shapes_of(bands, look), mark(1.0 - field, look)],
        xaxis=_field_axis(),
        yaxis={"title": {"text": RATIO_TITLE}, "range": [0.0, 2.75]},
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
        traces += level_curve(name, x, y, z, level, colour, dash)
    traces.append(key_of_point())
    return figure(
        dark,
        traces,
        shapes=[present_point(1.0 - field, spins)],
        xaxis=_field_axis() | {"range": [math.log10(float(x[0])), math.log10(float(x[-1]))], "ticks": "outside"},
        yaxis={
            "type": "log",
            "dtick": 1,
            "title": {"text": "number of spins N"},
            "range": [math.log10(float(y[0])), math.log10(float(y[-1]))],
            "ticks": "outside",
        },
        legend=MAP_LEGEND,
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
