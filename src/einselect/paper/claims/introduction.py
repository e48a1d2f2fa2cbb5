"""Claims of Section 1 (with its footnote on the temperature)."""

from __future__ import annotations

import numpy as np

from ..claim import (
    Catalogue,
    Measured,
    Missing,
    Outcome,
    holds,
    number,
    untestable,
)
from ..published import NUMBERS
from .context import Context
from .lindblad import decay
from .sensitivity import gain

CATALOGUE: Catalogue[Context] = Catalogue("Section 1")
claim = CATALOGUE.claim
LOST = Missing.LOST


@claim(
    "S1-factor-range",
    "1",
    "Near the crossover the two calculations differ by a factor in a stated range.",
    LOST,
    also=("8", "Note on prior literature"),
)
def _factor_range(c: Context) -> Outcome:
    low, high = c.thermal_zone
    inside = c.curve.eta_mf[low - 2 : high - 1]
    return untestable(
        f"Both ends of the range are lost. Ours, over ½ ≤ ΔE/k_BT ≤ 2 (N = {low}-{high}), is as given.",
        ours=f"η_MF = {inside.min():.3f} to {inside.max():.3f}",
    )


@claim(
    "S1-window",
    "1",
    "The mesoscopic secular window in N at the benchmark parameters.",
    LOST,
    also=("8", "Table 2", "Note on prior literature"),
)
def _window(c: Context) -> Outcome:
    low, high = c.window
    return untestable(
        "The published ends are lost. Ours: η_MF ≥ 2 (a developed double well) and 2ΔE·T2 ≥ 10.",
        ours=f"N = {low} to {high}",
    )


@claim("S1-thermal-zone", "1", "The thermal zone k_B T ≈ ΔE in N, at 10 nK.", LOST, also=("1 (footnote 1)",))
def _thermal_zone(c: Context) -> Outcome:
    low, high = c.thermal_zone
    return untestable(
        "The published range and its condition are lost. Ours: ½ ≤ ΔE/k_BT ≤ 2.", ours=f"N = {low} to {high}"
    )


@claim("S1-common-window", "1 (footnote 1)", "The N where both the thermal and the secular condition are met.", LOST)
def _common_window(c: Context) -> Outcome:
    (low, high), (first, last) = c.thermal_zone, c.window
    return untestable(
        "The published ends, and the N up to which the secular condition is said to hold, are lost. Ours: ½ ≤ "
        "ΔE/k_BT ≤ 2 and 2ΔE·T2 ≥ 10.",
        ours=f"N = {max(low, first)} to {min(high, last)}",
    )


@claim("S1-zone-inside-window", "1", "The secular window is broader than the thermal zone and fully contains it.")
def _zone_inside(c: Context) -> Outcome:
    (low, high), (first, last) = c.thermal_zone, c.window
    edge = c.secular(c.doublet(high))
    return holds(
        first <= low and high <= last,
        f"With ½ ≤ ΔE/k_BT ≤ 2 the zone is N = {low}-{high}; 2ΔE·T2 falls to {edge.value:.1f} at its upper end.",
        f"Contained only if 2ΔE·T2 ≥ {edge.value:.0f} counts as much larger than 1: with ≥ 10 the common range is N = "
        f"{max(first, low)}-{min(last, high)}.",
        amended=first <= low and edge.value > 3.0,
        measured=edge,
    )


@claim("S1-temperature", "1 (footnote 1)", "k_B T = ΔE at the benchmark means T = 10 nK.", NUMBERS["temperature"])
def _temperature(c: Context) -> Outcome:
    scale = 10.0 / c.thermal_energy
    splitting = NUMBERS["splitting"]
    value = Measured(splitting.value * scale, splitting.tolerance * scale, "nK")
    return number(value, NUMBERS["temperature"], "ħ ΔE/k_B with the published ΔE = 1309.2 rad/s and the SI constants.")


@claim(
    "S1-enhancement-peak",
    "1",
    "The many-body enhancement B = η_MF/2 reaches about 1.21 at the peak.",
    NUMBERS["enhancement_peak"],
    also=("3.2",),
)
def _enhancement_peak(c: Context) -> Outcome:
    (spins, top), (field, other) = c.peak, c.peak_over_field
    return number(
        Measured(0.5 * top.value, 0.5 * top.error),
        NUMBERS["enhancement_peak"],
        f"Half the peak over N at Γ/J = 0.95 (N = {spins}).",
        f"The published number belongs to the peak over the field at N = 370 (Γ/J = {field:.4f}): "
        f"{0.5 * other.value:.4f}.",
        amended=Measured(0.5 * other.value, 0.5 * other.error),
    )


