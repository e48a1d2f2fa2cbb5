"""A Leggett-Garg test whose atom number, field and coupling vary from shot to shot.

An experiment sets one interval τ and averages outcomes, so that correlators are averaged: K3 = 2<C(τ)> - <C(2τ)>.
ΔE falls exponentially with N: a spread of σ_N atoms makes a spread σ_N |d ln ΔE/dN| of the phase ΔE τ, and of few
atoms already one that no dephasing rate has a part in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import _checks
from ..errors import InputError
from .leggett_garg import LeggettGarg
from .noise import Array, Average, Ensemble, Noise

KINDS = ("spins", "field", "coupling", "temperature")


@dataclass(frozen=True)
class NoisyK3:
    """K3 averaged over shots.

    Attributes
    ----------
    value, error : float
    ideal : float
        Without noise, at the same τ.
    spread : float
        Standard deviation of K3 of single members.
    tau, gamma : float
    shots : int
        Different members of the ensemble.
    """

    value: float
    error: float
    ideal: float
    spread: float
    tau: float
    gamma: float
    shots: int

    @property
    def violates(self) -> bool | None:
        """Whether K3 > 1; None where the error leaves it open."""
        return None if abs(self.value - 1.0) <= self.error else self.value > 1.0


@dataclass(frozen=True)
class NoiseLimit:
    """Largest noise of one kind with which K3 still exceeds 1.

    Attributes
    ----------
    kind : str
        "spins" (σ_N, atoms), "field", "coupling" (relative) or "temperature" (k_B T in the model's unit).
    value : float or None
        None where K3 <= 1 without it; inf where K3 > 1 up to the largest value tried.
    tried : float
        The largest value tried.
    """

    kind: str
    value: float | None
    tried: float


class NoisyLeggettGarg:
    """A Leggett-Garg test under shot-to-shot noise.

    Parameters
    ----------
    test : LeggettGarg
        Without noise; its τ is that of the experiment.
    noise : Noise
    gamma : float or str
        Dephasing rate.
    tau : float, optional
        π/(3ΔE) of the central model unless given.

    Notes
    -----
    With the level "converged" each member takes some tenths of a second; with a number of levels or "C" some
    milliseconds. Members are remembered, so that limits and scans share them.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.protocols import LeggettGarg, Noise, NoisyLeggettGarg
    >>> test = LeggettGarg(LMG(370, 0.95, "74345.55 rad/s"), level="C")
    >>> noisy = NoisyLeggettGarg(test, Noise(spins=10.0), "0.05 1/s")
    >>> print(f"{noisy.k3().value:.3f} instead of {noisy.k3().ideal:.3f}")
    1.296 instead of 1.317
    """

    def __init__(self, test: LeggettGarg, noise: Noise, gamma: Any, tau: float | None = None) -> None:
        rates = test.rates(gamma)
        if len(rates) != 1:
            raise _checks.fail("gamma", "one rate", gamma)
        self.test, self.noise = test, noise
        self.gamma, self.tau = float(rates[0]), test.interval(tau)
        self._ensemble = Ensemble(test.model, noise, self._correlators)

    def _correlators(self, model: Any) -> Array:
        times = np.array([self.tau, 2.0 * self.tau])
        member = replace(self.test, model=model)
        found = member.correlator.values(np.array([self.gamma]), times, max(self.test.tolerance, 1e-6))
        return np.asarray(found.values[0])

    def k3(self, tolerance: float = 1e-4) -> NoisyK3:
        """K3 averaged over shots; `tolerance` for the quadrature in field and coupling."""
        return self._answer(self._ensemble, self._ensemble.average(tolerance))

    def _answer(self, ensemble: Ensemble, mean: Average) -> NoisyK3:
        near, far = ensemble.at(self.test.model.spins)
        return NoisyK3(
            value=float(2.0 * mean.value[0] - mean.value[1]),
            error=3.0 * (mean.error + max(self.test.tolerance, 1e-6)),
            ideal=float(2.0 * near - far),
            spread=float(2.0 * mean.spread[0] + mean.spread[1]),
            tau=self.tau,
            gamma=self.gamma,
            shots=mean.shots,
        )

    def against_spins(self, widths: Sequence[float]) -> list[NoisyK3]:
        """K3 for several σ_N, the other noise as it is; the members of one serve the others."""
        answers = []
        for width in widths:
            ensemble = self._ensemble_with("spins", float(width))
            answers.append(self._answer(ensemble, ensemble.average()))
        return answers

    def _ensemble_with(self, kind: str, width: float) -> Ensemble:
        other = Ensemble(self.test.model, _with_width(self.noise, kind, width), self._correlators)
        # A member is a model: which ensemble it belongs to does not matter.
        other._known = self._ensemble._known
        return other

    def limit(self, kind: str, largest: float | None = None) -> NoiseLimit:
        """Largest noise of a kind with which K3 still exceeds 1, the other noise as it is.

        Parameters
        ----------
        kind : {"spins", "field", "coupling", "temperature"}
            Of "temperature" the initial state is thermal.
        largest : float, optional
            Where to stop: N/8 atoms, a relative width of 0.05, or k_B T = 100 ΔE unless given.

        Returns
        -------
        NoiseLimit
            To 1 % of the value.
        """
        _checks.one_of("kind", kind, KINDS)
        if kind == "temperature":
            return self._temperature_limit(largest)
        if kind == "spins" and isinstance(self.noise.spins, Mapping):
            raise InputError("kind must be another one where the distribution of N is given; got 'spins'")
        top = (self.test.model.spins / 8.0 if kind == "spins" else 0.05) if largest is None else largest
        _checks.positive("largest", top)

        def excess(width: float) -> float:
            ensemble = self._ensemble_with(kind, width)
            return self._answer(ensemble, ensemble.average(1e-3)).value - 1.0

        return NoiseLimit(kind, _last_above(excess, top), top)

    def _temperature_limit(self, largest: float | None) -> NoiseLimit:
        top = 100.0 * float(self.test.doublet.splitting) if largest is None else _checks.positive("largest", largest)
        physical = self.test.model.energy_unit == "rad/s"

        def excess(kt: float) -> float:
            warm = replace(self.test, initial="thermal", temperature=_kelvin(kt) if physical else kt)
            return NoisyLeggettGarg(warm, self.noise, self._given_gamma(), self.tau).k3(1e-3).value - 1.0

        return NoiseLimit("temperature", _last_above(excess, top), top)

    def _given_gamma(self) -> float | str:
        return f"{self.gamma!r} 1/s" if self.test.model.energy_unit == "rad/s" else self.gamma


def _with_width(noise: Noise, kind: str, width: float) -> Noise:
    if kind == "spins":
        return replace(noise, spins=width)
    return replace(noise, field=width) if kind == "field" else replace(noise, coupling=width)


def _kelvin(kt: float) -> str:
    """k_B T over ħ in rad/s as a temperature."""
    from ..conventions import BOLTZMANN, HBAR

    return f"{kt * HBAR / BOLTZMANN!r} K"


def _last_above(excess: Callable[[float], float], largest: float) -> float | None:
    """Where a function that starts above zero first falls below it, to 1 %; inf if it does not up to `largest`."""
    from scipy.optimize import brentq

    if excess(0.0) <= 0.0:
        return None
    # Geometric steps find the first crossing; the last ones are taken only if it is far out.
    low, high = 0.0, largest / 64.0
    while excess(high) > 0.0:
        if high >= largest:
            return math.inf
        low, high = high, min(2.0 * high, largest)
    return float(brentq(excess, low, high, rtol=1e-2, xtol=1e-3 * high))
