"""Closed forms, local noise, and the window in N."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...doublet import Doublet
from ...errors import InputError
from ..kinds import SPINS, Quantity

if TYPE_CHECKING:
    from ..point import Point

_LMG = ("lmg", "bose-josephson")


def _closed(name: str, formula: str, attribute: str, unit: str = "") -> Quantity:
    return Quantity(
        name, formula, unit, "semiclassics", lambda point: getattr(point.model.semiclassics(), attribute), models=_LMG
    )


SEMICLASSICS = (
    _closed("instanton_action", "S = artanh(m*) - m*, per spin", "action"),
    _closed("semiclassical_log_splitting", "ln of 4J √(N/2π) m*^(5/2)/(1+m*) exp(-N S)", "log_splitting", "ln energy"),
    _closed("semiclassical_j01", "(N/2)m* - (1-m*)(3+m*)/(4m*²)", "j01"),
    _closed("semiclassical_g01", "(N²/4)(m*² - (2/N)(1-m*)/m*)", "g01"),
    _closed("semiclassical_eta_mf", "2 + 4(1-m*)/(N m*³)", "eta_mf"),
    _closed("semiclassical_eta_exact", "2 - (Γ/J)²/(N m*³)", "eta_exact"),
    _closed("semiclassical_gap", "J m*, the Bogoliubov frequency", "gap", "energy"),
)


def _local(name: str, formula: str, attribute: str, unit: str = "") -> Quantity:
    def pick(point: Point) -> Any:
        from ...local.rates import LocalRates

        if not isinstance(point.doublet, Doublet):
            raise InputError(f"tilt must be 0 for {name}; got {point.model.tilt!r}")
        return getattr(LocalRates(point.doublet, point.rates.gamma or 0.0), attribute)

    needs = ("gamma",) if unit else ()
    return Quantity(name, formula, unit, "local noise", pick, needs, models=SPINS, natural_jump=True)


LOCAL = (
    _local("local_rate_eigenstate", "γ N/4, dephasing of each spin", "rate_eigenstate", "rate"),
    _local("local_rate_pointer", "γ (N/4 + J01²/N), dephasing of each spin", "rate_pointer", "rate"),
    _local("local_ratio", "1 + 4 J01²/N²", "ratio"),
    _local("local_limit", "1 + m*²", "limit"),
    _local("collective_over_local", "4 G01/N", "collective_over_local"),
)


def _window(name: str, formula: str, attribute: str) -> Quantity:
    def pick(point: Point) -> Any:
        from ...window import find_window

        asked = {key: point.given[key] for key in ("gamma", "temperature") if key in point.given}
        m = point.model
        suffix = " rad/s" if m.energy_unit == "rad/s" else ""
        energies = [f"{v!r}{suffix}" if suffix else v for v in (m.field, m.coupling)]
        key = ("window", *sorted(asked.items()))
        found = point.system.kept(key, lambda: find_window(*energies, **asked))
        return getattr(found, attribute)

    return Quantity(name, formula, "", "window", pick, models=("lmg",), natural_jump=True, whole=True, seconds=0.1)


WINDOW = (
    _window("window_min", "least N at which both rates are well defined", "spins_min"),
    _window("window_max", "largest N at which both rates are well defined", "spins_max"),
    _window("thermal_min", "least N of the thermal zone inside the window", "thermal_min"),
    _window("thermal_max", "largest N of the thermal zone inside the window", "thermal_max"),
)
