"""Data as files, made in memory: netCDF and CSV."""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import numpy as np

from .._files import real_parts

if TYPE_CHECKING:
    import xarray


def netcdf(dataset: xarray.Dataset) -> BytesIO:
    """A dataset as a netCDF file; complex variables as two, ``_re`` and ``_im``, which every reader knows."""
    return BytesIO(bytes(_real(dataset).to_netcdf(engine="h5netcdf")))


def csv(dataset: xarray.Dataset) -> BytesIO:
    """A dataset as CSV: a line for each point of its axes, at full precision; axes first.

    Variables on different axes make several tables, an empty line between them.
    """
    real = _real(dataset)
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for name, variable in real.data_vars.items():
        groups.setdefault(variable.dims, []).append(name)
    out = StringIO()
    for place, (dims, names) in enumerate(groups.items()):
        if place:
            out.write("\n")
        _table(out, real, dims, names)
    return BytesIO(out.getvalue().encode())


def _table(out: StringIO, dataset: xarray.Dataset, dims: tuple[Any, ...], names: list[Any]) -> None:
    """One table: coordinates of its axes, then the variables on them."""
    coordinates = [name for name, c in dataset.coords.items() if c.dims and set(c.dims) <= set(dims)]
    columns = {}
    shape = tuple(dataset.sizes[d] for d in dims)
    for name in (*coordinates, *names):
        variable = dataset[name]
        order = tuple(d for d in dims if d in variable.dims)
        found = variable.transpose(*order).values
        spread = found.reshape(tuple(dataset.sizes[d] if d in order else 1 for d in dims))
        columns[str(name)] = np.broadcast_to(spread, shape).ravel()
    out.write(",".join(_cell(name) for name in columns) + "\n")
    for row in zip(*columns.values(), strict=True):
        out.write(",".join(_cell(value) for value in row) + "\n")


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"' if any(c in value for c in ',"\n') else value
    if isinstance(value, np.integer | np.bool_ | int):
        return str(int(value))
    return "" if np.isnan(value) else repr(float(value))


def _real(dataset: xarray.Dataset) -> xarray.Dataset:
    """Complex variables taken apart, attributes as text or numbers."""
    found = real_parts(dataset)
    plain = (bool, int, float, str, np.integer, np.floating, np.ndarray)
    kept = {k: (int(v) if isinstance(v, bool) else v) for k, v in found.attrs.items() if isinstance(v, plain)}
    others = {k: str(v) for k, v in found.attrs.items() if k not in kept and v is not None}
    return _with_attributes(found, kept | others)


def _with_attributes(dataset: xarray.Dataset, attributes: dict[Any, Any]) -> xarray.Dataset:
    copied = dataset.copy()
    copied.attrs = attributes
    return copied
