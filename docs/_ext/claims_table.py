"""The claims of the paper as tables of a page, straight from the audit."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from IPython.display import HTML

from einselect.paper.claim import Claim
from einselect.paper.claims import findings

_HEAD = ("id", "claim", "published", "ours", "verdict", "evidence")


def findings_table(claims: Sequence[Claim]) -> HTML:
    """Claims that are not reproduced, or only with a correction, with the evidence."""
    return HTML(_table(findings(claims)))


def parts_table(claims: Sequence[Claim]) -> HTML:
    """All claims, one part of the paper after the other, each to be opened."""
    parts = []
    for part, rows in groupby(claims, key=lambda claim: claim.part):
        listed = list(rows)
        parts.append(f"<details><summary>{escape(part)}: {len(listed)} claims</summary>{_table(listed)}</details>")
    return HTML("".join(parts))


def _table(claims: Sequence[Claim]) -> str:
    head = "".join(f"<th>{name}</th>" for name in _HEAD)
    rows = []
    for claim in claims:
        cells = [claim.id, claim.statement, claim.published_text, claim.ours_text, claim.verdict.value, claim.why]
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    body = "".join(rows)
    return (
        f'<div class="claims"><table class="docutils"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
