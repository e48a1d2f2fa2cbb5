"""Appendices B and C: the two channels of ρ_PR, why G01 is suppressed, and the modes of the degenerate doublet."""

from __future__ import annotations

import math

import numpy as np

from ...models import LMG
from ..claim import Measured
from ..claims.context import Context
from ..claims.twolevel import bloch_generator, superoperator
from ..published import NUMBERS, TABLE_3
from ..table import Cell, cell
from .section import VALUE, Row, Section, single, spins_heading


def channels(c: Context) -> Section:
    """The coupled pair (Im ρ_PR, populations): rates, frequency, envelope, and where the Zeno regime begins."""
    d = c.benchmark
    gamma, splitting = c.gamma, c.thermal_energy
    rate, pointer, leak = gamma * float(d.g_loc or 0.0), gamma * (d.g01 + d.j01**2), gamma * d.leakage
    block = bloch_generator(splitting, math.sqrt(0.5 * rate))[1:, 1:]
    root = np.linalg.eigvals(block)[0]
    # The same pair with the exact coefficients of Im ρ_PR and of the well populations.
    exact = np.linalg.eigvals(np.array([[-pointer, block[0, 1]], [block[1, 0], -leak]]))[0]
    relative = c.coupling_error
    moment = c.moment(d, "g01").error / d.g01

    def energy(value: float) -> Measured:
        return Measured(value, value * relative, "rad/s")

    def per_second(value: float) -> Measured:
        return Measured(value, value * moment, "1/s")

    curve = c.curve
    tunnel = curve.splitting * c.coupling
    crossing = curve.last(gamma * curve.g_loc <= 2.0 * tunnel)
    crossing_exact = curve.last(gamma * curve.j01**2 <= tunnel)
    envelope = -float(root.real)
    return Section(
        "B-channels",
        "Appendix B.3. The two channels at the benchmark",
        "N = 370, Γ/J = 0.95, γ_φ = 0.05 1/s, ΔE/ħ = 1309.2 rad/s. With the paper's Γ_d = γG_loc for the coherence "
        "and no decay of the well populations the envelope is Γ_d/2. "
        "With the exact coefficients, γ(G01 + J01²) for Im ρ_PR and γ(G01 - J01²) for the populations, their mean is "
        "γG01: the envelope is the eigenstate rate itself.",
        (
            single("gamma_d", "Γ_d = γG_loc", per_second(rate)),
            single("two_splitting", "2ΔE/ħ", energy(2.0 * splitting)),
            single(
                "damping_ratio",
                "Γ_d/(2ΔE): below 1, underdamped",
                Measured(rate / (2.0 * splitting), 0.5 * rate / splitting * relative),
            ),
            single("frequency", "frequency sqrt(ΔE² - Γ_d²/4)", energy(abs(float(root.imag)))),
            single("envelope", "envelope rate Γ_d/2", per_second(envelope)),
            single("rate_eigenstate", "γG01", per_second(gamma * d.g01)),
            single(
                "envelope_ratio",
                "(Γ_d/2)/(γG01) = B",
                Measured(envelope / (gamma * d.g01), 2.0 * moment),
                NUMBERS["enhancement"],
            ),
            single("rate_pointer", "γ(G01 + J01²)", per_second(pointer)),
            single("rate_leakage", "γ(G01 - J01²)", per_second(leak)),
            single("envelope_exact", "envelope rate with the exact coefficients", per_second(-float(exact.real))),
            single("frequency_exact", "frequency with them, sqrt(ΔE² - γ²J01⁴)", energy(abs(float(exact.imag)))),
            single("zeno_spins", "last N with γG_loc ≤ 2ΔE (Zeno regime above)", Measured(crossing, 0.0)),
            single("zeno_spins_exact", "last N with γJ01² ≤ ΔE", Measured(crossing_exact, 0.0)),
        ),
    )


def suppression(c: Context) -> Section:
    """Appendix B.4 line by line: from the depletion to (N m*/2)² - G01."""
    d, well = c.benchmark, c.well
    j01 = c.moment(d, "j01")
    delta = well - j01.value
    g01, leak = c.moment(d, "g01"), c.moment(d, "leakage")
    cross, square = 2.0 * well * delta, delta * delta
    error = 2.0 * well * j01.error
    gap = well**2 - g01.value
    return Section(
        "B-suppression",
        "Appendix B.4. Why G01 lies below (N m*/2)², at the benchmark",
        "δ = N m*/2 - J01. The last line is the identity G01 = J01² + leakage; dropping the leakage, as the paper "
        "first does, overstates the suppression.",
        (
            single("well", "N m*/2", Measured(well, well * 1e-15)),
            single("j01", "J01", j01),
            single("depletion", "depletion δ", Measured(delta, j01.error), NUMBERS["depletion_370"]),
            single("cross_term", "N m* δ", Measured(cross, error)),
            single("square_term", "δ²", Measured(square, 2.0 * delta * j01.error)),
            single("mean_field_moment", "(N m*/2)²", Measured(well**2, well**2 * 1e-15)),
            single("g01", "G01", g01),
            single(
                "suppression", "relative suppression 1 - G01/(N m*/2)²", Measured(gap / well**2, g01.error / well**2)
            ),
            single(
                "suppression_no_leakage",
                "the same without leakage, 1 - J01²/(N m*/2)²",
                Measured((cross - square) / well**2, error / well**2),
            ),
            single("leakage", "mean leakage G01 - J01²", leak),
            single("expansion", "N m* δ - δ²", Measured(cross - square, error)),
            single("direct", "(N m*/2)² - G01, directly", Measured(gap, g01.error)),
            single(
                "expansion_less_leakage",
                "N m* δ - δ² less leakage",
                Measured(cross - square - leak.value, error + leak.error),
            ),
        ),
    )


