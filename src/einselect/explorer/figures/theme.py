"""How the figures of the explorer look: the palette of `einselect.style`, light and dark, one layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ..._checks import one_of
from ...style import COLOURS, OKABE_ITO

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# On a dark ground black turns white, and the two darkest hues are lightened to keep a contrast of 4.5 to it.
_ON_DARK = {
    OKABE_ITO["black"]: "#f2f2f2",
    OKABE_ITO["blue"]: "#4aa3df",
    OKABE_ITO["vermillion"]: "#f0803c",
    OKABE_ITO["green"]: "#2bc49a",
    COLOURS["limit"]: "#a8a8a8",
}
DASHES: Mapping[str, str] = {"E0": "solid", "E1": "dash", "P": "solid", "R": "dash"}
"""Lines differ by dash too, for those who do not see the colours."""


@dataclass(frozen=True)
class Theme:
    """Colours of a light or dark page.

    Attributes
    ----------
    dark : bool
    paper, ink, grid : str
        Ground, text, lines of the grid.
    """

    dark: bool
    paper: str
    ink: str
    grid: str

    def colour(self, name: str) -> str:
        """A colour by its name in `COLOURS` or `OKABE_ITO`, as it is on this ground."""
        known = {**OKABE_ITO, **COLOURS}
        plain = known[one_of("colour", name, known)]
        return _ON_DARK.get(plain, plain) if self.dark else plain

    def shade(self, name: str, opacity: float) -> str:
        """The colour of an area."""
        plain = self.colour(name).lstrip("#")
        red, green, blue = (int(plain[i : i + 2], 16) for i in (0, 2, 4))
        return f"rgba({red},{green},{blue},{opacity})"


def theme(dark: bool) -> Theme:
    """The theme of a light or dark page."""
    return Theme(True, "#121212", "#f2f2f2", "#383838") if dark else Theme(False, "#ffffff", "#1a1a1a", "#e3e3e3")


@cache
def _template(dark: bool) -> Any:
    from plotly.graph_objects import layout

    look = theme(dark)
    axis = {
        "gridcolor": look.grid,
        "linecolor": look.ink,
        "zerolinecolor": look.grid,
        "showline": True,
        "mirror": True,
        "ticks": "inside",
        "automargin": True,
        "title": {"standoff": 8},
        "exponentformat": "power",
    }
    return layout.Template(
        layout={
            "font": {"family": "Roboto, Helvetica, Arial, sans-serif", "size": 13, "color": look.ink},
            "paper_bgcolor": look.paper,
            "plot_bgcolor": look.paper,
            "xaxis": axis,
            "yaxis": axis,
            "margin": {"l": 60, "r": 14, "t": 10, "b": 48},
            "legend": {"orientation": "h", "x": 0.0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
            "hoverlabel": {"font": {"size": 13}},
        }
    )


def figure(dark: bool, traces: Sequence[Any], **layout: Any) -> Figure:
    """A figure in the house style.

    Parameters
    ----------
    dark : bool
    traces : sequence of dict or trace
        With a "type" each.
    **layout
        As plotly's layout takes it.
    """
    from plotly.graph_objects import Figure

    return Figure(data=list(traces), layout={"template": _template(dark), **layout})
