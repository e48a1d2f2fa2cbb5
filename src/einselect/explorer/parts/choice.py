# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
"""A choice of one among several."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE


class Choice(JSComponent):
    """A list to choose from.

    `options` are (value, text) pairs. Python sets `value`, which is silent; what the visitor chooses comes to
    `on_chosen`, and is one of the options.
    """

    label = param.String(default="")
    options = param.List(default=[])
    value = param.String(default="")

    _esm = (Path(__file__).parent / "choice.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
    on_chosen: Callable[[str], None] | None = None

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, str) and data in [value for value, _ in self.options]:
            self.value = data
            if self.on_chosen is not None:
                self.on_chosen(data)
