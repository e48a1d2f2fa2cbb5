"""The ratios of dephasing rates against the number of spins and against the field."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..display import figure
from ..errors import InputError
from ..style import COLOURS, OKABE_ITO
from ._common import canvas, legend_above

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

_RATIOS: dict[str, tuple[str, Any, str]] = {
    "eta_mf": (r"$\eta_\mathrm{MF}$", "-", "o"),
    "eta_exact": (r"$\eta_\mathrm{exact}$", (0, (4, 1.5)), "s"),
}
_SERIES = tuple(OKABE_ITO[name] for name in ("blue", "vermillion", "green", "purple", "orange", "sky", "black"))
_GREY = "#444444"
_LIMIT: dict[str, Any] = {"color": COLOURS["limit"], "linestyle": (0, (1, 1.5)), "linewidth": 1.0}


def plot_eta_spins(dataset: xarray.Dataset, ax: Axes | None = None, mark: int | None = None) -> Axes:
    """η_MF and η_exact against N, with their limit 2.

    Parameters
    ----------
    dataset : xarray.Dataset
        From `sweep`, with the axis ``spins`` (and at most one more, which becomes the colour), holding "eta_mf",
        "eta_exact" or both.
    ax : matplotlib Axes, optional
    mark : int, optional
        One N of the axis to mark with a point on every curve.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        If the dataset has not these axes and quantities, or `mark` is not on the axis.
    """
    return _ratios(dataset, "spins", ax, mark)


def plot_eta_field(dataset: xarray.Dataset, ax: Axes | None = None, mark: float | None = None) -> Axes:
    """η_MF and η_exact against the field, with their limit 2.

    Parameters
    ----------
    dataset : xarray.Dataset
        From `sweep`, with the axis ``field`` (and at most one more, which becomes the colour), holding "eta_mf",
        "eta_exact" or both. Beyond the ordered phase η_MF does not exist and its curve ends.
    ax : matplotlib Axes, optional
    mark : float, optional
        One field of the axis to mark with a point on every curve.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        If the dataset has not these axes and quantities, or `mark` is not on the axis.
    """
    return _ratios(dataset, "field", ax, mark)


def _symbol(dataset: xarray.Dataset, axis: str) -> tuple[str, str]:
    """Symbol of an axis and its unit; a field in units of J = 1 is Γ/J."""
    unit = str(dataset[axis].attrs.get("units", "1"))
    if axis == "field" and (unit == "Γ/J" or (unit == "J" and dataset.attrs.get("coupling", 1.0) == 1.0)):
        return r"$\Gamma/J$", ""
    symbol = {"spins": "$N$", "field": r"$\Gamma$", "coupling": "$J$"}.get(axis, axis)
    return symbol, "" if unit == "1" else unit


def _ratios(dataset: xarray.Dataset, axis: str, ax: Axes | None, mark: float | None) -> Axes:
    names = [name for name in _RATIOS if name in dataset]
    if axis not in dataset.dims or not names:
        raise InputError(
            f"dataset must have the axis {axis!r} and eta_mf or eta_exact; got axes {list(map(str, dataset.dims))} "
            f"and {list(map(str, dataset.data_vars))}"
        )
    others = [str(d) for d in dataset[names[0]].dims if d != axis]
    if len(others) > 1 or (others and dataset.sizes[others[0]] > len(_SERIES)):
        sizes = {str(k): v for k, v in dataset.sizes.items()}
        raise InputError(
            f"dataset must have at most one axis of at most {len(_SERIES)} values beside {axis!r}; got {sizes}"
        )
    if mark is not None and mark not in dataset[axis].values:
        raise InputError(f"mark must be a value on the axis {axis!r}; got {mark!r}")
    with canvas(ax, 2.5) as drawn:
        _draw(dataset, axis, others[0] if others else None, drawn, mark)
    return drawn


def _draw(dataset: xarray.Dataset, axis: str, other: str | None, ax: Axes, mark: float | None) -> None:
    from matplotlib.lines import Line2D

    names = [name for name in _RATIOS if name in dataset]
    x = dataset[axis].values
    parts = [dataset.isel({other: k}) for k in range(dataset.sizes[other])] if other else [dataset]
    lines = []
    for k, part in enumerate(parts):
        for name in names:
            label, dashes, marker = _RATIOS[name]
            colour = COLOURS[name] if other is None else _SERIES[k]
            lines += ax.plot(x, part[name].values, color=colour, linestyle=dashes, label=label)
            if mark is not None:
                at = float(part[name].values[x == mark][0])
                ax.plot([mark], [at], marker, color=colour, markersize=5, label="_mark", zorder=4)
    ax.axhline(2.0, zorder=1, label="_limit", **_LIMIT)
    ax.set_xlim(float(x.min()), float(x.max()))
    symbol, unit = _symbol(dataset, axis)
    long = {"spins": "number of spins", "field": "field"}[axis]
    ax.set_xlabel(f"{long} {symbol}" + (f" [{unit}]" if unit else ""))
    ax.set_ylabel("ratio of dephasing rates")
    known = lines if other is None else [Line2D([], [], color=_GREY, linestyle=_RATIOS[n][1]) for n in names]
    for line, name in zip(known, names, strict=True):
        line.set_label(_RATIOS[name][0])
    handles = [*known, Line2D([], [], label="limit 2", **_LIMIT)]
    if other is None:
        legend_above(ax, handles, len(handles))
    else:
        # By columns: dashes first, then colours.
        handles += _series_legend(dataset, other)
        legend_above(ax, handles, math.ceil(len(handles) / (len(names) + 1)))


def _series_legend(dataset: xarray.Dataset, other: str) -> list[Line2D]:
    """Which colour is which value of the other axis."""
    from matplotlib.lines import Line2D

    handles = []
    symbol, unit = _symbol(dataset, other)
    for colour, value in zip(_SERIES, dataset[other].values, strict=False):
        label = f"{symbol} = {figure(float(value))} {unit}".rstrip()
        handles.append(Line2D([], [], color=colour, linewidth=3.0, label=label))
    return handles
