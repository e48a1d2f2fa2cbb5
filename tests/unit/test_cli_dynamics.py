"""`einselect evolve` and `einselect spectrum`: the numbers of the library, whole files, bad input in one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from einselect import LMG, JumpOperator, dephasing_rates
from einselect.cli import main
from einselect.dynamics import Lindbladian
from einselect.dynamics import evolve as library_evolve

BENCHMARK = ["--spins", "370", "--field", "0.95", "--coupling", "74346 rad/s", "--gamma", "0.05 1/s"]
PLAIN = ["--spins", "40", "--field", "0.9", "--gamma", "1e-3"]


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main([*words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


def test_evolve_gives_the_numbers_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "evolve", *BENCHMARK, "--t-end", "1T2", "--points", "3")
    model = LMG(370, 0.95, "74346 rad/s")
    t2 = dephasing_rates(model, "0.05 1/s").t2_eigenstate
    expected = library_evolve(model, [JumpOperator("Jz", 0.05)], "eigen-superposition", np.linspace(0.0, t2, 3))
    assert found["times"] == expected.time.values.tolist()
    # the same call with times that differ in their last bits
    np.testing.assert_allclose(found["rho01_abs"], np.abs(expected.rho_01), rtol=1e-12)
    np.testing.assert_allclose(found["rho_pr_re"], expected.rho_pr.real, atol=1e-12)
    np.testing.assert_allclose(found["rho_pr_im"], expected.rho_pr.imag, atol=1e-12)
    np.testing.assert_allclose(found["doublet_population"], expected.doublet_population, rtol=1e-12)
    assert found["truncation_error"] < 1e-8
    assert found["levels"] == expected.attrs["levels"]
    assert found["rho01_abs"][-1] == pytest.approx(0.179986, abs=2e-6)  # J is rounded to five digits here


@pytest.mark.parametrize("state", ["pointer", "ground", "spin-coherent"])
def test_every_state_starts_as_it_should(capsys: pytest.CaptureFixture[str], state: str) -> None:
    found = document(capsys, "evolve", *PLAIN, "--state", state, "--t-end", "5", "--points", "2")
    start = {"pointer": (0.5, 0.0), "ground": (0.0, 0.5)}.get(state)
    if start is not None:
        assert (found["rho01_abs"][0], found["rho_pr_re"][0]) == pytest.approx(start, abs=1e-12)
    else:
        overlap = LMG(40, 0.9).doublet().spin_coherent_overlap("E0")
        assert found["populations"][0][0] == pytest.approx(overlap**2, rel=1e-9)


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import xarray

    data, picture = tmp_path / "run.nc", tmp_path / "run.png"
    for target in (data, picture):
        assert main(["evolve", *PLAIN, "--points", "5", "--out", str(target)]) == 0
    assert "truncation error below" in capsys.readouterr().out
    with xarray.open_dataset(data, engine="h5netcdf") as stored:
        assert {"rho_01_re", "rho_01_im", "rho_pr_re", "populations", "leakage"} <= set(stored.data_vars)
        assert stored.attrs["truncation_error"] < 1e-8
        assert stored.rho_01_re.values[0] == pytest.approx(0.5, abs=1e-12)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert {path.name for path in tmp_path.iterdir()} == {"run.nc", "run.png"}


def test_spectrum_on_levels_gives_the_modes_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["spectrum", *PLAIN, "--levels", "8", "--count", "5", "--sector", "coherences"]
    found = document(capsys, *words)
    lindbladian = Lindbladian(LMG(40, 0.9).levels(8), [JumpOperator("Jz", 1e-3)])
    expected = lindbladian.spectrum(5, "coherences").eigenvalues
    assert found["sector"] == "coherences"
    assert found["sectors"] == ["coherences"] * 5
    np.testing.assert_allclose([complex(*pair) for pair in found["eigenvalues"]], expected, rtol=1e-9, atol=1e-15)
    assert main(words) == 0
    assert "Liouvillian gap" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["evolve", *PLAIN, "--state", "pointr"], "(did you mean 'pointer'?)"),
        (["evolve", *PLAIN, "--t-end", "3 ms"], "t-end must be in T2"),
        (["evolve", *BENCHMARK, "--t-end", "3"], "t-end must be in T2"),
        (["evolve", *PLAIN, "--t-end", "-1"], "t-end must be a finite number > 0; got -1.0"),
        (["evolve", *PLAIN, "--t-end", "0T2"], "t-end must be a finite number > 0; got 0.0"),
        (["evolve", *PLAIN, "--points", "1"], "points must be a whole number from 2 to 100000; got '1'"),
        (["evolve", *PLAIN, "--levels", "some"], "levels must be 'auto', 'full' or a whole number from 2 to 41"),
        (["evolve", *PLAIN, "--out", "run.txt"], "out must be a file name that ends in .nc, .png, .svg or .pdf"),
        (["evolve", *PLAIN[:-1], "0"], "gamma must be above zero; got '0'"),
        (["spectrum", *PLAIN, "--sector", "odd"], "sector must be one of populations, coherences, both; got 'odd'"),
        (["spectrum", *PLAIN, "--count", "0"], "count must be a whole number >= 1; got '0'"),
    ],
)
def test_bad_input_is_one_line(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_an_unmet_tolerance_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Long heating needs more levels than are allowed: one line that says what to ask for, no number, no file."""
    point = ["evolve", "--spins", "2000", "--field", "0.95", "--gamma", "1e-4", "--t-end", "500T2"]
    assert main([*point, "--out", str(tmp_path / "run.nc")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "the truncation error is bounded by" in err
    assert "--levels full" in err
    assert not list(tmp_path.iterdir())
