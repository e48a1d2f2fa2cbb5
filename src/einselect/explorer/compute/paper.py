"""The paper in the explorer: its claims judged one part after the other, and its figures, from the paper's own code."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ... import _checks
from ...paper.claim import Claim, Verdict
from ...paper.claims import CATALOGUES, Context, claims_json, counts
from ...paper.claims.render import PAPER
from ...paper.figures import PICTURES
from .. import bounds
from ..jobs import Job
from ..state import State

if TYPE_CHECKING:
    import xarray

ALL = "all"
VERDICTS = (ALL, *(verdict.value for verdict in Verdict))
PARTS = (ALL, *(catalogue.part for catalogue in CATALOGUES))
FIGURES = {picture.name: picture.title for picture in PICTURES}


@dataclass(frozen=True)
class Audit:
    """The claims of the paper, judged.

    Attributes
    ----------
    claims : tuple of Claim
        In the order of the paper.
    """

    claims: tuple[Claim, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Number of claims by verdict."""
        return counts(self.claims)

    def json(self) -> str:
        """As `make paper` writes them."""
        return claims_json(self.claims)

    def chosen(self, verdict: str = ALL, part: str = ALL, words: str = "") -> tuple[Claim, ...]:
        """Claims of a verdict and a part whose texts have all of the words.

        Parameters
        ----------
        verdict : str
            One of `VERDICTS`.
        part : str
            One of `PARTS`.
        words : str
            Any case.

        Returns
        -------
        tuple of Claim
        """
        _checks.one_of("verdict", verdict, VERDICTS)
        _checks.one_of("part", part, PARTS)
        wanted = words.casefold().split()
        return tuple(
            claim
            for claim in self.claims
            if verdict in (ALL, claim.verdict.value)
            and part in (ALL, claim.part)
            and all(word in _text(claim) for word in wanted)
        )


def _text(claim: Claim) -> str:
    parts = (claim.id, claim.section, *claim.also, claim.statement, claim.published_text, claim.ours_text, claim.why)
    return " ".join(parts).casefold()


def audit(job: Job | None = None) -> Audit:
    """Judge every claim of the paper.

    Parameters
    ----------
    job : Job, optional
        Stops between two parts of the paper.

    Returns
    -------
    Audit
    """
    job = Job() if job is None else job
    context = Context()
    claims: list[Claim] = []
    total = sum(len(catalogue.entries) for catalogue in CATALOGUES)
    for catalogue in CATALOGUES:
        job.progress(len(claims) / total)
        claims += catalogue.judge(context)
    return Audit(tuple(claims))


SETTINGS = {"show": "claims", "verdict": ALL, "part": ALL}
"""Of the page Paper, as ``paper.show`` and so on, with their defaults; ``paper.words`` has none."""


@dataclass(frozen=True)
class ChosenClaims:
    """Claims as the page Paper shows them.

    Attributes
    ----------
    audit : Audit
    claims : tuple of Claim
        Those chosen.
    """

    audit: Audit
    claims: tuple[Claim, ...]

    def dataset(self) -> xarray.Dataset:
        """The chosen claims as a table."""
        import xarray

        texts = ("part", "section", "statement", "published_text", "ours_text", "why")
        columns: dict[str, Any] = {name: ("claim", [getattr(c, name) for c in self.claims]) for name in texts}
        columns["verdict"] = ("claim", [c.verdict.value for c in self.claims])
        for name in ("published", "ours", "error"):
            values = [getattr(c, name) for c in self.claims]
            columns[name] = ("claim", [math.nan if v is None else float(v) for v in values])
        return xarray.Dataset(columns, {"claim": [c.id for c in self.claims]}, {"paper": PAPER})


def compute(state: State, job: Job, known: Audit | None = None) -> ChosenClaims | PaperFigure:
    """What the page Paper shows of a state; `known` is the audit, where that is there already."""
    own = {name: bounds.setting(state.options, f"paper.{name}", default) for name, default in SETTINGS.items()}
    if own["show"] != "claims":
        return paper_figure(own["show"], job)
    words = bounds.setting(state.options, "paper.words", "")
    found = known or audit(job)
    return ChosenClaims(found, found.chosen(own["verdict"], own["part"], words))


@dataclass(frozen=True)
class PaperFigure:
    """A figure of the paper, drawn by the paper's own code.

    Attributes
    ----------
    name, title, caption : str
    svg, png : bytes
    data : xarray.Dataset
    """

    name: str
    title: str
    caption: str
    svg: bytes
    png: bytes
    data: xarray.Dataset


def paper_figure(name: str, job: Job | None = None) -> PaperFigure:
    """One of the paper's figures.

    Parameters
    ----------
    name : str
        One of `FIGURES`.
    job : Job, optional

    Returns
    -------
    PaperFigure
    """
    job = Job() if job is None else job
    _checks.one_of("figure", name, FIGURES)
    picture = next(picture for picture in PICTURES if picture.name == name)
    job.progress(0.1)
    data = picture.data(Context())
    job.progress(0.5)
    files = picture.render(data)
    return PaperFigure(name, picture.title, picture.caption(data), files[f"{name}.svg"], files[f"{name}.png"], data)
