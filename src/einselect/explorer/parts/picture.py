# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
"""A plot with its title, its description for those who do not see it, and its downloads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param
from panel.custom import JSComponent

from ..figures.theme import Drawing, Patch
from .quantity import SHARED_STYLE

_HERE = Path(__file__).parent
PLOTLY = _HERE.parent / "served" / "plotly-cartesian-3.1.0.min.js"
"""plotly.js without maps and scenes in three dimensions: a quarter of the whole, which takes a browser a second."""
_PLOTLY_STYLE = (Path(pn.__file__).parent / "dist" / "css" / "models" / "plotly.css").read_text(encoding="utf-8")


class PlotView(JSComponent):
    """A plotly figure and its shapes, as JSON, with a heading above and buttons below it that save it as it stands.

    Panel's own pane sends every property by itself and each resize back; here a new figure is one message; other shapes
    on it and another moment of it are short ones.
    """

    plot = param.String(default="")
    heading = param.String(default="")
    figure = param.String(default="")
    shapes = param.String(default="")
    patch = param.String(default="")
    described = param.String(default="")
    plot_height = param.Integer(default=420)
    clickable = param.Boolean(default=False)

    _esm = (_HERE / "picture.js").read_text(encoding="utf-8")
    _stylesheets = [_PLOTLY_STYLE, SHARED_STYLE]  # noqa: RUF012 - Panel's way
    on_click: Callable[[dict[str, Any]], None] | None = None

    def _handle_msg(self, data: Any) -> None:
        if self.on_click is not None and isinstance(data, dict):
            self.on_click(data)


class Picture:
    """A plotly figure on a page.

    Parameters
    ----------
    name : str
        Unique among the pictures: file name of its downloads, and ``data-picture`` of its element.
    title : str
        Heading above it.
    height : int
        Pixels.
    clicked : callable, optional
        Called with ``{"x": ..., "y": ..., "curve": ...}`` of the point that was clicked.

    Attributes
    ----------
    layout : PlotView
        To put on the page.
    figure : Drawing or None
        What it shows.
    """

    def __init__(
        self, name: str, title: str, height: int = 420, clicked: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        self.name = name
        self.figure: Drawing | None = None
        self.layout = PlotView(
            plot=name,
            heading=title,
            plot_height=height,
            clickable=clicked is not None,
            sizing_mode="stretch_width",
            min_width=0,
        )
        self.layout.on_click = clicked

    def rename(self, name: str, title: str) -> None:
        """Another file name and heading, for another picture in its place."""
        self.name = name
        self.layout.param.update(plot=name, heading=title)

    def show(self, figure: Drawing, description: str) -> None:
        """Draw a figure; the description says in a sentence what can be seen."""
        self.figure = figure
        drawn, shapes = figure.parts()
        self.layout.param.update(figure=drawn, shapes=shapes, patch="", described=description)

    def move(self, patch: Patch, description: str) -> None:
        """Show another moment of the figure that is there: of those that follow a figure, each replaces the last."""
        assert self.figure is not None, "a figure is drawn before it is moved"
        self.figure = self.figure.patched(patch)
        self.layout.param.update(patch=patch.json(), described=description)
