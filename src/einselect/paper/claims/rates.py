"""Claims of Section 3 up to 3.1: the rate formula, the two approximations, the benchmark numbers."""

from __future__ import annotations

import math

import numpy as np

from ..claim import DYNAMICS, Catalogue, Measured, Missing, Outcome
from ..claim import holds, identity, number, pending, untestable
from ..published import NUMBERS
from .context import Context
from .dense import relative
from .twolevel import dissipator

CATALOGUE: Catalogue[Context] = Catalogue("Section 3.1")
claim = CATALOGUE.claim
LOST = Missing.LOST


@claim(
    "S3.1-eq-12",
    "3.1 (Eq. 12)",
    "For Hermitian L, Eq. 12 is the exact coefficient of ρ_ab in its own equation of motion.",
)
def _eq_12(c: Context) -> Outcome:
    generator = np.random.default_rng(12)
    s = c.dense(13)
    worst = 0.0
    for _ in range(20):
        a, b = np.linalg.qr(generator.normal(size=(14, 2)))[0].T
        square = s.jz @ s.jz
        formula = 0.5 * (a @ square @ a + b @ square @ b - 2.0 * (a @ s.jz @ a) * (b @ s.jz @ b))
        worst = max(worst, relative(formula - s.decay(a, b), formula))
    return identity(worst, "Twenty random orthonormal pairs at N = 13 against the dissipator.")


@claim(
    "S3.1-leakage-included", "3.1", "<a|L²|a> in Eq. 12 contains all leakage, by completeness.", also=("A",)
)
def _leakage_included(c: Context) -> Outcome:
    worst = 0.0
    for spins in (12, 13, 40):
        s = c.dense(spins)
        x = s.in_levels(s.jz)
        second = s.in_levels(s.jz @ s.jz)
        worst = max(worst, relative(np.sum(x * x, axis=1) - np.diag(second), second))
    return identity(worst, "Σ_n |<a|Jz|n>|² = <a|Jz²|a> for every level at N = 12, 13, 40.")


@claim(
    "S3.1-cross-term-vanishes",
    "3.1 (Eq. 13)",
    "In the eigenstate basis the cross-term <E0|Jz|E0><E1|Jz|E1> vanishes exactly.",
    also=("3.4", "8"),
)
def _cross_vanishes(c: Context) -> Outcome:
    worst = 0.0
    for spins in (12, 13, 40):
        s = c.dense(spins)
        x = s.in_levels(s.jz)
        worst = max(worst, relative(x[0, 0] * x[1, 1], s.g01))
    return identity(worst, "Dense matrices at N = 12, 13, 40.")


@claim("S3.1-real", "3.1", "H is real and symmetric, so the eigenstates and J01 are real.")
def _real(c: Context) -> Outcome:
    s = c.dense(13)
    asymmetry = relative(s.hamiltonian - s.hamiltonian.T, s.hamiltonian)
    return identity(asymmetry if np.isrealobj(s.hamiltonian) else 1.0, "H - Hᵀ in the Dicke basis at N = 13.")


@claim(
    "S3.1-cross-term-adds",
    "3.1 (Eq. 14)",
    "In the pointer basis the cross-term is -J01², so that it adds J01² to the coefficient.",
    also=("8",),
)
def _cross_adds(c: Context) -> Outcome:
    worst = 0.0
    for spins in (12, 13, 40):
        s = c.dense(spins)
        product = (s.pointer_p @ s.jz @ s.pointer_p) * (s.pointer_r @ s.jz @ s.pointer_r)
        worst = max(worst, relative(product + s.j01**2, s.j01**2))
    return identity(worst, "<P|Jz|P><R|Jz|R> + J01² at N = 12, 13, 40.")


