# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
"""A file to take away."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE


class SaveButton(JSComponent):
    """A button that saves a file, which `make` returns when it is asked for: None where there is none now."""

    label = param.String(default="")
    filename = param.String(default="")

    _esm = (Path(__file__).parent / "saved.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
    make: Callable[[], bytes | None] | None = None

    def _handle_msg(self, data: Any) -> None:
        if data == "save" and self.make is not None:
            content = self.make()
            if content is not None:
                self._send_msg({"name": self.filename, "content": base64.b64encode(content).decode()})
