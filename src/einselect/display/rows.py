"""The tables that several answers share, row by row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..doublet import Doublet
from ..levels import Quality
from ..rates import DephasingRates
from ..regime import Condition, Regime
from .layout import NOTHING, Table
from .numbers import figure, from_log10, units_for


def title(doublet: Doublet) -> str:
    """The model and where it is: N, Γ/J, phase."""
    source: Any = doublet.source
    name = type(source).__name__
    ratio, phase = getattr(source, "field_ratio", None), getattr(source, "phase", None)
    title = f"{name} model: N = {doublet.spins}"
    if ratio is not None:
        title += f", Γ/J = {figure(ratio, 10)}"
    return title + (f", {phase} phase" if phase in ("ordered", "disordered") else f", {phase}" if phase else "")


def parameters(doublet: Doublet, gamma: float | None = None, temperature: float | None = None) -> str:
    """J, γ and T with their units."""
    units = units_for(doublet)
    found = []
    coupling = getattr(doublet.source, "coupling", None)
    if coupling is not None:
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
        ("E0 (even)", figure(d.e0, 12), unit, ""),
        ("E1 (odd)", figure(d.e1, 12), unit, ""),
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


def coherence_table(rates: DephasingRates) -> Table:
    """The three coherences: moment, ratio to that of the eigenstates; rate and T2 where γ is known."""
    d = rates.doublet
    units = units_for(d)
    cases = (
        ("ρ_01 energy eigenstates", "G01", d.g01, 1.0, rates.rate_eigenstate),
        ("ρ_PR pointer states", "G01 + J01²", d.g01 + d.j01**2, d.eta_exact, rates.rate_pointer),
        ("ρ_PR mean field", "G_loc", d.g_loc, d.eta_mf, rates.rate_mean_field),
    )
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
        "Coherences: moment of Jz, its ratio η to G01" + (", rate, T2" if known else ""),
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


def quality_table(quality: Quality, unit: str) -> Table:
    """How well it is all known."""
    low, high = quality.window
    rows = [
        ("energy error", figure(quality.energy_error, 2), unit, "bound on rounding and truncation"),
        ("ΔE relative error", figure(quality.log_splitting_error, 2), "", "estimate"),
        ("state error", figure(quality.vector_error, 2), "", f"solved on {figure(low)} <= |m| <= {figure(high)}"),
    ]
    return Table("Quality", tuple(rows))


def regime_line(regime: Regime) -> str:
    """The regime in a sentence."""
    return f"Regime: {regime.name} – {regime.summary}."
