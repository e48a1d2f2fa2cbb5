"""How far a computation is, with a button that stops it."""

from __future__ import annotations

from pathlib import Path

import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE


class Progress(JSComponent):
    """A bar that shows itself when something has run for a third of a second; `stops` counts presses of Cancel."""

    running = param.Boolean(default=False)
    fraction = param.Number(default=0.0)
    stops = param.Integer(default=0)

    _esm = (Path(__file__).parent / "progress.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
