"""Claims of Appendix B.1 to B.3: the two channels of ρ_PR."""

from __future__ import annotations

import math

import numpy as np

from ..claim import Catalogue, Measured, Missing, Outcome, holds, identity, number
from ..published import NUMBERS
from .context import Context
from .dense import relative
from .twolevel import bloch_generator

CATALOGUE: Catalogue[Context] = Catalogue("Appendix B.1 to B.3")
claim = CATALOGUE.claim
LOST = Missing.LOST


def _generator(c: Context, dephasing: float | None = None) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """3 × 3 generator at the benchmark (rad/s, 1/s), Γ_d = γ G_loc unless another rate is given."""
    rate = c.gamma * (c.benchmark.g_loc or 0.0) if dephasing is None else dephasing
    return bloch_generator(c.thermal_energy, math.sqrt(0.5 * rate))


@claim(
    "AppB-hamiltonian",
    "B.1 (Eqs. 36-39)",
    "In the pointer basis H = -(ΔE/2)σ_x: dx/dt = 0, dy/dt and dz/dt couple with ΔE/2 and 2ΔE.",
)
def _hamiltonian(c: Context) -> Outcome:
    found = bloch_generator(c.thermal_energy, 0.0) / c.thermal_energy
    expected = np.zeros((3, 3))
    expected[1, 2], expected[2, 1] = -0.5, 2.0  # signs for ρ_PR = x + iy and <P|Jz|P> > 0
    return identity(relative(found - expected, 1.0), "-i[H, ρ] of the doublet; dy/dt = -(ΔE/2)z, dz/dt = +2ΔE y.")


@claim("AppB-hamiltonian-from-spin", "B.1 (Eq. 36)", "The Hamiltonian of the whole spin acts so on the doublet.")
def _hamiltonian_from_spin(c: Context) -> Outcome:
    s = c.dense(40)
    basis = np.column_stack((s.pointer_p, s.pointer_r))
    inside = basis.T @ s.hamiltonian @ basis
    splitting = s.energies[1] - s.energies[0]
    middle = 0.5 * (s.energies[0] + s.energies[1])
    expected = middle * np.eye(2) - 0.5 * splitting * np.array([[0.0, 1.0], [1.0, 0.0]])
    return identity(relative(inside - expected, splitting), "H in {|P>, |R>} as a dense matrix at N = 40.")


@claim(
    "AppB-dissipator", "B.1 (Eqs. 40-43)", "The dissipator damps x and y at Γ_d = γ G_loc and leaves z.", also=("3.1",)
)
def _dissipator(c: Context) -> Outcome:
    rate = c.gamma * (c.benchmark.g_loc or 0.0)
    found = bloch_generator(0.0, math.sqrt(c.gamma) * c.well)
    return identity(relative(found - np.diag([-rate, -rate, 0.0]), rate), "D[ρ] with L = ±N m*/2 on the two states.")


@claim(
    "AppB-channels",
    "B.1 (Eq. 44), B.2 (Eq. 45)",
    "x decouples and decays exponentially at Γ_d; (y, z) form a coupled pair.",
    also=("3.1",),
)
def _channels(c: Context) -> Outcome:
    g = _generator(c)
    rate = c.gamma * (c.benchmark.g_loc or 0.0)
    off = max(abs(g[0, 1]), abs(g[0, 2]), abs(g[1, 0]), abs(g[2, 0]))
    return identity(max(off, abs(g[0, 0] + rate)) / rate, "The 3 × 3 generator at the benchmark.")


@claim("AppB-remark", "B.2 (Remark 1)", "The asymmetric couplings ΔE/2 and 2ΔE are right; their product is -ΔE².")
def _remark(c: Context) -> Outcome:
    g = bloch_generator(c.thermal_energy, 0.0)
    return identity(relative(g[1, 2] * g[2, 1] + c.thermal_energy**2, c.thermal_energy**2), "From -i[H, ρ] directly.")


