"""Advice on a Leggett-Garg test."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from .. import _checks, quantities
from ..errors import EinselectError, InputError, PhaseError
from ..models.base import is_spin, most_levels
from ..models.registry import MODELS
from ..rates import DephasingRates, dephasing_rates, units_of, written_rate
from .advice import Advice, RateEstimateNote, Remedy, Weights
from .advice_checks import conditions, ladder, nearest, ordered, weights_of
from .initial import state_on
from .leggett_garg import LeggettGarg
from .noise import Noise
from .noisy_leggett_garg import NoisyLeggettGarg
from .specification import LeggettGargSpec, NoiseSpec, RegistrySpec, Specification

_FAST = 8
"""Levels on which members of an ensemble and remedies are worked out; the rest is added as found without noise."""


def noise_of(whole: Specification) -> Noise:
    """Noise from its part of a file."""
    spec = whole.noise
    if isinstance(whole.model, RegistrySpec) and spec != NoiseSpec():
        raise InputError(
            f"noise must be left out for the model {whole.model.name}: it is that of N, Γ and J of a spin; got some"
        )
    hold = spec.hold
    if whole.model.name == "bose-josephson":
        if hold == "coupling":
            raise InputError(
                "noise.hold must be 'interaction' for the model bose-josephson: K and U stay; got 'coupling'"
            )
        hold = "interaction"
    spins: Any = spec.spins
    if isinstance(spins, dict):
        try:
            spins = {int(number): weight for number, weight in spins.items()}
        except ValueError:
            raise InputError(f"noise.spins must have whole numbers as keys; got {list(spins)!r}") from None
    return Noise(spins=spins, field=spec.field, coupling=spec.coupling, hold=hold or "coupling")


def duration(name: str, value: float | str | None, model: Any) -> float | None:
    """A time in the unit of the model; plain where its energies are plain."""
    if value is None:
        return None
    read = quantities.time(name, value)
    if read.value and read.physical != (model.energy_unit == "rad/s"):
        raise InputError(f"{name} must have a unit if and only if the coupling has one; got {value!r}")
    return read.value


def rates_of(spec: Specification) -> DephasingRates:
    """The rates of the doublet under what dephases.

    Raises
    ------
    InputError
        For another jump operator than Jz of a collective spin that has its own table.
    """
    model: Any = spec.model.build()
    jump = spec.bath.jump
    if is_spin(model):
        _checks.one_of("bath.jump", jump or "Jz", ("Jz",))
        jump = None
    elif jump is not None:
        _checks.one_of("bath.jump", jump, model.jump_operators())
    return dephasing_rates(model, spec.bath.gamma, temperature=spec.bath.temperature, jump=jump)


def system_of(model: Any) -> str:
    """N of a collective spin, or the name of another model."""
    return f"N = {model.spins}" if is_spin(model) else str(model.parameters()["model"])


def advise_leggett_garg(spec: Specification, protocol: LeggettGargSpec) -> Advice:
    """Advice on K3 > 1 with Q = sgn(Jz), or the sign of another model's order parameter."""
    rates = rates_of(spec)
    model: Any = rates.doublet.source
    spin = is_spin(model)
    if getattr(model, "phase", "ordered") in ("critical", "disordered"):
        raise PhaseError(f"model must be in the ordered phase for a Leggett-Garg test; got {model.phase}")
    if spin and protocol.readout not in (None, "Jz"):
        raise InputError(f"protocol.readout must be 'Jz' for a collective spin; got {protocol.readout!r}")
    warm = protocol.prepare == "thermal"
    test = LeggettGarg(
        model,
        initial=protocol.prepare,
        temperature=spec.bath.temperature if warm else None,
        tolerance=1e-6 if spin else 1e-4,
        operator=protocol.readout,
        jump=None if spin else rates.doublet.jump,
    )
    fast = replace(test, level=min(_FAST, most_levels(model)))
    tau = test.interval(duration("protocol.tau", protocol.tau, model))
    noise = noise_of(spec)
    exact = test.k3(spec.bath.gamma, tau)
    search: _Search | _PlainSearch
    if not isinstance(spec.model, RegistrySpec):
        shots = NoisyLeggettGarg(fast, noise, spec.bath.gamma, tau)
        noisy = shots.k3()
        offset = exact.value - noisy.ideal
        signal = noisy.value + offset
        # How far the offset itself changes over the ensemble is not known: its size stands for that.
        error = exact.error + noisy.error + (0.0 if noise.is_none else abs(offset))
        search = _Search(shots, tau if protocol.tau is not None else None, offset)
    else:
        signal, error = exact.value, exact.error
        offset = signal - fast.k3(spec.bath.gamma, tau).value
        search = _PlainSearch(spec, fast, float(rates.gamma or 0.0), tau if protocol.tau is not None else None, offset)
    works = None if abs(signal - 1.0) <= error else signal > 1.0
    estimates, shown = _estimates(test, rates, exact.value, tau)
    read = test.correlator.read_name
    return Advice(
        title=spec.title or f"Leggett-Garg test, {system_of(model)}",
        kind=protocol.kind,
        coherence=(
            f"ρ_01, the coherence of the energy eigenstates: ½{{sgn {read}, ρ}} connects levels of opposite parity "
            "only, whatever parity-keeping state it begins with"
        ),
        weights=_weights(test, protocol.prepare),
        rate=shown,
        rate_name=_named(rates, shown, read),
        estimates=estimates,
        naive=_naive(rates, estimates, exact.value),
        checks=tuple(conditions(model, rates, protocol.prepare, 2.0 * tau, noise)),
        signal_name="K3",
        signal=signal,
        error=error,
        ideal=exact.value,
        requirement="K3 > 1",
        works=works,
        remedies=() if works else search.remedies(),
        limits=search.limits() if works else {},
        units=units_of(model.energy_unit),
        warnings=_warnings(protocol, rates),
    )


