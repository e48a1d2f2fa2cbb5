"""The ratios of both coherences of a model along one of its parameters, with their peaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..style import COLOURS
from ._common import canvas, energy_scale, legend_above

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

_RATIOS: dict[str, tuple[str, Any, str]] = {
    "eta_mf": (r"$\eta_\mathrm{MF}$", "-", "o"),
    "eta_exact": (r"$\eta_\mathrm{exact}$", (0, (4, 1.5)), "s"),
}
_LIMIT: dict[str, Any] = {"color": COLOURS["limit"], "linestyle": (0, (1, 1.5)), "linewidth": 1.0}
_FEW = 40  # points that are drawn as such
_FLAT = 1e-6
_WIDE = 50.0  # last over first from which the axis is logarithmic
_ABOVE = 1.3  # ratios below are those of a bath that does not tell the wells apart: 2 is no limit of theirs


def plot_curve(curve: xarray.Dataset, ax: Axes | None = None) -> Axes:
    """η_MF and η_exact along a parameter, their limit, and the peak of each where it is not at an end.

    Parameters
    ----------
    curve : xarray.Dataset
        From `einselect.sweeps.size_curve` or `parameter_curve`, of two points or more.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        The limit is 2 for an odd jump operator; where no ratio is above 1.3 the line is at 1, where a bath spares
        neither coherence.

    Raises
    ------
    InputError
        For fewer than two points, more than one axis, or no ratio at all.
    """
    names = [name for name in _RATIOS if name in curve and not bool(curve[name].isnull().all())]
    if len(curve.dims) != 1 or not names or curve.sizes[next(iter(curve.dims))] < 2:
        raise InputError(
            f"curve must have one axis of two or more points, and a ratio; got sizes {dict(curve.sizes)} and "
            f"{names or 'no ratio'}"
        )
    with canvas(ax, 2.6) as drawn:
        _draw(curve, str(next(iter(curve.dims))), names, drawn)
    return drawn


def _draw(curve: xarray.Dataset, axis: str, names: list[str], ax: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.ticker import MaxNLocator, NullFormatter

    factor, label = _axis_label(curve[axis])
    x = curve[axis].values * factor
    handles, largest = [], 0.0
    for name in names:
        text, dash, marker = _RATIOS[name]
        values = curve[name].values
        style: dict[str, Any] = {"color": COLOURS[name], "linestyle": dash}
        if len(x) <= _FEW:
            style |= {"marker": marker, "markersize": 2.5, "clip_on": False}
        ax.plot(x, values, **style, zorder=3, label=f"_{name}")
        place = int(np.nanargmax(values))
        largest = max(largest, float(values[place]))
        known = np.flatnonzero(~np.isnan(values))
        if values[place] > (1.0 + _FLAT) * max(values[known[0]], values[known[-1]]):  # else the largest is an end
            ax.plot(
                [x[place]],
                [values[place]],
                marker,
                color=COLOURS[name],
                markersize=5.5,
                label=f"_{name} peak",
                zorder=4,
            )
            text += f" (peak {values[place]:.4g} at {x[place]:.4g})"
        handles.append(Line2D([], [], **{**style, "clip_on": True}, label=text))
    limit = 2 if largest > _ABOVE else 1
    ax.axhline(limit, zorder=1, label="_limit", **_LIMIT)
    handles.append(Line2D([], [], label="limit 2" if limit == 2 else "1: neither is spared", **_LIMIT))
    positive = x[0] > 0.0 and x[-1] / x[0] >= _WIDE
    if positive:
        ax.set_xscale("log")
        ax.xaxis.set_minor_formatter(NullFormatter())
    elif axis == "spins":
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set_xlim(float(x.min()), float(x.max()))
    ax.margins(y=0.08)
    ax.set_xlabel(label)
    ax.set_ylabel(f"ratio of rates, $L = {_written(str(curve.attrs.get('jump', 'L')))}$")
    legend_above(ax, handles, 1 if any("peak" in str(h.get_label()) for h in handles) else len(handles))


def _axis_label(coordinate: xarray.DataArray) -> tuple[float, str]:
    """What the values are multiplied by, and the label: number of spins N, a parameter by its symbol."""
    symbol = str(coordinate.attrs.get("symbol", coordinate.name))
    if coordinate.name == "spins":
        return 1.0, "number of spins $N$"
    if coordinate.attrs.get("units", "1") != "rad/s":
        return 1.0, f"{coordinate.name} {symbol}" if symbol != coordinate.name else symbol
    factor, divisor, unit = energy_scale("rad/s", float(np.abs(coordinate.values).max()))
    return factor, f"{coordinate.name} {symbol}/{divisor} [{unit}]"


def _written(jump: str) -> str:
    """A jump operator in mathematical notation."""
    known = {"Jz": "J_z", "Jx": "J_x", "Jy": "J_y", "J-": "J_-", "J+": "J_+", "x": r"a+a^\dagger", "n": r"a^\dagger a"}
    return known.get(jump, jump if len(jump) == 1 else rf"\mathrm{{{jump}}}")
