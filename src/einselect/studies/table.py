"""Quantities of the Lipkin-Meshkov-Glick model under Jz: many doublets at once, baths by broadcasting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..models.lmg_table import doublet_table
from ..sweeps.quantities import BATH, STATIC
from .question import Question, Values

if TYPE_CHECKING:
    from .evaluate import Answers

_SYSTEM = ("spins", "field", "coupling")
_BATCH = 4096  # doublets at once: enough to fill batches of like length, little enough for any memory
_ORDERED = ("order_parameter", "g_loc", "eta_mf", "enhancement", "depletion", "rate_mean_field")
_NO_ORDER = "{} must be asked for in the ordered phase (field < coupling); got field/coupling = {:.12g}"


def table_quantities(question: Question) -> tuple[str, ...]:
    """Those that are read off a table of doublets."""
    jump = question.values.get("jump")
    if question.model != "lmg" or (jump is not None and set(jump.items) != {"Jz"}):
        return ()
    return tuple(name for name in question.quantities if name in STATIC or name in BATH)


def table_values(
    question: Question, names: tuple[str, ...], dims: tuple[str, ...], ranges: tuple[range, ...], found: Answers
) -> None:
    """Fill in these quantities at all points that are wanted."""

    def along(values: Values, kept: list[str]) -> NDArray[Any]:
        """Its values over the block, with length 1 on the dimensions where it does not vary."""
        if not values.dim:
            return values.items.reshape((1,) * len(kept))
        part = ranges[dims.index(values.dim)]
        shape = [len(part) if dim == values.dim else 1 for dim in kept]
        return values.items[part.start : part.stop].reshape(shape)

    system = [dim for dim in dims if any(question.values[name].dim == dim for name in _SYSTEM)]
    others = tuple(k for k, dim in enumerate(dims) if dim not in system)
    spins, field, coupling = np.broadcast_arrays(*_energies(question, lambda v: along(v, system)))
    needed = np.asarray(found.wanted.any(axis=others))
    ratio = field / coupling
    allowed = (ratio >= 1e-150) & (ratio <= 1e150)
    static = [name for name in STATIC if name in names or any(name in BATH[q].needs for q in names if q in BATH)]
    columns = {name: np.full(spins.shape, np.nan) for name in static}
    chosen = np.flatnonzero(needed & allowed)
    flat = [array.reshape(-1)[chosen].tolist() for array in (spins, field, coupling)]
    for start in range(0, len(chosen), _BATCH):
        points = list(zip(*(column[start : start + _BATCH] for column in flat), strict=True))
        table = doublet_table(points, splitting=any(STATIC[name].needs_splitting for name in static))
        for name in static:
            columns[name].reshape(-1)[chosen[start : start + _BATCH]] = STATIC[name].compute(table)
    spread = tuple(slice(None) if dim in system else None for dim in dims)
    wide = {name: column[spread] for name, column in columns.items()}
    for name in ("gamma", "temperature"):
        if name in question.values:
            wide[name] = along(question.values[name], list(dims))
    for name in names:
        if name in STATIC:
            answer = wide[name]
        else:
            entry = BATH[name]
            answer = entry.compute(*(wide[key] for key in (*entry.needs, *entry.axes)))
        np.copyto(found.values[name], answer, where=found.wanted)
    _say(names, allowed, ratio, spread, found)


def _energies(question: Question, along: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """N, Γ and J over the system's dimensions; a plain field beside a coupling with a unit is Γ/J."""
    values = question.values
    spins, field, coupling = (along(values[name]) for name in _SYSTEM)
    if values["coupling"].unit and not values["field"].unit:
        field = field * coupling
    return spins, field, coupling


def _say(
    names: tuple[str, ...],
    allowed: NDArray[np.bool_],
    ratio: NDArray[np.float64],
    spread: tuple[slice | None, ...],
    found: Answers,
) -> None:
    """Messages where there are no numbers."""
    shape = found.wanted.shape
    bad = np.broadcast_to(~allowed[spread], shape) & found.wanted
    found.refused |= bad
    ratios = np.broadcast_to(ratio[spread], shape)
    for at in np.flatnonzero(bad).tolist():
        found.note(at, f"field/coupling must be from 1e-150 to 1e150; got {ratios.flat[at]!r}")
    absent = [name for name in names if name in _ORDERED]
    if absent:
        outside = (ratios >= 1.0) & found.wanted & ~bad
        found.missing += len(absent) * outside
        for at in np.flatnonzero(outside).tolist():
            found.note(at, _NO_ORDER.format(" and ".join(absent), ratios.flat[at]))
