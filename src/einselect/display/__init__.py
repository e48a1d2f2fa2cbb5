"""Answers as tables: one description of what to show, rendered for terminals, notebooks and the command line.

`page` turns an answer into a `Page`: a title, sentences, tables of (label, value, unit, note). `text` and `html`
render pages, `short` is the line for ``repr``. Nothing is computed here but the way a number is written.
"""

from .layout import NOTHING, WIDTH, Page, Table
from .line import short
from .numbers import figure, from_log10, to_error
from .pages import page
from .render import html, text

__all__ = ["NOTHING", "WIDTH", "Page", "Table", "figure", "from_log10", "html", "page", "short", "text", "to_error"]
