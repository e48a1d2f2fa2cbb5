"""Everything that a study can ask of a point: name, formula, unit, what it needs, and where its number comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .. import _checks

if TYPE_CHECKING:
    from .point import Point

REGIMES = ("delocalised", "mesoscopic", "crossover", "thermodynamic", "undetermined", "critical", "disordered")


@dataclass(frozen=True)
class Quantity:
    """One quantity.

    Attributes
    ----------
    name, formula : str
    unit : str
        "energy", "rate", "time", "ln energy", "log10 energy" or "" (a pure number).
    family : str
        What it belongs to: "doublet", "rates", ...
    of : callable
        Its value at a point: a number, one of the categories, or None where there is none.
    needs : tuple of str
        What must be given for it, of gamma and temperature.
    options : tuple of str
        Options that decide it.
    spins_only : bool
        Whether it is known for collective spins only.
    categories : tuple of str
        Of a quantity that is no number.
    whole : bool
        Whether it is a whole number.
    cost : {"low", "high"}
        High: a run of its own for each point (about 10 ms to seconds); low: part of one doublet.
    """

    name: str
    formula: str
    unit: str
    family: str
    of: Callable[[Point], Any]
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    spins_only: bool = False
    categories: tuple[str, ...] = ()
    whole: bool = False
    cost: str = "low"


def _doublet(name: str, formula: str, unit: str = "") -> Quantity:
    return Quantity(name, formula, unit, "doublet", lambda point: getattr(point.doublet, name))


def _renamed(name: str, attribute: str, formula: str) -> Quantity:
    return Quantity(name, formula, "", "doublet", lambda point: getattr(point.doublet, attribute))


def _rate(name: str, formula: str, unit: str, needs: tuple[str, ...] = ("gamma",)) -> Quantity:
    return Quantity(name, formula, unit, "rates", lambda point: getattr(point.rates, name), needs)


_ALL = (
    _doublet("energy_even", "E_0", "energy"),
    _doublet("energy_odd", "E_1", "energy"),
    _doublet("splitting", "ΔE = E_1 - E_0; 0 where it underflows", "energy"),
    _doublet("log_splitting", "ln ΔE", "ln energy"),
    _doublet("log10_splitting", "log10 ΔE", "log10 energy"),
    _doublet("splitting_bound", "upper bound on ΔE where that is not resolved", "energy"),
    _renamed("jz2_even", "q0", "<E0|L†L|E0>"),
    _renamed("jz2_odd", "q1", "<E1|L†L|E1>"),
    _doublet("g01", "G01 = ½ Tr L†L over the doublet; (q0 + q1)/2"),
    _doublet("j01", "J01 = |<P|L|P> - <R|L|R>|/2; <E0|Jz|E1>"),
    _doublet("eigenstate_moment", "Γ_01/γ"),
    _doublet("pointer_moment", "Γ_PR/γ"),
    _doublet("g_loc", "G_loc = (N m*)²/2"),
    _doublet("eta_mf", "η_MF = G_loc/G01"),
    _doublet("eta_exact", "η_exact = Γ_PR/Γ_01; (G01 + J01²)/G01"),
    _doublet("eta_restricted", "η with L projected on the doublet"),
    _doublet("enhancement", "B = (N m*)²/4/G01"),
    _doublet("leakage", "mean of <E_i|L†L|E_i> that leads out of the doublet; G01 - J01²"),
    _doublet("leakage_even", "<E0|L†L|E0> that leads out of the doublet; q0 - J01²"),
    _doublet("leakage_odd", "<E1|L†L|E1> that leads out of the doublet; q1 - J01²"),
    _doublet("depletion", "N m*/2 - J01"),
    _doublet("order_parameter", "m*"),
    _doublet("separation", "distance of the order parameter in P and R over twice its spread"),
    _doublet("gap", "E_2 - E_0", "energy"),
    _doublet("log10_gap_ratio", "log10 of (E_2 - E_0)/(E_1 - E_0)"),
    _doublet("splitting_error", "estimated relative error of ΔE"),
    _doublet("vector_error", "size of the error of the state vectors"),
    _rate("rate_eigenstate", "γ Γ_01/γ; γ G01", "rate"),
    _rate("rate_pointer", "γ Γ_PR/γ; γ (G01 + J01²)", "rate"),
    _rate("rate_mean_field", "γ G_loc", "rate"),
    _rate("log_secular_parameter", "ln(2ΔE T2), T2 = 1/(γ G01)", ""),
    _rate("secular_parameter", "2ΔE T2, T2 = 1/(γ G01)", ""),
    _rate("thermal_ratio", "ΔE/(k_B T)", "", ("temperature",)),
    Quantity(
        "regime",
        "which regime the two rates are in",
        "",
        "rates",
        lambda point: point.rates.regime.name,
        categories=REGIMES,
    ),
)

QUANTITIES: Mapping[str, Quantity] = MappingProxyType({entry.name: entry for entry in _ALL})
"""By name, in the order in which they are listed."""


def quantity(name: str) -> Quantity:
    """The quantity of that name.

    Raises
    ------
    InputError
        For a name that there is not, with the nearest one.

    Examples
    --------
    >>> from einselect.studies.catalogue import quantity
    >>> quantity("eta_mf").formula
    'η_MF = G_loc/G01'
    """
    return QUANTITIES[_checks.one_of("quantity", name, QUANTITIES)]
