"""What is left of both coherences in time: under static noise beside white noise, and under atom loss."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import COLOURS, OKABE_ITO
from ._common import canvas, legend_above, time_scale

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

_GREY = COLOURS["limit"]
_SOLID: Any = "-"
_DASHED: Any = (0, (4, 1.5))
_DOTTED: Any = (0, (1, 1.2))
_MIXED: Any = (0, (4, 1.2, 1, 1.2))
_PAIR = {"01": (OKABE_ITO["blue"], _SOLID), "pr": (OKABE_ITO["vermillion"], _DASHED)}
_SEEN = 5e-3  # less is no line of its own


def plot_static_noise(course: xarray.Dataset, ax: Axes | None = None) -> Axes:
    """|S_01| and |S_PR| under static noise, their closed forms, and white noise where there is any.

    A ring marks where static and white noise have taken as much.

    Parameters
    ----------
    course : xarray.Dataset
        From `einselect.dynamics.static_noise_course`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    with canvas(ax, 2.7) as axes:
        t, factor = _time_axis(course, axes)
        handles = [_draw(axes, t, course[f"retention_{n}"].values, _label(n), *_PAIR[n], order=3) for n in _PAIR]
        if "closed_01" in course:
            for name, (_, dash) in _PAIR.items():
                line = _draw(axes, t, course[f"closed_{name}"].values, "closed form", _GREY, dash, 1.0, order=2.5)
                handles += [line] if name == "01" else []
        if "white_01" in course:
            for name, (colour, _) in _PAIR.items():
                text = rf"white, $e^{{-\Gamma_{{{_index(name)}}}t}}$"
                handles.append(_draw(axes, t, course[f"white_{name}"].values, text, colour, _DOTTED, 1.1, order=2))
                met = float(course.attrs[f"meeting_{name}"])
                if 0.01 * t[-1] < met * factor <= t[-1]:  # no ring on the corner
                    left = float(np.exp(-course.attrs[f"rate_{name}"] * met))
                    axes.plot(
                        [met * factor], [left], "o", color=colour, markerfacecolor="white", markersize=4.5, zorder=5,
                        label=f"_meeting {name}",
                    )  # fmt: skip
        return _finish(axes, handles)


def plot_atom_loss(course: xarray.Dataset, ax: Axes | None = None) -> Axes:
    """What atom loss leaves of both coherences, with the naive exponentials and the probability of no loss.

    Where the time of a loss is a phase of ρ_01, what is left for someone who counts the atoms is a line of its own.

    Parameters
    ----------
    course : xarray.Dataset
        From `einselect.dynamics.loss_course`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    with canvas(ax, 2.7) as axes:
        t, _ = _time_axis(course, axes)
        handles = [_draw(axes, t, course[f"retention_{n}"].values, _label(n), *_PAIR[n], order=3) for n in _PAIR]
        for name, (_, dash) in _PAIR.items():
            text = rf"$e^{{-\Gamma_{{{_index(name)}}}t}}$"
            handles.append(_draw(axes, t, course[f"naive_{name}"].values, text, _GREY, dash, 0.8, order=2))
        counted, summed = course.counted_01.values, np.abs(course.retention_01.values)
        if float((counted - summed).max()) > _SEEN:
            handles.append(_draw(axes, t, counted, r"$S_{01}$, counted", OKABE_ITO["sky"], _MIXED, order=2.5))
        handles.append(_draw(axes, t, course.no_loss.values, "no loss", OKABE_ITO["green"], _DOTTED, order=2.2))
        return _finish(axes, handles)


def _index(name: str) -> str:
    return "01" if name == "01" else r"\mathrm{PR}"


def _label(name: str) -> str:
    return f"$|S_{{{_index(name)}}}|$"


def _time_axis(course: xarray.Dataset, ax: Axes) -> tuple[Any, float]:
    from matplotlib.ticker import MaxNLocator

    time = course.time.values
    factor, unit = time_scale(float(time[-1]), str(course.time.attrs.get("units", "")))
    power = math.floor(math.log10(float(time[-1]) * factor))
    tens = ""
    if power >= 4:  # plain times may be of any size
        factor, tens = factor / 10.0**power, f"10^{{{power}}}"
    if unit:
        label = rf"time [${tens}$ {unit}]" if tens else rf"time [{unit}]"
    else:
        label = rf"time $/\,{tens}$ ($\hbar = 1$)" if tens else r"time ($\hbar = 1$)"
    ax.set_xlabel(label)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.set_xlim(float(time[0]) * factor, float(time[-1]) * factor)
    return time * factor, factor


def _draw(
    ax: Axes, t: Any, values: Any, text: str, colour: str, dash: Any, width: float = 1.3, order: float = 2.0
) -> Line2D:
    """Draw moduli; returns the entry of the legend."""
    from matplotlib.lines import Line2D

    ax.plot(t, np.abs(values), color=colour, linestyle=dash, linewidth=width, zorder=order, label=f"_{text}")
    return Line2D([], [], color=colour, linestyle=dash, linewidth=width, label=text)


def _finish(ax: Axes, handles: list[Line2D]) -> Axes:
    ax.set_ylim(0.0, 1.05)
    ax.set_ylabel("part of the coherence left")
    legend_above(ax, handles, columns=3, handle_length=1.9)
    return ax
