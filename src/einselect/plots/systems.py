"""The ratio of the two dephasing rates over systems and jump operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..style import COLOURS, OKABE_ITO
from ._common import canvas, legend_above

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..sweeps import SystemComparison, SystemRow

# Kinds differ by shape and by being filled or not, beside their colour.
_KINDS: dict[str, dict[str, Any]] = {
    "odd": {"marker": "o", "color": OKABE_ITO["blue"]},
    "even": {"marker": "s", "color": OKABE_ITO["vermillion"], "markerfacecolor": "white"},
    "no parity": {"marker": "D", "color": OKABE_ITO["green"], "markerfacecolor": "white"},
}
_DOT: dict[str, Any] = {"linestyle": "none", "markersize": 5.0, "markeredgewidth": 1.1, "zorder": 3}
_TICK: dict[str, Any] = {"marker": "|", "linestyle": "none", "color": "black", "markersize": 7.0, "zorder": 2}
_ROW = 0.175  # inches
_SYMBOLS = {
    "Jz": "$J_z$",
    "Jx": "$J_x$",
    "Jy": "$J_y$",
    "J-": "$J_-$",
    "J+": "$J_+$",
    "a": "$a$",
    "x": r"$a+a^\dagger$",
    "n": r"$a^\dagger a$",
    "sz": r"$\sigma_z/2$",
    "b": "$b$",
    "b0": "$b_0$",
    "b1": "$b_1$",
    "b2": "$b_2$",
    "site1": "site 1",
    "site2": "site 2",
}


def plot_systems(comparison: SystemComparison, ax: Axes | None = None) -> Axes:
    """η of every system under each of its jump operators: a point each, and a tick where it would be without leakage.

    Parameters
    ----------
    comparison : SystemComparison
        From `einselect.sweeps.compare_systems`. Jump operators that dephase neither coherence have no η and no point.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        If there is no ratio to draw.
    """
    if not any(row.bath.eta is not None for row in comparison.rows):
        raise InputError("comparison must have a ratio to draw; got none")
    height = _ROW * (len(comparison.rows) + len(comparison.points)) + 0.85
    with canvas(ax, height) as drawn:
        _draw(comparison, drawn)
    return drawn


def _kind(row: SystemRow) -> str:
    return row.bath.parity if row.bath.parity in _KINDS else "no parity"


def _draw(comparison: SystemComparison, ax: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.ticker import MultipleLocator

    places, labels, heads = [], [], []
    place, before = 0.0, ""
    for row in comparison.rows:
        if row.system != before:
            heads.append((place, row.system))
            place, before = place + 1.0, row.system
        places.append(place)
        labels.append(_SYMBOLS.get(row.bath.jump, row.bath.jump))
        place += 1.0
    for y, row in zip(places, comparison.rows, strict=True):
        if row.bath.eta_restricted is not None:
            ax.plot([row.bath.eta_restricted], [y], **_TICK, label="_limit")
        if row.bath.eta is not None:
            ax.plot([row.bath.eta], [y], **_KINDS[_kind(row)], **_DOT, label=f"_{row.system}: {row.bath.jump}")
    for value in (1.0, 2.0):
        ax.axvline(value, color=COLOURS["limit"], linewidth=0.7, linestyle=(0, (1, 1.5)), zorder=1)
    for y, name in heads:
        ax.annotate(
            name,
            (0.0, y),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
        if y > 0.0:
            ax.axhline(y - 0.55, color=COLOURS["limit"], linewidth=0.4, zorder=1)
    ax.set_yticks(places, labels)
    ax.tick_params(axis="y", which="both", length=0)
    ax.minorticks_on()
    ax.tick_params(axis="y", which="minor", left=False, right=False)
    ax.set_ylim(place - 0.4, -0.6)
    found = [v for row in comparison.rows for v in (row.bath.eta, row.bath.eta_restricted) if v is not None]
    ax.set_xlim(min(0.3, 0.9 * min(found)), max(2.15, 1.05 * max(found)))
    ax.xaxis.set_major_locator(MultipleLocator(0.5))
    ax.set_xlabel(r"$\eta = \Gamma_\mathrm{PR}/\Gamma_{01}$")
    drawn = {_kind(row) for row in comparison.rows}
    handles = [Line2D([], [], **_KINDS[name], **_DOT, label=name) for name in _KINDS if name in drawn]
    handles.append(Line2D([], [], **_TICK, label="no leakage"))
    legend_above(ax, handles, len(handles), handle_length=0.9)
