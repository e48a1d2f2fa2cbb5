"""Advice on sensing a weak field, and on squeezing that has to last."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import _checks
from ..errors import InputError
from ..models.base import is_spin, most_levels
from ..rates import DephasingRates, units_of
from .advice import Advice, RateEstimateNote, Remedy, Weights
from .advice_checks import conditions, ladder, nearest, ordered, weights_of
from .advice_leggett_garg import duration, given_gamma, noise_of, rates_of, system_of
from .interrogation import Interrogation, best_interrogation
from .metrology_course import metrology
from .noise import Ensemble, Noise
from .sensing_states import starting_state
from .specification import SensingSpec, Specification, SqueezingSpec

_POINTS = 201
_WEIGHT_LEVELS = 40
_TOLERANCE, _COARSE = 1e-5, 1e-3  # of the curves, of a collective spin and of other systems


def advise_sensing(spec: Specification, protocol: SensingSpec) -> Advice:
    """Advice on resolving a weak field or a small rotation."""
    rates = rates_of(spec)
    model = rates.doublet.source
    _checked_signal(model, protocol.signal)
    dead = duration("protocol.dead_time", protocol.dead_time, model) or 0.0
    noise = noise_of(spec)
    weights = _weights(model, protocol)
    best = _best(spec, protocol, model, rates, dead)
    contrast = _contrast(model, noise, best.time) if _in_coherence(weights) else 1.0
    signal = best.sensitivity / contrast if contrast else math.inf
    works = None if protocol.target is None else signal <= protocol.target
    error = signal * best.time_error / max(best.time, 1e-300) if not best.at_edge else math.nan
    what = "angle" if protocol.scheme == "impulsive" else "field"
    per = ", in unit time" if protocol.scheme == "repeated" else ""
    warnings = ["the best time is the last one considered: raise t_end"] if best.at_edge else []
    if contrast < 0.9:
        warnings.append(f"shot-to-shot noise leaves {contrast:.2g} of the contrast of ρ_01 at the best time")
    return Advice(
        title=spec.title or _title(model, protocol),
        kind=protocol.kind,
        coherence=_sector(weights),
        weights=weights,
        rate=best.effective_rate,
        rate_name=_named(best, rates),
        estimates=tuple(RateEstimateNote(e.name, e.rate, e.promised * best.sensitivity) for e in best.estimates),
        naive=_naive(best),
        checks=tuple(conditions(model, rates, protocol.prepare, best.time, noise)),
        signal_name=f"smallest {what}{per}, read out at {best.time:.6g}",
        signal=signal,
        error=error,
        ideal=best.sensitivity,
        requirement="none" if protocol.target is None else f"<= {protocol.target:g}",
        works=works,
        remedies=_sensing_remedies(spec, protocol, rates, dead, contrast) if works is False else (),
        limits={},
        units=units_of(model.energy_unit),
        warnings=tuple(warnings),
    )


def advise_squeezing(spec: Specification, protocol: SqueezingSpec) -> Advice:
    """Advice on spin squeezing, ξ_R² < 1, that is used after a while."""
    rates = rates_of(spec)
    model = rates.doublet.source
    if not is_spin(model):
        raise InputError(
            f"protocol.kind must be another than 'squeezing' for {system_of(model)}, which is no collective spin"
        )
    at = protocol.at * _t2(rates)
    start, value, error = _wineland(spec, protocol, model, rates, at)
    noise = noise_of(spec)
    levels = model.levels(min(_WEIGHT_LEVELS, model.spins + 1))
    rho, _ = starting_state(model, levels, protocol.prepare)
    weights = weights_of(rho, levels, "ρ")
    estimates = [
        RateEstimateNote(name, rate, None if rate is None else start * math.exp(2.0 * rate * at))
        for name, rate in (
            ("γ G01 (eigenstates)", rates.rate_eigenstate),
            ("γ (G01 + J01²) (pointer states)", rates.rate_pointer),
            ("γ G_loc (mean field)", rates.rate_mean_field),
        )
    ]
    shown = math.log(value / start) / (2.0 * at) if value > 0.0 and start > 0.0 else None
    works = None if abs(value - 1.0) <= error else value < 1.0
    return Advice(
        title=spec.title or f"Spin squeezing, N = {model.spins}",
        kind=protocol.kind,
        coherence=(
            "variances across the mean spin: <Jy²>, <Jz²> and <Jx> keep parity and read the populations' sector; "
            "neither ρ_01 nor ρ_PR is in them, but the spread of the wells and what leaks to higher levels"
        ),
        weights=weights,
        rate=shown,
        rate_name=_of_g01(shown, rates) + ", as the growth of ξ_R² in the form e^{2Γt}",
        estimates=tuple(estimates),
        naive=f"the mean-field rate would give ξ_R² = {estimates[2].predicted:.3g} where it is {value:.3g}"
        if estimates[2].predicted is not None
        else "there is no mean-field rate in this phase",
        checks=tuple(conditions(model, rates, protocol.prepare, at, noise)),
        signal_name=f"ξ_R² after {protocol.at:g} T2",
        signal=value,
        error=error,
        ideal=value,
        requirement="ξ_R² < 1",
        works=works,
        remedies=() if works else _squeezing_remedies(spec, protocol, model, rates),
        limits={},
        units=units_of(model.energy_unit),
        warnings=()
        if noise.is_none
        else ("shot-to-shot noise is not in ξ_R²: variances are within shots of one N and field",),
    )


def _t2(rates: DephasingRates) -> float:
    """1/(γ G01); without dephasing, a tunnelling period."""
    assert rates.doublet.log_splitting is not None  # a model of this package knows it
    return rates.t2_eigenstate or 2.0 * math.pi * math.exp(-rates.doublet.log_splitting)


def _best(spec: Specification, protocol: SensingSpec, model: Any, rates: DephasingRates, dead: float) -> Interrogation:
    times = np.linspace(0.0, protocol.t_end * _t2(rates), _POINTS)
    course = metrology(
        model,
        given_gamma(rates),
        protocol.prepare,
        times,
        signal=protocol.signal,
        jump=None if is_spin(model) else rates.doublet.jump,
        tolerance=_TOLERANCE if is_spin(model) else _COARSE,
        frequency=protocol.frequency if isinstance(protocol.frequency, str) else float(protocol.frequency),
        phase=protocol.phase,
    )
    return best_interrogation(course, protocol.scheme, dead_time=dead)


def _weights(model: Any, protocol: SensingSpec) -> Weights:
    """Of the first response -i[G, ρ]: that is where the field writes its signal."""
    levels = model.levels(min(_WEIGHT_LEVELS, most_levels(model)))
    rho, _ = starting_state(model, levels, protocol.prepare)
    signal = _signal(model, protocol)
    generator = levels.matrix(signal)
    return weights_of(-1j * (generator @ rho - rho @ generator), levels, f"-i[{signal}, ρ]")


def _signal(model: Any, protocol: SensingSpec) -> str:
    """What the field couples to: as given, or Jz or the order parameter."""
    return protocol.signal or ("Jz" if is_spin(model) else str(model.order_operator))


def _checked_signal(model: Any, signal: str | None) -> None:
    if signal is not None:
        _checks.one_of("protocol.signal", signal, ("Jx", "Jy", "Jz") if is_spin(model) else model.jump_operators())


def _title(model: Any, protocol: SensingSpec) -> str:
    signal = _signal(model, protocol)
    return f"Sensing along {signal[1] if is_spin(model) else signal}, {system_of(model)}"


def _in_coherence(weights: Weights) -> bool:
    """Whether the doublet's part of the response is ρ_01; what lies beyond the doublet is off resonance."""
    return weights.elements["Re ρ_01"] + weights.elements["Im ρ_01"] > 0.5


