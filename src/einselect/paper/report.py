"""The report: everything that `write_paper` makes, on one HTML page that asks nothing of any other host.

Figures are inside as data; style and script are inline, and a content policy forbids every outside request.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

from .._version import __version__
from .claim import Claim, Verdict
from .claims import counts, findings
from .claims.render import PAPER
from .notation import to_html
from .table import Cell, Column, Table

_CLASS = {
    Verdict.REPRODUCED: "v-reproduced",
    Verdict.CORRECTED: "v-corrected",
    Verdict.NOT_REPRODUCED: "v-failed",
    Verdict.NOT_TESTABLE: "v-untestable",
    Verdict.PENDING: "v-pending",
}
_LONG = ' class="long"'
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


@dataclass(frozen=True)
class FigureBlock:
    """A figure for the page: its name, title, caption, and SVG."""

    name: str
    title: str
    caption: str
    svg: bytes


@dataclass(frozen=True)
class Contents:
    """What goes on the page."""

    tables: Sequence[Table]
    figures: Sequence[FigureBlock]
    appendix: Sequence[Table]
    claims: Sequence[Claim]
    index: Sequence[tuple[str, str]]
    mismatches: Sequence[str]
    compared: int


def report_html(contents: Contents) -> str:
    """The whole page."""
    c = contents
    sections = [
        ("tables", "Tables", "".join(_table(t) for t in c.tables)),
        ("figures", "Figures", "".join(_figure(f) for f in c.figures)),
        ("findings", "What did not simply come out", _findings(c.claims)),
        ("appendix", "Appendix numbers", "".join(_table(t) for t in c.appendix)),
        ("claims", "All claims", _claims(c.claims)),
        ("files", "Files", _files(c.index)),
    ]
    nested: dict[str, Sequence[Table | FigureBlock]] = {
        "tables": c.tables,
        "figures": c.figures,
        "appendix": c.appendix,
    }
    toc = "".join(f'<li><a href="#{key}">{title}</a>{_sublist(nested.get(key, ()))}</li>' for key, title, _ in sections)
    body = "".join(
        f'<section id="{key}" aria-labelledby="{key}-title"><h2 id="{key}-title">{title}</h2>{content}</section>'
        for key, title, content in sections
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>Which coherence decoheres: tables, figures and claims, computed</title>\n"
        f'<link rel="icon" href="data:,">\n<style>\n{_asset("report.css")}</style>\n</head>\n<body>\n'
        f'<div class="page">\n{_head(c)}\n<nav aria-label="Contents"><details open><summary>Contents</summary>'
        f"<ol>{toc}</ol></details></nav>\n<main>\n{body}</main>\n</div>\n"
        f"<script>\n{_asset('report.js')}</script>\n</body>\n</html>\n"
    )


def _asset(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _sublist(items: Sequence[Table | FigureBlock]) -> str:
    links = (f'<li><a href="#{item.name}">{to_html(item.title.split(". ")[0])}</a></li>' for item in items)
    return f"<ol>{''.join(links)}</ol>" if items else ""


def _head(c: Contents) -> str:
    figures = "".join(
        f'<li class="{_CLASS[Verdict(name)]}"><b>{number}</b>{name}</li>' for name, number in counts(c.claims).items()
    )
    if c.mismatches:
        listed = "".join(f"<li>{to_html(line)}</li>" for line in c.mismatches)
        missed = f"{len(c.mismatches)} of the {c.compared} published numbers in these tables do not come out:"
        cells = f"{missed}</p><ul>{listed}</ul><p>"
    else:
        cells = f"All {c.compared} published numbers that stand in these tables come out to their last digit."
    return (
        "<header><h1>Which coherence decoheres: the paper, computed again</h1>"
        f'<p class="soft">{to_html(PAPER)}. Computed with einselect {__version__}.</p>'
        f'<ul class="counts" aria-label="Claims by verdict">{figures}</ul>'
        f"<p>{cells} Each of the {len(c.claims)} claims of the text is judged by a computation; the verdicts are "
        "counted "
        "above and explained below. A bracket after a number is the error of its last digit.</p>"
        f"{_corrected(c.claims)}</header>"
    )


def _corrected(claims: Sequence[Claim]) -> str:
    """The published numbers of the text that come out otherwise, if any."""
    found = [claim for claim in findings(claims) if claim.published is not None]
    if not found:
        return ""
    items = "".join(
        f'<li><a href="#finding-{html.escape(claim.id)}">{to_html(claim.statement)}</a> '
        f"Published {to_html(claim.published_text)}, ours {to_html(claim.ours_text)}.</li>"
        for claim in found
    )
    return f"<p>Published numbers of the text that do not come out as they are stated:</p><ul>{items}</ul>"


# --- tables ---------------------------------------------------------------------------------------------------------
def _table(table: Table) -> str:
    heads = []
    for index, column in enumerate(table.columns):
        heads.append(f'<th scope="col"{_css(column)}>{to_html(column.heading)}</th>')
        if not table.stacked and column.numeric:
            heads += ['<th scope="col" class="n">error</th>'] if table.has_errors(index) else []
            heads += ['<th scope="col" class="n">paper</th>'] if table.has_published(index) else []
    rows = []
    for number, row in enumerate(table.rows):
        cells = []
        for index, (column, entry) in enumerate(zip(table.columns, row, strict=True)):
            if not column.numeric:
                cells.append(_label(table, number, index))
            elif table.stacked:
                cells.append(f'<td class="n">{_stacked(entry)}</td>')
            else:
                cells.append(f'<td class="n">{to_html(entry.text)}</td>')
                if table.has_errors(index):
                    cells.append(f'<td class="n">{to_html(entry.error_text)}</td>')
                if table.has_published(index):
                    cells.append(f'<td class="n">{_published(entry)}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<h3 id="{table.name}">{to_html(table.title)}</h3><p class="caption">{to_html(table.caption)}</p>'
        '<div class="scroll" tabindex="0" role="region" '
        f'aria-labelledby="{table.name}"><table><thead><tr>{"".join(heads)}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _label(table: Table, row: int, column: int) -> str:
    """A cell of text; one that repeats over several rows spans them."""
    if not table.shows(row, column):
        return ""
    last = row + 1
    while last < len(table.rows) and not table.shows(last, column):
        last += 1
    span = f' rowspan="{last - row}"' if last > row + 1 else ""
    text = table.rows[row][column].text
    if column == 0:
        return f'<th scope="row"{span}{_LONG if table.columns[0].key == "quantity" else ""}>{to_html(text)}</th>'
    return f"<td{span}{_LONG if len(text) > 20 else ''}>{to_html(text)}</td>"


def _css(column: Column) -> str:
    return ' class="n"' if column.numeric else ""


def _stacked(entry: Cell) -> str:
    lines = [to_html(entry.text)]
    if entry.error_text:
        lines.append(f"<small>± {to_html(entry.error_text)}</small>")
    if entry.published_text:
        lines.append(f"<small>paper: {_published(entry)}</small>")
    return "".join(lines)


def _published(entry: Cell) -> str:
    text = to_html(entry.published_text)
    return f'<span class="differs">{text} (differs)</span>' if entry.agrees is False else text


# --- figures, claims, files -----------------------------------------------------------------------------------------
def _figure(block: FigureBlock) -> str:
    data = base64.b64encode(block.svg).decode("ascii")
    return (
        f'<figure id="{block.name}"><h3>{to_html(block.title)}</h3><div class="sheet">'
        f'<img alt="{html.escape(block.title)}" src="data:image/svg+xml;base64,{data}"></div>'
        f"<figcaption>{to_html(block.caption)}</figcaption></figure>"
    )


def _findings(claims: Sequence[Claim]) -> str:
    found = findings(claims)
    if not found:
        return "<p>Nothing: every claim that can be tested was reproduced.</p>"
    return "".join(_claim(claim, prefix="finding") for claim in found)


def _claims(claims: Sequence[Claim]) -> str:
    buttons = f'<button type="button" value="" aria-pressed="true">all {len(claims)}</button>' + "".join(
        f'<button type="button" value="{name}" aria-pressed="false">{name} {number}</button>'
        for name, number in counts(claims).items()
        if number
    )
    parts = "".join(
        f'<div class="part"><h3>{to_html(part)}</h3>{"".join(_claim(claim) for claim in group)}</div>'
        for part, group in groupby(claims, key=lambda claim: claim.part)
    )
    return (
        f'<div class="filter" role="group" aria-label="Filter the claims" hidden>{buttons}'
        '<input type="search" placeholder="words to search for" aria-label="Search in the claims"></div>'
        f'<p id="shown" class="soft" role="status">{len(claims)} claims</p>{parts}'
    )


def _claim(claim: Claim, prefix: str = "claim") -> str:
    numbers = []
    if claim.published is not None:
        numbers.append(f"published {to_html(claim.published_text)}")
    if claim.ours_text:
        numbers.append(f"ours {to_html(claim.ours_text)}")
    line = f'<p class="numbers">{"; ".join(numbers)}</p>' if numbers else ""
    where = "; ".join((claim.section, *claim.also))
    return (
        f'<article class="claim" id="{prefix}-{html.escape(claim.id)}" data-verdict="{claim.verdict.value}">'
        f'<div><span class="verdict {_CLASS[claim.verdict]}">{claim.verdict.value}</span> '
        f'<span class="where">{to_html(where)}</span></div>'
        f'<div><p>{to_html(claim.statement)}</p>{line}<p class="why">{to_html(claim.why)}</p></div></article>'
    )


def _files(index: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f"<tr><td><code>{name}</code></td><td>{to_html(text)}</td></tr>" for name, text in index)
    return (
        "<p>In the folder of this page.</p>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="Files"><table><tbody>{rows}</tbody></table></div>'
    )
