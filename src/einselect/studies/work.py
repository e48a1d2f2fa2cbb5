"""One block of a study, worked out wherever this runs: in the process of the user or in a worker far away.

A worker that sees the folder of the study writes the block itself, and sends back a receipt of some hundred bytes: the
numbers never pass through the driver, whose memory and network then do not grow with the study. One that does not see
it sends the block, and the driver writes it. Each worker finds out by itself, by a file that the driver has left in
the folder for this run: a path alone may well exist on both machines and be two different disks.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .arrays import FILL
from .blocks import Blocks
from .plan import Block
from .status import FAILED, MEANINGS, MISSING
from .store import StudyStore, wanted

if TYPE_CHECKING:
    from .plan import Plan

MARK = ".run"
"""Name of the file in the folder of a study that holds the token of the run in progress."""

_SHOWN = 3  # messages that a receipt brings along


@dataclass(frozen=True)
class Task:
    """What the tasks of one run have in common; small enough to be sent to every worker.

    Attributes
    ----------
    plan : Plan
    chunks : tuple of int
        Shape of a block in the store, which need not be the one that the plan suggests.
    path : str
        Folder of the study; "" where it is in memory.
    token : str
        Of this run.
    retry : bool
        Work out again what has failed.
    """

    plan: Plan
    chunks: tuple[int, ...]
    path: str
    token: str
    retry: bool = False

    @property
    def blocks(self) -> Blocks:
        """How the points are cut."""
        return Blocks(self.plan.shape, self.chunks)


@dataclass(frozen=True)
class Receipt:
    """What came of a task.

    Attributes
    ----------
    number : int
        Of the block.
    counts : tuple of int
        Points of the block by status, whether they were worked out now or before.
    seconds : float
    messages : tuple of str
        The first few of the points that failed.
    block : Block or None
        The answer, where the worker could not write it.
    """

    number: int
    counts: tuple[int, ...]
    seconds: float
    messages: tuple[str, ...] = ()
    block: Block | None = field(default=None, repr=False)


@lru_cache(maxsize=4)
def _shared(path: str, token: str) -> StudyStore | None:
    """The study, if this process sees the same disk as the driver."""
    try:
        if not path or Path(path, MARK).read_text(encoding="utf-8") != token:
            return None
    except OSError:
        return None
    return StudyStore.open(path, write=True)


def work(task: Task, number: int, store: StudyStore | None = None) -> Receipt:
    """Work out what is missing of a block, and write it where that is possible.

    Parameters
    ----------
    task : Task
    number : int
        Of the block.
    store : StudyStore, optional
        Where the caller has it open. Default: the folder that the task names, if this process sees it.

    Raises
    ------
    OSError
        Where the disk is full or refuses.
    """
    from .._threads import threads_for

    started = time.perf_counter()
    store = store or _shared(task.path, task.token)
    shape = task.blocks.block_shape(number)
    before = np.zeros(shape, dtype=np.uint8) if store is None else store.status(number)
    missing = wanted(before, retry=task.retry)
    if not missing.any():  # a worker died after it had written the block and before it could say so
        return Receipt(number, count(before), time.perf_counter() - started)
    with threads_for(1):  # as many workers as cores: threads of BLAS would only wait for each other
        answer = evaluate(task.plan, task.blocks.slices(number), None if missing.all() else missing)
    failed = [answer.message.get(k, "") for k in np.flatnonzero(answer.status == FAILED)[:_SHOWN].tolist()]
    if store is not None and not missing.all():
        answer = _merged(store.read(number), answer, missing)
    if store is not None:
        store.write(number, answer)
    left = answer if store is None else None
    return Receipt(number, count(answer.status), time.perf_counter() - started, tuple(failed), left)


def count(status: NDArray[np.uint8]) -> tuple[int, ...]:
    """How many points have each status."""
    return tuple(np.bincount(status.reshape(-1), minlength=len(MEANINGS)).tolist())


def evaluate(plan: Plan, place: tuple[slice, ...], missing: NDArray[np.bool_] | None) -> Block:
    """The answer of the plan; an error that it does not catch itself is that of all points of the block."""
    try:
        return plan.evaluate(place, missing)
    except Exception as error:  # noqa: BLE001 - a study of days does not end for one block; the message says what it was
        shape = tuple(part.stop - part.start for part in place)
        asked = np.ones(shape, dtype=bool) if missing is None else missing
        text = f"{type(error).__name__}: {error}"
        return Block(
            {name: np.full(shape, FILL[variable.dtype], variable.dtype) for name, variable in plan.variables.items()},
            np.where(asked, np.uint8(FAILED), np.uint8(MISSING)),
            dict.fromkeys(np.flatnonzero(asked).tolist(), text),
        )


def _merged(old: Block, new: Block, missing: NDArray[np.bool_]) -> Block:
    """The new answers where they were asked for, the old ones elsewhere."""
    asked = set(np.flatnonzero(missing).tolist())
    return Block(
        {name: np.where(missing, new.values[name], value) for name, value in old.values.items()},
        np.where(missing, new.status, old.status),
        {k: text for k, text in old.message.items() if k not in asked}
        | {k: text for k, text in new.message.items() if k in asked},
    )
