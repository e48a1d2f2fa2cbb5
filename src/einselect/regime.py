"""Where the two dephasing rates mean something: conditions, each with its number, and the regime they make.

Three regimes of a doublet under dephasing at rate γ (T2 = 1/(γ G01), ħ = 1):

- *delocalised*: N too small for a double well, η_MF < 2, or the doublet not isolated from the third level;
- *mesoscopic*: a double well, an isolated doublet and 2ΔE T2 ≫ 1: ρ_01 decays exponentially at its rate, and ρ_PR
  at about its own, on average over |E0> and |E1>;
- *thermodynamic*: 2ΔE T2 < 1, the secular approximation fails and ρ_01 splits into a part that stays and a
  part that decays at the pointer rate. Between the last two lies the *crossover*, where "≫" is not fulfilled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import _checks
from ._representation import Shown
from .doublet import Doublet
from .jump_doublet import JumpDoublet


@dataclass(frozen=True)
class Thresholds:
    """What counts as "much larger" and "near".

    Attributes
    ----------
    double_well : float
        Least η_MF of a developed double well: 2. Other systems: see `separation`.
    separation : float
        Least distance of the order parameter's means in the two pointer states over twice its
        spread in one: 1, from where two Gaussian wells have two maxima.
    isolation : float
        Least (E_2 - E_0)/(E_1 - E_0) of an isolated doublet: 3, where a single harmonic well has 2.
    secular : float
        Least 2ΔE T2 that counts as ≫ 1: 10.
    thermal : tuple of float
        Zone of ΔE/(k_B T) for a thermally clean and still quantum doublet: ½ to 2.
    """

    double_well: float = 2.0
    separation: float = 1.0
    isolation: float = 3.0
    secular: float = 10.0
    thermal: tuple[float, float] = (0.5, 2.0)

    def __post_init__(self) -> None:
        for name in ("double_well", "separation", "isolation", "secular"):
            _checks.positive(name, getattr(self, name))
        if len(self.thermal) != 2 or not 0.0 < self.thermal[0] < self.thermal[1] < math.inf:
            raise _checks.fail("thermal", "two numbers 0 < low < high", self.thermal)


@dataclass(frozen=True)
class Condition:
    """One condition: its number, what is asked of it, and whether it holds.

    Attributes
    ----------
    name : str
    value : float or None
        Its number; None where there is none.
    requirement : str
        What is asked of it.
    holds : bool or None
        None where not enough was given.
    """

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
    "disordered": "no symmetry is broken: there are no wells and no pointer states to compare with",
    "critical": "critical point: there are no wells and no pointer states to compare with",
    "delocalised": "there are no two wells with an isolated doublet (yet): the two rates do not describe wells",
    "mesoscopic": "ρ_01 decays exponentially at its rate, ρ_PR faster: on average over |E0> and |E1> at about its own",
    "crossover": "2ΔE T2 is not large: γ G01 describes ρ_01 roughly, with visible coupling to its conjugate",
    "thermodynamic": "the secular approximation fails: half of ρ_01 stays, the rest decays at the pointer rate",
    "alone": "ρ_01 decays at its rate however small ΔE is, since the jump operator does not couple it to ρ_10",
    "undetermined": "a double well with an isolated doublet; give gamma to know whether the secular condition holds",
}


def log_secular_parameter(log_splitting: float | None, moment: float, gamma: float | None) -> float | None:
    """ln(2ΔE T2), T2 = 1/(γ G01), from ln ΔE; None without dephasing or where ΔE is not resolved."""
    if not gamma or log_splitting is None or moment <= 0.0:
        return None
    return math.log(2.0) + log_splitting - math.log(gamma) - math.log(moment)


def log_thermal_ratio(log_splitting: float | None, temperature: float | None) -> float | None:
    """ln(ΔE/k_B T), from ln ΔE; None without a temperature, at zero, or where ΔE is not resolved."""
    return None if not temperature or log_splitting is None else log_splitting - math.log(temperature)


def from_log(exponent: float | None) -> float | None:
    """exp(x); 0.0 where it rounds to that, None where it exceeds the largest double or there is no x."""
    if exponent is None or exponent > 709.0:
        return None
    return math.exp(exponent) if exponent > -745.0 else 0.0


def _wells(doublet: Doublet | JumpDoublet, limits: Thresholds) -> Condition:
    """Whether there are two wells: by η_MF for a spin with parity, else by the distance of the pointer states."""
    if isinstance(doublet, JumpDoublet):
        value, least = doublet.separation, limits.separation
        finite = value if math.isfinite(value) else None
        return Condition("double well", finite, f"distance of the wells/2 width >= {least:g}", value >= least)
    eta = doublet.eta_mf
    holds = False if eta is None else eta >= limits.double_well
    return Condition("double well", eta, f"η_MF >= {limits.double_well:g}", holds)


def _no_order(doublet: Doublet | JumpDoublet) -> str | None:
    """The phase of a model that has one, where it is not the ordered one."""
    phase = getattr(doublet.source, "phase", None)
    if phase in ("critical", "disordered"):
        return str(phase)
    return "disordered" if isinstance(doublet, Doublet) and doublet.order_parameter is None else None


def classify(
    doublet: Doublet | JumpDoublet,
    gamma: float | None,
    temperature: float | None,
    thresholds: Thresholds | None = None,
) -> Regime:
    """Regime of a doublet; `gamma` and `temperature` (k_B T) in its energy unit, None if not known.

    A jump operator that does not couple ρ_01 to ρ_10, such as an even one, needs no secular condition: ρ_01 decays at
    its rate all the same. Where ΔE is known by an upper bound only, the conditions are judged by the bound as far as it
    decides them.
    """
    limits = thresholds or Thresholds()
    log_ratio, bound = doublet.log10_gap_ratio, doublet.splitting_bound
    moment = doublet.eigenstate_moment
    secular = log_secular_parameter(doublet.log_splitting, moment, gamma)
    thermal = log_thermal_ratio(doublet.log_splitting, temperature)
    low, high = limits.thermal
    isolated = None if log_ratio is None else log_ratio >= math.log10(limits.isolation)
    if isinstance(doublet, JumpDoublet) and doublet.levels.dimension == 2:
        isolated = True  # there is no other level
    secular_holds = secular >= math.log(limits.secular) if secular is not None else (None if gamma is None else True)
    below: float | None = None
    if bound is not None and gamma:
        below = log_secular_parameter(math.log(bound), moment, gamma)
        secular_holds = False if below is not None and below < math.log(limits.secular) else None
    thermal_holds = None if temperature is None else False
    if thermal is not None:
        thermal_holds = math.log(low) <= thermal <= math.log(high)
    elif bound is not None and temperature:
        thermal_holds = False if bound < low * temperature else None
    alone = isinstance(doublet, JumpDoublet) and not doublet.conjugate_coupling
    if alone:
        secular_holds = True
    wells = _wells(doublet, limits)
    requirement = "none: ρ_01 and ρ_10 do not couple" if alone else f"2ΔE T2 >= {limits.secular:g}"
    conditions = (
        wells,
        Condition("isolation", doublet.gap_ratio, f"(E2-E0)/(E1-E0) >= {limits.isolation:g}", isolated),
        Condition("secular", from_log(secular), requirement, secular_holds),
        Condition("thermal", from_log(thermal), f"{low:g} <= ΔE/k_BT <= {high:g}", thermal_holds),
    )
    disorder = _no_order(doublet)
    upper = secular if secular is not None else below
    if disorder is not None:
        name = disorder
    elif not wells.holds or not isolated:
        name = "delocalised"
    elif not alone and (gamma is None or secular_holds is None):
        name = "undetermined"
    elif secular_holds:
        name = "mesoscopic"
    else:
        name = "thermodynamic" if upper is not None and upper < 0.0 else "crossover"
    return Regime(name, _SUMMARIES["alone" if alone and name == "mesoscopic" else name], conditions)
