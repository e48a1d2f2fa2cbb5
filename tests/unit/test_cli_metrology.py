"""`einselect metrology`: the numbers of the library, whole files, bad input in one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from einselect import LMG, dephasing_rates
from einselect.cli import main
from einselect.protocols import best_interrogation
from einselect.protocols import metrology as library

BENCHMARK = ["--spins", "370", "--field", "0.95", "--coupling", "74346 rad/s", "--gamma", "0.05 1/s"]
PLAIN = ["--spins", "40", "--field", "0.9", "--gamma", "1e-4", "--points", "21"]


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main([*words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


def test_the_numbers_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--t-end", "1T2", "--points", "41", "--frequency", "resonant", "--phase", "0.3", "--dead-time", "1 ms"]
    found = document(capsys, "metrology", *BENCHMARK, *words)
    model = LMG(370, 0.95, "74346 rad/s")
    t2 = dephasing_rates(model, "0.05 1/s").t2_eigenstate
    times = [t2 * i / 40 for i in range(41)]
    expected = library(model, "0.05 1/s", "ground", times, frequency="resonant", phase=0.3)
    best = best_interrogation(expected, dead_time=1e-3)
    assert found["times"] == times
    assert found["t2_eigenstate"] == t2
    for name in ("qfi_rotation", "qfi_field", "cfi_field", "cfi_sign", "kitagawa_ueda", "wineland", "mean_spin"):
        np.testing.assert_allclose(found[name], expected[name].values, rtol=1e-12, atol=1e-9)
    assert found["best"]["time"] == best.time
    assert found["best"]["nearest"] == best.nearest
    assert [e["name"] for e in found["best"]["estimates"]] == ["eigenstate", "pointer", "mean field"]
    assert found["best"]["estimates"][2]["loss"] == best.estimates[2].loss
    assert found["levels"] == expected.attrs["levels"]
    assert found["convergence_error"] < 1e-5
    assert found["frequency"] == model.levels(2).excitations[1]


def test_a_frequency_with_a_unit(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "metrology", *BENCHMARK, "--points", "9", "--levels", "8", "--frequency", "208.3 Hz")
    assert found["frequency"] == pytest.approx(2 * np.pi * 208.3)


@pytest.mark.parametrize("scheme", ["repeated", "single", "impulsive"])
def test_text_and_files(scheme: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import xarray

    data, sphere = tmp_path / "run.nc", tmp_path / "sphere.svg"
    words = ["metrology", *PLAIN, "--levels", "10", "--scheme", scheme, "--state", "pointer"]
    assert main([*words, "--out", str(data), "--husimi", str(sphere)]) == 0
    text = capsys.readouterr().out
    assert f"best time, {scheme}:" in text
    assert "estimate with the rate of" in text
    assert ("smallest angle" in text) == (scheme == "impulsive")
    assert "10 levels: curves settled to" in text
    with xarray.open_dataset(data, engine="h5netcdf") as stored:
        assert {"qfi_rotation", "qfi_field", "wineland", "mean_spin"} <= set(stored.data_vars)
        assert stored.attrs["levels"] == 10
    assert "<svg" in sphere.read_text()
    assert {path.name for path in tmp_path.iterdir()} == {"run.nc", "sphere.svg"}


def test_few_spins_need_no_truncation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrology", "--spins", "3", "--field", "0.5", "--gamma", "0.01", "--points", "21"]) == 0
    assert "all 4 levels: nothing is cut off" in capsys.readouterr().out


def test_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "run.png"
    assert main(["metrology", *PLAIN, "--levels", "10", "--out", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([*PLAIN, "--state", "pointr"], "(did you mean 'pointer'?)"),
        ([*PLAIN, "--signal", "Jw"], "signal must be one of Jx, Jy, Jz; got 'Jw'"),
        ([*PLAIN, "--scheme", "often"], "scheme must be one of repeated, single, impulsive; got 'often'"),
        ([*PLAIN, "--frequency", "10 Hz"], "frequency must be 'resonant', or have a unit if and only if"),
        ([*BENCHMARK, "--frequency", "10"], "frequency must be 'resonant', or have a unit if and only if"),
        ([*PLAIN, "--frequency", "-1"], "frequency must be a finite number >= 0"),
        ([*PLAIN, "--dead-time", "1 ms"], "dead-time must have a unit if and only if the coupling has one; got '1 ms'"),
        ([*PLAIN, "--dead-time", "-1"], "dead-time must be a finite number >= 0"),
        ([*PLAIN, "--phase", "left"], "phase must be a finite real number; got 'left'"),
        ([*PLAIN[:-2], "--points", "7"], "points must be a whole number from 8 to 100000; got '7'"),
        ([*PLAIN, "--out", "run.txt"], "out must be a file name that ends in .nc, .png, .svg or .pdf; got 'run.txt'"),
        ([*PLAIN, "--husimi", "q.nc"], "husimi must be a file name that ends in .png, .svg or .pdf; got 'q.nc'"),
        (["--spins", "40", "--field", "1.2", "--gamma", "1e-4", "--state", "spin-coherent"], "ordered phase"),
    ],
)
def test_bad_input_is_one_line(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["metrology", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_the_disordered_phase_has_no_mean_field_rate(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--spins", "40", "--field", "1.2", "--gamma", "1e-4", "--points", "21", "--levels", "10"]
    found = document(capsys, "metrology", *words)
    assert found["rate_mean_field"] is None
    assert [e["name"] for e in found["best"]["estimates"]] == ["eigenstate", "pointer"]
