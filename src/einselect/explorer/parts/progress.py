"""How far a computation is, with a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE


class Progress(JSComponent):
    """A bar that is there while something runs."""

    running = param.Boolean(default=False)
    fraction = param.Number(default=0.0)

    _esm = (Path(__file__).parent / "progress.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
    on_cancel: Callable[[], None] | None = None

    def _handle_msg(self, data: Any) -> None:
        if self.on_cancel is not None and data == "stop":
            self.on_cancel()
