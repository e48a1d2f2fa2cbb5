"""Claims of Section 3.1 on the two approximations behind the mean-field rate."""

from __future__ import annotations

import numpy as np

from ..claim import Catalogue, Measured, Missing, Outcome, holds, number, untestable
from ..published import NUMBERS
from .context import Context

CATALOGUE: Catalogue[Context] = Catalogue("Section 3.1, approximations")
claim = CATALOGUE.claim
LOST = Missing.LOST


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
        f"Relative depletion ~ N^{mean.value:.4f}; variance over (N m*/2)² = {variance * c.spins:.3f}/N exactly; the "
        f"rate itself is off by an error ~ N^{total.value:.4f}.",
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
        f"It falls at every N from 370 to 2000, {part[0]:.3f} to {part[-1]:.3f}. Its largest value is "
        f"{curve.depletion.max():.3f}, at N = {top}.",
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
        f"(N m*/2)² - J01² = {mean:.1f} against N(1 - m*²)/4 = {variance:.1f}. Against the variance that |P> really "
        f"has, {c.benchmark.leakage:.1f}, it dominates by a factor {mean / c.benchmark.leakage:.2f} only.",
        measured=Measured(mean / variance, 1e-9),
    )
