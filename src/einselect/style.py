"""How figures look: one palette, one set of publication settings, one way to save.

The settings are those of a two-column physics journal: figures as wide as a column, text of 8 to 9 points, text
kept as text in SVG and TrueType in PDF. They hold inside ``with publication():`` only and never change matplotlib
globally. The palette is that of Okabe and Ito, made to be told apart by people with any colour vision
(M. Okabe, K. Ito, "Color Universal Design", 2008); lines also differ by dash or marker, for print in grey.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._files import atomic_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMN_WIDTH = 3.4
"""Width of one journal column, in inches."""

PAGE_WIDTH = 7.0
"""Width of a figure across both columns, in inches."""

OKABE_ITO = {
    "black": "#000000",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
}
"""The palette by name. Yellow is for areas only: as a line on white it is too light."""

COLOURS = {
    "even": OKABE_ITO["blue"],
    "odd": OKABE_ITO["vermillion"],
    "P": OKABE_ITO["green"],
    "R": OKABE_ITO["purple"],
    "eta_mf": OKABE_ITO["blue"],
    "eta_exact": OKABE_ITO["vermillion"],
    "potential": OKABE_ITO["black"],
    "published": OKABE_ITO["black"],
    "limit": "#767676",
    "benchmark": OKABE_ITO["orange"],
}
"""What has which colour, in every figure: states by parity or well, ratios, limits, the paper's points."""

_CYCLE = [OKABE_ITO[name] for name in ("blue", "vermillion", "green", "purple", "orange", "sky", "black")]

_SETTINGS: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same figure on every machine
    "mathtext.fontset": "dejavusans",
    "font.size": 8.0,
    "axes.labelsize": 9.0,
    "axes.titlesize": 9.0,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "axes.linewidth": 0.7,
    "lines.linewidth": 1.3,
    "lines.markersize": 4.0,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "xtick.minor.visible": True,
    "ytick.minor.visible": True,
    "figure.figsize": (COLUMN_WIDTH, 2.5),
    "figure.constrained_layout.use": True,
    "figure.dpi": 150.0,
    "savefig.dpi": 400.0,
    "savefig.facecolor": "white",
    "figure.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "einselect",  # element names that do not change from run to run
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
}

_NO_DATE: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None, "ModDate": None},
}


@contextmanager
def publication(**overrides: Any) -> Iterator[None]:
    """Publication settings inside the block; matplotlib's own are back after it.

    Parameters
    ----------
    **overrides
        Settings that differ, with a double underscore for the dot: ``legend__fontsize=7``.

    Yields
    ------
    None

    Notes
    -----
    matplotlib reads the kind of font when it saves, so save inside the block too, or with `save`.
    """
    import matplotlib
    from cycler import cycler

    settings: Any = {**_SETTINGS, "axes.prop_cycle": cycler(color=_CYCLE)}
    settings.update({name.replace("__", "."): value for name, value in overrides.items()})
    with matplotlib.rc_context(settings):
        yield
        interactive = matplotlib.is_interactive()
    # The first figure loads the backend. That of notebooks switches interaction on then, which has to outlive the
    # block: without it the pictures of later cells are not shown.
    matplotlib.interactive(interactive)


def new_figure(width: float = COLUMN_WIDTH, height: float = 2.5) -> Figure:
    """An empty figure of that size in inches, with these settings, that no window and no notebook keeps.

    Parameters
    ----------
    width, height : float
        In inches.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    with publication():
        return Figure(figsize=(width, height))


def save(figure: Figure, path: str | Path, dpi: float | None = None) -> None:
    """Save a figure with these settings, whole or not at all; the suffix chooses the format.

    No date goes into the file: the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    path : str or Path
        Its suffix is png, svg or pdf.
    dpi : float, optional
        Of a png; 400 if left out.

    Raises
    ------
    InputError
        If the suffix is not one that matplotlib can write, or the file cannot be written.
    """
    from ._checks import one_of

    kind = one_of("figure format", Path(path).suffix.removeprefix(".").lower(), ("png", "svg", "pdf"))
    with atomic_path(path) as temporary, publication(**({"savefig__dpi": dpi} if dpi else {})):
        figure.savefig(temporary, format=kind, metadata=_NO_DATE.get(kind))
