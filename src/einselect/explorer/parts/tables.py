"""Pages of `einselect.display` as HTML with classes, for light and dark."""

from __future__ import annotations

from html import escape

from ...display import Page, Table

STYLE = """
:host {
  color: var(--explorer-ink, var(--panel-on-background-color)); font-family: Roboto, Helvetica, Arial, sans-serif;
}
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 0.88rem; margin: 8px 0; }
caption { text-align: left; font-weight: 500; padding-bottom: 4px; }
th, td { padding: 3px 10px 3px 0; text-align: left; vertical-align: top; font-weight: 400; }
thead th { border-bottom: 1px solid #8a8a8a; font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.pass::before { content: "✓ "; }
.FAIL { font-weight: 700; }
.FAIL::before { content: "✗ "; }
.verdict { font-size: 1.05rem; margin: 0 0 6px; }
.line, .remark { margin: 2px 0; font-size: 0.9rem; }
.tables { display: flex; flex-wrap: wrap; gap: 0 32px; }
"""


def page_html(page: Page) -> str:
    """The tables of a page, side by side where there is room; no title, lines or remarks."""
    return f'<div class="tables">{"".join(table_html(table) for table in page.tables)}</div>'


def table_html(table: Table) -> str:
    """One table; the first cell of a row is its heading."""
    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    head = ""
    if table.header:
        cells = "".join(f'<th scope="col"{_number(table, k)}>{escape(h)}</th>' for k, h in enumerate(table.header))
        head = f"<thead><tr>{cells}</tr></thead>"
    body = "".join(f"<tr>{_row(table, row)}</tr>" for row in table.rows)
    title = escape(table.title or "table", quote=True)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">'
        f"<table>{caption}{head}<tbody>{body}</tbody></table></div>"
    )


def _row(table: Table, row: tuple[str, ...]) -> str:
    cells = []
    for k, cell in enumerate(row):
        if k == 0:
            cells.append(f'<th scope="row">{escape(cell)}</th>')
        elif cell in ("pass", "FAIL"):
            cells.append(f'<td class="{cell}">{cell}</td>')
        else:
            cells.append(f"<td{_number(table, k)}>{escape(cell)}</td>")
    return "".join(cells)


def _number(table: Table, k: int) -> str:
    return ' class="number"' if k in table.numbers else ""
