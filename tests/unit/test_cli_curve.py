"""`einselect curve` and `einselect compare`: the numbers of Python, files, refusals in one line."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest

from einselect import LMG, BoseJosephson, InputError, Rabi, dephasing_rates
from einselect.sweeps import compare_systems, parameter_curve, size_curve

CURVES = {
    "spins": ("--spins 20:60:20 --field 0.6", "spins", [LMG(n, 0.6) for n in (20, 40, 60)], None),
    "field": ("--spins 30 --field 0.5:0.9:3", "field", [LMG(30, g) for g in (0.5, 0.7, 0.9)], None),
    "coupling": ("--model rabi --coupling 1,2.5 --jump x", "coupling", [Rabi(1.0), Rabi(2.5)], "x"),
    "units": (
        "--model bose-josephson --spins 50 --tunnelling '40 Hz,50 Hz' --interaction '3 Hz'",
        "tunnelling",
        [BoseJosephson(50, k, "3 Hz") for k in ("40 Hz", "50 Hz")],
        None,
    ),
}


@pytest.mark.parametrize(("options", "axis", "models", "jump"), CURVES.values(), ids=CURVES.keys())
def test_a_curve_has_the_numbers_of_each_point(run, options, axis, models, jump):
    code, out, err = run(f"curve {options} --json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    answers = [dephasing_rates(model, jump=jump).doublet for model in models]
    assert found["coords"][axis]["values"] == pytest.approx([getattr(model, axis) for model in models], rel=1e-14)
    for name in ("eta_exact", "g01", "j01", "splitting", "log10_splitting"):
        assert found["data"][name]["values"] == [getattr(d, name) for d in answers]
    ratios = [d.eta_exact for d in answers]
    assert found["attributes"]["peak_eta_exact"] == max(ratios)
    assert found["attributes"][f"peak_eta_exact_{axis}"] == getattr(models[int(np.argmax(ratios))], axis)
    code, out, err = run(f"curve {options}")
    assert (code, err) == (0, "")
    assert f"largest eta_exact {max(ratios):.6g} at {axis} = " in out


def test_a_curve_as_a_file(run, tmp_path):
    import xarray

    code, out, _ = run(f"curve --spins 20,40 --field 0.6 --out {tmp_path / 'curve.nc'}")
    assert code == 0
    assert "on 2 spins" in out
    with xarray.open_dataset(tmp_path / "curve.nc", engine="h5netcdf") as stored:
        expected = size_curve(lambda n: LMG(n, 0.6), (20, 40))
        np.testing.assert_array_equal(stored.eta_exact.values, expected.eta_exact.values)
        assert stored.attrs["model"] == "lmg"
        assert stored.attrs["field"] == "0.6"


def test_a_curve_as_a_picture(run, tmp_path):
    code, out, err = run(f"curve --spins 100:500:100 --field 0.95 --plot {tmp_path / 'curve.svg'}")
    assert (code, err) == (0, "")
    assert "at spins = 300" in out  # the table is printed all the same
    picture = (tmp_path / "curve.svg").read_text()
    assert "(peak 2.402 at 300)" in picture
    assert "number of spins" in picture


def test_a_splitting_below_every_double_has_a_logarithm_only():
    found = size_curve(lambda n: LMG(n, 0.3), (20, 20_000))
    assert found.splitting.values[0] == pytest.approx(10.0 ** found.log10_splitting.values[0], rel=1e-12)
    assert math.isnan(found.splitting.values[1])
    assert found.log10_splitting.values[1] < -308.0


def test_a_curve_needs_values_of_one_kind():
    with pytest.raises(InputError, match="field must be one or more values"):
        parameter_curve(lambda g: LMG(10, g), [], axis="field")
    with pytest.raises(InputError, match="all with a unit or none"):
        parameter_curve(lambda j: LMG(10, 0.5, j), [1.0, "2 kHz"], axis="coupling")


def test_compare_prints_draws_and_documents_the_comparison(run, tmp_path):
    expected = compare_systems()
    code, out, err = run(f"compare --json --plot {tmp_path / 'systems.svg'}")
    assert (code, err) == (0, "")
    rows = json.loads(out)["systems"]
    assert [row["bath"]["eta"] for row in rows] == [row.bath.eta for row in expected.rows]
    picture = (tmp_path / "systems.svg").read_text()
    for point in expected.points:
        assert f">{point.name}<" in picture
    code, out, err = run("compare")
    assert (code, err) == (0, "")
    assert all(point.name in out for point in expected.points)


SEVERAL = "one parameter must have several values, as in '--spins 20:200:20'"
BAD = {
    "no axis": ("curve --spins 20 --field 0.5", f"{SEVERAL}; got none"),
    "two axes": ("curve --model rabi --coupling 1,2 --mode 1,2", f"{SEVERAL}; got coupling, mode"),
    "jump": ("curve --model rabi --coupling 1,2 --jump q", "jump must be one of a, x, Jx, J-, Jz, n; got 'q'"),
    "value": ("curve --model rabi --coupling 1,-2", "coupling must be"),
    "range": ("curve --spins 30:20 --field 0.5", "spins must be a whole number, several as in"),
    "missing": ("curve --model dicke --spins 4,8", "--coupling must be given; got none (see 'einselect curve --help')"),
    "model": ("curve --model dick --spins 4,8", "model must be one of lmg"),
    "file": ("curve --spins 4,8 --field 0.5 --out x.png", "out must be a file name that ends in .nc; got 'x.png'"),
    "drawing": ("curve --spins 4,8 --field 0.5 --plot x.nc", "plot must be a file name that ends in .png, .svg or"),
    "picture": ("compare --plot x.nc", "plot must be a file name that ends in .png, .svg or .pdf; got 'x.nc'"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line(run, tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(text)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"einselect: [^\n]+\n", err), err
    assert said in err
    assert not list(tmp_path.iterdir())
