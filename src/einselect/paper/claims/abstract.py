"""Claims of the abstract."""

from __future__ import annotations

import numpy as np

from ..claim import (
    Catalogue,
    Missing,
    Outcome,
    holds,
    identity,
    number,
)
from ..published import NUMBERS
from .context import SECULAR, Context
from .dense import relative
from .lindblad import decay
from .sensitivity import gain

CATALOGUE: Catalogue[Context] = Catalogue("Abstract")
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
    return number(c.limit(lambda d: d.eta_mf or 0.0), NUMBERS["eta_limit"], "Richardson limit from N = 1, 2, 4 × 10⁵.")


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
        f"The published number agrees instead with the maximum over the field at N = 370: {other.value:.4f} at Γ/J = "
        f"{field:.4f}.",
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
        f"2ΔE·T2 falls at every step of N up to 2000, is below 1 from N = {below}, and is 10^{exponent:.0f} at N = "
        "10⁵.",
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
        "Limits of 2J01²/G_loc (doublet alone) and of (G01 + J01²)/G_loc (with leakage) are both 1. The convergence "
        "is of the ratio: G_loc - 2J01² itself grows in proportion to N.",
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
        f"Its own coefficient is γ(G01 - J01²), which vanishes relative to 2γJ01² as N^{power.value:.4f}. In absolute "
        f"terms it grows, as {absolute.value:.4f} γN = γN g²/(4m*): a plateau on the fast time scale, not a "
        "longer-lived state.",
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
    return number(c.moment(c.benchmark, "eta_exact"), NUMBERS["eta_exact"], "(G01 + J01²)/G01 of the exact doublet.")


@claim(
    "Abstract-mesoscopic-only",
    "Abstract",
    "The two physical decay rates differ only at finite N, as long as the secular approximation holds.",
    also=("1", "8"),
)
def _mesoscopic_only(c: Context) -> Outcome:
    half = 0.5**0.5
    inside = decay(c, c.spins, (half, half), "rho_01").rate, _pointer_decay(c, c.spins)
    real = decay(c, 2000, (half, half), "rho_01")
    imaginary, pointer = decay(c, 2000, (half, half * 1j), "im_01").rate, _pointer_decay(c, 2000)
    return holds(
        inside[1] / inside[0] > 1.5 and abs(real.rate / pointer - 1.0) < 0.05,
        f"Mean decay over 1/(γG01), in units of γG01: ρ_01 {inside[0]:.3f} and ρ_PR {inside[1]:.3f} at N = 370; "
        f"at N = 2000 Im ρ_01 {imaginary:.4f} and ρ_PR {pointer:.4f}, but Re ρ_01 {real.rate:.4f} "
        f"({100 * real.remains:.1f} % remain).",
        "Beyond the window the decaying components do share one rate; Re ρ_01 keeps its plateau, so that the two "
        "coherences as such differ there more than anywhere.",
        amended=inside[1] / inside[0] > 1.5 and abs(imaginary / pointer - 1.0) < 1e-3 and real.rate < 0.05,
    )


def _pointer_decay(c: Context, spins: int) -> float:
    """Decay of ρ_PR over γG01, the mean of both states of the doublet as starts, as in its coefficient."""
    return 0.5 * sum(decay(c, spins, start, "rho_pr").rate for start in ((1.0, 0.0), (0.0, 1.0)))


@claim(
    "Abstract-technologies",
    "Abstract",
    "Squeezing, quantum Fisher information and Leggett-Garg tests gain, if they are sensitive to ρ_01 and stay in "
    "the doublet.",
    also=("1", "7.1"),
)
def _technologies(c: Context) -> Outcome:
    return gain(c)
