"""`einselect noisy-leggett-garg`: the numbers of Python and of a plain sum over shots, files, refusals in one line."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from einselect import LMG, JumpOperator
from einselect.dynamics import evolve
from einselect.protocols import LeggettGarg, Noise, noise_scan, noisy_coherence

SYSTEM = "--spins 20 --field 0.8 --gamma 1e-3 --level two-level"
COMMAND = f"noisy-leggett-garg {SYSTEM}"
MODEL = LMG(20, 0.8)


def document(run, text):
    code, out, err = run(f"{text} --json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_numbers_are_those_of_python(run):
    found = document(run, f"{COMMAND} --noise spins=0,0.5,2 --width 0.5 --t-end 1T2 --points 5")
    test = LeggettGarg(MODEL, "two-level", tolerance=1e-6)
    scan = noise_scan(test, 1e-3, [0.0, 0.5, 2.0])
    assert found["widths"] == [0.0, 0.5, 2.0]
    assert list(found["held"]) == ["coupling", "interaction"]
    for hold, told in found["held"].items():
        row = scan.sel(hold=hold)
        for name in ("k3", "k3_error", "k3_spread", "coherence", "coherence_error", "coherence_gaussian"):
            np.testing.assert_allclose(told[name], row[name].values, rtol=1e-12, atol=1e-14)
        assert told["as_bad_as_dephasing"] == pytest.approx(float(row.equal))
    beyond, limited = found["held"]["coupling"], found["held"]["interaction"]
    assert (beyond["limit"], beyond["limit_is_beyond"]) == (None, True)
    assert limited["limit"] == pytest.approx(float(scan.limit.sel(hold="interaction")), rel=1e-9)
    assert limited["limit_is_beyond"] is False
    t2 = 1.0 / (1e-3 * MODEL.doublet().g01)
    np.testing.assert_allclose(found["course"]["times"], np.linspace(0.0, t2, 5), rtol=1e-9)
    for hold, told in found["course"]["held"].items():
        course = noisy_coherence(MODEL, 1e-3, Noise(spins=0.5, hold=hold), found["course"]["times"], tolerance=1e-3)
        for name in ("abs_rho_01", "abs_rho_pr", "shots"):
            np.testing.assert_allclose(told[name], course[name].values, atol=1e-12)
        assert told["t2_star"] == pytest.approx(course.attrs["t2_star"])


def test_numbers_are_those_of_a_plain_sum_over_shots(run):
    """Shot by shot: K3 at the τ of the central model, ρ_01 at the time asked for; J/N held."""
    found = document(run, f"{COMMAND} --noise spins=1 --hold interaction --time 12")
    shots = Noise(spins=1.0).numbers(20)
    members = [replace(MODEL, spins=int(n), coupling=float(n) / 20.0) for n in shots.values]
    k3 = [LeggettGarg(member, "two-level").k3(1e-3, found["tau"]).value for member in members]
    (told,) = found["held"].values()
    assert told["k3"][0] == pytest.approx(shots.weights @ k3, abs=1e-6)
    rho = [evolve(m, [JumpOperator("Jz", 1e-3)], "eigen-superposition", [0.0, 12.0]).rho_01[1].item() for m in members]
    assert found["time"] == 12.0
    mean = 2.0 * abs(shots.weights @ np.array(rho))
    assert told["coherence"][0] == pytest.approx(mean, abs=told["coherence_error"][0])
    assert abs(mean - found["coherence_ideal"]) > 10.0 * told["coherence_error"][0]


@pytest.mark.parametrize(
    ("words", "given"),
    [("", {}), ("--initial doublet-mixture", {"initial": "doublet-mixture"}),
     ("--initial thermal --temperature 0.2", {"initial": "thermal", "temperature": 0.2})],
)  # fmt: skip
def test_interval_and_initial_state_mean_what_they_mean_without_noise(run, words, given):
    """Beside a plain sum over shots, by five levels, which see the state; the width zero is `leggett-garg` itself."""
    system = "--spins 20 --field 0.8 --gamma 1e-3 --tau 15"
    found = document(run, f"noisy-leggett-garg {system} --noise spins=0,1 --hold interaction {words}")
    alone = document(run, f"leggett-garg {system} --level C {words}")
    assert (
        (found["tau"], found["initial"])
        == (alone["tau"], alone["initial_state"])
        == (15.0, given.get("initial", "ground"))
    )
    (told,) = found["held"].values()
    assert told["k3"][0] == pytest.approx(alone["k3"], abs=1e-9) == found["k3_ideal"]
    shots = Noise(spins=1.0).numbers(20)
    members = [replace(MODEL, spins=int(n), coupling=float(n) / 20.0) for n in shots.values]
    k3 = [LeggettGarg(member, "C", **given).k3(1e-3, 15.0).value for member in members]
    assert told["k3"][1] == pytest.approx(shots.weights @ k3, abs=1e-6)
    if given:
        assert abs(alone["k3"] - document(run, f"leggett-garg {system} --level C")["k3"]) > 1e-3


def test_the_page(run):
    found = document(run, f"{COMMAND} --noise spins=0.5:2:4:log --width 0.5 --points 3")
    code, out, err = run(f"{COMMAND} --noise spins=0.5:2:4:log --width 0.5 --points 3")
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines()]
    for held, name in (("J", "coupling"), ("J/N", "interaction")):
        told = found["held"][name]
        k3 = [row[3] for row in rows if row[:2] == [held, "held"] and len(row) == 8]
        assert k3 == [f"{value:.6g}" for value in told["k3"]]
    assert f"J/N held: K3 > 1 up to σ_N = {found['held']['interaction']['limit']:.3g} atoms" in out
    assert "J held: K3 > 1 up to σ_N = 2 atoms, the largest asked for" in out
    assert f"without noise: K3 = {found['k3_ideal']:.6g}" in out
    assert f"J/N held: T2* = {found['course']['held']['interaction']['t2_star']:.5g}" in out
    many = run("noisy-leggett-garg --spins 20 --field 0.8 --level B --hold coupling --noise spins=0.01:0.3:60")[1]
    assert sum(line.startswith("J held") for line in many.splitlines()) == 25 + 1


def test_other_noise_and_no_dephasing(run):
    found = document(run, f"{COMMAND} --noise field=0,0.05")
    scan = noise_scan(LeggettGarg(MODEL, "two-level", tolerance=1e-6), 1e-3, [0.0, 0.05], "field", ["coupling"])
    assert list(found["held"]) == ["coupling"]
    np.testing.assert_allclose(found["held"]["coupling"]["k3"], scan.k3.values[0], atol=1e-12)
    code, out, _ = run("noisy-leggett-garg --spins 20 --field 0.8 --level B --noise coupling=0.01")
    assert code == 0
    assert "noise of the coupling from shot to shot" in out
    assert "as bad" not in out  # there is no dephasing
    physical = "--spins 20 --field 0.8 --coupling '1 kHz' --gamma '1 1/s'"
    assert "t = 0.002 s" in run(f"noisy-leggett-garg {physical} --level B --noise spins=1 --time '2 ms'")[1]
    strong = run("noisy-leggett-garg --spins 20 --field 0.8 --gamma 1 --level B --noise spins=1")[1]
    assert "K3 does not exceed 1 without noise" in strong


def test_files(run, tmp_path):
    import xarray

    text = f"{COMMAND} --noise spins=0.3,1 --width 0.3 --points 5"
    for suffix in ("nc", "svg"):
        more = "" if suffix == "nc" else " --hold interaction"
        code, out, err = run(f"{text}{more} --out {tmp_path / 'noise'}.{suffix}")
        assert (code, err) == (0, "")
        assert out.endswith(f"written to {tmp_path / 'noise'}.{suffix}\n")
    found = document(run, text)
    with xarray.open_dataset(tmp_path / "noise.nc", engine="h5netcdf") as stored:
        assert stored.attrs["field"] == 0.8
        assert stored.attrs["course_width"] == 0.3
        for hold, told in found["held"].items():
            np.testing.assert_array_equal(stored.k3.sel(hold=hold), told["k3"])
            course = found["course"]["held"][hold]
            np.testing.assert_array_equal(stored.abs_rho_01.sel(hold=hold), course["abs_rho_01"])
            assert float(stored.course_t2_star.sel(hold=hold)) == course["t2_star"]
        assert stored.rho_01_re.dims == ("hold", "time")
    drawn = (tmp_path / "noise.svg").read_text()
    for label in ("macrorealism", "small noise", "one shot"):
        assert label in drawn
    code, _, _ = run(f"{COMMAND} --noise field=0.001 --out {tmp_path / 'field.nc'}")
    assert code == 0
    with xarray.open_dataset(tmp_path / "field.nc", engine="h5netcdf") as stored:
        assert "time" not in stored.dims
        assert stored.attrs["kind"] == "field"


BAD = {
    "form": ("--noise spins", "noise must be what differs and its widths, as in 'spins=0.2:10:13:log'"),
    "kind": ("--noise atoms=1", "kind of the noise must be one of spins, field, coupling; got 'atoms'"),
    "order": ("--noise spins=1,0", "widths of the noise must be ascending, the last one above zero; got '1,0'"),
    "twice": ("--noise spins=1,1", "widths of the noise must be ascending"),
    "zero": ("--noise spins=0", "the last one above zero; got '0'"),
    "negative": ("--noise spins=-1", "width of the noise must be a finite number >= 0; got -1.0"),
    "text": ("--noise spins=few", "width of the noise must be a finite number >= 0; got 'few'"),
    "range": ("--noise spins=2:1:5", "widths of the noise must be a range 'low:high:count'"),
    "unit": ("--noise 'field=1 Hz'", "width of the noise must be a finite number >= 0; got '1 Hz'"),
    "wide": ("--noise field=0.5", "noise in field must be a relative width up to 0.15; got 0.5"),
    "hold": ("--noise spins=1 --hold N", "hold must be one of coupling, interaction; got 'N'"),
    "held": ("--noise field=0.01 --hold coupling", "hold must be left out where the atom number is the same"),
    "level": ("--noise spins=1 --level Z", "level must be one of A, B, two-level, C, converged, or a number"),
    "gamma": ("--noise spins=1 --gamma -1", "gamma must be a finite number >= 0"),
    "time": ("--noise spins=1 --time 0", "time must be a finite number > 0"),
    "width": ("--noise spins=1 --width 0", "width must be a finite number > 0"),
    "alone": ("--noise spins=1 --t-end 2T2", "width must be given where --t-end or --points is; got none"),
    "end": ("--noise spins=1 --width 1 --t-end -2", "t-end must be a finite number > 0"),
    "suffix": ("--noise spins=1 --out x.csv", "out must be a file name that ends in .nc, .png, .svg or .pdf"),
    "picture": ("--noise spins=0,1 --out x.svg", "widths of the noise must be two or more above zero for a picture"),
    "missing": ("", "--noise must be given; got none"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line(run, tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(f"noisy-leggett-garg --spins 20 --field 0.8 {text}")
    assert (code, out) == (2, "")
    assert re.fullmatch(r"einselect: [^\n]+\n", err), err
    assert said in err
    assert not list(tmp_path.iterdir())


def test_models_without_atoms_to_count_are_refused(run):
    for model in ("rabi --coupling 1", "bose-josephson --spins 20 --tunnelling 1 --interaction 0.06"):
        code, out, err = run(f"noisy-leggett-garg --model {model} --noise spins=1")
        assert (code, out) == (2, "")
        assert err.startswith("einselect: model must have an atom number, a field and a coupling to be noisy, as lmg")
