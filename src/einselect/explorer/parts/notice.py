"""A message above the page."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE


class Notice(JSComponent):
    """What is wrong, where no entry can say it; without a text it takes no room."""

    text = param.String(default="")

    _esm = (Path(__file__).parent / "notice.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
