"""What runs in a Dask worker. Imported only where Dask is used: it needs Dask itself."""

from __future__ import annotations

from typing import Any

from distributed import WorkerPlugin, get_worker

from ..errors import InputError
from .provenance import versions
from .work import Receipt, Task, work


class Carrier(WorkerPlugin):
    """Brings the task to every worker once, also to those that come later; what is handed out are whole numbers."""

    idempotent = True

    def __init__(self, task: Task) -> None:
        self.task, self.versions = task, versions()
        self.name = name_of(task.token)

    def setup(self, worker: Any) -> None:
        """Keep the task in the worker."""
        worker.einselect_tasks = {**getattr(worker, "einselect_tasks", {}), self.task.token: self}

    def teardown(self, worker: Any) -> None:
        """Forget it."""
        worker.einselect_tasks.pop(self.task.token, None)


def name_of(token: str) -> str:
    """Of the plugin that carries the task of a run."""
    return f"einselect-{token}"


def step(token: str, number: int) -> Receipt:
    """Work out a block of the task with this token.

    Raises
    ------
    InputError
        Where the versions of the worker are not those of the driver: the numbers of a study come from one program.
    """
    worker: Any = get_worker()
    carrier = worker.einselect_tasks[token]
    if (here := versions()) != carrier.versions:
        raise InputError(f"versions must be those of the driver, {carrier.versions}; got {here} on {worker.address}")
    return work(carrier.task, number)