def _sector(weights: Weights) -> str:
    which = "ρ_01, the coherence of the energy eigenstates"
    if not _in_coherence(weights):
        which = "ρ_00 - ρ_11, the populations' sector (Re ρ_PR of the pointer states)"
    return f"{which}: the part of {weights.operator} within the doublet is there"


def _contrast(model: Any, noise: Noise, time: float) -> float:
    """|<exp(iΔE t)>| over the shots."""
    if noise.is_none:
        return 1.0
    mean = Ensemble(
        model, noise, lambda m: [math.cos(m.doublet().splitting * time), math.sin(m.doublet().splitting * time)]
    ).average(1e-3)
    return float(np.hypot(*mean.value))


def _of_g01(shown: float | None, rates: DephasingRates) -> str:
    if shown is None or not rates.rate_eigenstate:
        return "none is shown"
    return f"{shown / rates.rate_eigenstate:.3g} γ G01"


def _named(best: Interrogation, rates: DephasingRates) -> str:
    text = _of_g01(best.effective_rate, rates)
    return text if best.nearest is None else f"{text}; nearest to the {best.nearest} rate"


def _naive(best: Interrogation) -> str:
    for estimate in best.estimates:
        if estimate.name == "mean field":
            return (
                f"the mean-field rate would read out at {estimate.time_ratio:.3g} of the best time, expect "
                f"{estimate.promised:.3g} times the smallest field, and lose a factor {estimate.loss:.3g}"
            )
    return "there is no mean-field rate in this phase"


def _sensing_remedies(
    spec: Specification, protocol: SensingSpec, rates: DephasingRates, dead: float, contrast: float
) -> tuple[Remedy, ...]:
    """Less dephasing, or none of the noise."""
    assert protocol.target is not None
    target, model = protocol.target, rates.doublet.source

    def by_gamma(gamma: float) -> float:
        changed = DephasingRates(rates.doublet, gamma, rates.temperature)
        return _best(spec, protocol, model, changed, dead).sensitivity / contrast

    found = [nearest("gamma", rates.gamma or 0.0, by_gamma, lambda s: s <= target, ladder(up=False)[3::4])]
    return ordered(found if rates.gamma else [])


def _wineland(
    spec: Specification, protocol: SqueezingSpec, model: Any, rates: DephasingRates, at: float
) -> tuple[float, float, float]:
    """ξ_R² at the start and at a time, and its error."""
    course = metrology(model, given_gamma(rates), protocol.prepare, np.linspace(0.0, at, 9))
    values = course.wineland.values
    outside = float(course.attrs["outside"]) + float(course.attrs["convergence_error"])
    return float(values[0]), float(values[-1]), outside * float(np.nanmax(values))


def _squeezing_remedies(
    spec: Specification, protocol: SqueezingSpec, model: Any, rates: DephasingRates
) -> tuple[Remedy, ...]:
    def by_gamma(gamma: float) -> float:
        changed = DephasingRates(rates.doublet, gamma, rates.temperature)
        return _wineland(spec, protocol, model, changed, protocol.at * _t2(rates))[1]

    def by_time(at: float) -> float:
        return _wineland(spec, protocol, model, rates, at * _t2(rates))[1]

    def enough(value: float) -> bool:
        return value < 1.0

    return ordered(
        [
            nearest("gamma", rates.gamma or 0.0, by_gamma, enough, ladder(up=False)[1::2]) if rates.gamma else None,
            nearest("protocol.at", protocol.at, by_time, enough, ladder(up=False)[1::2]),
        ]
    )
