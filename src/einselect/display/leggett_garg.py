"""The pages of answers about a Leggett-Garg test; imported when the first of them is shown (see `later`)."""

from __future__ import annotations

import math

from ..protocols.invasive import Signalling
from ..protocols.lg_values import LeggettGargValue, Threshold
from ..protocols.noise_kinds import HELD
from ..protocols.noise_limit import NoiseLimit
from ..protocols.noisy_leggett_garg import NoisyK3
from .layout import Page, Table
from .numbers import Units, figure, to_error
from .pages import page

_WIDTHS = {
    "spins": ("σ_N", "atoms"),
    "field": ("σ_Γ/Γ", ""),
    "coupling": ("σ_J/J", ""),
    "temperature": ("k_B T", "in the unit of the model"),
}


def _with_error(value: float, error: float) -> str:
    """A number to the digits that its error leaves, and the error; 0 for closed formulas."""
    return to_error(value, error) + (f" ± {figure(error, 2)}" if error else "")


def _verdict(violates: bool | None, bound: float) -> str:
    words = {True: "above", False: "not above", None: "within its error of"}[violates]
    return f"{words} {figure(bound)}, the most that macrorealism allows"


def _units(energy_unit: str) -> Units:
    # The name of a plain unit is its user's own.
    return Units.of(energy_unit, 2.0 if energy_unit == "plain" else 1.0)


def _times(energy_unit: str, **times: float) -> tuple[tuple[str, ...], ...]:
    units = _units(energy_unit)
    return tuple((name, figure(value), units.time, units.also("time", value)) for name, value in times.items())


def _rate(energy_unit: str, gamma: float) -> tuple[str, ...]:
    return ("γ", figure(gamma), _units(energy_unit).rate, "")


@page.register
def _(answer: LeggettGargValue) -> Page:
    head = f"{answer.name} = {_with_error(answer.value, answer.error)}: {_verdict(answer.violates, answer.bound)}."
    rows = (
        *_times(answer.energy_unit, τ=answer.tau),
        _rate(answer.energy_unit, answer.gamma),
        ("levels", str(answer.levels), "", ""),
    )
    return Page(f"{answer.name} of a Leggett-Garg test, {answer.form} form", (head,), (Table("At", rows),))


@page.register
def _(answer: Threshold) -> Page:
    head = "K3 is not above 1 here, without dephasing either."
    if answer.gamma is not None:
        rate = _units(answer.energy_unit).rate
        head = f"K3 > 1 up to γ = {_with_error(answer.gamma, answer.error)} {rate}".rstrip() + "."
    rows = (*_times(answer.energy_unit, τ=answer.tau), ("levels", str(answer.levels), "", ""))
    return Page("Largest dephasing rate with K3 > 1", (head,), (Table("At", rows),))


@page.register
def _(answer: Signalling) -> Page:
    head = (
        f"The measurement at t1 changes <Q(t2)> by {_with_error(answer.signal, 2.0 * answer.error)}, "
        f"from {figure(answer.undisturbed)} to {figure(answer.measured)}."
    )
    rows = (
        *_times(answer.energy_unit, t1=answer.first, t2=answer.second),
        _rate(answer.energy_unit, answer.gamma),
    )
    return Page("Signalling in time", (head,), (Table("At", rows),))


@page.register
def _(answer: NoisyK3) -> Page:
    head = f"K3 = {_with_error(answer.value, answer.error)}: {_verdict(answer.violates, 1.0)}."
    rows = (
        ("K3 without noise", figure(answer.ideal), "", ""),
        ("spread from shot to shot", figure(answer.spread, 4), "", ""),
        ("shots worked out", str(answer.shots), "", ""),
        ("shots not in the ordered phase", figure(answer.disordered, 2), "", "probability"),
        ("shots left out", figure(answer.left_out, 2), "", "probability, within the error"),
    )
    at = (*_times(answer.energy_unit, τ=answer.tau), _rate(answer.energy_unit, answer.gamma))
    return Page("K3 averaged over shots", (head,), (Table("Shots", rows), Table("At", at)))


@page.register
def _(answer: NoiseLimit) -> Page:
    symbol, unit = _WIDTHS[answer.kind]
    kept = f" {HELD[answer.hold]} stays the same from shot to shot." if answer.kind == "spins" else ""
    if answer.value is None:
        head = "K3 is not above 1, without this noise either."
    elif math.isinf(answer.value):
        head = f"K3 > 1 up to the largest noise tried, {symbol} = {figure(answer.tried)} {unit}".rstrip() + "."
    else:
        head = f"K3 > 1 up to {symbol} = {_with_error(answer.value, answer.error)} {unit}".rstrip() + "."
    return Page(
        "Largest noise with K3 > 1",
        (head + kept,),
        (Table("Searched", (("up to", figure(answer.tried), unit, ""),)),),
        tuple(f"Warning: {w}." for w in answer.warnings),
    )
