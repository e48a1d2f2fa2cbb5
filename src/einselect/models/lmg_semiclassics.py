"""Closed forms for the ordered phase of the Lipkin-Meshkov-Glick model: mean field, spin waves, instanton.

With g = Γ/J, m = m* = sqrt(1 - g²), all to the order in 1/N that is written:

    E_0  ≈ -N J(1+g²)/4 - J(1-m)/2 - J(1-m)/(2m²N)           E_2 - E_0 ≈ J m   (Bogoliubov frequency)
    J01  ≈ (N/2)m - (1-m)(3+m)/(4m²)                          G01 ≈ (N²/4)(m² - (2/N)(1-m)/m)
    η_MF ≈ 2 + 4(1-m)/(N m³)                                  η_exact ≈ 2 - g²/(N m³)
    ΔE   ≈ 4J sqrt(N/2π) m^(5/2)/(1+m) exp(-N S),             S = artanh(m) - m

They are expansions in 1/(N m³): compare them with the exact doublet before trusting them near the critical point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LMGSemiclassics:
    """Closed forms at one (N, Γ/J < 1); energies in the unit of `coupling`, ħ = 1.

    Attributes
    ----------
    spins : int
        N.
    order_parameter : float
        m* = sqrt(1 - (Γ/J)²).
    field_ratio : float
        Γ/J.
    coupling : float
        J.

    Examples
    --------
    >>> from einselect import LMG
    >>> s = LMG(spins=2000, field=0.95).semiclassics()
    >>> print(f"S = {s.action:.7f}, depletion = {s.depletion:.2f}, c = {s.eta_mf_coefficient:.2f}")
    S = 0.0107865, depletion = 5.84, c = 90.36
    """

    spins: int
    order_parameter: float
    field_ratio: float
    coupling: float

    @property
    def _lack(self) -> float:
        """1 - m* = g²/(1 + m*), without cancellation."""
        return self.field_ratio**2 / (1.0 + self.order_parameter)

    @property
    def mean_field_energy(self) -> float:
        """-N J (1 + (Γ/J)²)/4, the minimum of the classical energy."""
        return -0.25 * self.spins * self.coupling * (1.0 + self.field_ratio**2)

    @property
    def ground_energy(self) -> float:
        """E_0 to order 1/N: mean field, zero-point energy of the spin waves, first correction."""
        m, n = self.order_parameter, self.spins
        return self.mean_field_energy - 0.5 * self.coupling * self._lack * (1.0 + 1.0 / (m * m * n))

    @property
    def angle(self) -> float:
        """Polar angle θ* of the wells from the z axis: cos θ* = m*."""
        return math.acos(self.order_parameter)

    @property
    def gap(self) -> float:
        """Bogoliubov frequency J m*, the limit of E_2 - E_0."""
        return self.coupling * self.order_parameter

    @property
    def depletion(self) -> float:
        """Limit of N m*/2 - J01: (1 - m)(3 + m)/(4m²)."""
        m = self.order_parameter
        return 0.25 * self._lack * (3.0 + m) / (m * m)

    @property
    def j01(self) -> float:
        """J01 up to terms of order 1/N."""
        return 0.5 * self.spins * self.order_parameter - self.depletion

    @property
    def g01(self) -> float:
        """G01 up to terms of order 1."""
        m = self.order_parameter
        return 0.25 * self.spins**2 * (m * m - 2.0 * self._lack / (self.spins * m))

    @property
    def g_loc(self) -> float:
        """G_loc = (N m*)²/2 [10]."""
        return 0.5 * (self.spins * self.order_parameter) ** 2

    @property
    def pointer_variance(self) -> float:
        """Leading variance of Jz in a pointer state, N (Γ/J)²/(4m*): the leakage G01 - J01²."""
        return 0.25 * self.spins * self.field_ratio**2 / self.order_parameter

    @property
    def eta_mf_coefficient(self) -> float:
        """Limit of N (η_MF - 2): c = 4(1 - m)/m³."""
        m = self.order_parameter
        return 4.0 * self._lack / m**3

    @property
    def eta_mf(self) -> float:
        """2 + c/N."""
        return 2.0 + self.eta_mf_coefficient / self.spins

    @property
    def eta_exact(self) -> float:
        """2 - (Γ/J)²/(N m³)."""
        return 2.0 - self.field_ratio**2 / (self.spins * self.order_parameter**3)

    @property
    def action(self) -> float:
        """Instanton action per spin, S = artanh(m*) - m*; artanh(m*) = ln((1 + m*)/g), good down to g -> 0."""
        m = self.order_parameter
        if m < 0.05:  # artanh m - m = m³/3 + m⁵/5 + ..., where the difference itself would cancel
            return math.fsum(m**k / k for k in range(3, 21, 2))
        return math.log((1.0 + m) / self.field_ratio) - m

    @property
    def log_splitting(self) -> float:
        """ln ΔE = ln(A J √N) - N S, A = 4 m^(5/2) / (√(2π)(1 + m))."""
        m = self.order_parameter
        prefactor = math.log(4.0 / (1.0 + m)) + 2.5 * math.log(m) + 0.5 * math.log(self.spins / (2.0 * math.pi))
        return math.log(self.coupling) + prefactor - self.spins * self.action

    @property
    def splitting(self) -> float:
        """ΔE from the instanton formula; 0.0 where it underflows (see `log_splitting`)."""
        return math.exp(self.log_splitting) if self.log_splitting > -745.0 else 0.0

    @property
    def spin_coherent_second_moment(self) -> float:
        """<Jz²> of the spin-coherent state: (N m*/2)² + N(1 - m*²)/4 [21]."""
        return (0.5 * self.spins * self.order_parameter) ** 2 + self.spin_coherent_variance

    @property
    def spin_coherent_variance(self) -> float:
        """Variance of Jz in the spin-coherent state, N(1 - m*²)/4."""
        return 0.25 * self.spins * self.field_ratio**2

    @property
    def log_spin_coherent_overlap(self) -> float:
        """ln <θ*|-θ*> of the two wells' spin-coherent states: N ln(Γ/J)."""
        return self.spins * math.log(self.field_ratio)

    @property
    def spin_coherent_fidelity(self) -> float:
        """Limit of |<θ*|P>|² as N grows: 2√m/(1 + m), below 1 since |P> is squeezed and |θ*> is not."""
        m = self.order_parameter
        return 2.0 * math.sqrt(m) / (1.0 + m)

    def spin_coherent_amplitudes(self, m: NDArray[np.float64]) -> NDArray[np.float64]:
        """<m|θ*> = sqrt(C(N, j+m)) cos(θ*/2)^(j+m) sin(θ*/2)^(j-m), by logarithms; 0 where |m| > j."""
        from scipy.special import gammaln

        j = 0.5 * self.spins
        up, down = j + np.asarray(m, dtype=np.float64), j - np.asarray(m, dtype=np.float64)
        inside = (up >= 0.0) & (down >= 0.0)
        up, down = np.where(inside, up, 0.0), np.where(inside, down, 0.0)
        logs = 0.5 * (gammaln(2.0 * j + 1.0) - gammaln(up + 1.0) - gammaln(down + 1.0))
        logs += 0.5 * up * math.log(0.5 * (1.0 + self.order_parameter))
        logs += 0.5 * down * math.log(0.5 * self.field_ratio**2 / (1.0 + self.order_parameter))
        return np.where(inside, np.exp(logs), 0.0)
