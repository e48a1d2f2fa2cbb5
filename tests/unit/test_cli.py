"""The command line: what it answers, what it refuses and how, and that it leaves nothing half done."""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from einselect import LMG, dephasing_rates, find_window, sweep
from einselect.cli import main
from einselect.cli.commands import app
from einselect.errors import ResolutionError
from einselect.spin import Jz

POINT = ["--spins", "370", "--field", "0.95"]
PHYSICAL = [*POINT, "--coupling", "74346 rad/s"]
COMMANDS = [
    "rates", "levels", "window", "sweep", "status", "export", "plot", "curve", "evolve", "static-noise", "loss",
    "spectrum", "atlas", "compare", "models", "quantities", "leggett-garg", "noisy-leggett-garg", "metrology",
    "advise", "explore", "paper",
]  # fmt: skip

# The keys that programs may rely on.
RATES_KEYS = {
    "spins", "field", "coupling", "gamma", "order_parameter", "energies", "splitting", "log10_splitting", "jz2_even",
    "jz2_odd", "g01", "j01", "g_loc", "eta_mf", "eta_exact", "enhancement", "leakage_even", "leakage_odd", "depletion",
    "gap_ratio", "rate_eigenstate", "rate_pointer", "rate_mean_field", "secular_parameter", "thermal_ratio", "regime",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def run(capsys):
    """Run the entry point in this process: exit code, standard output, standard error."""

    def call(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(words))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def run_json(run):
    """Run with --json and read the one document strictly: NaN and Infinity are no JSON."""

    def refuse(token: str):
        raise AssertionError(f"{token} is not JSON")

    def call(*words: str):
        code, out, err = run(*words, "--json")
        assert (code, err) == (0, "")
        return json.loads(out, parse_constant=refuse)

    return call


def process(*words: str, **settings) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "einselect", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **settings,
    )


# --- rates -------------------------------------------------------------------------------------------------------


def test_rates_json_is_the_answer_at_full_precision(run_json):
    document = run_json("rates", *PHYSICAL, "--gamma", "0.05 1/s", "--temperature", "10 nK")
    expected = dephasing_rates(LMG(370, 0.95, "74346 rad/s"), "0.05 1/s", temperature="10 nK").as_dict()
    assert document == expected
    assert set(document) >= RATES_KEYS
    assert document["regime"] == "mesoscopic"


def test_rates_json_of_plain_numbers(run_json):
    document = run_json("rates", *POINT, "--gamma", "1e-6")
    assert document == dephasing_rates(LMG(370, 0.95), 1e-6).as_dict()
    assert document["thermal_ratio"] is None
    assert document["units"]["energy"] == "J"


def test_what_does_not_exist_or_underflows_is_null(run_json):
    deep = run_json("rates", "--spins", "20000", "--field", "0.5")
    assert deep["splitting"] is None
    assert deep["gap_ratio"] is None
    assert deep["log10_splitting"] == pytest.approx(LMG(20000, 0.5).doublet().log10_splitting, rel=1e-14)
    disordered = run_json("rates", "--spins", "20", "--field", "1.5", "--gamma", "0")
    assert [disordered[k] for k in ("order_parameter", "g_loc", "eta_mf", "depletion", "rate_mean_field")] == [None] * 5
    assert disordered["rate_eigenstate"] == 0.0


def test_rates_for_people_names_regime_units_and_verdicts(run):
    code, out, err = run("rates", *PHYSICAL, "--gamma", "0.05 1/s", "--temperature", "10 nK")
    assert (code, err) == (0, "")
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "\x1b" not in out
    assert "Regime: mesoscopic" in out
    assert re.search(r"secular +2ΔE T2 >= 10 +18\.446 +pass", out)
    assert re.search(r"ρ_PR pointer states +G01 \+ J01² +5290\.2 +1\.863427 +264\.51", out)
    assert "11.833 kHz" in out
    assert "Warning: 13.7 % of G01 is leakage" in out


