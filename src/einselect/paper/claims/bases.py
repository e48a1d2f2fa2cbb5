"""Claims of Section 2: the model, the two bases, the two coherences (Table 2 is in `states`)."""

from __future__ import annotations

import math

import numpy as np

from ..claim import Catalogue, Measured, Missing, Outcome, holds, identity, number
from ..published import NUMBERS
from .context import Context
from .dense import dicke, relative

CATALOGUE: Catalogue[Context] = Catalogue("Section 2 and Table 1")
claim = CATALOGUE.claim
LOST = Missing.LOST


@claim("S2-extensive", "2", "The 1/N in the coupling makes the ground energy extensive.")
def _extensive(c: Context) -> Outcome:
    density = c.limit(lambda d: d.e0 / d.spins)
    expected = -0.25 * (1.0 + c.field**2)
    return holds(
        abs(density.value - expected) < 1e-8,
        f"E_0/N tends to a constant; mean-field theory gives -J(1 + (Γ/J)²)/4 = {expected:.6f} J.",
        measured=density,
    )


@claim(
    "S2-bifurcation",
    "2",
    "Mean field: two degenerate minima with <Jz> = ±N m*/2, m* = sqrt(1 - (Γ/J)²), for Γ < J.",
    also=("Table 1",),
)
def _bifurcation(c: Context) -> Outcome:
    from scipy.optimize import minimize_scalar

    worst = 0.0
    for field in (0.3, 0.5, 0.8, 0.95):

        def energy(angle: float, g: float = field) -> float:  # per J N/2, polar angle from z
            return -0.5 * math.cos(angle) ** 2 - g * math.sin(angle)

        found = minimize_scalar(energy, bounds=(0.0, 0.5 * math.pi), method="bounded", options={"xatol": 1e-10})
        worst = max(worst, abs(math.cos(found.x) - math.sqrt(1.0 - field**2)))
        worst = max(worst, abs(energy(found.x) - energy(math.pi - found.x)))
    return identity(worst, "Numerical minimum of the classical energy at Γ/J = 0.3, 0.5, 0.8, 0.95.", 1e-6)


@claim(
    "S2-eigenstate-expansion",
    "2 (Eqs. 4, 5)",
    "The eigenstates are (|P̃> ± |R̃>)/√2 of instanton vacua with <Jz> = ±N m*/2 exactly, up to corrections of the "
    "size of their overlap (Γ/J)^N.",
    also=("Table 2", "3.3", "B.5"),
)
def _expansion(c: Context) -> Outcome:
    # |<a|A|a> - <b|A|b>| <= 2 ‖A‖ ‖a - b‖ for unit vectors, with ‖Jz‖ = N/2.
    needed = float(c.benchmark.depletion or 0.0) / c.spins
    overlap = c.field**c.spins
    return holds(
        needed <= 10.0 * overlap,
        f"A state with <Jz> = N m*/2 differs from |P>, whose <Jz> is J01 = {c.benchmark.j01:.2f}, by at least (N m*/2 "
        f"- J01)/N = {needed:.4f} in norm at N = 370; (Γ/J)^N is {overlap:.1e}.",
        "The wells of the true doublet are shifted and squeezed by spin waves; corrections of the size of the "
        "overlap hold only for well states that contain this depletion, whose <Jz> is J01.",
        measured=Measured(needed, 1e-12),
    )


@claim(
    "S2-action",
    "2",
    "The tunnel splitting falls as exp(-N S) with the WKB instanton action S (value at Γ/J = 0.95).",
    LOST,
    also=("B.5",),
)
def _action(c: Context) -> Outcome:
    low, high = c.doublet(100_000), c.doublet(200_000)
    slope = (low.log_splitting - high.log_splitting + 0.5 * math.log(2.0)) / 1e5
    expected = math.atanh(c.order_parameter) - c.order_parameter
    return holds(
        abs(slope - expected) < 1e-8,
        f"-d ln(ΔE/√N)/dN of the exact doublets between N = 10⁵ and 2 × 10⁵; artanh(m*) - m* = {expected:.7f}.",
        measured=Measured(slope, abs(slope - expected) + 1e-12),
    )


