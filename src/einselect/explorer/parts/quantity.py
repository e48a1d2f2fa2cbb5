"""An entry: a text field, the slider that goes with it, and the message about it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from ..bounds import LONGEST_TEXT

_HERE = Path(__file__).parent
SHARED_STYLE = (_HERE / "parts.css").read_text(encoding="utf-8")


class Quantity(JSComponent):
    """A text field with a slider.

    Python sets its parameters; what the visitor does comes to `on_typed` (a text that was entered) and `on_moved` (a
    position of the slider), as messages, which Panel passes on at once, while it holds changes of properties back.
    """

    label = param.String(default="")
    help = param.String(default="")
    text = param.String(default="")
    error = param.String(default="")
    slider = param.Boolean(default=True)
    low = param.Number(default=0.0)
    high = param.Number(default=1.0)
    step = param.Number(default=0.01)
    position = param.Number(default=0.0)
    serial = param.Integer(default=0)  # of the move that text and position are an answer to

    _esm = (_HERE / "quantity.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
    heard: int = 0
    """Serial of the last move that was heard of."""
    on_typed: Callable[[str], None] | None = None
    on_moved: Callable[[float], None] | None = None

    def _handle_msg(self, data: Any) -> None:
        if not isinstance(data, dict):
            return
        typed, moved = data.get("typed"), data.get("moved")
        if self.on_typed is not None and isinstance(typed, str):
            self.on_typed(typed[:LONGEST_TEXT])
        if self.on_moved is not None and isinstance(moved, int | float) and math.isfinite(moved):
            serial = data.get("serial")
            self.heard = serial if isinstance(serial, int) and abs(serial) < 2**31 else 0
            self.on_moved(float(moved))
