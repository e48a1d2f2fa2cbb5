"""Claims of the abstract and of Section 1 (with its footnote on the temperature)."""

from __future__ import annotations

import numpy as np

from ..claim import DYNAMICS, PROTOCOLS, Catalogue, Measured, Missing, Outcome
from ..claim import holds, identity, number, pending, untestable
from ..published import NUMBERS
from .context import SECULAR, Context
from .dense import relative

CATALOGUE: Catalogue[Context] = Catalogue("Abstract and Section 1")
claim = CATALOGUE.claim
LOST = Missing.LOST


@claim(
    "Abstract-pointer-coefficient",
    "Abstract",
    "The exact diagonal Redfield coefficient of the pointer coherence is γ(G01 + J01²).",
    also=("3.1 (Eq. 14)", "Table 2", "7.1"),
)
def _pointer_coefficient(c: Context) -> Outcome:
    spins = [c.dense(n) for n in (12, 13, 40)]
    worst = max(relative(s.decay(s.pointer_p, s.pointer_r) - s.g01 - s.j01**2, s.g01) for s in spins)
    return identity(worst, "Dissipator applied to |P><R| as a dense matrix at N = 12, 13, 40.")


@claim(
    "Abstract-eigenstate-coefficient",
    "Abstract",
    "The eigenstate coherence decays with coefficient γ G01.",
    also=("1", "3.1 (Eq. 13)", "3.2 (Eq. 16)", "Table 2", "7.1"),
)
def _eigenstate_coefficient(c: Context) -> Outcome:
    spins = [c.dense(n) for n in (12, 13, 40)]
    worst = max(relative(s.decay(s.vectors[:, 0], s.vectors[:, 1]) - s.g01, s.g01) for s in spins)
    return identity(worst, "Dissipator applied to |E0><E1| as a dense matrix at N = 12, 13, 40.")


@claim(
    "Abstract-mean-field-larger",
    "Abstract",
    "The mean-field rate γ G_loc is larger than the exact pointer rate γ(G01 + J01²).",
    also=("3.1", "B.5"),
)
def _mean_field_larger(c: Context) -> Outcome:
    curve = c.curve
    larger = curve.g_loc > curve.g01 * curve.eta_exact
    start = curve.first(larger)
    low, high = c.window
    return holds(
        bool(np.all(larger)),
        f"Every N from 2 to 2000 at Γ/J = 0.95: true from N = {start} on, and so in the whole window {low}-{high}.",
        f"Below N = {start} the mean-field rate is the smaller of the two.",
        amended=start <= low,
    )


@claim(
    "Abstract-limit-2",
    "Abstract",
    "η_MF tends to exactly 2 as N → ∞.",
    NUMBERS["eta_limit"],
    also=("1", "3.3 (Eq. 23)", "4", "5.1 (last row of Table 3)", "5.3"),
)
def _limit(c: Context) -> Outcome:
    return number(
        c.limit(lambda d: d.eta_mf or 0.0), NUMBERS["eta_limit"], "Richardson limit from N = 1, 2, 4 × 10⁵."
    )


@claim(
    "Abstract-peak",
    "Abstract",
    "At finite N in the LMG model η_MF rises to a peak of about 2.42.",
    NUMBERS["eta_mf_peak"],
    also=("1", "3.2", "7.1", "8", "Note on prior literature"),
)
def _peak(c: Context) -> Outcome:
    spins, top = c.peak
    field, other = c.peak_over_field
    return number(
        top,
        NUMBERS["eta_mf_peak"],
        f"The maximum over all N, even and odd, at Γ/J = 0.95 is {top.value:.5f}, at N = {spins}.",
        f"The published number agrees instead with the maximum over the field at N = 370: {other.value:.4f} at Γ/J = {field:.4f}.",
        amended=other,
    )


@claim(
    "Abstract-peak-in-window",
    "Abstract",
    "The peak of η_MF lies inside the window where 2ΔE·T2 is much larger than 1.",
)
def _peak_in_window(c: Context) -> Outcome:
    spins, _ = c.peak
    value = c.secular(c.doublet(spins))
    return holds(value.value >= SECULAR, f"2ΔE·T2 at the peak, N = {spins}, γ = 0.05 1/s.", measured=value)


@claim(
    "Abstract-secular-fails",
    "Abstract",
    "In the thermodynamic limit the secular approximation fails: 2ΔE·T2 tends to 0.",
    also=("1", "3.4", "8", "Table 2"),
)
def _secular_fails(c: Context) -> Outcome:
    falling = bool(np.all(np.diff(np.log(c.secular_curve)) < 0.0))
    below = c.curve.last(c.secular_curve >= 1.0) + 1
    large = c.doublet(100_000)
    exponent = (large.log_splitting + np.log(2.0 * c.coupling / (c.gamma * large.g01))) / np.log(10.0)
    return holds(
        falling and exponent < -100.0,
        f"2ΔE·T2 falls at every step of N up to 2000, is below 1 from N = {below}, and is 10^{exponent:.0f} at N = 10⁵.",
    )


