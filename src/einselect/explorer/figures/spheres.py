"""The Bloch ball and the sphere of a collective spin, in orthographic projection: plain drawings, no scenes in 3-D.

A scene in three dimensions takes a graphics processor to be moved smoothly; these are lines and an image. What a
visitor loses, turning them by hand, is given back by four views of the ball and by both faces of the sphere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compute.dynamics import Course
from .lines import grey
from .theme import Drawing, Patch, Theme, figure, theme

Array = NDArray[np.float64]
_OBLIQUE = "oblique"
# Where the eye is, and what is up.
_EYES: Mapping[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    _OBLIQUE: ((1.05, 0.95, 0.55), (0.0, 0.0, 1.0)),
    "front": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
    "side": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "top": ((0.0, 0.0, 1.0), (-1.0, 0.0, 0.0)),
}
VIEWS = {
    _OBLIQUE: "in front, from above",
    "front": "|P⟩, in front",
    "side": "+y: −2 Im ρ_01",
    "top": "|E0⟩, from the top",
}
"""What the Bloch ball can be seen from."""
_TURN = np.linspace(0.0, 2.0 * np.pi, 121)
_SPACE = 1.22  # of the picture around a sphere of radius 1


def _axes(eye: str) -> Array:
    """Rows: to the right, up, and towards the eye."""
    towards, up = (np.array(vector) for vector in _EYES[eye])
    towards /= np.linalg.norm(towards)
    right = np.cross(up, towards)
    right /= np.linalg.norm(right)
    return np.stack((right, np.cross(towards, right), towards))


# --- the Bloch vector -----------------------------------------------------------------------------------------------
def draw_bloch(course: Course, index: int, dark: bool, eye: str = _OBLIQUE) -> Drawing:
    """The way of the Bloch vector in its ball, where it is now, and the way of the doublet by itself."""
    look, axes = theme(dark), _axes(eye)
    traces = _wires(axes, look)
    traces.append(_way("levels as needed", course.bloch, axes, look.colour("blue"), "solid", 3.0))
    alone = course.closed_form
    if alone is not None:
        traces.append(_way("doublet alone, closed form", alone, axes, look.colour("vermillion"), "dash", 1.8))
    orange = look.colour("orange")
    key = {"type": "scatter", "mode": "lines+markers", "name": "now", "x": [None], "y": [None]}
    traces.append(key | {"line": {"color": orange, "width": 4}, "marker": {"size": 11, "color": orange}})
    names = {"|E<sub>0</sub>⟩": (0, 0, 1), "|E<sub>1</sub>⟩": (0, 0, -1)}
    if course.data.attrs.get("parity_resolved", 1) or course.closed_form is not None:
        names |= {"|P⟩": (1, 0, 0), "|R⟩": (-1, 0, 0)}
    axis = _hidden()
    drawn = figure(
        dark,
        traces,
        xaxis=axis,
        yaxis=axis | {"scaleanchor": "x"},
        annotations=_names(names, axes, look),
        margin=_MARGIN | {"t": 40},
        uirevision="view",
    )
    return drawn.patched(move_bloch(course, index, dark, eye))


def move_bloch(course: Course, index: int, dark: bool, eye: str = _OBLIQUE) -> Patch:
    """The Bloch vector at another time: two shapes, so that the curves are not drawn again."""
    right, up, _ = (float(v) for v in _axes(eye) @ course.bloch[index])
    look = theme(dark)
    orange = look.colour("orange")
    arrow = {"type": "line", "x0": 0.0, "y0": 0.0, "x1": right, "y1": up, "line": {"color": orange, "width": 4}}
    around = {"type": "circle", "xsizemode": "pixel", "ysizemode": "pixel", "x0": -6, "x1": 6, "y0": -6, "y1": 6}
    tip = around | {"xanchor": right, "yanchor": up, "fillcolor": orange, "line": {"color": look.paper, "width": 1}}
    return Patch(layout={"shapes": [arrow, tip]})


def _way(name: str, points: Array, axes: Array, colour: str, dash: str, width: float) -> dict[str, Any]:
    right, up, _ = axes @ points.T
    look = {"color": colour, "width": width, "dash": dash}
    hover = "2 Re ρ₀₁ = %{customdata[0]:.4f}<br>−2 Im ρ₀₁ = %{customdata[1]:.4f}<br>ρ₀₀ − ρ₁₁ = %{customdata[2]:.4f}"
    drawn = {"type": "scatter", "mode": "lines", "name": name, "x": right, "y": up, "customdata": points, "line": look}
    return drawn | {"hovertemplate": f"{hover}<extra></extra>"}


def _wires(axes: Array, look: Theme) -> list[dict[str, Any]]:
    """The ball, and three great circles: dotted on the far side, where they are seen through it."""
    c, s, zero = np.cos(_TURN), np.sin(_TURN), np.zeros_like(_TURN)
    near: list[Array] = []
    far: list[Array] = []
    for circle in ((c, s, zero), (c, zero, s), (zero, c, s)):  # the equator, that of the four named states, one across
        right, up, depth = axes @ np.stack(circle)
        for found, behind in ((near, depth < -1e-12), (far, depth > 1e-12)):
            found.append(np.append(np.where(behind, np.nan, (right, up)), [[np.nan], [np.nan]], axis=1))
    plain = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False}
    ground = plain | {"x": c, "y": s, "fill": "toself", "fillcolor": _faint(look), "line": {"color": grey(look)}}
    lines = []
    for parts, dash in ((far, "dot"), (near, "solid")):
        x, y = np.concatenate(parts, axis=1)
        lines.append(plain | {"x": x, "y": y, "line": {"color": grey(look), "width": 1, "dash": dash}})
    return [ground, *lines]


def _faint(look: Theme) -> str:
    return look.shade("black", 0.05)


def _names(places: Mapping[str, tuple[int, int, int]], axes: Array, look: Theme) -> list[dict[str, Any]]:
    """Names of states beside their places; what lies straight behind the ball has none."""
    found = []
    for name, place in places.items():
        right, up, depth = axes @ np.array(place)
        if depth > -0.9:
            away = float(np.hypot(right, up))  # from the middle: beyond the limb where that is near
            out = 1.12 / away if away > 0.8 else 1.12
            at = {"x": out * right, "y": out * up if away > 0.3 else 0.1}
            found.append({"text": name, "showarrow": False, "font": {"size": 15, "color": look.ink}, **at})
    return found


# --- the Husimi function --------------------------------------------------------------------------------------------
def draw_husimi(course: Course, index: int, dark: bool) -> Drawing:
    """The Husimi function on both faces of the sphere, one scale of colours at all times."""
    look = theme(dark)
    ball: dict[str, Any] = {
        "type": "heatmap",
        "zmin": 0.0,
        "zmax": course.husimi_top or 1.0,
        "zsmooth": "fast",
        "hoverongaps": False,
        "colorscale": "Cividis",
    }
    bar: dict[str, Any] = {
        "title": {"text": "Q", "side": "right"},
        "thickness": 12,
        "len": 0.52,
        "x": 0.84,
        "y": 1.0,
        "yanchor": "top",
    }
    traces: list[dict[str, Any]] = []
    for axis, plane, side in zip(course.axes, ("", "2"), (">", "<"), strict=True):
        hover = f"Q = %{{z:.4f}}<br>⟨J⟩/j = (x {side} 0, %{{x:.2f}}, %{{y:.2f}})<extra></extra>"
        on = {"xaxis": f"x{plane}", "yaxis": f"y{plane}"}
        shown = {"colorbar": bar} if not plane else {"showscale": False}
        traces.append(ball | shown | {"x": axis, "y": axis, "hovertemplate": hover} | on)
    for plane in ("", "2"):
        traces += [line | {"xaxis": f"x{plane}", "yaxis": f"y{plane}"} for line in _graticule(look)]
    font: dict[str, Any] = {"size": 15, "color": look.ink}
    said: dict[str, Any] = {"showarrow": False, "font": font}
    notes = [
        said | {"text": "+y", "x": 1.12, "y": 0.0},
        said | {"text": "+z", "x": 0.0, "y": 1.12},
        said | {"text": "from −x", "x": 0.0, "y": -1.35, "xref": "x2", "yref": "y2", "font": font | {"size": 13}},
    ]
    flat = _hidden()
    back = flat | {"domain": [0.76, 1.0], "range": [_SPACE, -_SPACE]}  # from behind, +y is on the left
    drawn = figure(
        dark,
        traces,
        xaxis=flat | {"domain": [0.0, 0.74]},
        yaxis=flat | {"scaleanchor": "x"},
        xaxis2=back | {"anchor": "y2"},
        yaxis2=flat | {"domain": [0.0, 0.36], "scaleanchor": "x2", "anchor": "x2", "range": [-1.5, _SPACE]},
        annotations=notes,
        showlegend=False,
        margin=_MARGIN,
    )
    return drawn.patched(move_husimi(course, index))


def move_husimi(course: Course, index: int) -> Patch:
    """The colours at another time."""
    return Patch({place: {"z": q.astype(np.float32)} for place, q in enumerate(course.husimi(index))})


def _graticule(look: Theme) -> list[dict[str, Any]]:
    """Limb, and parallels and meridians of every 30 degrees: the same on both faces."""
    c, s, gap = np.cos(_TURN[:61]), np.sin(_TURN[:61]), np.full((2, 1), np.nan)
    pieces: list[Array] = []
    for angle in np.radians(np.arange(-60, 61, 30)):
        pieces += [np.stack((np.cos(angle) * c, np.full_like(c, np.sin(angle)))), gap]  # a parallel
        pieces += [np.stack((np.sin(angle) * s, c)), gap]  # a meridian
    plain = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    x, y = np.concatenate(pieces, axis=1)
    wires = plain | {"x": x, "y": y, "line": {"color": "rgba(255,255,255,0.22)", "width": 1}}
    limb = plain | {"x": np.cos(_TURN), "y": np.sin(_TURN), "line": {"color": grey(look), "width": 2}}
    return [wires, limb]


_MARGIN = {"l": 4, "r": 4, "t": 10, "b": 4}


def _hidden() -> dict[str, Any]:
    """An axis without marks that keeps its place."""
    return {"visible": False, "range": [-_SPACE, _SPACE], "constrain": "domain", "fixedrange": True}
