"""A slider through the times of a run, with a button that plays them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE


class Timeline(JSComponent):
    """A place among `count` times.

    What the visitor does comes to `on_moved` (a place that is passed) and `on_settled` (one where the slider is let go,
    or playing ends). A move is told when the one before is `answered`, and so is the next frame while it plays.
    """

    label = param.String(default="")
    shown = param.String(default="")
    index = param.Integer(default=0)
    count = param.Integer(default=1)
    stride = param.Integer(default=1)
    answered = param.Integer(default=0)

    _esm = (Path(__file__).parent / "timeline.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
    on_moved: Callable[[int], None] | None = None
    on_settled: Callable[[int], None] | None = None

    def _handle_msg(self, data: Any) -> None:
        if not isinstance(data, dict):
            return
        if "index" in data:
            with pn.io.hold():  # one message to the browser
                try:
                    self._place(data["index"], self.on_moved)
                finally:
                    self.answered += 1
        self._place(data.get("settled"), self.on_settled)

    def _place(self, place: Any, told: Callable[[int], None] | None) -> None:
        if told is not None and isinstance(place, int) and 0 <= place < self.count:
            self.index = place
            told(place)
