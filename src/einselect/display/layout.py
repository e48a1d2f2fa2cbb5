"""What is shown of an answer, before it is known where: a title, sentences, tables of strings."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 80
"""Columns of a printed page."""

NOTHING = "–"
"""What stands where there is no number."""


@dataclass(frozen=True)
class Table:
    """A table of strings.

    Attributes
    ----------
    title : str
    rows : tuple of tuple of str
    header : tuple of str
        Names of the columns; empty for rows of (label, value, unit, note).
    numbers : tuple of int
        Columns aligned on the right and never wrapped.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    header: tuple[str, ...] = ()
    numbers: tuple[int, ...] = (1,)


@dataclass(frozen=True)
class Page:
    """What is shown of one answer: a title, sentences under it, tables, and remarks below them."""

    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    remarks: tuple[str, ...] = ()
