"""The claims of the paper as tables of a page, straight from the audit."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from IPython.display import HTML

from einselect.paper.claim import Claim
from einselect.paper.claims import findings

_HEAD = ("claim, and the evidence", "published", "ours", "verdict")


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
    body = "".join(_row(claim) for claim in claims)
    return f'<table class="docutils claims"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(claim: Claim) -> str:
    said = f"{escape(claim.statement)}<br><code>{escape(claim.id)}</code><p>{escape(claim.why)}</p>"
    cells = [said, *(escape(text) for text in (claim.published_text, claim.ours_text, claim.verdict.value))]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
