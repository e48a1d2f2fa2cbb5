"""The page of each kind of answer."""

from __future__ import annotations

from functools import singledispatch

from ..doublet import Doublet
from ..jump_doublet import JumpDoublet
from ..levels import DickeVector, Levels
from ..matrix_levels import MatrixLevels
from ..rates import DephasingRates
from ..regime import Regime
from ..spin import Jz
from ..sweeps import Atlas, SystemComparison
from ..window import Window
from .later import register_for
from .layout import NOTHING, Page, Table
from .numbers import figure, resolved, resolved_digits, units_for
from .rows import (
    coherence_table,
    condition_table,
    doublet_table,
    jump_doublet_table,
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
    answer : Doublet, JumpDoublet, DephasingRates, Levels, MatrixLevels, Window, Regime, Atlas, SystemComparison,
        DickeVector, Advice, LeggettGargValue, Threshold, Signalling, NoisyK3 or NoiseLimit

    Returns
    -------
    Page
    """
    if register_for(answer):
        return page(answer)
    raise TypeError(f"answer must be one that einselect gives; got {type(answer).__name__}")


@page.register
def _(answer: DephasingRates) -> Page:
    d = answer.doublet
    return Page(
        title(d),
        (parameters(d, answer.gamma, answer.temperature), regime_line(answer.regime)),
        (
            jump_doublet_table(d) if isinstance(d, JumpDoublet) else doublet_table(d),
            coherence_table(answer),
            condition_table(answer.regime.conditions),
            quality_table(d.quality, units_for(d).energy, _space(d)),
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
def _(answer: JumpDoublet) -> Page:
    return page(DephasingRates(answer))


def _space(d: Doublet | JumpDoublet) -> str:
    """Where a system of matrices was solved; nothing for a window of m."""
    matrices = isinstance(d, JumpDoublet) and isinstance(d.levels, MatrixLevels)
    return f"dimension {d.levels.dimension}" if isinstance(d, JumpDoublet) and matrices else ""


@page.register
def _(answer: Atlas) -> Page:
    rows = tuple(
        (
            row.jump,
            row.parity,
            figure(row.eigenstate_moment),
            figure(row.pointer_moment),
            figure(row.eta, 5),
            figure(row.eta_restricted, 3),
            f"{100.0 * row.leakage_share:.3g} %",
            row.spared,
        )
        for row in answer.rows
    )
    header = ("L", "parity", "Γ_01/γ", "Γ_PR/γ", "η", "η(2)", "leakage", "spares")
    return Page(
        repr(answer.source),
        ("η = Γ_PR/Γ_01; η(2) is that of L on the doublet alone; leakage is the part of L†L that leads out of it.",),
        (Table("Which coherence each bath spares", rows, header, (2, 3, 4, 5, 6)),),
    )


@page.register
def _(answer: SystemComparison) -> Page:
    rows, before = [], ""
    for row in answer.rows:
        bath, first = row.bath, row.system != before
        splitting = figure(row.splitting, 3) if row.splitting is not None else f"< {figure(row.splitting_bound, 2)}"
        own = (row.system, splitting) if first else ("", "")
        rows.append((*own, bath.jump, bath.parity, figure(bath.eta, 5), figure(bath.eta_restricted, 4)))
        before = row.system
    header = ("system", "ΔE", "L", "parity", "η", "η(2)")
    at = dict.fromkeys((row.system, row.at) for row in answer.rows)
    return Page(
        "Which coherence decoheres, over systems",
        (
            "η = Γ_PR/Γ_01: above 1 a bath spares the energy eigenstates, below 1 the pointer states.",
            "η(2) is that of L on the doublet alone, without leakage.",
        ),
        (
            Table("Both coherences under each jump operator", tuple(rows), header, (1, 4, 5)),
            Table("Parameters", tuple(at), (), ()),
        ),
    )


@page.register
def _(answer: MatrixLevels) -> Page:
    unit = "" if answer.energy_unit == "plain" else f" [{answer.energy_unit}]"
    bound = answer.splitting_bound
    first = next(iter(answer.operators.values()), None)
    inside = None if first is None else answer.matrix(first)
    rows = []
    for n, parity in enumerate(answer.parities):
        own = NOTHING if inside is None else figure(abs(complex(inside[n, n])), 7)
        last = inside is None or n + 1 == len(answer)
        neighbour = NOTHING if last or inside is None else figure(abs(complex(inside[n, n + 1])), 7)
        excitation = figure(float(answer.excitations[n]), resolved_digits(answer.quality) if n == 1 else 8)
        if n == 1 and bound is not None:
            excitation = f"< {figure(bound, 2)}"
        kind = {1: "even", -1: "odd", 0: NOTHING}[int(parity)]
        rows.append((str(n), kind, figure(float(answer.energies[n]), 12), excitation, own, neighbour))
    named = "" if first is None else f", L = {first.name}"
    header = ("n", "parity", f"E_n{unit}", f"E_n - E_0{unit}", "|<n|L|n>|", "|<n|L|n+1>|")
    return Page(
        f"Lowest {len(answer)} of {answer.dimension} levels",
        (),
        (
            Table("Levels" + named, tuple(rows), header, (0, 2, 3, 4, 5)),
            quality_table(answer.quality, answer.energy_unit, f"dimension {answer.dimension}"),
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
                {1: "even", -1: "odd", 0: NOTHING}[int(parity)],
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


_ENDS = ("double well end", "isolation end", "secular", "thermal high")


@page.register
def _(answer: Window) -> Page:
    rows = []
    name = "N" if answer.axis == "spins" else answer.axis
    unit = f" {answer.unit}" if answer.unit else ""
    for edge in answer.edges:
        side = "up to" if edge.condition in _ENDS else "from"
        digits = 10 if isinstance(edge.at, int) else 5  # a real one is looked for to 1e-4 of the range
        where = f"{side} {name} = {figure(edge.at, digits)}{unit}" if edge.at is not None else f"at no {name}"
        number = f"{edge.quantity} = {figure(edge.value, 5)}" if edge.value is not None else ""
        rows.append((edge.condition, where, number))
    sentence = answer.verdict[:1].upper() + answer.verdict[1:] + "."
    return Page(
        f"Window of {name} at {answer.where}",
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
