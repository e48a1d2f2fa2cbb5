"""kill -9 of workers, schedulers and drivers: what was finished stays, the rest is worked out, bit for bit the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from einselect.studies.reading import open_study
from einselect.studies.run import Unfinished, run_study
from toy_study import ToyPlan, lines

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")

DRIVER = """
import sys
from toy_study import ToyPlan
from einselect.studies.reading import open_study
from einselect.studies.run import Unfinished, run_study
if __name__ == "__main__":
    plan = ToyPlan({arguments})
    run_study(plan, "study.zarr", executor={kind!r}, workers=2)
"""


def plan(blocks: int, **options: object) -> ToyPlan:
    return ToyPlan(tuple(range(1, 5 * blocks + 1)), (0.1, 0.7, 1.3, 2.9), (5, 4), **options)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file, by its name within the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Runs:
    """Drivers of one study, one after the other, and whom to kill."""

    def __init__(self, folder: Path, blocks: int, seconds: float, kind: str) -> None:
        self.folder, self.blocks, self.kind = folder, blocks, kind
        self.log = folder / "log"
        asked = plan(blocks, log=str(self.log), seconds=seconds / 20)
        fields = f"{asked.x!r}, {asked.y!r}, {asked.chunks!r}, log={asked.log!r}, seconds={asked.seconds!r}"
        (folder / "driver.py").write_text(DRIVER.format(arguments=fields, kind=kind))
        self.started = 0
        self.start()

    def start(self) -> None:
        here = [str(Path(__file__).parents[2]), *filter(None, sys.path)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(here)}
        self.driver = subprocess.Popen(
            [sys.executable, "driver.py"], cwd=self.folder, env=environment, stderr=subprocess.PIPE, text=True
        )
        self.started += 1

    def ended(self) -> int:
        return len(lines(self.log, "end"))

    def await_blocks(self, count: int) -> None:
        """Wait until some more blocks have ended."""
        until, target = time.monotonic() + 60.0, self.ended() + count
        while self.ended() < target:
            assert self.driver.poll() is None, self.driver.communicate()[1]
            assert time.monotonic() < until, "no block came to its end in a minute"
            time.sleep(0.005)

    def victim(self, who: str) -> int:
        if who == "driver":
            return self.driver.pid
        if who == "scheduler":
            children = psutil.Process(self.driver.pid).children()
            return next(child.pid for child in children if "einselect.studies.cluster" in " ".join(child.cmdline()))
        until = time.monotonic() + 60.0
        while time.monotonic() < until:  # for one that has begun a block and is of this driver, not left by the last
            begun = {int(line.split()[-1]) for line in self.log.read_text().splitlines()}
            family = psutil.Process(self.driver.pid).children(recursive=True)
            for pid in sorted(begun.intersection(child.pid for child in family)):
                if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                    return pid
            time.sleep(0.005)
        raise AssertionError("no worker began a block in a minute")

    def kill(self, who: str) -> None:
        os.kill(self.victim(who), signal.SIGKILL)
        if who == "driver":
            self.driver.communicate()
            self.start()

    def finish(self) -> str:
        return self.driver.communicate(timeout=120)[1]


def check(runs: Runs, lost: int, tmp_path: Path) -> None:
    """The folder is that of an undisturbed run, byte by byte, and no more was begun again than was in flight."""
    complaint = runs.finish()
    assert runs.driver.returncode == 0, complaint
    quiet = tmp_path / "undisturbed"
    quiet.mkdir()
    run_study(plan(runs.blocks), quiet / "study.zarr", progress=False)
    found, expected = contents(tmp_path / "study.zarr"), contents(quiet / "study.zarr")
    assert sorted(found) == sorted(expected)
    assert [name for name in found if found[name] != expected[name]] == []
    begun = lines(runs.log, "begin")
    assert len(set(begun)) == runs.blocks
    assert len(begun) - runs.blocks <= lost


def murder(runs: Runs, order: list[str], seed: int, apart: int) -> int:
    """Kill in this order at random moments; returns how many blocks may have been in flight, over all kills."""
    dice = random.Random(seed)
    lost = 0
    for who in order:
        runs.await_blocks(dice.randint(1, apart))
        time.sleep(dice.uniform(0.0, 0.05))
        runs.kill(who)
        # A pool of processes ends with any of its workers; a cluster goes on with the others.
        lost += 1 if who == "worker" and runs.kind == "dask" else 2
    return lost


@pytest.mark.slow
def test_twenty_kills_in_one_study_on_a_cluster(tmp_path: Path) -> None:
    order = ["worker"] * 8 + ["scheduler"] * 5 + ["driver"] * 7
    random.Random(6).shuffle(order)
    runs = Runs(tmp_path, 120, 0.06, "dask")
    lost = murder(runs, order, 7, 4)
    assert runs.ended() < 120 + lost  # it was still at work at the last of them
    check(runs, lost, tmp_path)
    assert runs.started == 8


def test_kills_of_worker_processes_and_their_driver(tmp_path: Path) -> None:
    runs = Runs(tmp_path, 30, 0.04, "processes")
    lost = murder(runs, ["worker", "driver"], 3, 5)
    check(runs, lost, tmp_path)
    assert runs.started == 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["processes", "dask"])
def test_a_block_that_always_kills_its_worker_does_not_keep_the_others_from_their_end(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = plan(12)
    deadly = replace(asked, deadly=23)
    with pytest.raises(
        Unfinished, match="workers died again and again at 20 points, in 1 of the blocks, perhaps out of memory"
    ):
        run_study(deadly, tmp_path / "study.zarr", executor=kind, workers=2, progress=False)
    found = open_study(tmp_path / "study.zarr")
    assert (found.status.values == 0).sum() == 20
    assert (found.status.sel(x=slice(21, 25)).values == 0).all()
    expected = run_study(asked).load()
    assert run_study(asked, tmp_path / "study.zarr", progress=False).load().identical(expected)
