"""The pictures of the window of any model: both ratios along a parameter, and the map over two."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...doublet import Doublet
from ...models.registry import Parameter
from ..axes import VIEWS, parameter_of, present
from ..compute.model_window import ModelWindow
from .lines import log_axis
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

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]
_FAR = 30.0  # logarithms are cut so far from a level: a line is drawn between cells, where they are even
_DARK = "#202020"  # below light lines: they are seen on every colour of the scale
_COUNTS = {"spins": "number of spins N", "sites": "number of molecules M"}


def draw_along(answer: ModelWindow, place: int, dark: bool) -> Drawing:
    """η along one parameter, the window and the thermal zone shaded, the present value marked."""
    cut, look = answer.cuts[place], theme(dark)
    x = cut.curve[cut.name].values
    bands: list[Band] = [(SECULAR, cut.secular)] if cut.secular else []
    bands += [(THERMAL, cut.thermal)] if cut.thermal else []
    doublet = answer.rates.doublet
    marks: dict[str, Any] = {"mode": "lines+markers", "marker": {"size": 4}} if _whole(answer, cut.name) else {}
    if cut.name == "sites":  # two or three of them: points, and each as wide as what it stands for
        marks = {"mode": "markers", "marker": {"size": 8, "color": look.colour("eta_exact")}}
        bands = [(style, (low - 0.5, high + 0.5)) for style, (low, high) in bands]
    keys = keys_of(bands, look, "secular window" if answer.rates.gamma else "two wells, isolated")
    values = [cut.curve[name].values for name in RATIOS]
    top = max([2.2, *(float(v) for v in np.concatenate(values) if np.isfinite(v))])
    return figure(
        dark,
        [*ratio_curves(doublet, cut.curve, x, look, cut.now, **marks), *keys],
        shapes=[*shapes_of(bands, look), mark(cut.now, look)],
        xaxis=_axis(answer, cut.name, x),
        yaxis={"title": {"text": RATIO_TITLE}, "range": [0.0, 1.25 * top]},
    )


def draw_map(answer: ModelWindow, quantity: str, dark: bool) -> Drawing:
    """η over two parameters, with the lines where each condition begins to fail; the present point."""
    plane = answer.plane
    upright, across = (str(name) for name in plane[quantity].dims)
    x, y = (plane[name].values.astype(float) for name in (across, upright))
    z = plane[quantity].values
    symbols = [plane[name].attrs["symbol"] for name in (across, upright)]
    low, high = _scale(quantity, z)
    hover = f"{symbols[0]} = %{{x:.6g}}<br>{symbols[1]} = %{{y:.6g}}<br>η = %{{z:.4f}}<extra></extra>"
    traces: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": x,
            "y": y,
            "z": z,
            "zmin": low,
            "zmax": high,
            "colorscale": "Cividis",
            "colorbar": {"title": {"text": RATIOS[quantity]}, "thickness": 14, "outlinewidth": 0},
            "hovertemplate": hover,
        }
    ]
    for name, values, level, colour, dash in _lines(answer, plane):
        near = np.where(_beside(np.isfinite(plane.eta_exact.values)), values, math.nan)
        known = near[np.isfinite(near)]
        if known.size and known.min() < level < known.max():
            cut = np.clip(near, level - _FAR, level + _FAR)
            below, _ = level_curve(name, x, y, cut, level, _DARK, "solid")
            below["line"]["width"] = 5
            both = [below, *level_curve(name, x, y, cut, level, colour, dash)]
            for trace in both[:2]:
                trace["line"]["smoothing"] = 0  # a rounded line turns back where the known cells end
            traces += both
    now = [present(answer.system, name) for name in (across, upright)]
    traces.append(key_of_point())
    return figure(
        dark,
        traces,
        shapes=[present_point(now[0], now[1], _DARK, 6.0), present_point(now[0], now[1])],
        xaxis=_axis(answer, across, x, cells=True) | {"ticks": "outside"},
        yaxis=_axis(answer, upright, y, cells=True) | {"ticks": "outside"},
        legend=MAP_LEGEND,
    )


def title_of(answer: ModelWindow, name: str) -> str:
    """Name of a parameter with its unit."""
    cut = next((cut for cut in answer.cuts if cut.name == name), None)
    symbol, unit = (cut.symbol, cut.unit) if cut else _of_plane(answer.plane, name)
    return _COUNTS.get(name, symbol) + (f" [{unit}]" if unit else "")


def _of_plane(plane: xarray.Dataset, name: str) -> tuple[str, str]:
    attributes = plane[name].attrs
    return str(attributes["symbol"]), "" if attributes["units"] == "1" else str(attributes["units"])


def _whole(answer: ModelWindow, name: str) -> bool:
    parameter: Parameter = parameter_of(answer.system, name)
    return parameter.least is not None


def _axis(answer: ModelWindow, name: str, values: Array, cells: bool = False) -> dict[str, Any]:
    """An axis over all values, with half a cell at each end where it is one of the map."""
    title, low, high = title_of(answer, name), float(values[0]), float(values[-1])
    views = VIEWS[answer.system.entry.name]
    log = next(axis.log for axis in (*(views.plane if cells else views.curves), *views.curves) if axis.name == name)
    if log and high > 4.0 * low:
        before, after = (values[1] / low) ** 0.5, (high / values[-2]) ** 0.5
        return log_axis(title, low / (before if cells else 1.0), high * (after if cells else 1.0))
    before, after = 0.5 * (values[1] - low), 0.5 * (high - values[-2])
    if not cells:
        before = after = 0.5 if name == "sites" else 0.02 * (high - low)
    first = low - before if low <= 0.0 else max(0.0, low - before)
    last = high + after if high >= 0.0 else min(0.0, high + after)
    found: dict[str, Any] = {"title": {"text": title}, "range": [first, last]}
    return found | ({"dtick": 1} if name == "sites" else {})


def _scale(quantity: str, z: Array) -> tuple[float, float]:
    """Ends of the colours: the same for most maps, wider where values lie outside."""
    known = z[np.isfinite(z)]
    low, high = (1.5, 2.6) if quantity == "eta_mf" else (1.0, 2.0)
    if not known.size:
        return low, high
    if quantity == "eta_exact" and known.max() < 1.05:  # an even jump operator
        low, high = 0.5, 1.0
    return min(low, float(known.min())), max(high, min(float(known.max()), 2.0 * high))


def _lines(answer: ModelWindow, plane: xarray.Dataset) -> Iterator[tuple[str, Array, float, str, str]]:
    """Name, values, level, colour and dash of the line where each condition begins to fail."""
    limits = answer.thresholds
    spin = isinstance(answer.rates.doublet, Doublet)
    wells = ("η<sub>MF</sub> = 2", limits.double_well) if spin else ("two wells", limits.separation)
    yield wells[0], _log(plane.wells.values), math.log(wells[1]), "#ffffff", "solid"
    ratio = f"(E<sub>2</sub>−E<sub>0</sub>)/ΔE = {limits.isolation:g}"
    yield ratio, plane.isolation.values, math.log(limits.isolation), "#ffffff", "dashdot"
    if "secular" in plane:
        name = f"2ΔE T<sub>2</sub> = {limits.secular:g}"
        yield name, plane.secular.values, math.log(limits.secular), "#7ff0c0", "dash"
    if "thermal" in plane:
        for limit, name, dash in zip(limits.thermal, ("½", "2"), ("dot", "longdash"), strict=True):
            yield f"ΔE/k<sub>B</sub>T = {name}", plane.thermal.values, math.log(limit), "#ffb14e", dash


def _beside(drawn: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells that are drawn, and those that touch one: lines end at the edge of what is drawn, and not before."""
    wide = np.pad(drawn, 1)
    rows, columns = drawn.shape
    steps = [(i, j) for i in range(3) for j in range(3)]
    return np.asarray(np.any([wide[i : i + rows, j : j + columns] for i, j in steps], axis=0))


def _log(values: Array) -> Array:
    """ln of numbers that may be zero, infinite or none: wells of no width are infinitely far apart."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.nan_to_num(np.log(values), nan=math.nan, posinf=1e3, neginf=-1e3))
