"""The map of the page Window over two parameters of any model: ratios, and what the conditions are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...jump_doublet import JumpDoublet
from ...regime import log_secular_parameter, log_thermal_ratio
from ..axes import Views, symbol_of, unit_of, values
from ..jobs import Job
from ..state import System
from .doublets import Pair, key_of, ratio_of, tried

if TYPE_CHECKING:
    import xarray

_LABELS = {
    "eta_exact": "Γ_PR/Γ_01",
    "eta_mf": "G_loc over Γ_01/γ",
    "wells": "number of the condition 'double well'",
    "isolation": "ln (E2-E0)/(E1-E0)",
    "log_splitting": "ln ΔE",
    "moment": "Γ_01/γ",
}


def blank(system: System, views: Views) -> xarray.Dataset:
    """The map before it is solved."""
    import xarray

    names = [axis.name for axis in views.plane]
    both = [values(system, axis, count) for axis, count in zip(views.plane, views.cells, strict=True)]
    coordinates: dict[Any, Any] = {
        name: (name, along, {"symbol": symbol_of(system, name), "units": unit_of(system, name) or "1"})
        for name, along in zip(names, both, strict=True)
    }
    empty = [np.full((len(both[0]), len(both[1])), math.nan) for _ in _LABELS]
    variables: dict[Any, Any] = {
        name: (names, column, {"long_name": text}) for (name, text), column in zip(_LABELS.items(), empty, strict=True)
    }
    return xarray.Dataset(variables, coordinates)


def same_plane(known: System, plane: xarray.Dataset, system: System, blank: xarray.Dataset) -> bool:
    """Whether the map of an answer is that of a system: same model, jump operator, cells, and fixed parameters."""
    if (known.entry.name, known.jump) != (system.entry.name, system.jump):
        return False
    if not all(np.array_equal(plane[name], blank[name]) for name in blank.dims):
        return False
    now = {name: float(blank[name][0]) for name in map(str, blank.dims)}  # the two that move put at the same place
    keys = key_of(known, now), key_of(system, now)
    return len(keys[0]) == len(keys[1]) and all(_alike(one, other) for one, other in zip(*keys, strict=True))


def _alike(one: tuple[str, Any], other: tuple[str, Any]) -> bool:
    """Whether a parameter is the same; values in proportion are rounded as they are typed."""
    first, second = one[1], other[1]
    listed = isinstance(first, tuple) and isinstance(second, tuple) and len(first) == len(second)
    if listed and all(isinstance(v, float) for v in (*first, *second)):
        return one[0] == other[0] and bool(np.allclose(first, second, rtol=1e-9, atol=0.0))
    return one == other


def solve(system: System, blank: xarray.Dataset, job: Job) -> xarray.Dataset:
    """Ratios and what the conditions are made of, over two parameters."""
    names = [str(name) for name in blank.sizes]
    upright, across = (blank[name].values.tolist() for name in names)
    found = blank.copy(deep=True)
    for row, y in enumerate(upright):
        for column, x in enumerate(across):
            job.progress(0.5 + 0.5 * (row * len(across) + column) / (len(upright) * len(across)))
            for name, value in _cell(tried(system, {names[0]: y, names[1]: x}, job)).items():
                found[name].values[row, column] = value
    return found


def _cell(pair: Pair | None) -> dict[str, float]:
    if pair is None:
        return {}
    wells = pair.separation if isinstance(pair, JumpDoublet) else pair.eta_mf
    ratio = pair.log10_gap_ratio
    found = {
        "eta_exact": ratio_of(pair, "eta_exact"),
        "eta_mf": ratio_of(pair, "eta_mf"),
        "wells": wells,
        "isolation": None if ratio is None else ratio * math.log(10.0),
        "log_splitting": pair.log_splitting,
        "moment": pair.eigenstate_moment,
    }
    return {name: float(value) for name, value in found.items() if value is not None}


def with_bath(static: xarray.Dataset, gamma: float | None, kt: float | None) -> xarray.Dataset:
    """The conditions on γ and T; NaN where ΔE is not resolved."""
    found = static
    logs, moments = static.log_splitting.values, static.moment.values
    both = [
        (None if math.isnan(log) else float(log), float(moment))
        for log, moment in zip(logs.flat, moments.flat, strict=True)
    ]
    if gamma:
        secular = [log_secular_parameter(log, moment, gamma) for log, moment in both]
        found = found.assign(
            secular=(static.log_splitting.dims, _gaps(secular, logs.shape), {"long_name": "ln 2ΔE T2"})
        )
    if kt:
        thermal = [log_thermal_ratio(log, kt) for log, _ in both]
        found = found.assign(
            thermal=(static.log_splitting.dims, _gaps(thermal, logs.shape), {"long_name": "ln ΔE/(k_B T)"})
        )
    return found


def _gaps(found: Sequence[float | None], shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.array([math.nan if value is None else value for value in found]).reshape(shape)
