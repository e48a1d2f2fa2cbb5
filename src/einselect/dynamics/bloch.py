r"""The doublet under dephasing in closed form: three real numbers, two channels, three regimes [34-52].

In the pointer basis \|P>, \|R> = (\|E0> ± \|E1>)/√2 the Hamiltonian is H = -(ΔE/2) σ_x (\|E0> is the symmetric
combination and lies lower), and dephasing at rate Γd takes -Γd ρ_PR off dρ_PR/dt. With ρ_PR = x + iy and
z = ρ_PP - ρ_RR, -i[H, ρ] has the elements

    -i[H, ρ]_PR = -i(ΔE/2)(ρ_PP - ρ_RR) = -i(ΔE/2) z,      -i[H, ρ]_PP = -(iΔE/2)(ρ_PR - ρ_RP) = ΔE y,

    dx/dt = -Γd x,      dy/dt = -Γd y - (ΔE/2) z,      dz/dt = 2ΔE y.                                       [44]

x decays on its own. y and z/2 are a damped oscillator, λ² + Γd λ + ΔE² = 0. In the energy basis the same three
numbers are ρ_00 - ρ_11 = 2x and ρ_01 = z/2 - iy: what oscillates is ρ_01 with its conjugate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError, PhaseError
from ..rates import DephasingRates
from .damped_doublet import DampedDoublet
from .doublet_readout import bloch_vector, doublet_dataset
from .lindbladian import check_times

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["CHANNELS", "DoubletBloch", "bloch_vector"]

Array = NDArray[np.float64]
CHANNELS = ("two-level", "pointer", "mean field")
# What a state put together from rounded numbers may miss the Bloch sphere by.
_BALL = 1e-9


@dataclass(frozen=True, init=False)
class DoubletBloch(DampedDoublet):
    r"""Dynamics of a doublet with splitting ΔE whose pointer coherence is dephased at rate Γd.

    dx/dt = -Γd x, dy/dt = -Γd y - (ΔE/2) z, dz/dt = 2ΔE y for ρ_PR = x + iy, z = ρ_PP - ρ_RR [44]; ħ = 1, so
    energies and rates are in one unit and times in its reciprocal.

    Parameters
    ----------
    splitting : float or None
        ΔE >= 0; None where only its logarithm is known.
    rate : float
        Γd >= 0; `from_rates` says which rates it may be.
    log_splitting : float, optional
        ln ΔE, which keeps the slow root where ΔE itself is below the smallest double.

    Attributes
    ----------
    splitting, rate, log_splitting : float
        As given; ln ΔE is -inf for ΔE = 0.

    Raises
    ------
    InputError
        For values that are negative or not finite, or if ΔE and ln ΔE contradict each other.

    Examples
    --------
    >>> from einselect.dynamics.bloch import DoubletBloch
    >>> bath = DoubletBloch(splitting=1.0, rate=0.5)
    >>> bath.regime, bath.envelope, round(bath.frequency, 12) == round((1 - 0.0625) ** 0.5, 12)
    ('underdamped', 0.25, True)
    >>> zeno = DoubletBloch(splitting=None, rate=3.0, log_splitting=-2000.0)  # ΔE = e^-2000 underflows
    >>> zeno.regime, zeno.slow_rate, round(zeno.log_slow_rate, 6)
    ('overdamped', 0.0, -4001.098612)
    """

    @classmethod
    def from_rates(cls, rates: DephasingRates, channel: str) -> DoubletBloch:
        """The doublet of `rates`, with Γd chosen by name.

        Parameters
        ----------
        rates : DephasingRates
            With a dephasing rate γ.
        channel : {"two-level", "pointer", "mean field"}
            What Γd is. There is no default, since the three differ and answer different questions:

            - "two-level": 2γJ01², the Lindblad equation with L = Jz projected on the doublet [27, 28]. For it the
              equations above are exact; leakage is left out.
            - "pointer": γ(G01 + J01²), the exact coefficient of -ρ_PR [14]: initial decay of the coherence,
              with what leaks out of the doublet counted as lost.
            - "mean field": γG_loc, the spin-coherent approximation in which the paper writes these equations [40].

        Raises
        ------
        InputError
            Without a dephasing rate; PhaseError for "mean field" outside the ordered phase.

        Examples
        --------
        >>> from einselect import LMG, dephasing_rates
        >>> from einselect.dynamics.bloch import DoubletBloch
        >>> rates = dephasing_rates(LMG(370, 0.95, "74346 rad/s"), "0.05 1/s")
        >>> bath = DoubletBloch.from_rates(rates, "mean field")
        >>> print(f"{bath.regime}: {bath.envelope:.2f} 1/s, {bath.envelope / rates.rate_eigenstate:.3f} of γ G01")
        underdamped: 166.84 1/s, 1.175 of γ G01
        """
        _checks.one_of("channel", channel, CHANNELS)
        if rates.gamma is None:
            raise InputError("rates must have a dephasing rate, as in dephasing_rates(model, gamma=...); got none")
        found = {
            "two-level": rates.rate_degenerate,
            "pointer": rates.rate_pointer,
            "mean field": rates.rate_mean_field,
        }[channel]
        if found is None:
            raise PhaseError("channel 'mean field' must be asked for in the ordered phase (field < coupling)")
        return cls(rates.doublet.splitting, found, log_splitting=rates.doublet.log_splitting)

    def propagator(self, times: ArrayLike) -> Array:
        """exp(Mt) of the linear system for (x, y, z).

        With κ = √(Γd²/4 - ΔE²), φ = e^(-Γd t/2) sinh(κt)/κ and rates s (slow), f (fast):
        x' = e^(-Γd t) x,  y' = (e^(-ft) - sφ) y - (ΔE φ/2) z,  z' = 2ΔE φ y + (e^(-st) + sφ) z where overdamped,
        and the same with sin and cos where underdamped. Both pass over into each other at κ = 0.

        Parameters
        ----------
        times : array_like, shape (...)
            >= 0.

        Returns
        -------
        ndarray, shape (..., 3, 3)
        """
        t = np.asarray(times, dtype=np.float64)
        if not np.all(np.isfinite(t)) or np.any(t < 0.0):
            raise _checks.fail("times", "finite and >= 0", times)
        result = np.zeros((*t.shape, 3, 3))
        root = self._root
        with np.errstate(over="ignore"):  # a product beyond the largest double decays to 0 all the same
            result[..., 0, 0] = np.exp(-self.rate * t)
            if self.regime in ("underdamped", "frozen"):
                fading, phase = np.exp(-self.envelope * t), np.minimum(root * t, 1e300)
                phi = fading * (np.sin(phase) / root if root > 0.0 else t)
                result[..., 1, 1] = fading * np.cos(phase) - self.envelope * phi
                result[..., 2, 2] = fading * np.cos(phase) + self.envelope * phi
            else:
                fast = np.exp(-self.fast_rate * t)
                slow = np.exp(-self.slow_rate * t)
                phi = slow * (-np.expm1(-2.0 * root * t) / (2.0 * root) if root > 0.0 else t)
                result[..., 1, 1] = fast - self.slow_rate * phi
                result[..., 2, 2] = slow + self.slow_rate * phi
        result[..., 1, 2] = -0.5 * self.splitting * phi
        result[..., 2, 1] = 2.0 * self.splitting * phi
        return result

    def evolve(self, x0: float, y0: float, z0: float, times: ArrayLike) -> Dataset:
        """Closed-form solution at the given times.

        Parameters
        ----------
        x0, y0, z0 : float
            Re ρ_PR, Im ρ_PR and ρ_PP - ρ_RR at time 0, with 4(x² + y²) + z² <= 1.
        times : array_like, shape (n,)
            >= 0, not decreasing, in the reciprocal unit of ΔE.

        Returns
        -------
        xarray.Dataset
            Over `time`: rho_01, rho_pr = x + iy, z = ρ_PP - ρ_RR, populations (level), pointer_populations (pointer),
            doublet_population, purity.

        Raises
        ------
        InputError
            For a vector outside the Bloch sphere, or times that decrease.

        Examples
        --------
        >>> from einselect.dynamics.bloch import DoubletBloch
        >>> critical = DoubletBloch(splitting=1.0, rate=2.0).evolve(0.0, 0.0, 1.0, [0.0, 1.0])
        >>> critical.z.values.round(12)  # e^-t (1 + t)
        array([1.        , 0.73575888])
        """
        start = np.array([_checks.number(name, v) for name, v in zip(("x0", "y0", "z0"), (x0, y0, z0), strict=True)])
        length = math.sqrt(float(4.0 * (start[0] ** 2 + start[1] ** 2) + start[2] ** 2))
        if length > 1.0 + _BALL:
            raise InputError(f"initial state must have 4(x0² + y0²) + z0² <= 1; got {length**2:.12g}")
        grid = check_times(times)
        x, y, z = (self.propagator(grid) @ start).T
        rho = np.empty((len(grid), 2, 2), dtype=complex)
        rho[:, 0, 0], rho[:, 1, 1] = 0.5 + x, 0.5 - x
        rho[:, 0, 1] = 0.5 * z - 1j * y
        rho[:, 1, 0] = rho[:, 0, 1].conj()
        parameters = {"splitting": self.splitting, "log_splitting": self.log_splitting, "rate": self.rate}
        return doublet_dataset(grid, rho, {**parameters, "regime": self.regime})
