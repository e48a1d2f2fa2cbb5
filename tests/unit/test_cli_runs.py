"""`evolve` and `spectrum` beyond the defaults: all levels, jump operators, times and states given, files of modes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray

from einselect import LMG, JumpOperator, dephasing_coefficient
from einselect.cli import main
from einselect.dynamics import FullLindbladian, Lindbladian
from einselect.dynamics import evolve as library_evolve

POINT = ["--spins", "30", "--field", "0.9"]
DEPHASED = [*POINT, "--gamma", "1e-3"]
MODEL = LMG(30, 0.9)


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main([*words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


def test_full_and_truncated_agree(capsys: pytest.CaptureFixture[str]) -> None:
    """Each answer says how far off it may be: together that bounds their distance."""
    few = document(capsys, "evolve", *DEPHASED, "--points", "4")
    full = document(capsys, "evolve", *DEPHASED, "--points", "4", "--levels", "full", "--tolerance", "1e-9")
    assert full["times"] == few["times"]
    assert (full["levels"], full["truncation_error"]) == (31, 0.0)
    assert full["error_estimate"] <= 1e-9
    allowed = few["truncation_error"] + full["error_estimate"]
    for key in ("rho01_re", "rho01_im", "rho_pr_re", "rho_pr_im"):
        np.testing.assert_allclose(full[key], few[key], atol=allowed)
    np.testing.assert_allclose(full["doublet_population"], few["doublet_population"], atol=2.0 * allowed)


def test_the_tolerance_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    counts, bounds = [], []
    for tolerance in ("1e-2", "1e-7", "1e-10"):
        found = document(capsys, "evolve", *DEPHASED, "--points", "2", "--t-end", "3T2", "--tolerance", tolerance)
        counts.append(found["levels"])
        bounds.append(found["truncation_error"])
    assert counts == sorted(counts)
    assert counts[0] < counts[2]
    assert bounds[1] <= 1e-7
    assert bounds[2] <= 1e-10
    assert main(["evolve", *DEPHASED, "--levels", "4", "--tolerance", "1e-8"]) == 2
    assert "ask for more --levels, a larger --tolerance" in capsys.readouterr().err


@pytest.mark.parametrize("levels", ["auto", "full"])
def test_jump_operators_are_those_of_the_library(levels: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--gamma", "1e-3", "--jump", "J-=2e-4", "--jump", " Jx = 1e-4 "]
    found = document(capsys, "evolve", *POINT, *words, "--times", "0,1.5,4", "--levels", levels)
    jumps = [JumpOperator("Jz", 1e-3), JumpOperator("J-", 2e-4), JumpOperator("Jx", 1e-4)]
    expected = library_evolve(MODEL, jumps, "eigen-superposition", [0.0, 1.5, 4.0], levels=levels)
    np.testing.assert_allclose(found["rho01_re"], expected.rho_01.real, atol=1e-13)
    np.testing.assert_allclose(found["populations"], expected.populations, atol=1e-13)
    assert found["sectors"] == "all"
    assert found["gamma"] == 1e-3
    assert found["jumps"] == [
        {"operator": "Jz", "rate": 1e-3},
        {"operator": "J-", "rate": 2e-4},
        {"operator": "Jx", "rate": 1e-4},
    ]


def test_t2_and_the_rates_are_eq_12_under_all_jump_operators(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(
        capsys, "evolve", *POINT, "--jump", "Jz=1e-3", "--jump", "J-=2e-4", "--t-end", "1T2", "--points", "2"
    )
    jumps = [JumpOperator("Jz", 1e-3), JumpOperator("J-", 2e-4)]
    levels = MODEL.levels(8)
    expected = [dephasing_coefficient(levels, *pair, jumps) for pair in (("E0", "E1"), ("P", "R"))]
    assert [found["rate_eigenstate"], found["rate_pointer"]] == pytest.approx(expected, rel=1e-12)
    assert found["times"][-1] == pytest.approx(1.0 / expected[0], rel=1e-12)


def test_gamma_is_short_for_jz(capsys: pytest.CaptureFixture[str]) -> None:
    short = document(capsys, "evolve", *DEPHASED, "--points", "3")
    long = document(capsys, "evolve", *POINT, "--jump", "Jz=1e-3", "--points", "3")
    assert short == long
    physical = ["--spins", "30", "--field", "0.9", "--coupling", "10 kHz"]
    for words in (["--jump", "J-=2 1/ms"], ["--jump", "J−=2000 s^-1"]):
        found = document(capsys, "spectrum", *physical, *words, "--levels", "4", "--count", "1")
        assert found["jumps"] == [{"operator": "J-", "rate": 2000.0}]


@pytest.mark.parametrize(
    ("jump", "sectors"),
    [("Jx", "populations, coherences"), ("Jy", "populations, coherences"), ("J-", "all"), ("J+", "all")],
)
@pytest.mark.parametrize("levels", ["auto", "full"])
def test_parity_of_the_jump_operators(jump: str, sectors: str, levels: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--spins", "8", "--field", "0.9", "--jump", f"{jump}=1e-3", "--times", "1", "--levels", levels]
    assert document(capsys, "evolve", *words)["sectors"] == sectors


def test_states_from_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Over the lowest levels, also where all of them move: the Dicke basis does not show."""
    rho = np.diag([0.5, 0.2, 0.3]).astype(complex)
    rho[0, 1], rho[1, 0] = 0.1j, -0.1j
    np.save(tmp_path / "rho.npy", rho)
    np.save(tmp_path / "psi.npy", np.array([0.6, 0.8j]))
    for name, start in (("rho.npy", rho), ("psi.npy", np.array([0.6, 0.8j]))):
        words = ["evolve", *DEPHASED, "--state", str(tmp_path / name), "--times", "0,3"]
        few, full = document(capsys, *words), document(capsys, *words, "--levels", "full")
        expected = library_evolve(MODEL, [JumpOperator("Jz", 1e-3)], start, [0.0, 3.0])
        for found, allowed in ((few, 1e-13), (full, 2e-8)):
            np.testing.assert_allclose(found["rho01_re"], expected.rho_01.real, atol=allowed)
            np.testing.assert_allclose(found["rho01_im"], expected.rho_01.imag, atol=allowed)
            np.testing.assert_allclose(found["doublet_population"], expected.doublet_population, atol=allowed)


