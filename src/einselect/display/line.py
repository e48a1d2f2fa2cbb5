"""One line of each kind of answer, for ``repr``."""

from __future__ import annotations

from functools import singledispatch

from ..doublet import Doublet
from ..jump_doublet import JumpDoublet
from ..levels import DickeVector, Levels
from ..matrix_levels import MatrixLevels
from ..rates import DephasingRates
from ..regime import Regime
from ..sweeps import Atlas, SystemComparison
from ..window import Window
from .later import register_for
from .numbers import figure, from_log10, units_for
from .rows import verdict


def _source(doublet: Doublet | JumpDoublet) -> str:
    text = repr(doublet.source)
    return text.replace(", energy_unit='J'", "")


def _splitting(doublet: Doublet) -> str:
    return f"ΔE = {from_log10(doublet.log10_splitting)} {units_for(doublet).energy}".rstrip()


@singledispatch
def short(answer: object) -> str:
    """One line for ``repr``."""
    if register_for(answer):
        return short(answer)
    return object.__repr__(answer)


@short.register
def _(answer: Doublet) -> str:
    # ΔE is the one number that takes long at large N: a line in a list does not ask for it there.
    cheap = answer.spins <= 1_000_000 or "log_splitting" in vars(answer)
    splitting = f"{_splitting(answer)}, " if cheap else ""
    return f"Doublet({_source(answer)}: {splitting}η_exact = {figure(answer.eta_exact, 7)})"


@short.register
def _(answer: DephasingRates) -> str:
    d, rate = answer.doublet, units_for(answer.doublet).rate
    if answer.gamma is None:
        return f"DephasingRates({_source(d)}: no gamma given, η_exact = {figure(d.eta_exact, 7)})"
    numbers = f"γ G01 = {figure(answer.rate_eigenstate)} {rate}".rstrip()
    numbers += f", γ (G01 + J01²) = {figure(answer.rate_pointer)} {rate}".rstrip()
    return f"DephasingRates({_source(d)}: {numbers}, {answer.regime.name})"


@short.register
def _(answer: JumpDoublet) -> str:
    bound = answer.splitting_bound
    splitting = f"ΔE < {figure(bound, 2)}" if bound is not None else f"ΔE = {figure(answer.splitting)}"
    return f"JumpDoublet({_source(answer)}, {answer.jump}: {splitting}, η_exact = {figure(answer.eta_exact, 7)})"


@short.register
def _(answer: Atlas) -> str:
    return f"Atlas({answer.source!r}: {', '.join(f'{row.jump} {figure(row.eta, 5)}' for row in answer.rows)})"


@short.register
def _(answer: SystemComparison) -> str:
    names = dict.fromkeys(row.system for row in answer.rows)
    return f"SystemComparison({', '.join(names)}: {len(answer.rows)} jump operators)"


@short.register
def _(answer: MatrixLevels) -> str:
    return (
        f"MatrixLevels({len(answer)} of {answer.dimension} levels: E_0 = {figure(float(answer.energies[0]), 8)}, "
        f"highest {figure(float(answer.excitations[-1]))} above)"
    )


@short.register
def _(answer: Levels) -> str:
    return (
        f"Levels({len(answer)} levels of N = {answer.spins}: E_0 = {figure(float(answer.energies[0]), 8)}, "
        f"highest {figure(float(answer.excitations[-1]))} {answer.energy_unit} above)"
    )


@short.register
def _(answer: Window) -> str:
    where = answer.where if answer.field_ratio is None else f"field_ratio={figure(answer.field_ratio, 10)}"
    return f"Window({where}: {answer.verdict})"


@short.register
def _(answer: Regime) -> str:
    holds = ", ".join(f"{c.name} {verdict(c)}" for c in answer.conditions)
    return f"Regime({answer.name}: {holds})"


@short.register
def _(answer: DickeVector) -> str:
    return f"DickeVector({len(answer.m)} amplitudes, m from {figure(answer.m[0], 10)} to {figure(answer.m[-1], 10)})"
