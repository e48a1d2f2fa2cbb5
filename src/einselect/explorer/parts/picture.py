"""A plot with its title, its description for those who do not see it, and its downloads."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE


class PictureButtons(JSComponent):
    """Saves the plot of that name as SVG or PNG, as it stands in the browser, and describes it to screen readers."""

    plot = param.String(default="")
    description = param.String(default="")

    _esm = (Path(__file__).parent / "picture.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way


class Picture:
    """A plotly figure on a page.

    Parameters
    ----------
    name : str
        Unique among the pictures: file name of its downloads, and ``layout.meta.picture`` of its figure.
    title : str
        Heading above it.
    height : int
        Pixels.
    clicked : callable, optional
        Called with the data of a click (plotly's: a dict with "points").

    Attributes
    ----------
    layout : Column
        To put on the page.
    """

    def __init__(
        self, name: str, title: str, height: int = 420, clicked: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        self.name = name
        self._pane = pn.pane.Plotly(
            None,
            height=height,
            sizing_mode="stretch_width",
            link_figure=False,
            config={"displayModeBar": False, "displaylogo": False, "responsive": True, "doubleClick": "reset"},
        )
        self._buttons = PictureButtons(plot=name, sizing_mode="stretch_width")
        heading = pn.pane.HTML(f"<h2>{title}</h2>", sizing_mode="stretch_width", stylesheets=[SHARED_STYLE])
        self.layout = pn.Column(heading, self._pane, self._buttons, sizing_mode="stretch_width", min_width=0)
        if clicked is not None:
            self._pane.param.watch(lambda event: event.new and clicked(event.new), "click_data", onlychanged=False)

    def show(self, figure: Any, description: str) -> None:
        """Draw a figure; the description says in a sentence what can be seen."""
        figure.layout.meta = {"picture": self.name}
        self._pane.object = figure
        self._buttons.description = description

    @property
    def figure(self) -> Any:
        """What is drawn."""
        return self._pane.object
