"""The page of each kind of answer."""

from __future__ import annotations

from functools import singledispatch

from ..doublet import Doublet
from ..levels import DickeVector, Levels
from ..rates import DephasingRates
from ..regime import Regime
from ..spin import Jz
from ..window import Window
from .layout import NOTHING, Page, Table
from .numbers import figure, resolved, units_for
from .rows import (
    coherence_table,
    condition_table,
    doublet_table,
    parameters,
    quality_table,
    regime_line,
    title,
)


@singledispatch
def page(answer: object) -> Page:
    """What to show of an answer.

    Parameters
    ----------
    answer : Doublet, DephasingRates, Levels, Window, Regime, DickeVector, or Advice

    Returns
    -------
    Page
    """
    if type(answer).__name__ == "Advice":  # registered when first shown: the protocols take long to import
        from .advice import advice_page

        return advice_page(answer)
    raise TypeError(f"answer must be one that einselect gives; got {type(answer).__name__}")


@page.register
def _(answer: DephasingRates) -> Page:
    d = answer.doublet
    return Page(
        title(d),
        (parameters(d, answer.gamma, answer.temperature), regime_line(answer.regime)),
        (
            doublet_table(d),
            coherence_table(answer),
            condition_table(answer.regime.conditions),
            quality_table(d.quality, units_for(d).energy),
        ),
        tuple(f"Warning: {w}." for w in answer.warnings),
    )


@page.register
def _(answer: Doublet) -> Page:
    rates = DephasingRates(answer)
    return Page(
        title(answer),
        (parameters(answer), regime_line(rates.regime)),
        (
            doublet_table(answer),
            coherence_table(rates),
            quality_table(answer.quality, units_for(answer).energy),
        ),
    )


@page.register
def _(answer: Levels) -> Page:
    jz, square = answer.matrix(Jz), answer.matrix(Jz @ Jz)
    unit = answer.energy_unit
    rows = []
    for n, parity in enumerate(answer.parities):
        neighbour = figure(abs(float(jz[n, n + 1])), 7) if n + 1 < len(answer) else NOTHING
        rows.append(
            (
                str(n),
                "even" if parity > 0 else "odd",
                resolved(float(answer.energies[n]), answer.quality.energy_error),
                figure(float(answer.excitations[n]), 8),
                neighbour,
                figure(float(square[n, n]), 7),
            )
        )
    header = ("n", "parity", f"E_n [{unit}]", f"E_n - E_0 [{unit}]", "|<n|Jz|n+1>|", "<Jz²>")
    lines = []
    if answer.barrier_top is not None:
        below = int((answer.energies < answer.barrier_top).sum())
        lines.append(
            f"Top of the barrier between the wells: {figure(answer.barrier_top, 10)} {unit}; "
            f"{below} of these levels lie below it."
        )
    return Page(
        f"Lowest {len(answer)} levels: N = {answer.spins}",
        tuple(lines),
        (
            Table("Levels", tuple(rows), header, (0, 2, 3, 4, 5)),
            quality_table(answer.quality, unit),
        ),
    )


@page.register
def _(answer: Regime) -> Page:
    return Page(regime_line(answer), (), (condition_table(answer.conditions),))


_EDGES = {
    "double well": ("from", "η_MF"),
    "isolation": ("from", "(E2-E0)/(E1-E0)"),
    "secular": ("up to", "2ΔE T2"),
    "thermal low": ("from", "ΔE/k_BT"),
    "thermal high": ("up to", "ΔE/k_BT"),
}


@page.register
def _(answer: Window) -> Page:
    rows = []
    for edge in answer.edges:
        side, symbol = _EDGES.get(edge.condition, ("at", ""))
        where = f"{side} N = {edge.spins}" if edge.spins is not None else "at no N"
        rows.append((edge.condition, where, f"{symbol} = {figure(edge.value, 5)}" if edge.value is not None else ""))
    sentence = answer.verdict[:1].upper() + answer.verdict[1:] + "."
    return Page(
        f"Window of N at Γ/J = {figure(answer.field_ratio, 10)}",
        (sentence,),
        (Table("Where each condition holds", tuple(rows), ("condition", "holds", "its number there"), ()),),
    )


@page.register
def _(answer: DickeVector) -> Page:
    peak = int(abs(answer.amplitudes).argmax())
    rows = (
        ("amplitudes", str(len(answer.m)), "", f"m from {figure(answer.m[0], 10)} to {figure(answer.m[-1], 10)}"),
        ("largest", figure(float(answer.amplitudes[peak])), "", f"at m = {figure(float(answer.m[peak]), 10)}"),
    )
    return Page("State in the Dicke basis", (), (Table("", rows),))
