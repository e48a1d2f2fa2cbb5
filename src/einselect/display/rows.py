"""The tables that several answers share, row by row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..doublet import Doublet
from ..jump_doublet import JumpDoublet
from ..level_set import Quality
from ..models.registry import MODELS
from ..rates import DephasingRates
from ..regime import Condition, Regime
from .layout import NOTHING, Table
from .numbers import figure, from_log10, resolved_digits, units_for

_PARITY = {1: "even", -1: "odd"}


def title(doublet: Doublet | JumpDoublet) -> str:
    """The model and where it is: N, Γ/J, phase."""
    source: Any = doublet.source
    if isinstance(doublet, JumpDoublet):
        return f"{'Levels' if source is None else source!r} under {doublet.jump}"
    name = type(source).__name__
    ratio, phase = getattr(source, "field_ratio", None), getattr(source, "phase", None)
    title = f"{name} model: N = {doublet.spins}"
    if ratio is not None:
        title += f", Γ/J = {figure(ratio, 10)}"
    return title + (f", {phase} phase" if phase in ("ordered", "disordered") else f", {phase}" if phase else "")


def _further(doublet: Doublet) -> list[str]:
    """What else a model has than N, Γ/J and J."""
    source: Any = doublet.source
    known = source.parameters() if hasattr(source, "parameters") else {}
    entry = MODELS.get(known.get("model", ""))
    usual = ("spins", "field", "coupling")
    listed = () if entry is None else (p for p in entry.parameters if p.name not in usual and known[p.name])
    return [f"{p.symbol} = {figure(known[p.name], 10)}" for p in listed]


def parameters(doublet: Doublet | JumpDoublet, gamma: float | None = None, temperature: float | None = None) -> str:
    """J, γ and T with their units."""
    units = units_for(doublet)
    found = []
    coupling = getattr(doublet.source, "coupling", None)
    if coupling is not None and isinstance(doublet, Doublet):  # else the title has all parameters
        found += _further(doublet)
        also = units.also("energy", coupling)
        found.append(f"J = {figure(coupling, 10)}" + (f" rad/s = {also}" if also else ""))
    if gamma is not None:
        found.append(f"γ = {figure(gamma, 10)} {units.rate}".rstrip())
    if temperature is not None:
        also = units.also("temperature", temperature)
        found.append(f"T = {also}" if also else f"k_B T = {figure(temperature, 10)} {units.energy}".rstrip())
    if not units.physical:
        found.append("ħ = 1")
    return ", ".join(found)


def doublet_table(d: Doublet) -> Table:
    """Energies, splitting and moments of a doublet."""
    units = units_for(d)
    unit = units.energy
    log10 = d.log10_gap_ratio
    rows = [
        (f"E0 ({_PARITY[d.parities[0]]})", figure(d.e0, 12), unit, ""),
        (f"E1 ({_PARITY[d.parities[1]]})", figure(d.e1, 12), unit, ""),
        ("ΔE = E1 - E0", from_log10(d.log10_splitting, 8), unit, units.also("energy", d.splitting)),
        ("log10 ΔE", figure(d.log10_splitting, 10), "", f"ln ΔE = {figure(d.log_splitting, 10)}"),
        ("E2 - E0", figure(d.gap), unit, units.also("energy", d.gap)),
        ("(E2-E0)/(E1-E0)", NOTHING if log10 is None else from_log10(log10), "", ""),
        ("J01", figure(d.j01, 8), "", "<E0|Jz|E1>"),
    ]
    if d.order_parameter is not None:
        rows += [
            ("m*", figure(d.order_parameter, 8), "", "order parameter: wells at ±N m*/2"),
            ("depletion", figure(d.depletion), "", "N m*/2 - J01"),
            ("B", figure(d.enhancement), "", "many-body enhancement, η_MF = 2B"),
        ]
    rows.append(("leakage", figure(d.leakage), "", "G01 - J01²"))
    return Table("Doublet", tuple(rows))


def jump_doublet_table(d: JumpDoublet) -> Table:
    """Energies, splitting and moments of a doublet under any jump operator."""
    units, bound = units_for(d), d.splitting_bound
    unit, log10 = units.energy, d.log10_gap_ratio
    kinds = [f" ({_PARITY[int(parity)]})" if parity else "" for parity in d.levels.parities[:2]]
    known = resolved_digits(d.quality)
    splitting = from_log10(d.log10_splitting, known) if d.log10_splitting is not None else f"< {figure(bound, 2)}"
    ratio = NOTHING if log10 is None else ("" if bound is None else "> ") + from_log10(log10, min(known, 6))
    return Table(
        "Doublet",
        (
            ("E0" + kinds[0], figure(d.e0, 12), unit, ""),
            ("E1" + kinds[1], figure(d.e1, 12), unit, ""),
            ("ΔE = E1 - E0", splitting, unit, "" if bound is None else "not resolved: a bound"),
            ("E2 - E0", figure(d.gap), unit, units.also("energy", d.gap)),
            ("(E2-E0)/(E1-E0)", ratio, "", ""),
            ("J01", figure(d.j01, 8), "", "|<P|L|P> - <R|L|R>|/2"),
            ("G01", figure(d.g01, 8), "", "mean of <E0|L†L|E0> and <E1|L†L|E1>"),
            ("leakage", figure(d.leakage), "", "part of G01 that leads out of the doublet"),
            ("parity of L", d.parity, "", ""),
        ),
    )


def coherence_table(rates: DephasingRates) -> Table:
    """The three coherences: moment, ratio to that of the eigenstates; rate and T2 where γ is known."""
    d = rates.doublet
    units = units_for(d)
    odd = isinstance(d, Doublet) or d.parity == "odd"
    cases: list[tuple[str, str, float | None, float | None, float | None]] = [
        ("ρ_01 energy eigenstates", "G01" if odd else "Γ_01/γ", d.eigenstate_moment, 1.0, rates.rate_eigenstate),
        ("ρ_PR pointer states", "G01 + J01²" if odd else "Γ_PR/γ", d.pointer_moment, d.eta_exact, rates.rate_pointer),
    ]
    if isinstance(d, Doublet) or d.g_loc is not None:
        cases.append(("ρ_PR mean field", "G_loc", d.g_loc, d.eta_mf, rates.rate_mean_field))
    known = rates.gamma is not None
    header: tuple[str, ...] = ("coherence", "moment", "value", "η")
    if known:
        header += (f"rate [{units.rate}]" if units.rate else "rate", f"T2 [{units.time}]" if units.time else "T2")
    rows = []
    for name, symbol, moment, ratio, rate in cases:
        row: tuple[str, ...] = (name, symbol, figure(moment), figure(ratio, 7))
        if known:
            row += (figure(rate, 5), figure(1.0 / rate if rate else (math.inf if rate is not None else None), 5))
        rows.append(row)
    return Table(
        f"Coherences: moment of {d.jump}, its ratio η to {cases[0][1]}" + (", rate, T2" if known else ""),
        tuple(rows),
        header,
        (2, 3, 4, 5),
    )


def verdict(condition: Condition) -> str:
    """Pass, FAIL, or what is missing."""
    return {True: "pass", False: "FAIL", None: "not known"}[condition.holds]


def _condition_value(condition: Condition) -> str:
    """Its number; beyond the range of a double on either side, the bound that it passed."""
    if condition.value is None and condition.holds:
        return "> 1e308"
    return "< 1e-308" if condition.value == 0.0 else figure(condition.value, 5)


def condition_table(conditions: Sequence[Condition]) -> Table:
    """Conditions with their numbers and verdicts."""
    rows = tuple((c.name, c.requirement, _condition_value(c), verdict(c)) for c in conditions)
    return Table("Conditions", rows, ("condition", "requirement", "value", "verdict"), (2,))


def quality_table(quality: Quality, unit: str, where: str = "") -> Table:
    """How well it is all known, and `where` it was solved (default: the window of m)."""
    low, high = quality.window
    where = where or f"solved on {figure(low)} <= |m| <= {figure(high)}"
    rows = [
        ("energy error", figure(quality.energy_error, 2), unit, "bound on rounding and truncation"),
        ("ΔE relative error", figure(quality.log_splitting_error, 2), "", "estimate"),
        ("state error", figure(quality.vector_error, 2), "", where),
    ]
    return Table("Quality", tuple(rows))


def regime_line(regime: Regime) -> str:
    """The regime in a sentence."""
    return f"Regime: {regime.name} – {regime.summary}."