@claim("S2-splitting", "2", "ΔE at N = 370 from exact diagonalisation.", NUMBERS["splitting"])
def _splitting(c: Context) -> Outcome:
    value = Measured(c.thermal_energy, c.thermal_energy * 1e-9, "rad/s")
    return number(
        value,
        NUMBERS["splitting"],
        f"k_B T/ħ at 10 nK, to which the paper sets it. Exactly ΔE = {c.benchmark.splitting:.10f} J, so that J/ħ = "
        f"{c.coupling:.5g} rad/s; no independent value of J is given.",
    )


@claim(
    "S2-overlap",
    "2",
    "The overlap of the two instanton vacua at the benchmark, (Γ/J)^N.",
    LOST,
    also=("B.5",),
)
def _overlap(c: Context) -> Outcome:
    m = dicke(c.spins)
    amplitudes = c.semiclassics.spin_coherent_amplitudes(m)
    overlap = float(amplitudes @ amplitudes[::-1])
    expected = c.field**c.spins
    return holds(
        abs(overlap / expected - 1.0) < 1e-9,
        "Sum over the Dicke amplitudes of the two spin-coherent states; the formula agrees.",
        measured=Measured(overlap, abs(overlap - expected) + 1e-12 * expected),
    )


@claim(
    "S2-two-scales",
    "2",
    "The overlap and exp(-N S) are distinct small numbers; they differ by a stated factor.",
    LOST,
    also=("B.5",),
)
def _two_scales(c: Context) -> Outcome:
    tunnel = math.exp(-c.spins * c.semiclassics.action)
    ratio = tunnel / c.field**c.spins
    return holds(
        ratio > 100.0,
        f"exp(-N S) = {tunnel:.5f} and (Γ/J)^N = {c.field**c.spins:.2e} at N = 370; the published factor is lost.",
        measured=Measured(ratio, ratio * 1e-9),
    )


