"""A study as one file for other programs: netCDF, CSV or Parquet; block by block, so that memory does not grow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from .._files import atomic_path
from ..errors import InputError
from .arrays import FILL
from .plan import Block
from .reading import open_store
from .status import MEANINGS, MISSING
from .store import StudyStore

SUFFIXES = {"netcdf": ".nc", "csv": ".csv", "parquet": ".parquet"}
"""Endings of the files, by format."""


def export_study(path: str | Path, to: str, out: str | Path | None = None) -> Path:
    """Write a study, finished or not, to one file; whole or not at all.

    Parameters
    ----------
    path : str or Path
        Folder of the study.
    to : {"netcdf", "csv", "parquet"}
        netCDF keeps the grid; the others have one row for each point that was worked out, with its coordinates, block
        after block, categories and the status as words, and no number where there is none.
    out : str or Path, optional
        Default: beside the study, by the same name.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        For an unknown format, a study that is not there, or a file that cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from einselect.studies import Study, export_study
    >>> study = Study(parameters={"field": 0.95}, axes={"spins": [100, 370]}, quantities=["regime"])
    >>> with TemporaryDirectory() as folder:
    ...     answer = study.run(f"{folder}/study.zarr")
    ...     rows = export_study(f"{folder}/study.zarr", "csv").read_text(encoding="utf-8").splitlines()
    >>> rows[-3:]
    ['spins,regime,status,message', '100,delocalised,done,', '370,undetermined,done,']
    """
    form = _checks.one_of("to", to, SUFFIXES)
    store = open_store(path)
    target = Path(path).with_suffix(SUFFIXES[form]) if out is None else Path(out)
    if target.suffix.lower() != SUFFIXES[form]:
        raise InputError(f"out must be a file name that ends in {SUFFIXES[form]} for {form}; got {str(target)!r}")
    with atomic_path(target) as temporary:
        {"netcdf": _netcdf, "csv": _csv, "parquet": _parquet}[form](store, temporary)
    return target


def _netcdf(store: StudyStore, path: Path) -> None:
    """The grid with its axes; dimensions, labels and chunks as in the store."""
    import h5netcdf

    with h5netcdf.File(path, "w") as file:
        file.dimensions = dict(zip(store.dims, store.blocks.shape, strict=True))
        for name, value in store.attributes.items():
            file.attrs[name] = json.dumps(value) if isinstance(value, dict | list) else value
        for name, axis in store.coordinates.items():
            text = axis.values.dtype.kind in "TOU"
            values = axis.values.astype(object) if text else axis.values
            made = file.create_variable(name, (axis.dim,), _text() if text else axis.values.dtype, data=values)
            made.attrs.update({"units": axis.units, "long_name": axis.long_name})
        auxiliary = " ".join(name for name, axis in store.coordinates.items() if axis.dim != name)
        pieces: dict[str, Any] = {"chunks": store.blocks.pieces()} if store.dims else {}
        options = {**pieces, "compression": "gzip", "compression_opts": 1, "shuffle": True} if store.dims else {}
        for name, variable in store.variables.items():
            fill = FILL[variable.dtype]
            made = file.create_variable(name, store.dims, variable.dtype, fillvalue=fill, **options)
            attrs = {key: _flags(value, variable.dtype) for key, value in variable.attrs.items() if key != "_FillValue"}
            made.attrs.update(attrs | ({"coordinates": auxiliary} if auxiliary else {}))
        status = file.create_variable("status", store.dims, "u1", **options)
        status.attrs.update({k: _flags(v, "u1") for k, v in dict(store.group["status"].attrs).items()})
        message = file.create_variable("message", store.dims, _text(), **pieces)
        message.attrs.update(dict(store.group["message"].attrs))
        for number in store.known():
            block, place = store.read(number), store.blocks.slices(number)
            for name, values in block.values.items():
                file.variables[name][place] = values
            if block.message:
                message[place] = _texts(block).reshape(block.status.shape)
            status[place] = block.status


def _text() -> Any:
    import h5py

    return h5py.string_dtype("utf-8")


def _flags(value: Any, dtype: str) -> Any:
    """Values of flags are of the type of their variable, as the conventions ask."""
    return np.array(value, dtype=dtype) if isinstance(value, list) else value


def _texts(block: Block) -> NDArray[np.object_]:
    texts = np.full(block.status.size, "", dtype=object)
    for position, text in block.message.items():
        texts[position] = text
    return texts


def _csv(store: StudyStore, path: Path) -> None:
    """Rows of values; before them, behind #, what they are."""
    heading = [f"# {name}: {_one_line(store.attributes[name])}" for name in _HEAD if name in store.attributes]
    units = {name: axis.units for name, axis in store.coordinates.items()}
    units |= {name: str(variable.attrs.get("units", "1")) for name, variable in store.variables.items()}
    heading.append("# units: " + ", ".join(f"{name} [{unit}]" for name, unit in units.items() if unit != "1"))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(heading) + "\n")
        first = True
        for frame in _frames(store):
            frame.to_csv(file, header=first, index=False)
            first = False


