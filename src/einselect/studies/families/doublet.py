"""Quantities of a doublet under its jump operator, its rates, and the regime that they are in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ...doublet import Doublet
from ..kinds import MEAN_FIELD, SPINS, Quantity

if TYPE_CHECKING:
    from ..point import Point

REGIMES = ("delocalised", "mesoscopic", "crossover", "thermodynamic", "undetermined", "critical", "disordered")
PARITIES = ("odd", "even", "mixed")


def _enhancement(point: Point) -> float | None:
    eta = point.doublet.eta_mf
    return None if eta is None else 0.5 * eta


def _depletion(point: Point) -> float | None:
    d = point.doublet
    return d.depletion if isinstance(d, Doublet) else None


def _separation(point: Point) -> float:
    d = point.doublet
    # Jz has the mean ±J01 in the pointer states and there the variance G01 - J01².
    return float(d.j01 / math.sqrt(d.leakage) if isinstance(d, Doublet) else d.separation)


def _restricted(point: Point) -> float | None:
    d = point.doublet
    return 2.0 if isinstance(d, Doublet) else d.eta_restricted


def _parity(point: Point) -> str:
    d = point.doublet
    return "odd" if isinstance(d, Doublet) else str(d.parity)


def _exp(exponent: float) -> float:
    """exp(x); inf above the largest double, as in a table of many."""
    return math.inf if exponent > 709.78 else math.exp(exponent)


def _log_secular(point: Point) -> float | None:
    found = point.rates.log_secular_parameter
    # No dephasing: T2 is infinite.
    return math.inf if found is None and point.rates.gamma == 0.0 and _resolved(point) else found


def _log_thermal(point: Point) -> float | None:
    found = point.rates.log_thermal_ratio
    return math.inf if found is None and point.rates.temperature == 0.0 and _resolved(point) else found


def _t2(name: str) -> Any:
    """1/rate: inf without dephasing."""

    def pick(point: Point) -> float | None:
        return math.inf if point.rates.gamma == 0.0 else getattr(point.rates, name)

    return pick


def _resolved(point: Point) -> bool:
    return point.doublet.log_splitting is not None


def _secular(point: Point) -> float | None:
    found = _log_secular(point)
    return None if found is None else _exp(found)


def _thermal(point: Point) -> float | None:
    found = _log_thermal(point)
    return None if found is None else _exp(found)


def _of(name: str, formula: str, unit: str = "", pick: Any = None, models: tuple[str, ...] = ()) -> Quantity:
    return Quantity(name, formula, unit, "doublet", pick or (lambda point: getattr(point.doublet, name)), models=models)


def _rate(name: str, formula: str, unit: str, pick: Any = None, need: str = "gamma") -> Quantity:
    return Quantity(name, formula, unit, "rates", pick or (lambda point: getattr(point.rates, name)), (need,))


DOUBLET = (
    _of("energy_even", "E_0", "energy", lambda point: point.doublet.e0),
    _of("energy_odd", "E_1", "energy", lambda point: point.doublet.e1),
    _of("splitting", "ΔE = E_1 - E_0; 0 where it underflows", "energy"),
    _of("log_splitting", "ln ΔE", "ln energy"),
    _of("log10_splitting", "log10 ΔE", "log10 energy"),
    Quantity(
        "splitting_bound",
        "upper bound on ΔE where it is not resolved",
        "energy",
        "doublet",
        lambda point: point.doublet.splitting_bound,
        optional=True,
    ),
    _of("jz2_even", "q0 = <E0|L†L|E0>; <E0|Jz²|E0>", "", lambda point: point.doublet.q0),
    _of("jz2_odd", "q1 = <E1|L†L|E1>; <E1|Jz²|E1>", "", lambda point: point.doublet.q1),
    _of("g01", "G01 = (q0 + q1)/2"),
    _of("j01", "J01 = |<P|L|P> - <R|L|R>|/2; <E0|Jz|E1>"),
    _of("eigenstate_moment", "Γ_01/γ; G01 for an odd L"),
    _of("pointer_moment", "Γ_PR/γ; G01 + J01² for an odd L"),
    _of("g_loc", "G_loc = (N m*)²/2", models=MEAN_FIELD),
    _of("eta_mf", "η_MF = G_loc/(Γ_01/γ)", models=MEAN_FIELD),
    _of("eta_exact", "η_exact = Γ_PR/Γ_01; (G01 + J01²)/G01 for an odd L"),
    _of("eta_restricted", "Γ_PR/Γ_01 with L projected on the doublet", "", _restricted),
    _of("enhancement", "B = η_MF/2", "", _enhancement, MEAN_FIELD),
    _of("leakage", "½ sum_i <E_i|L†L|E_i> less what stays in the doublet; G01 - J01²"),
    _of("leakage_even", "the same of E_0; q0 - J01²", "", lambda point: point.doublet.leakages[0]),
    _of("leakage_odd", "the same of E_1; q1 - J01²", "", lambda point: point.doublet.leakages[1]),
    _of("depletion", "N m*/2 - J01", "", _depletion, SPINS),
    _of("order_parameter", "m* of the mean field", models=MEAN_FIELD),
    _of("separation", "|<O>_P - <O>_R|/2 over the spread of O in |P>, O the order parameter", "", _separation),
    _of("gap", "E_2 - E_0", "energy"),
    _of("log10_gap_ratio", "log10 of (E_2 - E_0)/(E_1 - E_0)"),
    _of("splitting_error", "estimated relative error of ΔE", "", lambda p: p.doublet.quality.log_splitting_error),
    _of("vector_error", "size of the error of the state vectors", "", lambda p: p.doublet.quality.vector_error),
    Quantity("jump_parity", "parity of L on the doublet", "", "doublet", _parity, categories=PARITIES),
)

RATES = (
    _rate("rate_eigenstate", "Γ_01; γ G01", "rate"),
    _rate("rate_pointer", "Γ_PR; γ (G01 + J01²)", "rate"),
    Quantity(
        "rate_mean_field",
        "γ G_loc",
        "rate",
        "rates",
        lambda point: point.rates.rate_mean_field,
        ("gamma",),
        models=MEAN_FIELD,
    ),
    _rate("rate_degenerate", "2γ J01²", "rate"),
    _rate("t2_eigenstate", "T2 = 1/Γ_01", "time", _t2("t2_eigenstate")),
    _rate("t2_pointer", "1/Γ_PR", "time", _t2("t2_pointer")),
    _rate("log_secular_parameter", "ln(2ΔE T2), T2 = 1/Γ_01", "", _log_secular),
    _rate("secular_parameter", "2ΔE T2, T2 = 1/Γ_01", "", _secular),
    _rate("log_thermal_ratio", "ln(ΔE/(k_B T))", "", _log_thermal, "temperature"),
    _rate("thermal_ratio", "ΔE/(k_B T)", "", _thermal, "temperature"),
    Quantity(
        "regime",
        "which regime the two rates are in",
        "",
        "rates",
        lambda point: point.rates.regime.name,
        categories=REGIMES,
        seconds=1e-3,
    ),
)
