"""`sweep` for any model by options, `quantities`, and `plot`, from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray

from einselect import LMG, Dicke, dephasing_rates
from einselect.models.registry import MODELS
from einselect.protocols import LeggettGarg
from einselect.studies import Study
from einselect.studies.catalogue import QUANTITIES


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


# --- sweep -------------------------------------------------------------------------------------------------------


def test_a_sweep_of_another_model_is_written_as_netcdf(run, tmp_path):
    code, out, err = run(
        "sweep --model dicke --spins 4 --coupling 0.5:1.0:3 --quantity eta_exact,regime --gamma 1e-3 --out x.nc"
    )
    assert (code, err) == (0, "")
    assert out == "x.nc: eta_exact, regime on 3 coupling\n"
    assert [p.name for p in tmp_path.iterdir()] == ["x.nc"]
    with xarray.open_dataset("x.nc", engine="h5netcdf") as found:
        rates = [dephasing_rates(Dicke(4, coupling), 1e-3) for coupling in (0.5, 0.75, 1.0)]
        assert found.eta_exact.values == pytest.approx([r.doublet.eta_exact for r in rates], rel=1e-12)
        names = found.regime.attrs["flag_meanings"].split()
        assert [names[k + 1] for k in found.regime.values] == [r.regime.name for r in rates]
        assert found.coupling.values.tolist() == [0.5, 0.75, 1.0]
        assert found.attrs["model"] == "dicke"
        assert found.status.values.tolist() == [1, 1, 1]


def test_a_sweep_prints_categories_by_name_and_says_what_is_missing(run):
    code, out, err = run("sweep --spins 20 --field 0.5,1.5 --quantity eta_mf,regime --jump Jz")
    assert (code, err) == (0, "")
    assert re.search(r"0\.5 +2\.047825 +undetermined\n", out)
    assert re.search(r"1\.5 +– +disordered\n", out)
    assert "1 point: eta_mf must be asked for in the ordered phase" in out


def test_a_sweep_as_json_has_status_and_messages(document):
    found = document("sweep --model anisotropic --spins 20 --field 0.5 --anisotropy=-0.5,1.5 --quantity eta_exact")
    assert found["data"]["eta_exact"]["values"][1] is None
    assert found["data"]["status"]["values"] == [1, 3]
    assert found["data"]["message"]["values"] == ["", "anisotropy must be from -1 to below 1; got 1.5"]


def test_default_quantities_are_those_that_the_model_has(document):
    found = document("sweep --model dimer --coupling=-0.5 --huang-rhys 1,2")
    assert set(found["data"]) == {"log_splitting", "g01", "j01", "eta_exact", "status", "message"}


def test_options_of_quantities_and_jumps_may_be_axes(document):
    found = document("sweep --spins 20 --field 0.5 --gamma 1e-3,1e-2 --quantity k3 --level B,C,5")
    test = [LeggettGarg(LMG(20, 0.5), level=level) for level in ("B", "C", 5)]
    expected = [[t.k3(gamma).value for t in test] for gamma in (1e-3, 1e-2)]
    assert found["coords"]["level"]["values"] == ["B", "C", "5"]
    assert np.array(found["data"]["k3"]["values"]) == pytest.approx(np.array(expected), rel=1e-9)
    assert [row[1] for row in found["data"]["k3"]["values"]] == [row[2] for row in found["data"]["k3"]["values"]]
    found = document("sweep --spins 20 --field 0.5 --quantity eta_exact --jump Jz,Jx")
    expected = [dephasing_rates(LMG(20, 0.5), jump=jump).doublet.eta_exact for jump in ("Jz", "Jx")]
    assert found["data"]["eta_exact"]["values"] == pytest.approx(expected, rel=1e-9)


def test_zipped_axes_and_units(document):
    point = "--spins 20,40 --field 0.5 --coupling '1 kHz' --gamma '1:2:2 1/s'"
    found = document(f"sweep {point} --zip spins,gamma --quantity rate_pointer")
    assert found["data"]["rate_pointer"]["dims"] == ["spins_gamma"]
    rates = [dephasing_rates(LMG(n, 0.5, "1 kHz"), f"{g} 1/s").rate_pointer for n, g in ((20, 1), (40, 2))]
    assert found["data"]["rate_pointer"]["values"] == pytest.approx(rates, rel=1e-12)
    assert found["data"]["rate_pointer"]["units"] == "1/s"


def test_processes_do_not_change_the_numbers(document):
    words = "sweep --spins 10:20:2 --field 0.5 --gamma 1e-3 --quantity k3,g01"
    assert document(words) == document(f"{words} --processes 2")


def test_a_sweep_into_a_folder_is_a_study(run, tmp_path):
    code, _, err = run("sweep --spins 20:60:20 --field 0.9 --quantity eta_mf --out s.zarr")
    assert code == 0, err
    from einselect.studies.reading import open_study

    with open_study(tmp_path / "s.zarr") as found:
        expected = Study(parameters={"field": 0.9}, axes={"spins": [20, 40, 60]}, quantities=["eta_mf"])
        assert np.array_equal(found.eta_mf.values, expected.run(progress=False).eta_mf.values)


def test_a_study_file_is_worked_out(run, tmp_path):
    study = Study(parameters={"field": 0.9}, axes={"spins": [20, 40, 60]}, quantities=["eta_mf", "regime"])
    (tmp_path / "s.toml").write_text(study.to_toml(), encoding="utf-8")
    assert run("sweep s.toml --out s.zarr")[0] == 0
    code, out, _ = run("sweep s.toml --out s.zarr")
    assert (code, "3 done" in out) == (0, True)


def test_the_schema_is_printed(run):
    code, out, err = run("sweep --schema")
    assert (code, err) == (0, "")
    assert json.loads(out) == Study.schema()


REFUSED = {
    "quantity of no model": ("--model dicke --spins 4 --coupling 0.7 --quantity eta_fm", "did you mean 'eta_mf'?"),
    "quantity of another": (
        "--model dicke --spins 4 --coupling 0.7 --quantity window_min",
        "model must be one of lmg for",
    ),
    "parameter of another": ("--model dicke --spins 4 --coupling 0.7 --field 0.5", "must be one of spins, coupling"),
    "parameter of another, lmg": ("--spins 4 --field 0.5 --mode 1", "mode must be left out for the model lmg"),
    "missing": ("--model dicke --spins 4", "parameters.coupling must be given for the model dicke; got none"),
    "model": ("--model dike --spins 4", "did you mean 'dicke'?"),
    "sites range": ("--model ring --sites 4:2 --coupling=-0.3 --huang-rhys 1", "sites must be a whole number, several"),
    "option without its quantity": ("--spins 4 --field 0.5 --time 3", "options.time must be left out"),
    "workers in memory": ("--spins 4 --field 0.5 --workers 2", "--workers must be left out unless --out is a folder"),
    "extend in memory": ("--spins 4 --field 0.5 --extend", "--extend must be left out unless --out is a folder"),
    "out of another kind": ("--model rabi --coupling 1 --out x.csv", "out must be a file name that ends in .nc; got"),
    "too many": ("--model rabi --coupling 1:2:9999 --mode 1:2:9999", "at most 10000000 points"),
    "no file": ("none.toml --out x.zarr", "study file must be readable; got 'none.toml' (No such file"),
    "file and options": ("s.toml --field 0.5 --out x.zarr", "--field must be left to the study file; got 's.toml'"),
    "file without out": ("s.toml", "--out must be given for a study"),
    "folder where nothing can be": ("--spins 4 --field 0.5 --out none/x.nc", "output file must be writable"),
    "zip of one": ("--spins 4,5 --field 0.5 --zip spins", "zip must join two or more axes"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_one_line_and_leaves_nothing(run, tmp_path, case):
    words, said = REFUSED[case]
    (tmp_path / "s.toml").write_text('quantities = ["eta_mf"]\n[axes]\nspins = [9]\nfield = [0.5]\n')
    code, out, err = run(f"sweep {words}")
    assert (code, out) == (2, "")
    assert re.fullmatch(r"einselect: [^\n]+\n", err), err
    assert said in err
    assert [p.name for p in tmp_path.iterdir()] == ["s.toml"]


# --- quantities --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [None, *MODELS])
def test_quantities_lists_what_a_model_has(run, document, model):
    words = "quantities" if model is None else f"quantities --model {model}"
    found = document(words)
    names = [entry["name"] for entry in found["quantities"]]
    assert names == [n for n, q in QUANTITIES.items() if model is None or not q.models or model in q.models]
    used = {name for entry in found["quantities"] for name in entry["options"]}
    assert {option["name"] for option in found["options"]} == used
    _, out, _ = run(words)
    assert all(re.search(rf"^ *{name} ", out, re.MULTILINE) for name in names)
    assert all(len(line) <= 80 for line in out.splitlines())


def test_quantities_of_no_model_are_refused(run):
    code, out, err = run("quantities --model dike")
    assert (code, out) == (2, "")
    assert "did you mean 'dicke'?" in err


# --- plot --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def curve(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("curve") / "c.zarr"
    Study(axes={"spins": [20, 40, 60], "field": [0.9, 0.95]}, quantities=["eta_mf"]).run(folder, progress=False)
    return folder


@pytest.mark.parametrize(("suffix", "head"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_a_study_is_drawn(run, curve, tmp_path, suffix, head):
    code, out, err = run(f"plot {curve} --x spins --y eta_mf --hue field --out eta.{suffix}")
    assert (code, out, err) == (0, f"eta.{suffix}\n", "")
    assert (tmp_path / f"eta.{suffix}").read_bytes().startswith(head)


def test_a_netcdf_sweep_is_drawn_too(run, tmp_path):
    assert run("sweep --spins 20:60:20 --field 0.9,0.95 --quantity eta_mf --out s.nc")[0] == 0
    assert run("plot s.nc --x spins --y eta_mf --at field=0.95 --out s.png")[0] == 0
    assert (tmp_path / "s.png").stat().st_size > 1000


PLOT_REFUSED = {
    "axis": ("--x spin --y eta_mf --hue field", "got 'spin' (did you mean 'spins'?)"),
    "quantity": ("--x spins --y eta --hue field", "y must be one of eta_mf; got 'eta'"),
    "open": ("--x spins --y eta_mf", "at must choose one of the 2 values of field; got none"),
    "value": ("--x spins --y eta_mf --at field=0.91", "at field must be one of 0.9, 0.95; got 0.91 (nearest 0.9)"),
    "unit": ("--x spins --y eta_mf --at 'field=1 kHz'", "a plain number in the unit of the study, J; got '1 kHz'"),
    "form": ("--x spins --y eta_mf --at 0.9", "at must be an axis and a value, as in 'field=0.95'; got '0.9'"),
    "kind": ("--x spins --y eta_mf --hue field --kind bars", "kind must be one of line, map, window; got 'bars'"),
    "map": ("--x spins --y eta_mf --at field=0.9 --kind map", "hue must be given for a map"),
    "twice": ("--x spins --y eta_mf --hue spins", "hue must be another axis than x; got 'spins'"),
    "log": ("--x spins --y eta_mf --hue field --log z", "log must be one of x, y, hue; got 'z'"),
    "out": ("--x spins --y eta_mf --hue field --out x.gif", "ends in .png, .svg or .pdf; got 'x.gif'"),
}


@pytest.mark.parametrize("case", PLOT_REFUSED)
def test_what_cannot_be_drawn_is_one_line(run, curve, tmp_path, case):
    words, said = PLOT_REFUSED[case]
    code, out, err = run(f"plot {curve} {words}" + ("" if "--out" in words else " --out x.png"))
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_study_cannot_be_drawn(run, tmp_path):
    code, _, err = run("plot none.zarr --x spins --y eta_mf --out x.png")
    assert (code, "study must be a folder or a file that is there" in err) == (2, True)
    assert list(tmp_path.iterdir()) == []