@claim(
    "S3.1-eq-15",
    "3.1 (Eq. 15)",
    "With means ±N m*/2 and second moments (N m*/2)², Eq. 12 gives γ G_loc.",
    also=("3 (Eq. 10)",),
)
def _eq_15(c: Context) -> Outcome:
    g_loc = c.benchmark.g_loc or 0.0
    coherence = np.array([[0.0, 1.0], [0.0, 0.0]])
    flow = dissipator(np.diag([c.well, -c.well]), coherence)
    return identity(
        relative(-flow[0, 1] - g_loc, g_loc), "Dissipator with L = ±N m*/2 on the two states, applied to |P><R|."
    )


@claim(
    "S3.1-two-approximations",
    "3.1",
    "The mean-field rate rests on two approximations, each with a relative error of order 1/N.",
)
def _two_approximations(c: Context) -> Outcome:
    mean = c.exponent(lambda d: (d.depletion or 0.0) / d.spins)
    variance = c.semiclassics.spin_coherent_variance / c.well**2
    total = c.exponent(lambda d: (d.g_loc or 0.0) / (d.g01 + d.j01**2) - 1.0)
    return holds(
        abs(mean.value + 1.0) < 1e-3 and abs(total.value + 1.0) < 1e-3,
        f"Relative depletion ~ N^{mean.value:.4f}; variance over (N m*/2)² = {variance * c.spins:.3f}/N exactly; the rate itself "
        f"is off by an error ~ N^{total.value:.4f}.",
        measured=total,
    )


@claim(
    "S3.1-depletion-370",
    "3.1",
    "Bogoliubov depletion N m*/2 - J01 at N = 370.",
    NUMBERS["depletion_370"],
    also=("B.4", "B.5"),
)
def _depletion_370(c: Context) -> Outcome:
    return number(c.moment(c.benchmark, "depletion"), NUMBERS["depletion_370"], "Exact doublet.")


@claim(
    "S3.1-depletion-2000",
    "3.1",
    "Bogoliubov depletion N m*/2 - J01 at N = 2000.",
    NUMBERS["depletion_2000"],
    also=("B.5",),
)
def _depletion_2000(c: Context) -> Outcome:
    return number(c.moment(c.doublet(2000), "depletion"), NUMBERS["depletion_2000"], "Exact doublet.")


@claim(
    "S3.1-depletion-range",
    "3.1",
    "The depletion lies between these two values for N from 370 to 2000.",
    also=("B.5",),
)
def _depletion_range(c: Context) -> Outcome:
    curve = c.curve
    part = curve.depletion[c.spins - 2 :]
    top = int(curve.spins[np.argmax(curve.depletion)])
    return holds(
        bool(np.all(np.diff(part) < 0.0)),
        f"It falls at every N from 370 to 2000, {part[0]:.3f} to {part[-1]:.3f}. Its largest value is {curve.depletion.max():.3f}, "
        f"at N = {top}.",
    )


@claim(
    "S3.1-depletion-order-1",
    "3.1",
    "The depletion is of order 1: it does not grow with N.",
    also=("B.4", "B.5"),
)
def _depletion_order(c: Context) -> Outcome:
    power = c.exponent(lambda d: d.depletion or 0.0)
    return holds(
        abs(power.value) < 1e-3,
        f"N^{power.value:.1e} between N = 2 and 8 × 10⁵; limit {c.semiclassics.depletion:.4f}.",
        measured=power,
    )


@claim(
    "S3.1-depletion-relative",
    "3.1",
    "Relative error that the depletion makes in the mean at the benchmark.",
    LOST,
    also=("B.5",),
)
def _depletion_relative(c: Context) -> Outcome:
    value = 100.0 * float(c.benchmark.depletion or 0.0) / c.well
    return untestable(
        "The published number is lost. Ours is (N m*/2 - J01)/(N m*/2).", Measured(value, value * 1e-11, "%")
    )


