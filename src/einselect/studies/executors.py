"""Where a study is worked out: in this process, in several, or on a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError
from .drive import Crew, GivenUp, drive
from .store import StudyStore
from .work import Receipt, Task, work

KINDS = ("auto", "in-process", "processes", "dask")


@dataclass(frozen=True)
class Executor:
    """Where the work is done; it does not change the numbers.

    Attributes
    ----------
    kind : {"in-process", "processes", "dask"}
    workers : int or None
    scheduler : str or None
        Address of a Dask scheduler.
    """

    kind: str = "in-process"
    workers: int | None = None
    scheduler: str | None = None


def choose(kind: str | None = None, workers: int | None = None, scheduler: str | None = None) -> Executor:
    """Check the wishes of a caller and fill in what was left open.

    Raises
    ------
    InputError
        For wishes that do not go together.
    """
    name = _checks.one_of("executor", kind or "auto", KINDS)
    if workers is not None:
        _checks.whole("workers", workers, 1, 4096)
    if scheduler is not None and workers is not None:
        raise InputError(f"workers must be left to the scheduler {scheduler!r} where one is named; got {workers}")
    if name == "auto":
        name = "dask" if scheduler else "processes" if workers is not None and workers > 1 else "in-process"
    if scheduler is not None and name != "dask":
        raise InputError(f"scheduler must be left out for the executor {name!r}; got {scheduler!r}")
    if name == "in-process" and workers not in (None, 1):
        raise InputError(f"workers must be left out for the executor 'in-process'; got {workers}")
    if name != "in-process" and scheduler is None and workers is None:
        workers = _cores()
    return Executor(name, workers, scheduler)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def receipts(
    task: Task, chosen: Executor, todo: NDArray[np.int64], store: StudyStore, say: Callable[[str], None]
) -> Iterator[Receipt | GivenUp | None]:
    """Hand out blocks to the workers of an executor, and yield what comes back.

    Parameters
    ----------
    task : Task
    chosen : Executor
    todo : ndarray of int
        Blocks.
    store : StudyStore
        For work in this process.
    say : callable
        Takes what the user should know meanwhile.
    """
    numbers = (int(number) for number in todo)
    if chosen.kind == "in-process":
        return (work(task, number, store) for number in numbers)
    crew: Crew
    if chosen.kind == "processes":
        from .processes import ProcessCrew

        assert chosen.workers is not None
        crew = ProcessCrew(task, min(chosen.workers, len(todo)))
    else:
        from .dask import DaskCrew

        crew = DaskCrew(task, chosen.scheduler, chosen.workers, say=say)
    return drive(crew, numbers)
