"""Pictures of studies: every number where it belongs, scales, colours, panels, names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray
from matplotlib.colors import LogNorm, to_hex

from einselect import InputError, sweep
from einselect.plots import plot_study
from einselect.plots.study_labels import axis_label, quantity_label, symbol, value_label
from einselect.studies import Study
from einselect.studies.catalogue import OPTIONS, QUANTITIES
from einselect.style import save


@pytest.fixture(scope="module")
def study() -> xarray.Dataset:
    return Study(
        axes={
            "spins": range(20, 340, 20),
            "field": [0.9, 0.95, 1.05],
            "gamma": {"logspace": [1e-8, 1e-3, 11]},
        },
        quantities=["eta_mf", "eta_exact", "rate_pointer", "regime", "splitting"],
    ).run(progress=False).load()  # fmt: skip


def lines(figure: Any, panel: int = 0) -> list[Any]:
    return list(figure.axes[panel].get_lines())


def test_lines_have_the_numbers_of_the_study(study: xarray.Dataset) -> None:
    figure = plot_study(study, x="spins", y="eta_mf", hue="field", at={"gamma": 1e-8})
    found = lines(figure)
    assert len(found) == 3
    for k, line in enumerate(found):
        assert np.array_equal(line.get_xdata(), study.spins.values)
        assert np.array_equal(line.get_ydata(), study.eta_mf.isel(field=k, gamma=0).values, equal_nan=True)
    assert np.isnan(found[2].get_ydata()).all()  # no order, no number
    looks = {(line.get_color(), line.get_linestyle(), str(line._dash_pattern)) for line in found}
    assert len(looks) == len({line.get_color() for line in found}) == 3
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("$N$", r"$\eta_\mathrm{MF}$")
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "linear")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        rf"$\Gamma/J$ = {value}" for value in ("0.9", "0.95", "1.05")
    ]


def test_scales_follow_the_numbers_unless_they_are_given(study: xarray.Dataset) -> None:
    given: dict[str, Any] = {"x": "gamma", "y": "rate_pointer", "at": {"spins": 100, "field": 0.9}}
    (axes,) = plot_study(study, **given).axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    (axes,) = plot_study(study, **given, log=[]).axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "linear")
    (axes,) = plot_study(study, **given, log=["y"]).axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    assert axes.get_xlabel() == r"$\gamma$ [$J/\hbar$]"


def test_several_quantities_are_lines_with_their_names(study: xarray.Dataset) -> None:
    figure = plot_study(study, x="spins", y=["eta_mf", "eta_exact"], at={"gamma": 1e-8, "field": 0.95})
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        r"$\eta_\mathrm{MF}$", r"$\eta_\mathrm{exact}$"
    ]  # fmt: skip
    for line, name in zip(lines(figure), ("eta_mf", "eta_exact"), strict=True):
        assert np.array_equal(line.get_ydata(), study[name].isel(field=1, gamma=0).values)


def test_many_lines_have_a_colour_bar(study: xarray.Dataset) -> None:
    figure = plot_study(study, x="spins", y="rate_pointer", hue="gamma", at={"field": 0.9})
    assert len(lines(figure)) == 11
    assert len({to_hex(line.get_color()) for line in lines(figure)}) == 11
    assert not figure.legends
    bar = figure.axes[1]
    assert bar.get_ylabel() == r"$\gamma$ [$J/\hbar$]"
    assert bar.get_yscale() == "log"


def test_panels_share_axes_and_say_their_value(study: xarray.Dataset) -> None:
    small = study.isel(gamma=[0, 5, 10])
    figure = plot_study(small, x="spins", y="rate_pointer", hue="field", facet="gamma")
    panels = [axes for axes in figure.axes if axes.get_title()]
    assert [axes.get_title() for axes in panels] == [
        r"$\gamma$ = $10^{-8}$ $J/\hbar$", r"$\gamma$ = $3.16228\times10^{-6}$ $J/\hbar$", r"$\gamma$ = 0.001 $J/\hbar$"
    ]  # fmt: skip
    assert len({axes.get_ylim() for axes in panels}) == 1
    for k, axes in enumerate(panels):
        assert np.array_equal(axes.get_lines()[1].get_ydata(), small.rate_pointer.isel(field=1, gamma=k).values)
    assert [axes.get_ylabel() != "" for axes in panels] == [True, False, False]


def test_four_panels_make_a_square(study: xarray.Dataset) -> None:
    figure = plot_study(study.isel(gamma=slice(0, 4)), x="spins", y="eta_exact", hue="field", facet="gamma")
    columns = [axes.get_subplotspec().colspan.start for axes in figure.axes if axes.get_title()]
    assert columns == [0, 1, 0, 1]


def test_a_map_has_every_cell_in_its_place(study: xarray.Dataset) -> None:
    figure = plot_study(study, x="spins", y="rate_pointer", hue="gamma", kind="map", at={"field": 0.95})
    mesh = figure.axes[0].collections[0]
    expected = study.rate_pointer.sel(field=0.95).transpose("gamma", "spins").values
    assert np.array_equal(np.asarray(mesh.get_array()).reshape(expected.shape), expected)
    assert isinstance(mesh.norm, LogNorm)
    assert figure.axes[0].get_yscale() == "log"
    assert figure.axes[0].get_ylabel() == r"$\gamma$ [$J/\hbar$]"
    assert figure.axes[1].get_ylabel() == r"$\Gamma_\mathrm{PR}$ [$J/\hbar$]"
    assert not figure.legends


def test_a_map_of_names_has_a_legend_of_those_that_occur(study: xarray.Dataset) -> None:
    figure = plot_study(study, x="spins", y="regime", hue="gamma", kind="map", at={"field": 0.9})
    names = QUANTITIES["regime"].categories
    seen = [names[k] for k in np.unique(study.regime.sel(field=0.9).values)]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == seen
    mesh = figure.axes[0].collections[0]
    patches = figure.legends[0].get_patches()
    for name, patch in zip(seen, patches, strict=True):
        assert to_hex(mesh.cmap(mesh.norm(names.index(name)))) == to_hex(patch.get_facecolor())


def test_cells_without_a_number_are_said(study: xarray.Dataset) -> None:
    figure = plot_study(study, x="spins", y="eta_mf", hue="field", kind="map", at={"gamma": 1e-8})
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["no number"]
    with pytest.raises(InputError, match="y must have numbers on what is drawn; got none of eta_mf"):
        plot_study(study.isel(field=[2, 2]), x="spins", y="eta_mf", hue="field", kind="map", at={"gamma": 1e-8})


def test_names_stand_on_the_axis_of_a_line(study: xarray.Dataset) -> None:
    (axes,) = plot_study(study, x="gamma", y="regime", at={"spins": 100, "field": 0.9}).axes
    assert [text.get_text() for text in axes.get_yticklabels()] == list(QUANTITIES["regime"].categories)


def test_counts_that_are_not_there_are_gaps() -> None:
    study = Study(parameters={"spins": 20}, axes={"field": [0.5, 0.9, 1.5]}, quantities=["window_min"])
    found = study.run(progress=False)
    assert found.window_min.values[2] == -1
    (line,) = lines(plot_study(found, x="field", y="window_min"))
    assert line.get_ydata()[:2].tolist() == found.window_min.values[:2].tolist()
    assert np.isnan(line.get_ydata()[2])


def test_zipped_axes_and_axes_of_names() -> None:
    study = Study(
        parameters={"field": 0.9},
        axes={"spins": [10, 20, 40], "gamma": [0.1, 0.2, 0.4], "jump": ["Jz", "Jx"]},
        zip=[["spins", "gamma"]],
        quantities=["rate_pointer"],
    ).run(progress=False)
    found = lines(plot_study(study, x="gamma", y="rate_pointer", hue="jump"))
    assert [line.get_xdata().tolist() for line in found] == [[0.1, 0.2, 0.4]] * 2
    assert [line.get_label() for line in found] == ["$L$ = Jz", "$L$ = Jx"]
    with pytest.raises(InputError, match="hue must be another axis than x; got 'spins'"):
        plot_study(study, x="gamma", y="rate_pointer", hue="spins")
    (axes,) = plot_study(study, x="jump", y="rate_pointer", at={"spins": 20}).axes
    assert [text.get_text() for text in axes.get_xticklabels()] == ["Jz", "Jx"]


def test_a_sweep_in_memory_is_drawn_too() -> None:
    found = sweep(spins=range(20, 100, 20), field=[0.5, 0.9], quantities=["eta_mf"], progress=False)
    assert len(lines(plot_study(found, x="spins", y="eta_mf", hue="field"))) == 2


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "many lines": ({"x": "spins", "y": "g", "hue": "a"}, "hue must have at most 64 values for lines; got 70"),
    "many panels": ({"x": "spins", "y": "g", "facet": "a"}, "facet must have at most 12 values; got 70"),
    "several with hue": ({"x": "spins", "y": ["g", "g"], "hue": "a"}, "y must be one quantity beside hue"),
    "none": ({"x": "spins", "y": []}, "y must be one quantity beside hue and for a map; got none"),
    "taken": ({"x": "spins", "y": "g", "at": {"spins": 1}}, "at must leave out what is drawn as x; got 'spins'"),
    "status": ({"x": "spins", "y": "status", "hue": "a"}, "y must be one of g; got 'status'"),
    "text at": ({"x": "spins", "y": "g", "at": {"a": "x"}}, "at a must be a finite real number; got 'x'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_drawn_is_refused(case: str) -> None:
    numbers = np.ones((3, 70))
    wide = xarray.Dataset(
        {"g": (("spins", "a"), numbers), "status": (("spins", "a"), numbers)}, {"spins": [1, 2, 3], "a": np.arange(70)}
    )
    given, message = REFUSED[case]
    with pytest.raises(InputError, match=message):
        plot_study(wide, **given)


def test_nothing_is_left_open_and_the_same_picture_has_the_same_bytes(study: xarray.Dataset, tmp_path: Path) -> None:
    given: dict[str, Any] = {"x": "spins", "y": "eta_mf", "hue": "field", "at": {"gamma": 1e-8}}
    before = plt.get_fignums()
    for name in ("a.svg", "b.svg"):
        save(plot_study(study, **given), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert "<text" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert plt.get_fignums() == before
    assert study.attrs == study.copy().attrs


def test_every_symbol_belongs_to_something() -> None:
    from einselect.models.registry import MODELS
    from einselect.plots.study_labels import _SYMBOLS

    parameters = {parameter.name for entry in MODELS.values() for parameter in entry.parameters}
    assert set(_SYMBOLS) <= {*parameters, *QUANTITIES, *OPTIONS, "gamma", "temperature", "jump"}
    for entry in MODELS.values():
        for parameter in entry.parameters:
            assert symbol(parameter.name, entry.name), (entry.name, parameter.name)


@pytest.mark.parametrize(
    ("name", "units", "label"),
    [
        ("splitting", "J", r"$\Delta E/J$"),
        ("splitting", "rad/s (E/ħ)", r"$\Delta E/\hbar$ [rad/s]"),
        ("log_splitting", "ln(J)", r"$\ln(\Delta E/J)$"),
        ("gap", "J", "$(E_2 - E_0)/J$"),
        ("rate_pointer", "1/s", r"$\Gamma_\mathrm{PR}$ [1/s]"),
        ("field_fisher", "(ħ/J)²", r"$F_h(t)$ [$(\hbar/J)^2$]"),
        ("evolved_levels", "1", "evolved levels"),
    ],
)
def test_labels_of_quantities(name: str, units: str, label: str) -> None:
    assert quantity_label(xarray.DataArray(1.0, name=name, attrs={"units": units})) == label


def test_labels_of_axes() -> None:
    def at(name: str, value: Any, units: str) -> Any:
        return xarray.DataArray(value, name=name, attrs={"units": units})

    assert axis_label(at("field", 0.5, "Γ/J")) == axis_label(at("field", 0.5, "J")) == r"$\Gamma/J$"
    assert axis_label(at("coupling", 0.5, "that of the coupling"), "dicke") == r"$\lambda$"
    assert axis_label(at("temperature", 1.0, "rad/s (E/ħ)")) == r"$k_\mathrm{B}T/\hbar$ [rad/s]"
    assert value_label(at("gamma", 2e-7, "1/s")) == r"$2\times10^{-7}$ 1/s"
    assert value_label(at("time", 2.0, "T2")) == "2 $T_2$"
