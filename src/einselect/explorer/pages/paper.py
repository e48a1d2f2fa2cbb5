"""The page Paper: the claims audit, to be filtered, and the figures, from the paper's own code."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

import panel as pn

from ...paper.claim import Claim
from ...paper.claims.render import PAPER
from ...paper.notation import to_html
from ..compute.paper import ALL, FIGURES, PARTS, VERDICTS, Audit, ChosenClaims, PaperFigure, compute
from ..jobs import Job
from ..parts import Markup, Setting, TypedSetting
from ..parts.tables import STYLE
from ..state import State
from . import Host, Page

if TYPE_CHECKING:
    import xarray

_LOOK = """
.counts { display: flex; flex-wrap: wrap; gap: 4px 24px; margin: 8px 0; padding: 0; list-style: none; }
.counts b { font-size: 1.3rem; margin-right: 6px; }
section { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(440px, 100%), 1fr)); gap: 0 32px; }
section h3 { grid-column: 1 / -1; }
article { border-top: 1px solid #8a8a8a; padding: 8px 0; max-width: 80ch; }
article p { margin: 2px 0; overflow-wrap: anywhere; }
h3 { font-size: 1rem; font-weight: 500; margin: 16px 0 6px; }
.badge { font-weight: 500; border: 1px solid currentColor; border-radius: 4px; padding: 0 6px; margin-right: 8px; }
.why { font-size: 0.9rem; }
.sheet { background: #ffffff; padding: 8px; border: 1px solid #8a8a8a; border-radius: 4px; max-width: 640px; }
.sheet img { display: block; width: 100%; height: auto; }
figure { margin: 0; }
figcaption { font-size: 0.9rem; max-width: 80ch; margin-top: 8px; }
"""

Answer = ChosenClaims | PaperFigure


class View(Page):
    """The page."""

    title: ClassVar[str] = "Paper"
    entries: ClassVar[bool] = False

    def __init__(self, host: Host) -> None:
        self._audit: Audit | None = None
        figures = {name: title.split(". ", 1)[0] for name, title in FIGURES.items()}
        self._show = Setting(host, "paper.show", "Show", {"claims": "the claims, judged", **figures})
        self._verdict = Setting(
            host, "paper.verdict", "Verdict", {v: "all verdicts" if v == ALL else v for v in VERDICTS}
        )
        self._part = Setting(host, "paper.part", "Part", {p: "all parts" if p == ALL else p for p in PARTS})
        self._words = TypedSetting(host, "paper.words", "Words", "all of them, in any case", "", named="words")
        self._filters = (self._verdict, self._part, self._words)
        controls = pn.FlexBox(
            self._show.part, *(control.part for control in self._filters), gap="16px", margin=(8, 0, 0, 0)
        )
        self._head = Markup(sizing_mode="stretch_width", stylesheets=[STYLE, _LOOK])
        self._body = Markup(sizing_mode="stretch_width", stylesheets=[STYLE, _LOOK])
        self.layout = pn.Column(controls, self._head, self._body, sizing_mode="stretch_width", min_width=0)

    def follow(self, state: State) -> None:
        """What is shown, and the filters."""
        for control in (self._show, *self._filters):
            control.follow(state)
        for control in self._filters:
            control.part.visible = self._show.value(state) == "claims"

    def refuse(self, message: str) -> bool:
        """Beside the words."""
        return self._words.refuse(message)

    def compute(self, state: State, job: Job) -> Answer:
        """See `compute.paper`; the claims are judged once."""
        return compute(state, job, self._audit)

    def show(self, answer: Answer, dark: bool) -> None:
        """Show it: the paper's figures are drawn for white sheets, and stay so on a dark page."""
        if isinstance(answer, PaperFigure):
            self._head.object = f'<p class="line">{to_html(PAPER)}.</p>'
            self._body.object = figure_html(answer)
            return
        self._audit = answer.audit
        self._head.object = counts_html(answer)
        self._body.object = claims_html(answer.claims)

    def python(self, state: State) -> str:
        """The audit, or a figure."""
        shown = state.option("paper.show", "claims")
        if shown == "claims":
            return "from einselect.paper.claims import audit, claims_markdown\n\nprint(claims_markdown(audit()))"
        return "\n".join(
            [
                "from pathlib import Path",
                "",
                "from einselect.paper.claims import Context",
                "from einselect.paper.figures import PICTURES",
                "",
                f"picture = next(p for p in PICTURES if p.name == {shown!r})",
                "files = picture.render(picture.data(Context()))",
                f'Path("{shown}.svg").write_bytes(files["{shown}.svg"])',
            ]
        )

    def command(self, state: State) -> str:
        """The command `paper`, which makes everything."""
        return "einselect paper --out paper"

    def data(self, answer: Answer) -> xarray.Dataset:
        """The chosen claims, or the data of the figure."""
        return answer.data if isinstance(answer, PaperFigure) else answer.dataset()


def counts_html(answer: ChosenClaims) -> str:
    """How many claims have which verdict, and how many are shown."""
    items = "".join(f"<li><b>{number}</b>{escape(name)}</li>" for name, number in answer.audit.counts.items())
    total = len(answer.audit.claims)
    return (
        f'<p class="line">{to_html(PAPER)}. Every claim of its text is judged by a computation.</p>'
        f'<ul class="counts" aria-label="Claims by verdict">{items}</ul>'
        f'<p class="verdict" role="status">{len(answer.claims)} of {total} claims shown</p>'
    )


def claims_html(claims: Sequence[Claim]) -> str:
    """The claims, by parts of the paper."""
    return "".join(
        f"<section><h3>{to_html(part)}</h3>{''.join(_claim(claim) for claim in group)}</section>"
        for part, group in groupby(claims, key=lambda claim: claim.part)
    )


def _claim(claim: Claim) -> str:
    numbers = []
    if claim.published is not None:
        numbers.append(f"published {to_html(claim.published_text)}")
    if claim.ours_text:
        numbers.append(f"ours {to_html(claim.ours_text)}")
    line = f"<p>{'; '.join(numbers)}</p>" if numbers else ""
    where = to_html("; ".join((claim.section, *claim.also)))
    return (
        f'<article id="claim-{escape(claim.id, quote=True)}"><p><span class="badge">{claim.verdict.value}</span>{where}'
        f'</p><p>{to_html(claim.statement)}</p>{line}<p class="why">{to_html(claim.why)}</p></article>'
    )


def figure_html(shown: PaperFigure) -> str:
    """A figure as the paper's code draws it, inside the page, with its caption."""
    code = base64.b64encode(shown.svg).decode("ascii")
    title = escape(shown.title, quote=True)
    return (
        f'<figure><h3>{to_html(shown.title)}</h3><div class="sheet"><img alt="{title}" '
        f'src="data:image/svg+xml;base64,{code}"></div><figcaption>{to_html(shown.caption)}</figcaption></figure>'
    )
