"""Eigenvalues of the Liouvillian in the complex plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import COLOURS, OKABE_ITO
from ._common import canvas, legend_above

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# A sector is told by colour, by shape and by being filled or not: points of two sectors may coincide.
_SECTORS: dict[str, dict[str, Any]] = {
    "populations": {"marker": "o", "markerfacecolor": OKABE_ITO["blue"], "markersize": 4.0},
    "coherences": {"marker": "s", "markerfacecolor": "none", "markersize": 6.5},
    "all": {"marker": "D", "markerfacecolor": "none", "markersize": 5.0},
}
_EDGES = {"populations": OKABE_ITO["blue"], "coherences": OKABE_ITO["vermillion"], "all": OKABE_ITO["green"]}
_MARGIN = 0.1


def plot_modes(found: Any, ax: Axes | None = None, rate: float | None = None, unit: str = "") -> Axes:
    """Eigenvalues λ: decay to the left, frequency upwards, one kind of marker for each parity sector.

    Parameters
    ----------
    found : Modes or SlowModes
        From `Lindbladian.spectrum` or `FullLindbladian.spectrum`.
    ax : matplotlib Axes, optional
    rate : float, optional
        Eigenvalues are drawn in units of it, such as the coefficient of ρ_01 in Eq. 12 (Γ01; γG01 for dephasing),
        and its own place is marked where the picture reaches it. Default: as they are.
    unit : str
        Their unit, where no rate is given.

    Returns
    -------
    matplotlib Axes
    """
    with canvas(ax, 2.6) as drawn:
        _draw(found, drawn, rate, unit)
    return drawn


def _draw(found: Any, ax: Axes, rate: float | None, unit: str) -> None:
    from matplotlib.lines import Line2D

    values = found.eigenvalues / (rate or 1.0)
    sectors = np.array([mode.sector for mode in found.modes])
    handles = []
    for name, marker in _SECTORS.items():
        own = values[sectors == name]
        if len(own):
            style = {**marker, "markeredgecolor": _EDGES[name], "markeredgewidth": 1.0, "linestyle": "none"}
            ax.plot(own.real, own.imag, **style, label=f"_{name}", zorder=3, clip_on=False)
            handles.append(Line2D([], [], **style, label="no parity" if name == "all" else name))
    for line in (ax.axhline, ax.axvline):
        line(0.0, color=COLOURS["limit"], linewidth=0.6, zorder=1)
    # Where only steady modes are drawn, rounding is no scale: the picture reaches to the gap.
    left = max(-float(values.real.min()), found.gap / (rate or 1.0)) or 1.0
    high = float(np.abs(values.imag).max()) or 1.0
    ax.set_xlim(-(1.0 + _MARGIN) * left, _MARGIN * left)
    ax.set_ylim(-(1.0 + _MARGIN) * high, (1.0 + _MARGIN) * high)
    if rate and left >= 1.0:
        style = {"color": COLOURS["limit"], "linewidth": 0.8, "linestyle": (0, (1, 1.5))}
        ax.axvline(-1.0, **style, zorder=1, label="_rate")
        handles.append(Line2D([], [], **style, label=r"$-\Gamma_{01}$"))
    divisor = r"\,/\,\Gamma_{01}" if rate else ""
    behind = f" [{unit}]" if unit and not rate else ""
    ax.set_xlabel(rf"Re $\lambda{divisor}$" + behind)
    ax.set_ylabel(rf"Im $\lambda{divisor}$" + behind)
    legend_above(ax, handles, len(handles), handle_length=1.2)
