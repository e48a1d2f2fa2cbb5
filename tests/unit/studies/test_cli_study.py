"""`einselect sweep FILE --out FOLDER`: run, gone on with, extended, refused, stopped; with real processes."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from einselect.studies.reading import open_study

EXAMPLE = Path(__file__).parents[3] / "examples" / "eta-over-spins.toml"
STUDY = """
quantities = ["eta_exact", "rate_pointer"]
chunk = 40
[axes]
spins = { start = 20, stop = 100, step = 20 }
field = [0.8, 0.9]
gamma = { logspace = [1e-6, 1e-4, 8] }
"""


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def test_a_study_from_its_file_to_its_files(there: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "sweep study.toml --out study.zarr"
    monkeypatch.setattr(sys, "argv", ["einselect", *shlex.split(words)])
    code, out, err = run(words)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "study.zarr: 80 of 80 points (100 %), 3 of 3 blocks"
    stored = open_study("study.zarr").load()
    assert stored.attrs["command"] == f"einselect {words}"
    assert stored.eta_exact.dims == ("spins", "field", "gamma")
    chunk = Path("study.zarr/status/c/0/0/0")
    chunk.unlink()
    others = [path for path in Path("study.zarr/status/c").rglob("*") if path.is_file()]
    before = [path.stat().st_mtime_ns for path in others]
    assert run(f"{words} --processes 2")[0] == 0
    assert len(others) == 2
    assert [path.stat().st_mtime_ns for path in others] == before
    assert open_study("study.zarr").load().identical(stored)


def test_a_changed_file_is_refused_and_a_longer_axis_extends(there: Path, run) -> None:
    assert run("sweep study.toml --out study.zarr")[0] == 0
    first = open_study("study.zarr").load()
    Path("study.toml").write_text(STUDY.replace("[0.8, 0.9]", "[0.8, 0.85, 0.9]"), encoding="utf-8")
    code, out, err = run("sweep study.toml --out study.zarr")
    assert (code, out) == (2, "")
    assert err == (
        "einselect: study.zarr must hold the same study; got a changed one: axes.field.values: 2 values there, 3 here "
        "(new [0.85]) (to add values of axes, extend it: --extend)\n"
    )
    assert run("sweep study.toml --out study.zarr --extend")[0] == 0
    larger = open_study("study.zarr").load()
    assert larger.field.values.tolist() == [0.8, 0.85, 0.9]
    np.testing.assert_array_equal(larger.sel(field=[0.8, 0.9]).rate_pointer, first.rate_pointer)
    Path("study.toml").write_text(STUDY.replace("eta_exact", "eta_mf"), encoding="utf-8")
    code, out, err = run("sweep study.toml --out study.zarr --extend")
    assert code == 2
    assert "quantities: " in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--out study", "must be a"),
        ("", "--out must be given for a study; got none (a folder name that ends in .zarr)"),
        ("--out s.zarr --workers 2 --processes 2", "executor must be one of --workers, --processes, --scheduler; got"),
        ("--out s.zarr --workers none", "workers must be a whole number from 1 to 4096; got 'none'"),
    ],
)
def test_what_is_wrong_is_said_before_any_work(there: Path, run, words: str, message: str) -> None:
    code, out, err = run(f"sweep study.toml {words}")
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1
    assert sorted(path.name for path in there.iterdir()) == ["study.toml"]


LONG = """
quantities = ["eta_exact"]
chunk = 20
[axes]
spins = { start = 100001, stop = 150000, step = 50 }
field = [0.8, 0.9]
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals between processes")
@pytest.mark.parametrize(("name", "code", "how"), [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "terminated")])
def test_a_signal_ends_a_study_and_says_what_there_is(there: Path, name: str, code: int, how: str) -> None:
    Path("study.toml").write_text(LONG, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "einselect", "sweep", "study.toml", "--out", "study.zarr"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    until = time.monotonic() + 60.0
    while len(list(Path().glob("study.zarr/status/c/*/*"))) < 2:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, "")
    wanted = rf"einselect: {how}: ([\d,]+) of 2,000 points are in study.zarr; the same command goes on from there\n"
    found = re.fullmatch(wanted, err)
    assert found, err
    assert (open_study("study.zarr").status.values > 0).sum() == int(found[1].replace(",", ""))
    assert not list(Path("study.zarr").rglob("*.partial"))


def test_the_example_runs_and_ends_in_a_picture(there: Path, run) -> None:
    started = time.monotonic()
    assert run(f"sweep {EXAMPLE} --out eta.zarr")[0] == 0
    code, out, _ = run("plot eta.zarr --x spins --y eta_mf --hue field --out eta.svg")
    assert (code, out) == (0, "eta.svg\n")
    assert time.monotonic() - started < 60.0
    assert Path("eta.svg").read_text(encoding="utf-8").startswith("<?xml")
    best = open_study("eta.zarr").eta_mf.sel(field=0.95)
    assert best.max().item() == pytest.approx(2.410, abs=1e-3)
