"""How an answer shows itself: short in a list or an error, as a table when printed or at the end of a notebook cell.

What is shown is made in `einselect.display`, above every answer in the layers. It is imported here, when asked for,
so that no answer has to know it (the import contract in ``pyproject.toml`` names this one exception).
"""

from __future__ import annotations


class Shown:
    """Base of answers: ``repr`` is one line, ``print`` and notebooks get the table of `einselect.display`."""

    __slots__ = ()

    def __repr__(self) -> str:
        from .display import short

        return short(self)

    def __str__(self) -> str:
        from .display import text

        return text(self)

    def _repr_html_(self) -> str:
        from .display import html

        return html(self)
