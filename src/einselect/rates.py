"""Dephasing rates: Eq. 12 for any jump operators and any two states, and the three rates of a doublet.

For dρ/dt = -i[H,ρ] + sum_k γ_k (L_k ρ L_k† - ½{L_k†L_k, ρ}) the coefficient of -ρ_ab in dρ_ab/dt is [12]

    Γ_ab = sum_k (γ_k/2) (<a|L†L|a> + <b|L†L|b> - 2 Re(<a|L|a> <b|L|b>*)),

exactly, leakage to all other levels included in <L†L>. For L = Jz on a doublet:

    ρ_01 (energy eigenstates)  γ G01 [13];    ρ_PR (pointer states)  γ (G01 + J01²) [14];
    ρ_PR (mean field)          γ G_loc [15].
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _checks
from ._representation import Shown
from ._version import __version__
from .doublet import Doublet
from .errors import InputError, UnitError
from .jump_doublet import JumpDoublet, doublet_of
from .level_set import LevelSet, adjoint
from .regime import Regime, Thresholds, classify, from_log, log_secular_parameter, log_thermal_ratio
from .spin import Jz, operator


@dataclass(frozen=True)
class JumpOperator:
    """A jump operator L with its rate γ: the term γ (L ρ L† - ½{L†L, ρ}).

    Parameters
    ----------
    operator : str, CollectiveOperator, NamedOperator, MatrixOperator or matrix
        "Jz", "J-", ...; an expression in them; or a dense or sparse matrix in the Dicke basis, m ascending. For other
        systems one of their operators (``model.operator("a")``) or a matrix in their basis.
    rate : float
        γ >= 0, in the model's unit of energy over ħ.
    """

    operator: Any = Jz
    rate: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", _checks.non_negative("rate", self.rate))
        if not hasattr(self.operator, "shape") and not hasattr(self.operator, "dag"):
            object.__setattr__(self, "operator", operator(self.operator))

    def square(self) -> Any:
        """L†L, as an operator on the whole space: a product of projected matrices would lose the leakage."""
        return adjoint(self.operator) @ self.operator


def dephasing_coefficient(
    levels: LevelSet,
    a: int | str | ArrayLike,
    b: int | str | ArrayLike,
    jumps: Sequence[JumpOperator] = (JumpOperator(),),
) -> float:
    """Γ_ab of Eq. 12, for any jump operators and any two states of the levels.

    Parameters
    ----------
    levels : Levels or MatrixLevels
    a, b : int, str, or array_like
        A level's index, "E0", "P", "R", ..., or coefficients over the levels (normalised).
    jumps : sequence of JumpOperator
        Hermitian or not. Default: Jz at rate 1, so that the answer is in units of γ.

    Returns
    -------
    float
        In the unit of the rates given.

    Examples
    --------
    >>> from einselect import LMG, JumpOperator, dephasing_coefficient
    >>> levels = LMG(spins=370, field=0.95).levels(2)
    >>> pointer, eigen = (dephasing_coefficient(levels, *pair) for pair in ("PR", ("E0", "E1")))
    >>> print(f"{eigen:.6f} {pointer / eigen:.6f}")
    2838.961894 1.863427
    """
    bra, ket = levels.state(a), levels.state(b)
    total = 0.0
    for jump in jumps:
        if not isinstance(jump, JumpOperator):
            raise InputError(f"jumps must be a sequence of JumpOperator; got {jump!r}")
        single: NDArray[Any] = levels.matrix(jump.operator)
        square: NDArray[Any] = levels.matrix(jump.square())
        means = [complex(np.conj(c) @ single @ c) for c in (bra, ket)]
        seconds = [float((np.conj(c) @ square @ c).real) for c in (bra, ket)]
        total += 0.5 * jump.rate * (seconds[0] + seconds[1] - 2.0 * (means[0] * means[1].conjugate()).real)
    return total


@dataclass(frozen=True, repr=False)
class DephasingRates(Shown):
    """The three dephasing rates of a doublet and whether they mean something.

    Energies and rates are in `energy_unit` (ħ = 1): "J" or "plain" for plain parameters, else rad/s and 1/s.

    Attributes
    ----------
    doublet : Doublet or JumpDoublet
        Its `eigenstate_moment` is G01 and its `pointer_moment` G01 + J01² for a jump operator of odd parity.
    gamma : float or None
        γ; without it all rates are None.
    temperature : float or None
        k_B T.
    thresholds : Thresholds
    """

    doublet: Doublet | JumpDoublet
    gamma: float | None = None
    temperature: float | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)

    def _rate(self, moment: float | None) -> float | None:
        return None if self.gamma is None or moment is None else self.gamma * moment

    @property
    def rate_eigenstate(self) -> float | None:
        """γ G01: coefficient of ρ_01 [13, 16]."""
        return self._rate(self.doublet.eigenstate_moment)

    @property
    def rate_pointer(self) -> float | None:
        """γ (G01 + J01²): coefficient of ρ_PR, exact pointer states [14]."""
        return self._rate(self.doublet.pointer_moment)

    @property
    def rate_mean_field(self) -> float | None:
        """γ G_loc: the spin-coherent estimate for ρ_PR [15]; None outside the ordered phase."""
        return self._rate(self.doublet.g_loc)

    @property
    def rate_degenerate(self) -> float | None:
        """2γ J01²: decay rate of ρ_00 - ρ_11 and Im ρ_01 in the degenerate doublet [28]."""
        return self._rate(2.0 * self.doublet.j01**2)

    @property
    def t2_eigenstate(self) -> float | None:
        """T2 = 1/(γ G01); None without dephasing."""
        return 1.0 / self.rate_eigenstate if self.rate_eigenstate else None

    @property
    def t2_pointer(self) -> float | None:
        """1/(γ (G01 + J01²)); None without dephasing."""
        return 1.0 / self.rate_pointer if self.rate_pointer else None

    @property
    def log_secular_parameter(self) -> float | None:
        """ln(2ΔE T2); None without dephasing."""
        return log_secular_parameter(self.doublet.log_splitting, self.doublet.eigenstate_moment, self.gamma)

    @property
    def secular_parameter(self) -> float | None:
        """2ΔE T2; the secular approximation for ρ_01 needs it ≫ 1. None where it exceeds the largest double."""
        return from_log(self.log_secular_parameter)

    @property
    def log_thermal_ratio(self) -> float | None:
        """ln(ΔE/k_B T); None without a temperature."""
        return log_thermal_ratio(self.doublet.log_splitting, self.temperature)

    @property
    def thermal_ratio(self) -> float | None:
        """ΔE/(k_B T)."""
        return from_log(self.log_thermal_ratio)

    @cached_property
    def regime(self) -> Regime:
        """Which regime, with the conditions spelled out."""
        return classify(self.doublet, self.gamma, self.temperature, self.thresholds)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Where one of the rates is not an exponential decay constant, and why."""
        d, found = self.doublet, []
        square = "Jz²" if isinstance(d, Doublet) else "L†L"
        if d.splitting_bound is not None:
            found.append(f"ΔE is not resolved, only known to be below {d.splitting_bound:.2g}")
        elif isinstance(d, JumpDoublet):
            found += _without_parity(d)
        if d.quality.vector_error > 1e-6:
            found.append(f"moments are known to about {d.quality.vector_error:.1e} only (rounding at this N)")
        if self.gamma is None or self.gamma == 0.0:
            return tuple(found)
        exponent = self.log_secular_parameter
        flips = isinstance(d, Doublet) or d.parity == "odd"  # else the coupling of ρ_01 to ρ_10 is another
        if flips and exponent is not None and exponent < math.log(self.thresholds.secular):
            secular = f"{math.exp(exponent):.3g}" if exponent > -700.0 else f"1e{exponent / math.log(10.0):.0f}"
            found.append(
                f"γ G01 is not a decay constant of ρ_01: 2ΔE T2 = {secular} is not above "
                f"{self.thresholds.secular:g}, so ρ_01 couples to its conjugate at γ J01²"
            )
        pointer = self.rate_pointer
        if pointer and d.splitting is not None and d.splitting > 0.5 * pointer:
            found.append(
                f"γ(G01 + J01²) is not a decay constant of ρ_PR: ΔE is {d.splitting / pointer:.3g} times as large, so "
                "Im ρ_PR and the pointer populations oscillate under about half that rate"
            )
        if abs(d.q1 - d.q0) > 0.02 * d.pointer_moment:
            found.append(
                f"Re ρ_PR is tied to the populations by <P|{square}|R> = {0.5 * (d.q0 - d.q1):.3g}: its decay "
                "depends on the state, and only the mean over |E0> and |E1> is near γ(G01 + J01²)"
            )
        if d.leakage > 0.05 * d.g01:
            found.append(
                f"{100.0 * d.leakage / d.g01:.3g} % of G01 is leakage to higher levels: beyond about T2 the "
                "state leaves the doublet"
            )
        if self.temperature is not None and d.gap is not None and self.temperature > 0.5 * d.gap:
            found.append(
                f"k_B T is {self.temperature / d.gap:.3g} of the gap to the third level: a thermal state is not "
                "confined to the doublet"
            )
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """Every number at full precision, keyed as in ``einselect rates --json``; None where there is none."""
        q = self.doublet.quality
        return {
            **self._doublet_dict(),
            "rate_eigenstate": self.rate_eigenstate,
            "rate_pointer": self.rate_pointer,
            "rate_mean_field": self.rate_mean_field,
            "rate_degenerate": self.rate_degenerate,
            "t2_eigenstate": self.t2_eigenstate,
            "t2_pointer": self.t2_pointer,
            "secular_parameter": self.secular_parameter,
            "log10_secular_parameter": _log10(self.log_secular_parameter),
            "thermal_ratio": self.thermal_ratio,
            "log10_thermal_ratio": _log10(self.log_thermal_ratio),
            "regime": self.regime.name,
            "regime_summary": self.regime.summary,
            "conditions": [
                {"name": c.name, "value": c.value, "requirement": c.requirement, "holds": c.holds}
                for c in self.regime.conditions
            ],
            "warnings": list(self.warnings),
            "quality": {
                "residual": q.residual,
                "energy_error": q.energy_error,
                "vector_error": q.vector_error,
                "log_splitting_error": q.log_splitting_error,
                "edge": q.edge,
                "window": list(q.window),
            },
            "version": __version__,
        }

    def _doublet_dict(self) -> dict[str, Any]:
        """What was asked, and the doublet."""
        d = self.doublet
        bath = {"gamma": self.gamma, "temperature": self.temperature, "units": units_of(d.energy_unit)}
        if isinstance(d, JumpDoublet):
            return {**d.as_dict(), **bath}
        source: Any = d.source
        known = source.parameters() if hasattr(source, "parameters") else {}
        return {
            **known,
            "spins": d.spins,
            "field": source.field,
            "coupling": source.coupling,
            "field_ratio": source.field_ratio,
            **bath,
            "phase": source.phase,
            "order_parameter": d.order_parameter,
            "energies": [d.e0, d.e1],
            "splitting": d.splitting if d.splitting > 0.0 else None,
            "log_splitting": d.log_splitting,
            "log10_splitting": d.log10_splitting,
            "jz2_even": d.q0,
            "jz2_odd": d.q1,
            "g01": d.g01,
            "j01": d.j01,
            "g_loc": d.g_loc,
            "eta_mf": d.eta_mf,
            "eta_exact": d.eta_exact,
            "enhancement": d.enhancement,
            "leakage_even": d.leakage_even,
            "leakage_odd": d.leakage_odd,
            "depletion": d.depletion,
            "gap": d.gap,
            "gap_ratio": d.gap_ratio,
            "log10_gap_ratio": d.log10_gap_ratio,
        }


