"""Groups of numbers, and how they are written: a table for reading, CSV and JSON at full precision."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

from ..._version import __version__
from ..claim import Measured
from ..published import Published
from ..table import Cell, Column, Table, cell

VALUE = "value"
"""Heading of a section's only column, for numbers at the benchmark."""


@dataclass(frozen=True)
class Row:
    """One quantity: its key, what it is, its unit, and its cells by column heading."""

    key: str
    label: str
    unit: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Section:
    """One group of numbers: a quantity a line, one column for each N (or one column, ``VALUE``)."""

    name: str
    title: str
    caption: str
    rows: tuple[Row, ...]

    @property
    def headings(self) -> list[str]:
        """Columns, in the order in which they first come."""
        return list(dict.fromkeys(heading for row in self.rows for heading in row.cells))

    def table(self) -> Table:
        """The section as a table for reading."""
        single = self.headings == [VALUE]
        columns = [Column("quantity", "quantity", numeric=False)]
        columns += [Column(heading, heading) for heading in self.headings]
        columns += [Column("unit", "unit", numeric=False)] if single else []
        rows = []
        for row in self.rows:
            label = row.label if single or not row.unit else f"{row.label} ({row.unit})"
            numbers = [row.cells.get(heading, Cell("")) for heading in self.headings]
            rows.append((Cell(label), *numbers, *([Cell(row.unit)] if single else [])))
        return Table(self.name, self.title, self.caption, tuple(columns), tuple(rows), stacked=not single)


def spins_heading(n: int) -> str:
    """Heading of the column of one N."""
    return f"N = {n}"


def noise(value: float) -> Cell:
    """A rounding residual: its size is all that it says."""
    return Cell(f"{value:.0e}" if value else "0", value)


def single(key: str, label: str, measured: Measured, published: Published | None = None) -> Row:
    """A row with one value, at the benchmark."""
    return Row(key, label, measured.unit, {VALUE: cell(Measured(measured.value, measured.error), published)})


def appendix_markdown(sections: tuple[Section, ...]) -> str:
    """All sections as one Markdown page."""
    parts = [section.table().markdown().replace("# ", "## ", 1) for section in sections]
    return "# Appendix numbers\n\n" + "\n".join(parts)


def appendix_csv(sections: tuple[Section, ...]) -> str:
    """One number a line: section, key, label, spins (or "value"), value, error, unit, published."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("section", "key", "quantity", "at", "value", "error", "unit", "published"))
    for section in sections:
        for row in section.rows:
            for heading, entry in row.cells.items():
                numbers = ["" if x is None else repr(float(x)) for x in (entry.value, entry.error)]
                digits = entry.published.digits if entry.published else ""
                writer.writerow((section.name, row.key, row.label, heading, *numbers, row.unit, digits))
    return stream.getvalue()


def appendix_json(sections: tuple[Section, ...]) -> str:
    """Nested: section, key, heading; numbers at full precision."""
    document = {
        "einselect": __version__,
        "sections": {
            section.name: {
                "title": section.title,
                "quantities": {
                    row.key: {
                        "quantity": row.label,
                        "unit": row.unit,
                        "values": {
                            heading: {
                                "value": entry.value,
                                "error": entry.error,
                                "published": entry.published.value if entry.published else None,
                            }
                            for heading, entry in row.cells.items()
                        },
                    }
                    for row in section.rows
                },
            }
            for section in sections
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
