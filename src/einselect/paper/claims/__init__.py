"""The audit of the paper: every quantitative claim of its text, judged by computation.

Each module here covers one part of the paper and registers its claims, in the order of the text, with the
functions that judge them. Verdicts are computed, never typed in.
"""

from __future__ import annotations

from ..claim import Catalogue, Claim
from . import (
    abstract,
    amplification,
    approximations,
    bases,
    degenerate,
    discussion,
    implications,
    introduction,
    moments,
    numerics,
    overestimate,
    parity,
    rates,
    ratio,
    restricted,
    states,
    suppression,
    table3,
    two_channels,
)
from .context import Context
from .render import claims_json, claims_markdown, counts, findings

CATALOGUES: tuple[Catalogue[Context], ...] = (
    abstract.CATALOGUE,
    introduction.CATALOGUE,
    bases.CATALOGUE,
    states.CATALOGUE,
    rates.CATALOGUE,
    approximations.CATALOGUE,
    overestimate.CATALOGUE,
    ratio.CATALOGUE,
    moments.CATALOGUE,
    degenerate.CATALOGUE,
    amplification.CATALOGUE,
    table3.CATALOGUE,
    parity.CATALOGUE,
    implications.CATALOGUE,
    discussion.CATALOGUE,
    numerics.CATALOGUE,
    two_channels.CATALOGUE,
    suppression.CATALOGUE,
    restricted.CATALOGUE,
)
"""All parts, in the order of the paper."""


def audit(context: Context | None = None) -> list[Claim]:
    """Judge every claim of the paper; takes a few seconds.

    Parameters
    ----------
    context : Context, optional
        Shared doublets and curves; give one to use them for something else as well.

    Returns
    -------
    list of Claim
        In the order of the paper.
    """
    shared = Context() if context is None else context
    return [row for catalogue in CATALOGUES for row in catalogue.judge(shared)]


__all__ = ["CATALOGUES", "Context", "audit", "claims_json", "claims_markdown", "counts", "findings"]
