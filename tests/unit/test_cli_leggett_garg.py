"""`einselect leggett-garg` and its pictures: the numbers of the library, whole files, bad input in one line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot

from einselect import LMG
from einselect.cli import main
from einselect.display import figure
from einselect.errors import InputError
from einselect.plots import plot_k3, plot_k3_map
from einselect.protocols import LeggettGarg, k3_by_level

PLAIN = ["leggett-garg", "--spins", "40", "--field", "0.93", "--gamma", "1e-4"]
PHYSICAL = ["leggett-garg", "--spins", "40", "--field", "0.93", "--coupling", "1000 rad/s", "--gamma", "0.1 1/s"]
MODEL = LMG(40, 0.93)


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main([*words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


@pytest.mark.parametrize("level", ["A", "two-level", "C", "9", "converged"])
def test_json_gives_the_numbers_of_the_library(capsys: pytest.CaptureFixture[str], level: str) -> None:
    found = document(capsys, *PLAIN, "--level", level)
    test = LeggettGarg(MODEL, int(level) if level.isdigit() else level, tolerance=1e-6)
    value, limit = test.k3(1e-4), test.threshold()
    assert found["level"] == test.level
    assert found["k3"] == value.value
    assert found["convergence_error"] == value.error < 1e-5
    assert found["levels"] == value.levels
    assert (found["margin"], found["violates"]) == (value.margin, value.violates)
    assert (found["threshold_gamma"], found["threshold_error"]) == (limit.gamma, limit.error)
    assert found["tau"] == test.tau
    assert found["initial_state"] == "ground"
    assert found["k4"] == test.k4(1e-4).value
    assert found["wigner"] == test.wigner(1e-4).value
    assert found["contrast"] == test.correlator.contrast
    assert found["best_k3"] == pytest.approx(test.k3(1e-4, found["best_tau"]).value, abs=1e-4)
    assert found["best_k3"] >= value.value - 1e-5
    assert set(found["descriptions"]) == {"A", "B", "two-level", "C", level}
    for name, own in found["descriptions"].items():
        other = LeggettGarg(MODEL, int(name) if name.isdigit() else name, tolerance=1e-6)
        assert own["k3"] == other.k3(1e-4).value
        assert own["threshold_gamma"] == other.threshold().gamma


def test_units_form_interval_and_state(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--tau", "4 ms", "--form", "three-time", "--initial", "thermal", "--temperature", "2 nK", "--level", "C"]
    found = document(capsys, *PHYSICAL, *words)
    test = LeggettGarg(LMG(40, 0.93, "1000 rad/s"), "C", "thermal", temperature="2 nK", tolerance=1e-6)
    assert found["k3"] == test.k3("0.1 1/s", 0.004, "three-time").value
    assert found["k4"] == test.k4("0.1 1/s", 0.004, "three-time").value
    assert found["threshold_gamma"] == test.threshold(0.004).gamma
    assert (found["tau"], found["form"], found["initial_state"]) == (0.004, "three-time", "thermal")
    assert found["temperature"] == pytest.approx(261.8, abs=0.1)
    assert any("stationary form" in text for text in found["warnings"])


def test_the_wigner_form_is_left_out_where_parity_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    assert document(capsys, *PLAIN, "--initial", "pointer", "--level", "C")["wigner"] is None
    assert "Wigner" not in _text(capsys, *PLAIN, "--initial", "pointer", "--level", "C")


def _text(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out


def test_all_descriptions_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    text = _text(capsys, *PLAIN)
    rows = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    for level in ("A", "B", "two-level", "C", "converged"):
        test = LeggettGarg(MODEL, level, tolerance=1e-6)
        assert f"{test.k3(1e-4).value:.7g}" in rows[level]
        assert figure(test.threshold().gamma, 6) in rows[level]
    assert "1.000" in rows["B"]
    assert "violates macrorealism" in text
    assert "K3 error below" in text
    # Without wells there is no mean-field rate, and within a doublet of low contrast no violation.
    text = _text(capsys, "leggett-garg", "--spins", "12", "--field", "1.6", "--level", "B", "--gamma", "0.01")
    assert next(line for line in text.splitlines() if "G_loc" in line).split()[-3:] == ["–", "–", "–"]
    assert "note: contrast" in text
    assert "note: no threshold" in text
    assert "does not violate macrorealism" in text


def test_secular_levels_are_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, *PLAIN, "--level", "B")
    ratio = found["descriptions"]["two-level"]["threshold_gamma"] / found["descriptions"]["B"]["threshold_gamma"]
    assert any(f"{ratio:.2f} times" in text for text in found["warnings"])


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import xarray

    data, picture = tmp_path / "test.nc", tmp_path / "test.png"
    for target in (data, picture):
        assert f"written to {target}" in _text(capsys, *PLAIN, "--level", "C", "--out", str(target))
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert {path.name for path in tmp_path.iterdir()} == {"test.nc", "test.png"}
    test = LeggettGarg(MODEL, "C")
    with xarray.open_dataset(data, engine="h5netcdf") as stored:
        assert float(stored.threshold.sel(level="C")) == pytest.approx(test.threshold().gamma, rel=1e-6)
        for i in (3, 150):
            expected = test.k3(1e-4, float(stored.tau[i])).value
            assert float(stored.curve.sel(level="C")[i]) == pytest.approx(expected, abs=1e-6)
        expected = test.k3(float(stored.gamma[60]), float(stored.map_tau[50])).value
        error = stored.attrs["convergence_error"]
        assert float(stored.k3[60, 50]) == pytest.approx(expected, abs=error + 1e-9)
        assert error < 1e-3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--level", "D"], "level must be one of A, B, two-level, C, converged, or a number of levels from 2 to 41"),
        (["--level", "42"], "level must be one of A, B, two-level, C, converged, or a number of levels from 2 to 41"),
        (["--initial", "grund"], "initial must be one of ground, doublet-mixture, thermal, pointer; got 'grund'"),
        (["--initial", "thermal"], "temperature must be given for a thermal initial state; got None"),
        (["--temperature", "0.1"], "temperature must be left out unless the initial state is thermal; got 0.1"),
        (["--tau", "0"], "tau must be a finite number > 0; got 0.0"),
        (["--tau", "1 ms"], "tau must have a unit if and only if the coupling has one; got '1 ms'"),
        (["--form", "four"], "form must be one of stationary, three-time; got 'four'"),
        (["--out", "map.txt"], "out must be a file name that ends in .nc, .png, .svg or .pdf; got 'map.txt'"),
    ],
)
def test_bad_input_is_one_line(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PLAIN, *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"einselect: {message}")
    assert err.count("\n") == 1


def test_large_systems_have_the_quick_descriptions_only(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["leggett-garg", "--spins", "5000", "--field", "0.99", "--gamma", "1e-9"]
    assert main(words) == 2
    assert "spins must be at most 3999 where every level counts" in capsys.readouterr().err
    assert document(capsys, *words, "--level", "C")["threshold_gamma"] > 0.0


# --- pictures --------------------------------------------------------------------------------------------------------
def test_curves_are_those_of_the_test() -> None:
    test = LeggettGarg(MODEL)
    curves = k3_by_level(test, ["B", "C", 7], 1e-4, np.linspace(0.1, 1.5, 8) * test.tau)
    for level in ("B", "C", 7):
        for tau in curves.tau.values[[1, 6]]:
            expected = LeggettGarg(MODEL, level).k3(1e-4, float(tau)).value
            assert float(curves.k3.sel(level=str(level), tau=tau)) == pytest.approx(expected, abs=1e-10)
    plain = plot_k3(curves)
    drawn = {line.get_label(): line for line in plain.lines}
    assert set(drawn) == {"_bound", "_B", "_C", "_7"}
    np.testing.assert_array_equal(drawn["_C"].get_ydata(), curves.k3.sel(level="C"))
    assert list(drawn["_bound"].get_ydata()) == [1.0, 1.0]
    assert [text.get_text() for text in plain.get_legend().get_texts()] == ["B", "C", "7 levels"]
    looks = {(str(line.get_linestyle()), line.get_color()) for line in plain.lines[1:]}
    assert len(looks) == 3
    pyplot.close(plain.figure)
    curves["threshold"] = ("level", [1e-3, np.nan, 2e-3])
    with pytest.raises(InputError, match=r"^curves must have threshold_tau in the attributes beside a threshold"):
        plot_k3(curves)
    curves.attrs["threshold_tau"] = test.tau
    marked = plot_k3(curves)
    assert [text.get_text() for text in marked.get_legend().get_texts()][:2] == [r"B: 0.001 $J/\hbar$", "C: none"]
    pyplot.close(marked.figure)


def test_curves_with_thresholds_are_those_at_which_k3_falls_to_one() -> None:
    test = LeggettGarg(MODEL)
    step = 0.8 * test.tau
    found = k3_by_level(test, ["A", "B", "C"], 1e-4, [0.5 * step, step], thresholds=True, threshold_tau=step)
    assert found.attrs["threshold_tau"] == step
    for level in found.level.values:
        limit = float(found.threshold.sel(level=level))
        one = replace(test, level=str(level))
        assert one.k3(limit, step).value == pytest.approx(1.0, abs=1e-6)
        assert 0.0 <= float(found.threshold_error.sel(level=level)) < 1e-3 * limit
    default = k3_by_level(test, ["B"], 1e-4, [step], thresholds=True)
    assert float(default.threshold[0]) == replace(test, level="B").threshold().gamma
    assert default.attrs["threshold_tau"] == test.tau
    texts = [text.get_text() for text in plot_k3(found).get_legend().get_texts()]
    limits = [figure(float(limit), 3) for limit in found.threshold]
    assert texts == [f"{name}: {limit} $J/\\hbar$" for name, limit in zip("ABC", limits, strict=True)]
    plain = k3_by_level(test, ["B"], 1e-4, [step])
    assert "threshold" not in plain
    with pytest.raises(InputError, match=r"threshold_tau must be left out without thresholds; got 1\.0"):
        k3_by_level(test, ["B"], 1e-4, threshold_tau=1.0)


def test_no_threshold_is_no_number() -> None:
    """At three times the best interval K3 does not exceed 1 even without dephasing."""
    test = LeggettGarg(MODEL, "B")
    found = k3_by_level(test, ["B"], 1e-4, [test.tau], thresholds=True, threshold_tau=3.0 * test.tau)
    assert np.isnan(found.threshold.values).all()
    assert np.isnan(found.threshold_error.values).all()
    assert [text.get_text() for text in plot_k3(found).get_legend().get_texts()] == ["B: none"]


def test_the_map_has_its_contour_where_k3_is_one() -> None:
    test = LeggettGarg(MODEL, "two-level")
    limit = test.threshold().gamma
    assert limit is not None
    found = test.k3_map(np.linspace(0.0, 2.0 * limit, 40), np.linspace(0.5, 1.5, 41) * test.tau)
    ax = plot_k3_map(found)
    line = next(c for c in ax.collections if len(c.get_paths()) == 1 and np.allclose(c.get_linewidth(), 1.2))
    points = line.get_paths()[0].vertices
    nearest = points[np.argmin(np.abs(points[:, 0] - test.tau))]
    assert nearest[1] == pytest.approx(limit, rel=0.05)
    assert ax.get_xlabel() == r"interval $\tau$ [$\hbar/J$]"
    assert ax.get_ylabel() == r"dephasing rate $\gamma$ [$J/\hbar$]"
    pyplot.close(ax.figure)


def test_pictures_refuse_other_data() -> None:
    found = LeggettGarg(MODEL, "B").k3_map([1e-4], np.array([1.0, 2.0]))
    with pytest.raises(InputError, match=r"^dataset must have two values of each axis at least; got"):
        plot_k3_map(found)
    with pytest.raises(InputError, match=r"^dataset must have k3 over level and tau; got \('gamma', 'tau'\)$"):
        plot_k3(found)
    with pytest.raises(InputError, match=r"^gamma must be one rate \(a map takes many\)"):
        k3_by_level(LeggettGarg(MODEL), ["B"], [0.1, 0.2])
    with pytest.raises(InputError, match=r"^levels must be one description at least; got none$"):
        k3_by_level(LeggettGarg(MODEL), [], 0.1)
