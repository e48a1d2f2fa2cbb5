"""A table with numbers, their errors and the published ones beside them, as CSV and as Markdown.

The same `Table` is drawn by the HTML report, so that a number is formatted in one place.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from .claim import Measured, agrees
from .published import Published


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes
    ----------
    text : str
        For reading.
    value, error : float or None
        Our number at full precision and its absolute error; both None for a cell of text.
    published : Published or None
        What the paper prints there.
    blank : bool
        Whether the paper has this cell but left it blank.
    """

    text: str = ""
    value: float | None = None
    error: float | None = None
    published: Published | None = None
    blank: bool = False

    @property
    def error_text(self) -> str:
        """The error for reading; empty for text and where it is the rounding of a double."""
        return "" if self.error is None or _exact(self.value, self.error) else f"{self.error:.0e}"

    @property
    def published_text(self) -> str:
        """The published digits, or that the paper has none here."""
        return self.published.text if self.published else ("blank" if self.blank else "")

    @property
    def agrees(self) -> bool | None:
        """Whether our number rounds to the published one; None where there is nothing to compare."""
        if self.published is None or self.value is None:
            return None
        return agrees(Measured(self.value, self.error or 0.0), self.published)


def cell(measured: Measured | None, published: Published | None = None, blank: bool = False) -> Cell:
    """A cell from a number of ours (None: an empty cell)."""
    if measured is None:
        return Cell("—", published=published, blank=blank)
    exact = _exact(measured.value, measured.error)
    text = f"{measured.value:.12g} {measured.unit}".strip() if exact else measured.text
    return Cell(text, measured.value, measured.error, published, blank)


def _exact(value: float | None, error: float) -> bool:
    """Whether an error is no more than the rounding of a double."""
    return error <= 1e-14 * abs(value or 0.0)


@dataclass(frozen=True)
class Column:
    """A column: its key in the CSV, its heading, and whether it holds numbers."""

    key: str
    heading: str
    numeric: bool = True


@dataclass(frozen=True)
class Table:
    """A table of the paper, filled with our numbers.

    Attributes
    ----------
    name : str
        Stem of its files, "table3".
    title, caption : str
        For reading.
    columns : tuple of Column
    rows : tuple of tuple of Cell
    stacked : bool
        For reading: error and published number in lines below ours, instead of in columns beside it.
    """

    name: str
    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    stacked: bool = True

    def has_published(self, index: int) -> bool:
        """Whether the paper prints (or leaves blank) anything in that column."""
        return any(row[index].published or row[index].blank for row in self.rows)

    def has_errors(self, index: int) -> bool:
        """Whether any number of that column has an error."""
        return any(row[index].error_text for row in self.rows)

    @property
    def mismatches(self) -> list[str]:
        """Published cells that our numbers do not round to, one sentence each."""
        found = []
        for row in self.rows:
            for column, entry in zip(self.columns, row, strict=True):
                if entry.agrees is False:
                    found.append(
                        f"{self.title.split('.')[0]}, {row[0].text}, {column.heading}: published "
                        f"{entry.published_text}, ours {entry.text}"
                    )
        return found

    def csv(self) -> str:
        """Comma-separated text at full precision: ``key``, ``key_error``, ``key_published`` for each number."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        header: list[str] = []
        for index, column in enumerate(self.columns):
            header.append(column.key)
            if column.numeric:
                header.append(f"{column.key}_error")
                header += [f"{column.key}_published"] if self.has_published(index) else []
        writer.writerow(header)
        for row in self.rows:
            line: list[str] = []
            for index, (column, entry) in enumerate(zip(self.columns, row, strict=True)):
                if not column.numeric:
                    line.append(entry.text)
                    continue
                line += [_full(entry.value), _full(entry.error)]
                if self.has_published(index):
                    line.append(entry.published.digits if entry.published else "")
            writer.writerow(line)
        return stream.getvalue()

    def markdown(self) -> str:
        """A Markdown table under a heading, with the caption above it."""
        lines = [f"# {self.title}", "", self.caption, ""]
        lines += _markdown(self._stacked_lines() if self.stacked else self._wide_lines())
        return "\n".join(lines) + "\n"

    def _wide_lines(self) -> list[list[str]]:
        lines: list[list[str]] = [[] for _ in range(len(self.rows) + 1)]
        for index, column in enumerate(self.columns):
            parts = [(column.heading, [row[index].text for row in self.rows])]
            if column.numeric and self.has_errors(index):
                parts.append(("error", [row[index].error_text for row in self.rows]))
            if column.numeric and self.has_published(index):
                parts.append(("paper", [row[index].published_text for row in self.rows]))
            for heading, texts in parts:
                for line, text in zip(lines, [heading, *texts], strict=True):
                    line.append(text)
        return lines

    def shows(self, row: int, column: int) -> bool:
        """Whether a cell of text is to be written out: not where it repeats the one above in the same group."""
        above, here = self.rows[row - 1], self.rows[row]
        return row == 0 or above[0].text != here[0].text or above[column].text != here[column].text

    def _stacked_lines(self) -> list[list[str]]:
        bare = not any(entry.error_text or entry.published_text for row in self.rows for entry in row)
        lead = next(k for k, column in enumerate(self.columns) if column.numeric)
        headings = [column.heading for column in self.columns]
        lines = [headings if bare else [*headings[:lead], "", *headings[lead:]]]
        for number, row in enumerate(self.rows):
            for kind in ("text",) if bare else ("text", "error_text", "published_text"):
                texts = []
                for index, (column, entry) in enumerate(zip(self.columns, row, strict=True)):
                    wanted = column.numeric or (kind == "text" and self.shows(number, index))
                    texts.append(getattr(entry, kind) if wanted else "")
                if kind != "text" and not any(texts):
                    continue
                label = {"text": "ours", "error_text": "error", "published_text": "paper"}[kind]
                lines.append(texts if bare else [*texts[:lead], label, *texts[lead:]])
        return lines


def _full(value: float | None) -> str:
    return "" if value is None else repr(float(value))


def _markdown(lines: list[list[str]]) -> list[str]:
    """Lines of a padded Markdown table, so that it reads well as plain text too."""
    safe = [[text.replace("|", "\\|") for text in line] for line in lines]
    widths = [max(3, *(len(line[k]) for line in safe)) for k in range(len(safe[0]))]
    padded = ["| " + " | ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)) + " |" for line in safe]
    return [padded[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *padded[1:]]