def test_a_field_with_its_own_unit(run_json):
    document = run_json("rates", "--spins", "50", "--field", "0.5 kHz", "--coupling", "1 kHz")
    assert document["field_ratio"] == pytest.approx(0.5, rel=1e-15)
    assert document["coupling"] == pytest.approx(2 * np.pi * 1000, rel=1e-15)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_rates_draws_the_doublet(run, suffix, tmp_path):
    code, out, _ = run("rates", *POINT, "--plot", f"doublet.{suffix}")
    assert code == 0
    assert "Regime" in out
    assert [p.name for p in tmp_path.iterdir()] == [f"doublet.{suffix}"]
    head = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix]
    assert (tmp_path / f"doublet.{suffix}").read_bytes().startswith(head)


# --- levels and window -------------------------------------------------------------------------------------------


def test_levels_json_is_the_answer(run_json):
    document = run_json("levels", "--spins", "50", "--field", "0.5", "--count", "6")
    levels = LMG(50, 0.5).levels(6)
    assert document["energies"] == levels.energies.tolist()
    assert document["excitations"] == levels.excitations.tolist()
    assert document["parities"] == [1, -1, 1, -1, 1, -1]
    assert document["jz_next"] == np.abs(np.diag(levels.matrix(Jz), 1)).tolist()
    assert document["jz2"] == np.diag(levels.matrix(Jz @ Jz)).tolist()
    assert document["log_splitting"] == LMG(50, 0.5).doublet().log_splitting


def test_levels_says_null_for_a_splitting_below_the_smallest_double(run_json):
    document = run_json("levels", "--spins", "20000", "--field", "0.5", "--count", "2")
    assert document["excitations"] == [0.0, None]
    assert document["log_splitting"] == LMG(20000, 0.5).doublet().log_splitting


def test_levels_takes_all_where_there_are_fewer_than_twelve(run, run_json):
    assert len(run_json("levels", "--spins", "3", "--field", "0.5")["energies"]) == 4
    assert len(run_json("levels", "--spins", "30", "--field", "0.5")["energies"]) == 12
    _, out, _ = run("levels", "--spins", "5", "--field", "0.3")
    assert len(re.findall(r"^ +\d  (?:even|odd) ", out, re.MULTILINE)) == 6
    # The exact value of this level is 0: rounding noise is not shown as a number.
    assert re.search(r"^ +4  even +0 ", out, re.MULTILINE)


def test_window_json_is_the_answer(run_json):
    words = ["--field", "0.95", "--coupling", "74346 rad/s", "--gamma", "0.05 1/s", "--temperature", "10 nK"]
    document = run_json("window", *words)
    expected = find_window(0.95, "74346 rad/s", "0.05 1/s", "10 nK")
    for name in ("spins_min", "spins_max", "thermal_min", "thermal_max", "lower_limit", "upper_limit", "verdict"):
        assert document[name] == getattr(expected, name)
    assert [edge["spins"] for edge in document["edges"]] == [edge.spins for edge in expected.edges]
    assert document["gamma"] == 0.05
    assert document["coupling"] == 74346.0


@pytest.mark.parametrize("coupling", ["1", "11.8 kHz"])
def test_window_without_dephasing_has_no_upper_end(run_json, run, coupling):
    document = run_json("window", "--field", "0.9", "--coupling", coupling)
    assert document["spins_min"] is not None
    assert document["spins_max"] is None
    assert document["gamma"] is None
    assert "without an upper end" in run("window", "--field", "0.9", "--coupling", coupling)[1]


# --- sweep -------------------------------------------------------------------------------------------------------


def test_sweep_json_is_the_dataset(run_json):
    document = run_json(
        "sweep", "--spins", "20:30:5", "--field", "0.5,1.5", "--quantity", "eta_mf,j01", "--quantity", "splitting"
    )
    expected = sweep([20, 25, 30], [0.5, 1.5], quantities=["eta_mf", "j01", "splitting"])
    assert document["coords"]["spins"]["values"] == [20, 25, 30]
    assert document["coords"]["field"]["values"] == [0.5, 1.5]
    assert list(document["data"]) == ["eta_mf", "j01", "splitting"]
    for name in ("j01", "splitting"):
        assert document["data"][name]["values"] == expected[name].values.tolist()
        assert document["data"][name]["dims"] == ["spins", "field"]
    # No wells at Γ = 1.5 J: null, in the place of NaN.
    eta = document["data"]["eta_mf"]["values"]
    assert [row[1] for row in eta] == [None, None, None]
    assert [row[0] for row in eta] == expected.eta_mf.values[:, 0].tolist()