@claim(
    "S3.1-depletion-not-overlap",
    "3.1",
    "The depletion error is separate from, and much larger than, the overlap corrections of Eqs. 4-5.",
    also=("3.3", "B.5"),
)
def _depletion_not_overlap(c: Context) -> Outcome:
    ratio = float(c.benchmark.depletion or 0.0) / c.well / c.field**c.spins
    return holds(
        ratio > 1e3,
        "Relative depletion over the overlap (Γ/J)^N at the benchmark.",
        measured=Measured(ratio, ratio * 1e-9),
    )


@claim(
    "S3.1-not-spin-coherent",
    "3.1",
    "The exact pointer state is not a spin-coherent state: it is squeezed.",
    also=("3.3",),
)
def _not_coherent(c: Context) -> Outcome:
    fidelity = c.benchmark.spin_coherent_overlap("P") ** 2
    return holds(
        fidelity < 0.99,
        "|<spin-coherent|P>|² at N = 370; not monotonic in N, since two effects (tunnelling, squeezing) lower it.",
        measured=Measured(fidelity, 1e-11),
    )


@claim(
    "S3.1-variance",
    "3.1",
    "Relative error of dropping the spin-coherent variance N(1 - m*²)/4 at the benchmark.",
    LOST,
)
def _variance(c: Context) -> Outcome:
    value = 100.0 * c.semiclassics.spin_coherent_variance / c.well**2
    return untestable(
        "The published number is lost. Ours is the variance over (N m*/2)².",
        Measured(value, value * 1e-12, "%"),
    )


@claim("S3.1-depletion-dominates", "3.1", "At the benchmark the depletion dominates the dropped variance.")
def _depletion_dominates(c: Context) -> Outcome:
    mean = c.well**2 - c.benchmark.j01**2
    variance = c.semiclassics.spin_coherent_variance
    return holds(
        mean > variance,
        f"(N m*/2)² - J01² = {mean:.1f} against N(1 - m*²)/4 = {variance:.1f}. Against the variance that |P> really has, "
        f"{c.benchmark.leakage:.1f}, it dominates by a factor {mean / c.benchmark.leakage:.2f} only.",
        measured=Measured(mean / variance, 1e-9),
    )


@claim("S3.1-exact-factor", "3.1", "Exact pointer rate factor G01 + J01² at the benchmark.", LOST)
def _exact_factor(c: Context) -> Outcome:
    value = c.benchmark.g01 + c.benchmark.j01**2
    return untestable(
        "The published number is lost; the surviving ratio 1.262 to G_loc is judged apart.",
        Measured(value, value * 1e-11),
    )


@claim(
    "S3.1-overestimate",
    "3.1",
    "G_loc/(G01 + J01²) at the benchmark.",
    NUMBERS["overestimate"],
    also=("3.2", "B.5"),
)
def _overestimate(c: Context) -> Outcome:
    d = c.benchmark
    value = (d.g_loc or 0.0) / (d.g01 + d.j01**2)
    return number(Measured(value, value * 1e-11), NUMBERS["overestimate"], "Exact doublet.")


@claim(
    "S3.2-overestimate-percent",
    "3.2",
    "The mean-field approximation overestimates the exact pointer rate by this much.",
    NUMBERS["overestimate_percent"],
    also=("3.1", "Table 2", "B.5"),
)
def _overestimate_percent(c: Context) -> Outcome:
    d = c.benchmark
    value = 100.0 * ((d.g_loc or 0.0) / (d.g01 + d.j01**2) - 1.0)
    curve = c.curve
    ratio = curve.g_loc / (curve.g01 * curve.eta_exact)
    worst = int(curve.spins[np.argmax(ratio)])
    return number(
        Measured(value, value * 1e-10, "%"),
        NUMBERS["overestimate_percent"],
        f"Exact doublet at N = 370. It is not the largest: {100.0 * (ratio.max() - 1.0):.1f} % at N = {worst}.",
    )


