"""The quantum Rabi model: one spin and one mode, its splitting exact at any coupling."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any

import numpy as np

from .. import _checks
from ..matrix_levels import MatrixLevels
from ..spectrum.extended import Chain, lowest_eigenvalue
from ..spectrum.tridiagonal import EPSILON
from .dicke import Dicke

_MAX_RATIO = 50.0  # λ/ω: ΔE ~ 1e-2170 there, in a chain of some thousand Fock states
_MAX_SPIN = 1e4  # ω0/ω: above, λ_c is beyond 50 ω
_SQUEEZED = 1000.0  # Fock states that a soft mode below the transition may take, to begin with


@dataclass(frozen=True, init=False)
class Rabi(Dicke):
    r"""One spin ½ and one mode, H = ω a†a + (ω0/2) σz + λ (a + a†) σx, ħ = 1: the Dicke model at N = 1.

    Parity Π = -σz exp(iπ a†a). In the basis of Fock states with σz = ∓(-1)^n each parity is one tridiagonal chain,

        E ∓ : diagonal ωn ∓ (ω0/2)(-1)^n, off-diagonal λ sqrt(n + 1),

    from which ΔE ≈ ω0 exp(-2λ²/ω²) is worked out in decimal arithmetic, to about 14 digits of its own.

    Parameters
    ----------
    coupling : float or str
        λ > 0. All energies are plain numbers in one unit, or all have units.
    mode : float or str
        ω > 0.
    spin : float or str
        ω0 > 0.

    Raises
    ------
    InputError
        For parameters that are not above zero, some with and some without a unit, λ > 50 ω or ω0 > 10000 ω.

    Examples
    --------
    >>> from einselect.models import Rabi
    >>> d = Rabi(coupling=4.0).doublet("x")
    >>> print(f"{d.splitting:.8e} {d.j01:.6f} {d.eta_exact:.6f}")
    1.29010132e-14 7.998975 1.984609
    """

    def __init__(self, coupling: float | str, mode: float | str = 1.0, spin: float | str = 1.0) -> None:
        super().__init__(1, coupling, mode, spin)
        if self.coupling > _MAX_RATIO * self.mode:
            raise _checks.fail("coupling/mode", f"at most {_MAX_RATIO:g}", self.coupling / self.mode)
        if self.spin > _MAX_SPIN * self.mode:
            raise _checks.fail("spin/mode", f"at most {_MAX_SPIN:g}", self.spin / self.mode)

    def __repr__(self) -> str:
        return (
            f"Rabi(coupling={self.coupling!r}, mode={self.mode!r}, spin={self.spin!r}, "
            f"energy_unit={self.energy_unit!r})"
        )

    def parameters(self) -> dict[str, Any]:
        """What the model is, as answers show it."""
        return {**super().parameters(), "model": "rabi"}

    def _resolved(self, found: MatrixLevels) -> MatrixLevels:
        """The splitting from its chains, exact at any coupling."""
        excitations = found.excitations.copy()
        log = self.log_splitting()
        excitations[1] = math.exp(log) if log > -745.0 else 0.0
        quality = replace(found.quality, log_splitting_error=16.0 * EPSILON * (1.0 + (self.coupling / self.mode) ** 2))
        return replace(found, excitations=excitations, quality=quality)

    def log_splitting(self) -> float:
        """ln ΔE, ΔE in the unit of the energies, to about 14 digits of ΔE, also where it is below any double."""
        ratio2 = (self.coupling / self.mode) ** 2
        digits = 30 + math.ceil(2.0 * ratio2 / math.log(10.0) + abs(math.log10(self.spin / self.mode)))
        # Fock states as far as the square of their amplitude counts in the last digit of ΔE, and then some.
        sites = 40 + math.ceil(5.0 * ratio2 + 12.0 * math.sqrt(ratio2) + min(self.spin / self.mode, _SQUEEZED))
        before = Decimal(0)
        while True:
            with localcontext() as context:
                context.prec = digits
                difference = self._energy(1, sites, digits) - self._energy(-1, sites, digits)
                if abs(difference - before) <= abs(difference) * Decimal("1e-16"):
                    return float(difference.ln()) + math.log(self.mode)
            before, sites = difference, sites + max(20, sites // 5)

    def _energy(self, sign: int, sites: int, digits: int) -> Decimal:
        """Lowest energy/ω of the chain with diagonal n + sign (ω0/2ω)(-1)^n."""
        from scipy.linalg import eigh_tridiagonal

        n = np.arange(sites)
        diagonal = n + sign * 0.5 * self.spin / self.mode * (1 - 2 * (n % 2))
        coupling = self.coupling / self.mode * np.sqrt(n[1:])
        energy, vector = eigh_tridiagonal(diagonal, coupling, select="i", select_range=(0, 0))
        twist = int(np.abs(vector[:, 0]).argmax())

        def chain() -> Chain:
            mode = Decimal(self.mode)
            half, square = Decimal(self.spin) / (2 * mode), (Decimal(self.coupling) / mode) ** 2
            return [k + sign * (-1) ** k * half for k in range(sites)], [square * k for k in range(1, sites)]

        return lowest_eigenvalue(chain, Decimal(float(energy[0])), twist, digits)
