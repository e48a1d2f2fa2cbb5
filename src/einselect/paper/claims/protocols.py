"""What the claims about protocols are judged by: Leggett-Garg tests at the benchmark, and Fisher information."""

from __future__ import annotations

import math

import numpy as np

from ...models import LMG
from ...protocols import LeggettGarg
from ..claim import Measured
from .context import Context
from .dense import DenseSpin, Matrix

_TOLERANCE = 1e-4  # of the converged correlators: the printed numbers have three digits


def leggett_garg(c: Context, level: str, initial: str = "ground") -> LeggettGarg:
    """The test of the paper, Q = sgn(Jz) at the benchmark, in units of J."""
    return LeggettGarg(LMG(c.spins, c.field), level=level, initial=initial, tolerance=_TOLERANCE)


def k3(c: Context, level: str, initial: str = "ground", form: str = "stationary") -> Measured:
    """K3 at τ = π/(3ΔE) and γ = 0.05 1/s, with the error that the unknown J leaves."""
    test, rate = leggett_garg(c, level, initial), c.gamma / c.coupling
    found = test.k3(rate, form=form)
    other = test.k3(rate * (1.0 + c.coupling_error), form=form)
    return Measured(found.value, found.error + abs(other.value - found.value))


def threshold(c: Context, level: str, initial: str = "ground") -> Measured:
    """Dephasing rate in 1/s up to which K3 > 1 at τ = π/(3ΔE)."""
    key = (level, initial)
    if key not in c.thresholds:
        found = leggett_garg(c, level, initial).threshold()
        if found.gamma is None:
            raise RuntimeError(f"no threshold by {level} from {initial}")
        value = found.gamma * c.coupling
        c.thresholds[key] = Measured(value, found.error * c.coupling + value * c.coupling_error, "1/s")
    return c.thresholds[key]


def ratio(c: Context, above: str, below: str) -> Measured:
    """Ratio of two thresholds. Both are proportional to J, so that its error cancels."""
    a, b = threshold(c, above), threshold(c, below)
    value = a.value / b.value
    own = max(a.error / a.value, b.error / b.value) - c.coupling_error
    return Measured(value, value * (2.0 * max(own, 0.0) + 1e-10))


def fisher_information(rho: Matrix, generator: Matrix) -> float:
    """Quantum Fisher information by its spectral form, 2 Σ (p_a - p_b)²/(p_a + p_b) |<a|O|b>|²."""
    p, vectors = np.linalg.eigh(rho)
    p = np.where(p > 1e-12, p, 0.0)
    total = np.add.outer(p, p)
    weights = np.divide(np.subtract.outer(p, p) ** 2, total, out=np.zeros_like(total), where=total > 0.0)
    return float(2.0 * np.sum(weights * np.abs(vectors.conj().T @ generator @ vectors) ** 2))


def doublet_state(spin: DenseSpin, x: float, y: float, z: float) -> Matrix:
    """½(1 + x σ_x + y σ_y + z σ_z) in |E0>, |E1>: ρ_01 = (x - iy)/2 and |ρ_PR|² = (y² + z²)/4."""
    two = spin.vectors[:, :2]
    rho: Matrix = two @ (0.5 * np.array([[1.0 + z, x - 1j * y], [x + 1j * y, 1.0 - z]])) @ two.T
    return rho


def doublet_fisher(spin: DenseSpin, x: float, y: float, z: float) -> float:
    """The same for Jz in closed form: 4<Jz²> - 4 J01² (1 - 4|ρ_PR|²)."""
    square = float(np.trace(doublet_state(spin, x, y, z) @ spin.jz @ spin.jz).real)
    return 4.0 * square - 4.0 * spin.j01**2 * (1.0 - math.fsum((y * y, z * z)))
