"""Claims of Section 3 up to Eq. 15: the rate formula in either basis."""

from __future__ import annotations

import numpy as np

from ..claim import Catalogue, Missing, Outcome, identity
from .context import Context
from .dense import relative
from .twolevel import dissipator

CATALOGUE: Catalogue[Context] = Catalogue("Section 3.1, rate formula")
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


@claim("S3.1-leakage-included", "3.1", "<a|L²|a> in Eq. 12 contains all leakage, by completeness.", also=("A",))
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
