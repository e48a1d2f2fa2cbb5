"""Leggett-Garg tests: K3 against the interval by every description, and over intervals and dephasing rates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ..display import figure
from ..errors import InputError
from ..style import COLOURS, OKABE_ITO
from ._common import bracketed, canvas, legend_above, time_scale

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

# Told apart by dashes as well as by colour, the whole truth drawn strongest.
_LOOKS: dict[str, dict[str, Any]] = {
    "A": {"color": OKABE_ITO["orange"], "linestyle": (0, (1, 1.2))},
    "B": {"color": OKABE_ITO["blue"], "linestyle": (0, (5, 1.5))},
    "two-level": {"color": OKABE_ITO["green"], "linestyle": (0, (5, 1.2, 1, 1.2))},
    "C": {"color": OKABE_ITO["vermillion"], "linestyle": (0, (2.5, 1.2))},
    "converged": {"color": OKABE_ITO["black"], "linestyle": "-"},
}
_OTHER: dict[str, Any] = {"color": OKABE_ITO["purple"], "linestyle": (0, (8, 2))}
_MARK: dict[str, Any] = {"color": COLOURS["limit"], "linewidth": 0.8, "linestyle": (0, (1, 1.5)), "zorder": 1}
_BOUND: dict[str, Any] = {"color": COLOURS["limit"], "linewidth": 0.8, "zorder": 1}


def plot_k3(curves: xarray.Dataset, ax: Axes | None = None) -> Axes:
    """K3 against τ, one line for each description, with the dephasing rate each allows in the legend.

    Parameters
    ----------
    curves : xarray.Dataset
        From `einselect.protocols.k3_by_level`: ``k3`` over (level, tau). With a variable ``threshold`` over (level),
        and ``threshold_tau`` in the attributes, these are told too.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        If the dataset has no such variable.
    """
    from matplotlib.lines import Line2D

    _check(curves, ("level", "tau"))
    factor, unit = time_scale(float(curves.tau.values[-1]), str(curves.tau.attrs.get("units", "")))
    if "threshold" in curves and "threshold_tau" not in curves.attrs:
        raise InputError("curves must have threshold_tau in the attributes beside a threshold; got none")
    rate = str(curves.attrs.get("gamma_units", ""))
    handles = []
    with canvas(ax, 3.0) as axes:
        axes.axhline(1.0, label="_bound", **_BOUND)
        for name in [str(level) for level in curves.level.values]:
            look = _LOOKS.get(name, _OTHER)
            axes.plot(curves.tau.values * factor, curves.k3.sel(level=name).values, label=f"_{name}", **look)
            handles.append(Line2D([], [], label=_legend(curves, name, rate), **look))
        axes.set_xlim(0.0, float(curves.tau.values[-1]) * factor)
        axes.set_xlabel(r"interval $\tau$" + bracketed(unit))
        axes.set_ylabel("$K_3$")
        legend_above(axes, handles, 2, handle_length=2.4)
        if "threshold" in curves:
            legend = axes.get_legend()
            if legend is not None:
                legend.set_title(r"largest $\gamma$ with $K_3 > 1$ at the marked $\tau$")
                legend.get_title().set_fontsize(8.0)
            axes.axvline(float(curves.attrs["threshold_tau"]) * factor, label="_tau", **_MARK)
        return axes


def _legend(curves: xarray.Dataset, name: str, unit: str) -> str:
    label = name if name in _LOOKS else f"{name} levels"
    if "threshold" not in curves:
        return label
    threshold = float(curves.threshold.sel(level=name))
    return f"{label}: " + (f"{figure(threshold, 3)} {_rate(unit)}".strip() if np.isfinite(threshold) else "none")


def plot_k3_map(dataset: xarray.Dataset, ax: Axes | None = None) -> Axes:
    """K3 over intervals and dephasing rates, with the line K3 = 1 that bounds the violation.

    Parameters
    ----------
    dataset : xarray.Dataset
        From `LeggettGarg.k3_map`: ``k3`` over (gamma, tau), two values of each at least.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        If the dataset has no such variable, or one value of an axis only.
    """
    _check(dataset, ("gamma", "tau"))
    if min(dataset.sizes.values()) < 2:
        raise InputError(f"dataset must have two values of each axis at least; got {dict(dataset.sizes)}")
    from matplotlib.ticker import MaxNLocator

    factor, unit = time_scale(float(dataset.tau.values[-1]), str(dataset.tau.attrs.get("units", "")))
    tau, gamma, k3 = dataset.tau.values * factor, dataset.gamma.values, dataset.k3.values
    with canvas(ax, 2.7) as axes:
        # White at the bound of macrorealism: what has a blue tint violates it, what is reddish does not.
        reach = max(0.5, float(np.abs(k3 - 1.0).max()))
        width = 0.025 if reach <= 0.5 else 0.05 if reach <= 1.0 else 0.1
        first, last = math.floor((k3.min() - 1.0) / width), math.ceil((k3.max() - 1.0) / width + 1e-9)
        kept = 1.0 + width * np.arange(first, last + 1)
        filled = axes.contourf(tau, gamma, k3, levels=kept, cmap="RdBu", vmin=1.0 - reach, vmax=1.0 + reach)
        filled.set_edgecolor("face")  # no hairlines between the areas
        if k3.min() < 1.0 < k3.max():
            axes.contour(tau, gamma, k3, levels=[1.0], colors=[OKABE_ITO["black"]], linewidths=1.2)
        bar = axes.figure.colorbar(filled, ax=axes, label="$K_3$", ticks=MaxNLocator(7, steps=[1, 2, 5, 10]))
        bar.ax.axhline(1.0, color=OKABE_ITO["black"], linewidth=1.2)
        axes.set_xlabel(r"interval $\tau$" + bracketed(unit))
        axes.set_ylabel(r"dephasing rate $\gamma$" + bracketed(_rate(str(dataset.gamma.attrs.get("units", "")))))
        return axes


def _rate(unit: str) -> str:
    return {"J/ħ": r"$J/\hbar$", "that of the coupling, ħ = 1": ""}.get(unit, unit)


def _check(dataset: xarray.Dataset, axes: tuple[str, str]) -> None:
    if "k3" not in dataset or tuple(dataset.k3.dims) != axes:
        found = tuple(map(str, dataset.k3.dims)) if "k3" in dataset else tuple(map(str, dataset.data_vars))
        raise InputError(f"dataset must have k3 over {axes[0]} and {axes[1]}; got {found}")