def scales(c: Context) -> Section:
    """Depletion, leakage, splitting and the non-perturbative scales at every N of Table 3."""
    rows: dict[str, dict[str, Cell]] = {}

    def put(key: str, spins: int, value: Cell) -> None:
        rows.setdefault(key, {})[spins_heading(spins)] = value

    for n in TABLE_3:
        d = c.doublet(n)
        semi = LMG(n, c.field).semiclassics()
        j01 = c.moment(d, "j01")
        well = 0.5 * n * c.order_parameter
        put("j01", n, cell(j01))
        put("depletion", n, cell(Measured(well - j01.value, j01.error), NUMBERS.get(f"depletion_{n}")))
        put("depletion_relative", n, cell(Measured(100.0 * (well - j01.value) / well, 100.0 * j01.error / well)))
        for key in ("leakage_even", "leakage_odd", "leakage"):
            put(key, n, cell(c.moment(d, key)))
        relative = c.moment(d, "g01").error / d.g01
        put("leakage_share", n, cell(Measured(100.0 * d.leakage / d.g01, 200.0 * d.leakage / d.g01 * relative)))
        ratio = float(d.g_loc or 0.0) / (d.g01 + d.j01**2)
        published = NUMBERS["overestimate"] if n == c.spins else None
        put("overestimate", n, cell(Measured(ratio, ratio * relative), published))
        put("eta_exact", n, cell(c.moment(d, "eta_exact"), NUMBERS["eta_exact"] if n == c.spins else None))
        log_error = d.quality.log_splitting_error
        put("log10_splitting", n, cell(Measured(d.log10_splitting, log_error / math.log(10.0))))
        instanton = math.exp(semi.log_splitting - d.log_splitting)
        put("instanton_ratio", n, cell(Measured(instanton, instanton * log_error)))
        # Rounding of S and of ln(Γ/J), times N.
        tunnel, overlap = math.exp(-n * semi.action), math.exp(semi.log_spin_coherent_overlap)
        put("tunnel_scale", n, cell(Measured(tunnel, tunnel * n * 1e-16)))
        put("overlap", n, cell(Measured(overlap, overlap * n * 1e-16)))
    labels = {
        "j01": ("J01", ""),
        "depletion": ("depletion N m*/2 - J01", ""),
        "depletion_relative": ("the same over N m*/2", "%"),
        "leakage_even": ("leakage of |E0>, <E0|Jz²|E0> - J01²", ""),
        "leakage_odd": ("leakage of |E1>, <E1|Jz²|E1> - J01²", ""),
        "leakage": ("mean leakage G01 - J01²", ""),
        "leakage_share": ("mean leakage over G01", "%"),
        "overestimate": ("mean-field over exact pointer rate, G_loc/(G01 + J01²)", ""),
        "eta_exact": ("η_exact", ""),
        "log10_splitting": ("log10 of ΔE/J", ""),
        "instanton_ratio": ("instanton formula for ΔE over the exact ΔE", ""),
        "tunnel_scale": ("tunnelling scale exp(-N S)", ""),
        "overlap": ("overlap of the spin-coherent states, (Γ/J)^N", ""),
    }
    return Section(
        "B-scales",
        "Appendix B.5 and Section 3.4. Depletion, leakage and the non-perturbative scales",
        f"Γ/J = 0.95; instanton action S = artanh(m*) - m* = {c.semiclassics.action:.7f} per spin. Limit of the "
        f"depletion: (1 - m*)(3 + m*)/(4m*²) = {c.semiclassics.depletion:.4f}.",
        tuple(Row(key, *labels[key], cells) for key, cells in rows.items()),
    )


def modes(c: Context) -> Section:
    """The four eigenvalues of the restricted generator, and what they are compared with."""
    d = c.benchmark
    swap = np.array([[0.0, 1.0], [1.0, 0.0]])
    values = np.sort(np.linalg.eigvals(c.gamma * superoperator(d.j01 * swap)).real)[::-1]
    rate = 2.0 * c.gamma * d.j01**2
    relative = 2.0 * c.moment(d, "j01").error / d.j01
    names = ("trace", "Re ρ_01", "ρ_00 - ρ_11", "Im ρ_01")
    rows = []
    for k, (name, value) in enumerate(zip(names, values, strict=True)):
        error = rate * relative
        entry = cell(Measured(float(value), error)) if abs(value) > error else Cell("0", float(value), error)
        rows.append(Row(f"eigenvalue_{k + 1}", f"eigenvalue {k + 1} ({name})", "1/s", {VALUE: entry}))
    g_loc = float(d.g_loc or 0.0)
    return Section(
        "C-modes",
        "Appendix C. The degenerate doublet at the benchmark",
        "Eigenvalues of the 4 × 4 matrix of the Lindblad generator with L = J01 σ_x at γ_φ = 0.05 1/s, and what they "
        "are compared with.",
        (
            *rows,
            single("rate_degenerate", "2γJ01²", Measured(rate, rate * relative, "1/s")),
            single("rate_mean_field", "γG_loc", Measured(c.gamma * g_loc, c.gamma * g_loc * 1e-15, "1/s")),
            single("limit_ratio", "2J01²/G_loc: tends to 1 from below", Measured(rate / (c.gamma * g_loc), relative)),
            single(
                "pointer_ratio",
                "2J01²/(G01 + J01²): the restricted over the exact coefficient",
                Measured(2.0 * d.j01**2 / (d.g01 + d.j01**2), 2.0 * relative),
            ),
        ),
    )
