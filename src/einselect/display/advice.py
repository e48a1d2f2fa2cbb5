"""The page of advice on a protocol, and its line; imported when the first advice is shown (see `later`)."""

from __future__ import annotations

import math

from ..protocols.advice import Advice
from .layout import NOTHING, Page, Table
from .line import short
from .numbers import figure
from .pages import page
from .rows import condition_table

_VERDICTS = {True: "It works", False: "It does not work", None: "No verdict"}


@page.register
def _(answer: Advice) -> Page:
    rate = answer.units["rate"]
    head = f"{answer.signal_name} = {figure(answer.signal)}"
    if math.isfinite(answer.error):
        head += f" ± {figure(answer.error, 2)}"
    verdict = _VERDICTS[answer.works]
    if answer.requirement != "none":
        verdict += f": asked is {answer.requirement}"
    lines = [
        f"{head} (without shot-to-shot noise {figure(answer.ideal)}). {verdict}.",
        f"It lives on {answer.coherence}.",
        f"Rate that the exact answer shows: {figure(answer.rate)} {rate}, {answer.rate_name}."
        if answer.rate is not None
        else f"Rate that the exact answer shows: {answer.rate_name}.",
        f"Naively: {answer.naive}.",
    ]
    weights = answer.weights
    shares = [
        ("coherences (opposite parities)", weights.coherences),
        ("populations (like parities)", weights.populations),
    ]
    shares += [("within the doublet", weights.doublet), *weights.elements.items()]
    tables = [
        Table(
            f"Where {weights.operator} is",
            tuple((name, figure(share, 4)) for name, share in shares),
            ("part", "share"),
        ),
        Table(
            "What a single rate would predict",
            tuple((e.name, figure(e.rate), figure(e.predicted)) for e in answer.estimates),
            ("rate", f"[{rate}]", answer.signal_name.split(",", maxsplit=1)[0]),
            (1, 2),
        ),
        condition_table(answer.checks),
    ]
    if answer.remedies:
        rows = tuple((r.parameter, figure(r.present), figure(r.needed), figure(r.signal)) for r in answer.remedies)
        tables.append(
            Table(
                "What would make it work, the smallest change first",
                rows,
                ("parameter", "is", "needed", "gives"),
                (1, 2, 3),
            )
        )
    if answer.limits:
        rows2 = tuple((f"{n} [{rate}]" if n == "gamma" else n, _limit(v)) for n, v in answer.limits.items())
        tables.append(Table("How far one of them may go by itself", rows2, ("parameter", "up to")))
    return Page(answer.title, tuple(lines), tuple(tables), tuple(f"Warning: {w}." for w in answer.warnings))


def _limit(value: float | None) -> str:
    if value is None:
        return NOTHING
    return "no limit found" if math.isinf(value) else figure(value, 4)


@short.register
def _(answer: Advice) -> str:
    verdict = {True: "works", False: "does not work", None: "no verdict"}[answer.works]
    return f"Advice({answer.kind}: {answer.signal_name} = {figure(answer.signal)}, {verdict})"
