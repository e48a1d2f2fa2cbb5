"""Shot-to-shot noise: K3 and the coherence against its width, and the mean coherence in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import COLOURS, COLUMN_WIDTH, OKABE_ITO
from ._common import canvas, legend_above, time_scale

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

_GREY = COLOURS["limit"]
_HELD: dict[str, tuple[str, str, Any]] = {
    "coupling": ("$J$ held", OKABE_ITO["blue"], "-"),
    "interaction": ("$J/N$ held", OKABE_ITO["vermillion"], (0, (4, 1.5))),
}
_WIDTHS = {
    "spins": r"$\sigma_N$ [atoms]",
    "field": r"$\sigma_\Gamma/\Gamma$",
    "coupling": r"$\sigma_J/J$",
}


def plot_noise_k3(scan: xarray.Dataset, ax: Axes | None = None) -> Axes:
    """K3 against the width of the noise, with the largest width that violates K3 <= 1 as a vertical line.

    Parameters
    ----------
    scan : xarray.Dataset
        From `einselect.protocols.noise_scan`. A width of zero is not drawn: the axis is logarithmic, and K3 without
        noise is a thin line.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    from matplotlib.lines import Line2D

    width, drawn = _drawn(scan)
    with canvas(ax, 2.6) as axes:
        axes.axhline(1.0, color=_GREY, linewidth=0.8)
        axes.axhline(scan.attrs["k3_ideal"], color=_GREY, linewidth=0.8, linestyle=(0, (1, 1.5)))
        handles = []
        for name in scan.hold.values.tolist():
            label, colour, dash = _HELD[name]
            row = scan.sel(hold=name)
            k3, error = row.k3.values[drawn], row.k3_error.values[drawn]
            axes.fill_between(width, k3 - error, k3 + error, color=colour, alpha=0.25, linewidth=0.0)
            axes.plot(width, k3, color=colour, linestyle=dash)
            _mark(axes, float(row.limit), colour, dash)
            handles.append(Line2D([], [], color=colour, linestyle=dash, label=label))
        handles.append(Line2D([], [], color=_GREY, linewidth=0.8, label="macrorealism"))
        handles.append(Line2D([], [], color=_GREY, linewidth=0.8, linestyle=(0, (1, 1.5)), label="no noise"))
        _width_axis(axes, scan, width)
        axes.set_ylabel(r"$K_3$")
        legend_above(axes, handles, columns=2, handle_length=1.9)
        return axes


