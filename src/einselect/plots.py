"""Results in, matplotlib axes out. Nothing is computed but where things go on the page.

Each function draws on `ax`, or on new axes of one journal column in the house style (`einselect.style`), and
returns the axes. To save one with text as text: ``einselect.style.save(ax.figure, "doublet.svg")``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .display import figure as number
from .errors import InputError
from .style import COLOURS, COLUMN_WIDTH, OKABE_ITO, publication

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

    from .doublet import Doublet
    from .levels import Array, DickeVector, Levels

_STATES = ("E0", "E1", "P", "R")
_VISIBLE = 3e-3  # of the peak: smaller amplitudes are not seen at this size
_SEPARATE = 8.0  # wells farther apart than so many of their widths are drawn on a broken axis
_MARKED = 40  # up to so many Dicke states every one gets its point
_SERIES = tuple(OKABE_ITO[name] for name in ("blue", "vermillion", "green", "purple", "orange", "sky", "black"))


def _axes(ax: Axes | None, height: float) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot

    with publication():
        created: Axes = pyplot.subplots(figsize=(COLUMN_WIDTH, height))[1]
    return created


# --- the doublet -------------------------------------------------------------------------------------------------


def plot_doublet(doublet: Doublet, ax: Axes | None = None) -> Axes:
    """The wavefunctions of the doublet in m, over the classical potential of the model.

    E0 and E1 are lines at their energies, P and R areas at the energy between, all on the same scale of amplitude
    (arbitrary against that of energy). Energies count from the middle of the doublet. Where the wells are far
    apart against their width, the empty stretch between them is cut out of the axis of m.

    Parameters
    ----------
    doublet : Doublet
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    ax = _axes(ax, 2.6)
    states = {name: doublet.state(name) for name in _STATES}
    unit, scale = _energy_scale(doublet)
    middle = doublet.e0 + 0.5 * doublet.splitting
    left, right = _support(states["E1"])
    j = 0.5 * doublet.spins
    pad = max(0.6 * (right - left), 2.0)
    inner, outer = left - pad, min(right + pad, j + 0.5)
    broken = inner > _SEPARATE * (outer - inner)
    stretches = [(-outer, -inner), (inner, outer)] if broken else [(-outer, outer)]

    curves = [np.linspace(a, b, 600) for a, b in stretches]
    potentials = [scale * (doublet.source.potential(m) - middle) for m in curves]
    floor = min(float(v.min()) for v in potentials)
    # High enough for the barrier where it is of the size of the well's own energies, else for three of these.
    own = max(-floor, 0.5 * scale * doublet.splitting)
    barrier = scale * (float(doublet.source.potential(np.zeros(1))[0]) - middle)
    ceiling = max(3.0 * own, min(1.25 * barrier, 6.0 * own)) + 0.5 * scale * doublet.splitting
    height = 0.75 * own / max(float(np.abs(states["P"].amplitudes).max()), 1e-300)

    for m, v in zip(curves, potentials, strict=True):
        ax.plot(m, v, color=COLOURS["potential"], linewidth=1.0, label="_potential", zorder=2)
    for name in ("P", "R"):
        for m, psi in _pieces(states[name], stretches):
            ax.fill_between(m, 0.0, height * psi, color=COLOURS[name], alpha=0.35, linewidth=0, label=f"_{name}")
    for name, dashes, energy in (("E0", "-", doublet.e0), ("E1", (0, (4, 1.5)), doublet.e1)):
        base = scale * (energy - middle)
        colour = COLOURS["even" if name == "E0" else "odd"]
        for m, psi in _pieces(states[name], stretches):
            marker = "o" if len(states[name].m) <= _MARKED else ""
            ax.plot(m, base + height * psi, linestyle=dashes, color=colour, marker=marker, markersize=2.5, label=name)
    ax.axhline(0.0, color=COLOURS["limit"], linewidth=0.5, zorder=0)

    ax.set_xlim(-outer, outer)
    ax.set_ylim(floor - 0.9 * own, ceiling)
    if broken:
        _break_axis(ax, inner, outer)
    ax.set_xlabel("$m$ (eigenvalue of $J_z$)")
    ax.set_ylabel(f"energy − ($E_0 + E_1$)/2  [{unit}]")
    _doublet_legend(ax)
    return ax


