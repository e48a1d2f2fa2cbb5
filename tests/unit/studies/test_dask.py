"""Studies on Dask workers, which are processes of their own, on this machine and by the address of a scheduler."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
import xarray

from einselect.errors import InputError
from einselect.studies import carrier, prepare
from einselect.studies import dask as module
from einselect.studies.cluster import LocalCluster
from einselect.studies.reading import open_study
from einselect.studies.run import Unfinished, run_study
from toy_study import ToyPlan, lines

PLAN = ToyPlan(tuple(range(80, 120)), (0.1, 0.7, 1.3), (4, 3))


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    found = LocalCluster(2)
    yield found
    found.close()


@pytest.fixture(scope="module")
def expected() -> xarray.Dataset:
    return run_study(PLAN, progress=False).load()


def test_workers_write_their_blocks_themselves(
    cluster: LocalCluster, expected: xarray.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    monkeypatch.setattr("einselect.studies.store.StudyStore.write", None)  # of the driver
    plan = replace(PLAN, log=str(log), seconds=0.005)
    found = run_study(plan, tmp_path / "study.zarr", scheduler=cluster.address, progress=False)
    xarray.testing.assert_identical(found.load(), expected)
    writers = {int(line.split()[-1]) for line in log.read_text().splitlines()}
    assert len(writers) == 2
    assert os.getpid() not in writers


def test_a_driver_writes_for_workers_on_another_disk(
    cluster: LocalCluster, expected: xarray.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The folder is there for the workers too, but the token in it is not that of the run: as on another machine.
    monkeypatch.setattr(prepare.Path, "write_text", lambda path, text, encoding: path.write_bytes(b"another"))
    written: list[int] = []
    write = run_study.__globals__["StudyStore"].write
    monkeypatch.setattr(
        "einselect.studies.store.StudyStore.write",
        lambda store, number, block: (written.append(number), write(store, number, block)),
    )
    found = run_study(PLAN, tmp_path / "study.zarr", scheduler=cluster.address, progress=False)
    xarray.testing.assert_identical(found.load(), expected)
    assert sorted(written) == list(range(10))


def test_a_study_in_memory(cluster: LocalCluster, expected: xarray.Dataset) -> None:
    found = run_study(PLAN, scheduler=cluster.address, progress=False)
    xarray.testing.assert_identical(found.load(), expected)


def test_what_a_worker_cannot_write_is_said(cluster: LocalCluster, tmp_path: Path) -> None:
    run_study(PLAN, tmp_path / "study.zarr", progress=False)
    for number in (3, 4):
        (tmp_path / f"study.zarr/status/c/{number}/0").unlink()
    (tmp_path / "study.zarr/phase/c/3/0").unlink()
    (tmp_path / "study.zarr/phase/c/3/0").mkdir()  # no file can have that name
    with pytest.raises(
        # The other block that is missing may be written before this is said, or not.
        Unfinished,
        match=r"study.zarr could not be written \(Is a directory\): (96|108) of 120 points are",
    ):
        run_study(PLAN, tmp_path / "study.zarr", scheduler=cluster.address, progress=False)


def test_workers_of_another_version_are_refused(cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier, "versions", lambda: "einselect 9.9")
    with pytest.raises(
        InputError, match=r"versions must be those of the driver, einselect 9.9; got einselect .* on tcp:"
    ):
        run_study(PLAN, scheduler=cluster.address, progress=False)


def test_no_scheduler_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TIMEOUT", 0.5)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(InputError, match=f"scheduler must be the address of a Dask scheduler; got '{address}'"):
            run_study(PLAN, scheduler=address, progress=False)


def test_a_scheduler_that_goes_away_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 1.0)
    monkeypatch.setattr(module, "_TIMEOUT", 1.0)
    log = tmp_path / "log"
    plan = replace(PLAN, x=tuple(range(1, 201)), log=str(log), seconds=0.004)
    victim = LocalCluster(2)
    workers = psutil.Process(victim.process.pid).children(recursive=True)
    add = run_study.__globals__["Progress"].add

    def then_kill(meter: object, counts: object) -> None:
        add(meter, counts)
        if meter.done >= 60 and victim.process.poll() is None:
            victim.process.send_signal(signal.SIGKILL)
            victim.process.wait()

    monkeypatch.setattr(run_study.__globals__["Progress"], "add", then_kill)
    with pytest.raises(
        Unfinished, match=r"the scheduler at tcp://127.0.0.1:\d+ went away: \d+ of 600 points are in"
    ) as lost:
        run_study(plan, tmp_path / "study.zarr", scheduler=victim.address, progress=False)
    victim.close()
    assert psutil.wait_procs(workers, timeout=5)[1] == []  # they end with their scheduler
    there = open_study(tmp_path / "study.zarr").status.values > 0
    assert there.sum() == lost.value.done >= 60
    before = len(lines(log, "begin"))
    found = run_study(plan, tmp_path / "study.zarr", progress=False)
    assert len(lines(log, "begin")) - before == 50 - lost.value.done // 12
    np.testing.assert_array_equal(found.status.values > 0, True)
