"""Run a study: lay out its store or go on with one, hand out what is missing, and open the result."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import EinselectError, InputError
from .arrays import create
from .drive import GivenUp
from .executors import Executor, choose, receipts
from .plan import Plan
from .prepare import joined, marked, opened
from .progress import Progress
from .provenance import header, identity, versions
from .status import MISSING
from .store import StudyStore, Survey
from .work import Receipt, Task, count

if TYPE_CHECKING:
    import xarray

    from .specification import Study

_TOLD = 3  # messages of points that failed, said while the study runs


class Unfinished(EinselectError):
    """A study that could not go on; what was finished is in its store.

    Parameters
    ----------
    message : str
    done, total : int
        Points.

    Attributes
    ----------
    done, total : int
    """

    def __init__(self, message: str, done: int, total: int) -> None:
        self.done, self.total = done, total
        super().__init__(message, done, total)

    def __str__(self) -> str:
        return str(self.args[0])


def run_study(
    study: Study | Plan,
    path: str | Path | None = None,
    *,
    executor: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: bool = True,
    extend: bool = False,
    retry: bool = False,
    command: str = "",
) -> xarray.Dataset:
    """Work out what is missing of a study.

    Parameters
    ----------
    study : Study or Plan
    path : str or Path, optional
        Folder of the store, made if it is not there; one that holds this study is gone on with. Default: in memory.
    executor : {"auto", "in-process", "processes", "dask"}, optional
        Default: that of the study; "auto" is Dask with a scheduler, processes with several workers.
    workers : int, optional
        How many processes to start on this machine.
    scheduler : str, optional
        Address of a Dask scheduler, such as "tcp://host:8786".
    progress : bool
        Say on standard error how far it is.
    extend : bool
        The folder may hold a study with fewer values on its axes; what it has is kept.
    retry : bool
        Work out again the points that failed.
    command : str
        Kept with the numbers; host-independent.

    Returns
    -------
    xarray.Dataset
        Lazily opened: see `einselect.studies.reading.open_study`.

    Raises
    ------
    InputError
        Before any work, for a folder that cannot be written to or holds another study.
    Unfinished
        If the disk is full, the scheduler went away, or workers died again and again: what is finished stays.
    KeyboardInterrupt
        Also with what was finished in place; its message says how far it was.

    Notes
    -----
    The numbers depend on nothing but the study: not on the executor, nor on how it was cut into blocks, nor on how
    often it was stopped. The memory of this process does not grow with the number of points: workers on the same disk
    write their blocks themselves, those on another machine send a few at a time.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from einselect.studies import Study, run_study
    >>> study = Study(parameters={"field": 0.95}, axes={"spins": [100, 370]}, quantities=["eta_exact"])
    >>> with TemporaryDirectory() as folder:
    ...     first = run_study(study, f"{folder}/study.zarr").load()
    ...     again = run_study(study, f"{folder}/study.zarr").load()  # nothing is left to do
    >>> again.eta_exact.values.round(4).tolist(), again.identical(first)
    ([1.6657, 1.8634], True)
    """
    wish = getattr(study, "executor", None)
    if wish is not None and executor is None and workers is None and scheduler is None:
        executor, workers, scheduler = wish.kind, wish.workers, wish.scheduler
    chosen = choose(executor, workers, scheduler)
    plan, canonical, digest = identity(study)
    attributes = header(plan, canonical, digest, command or "Study.run()")
    if path is None:
        from zarr.storage import MemoryStore

        store = StudyStore(create(MemoryStore(), plan, attributes), None)
        _work_through(store, plan, chosen, progress=progress, retry=False)
        return store.dataset()
    folder = Path(path)
    with opened(folder, plan, canonical, attributes, grow=extend) as store:
        _work_through(store, plan, chosen, progress=progress, retry=retry)
    return StudyStore.open(folder).dataset()


def _work_through(store: StudyStore, plan: Plan, chosen: Executor, *, progress: bool, retry: bool) -> None:
    """Work out what is missing, and write it."""
    survey = store.survey(retry=retry)
    todo = np.flatnonzero(~survey.finished)
    if not len(todo):
        return
    path = "" if store.path is None else str(store.path.resolve())
    task = Task(plan, store.blocks.chunks, path, secrets.token_hex(8), retry)
    meter = Progress(store.blocks.size, survey.counts.tolist(), show=progress)
    try:
        with marked(store, task.token):
            _note_versions(store, meter)
            given_up = _follow(receipts(task, chosen, todo, store, meter.say), store, survey, meter)
    except OSError as error:
        _catch_up(store, survey, meter)
        raise Unfinished(_disk(store, meter, error), meter.done, meter.total) from None
    except EinselectError as error:
        if isinstance(error, InputError):
            raise
        _catch_up(store, survey, meter)
        raise Unfinished(f"{error}: {_kept(store, meter)}", meter.done, meter.total) from None
    except KeyboardInterrupt as stop:
        _catch_up(store, survey, meter)
        stop.args = (f"{str(stop) or 'interrupted'}: {_kept(store, meter)}",)
        raise
    finally:
        meter.close()
    if given_up:
        points = sum(store.blocks.points(number) for number in given_up)
        where = f"{points:,} points, in {len(given_up)} of the blocks"
        why = f"workers died again and again at {where}, perhaps out of memory"
        raise Unfinished(f"{why}: {_kept(store, meter)}", meter.done, meter.total)


def _follow(items: Iterator[Receipt | GivenUp | None], store: StudyStore, survey: Survey, meter: Progress) -> list[int]:
    """Count what comes back, and write the blocks whose workers could not; returns the blocks given up."""
    given_up: list[int] = []
    told: set[str] = set()
    with closing(items):  # type: ignore[type-var]  # both kinds are generators
        for item in items:
            if isinstance(item, GivenUp):
                given_up.append(item.number)
            elif item is not None:
                if item.block is not None:
                    store.write(item.number, item.block)
                _count(survey, meter, item.number, item.counts)
                for message in item.messages:
                    if message not in told and len(told) < _TOLD:
                        told.add(message)
                        meter.say(f"a point failed: {message}")
            meter.tick()
    meter.finish()
    return given_up


def _count(survey: Survey, meter: Progress, number: int, counts: Sequence[int]) -> None:
    """Count the points of a block, less those that it had before."""
    survey.finished[number] = True
    meter.add([now - before for now, before in zip(counts, survey.before(number), strict=True)])


def _catch_up(store: StudyStore, survey: Survey, meter: Progress) -> None:
    """Count the blocks that workers had written before they were stopped, and had not reported."""
    meter.show = False
    for number in store.known() if store.path is not None else []:
        if not survey.finished[number]:
            status = store.status(number)
            _count(survey, meter, number, [0, *count(status)[MISSING + 1 :]])


def _note_versions(store: StudyStore, meter: Progress) -> None:
    """Keep it where a study goes on with other programs than those it was begun with."""
    if store.path is None:
        return
    before = store.attributes["versions"]
    if versions() not in before.split("\n"):
        meter.say(f"this study was begun with {before.splitlines()[0]}; now {versions()}: last digits may differ")
        store.set_attributes({"versions": joined(before, versions())})


def _kept(store: StudyStore, meter: Progress) -> str:
    """What there is of a study that ended early, and how it goes on."""
    points = f"{meter.done:,} of {meter.total:,} points"
    if store.path is None:
        return f"{points} were done, in memory only"
    return f"{points} are in {store.path}; the same command goes on from there"


def _disk(store: StudyStore, meter: Progress, error: OSError) -> str:
    reason = error.strerror or str(error)
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    advice = "make room, and the same command goes on from there" if full else "the same command goes on from there"
    points = f"{meter.done:,} of {meter.total:,} points"
    return f"{store.path} could not be written ({reason}): {points} are in it and can be read; {advice}"
