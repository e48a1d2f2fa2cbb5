# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
"""What only the page of a notebook knows: its theme, and whether a kernel answers it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE

UNANSWERED = (
    "The kernel does not answer: it is busy with another cell, or this output is of an earlier session. Run this cell "
    "again. If no answer comes after that, install pyviz_comms where Jupyter itself is installed (in VS Code: "
    "jupyter_bokeh where the kernel runs) and reload the page."
)

OUTDATED = "These panels are as they were saved with the notebook: run this cell again to go on with them."

_NOWHERE = "data:text/css,"


class Surroundings(JSComponent):
    """Asks the kernel when it is shown and whenever the panels are used, and says when there is no answer.

    `on_theme` is told whether the notebook is dark. A page that was loaded again shows what its notebook saved, which
    nothing here brings up to date: it says so.
    """

    views = param.Integer(default=0)  # what is saved in a notebook keeps the number it was shown with
    unanswered = param.String(default=UNANSWERED)

    _esm = (Path(__file__).parent / "surroundings.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
    on_theme: Callable[[bool], None] | None = None

    def _handle_msg(self, data: Any) -> None:
        if not isinstance(data, dict):
            return
        views = data.get("views")
        if isinstance(views, int) and views != self.views:
            self._send_msg(OUTDATED)
            return
        self._stay_here()
        self.views = 1
        self._send_msg("")
        if self.on_theme is not None:
            self.on_theme(bool(data.get("dark")))

    def _stay_here(self) -> None:
        """What changes later Panel styles by files from another host: those of its own that the parts do not need."""
        for model, _ in self._models.values():
            if model.document is not None:
                model.document.template_variables["dist_url"] = _NOWHERE
