"""The picture of a doublet: both bases over the potential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import COLOURS
from ._common import canvas, energy_label, legend_above
from ._doublet_frame import doublet_frame

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..doublet import Doublet
    from ..jump_doublet import JumpDoublet
    from ..levels import Array
    from ._doublet_frame import DoubletFrame

_MARKED = 40  # up to so many Dicke states each gets its point
_SLIT = 0.1  # what is left of the cut stretch, over the width drawn of one well
_DASHES: dict[str, Any] = {"E0": "-", "E1": (0, (4, 1.5))}
_SHADE = 0.45
_MATHEMATICAL = {
    "√(2 Σ_k g_k²)": r"\sqrt{2\,\Sigma_k\,g_k^2}",
    "√2": r"\sqrt{2}",
    "_-": "_{-}",
    "†": r"^\dagger",
    "Σ_k g": r"\Sigma_k\,g",
}


def plot_doublet(doublet: Doublet | JumpDoublet, ax: Axes | None = None) -> Axes:
    """The states of the doublet over the potential of the model.

    Of a collective spin the wavefunctions in m over the classical potential; of a system with oscillators the
    probability densities along a coordinate over the adiabatic potential (`CoordinateStates`). E0 and E1 are lines at
    their energies, P and R areas at the energy between, all on the same scale (arbitrary against that of energy).
    Energies count from the middle of the doublet. Where the wells are far apart against their width, the empty stretch
    between them is cut out of the axis.

    Parameters
    ----------
    doublet : Doublet or JumpDoublet
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        For a system that has neither a collective spin nor a coordinate.
    """
    frame = doublet_frame(doublet)
    with canvas(ax, 2.6) as drawn:
        _draw(frame, drawn)
    return drawn


def _draw(frame: DoubletFrame, ax: Axes) -> None:
    outer = frame.stretches[-1][1]
    for m, v in frame.potentials:
        ax.plot(m, v, color=COLOURS["potential"], linewidth=1.0, label="_potential", zorder=2)
    for name in ("P", "R"):
        for m, psi in frame.pieces(name):
            ax.fill_between(
                m, 0.0, frame.height * psi, color=COLOURS[name], alpha=_SHADE, linewidth=0, label=f"_{name}"
            )
    for name in ("E0", "E1"):
        for m, psi in frame.pieces(name):
            ax.plot(
                m,
                frame.energies[name] + frame.height * psi,
                linestyle=_DASHES[name],
                color=COLOURS["even" if name == "E0" else "odd"],
                marker="o" if len(frame.curves[name][0]) <= _MARKED else "",
                markersize=2.5,
                label=f"_{name}",
            )
    ax.axhline(0.0, color=COLOURS["limit"], linewidth=0.5, zorder=0, label="_middle")

    ax.set_xlim(-outer, outer)
    ax.set_ylim(frame.floor, frame.ceiling)
    if frame.broken:
        _break_axis(ax, *frame.stretches[1])
    ax.set_xlabel(_coordinate(frame))
    energy = "E - (E_0 + E_1)/2"
    ax.set_ylabel(energy_label(f"[{energy}]" if frame.divisor else energy, frame.divisor, frame.unit))
    _legend(ax, frame.symbol)


def _coordinate(frame: DoubletFrame) -> str:
    """The axis: what the coordinate is, in mathematical notation."""
    if frame.coordinate is None:
        return "$m$ (eigenvalue of $J_z$)"
    meaning = frame.coordinate.meaning
    for plain, written in _MATHEMATICAL.items():
        meaning = meaning.replace(plain, written)
    return f"${frame.symbol} = {meaning}$"


def _break_axis(ax: Axes, inner: float, outer: float) -> None:
    """Shrink -inner < m < inner to a slit: a scale linear in m on either side of it, marked as broken."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    width = outer - inner
    total = 2.0 + _SLIT
    knots, places = (-outer, -inner, inner, outer), (0.0, 1.0, 1.0 + _SLIT, total)

    def forward(m: Array) -> Array:
        m = np.asarray(m, dtype=float)
        beyond = np.clip(m - outer, 0.0, None) - np.clip(-outer - m, 0.0, None)
        return np.asarray(np.interp(m, knots, places) + beyond / width)

    def backward(place: Array) -> Array:
        place = np.asarray(place, dtype=float)
        beyond = np.clip(place - total, 0.0, None) - np.clip(-place, 0.0, None)
        return np.asarray(np.interp(place, places, knots) + beyond * width)

    ax.set_xscale("function", functions=(forward, backward))
    # No tick so near the slit that its label would touch the one on the other side.
    found = MaxNLocator(3 if outer < 1e5 else 2, steps=[1, 2, 5, 10]).tick_values(inner, outer)
    ticks = [float(t) for t in found if inner + 0.2 * width < t <= outer]
    ax.xaxis.set_major_locator(FixedLocator([*(-t for t in reversed(ticks)), *ticks]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda m, _: f"{m:.10g}".replace("-", "−")))
    ax.axvspan(-inner, inner, color="white", zorder=5, label="_cut")
    for x in (1.0 / total, (1.0 + _SLIT) / total):
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


def _legend(ax: Axes, symbol: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Line2D([], [], color=COLOURS["even"], linestyle=_DASHES["E0"], label="$E_0$"),
        Line2D([], [], color=COLOURS["odd"], linestyle=_DASHES["E1"], label="$E_1$"),
        Patch(color=COLOURS["P"], alpha=_SHADE, linewidth=0, label="P"),
        Patch(color=COLOURS["R"], alpha=_SHADE, linewidth=0, label="R"),
        Line2D([], [], color=COLOURS["potential"], linewidth=1.0, label=f"$V({symbol})$"),
    ]
    legend_above(ax, handles, 5)
