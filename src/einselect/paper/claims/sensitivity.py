"""Which coherence squeezing, Fisher information and Leggett-Garg tests see: shared by three claims."""

from __future__ import annotations

import math

import numpy as np

from ...protocols import doublet_quantum_fisher, quantum_fisher
from ..claim import Measured, Outcome, holds
from .context import Context
from .dense import Matrix, relative
from .protocols import threshold

_BLOCH = ((0.0, 0.0, 0.3), (0.6, 0.0, 0.3), (0.0, 0.6, 0.3), (0.0, 0.0, 0.8), (0.5, -0.4, 0.2))


def responses(c: Context) -> tuple[float, float, float]:
    """Change of the Fisher information for Jz, over 4 J01², and how well the closed form holds.

    Returns
    -------
    by_eigenstate : float
        When ρ_01 alone changes, by 0.3 (Re ρ_01; Im ρ_01 is part of ρ_PR).
    by_pointer : float
        When ρ_PR changes, by 0.25, and ρ_01 does not; what <Jz²> has to do with it is taken off.
    residual : float
        Largest relative distance of the closed form from the spectral definition on the levels.
    """
    doublet, levels = c.benchmark, c.levels(c.spins, 12)
    found = [quantum_fisher(levels, _state(len(levels), *r)) for r in _BLOCH]
    closed = [doublet_quantum_fisher(doublet, r) for r in _BLOCH]
    scale = 4.0 * doublet.j01**2
    populations = 2.0 * (doublet.q0 - doublet.q1) * (_BLOCH[3][2] - _BLOCH[0][2])
    by_pointer = found[3] - found[0] - populations
    return abs(found[1] - found[0]) / scale, by_pointer / scale, relative(np.subtract(found, closed), np.array(found))


def _state(size: int, x: float, y: float, z: float) -> Matrix:
    """½(1 + x σ_x + y σ_y + z σ_z) in |E0>, |E1>: ρ_01 = (x - iy)/2 and |ρ_PR|² = (y² + z²)/4."""
    rho: Matrix = np.zeros((size, size), dtype=complex)
    rho[:2, :2] = 0.5 * np.array([[1.0 + z, x - 1j * y], [x + 1j * y, 1.0 - z]])
    return rho


def sensitivity(c: Context) -> Outcome:
    """Section 7.1: which coherence the figures of merit see."""
    own, pointer, residual = responses(c)
    return holds(
        own > pointer,
        f"Within the doublet F = 4<Jz²> - 4 J01²(1 - 4|ρ_PR|²) for the generator Jz (closed form; against the spectral "
        f"definition, relative residual {residual:.0e}). In units of 4 J01², F changes by {own:.0e} "
        f"with ρ_01 at fixed ρ_PR and by {pointer:.3f} with ρ_PR (0.15 to 0.4) at fixed ρ_01 and <Jz²>.",
        "It is the other way round: the Fisher information for Jz sees |ρ_PR|. A parity-even generator such as Jx does "
        f"see |ρ_01|, through 4|ρ_01|² times (<Jx>_0 - <Jx>_1)² = {_even_weight(c):.3g} at the benchmark, where Jz has "
        f"4|ρ_PR|² times 4 J01² = {4.0 * c.benchmark.j01**2:.0f}. Squeezing has second moments, which populations fix, "
        "and <Jz> = 2 J01 Re ρ_01, the difference of the wells.",
        amended=False,
    )


def _even_weight(c: Context) -> float:
    from ...spin import Jx

    levels = c.levels(c.spins, 2)
    return float(levels.element(Jx, "E0", "E0").real - levels.element(Jx, "E1", "E1").real) ** 2


def gain(c: Context) -> Outcome:
    """Abstract and Section 1: whether the protocols gain, as protocols that see ρ_01."""
    own, pointer, _ = responses(c)
    g01, j01 = c.benchmark.g01, c.benchmark.j01
    # The threshold of Level B scales with one over its rate.
    naive = threshold(c, "B").value * g01 / (g01 + j01**2)
    full = threshold(c, "converged")
    factor = full.value / naive
    return holds(
        factor > 1.0 and own > pointer,
        f"Leggett-Garg tests do gain: K3 > 1 up to {full.text} with all levels, {factor:.2f} times the threshold by "
        f"the pointer rate γ(G01 + J01²) and {full.value / threshold(c, 'A').value:.2f} times that by γG_loc.",
        "They see Re ρ_01, and gain more than the slower rate γG01 explains. The Fisher information for Jz is not "
        "among them: of both coherences it has |ρ_PR| alone (S7.1-sensitivity).",
        amended=factor > 1.0 and math.isclose(own, 0.0, abs_tol=1e-9),
        measured=Measured(factor, factor * (full.error / full.value)),
    )