@claim(
    "S3.1-below",
    "3.1",
    "Equivalently, the exact rate lies below the mean-field one by a stated percentage.",
    LOST,
)
def _below(c: Context) -> Outcome:
    d = c.benchmark
    value = 100.0 * (1.0 - (d.g01 + d.j01**2) / (d.g_loc or 1.0))
    return untestable("The published number is lost.", Measured(value, value * 1e-10, "%"))


@claim(
    "S3.1-population-difference",
    "3.1",
    "The dissipator leaves the localised population difference invariant at leading order.",
    also=("B.1 (Eq. 43)",),
)
def _population_difference(c: Context) -> Outcome:
    power = c.exponent(lambda d: d.leakage / (d.g01 + d.j01**2))
    d = c.benchmark
    return holds(
        abs(power.value + 1.0) < 1e-3,
        f"Its coefficient γ(G01 - J01²) is ~ N^{power.value:.4f} of that of ρ_PR; at N = 370 still "
        f"{100.0 * d.leakage / (d.g01 + d.j01**2):.1f} %.",
        measured=power,
    )


@claim(
    "S3.1-approximate-eigenstates",
    "3.1",
    "|P> and |R> become eigenstates of Jz to leading order, hence steady under dephasing.",
    also=("B.1",),
)
def _approximate_eigenstates(c: Context) -> Outcome:
    power = c.exponent(lambda d: math.sqrt(d.leakage) / d.j01)
    return holds(
        abs(power.value + 0.5) < 1e-3,
        f"‖(Jz - J01)|P>‖/J01 ~ N^{power.value:.4f}; {math.sqrt(c.benchmark.leakage) / c.benchmark.j01:.2f} at N = 370.",
        measured=power,
    )


@claim(
    "S3.1-underdamped",
    "3.1",
    "At the benchmark the discriminant is negative: Im ρ_PR and z oscillate under an envelope of half the rate.",
    also=("B.3",),
)
def _underdamped(c: Context) -> Outcome:
    gamma_d = c.gamma * (c.benchmark.g_loc or 0.0)
    splitting = c.thermal_energy
    frequency = math.sqrt(max(splitting**2 - 0.25 * gamma_d**2, 0.0))
    return holds(
        gamma_d < 2.0 * splitting,
        f"γ G_loc = {gamma_d:.1f} 1/s < 2ΔE = {2.0 * splitting:.0f} 1/s; envelope {0.5 * gamma_d:.1f} 1/s.",
        measured=Measured(frequency, frequency * c.coupling_error, "rad/s"),
    )


@claim(
    "S3.1-envelope-ratio",
    "3.1",
    "The envelope rate exceeds γ G01 by the factor B at the benchmark.",
    NUMBERS["enhancement"],
    also=("B.3 (Eq. 52)",),
)
def _envelope_ratio(c: Context) -> Outcome:
    return number(
        c.moment(c.benchmark, "enhancement"), NUMBERS["enhancement"], "½G_loc/G01 of the exact doublet."
    )


@claim(
    "S3.1-envelope-limit",
    "3.1",
    "The envelope rate equals γ G01 only in the thermodynamic limit; at finite N it exceeds it.",
    also=("B.3",),
)
def _envelope_limit(c: Context) -> Outcome:
    low, high = c.window
    above = bool(np.all(c.curve.eta_mf[low - 2 :] > 2.0))
    limit = c.limit(lambda d: d.enhancement or 0.0)
    return holds(
        above and abs(limit.value - 1.0) < 1e-6,
        f"B > 1 at every N from {low} to 2000, and B → 1. (Below N = {low}, outside the window {low}-{high}, B < 1.)",
        measured=limit,
    )


@claim(
    "S3.1-only-real-part",
    "3.1",
    "Only Re ρ_PR decays as a pure exponential, at γ G_loc.",
    also=("Abstract", "B.2 (Eq. 45)"),
)
def _only_real_part(_: Context) -> Outcome:
    return pending(
        DYNAMICS,
        "Within the two-state closure it is an identity (see App. B). Whether it holds with leakage needs the whole Lindblad equation.",
    )