def test_the_file_says_what_it_is_about(tmp_path: Path) -> None:
    assert main(["evolve", *DEPHASED, "--points", "5", "--levels", "full", "--out", str(tmp_path / "run.NC")]) == 0
    with xarray.open_dataset(tmp_path / "run.NC", engine="h5netcdf") as stored:
        attributes = stored.attrs
        assert stored.sizes["time"] == 5
    wanted = {"spins": 30, "field": 0.9, "complete": 1, "times_asked": 5, "jumps": "Jz at 0.001", "levels": 31}
    assert {key: attributes[key] for key in wanted} == wanted


def test_modes_as_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "modes.nc"
    found = document(capsys, "spectrum", *DEPHASED, "--count", "5", "--out", str(target))
    full = FullLindbladian(MODEL, [JumpOperator("Jz", 1e-3)])
    with xarray.open_dataset(target, engine="h5netcdf") as stored:
        eigenvalues = stored.eigenvalue_re.values + 1j * stored.eigenvalue_im.values
        assert [[v.real, v.imag] for v in eigenvalues] == found["eigenvalues"]
        assert stored.sector.values.tolist() == found["sectors"]
        right = stored.right_re.values + 1j * stored.right_im.values
        left = stored.left_re.values + 1j * stored.left_im.values
        assert stored.m_bra.values.tolist() == list(range(-15, 16))
        residual = stored.residual.values
    for value, r, w, error in zip(eigenvalues, right, left, residual, strict=True):
        # Only real modes are Hermitian; `apply` takes those. Both halves of a complex one are.
        halves = [full.apply(0.5 * (r + r.conj().T)), full.apply(-0.5j * (r - r.conj().T))]
        np.testing.assert_allclose(halves[0] + 1j * halves[1], value * r, atol=10.0 * error + 1e-13)
        assert np.vdot(w, r) == pytest.approx(1.0, abs=1e-9)


