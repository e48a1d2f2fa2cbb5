"""Text and tables, as HTML."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent


class Markup(JSComponent):
    """HTML whose texts are escaped already.

    Panel's own pane sends its styles again with every change, and in a notebook as links to another host.
    """

    object = param.String(default="")

    _esm = (Path(__file__).parent / "markup.js").read_text(encoding="utf-8")
