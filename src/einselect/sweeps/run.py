"""Run a sweep: exact doublets on a grid, in this process or on all cores, into one `xarray.Dataset`."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from .._files import check_writable, write_netcdf
from .._version import __version__
from ..errors import InputError
from ..models.lmg_table import doublet_table
from ..rates import units_of
from .grid import Grid, Point, read_grid
from .quantities import BATH, DEFAULT, STATIC

if TYPE_CHECKING:
    import xarray

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
        Names from ``einselect.sweeps.quantities``; a misspelt one is refused with the nearest name.
    processes : int, optional
        Worker processes. Default: one for small grids, else as many as there are cores. The result does not
        depend on it.
    progress : bool
        Show a progress bar on standard error when the work takes longer than a second.
    path : str or Path, optional
        Write the dataset there as netCDF too, whole or not at all.

    Returns
    -------
    xarray.Dataset
        One variable a quantity, with unit and formula in its attributes; parameters, unit of energy and
        version in those of the dataset. NaN where a quantity does not exist (η_MF outside the ordered phase).

    Raises
    ------
    InputError
        For a parameter that `LMG` or `dephasing_rates` would refuse, a quantity that does not exist or lacks
        its parameter, or a file that cannot be written; before any work.

    Examples
    --------
    >>> from einselect import sweep
    >>> curve = sweep(spins=range(100, 501, 100), field=0.95, quantities=["eta_mf"])
    >>> curve.eta_mf.values.round(3).tolist()
    [1.917, 2.354, 2.402, 2.324, 2.246]
    """
    if isinstance(quantities, str):
        quantities = [quantities]
    wanted = list(dict.fromkeys(_checks.one_of("quantity", q, [*STATIC, *BATH]) for q in quantities))
    if not wanted:
        raise InputError("quantities must hold at least one name; got none")
    grid = read_grid({"spins": spins, "field": field, "coupling": coupling, "gamma": gamma, "temperature": temperature})
    for name in wanted:
        missing = [axis for axis in (BATH[name].axes if name in BATH else ()) if axis not in grid.bath]
        if missing:
            raise InputError(f"{missing[0]} must be given for the quantity {name}; got None")
    if processes is not None:
        _checks.whole("processes", processes, 1, 1024)
    static = [name for name in STATIC if name in wanted or any(name in BATH[q].needs for q in wanted if q in BATH)]
    if path is not None:
        check_writable(path)
    dataset = _dataset(wanted, grid, static, _table(grid.points, static, processes, progress))
    if path is not None:
        write_netcdf(dataset, path)
    return dataset


def _evaluate(chunk: list[Point], names: list[str]) -> NDArray[np.float64]:
    """Static quantities of some points, one row each."""
    table = doublet_table(chunk, splitting=any(STATIC[name].needs_splitting for name in names))
    return np.stack([STATIC[name].compute(table) for name in names], axis=1)


def _work(chunk: list[Point], names: list[str]) -> NDArray[np.float64]:
    """`_evaluate` in a worker, which leaves an interruption to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return _evaluate(chunk, names)


def _table(points: list[Point], names: list[str], processes: int | None, progress: bool) -> NDArray[np.float64]:
    """Static quantities of all points, one row each, in the order of the points."""
    if processes is None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        processes = cores if len(points) >= _PARALLEL_FROM else 1
    # Large N costs more: neighbours in N are dealt out so that chunks cost alike.
    stride = -(-len(points) // _CHUNK)
    order = np.argsort(np.arange(len(points)) % stride, kind="stable")
    chunks = [order[k : k + _CHUNK] for k in range(0, len(points), _CHUNK)]
    jobs = [[points[k] for k in chunk] for chunk in chunks]
    table = np.empty((len(points), len(names)))
    if processes == 1:
        _collect(table, chunks, (_evaluate(job, names) for job in jobs), progress)
    else:
        # loky starts workers that do not import the caller's script again, so no main guard is asked of the user.
        from joblib import Parallel, delayed

        stream = Parallel(n_jobs=processes, return_as="generator")(delayed(_work)(job, names) for job in jobs)
        _collect(table, chunks, stream, progress)
    return table


def _collect(
    table: NDArray[np.float64],
    chunks: list[NDArray[np.int64]],
    results: Iterator[NDArray[np.float64]],
    progress: bool,
) -> None:
    """Fill the table as results come in; a bar appears once a second has passed."""
    started, bar, done = time.monotonic(), None, 0
    try:
        for chunk, rows in zip(chunks, results, strict=True):
            table[chunk] = rows
            done += len(chunk)
            if bar is None and progress and time.monotonic() - started > 1.0 and done < len(table):
                from rich.console import Console
                from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

                bar = Progress(
                    *Progress.get_default_columns()[:2],
                    MofNCompleteColumn(),
                    TimeRemainingColumn(),
                    console=Console(stderr=True),
                )
                task = bar.add_task("doublets", total=len(table))
                bar.start()
            if bar is not None:
                bar.update(task, completed=done)
    finally:
        if bar is not None:
            bar.stop()


def _dataset(wanted: list[str], grid: Grid, static: list[str], table: NDArray[np.float64]) -> xarray.Dataset:
    """Label the numbers: dimensions, coordinates, units, formulas, provenance."""
    import xarray

    units = {**units_of(grid.energy_unit), "": "1"}
    units |= {f"{log} energy": f"{log}({units['energy']})" for log in ("ln", "log10")}
    columns: dict[str, Any] = {
        name: xarray.DataArray(table[:, i].reshape(grid.shape), dims=grid.dims) for i, name in enumerate(static)
    }
    for name, value in grid.bath.items():
        columns[name] = xarray.DataArray(value, dims=[name] if name in grid.axes else [])
    variables: dict[str, Any] = {}
    for name in wanted:
        if name in STATIC:
            formula, unit, variable = STATIC[name].formula, STATIC[name].unit, columns[name]
        else:
            entry = BATH[name]
            formula, unit = entry.formula, entry.unit
            variable = entry.compute(*(columns[n] for n in (*entry.needs, *entry.axes)))
        order = [axis for axis in grid.axes if axis in variable.dims]
        variables[name] = variable.transpose(*order).assign_attrs(units=units[unit], formula=formula)
    coords = {
        name: (name, axis.values, {"units": axis.units, "long_name": axis.long_name})
        for name, axis in grid.axes.items()
    }
    attributes = dict(grid.fixed)
    attributes |= {f"{name}_value": value for name, value in grid.bath.items() if name not in grid.axes}
    attributes |= {
        "model": "LMG: H = -(J/N) Jz^2 - Gamma Jx, symmetric sector, hbar = 1",
        "energy_unit": units["energy"],
        "software": f"einselect {__version__}",
    }
    return xarray.Dataset(variables, coords=coords, attrs=attributes)