def test_modes_on_levels_as_a_file(tmp_path: Path) -> None:
    target = tmp_path / "modes.nc"
    assert main(["spectrum", *DEPHASED, "--levels", "5", "--count", "4", "--out", str(target)]) == 0
    expected = Lindbladian(MODEL.levels(5), [JumpOperator("Jz", 1e-3)]).spectrum(4)
    with xarray.open_dataset(target, engine="h5netcdf") as stored:
        assert stored.right_re.shape == (4, 5, 5)
        np.testing.assert_allclose(stored.eigenvalue_re, expected.eigenvalues.real, atol=1e-15)
        assert "level_bra" in stored.coords


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_modes_as_a_picture(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / f"modes{suffix}"
    assert main(["spectrum", *DEPHASED, "--levels", "6", "--count", "12", "--out", str(target)]) == 0
    assert f"written to {target}" in capsys.readouterr().out
    start = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix]
    assert target.read_bytes().startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_rounding_of_a_zero_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spectrum", *DEPHASED, "--count", "2"]) == 0
    steady = capsys.readouterr().out.splitlines()[1].split()
    assert steady == ["populations", "0", "0", "0.000000"]


BAD: list[tuple[list[str], str]] = [
    (["evolve", *POINT], "--gamma or --jump must be given; got neither (see 'einselect evolve --help')"),
    (["spectrum", *POINT], "--gamma or --jump must be given; got neither (see 'einselect spectrum --help')"),
    (["evolve", *DEPHASED, "--jump", "Jz=1"], "each jump operator must be given once (--gamma is Jz); got Jz again"),
    (["evolve", *POINT, "--jump", "J+=1", "--jump", "J+=2"], "(--gamma is Jz); got J+ again"),
    (["evolve", *POINT, "--jump", "Jq=1"], "operator of a jump must be one of Jz, Jx, Jy, J+, J-; got 'Jq'"),
    (["evolve", *POINT, "--jump", "J-"], "jump must be an operator and its rate, as in 'J-=0.01'"),
    (["evolve", *POINT, "--jump", "J-="], "jump must be an operator and its rate"),
    (["evolve", *POINT, "--jump", "=3"], "jump must be an operator and its rate"),
    (["evolve", *POINT, "--jump", "J-=x"], "rate of J- must be a finite real number"),
    (["evolve", *POINT, "--jump", "J-=-1"], "rate of J- must be a finite number >= 0; got -1.0"),
    (["evolve", *POINT, "--jump", "J-=0"], "rate of J- must be above zero; got '0'"),
    (["evolve", *POINT, "--jump", "J-=3 1/s"], "coupling must have a unit where rate of J- has one"),
    (["evolve", *POINT, "--coupling", "1 kHz", "--jump", "J-=3"], "rate of J- must have a unit where the coupling"),
    (["evolve", *POINT, "--coupling", "1 kHz", "--jump", "J-=3 Hz"], "Hz leaves open whether a factor 2π is in it"),
    (["evolve", *POINT, "--jump", "J-=1e308"], "rate of J- must be small enough that the rates are finite"),
    (["evolve", *DEPHASED, "--times", "0,2,1"], "times must be >= 0 and ascending; got '0,2,1'"),
    (["evolve", *DEPHASED, "--times", "-1,2"], "times must be >= 0 and ascending; got '-1,2'"),
    (["evolve", *DEPHASED, "--times", "0,"], "times must be"),
    (["evolve", *DEPHASED, "--times", "0"], "times must be above zero at the last; got '0'"),
    (["evolve", *DEPHASED, "--times", "1,2 ms"], "times must be in T2, as in '2T2', or have a unit where the coupling"),
    (["evolve", *DEPHASED, "--times", "1,xT2"], "times must be a number, or one of T2 such as '2T2'; got 'xT2'"),
    (["evolve", *DEPHASED, "--times", "1", "--points", "3"], "points must be left out where --times is given; got '3'"),
    (["evolve", *DEPHASED, "--t-end", "1e308T2"], "t-end must be a time within the range of double precision"),
    (["evolve", *DEPHASED, "--times", "1T2", "--out", "run.png"], "times must differ for a picture; got '1T2'"),
    (["evolve", *DEPHASED, "--tolerance", "0"], "tolerance must be a finite number > 0; got 0.0"),
    (["evolve", *DEPHASED, "--tolerance", "small"], "tolerance must be a number; got 'small'"),
    (["evolve", *DEPHASED, "--levels", "full", "--tolerance", "2e-15"], "tolerance must be above"),
    (["evolve", *DEPHASED, "--tolerance", "1e-18"], "tolerance must be at least 1e-15, which double precision"),
    (["evolve", *DEPHASED, "--levels", "1"], "levels must be 'auto', 'full' or a whole number from 2 to 31; got '1'"),
    (["evolve", *DEPHASED, "--state", "none.npy"], "state file must be readable; got 'none.npy' (No such file"),
    (["evolve", *DEPHASED, "--out", "no/such/run.nc"], "output file must be writable; got 'no/such/run.nc'"),
    (["evolve", *DEPHASED, "--out", "run"], "out must be a file name that ends in .nc, .png, .svg or .pdf; got 'run'"),
    (["spectrum", *DEPHASED, "--out", "no/modes.nc"], "output file must be writable; got 'no/modes.nc'"),
    (["spectrum", *DEPHASED, "--out", "modes.csv"], "out must be a file name that ends in .nc, .png, .svg or .pdf"),
    (["spectrum", *POINT, "--jump", "J-=1", "--sector", "coherences"], "sector must be 'both' where the jump"),
    (["spectrum", *DEPHASED, "--levels", "3", "--count", "100"], "count must be at most"),
    (["spectrum", *DEPHASED, "--levels", "auto"], "levels must be 'full' or a whole number from 2 to 31; got 'auto'"),
]


