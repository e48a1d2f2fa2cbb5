"""What only the browser can do: keep its address bar at the link of what is shown."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent


class Browser(JSComponent):
    """The address bar follows `query`; it makes no new entry in the history, so that Back leaves the page."""

    query = param.String(default="")

    _esm = (Path(__file__).parent / "browser.js").read_text(encoding="utf-8")
