"""The arrays of a study in its Zarr group: their shapes, types, labels, and how they are cut and compressed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .blocks import Blocks
from .plan import Plan
from .status import MEANINGS, MISSING

if TYPE_CHECKING:
    import zarr

FILL = {"f8": float("nan"), "i8": -1, "i1": -1}
"""What a quantity is where it has not been worked out, by its type."""


def create(store: Any, plan: Plan, attributes: Mapping[str, Any]) -> zarr.Group:
    """Lay out an empty study: all axes, all arrays, no chunk.

    Parameters
    ----------
    store : path or zarr store
    plan : Plan
    attributes : mapping
        Beside those of the plan.
    """
    import zarr

    group = zarr.open_group(
        store,
        mode="w",
        zarr_format=3,
        attributes={
            **plan.attributes,
            **attributes,
            "axes": list(plan.coordinates),
            "quantities": list(plan.variables),
        },
    )
    for name, axis in plan.coordinates.items():
        text = axis.values.dtype.kind in "UOT"
        array = group.create_array(
            name,
            shape=axis.values.shape,
            dtype="str" if text else axis.values.dtype,
            chunks=axis.values.shape,
            dimension_names=(axis.dim,),
            attributes={"units": axis.units, "long_name": axis.long_name},
        )
        array[:] = axis.values.astype(object) if text else axis.values
    for name, variable in plan.variables.items():
        _blocked(group, name, plan, variable.dtype, FILL[variable.dtype], dict(variable.attrs))
    _blocked(group, "message", plan, "str", "", {"long_name": "what there is to know of the point"})
    flags = {"flag_values": list(range(len(MEANINGS))), "flag_meanings": " ".join(MEANINGS)}
    _blocked(group, "status", plan, "u1", MISSING, {"long_name": "what became of the point", **flags})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # consolidated metadata is in no text of the standard yet; xarray expects it
        return zarr.consolidate_metadata(group.store)


def _blocked(group: zarr.Group, name: str, plan: Plan, dtype: str, fill: Any, attributes: dict[str, Any]) -> None:
    """An array over all dimensions with one file a block, which holds a checksum."""
    from zarr.codecs import ZstdCodec

    pieces = Blocks(plan.shape, plan.chunks).pieces()
    group.create_array(
        name,
        shape=plan.shape,
        dtype=dtype,
        chunks=pieces,
        shards=None if pieces == plan.chunks else plan.chunks,
        fill_value=fill,
        dimension_names=plan.dims,
        attributes=attributes,
        compressors=ZstdCodec(level=1, checksum=True),
        config={"write_empty_chunks": name != "message"},
    )
