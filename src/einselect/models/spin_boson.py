"""The spin-boson model: a spin and a continuum of modes, by the variational polaron and by a few modes in its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from .. import _checks
from ..level_set import Array
from .few_modes import FewModes

_NODES = 400


@cache
def _rule() -> tuple[Array, Array]:
    """Nodes and weights of Gauss and Legendre."""
    return np.polynomial.legendre.leggauss(_NODES)


@dataclass(frozen=True, init=False)
class SpinBoson:
    r"""H = -(Δ/2) σx + sum_k ω_k b_k†b_k + (σz/2) sum_k g_k (b_k + b_k†), at zero temperature and bias, ħ = 1.

    The modes are a continuum, π sum_k g_k² δ(ω - ω_k) = 2πα ω_c^(1-s) ω^s up to a sharp cut-off ω_c: Ohmic at s = 1,
    sub-Ohmic below.

    Two ways to treat it, both approximate, and of different kinds:

    - `dressed`, the variational polaron of Silbey and Harris: one displaced vacuum for each spin state. It gives Δ_r,
      and there the doublet has no leakage: J01 = ½ and G01 = ¼ for L = σz/2, so η = 2. It knows nothing of the
      correlations beyond, and makes the sub-Ohmic transition to the localised phase discontinuous, which it is not.
    - `discretised`, M modes in place of the continuum, solved exactly: it has the leakage, but no mode slower than
      the slowest of the M, so nothing of what they do, least of all localisation.

    A continuum down to ω = 0 leaves no isolated doublet: modes slower than Δ_r put their own levels into it. Two
    lowest levels with η near 2 need all modes faster than Δ_r; among slower ones E_1 is one quantum of the slowest, and
    J01 and η fall. The gap ratio says which it is.

    Parameters
    ----------
    tunnelling : float
        Δ > 0.
    strength : float
        α > 0.
    exponent : float
        s > 0, at most 3.
    cutoff : float
        ω_c > 0, in the unit of Δ.

    Examples
    --------
    >>> from einselect.models import SpinBoson
    >>> model = SpinBoson(tunnelling=1.0, strength=0.2, cutoff=50.0)
    >>> dressed = model.dressed()
    >>> print(f"{dressed:.4f} {(2.718281828 / 50) ** 0.25:.4f}")  # Δ (eΔ/ω_c)^(α/(1-α)), its limit for fast modes
    0.4806 0.4829
    """

    tunnelling: float
    strength: float
    exponent: float
    cutoff: float

    def __init__(self, tunnelling: float, strength: float, exponent: float = 1.0, cutoff: float = 10.0) -> None:
        set_ = object.__setattr__
        given = {"tunnelling": tunnelling, "strength": strength, "exponent": exponent, "cutoff": cutoff}
        for name, value in given.items():
            set_(self, name, _checks.positive(name, value))
        if self.exponent > 3.0:
            raise _checks.fail("exponent", "at most 3", exponent)

    def parameters(self) -> dict[str, Any]:
        """What the model is, as answers show it."""
        return {
            "model": "spin-boson",
            "tunnelling": self.tunnelling,
            "strength": self.strength,
            "exponent": self.exponent,
            "cutoff": self.cutoff,
        }

    def spectral_density(self, frequencies: Array) -> Array:
        """J(ω) = 2πα ω_c^(1-s) ω^s below ω_c, 0 above."""
        w = np.asarray(frequencies, dtype=np.float64)
        inside = 2.0 * math.pi * self.strength * self.cutoff ** (1.0 - self.exponent) * np.abs(w) ** self.exponent
        return np.where((w > 0.0) & (w <= self.cutoff), inside, 0.0)

    def _exponent_at(self, dressed: float) -> float:
        """½ sum g²/(ω + Δ_r)² = α ω_c^(1-s) ∫ ω^s/(ω + Δ_r)² dω, in y = ln((ω + Δ_r)/Δ_r) where it is smooth."""
        if dressed <= 0.0:
            if self.exponent <= 1.0:
                return math.inf
            return self.strength / (self.exponent - 1.0)
        top = math.log1p(self.cutoff / dressed)
        nodes, weights = _rule()
        # y = top t^p: the power takes the corner of ω^s at ω = 0 away.
        power = max(1.0, 2.0 / self.exponent)
        t = 0.5 * (nodes + 1.0)
        y = top * t**power
        slope = 0.5 * top * power * t ** (power - 1.0)
        part = np.expm1(y) ** self.exponent * np.exp(-y) * slope
        return float(self.strength * (dressed / self.cutoff) ** (self.exponent - 1.0) * (weights @ part))

    def dressed(self) -> float:
        """Δ_r of the variational polaron: the largest solution of Δ_r = Δ exp(-½ sum g²/(ω + Δ_r)²).

        0.0 where there is none above 1e-280 Δ: localised (Ohmic: from α = 1 on, and just below it for large ω_c).
        """
        from scipy.optimize import brentq

        def excess(log: float) -> float:
            """ln of the right-hand side over the left, at Δ_r = Δ exp(log): negative at 0."""
            return -self._exponent_at(self.tunnelling * math.exp(log)) - log

        above = 0.0
        for below in (*np.arange(-0.05, -20.0, -0.05), *np.arange(-20.0, -645.0, -1.0)):
            if excess(float(below)) >= 0.0:
                return self.tunnelling * math.exp(float(brentq(excess, float(below), above, xtol=1e-15, rtol=1e-14)))
            above = float(below)
        return 0.0

    @property
    def phase(self) -> str:
        """By the variational polaron: "delocalised" (Δ_r > 0) or "localised"."""
        return "delocalised" if self.dressed() > 0.0 else "localised"

    def discretised(self, modes: int = 4, ratio: float = 2.0) -> FewModes:
        """M modes in place of the continuum, on logarithmic intervals ω_c ratio^-k.

        Each interval has one mode with the weight of it, g² = ∫J dω/π, at its mean frequency ∫Jω dω/∫J dω; the last
        interval reaches down to zero.

        Parameters
        ----------
        modes : int
            M, from 1 to 6.
        ratio : float
            Above 1.
        """
        count = _checks.whole("modes", modes, 1, 6)
        factor = _checks.number("ratio", ratio)
        if factor <= 1.0:
            raise _checks.fail("ratio", "above 1", ratio)
        s = self.exponent
        edges = self.cutoff * np.array([*(factor ** -np.arange(count)), 0.0])
        high, low = edges[:-1], edges[1:]
        weight = (high ** (s + 1.0) - low ** (s + 1.0)) / (s + 1.0)
        mean = (high ** (s + 2.0) - low ** (s + 2.0)) / (s + 2.0) / weight
        squared = 2.0 * self.strength * self.cutoff ** (1.0 - s) * weight
        return FewModes(self.tunnelling, mean.tolist(), np.sqrt(squared).tolist())
