"""The three dephasing rates of a doublet, and where one of them is not a decay constant."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .._representation import Shown
from .._version import __version__
from ..doublet import Doublet
from ..jump_doublet import JumpDoublet
from ..regime import Regime, Thresholds, classify, from_log, log_secular_parameter, log_thermal_ratio
from .units import units_of


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
        if d.quality.vector_error == math.inf:
            found.append("moments are not resolved: a state of the doublet has the energy of another of its parity")
        elif d.quality.vector_error > 1e-6:
            found.append(f"moments are known to about {d.quality.vector_error:.1e} only (rounding)")
        if self.gamma is None or self.gamma == 0.0:
            return tuple(found)
        exponent = self.log_secular_parameter
        coupling = d.j01**2 if isinstance(d, Doublet) else d.conjugate_coupling
        if coupling and exponent is not None and exponent < math.log(self.thresholds.secular):
            secular = f"{math.exp(exponent):.3g}" if exponent > -700.0 else f"1e{exponent / math.log(10.0):.0f}"
            found.append(
                f"γ G01 is not a decay constant of ρ_01: 2ΔE T2 = {secular} is not above "
                f"{self.thresholds.secular:g}, so ρ_01 couples to its conjugate at "
                + ("γ J01²" if abs(coupling - d.j01**2) <= 1e-6 * coupling else f"{self.gamma * coupling:.3g}")
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
    if d.parity == "mixed" and d.mixes_populations:
        return [f"{d.jump} has no definite parity: populations and opposite-parity coherences couple"]
    return []


def _log10(exponent: float | None) -> float | None:
    return None if exponent is None else exponent / math.log(10.0)
