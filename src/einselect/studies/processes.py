"""Workers that are processes of this machine, without a scheduler: joblib's loky."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from .drive import Collected
from .work import Receipt, Task, work

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Environment of a worker: as many workers as cores, and one thread of BLAS in each."""

_task: list[Task] = []  # of this worker process


def _begin(task: Task, parent: int) -> None:
    """Prepare a worker: it leaves Ctrl-C to the driver, and ends when the driver does, whatever ended that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _task[:] = [task]
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _step(number: int) -> Receipt:
    return work(_task[0], number)


class ProcessCrew:
    """A pool of processes; one that dies takes the pool with it, which is then made anew.

    Parameters
    ----------
    task : Task
    workers : int
    """

    in_company, alone = 3, 2

    def __init__(self, task: Task, workers: int) -> None:
        self._task, self._workers = task, workers
        self._out: dict[Future[Receipt], int] = {}
        self._pool = self._make()

    def _make(self) -> Any:
        from joblib.externals.loky import ProcessPoolExecutor

        # loky starts workers that do not import the caller's script again, so no main guard is asked of the user.
        return ProcessPoolExecutor(
            self._workers, env=ONE_THREAD, initializer=_begin, initargs=(self._task, os.getpid())
        )

    def slots(self) -> int:
        """One block at work and one waiting for each worker."""
        return 2 * self._workers

    def submit(self, number: int) -> None:
        """Hand out a block."""
        try:
            future = self._pool.submit(_step, number)
        except BrokenProcessPool as error:  # it broke since the last look: the next one will tell
            future = Future()
            future.set_exception(error)
        self._out[future] = number

    def collect(self, seconds: float) -> Collected:
        """Wait for the next receipts, so long at most.

        Raises
        ------
        Exception
            What a worker raised, such as OSError where the disk is full.
        """
        finished, _ = wait(self._out, timeout=seconds, return_when=FIRST_COMPLETED)
        found = Collected()
        if any(isinstance(future.exception(), BrokenProcessPool) for future in finished):
            wait(self._out, timeout=10.0)  # all of them end with the pool
            for future, number in self._out.items():
                if future.done() and not future.cancelled() and future.exception() is None:
                    found.receipts.append(future.result())
                else:
                    found.died.append(number)
            self._out.clear()
            self._pool.shutdown(wait=True, kill_workers=True)
            self._pool = self._make()
            return found
        for future in finished:
            del self._out[future]
            found.receipts.append(future.result())
        return found

    def close(self) -> None:
        """Let the workers go, whatever they are at."""
        self._pool.shutdown(wait=True, kill_workers=True)
