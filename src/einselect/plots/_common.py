"""What the pictures share: new axes in the house style, the unit of energies, a legend above the frame."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..style import COLUMN_WIDTH, publication

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes


@contextmanager
def canvas(ax: Axes | None, height: float) -> Iterator[Axes]:
    """The axes to draw on inside the block: `ax`, or new ones in the house style, `height` inches high.

    The style holds for the whole block, since labels take their size when they are made; a given `ax` keeps its
    owner's settings.
    """
    if ax is not None:
        yield ax
        return
    from matplotlib import pyplot

    with publication():
        yield pyplot.subplots(figsize=(COLUMN_WIDTH, height))[1]


def energy_scale(energy_unit: str, typical: float, coupling: float = 1.0) -> tuple[float, str, str]:
    """How energies are drawn: as E/J, or for physical models as E/h in a prefixed Hz.

    Parameters
    ----------
    energy_unit : {"J", "plain", "rad/s"}
    typical : float
        An energy of the picture, which chooses the prefix.
    coupling : float
        J of a plain model.

    Returns
    -------
    factor : float
        Drawn number over energy.
    divisor : str
        "J" or "h".
    unit : str
        Unit of the quotient, "" or "kHz" for example.
    """
    if energy_unit != "rad/s":
        return 1.0 / coupling, "J", ""
    size = abs(typical) / (2.0 * math.pi)
    group = min(max(math.floor(math.log10(size) / 3.0), -3), 4) if size > 0.0 else 0
    prefix = ("n", "µ", "m", "", "k", "M", "G", "T")[group + 3]
    return 1.0 / (2.0 * math.pi * 1000.0**group), "h", f"{prefix}Hz"


def energy_label(energy: str, divisor: str, unit: str) -> str:
    """Axis label of an energy, written in mathematical notation without dollars; no divisor, no quotient."""
    quotient = rf"{energy}\,/\,{divisor}" if divisor else energy
    return f"${quotient}$" + (f" [{unit}]" if unit else "")


def legend_above(ax: Axes, handles: Sequence[Artist], columns: int, handle_length: float = 1.6) -> None:
    """A legend on top of the frame, where it covers no data."""
    ax.legend(
        handles=list(handles),
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=columns,
        columnspacing=1.0,
        handlelength=handle_length,
        handletextpad=0.5,
        borderaxespad=0.3,
        frameon=False,
    )


def time_scale(longest: float, unit: str) -> tuple[float, str]:
    """Factor and unit of the time axis: seconds with a prefix, ħ/J, or none for plain energies."""
    if unit != "s":
        return 1.0, r"$\hbar/J$" if unit in ("", "ħ/J") else ""
    for power, prefix in ((0, ""), (3, "m"), (6, "µ"), (9, "n")):
        if longest * 10.0**power >= 1.0:
            return 10.0**power, f"{prefix}s"
    return 1e12, "ps"


def bracketed(unit: str) -> str:
    """A unit behind the name of an axis; nothing for plain numbers."""
    return f" [{unit}]" if unit else ""
