"""Claims of Section 3.3: second moments and the factor 2."""

from __future__ import annotations

import numpy as np

from ..claim import Catalogue, Measured, Missing, Outcome, holds, identity
from .context import Context
from .dense import dicke

CATALOGUE: Catalogue[Context] = Catalogue("Section 3.3")
claim = CATALOGUE.claim
LOST = Missing.LOST


@claim(
    "S3.3-second-moment",
    "3.3 (Eq. 20)",
    "<P|Jz²|P> = <R|Jz²|R> = G01 exactly at every N, since <E0|Jz²|E1> = 0.",
    also=("3.4", "B.1"),
)
def _second_moment(c: Context) -> Outcome:
    worst = 0.0
    for spins in (2, 3, 13, 370, 371, 2000):
        d = c.doublet(spins)
        for name in ("P", "R"):
            state = d.state(name)
            worst = max(worst, abs(float(state.probabilities @ state.m**2) / d.g01 - 1.0))
        e0, e1 = d.state("E0"), d.state("E1")
        worst = max(worst, abs(float(e0.amplitudes @ (e0.m**2 * e1.amplitudes))) / d.g01)
    return identity(worst, "Sums over the Dicke amplitudes at N = 2, 3, 13, 370, 371, 2000.", 1e-11)


@claim(
    "S3.3-suppression",
    "3.3",
    "At finite N, G01 = (N m*/2)² minus a positive correction.",
    also=("4 (Eq. 31)", "B.4"),
)
def _suppression(c: Context) -> Outcome:
    curve = c.curve
    below = curve.g01 < curve.well**2
    start = curve.first(below)
    low, high = c.window
    return holds(
        bool(np.all(below)),
        f"Every N from 2 to 2000: positive from N = {start} on.",
        f"Below N = {start} it is negative (G01 = {curve.at(curve.g01, 100):.1f} > "
        f"{curve.at(curve.well, 100) ** 2:.1f} at N = 100), as Section 4 says.",
        amended=start <= low < high,
    )


@claim(
    "S3.3-exponential-approach",
    "3.3",
    "<P|Jz|P> approaches N m*/2 with the same exponentially small corrections as Eqs. 4-5.",
)
def _exponential_approach(c: Context) -> Outcome:
    depletion = c.limit(lambda d: d.depletion or 0.0)
    return holds(
        abs(depletion.value) < 1e-3,
        f"N m*/2 - J01 tends to {depletion.value:.4f}, not to 0: the relative approach is algebraic, 1/N. (The "
        "symbols of this sentence are restored.)",
        "This also contradicts Section 3.1 and Appendix B.5, which give the depletion as of order 1.",
        measured=depletion,
    )


@claim(
    "S3.3-coherent-second-moment",
    "3.3 (Eq. 21)",
    "Spin-coherent second moment: (N m*/2)² + N(1 - m*²)/4.",
    also=("3.1",),
)
def _coherent_second_moment(c: Context) -> Outcome:
    worst = 0.0
    for spins in (13, 370, 2000):
        m = dicke(spins)
        weights = c.doublet(spins).source.spin_coherent_amplitudes(m) ** 2
        formula = (0.5 * spins * c.order_parameter) ** 2 + 0.25 * spins * c.field**2
        worst = max(worst, abs(float(weights @ m**2) / formula - 1.0))
    return identity(worst, "Sum over the Dicke amplitudes at N = 13, 370, 2000.", 1e-10)


@claim(
    "S3.3-opposite-signs",
    "3.3",
    "The spin-coherent correction to (N m*/2)² is positive, the exact one negative.",
)
def _opposite_signs(c: Context) -> Outcome:
    low, _ = c.window
    exact = c.curve.g01[low - 2 :] - c.curve.well[low - 2 :] ** 2
    return holds(
        bool(np.all(exact < 0.0)) and c.semiclassics.spin_coherent_variance > 0.0,
        f"At N = 370: +{c.semiclassics.spin_coherent_variance:.1f} and {c.benchmark.g01 - c.well**2:.1f}; the exact "
        f"one is negative at every N from {low} to 2000.",
    )


@claim("S3.3-subleading", "3.3", "Both corrections are of order N, subleading to the N² of the mean-field term.")
def _subleading(c: Context) -> Outcome:
    power = c.exponent(lambda d: d.g01 - 0.5 * (d.g_loc or 0.0))
    return holds(
        abs(power.value - 1.0) < 1e-3,
        "Exponent of the exact correction; the spin-coherent one is N(1 - m*²)/4.",
        measured=power,
    )


@claim("S3.3-leading-term", "3.3 (Eq. 22)", "G01/(N m*/2)² tends to 1.", also=("3.4", "8"))
def _leading_term(c: Context) -> Outcome:
    value = c.limit(lambda d: 2.0 * d.g01 / (d.g_loc or 1.0))
    return holds(abs(value.value - 1.0) < 1e-7, "Richardson limit from N = 1, 2, 4 × 10⁵.", measured=value)


@claim(
    "S3.3-shared-error",
    "3.3",
    "Identifying the pointer mean with N m*/2 costs a relative error of order 1/N from depletion.",
    also=("3.1",),
)
def _shared_error(c: Context) -> Outcome:
    scaled = c.limit(lambda d: 2.0 * (d.depletion or 0.0) / c.order_parameter)
    return holds(
        abs(scaled.value - 2.0 * c.semiclassics.depletion / c.order_parameter) < 1e-3,
        "N times the relative error tends to a constant, (1 - m*)(3 + m*)/(2m*³).",
        measured=Measured(scaled.value, scaled.error),
    )
