"""A Dask cluster of this machine, in a process of its own: ``python -m einselect.studies.cluster WORKERS``.

It prints the address of its scheduler and ends when its input does, so that it never outlives the driver that started
it, however that ended; its workers end with it. Apart from the driver because a scheduler in the same process would
share the driver's interpreter, and because Dask starts its workers by importing the user's script again.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..errors import EinselectError
from .processes import ONE_THREAD


class LocalCluster:
    """A scheduler and some worker processes on this machine.

    Parameters
    ----------
    workers : int

    Attributes
    ----------
    address : str
        Of the scheduler, on 127.0.0.1.
    process : subprocess.Popen
        The scheduler.
    """

    def __init__(self, workers: int) -> None:
        # What the driver can import its workers can. A session of its own: Ctrl-C reaches the driver alone.
        paths = [str(Path(entry).resolve()) for entry in sys.path]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "einselect.studies.cluster", str(workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            self.close()
            raise EinselectError(f"no Dask cluster with {workers} workers could be started on this machine")

    def close(self) -> None:
        """End the scheduler and the workers."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def _begin_forks() -> str:
    """Begin the process that workers are copies of, and say how Dask calls that; where there are none, "spawn".

    It has imported what a worker needs, so that workers start at once, also in place of one that died: Dask's own way
    imports everything again in each.
    """
    import multiprocessing

    if "forkserver" not in multiprocessing.get_all_start_methods():
        return "spawn"
    from multiprocessing import forkserver

    os.environ |= ONE_THREAD  # read when NumPy is imported
    multiprocessing.set_forkserver_preload(["distributed.nanny", "einselect.studies.carrier", "zarr"])
    forkserver.ensure_running()
    return "forkserver"


def main(workers: int) -> None:
    """Run the cluster until the input ends."""
    import tempfile

    method = _begin_forks()  # which imports beside what is imported here
    import dask
    import distributed

    dask.config.set({"distributed.worker.multiprocessing-method": method})
    distributed.utils._forkserver_preload_set = True  # Dask would import here all that it can work with, to preload it
    dask.config.set({"distributed.scheduler.allowed-failures": 1})  # a block is tried twice before it is put aside
    make: Any = distributed.LocalCluster  # not typed
    with (
        tempfile.TemporaryDirectory(prefix="einselect-") as folder,
        make(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
            local_directory=folder,
        ) as cluster,
    ):
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(int(sys.argv[1]))
