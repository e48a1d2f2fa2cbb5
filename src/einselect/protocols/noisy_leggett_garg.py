"""A Leggett-Garg test whose atom number, field and coupling vary from shot to shot.

An experiment sets one interval τ and averages outcomes, so that correlators are averaged: K3 = 2<C(τ)> - <C(2τ)>.
ΔE falls exponentially with N: a spread of σ_N atoms makes a spread σ_N |dΔE/dN| τ of the phase ΔE τ. With J held it is
small (J/N falls as N grows, which makes up for most of it); with J/N held, as in a trap, a few atoms wash K3 out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import _checks
from .._representation import Shown
from ..errors import InputError
from ..rates import written_rate
from .leggett_garg import LeggettGarg
from .lg_control import nearly_converged
from .noise import Ensemble, Noise
from .noise_limit import NoiseLimit, last_above
from .whole_space import Array

KINDS = ("spins", "field", "coupling", "temperature")
_MEMBER_TOLERANCE = 1e-5


@dataclass(frozen=True)
class NoisyK3(Shown):
    """K3 averaged over shots.

    Attributes
    ----------
    value, error : float
    ideal : float
        Without noise, at the same τ.
    spread : float
        Standard deviation from shot to shot of the K3 that an ensemble of equal shots would have.
    tau, gamma : float
    shots : int
        Different members of the ensemble that were worked out.
    disordered : float
        Probability that a shot is not in the ordered phase.
    left_out : float
        Probability of shots outside the sum (in the error as if K3 were anything within ±3 there).
    energy_unit : str
        Of the model, which `tau` and `gamma` go with.
    """

    value: float
    error: float
    ideal: float
    spread: float
    tau: float
    gamma: float
    shots: int
    disordered: float = 0.0
    left_out: float = 0.0
    energy_unit: str = "J"

    @property
    def violates(self) -> bool | None:
        """Whether K3 > 1; None where the error leaves it open."""
        return None if abs(self.value - 1.0) <= self.error else self.value > 1.0


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
    With the level "converged" each member takes a tenth of a second (N = 370); with a number of levels or "C" some
    milliseconds. K3 of all levels is no smooth function of N: the step of sgn(Jz) reaches levels whose phases turn by
    radians from one N to the next, and these scatter it by some 10⁻³. So what is summed over every atom number is a
    cheap stand-in that has this scatter (`lg_control`); what is exact less that, a few 10⁻⁴, is averaged over coarser
    lattices of N, refined until they agree. Members are remembered: limits and scans share them.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.protocols import LeggettGarg, Noise, NoisyLeggettGarg
    >>> test = LeggettGarg(LMG(370, 0.95, "74345.55 rad/s"), level="C")
    >>> for hold in ("coupling", "interaction"):
    ...     found = NoisyLeggettGarg(test, Noise(spins=10.0, hold=hold), "0.05 1/s").k3()
    ...     print(f"J{'' if hold == 'coupling' else '/N'} held: {found.value:.4f} instead of {found.ideal:.4f}")
    J held: 1.3056 instead of 1.3166
    J/N held: 0.4618 instead of 1.3166
    """

    def __init__(self, test: LeggettGarg, noise: Noise, gamma: Any, tau: float | None = None) -> None:
        rates = test.rates(gamma)
        if len(rates) != 1:
            raise _checks.fail("gamma", "one rate", gamma)
        self.test, self.noise = test, noise
        self.gamma, self.tau = float(rates[0]), test.interval(tau)
        self._member_error = 0.0
        self._tests: dict[Any, LeggettGarg] = {}
        self._whole = test.level == "converged"
        self._ensemble = Ensemble(
            test.model,
            noise,
            self._k3,
            control=self._cheap_k3 if self._whole else None,
            bound=3.0,
        )

    def _k3(self, model: Any) -> Array:
        # A test keeps the levels of its model: they serve other rates too.
        if model not in self._tests:
            self._tests[model] = replace(self.test, model=model)
        member = self._tests[model]
        tolerance = max(self.test.tolerance, _MEMBER_TOLERANCE)
        found = member.correlator.values(np.array([self.gamma]), self._times, tolerance)
        self._member_error = max(self._member_error, found.error)
        return np.array([2.0 * found.values[0, 0] - found.values[0, 1]])

    def _cheap_k3(self, model: Any) -> Array:
        near, far = nearly_converged(replace(self.test, model=model), self.gamma, self._times)
        return np.array([2.0 * near - far])

    @property
    def _times(self) -> Array:
        return np.array([self.tau, 2.0 * self.tau])

    def k3(self, tolerance: float = 1e-3) -> NoisyK3:
        """K3 averaged over shots.

        Parameters
        ----------
        tolerance : float
            For the lattices of noisy parameters. Where the atom number alone is noisy, and the level is not
            "converged", the sum is over every atom number whatever the tolerance.

        Raises
        ------
        PhaseError
            Where shots in the disordered phase are asked for their mean-field rate (level "A").
        ResolutionError
            As of `Ensemble.average`.
        """
        return self._answer(self._ensemble, tolerance)

    def _answer(self, ensemble: Ensemble, tolerance: float) -> NoisyK3:
        noise = ensemble.noise
        mean = ensemble.average(tolerance, every=not (self._whole or noise.field or noise.coupling))
        return NoisyK3(
            value=float(mean.value[0]),
            error=mean.error + 3.0 * self._member_error,
            ideal=float(ensemble.at(self.test.model.spins)[0]),
            spread=float(mean.spread[0]),
            tau=self.tau,
            gamma=self.gamma,
            shots=mean.shots,
            disordered=ensemble.share(_is_not_ordered),
            left_out=ensemble.left_out,
            energy_unit=self.test.model.energy_unit,
        )

    def at_rate(self, gamma: Any) -> NoisyLeggettGarg:
        """The same at another dephasing rate; the levels of the members serve both."""
        other = NoisyLeggettGarg(self.test, self.noise, gamma, self.tau)
        other._tests = self._tests
        return other

    def against_spins(self, widths: Sequence[float]) -> list[NoisyK3]:
        """K3 for several σ_N, the other noise as it is; the members of one serve the others."""
        return self.against("spins", widths)

    def against(self, kind: str, widths: Sequence[float], tolerance: float = 1e-3) -> list[NoisyK3]:
        """K3 for several widths of one kind of noise, "spins", "field" or "coupling", the others as they are."""
        _checks.one_of("kind", kind, KINDS[:3])
        return [self._answer(self._ensemble.with_noise(_with_width(self.noise, kind, w)), tolerance) for w in widths]

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
            Found on steps that double, and between two of them to 1 %. A first loss of the violation and its return
            between two neighbouring steps would be missed.
        """
        _checks.one_of("kind", kind, KINDS)
        if kind == "temperature":
            return self._temperature_limit(largest)
        if kind == "spins" and isinstance(self.noise.spins, Mapping):
            raise InputError("kind must be another one where the distribution of N is given; got 'spins'")
        top = (self.test.model.spins / 8.0 if kind == "spins" else 0.05) if largest is None else largest
        _checks.positive("largest", top)

        def excess(width: float) -> tuple[float, float]:
            found = self.against(kind, [width], 1e-3)[0]
            return found.value - 1.0, found.error

        return last_above(excess, top, kind, self.noise.hold)

    def _temperature_limit(self, largest: float | None) -> NoiseLimit:
        top = 100.0 * float(self.test.doublet.splitting) if largest is None else _checks.positive("largest", largest)

        def excess(kt: float) -> tuple[float, float]:
            warm = replace(self.test, initial="thermal", temperature=self._temperature(kt))
            found = NoisyLeggettGarg(warm, self.noise, self._given_gamma(), self.tau).k3(1e-3)
            return found.value - 1.0, found.error

        found = last_above(excess, top, "temperature", self.noise.hold)
        return replace(found, warnings=self._thermal_warnings(found.value))

    def _thermal_warnings(self, kt: float | None) -> tuple[str, ...]:
        """Whether the levels of the test hold the thermal state of the limit."""
        if self.test.level in ("A", "B", "two-level"):
            return (f"level {self.test.level!r} does not depend on the initial state: ask the level 'converged'",)
        kept = self.test.correlator.projected
        if self.test.level == "converged" or kt is None or not np.isfinite(kt):
            return ()
        weights = np.exp(-self.test.model.levels(min(self.test.model.spins + 1, 4 * kept + 60)).excitations / kt)
        outside = float(weights[kept:].sum() / weights.sum())
        if outside <= 1e-3:
            return ()
        return (f"at this temperature {outside:.2g} of the state is above the {kept} levels that the test keeps",)

    def _temperature(self, kt: float) -> float | str:
        """k_B T of the model's unit as a temperature to give."""
        if self.test.model.energy_unit != "rad/s":
            return kt
        from ..conventions import BOLTZMANN, HBAR

        return f"{kt * HBAR / BOLTZMANN!r} K"

    def _given_gamma(self) -> float | str:
        return written_rate(self.test.model.energy_unit, self.gamma)


def _with_width(noise: Noise, kind: str, width: float) -> Noise:
    if kind == "spins":
        return replace(noise, spins=width)
    return replace(noise, field=width) if kind == "field" else replace(noise, coupling=width)


def _is_not_ordered(model: Any) -> bool:
    return getattr(model, "phase", "ordered") != "ordered"
