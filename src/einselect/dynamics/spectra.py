"""Noise power spectra S(ω) of a bath, for the Redfield equation.

S(ω) = ∫ dτ e^(iωτ) <B(τ)B(0)> is real and not negative. At ω > 0 the bath takes the energy ω from the system, at
ω < 0 it gives it; a bath in equilibrium at temperature T has S(-ω) = e^(-ω/k_BT) S(ω). Frequencies, cut-offs and
k_B T are in the levels' unit of energy (ħ = 1), S in the same unit where the coupling operator has none. A flat
S(ω) = γ is the Lindblad equation with rate γ. All of it is the convention of QuTiP's `brmesolve`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .. import _checks
from ..errors import InputError

Spectrum = Callable[[float], float]


def _emission(ratio: float) -> float:
    """x/(1 - e^(-x)), the bath's n(x) + 1 times x: 1 at x = 0, no cancellation near it, no overflow far from it."""
    size = abs(ratio)
    value = size / -math.expm1(-size) if size > 0.0 else 1.0
    return value if ratio >= 0.0 else value * math.exp(-size)


@dataclass(frozen=True)
class FlatSpectrum:
    """White noise S(ω) = γ: infinite temperature, no memory.

    Parameters
    ----------
    gamma : float
        γ >= 0.
    """

    gamma: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "gamma", _checks.non_negative("gamma", self.gamma))

    def __call__(self, omega: float) -> float:
        """S(ω)."""
        return self.gamma

    @property
    def correlation_time(self) -> float | None:
        """0: no memory."""
        return 0.0


@dataclass(frozen=True)
class OhmicSpectrum:
    """Ohmic bath: S(ω) = 2αω e^(-|ω|/ω_c)/(1 - e^(-ω/k_BT)), so S(0) = 2α k_BT.

    That is 2J(ω)(n(ω) + 1) for the spectral density J(ω) = αω e^(-ω/ω_c), as in QuTiP's `OhmicEnvironment`.

    Parameters
    ----------
    strength : float
        α >= 0.
    cutoff : float
        ω_c > 0.
    temperature : float
        k_BT >= 0. At 0, S(ω) = 2αω e^(-ω/ω_c) for ω > 0, and 0 for ω <= 0: pure emission.

    Examples
    --------
    >>> import math
    >>> from einselect.dynamics.spectra import OhmicSpectrum
    >>> bath = OhmicSpectrum(strength=0.1, cutoff=5.0, temperature=0.5)
    >>> round(bath(0.0), 12), math.isclose(bath(-1.0), math.exp(-1.0 / 0.5) * bath(1.0))
    (0.1, True)
    """

    strength: float
    cutoff: float
    temperature: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "strength", _checks.non_negative("strength", self.strength))
        object.__setattr__(self, "cutoff", _checks.positive("cutoff", self.cutoff))
        object.__setattr__(self, "temperature", _checks.non_negative("temperature", self.temperature))

    def __call__(self, omega: float) -> float:
        """S(ω)."""
        envelope = 2.0 * self.strength * math.exp(-abs(omega) / self.cutoff)
        ratio = omega / self.temperature if self.temperature > 0.0 else math.inf
        if math.isinf(ratio):
            return envelope * max(omega, 0.0)
        return envelope * self.temperature * _emission(ratio)

    @property
    def correlation_time(self) -> float | None:
        """The longer of 1/ω_c and the thermal 1/(2πk_BT); None at zero temperature, where memory falls as 1/t²."""
        return max(1.0 / self.cutoff, 0.5 / (math.pi * self.temperature)) if self.temperature > 0.0 else None


@dataclass(frozen=True)
class OneOverFSpectrum:
    """1/f noise: S(ω) = A/max(|ω|, ω_low), flat below ω_low.

    Parameters
    ----------
    strength : float
        A >= 0, so that S is A/|ω| above the low cut-off.
    low_cutoff : float
        ω_low > 0. Its reciprocal is the memory of the noise, over which the Redfield equation assumes that nothing
        decays: see `Redfield.warnings`.
    temperature : float, optional
        k_BT > 0. Multiplies S by 2/(1 + e^(-ω/k_BT)), which leaves ½(S(ω) + S(-ω)) as it is and fulfils
        S(-ω) = e^(-ω/k_BT) S(ω). None (default): classical noise, S(-ω) = S(ω).

    Examples
    --------
    >>> from einselect.dynamics.spectra import OneOverFSpectrum
    >>> noise = OneOverFSpectrum(strength=2.0, low_cutoff=0.1)
    >>> noise(4.0), noise(-4.0), noise(0.0)
    (0.5, 0.5, 20.0)
    """

    strength: float
    low_cutoff: float
    temperature: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "strength", _checks.non_negative("strength", self.strength))
        object.__setattr__(self, "low_cutoff", _checks.positive("low_cutoff", self.low_cutoff))
        if self.temperature is not None:
            object.__setattr__(self, "temperature", _checks.positive("temperature", self.temperature))

    def __call__(self, omega: float) -> float:
        """S(ω)."""
        classical = self.strength / max(abs(omega), self.low_cutoff)
        if self.temperature is None:
            return classical
        # 2/(1 + e^-x) = 1 + tanh(x/2); below zero written so that it keeps its digits as it vanishes.
        ratio = omega / self.temperature
        lowered = math.exp(-abs(ratio))
        return classical * 2.0 * (1.0 if ratio >= 0.0 else lowered) / (1.0 + lowered)

    @property
    def correlation_time(self) -> float | None:
        """1/ω_low."""
        return 1.0 / self.low_cutoff


def noise_power(spectrum: Any, omega: float) -> float:
    """S(ω) as a float; refused where it is not finite, not real or below zero."""
    value = spectrum(omega)
    try:
        result = float(value)
    except (TypeError, ValueError):
        result = math.nan
    if not math.isfinite(result) or result < 0.0:
        raise InputError(
            f"spectrum must be a function S(ω) that is finite, real and >= 0; got S({omega!r}) = {value!r}"
        )
    return result
