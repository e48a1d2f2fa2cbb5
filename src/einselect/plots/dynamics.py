"""Coherences of the doublet in time: what the dynamics gives, with the naive exponentials over it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import COLOURS, OKABE_ITO
from ._common import canvas, legend_above, time_scale

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

_GREY = COLOURS["limit"]
_THIN: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 1, 1, 1)))


def plot_coherences(dataset: xarray.Dataset, ax: Axes | None = None, naive: Mapping[str, float] | None = None) -> Axes:
    """|ρ_01|, Re and Im ρ_PR and the leakage against time.

    Parameters
    ----------
    dataset : xarray.Dataset
        From `einselect.dynamics.evolve`.
    ax : matplotlib Axes, optional
    naive : mapping of str to float, optional
        Up to four rates by label: for each, ½ exp(-rate·t) is drawn as a thin grey line.

    Returns
    -------
    matplotlib Axes
    """
    from matplotlib.lines import Line2D

    time = dataset.time
    factor, unit = time_scale(float(time.values[-1]), str(time.attrs.get("units", "")))
    t = time.values * factor
    curves: list[tuple[str, Any, str, Any]] = [
        (r"$|\rho_{01}|$", np.abs(dataset.rho_01.values), OKABE_ITO["blue"], "-"),
        (r"Re $\rho_\mathrm{PR}$", dataset.rho_pr.values.real, OKABE_ITO["vermillion"], (0, (4, 1.5))),
        (r"Im $\rho_\mathrm{PR}$", dataset.rho_pr.values.imag, OKABE_ITO["purple"], (0, (4, 1.2, 1, 1.2))),
        ("leakage", dataset.leakage.values, OKABE_ITO["green"], (0, (1, 1))),
    ]
    with canvas(ax, 2.7) as axes:
        axes.axhline(0.0, color=_GREY, linewidth=0.6)
        handles = []
        for label, values, colour, dash in curves:
            axes.plot(t, values, color=colour, linestyle=dash)
            handles.append(Line2D([], [], color=colour, linestyle=dash, label=label))
        for (label, rate), dash in zip((naive or {}).items(), _THIN, strict=False):
            axes.plot(t, 0.5 * np.exp(-rate * time.values), color=_GREY, linewidth=0.8, linestyle=dash, zorder=1.5)
            handles.append(Line2D([], [], color=_GREY, linewidth=0.8, linestyle=dash, label=label))
        axes.set_xlim(t[0], t[-1])
        axes.set_xlabel(rf"time [{unit}]" if unit else r"time ($\hbar = 1$)")
        axes.set_ylabel("matrix element")
        legend_above(axes, handles, columns=3, handle_length=1.9)
        return axes
