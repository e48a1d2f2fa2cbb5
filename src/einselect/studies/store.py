"""A study on disk: a Zarr group of one array a quantity, chunk by chunk, with the status of every point.

A block of points is one chunk of every array. Its quantities are written first and its status last, each file under a
temporary name that is then renamed: a block is finished where its points have a status, and what has one is whole.
Nothing else is kept, so that there is nothing that a kill could leave half true.

The folder is an ordinary Zarr group (version 3, consolidated), which ``xarray.open_zarr`` reads.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import EinselectError
from .blocks import Blocks
from .plan import Block, Coordinate, Variable
from .status import FAILED, MEANINGS, MISSING

if TYPE_CHECKING:
    import xarray
    import zarr


@dataclass(frozen=True)
class Survey:
    """How far a study is.

    Attributes
    ----------
    finished : ndarray of bool
        By block.
    counts : ndarray of int64
        Points by status, the missing ones among them.
    partial : dict of int to ndarray
        The same of each block with some of its points done, without the missing ones.
    """

    finished: NDArray[np.bool_]
    counts: NDArray[np.int64]
    partial: dict[int, NDArray[np.int64]]

    def before(self, number: int) -> list[int]:
        """Points of a block by status, without the missing ones."""
        found = self.partial.get(number)
        return [0] * len(MEANINGS) if found is None else found.tolist()


class StudyStore:
    """A study that is open, for reading or for writing.

    Parameters
    ----------
    group : zarr.Group
    path : Path or None
        None for one in memory.
    """

    def __init__(self, group: zarr.Group, path: Path | None) -> None:
        self.group, self.path = group, path
        self._arrays: dict[str, zarr.Array[Any]] = {}
        status = self._array("status")
        self.dims: tuple[str, ...] = tuple(str(name) for name in _dimensions(status))
        self.blocks = Blocks(status.shape, status.shards or status.chunks)

    @classmethod
    def open(cls, path: str | Path, *, write: bool = False) -> StudyStore:
        """The study in a folder."""
        import zarr

        return cls(zarr.open_group(str(path), mode="r+" if write else "r"), Path(path))

    @cached_property
    def coordinates(self) -> dict[str, Coordinate]:
        """Axes as the plan had them."""
        found = {}
        for name in self.attributes["axes"]:
            array = self._array(name)
            (dim,) = _dimensions(array)
            units, text = (str(array.attrs[key]) for key in ("units", "long_name"))
            found[name] = Coordinate(np.asarray(array[:]), str(dim), units, text)
        return found

    @cached_property
    def variables(self) -> dict[str, Variable]:
        """Quantities, in the order of the plan."""
        arrays = {name: self._array(name) for name in self.attributes["quantities"]}
        return {name: Variable(array.dtype.str[1:], dict(array.attrs)) for name, array in arrays.items()}

    @property
    def attributes(self) -> dict[str, Any]:
        """Provenance and fixed parameters."""
        return dict(self.group.attrs)

    def set_attributes(self, changes: Mapping[str, Any]) -> None:
        """Change attributes of a study on disk; the file that holds them is replaced whole."""
        assert self.path is not None
        target = self.path / "zarr.json"
        content = json.loads(target.read_text(encoding="utf-8"))
        content["attributes"].update(changes)
        temporary = target.with_name(f".zarr.{os.getpid()}.partial")
        try:
            temporary.write_text(json.dumps(content, indent=2), encoding="utf-8")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        self.group = type(self).open(self.path, write=True).group

    def _array(self, name: str) -> zarr.Array[Any]:
        if name not in self._arrays:
            import zarr

            found = self.group[name]
            assert isinstance(found, zarr.Array)
            self._arrays[name] = found
        return self._arrays[name]

    def status(self, number: int) -> NDArray[np.uint8]:
        """Status of the points of a block; all of them missing where the file is torn, as a power cut may leave it."""
        try:
            found = self._array("status")[self.blocks.slices(number)]
        except RuntimeError:  # of the decompression; its checksum finds what else there may be
            return np.full(self.blocks.block_shape(number), MISSING, dtype=np.uint8)
        return np.asarray(found, dtype=np.uint8)

    def read(self, number: int) -> Block:
        """All that is known of a block."""
        place = self.blocks.slices(number)
        try:
            values = {name: np.asarray(self._array(name)[place]) for name in self.attributes["quantities"]}
        except (RuntimeError, ValueError) as error:  # a chunk that something else has cut short
            again = f"remove status/{self.blocks.key(number)} in it, and the same sweep works that block out again"
            raise EinselectError(f"a block of {self.path} must be whole to be read; got {error}: {again}") from None
        return Block(values, self.status(number), self.messages(number))

    def messages(self, number: int) -> dict[int, str]:
        """Messages of a block, by position."""
        text = np.asarray(self._array("message")[self.blocks.slices(number)], dtype=object).reshape(-1)
        return {int(k): str(text[k]) for k in np.flatnonzero(text != "")}

    def write(self, number: int, answer: Block) -> None:
        """Write a block: its quantities, its messages, and then its status.

        Raises
        ------
        OSError
            Where the disk is full or refuses; the block then counts as it did before.
        """
        place = self.blocks.slices(number)
        written = list(self.attributes["quantities"])
        for name in written:
            self._array(name)[place] = answer.values[name]
        if answer.message or self._has(number, "message"):
            text = np.full(self.blocks.points(number), "", dtype=object)
            for position, message in answer.message.items():
                text[position] = message
            self._array("message")[place] = text.reshape(self.blocks.block_shape(number))
            written.append("message")
        self._flush(number, written)
        self._array("status")[place] = answer.status

    def _file(self, number: int, name: str) -> Path | None:
        return None if self.path is None else self.path / name / self.blocks.key(number)

    def _has(self, number: int, name: str) -> bool:
        file = self._file(number, name)
        return True if file is None else file.exists()

    def _flush(self, number: int, names: Iterable[str]) -> None:
        """Wait until the disk has the files: after a power cut no status may stand for quantities that are lost."""
        for name in names:
            file = self._file(number, name)
            if file is not None and file.exists():
                handle = os.open(file, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def known(self) -> list[int]:
        """Blocks with a status, found by the names of their files and without reading any."""
        if self.path is None:
            return list(range(self.blocks.count))
        if not self.blocks.grid:
            return [0] if self._has(0, "status") else []
        found: list[tuple[int, ...]] = []
        folders: list[tuple[Path, tuple[int, ...]]] = [(self.path / "status" / "c", ())]
        while folders:
            folder, index = folders.pop()
            if not folder.is_dir():
                continue
            entries = [(int(entry.name), Path(entry.path)) for entry in os.scandir(folder) if entry.name.isdigit()]
            if len(index) + 1 == len(self.blocks.grid):
                found += [(*index, place) for place, _ in entries]
            else:
                folders += [(path, (*index, place)) for place, path in entries]
        return sorted(self.blocks.number(index) for index in found)

    def survey(self, *, retry: bool = False) -> Survey:
        """Which blocks are finished, and how many points have each status.

        Parameters
        ----------
        retry : bool
            Points that failed count as missing.
        """
        finished = np.zeros(self.blocks.count, dtype=bool)
        counts = np.zeros(len(MEANINGS), dtype=np.int64)
        partial: dict[int, NDArray[np.int64]] = {}
        for number in self.known():
            status = self.status(number)
            missing = wanted(status, retry=retry)
            found = np.bincount(status[~missing], minlength=len(MEANINGS))
            counts += found
            finished[number] = not missing.any()
            if found.any() and not finished[number]:
                partial[number] = found
        counts[MISSING] = self.blocks.size - counts[MISSING + 1 :].sum()
        return Survey(finished, counts, partial)

    def dataset(self) -> xarray.Dataset:
        """The study as a dataset that reads what is asked of it, when it is asked."""
        import xarray

        found: xarray.Dataset
        if self.path is None:
            found = xarray.open_zarr(self.group.store, chunks=None, consolidated=False)
        else:
            found = xarray.open_zarr(str(self.path), chunks=None)
        # Zipped axes are no dimensions of their own, and a folder has its arrays in no order.
        quantities = [*found.attrs["quantities"], "status", "message"]
        return found.set_coords(found.attrs["axes"])[quantities]


def wanted(status: NDArray[np.uint8], *, retry: bool = False) -> NDArray[np.bool_]:
    """The points that are still to be worked out: the missing ones, and those that failed if they are tried again."""
    codes = (MISSING, FAILED) if retry else (MISSING,)
    return np.isin(status, codes)


def _dimensions(array: zarr.Array[Any]) -> tuple[str, ...]:
    names: tuple[str, ...] = getattr(array.metadata, "dimension_names", None) or ()
    return names
