"""Workers of a Dask cluster: one on this machine, or one that is reached by the address of its scheduler."""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any

from ..errors import EinselectError, InputError
from .cluster import LocalCluster
from .drive import Collected
from .work import Task

_PATIENCE = 60.0  # seconds for a scheduler to come back
_TIMEOUT = 10.0  # seconds to connect
_WAITED = 20.0  # seconds without a worker after which it is said
_RESTARTS = 5  # of the cluster of this machine without a block in between
_FEWEST = 8  # blocks handed out to a cluster without workers: an adaptive one starts them for what waits


class DaskCrew:
    """The workers of a scheduler.

    Parameters
    ----------
    task : Task
    address : str, optional
        Of a scheduler that is there.
    workers : int, optional
        Or how many workers to start on this machine.
    patience : float, optional
        Seconds for a scheduler that went away to come back.
    say : callable, optional
        Takes what the user should know meanwhile.

    Raises
    ------
    InputError
        For an address at which no scheduler answers, or where Dask is not installed.
    """

    in_company = alone = 1  # the scheduler has tried a block on several workers before it says so

    def __init__(
        self,
        task: Task,
        address: str | None = None,
        workers: int | None = None,
        *,
        patience: float | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        try:
            import distributed  # noqa: F401
        except ImportError:
            raise InputError(
                "executor 'dask' must have Dask installed (pip install 'einselect[cluster]'); got none"
            ) from None
        self._task, self._workers, self._say = task, workers, say or (lambda text: None)
        self._patience = _PATIENCE if patience is None else patience
        self._out: dict[Any, int] = {}
        self._finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._restarts, self._threads, self._looked, self._idle = 0, 0, 0.0, time.monotonic()
        self._log = logging.getLogger("distributed")
        self._level = self._log.level
        self._log.setLevel(logging.CRITICAL)  # what goes wrong is said by the study, in its words
        self.cluster: LocalCluster | None = None
        self._client: Any = None
        try:
            self.cluster = None if workers is None else LocalCluster(workers)
            self.address = address if self.cluster is None else self.cluster.address
            self._client = self._connected(_TIMEOUT)
        except BaseException:
            self.close()
            raise

    def _connected(self, timeout: float) -> Any:
        from distributed import Client

        from .carrier import Carrier

        client: Any = None
        make: Any = Client  # not typed
        try:
            client = make(self.address, timeout=timeout, set_as_default=False)
            client.register_plugin(Carrier(self._task))
        except (OSError, ValueError) as error:
            _close(client)
            raise InputError(f"scheduler must be the address of a Dask scheduler; got {self.address!r}") from error
        except Exception as error:
            _close(client)
            raise EinselectError(f"the workers of {self.address} cannot take the study ({error})") from error
        return client

    def slots(self) -> int:
        """One block at work and one waiting for each thread of the cluster."""
        return max(2 * self._threads, _FEWEST)

    def submit(self, number: int) -> None:
        """Hand out a block."""
        from .carrier import step

        future = self._client.submit(step, self._task.token, number, pure=False)
        self._out[future] = number
        future.add_done_callback(self._finished.put)

    def collect(self, seconds: float) -> Collected:
        """Wait for the next receipts, so long at most.

        Raises
        ------
        Exception
            What a worker raised, such as OSError where the disk is full.
        EinselectError
            If the scheduler went away and did not come back.
        """
        from distributed import KilledWorker

        found, lost = Collected(), False
        ready: list[Any] = []
        try:
            ready.append(self._finished.get(timeout=seconds))
            while True:
                ready.append(self._finished.get_nowait())
        except queue.Empty:
            pass
        for future in ready:
            if future not in self._out:  # of a scheduler before this one
                continue
            if future.status == "finished":
                try:
                    found.receipts.append(future.result(timeout=self._patience))
                    del self._out[future]
                except (OSError, TimeoutError, CancelledError):  # the task is done: it is its receipt that went lost
                    lost = True
            elif future.status == "error":
                error = future.exception()
                if not isinstance(error, KilledWorker):
                    raise error
                found.died.append(self._out.pop(future))
            else:
                lost = True
        if lost or self._client.status != "running":
            found.returned += self._out.values()
            self._out.clear()
            self._recover()
        self._restarts = 0 if found.receipts else self._restarts
        self._look()
        return found

    def _look(self) -> None:
        """How many threads there are, now and then: workers come and go."""
        now = time.monotonic()
        if now - self._looked > 2.0 and self._client is not None and self._client.status == "running":
            try:
                self._threads = sum(self._client.nthreads().values())
            except (OSError, TimeoutError):  # it has just gone: the next round will tell
                return
            self._looked = time.monotonic()
            if self._threads:
                self._idle = self._looked
            elif self._looked - self._idle > _WAITED:
                self._say(f"the scheduler at {self.address} has no workers; waiting for some")
                self._idle = self._looked

    def _recover(self) -> None:
        """Connect again: to a new cluster of this machine, or to the same address."""
        _close(self._client)
        self._say("the scheduler went away; connecting again")
        if self.cluster is not None and self._workers is not None:
            self._restarts += 1
            if self._restarts > _RESTARTS:
                raise EinselectError(f"the cluster of this machine ended {_RESTARTS} times without finishing a block")
            self.cluster.close()
            self.cluster = LocalCluster(self._workers)
            self.address = self.cluster.address
            self._client = self._connected(_TIMEOUT)
            return
        until = time.monotonic() + self._patience
        while True:
            try:
                self._client = self._connected(min(_TIMEOUT, self._patience))
                return
            except InputError:
                if time.monotonic() > until:
                    raise EinselectError(f"the scheduler at {self.address} went away") from None
                time.sleep(0.5)

    def close(self) -> None:
        """Let the workers go: what waits is cancelled, what a worker of another machine is at ends by itself."""
        if self._client is not None and self._client.status == "running":
            from .carrier import name_of

            try:
                self._client.cancel(list(self._out))
                self._client.unregister_worker_plugin(name_of(self._task.token))
            except Exception:  # noqa: BLE001 - the scheduler may be gone, and nothing here is needed any more
                self._log.debug("the scheduler was gone before it was told to forget the study")
        _close(self._client)
        if self.cluster is not None:
            self.cluster.close()
        self._log.setLevel(self._level)


def _close(client: Any) -> None:
    if client is not None:
        client.close(timeout=2)
