"""What only the browser can do: keep its address bar at the link of what is shown, and its page light or dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent


class Browser(JSComponent):
    """The address bar follows `query`; it makes no new entry in the history, so that Back leaves the page.

    The page around the panels is dressed as `dark` says; its button for that comes to `on_toggled`.
    """

    query = param.String(default="")
    dark = param.Boolean(default=False)

    _esm = (Path(__file__).parent / "browser.js").read_text(encoding="utf-8")
    on_toggled: Callable[[], None] | None = None

    def _handle_msg(self, data: Any) -> None:
        if data == "toggle" and self.on_toggled is not None:
            self.on_toggled()
