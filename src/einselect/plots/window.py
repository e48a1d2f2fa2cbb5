"""Windows: over a further parameter as bands from their first to their last value, and one by its conditions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError
from ..style import COLOURS, OKABE_ITO
from ._common import canvas, legend_above
from .study_drawing import dim_of
from .study_labels import axis_label, value_label

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

    from ..window import Window

Array = NDArray[np.float64]
_COLOURS = [OKABE_ITO[name] for name in ("blue", "vermillion", "green", "purple", "orange", "black")]
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1.5, 1, 1.5)), (0, (3, 1)), (0, (7, 2)))
_HATCHES = ("////", "\\\\\\\\", "----", "||||", "xxxx", "....")
ENDS = ("window_min", "window_max", "thermal_min", "thermal_max")
_BEYOND = 3.0  # factor above the highest end that is drawn where some windows have no upper end
_CONDITIONS: dict[str, tuple[str, str, str]] = {
    "double well": ("two wells", "double well", "double well end"),
    "isolation": ("isolated doublet", "isolation", "isolation end"),
    "secular": (r"$2\Delta E\,T_2 \gg 1$", "secular start", "secular"),
    "thermal": (r"$\Delta E \approx k_\mathrm{B}T$", "thermal low", "thermal high"),
}


def plot_windows(windows: xarray.Dataset, x: str | None = None, hue: str | None = None, ax: Axes | None = None) -> Axes:
    """Windows over one parameter as a band, hatched where the doublet is thermal too; over two as bands by colour.

    Parameters
    ----------
    windows : xarray.Dataset
        From `einselect.window.windows_over`, or a study of window_min and window_max, with thermal_min and thermal_max
        if they are to be seen: over one or two axes with more than one value.
    x : str, optional
        The axis from left to right; may be left out where there is one.
    hue : str, optional
        A colour for each value of the other axis: six at most. For more draw an end as a map: `plot_study`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        Where a window has no upper end the band goes on to the frame.

    Raises
    ------
    InputError
        For a dataset without windows, none that holds anything, axes left open, or too many values of hue.
    """
    for name in ENDS[:2]:
        if name not in windows:
            raise InputError(f"windows must have {name}; got {', '.join(map(str, windows.data_vars)) or 'nothing'}")
    windows = windows.squeeze()
    x, hue = _axes_of(windows, x, hue)
    rows = [windows] if hue is None else [windows.isel({dim_of(windows, hue): k}) for k in range(windows[hue].size)]
    bands = [_band(row) for row in rows]
    low, high = _reach(bands, windows.attrs.get("within"))
    model = str(windows.attrs.get("model", ""))
    at: Array = windows[x].values.astype(float)
    with canvas(ax, 2.7) as axes:
        from matplotlib.patches import Patch

        handles = []
        for k, (row, band) in enumerate(zip(rows, bands, strict=True)):
            colour = OKABE_ITO["sky"] if hue is None else _COLOURS[k]
            label = "both rates well defined"
            if hue is not None:
                label = f"{axis_label(row[hue], model, bare=True)} = {value_label(row[hue])}"
            first, last = np.maximum(band["window_min"], low), np.minimum(band["window_max"], high)
            alpha = 0.5 if hue is None else 0.15
            axes.fill_between(at, first, last, color=colour, alpha=alpha, linewidth=0.0, label=f"_{k}")
            look: dict[str, Any] = {"color": colour, "linestyle": _DASHES[k], "linewidth": 1.0}
            axes.plot(at, np.where(np.isfinite(band["window_min"]), first, math.nan), label=f"_first {k}", **look)
            axes.plot(at, np.where(np.isfinite(band["window_max"]), last, math.nan), label=f"_last {k}", **look)
            handles.append(Patch(facecolor=(colour, alpha), edgecolor=colour, linestyle=_DASHES[k], label=label))
            if np.isfinite(band["thermal_min"]).any():
                hatch: dict[str, Any] = {"facecolor": "none", "linewidth": 0.6, "hatch": _HATCHES[k]}
                hatch["edgecolor"] = OKABE_ITO["vermillion"] if hue is None else colour
                axes.fill_between(at, band["thermal_min"], band["thermal_max"], label=f"_thermal {k}", **hatch)
                if hue is None:
                    handles.append(Patch(label=_CONDITIONS["thermal"][0], **hatch))
        if hue is not None and any(np.isfinite(band["thermal_min"]).any() for band in bands):
            grey: dict[str, Any] = {"facecolor": "none", "edgecolor": COLOURS["limit"], "linewidth": 0.6}
            handles.append(Patch(label=_CONDITIONS["thermal"][0], hatch=_HATCHES[0], **grey))
        _scales(axes, windows, x, at, low, high)
        axes.set_xlabel(axis_label(windows[x], model))
        axes.set_ylabel(_along(str(windows.attrs.get("axis", "spins")), str(windows.attrs.get("axis_unit", "")), model))
        legend_above(axes, handles, 2)
        return axes


def plot_window(window: Window, within: tuple[float, float] | None = None, ax: Axes | None = None) -> Axes:
    """One window and each of its conditions by itself, as bars along N or the parameter it was looked for along.

    Parameters
    ----------
    window : Window
    within : tuple of float, optional
        What was looked at, for the ends of the axis. Default: what there is, and a little more.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        A bar goes on to the frame where a condition has no end, or none within what was looked at.
    """
    whole = window.axis in ("spins", "sites")
    bars: list[tuple[str, tuple[float, float] | None, str]] = []
    for name, (label, begins, ends) in _CONDITIONS.items():
        told = {edge.condition: edge.at for edge in window.edges if edge.condition in (begins, ends)}
        if told or name in ("double well", "isolation"):
            bars.append((label, _span(told, begins, ends), name))
    joint = None if window.is_empty else (_or(window.minimum, -math.inf), _or(window.maximum, math.inf))
    bars.append(("both rates well defined", joint, "window"))
    known = [v for _, span, _ in bars if span is not None for v in span if math.isfinite(v)]
    low, high = within or _ends(known, whole)
    with canvas(ax, 0.9 + 0.28 * len(bars)) as axes:
        for k, (label, span, name) in enumerate(reversed(bars)):
            colour = {"thermal": OKABE_ITO["vermillion"], "window": OKABE_ITO["blue"]}.get(name, COLOURS["limit"])
            if span is None:
                axes.annotate(
                    "nowhere", (0.5, k), xycoords=("axes fraction", "data"), ha="center", va="center", color=colour
                )
                continue
            first, last = max(span[0], low), min(span[1], high)
            axes.barh(k, last - first, 0.55, left=first, color=colour, label=f"_{label}")
        axes.set_yticks(range(len(bars)), [label for label, _, _ in reversed(bars)])
        axes.tick_params(axis="y", which="both", length=0)
        axes.set_ylim(-0.6, len(bars) - 0.4)
        if whole and high > 20.0 * low:
            axes.set_xscale("log")
        axes.set_xlim(low, high)
        axes.set_xlabel(_along(window.axis, window.unit, window.where.split(",")[0]))
        return axes


def _axes_of(windows: xarray.Dataset, x: str | None, hue: str | None) -> tuple[str, str | None]:
    """What is drawn along x and as colours; every axis of several values has its place."""
    named = [str(name) for name, coordinate in windows.coords.items() if coordinate.ndim == 1]
    for role, name in (("x", x), ("hue", hue)):
        if name is not None:
            _checks.one_of(role, name, named or ["(no axis with more than one value)"])
    dims = [str(name) for name in windows.window_min.dims]
    if x is None:
        left = [name for name in named if hue is None or dim_of(windows, name) != dim_of(windows, hue)]
        if not left:
            raise InputError("windows must have an axis with more than one value; got none")
        x = left[0]
    if hue is None:
        rest = [name for name in named if dim_of(windows, name) != dim_of(windows, x)]
        hue = rest[0] if len(dims) == 2 and rest else None
    drawn = {dim_of(windows, name) for name in (x, hue) if name is not None}
    if hue is not None and len(drawn) < 2:
        raise InputError(f"hue must be another axis than x; got {hue!r}")
    if set(dims) - drawn:
        raise InputError(
            f"windows must be over x and hue alone; got {', '.join(dims)} (choose one value of the others)"
        )
    if hue is not None and windows[hue].size > len(_COLOURS):
        raise InputError(
            f"hue must have at most {len(_COLOURS)} values for windows; got {windows[hue].size} of {hue} "
            "(or draw window_max as a map)"
        )
    if windows[x].dtype.kind not in "iuf":
        raise InputError(f"x must be an axis of numbers for windows; got {x!r}")
    return x, hue


def _band(row: xarray.Dataset) -> dict[str, Array]:
    """The ends of the windows of a row: infinite where there is none on that side, NaN where there is no window."""
    found: dict[str, Array] = {}
    for name in ENDS:
        values = row[name].values.astype(float) if name in row else np.full(row.window_min.shape, math.nan)
        found[name] = (
            np.where(values < 0.0, math.nan, values) if name in row and row[name].dtype.kind == "i" else values
        )
    there = row.is_empty.values == 0 if "is_empty" in row else np.isfinite(found["window_min"])
    for name, none in (("window_min", -math.inf), ("window_max", math.inf)):
        found[name] = np.where(there, np.where(np.isnan(found[name]), none, found[name]), math.nan)
    return found


def _reach(bands: list[dict[str, Array]], within: Any) -> tuple[float, float]:
    """Lowest and highest value that is drawn: all that was looked at, if that is known."""
    if within is not None:
        return float(within[0]), float(within[1])
    ends = np.concatenate([band[name] for band in bands for name in ENDS[:2]])
    known = ends[np.isfinite(ends)]
    if not known.size:
        raise InputError("windows must hold something somewhere to be drawn; got none that does")
    open_above = any(np.isposinf(band["window_max"]).any() for band in bands)
    return float(known.min()), float(known.max()) * (_BEYOND if open_above else 1.0)


def _scales(axes: Axes, windows: xarray.Dataset, x: str, at: Array, low: float, high: float) -> None:
    """Logarithmic where what is along spans more than a decade, or the values of x by far more."""
    if "within" in windows.attrs:
        axes.set_ylim(low, high)
    elif low > 0.0 and high > 10.0 * low:
        axes.set_yscale("log")
        axes.set_ylim(low / 1.3, high * (1.0 if _open(windows) else 1.3))
    elif _open(windows):
        axes.set_ylim(top=high)
    if axes.get_yscale() == "log" and windows.attrs.get("axis", "spins") == "spins":
        from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))  # numbers of spins are written out
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    if at.min() > 0.0 and at.max() > 30.0 * at.min():
        axes.set_xscale("log")
    axes.set_xlim(float(at.min()), float(at.max()))


def _open(windows: xarray.Dataset) -> bool:
    return bool(np.isposinf(_band(windows)["window_max"]).any())


def _along(axis: str, unit: str, model: str) -> str:
    """Label of what windows are along."""
    if axis == "spins":
        return "number of spins $N$"
    from .study_labels import symbol

    found = symbol(axis, model)
    return (f"${found}$" if found else axis.replace("_", " ")) + (f" [{unit}]" if unit else "")


def _span(told: dict[str, float | None], begins: str, ends: str) -> tuple[float, float] | None:
    """Where a condition holds; None for nowhere, infinite where it has no edge."""
    if None in told.values():
        return None
    first, last = told.get(begins), told.get(ends)
    return _or(first, -math.inf), _or(last, math.inf)


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else float(value)


def _ends(known: list[float], whole: bool) -> tuple[float, float]:
    """Ends of the axis around what there is."""
    if not known:
        return (2.0, 1000.0) if whole else (0.0, 1.0)
    low, high = min(known), max(known)
    if whole:
        return max(1.0, low / 2.0), 2.0 * high
    spare = 0.1 * ((high - low) or abs(high) or 1.0)
    return low - spare, high + spare