def _weights(test: LeggettGarg, prepare: str) -> Weights:
    levels = test.model.levels(min(64 if test.correlator.spin else 36, most_levels(test.model)))
    k = len(levels)
    rho = np.zeros((k, k), dtype=complex)
    start = state_on(levels, prepare, test.kt)
    rho[: len(start), : len(start)] = start
    q = replace(test, level=k).correlator.readout_on_levels
    return weights_of(0.5 * (q @ rho + rho @ q), levels, f"½{{sgn {test.correlator.read_name}, ρ}}")


def _form(contrast: float, angle: float, decay: float) -> float:
    """K3 of c cos(ΔEt) e^{-Γt}, with e^{-Γτ} = decay."""
    return contrast * (2.0 * math.cos(angle) * decay - math.cos(2.0 * angle) * decay**2)


def _estimates(
    test: LeggettGarg, rates: DephasingRates, exact: float, tau: float
) -> tuple[tuple[RateEstimateNote, ...], float | None]:
    """What each rate of the table predicts for K3, and the rate with which that form gives the exact value."""
    d = rates.doublet
    contrast, angle = test.correlator.contrast, test.correlator.splitting * tau
    notes = [
        RateEstimateNote(name, rate, None if rate is None else _form(contrast, angle, math.exp(-rate * tau)))
        for name, rate in (
            ("γ G01 (eigenstates, secular)", rates.rate_eigenstate),
            ("γ (G01 + J01²) (pointer states)", rates.rate_pointer),
            ("γ G_loc (mean field)", rates.rate_mean_field),
        )
    ]
    gamma = given_gamma(rates)
    two = replace(test, level="two-level").k3(gamma, tau)
    notes.append(RateEstimateNote("Lindblad equation on the doublet", (rates.gamma or 0.0) * d.j01**2, two.value))
    # c(2 cos θ y - cos 2θ y²) = K3 for y = e^{-Γτ}: the root within (0, 1].
    roots = np.roots([-contrast * math.cos(2.0 * angle), 2.0 * contrast * math.cos(angle), -exact])
    real = [float(r.real) for r in roots if abs(r.imag) < 1e-12 and 0.0 < r.real <= 1.0 + 1e-12]
    shown = -math.log(min(1.0, max(real))) / tau if real else None
    return tuple(notes), shown


def given_gamma(rates: DephasingRates) -> float | str:
    """γ as a user of the model would write it."""
    gamma = rates.gamma or 0.0
    return written_rate(rates.doublet.energy_unit, gamma)


def _named(rates: DephasingRates, shown: float | None, read: str) -> str:
    if shown is None or not rates.rate_eigenstate:
        return "none: K3 has no form c cos(ΔEt) e^{-Γt} here"
    ratio = shown / rates.rate_eigenstate
    text = f"{ratio:.3g} γ G01"
    if ratio < 0.8:
        text += (
            f": slower than ρ_01 in the secular approximation, since sgn {read} begins as Re ρ_01, which dephasing "
            "leaves alone until tunnelling turns it into Im ρ_01"
        )
    return text


def _naive(rates: DephasingRates, estimates: tuple[RateEstimateNote, ...], exact: float) -> str:
    naive = estimates[2]
    if naive.predicted is None:
        return "there is no mean-field rate in this phase"
    verdict = "would call it off" if naive.predicted <= 1.0 < exact else "agrees on the verdict"
    return f"the mean-field rate predicts K3 = {naive.predicted:.4g} where it is {exact:.4g}, and {verdict}"


def _warnings(protocol: LeggettGargSpec, rates: DephasingRates) -> tuple[str, ...]:
    if protocol.prepare == "ground" and rates.thermal_ratio is not None and rates.thermal_ratio < 3.0:
        share = 1.0 / (1.0 + math.exp(rates.thermal_ratio))
        return (
            f"the ground state is asked for, but at this temperature |E1> holds {100.0 * share:.3g} % of the doublet",
        )
    return ()


