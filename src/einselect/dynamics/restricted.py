r"""The Lindblad equation restricted to the doublet: its four modes in closed form (Appendix C) [27, 28, 53-66].

With L = J01 σ_x in {\|E0>, \|E1>} (Jz projected on the doublet) and H = diag(0, ΔE),

    d(ρ_00 - ρ_11)/dt = -2γJ01² (ρ_00 - ρ_11),
    d Re ρ_01/dt = -ΔE Im ρ_01,      d Im ρ_01/dt = ΔE Re ρ_01 - 2γJ01² Im ρ_01,

and the trace stays. ρ_00 - ρ_11 = 2 Re ρ_PR is the x of `bloch`, Re ρ_01 = z/2 and Im ρ_01 = -y, all with
Γd = 2γJ01². The paper diagonalises ΔE = 0: eigenvalues 0, 0, -2γJ01², -2γJ01².

Leakage. Projecting the whole equation with L†L = Jz² (not the square of the projection) adds
-(γ/2){Λ, ρ} with Λ = diag(q_0 - J01², q_1 - J01²) >= 0. That is well defined: a completely positive semigroup
whose trace falls. It describes what has never left the doublet; nothing returns. It is therefore not the doublet's
part of the whole solution (which `Lindbladian` gives), and exact to first order in time only. The element
ρ_01 then has the coefficients of the paper's "full projected equation", -γG01 for itself and γJ01² from ρ_10.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError
from ..rates import DephasingRates
from .bloch import DoubletBloch
from .doublet_readout import bloch_vector, doublet_dataset
from .lindbladian import check_times
from .states import check_density_matrix

if TYPE_CHECKING:
    from xarray import Dataset

Array = NDArray[np.float64]
Matrix = NDArray[np.complex128]

_IDENTITY = np.eye(2, dtype=complex)
_SIGMA_X = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=complex)
_SIGMA_Y = np.array([[0.0, -1.0j], [1.0j, 0.0]])
_SIGMA_Z = np.array([[1.0, 0.0], [0.0, -1.0]], dtype=complex)
_P = 0.5 * (_IDENTITY + _SIGMA_X)
_R = 0.5 * (_IDENTITY - _SIGMA_X)


@dataclass(frozen=True)
class DoubletMode:
    """One mode of the restricted equation: 𝓛 right = λ right, and Tr(left† ρ) evolves as exp(λt).

    Attributes
    ----------
    name : str
        The element that it is, or mostly is.
    eigenvalue : complex
        λ.
    right, left : ndarray, shape (2, 2)
        In the energy basis, Tr(left† right) = 1 (0 for the merged pair at critical damping).
    """

    name: str
    eigenvalue: complex
    right: Matrix
    left: Matrix


@dataclass(frozen=True)
class RestrictedLindbladian:
    """The Lindblad equation on the two states of a doublet, with L = J01 σ_x.

    Parameters
    ----------
    j01 : float
        J01 = <E0|Jz|E1>.
    gamma : float
        γ >= 0.
    splitting : float or None
        ΔE >= 0 (default 0, the paper's degenerate doublet); None where only its logarithm is known.
    log_splitting : float, optional
        ln ΔE, for a ΔE below the smallest double.
    leakage : (float, float)
        q_0 - J01², q_1 - J01² >= 0: loss out of the doublet without return (see the module's text). Default none.

    Examples
    --------
    >>> from einselect.dynamics.restricted import RestrictedLindbladian
    >>> degenerate = RestrictedLindbladian(j01=3.0, gamma=0.5)
    >>> for mode in degenerate.modes:
    ...     print(f"{mode.eigenvalue.real:5.1f}  {mode.name}")
      0.0  trace
     -9.0  ρ_00 - ρ_11 = 2 Re ρ_PR
      0.0  Re ρ_01 (pointer populations)
     -9.0  Im ρ_01 = -Im ρ_PR
    >>> list(degenerate.steady_states)
    ['|P><P|', '|R><R|']
    """

    j01: float
    gamma: float
    splitting: float | None = 0.0
    log_splitting: float | None = None
    leakage: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        _checks.number("j01", self.j01)
        _checks.non_negative("gamma", self.gamma)
        if len(self.leakage) != 2:
            raise _checks.fail("leakage", "two numbers >= 0, one for each level", self.leakage)
        for value in self.leakage:
            _checks.non_negative("leakage", value)
        bloch = DoubletBloch(self.splitting, 2.0 * self.gamma * self.j01**2, log_splitting=self.log_splitting)
        object.__setattr__(self, "splitting", bloch.splitting)
        object.__setattr__(self, "log_splitting", bloch.log_splitting)

    @classmethod
    def from_rates(cls, rates: DephasingRates, *, leakage: bool = False) -> RestrictedLindbladian:
        """The doublet and γ of `rates`; with `leakage`, what leaves the doublet is lost.

        Examples
        --------
        >>> from einselect import LMG, dephasing_rates
        >>> from einselect.dynamics.restricted import RestrictedLindbladian
        >>> rates = dephasing_rates(LMG(10**4, 0.95, "74346 rad/s"), "0.05 1/s")
        >>> print(RestrictedLindbladian.from_rates(rates).steady_summary)
        the mixture ½(|P><P| + |R><R|) only; |P><P| and |R><R| live for 10^88 in units of time
        """
        if rates.gamma is None:
            raise InputError("rates must have a dephasing rate, as in dephasing_rates(model, gamma=...); got none")
        d = rates.doublet
        if d.splitting is None or d.log_splitting is None:
            raise InputError(f"rates must have a resolved splitting; got one below {d.splitting_bound:.2g}")
        lost = d.leakages if leakage else (0.0, 0.0)
        return cls(d.j01, rates.gamma, d.splitting, d.log_splitting, lost)

    @cached_property
    def bloch(self) -> DoubletBloch:
        """The same without leakage as a damped oscillator, Γd = 2γJ01²."""
        return DoubletBloch(self.splitting, 2.0 * self.gamma * self.j01**2, log_splitting=self.log_splitting)

    @property
    def lost_rate(self) -> float:
        """γ times the mean leakage, which every element of ρ_01 loses beside the rest; γ(G01 - J01²) of a doublet."""
        return 0.5 * self.gamma * sum(self.leakage)

    @property
    def _populations(self) -> tuple[float, float, Array]:
        """Slow and fast decay rate of (ρ_00, ρ_11) and the symmetric matrix N/h of which they are ∓ eigenvectors."""
        flip, (even, odd) = self.j01**2, self.leakage
        mean, tilt = flip + 0.5 * (even + odd), 0.5 * (even - odd)
        spread = math.hypot(flip, tilt)
        # mean - spread without cancellation: mean² - spread² = J01²(ℓ0 + ℓ1) + ℓ0 ℓ1.
        slow = (flip * (even + odd) + even * odd) / (mean + spread) if mean > 0.0 else 0.0
        direction = np.array([[-tilt, flip], [flip, tilt]]) / spread if spread > 0.0 else np.zeros((2, 2))
        return self.gamma * slow, self.gamma * (mean + spread), direction

    @property
    def eigenvalues(self) -> tuple[complex, complex, complex, complex]:
        """Of the trace, of ρ_00 - ρ_11, and the roots λ± of ρ_01 with its conjugate: 0, -2γJ01², λ₊, λ₋."""
        slow, fast, _ = self._populations
        plus, minus = self.bloch.roots
        return complex(-slow), complex(-fast), plus - self.lost_rate, minus - self.lost_rate

    @property
    def defective(self) -> bool:
        """Whether λ₊ = λ₋ with one eigenvector only (an exceptional point): ΔE = γJ01² > 0."""
        return self.bloch.regime == "critical"

    @property
    def modes(self) -> tuple[DoubletMode, ...]:
        """The four modes, named, in the order of `eigenvalues`.

        With ε = ΔE/λ₋, |ε| <= 1: the slow pair is (Re ρ_01, Im ρ_01) = (1, -ε), the fast one (-ε, 1).
        """
        values = self.eigenvalues
        result = []
        direction = self._populations[2]
        if np.any(direction):
            vectors = np.linalg.eigh(direction)[1][:, ::-1].T
        else:
            vectors = np.array([[1.0, 1.0], [1.0, -1.0]]) * math.sqrt(0.5)
        tilted = self.leakage[0] != self.leakage[1]
        names = ("doublet population" if any(self.leakage) else "trace", "ρ_00 - ρ_11 = 2 Re ρ_PR")
        for name, value, vector in zip(names, values[:2], vectors, strict=True):
            diagonal: Matrix = np.diag(vector * (1.0 if vector[0] >= 0.0 else -1.0)).astype(np.complex128)
            if not tilted:  # Tr ρ and ρ_00 - ρ_11 themselves
                right, left = np.asarray(diagonal * math.sqrt(0.5)), np.asarray(diagonal * math.sqrt(2.0))
                result.append(DoubletMode(name, value, right, left))
            else:
                result.append(DoubletMode(name, value, diagonal, diagonal))
        fast = self.bloch.roots[1]
        epsilon = self.bloch.splitting / fast if fast != 0.0 else 0.0j
        norm = 1.0 - epsilon**2 if not self.defective else 1.0
        oscillating = self.bloch.regime == "underdamped"
        names = (
            "ρ_01, positive frequency" if oscillating else "Re ρ_01 (pointer populations)",
            "ρ_01, negative frequency" if oscillating else "Im ρ_01 = -Im ρ_PR",
        )
        pairs = (((1.0, -epsilon), (1.0, epsilon)), ((-epsilon, 1.0), (epsilon, 1.0)))
        for name, value, (column, row) in zip(names, values[2:], pairs, strict=True):
            # ρ_01 = r + is is the operator rσ_x - sσ_y; r = ½Tr(σ_x ρ), s = -½Tr(σ_y ρ).
            operator = (column[0] * _SIGMA_X - column[1] * _SIGMA_Y) / norm
            functional = 0.5 * (np.conj(row[0]) * _SIGMA_X - np.conj(row[1]) * _SIGMA_Y)
            result.append(DoubletMode(name, value, operator, functional))
        return tuple(result)

    @property
    def steady_states(self) -> dict[str, Matrix]:
        """Extreme steady states by name, in the energy basis; empty with leakage (see `steady_summary`)."""
        if any(self.leakage) and self.gamma > 0.0:
            return {}
        if self.bloch.rate > 0.0:
            if self.log_splitting == -math.inf:
                return {"|P><P|": _P.copy(), "|R><R|": _R.copy()}
            return {"½(|P><P| + |R><R|)": 0.5 * (_P + _R)}
        levels: dict[str, Matrix] = {
            f"|E{i}><E{i}|": 0.5 * (_IDENTITY + sign * _SIGMA_Z) for i, sign in enumerate((1, -1))
        }
        if self.log_splitting == -math.inf:
            return {**levels, "|P><P|": _P.copy(), "|R><R|": _R.copy()}
        return levels

    @property
    def steady_summary(self) -> str:
        """Which states do not change, in words."""
        if any(self.leakage) and self.gamma > 0.0:
            return "none: the doublet empties, without return"
        if self.bloch.rate > 0.0:
            if self.log_splitting == -math.inf:
                return "every mixture of |P><P| and |R><R|"
            lifetime = -self.bloch.log_slow_rate / math.log(10.0)
            unique = "the mixture ½(|P><P| + |R><R|) only"
            if self.bloch.regime != "overdamped":
                return unique
            return f"{unique}; |P><P| and |R><R| live for 10^{lifetime:.0f} in units of time"
        return "every state" if self.log_splitting == -math.inf else "every mixture of |E0><E0| and |E1><E1|"

    def matrix(self) -> Matrix:
        """The 4 × 4 generator on (ρ_00, ρ_01, ρ_10, ρ_11)."""
        flip, lost, mean = self.gamma * self.j01**2, self.lost_rate, self.gamma * np.asarray(self.leakage)
        result = np.diag([-flip - mean[0], -flip - lost, -flip - lost, -flip - mean[1]]).astype(complex)
        result += flip * np.eye(4)[::-1]
        # -i(E0 - E1) = +iΔE on ρ_01
        result[1, 1] += 1j * self.bloch.splitting
        result[2, 2] -= 1j * self.bloch.splitting
        return result

    def evolve(self, rho0: ArrayLike, times: ArrayLike) -> Dataset:
        """Closed-form solution from a 2 × 2 density matrix in the energy basis.

        Parameters
        ----------
        rho0 : array_like, shape (2, 2)
        times : array_like, shape (n,)
            >= 0, not decreasing, in the reciprocal unit of ΔE and γ.

        Returns
        -------
        xarray.Dataset
            As of `DoubletBloch.evolve`; `doublet_population` falls where there is leakage.

        Examples
        --------
        >>> answer = RestrictedLindbladian(j01=3.0, gamma=0.5).evolve([[0.5, 0.5], [0.5, 0.5]], [0.0, 100.0])
        >>> answer.rho_01.values.real  # the pointer state |P> stays where the levels are degenerate
        array([0.5, 0.5])
        """
        given = np.asarray(rho0, dtype=complex)
        if given.shape != (2, 2) or not np.all(np.isfinite(given)):
            raise InputError(f"rho0 must be a finite 2 x 2 matrix in the basis |E0>, |E1>; got {rho0!r}")
        start, grid = check_density_matrix(given), check_times(times)
        slow, fast, direction = self._populations
        kept, gone = np.exp(-slow * grid), np.exp(-fast * grid)
        diagonal = start.diagonal().real
        populations = 0.5 * (np.outer(kept + gone, diagonal) + np.outer(kept - gone, direction @ diagonal))
        _, y, z = (self.bloch.propagator(grid) @ np.array(bloch_vector(start))).T
        rho = np.zeros((len(grid), 2, 2), dtype=complex)
        rho[:, 0, 0], rho[:, 1, 1] = populations.T
        rho[:, 0, 1] = (0.5 * z - 1j * y) * np.exp(-self.lost_rate * grid)
        rho[:, 1, 0] = rho[:, 0, 1].conj()
        parameters: dict[str, Any] = {"j01": self.j01, "gamma": self.gamma, "splitting": self.bloch.splitting}
        parameters |= {"log_splitting": self.bloch.log_splitting, "leakage": list(self.leakage)}
        return doublet_dataset(grid, rho, {**parameters, "regime": self.bloch.regime})
