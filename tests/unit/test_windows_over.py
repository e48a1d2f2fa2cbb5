"""Windows over further parameters: those of `find_window` one by one, their pictures, the command."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import xarray

from einselect import InputError, PhaseError, Rabi, find_window, window_along
from einselect.plots import plot_study, plot_window, plot_windows
from einselect.studies import Study
from einselect.window import windows_over

FIELDS = [0.85, 0.9, 0.95, 1.1]
RATES = [1e-7, 1e-5]
KT = 1e-3


@pytest.fixture(scope="module")
def found() -> xarray.Dataset:
    return windows_over(
        lambda field, gamma: find_window(field, gamma=gamma, temperature=KT),
        {"field": FIELDS, "gamma": RATES},
        units={"field": "J", "gamma": "J/ħ"},
    )


def test_each_is_the_window_by_itself(found: xarray.Dataset) -> None:
    assert dict(found.sizes) == {"field": 4, "gamma": 2}
    for field in FIELDS[:3]:
        for gamma in RATES:
            window, there = find_window(field, gamma=gamma, temperature=KT), found.sel(field=field, gamma=gamma)
            for name, end in (
                ("window_min", window.minimum), ("window_max", window.maximum),
                ("thermal_min", window.thermal_min), ("thermal_max", window.thermal_max),
            ):  # fmt: skip
                assert float(there[name]) == pytest.approx(math.nan if end is None else end, nan_ok=True)
            assert (int(there.is_empty), there.message.item()) == (window.is_empty, window.verdict)
    refused = found.sel(field=1.1)
    assert refused.is_empty.values.tolist() == [1, 1]
    assert np.isnan(refused.window_min.values).all()
    assert "ordered phase" in refused.message.values[0]
    with pytest.raises(PhaseError, match="ordered phase"):
        windows_over(lambda field: find_window(field), {"field": [1.1, 1.2]})
    for axes in ({}, {"field": []}):
        with pytest.raises(InputError, match="axes must be one parameter or more with values; got"):
            windows_over(lambda field: find_window(field), axes)


def corners(area: Any) -> set[tuple[float, float]]:
    return {(round(float(x), 9), round(float(y), 6)) for path in area.get_paths() for x, y in path.vertices}


def test_bands_go_from_the_first_to_the_last_value(found: xarray.Dataset) -> None:
    axes = plot_windows(found.sel(gamma=1e-7))
    band, thermal = axes.collections
    for name, area in (("window", band), ("thermal", thermal)):
        for field in FIELDS[:3]:
            for end in ("min", "max"):
                value = float(found[f"{name}_{end}"].sel(field=field, gamma=1e-7))
                assert math.isnan(value) or (field, value) in corners(area)
        assert max(x for x, _ in corners(area)) < 1.0  # there is none beyond
    assert thermal.get_hatch()
    assert (axes.get_yscale(), axes.get_ylabel(), axes.get_xlabel()) == ("log", "number of spins $N$", r"$\Gamma/J$")
    both = plot_windows(found, "field", "gamma")
    texts = [text.get_text() for text in both.get_legend().get_texts()]
    assert texts[:2] == [r"$\gamma$ = $10^{-7}$ $J/\hbar$", r"$\gamma$ = $10^{-5}$ $J/\hbar$"]


def test_a_window_without_an_end_goes_on_to_the_frame() -> None:
    axes = plot_windows(windows_over(lambda field: find_window(field), {"field": [0.8, 0.9]}))
    assert max(y for _, y in corners(axes.collections[0])) == pytest.approx(axes.get_ylim()[1])


def test_a_study_of_windows_and_windows_are_one_picture(found: xarray.Dataset) -> None:
    study = Study(
        parameters={"spins": 100},
        bath={"temperature": KT},
        axes={"field": FIELDS, "gamma": RATES},
        quantities=["window_min", "window_max", "thermal_min", "thermal_max"],
    ).run(progress=False).load()  # fmt: skip
    (axes,) = plot_study(study, x="field", hue="gamma", kind="window").axes
    expected = plot_windows(found, "field", "gamma")
    assert len(axes.collections) == len(expected.collections)
    for one, other in zip(axes.collections, expected.collections, strict=True):
        assert corners(one) == corners(other)
    for given, said in (
        ({"y": "window_min"}, r"y must be left out for windows; got \['window_min'\]"),
        ({"facet": "gamma"}, "facet must be left out for windows; got 'gamma'"),
        ({}, "at must choose one of the 2 values of gamma; got none"),
    ):
        with pytest.raises(InputError, match=said):
            plot_study(study, x="field", kind="window", **given)
    with pytest.raises(InputError, match="study must have window_min and window_max for windows; got window_min"):
        plot_study(study[["window_min"]], x="field", kind="window")


@pytest.mark.parametrize(
    ("change", "given", "said"),
    [
        (lambda f: f.drop_vars("window_max"), {}, "windows must have window_max; got"),
        (lambda f: f.isel(field=[3], gamma=[0, 1]), {}, "windows must hold something somewhere to be drawn"),
        (lambda f: f.isel(field=0, gamma=0), {}, "windows must have an axis with more than one value; got none"),
        (lambda f: f, {"x": "field", "hue": "field"}, "hue must be another axis than x; got 'field'"),
        (lambda f: f, {"x": "spins"}, "x must be one of field, gamma; got 'spins'"),
        (lambda f: f.expand_dims(temperature=[0.0, 1.0]), {}, "windows must be over x and hue alone; got"),
        (lambda f: f.isel(gamma=[0, 1, 0, 1, 0, 1, 0]), {"x": "field"}, "hue must have at most 6 values for windows"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(found: xarray.Dataset, change: Any, given: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        plot_windows(change(found), **given)


def bars(axes: Any) -> dict[str, tuple[float, float]]:
    names = {k: text.get_text() for k, text in enumerate(axes.get_yticklabels())}
    return {names[round(b.get_y() + 0.275)]: (b.get_x(), b.get_x() + b.get_width()) for b in axes.patches}


def test_one_window_by_its_conditions() -> None:
    window = find_window(0.95, gamma=1e-6, temperature=0.02)
    axes = plot_window(window)
    edges, found = {edge.condition: edge.at for edge in window.edges}, bars(axes)
    low, high = axes.get_xlim()
    assert found["two wells"] == pytest.approx((edges["double well"], high))
    assert found["isolated doublet"] == pytest.approx((edges["isolation"], high))
    assert found[r"$2\Delta E\,T_2 \gg 1$"] == pytest.approx((low, edges["secular"]))
    assert found[r"$\Delta E \approx k_\mathrm{B}T$"] == pytest.approx((edges["thermal low"], edges["thermal high"]))
    assert found["both rates well defined"] == (window.spins_min, window.spins_max)
    none = plot_window(find_window(0.95, gamma=1.0))
    assert [text.get_text() for text in none.texts] == ["nowhere", "nowhere"]
    assert set(bars(none)) == {"two wells", "isolated doublet"}
    along = window_along(Rabi, "coupling", (0.5, 2.0), gamma=1e-4, points=5)
    axes = plot_window(along, (0.5, 2.0))
    assert bars(axes)["both rates well defined"] == pytest.approx((along.minimum, along.maximum))
    assert axes.get_xlim() == (0.5, 2.0)


def test_the_command_has_a_window_at_each_value(run, tmp_path) -> None:
    physical = "window --coupling '74346 rad/s' --temperature '10 nK'"
    code, out, err = run(f"{physical} --field 0.9:0.95:2 --gamma '0.05 1/s,0.1 1/s' --json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    for i, field in enumerate((0.9, 0.95)):
        for k, gamma in enumerate((0.05, 0.1)):
            window = find_window(field, "74346 rad/s", f"{gamma} 1/s", "10 nK")
            assert told["data"]["window_max"]["values"][i][k] == window.spins_max
            assert told["data"]["thermal_min"]["values"][i][k] == window.thermal_min
    assert told["coords"]["gamma"]["values"] == [0.05, 0.1]
    assert told["coords"]["field"]["units"] == "Γ/J"
    code, out, err = run(f"window --field 0.9,1.1 --gamma 1e-6 --plot {tmp_path / 'w.svg'}")
    assert (code, err) == (0, "")
    assert "no window at 1 of 2 points, the first: the order parameter" in out
    assert "number of spins" in (tmp_path / "w.svg").read_text()
    code, out, err = run(f"window --field 0.9,0.95 --gamma 1e-6,1e-5 --out {tmp_path / 'w.nc'}")
    assert (code, out, err) == (0, f"{tmp_path / 'w.nc'}: windows at 4 points\n", "")
    picture = tmp_path / "again.png"
    assert run(f"plot {tmp_path / 'w.nc'} --kind window --x field --hue gamma --out {picture}") == (
        0,
        f"{picture}\n",
        "",
    )
    assert run(f"window --field 0.9 --gamma 1e-6 --plot {tmp_path / 'one.pdf'}")[0] == 0
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")
    assert run(f"window --model rabi --coupling 0.5:2 --gamma 1e-5,1e-4 --plot {tmp_path / 'r.png'}")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--field 0.9,0.95 --gamma 1e-6,1e-5 --temperature 1,2", "at most two parameters must have several values;"),
        ("--field 0.9 --gamma 1e-6 --out w.nc", "out must be left out for one window (--json has all of it);"),
        ("--field 0.9,0.95 --plot w.txt", "plot must be a file name that ends in .png, .svg or .pdf; got 'w.txt'"),
        ("--field 1.1,1.2", "the order parameter m* must be asked for in the ordered phase"),
        ("--field 0.9:0.95:1", "field must be a range 'low:high:count'"),
        ("--spins 100,200 --field 0.9", "spins must be left out, or a range low:high to look along; got '100'"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(run, tmp_path, monkeypatch, words: str, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(f"window {words}")
    assert (code, out, err.count("\n")) == (2 if "ordered" not in said else code, "", 1)
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_plot_needs_a_quantity_but_for_windows(run, tmp_path) -> None:
    code, _, err = run(f"plot somewhere.zarr --x field --out {tmp_path / 'a.png'}")
    assert (code, err) == (2, "einselect: --y must be given; got none (see 'einselect plot --help')\n")