def _energy_scale(doublet: Doublet) -> tuple[str, float]:
    """Unit and factor of energies on the page: E/h in a prefixed Hz for physical models."""
    if doublet.energy_unit != "rad/s":
        coupling = getattr(doublet.source, "coupling", 1.0)
        return ("$J$", 1.0 / coupling)
    size = abs(doublet.gap or doublet.splitting) / (2.0 * math.pi)
    group = min(max(math.floor(math.log10(size) / 3.0), -3), 4) if size > 0.0 else 0
    prefix = ("n", "µ", "m", "", "k", "M", "G", "T")[group + 3]
    return f"$h$ × {prefix}Hz", 1.0 / (2.0 * math.pi * 1000.0**group)


def _support(vector: DickeVector) -> tuple[float, float]:
    """The m >= 0 between which the state is visible."""
    seen = (np.abs(vector.amplitudes) > _VISIBLE * np.abs(vector.amplitudes).max()) & (vector.m >= 0.0)
    visible = vector.m[seen]
    return float(visible[0]), float(visible[-1])


def _pieces(vector: DickeVector, stretches: list[tuple[float, float]]) -> Iterator[tuple[Array, Array]]:
    for low, high in stretches:
        inside = (vector.m >= low) & (vector.m <= high)
        yield vector.m[inside], vector.amplitudes[inside]


def _break_axis(ax: Axes, inner: float, outer: float) -> None:
    """Shrink -inner < m < inner to a slit: a scale linear in m on either side of it, marked as broken."""
    width = outer - inner
    knots, places = (-outer, -inner, inner, outer), (0.0, 1.0, 1.1, 2.1)
    slope = 1.0 / width

    def forward(m: Array) -> Array:
        m = np.asarray(m, dtype=float)
        beyond = np.clip(m - outer, 0.0, None) - np.clip(-outer - m, 0.0, None)
        return np.asarray(np.interp(m, knots, places) + slope * beyond)

    def backward(place: Array) -> Array:
        place = np.asarray(place, dtype=float)
        beyond = np.clip(place - places[-1], 0.0, None) - np.clip(-place, 0.0, None)
        return np.asarray(np.interp(place, places, knots) + beyond / slope)

    ax.set_xscale("function", functions=(forward, backward))
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    ticks = [t for t in MaxNLocator(3, steps=[1, 2, 5, 10]).tick_values(inner, outer) if inner < t < outer]
    ax.xaxis.set_major_locator(FixedLocator([-t for t in reversed(ticks)] + ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda m, _: f"{m:.10g}".replace("-", "−")))
    ax.axvspan(-inner, inner, color="white", zorder=5)
    for x in (1.0 / 2.1, 1.1 / 2.1):
        for y in (0.0, 1.0):
            ax.plot(
                [x - 0.012, x + 0.012],
                [y - 0.025, y + 0.025],
                transform=ax.transAxes,
                color="black",
                linewidth=0.8,
                clip_on=False,
                zorder=6,
                label="_break",
            )


def _doublet_legend(ax: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Line2D([], [], color=COLOURS["even"], linestyle="-", label="$E_0$"),
        Line2D([], [], color=COLOURS["odd"], linestyle=(0, (4, 1.5)), label="$E_1$"),
        Patch(color=COLOURS["P"], alpha=0.35, linewidth=0, label="P"),
        Patch(color=COLOURS["R"], alpha=0.35, linewidth=0, label="R"),
        Line2D([], [], color=COLOURS["potential"], linewidth=1.0, label="potential"),
    ]
    _legend_above(ax, handles, 5)


def _legend_above(ax: Axes, handles: list[Any], columns: int) -> None:
    ax.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=columns,
        columnspacing=1.0,
        handlelength=1.6,
        handletextpad=0.5,
        borderaxespad=0.3,
        frameon=False,
    )