def _without_parity(d: JumpDoublet) -> list[str]:
    """What a jump operator or levels without parity mean for the rates."""
    if not d.levels.parity_conserved:
        return ["the parity is broken: the eigenstates are no equal superpositions of the pointer states"]
    if d.parity == "even":
        return [f"{d.jump} keeps the parity: it does not tell the pointer states apart, and the roles are reversed"]
    if d.parity == "mixed":
        return [f"{d.jump} has no definite parity: populations and opposite-parity coherences couple"]
    return []


def _log10(exponent: float | None) -> float | None:
    return None if exponent is None else exponent / math.log(10.0)


def units_of(energy_unit: str) -> dict[str, str]:
    """Units of the numbers in an answer: energies, rates, times."""
    if energy_unit == "J":
        return {"energy": "J", "rate": "J/ħ", "time": "ħ/J"}
    if energy_unit == "plain":
        return {"energy": "that of the coupling", "rate": "that of the coupling, ħ = 1", "time": "1/coupling, ħ = 1"}
    return {"energy": "rad/s (E/ħ)", "rate": "1/s", "time": "s"}


def written_rate(energy_unit: str, rate: float) -> float | str:
    """A rate in the unit of a model as a user of the model gives it: "0.05 1/s" where it has physical units."""
    return f"{rate!r} 1/s" if energy_unit == "rad/s" else rate