class _PlainSearch:
    """The same for a system that is no collective spin, without noise: γ, and the parameters of the model."""

    def __init__(self, spec: Specification, fast: LeggettGarg, gamma: float, tau: float | None, offset: float) -> None:
        assert isinstance(spec.model, RegistrySpec)
        self._model, self._fast, self._gamma, self._tau, self._offset = spec.model, fast, gamma, tau, offset

    def _k3(self, test: LeggettGarg, gamma: float) -> float | None:
        try:
            value = test.k3(written_rate(test.model.energy_unit, gamma), self._tau).value
        except EinselectError:
            return None
        return float(value + self._offset)

    def _by(self, name: str, value: float) -> float | None:
        unit = self._fast.model.energy_unit
        whole = name in ("spins", "sites")
        try:
            changed = self._model.changed(name, round(value) if whole else value, unit)
            if getattr(changed, "phase", "ordered") in ("critical", "disordered"):
                return None
            return self._k3(replace(self._fast, model=changed), self._gamma)
        except EinselectError:  # no such model, or no doublet that is resolved
            return None

    def remedies(self) -> tuple[Remedy, ...]:
        """The nearest change of each single parameter that makes K3 > 1, either way."""

        def enough(value: float) -> bool:
            return value > 1.0

        found = []
        if self._gamma:
            by_rate = partial(self._k3, self._fast)
            found.append(nearest("gamma", self._gamma, by_rate, enough, ladder(up=False)))
        for parameter in MODELS[self._model.name].parameters:
            value = getattr(self._fast.model, parameter.name)
            if parameter.many or not (parameter.energy or parameter.name in ("spins", "huang_rhys")) or not value:
                continue
            both = [
                nearest(parameter.name, float(value), partial(self._by, parameter.name), enough, ladder(up=up))
                for up in (False, True)
            ]
            found += list(ordered(both)[:1])
        return ordered(found)

    def limits(self) -> dict[str, float | None]:
        """How far γ may go."""
        return {"gamma": replace(self._fast, level="converged").threshold(self._tau).gamma}


class _Search:
    """K3 as a function of one parameter at a time, on few levels with the rest added."""

    def __init__(self, noisy: NoisyLeggettGarg, tau: float | None, offset: float) -> None:
        self._noisy, self._tau, self._offset = noisy, tau, offset
        self._test, self._noise, self._gamma = noisy.test, noisy.noise, noisy.gamma

    def _rate(self, gamma: float) -> float | str:
        return written_rate(self._test.model.energy_unit, gamma)

    def _by_rate(self, gamma: float) -> float:
        return self._noisy.at_rate(self._rate(gamma)).k3().value + self._offset

    def _by_model(self, model: Any) -> float | None:
        try:
            changed = NoisyLeggettGarg(
                replace(self._test, model=model), self._noise, self._rate(self._gamma), self._tau
            )
            return changed.k3().value + self._offset
        except EinselectError:  # no doublet, or nothing that is resolved, at that value
            return None

    def remedies(self) -> tuple[Remedy, ...]:
        """The nearest change of each single parameter that makes K3 > 1."""
        model, noise = self._test.model, self._noise

        def enough(value: float) -> bool:
            return value > 1.0

        def by_spins(spins: float) -> float | None:
            return self._by_model(replace(model, spins=max(4, round(spins))))

        def by_field(field: float) -> float | None:
            changed = replace(model, field=field)
            return self._by_model(changed) if changed.phase == "ordered" else None

        found = [
            nearest("gamma", self._gamma, self._by_rate, enough, ladder(up=False)) if self._gamma else None,
            nearest("spins", float(model.spins), by_spins, enough, ladder(up=False)),
            nearest("field", model.field, by_field, enough, ladder(up=True, largest=0.999 / model.field_ratio)),
        ]
        widths = {"spins": noise.spins, "field": noise.field, "coupling": noise.coupling}
        for kind, width in widths.items():
            if isinstance(width, float | int) and width:
                found.append(nearest(f"noise.{kind}", float(width), self._by_width(kind), enough, ladder(up=False)))
        return ordered(found)

    def _by_width(self, kind: str) -> Callable[[float], float]:
        return lambda width: self._noisy.against(kind, [width])[0].value + self._offset

    def limits(self) -> dict[str, float | None]:
        """How far γ and the noise may go: each by itself, without the other noise."""
        alone = NoisyLeggettGarg(self._test, Noise(hold=self._noise.hold), self._rate(self._gamma), self._tau)
        found: dict[str, float | None] = {
            f"noise.{kind}": alone.limit(kind).value for kind in ("spins", "field", "coupling")
        }
        return {"gamma": replace(self._test, level="converged").threshold(self._tau).gamma, **found}
