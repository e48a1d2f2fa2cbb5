"""Opening a study, of this layout or an older one.

====== ======================================================================================================
schema layout
====== ======================================================================================================
1      One netCDF file, as ``einselect sweep --out FILE.nc`` wrote before there were studies: every point is done.
2      A Zarr group with a status and a message for every point.
====== ======================================================================================================
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError
from .provenance import SCHEMA
from .status import DONE, MEANINGS
from .store import StudyStore

if TYPE_CHECKING:
    import xarray


def open_study(path: str | Path) -> xarray.Dataset:
    """A study as a dataset that reads from the disk what is asked of it, when it is asked.

    Parameters
    ----------
    path : str or Path
        Folder of a study, finished or not, or a netCDF file of a sweep.

    Returns
    -------
    xarray.Dataset
        Beside the quantities ``status`` (see `einselect.studies.status`) and ``message`` of every point. NaN, or -1
        for categories and whole numbers, where there is no number.

    Raises
    ------
    InputError
        If there is no study, or one that a later version has written.
    """
    found = Path(path)
    if found.is_file():
        return _first_schema(found)
    return open_store(found).dataset()


def open_store(path: str | Path, *, write: bool = False) -> StudyStore:
    """The store in a folder.

    Raises
    ------
    InputError
        If there is none, or one of another schema.
    """
    found = Path(path)
    if not found.exists():
        raise InputError(f"study must be a folder or a file that is there; got {str(path)!r}")
    refusal = InputError(f"study must be a folder that 'einselect sweep' has written; got {str(path)!r}")
    if not (found / "zarr.json").is_file():
        raise refusal
    import zarr

    group = zarr.open(str(found), mode="r")
    schema = group.attrs.get("schema_version")
    if schema is None or not isinstance(group, zarr.Group):
        raise refusal
    if schema != SCHEMA:
        raise InputError(f"schema_version must be {SCHEMA}, or 1 in a netCDF file; got {schema!r} in {str(path)!r}")
    return StudyStore.open(found, write=write)


def _first_schema(path: Path) -> xarray.Dataset:
    """A sweep of old: there were no points without an answer, and what was fixed stood in the attributes."""
    import xarray

    try:
        old = xarray.open_dataset(path, engine="h5netcdf")
    except (OSError, ValueError) as error:
        raise InputError(f"study must be a folder, or a netCDF file of a sweep; got {str(path)!r} ({error})") from None
    if "energy_unit" not in old.attrs or not old.data_vars:
        raise InputError(f"study must be a folder, or a netCDF file of a sweep; got {str(path)!r}")
    if old.attrs.get("schema_version", 1) != 1:  # an export of a later one, which has a status by itself
        return old
    shape = tuple(old.sizes.values())
    flags = {"flag_values": list(range(len(MEANINGS))), "flag_meanings": " ".join(MEANINGS)}
    return old.assign(
        status=(tuple(old.sizes), np.full(shape, DONE, dtype=np.uint8), flags),
        message=(tuple(old.sizes), np.full(shape, "", dtype=object)),
    ).assign_attrs(schema_version=1)