def test_sweep_writes_netcdf(run, tmp_path):
    import xarray

    code, out, err = run("sweep", "--spins", "20:40:10", "--field", "0.9", "--gamma", "0.1:1:4", "--quantity",
                         "rate_pointer", "--out", "curve.nc")  # fmt: skip
    assert (code, err) == (0, "")
    assert out == "curve.nc: rate_pointer on 3 spins x 4 gamma\n"
    assert [p.name for p in tmp_path.iterdir()] == ["curve.nc"]
    with xarray.open_dataset("curve.nc", engine="h5netcdf") as written:
        expected = sweep([20, 30, 40], 0.9, gamma=[0.1, 0.4, 0.7, 1.0], quantities=["rate_pointer"])
        xarray.testing.assert_identical(written.load(), expected)


def test_sweep_table_says_how_many_rows_it_leaves_out(run):
    _, out, _ = run("sweep", "--spins", "2:100", "--field", "0.5", "--quantity", "j01")
    rows = [line.split() for line in out.splitlines()]
    shown = [row for row in rows if len(row) == 2 and row[0].isdigit()]
    assert [int(row[0]) for row in shown] == [*range(2, 22), *range(81, 101)]
    assert float(shown[-1][1]) == pytest.approx(LMG(100, 0.5).doublet().j01, rel=1e-6)
    assert "59 of 99 rows left out" in out
    _, out, _ = run("sweep", "--spins", "2:41", "--field", "0.5", "--quantity", "j01")
    assert "left out" not in out


def test_sweep_of_one_point_and_missing_values(run):
    _, out, _ = run("sweep", "--spins", "20", "--field", "1.5", "--quantity", "eta_mf,eta_exact")
    assert out.splitlines()[-1].split()[0] == "–"
    assert "field = 1.5" in out


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2:10:4", [2, 6, 10]),
        ("2:11:4", [2, 6, 10]),
        ("5:7", [5, 6, 7]),
        ("5:5", [5]),
        ("100,3:5,7", [100, 3, 4, 5, 7]),
        ("7,8", [7, 8]),
    ],
)
def test_ranges_of_spins(run_json, text, values):
    document = run_json("sweep", "--spins", text, "--field", "0.5", "--quantity", "j01")
    assert document["coords"]["spins"]["values"] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.1:0.5:5", [0.1, 0.2, 0.3, 0.4, 0.5]),
        ("0.25:0.5:2,0.9", [0.25, 0.5, 0.9]),
        ("1e-3:0.1:3:log", [0.001, 0.01, 0.1]),
        (".5,.25", [0.5, 0.25]),
    ],
)
def test_ranges_of_fields(run_json, text, values):
    document = run_json("sweep", "--spins", "8", "--field", text, "--quantity", "j01")
    assert document["coords"]["field"]["values"] == values


def test_a_range_carries_its_unit(run_json):
    document = run_json(
        "sweep", "--spins", "8", "--field", "0.5", "--coupling", "1 kHz", "--gamma", "0.01:1:3:log 1/s",
        "--temperature", "5 nK,10 nK", "--quantity", "rate_pointer,thermal_ratio",
    )  # fmt: skip
    assert document["coords"]["gamma"] == {
        "dims": ["gamma"], "units": "1/s", "long_name": "dephasing rate γ", "values": [0.01, 0.1, 1.0],
    }  # fmt: skip
    assert document["data"]["thermal_ratio"]["dims"] == ["temperature"]


def test_sweep_lists_its_quantities(run, run_json):
    from einselect.sweeps.quantities import BATH, STATIC

    entries = run_json("sweep", "--list")
    assert [e["name"] for e in entries] == [*STATIC, *BATH]
    _, out, _ = run("sweep", "--list")
    for name in (*STATIC, *BATH):
        assert re.search(rf"^ *{name} ", out, re.MULTILINE)


# --- paper -------------------------------------------------------------------------------------------------------


def test_paper_writes_into_the_folder_and_sums_up(run, monkeypatch):
    package = importlib.import_module("einselect.paper")
    asked = []

    def write(out, *, progress):
        asked.append((out, progress))
        return package.PaperOutput(out, ("report.html",), {"reproduced": 3}, 5, (), 1.5)

    monkeypatch.setattr(package, "write_paper", write)
    code, out, err = run("paper", "--out", "out/paper")
    assert (code, err) == (0, "")
    assert "3 reproduced" in out
    assert asked == [(Path("out/paper"), False)]
    _, out, _ = run("paper", "--out", "out/paper", "--json")
    assert json.loads(out) == {
        "folder": str(Path("out/paper")), "files": ["report.html"], "verdicts": {"reproduced": 3}, "compared": 5,
        "mismatches": [], "seconds": 1.5,
    }  # fmt: skip


