"""The pictures of a doublet: states over the potential, levels by parity, the three rates."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...display import figure as number
from ...plots._common import energy_scale
from ...plots._doublet_frame import DoubletFrame
from ...quantities import format_time
from ..compute.doublet import DoubletAnswer
from .theme import DASHES, Drawing, figure, theme

Array = NDArray[Any]
_MOST_POINTS = 500  # of a curve: no screen shows more
_CURVE_POINTS = 150  # of a potential
_MARKED = 40  # up to so many Dicke states each gets its point
_NAMES = {
    "E0": "E<sub>0</sub>",
    "E1": "E<sub>1</sub>",
    "P": "P",
    "R": "R",
}
_COLOURS = {"E0": "even", "E1": "odd", "P": "P", "R": "R"}


def _thinned(*columns: Array, most: int = _MOST_POINTS) -> tuple[Array, ...]:
    """At most so many points, evenly spaced."""
    count = len(columns[0])
    if count <= most:
        return columns
    kept = np.linspace(0, count - 1, most).round().astype(int)
    return tuple(column[kept] for column in columns)


def draw_states(frame: DoubletFrame, dark: bool) -> Drawing:
    """Both eigenstates as lines at their energies, both pointer states as areas, over the potential.

    Where the wells are far apart against their width, each has an axis of its own.
    """
    look = theme(dark)
    traces: list[Any] = []
    axes = ("x", "x2")
    for axis, (m, v) in zip(axes, frame.potentials, strict=False):
        line = {"color": look.colour("potential"), "width": 1.5}
        m, v = _thinned(m, v, most=_CURVE_POINTS)
        traces.append(_line(f"V({frame.symbol})", m, v, axis, line, first=axis == "x"))
    for name in ("P", "R"):
        for axis, piece in zip(axes, frame.pieces(name), strict=False):
            m, psi = _thinned(*piece)
            traces.append(
                _line(_NAMES[name], m, frame.height * psi, axis, {"width": 1, "color": look.colour(name)}, axis == "x")
                | {"fill": "tozeroy", "fillcolor": look.shade(name, 0.35), "legendgroup": name}
            )
    for name in ("E0", "E1"):
        for axis, piece in zip(axes, frame.pieces(name), strict=False):
            m, psi = _thinned(*piece)
            line = {"color": look.colour(_COLOURS[name]), "width": 2, "dash": DASHES[name]}
            marked = "lines+markers" if len(frame.curves[name][0]) <= _MARKED else "lines"
            traces.append(
                _line(_NAMES[name], m, frame.energies[name] + frame.height * psi, axis, line, axis == "x")
                | {"mode": marked, "legendgroup": name}
            )
    unit = f" [{frame.unit}]" if frame.unit else ""
    energy = "E − (E<sub>0</sub> + E<sub>1</sub>)/2"
    layout: dict[str, Any] = {
        "yaxis": {
            "title": {"text": (f"[{energy}] / {frame.divisor}" if frame.divisor else energy) + unit},
            "range": [frame.floor, frame.ceiling],
        },
        "xaxis": {"title": {"text": coordinate_label(frame)}, "range": list(frame.stretches[0])},
    }
    for axis in ("xaxis", "xaxis2") if frame.broken else ("xaxis",):
        layout.setdefault(axis, {}).update({"nticks": 5 if frame.broken else 9})
        if frame.coordinate is None:
            layout[axis]["tickformat"] = ",d"
    if frame.broken:
        layout["xaxis"] |= {"domain": [0.0, 0.49], "range": list(frame.stretches[0]), "mirror": False}
        layout["xaxis2"] |= {"domain": [0.51, 1.0], "range": list(frame.stretches[1]), "mirror": False}
        layout["xaxis2"]["title"] = {"text": f"{frame.symbol}, right well"}
        layout["xaxis"]["title"] = {"text": f"{frame.symbol}, left well"}
    return figure(dark, traces, **layout)


def coordinate_label(frame: DoubletFrame) -> str:
    """What the states are drawn over, with subscripts."""
    if frame.coordinate is None:
        return "m (eigenvalue of J<sub>z</sub>)"
    return f"{frame.symbol} = " + re.sub(
        r"_(.)", lambda found: f"<sub>{found[1].replace('-', '−')}</sub>", frame.coordinate.meaning
    )


def _line(name: str, x: Array, y: Array, axis: str, line: dict[str, Any], first: bool) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "xaxis": axis, "line": line} | {
        "showlegend": first
    }


def draw_levels(answer: DoubletAnswer, dark: bool) -> Drawing:
    """Levels over the lowest, even ones left, odd ones right, with the top of the barrier."""
    look, levels = theme(dark), answer.levels
    doublet = answer.rates.doublet
    coupling = getattr(doublet.source, "coupling", 1.0)
    excitations = np.asarray(levels.excitations, dtype=float)
    typical = float(excitations[min(2, len(excitations) - 1)])
    plain = levels.energy_unit != "J" and not answer.physical
    scale, divisor, unit = energy_scale(levels.energy_unit, typical, 1.0 if plain else coupling)
    traces: list[Any] = []
    for parity, name, colour, place in ((1, "even", "even", 0.0), (-1, "odd", "odd", 1.0), (0, "mixed", "limit", 0.5)):
        chosen = [n for n, p in enumerate(levels.parities) if int(p) == parity]
        if not chosen:
            continue
        x: list[float | None] = []
        y: list[float | None] = []
        for n in chosen:
            x += [place - 0.4, place + 0.4, None]
            y += [scale * excitations[n], scale * excitations[n], None]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": f"{name} parity",
                "x": x,
                "y": y,
                "line": {"color": look.colour(colour), "width": 2.5, "dash": "solid" if parity >= 0 else "4px,2px"},
                "hovertemplate": "%{y:.6g}" + f" {unit}<extra>{name}</extra>",
            }
        )
    top = getattr(levels, "barrier_top", None)
    bottom = scale * (top - float(levels.energies[0])) if top is not None else math.inf
    if bottom < 1.3 * scale * float(excitations[-1]):
        line = {"color": look.colour("limit"), "width": 1.5, "dash": "dot"}
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": "top of the barrier",
                "x": [-0.5, 1.5],
                "y": [bottom] * 2,
                "line": line,
            }
        )
    label = f"(E<sub>n</sub> − E<sub>0</sub>) / {divisor}" if not plain else "E<sub>n</sub> − E<sub>0</sub>"
    return figure(
        dark,
        traces,
        yaxis={"title": {"text": label + (f" [{unit}]" if unit else "")}, "rangemode": "tozero"},
        xaxis={"tickvals": [0.0, 1.0], "ticktext": ["even", "odd"], "range": [-0.55, 1.55], "showgrid": False},
    )


def draw_rates(answer: DoubletAnswer, dark: bool) -> Drawing:
    """The rates of the coherences side by side, with T2 beside each bar; moments where γ is not given."""
    look, rates = theme(dark), answer.rates
    d = rates.doublet
    known = bool(rates.gamma)
    cases = [
        ("energy eigenstates", d.eigenstate_moment, rates.rate_eigenstate, "eta_mf", ""),
        ("pointer states", d.pointer_moment, rates.rate_pointer, "P", "/"),
        ("pointer states,<br>mean field", d.g_loc, rates.rate_mean_field, "limit", "x"),
    ]
    bars = [c for c in cases if c[1] is not None]
    values = [(c[2] if known else c[1]) or 0.0 for c in bars]
    unit = "1/s" if answer.physical else "ħ = 1"
    texts = []
    for value in values:
        text = number(value, 5)
        if known and value:
            t2 = format_time(1.0 / value, 4) if answer.physical else number(1.0 / value, 4)
            text += f", T<sub>2</sub> = {t2}"
        texts.append(text)
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": [c[0] for c in bars],
        "text": texts,
        "textposition": "auto",
        "insidetextanchor": "start",
        "textfont": {"color": look.ink, "size": 14},
        "insidetextfont": {"color": look.ink},
        "marker": {
            "color": [look.shade(c[3], 0.35) for c in bars],
            "line": {"color": [look.colour(c[3]) for c in bars], "width": 2},
            "pattern": {"shape": [c[4] for c in bars], "fgcolor": [look.shade(c[3], 0.25) for c in bars]},
        },
        "hovertemplate": "%{x:.6g}<extra>%{y}</extra>",
    }
    title = f"decay rate of the coherence [{unit}]" if known else "moment: rate / γ"
    return figure(
        dark,
        [trace],
        xaxis={"title": {"text": title}, "rangemode": "tozero"},
        yaxis={"autorange": "reversed", "ticks": ""},
        margin={"l": 60, "r": 14, "t": 10, "b": 48},
        bargap=0.3,
    )
