"""An entry: a text field, the slider that goes with it, and the message about it."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

_HERE = Path(__file__).parent
SHARED_STYLE = (_HERE / "parts.css").read_text(encoding="utf-8")


class Quantity(JSComponent):
    """A text field with a slider.

    The browser sets `typed` (a text that was entered) and `moved` (a position of the slider); Python sets the others.
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
    typed = param.Dict(default={})
    moved = param.Dict(default={})

    _esm = (_HERE / "quantity.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
