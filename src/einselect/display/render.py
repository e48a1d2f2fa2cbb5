"""Pages as text for terminals and as HTML for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .layout import WIDTH, Page, Table
from .pages import page

_MARKS = {"pass": "color:#007a5a", "FAIL": "color:#b34700;font-weight:bold"}


def text(answer: object, width: int = WIDTH, colours: bool = False) -> str:
    """An answer (or a `Page`) as lines of at most `width` columns, which is at least 72; nothing is cut off.

    Parameters
    ----------
    answer : answer or Page
    width : int
    colours : bool
        Whether to mark titles and verdicts with terminal colours.

    Returns
    -------
    str
        Without a line break at its end.
    """
    from io import StringIO

    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table as Grid
    from rich.text import Text

    shown = answer if isinstance(answer, Page) else page(answer)
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=max(width, 72),
        force_terminal=colours,
        color_system="standard" if colours else None,
        legacy_windows=False,
    )
    marks = {"pass": "green", "FAIL": "bold red"}
    console.print(Text(shown.title, style="bold"))
    for line in shown.lines:
        console.print(Text(line))
    for table in shown.tables:
        console.print()
        if table.title:
            console.print(Text(table.title, style="bold"))
        grid = Grid(box=None, show_header=bool(table.header), padding=(0, 2, 0, 0), pad_edge=False)
        columns = len(table.header) or max(len(row) for row in table.rows)
        for k in range(columns):
            number = k in table.numbers
            grid.add_column(
                Text(table.header[k], style="underline" if colours else "") if table.header else "",
                justify="right" if number else "left",
                no_wrap=number or k == 0,
                overflow="fold",
            )
        for row in table.rows:
            grid.add_row(*(Text(cell, style=marks.get(cell, "")) for cell in row))
        console.print(Padding(grid, (0, 0, 0, 2)))
    for remark in shown.remarks:
        console.print()
        console.print(Text(remark, style="yellow" if remark.startswith("Warning") else ""))
    return "\n".join(line.rstrip() for line in buffer.getvalue().rstrip().split("\n"))


def html(answer: object) -> str:
    """An answer (or a `Page`) as a fragment of HTML that needs no style sheet."""
    shown = answer if isinstance(answer, Page) else page(answer)
    parts = [f'<div class="einselect"><strong>{escape(shown.title)}</strong>']
    parts += [f"<div>{escape(line)}</div>" for line in shown.lines]
    for table in shown.tables:
        parts.append('<table style="margin:0.6em 0;font-size:inherit">')
        if table.title:
            style = "text-align:left;caption-side:top;font-weight:bold"
            parts.append(f'<caption style="{style}">{escape(table.title)}</caption>')
        if table.header:
            parts.append(f"<thead><tr>{_cells(table, table.header, 'th')}</tr></thead>")
        parts += ["<tbody>", *(f"<tr>{_cells(table, row, 'td')}</tr>" for row in table.rows), "</tbody></table>"]
    parts += [f"<div>{escape(remark)}</div>" for remark in shown.remarks]
    return "\n".join([*parts, "</div>"])


def _cells(table: Table, row: Sequence[str], tag: str) -> str:
    sides = ["right" if k in table.numbers else "left" for k in range(len(row))]
    return "".join(
        f'<{tag} style="text-align:{side};padding:1px 8px;{_MARKS.get(cell, "")}">{escape(cell)}</{tag}>'
        for side, cell in zip(sides, row, strict=True)
    )
