"""Ctrl-C, and other signals to end, while `evolve` runs: what is done is in the file, and the process says so."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray

from einselect import LMG, JumpOperator, dephasing_rates
from einselect.cli import main
from einselect.cli.interruption import Stopped, held, once, stoppable
from einselect.dynamics import evolve, full_run, level_run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals between processes")

RATE = 1e-3
LONG = ["--spins", "100", "--field", "0.9", "--gamma", str(RATE), "--t-end", "2T2"]
ROUTES = {"full": ["--levels", "full", "--points", "20000"], "levels": ["--levels", "30", "--points", "100000"]}


def start(words: list[str], folder: Path, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "einselect", "evolve", *words]
    # A shell that runs the tests in the background may ignore SIGINT for them.
    return subprocess.Popen(
        command,
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=options.pop("stderr", subprocess.PIPE),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("name", "code", "how"), [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "terminated")], ids=["INT", "TERM"]
)
def test_finished_times_are_in_the_file(route: str, name: str, code: int, how: str, tmp_path: Path) -> None:
    # About a minute's work; a second for the start, and more where other work is in the way.
    for wait in (2.0, 6.0, 18.0):
        process = start([*LONG, *ROUTES[route], "--out", "run.nc"], tmp_path)
        time.sleep(wait)
        process.send_signal(getattr(signal, name))
        out, err = process.communicate(timeout=30)
        if "in run.nc" in err:
            break
    asked = int(ROUTES[route][-1])
    assert process.returncode == code
    assert out == ""
    found = re.fullmatch(rf"einselect: {how}: (\d+) of {asked} times are in run.nc\n", err)
    assert found, err
    assert [path.name for path in tmp_path.iterdir()] == ["run.nc"]
    with xarray.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as stored:
        stored.load()
    assert stored.sizes["time"] == int(found[1]) < asked
    assert (stored.attrs["complete"], stored.attrs["times_asked"]) == (0, asked)
    # What is there is right: the last time by itself, on levels enough for 1e-10.
    model = LMG(100, 0.9)
    expected = evolve(model, [JumpOperator("Jz", RATE)], "eigen-superposition", stored.time.values[-1:], tolerance=1e-9)
    assert abs(complex(stored.rho_01_re[-1], stored.rho_01_im[-1]) - expected.rho_01.item()) < 2e-8
    end = 2.0 * dephasing_rates(model, RATE).t2_eigenstate
    assert stored.time.values[-1] == pytest.approx(end * (int(found[1]) - 1) / (asked - 1), rel=1e-12)


class Stop:
    """Raises KeyboardInterrupt at the n-th call, where a real signal would come at any."""

    def __init__(self, function: object, at: int) -> None:
        self.function, self.left = function, at

    def __call__(self, *args: object) -> object:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt
        return self.function(*args)


SHORT = ["evolve", "--spins", "12", "--field", "0.9", "--gamma", "1e-2", "--points", "9"]


@pytest.mark.parametrize("at", [1, 2, 3, 9])
@pytest.mark.parametrize("suffix", [".nc", ".png", None])
def test_every_moment_of_a_run_leaves_what_is_done(
    at: int, suffix: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read = full_run.FullEvolution._read
    stop = Stop(read, at)
    monkeypatch.setattr(full_run.FullEvolution, "_read", lambda run: stop(run))
    target = tmp_path / f"run{suffix}"
    assert main([*SHORT, "--levels", "full", *(["--out", str(target)] if suffix else [])]) == 130
    out, err = capsys.readouterr()
    done = at - 1
    written = (suffix == ".nc" and done >= 1) or (suffix == ".png" and done >= 2)
    if written:
        assert err == f"einselect: interrupted: {done} of 9 times are in {target}\n"
    elif done:
        assert err == f"einselect: interrupted with {done} of 9 times done\n"
    else:
        assert err == "einselect: interrupted before the first of 9 times was done\n"
    assert out == ""
    assert [path.name for path in tmp_path.iterdir()] == ([target.name] if written else [])


def test_an_old_file_stays_where_nothing_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "run.nc"
    target.write_text("old")
    stop = Stop(level_run.LevelEvolution._read, 1)
    monkeypatch.setattr(level_run.LevelEvolution, "_read", lambda run, states: stop(run, states))
    assert main([*SHORT, "--out", str(target)]) == 130
    assert capsys.readouterr().err == "einselect: interrupted before the first of 9 times was done\n"
    assert target.read_text() == "old"


def test_a_signal_while_a_file_is_written_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = xarray.Dataset.to_netcdf

    def interrupted(dataset: xarray.Dataset, *args: object, **options: object) -> object:
        signal.raise_signal(signal.SIGINT)
        content = write(dataset, *args, **options)
        signal.raise_signal(signal.SIGTERM)
        return content

    monkeypatch.setattr(xarray.Dataset, "to_netcdf", interrupted)
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    target = tmp_path / "run.nc"
    assert main([*SHORT, "--out", str(target)]) == 130  # the first of the two
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    with xarray.open_dataset(target, engine="h5netcdf") as stored:
        assert stored.sizes["time"] == 9
        assert np.isfinite(stored.purity).all()


def test_ignored_signals_stay_ignored() -> None:
    old = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with held():
            assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, old)


def test_a_terminal_sees_how_far_it_is(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = start([*LONG, *ROUTES["full"], "--out", "run.nc"], tmp_path, stderr=theirs)
    os.close(theirs)
    seen, told = b"", False
    try:
        while chunk := os.read(ours, 65536):
            seen += chunk
            if not told and re.search(rb"\d\d/20000", seen):
                told = True
                for _ in range(3):  # an impatient user does not hinder the file
                    process.send_signal(signal.SIGINT)
                    time.sleep(0.02)
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.communicate(timeout=30)[0] == ""
    assert process.returncode == 130
    assert b"times are in run.nc" in seen.splitlines()[-1]


def test_a_full_disk_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    import resource

    target = tmp_path / "run.nc"
    target.write_text("old")
    for suffix in (".nc", ".png"):
        done = subprocess.run(
            [sys.executable, "-m", "einselect", *SHORT, "--out", f"run{suffix}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)),
        )
        assert (done.returncode, done.stdout) == (1, "")
        # the last line: matplotlib may say that it makes its list of fonts
        assert done.stderr.splitlines()[-1] == "einselect: output could not be written: File too large"
        assert [path.name for path in tmp_path.iterdir()] == ["run.nc"]
    assert target.read_text() == "old"


class Swallowing:
    """What is raised while it goes away is printed by Python, not raised."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __del__(self) -> None:
        signal.raise_signal(getattr(signal, self.name))


@pytest.mark.parametrize(("context", "name"), [(stoppable, "SIGTERM"), (once, "SIGTERM"), (once, "SIGINT")])
def test_a_stop_that_python_swallowed_comes_again(context: Any, name: str) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    hook = sys.unraisablehook
    try:
        with pytest.raises(KeyboardInterrupt) as stop, context():
            Swallowing(name)
            time.sleep(5)
        assert isinstance(stop.value, Stopped) is (name == "SIGTERM")
        assert sys.unraisablehook is hook
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_errors_of_finalisers_are_printed_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def __del__(self) -> None:
            raise ValueError("in a finaliser")

    seen: list[sys.UnraisableHookArgs] = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    with stoppable():
        Failing()
    assert [str(caught.exc_value) for caught in seen] == ["in a finaliser"]
