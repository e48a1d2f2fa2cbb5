"""How the figures of the explorer look: the palette of `einselect.style`, light and dark, one layout."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

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
    paper, ink, grid, surface : str
        Ground, text, lines of the grid, ground of entries.
    """

    dark: bool
    paper: str
    ink: str
    grid: str
    surface: str

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
    if dark:
        return Theme(True, "#121212", "#f2f2f2", "#383838", "#242424")
    return Theme(False, "#ffffff", "#1a1a1a", "#e3e3e3", "#f7f7f7")


@dataclass(frozen=True)
class Patch:
    """What another moment changes in a drawing: the same entries at each moment, so that the last one says all.

    Attributes
    ----------
    traces : mapping of int to dict
        By the place of a trace: attributes at its top level with their new values.
    layout : dict
        Entries of the layout with their new values.
    """

    traces: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    layout: dict[str, Any] = field(default_factory=dict)

    def json(self) -> str:
        """As `parts/picture.js` reads it."""
        return _json({"traces": {str(place): changed for place, changed in self.traces.items()}, "layout": self.layout})


@dataclass(frozen=True)
class Drawing:
    """A plotly figure as plain data: what plotly's own class checks at each step, the tests check once (`plotly`).

    Attributes
    ----------
    data : list of dict
        Traces, with a "type" each.
    layout : dict
    """

    data: list[dict[str, Any]]
    layout: dict[str, Any]

    def parts(self) -> tuple[str, str]:
        """As `parts/picture.js` reads it: the traces with their layout, and the shapes on them.

        What is the same as in the last drawing is neither sent nor drawn again; other shapes alone cost a browser a
        tenth of a map.
        """
        layout = {name: value for name, value in self.layout.items() if name != "shapes"}
        return _json({"data": self.data, "layout": layout}), _json({"shapes": self.layout.get("shapes", [])})

    def patched(self, patch: Patch) -> Drawing:
        """The drawing at another moment."""
        data = [{**trace, **patch.traces.get(place, {})} for place, trace in enumerate(self.data)]
        return Drawing(data, {**self.layout, **patch.layout})

    def plotly(self) -> Figure:
        """As plotly's class, which refuses what it does not know."""
        from plotly.graph_objects import Figure

        return Figure(data=self.data, layout=self.layout)


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, default=_encoded, allow_nan=False)


def _encoded(value: object) -> Any:
    """Arrays as plotly.js reads them, bytes for bytes; NaN and infinities are gaps there."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and value.ndim <= 2:
        single = value.dtype.kind == "f" and value.dtype.itemsize == 4
        wanted = "<f4" if single else {"f": "<f8", "i": "<i4", "u": "<u4"}[value.dtype.kind]
        kept = np.ascontiguousarray(value, dtype=wanted)
        code = f"{kept.dtype.kind}{kept.dtype.itemsize}"
        found = {"dtype": code, "bdata": base64.b64encode(kept.tobytes()).decode()}
        return found if kept.ndim == 1 else {**found, "shape": ",".join(map(str, kept.shape))}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"a drawing must consist of numbers, text and arrays; got {type(value).__name__}")


@cache
def _template(dark: bool) -> dict[str, Any]:
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
        # Every label would be measured for it, which takes as long as half of a picture.
        "ticklabeloverflow": "allow",
    }
    return {
        "layout": {
            "font": {"family": "Roboto, Helvetica, Arial, sans-serif", "size": 13, "color": look.ink},
            "paper_bgcolor": look.paper,
            "plot_bgcolor": look.paper,
            "xaxis": axis,
            "yaxis": axis,
            "margin": {"l": 60, "r": 14, "t": 10, "b": 48},
            "legend": {"orientation": "h", "x": 0.0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
            "hoverlabel": {"font": {"size": 13}},
        }
    }


def figure(dark: bool, traces: Sequence[dict[str, Any]], **layout: Any) -> Drawing:
    """A figure in the house style.

    Parameters
    ----------
    dark : bool
    traces : sequence of dict
        With a "type" each. Arrays of whole numbers are sent with 32 bits: larger ones are given as floats.
    **layout
        As plotly's layout takes it.
    """
    return Drawing(list(traces), {"template": _template(dark), **layout})
