"""Computations off the event loop: one at a time for each visitor, with progress, a deadline and a way to stop.

A newer task waits for the one that runs, which is told to stop; of several that wait, the last one is kept. What
finished is delivered in the loop of its session, so that nothing else touches what is drawn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from ..errors import EinselectError
from . import bounds


class Stopped(EinselectError):
    """A computation that was told to stop, or that ran past its deadline."""


class Job:
    """What a computation is given: a place to say how far it is, and whether to go on."""

    def __init__(self, report: Callable[[float], None] = lambda _: None, seconds: float = bounds.SECONDS) -> None:
        self._report, self._seconds = report, seconds
        self._stop = threading.Event()
        self._started = time.monotonic()

    def begin(self) -> None:
        """Start the clock, and stop here if it is not to start at all."""
        self._started = time.monotonic()
        self.check()

    def progress(self, fraction: float) -> None:
        """Say how far it is, from 0 to 1, and stop here if it is to stop.

        Raises
        ------
        Stopped
        """
        self.check()
        self._report(min(max(fraction, 0.0), 1.0))

    def cancelled(self) -> bool:
        """Whether it is to stop: told so, or past its deadline."""
        return self._stop.is_set() or self.late

    @property
    def late(self) -> bool:
        """Whether its time is over."""
        return time.monotonic() - self._started > self._seconds

    def check(self) -> None:
        """Stop here if it is to stop, saying why."""
        if self._stop.is_set():
            raise Stopped("the computation was cancelled")
        if self.late:
            raise Stopped(
                f"a computation must end within {self._seconds:g} seconds, the bound of the explorer; this one did not"
            )

    def stop(self) -> None:
        """Tell it to stop."""
        self._stop.set()


class Loop(Protocol):
    """The event loop of a session."""

    def soon(self, function: Callable[[], None]) -> None:
        """Run a function in the loop; called from any thread."""
        ...

    def later(self, function: Callable[[], None], milliseconds: int) -> None:
        """Run a function in the loop after a while; called in the loop."""
        ...


class AtOnce:
    """No loop: tasks run where they are submitted, and nothing is done later."""

    def soon(self, function: Callable[[], None]) -> None:
        """Run a function."""
        function()

    def later(self, function: Callable[[], None], milliseconds: int) -> None:
        """Forget a function."""


PATIENCE = 250
"""Milliseconds after which a computation shows that it runs."""


@dataclass(frozen=True)
class Task:
    """What to compute, and what to do with the answer, or with the error of the library instead."""

    compute: Callable[[Job], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]


@cache
def _pool() -> ThreadPoolExecutor:
    """The threads that all sessions of this process share."""
    return ThreadPoolExecutor(bounds.WORKERS, thread_name_prefix="explorer")


class Worker:
    """The computations of one session.

    Parameters
    ----------
    loop : Loop
    busy : callable
        Told, in the loop, how far the task is that has run for a while; None when there is none.
    """

    def __init__(self, loop: Loop, busy: Callable[[float | None], None]) -> None:
        self._loop, self._busy = loop, busy
        self._told = self._abandoned = False
        self._running: tuple[Job, Task] | None = None
        self._waiting: Task | None = None

    def submit(self, task: Task) -> None:
        """Run a task, after the one that runs; called in the loop."""
        if self._running is not None:
            self._running[0].stop()
            self._waiting = task
            if self._abandoned:  # it has to end first, which shows
                self._tell(0.0)
            return
        self._start(task)

    def cancel(self) -> None:
        """Stop what runs and forget what waits; what cannot stop at once is abandoned, and the next one waits."""
        self._waiting = None
        self._tell(None)
        if self._running is not None and not self._abandoned:
            job, task = self._running
            job.stop()
            self._abandoned = True
            task.failed(Stopped("the computation was cancelled"))

    @property
    def idle(self) -> bool:
        """Whether nothing runs."""
        return self._running is None

    def _start(self, task: Task) -> None:
        job = Job(lambda fraction: self._loop.soon(lambda: self._progressed(job, fraction)))
        self._running = job, task
        self._loop.later(lambda: self._patience_ends(job), PATIENCE)
        if isinstance(self._loop, AtOnce):
            self._run(job, task)
        else:
            _pool().submit(self._run, job, task)

    def _patience_ends(self, job: Job) -> None:
        if self._running is not None and self._running[0] is job and not self._abandoned:
            self._tell(0.0)

    def _tell(self, fraction: float | None) -> None:
        """Say how far it is, from when it has run for a while."""
        if self._told or fraction is not None:
            self._told = fraction is not None
            self._busy(fraction)

    def _run(self, job: Job, task: Task) -> None:
        try:
            job.begin()
            answer = task.compute(job)
        except Exception as error:  # noqa: BLE001 - nobody waits for this thread: the session shows it
            failure = error
            self._loop.soon(lambda: self._finished(lambda: task.failed(failure), isinstance(failure, Stopped)))
        else:
            self._loop.soon(lambda: self._finished(lambda: task.done(answer), stopped=False))

    def _progressed(self, job: Job, fraction: float) -> None:
        if self._told and self._running is not None and self._running[0] is job and not self._abandoned:
            self._busy(fraction)

    def _finished(self, deliver: Callable[[], None], stopped: bool) -> None:
        following, self._waiting, self._running = self._waiting, None, None
        abandoned, self._abandoned = self._abandoned, False
        if following is None:
            self._tell(None)
        try:
            # One that ended although a newer one waits is shown all the same: a slider that moves shows its way.
            if not abandoned and (following is None or not stopped):
                deliver()
        finally:
            if following is not None:
                self._start(following)
