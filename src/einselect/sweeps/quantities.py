"""What a sweep can compute: each quantity once, with its formula, its unit and how it comes from a doublet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..models.lmg_table import DoubletTable

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Static:
    """A quantity of the doublet alone. `unit` is "energy", "ln energy", "log10 energy" or "" (a pure number)."""

    formula: str
    unit: str
    compute: Callable[[DoubletTable], Array]
    needs_splitting: bool = False


@dataclass(frozen=True)
class Bath:
    """A quantity that also needs γ or T: a formula in arrays of static quantities, vectorised over the bath axes."""

    formula: str
    unit: str
    needs: tuple[str, ...]
    axes: tuple[str, ...]
    compute: Callable[..., Array]


STATIC: Mapping[str, Static] = {
    "energy_even": Static("E_0", "energy", lambda t: t.e0),
    "energy_odd": Static("E_1", "energy", lambda t: t.e1),
    "splitting": Static("ΔE = E_1 - E_0; 0 where it underflows", "energy", lambda t: t.splitting, True),
    "log_splitting": Static("ln ΔE", "ln energy", lambda t: t.log_splitting, True),
    "log10_splitting": Static("log10 ΔE", "log10 energy", lambda t: t.log_splitting / np.log(10.0), True),
    "jz2_even": Static("<E0|Jz²|E0>", "", lambda t: t.moments.q0),
    "jz2_odd": Static("<E1|Jz²|E1>", "", lambda t: t.moments.q1),
    "g01": Static("G01 = (q0 + q1)/2", "", lambda t: t.moments.g01),
    "j01": Static("J01 = <E0|Jz|E1>", "", lambda t: t.moments.j01),
    "g_loc": Static("G_loc = (N m*)²/2", "", lambda t: t.g_loc),
    "eta_mf": Static("η_MF = G_loc/G01", "", lambda t: t.eta_mf),
    "eta_exact": Static("η_exact = (G01 + J01²)/G01", "", lambda t: t.moments.eta_exact),
    "enhancement": Static("B = (N m*)²/4/G01", "", lambda t: 0.5 * t.eta_mf),
    "leakage": Static("G01 - J01²", "", lambda t: t.moments.leakage),
    "leakage_even": Static("q0 - J01²", "", lambda t: t.moments.leakage_even),
    "leakage_odd": Static("q1 - J01²", "", lambda t: t.moments.leakage_odd),
    "depletion": Static("N m*/2 - J01", "", lambda t: t.depletion),
    "order_parameter": Static("m* = sqrt(1 - (Γ/J)²)", "", lambda t: t.order_parameter),
    "gap": Static("E_2 - E_0", "energy", lambda t: t.gap()),
    "log10_gap_ratio": Static(
        "log10 of (E_2 - E_0)/(E_1 - E_0)", "", lambda t: np.log10(t.gap()) - t.log_splitting / np.log(10.0), True
    ),
    "splitting_error": Static("estimated relative error of ΔE", "", lambda t: t.log_splitting_error),
    "vector_error": Static("size of the error of the state vectors", "", lambda t: t.vector_error),
}


def _exp(exponent: Array) -> Array:
    with np.errstate(over="ignore", under="ignore"):
        return np.exp(exponent)


def _log(value: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(value)


BATH: Mapping[str, Bath] = {
    "rate_eigenstate": Bath("γ G01", "rate", ("g01",), ("gamma",), lambda g01, gamma: gamma * g01),
    "rate_pointer": Bath(
        "γ (G01 + J01²)", "rate", ("g01", "j01"), ("gamma",), lambda g01, j01, gamma: gamma * (g01 + j01**2)
    ),
    "rate_mean_field": Bath("γ G_loc", "rate", ("g_loc",), ("gamma",), lambda g_loc, gamma: gamma * g_loc),
    "log_secular_parameter": Bath(
        "ln(2ΔE T2), T2 = 1/(γ G01)",
        "",
        ("log_splitting", "g01"),
        ("gamma",),
        lambda log_splitting, g01, gamma: np.log(2.0) + log_splitting - _log(gamma * g01),
    ),
    "secular_parameter": Bath(
        "2ΔE T2, T2 = 1/(γ G01)",
        "",
        ("log_splitting", "g01"),
        ("gamma",),
        lambda log_splitting, g01, gamma: _exp(np.log(2.0) + log_splitting - _log(gamma * g01)),
    ),
    "thermal_ratio": Bath(
        "ΔE/(k_B T)",
        "",
        ("log_splitting",),
        ("temperature",),
        lambda log_splitting, temperature: _exp(log_splitting - _log(temperature)),
    ),
}

DEFAULT = ("log_splitting", "g01", "j01", "eta_mf", "eta_exact")
