"""Claims of Section 3.2: the eigenstate rate and the decomposition of η_MF."""

from __future__ import annotations

import numpy as np

from ...rates import dephasing_rates
from ..claim import Catalogue, Missing, Outcome, holds, identity, number, untestable
from ..published import NUMBERS
from .context import SECULAR, Context
from .dense import relative

CATALOGUE: Catalogue[Context] = Catalogue("Section 3.2")
claim = CATALOGUE.claim
LOST = Missing.LOST


@claim(
    "S3.2-secular-benchmark",
    "3.2",
    "2ΔE·T2 at the benchmark.",
    NUMBERS["secular_benchmark"],
    also=("6", "Table 3"),
)
def _secular_benchmark(c: Context) -> Outcome:
    return number(
        c.secular(c.benchmark),
        NUMBERS["secular_benchmark"],
        "2ΔE/(γ G01) with ΔE = 1309.2 rad/s, γ = 0.05 1/s.",
    )


@claim(
    "S3.2-secular-condition",
    "3.2",
    "The secular condition for ρ_01 is 2ΔE·T2 ≫ 1, and it is met at the benchmark.",
    also=("1", "6"),
)
def _secular_condition(c: Context) -> Outcome:
    value = c.secular(c.benchmark)
    return holds(value.value >= SECULAR, "Taking ≥ 10 as much larger than 1.", measured=value)


@claim(
    "S3.2-counter-rotation",
    "3.2",
    "ρ_01 and ρ_10 counter-rotate at ΔE, so that their coupling oscillates at 2ΔE.",
    also=("6",),
)
def _counter_rotation(c: Context) -> Outcome:
    s = c.dense(12)
    rates = []
    for a, b in ((0, 1), (1, 0)):
        ket_bra = np.outer(s.vectors[:, a], s.vectors[:, b])
        flow = -1j * (s.hamiltonian @ ket_bra - ket_bra @ s.hamiltonian)
        rates.append(np.imag(s.vectors[:, a] @ flow @ s.vectors[:, b]))
    splitting = s.energies[1] - s.energies[0]
    return identity(
        relative(rates[0] - rates[1] - 2.0 * splitting, splitting),
        "-i[H, |E0><E1|] and its conjugate, N = 12.",
    )


@claim(
    "S3.2-population-decoupling",
    "3.2",
    "ρ_01 decouples from all populations, exactly and without the secular step.",
    also=("6 (Corollary 1)", "3.1"),
)
def _population_decoupling(c: Context) -> Outcome:
    worst = 0.0
    for spins in (12, 13):
        tensor = c.dense(spins).tensor()
        into = np.einsum("cc->c", tensor[0, 1])
        out_of = np.einsum("aa->a", tensor[:, :, 0, 1])
        worst = max(worst, relative(into, tensor), relative(out_of, tensor))
    return identity(worst, "All elements of the dissipator between ρ_01 and every ρ_cc at N = 12, 13.")


@claim("S3.2-gamma-cancels", "3.2", "The ratio of the rates equals the ratio of the factors: γ cancels.")
def _gamma_cancels(c: Context) -> Outcome:
    worst = 0.0
    for gamma in (1e-3, 0.05, 7.0):
        rates = dephasing_rates(c.benchmark, gamma=gamma)
        fast, slow = rates.rate_mean_field or 0.0, rates.rate_eigenstate or 1.0
        worst = max(worst, abs(fast / slow / (c.benchmark.eta_mf or 1.0) - 1.0))
    return identity(worst, "Rates at γ = 0.001, 0.05, 7.")


@claim("S3.2-decomposition", "3.2 (Eqs. 17-19)", "η_MF = 2 B exactly, with B = (N m*)²/4 / G01.", also=("1",))
def _decomposition(c: Context) -> Outcome:
    worst = 0.0
    for spins in (13, 100, 370, 2000):
        d = c.doublet(spins)
        worst = max(worst, abs(2.0 * (0.5 * spins * c.order_parameter) ** 2 / d.g01 / (d.eta_mf or 1.0) - 1.0))
    return identity(worst, "N = 13, 100, 370, 2000.")


@claim(
    "S3.2-universal-limit",
    "3.2",
    "The factor 2 is the thermodynamic limit of η_MF whatever the parameters of the model.",
    also=("3.3",),
)
def _universal_limit(c: Context) -> Outcome:
    limits = {g: c.limit(lambda d: d.eta_mf or 0.0, field=g).value for g in (0.2, 0.5, 0.9, 0.98)}
    listed = ", ".join(f"{value:.6f} at {g}" for g, value in limits.items())
    return holds(
        all(abs(value - 2.0) < 1e-4 for value in limits.values()),
        f"Extrapolated within the LMG model: {listed} (Γ/J). Other models and jump operators: see S1-two-conditions.",
    )


@claim("S3.2-enhancement", "3.2", "B at the benchmark, from η_MF = 2.351.", NUMBERS["enhancement"])
def _enhancement(c: Context) -> Outcome:
    return number(c.moment(c.benchmark, "enhancement"), NUMBERS["enhancement"], "η_MF/2 of the exact doublet.")


@claim(
    "S3.2-enhancement-origin",
    "3.2",
    "B exceeds 1 because Bogoliubov depletion lowers G01 below the mean-field value.",
    also=("1", "4"),
)
def _enhancement_origin(c: Context) -> Outcome:
    slope = c.limit(lambda d: d.spins * ((d.enhancement or 0.0) - 1.0))
    expected = 0.5 * c.semiclassics.eta_mf_coefficient
    start = c.curve.first(c.curve.eta_mf >= 2.0)
    return holds(
        abs(slope.value / expected - 1.0) < 1e-3,
        f"N(B - 1) tends to {slope.value:.3f}; spin-wave theory without free parameters gives 2(1 - m*)/m*³ = "
        f"{expected:.3f}. B > 1 from N = {start} on.",
        measured=slope,
    )


@claim("S3.2-full-enhancement", "3.2", "The full enhancement above the geometric baseline, in percent.", LOST)
def _full_enhancement(c: Context) -> Outcome:
    bench, top = c.benchmark.enhancement or 0.0, 0.5 * c.peak[1].value
    return untestable(
        "The published number is lost.",
        ours=f"{100.0 * (bench - 1.0):.2f} % at the benchmark, {100.0 * (top - 1.0):.2f} % at the peak over N",
    )


@claim(
    "S3.2-difference",
    "3.2",
    "η_MF and η_exact differ by exactly the mean-field overestimate of the pointer rate.",
)
def _difference(c: Context) -> Outcome:
    worst = 0.0
    for spins in (13, 100, 370, 2000):
        d = c.doublet(spins)
        worst = max(worst, abs((d.eta_mf or 0.0) / d.eta_exact * (d.g01 + d.j01**2) / (d.g_loc or 1.0) - 1.0))
    return identity(worst, "η_MF/η_exact = G_loc/(G01 + J01²) at N = 13, 100, 370, 2000.")