_HEAD = ("title", "model", "hamiltonian", "energy_unit", "software", "command", "digest")


def _one_line(value: Any) -> str:
    return " ".join(str(value).split())


def _parquet(store: StudyStore, path: Path) -> None:
    """One row group a block; attributes and units in the metadata of the schema."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError:
        raise InputError(
            "to must be netcdf or csv where pyarrow is not installed (pip install 'einselect[parquet]'); got 'parquet'"
        ) from None
    attributes = {
        str(name): value if isinstance(value, str) else json.dumps(value) for name, value in store.attributes.items()
    }
    for name, labels in _labels(store).items():
        attributes[f"{name}.units"] = labels
    writer = None
    try:
        for frame in _frames(store, categories=True):
            table = arrow.Table.from_pandas(frame, preserve_index=False)
            if writer is None:
                writer = parquet.ParquetWriter(path, table.schema.with_metadata(attributes), compression="zstd")
            writer.write_table(table.replace_schema_metadata(attributes))
    finally:
        if writer is not None:
            writer.close()


def _labels(store: StudyStore) -> dict[str, str]:
    units = {name: axis.units for name, axis in store.coordinates.items()}
    return units | {name: str(variable.attrs.get("units", "1")) for name, variable in store.variables.items()}


def _frames(store: StudyStore, *, categories: bool = False) -> Iterator[Any]:
    """Points that were worked out, one table a block; one without rows where there are none at all."""
    empty = True
    for number in store.known():
        block = store.read(number)
        rows = np.flatnonzero(block.status != MISSING)
        if len(rows):
            empty = False
            yield _frame(store, store.blocks.slices(number), block, rows, categories)
    if empty:
        place = tuple(slice(0, 0) for _ in store.dims)
        nothing = {name: np.empty(0, dtype=variable.dtype) for name, variable in store.variables.items()}
        yield _frame(
            store, place, Block(nothing, np.empty(0, dtype=np.uint8), {}), np.empty(0, dtype=np.int64), categories
        )


def _frame(store: StudyStore, place: tuple[slice, ...], block: Block, rows: NDArray[np.int64], categories: bool) -> Any:
    pandas = _pandas()

    shape = tuple(part.stop - part.start for part in place)
    columns: dict[str, Any] = {}
    places = np.unravel_index(rows, shape) if shape and len(rows) else [rows] * len(shape)
    at = dict(zip(store.dims, places, strict=True))
    for name, axis in store.coordinates.items():
        values = axis.values[place[store.dims.index(axis.dim)]][at[axis.dim]]
        columns[name] = values.astype(object) if values.dtype.kind in "TU" else values
    for name, variable in store.variables.items():
        flat = block.values[name].reshape(-1)[rows]
        if "flag_meanings" in variable.attrs:
            words = str(variable.attrs["flag_meanings"]).split()
            codes = [-1 if word == "none" else k for k, word in enumerate(words)]
            lookup = {int(flag): code for flag, code in zip(variable.attrs["flag_values"], codes, strict=True)}
            columns[name] = _category([lookup[int(flag)] for flag in flat], words, categories)
        elif variable.dtype == "i8":
            columns[name] = pandas.array(flat, dtype="Int64")
            columns[name][flat == FILL["i8"]] = pandas.NA
        else:
            columns[name] = flat
    columns["status"] = _category(block.status.reshape(-1)[rows], MEANINGS, categories)
    columns["message"] = _texts(block)[rows]
    return pandas.DataFrame(columns)


def _category(codes: Any, words: Any, keep: bool) -> Any:
    pandas = _pandas()

    found = pandas.Categorical.from_codes(np.asarray(codes, dtype=int), categories=list(words))
    return found if keep else found.astype(object)


def _pandas() -> Any:
    import pandas  # type: ignore[import-untyped]

    return pandas
