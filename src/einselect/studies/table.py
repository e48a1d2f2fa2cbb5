"""Quantities of the Lipkin-Meshkov-Glick model under Jz: many doublets at once, baths by broadcasting."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..models import LMG
from ..models.lmg_table import doublet_table
from ..regime import Thresholds
from ..sweeps.quantities import BATH, STATIC, Bath, Static
from .families.doublet import REGIMES
from .question import Question, Values

Array = NDArray[np.float64]
_SYSTEM = ("spins", "field", "coupling")
_BATCH = 4096  # doublets at once: enough to fill batches of like length, little enough for any memory
_ORDERED = frozenset(("order_parameter", "g_loc", "eta_mf", "enhancement", "depletion", "rate_mean_field"))


def _reciprocal(rate: Array) -> Array:
    with np.errstate(divide="ignore"):
        return 1.0 / rate


def _log(value: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(value)


_STATIC: Mapping[str, Static] = {
    **STATIC,
    "splitting_bound": Static("none: ΔE is resolved", "energy", lambda t: np.full(len(t.points), np.nan)),
    "eigenstate_moment": Static("G01", "", lambda t: t.moments.g01),
    "pointer_moment": Static("G01 + J01²", "", lambda t: t.moments.g01 + t.moments.j01**2),
    "eta_restricted": Static("2", "", lambda t: np.full(len(t.points), 2.0)),
    "separation": Static("J01/sqrt(G01 - J01²)", "", lambda t: t.moments.j01 / np.sqrt(t.moments.leakage)),
    "jump_parity": Static("odd", "", lambda t: np.zeros(len(t.points))),
}
_BATH: Mapping[str, Bath] = {
    **BATH,
    "rate_degenerate": Bath("2γ J01²", "rate", ("j01",), ("gamma",), lambda j01, gamma: gamma * (2.0 * j01**2)),
    "t2_eigenstate": Bath("1/(γ G01)", "time", ("g01",), ("gamma",), lambda g01, gamma: _reciprocal(gamma * g01)),
    "t2_pointer": Bath(
        "1/(γ (G01 + J01²))",
        "time",
        ("g01", "j01"),
        ("gamma",),
        lambda g01, j01, gamma: _reciprocal(gamma * (g01 + j01**2)),
    ),
    "log_thermal_ratio": Bath(
        "ln(ΔE/(k_B T))",
        "",
        ("log_splitting",),
        ("temperature",),
        lambda log_splitting, temperature: log_splitting - _log(temperature),
    ),
}
_OF_REGIME = ("eta_mf", "log_splitting", "g01")


def table_quantities(question: Question) -> tuple[str, ...]:
    """Those that are read off a table of doublets; none for another model or jump operator."""
    jump = question.values.get("jump")
    if question.model != "lmg" or (jump is not None and set(jump.items.tolist()) != {"Jz"}):
        return ()
    return tuple(name for name in question.quantities if name in _STATIC or name in _BATH or name == "regime")


def table_values(
    question: Question,
    names: tuple[str, ...],
    dims: tuple[str, ...],
    ranges: tuple[range, ...],
    wanted: NDArray[np.bool_],
    into: Mapping[str, NDArray[Any]],
) -> dict[int, str]:
    """Fill in quantities at all points that are wanted.

    Parameters
    ----------
    question, dims, ranges, wanted
        As for `evaluate`.
    names : tuple of str
        From `table_quantities`.
    into : mapping of str to ndarray
        Arrays of the block's shape.

    Returns
    -------
    dict of int to str
        Messages where something is not there.
    """

    def along(values: Values, kept: tuple[str, ...]) -> NDArray[Any]:
        """Its values over the block, with length 1 on the dimensions where it does not vary."""
        if not values.dim:
            return values.items.reshape((1,) * len(kept))
        part = ranges[dims.index(values.dim)]
        return values.items[part.start : part.stop].reshape([len(part) if dim == values.dim else 1 for dim in kept])

    system = tuple(dim for dim in dims if any(question.values[name].dim == dim for name in _SYSTEM))
    spins, field, coupling = (along(question.values[name], system) for name in _SYSTEM)
    if question.values["coupling"].unit and not question.values["field"].unit:
        field = field * coupling  # a plain field beside a coupling with a unit is Γ/J
    spins, field, coupling = np.broadcast_arrays(spins, field, coupling)
    ratio = field / coupling
    allowed = (ratio >= 1e-150) & (ratio <= 1e150)
    needed = wanted.any(axis=tuple(k for k, dim in enumerate(dims) if dim not in system)) & allowed
    columns = _columns(question, names, [a[needed] for a in (spins, field, coupling)])
    spread = tuple(slice(None) if dim in system else None for dim in dims)

    def wide(name: str) -> Array:
        """A column over the dimensions of the block, length 1 where it does not vary."""
        if name in ("gamma", "temperature"):
            return along(question.values[name], dims)
        grid = np.full(needed.shape, np.nan)
        grid[needed] = columns[name]
        return grid[spread]

    for name in names:
        if name == "regime":
            gamma = wide("gamma") if "gamma" in question.values else None
            answer: NDArray[Any] = _regimes(ratio[spread], wide("log10_gap_ratio"), gamma, *map(wide, _OF_REGIME))
        elif name in _STATIC:
            answer = wide(name)
        else:
            answer = _BATH[name].compute(*(wide(key) for key in (*_BATH[name].needs, *_BATH[name].axes)))
        np.copyto(into[name], answer, where=wanted & allowed[spread], casting="unsafe")
    return _messages(names, ratio[spread], allowed[spread], wanted)


def _columns(question: Question, names: tuple[str, ...], given: list[NDArray[Any]]) -> dict[str, Array]:
    """What a table of doublets gives at points, and all that the quantities are made of."""
    wanted = {*names, *(part for name in names if name in _BATH for part in _BATH[name].needs)}
    if "regime" in names:
        wanted |= {"eta_mf", "log_splitting", "g01"}
    static = [name for name in _STATIC if name in wanted]
    columns = {name: np.empty(len(given[0])) for name in static}
    gap_ratio = np.full(len(given[0]), np.nan)
    for start in range(0, len(given[0]), _BATCH):
        part = slice(start, start + _BATCH)
        points = list(zip(*(column[part].tolist() for column in given), strict=True))
        table = doublet_table(points, splitting=any(_STATIC[name].needs_splitting for name in static))
        for name in static:
            columns[name][part] = _STATIC[name].compute(table)
        if "regime" in names and "log10_gap_ratio" not in columns:
            # A third level of every point costs more than all else: only where it decides something.
            wells = np.flatnonzero(table.eta_mf >= Thresholds().double_well)
            for k in wells.tolist():
                gap = float(LMG(*points[k], energy_unit="J").levels(3).excitations[2])
                gap_ratio[start + k] = math.log10(gap) - float(table.log_splitting[k]) / math.log(10.0)
    return {"log10_gap_ratio": gap_ratio, **columns}


def _regimes(
    ratio: Array, log10_gap_ratio: Array, gamma: Array | None, eta_mf: Array, log_splitting: Array, g01: Array
) -> NDArray[np.int8]:
    """`regime.classify` with its usual thresholds, for arrays."""
    limits = Thresholds()
    codes = {name: np.int8(k) for k, name in enumerate(REGIMES)}
    with np.errstate(invalid="ignore"):
        wells = (eta_mf >= limits.double_well) & (log10_gap_ratio >= math.log10(limits.isolation))
    if gamma is None:
        inside: Any = codes["undetermined"]
    else:
        secular = math.log(2.0) + log_splitting - _log(gamma * g01)
        beyond = np.where(secular < 0.0, codes["thermodynamic"], codes["crossover"])
        inside = np.where(secular >= math.log(limits.secular), codes["mesoscopic"], beyond)
    found = np.where(wells, inside, codes["delocalised"])
    found = np.where(ratio == 1.0, codes["critical"], found)
    return np.asarray(np.where(ratio > 1.0, codes["disordered"], found), dtype=np.int8)


def _messages(
    names: tuple[str, ...], ratio: Array, allowed: NDArray[np.bool_], wanted: NDArray[np.bool_]
) -> dict[int, str]:
    """Why there are no numbers at some points."""
    found: dict[int, str] = {}
    ratios = np.broadcast_to(ratio, wanted.shape)
    for at in np.flatnonzero(wanted & ~allowed).tolist():
        found[at] = f"field/coupling must be from 1e-150 to 1e150; got {float(ratios.flat[at])!r}"
    absent = [name for name in names if name in _ORDERED]
    if absent:
        text = f"{', '.join(absent)} must be asked for in the ordered phase (field < coupling)"
        found |= dict.fromkeys(np.flatnonzero(wanted & allowed & (ratio >= 1.0)).tolist(), text)
    return found