# --- help --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--help"], *([c, "--help"] for c in COMMANDS)])
def test_help_fits_80_columns_and_has_examples(run, words):
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "  einselect " in out
    assert "Usage: einselect" in out


def test_help_names_the_commands_in_the_order_of_use(run):
    _, out, _ = run("--help")
    assert re.findall(r"^│ ([a-z][a-z-]*) ", out, re.MULTILINE) == COMMANDS


def test_version(run):
    from einselect import __version__

    assert run("--version") == (0, f"einselect {__version__}\n", "")


def examples() -> list[str]:
    texts = [app.help_epilogue, *(app[name].help_epilogue for name in COMMANDS)]
    joined = "\n".join(texts).replace("\\\n", " ")
    found = re.findall(r"^  einselect (.*)$", joined, re.MULTILINE)
    # The first takes long, the second stays until it is ended: each is tested by itself.
    return [line for line in dict.fromkeys(found) if not line.startswith(("paper", "explore"))]


@pytest.fixture(scope="module")
def study_folder(tmp_path_factory) -> Path:
    """A folder with the files that the examples of the help name: a study and what was worked out of it."""
    from einselect.studies import Study

    folder = tmp_path_factory.mktemp("study")
    study = Study(axes={"spins": [20, 30, 40], "field": [0.9, 0.95]}, quantities=["eta_mf"])
    (folder / "study.toml").write_text(study.to_toml(), encoding="utf-8")
    study.run(folder / "study.zarr", progress=False)
    assert main(shlex.split(f"window --field 0.9,0.95 --gamma 1e-6,1e-5 --out {folder / 'windows.nc'}")) == 0
    return folder


@pytest.mark.parametrize("line", examples())
def test_every_example_of_the_help_works(run, line, study_folder, tmp_path):
    for name in ("study.toml", "study.zarr", "windows.nc"):
        if name in line:
            (tmp_path / name).symlink_to(study_folder / name)
    code, out, err = run(*shlex.split(line))
    assert (code, err) == (0, "")
    assert out


# --- bad input ---------------------------------------------------------------------------------------------------

