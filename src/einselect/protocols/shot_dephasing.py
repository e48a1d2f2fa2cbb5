"""How fast shot-to-shot noise alone washes a coherence out, beside dephasing.

In the secular picture a shot has ρ_01(t) = ρ_01(0) exp(iΔE t - γG01 t). Averaged over shots whose ΔE has the standard
deviation σ_ω (small enough that ΔE is linear in what varies),

    |<ρ_01(t)>| = |ρ_01(0)| exp(-γG01 t - ½(σ_ω t)²),   σ_ω² = (σ_N ∂ΔE/∂N)² + (σ_Γ ∂ΔE/∂ln Γ)² + (σ_J ∂ΔE/∂ln J)².

It falls to 1/e at T2* = 2/(γG01 + sqrt((γG01)² + 2σ_ω²)); noise alone takes as long as dephasing alone, T2 = 1/(γG01),
where σ_ω = √2 γG01.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..rates import bath_parameters
from .noise import Ensemble, Noise
from .noise_kinds import FEWEST

_STEP = 1e-5
_FIRST, _GROWTH, _MARCH = 0.125, 1.25, 50


@dataclass(frozen=True)
class ShotDephasing:
    """What shot-to-shot noise does to the coherence ρ_01 of a doublet, beside dephasing.

    Attributes
    ----------
    slopes : dict of str to float
        ∂ΔE/∂N for "spins" (what is held as `Noise.hold` says), ∂ΔE/∂ln Γ for "field", ∂ΔE/∂ln J for "coupling".
    frequency_spread : float
        σ_ω to first order.
    rate : float
        γG01.
    t2 : float
        1/(γG01); inf without dephasing.
    t2_star : float
        When |<ρ_01>| has first fallen to 1/e of its start, over the shots themselves; inf if it never does.
    t2_star_gaussian : float
        The same by the formula above.
    equal : dict of str to float
        Width of each kind of noise (atoms; relative) that takes as long as dephasing: √2 γG01/|slope|.
    """

    slopes: dict[str, float]
    frequency_spread: float
    rate: float
    t2: float
    t2_star: float
    t2_star_gaussian: float
    equal: dict[str, float]


def shot_dephasing(model: Any, gamma: float | str | None, noise: Noise) -> ShotDephasing:
    """T2* of the coherence ρ_01 under dephasing by Jz and shot-to-shot noise.

    Parameters
    ----------
    model : LMG or alike
    gamma : float, str or None
        Dephasing rate.
    noise : Noise

    Returns
    -------
    ShotDephasing

    Examples
    --------
    The benchmark of the paper: how many atoms of noise do what dephasing does.

    >>> from einselect import LMG
    >>> from einselect.protocols import Noise, shot_dephasing
    >>> model = LMG(370, 0.95, "74345.55 rad/s")
    >>> for hold in ("coupling", "interaction"):
    ...     found = shot_dephasing(model, "0.05 1/s", Noise(spins=1.0, hold=hold))
    ...     print(f"{found.equal['spins']:.2f} atoms, T2* = {found.t2_star / found.t2:.2f} T2")
    18.35 atoms, T2* = 1.00 T2
    0.67 atoms, T2* = 0.48 T2
    """
    rate_of_bath = bath_parameters(model.energy_unit, gamma, None)[0] or 0.0
    rate = rate_of_bath * float(model.doublet().g01)
    slopes = frequency_slopes(model, noise)
    widths = {"spins": noise.numbers(model.spins).std, "field": noise.field, "coupling": noise.coupling}
    spread = math.hypot(*(widths[kind] * slope for kind, slope in slopes.items()))
    total = rate + math.hypot(rate, math.sqrt(2.0) * spread)
    gaussian = 2.0 / total if total else math.inf
    return ShotDephasing(
        slopes=slopes,
        frequency_spread=spread,
        rate=rate,
        t2=1.0 / rate if rate else math.inf,
        t2_star=_first_fall(model, rate_of_bath, noise, gaussian),
        t2_star_gaussian=gaussian,
        equal={k: math.sqrt(2.0) * rate / abs(slope) if slope else math.inf for k, slope in slopes.items()},
    )


def frequency_slopes(model: Any, noise: Noise) -> dict[str, float]:
    """∂ΔE/∂N (by one atom up and down), ∂ΔE/∂ln Γ and ∂ΔE/∂ln J (by central differences)."""

    def splitting(**changes: Any) -> float:
        return float(noise.member(model, **{"spins": model.spins, **changes}).doublet().splitting)

    fewer = max(FEWEST, model.spins - 1)
    slopes = {"spins": (splitting(spins=model.spins + 1) - splitting(spins=fewer)) / (model.spins + 1 - fewer)}
    for kind in ("field", "coupling"):
        slopes[kind] = (splitting(**{kind: 1.0 + _STEP}) - splitting(**{kind: 1.0 - _STEP})) / (2.0 * _STEP)
    return slopes


def mean_phase(
    model: Any,
    noise: Noise,
    times: Any,
    gamma: float = 0.0,
    tolerance: float = 1e-6,
    doublet: Callable[[Any], tuple[float, float]] | None = None,
) -> Any:
    """<exp(iΔE t - γG01 t)> over the shots, complex, for each time, and its error; `doublet` gives ΔE and G01."""
    doublet = doublet or _doublet
    grid = np.asarray(times, dtype=np.float64)

    def turned(member: Any) -> Any:
        splitting, moment = doublet(member)
        values = np.exp((1j * splitting - gamma * moment) * grid)
        return np.concatenate((values.real, values.imag))

    found = Ensemble(model, noise, turned, bound=1.0).average(tolerance, every=False)
    return found.value[: len(grid)] + 1j * found.value[len(grid) :], found.error


def _doublet(model: Any) -> tuple[float, float]:
    found = model.doublet()
    return float(found.splitting), float(found.g01)


def _first_fall(model: Any, gamma: float, noise: Noise, guess: float) -> float:
    """When |<exp(iΔE t - γG01 t)>| first reaches 1/e, on steps that grow by a quarter; inf if not in 10⁴ guesses."""
    from scipy.optimize import brentq

    if math.isinf(guess):
        return math.inf

    doublet = cache(_doublet)

    @cache
    def excess(time: float) -> float:
        mean, _ = mean_phase(model, noise, [time], gamma, 1e-5, doublet)
        return math.log(max(float(np.abs(mean[0])), 1e-300)) + 1.0

    low, high = 0.0, _FIRST * guess
    for _ in range(_MARCH):
        if excess(high) < 0.0:
            return float(brentq(excess, low, high, rtol=1e-6))
        low, high = high, _GROWTH * high
    return math.inf
