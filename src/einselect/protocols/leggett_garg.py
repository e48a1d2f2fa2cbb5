"""Leggett-Garg tests on a doublet: K3, K4, their thresholds in dephasing, and what limits them.

With C_ij = ½<{Q(t_i), Q(t_j)}> of a dichotomic Q, macrorealism allows

    K3 = C12 + C23 - C13 <= 1,     K4 = C12 + C23 + C34 - C14 <= 2,     W = P13(+,-) - P12(+,-) - P23(+,-) <= 0;

a two-level system reaches 3/2, 2√2 and 1/8. The *stationary form* takes every C_ij from one correlator of the initial
state, C(t_j - t_i): K3 = 2C(τ) - C(2τ). The *three-time form* has each C_ij begin with the state at t_i.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from ..errors import InputError, ResolutionError
from ..models.base import most_levels
from ..rates import bath_parameters
from .correlators import NAMES, Correlator, sign
from .initial import NAMES as STATES
from .initial import state_on
from .lg_readout import natural_readout
from .lg_values import BOUNDS, LeggettGargValue, Threshold
from .two_time import Correlation
from .whole_space import Array

if TYPE_CHECKING:
    import xarray

    from .invasive import Signalling

FORMS = ("stationary", "three-time")
_COARSE, _POLISHING = 1e-5, 8
_LONGEST = 1e300  # so that 3τ is a number
_LARGEST = 1e4  # rates beyond the first guess that a threshold is looked for at


@dataclass(frozen=True)
class LeggettGarg:
    """A Leggett-Garg test with a readout Q = f(O), under dephasing: O = L = Jz for a collective spin.

    Parameters
    ----------
    model : model
        A collective spin, or any other with a doublet.
    level : str or int
        "A" (mean-field rate), "B" (γ G01), "two-level" (the Lindblad equation on the doublet, without the
        secular step), "C" (five levels), "converged" (all levels of a collective spin, up to N + 1 = 4000; of other
        systems as many as let the answer settle, see `level_correlation`), or a number of levels to project on.
    initial : str or array_like
        "ground", "doublet-mixture", "thermal", "pointer", amplitudes or a density matrix over the lowest levels. Only
        the part of it that keeps parity enters C_ij of an odd Q.
    temperature : float or str, optional
        For "thermal".
    readout : callable
        f, from an array of eigenvalues of O to values within ±1; sgn by default (0 at m = 0, which only even N has).
    operator : str or operator, optional
        O: what is read. Default: the order parameter, "Jz" for a collective spin, "Jx" of the Dicke and Rabi models
        ("x" = a + a† is another), "sz" of a spin and modes, "difference" of aggregates.
    tolerance : float
        Accepted error of a correlator. Of systems that are no collective spin the answer may stay above it, and says
        so in its error.
    jump : str or operator, optional
        L: what dephases. Default: O for a collective spin, else the model's natural jump operator.

    Raises
    ------
    InputError
        For unknown names, a temperature that does not fit, |f| > 1, an O that keeps the parity or is not Hermitian.

    Examples
    --------
    The benchmark of the paper: K3 at 0.05 1/s from |E0>, and the threshold.

    >>> from einselect import LMG
    >>> from einselect.protocols import LeggettGarg
    >>> test = LeggettGarg(LMG(370, 0.95, "74345.55 rad/s"), level="C")
    >>> print(f"{test.k3('0.05 1/s').value:.4f} {test.threshold().gamma:.5f} 1/s")
    1.3166 0.28899 1/s
    >>> round(LeggettGarg(LMG(370, 0.95, "74345.55 rad/s")).k3("0.05 1/s").value, 4)
    1.3128

    A spin in an oscillator that loses photons, read by sgn σx:

    >>> from einselect import Rabi
    >>> test = LeggettGarg(Rabi(coupling=1.4))
    >>> print(f"{test.k3(1e-4).value:.4f} {test.threshold().gamma:.2e}")
    1.4633 1.45e-02
    """

    model: Any
    level: str | int = "converged"
    initial: Any = "ground"
    temperature: float | str | None = None
    readout: Callable[[Array], Any] = sign
    operator: Any = None
    tolerance: float = 1e-7
    jump: Any = None

    def __post_init__(self) -> None:
        most = most_levels(self.model)
        if isinstance(self.level, str):
            _checks.one_of("level", self.level, NAMES)
        else:
            whole = _checks.whole("level", self.level, 2, most)
            object.__setattr__(self, "level", whole)  # 5.0 is taken, as 5
        natural_readout(self)
        _checks.positive("tolerance", self.tolerance)
        if self.temperature is not None and not (isinstance(self.initial, str) and self.initial == "thermal"):
            raise InputError(
                f"temperature must be left out unless the initial state is thermal; got {self.temperature!r}"
            )
        if isinstance(self.initial, str):
            _checks.one_of("initial", self.initial, STATES)
        else:
            state_on(self.model.levels(min(max(2, np.size(self.initial)), most)), self.initial, None)
        if self._is_thermal and self.kt is None:
            raise InputError("temperature must be given for a thermal initial state; got None")

    @property
    def _is_thermal(self) -> bool:
        return isinstance(self.initial, str) and self.initial == "thermal"

    def _keeps_parity(self) -> bool:
        if isinstance(self.initial, str):
            return self.initial != "pointer"
        levels = self.model.levels(max(2, len(self.initial)))
        rho = state_on(levels, self.initial, None)
        odd = np.not_equal.outer(levels.parities[: len(rho)], levels.parities[: len(rho)])
        return not np.any(np.abs(rho[odd]) > 1e-12)

    @cached_property
    def kt(self) -> float | None:
        """k_B T in the model's unit."""
        return bath_parameters(self.model.energy_unit, None, self.temperature)[1]

    @cached_property
    def correlator(self) -> Correlator:
        """C(0, t) of the initial state."""
        return Correlator(
            self.model,
            self.level,
            self.readout,
            lambda levels: state_on(levels, self.initial, self.kt),
            self.operator,
            self.jump,
        )

    @cached_property
    def doublet(self) -> Any:
        """The model's doublet, under what dephases."""
        return self.correlator.doublet

    @property
    def tau(self) -> float:
        """π/(3ΔE), where K3 of an undamped two-level system peaks; in 1/energy (s for physical models)."""
        return math.pi / (3.0 * self.correlator.splitting)

    def rates(self, gamma: Any) -> Array:
        """Rates in the model's unit, from numbers, a string or a list of either."""
        items = [gamma] if isinstance(gamma, str) or np.ndim(gamma) == 0 else list(gamma)
        found = [bath_parameters(self.model.energy_unit, item, None)[0] for item in items]
        if not found or None in found:
            raise _checks.fail("gamma", "one or more rates >= 0", gamma)
        return np.array(found, dtype=np.float64)

    def interval(self, tau: float | None) -> float:
        """The interval given, or the default."""
        if tau is None:
            return self.tau
        if _checks.positive("tau", tau) > _LONGEST:
            raise _checks.fail("tau", f"at most {_LONGEST:g}", tau)
        return _checks.positive("tau", tau)

    def correlations(self, gamma: Any, times: ArrayLike) -> Correlation:
        """C(0, t) for each γ and time, shape (g, t); `gamma` in physical models a string with a unit."""
        from ..dynamics.lindbladian import check_times

        return self.correlator.values(self.rates(gamma), check_times(times), self.tolerance)

    def k3(self, gamma: Any = 0.0, tau: float | None = None, form: str = "stationary") -> LeggettGargValue:
        """K3 = C12 + C23 - C13 for times 0, τ, 2τ.

        Parameters
        ----------
        gamma : float or str
        tau : float, optional
            π/(3ΔE) unless given.
        form : {"stationary", "three-time"}

        Returns
        -------
        LeggettGargValue
        """
        return self._chain("K3", gamma, tau, form, 3)

    def k4(self, gamma: Any = 0.0, tau: float | None = None, form: str = "stationary") -> LeggettGargValue:
        """K4 = C12 + C23 + C34 - C14; τ = π/(4ΔE) unless given."""
        return self._chain("K4", gamma, 0.75 * self.tau if tau is None else tau, form, 4)

    def wigner(self, gamma: Any = 0.0, tau: float | None = None, form: str = "stationary") -> LeggettGargValue:
        """W = P13(+,-) - P12(+,-) - P23(+,-) for states that keep parity: then P_ij(a, b) = ¼(1 + ab C_ij).

        <Q> vanishes at all times by parity, with or without an earlier measurement, so that W = (K3 - 1)/4: the Wigner
        form says the same as K3. (For Q² = 1. Where even N adds the outcome 0 at m = 0, it is counted half to either.)

        Raises
        ------
        InputError
            If the initial state breaks parity, or the readout is not odd.
        """
        if not self._keeps_parity():
            raise InputError(f"initial must be a state that keeps parity for the Wigner form; got {self.initial!r}")
        if not self.correlator.odd:
            raise InputError(f"readout must be odd for the Wigner form; got {self.readout!r}")
        k3 = self.k3(gamma, tau, form)
        return LeggettGargValue(
            "W",
            0.25 * (k3.value - 1.0),
            0.25 * k3.error,
            BOUNDS["W"],
            k3.tau,
            k3.gamma,
            form,
            k3.levels,
            k3.energy_unit,
        )

    def _chain(self, name: str, gamma: Any, tau: float | None, form: str, points: int) -> LeggettGargValue:
        """Neighbouring correlators summed, less the one from end to end."""
        _checks.one_of("form", form, FORMS)
        rates, step = self.rates(gamma), self.interval(tau)
        if len(rates) != 1:
            raise _checks.fail("gamma", "one rate (a map takes many)", gamma)
        rate = float(rates[0])
        ends = np.array([step, (points - 1) * step])
        first = self.correlator.values(rates, ends, self.tolerance)
        near, far = first.values[0]
        total, error, levels = (points - 1) * near - far, points * first.error, first.levels
        if form == "three-time":
            total, error = near - far, 2.0 * first.error
            for k in range(1, points - 1):
                later = self.correlator.later(rate, k * step, self.tolerance).values(rates, ends[:1], self.tolerance)
                total, error, levels = total + later.values[0, 0], error + later.error, max(levels, later.levels)
        unit = self.model.energy_unit
        return LeggettGargValue(name, float(total), error, BOUNDS[name], step, rate, form, levels, unit)

    def threshold(self, tau: float | None = None) -> Threshold:
        """Largest γ with K3 > 1 at an interval τ (stationary form), by root finding.

        Raises
        ------
        ResolutionError
            If the correlator cannot be worked out to its tolerance, or K3 stays above 1 at every rate, as for short τ:
            fast measurements freeze Q from above.
        """
        step = self.interval(tau)
        times = np.array([step, 2.0 * step])
        levels, worst, unit = 0, 0.0, self.model.energy_unit

        def excess(gamma: float, tolerance: float) -> float:
            nonlocal levels, worst
            found = self.correlator.values(np.array([gamma]), times, tolerance)
            levels, worst = max(levels, found.levels), 3.0 * found.error
            return float(2.0 * found.values[0, 0] - found.values[0, 1] - 1.0)

        if excess(0.0, self.tolerance) <= worst:
            return Threshold(None, 0.0, step, levels, unit)
        root, slope = _crossing(
            lambda g: excess(g, max(self.tolerance, _COARSE)), 0.5 / (self.doublet.eigenstate_moment * step)
        )
        # The slope stays that of the coarse function: each step leaves a few percent of what was left.
        for _ in range(_POLISHING):
            left = excess(root, self.tolerance)
            root += left / slope
            if abs(left) <= 0.1 * worst:
                break
        return Threshold(root, (worst + 0.1 * abs(left)) / slope, step, levels, unit)

    def best_interval(self, gamma: Any = 0.0) -> LeggettGargValue:
        """K3 at the interval τ up to 1.5 π/(3ΔE) where it is largest (stationary form)."""
        from scipy.optimize import minimize_scalar

        rates = self.rates(gamma)
        grid = np.linspace(0.0, 3.0 * self.tau, 61)
        coarse = self.correlator.values(rates, grid, max(self.tolerance, _COARSE)).values[0]
        k3 = 2.0 * coarse[1:31] - coarse[2:61:2]
        i = int(np.argmax(k3)) + 1
        if i == 1:  # the maximum is at τ -> 0, where K3 -> C(0)
            return self.k3(gamma, float(grid[1]))
        rough = replace(self, tolerance=max(self.tolerance, _COARSE))
        found = minimize_scalar(
            lambda t: -rough.k3(gamma, float(t)).value,
            bounds=(grid[i - 1], grid[min(i + 1, 60)]),
            method="bounded",
            options={"xatol": 1e-4 * self.tau},
        )
        return self.k3(gamma, float(found.x))

    def in_one_run(self, gamma: Any = 0.0, tau: float | None = None) -> LeggettGargValue:
        """K3 from runs in which Q is measured at all three times, projectively; never above 1. See `invasive`."""
        from .invasive import k3_in_one_run

        return k3_in_one_run(self, gamma, tau)

    def signalling(self, gamma: Any = 0.0, first: float | None = None, second: float | None = None) -> Signalling:
        """Change of <Q> at a later time by a measurement at an earlier one; see `invasive.signalling`."""
        from .invasive import signalling

        return signalling(self, gamma, first, second)

    def k3_map(self, gamma: Any, tau: ArrayLike | None = None, tolerance: float = 1e-5) -> xarray.Dataset:
        """K3 (stationary form) over dephasing rates and intervals.

        Parameters
        ----------
        gamma : sequence
            Rates.
        tau : array_like, optional
            Intervals, ascending, > 0; 100 up to 1.5 π/(3ΔE) unless given.
        tolerance : float
            Of the correlators. Many rates are interpolated from few (see `rate_axis`), within it.

        Returns
        -------
        xarray.Dataset
            ``k3`` over (gamma, tau), with `convergence_error` in the attributes.
        """
        from .lg_maps import k3_map

        return k3_map(self, gamma, tau, tolerance)


def _crossing(function: Callable[[float], float], guess: float) -> tuple[float, float]:
    """Where a decreasing function of γ >= 0 crosses zero, to a thousandth, and minus its slope there."""
    from scipy.optimize import brentq

    known = cache(function)
    low, high = 0.0, guess
    while known(high) > 0.0:
        low, high = high, 2.0 * high
        if high > _LARGEST * guess:
            raise ResolutionError(f"tau must be longer for K3 to fall to 1 at some dephasing rate up to {low:.3g}")
    root = float(brentq(known, low, high, xtol=1e-12 * high, rtol=1e-3))
    return root, (known(0.99 * root) - known(1.01 * root)) / (0.02 * root)
