"""A slider through the times of a run, with a button that plays them."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE


class Timeline(JSComponent):
    """A place among `count` times: the browser moves `index`, and Python answers with what is `shown` there.

    Playing goes on when `shown` has changed, so that no picture is left out; `settled` counts the rests, when a
    slider is let go or playing ends.
    """

    label = param.String(default="")
    shown = param.String(default="")
    index = param.Integer(default=0)
    count = param.Integer(default=1)
    stride = param.Integer(default=1)
    settled = param.Integer(default=0)

    _esm = (Path(__file__).parent / "timeline.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