@claim(
    "Abstract-rates-converge",
    "Abstract",
    "In the thermodynamic limit the decaying components of both coherences go at the classical rate γ G_loc.",
    also=("1", "3.4 (Eqs. 29, 30)", "8", "Table 2", "Note on prior literature"),
)
def _rates_converge(c: Context) -> Outcome:
    restricted = c.limit(lambda d: 2.0 * d.j01**2 / (d.g_loc or 1.0))
    whole = c.limit(lambda d: (d.g01 + d.j01**2) / (d.g_loc or 1.0))
    return holds(
        abs(restricted.value - 1.0) < 1e-8 and abs(whole.value - 1.0) < 1e-8,
        "Limits of 2J01²/G_loc (doublet alone) and of (G01 + J01²)/G_loc (with leakage) are both 1. The convergence is "
        "of the ratio: G_loc - 2J01² itself grows in proportion to N.",
        measured=restricted,
    )


@claim(
    "Abstract-plateau",
    "Abstract",
    "Re ρ_01 becomes a quasi-steady state (metastable plateau) within the degenerate doublet.",
    also=("1", "3.4", "8", "C (Eq. 61)"),
)
def _plateau(c: Context) -> Outcome:
    power = c.exponent(lambda d: d.leakage / (2.0 * d.j01**2))
    absolute = c.limit(lambda d: d.leakage / d.spins)
    return holds(
        abs(power.value + 1.0) < 1e-3,
        f"Its own coefficient is γ(G01 - J01²), which vanishes relative to 2γJ01² as N^{power.value:.4f}. In absolute terms "
        f"it grows, as {absolute.value:.4f} γN = γN g²/(4m*): a plateau on the fast time scale, not a longer-lived state.",
        measured=power,
    )


@claim(
    "Abstract-eta-exact",
    "Abstract",
    "The exact protection factor η_exact at the benchmark (N = 370, Γ/J = 0.95).",
    NUMBERS["eta_exact"],
    also=("1", "3.2", "7.1", "8", "Note on prior literature"),
)
def _eta_exact(c: Context) -> Outcome:
    return number(
        c.moment(c.benchmark, "eta_exact"), NUMBERS["eta_exact"], "(G01 + J01²)/G01 of the exact doublet."
    )


@claim(
    "Abstract-mesoscopic-only",
    "Abstract",
    "The two physical decay rates differ only at finite N, as long as the secular approximation holds.",
    also=("1", "8"),
)
def _mesoscopic_only(_: Context) -> Outcome:
    return pending(
        DYNAMICS, "Needs the decay of ρ_01(t) from the Lindblad equation across the secular crossover."
    )


@claim(
    "Abstract-technologies",
    "Abstract",
    "Squeezing, quantum Fisher information and Leggett-Garg tests gain, if they are sensitive to ρ_01 and stay in the doublet.",
    also=("1", "7.1"),
)
def _technologies(_: Context) -> Outcome:
    return pending(PROTOCOLS, "Needs the protocols themselves under the Lindblad equation.")


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


@claim(
    "S1-zone-inside-window", "1", "The secular window is broader than the thermal zone and fully contains it."
)
def _zone_inside(c: Context) -> Outcome:
    (low, high), (first, last) = c.thermal_zone, c.window
    edge = c.secular(c.doublet(high))
    return holds(
        first <= low and high <= last,
        f"With ½ ≤ ΔE/k_BT ≤ 2 the zone is N = {low}-{high}; 2ΔE·T2 falls to {edge.value:.1f} at its upper end.",
        f"Contained only if 2ΔE·T2 ≥ {edge.value:.0f} counts as much larger than 1: with ≥ 10 the common range is "
        f"N = {max(first, low)}-{min(last, high)}.",
        amended=first <= low and edge.value > 3.0,
        measured=edge,
    )


@claim(
    "S1-temperature", "1 (footnote 1)", "k_B T = ΔE at the benchmark means T = 10 nK.", NUMBERS["temperature"]
)
def _temperature(c: Context) -> Outcome:
    scale = 10.0 / c.thermal_energy
    splitting = NUMBERS["splitting"]
    value = Measured(splitting.value * scale, splitting.tolerance * scale, "nK")
    return number(
        value, NUMBERS["temperature"], "ħ ΔE/k_B with the published ΔE = 1309.2 rad/s and the SI constants."
    )


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
        f"The published number belongs to the peak over the field at N = 370 (Γ/J = {field:.4f}): {0.5 * other.value:.4f}.",
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
        second = (
            levels.element(_square(name), "E0", "E0").real + levels.element(_square(name), "E1", "E1").real
        )
        ratios[name] = 1.0 + 2.0 * first / second
    local = 1.0 + 4.0 * c.doublet(2000).j01 ** 2 / 2000.0**2
    return holds(
        abs(ratios["Jy"] - 2.0) < 0.05 and abs(local - 2.0) < 0.05,
        f"At N = 2000 the ratio of pointer to eigenstate coefficient is {ratios['Jz']:.3f} for L = Jz, but {ratios['Jy']:.6f} "
        f"for L = Jy, which is parity-odd too, and {local:.3f} → 1 + m*² for local dephasing, σ_z/2 on each spin.",
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
def _tunnelling(_: Context) -> Outcome:
    return pending(DYNAMICS, "Needs the solution of the Lindblad equation with and without tunnelling.")


@claim(
    "S1-relevant-coherence",
    "1",
    "For quantum-information protocols the relevant coherence is ρ_01, with the slower rate.",
    also=("7.1", "8"),
)
def _relevant(_: Context) -> Outcome:
    return pending(PROTOCOLS, "Needs the sensitivity of the protocols to either coherence.")


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
