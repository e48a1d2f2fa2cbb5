"""The audit as JSON for programs and as Markdown for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

from ..._version import __version__
from ..claim import Claim, Verdict

PAPER = (
    "S. Mouslopoulos, Which Coherence Decoheres? Basis-Dependent Decoherence Rates in Symmetry-Broken Collective "
    "Spin Systems, arXiv:2605.00952 (2026)"
)

_MEANING = {
    Verdict.REPRODUCED: "comes out as published (a number to half a unit of its last digit)",
    Verdict.CORRECTED: "comes out once read or restricted as the reason says",
    Verdict.NOT_REPRODUCED: "does not come out",
    Verdict.NOT_TESTABLE: "cannot be compared: the published number is lost, or it is not about the model",
    Verdict.PENDING: "needs a capability that the package does not have yet",
}


def counts(claims: Sequence[Claim]) -> dict[str, int]:
    """Number of claims by verdict, every verdict listed."""
    found = Counter(claim.verdict for claim in claims)
    return {verdict.value: found[verdict] for verdict in Verdict}


def findings(claims: Sequence[Claim]) -> list[Claim]:
    """Claims that did not simply come out: not reproduced first, then those with a correction."""
    return [c for wanted in (Verdict.NOT_REPRODUCED, Verdict.CORRECTED) for c in claims if c.verdict is wanted]


def claims_json(claims: Sequence[Claim]) -> str:
    """The audit as a JSON document: paper, version, counts, and every row with its numbers in full."""
    document = {
        "paper": PAPER,
        "einselect": __version__,
        "counts": counts(claims),
        "claims": [asdict(claim) for claim in claims],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def claims_markdown(claims: Sequence[Claim]) -> str:
    """The audit as Markdown: summary, findings, what is open, then a table for each part of the paper."""
    lines = [
        "# Claims of the paper, judged",
        "",
        f"{PAPER}. Judged by einselect {__version__}.",
        "",
        "The audit reads a plain text of the paper in which most mathematics is missing. Symbols were restored;",
        "a number whose digits are lost is not guessed. A bracket in the column “ours” is the error of the last digit.",
        "",
        "| verdict | claims | meaning |",
        "|---|---:|---|",
    ]
    lines += [f"| {name} | {number} | {_MEANING[Verdict(name)]} |" for name, number in counts(claims).items()]
    lines += [f"| all | {len(claims)} | |", "", "## Findings", ""]
    lines += [_finding(claim) for claim in findings(claims)] or ["None."]
    waiting = sorted((c for c in claims if c.issue), key=lambda c: str(c.issue))
    lines += ["", "## Open", ""]
    for issue, group in groupby(waiting, key=lambda c: str(c.issue)):
        lines.append(f"- {issue}: {', '.join(f'`{c.id}`' for c in group)}")
    for part, group in groupby(claims, key=lambda c: c.part):
        lines += [
            "",
            f"## {part}",
            "",
            "| id | where | claim | published | ours | verdict | why |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [_row(claim) for claim in group]
    return "\n".join(lines) + "\n"


def _finding(claim: Claim) -> str:
    published = f" Published: {claim.published_text}." if claim.published is not None else ""
    ours = f" Ours: {claim.ours_text}." if claim.ours is not None else ""
    where = f"(`{claim.id}`, {claim.section})"
    return f"- **{claim.verdict.value}**: {_text(claim.statement)} {where}.{published}{ours} {_text(claim.why)}"


def _row(claim: Claim) -> str:
    where = "; ".join((claim.section, *claim.also))
    cells = (
        f"`{claim.id}`",
        where,
        claim.statement,
        claim.published_text,
        claim.ours_text or "–",
        claim.verdict.value,
        claim.why,
    )
    return "| " + " | ".join(_text(cell).replace("|", "\\|") for cell in cells) + " |"


def _text(text: str) -> str:
    """Keep kets, stars and brackets literal in Markdown, where they would be read as tags or emphasis."""
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("*", "\\*")
