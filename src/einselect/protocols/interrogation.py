r"""When to read out, how well that does, and how far an estimate with another rate would be off.

*Repeated* sensing has a total time T ≫ t: T/(t + t_d) runs of length t with a dead time t_d each, so that the
information is T F(t)/(t + t_d), the best t maximises F(t)/(t + t_d), and the sensitivity is that to the power -½: the
smallest h found in unit time, falling as 1/√T. *Single* sensing has so many runs, however long: the best t maximises F.
*Impulsive* sensing waits for the time that maximises F of the rotation.

What one would estimate without solving for the dynamics: the signal of the closed system, with an amplitude that
decays at "the" dephasing rate Γ, F_Γ(t) = F_0(t) e^(-2Γt). Which Γ? All three are tried: γ G01 of ρ_01, γ(G01 + J01²)
of ρ_PR, γ G_loc of mean field. Beside them stands the rate that the exact answer shows at its own best time,
Γ_eff = ln(F_0/F)/(2t). A rotation keeps something when all coherence is gone, the F_m of the mixture of both levels
(four times the leakage for Jz): there the same is said of F - F_m.

It need not be any of the three. Let |E0> be driven at resonance: the field makes a signal as long as the inversion
ρ_00 - ρ_11 = 2 Re ρ_PR is there, which decays at 2γJ01², near γ(G01 + J01²), and ρ_01 holds it, at γ G01. Long after
the first turn of the doublet Γ_eff is the mean of both; before it (t ≪ 1/ΔE) Im ρ_01 decays at γ(G01 + J01²) itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError, ResolutionError

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]
SCHEMES = ("repeated", "single", "impulsive")
RATES = {"eigenstate": "rate_eigenstate", "pointer": "rate_pointer", "mean field": "rate_mean_field"}
_IDEAL = {
    "qfi_field": "qfi_field_ideal",
    "cfi_field": "qfi_field_ideal",
    "cfi_sign": "qfi_field_ideal",
    "qfi_rotation": "qfi_rotation_ideal",
}
_FINE = 20


@dataclass(frozen=True)
class RateEstimate:
    """What an estimate F_0(t) e^(-2Γt) with one rate gives, beside the exact answer.

    Attributes
    ----------
    name : str
        "eigenstate", "pointer" or "mean field".
    rate : float
        Γ.
    time : float
        Its best time.
    at_edge : bool
        Whether that is the first or the last of the times, so that the true one lies beyond.
    sensitivity : float
        What it promises there.
    time_ratio : float
        Its best time over the exact one.
    promised : float
        Its sensitivity over the best exact one: above 1 it is too pessimistic.
    loss : float
        Exact sensitivity at its time over the best: what using that time costs, at least 1.
    """

    name: str
    rate: float
    time: float
    at_edge: bool
    sensitivity: float
    time_ratio: float
    promised: float
    loss: float


@dataclass(frozen=True)
class Interrogation:
    """The best time to read out.

    Attributes
    ----------
    scheme : str
    quantity : str
        Which curve of the time course.
    time : float
    time_error : float
        By how much it moves if every second point of the time course is left out: an upper estimate.
    at_edge : bool
        Whether it is the first (above 0) or the last of the times: the best one then lies beyond.
    fisher : float
        F there.
    sensitivity : float
        (F/(t + t_d))^-½ for repeated sensing, F^-½ otherwise: a field, or for the impulsive scheme an angle.
    effective_rate : float or None
        ln(F_0/F)/(2t), of F - F_m for a rotation; None at time 0 or where there is nothing to compare.
    nearest : str or None
        Which of the three rates that is nearest to, on a logarithmic scale.
    estimates : tuple of RateEstimate
    """

    scheme: str
    quantity: str
    time: float
    time_error: float
    at_edge: bool
    fisher: float
    sensitivity: float
    effective_rate: float | None
    nearest: str | None
    estimates: tuple[RateEstimate, ...]


def best_interrogation(
    course: xarray.Dataset, scheme: str = "repeated", *, quantity: str | None = None, dead_time: float = 0.0
) -> Interrogation:
    """Best time of a time course, its sensitivity, and what three estimates would have said.

    Parameters
    ----------
    course : xarray.Dataset
        From `metrology`.
    scheme : {"repeated", "single", "impulsive"}
        What is maximised: F/(t + t_d) or F of the field, or F of the rotation.
    quantity : str, optional
        "qfi_field" (default), "cfi_field" or "cfi_sign".
    dead_time : float
        t_d >= 0, for preparation and readout, in the unit of time; for the repeated scheme.

    Returns
    -------
    Interrogation

    Raises
    ------
    InputError
        For fewer than 8 times or equal ones, or names that do not exist.
    ResolutionError
        If the state does not respond at all.
    """
    _checks.one_of("scheme", scheme, SCHEMES)
    dead = _checks.non_negative("dead_time", dead_time)
    if scheme != "impulsive":
        name = _checks.one_of("quantity", quantity or "qfi_field", ("qfi_field", "cfi_field", "cfi_sign"))
    else:
        name = "qfi_rotation"
    times = np.asarray(course.time.values, dtype=np.float64)
    if len(times) < 8:
        raise InputError(f"times must be 8 or more to find the best of them; got {len(times)}")
    if np.any(np.diff(times) <= 0.0):
        raise InputError("times must all differ to find the best of them; got one twice")
    floor = float(course.attrs["qfi_rotation_mixture"]) if scheme == "impulsive" else 0.0
    fisher = _Curve(times, course[name].values, dead if scheme == "repeated" else None, floor)
    if not fisher.values.max() > 0.0:
        raise ResolutionError("there is no best time: the state does not respond to this signal")
    best, edge = fisher.best()
    half = _Curve(times[::2], course[name].values[::2], fisher.dead, floor).best()[0]
    exact = fisher.sensitivity(best)
    # The estimate is made of the ideal quantum Fisher information: no readout that is not at hand is assumed better.
    ideal = _Curve(times, course[_IDEAL[name]].values, fisher.dead, floor)
    rates = {label: float(course.attrs[key]) for label, key in RATES.items()}
    rates = {label: rate for label, rate in rates.items() if math.isfinite(rate)}
    effective = _effective(ideal(best) - floor, fisher(best) - floor, best)
    return Interrogation(
        scheme,
        name,
        best,
        abs(best - half),
        edge,
        fisher(best),
        exact,
        effective,
        _nearest(effective, rates),
        tuple(_estimate(label, rate, ideal, fisher, best, exact) for label, rate in rates.items()),
    )


def effective_rate(course: xarray.Dataset, quantity: str = "qfi_field") -> xarray.DataArray:
    """Γ_eff = ln(F_0/F)/(2t) at every time: which decay the answer shows, and when.

    Parameters
    ----------
    course : xarray.Dataset
        From `metrology`.
    quantity : str
        "qfi_field", "cfi_field", "cfi_sign" or "qfi_rotation" (of F - F_m).

    Returns
    -------
    xarray.DataArray
        In the unit of rates; nan at time 0 and where one of the two is not above zero.

    Examples
    --------
    On two levels the cat loses its information about rotations at 2γJ01².

    >>> import numpy as np
    >>> from einselect import LMG
    >>> from einselect.protocols import effective_rate, metrology
    >>> model = LMG(100, 0.5)
    >>> course = metrology(model, 1e-5, "ground", np.linspace(0, 100, 9), levels=2)
    >>> shown = effective_rate(course, "qfi_rotation") / (2e-5 * model.doublet().j01 ** 2)
    >>> print(shown.values.round(3))
    [nan 1. 1. 1. 1. 1. 1. 1. 1.]
    """
    _checks.one_of("quantity", quantity, _IDEAL)
    floor = float(course.attrs["qfi_rotation_mixture"]) if quantity == "qfi_rotation" else 0.0
    times = course.time.values
    pairs = zip(course[_IDEAL[quantity]].values - floor, course[quantity].values - floor, times, strict=True)
    found = [_effective(float(first), float(second), float(t)) for first, second, t in pairs]
    result = course[quantity].copy(data=np.array([math.nan if rate is None else rate for rate in found]))
    unit = f"1/{course.time.attrs.get('units', '1')}".replace("1/ħ/J", "J/ħ")
    return result.rename("effective_rate").assign_attrs(long_name="ln(F_0/F)/(2t)", units=unit)


class _Curve:
    """F between the times by a cubic spline, and the sensitivity made of it."""

    def __init__(self, times: Array, values: Any, dead: float | None, floor: float = 0.0) -> None:
        from scipy.interpolate import CubicSpline

        self.times, self.values, self.dead = times, np.asarray(values, dtype=np.float64), dead
        self._floor = floor
        self._spline = CubicSpline(times, self.values)

    def __call__(self, time: Any) -> Any:
        return np.maximum(self._spline(time), 0.0) if np.ndim(time) else max(float(self._spline(time)), 0.0)

    def merit(self, time: Any, rate: float = 0.0) -> Any:
        """F_m + (F - F_m) e^(-2Γt), over t + t_d for repeated runs."""
        weakened = self._floor + (self(time) - self._floor) * np.exp(-2.0 * rate * time)
        return weakened if self.dead is None else weakened / (time + self.dead)

    def sensitivity(self, time: float, rate: float = 0.0) -> float:
        """Merit^-½; inf where there is no information."""
        merit = float(self.merit(time, rate))
        return 1.0 / math.sqrt(merit) if merit > 0.0 else math.inf

    def best(self, rate: float = 0.0) -> tuple[float, bool]:
        """The time of the largest merit, and whether it is at an end of the times, so that it may lie beyond."""
        from scipy.optimize import minimize_scalar

        first = float(self.times[0]) if self.dead is None or self.dead + self.times[0] > 0.0 else float(self.times[1])
        fine = np.linspace(first, self.times[-1], _FINE * len(self.times))
        merit = self.merit(fine, rate)
        peak = int(np.argmax(merit))
        if peak in (0, len(fine) - 1):
            return float(fine[peak]), peak > 0 or first > 0.0
        found = minimize_scalar(
            lambda t: -self.merit(t, rate) / merit[peak],
            bounds=(fine[peak - 1], fine[peak + 1]),
            method="bounded",
            options={"xatol": 1e-6 * (fine[1] - fine[0])},
        )
        return float(found.x), False


def _estimate(label: str, rate: float, ideal: _Curve, exact: _Curve, best: float, sensitivity: float) -> RateEstimate:
    time, edge = ideal.best(rate)
    promised = ideal.sensitivity(time, rate)
    return RateEstimate(
        label,
        rate,
        time,
        edge,
        promised,
        time / best if best > 0.0 else 1.0 if time == 0.0 else math.inf,
        promised / sensitivity,
        exact.sensitivity(time) / sensitivity,
    )


def _effective(ideal: float, found: float, time: float) -> float | None:
    if not (ideal > 0.0 and found > 0.0 and time > 0.0):
        return None
    return math.log(ideal / found) / (2.0 * time)


def _nearest(effective: float | None, rates: dict[str, float]) -> str | None:
    known = {label: rate for label, rate in rates.items() if rate > 0.0}
    if effective is None or effective <= 0.0 or not known:
        return None
    return min(known, key=lambda label: abs(math.log(known[label] / effective)))