@claim(
    "S1-two-conditions",
    "1",
    "An isolated doublet and a parity-odd jump operator suffice for the geometric limit 2.",
    also=("3.3", "7.3"),
)
def _two_conditions(c: Context) -> Outcome:
    levels = c.levels(2000, 2)
    ratios = {}
    for name in ("Jz", "Jy"):
        first = abs(levels.element(name, "E0", "E1")) ** 2
        second = levels.element(_square(name), "E0", "E0").real + levels.element(_square(name), "E1", "E1").real
        ratios[name] = 1.0 + 2.0 * first / second
    local = 1.0 + 4.0 * c.doublet(2000).j01 ** 2 / 2000.0**2
    return holds(
        abs(ratios["Jy"] - 2.0) < 0.05 and abs(local - 2.0) < 0.05,
        "Ratio of the coefficients in the doublet's eigenbasis of L and in the energy basis, at N = 2000: "
        f"{ratios['Jz']:.3f} for L = Jz, but {ratios['Jy']:.6f} for L = Jy, which is parity-odd too, and {local:.3f} "
        "(→ 1 + m*²) for local dephasing, σ_z/2 on each spin.",
        "A third condition is needed: <E_i|L†L|E_i> must be exhausted by |<E0|L|E1>|², that is, L must be the order "
        "parameter up to fluctuations of lower order in N.",
        measured=Measured(ratios["Jy"], 1e-9),
    )


@claim(
    "S1-peak-specific",
    "1",
    "The peak value is specific to the model and its parameters, unlike the limit 2.",
    also=("7.3",),
)
def _peak_specific(c: Context) -> Outcome:
    _, other = c.peak_at(0.9)
    top = c.peak[1]
    return holds(
        abs(other - top.value) > 0.01,
        f"Peak over N: {other:.4f} at Γ/J = 0.9, {top.value:.4f} at 0.95.",
        measured=Measured(other, 1e-9),
    )


@claim(
    "S1-not-decoherence-free",
    "1",
    "The eigenstate coherence is not protected strictly: it decays, more slowly than the pointer coherence.",
)
def _not_free(c: Context) -> Outcome:
    curve = c.curve
    slower = bool(np.all((curve.g01 > 0.0) & (curve.eta_exact > 1.0)))
    return holds(
        slower,
        f"G01 > 0 and η_exact > 1 for every N from 2 to 2000; smallest η_exact {curve.eta_exact.min():.4f}.",
    )


@claim(
    "S1-tunnelling-protects",
    "1",
    "Tunnelling dynamically protects the eigenstate coherence at finite N.",
    also=("8",),
)
def _tunnelling(c: Context) -> Outcome:
    half = 0.5**0.5
    real, imaginary = (half, half), (half, half * 1j)
    with_it = [decay(c, c.spins, start, "rho_01").rate for start in (real, imaginary)]
    without = [decay(c, c.spins, start, "rho_01", tunnelling=False).rate for start in (real, imaginary)]
    return holds(
        all(a < b for a, b in zip(with_it, without, strict=True)),
        f"Mean decay of |ρ_01| over 1/(γG01) at N = 370, in units of γG01: from real ρ_01 {with_it[0]:.3f} with "
        f"tunnelling and {without[0]:.3f} without (E_1 set to E_0); from imaginary ρ_01 {with_it[1]:.3f} and "
        f"{without[1]:.3f}.",
        "Tunnelling protects Im ρ_01 and exposes Re ρ_01, which would stay on its plateau: it turns one into the other "
        "and averages their rates, γ(G01 ± J01²), to γG01.",
        amended=abs(sum(without) / 2.0 - 1.0) < 0.01 and abs(sum(with_it) / 2.0 - 1.0) < 0.01,
    )


@claim(
    "S1-relevant-coherence",
    "1",
    "For quantum-information protocols the relevant coherence is ρ_01, with the slower rate.",
    also=("7.1", "8"),
)
def _relevant(c: Context) -> Outcome:
    return gain(c)


@claim(
    "S1-novelty",
    "1",
    "The factor 2 had not been isolated before as a statement about two well-defined rates.",
)
def _novelty(_: Context) -> Outcome:
    return untestable("A statement about the literature, not about the model.")


def _square(name: str) -> object:
    from ... import spin

    operator = spin.operator(name)
    return operator @ operator
