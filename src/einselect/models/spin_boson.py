"""The spin-boson model: a spin and a continuum of modes, by the variational polaron and by a few modes in its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from .. import _checks
from ..errors import InputError, PhaseError
from ..jump_doublet import JumpDoublet, doublet_of
from ..level_set import Array, Quality
from ..matrix_levels import MatrixLevels, MatrixOperator, NamedOperator
from ..spectrum.tridiagonal import EPSILON
from .base import alike_in
from .coordinate import CoordinateStates
from .few_modes import FewModes

_NODES = 400
_MOST_MODES = 6


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
      What is left of the bath, g_k Δ_r/(ω_k + Δ_r), takes E_1 to E_0 at `residual_rate`.
    - `discretised`, M modes in place of the continuum, solved exactly: it has the leakage, but no mode slower than
      the slowest of the M, so nothing of what they do, least of all localisation.

    `modes` says which of the two `levels`, and with it rates, dynamics and protocols, are of: 0 for the two levels of
    the polaron, else M.

    A continuum down to ω = 0 leaves no isolated doublet: modes slower than Δ_r put their own levels into it. Two
    lowest levels with η near 2 need all modes faster than Δ_r; among slower ones E_1 is one quantum of the slowest, and
    J01 and η fall. The gap ratio says which it is.

    Parameters
    ----------
    tunnelling : float or str
        Δ > 0. Both energies are plain numbers in one unit, or both have units.
    strength : float
        α > 0.
    exponent : float
        s > 0, at most 3.
    cutoff : float or str
        ω_c > 0; 10 Δ unless given.
    modes : int
        M, from 0 (variational polaron) to 6.

    Examples
    --------
    >>> from einselect.models import SpinBoson
    >>> model = SpinBoson(tunnelling=1.0, strength=0.2, cutoff=50.0)
    >>> dressed = model.dressed()
    >>> print(f"{dressed:.4f} {(2.718281828 / 50) ** 0.25:.4f}")  # Δ (eΔ/ω_c)^(α/(1-α)), its limit for fast modes
    0.4806 0.4829
    >>> for modes in (0, 3):
    ...     d = SpinBoson(tunnelling=1.0, strength=0.2, cutoff=50.0, modes=modes).doublet()
    ...     print(f"{d.splitting:.4f} {d.eta_exact:.4f}")
    0.4806 2.0000
    0.6223 1.9969
    """

    tunnelling: float
    strength: float
    exponent: float
    cutoff: float
    modes: int
    energy_unit: str

    def __init__(
        self,
        tunnelling: float | str,
        strength: float,
        exponent: float = 1.0,
        cutoff: float | str | None = None,
        modes: int = 3,
    ) -> None:
        values, unit = alike_in(tunnelling=tunnelling, **({} if cutoff is None else {"cutoff": cutoff}))
        set_ = object.__setattr__
        set_(self, "tunnelling", _checks.positive("tunnelling", values["tunnelling"]))
        set_(self, "strength", _checks.positive("strength", strength))
        set_(self, "exponent", _checks.positive("exponent", exponent))
        set_(self, "cutoff", _checks.positive("cutoff", values.get("cutoff", 10.0 * self.tunnelling)))
        set_(self, "modes", _checks.whole("modes", modes, 0, _MOST_MODES))
        set_(self, "energy_unit", unit)
        if self.exponent > 3.0:
            raise _checks.fail("exponent", "at most 3", exponent)

    def __repr__(self) -> str:
        return (
            f"SpinBoson(tunnelling={self.tunnelling!r}, strength={self.strength!r}, exponent={self.exponent!r}, "
            f"cutoff={self.cutoff!r}, modes={self.modes!r}, energy_unit={self.energy_unit!r}: {self.treatment})"
        )

    def parameters(self) -> dict[str, Any]:
        """What the model is, as answers show it."""
        return {
            "model": "spin-boson",
            "tunnelling": self.tunnelling,
            "strength": self.strength,
            "exponent": self.exponent,
            "cutoff": self.cutoff,
            "modes": self.modes,
            "treatment": self.treatment,
            "dressed": self.dressed(),
        }

    @property
    def treatment(self) -> str:
        """What the levels are of: "variational polaron", or "3 modes in place of the continuum"."""
        if not self.modes:
            return "variational polaron"
        return f"{self.modes} mode{'s' if self.modes > 1 else ''} in place of the continuum"

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
        from scipy.optimize import brentq, minimize_scalar

        def excess(log: float) -> float:
            """ln of the right-hand side over the left, at Δ_r = Δ exp(log): negative at 0."""
            return -self._exponent_at(self.tunnelling * math.exp(log)) - log

        steps = [0.0, *np.arange(-0.05, -20.0, -0.05).tolist(), *np.arange(-20.0, -645.0, -1.0).tolist()]
        values = [excess(0.0)]
        for n in range(1, len(steps)):
            values.append(excess(steps[n]))
            inside: float | None = steps[n] if values[n] >= 0.0 else None
            if inside is None and n > 1 and values[n - 1] > max(values[n - 2], values[n]):
                # Two solutions may lie between the steps, just before they meet and vanish.
                top = minimize_scalar(lambda x: -excess(x), bounds=(steps[n], steps[n - 2]), method="bounded",
                                      options={"xatol": 1e-9})  # fmt: skip
                inside = float(top.x) if top.fun <= 0.0 else None
            if inside is not None:
                above = next(step for step in reversed(steps[:n]) if step > inside)
                return self.tunnelling * math.exp(float(brentq(excess, inside, above, xtol=1e-15, rtol=1e-14)))
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
        count = _checks.whole("modes", modes, 1, _MOST_MODES)
        factor = _checks.number("ratio", ratio)
        if factor <= 1.0:
            raise _checks.fail("ratio", "above 1", ratio)
        s = self.exponent
        edges = self.cutoff * np.array([*(factor ** -np.arange(count)), 0.0])
        high, low = edges[:-1], edges[1:]
        weight = (high ** (s + 1.0) - low ** (s + 1.0)) / (s + 1.0)
        mean = (high ** (s + 2.0) - low ** (s + 2.0)) / (s + 2.0) / weight
        squared = 2.0 * self.strength * self.cutoff ** (1.0 - s) * weight
        return FewModes(self.tunnelling, mean.tolist(), np.sqrt(squared).tolist(), energy_unit=self.energy_unit)

    @property
    def residual_rate(self) -> float:
        r"""Rate from E_1 to E_0 by what the polaron leaves of the bath, J(Δ_r)/2; 0.0 where it is localised.

        The linear part of what is left, g_k Δ_r/(ω_k + Δ_r), couples |E1> to |E0> and one quantum (and |E0> to nothing:
        its counter-rotating terms cancel), so that by the golden rule 2π sum g_k² (Δ_r/(ω_k + Δ_r))² δ(ω_k - Δ_r) =
        J(Δ_r)/2, as for weak coupling but at Δ_r. To be given with the jump operator "s-" = \|E0><E1|.
        """
        return 0.5 * float(self.spectral_density(np.array(self.dressed())))

    @property
    def most_levels(self) -> int:
        """How many levels can be asked for: two of the polaron."""
        return self._few().most_levels if self.modes else 2

    @property
    def order_operator(self) -> str:
        """The operator that tells the two spin states apart."""
        return "sz"

    def jump_operators(self) -> tuple[str, ...]:
        r"""Names of the jump operators: "sz" = σz/2; of the polaron "s-" = \|E0><E1|, of M modes "b0", "b1", ..."""
        return self._few().jump_operators() if self.modes else ("sz", "s-")

    def operator(self, name: str) -> NamedOperator:
        """One of them by name, for `JumpOperator`."""
        return NamedOperator(_checks.one_of("jump", name, self.jump_operators()))

    def _few(self) -> FewModes:
        return self.discretised(self.modes)

    def levels(self, count: int | None = None) -> MatrixLevels:
        """The lowest levels: both of the variational polaron, or the `count` lowest (6) of the M modes.

        Raises
        ------
        PhaseError
            For the polaron in the localised phase, which has no doublet.
        """
        if self.modes:
            return self._few().levels(6 if count is None else count)
        _checks.whole("levels", 2 if count is None else count, 2, 2)
        dressed = self.dressed()
        if not dressed:
            raise PhaseError(
                "strength must be below that of the localised phase, where the variational polaron leaves no "
                f"tunnelling; got {self.strength:g}"
            )
        swap, lower = np.array([[0.0, 0.5], [0.5, 0.0]]), np.array([[0.0, 1.0], [0.0, 0.0]])
        error = 8.0 * EPSILON * dressed
        return MatrixLevels(
            energies=np.array([-0.5 * dressed, 0.5 * dressed]),
            excitations=np.array([0.0, dressed]),
            parities=np.array([1, -1]),
            vectors=np.eye(2),
            energy_unit=self.energy_unit,
            quality=Quality(0.0, error, 0.0, error / dressed, 0.0, (0.0, 1.0), 1),
            operators={"sz": MatrixOperator("sz", swap, -1), "s-": MatrixOperator("s-", lower, -1)},
        )

    def doublet(self, jump: str = "sz") -> JumpDoublet:
        """The two lowest states under one of the jump operators."""
        name = _checks.one_of("jump", jump, self.jump_operators())
        return doublet_of(self.levels(min(4, self.most_levels)), name, order="sz", source=self)

    def along_coordinate(self, levels: MatrixLevels) -> CoordinateStates:
        """The two lowest states along the coordinate of the M modes that the spin is coupled to: see `FewModes`.

        Raises
        ------
        InputError
            For the variational polaron, which keeps two states and no modes.
        """
        if not self.modes:
            raise InputError(
                "modes must be 1 or more for states along a coordinate: the variational polaron keeps two states and "
                "no modes; got 0"
            )
        return self._few().along_coordinate(levels)
