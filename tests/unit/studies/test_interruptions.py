"""A full disk, a read-only folder, Ctrl-C: said in one line, and what was finished can be read."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from einselect.errors import InputError
from einselect.studies.reading import open_study
from einselect.studies.run import Unfinished, run_study
from toy_study import ToyPlan, lines

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX limits and signals")

PLAN = ToyPlan(tuple(range(1, 401)), tuple(np.linspace(0.0, 3.0, 250).tolist()), (20, 250))


@contextlib.contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """A small disk in memory; skipped where one cannot be mounted."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def partly(folder: Path, points: int) -> None:
    """What is there can be read, and is right."""
    found, expected = open_study(folder).load(), run_study(PLAN)
    there = found.status.values > 0
    assert there.sum() == points
    for name in expected:
        np.testing.assert_array_equal(found[name].values[there], expected[name].values[there])


@pytest.mark.parametrize("executor", ["in-process", "processes"])
def test_a_full_disk(tmp_path: Path, executor: str) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "400k"):
        with pytest.raises(Unfinished, match="No space left on device") as caught:
            run_study(PLAN, disk / "study.zarr", executor=executor, progress=False)
        done = caught.value.done
        assert 0 < done < 100_000
        assert str(caught.value) == (
            f"{disk / 'study.zarr'} could not be written (No space left on device): {done:,} of 100,000 points are in "
            "it and can be read; make room, and the same command goes on from there"
        )
        partly(disk / "study.zarr", done)
        subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
        run_study(PLAN, disk / "study.zarr", progress=False)
        partly(disk / "study.zarr", 100_000)


def test_a_limit_on_the_size_of_files(tmp_path: Path) -> None:
    run_study(PLAN, tmp_path / "small.zarr", progress=False)
    (tmp_path / "small.zarr/status/c/3/0").unlink()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(Unfinished, match=r"File too large\): 95,000 of 100,000 points are in it"):
            run_study(PLAN, tmp_path / "small.zarr", progress=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list((tmp_path / "small.zarr").rglob("*.partial"))
    partly(tmp_path / "small.zarr", 95_000)


def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "20m"):
        run_study(PLAN, disk / "study.zarr", progress=False)
        (disk / "study.zarr/status/c/3/0").unlink()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(InputError, match=r"out must be a folder that can be written to; .*\(Read-only file system"):
            run_study(PLAN, disk / "study.zarr", progress=False)
        with pytest.raises(InputError, match=r"out must be a folder that can be made; got .*\(Read-only file system"):
            run_study(PLAN, disk / "new.zarr", progress=False)
        partly(disk / "study.zarr", 95_000)


DRIVER = """
import sys
from toy_study import ToyPlan
from einselect.studies.run import run_study
if __name__ == "__main__":
    plan = ToyPlan(tuple(range(1, 401)), (0.1, 0.7), (4, 2), log="log", seconds=0.02)
    run_study(plan, "study.zarr", executor=sys.argv[1], workers=None if sys.argv[1] == "in-process" else 2)
"""


@pytest.mark.parametrize("executor", ["in-process", "processes", pytest.param("dask", marks=pytest.mark.slow)])
def test_ctrl_c_ends_cleanly(tmp_path: Path, executor: str) -> None:
    import psutil

    (tmp_path / "driver.py").write_text(DRIVER)
    paths = [str(Path(__file__).parents[2]), *filter(None, sys.path)]
    driver = subprocess.Popen(
        [sys.executable, "driver.py", executor],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while len(lines(tmp_path / "log", "end")) < 3:
        assert driver.poll() is None, driver.communicate()[1]
        time.sleep(0.01)
    family = psutil.Process(driver.pid).children(recursive=True)
    os.killpg(driver.pid, signal.SIGINT)  # as a terminal does it: to all of the group
    complaint = driver.communicate(timeout=30)[1]
    assert driver.returncode == -signal.SIGINT
    wanted = r"interrupted: ([\d,]+) of 800 points are in study.zarr; the same command goes on from there"
    found = re.fullmatch(f"KeyboardInterrupt: {wanted}", complaint.splitlines()[-1])
    assert found, complaint
    assert complaint.count("KeyboardInterrupt:") == 1  # that of the driver: workers leave it to him
    assert psutil.wait_procs(family, timeout=5)[1] == []
    status = open_study(tmp_path / "study.zarr").status.values
    assert 0 < int(found[1].replace(",", "")) == (status > 0).sum() < 800
    assert not list((tmp_path / "study.zarr").rglob("*.partial"))
    assert not (tmp_path / "study.zarr/.run").exists()
