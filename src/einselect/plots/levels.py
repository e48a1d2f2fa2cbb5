"""The level diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..display import figure
from ..style import COLOURS
from ._common import canvas, energy_label, energy_scale, legend_above

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..level_set import LevelSet

_REACH = 2.0  # a barrier higher than so many times the highest level is told, not drawn: it would squeeze the levels


def plot_levels(levels: LevelSet, ax: Axes | None = None) -> Axes:
    """Level diagram: E_n - E_0 in two columns by parity, with the top of the barrier between the wells.

    Parameters
    ----------
    levels : Levels or MatrixLevels
        Levels without parities are drawn in both columns.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    with canvas(ax, 2.8) as drawn:
        _draw(levels, drawn)
    return drawn


def _draw(levels: LevelSet, ax: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.ticker import NullLocator

    scale, divisor, unit = energy_scale(levels.energy_unit, float(levels.excitations[-1]))
    if levels.energy_unit == "plain":
        divisor = ""  # the unit is that of the model's parameters, which need not be a J
    heights = scale * levels.excitations
    for name, parity, left in (("even", 1, 0.0), ("odd", -1, 1.0)):
        own = heights[(levels.parities == parity) | (levels.parities == 0)]
        ax.hlines(own, left + 0.08, left + 0.92, color=COLOURS[name], linewidth=1.3, label=f"_{name}")
    high = float(heights[-1])
    if levels.barrier_top is not None:
        barrier = scale * (levels.barrier_top - float(levels.energies[0]))
        style: dict[str, Any] = {"color": COLOURS["potential"], "linestyle": (0, (4, 2)), "linewidth": 0.9}
        label = "top of the barrier"
        if barrier <= _REACH * high:
            ax.axhline(barrier, label="_barrier", **style)
            high = max(high, barrier)
        else:
            style["linestyle"] = "none"
            label += f" at {figure(barrier, 4)} {unit or (f'${divisor}$' if divisor else '')}".rstrip()
        drawn = style["linestyle"] != "none"
        legend_above(ax, [Line2D([], [], label=label, **style)], 1, handle_length=1.6 if drawn else 0.0)
    ax.set_ylim(-0.06 * high, 1.12 * high)
    ax.set_xlim(0.0, 2.0)
    ax.set_xticks([0.5, 1.5], ["even", "odd"])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.tick_params(axis="x", length=0)
    ax.set_xlabel("parity")
    ax.set_ylabel(energy_label("(E_n - E_0)", divisor, unit))
