"""Making the folder of a study, and making it larger: always beside the target, and renamed when it is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .arrays import FILL, create
from .plan import Block, Plan
from .status import MISSING
from .store import StudyStore


def make(path: Path, plan: Plan, attributes: Mapping[str, Any]) -> None:
    """Lay out an empty study in a folder that is not there yet.

    Raises
    ------
    InputError
        If the folder cannot be made.
    """
    with _beside(path) as temporary:
        create(str(temporary), plan, attributes)
        try:
            temporary.rename(path)
        except OSError as error:
            raise _no_folder(path, error) from None


def extend(path: Path, plan: Plan, attributes: Mapping[str, Any], places: Mapping[str, NDArray[np.int64]]) -> None:
    """Put a larger study in the place of one, with all that has been worked out.

    Parameters
    ----------
    path : Path
    plan : Plan
        Of the larger study.
    attributes : mapping
    places : mapping of str to ndarray of int
        As `einselect.studies.changes.extension` gives them.

    Raises
    ------
    InputError
        If there cannot be a second folder beside the first.
    """
    old = StudyStore.open(path)
    with _beside(path) as temporary:
        create(str(temporary), plan, attributes)
        new = StudyStore.open(temporary, write=True)
        for number in range(new.blocks.count):
            block = _carried(old, plan, new.blocks.slices(number), places)
            if block is not None:
                new.write(number, block)
        before = retired(path)
        path.rename(before)  # a kill between these two lines is mended by `recover`
        temporary.rename(path)
    shutil.rmtree(before, ignore_errors=True)


def retired(path: Path) -> Path:
    """Where the old study is for the moment in which the new one takes its place."""
    return path.with_name(f".{path.name}.before")


def recover(path: Path) -> None:
    """Put a study back whose extension was killed in the moment of the exchange."""
    before = retired(path)
    if before.is_dir():
        if path.exists():
            shutil.rmtree(before, ignore_errors=True)
        else:
            before.rename(path)


def sweep_up(path: Path) -> None:
    """Remove what drivers that were killed have left beside a study, and writers in it."""
    for folder in path.parent.glob(f".{path.name}.*.part"):
        shutil.rmtree(folder, ignore_errors=True)
    for inside, _, names in os.walk(path):
        for name in names:
            if name.endswith(".partial"):
                Path(inside, name).unlink(missing_ok=True)


def _carried(
    old: StudyStore, plan: Plan, block: tuple[slice, ...], places: Mapping[str, NDArray[np.int64]]
) -> Block | None:
    """What the old study knows of a block of the new one; None if nothing."""
    found = [places[dim][part] for dim, part in zip(plan.dims, block, strict=True)]
    known = [here >= 0 for here in found]
    if not all(here.any() for here in known):
        return None
    target = np.ix_(*known)
    source = tuple(here[mask] for here, mask in zip(found, known, strict=True))
    status = np.zeros([len(here) for here in found], dtype=np.uint8)
    status[target] = old.group["status"].oindex[source]  # type: ignore[union-attr]
    if not (status != MISSING).any():
        return None
    values = {}
    for name, variable in plan.variables.items():
        values[name] = np.full(status.shape, FILL[variable.dtype], dtype=variable.dtype)
        values[name][target] = old.group[name].oindex[source]  # type: ignore[union-attr]
    text = np.full(status.shape, "", dtype=object)
    text[target] = np.asarray(old.group["message"].oindex[source], dtype=object)  # type: ignore[union-attr]
    flat = text.reshape(-1)
    return Block(values, status, {int(k): str(flat[k]) for k in np.flatnonzero(flat != "")})


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A temporary folder beside the target; gone at the end, unless it was renamed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.mkdir()
    except OSError as error:
        raise _no_folder(path, error) from None
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _no_folder(path: Path, error: OSError) -> InputError:
    return InputError(f"out must be a folder that can be made; got {str(path)!r} ({error.strerror})")


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Hold a study for this process, so that no second driver works at it; the system lets go of it at any end.

    Where the file system knows no locks, nothing is held: two drivers then do some work twice, and harm nothing.

    Raises
    ------
    InputError
        If another process holds it.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise InputError(f"out must be a study that no other run is writing to; got {str(path)!r}") from None
        yield
    finally:
        os.close(handle)