@claim(
    "S2-parities",
    "2",
    "The eigenvalues of Π = exp(iπJx) are +1 on |E0> (even) and -1 on |E1> (odd).",
    also=("Table 2", "6"),
)
def _parities(c: Context) -> Outcome:
    found = {}
    for spins in (10, 12, 40, 42):
        s = c.dense(spins)
        found[spins] = [float(np.real(s.vectors[:, n] @ s.parity @ s.vectors[:, n])) for n in (0, 1)]
    opposite = all(abs(even + odd) < 1e-12 for even, odd in found.values())
    phased = all(abs(even - (-1.0) ** (n // 2)) < 1e-12 for n, (even, _) in found.items())
    as_said = phased and (c.spins // 2) % 2 == 0
    listed = ", ".join(f"{even:+.0f} at N = {n}" for n, (even, _) in found.items())
    return holds(
        as_said,
        f"|E0> has exp(iπJx) = {listed}, and |E1> the opposite, since exp(iπJx)|m> = i^N |-m>.",
        "So the two signs are interchanged where N/2 is odd, as at N = 370. They are as said for the product of the "
        "σ_x, which sends |m> to |-m> without a phase; |E0> is even and |E1> odd under that one for every N.",
        amended=opposite and phased,
    )


@claim("S2-pointer-orthogonal", "2", "|P> and |R> = (|E0> ± |E1>)/√2 are exactly orthogonal.", also=("Table 2",))
def _orthogonal(c: Context) -> Outcome:
    states = [(c.doublet(n).state("P"), c.doublet(n).state("R")) for n in (13, 370, 2000)]
    return identity(
        max(abs(float(p.amplitudes @ r.amplitudes)) for p, r in states), "Inner product at N = 13, 370, 2000."
    )


@claim(
    "S2-coherence-identity",
    "2 (Eq. 8)",
    "ρ_PR = ½(ρ_00 - ρ_11) - i Im ρ_01 for every state of the doublet.",
    also=("1",),
)
def _coherence_identity(_: Context) -> Outcome:
    generator = np.random.default_rng(8)
    worst = 0.0
    for _trial in range(20):
        square = generator.normal(size=(2, 2)) + 1j * generator.normal(size=(2, 2))
        rho = square @ square.conj().T
        p, r = np.array([1.0, 1.0]) / math.sqrt(2.0), np.array([1.0, -1.0]) / math.sqrt(2.0)
        direct = p @ rho @ r
        worst = max(worst, relative(direct - 0.5 * (rho[0, 0] - rho[1, 1]) + 1j * rho[0, 1].imag, rho))
    return identity(worst, "Twenty random positive 2 × 2 matrices.")


@claim(
    "S2-special-case",
    "2",
    "With equal localised populations and imaginary ρ_01 one has ρ_PR = -ρ_01.",
)
def _special_case(_: Context) -> Outcome:
    p, r = np.array([1.0, 1.0]) / math.sqrt(2.0), np.array([1.0, -1.0]) / math.sqrt(2.0)
    ground = np.array([[1.0, 0.0], [0.0, 0.0]], dtype=complex)  # equal localised populations, Re ρ_01 = 0
    mixed = np.array([[0.5, 0.2j], [-0.2j, 0.5]])  # equal eigenstate populations, Re ρ_01 = 0
    as_said = abs(p @ ground @ r + ground[0, 1])
    amended = abs(p @ mixed @ r + mixed[0, 1])
    return holds(
        as_said < 1e-14,
        "Equal localised populations, ρ_PP = ρ_RR, is the same condition as Re ρ_01 = 0. The state |E0><E0| meets "
        f"both, yet ρ_PR + ρ_01 = {as_said:.1f}.",
        "What is needed besides Re ρ_01 = 0 is equal eigenstate populations, ρ_00 = ρ_11; a developed double well is "
        "not needed.",
        amended=amended < 1e-14,
    )


@claim(
    "S2-phase-harmless",
    "2",
    "The relative phase π between the two coherences leaves the decay rates unchanged.",
)
def _phase(c: Context) -> Outcome:
    s = c.dense(12)
    a, b = s.vectors[:, 0], s.vectors[:, 1]
    worst = relative(s.decay(a, b) - s.decay(a, -b), s.decay(a, b))
    return identity(worst, "Eq. 12 with |E1> and with -|E1|, N = 12.")


@claim(
    "S2-table-1",
    "Table 1",
    "The symbols N, m*, ΔE, γ, G_loc, G01, J01, η_MF, η_exact are defined consistently.",
)
def _table_1(c: Context) -> Outcome:
    d = c.benchmark
    worst = max(
        abs((d.eta_mf or 0.0) * d.g01 / (d.g_loc or 1.0) - 1.0),
        abs(d.eta_exact - 1.0 - d.j01**2 / d.g01),
        abs(d.g01 - 0.5 * (d.q0 + d.q1)) / d.g01,
    )
    return identity(worst, "η_MF = G_loc/G01, η_exact = 1 + J01²/G01 and G01 = (q_0 + q_1)/2 at the benchmark.")


@claim("S2-distinct", "2", "The two coherences are distinct in general.")
def _distinct(_: Context) -> Outcome:
    rho = np.array([[0.7, 0.1 + 0.2j], [0.1 - 0.2j, 0.3]])
    p, r = np.array([1.0, 1.0]) / math.sqrt(2.0), np.array([1.0, -1.0]) / math.sqrt(2.0)
    gap = abs(abs(p @ rho @ r) - abs(rho[0, 1]))
    return holds(gap > 0.01, f"For ρ_00 = 0.7, ρ_01 = 0.1 + 0.2i the moduli differ by {gap:.3f}.")