BAD = {
    "no option": (["rates"], "--spins must be given"),
    "missing option": (["rates", "--spins", "370"], "--field must be given"),
    "misspelt option": (["rates", "--spins", "370", "--feld", "0.95"], "did you mean '--field'?"),
    "unknown short option": (["rates", *POINT, "-j"], "got '-j'"),
    "option without value": (["rates", *POINT, "--gamma"], "--gamma must be followed by a value"),
    "option eaten by another": (["rates", "--spins", "--field", "0.95"], "--spins must be followed by a value"),
    "value for a switch": (["rates", *POINT, "--json=perhaps"], "--json must stand without a value; got 'perhaps'"),
    "option twice": (["rates", *POINT, "--field", "0.9"], "--field must be given once"),
    "stray word": (["rates", *POINT, "0.05"], "got '0.05'"),
    "wrong command": (["rats"], "did you mean 'rates'?"),
    "option for a command": (["--spins", "370"], "command must be one of"),
    "N of 1": (["rates", "--spins", "1", "--field", "0.5"], "spins must be a whole number >= 2; got '1'"),
    "N negative": (["rates", "--spins", "-4", "--field", "0.5"], "got '-4'"),
    "N not whole": (["rates", "--spins", "3.5", "--field", "0.5"], "got '3.5'"),
    "N not a number": (["rates", "--spins", "many", "--field", "0.5"], "got 'many'"),
    "N infinite": (["rates", "--spins", "inf", "--field", "0.5"], "got 'inf'"),
    "N too large": (["rates", "--spins", "1e12", "--field", "0.5"], "spins must be a whole number from 2 to"),
    "field NaN": (["rates", "--spins", "9", "--field", "nan"], "got 'nan'"),
    "field infinite": (["rates", "--spins", "9", "--field", "-inf"], "got '-inf'"),
    "field zero": (["rates", "--spins", "9", "--field", "0"], "field must be a finite number > 0"),
    "field negative": (["rates", "--spins", "9", "--field", "-0.5"], "field must be a finite number > 0; got -0.5"),
    "negative with a unit": (["rates", "--spins", "9", "--field", "-1 kHz", "--coupling", "1 kHz"], "got -6283.18"),
    "coupling negative": (["rates", *POINT, "--coupling", "-1"], "coupling must be a finite number > 0"),
    "gamma negative": (["rates", *POINT, "--gamma", "-1"], "gamma must be a finite number >= 0; got -1"),
    "gamma NaN": (["rates", *POINT, "--gamma", "nan"], "got 'nan'"),
    "temperature negative": (["rates", *POINT, "--temperature", "-1e-3"], "temperature must be"),
    "unknown unit": (["rates", *POINT, "--coupling", "3 kHzz"], "did you mean 'kHz'?"),
    "wrong kind of unit": (["rates", *PHYSICAL, "--gamma", "5 Hz"], "write 1/s"),
    "plain gamma, physical J": (["rates", *PHYSICAL, "--gamma", "0.05"], "gamma must have a unit"),
    "physical gamma, plain J": (["rates", *POINT, "--gamma", "0.05 1/s"], "coupling must have a unit"),
    "physical field, plain J": (["rates", "--spins", "9", "--field", "3 kHz"], "coupling must have a unit"),
    "physical T, plain J": (["window", "--field", "0.9", "--temperature", "1 nK"], "coupling must have a unit"),
    "plot of unknown kind": (["rates", *POINT, "--plot", "x.jpg"], "png, svg, pdf"),
    "plot without folder": (["rates", *POINT, "--plot", "none/x.png"], "output file must be writable"),
    "plot on a folder": (["rates", *POINT, "--plot", "folder.png"], "Is a directory"),
    "too many levels": (["levels", "--spins", "3", "--field", "0.5", "--count", "5"], "from 2 to 4; got '5'"),
    "too few levels": (["levels", "--spins", "3", "--field", "0.5", "--count", "1"], "from 2 to 4; got '1'"),
    "levels not a number": (["levels", "--spins", "3", "--field", "0.5", "--count", "all"], "got 'all'"),
    "window without wells": (["window", "--field", "1.5"], "ordered phase"),
    "quantity misspelt": (["sweep", "--spins", "9", "--field", "0.5", "--quantity", "eta_fm"], "mean 'eta_mf'?"),
    "quantity without gamma": (["sweep", "--spins", "9", "--field", "0.5", "--quantity", "rate_pointer"], "gamma must"),
    "sweep without spins": (["sweep", "--field", "0.5"], "--spins must be given"),
    "sweep without field": (["sweep", "--spins", "9"], "--field must be given"),
    "spins range downwards": (["sweep", "--spins", "9:5", "--field", "0.5"], "got '9:5'"),
    "spins range of step 0": (["sweep", "--spins", "5:9:0", "--field", "0.5"], "got '5:9:0'"),
    "spins range of four": (["sweep", "--spins", "5:9:1:1", "--field", "0.5"], "first:last:step"),
    "spins range from 1": (["sweep", "--spins", "1:9", "--field", "0.5"], "spins must be a whole number"),
    "spins with a gap": (["sweep", "--spins", "5,,9", "--field", "0.5"], "got '5,,9'"),
    "spins not whole": (["sweep", "--spins", "5,9.5", "--field", "0.5"], "got '5,9.5'"),
    "grid too large": (["sweep", "--spins", "2:99999999999", "--field", "0.5"], "at most 10000000 points"),
    "grid too large jointly": (["sweep", "--spins", "2:9999", "--field", "0.1:0.9:9999"], "at most 10000000 points"),
    "field range downwards": (["sweep", "--spins", "9", "--field", "0.9:0.5:3"], "low < high"),
    "field range of one": (["sweep", "--spins", "9", "--field", "0.5:0.9:1"], "at least 2 points"),
    "field range by step": (["sweep", "--spins", "9", "--field", "0.5:0.9:0.1"], "low:high:count"),
    "field range of log 0": (["sweep", "--spins", "9", "--field", "0:0.9:3:log"], "low > 0"),
    "field range from 0": (["sweep", "--spins", "9", "--field", "0:0.9:3"], "field must be a finite number > 0"),
    "field with a NaN": (["sweep", "--spins", "9", "--field", "0.5,nan"], "got 'nan'"),
    "field ends in a comma": (["sweep", "--spins", "9", "--field", "0.5,"], "got '0.5,'"),
    "axis partly in units": (["sweep", "--spins", "9", "--field", "0.5,1 kHz", "--coupling", "2 kHz"], "unit everyw"),
    "workers": (["sweep", "--spins", "9", "--field", "0.5", "--processes", "0"], "processes must be"),
    "out of another kind": (["sweep", "--spins", "9", "--field", "0.5", "--out", "x.csv"], "ends in .nc; got 'x.csv'"),
    "out without folder": (["sweep", "--spins", "9", "--field", "0.5", "--out", "none/x.nc"], "output file must be"),
    "out under a file": (["sweep", "--spins", "9", "--field", "0.5", "--out", "file/x.nc"], "output file must be"),
    "out on a folder": (["sweep", "--spins", "9", "--field", "0.5", "--out", "folder.nc"], "Is a directory"),
    "bad sweep into a file": (["sweep", "--spins", "9", "--field", "-1", "--out", "kept.nc"], "field must be"),
    "paper without folder": (["paper"], "--out must be given"),
    "paper into a file": (["paper", "--out", "file"], "output folder must be writable"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "said"), BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("more", [[], ["--json"]], ids=["table", "json"])
def test_bad_input_is_one_line_and_leaves_nothing(run, tmp_path, words, said, more):
    for name in ("folder.png", "folder.nc"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").write_text("a file, not a folder")
    (tmp_path / "kept.nc").write_bytes(b"an earlier result")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run(*words, *(more if words[0] in ("rates", "levels", "window", "sweep") else []))
    assert code == 2
    assert out == ""
    assert re.fullmatch(r"einselect: [^\n]+\n", err), err
    assert said in err
    assert "Traceback" not in err
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "kept.nc").read_bytes() == b"an earlier result"


# --- other ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ResolutionError("the gap must be resolved; got noise"), 1, "einselect: the gap must be resolved; got noise\n"),
        (MemoryError(), 1, "einselect: the answer does not fit into memory\n"),
        (KeyboardInterrupt(), 130, "einselect: interrupted\n"),
    ],
)
def test_what_ends_an_answer_is_one_line(run, monkeypatch, tmp_path, error, code, said):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("einselect.sweeps.run._evaluate", fail)
    words = ["sweep", "--spins", "9:11", "--field", "0.5", "--out", "curve.nc"]
    assert run(*words) == (code, "", said)
    assert list(tmp_path.iterdir()) == []