@claim(
    "AppB-characteristic",
    "B.2 (Eqs. 46, 47)",
    "λ² + Γ_d λ + ΔE² = 0 with roots -Γ_d/2 ± √(Γ_d²/4 - ΔE²).",
    also=("3.1",),
)
def _characteristic(c: Context) -> Outcome:
    worst = 0.0
    for rate in (10.0, 0.5 * c.thermal_energy, 10.0 * c.thermal_energy):
        values = np.linalg.eigvals(_generator(c, rate)[1:, 1:])
        worst = max(worst, relative(values**2 + rate * values + c.thermal_energy**2, rate**2 + c.thermal_energy**2))
    return identity(worst, "Eigenvalues of the (y, z) block at Γ_d = 10 1/s, ΔE/2, 10ΔE.")


@claim("AppB-overdamped", "B.3 (Eq. 48)", "Γ_d ≫ 2ΔE (Zeno regime): the slow root is ΔE²/Γ_d, the fast one about Γ_d.")
def _overdamped(c: Context) -> Outcome:
    errors = []
    for factor in (20.0, 40.0):
        rate = factor * c.thermal_energy
        slow, fast = np.sort(-np.linalg.eigvals(_generator(c, rate)[1:, 1:]).real)
        errors.append((abs(slow * rate / c.thermal_energy**2 - 1.0), abs(fast / rate - 1.0)))
    order = math.log2(errors[0][0] / errors[1][0])
    return holds(
        max(errors[0]) < 0.01 and abs(order - 2.0) < 0.1,
        f"Relative errors {errors[0][0]:.1e} and {errors[0][1]:.1e} at Γ_d = 20ΔE, falling as (ΔE/Γ_d)^{order:.2f}.",
    )


@claim("AppB-both-real", "B.3", "For Γ_d > 2ΔE both roots are real and negative; for Γ_d < 2ΔE they are complex.")
def _both_real(c: Context) -> Outcome:
    above = np.linalg.eigvals(_generator(c, 2.01 * c.thermal_energy)[1:, 1:])
    below = np.linalg.eigvals(_generator(c, 1.99 * c.thermal_energy)[1:, 1:])
    crossing = c.curve.last(c.gamma * c.curve.g_loc <= 2.0 * c.curve.splitting * c.coupling)
    return holds(
        bool(np.isrealobj(above) and np.all(above < 0.0) and np.all(np.abs(below.imag) > 0.0)),
        f"Γ_d = 2.01ΔE and 1.99ΔE. With γ = 0.05 1/s the change comes between N = {crossing} and {crossing + 1}.",
    )


@claim("AppB-underdamped", "B.3 (Eqs. 49-51)", "Underdamped: frequency √(ΔE² - Γ_d²/4), envelope Γ_d/2.", also=("3.1",))
def _underdamped(c: Context) -> Outcome:
    values = np.linalg.eigvals(_generator(c)[1:, 1:])
    rate = c.gamma * (c.benchmark.g_loc or 0.0)
    frequency = math.sqrt(c.thermal_energy**2 - 0.25 * rate**2)
    worst = max(abs(abs(values[0].imag) / frequency - 1.0), abs(-2.0 * values[0].real / rate - 1.0))
    return identity(worst, "Eigenvalues at the benchmark.")


@claim(
    "AppB-envelope-ratio", "B.3 (Eq. 52)", "(γG_loc/2)/(γG01) = η_MF/2 = B at the benchmark.", NUMBERS["enhancement"]
)
def _envelope_ratio(c: Context) -> Outcome:
    envelope = -float(np.linalg.eigvals(_generator(c)[1:, 1:])[0].real)
    value = envelope / (c.gamma * c.benchmark.g01)
    return number(Measured(value, value * 1e-10), NUMBERS["enhancement"], "Real part of the eigenvalue over γ G01.")
