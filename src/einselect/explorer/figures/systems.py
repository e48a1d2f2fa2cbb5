"""The pictures of systems: η under each jump operator, along a parameter, and over all systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.registry import ModelEntry
from ...sweeps import Atlas, AtlasRow, SystemComparison
from .lines import grey, level_line, line, log_axis, upright_line
from .theme import Drawing, figure, theme

if TYPE_CHECKING:
    import xarray

_KINDS = {"odd": ("blue", "circle"), "even": ("vermillion", "square-open"), "mixed": ("green", "diamond-open")}
ROW = 26
"""Pixels of one row of a picture of ratios."""


def draw_atlas(atlas: Atlas, dark: bool) -> Drawing:
    """η under each jump operator of a model, and where it would be without leakage."""
    return _ratios([(row.jump, row) for row in atlas.rows], dark)


def draw_comparison(comparison: SystemComparison, dark: bool) -> Drawing:
    """The same over all systems of the package."""
    return _ratios([(f"{row.system}: {row.bath.jump}", row.bath) for row in comparison.rows], dark)


def _ratios(rows: list[tuple[str, AtlasRow]], dark: bool) -> Drawing:
    look = theme(dark)
    limits = [(row.eta_restricted, name) for name, row in rows if row.eta_restricted is not None]
    marker: dict[str, Any] = {"symbol": "line-ns-open", "size": 14, "color": look.ink, "line": {"width": 2}}
    dots = {"type": "scatter", "mode": "markers"}
    traces: list[dict[str, Any]] = [
        dots | {"name": "without leakage", "x": [x for x, _ in limits], "y": [y for _, y in limits], "marker": marker}
    ]
    for kind, (colour, symbol) in _KINDS.items():
        chosen = [(row.eta, name) for name, row in rows if _kind(row) == kind and row.eta is not None]
        if chosen:
            marker = {"symbol": symbol, "size": 11, "color": look.colour(colour), "line": {"width": 2}}
            found = {"x": [x for x, _ in chosen], "y": [y for _, y in chosen], "marker": marker}
            traces.append(dots | {"name": f"{kind} parity", **found})
    for trace in traces:
        trace["hovertemplate"] = "η = %{x:.5f}<extra>%{y}</extra>"
    return figure(
        dark,
        traces,
        xaxis={"title": {"text": "η = Γ<sub>PR</sub>/Γ<sub>01</sub>"}, "range": [0.35, 2.15]},
        yaxis={"categoryorder": "array", "categoryarray": [name for name, _ in reversed(rows)], "tickmode": "linear"},
        shapes=[upright_line(x, grey(look), "dot") for x in (1.0, 2.0)],
    )


def _kind(row: AtlasRow) -> str:
    return row.parity if row.parity in _KINDS else "mixed"


def draw_curve(curve: xarray.Dataset, entry: ModelEntry, axis: str, now: float, dark: bool) -> Drawing:
    """η_exact and, where there is a mean field, η_MF along a parameter; the present value is marked."""
    look = theme(dark)
    symbol = next(p.symbol for p in entry.parameters if p.name == axis)
    unit = str(curve.attrs.get("energy_unit", ""))
    energy = next(p.energy for p in entry.parameters if p.name == axis)
    title = symbol + (f" [{unit}]" if energy and unit == "rad/s" else "")
    x = curve[axis].values
    mode = "lines+markers"
    traces = [line("η<sub>exact</sub>", x, curve.eta_exact.values, look.colour("eta_exact"), "dash", mode=mode)]
    if np.any(np.isfinite(curve.eta_mf.values)):
        traces.append(line("η<sub>MF</sub>", x, curve.eta_mf.values, look.colour("eta_mf"), mode=mode))
    return figure(
        dark,
        traces,
        xaxis=log_axis(title, float(x.min()), float(x.max())) if x.min() > 0.0 else {"title": {"text": title}},
        yaxis={"title": {"text": "ratio of the rates"}},
        shapes=[level_line(2.0, grey(look), "dot"), upright_line(now, look.colour("orange"), width=2.0)],
    )
