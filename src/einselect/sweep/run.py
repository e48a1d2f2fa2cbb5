"""Run a sweep: exact doublets on a grid, in this process or on all cores, into one `xarray.Dataset`."""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from .._version import __version__
from ..errors import InputError
from ..models import LMG
from ..models.lmg_table import doublet_table
from ..rates import bath_parameters, units_of
from .quantities import BATH, DEFAULT, STATIC

if TYPE_CHECKING:
    import xarray

Point = tuple[int, float, float]
_PARALLEL_FROM = 20_000  # below this many points a second process costs more than it saves
_CHUNK = 500


def sweep(
    spins: int | Iterable[int],
    field: float | str | Iterable[float | str],
    coupling: float | str | Iterable[float | str] = 1.0,
    *,
    gamma: float | str | Iterable[float | str] | None = None,
    temperature: float | str | Iterable[float | str] | None = None,
    quantities: Sequence[str] = DEFAULT,
    processes: int | None = None,
    progress: bool = True,
    path: str | Path | None = None,
) -> xarray.Dataset:
    """Quantities of the doublet and its rates on the grid of all parameters given.

    Parameters
    ----------
    spins, field, coupling : value or sequence
        As for `LMG`. Every sequence becomes an axis of that name; a single value becomes an attribute.
    gamma, temperature : value or sequence, optional
        As for `dephasing_rates`; needed by the quantities that depend on them. They cost nothing: they are
        broadcast over the doublets.
    quantities : sequence of str
        Names from ``einselect.sweep.quantities``; a misspelt one is refused with the nearest name.
    processes : int, optional
        Worker processes. Default: one for small grids, else as many as there are cores.
    progress : bool
        Show a progress bar on standard error when the work takes longer than a second.
    path : str or Path, optional
        Write the dataset there as netCDF too, whole or not at all.

    Returns
    -------
    xarray.Dataset
        One variable a quantity, with unit and formula in its attributes; parameters, unit of energy and
        version in those of the dataset. NaN where a quantity does not exist (η_MF outside the ordered phase).

    Examples
    --------
    >>> from einselect import sweep
    >>> curve = sweep(spins=range(100, 501, 100), field=0.95, quantities=["eta_mf"])
    >>> curve.eta_mf.values.round(3).tolist()
    [1.917, 2.354, 2.402, 2.324, 2.246]
    """
    wanted = _names(quantities)
    axes: dict[str, list[Any]] = {}
    fixed: dict[str, Any] = {}
    parameters = {
        "spins": spins,
        "field": field,
        "coupling": coupling,
        "gamma": gamma,
        "temperature": temperature,
    }
    for name, given in parameters.items():
        if isinstance(given, str) or given is None or np.ndim(given) == 0 and not isinstance(given, Iterable):
            fixed[name] = given
        else:
            axes[name] = list(given)
            if not axes[name]:
                raise InputError(f"{name} must be a value or a sequence with at least one; got an empty one")
    for name in (axis for q in wanted if q in BATH for axis in BATH[q].axes):
        if parameters[name] is None:
            raise InputError(
                f"{name} must be given for {next(q for q in wanted if q in BATH and name in BATH[q].axes)}; got None"
            )
    models, unit = _models(axes, fixed)
    static = [name for name in STATIC if name in wanted or any(name in BATH[q].needs for q in wanted if q in BATH)]
    shape = tuple(len(axes[name]) for name in ("spins", "field", "coupling") if name in axes)
    table = _table(models, static, processes, progress)
    arrays = {name: table[:, i].reshape(shape) for i, name in enumerate(static)}
    dataset = _dataset(wanted, axes, fixed, arrays, unit)
    if path is not None:
        from .._files import atomic_path

        with atomic_path(path) as temporary:
            dataset.to_netcdf(temporary, engine="h5netcdf")
    return dataset


def _names(quantities: Sequence[str]) -> list[str]:
    if isinstance(quantities, str):
        quantities = [quantities]
    if not quantities:
        raise InputError("quantities must hold at least one name; got none")
    return list(dict.fromkeys(_checks.one_of("quantity", q, [*STATIC, *BATH]) for q in quantities))


def _models(axes: dict[str, list[Any]], fixed: dict[str, Any]) -> tuple[list[Point], str]:
    """Every (N, Γ, J) of the grid, checked before any work, and their common unit of energy."""

    def values(name: str) -> list[Any]:
        return axes.get(name, [fixed.get(name)])

    pairs = [LMG(2, g, j) for g, j in itertools.product(values("field"), values("coupling"))]
    units = {model.energy_unit for model in pairs}
    if len(units) > 1:
        raise InputError(f"coupling must be plain everywhere or have units everywhere; got {values('coupling')!r}")
    counts = [LMG(n, 0.5).spins for n in values("spins")]
    points = [(n, model.field, model.coupling) for n in counts for model in pairs]
    return points, units.pop()


def _evaluate(chunk: list[Point], names: list[str]) -> NDArray[np.float64]:
    """Static quantities of some points, one row each."""
    table = doublet_table(chunk)
    return np.stack([STATIC[name].compute(table) for name in names], axis=1)


