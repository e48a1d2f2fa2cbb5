"""Files are written whole or not at all: to a temporary name beside the target, then renamed."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import InputError

if TYPE_CHECKING:
    import xarray


def output_folder(path: str | Path) -> Path:
    """Make (if needed) and return a folder that can be written to.

    Raises
    ------
    InputError
        If it cannot be made, is not a folder, or refuses a file.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(f"output folder must be writable; got {str(path)!r} ({error.strerror})") from None
    return folder


def check_writable(path: str | Path) -> None:
    """Refuse a file that could not be written, before the work that it is for.

    Raises
    ------
    InputError
        As for `atomic_path`.
    """
    _beside(path).unlink()


def _beside(path: str | Path) -> Path:
    """Make an empty file of a temporary name beside `path`."""
    target = Path(path)
    if target.is_dir():
        raise InputError(f"output file must be writable; got {str(path)!r} ({os.strerror(errno.EISDIR)})")
    temporary = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        with temporary.open("xb"):
            pass
    except OSError as error:
        raise InputError(f"output file must be writable; got {str(path)!r} ({error.strerror})") from None
    return temporary


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`, renamed to it when the block ends well, removed when not.

    The temporary name keeps the suffix, since writers choose their format by it.

    Raises
    ------
    InputError
        If the folder cannot be written to, or `path` is itself a folder.
    """
    temporary = _beside(path)
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def atomic_write(path: str | Path, text: str) -> None:
    """Write `text` (UTF-8) to `path`, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def real_parts(dataset: xarray.Dataset) -> xarray.Dataset:
    """The same with every complex variable as two, name_re and name_im: netCDF has no complex numbers."""
    import numpy as np

    result = dataset
    for name in [str(key) for key in dataset.data_vars]:
        variable = dataset[name]
        if np.iscomplexobj(variable.values):
            parts = {f"{name}_re": variable.real, f"{name}_im": variable.imag}
            result = result.drop_vars(name).assign({n: p.assign_attrs(variable.attrs) for n, p in parts.items()})
    return result


def write_netcdf(dataset: xarray.Dataset, path: str | Path) -> None:
    """Write a dataset as netCDF, complex variables as `real_parts` has them, whole or not at all.

    The file is made in memory first: where the disk is full a plain write fails, and the HDF5 library crashes.
    """
    content = netcdf_bytes(dataset)
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def netcdf_bytes(dataset: xarray.Dataset) -> bytes:
    """What `write_netcdf` writes."""
    return bytes(real_parts(dataset).to_netcdf(None, engine="h5netcdf"))
