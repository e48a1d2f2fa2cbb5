"""`einselect static-noise` and `einselect loss`: the numbers of Python, files, pictures, refusals in one line."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from einselect import LMG, BoseJosephson
from einselect.dynamics import loss_course, losses, static_noise_course

NOISE = "static-noise --spins 20 --field 0.8 --noise Jx=1e-3"
LOSS = "loss --spins 10 --field 0.6 --one-body 0.01"


def test_static_noise_has_the_numbers_of_python(run):
    code, out, err = run(f"{NOISE} --gamma 1e-4 --times 0,100,2T2 --json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    course = static_noise_course(LMG(20, 0.8), "Jx", 1e-3, found["times"], gamma=1e-4)
    assert found["times"] == [0.0, 100.0, pytest.approx(2.0 * course.attrs["decay_time"], rel=1e-6)]
    np.testing.assert_allclose(found["retention_01_abs"], np.abs(course.retention_01.values), atol=1e-12)
    np.testing.assert_allclose(found["retention_pr_re"], course.retention_pr.values.real, atol=1e-12)
    np.testing.assert_allclose(found["white_01"], course.white_01.values, rtol=1e-12)
    np.testing.assert_allclose(found["closed_pr_abs"], np.abs(course.closed_pr.values), atol=1e-12)
    for key in ("operator", "width", "decay", "decay_time", "slope", "curvature", "strength", "rate_01", "levels"):
        assert found[key] == course.attrs[key]
    assert found["meeting_01"] == pytest.approx(course.attrs["meeting_01"], rel=1e-9)
    assert found["spins"] == 20
    code, out, err = run(f"{NOISE} --gamma 1e-4")
    assert (code, err) == (0, "")
    assert "Gaussian: ρ_01 falls as" in out
    assert f"static noise has taken as much at t = {found['meeting_01']:.6g}" in out
    assert "white noise takes ρ_01 at" in out


def test_static_noise_of_other_models_and_kinds(run):
    assert "tunnelling does not matter" in run("static-noise --spins 60 --field 0.5 --noise Jz=1e-3")[1]
    assert "protected by tunnelling" in run("static-noise --spins 20 --field 0.8 --noise Jz=1e-4 --points 11")[1]
    code, out, _ = run("static-noise --model dicke --spins 4 --coupling 0.7 --noise n=1e-3 --points 5 --json")
    assert code == 0
    assert json.loads(out)["model"] == "dicke"
    code, out, _ = run("static-noise --spins 20 --field 0.8 --noise Jx=1e-6 --gamma 1e-3 --points 3 --json")
    assert json.loads(out)["meeting_pr"] is None
    out = run("static-noise --spins 20 --field 0.8 --coupling '1 kHz' --noise 'Jx=1 Hz' --t-end '9 ms'")[1]
    assert "σ = 6.28319 rad/s" in out
    assert "0.009 " in out


def test_loss_has_the_numbers_of_python(run):
    code, out, err = run(f"{LOSS} --two-body 1e-3 --mixed 2e-3 --times 0,1,5 --json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    kinds = losses(LMG(10, 0.6), 0.01, 1e-3, 2e-3)
    assert [loss["kind"] for loss in found["losses"]] == ["one-body", "two-body", "mixed"]
    for row, kind in zip(found["losses"], kinds, strict=True):
        for key in ("event_rate", "kept_eigenstate", "turned_eigenstate", "kept_pointer", "leaked", "rate_pointer"):
            assert row[key] == getattr(kind, key)
    course = loss_course(LMG(10, 0.6), [0.0, 1.0, 5.0], 0.01, 1e-3, 2e-3)
    for name in ("retention_pr", "counted_01", "no_loss", "mean_number", "missing"):
        np.testing.assert_allclose(found[name], course[name].values, atol=1e-12)
    np.testing.assert_allclose(found["retention_01_abs"], np.abs(course.retention_01.values), atol=1e-12)
    assert found["rate_eigenstate"] == course.attrs["rate_01"]


def test_loss_by_itself_is_a_table(run):
    code, out, err = run("loss --spins 1000 --field 0.5 --one-body 1e-4 --mixed 1e-7")
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines()]
    assert ["many", "atoms", "0.025", "0.05", "2"] in rows
    assert any(row[:1] == ["mixed"] and row[-1] == "1" for row in rows)
    assert any(row[:1] == ["all"] for row in rows)
    assert "no loss" not in out
    code, out, _ = run(
        "loss --model bose-josephson --spins 40 --tunnelling '50 Hz' --interaction '3 Hz' --two-body '0.01 1/s' "
        "--t-end 2T2 --points 5 --levels 2"
    )
    assert code == 0
    assert "2 levels of each number, down to" in out
    kind = losses(BoseJosephson(40, "50 Hz", "3 Hz"), two_body="0.01 1/s")[0]
    assert f"{2.0 / kind.rate_eigenstate:.5g}" in out
    assert "random phase of ρ_01" in run("loss --spins 30 --field 0.9 --one-body 1e-4")[1]
    assert "what turns into the conjugate is not lost" in run("loss --spins 60 --field 0.5 --one-body 1e-4")[1]


def test_files(run, tmp_path):
    import xarray

    for text, name in ((f"{NOISE} --gamma 1e-4 --points 21", "noise"), (f"{LOSS} --points 7 --t-end 5", "loss")):
        for suffix in ("nc", "svg"):
            code, out, err = run(f"{text} --out {tmp_path / name}.{suffix}")
            assert (code, err) == (0, "")
            assert f"written to {tmp_path / name}.{suffix}" in out
    with xarray.open_dataset(tmp_path / "noise.nc", engine="h5netcdf") as stored:
        assert stored.sizes["time"] == 21
        assert stored.attrs["operator"] == "Jx"
        assert stored.attrs["field"] == 0.8
        assert float(stored.retention_01_re[0]) == pytest.approx(1.0, abs=1e-12)
    with xarray.open_dataset(tmp_path / "loss.nc", engine="h5netcdf") as stored:
        assert stored.attrs["one_body"] == 0.01
        assert stored.retention_pr.dims == ("time",)
    assert "part of the coherence left" in (tmp_path / "noise.svg").read_text()
    assert "no loss" in (tmp_path / "loss.svg").read_text()
    assert len(list(tmp_path.iterdir())) == 4


BAD = {
    "form": (
        "static-noise --spins 9 --field 0.5 --noise Jx",
        "noise must be an operator and its width, as in 'Jx=1e-4'",
    ),
    "operator": ("static-noise --spins 9 --field 0.5 --noise Jq=1", "operator of the noise must be one of Jz, J"),
    "hermitian": ("static-noise --spins 9 --field 0.5 --noise J-=1", "operator must be Hermitian"),
    "width": (
        "static-noise --spins 9 --field 0.5 --noise Jx=0",
        "width of the noise must be a finite number > 0; got 0",
    ),
    "negative": ("static-noise --spins 9 --field 0.5 --noise Jx=-1", "width of the noise must be a finite number >= 0"),
    "unit": (
        "static-noise --spins 9 --field 0.5 --noise 'Jx=1 Hz'",
        "coupling must have a unit where width of the noise has one",
    ),
    "missing": ("static-noise --spins 9 --field 0.5", "--noise must be given; got none"),
    "gamma": (f"{NOISE} --gamma -1", "gamma must be a finite number >= 0"),
    "levels": (f"{NOISE} --levels many", "levels must be 'auto' or a whole number from 2 to 21; got 'many'"),
    "long": (f"{NOISE} --t-end 1e9", "times must be at most"),
    "suffix": (f"{NOISE} --out x.csv", "out must be a file name that ends in .nc, .png, .svg or .pdf; got 'x.csv'"),
    "one time": (f"{NOISE} --times 5 --out x.png", "times must differ for a picture; got '5'"),
    "no loss": ("loss --spins 9 --field 0.5", "--one-body, --two-body or --mixed must be given; got none"),
    "zero": ("loss --spins 9 --field 0.5 --one-body 0", "one_body, two_body or mixed must be above zero; got none"),
    "rate": ("loss --spins 9 --field 0.5 --mixed=-1", "mixed must be a finite number >= 0"),
    "text": ("loss --spins 9 --field 0.5 --one-body fast", "one_body must be"),
    "model": (
        "loss --model dicke --spins 4 --coupling 0.7 --one-body 1",
        "model must be an LMG model or a BoseJosephson",
    ),
    "few": ("loss --spins 2 --field 0.5 --one-body 1", "spins must be"),
    "kept": (f"{LOSS} --t-end 5 --levels 50", "levels must be 'auto', 'all' or a whole number from 2 to 11; got '50'"),
    "all": ("loss --spins 300 --field 0.5 --one-body 1e-3 --t-end 50 --levels all", "at most 50000 matrix elements"),
    "end": (f"{LOSS} --t-end 0", "t-end must be a finite number > 0"),
    "picture": (f"{LOSS} --t-end 5 --out x.txt", "out must be a file name that ends in"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line(run, tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(text)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"einselect: [^\n]+\n", err), err
    assert said in err
    assert not list(tmp_path.iterdir())
