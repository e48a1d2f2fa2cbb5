"""Claims of Appendix C: the Lindblad generator of the degenerate doublet, mode by mode."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..claim import Catalogue, Outcome, holds, identity
from .context import Context
from .dense import relative
from .lindblad import decay
from .twolevel import dissipator, superoperator

CATALOGUE: Catalogue[Context] = Catalogue("Appendix C")
claim = CATALOGUE.claim


@claim("AppC-jump-action", "C (Eq. 55)", "σ_x ρ σ_x swaps the diagonal and the anti-diagonal elements of ρ.")
def _jump_action(_: Context) -> Outcome:
    rho = np.array([[0.7, 0.1 + 0.2j], [0.1 - 0.2j, 0.3]])
    sx = np.array([[0.0, 1.0], [1.0, 0.0]])
    return identity(relative(sx @ rho @ sx - rho[::-1, ::-1], 1.0), "One matrix with four distinct elements.")


@claim(
    "AppC-equations",
    "C (Eqs. 56-59)",
    "Four coupled equations: each element relaxes towards its swapped partner at γJ01².",
)
def _equations(c: Context) -> Outcome:
    rate = c.benchmark.j01**2
    expected = rate * (np.eye(4)[::-1] - np.eye(4))
    found = superoperator(c.benchmark.j01 * np.array([[0.0, 1.0], [1.0, 0.0]]))
    return identity(relative(found - expected, rate), "All 16 elements of the 4 × 4 matrix at N = 370.")


@claim(
    "AppC-modes",
    "C (Eqs. 60-63)",
    "Modes: trace and Re ρ_01 have eigenvalue 0; ρ_00 - ρ_11 and Im ρ_01 decay at 2γJ01².",
    also=("3.4",),
)
def _modes(c: Context) -> Outcome:
    jump = c.benchmark.j01 * np.array([[0.0, 1.0], [1.0, 0.0]])
    rate = 2.0 * c.benchmark.j01**2
    one, sx, sy, sz = _pauli()
    worst = max(
        relative(dissipator(jump, one), rate),
        relative(dissipator(jump, sx), rate),
        relative(dissipator(jump, sy) + rate * sy, rate),
        relative(dissipator(jump, sz) + rate * sz, rate),
    )
    return identity(worst, "The four Pauli matrices under the dissipator at N = 370.")


@claim("AppC-pointer-populations", "C (Eqs. 64-66)", "ρ_PP - ρ_RR = 2 Re ρ_01 exactly.", also=("3.4",))
def _pointer_populations(_: Context) -> Outcome:
    generator = np.random.default_rng(66)
    worst = 0.0
    for _trial in range(20):
        square = generator.normal(size=(2, 2)) + 1j * generator.normal(size=(2, 2))
        rho = square @ square.conj().T
        p, r = np.array([1.0, 1.0]) / np.sqrt(2.0), np.array([1.0, -1.0]) / np.sqrt(2.0)
        worst = max(worst, relative(p @ rho @ p - r @ rho @ r - 2.0 * rho[0, 1].real, rho))
    return identity(worst, "Twenty random positive 2 × 2 matrices.")


@claim(
    "AppC-memory",
    "C",
    "The population difference of the wells survives as a quasi-steady state until leakage thermalises the system.",
    also=("3.4",),
)
def _memory(c: Context) -> Outcome:
    half = 0.5**0.5
    found, doublet = decay(c, 2000, (half, half), "z"), c.doublet(2000)
    share = doublet.leakage / doublet.g01
    return holds(
        abs(found.rate / share - 1.0) < 0.02 and found.remains > 0.9,
        f"At N = 2000, where ΔE is lost: after 1/(γG01) {100 * found.remains:.1f} % of ρ_PP - ρ_RR remain; it decays "
        f"at {found.rate:.4f} γG01, the leakage being {share:.4f} G01.",
    )


def _pauli() -> tuple[NDArray[np.complex128], ...]:
    return (
        np.eye(2, dtype=complex),
        np.array([[0, 1], [1, 0]], dtype=complex),
        np.array([[0, -1j], [1j, 0]]),
        np.array([[1, 0], [0, -1]], dtype=complex),
    )
