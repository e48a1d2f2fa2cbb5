"""Text to copy: the link, the Python, the command."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE


class CopyText(JSComponent):
    """A titled text with a button that copies it."""

    label = param.String(default="")
    text = param.String(default="")
    query = param.Boolean(default=False)  # the text is a query: the page's own address goes before it

    _esm = (Path(__file__).parent / "copied.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
