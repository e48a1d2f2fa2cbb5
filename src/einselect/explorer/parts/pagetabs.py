# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
"""The row of tabs that opens the pages."""

from __future__ import annotations

from pathlib import Path

from .choice import Choice


class PageTabs(Choice):
    """A `Choice` shown as tabs. Python sets `value` when the page is open."""

    _esm = (Path(__file__).parent / "pagetabs.js").read_text(encoding="utf-8")