@pytest.mark.parametrize(("words", "message"), BAD, ids=[" ".join(words[4:]) for words, _ in BAD])
def test_bad_input_is_one_line_and_no_file(
    words: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, *([] if "--out" in words else ["--out", "run.nc"])]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.eye(2), "density matrix must have trace 1; got 2"),
        (np.array([[0.5, 0.3], [0.1, 0.5]]), "density matrix must be Hermitian; got |ρ - ρ†| = 0.2"),
        (np.diag([1.2, -0.2]), "density matrix must be positive; got an eigenvalue -0.2"),
        (np.array([1.0, 1.0]), "state must have norm 1; got 1.414"),
        (np.array([1.0, np.nan]), "state must be finite; got NaN or infinite entries"),
        (np.eye(3)[:2], "state must be a name, "),
        (np.array(["a", "b"]), "state must be"),
        (np.ones(40) / np.sqrt(40.0), "state must be"),
        (np.float64(1.0), "state must be"),
        (np.array([{}]), "state file must hold one array of numbers"),
        (np.zeros(0), "state must be"),
    ],
)
@pytest.mark.parametrize("levels", ["auto", "full", "8"])
def test_what_is_no_state_is_refused(
    array: np.ndarray,
    message: str,
    levels: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("rho.npy", array, allow_pickle=True)
    words = ["--state", "rho.npy", "--levels", levels, "--points", "2", "--out", "run.nc"]
    assert main(["evolve", *DEPHASED, *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["rho.npy"]