def bath_parameters(
    energy_unit: str, gamma: float | str | None, temperature: float | str | None
) -> tuple[float | None, float | None]:
    """γ and k_B T as floats in the unit of a model, refusing a mixture of plain and physical.

    Raises
    ------
    UnitError
        If the model has physical units and the value has none, or the other way round.
    InputError
        If the value is negative or not finite.
    """
    return (
        None if gamma is None else in_unit_of(energy_unit, "gamma", gamma),
        None if temperature is None else in_unit_of(energy_unit, "temperature", temperature),
    )


def in_unit_of(energy_unit: str, name: str, value: float | str) -> float:
    """A rate, or for the name "temperature" k_B T, as a float in the unit of a model.

    Parameters
    ----------
    energy_unit : {"J", "plain", "rad/s"}
    name : str
        What the error message calls it.
    value : float or str

    Raises
    ------
    UnitError, InputError
        As for `bath_parameters`.

    Examples
    --------
    >>> in_unit_of("rad/s", "rate of J-", "2 1/ms")
    2000.0
    """
    if type(value) is float and energy_unit != "rad/s":
        return _checks.non_negative(name, value)
    from . import quantities

    thermal = name == "temperature"
    read = quantities.temperature(name, value) if thermal else quantities.rate(name, value)
    if read.physical and energy_unit != "rad/s":
        raise UnitError(
            f"coupling must have a unit where {name} has one, as in coupling='74346 rad/s'; "
            f"got {name}={value!r} beside a coupling without a unit"
        )
    if not read.physical and energy_unit == "rad/s":
        example = "10 nK" if thermal else "0.05 1/s"
        raise UnitError(f"{name} must have a unit where the coupling has one, as in {name}='{example}'; got {value!r}")
    return _checks.non_negative(name, read.value)


