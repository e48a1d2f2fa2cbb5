"""Any study as lines, maps and small multiples: one quantity against one axis, others as colour and panels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _checks
from ..errors import InputError
from ..style import COLUMN_WIDTH, PAGE_WIDTH, publication
from .study_drawing import Drawing, columns_of, dim_of, draw_lines, draw_maps
from .study_labels import value_label
from .window import ENDS, plot_windows

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = ("line", "map", "window")
SCALED = ("x", "y", "hue")
_MOST_PANELS = 12


def plot_study(
    study: xarray.Dataset,
    *,
    x: str,
    y: str | Sequence[str] = (),
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
        Quantities: one, or for lines without `hue` several, a colour each; none for windows.
    hue : str, optional
        A further axis: a colour for each value; the vertical axis of a map, which needs it.
    facet : str, optional
        A further axis: a panel for each value.
    kind : {"line", "map", "window"}
        Of a map the colour is the quantity. Windows are bands from window_min to window_max of the study, a colour for
        each value of `hue`, hatched from thermal_min to thermal_max: see `plot_windows`.
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
    if kind == "window":
        for role, given in (("y", names), ("facet", facet), ("log", log)):
            if given:
                raise InputError(f"{role} must be left out for windows; got {given!r}")
        return _windows(study, x, hue, at or {})
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
    panels = [picked] if facet is None else [picked.isel({dim_of(picked, facet): k}) for k in range(picked[facet].size)]
    if len(panels) > _MOST_PANELS:
        raise InputError(f"facet must have at most {_MOST_PANELS} values; got {len(panels)}")
    columns = columns_of(len(panels))
    rows = math.ceil(len(panels) / columns)
    width = COLUMN_WIDTH if columns == 1 else PAGE_WIDTH
    with publication():
        from matplotlib.figure import Figure as NewFigure

        figure = NewFigure(figsize=(width, 0.5 + rows * (2.3 if columns == 1 else 0.78 * width / columns)))
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        places: list[Axes] = list(grid.flat)[: len(panels)]
        for place in list(grid.flat)[len(panels) :]:
            place.set_axis_off()
        drawing = Drawing(figure, places, panels, names, x, hue, str(study.attrs.get("model", "")), log)
        (draw_lines if kind == "line" else draw_maps)(drawing)
        for k, place in enumerate(places):
            if k + columns >= len(panels):
                place.set_xlabel(drawing.label(x))
                place.tick_params(labelbottom=True)
            if facet is not None:
                place.set_title(f"{drawing.label(facet, bare=True)} = {value_label(panels[k][facet])}")
    return figure


def _windows(study: xarray.Dataset, x: str, hue: str | None, at: Mapping[str, Any]) -> Figure:
    """Windows of N as bands."""
    names = [name for name in ENDS if name in study]
    if ENDS[0] not in names or ENDS[1] not in names:
        known = ", ".join(str(name) for name in study.data_vars if name not in ("status", "message"))
        raise InputError(f"study must have window_min and window_max for windows; got {known}")
    names += ["is_empty"] if "is_empty" in study else []
    picked = _picked(study[names], {"x": x} if hue is None else {"x": x, "hue": hue}, at)
    with publication():
        from matplotlib.figure import Figure as NewFigure

        figure = NewFigure(figsize=(COLUMN_WIDTH, 2.9))
        plot_windows(picked, x, hue, figure.subplots())
    return figure


def _picked(study: xarray.Dataset, axes_of: Mapping[str, str], at: Mapping[str, Any]) -> xarray.Dataset:
    """What is drawn: all other axes at one value."""
    on_axes = [str(name) for name, coordinate in study.coords.items() if coordinate.ndim == 1]
    taken: dict[str, str] = {}
    for role, name in axes_of.items():
        _checks.one_of(role, name, on_axes)
        dim = dim_of(study, name)
        if dim in taken:
            raise InputError(f"{role} must be another axis than {taken[dim]}; got {name!r}")
        taken[dim] = role
    chosen: dict[str, int] = {}
    for name, value in at.items():
        _checks.one_of("at", name, on_axes)
        dim = dim_of(study, name)
        if dim in taken:
            raise InputError(f"at must leave out what is drawn as {taken[dim]}; got {name!r}")
        chosen[dim] = _index(study[name], value)
    for dim, size in ((str(key), size) for key, size in study.sizes.items()):
        if dim in taken or dim in chosen:
            continue
        if size > 1:
            names = [name for name in on_axes if dim_of(study, name) == dim]
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