def plot_noise_coherence(scan: xarray.Dataset, ax: Axes | None = None) -> Axes:
    """Coherence |<ρ_01>| at one time against the width of the noise, with the closed form of small noise.

    A vertical line marks the width of each that takes as long as dephasing to e^-1. Where |<ρ_01>| grows again with
    the width it is no coherence that returns: large N hardly tunnel, and what stays of ρ_01 is that each of these
    shots stays in the well it began in.

    Parameters
    ----------
    scan : xarray.Dataset
        From `einselect.protocols.noise_scan`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    from matplotlib.lines import Line2D

    width, drawn = _drawn(scan)
    with canvas(ax, 2.6) as axes:
        axes.axhline(scan.attrs["coherence_ideal"], color=_GREY, linewidth=0.8, linestyle=(0, (1, 1.5)))
        handles = []
        for name in scan.hold.values.tolist():
            label, colour, dash = _HELD[name]
            row = scan.sel(hold=name)
            axes.plot(width, row.coherence_gaussian.values[drawn], color=_GREY, linewidth=0.8, zorder=1.5)
            axes.plot(width, row.coherence.values[drawn], color=colour, linestyle=dash)
            _mark(axes, float(row.equal), colour, dash)
            handles.append(Line2D([], [], color=colour, linestyle=dash, label=label))
        handles.append(Line2D([], [], color=_GREY, linewidth=0.8, label="small noise"))
        handles.append(Line2D([], [], color=_GREY, linewidth=0.8, linestyle=(0, (1, 1.5)), label="no noise"))
        _width_axis(axes, scan, width)
        axes.set_ylim(bottom=0.0)
        factor, unit = time_scale(scan.attrs["time"], str(scan.attrs["time_units"]))
        axes.set_ylabel(rf"$2|\langle\rho_{{01}}\rangle|$ at {scan.attrs['time'] * factor:.3g} {unit}")
        legend_above(axes, handles, columns=2, handle_length=1.9)
        return axes


def plot_noise(scan: xarray.Dataset, courses: Sequence[xarray.Dataset] = ()) -> Any:
    """Both pictures of a scan above each other, and mean coherences in time below, in a figure of one column.

    Parameters
    ----------
    scan : xarray.Dataset
        From `einselect.protocols.noise_scan`.
    courses : sequence of xarray.Dataset, optional
        From `einselect.protocols.noisy_coherence`: a picture each, which says what is held.

    Returns
    -------
    matplotlib Figure
    """
    from ..style import new_figure, publication

    figure = new_figure(COLUMN_WIDTH, 5.2 + 3.0 * len(courses))
    with publication():
        upper, lower, *further = figure.subplots(2 + len(courses), 1, height_ratios=(2.6, 2.6, *[3.0] * len(courses)))
        plot_noise_k3(scan, upper)
        plot_noise_coherence(scan, lower)
        for axes, course in zip(further, courses, strict=True):
            plot_noisy_coherence(course, axes)
            if len(courses) > 1:
                axes.set_xlabel(f"{axes.get_xlabel()}, {_HELD[course.attrs['hold']][0]}")
    return figure


def plot_noisy_coherence(course: xarray.Dataset, ax: Axes | None = None) -> Axes:
    """|<ρ_01>| and |<ρ_PR>| in time, and the factors of dephasing and of the shots, relative to the largest at t = 0.

    Parameters
    ----------
    course : xarray.Dataset
        From `einselect.protocols.noisy_coherence`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    from matplotlib.lines import Line2D

    factor, unit = time_scale(float(course.time.values[-1]), str(course.time.attrs.get("units", "")))
    t = course.time.values * factor
    curves: list[tuple[str, Any, str, Any, float]] = [
        (r"$2|\langle\rho_{01}\rangle|$", 2.0 * course.abs_rho_01.values, OKABE_ITO["blue"], "-", 1.4),
        (r"$2|\langle\rho_\mathrm{PR}\rangle|$", 2.0 * course.abs_rho_pr.values, OKABE_ITO["purple"], (0, (1, 1)), 1.2),
        (
            r"$2|\rho_{01}|$, one shot",
            2.0 * np.abs(course.rho_01_single.values),
            OKABE_ITO["vermillion"],
            (0, (4, 1.5)),
            1.2,
        ),
        (r"$e^{-\gamma G_{01}t}$", course.dephasing.values, _GREY, (0, (5, 2)), 0.8),
        (r"$|\langle e^{i\Delta E t}\rangle|$", course.shots.values, OKABE_ITO["green"], (0, (4, 1.2, 1, 1.2)), 1.2),
        (r"$e^{-(\sigma_\omega t)^2/2}$", course.shots_gaussian.values, _GREY, "-", 0.8),
    ]
    with canvas(ax, 3.0) as axes:
        handles = []
        for (label, values, colour, dash, thick), order in zip(curves, (2.6, 2.2, 2.5, 1.6, 2.4, 1.5), strict=True):
            axes.plot(t, values, color=colour, linestyle=dash, linewidth=thick, zorder=order)
            handles.append(Line2D([], [], color=colour, linestyle=dash, linewidth=thick, label=label))
        star = float(course.attrs["t2_star"]) * factor
        if t[0] < star < t[-1]:
            axes.axvline(star, color=OKABE_ITO["blue"], linewidth=0.8, zorder=1.0)
            axes.annotate(
                "$T_2^*$",
                (star, 0.97),
                xycoords=("data", "axes fraction"),
                xytext=(3, 0),
                textcoords="offset points",
                ha="left",
                va="top",
            )
        axes.set_xlim(t[0], t[-1])
        axes.set_ylim(0.0, 1.05)
        axes.set_xlabel(rf"time [{unit}]")
        axes.set_ylabel("relative to one coherent shot")
        legend_above(axes, handles, columns=2, handle_length=1.9)
        return axes


def _drawn(scan: xarray.Dataset) -> tuple[Any, Any]:
    """Widths above zero, and where they are."""
    drawn = scan.width.values > 0.0
    return scan.width.values[drawn], drawn


def _mark(axes: Axes, at: float, colour: str, dash: Any) -> None:
    if math.isfinite(at):
        axes.axvline(at, color=colour, linewidth=0.8, linestyle=dash, zorder=1.0)


def _width_axis(axes: Axes, scan: xarray.Dataset, width: Any) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator

    axes.set_xscale("log")
    # matplotlib would write every tick of a range below a decade as a power of ten, each over the next.
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(FuncFormatter(lambda *_: ""))
    axes.set_xlim(width[0], width[-1])
    axes.set_xlabel(_WIDTHS[str(scan.attrs["kind"])])