def _table(
    points: list[Point], names: list[str], processes: int | None, progress: bool
) -> NDArray[np.float64]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if processes is None:
        processes = cores if len(points) >= _PARALLEL_FROM else 1
    _checks.whole("processes", processes, 1, 1024)
    if not names:
        return np.empty((len(points), 0))
    # Large N costs more: neighbours in N are dealt out so that chunks cost alike. A chunk holds the same points
    # however many processes there are, so that the result is the same to the last bit.
    stride = max(1, -(-len(points) // _CHUNK))
    order = np.argsort(np.arange(len(points)) % stride, kind="stable")
    chunks = [order[k : k + _CHUNK] for k in range(0, len(points), _CHUNK)]
    table = np.empty((len(points), len(names)))
    jobs = [[points[k] for k in chunk] for chunk in chunks]
    if processes == 1:
        results: Iterator[NDArray[np.float64]] = (_evaluate(job, names) for job in jobs)
        _collect(table, chunks, results, len(points), progress)
        return table
    # loky starts workers that do not import the caller's script again, so no main guard is asked of the user.
    from joblib import Parallel, delayed

    stream = Parallel(n_jobs=processes, return_as="generator")(delayed(_evaluate)(job, names) for job in jobs)
    _collect(table, chunks, stream, len(points), progress)
    return table


def _collect(
    table: NDArray[np.float64],
    chunks: list[NDArray[np.int64]],
    results: Iterator[NDArray[np.float64]],
    total: int,
    progress: bool,
) -> None:
    """Fill the table as results come in; a bar appears once a second has passed."""
    started, bar, done = time.monotonic(), None, 0
    try:
        for chunk, rows in zip(chunks, results, strict=True):
            table[chunk] = rows
            done += len(chunk)
            if bar is None and progress and time.monotonic() - started > 1.0 and done < total:
                from rich.console import Console
                from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

                bar = Progress(
                    *Progress.get_default_columns()[:2],
                    MofNCompleteColumn(),
                    TimeRemainingColumn(),
                    console=Console(stderr=True),
                )
                task = bar.add_task("doublets", total=total)
                bar.start()
            if bar is not None:
                bar.update(task, completed=done)
    finally:
        if bar is not None:
            bar.stop()


def _dataset(
    wanted: list[str],
    axes: dict[str, list[Any]],
    fixed: dict[str, Any],
    arrays: dict[str, NDArray[np.float64]],
    unit: str,
) -> xarray.Dataset:
    import xarray

    names = {**units_of(unit), "": "1"}
    names.update({f"{log} energy": f"{log}({names['energy']})" for log in ("ln", "log10")})
    coords: dict[str, Any] = {}
    baths: dict[str, Any] = {}
    for name, given in {**axes, **fixed}.items():
        if name in ("gamma", "temperature"):
            values = [bath_parameters(unit, *((v, None) if name == "gamma" else (None, v))) for v in _listed(given)]
            numbers = [pair[0] if name == "gamma" else pair[1] for pair in values]
            baths[name] = np.array(numbers, dtype=float) if name in axes else numbers[0]
    for name, given in axes.items():
        if name == "spins":
            coords[name] = (name, [int(v) for v in given], {"units": "1", "long_name": "number of spins N"})
        elif name in baths:
            long = "dephasing rate γ" if name == "gamma" else "k_B T"
            coords[name] = (
                name,
                baths[name],
                {"units": names["rate" if name == "gamma" else "energy"], "long_name": long},
            )
        else:
            coords[name] = (name, *_energy_axis(name, given, axes, fixed, names["energy"]))
    dims = [name for name in ("spins", "field", "coupling") if name in axes]
    variables: dict[str, xarray.DataArray] = {}
    static = {name: xarray.DataArray(values, dims=dims) for name, values in arrays.items()}
    bath = {
        name: xarray.DataArray(v, dims=[name] if name in axes else []) for name, v in baths.items() if v is not None
    }
    for name in wanted:
        if name in STATIC:
            formula, kind = STATIC[name].formula, STATIC[name].unit
            variables[name] = static[name].copy()
        else:
            entry = BATH[name]
            formula, kind = entry.formula, entry.unit
            variables[name] = entry.compute(*(static[n] for n in entry.needs), *(bath[n] for n in entry.axes))
        variables[name].attrs = {"units": names[kind], "formula": formula}
    attributes = {name: value for name, value in fixed.items() if value is not None}
    attributes |= {f"{name}_value": v for name, v in baths.items() if name in fixed and v is not None}
    attributes |= {
        "model": "LMG: H = -(J/N) Jz^2 - Gamma Jx, symmetric sector, hbar = 1",
        "energy_unit": names["energy"],
        "software": f"einselect {__version__}",
    }
    return xarray.Dataset(variables, coords=coords, attrs=attributes)


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _energy_axis(
    name: str, given: list[Any], axes: dict[str, list[Any]], fixed: dict[str, Any], unit: str
) -> tuple[list[float], dict[str, str]]:
    """Coordinate values of a field or coupling axis: as given if plain, else in rad/s."""
    long = "transverse field Γ" if name == "field" else "coupling J"
    if name == "coupling":
        return [LMG(2, 0.5 if isinstance(v, str) else v, v).coupling for v in given], {
            "units": unit,
            "long_name": long,
        }
    if all(isinstance(v, str) for v in given) or "coupling" not in axes:
        values = [LMG(2, v, axes["coupling"][0] if "coupling" in axes else fixed["coupling"]).field for v in given]
        if not any(isinstance(v, str) for v in given) and unit != "J":
            return [float(v) for v in given], {"units": "1", "long_name": "field ratio Γ/J"}
        return values, {"units": unit, "long_name": long}
    return [float(v) for v in given], {
        "units": unit if unit == "J" else "1",
        "long_name": long if unit == "J" else "field ratio Γ/J",
    }
