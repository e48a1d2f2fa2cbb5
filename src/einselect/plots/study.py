"""Any study as lines, maps and small multiples: one quantity against one axis, others as colour and panels."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _checks
from ..errors import InputError
from ..style import COLUMN_WIDTH, OKABE_ITO, PAGE_WIDTH, publication
from .study_labels import axis_label, category_label, quantity_label, value_label

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = ("line", "map")
SCALED = ("x", "y", "hue")
_COLOURS = [OKABE_ITO[name] for name in ("blue", "vermillion", "green", "purple", "orange", "sky", "black")]
_DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1, 1)),
    (0, (5, 1.5, 1, 1.5)),
    (0, (3, 1)),
    (0, (7, 2)),
    (0, (2, 2)),
)
_AREAS = [OKABE_ITO[name] for name in ("sky", "blue", "green", "yellow", "orange", "vermillion", "purple")]
_NOTHING = "#D9D9D9"  # where there is no number
_MOST_LINES, _MOST_PANELS, _COLUMNS = 64, 12, 3
_MARKED = 12  # points of a line that are marked
_MAP_COLOURS = "viridis"


def plot_study(
    study: xarray.Dataset,
    *,
    x: str,
    y: str | Sequence[str],
    hue: str | None = None,
    facet: str | None = None,
    kind: str = "line",
    at: Mapping[str, Any] | None = None,
    log: Sequence[str] | None = None,
) -> Figure:
    r"""One or several quantities of a study against one of its axes.

    Parameters
    ----------
    study : xarray.Dataset
        From `einselect.studies.open_study`, `Study.run` or `einselect.sweep`. Only what is drawn is read.
    x : str
        An axis of the study, by the name of its coordinate.
    y : str or sequence of str
        Quantities: one, or for lines without `hue` several, a colour each.
    hue : str, optional
        A further axis: a colour for each value; the vertical axis of a map, which needs it.
    facet : str, optional
        A further axis: a panel for each value.
    kind : {"line", "map"}
        Of a map the colour is the quantity.
    at : mapping, optional
        The value of every other axis that has more than one.
    log : sequence of {"x", "y", "hue"}, optional
        What is on a logarithmic scale. Default: axes whose values grow by equal factors, and a quantity above zero that
        spans more than three decades.

    Returns
    -------
    matplotlib Figure
        One column wide, two with panels; save it with `einselect.style.save`.

    Raises
    ------
    InputError
        For names that the study does not have, axes left open, a value that is not on its axis, or more than 64 lines
        or 12 panels.

    Examples
    --------
    >>> from einselect.plots import plot_study
    >>> from einselect.studies import Study
    >>> study = Study(
    ...     axes={"spins": range(20, 401, 20), "field": [0.9, 0.95]}, quantities=["eta_mf"]
    ... ).run(progress=False)
    >>> figure = plot_study(study, x="spins", y="eta_mf", hue="field")
    >>> [line.get_label() for line in figure.axes[0].get_lines()]
    ['$\\Gamma/J$ = 0.9', '$\\Gamma/J$ = 0.95']
    """
    _checks.one_of("kind", kind, KINDS)
    names = [y] if isinstance(y, str) else list(y)
    known = [str(name) for name in study.data_vars if name not in ("status", "message")]
    for name in names:
        _checks.one_of("y", name, known)
    for scale in log or ():
        _checks.one_of("log", scale, SCALED)
    if not names or (len(names) > 1 and (hue is not None or kind == "map")):
        raise InputError(f"y must be one quantity beside hue and for a map; got {', '.join(names) or 'none'}")
    if kind == "map" and hue is None:
        raise InputError("hue must be given for a map, whose vertical axis it is; got none")
    axes_of = {role: name for role, name in (("x", x), ("hue", hue), ("facet", facet)) if name is not None}
    picked = _picked(study[names], axes_of, at or {})
    panels = [picked] if facet is None else [picked.isel({_dim(picked, facet): k}) for k in range(picked[facet].size)]
    if len(panels) > _MOST_PANELS:
        raise InputError(f"facet must have at most {_MOST_PANELS} values; got {len(panels)}")
    columns = _columns(len(panels))
    rows = math.ceil(len(panels) / columns)
    width = COLUMN_WIDTH if columns == 1 else PAGE_WIDTH
    with publication():
        from matplotlib.figure import Figure as NewFigure

        figure = NewFigure(figsize=(width, 0.5 + rows * (2.3 if columns == 1 else 0.78 * width / columns)))
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        places: list[Axes] = list(grid.flat)[: len(panels)]
        for place in list(grid.flat)[len(panels) :]:
            place.set_axis_off()
        drawing = _Drawing(figure, places, panels, names, x, hue, str(study.attrs.get("model", "")), log)
        (_lines if kind == "line" else _maps)(drawing)
        for k, place in enumerate(places):
            if k + columns >= len(panels):
                place.set_xlabel(drawing.label(x))
                place.tick_params(labelbottom=True)
            if facet is not None:
                place.set_title(f"{drawing.label(facet, bare=True)} = {value_label(panels[k][facet])}")
    return figure


@dataclass(frozen=True)
class _Drawing:
    """What is drawn, and where."""

    figure: Figure
    places: Sequence[Axes]
    panels: Sequence[xarray.Dataset]
    names: Sequence[str]
    x: str
    hue: str | None
    model: str
    log: Sequence[str] | None

    @property
    def first(self) -> xarray.Dataset:
        """The first panel: all have the same axes."""
        return self.panels[0]

    @property
    def left(self) -> Sequence[Axes]:
        """The axes of the first column."""
        return self.places[:: _columns(len(self.places))]

    def label(self, name: str, bare: bool = False) -> str:
        """Label of an axis."""
        return axis_label(self.first[name], self.model, bare)

    def logarithmic(self, role: str, found: bool) -> bool:
        """Whether a scale is logarithmic: as asked, or as found fit."""
        return found if self.log is None else role in self.log

    def scale(self, side: str, logarithmic: bool) -> None:
        """Make one side of all panels logarithmic."""
        for place in self.places if logarithmic else ():
            place.set_xscale("log") if side == "x" else place.set_yscale("log")

    def name_ticks(self, axis: str, side: str) -> None:
        """Names instead of numbers along an axis of names."""
        coordinate = self.first[axis]
        if coordinate.values.dtype.kind not in "iuf":
            self.ticks(side, [str(name) for name in coordinate.values])

    def ticks(self, side: str, labels: Sequence[str]) -> None:
        """Names at 0, 1, 2, ..."""
        for place in self.places:
            place.set_xticks(range(len(labels)), labels) if side == "x" else place.set_yticks(
                range(len(labels)), labels
            )
            place.tick_params(axis="x" if side == "x" else "y", which="minor", length=0)


def _columns(panels: int) -> int:
    """Panels side by side: four make a square."""
    return 2 if panels == 4 else min(_COLUMNS, panels)


def _dim(study: xarray.Dataset, name: str) -> str:
    """The dimension of an axis: its own, unless it is zipped with others."""
    return str(study[name].dims[0])


def _picked(study: xarray.Dataset, axes_of: Mapping[str, str], at: Mapping[str, Any]) -> xarray.Dataset:
    """What is drawn: all other axes at one value."""
    on_axes = [str(name) for name, coordinate in study.coords.items() if coordinate.ndim == 1]
    taken: dict[str, str] = {}
    for role, name in axes_of.items():
        _checks.one_of(role, name, on_axes)
        dim = _dim(study, name)
        if dim in taken:
            raise InputError(f"{role} must be another axis than {taken[dim]}; got {name!r}")
        taken[dim] = role
    chosen: dict[str, int] = {}
    for name, value in at.items():
        _checks.one_of("at", name, on_axes)
        dim = _dim(study, name)
        if dim in taken:
            raise InputError(f"at must leave out what is drawn as {taken[dim]}; got {name!r}")
        chosen[dim] = _index(study[name], value)
    for dim, size in ((str(key), size) for key, size in study.sizes.items()):
        if dim in taken or dim in chosen:
            continue
        if size > 1:
            names = [name for name in on_axes if _dim(study, name) == dim]
            raise InputError(f"at must choose one of the {size} values of {names[0] if names else dim}; got none")
        chosen[dim] = 0
    return study.isel(chosen)


def _index(coordinate: Any, value: Any) -> int:
    """Where a value is on an axis, to within rounding."""
    values = coordinate.values
    if values.dtype.kind in "iuf":
        number = _checks.number(f"at {coordinate.name}", value)
        near = int(np.argmin(np.abs(values - number)))
        if abs(float(values[near]) - number) > 1e-9 * abs(number):
            shown = ", ".join(f"{v:g}" for v in values[:8]) + (", ..." if len(values) > 8 else "")
            raise InputError(f"at {coordinate.name} must be one of {shown}; got {value!r} (nearest {values[near]:g})")
        return near
    names = [str(name) for name in values]
    return names.index(_checks.one_of(f"at {coordinate.name}", value, names))


def _by_factors(values: Any) -> bool:
    """Whether the values of an axis grow by equal factors, and over more than a decade."""
    if values.dtype.kind not in "iuf" or len(values) < 3 or not np.all(values > 0):
        return False
    logs = np.log(values.astype(float))
    steps = np.diff(logs)
    return bool(abs(logs[-1] - logs[0]) > math.log(10.0) and np.ptp(steps) <= 0.05 * np.abs(steps).max())


def _over_decades(values: Any) -> bool:
    """Whether numbers above zero span more than three decades."""
    finite = values[np.isfinite(values)]
    return bool(finite.size and finite.min() > 0.0 and finite.max() > 1e3 * finite.min())


def _numbers(variable: Any) -> Any:
    """Values of a quantity to draw: NaN where there is no number."""
    values = variable.values
    return np.where(values < 0, np.nan, values.astype(float)) if values.dtype.kind == "i" else values


def _positions(coordinate: Any) -> Any:
    """Values of an axis to draw at: numbers, or the places of names."""
    values = coordinate.values
    return values if values.dtype.kind in "iuf" else np.arange(len(values))


def _categories(variable: Any) -> list[str]:
    """Names of the values of a quantity that is no number."""
    return str(variable.attrs.get("flag_meanings", "")).split()[1:]


def _lines(drawing: _Drawing) -> None:
    """A line for each value of hue, or for each quantity."""
    first, names, hue = drawing.first, drawing.names, drawing.hue
    count = len(names) if hue is None else first[hue].size
    if count > _MOST_LINES:
        raise InputError(f"hue must have at most {_MOST_LINES} values for lines; got {count} (or draw a map)")
    many = count > len(_COLOURS)
    colours, bar = _sequence(drawing) if many else (_COLOURS, None)
    everything = np.concatenate([_numbers(panel[name]).ravel() for panel in drawing.panels for name in names])
    at = _positions(first[drawing.x])
    categories = _categories(first[names[0]]) if len(names) == 1 else []
    for place, panel in zip(drawing.places, drawing.panels, strict=True):
        for k in range(count):
            if hue is None:
                line = panel[names[k]]
                label = quantity_label(line) if len(names) > 1 else f"_{names[k]}"
            else:
                line = panel[names[0]].isel({_dim(first, hue): k})
                label = f"{drawing.label(hue, bare=True)} = {value_label(first[hue][k])}"
            place.plot(
                at,
                _numbers(line),
                color=colours[k],
                linestyle="-" if many else _DASHES[k],
                marker="o" if len(at) <= _MARKED else None,
                markersize=2.5,
                drawstyle="steps-mid" if categories else "default",  # between two names there is nothing
                label=label,
            )
        place.margins(x=0.02)
    drawing.name_ticks(drawing.x, "x")
    drawing.scale("x", drawing.logarithmic("x", _by_factors(first[drawing.x].values)))
    if categories:
        drawing.ticks("y", [category_label(name) for name in categories])
        drawing.places[0].set_ylim(-0.5, len(categories) - 0.5)
    else:
        drawing.scale("y", drawing.logarithmic("y", _over_decades(everything)))
    for place in drawing.left:
        place.set_ylabel(quantity_label(first[names[0]]) if len(names) == 1 else "")
    if bar is not None and hue is not None:
        drawing.figure.colorbar(bar, ax=list(drawing.places), label=drawing.label(hue), pad=0.02)
    elif hue is not None or len(names) > 1:
        handles, labels = drawing.places[0].get_legend_handles_labels()
        letters = max(len(re.sub(r"\\[A-Za-z]+|[${}_^]", "", label)) for label in labels) + 9  # and the line beside it
        columns = min(count, max(1, (50 if _columns(len(drawing.places)) == 1 else 105) // letters))
        drawing.figure.legend(handles, labels, loc="outside upper center", ncols=columns, columnspacing=1.2)


def _sequence(drawing: _Drawing) -> tuple[Any, Any]:
    """Colours in the order of the values of hue, and what a colour bar is made of."""
    import matplotlib
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LogNorm, Normalize

    assert drawing.hue is not None
    values = _positions(drawing.first[drawing.hue]).astype(float)
    by_factors = drawing.logarithmic("hue", _by_factors(values)) and values.min() > 0.0
    norm = (LogNorm if by_factors else Normalize)(values.min(), values.max())
    bar = ScalarMappable(norm, matplotlib.colormaps[_MAP_COLOURS])
    return bar.to_rgba(values), bar


def _maps(drawing: _Drawing) -> None:
    """The quantity as colour over x and hue."""
    import matplotlib
    from matplotlib.colors import ListedColormap, LogNorm, Normalize
    from matplotlib.patches import Patch

    assert drawing.hue is not None
    x, hue, name, first = drawing.x, drawing.hue, drawing.names[0], drawing.first
    for role, axis in (("x", x), ("hue", hue)):
        if first[axis].size < 2:
            raise InputError(f"{role} must have at least two values for a map; got one of {axis}")
    order = (_dim(first, hue), _dim(first, x))
    values = [_numbers(panel[name].transpose(*order)) for panel in drawing.panels]
    everything = np.concatenate([part.ravel() for part in values])
    finite = everything[np.isfinite(everything)]
    if not finite.size:
        raise InputError(f"y must have numbers on what is drawn; got none of {name}")
    categories = _categories(first[name])
    norm: Any
    colours: Any
    if categories:
        colours, norm = ListedColormap(_AREAS[: len(categories)]), Normalize(-0.5, len(categories) - 0.5)
    else:
        colours = matplotlib.colormaps[_MAP_COLOURS]
        by_factors = drawing.logarithmic("y", _over_decades(everything)) and finite.min() > 0.0
        norm = (LogNorm if by_factors else Normalize)(finite.min(), finite.max())
    for place, part in zip(drawing.places, values, strict=True):
        place.set_facecolor(_NOTHING)
        drawn = place.pcolormesh(
            _positions(first[x]),
            _positions(first[hue]),
            part,
            shading="nearest",
            cmap=colours,
            norm=norm,
            rasterized=True,
        )
    for axis, side, role in ((x, "x", "x"), (hue, "y", "hue")):
        drawing.name_ticks(axis, side)
        drawing.scale(side, drawing.logarithmic(role, _by_factors(first[axis].values)))
    for place in drawing.left:
        place.set_ylabel(drawing.label(hue))
    handles = []
    if categories:
        seen = np.unique(finite).astype(int).tolist()
        handles = [Patch(color=_AREAS[k], label=category_label(categories[k])) for k in seen]
    else:
        drawing.figure.colorbar(drawn, ax=list(drawing.places), label=quantity_label(first[name]), pad=0.02)
    if finite.size < everything.size:
        handles.append(Patch(color=_NOTHING, label="no number"))
    if handles:
        columns = min(len(handles), 5 if len(drawing.places) > 1 else 3)
        drawing.figure.legend(handles=handles, loc="outside upper center", ncols=columns, columnspacing=1.2)
