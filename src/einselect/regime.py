"""Where the two dephasing rates mean something: conditions, each with its number, and the regime they make.

Three regimes of a doublet under dephasing at rate γ (T2 = 1/(γ G01), ħ = 1):

- *delocalised*: N too small for a double well, η_MF < 2, or the doublet not isolated from the third level;
- *mesoscopic*: a double well, an isolated doublet and 2ΔE T2 ≫ 1: both rates are exponential decay constants;
- *thermodynamic*: 2ΔE T2 < 1, the secular approximation fails and ρ_01 splits into a part that stays and a
  part that decays at the pointer rate. Between the last two lies the *crossover*, where "≫" is not fulfilled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import _checks
from ._representation import Shown
from .doublet import Doublet


@dataclass(frozen=True)
class Thresholds:
    """What counts as "much larger" and "near".

    Attributes
    ----------
    double_well : float
        Least η_MF of a developed double well: 2.
    isolation : float
        Least (E_2 - E_0)/(E_1 - E_0) of an isolated doublet: 3, where a single harmonic well has 2.
    secular : float
        Least 2ΔE T2 that counts as ≫ 1: 10.
    thermal : tuple of float
        Zone of ΔE/(k_B T) for a thermally clean and still quantum doublet: ½ to 2.
    """

    double_well: float = 2.0
    isolation: float = 3.0
    secular: float = 10.0
    thermal: tuple[float, float] = (0.5, 2.0)

    def __post_init__(self) -> None:
        for name in ("double_well", "isolation", "secular"):
            _checks.positive(name, getattr(self, name))
        if len(self.thermal) != 2 or not 0.0 < self.thermal[0] < self.thermal[1] < math.inf:
            raise _checks.fail("thermal", "two numbers 0 < low < high", self.thermal)


@dataclass(frozen=True)
class Condition:
    """One condition: its number, what is asked of it, and whether it holds (None: not enough was given)."""

    name: str
    value: float | None
    requirement: str
    holds: bool | None

    def __str__(self) -> str:
        verdict = {True: "holds", False: "fails", None: "not known"}[self.holds]
        number = "not given" if self.value is None else f"{self.value:.4g}"
        return f"{self.name}: {self.requirement}, is {number}: {verdict}"


@dataclass(frozen=True, repr=False)
class Regime(Shown):
    """The regime of a doublet and the conditions that decide it.

    Attributes
    ----------
    name : str
        "disordered", "critical", "delocalised", "mesoscopic", "crossover", "thermodynamic", or
        "undetermined" where no dephasing rate was given.
    summary : str
        One sentence.
    conditions : tuple of Condition
    """

    name: str
    summary: str
    conditions: tuple[Condition, ...]


_SUMMARIES = {
    "disordered": "no symmetry is broken (field > coupling): there are no wells and no pointer states to compare with",
    "critical": "critical point (field = coupling): there are no wells and no pointer states to compare with",
    "delocalised": "N is too small for two wells with an isolated doublet: the two rates do not describe wells yet",
    "mesoscopic": "both rates are exponential decay constants, and they differ",
    "crossover": "2ΔE T2 is not large: γ G01 describes ρ_01 roughly, with visible coupling to its conjugate",
    "thermodynamic": "the secular approximation fails: half of ρ_01 stays, the rest decays at the pointer rate",
    "undetermined": "a double well with an isolated doublet; give gamma to know whether the secular condition holds",
}


def log_secular_parameter(log_splitting: float, g01: float, gamma: float | None) -> float | None:
    """ln(2ΔE T2), T2 = 1/(γ G01), from ln ΔE; None without dephasing."""
    return None if not gamma else math.log(2.0) + log_splitting - math.log(gamma) - math.log(g01)


def log_thermal_ratio(log_splitting: float, temperature: float | None) -> float | None:
    """ln(ΔE/k_B T), from ln ΔE; None without a temperature or at zero."""
    return None if not temperature else log_splitting - math.log(temperature)


def from_log(exponent: float | None) -> float | None:
    """exp(x); 0.0 where it rounds to that, None where it exceeds the largest double or there is no x."""
    if exponent is None or exponent > 709.0:
        return None
    return math.exp(exponent) if exponent > -745.0 else 0.0


def classify(
    doublet: Doublet, gamma: float | None, temperature: float | None, thresholds: Thresholds | None = None
) -> Regime:
    """Regime of a doublet; `gamma` and `temperature` (k_B T) in its energy unit, None if not known."""
    limits = thresholds or Thresholds()
    eta, log_ratio = doublet.eta_mf, doublet.log10_gap_ratio
    secular = log_secular_parameter(doublet.log_splitting, doublet.g01, gamma)
    thermal = log_thermal_ratio(doublet.log_splitting, temperature)
    low, high = limits.thermal
    isolated = None if log_ratio is None else log_ratio >= math.log10(limits.isolation)
    secular_holds = secular >= math.log(limits.secular) if secular is not None else (None if gamma is None else True)
    conditions = (
        Condition(
            "double well",
            eta,
            f"η_MF >= {limits.double_well:g}",
            False if eta is None else eta >= limits.double_well,
        ),
        Condition("isolation", doublet.gap_ratio, f"(E2-E0)/(E1-E0) >= {limits.isolation:g}", isolated),
        Condition("secular", from_log(secular), f"2ΔE T2 >= {limits.secular:g}", secular_holds),
        Condition(
            "thermal",
            from_log(thermal),
            f"{low:g} <= ΔE/k_BT <= {high:g}",
            math.log(low) <= thermal <= math.log(high)
            if thermal is not None
            else (None if temperature is None else False),
        ),
    )
    if doublet.order_parameter is None:
        name = "critical" if getattr(doublet.source, "phase", "disordered") == "critical" else "disordered"
    elif not conditions[0].holds or not isolated:
        name = "delocalised"
    elif gamma is None:
        name = "undetermined"
    elif secular_holds:
        name = "mesoscopic"
    else:
        name = "thermodynamic" if secular is not None and secular < 0.0 else "crossover"
    return Regime(name, _SUMMARIES[name], conditions)