def test_a_bug_is_not_hidden(run, monkeypatch):
    def bug(*_, **__):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(LMG, "doublet", bug)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        run("rates", *POINT)


def test_the_module_runs_as_a_program():
    done = process("rates", *POINT, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == dephasing_rates(LMG(370, 0.95)).as_dict()


def test_bad_input_of_a_process():
    done = process("rates", "--spins", "1", "--field", "0.5")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "einselect: spins must be a whole number >= 2; got '1'\n"


@pytest.mark.parametrize("read", [0, 1], ids=["at once", "after a line"])
def test_a_reader_that_goes_away_is_no_error(read):
    spins = "2:3000" if read else "2:5"
    words = [sys.executable, "-m", "einselect", "sweep", "--spins", spins, "--field", "0.5", "--json"]
    # Buffered, so that the interpreter still has something to write at its end.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert [child.stdout.readline() for _ in range(read)] == ["{\n"] * read
        child.stdout.close()
        assert child.stderr.read() == ""
    assert child.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_one_line():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "einselect", "rates", *POINT],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert re.fullmatch(r"einselect: output could not be written: [^\n]+\n", done.stderr)


def test_a_terminal_without_greek_letters_gets_an_answer():
    done = process("rates", *POINT, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "?E = E1 - E0" in done.stdout


def test_plain_rates_import_nothing_heavy():
    code = (
        "import sys; from einselect.cli import main; main(sys.argv[1:]);"
        "print(sorted({'xarray', 'matplotlib', 'pint', 'pandas', 'joblib'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "rates", *POINT, "--gamma", "1e-6"], capture_output=True, text=True, check=False
    )
    assert done.stderr == "[]\n"
