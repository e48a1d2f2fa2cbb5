"""The pictures of a doublet in time: coherences, populations, the Bloch vector, the state on its sphere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..compute.dynamics import Course
from .lines import grey, line, time_axis, upright_line
from .theme import Drawing, Theme, figure, theme

if TYPE_CHECKING:
    import xarray

_NAIVE = {
    "eigenstate": ("½ e<sup>−Γ<sub>01</sub>t</sup>", "dash"),
    "pointer": ("½ e<sup>−Γ<sub>PR</sub>t</sup>", "dot"),
    "mean field": ("½ e<sup>−γG<sub>loc</sub>t</sup>", "dashdot"),
}
_ARROW = 5
_VIEW = {"x": 1.05, "y": 0.95, "z": 0.55}
_FACING = {"x": 1.35, "y": 0.4, "z": 0.35}  # both wells lie towards +x


def draw_coherences(course: Course, index: int, dark: bool) -> Drawing:
    """|ρ_01|, Re and Im ρ_PR against time with the naive exponentials over them, and the time that is shown."""
    look, data = theme(dark), course.data
    factor, title = _time(course)
    t = course.times * factor
    traces = [
        line("|ρ<sub>01</sub>|", t, np.abs(data.rho_01.values), look.colour("blue")),
        line("Re ρ<sub>PR</sub>", t, data.rho_pr.values.real, look.colour("vermillion"), "dash"),
        line("Im ρ<sub>PR</sub>", t, data.rho_pr.values.imag, look.colour("purple"), "dashdot"),
    ]
    for name, rate in course.naive.items():
        label, dash = _NAIVE[name]
        traces.append(line(label, t, 0.5 * np.exp(-rate * course.times), grey(look), dash, 1.5))
    return _in_time(traces, course, index, title, "matrix element", dark)


def draw_populations(course: Course, index: int, dark: bool) -> Drawing:
    """Populations of both states, what both have together, and what has leaked out of them."""
    look, data = theme(dark), course.data
    factor, title = _time(course)
    t = course.times * factor
    traces = [
        line("ρ<sub>00</sub>", t, data.populations.values[:, 0], look.colour("even")),
        line("ρ<sub>11</sub>", t, data.populations.values[:, 1], look.colour("odd"), "dash"),
        line("ρ<sub>00</sub> + ρ<sub>11</sub>", t, data.doublet_population.values, look.colour("black"), "dot"),
        line("leakage", t, data.leakage.values, look.colour("green"), "dashdot"),
    ]
    return _in_time(traces, course, index, title, "population", dark)


def _time(course: Course) -> tuple[float, str]:
    return time_axis(float(course.times[-1]), str(course.data.time.attrs.get("units", "")))


def _in_time(traces: list[Any], course: Course, index: int, title: str, label: str, dark: bool) -> Drawing:
    look = theme(dark)
    factor = _time(course)[0]
    now = upright_line(float(course.times[index]) * factor, look.colour("orange"), width=2.0)
    return figure(
        dark,
        traces,
        xaxis={"title": {"text": title}, "range": [0.0, float(course.times[-1]) * factor]},
        yaxis={"title": {"text": label}},
        shapes=[now],
        hovermode="x",
    )


def draw_bloch(course: Course, index: int, dark: bool) -> Drawing:
    """The way of the Bloch vector in its sphere, where it is now, and the way of the doublet by itself."""
    look, way = theme(dark), course.bloch
    traces = [*_wire_sphere(look), _way("levels as needed", way, look.colour("blue"), "solid", 5)]
    alone = course.closed_form
    if alone is not None:
        traces.append(_way("doublet alone, closed form", alone, look.colour("vermillion"), "dash", 3))
    traces.append(_arrow(way[index], look))
    names = {"|E<sub>0</sub>⟩": (0, 0, 1), "|E<sub>1</sub>⟩": (0, 0, -1)}
    if course.data.attrs.get("parity_resolved", 1) or course.closed_form is not None:
        names |= {"|P⟩": (1, 0, 0), "|R⟩": (-1, 0, 0)}
    return _scene(traces, _names(names, look), dark, _VIEW, legend=True)


def _way(name: str, points: NDArray[Any], colour: str, dash: str, width: float) -> dict[str, Any]:
    x, y, z = points.T
    look = {"color": colour, "width": width, "dash": dash}
    return {"type": "scatter3d", "mode": "lines", "name": name, "x": x, "y": y, "z": z, "line": look} | {
        "hovertemplate": "2 Re ρ₀₁ = %{x:.4f}<br>−2 Im ρ₀₁ = %{y:.4f}<br>ρ₀₀ − ρ₁₁ = %{z:.4f}<extra></extra>"
    }


def _arrow(tip: NDArray[Any], look: Theme) -> dict[str, Any]:
    x, y, z = ([0.0, float(end)] for end in tip)
    marker = {"size": [0, _ARROW], "color": look.colour("orange"), "opacity": 1.0, "line": {"width": 0}}
    shaft = {"color": look.colour("orange"), "width": 6}
    return {"type": "scatter3d", "mode": "lines+markers", "name": "now", "x": x, "y": y, "z": z} | {
        "line": shaft,
        "marker": marker,
        "hoverinfo": "skip",
    }


def _names(places: dict[str, tuple[int, int, int]], look: Theme) -> list[dict[str, Any]]:
    """Names as text of the page: what is drawn inside the scene is neither sharp nor found by a search."""
    font = {"size": 15, "color": look.ink}
    return [
        {"text": name, "showarrow": False, "font": font, **{k: 1.17 * v for k, v in zip("xyz", place, strict=True)}}
        for name, place in places.items()
    ]


def _wire_sphere(look: Theme) -> list[dict[str, Any]]:
    """The equator, the circle through the four named states, and one across."""
    turn = np.linspace(0.0, 2.0 * np.pi, 73)
    c, s, zero = np.cos(turn), np.sin(turn), np.zeros_like(turn)
    x = np.concatenate((c, [np.nan], c, [np.nan], zero))
    y = np.concatenate((s, [np.nan], zero, [np.nan], c))
    z = np.concatenate((zero, [np.nan], s, [np.nan], s))
    circles = {"type": "scatter3d", "mode": "lines", "x": x, "y": y, "z": z, "hoverinfo": "skip", "showlegend": False}
    ground = {
        "type": "surface",
        "x": np.outer(s[:37], c),
        "y": np.outer(s[:37], s),
        "z": np.outer(c[:37], np.ones_like(c)),
        "showscale": False,
        "opacity": 0.06,
        "colorscale": [[0.0, look.ink], [1.0, look.ink]],
        "hoverinfo": "skip",
    }
    return [ground, circles | {"line": {"color": grey(look), "width": 1.5}}]


def draw_husimi(q: xarray.DataArray, top: float, dark: bool) -> Drawing:
    """The Husimi function as colours of a sphere, up to `top`; both wells lie towards +x."""
    look = theme(dark)
    theta, phi = q.theta.values[:, None], q.phi.values[None, :]
    x, y = np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi)
    z = np.broadcast_to(np.cos(theta), x.shape)
    ball = {
        "type": "surface",
        **{name: values.astype(np.float32) for name, values in (("x", x), ("y", y), ("z", z))},
        "surfacecolor": q.values.astype(np.float32),
        "cmin": 0.0,
        "cmax": top or 1.0,
        "colorscale": "Cividis",
        "colorbar": {"title": {"text": "Q", "side": "right"}, "thickness": 12, "len": 0.75, "x": 1.0, "xpad": 4},
        "lighting": {"ambient": 1.0, "diffuse": 0.0, "specular": 0.0, "fresnel": 0.0},
        "hovertemplate": "Q = %{surfacecolor:.4f}<br>⟨J⟩ ∥ (%{x:.2f}, %{y:.2f}, %{z:.2f})<extra></extra>",
    }
    axes = {"+x": (1, 0, 0), "+y": (0, 1, 0), "+z": (0, 0, 1), "−z": (0, 0, -1)}
    return _scene([ball], _names(axes, look), dark, _FACING, legend=False)


def _scene(traces: list[Any], names: list[dict[str, Any]], dark: bool, eye: dict[str, float], legend: bool) -> Drawing:
    """A scene without axes, from where the pole is on top; `uirevision` keeps the view that a visitor has turned."""
    axis = {"visible": False, "range": [-1.3, 1.3], "showticklabels": False, "title": {"text": ""}}
    scene = {"xaxis": axis, "yaxis": axis, "zaxis": axis, "aspectmode": "cube"} | {
        "camera": {"eye": eye, "up": {"x": 0, "y": 0, "z": 1}},
        "bgcolor": theme(dark).paper,
        "dragmode": "orbit",
        "annotations": names,
    }
    return figure(
        dark,
        traces,
        scene=scene,
        showlegend=legend,
        margin={"l": 0, "r": 0, "t": 10, "b": 0},
        uirevision="view",
    )
