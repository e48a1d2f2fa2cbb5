"""What a judged claim of the paper is, and the rules by which it is judged.

No verdict is typed in: each follows from a comparison (`number`), from a condition that was computed (`holds`),
or says that the comparison cannot be made (`untestable`, `pending`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, TypeVar

from .published import Published

Context = TypeVar("Context")


class Verdict(StrEnum):
    """How a claim of the paper came out."""

    REPRODUCED = "reproduced"
    CORRECTED = "reproduced with a correction"
    NOT_REPRODUCED = "not reproduced"
    NOT_TESTABLE = "not testable"
    PENDING = "pending"


class Missing(StrEnum):
    """Why a claim has no published number."""

    LOST = "lost from the text"
    STATEMENT = "a statement"


@dataclass(frozen=True)
class Measured:
    """A number of ours with its error (an absolute bound or estimate) and unit.

    Examples
    --------
    >>> Measured(2.40996670, 2e-8).text
    '2.40996670(2)'
    >>> Measured(1309.203, 0.0, "rad/s").text
    '1309.20300 rad/s'
    """

    value: float
    error: float
    unit: str = ""

    @property
    def text(self) -> str:
        """The value to the digits that its error supports (nine where it is exact), with the error in brackets."""
        return f"{_digits(self.value, self.error)} {self.unit}".strip()


def _digits(value: float, error: float) -> str:
    """Write `value` so that its last digit is the first one of `error`."""
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}"
    top = math.floor(math.log10(abs(value)))
    if error <= abs(value) * 1e-9:
        # Nine digits say enough for reading; the JSON has the number in full.
        return f"{value:#.9g}" if -4 <= top < 8 else f"{value:.6e}"
    place = math.floor(math.log10(error))
    lead = round(error / 10.0**place)
    if lead == 10:
        lead, place = 1, place + 1
    if -5 <= top < 7 and place <= 0:
        return f"{value:.{-place}f}({lead})"
    if place >= top:
        return f"{value:.1g} ± {error:.1g}"
    mantissa = f"{value / 10.0**top:.{top - place}f}({lead})"
    return f"{mantissa}e{top:+d}" if top else mantissa


@dataclass(frozen=True)
class Outcome:
    """What judging one claim returned: the verdict, the reason, and our number where there is one."""

    verdict: Verdict
    why: str
    measured: Measured | None = None
    ours: str | None = None
    issue: str | None = None


@dataclass(frozen=True)
class Claim:
    """One row of the audit.

    Attributes
    ----------
    id : str
        Stable name, starting with the place in the paper (``S3.1-overestimate``, ``T3-370-eta_mf``).
    part : str
        Part of the paper, for grouping.
    section : str
        Where the paper makes the claim.
    statement : str
        The claim in our words.
    published : float or None
        The published number where it survives.
    published_text : str
        The same as printed, or why there is none.
    published_source : str or None
        Where the published digits were read.
    ours, error : float or None
        Our number and its absolute error.
    ours_text : str
        Both, for reading.
    verdict : Verdict
    why : str
        The evidence and, where needed, the correction.
    also : tuple of str
        Other sections that make the same claim.
    issue : str or None
        For pending claims, the work that will decide them.
    """

    id: str
    part: str
    section: str
    statement: str
    published: float | None
    published_text: str
    published_source: str | None
    ours: float | None
    error: float | None
    ours_text: str
    verdict: Verdict
    why: str
    also: tuple[str, ...] = ()
    issue: str | None = None


def agrees(measured: Measured, published: Published) -> bool:
    """Whether our number, within its error, rounds to the published one.

    Examples
    --------
    >>> from einselect.paper.published import NUMBERS
    >>> agrees(Measured(1.8634, 1e-4), NUMBERS["eta_exact"])
    True
    >>> agrees(Measured(1.8656, 1e-4), NUMBERS["eta_exact"])
    False
    """
    # The slack lets an exact tie (4387.5 printed as 4388) pass after binary rounding.
    slack = 1e-9 * published.step
    return abs(measured.value - published.value) <= published.tolerance + measured.error + slack


def verdict(claimed: bool, amended: bool = False) -> Verdict:
    """Verdict on a statement: true as made, true once corrected as said, or neither.

    Examples
    --------
    >>> [verdict(True).value, verdict(False, amended=True).value, verdict(False).value]
    ['reproduced', 'reproduced with a correction', 'not reproduced']
    """
    if claimed:
        return Verdict.REPRODUCED
    return Verdict.CORRECTED if amended else Verdict.NOT_REPRODUCED


def number(
    measured: Measured,
    published: Published,
    why: str,
    correction: str = "",
    amended: Measured | None = None,
) -> Outcome:
    """Judge a published number by ours.

    Parameters
    ----------
    measured : Measured
        The quantity as the paper describes it.
    published : Published
    why : str
        How ours was obtained; printed whatever the verdict.
    correction : str
        What the number is instead; printed only where the claim does not come out as made.
    amended : Measured, optional
        The quantity that the published number turns out to be, if another.
    """
    result = verdict(agrees(measured, published), amended is not None and agrees(amended, published))
    return Outcome(result, _reason(result, why, correction), measured)


def holds(
    claimed: bool,
    why: str,
    correction: str = "",
    amended: bool = False,
    measured: Measured | None = None,
    ours: str | None = None,
) -> Outcome:
    """Judge a statement by a condition that was computed; `amended` is the condition after correction."""
    result = verdict(bool(claimed), bool(amended))
    return Outcome(result, _reason(result, why, correction), measured, ours)


def identity(residual: float, why: str, bound: float = 1e-12) -> Outcome:
    """Judge an identity by the largest relative residual that was found."""
    text = f"{why} Largest relative residual {residual:.1e} (allowed {bound:.0e})."
    return Outcome(verdict(residual <= bound), text, ours=f"residual {residual:.1e}")


def untestable(why: str, measured: Measured | None = None, ours: str | None = None) -> Outcome:
    """Say why a claim cannot be compared; our own number may still be given."""
    return Outcome(Verdict.NOT_TESTABLE, why, measured, ours)


def pending(issue: str, why: str) -> Outcome:
    """Leave a claim open until the named work is done."""
    return Outcome(Verdict.PENDING, f"{why} Will be decided with “{issue}”.", issue=issue)


def _reason(result: Verdict, why: str, correction: str) -> str:
    return why if result is Verdict.REPRODUCED or not correction else f"{why} {correction}"


@dataclass
class Catalogue(Generic[Context]):
    """The claims of one part of the paper, each with the function that judges it.

    Parameters
    ----------
    part : str
        Heading under which these claims are listed.

    Examples
    --------
    >>> part = Catalogue("Section 0")
    >>> @part.claim("S0-two", "0", "one and one make two")
    ... def _two(context):
    ...     return holds(1 + 1 == 2, "Counted.")
    >>> part.judge(None)[0].verdict.value
    'reproduced'
    """

    part: str
    entries: list[tuple[Claim, Callable[[Context], Outcome]]] = field(default_factory=list)

    def claim(
        self,
        id: str,
        section: str,
        statement: str,
        published: Published | Missing = Missing.STATEMENT,
        also: tuple[str, ...] = (),
    ) -> Callable[[Callable[[Context], Outcome]], Callable[[Context], Outcome]]:
        """Register a claim with the function that judges it from the shared context."""
        blank = Claim(
            id=id,
            part=self.part,
            section=section,
            statement=statement,
            published=published.value if isinstance(published, Published) else None,
            published_text=published.text if isinstance(published, Published) else published.value,
            published_source=published.source.value if isinstance(published, Published) else None,
            ours=None,
            error=None,
            ours_text="",
            verdict=Verdict.PENDING,
            why="",
            also=also,
        )

        def register(function: Callable[[Context], Outcome]) -> Callable[[Context], Outcome]:
            self.entries.append((blank, function))
            return function

        return register

    def judge(self, context: Context) -> list[Claim]:
        """Judge every claim, in order."""
        return [_filled(blank, function(context)) for blank, function in self.entries]


def _filled(blank: Claim, outcome: Outcome) -> Claim:
    """Put an outcome into its row."""
    if not outcome.why.strip():
        raise ValueError(f"claim {blank.id} was judged without a reason")
    measured = outcome.measured
    return replace(
        blank,
        ours=None if measured is None else measured.value,
        error=None if measured is None else measured.error,
        ours_text=outcome.ours or ("" if measured is None else measured.text),
        verdict=outcome.verdict,
        why=outcome.why,
        issue=outcome.issue,
    )
