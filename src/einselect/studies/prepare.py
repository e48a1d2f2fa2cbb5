"""The store of a study before any work: made, found, or extended, checked, and held for this process."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import InputError
from .changes import extension, refusal
from .layout import claimed, extend, make, recover, sweep_up
from .plan import Plan
from .reading import open_store
from .store import StudyStore
from .work import MARK


@contextmanager
def opened(
    path: Path, plan: Plan, canonical: Mapping[str, Any], attributes: Mapping[str, Any], *, grow: bool
) -> Iterator[StudyStore]:
    """The store of a study, which no other driver works at meanwhile.

    Parameters
    ----------
    path : Path
    plan : Plan
    canonical : mapping
        Specification.
    attributes : mapping
        Provenance.
    grow : bool
        A study with fewer values on its axes is extended.

    Raises
    ------
    InputError
        For a folder that cannot be made, holds something else, or is written to by another run.
    """
    if path.suffix != ".zarr":
        raise InputError(f"out must be a folder name that ends in .zarr; got {str(path)!r}")
    recover(path)
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        make(path, plan, attributes)
    if grow:
        with claimed(path):
            _grow(path, plan, canonical, attributes)
    with claimed(path):
        store = open_store(path, write=True)
        if store.attributes["digest"] != attributes["digest"]:
            raise refusal(str(path), json.loads(store.attributes["specification"]), _plain(canonical))
        yield store


def _grow(path: Path, plan: Plan, canonical: Mapping[str, Any], attributes: Mapping[str, Any]) -> None:
    old = open_store(path)
    there = old.attributes
    if there["digest"] == attributes["digest"]:
        return
    specification = json.loads(there["specification"])
    places = extension(specification, _plain(canonical), old.coordinates, plan.coordinates, str(path))
    sweep_up(path)
    extend(path, plan, {**attributes, "versions": joined(there["versions"], attributes["versions"])}, places)


def _plain(canonical: Mapping[str, Any]) -> dict[str, Any]:
    """As it comes back from JSON."""
    found: dict[str, Any] = json.loads(json.dumps(canonical))
    return found


def joined(before: str, now: str) -> str:
    """The versions that have had a part in a study, one set a line."""
    return before if now in before.split("\n") else f"{before}\n{now}"


@contextmanager
def marked(store: StudyStore, token: str) -> Iterator[None]:
    """Leave the token of this run in the folder, by which workers know that they see the same disk.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    if store.path is None:
        yield
        return
    mark = store.path / MARK
    try:
        sweep_up(store.path)
        mark.write_text(token, encoding="utf-8")
    except OSError as error:
        mark_error = f"{str(store.path)!r} ({error.strerror})"
        raise InputError(f"out must be a folder that can be written to; got {mark_error}") from None
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)