def dephasing_rates(
    source: Any,
    gamma: float | str | None = None,
    *,
    temperature: float | str | None = None,
    thresholds: Thresholds | None = None,
    jump: Any = None,
) -> DephasingRates:
    """The dephasing rates of a doublet under one kind of dephasing, with their regime.

    Parameters
    ----------
    source : model, Doublet or JumpDoublet
    gamma : float or str, optional
        Rate γ >= 0 of the jump operator: a number in units of J (ħ = 1) for plain models, or "0.05 1/s".
    temperature : float or str, optional
        k_B T in units of J for plain models, or "10 nK".
    thresholds : Thresholds, optional
        What counts as ≫ 1.
    jump : str or operator, optional
        Jump operator of a model. Default: its natural one, which is Jz for a collective spin.

    Returns
    -------
    DephasingRates

    Examples
    --------
    >>> from einselect import LMG, dephasing_rates
    >>> r = dephasing_rates(LMG(370, 0.95, "74346 rad/s"), "0.05 1/s", temperature="10 nK")
    >>> print(f"{r.rate_eigenstate:.2f} {r.rate_pointer:.2f} {r.rate_mean_field:.2f} 1/s, {r.regime.name}")
    141.95 264.51 333.69 1/s, mesoscopic

    Jx keeps the parity, and the roles of the two coherences are reversed:

    >>> r = dephasing_rates(LMG(370, 0.95), 1.0, jump="Jx")
    >>> print(f"{r.rate_eigenstate:.4f} {r.rate_pointer:.4f}")
    26.8592 26.2777
    """
    doublet = _doublet(source, jump)
    rate, kt = bath_parameters(doublet.energy_unit, gamma, temperature)
    if rate and not math.isfinite(rate * (doublet.pointer_moment + (doublet.g_loc or 0.0))):
        raise _checks.fail("gamma", "small enough that the rates are finite", gamma)
    return DephasingRates(doublet, rate, kt, thresholds or Thresholds())


def _doublet(source: Any, jump: Any) -> Doublet | JumpDoublet:
    """The doublet of a source under a jump operator, its natural one where none is named."""
    if isinstance(source, Doublet | JumpDoublet):
        if jump is not None:
            raise InputError(f"jump must be asked of a model; got {jump!r} beside a doublet")
        return source
    if jump is None or hasattr(source, "operator"):
        found: Doublet | JumpDoublet = source.doublet() if jump is None else source.doublet(jump)
        return found
    kept = source.levels(min(3, source.spins + 1))
    return doublet_of(kept, jump, order=Jz, source=source)
