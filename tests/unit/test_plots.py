"""Pictures: what is drawn are the numbers of the answer, labelled; settings hold for the picture alone."""

from __future__ import annotations

import math
import re

import matplotlib
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from einselect import (
    LMG,
    AnisotropicLMG,
    Dicke,
    FewModes,
    InputError,
    Rabi,
    VibronicDimer,
    dephasing_rates,
    sweep,
)
from einselect.models import VibronicRing, coordinate_states
from einselect.plots import plot_doublet, plot_eta_field, plot_eta_spins, plot_levels
from einselect.style import COLOURS, COLUMN_WIDTH, OKABE_ITO, new_figure, publication, save


@pytest.fixture(autouse=True)
def closed():
    yield
    from matplotlib import pyplot

    pyplot.close("all")


@pytest.fixture
def ax():
    return Figure().subplots()


def lines(ax, label):
    return [line for line in ax.lines if line.get_label() == label]


def label_of(ax):
    return ax.get_xlabel(), ax.get_ylabel()


# --- the doublet -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model", [LMG(370, 0.95), LMG(21, 0.6), LMG(101, 1.5), LMG(2, 0.5), LMG(60, 0.9, 2.0)], ids=str
)
def test_wavefunctions_are_those_of_the_doublet(model, ax):
    doublet = model.doublet()
    plot_doublet(doublet, ax)
    middle = doublet.e0 + doublet.splitting / 2
    scales = []
    for name in ("E0", "E1"):
        (line,) = lines(ax, f"_{name}")
        state = doublet.state(name)
        inside = np.abs(state.m) <= ax.get_xlim()[1]
        assert line.get_xdata().tolist() == state.m[inside].tolist()
        base = (getattr(doublet, name.lower()) - middle) / model.coupling
        drawn = line.get_ydata() - base
        peak = np.argmax(np.abs(state.amplitudes))
        scale = drawn[np.argmax(np.abs(drawn))] / state.amplitudes[peak]
        np.testing.assert_allclose(drawn, scale * state.amplitudes[inside], atol=1e-9 * np.abs(drawn).max())
        scales.append(scale)
    assert scales[0] == pytest.approx(scales[1], rel=1e-6)
    # The areas of the pointer states: the outline is the amplitude, on the same scale.
    for name in ("P", "R"):
        (area,) = [c for c in ax.collections if c.get_label() == f"_{name}"]
        corners = area.get_paths()[0].vertices
        state = doublet.state(name)
        for m, amplitude in zip(state.m, state.amplitudes, strict=True):
            if abs(m) <= ax.get_xlim()[1]:
                at = corners[corners[:, 0] == m][:, 1]
                assert np.min(np.abs(at - scales[0] * amplitude)) < 1e-6 * scales[0]


def test_the_potential_is_that_of_the_model(ax):
    model = LMG(370, 0.95)
    doublet = model.doublet()
    plot_doublet(doublet, ax)
    (curve,) = lines(ax, "_potential")
    expected = model.potential(curve.get_xdata()) - doublet.e0 - doublet.splitting / 2
    np.testing.assert_allclose(curve.get_ydata(), expected, atol=1e-10)
    assert curve.get_ydata().min() < 0 < curve.get_ydata()[np.argmin(np.abs(curve.get_xdata()))]


@pytest.mark.parametrize(("spins", "field"), [(2, 0.3), (51, 0.7), (370, 0.95), (2000, 0.5)])
def test_potential_formula_and_zero_point_energy(spins, field):
    model = LMG(spins, 3.0 * field, 3.0)
    m = np.linspace(-spins / 2, spins / 2, 7)
    expected = [-3.0 / spins * x * x - 3.0 * field * math.sqrt((spins / 2 + 0.5) ** 2 - x * x) for x in m]
    np.testing.assert_allclose(model.potential(m), expected, rtol=1e-14)
    # E_0 lies above the bottom of the wells and, with two separate wells, half a frequency above it.
    bottom = model.potential(np.linspace(0, spins / 2, 4001)).min()
    assert model.doublet().e0 > bottom
    if spins == 2000:
        assert model.doublet().e0 - bottom == pytest.approx(model.semiclassics().gap / 2, rel=1e-3)


@pytest.mark.parametrize("m", [4.6, -5.0, math.nan])
def test_potential_refuses_m_beyond_the_sphere(m):
    with pytest.raises(InputError, match=r"m must be from -4.5 to 4.5; got"):
        LMG(8, 0.5).potential(m)


def test_labels_have_units(ax):
    plot_doublet(LMG(370, 0.95).doublet(), ax)
    assert label_of(ax) == ("$m$ (eigenvalue of $J_z$)", r"$[E - (E_0 + E_1)/2]\,/\,J$")
    physical = Figure().subplots()
    plot_doublet(LMG(370, 0.95, "74346 rad/s").doublet(), physical)
    assert physical.get_ylabel() == r"$[E - (E_0 + E_1)/2]\,/\,h$ [kHz]"


def test_physical_energies_are_drawn_in_the_unit_of_the_label():
    ax = Figure().subplots()
    model = LMG(370, 0.95, "74346 rad/s")
    doublet = model.doublet()
    plot_doublet(doublet, ax)
    (curve,) = lines(ax, "_potential")
    hertz = (model.potential(curve.get_xdata()) - doublet.e0 - doublet.splitting / 2) / (2 * math.pi)
    np.testing.assert_allclose(curve.get_ydata(), hertz / 1e3, atol=1e-6)


def test_distant_wells_are_drawn_on_a_broken_axis(ax):
    doublet = LMG(100_000, 0.5).doublet()
    plot_doublet(doublet, ax)
    well = 50_000 * doublet.order_parameter
    assert len(lines(ax, "_E0")) == 2
    assert len(lines(ax, "_break")) == 4
    # Both wells take nearly half of the axis each, although their distance is a hundred times their width.
    to_axes = ax.transData + ax.transAxes.inverted()
    places = [to_axes.transform((m, 0))[0] for m in (-well, well)]
    assert places[0] == pytest.approx(0.24, abs=0.03)
    assert places[1] == pytest.approx(0.76, abs=0.03)
    for line in lines(ax, "_E0"):
        x = line.get_xdata()
        assert np.all(np.diff(x) == 1.0)
        np.testing.assert_allclose(
            ax.transScale.inverted().transform(ax.transScale.transform([(x[0], 0)])), [(x[0], 0)]
        )
    labels = [t for t in ax.get_xticks() if abs(t) <= ax.get_xlim()[1]]
    assert labels == [-t for t in reversed(labels)]
    assert len(labels) >= 2


def test_near_wells_are_drawn_on_a_whole_axis(ax):
    plot_doublet(LMG(370, 0.95).doublet(), ax)
    assert ax.get_xscale() == "linear"
    assert not lines(ax, "_break")
    legend = [t.get_text() for t in ax.get_legend().get_texts()]
    assert legend == ["$E_0$", "$E_1$", "P", "R", "$V(m)$"]


@pytest.mark.parametrize("model", [LMG(1_000_000, 0.95), LMG(2, 5.0), LMG(100, 0.01), LMG(1001, 1.0)], ids=str)
def test_everything_drawn_is_in_the_frame(model, ax):
    plot_doublet(model.doublet(), ax)
    low, high = ax.get_ylim()
    for name in ("_E0", "_E1"):
        for line in lines(ax, name):
            assert low < line.get_ydata().min()
            assert line.get_ydata().max() < high


@pytest.mark.parametrize(
    "model",
    [Rabi(2.5), Rabi(0.4), Dicke(20, 0.7), VibronicDimer(-0.5, 4.0), FewModes(1.0, [1.5, 3.0], [2.5, 2.0])],
    ids=str,
)
def test_densities_are_drawn_over_the_adiabatic_potential(model, ax):
    doublet = model.doublet()
    plot_doublet(doublet, ax)
    found = coordinate_states(doublet)
    middle = 0.5 * (doublet.e0 + doublet.e1)
    (curve,) = lines(ax, "_potential")
    x = curve.get_xdata()
    kept = np.isin(found.positions, x)
    assert ax.get_xlim() == pytest.approx((x[0], x[-1]), abs=0.06)
    np.testing.assert_allclose(curve.get_ydata(), found.potential[kept] - middle, atol=1e-12)
    scales = []
    for name in ("E0", "E1"):
        (line,) = lines(ax, f"_{name}")
        drawn = line.get_ydata() - (getattr(doublet, name.lower()) - middle)
        scales.append(drawn.max() / found.densities[name].max())
        np.testing.assert_allclose(drawn, scales[0] * found.densities[name][kept], atol=1e-9)
        assert line.get_marker() in ("", "None")
    (area,) = [c for c in ax.collections if c.get_label() == "_P"]
    assert area.get_paths()[0].vertices[:, 1].max() == pytest.approx(scales[0] * found.densities["P"].max(), rel=1e-9)
    low, high = ax.get_ylim()
    assert low < curve.get_ydata().min()
    assert max(line.get_ydata().max() for name in ("E0", "E1") for line in lines(ax, f"_{name}")) < high


@pytest.mark.parametrize(
    ("model", "across", "up"),
    [
        (Rabi(2.5), r"$x = (a + a^\dagger)/\sqrt{2}$", "$E - (E_0 + E_1)/2$"),
        (
            VibronicDimer("-5 THz", 4.0, "10 THz"),
            r"$x = (b_{-} + b_{-}^\dagger)/\sqrt{2}$",
            r"$[E - (E_0 + E_1)/2]\,/\,h$ [THz]",
        ),
        (
            FewModes(1.0, [1.5, 3.0], [2.5, 2.0]),
            r"$X = \Sigma_k\,g_k(b_k + b_k^\dagger)/\sqrt{2\,\Sigma_k\,g_k^2}$",
            "$E - (E_0 + E_1)/2$",
        ),
    ],
    ids=str,
)
def test_coordinates_are_named_on_the_axis(model, across, up, ax):
    plot_doublet(model.doublet(), ax)
    assert ax.get_xlabel() == across
    assert ax.get_ylabel() == up
    symbol = across[1]
    assert [t.get_text() for t in ax.get_legend().get_texts()][-1] == f"$V({symbol})$"
    ax.figure.canvas.draw()  # the labels can be read as mathematics


def test_wells_of_an_oscillator_far_apart_are_drawn_on_a_broken_axis(ax):
    plot_doublet(Rabi(20.0).doublet(), ax)
    assert len(lines(ax, "_E0")) == 2
    assert len(lines(ax, "_break")) == 4


def test_another_jump_operator_or_a_tilt_leaves_wavefunctions_to_draw(ax):
    model = LMG(60, 0.9)
    plot_doublet(dephasing_rates(model, jump="Jx").doublet, ax)
    (line,) = lines(ax, "_E0")
    plain = Figure().subplots()
    plot_doublet(model.doublet(), plain)
    np.testing.assert_array_equal(line.get_ydata(), lines(plain, "_E0")[0].get_ydata())
    # Tilted by far more than ΔE/J01: E0 is the state in the lower well, which is the one at m > 0.
    tilted = Figure().subplots()
    doublet = AnisotropicLMG(60, 0.7, tilt=1e-3).doublet()
    plot_doublet(doublet, tilted)
    drawn = lines(tilted, "_E0")[0]
    above = drawn.get_ydata() - drawn.get_ydata().min()
    assert drawn.get_xdata() @ above**2 / (above @ above) == pytest.approx(doublet.j01, rel=0.02)
    with pytest.raises(InputError, match="two wells along one coordinate"):
        plot_doublet(VibronicRing(3, -0.3, 2.0, closing=0.0).doublet())


# --- levels ------------------------------------------------------------------------------------------------------


def heights(ax, parity):
    (bars,) = [c for c in ax.collections if isinstance(c, LineCollection) and c.get_label() == f"_{parity}"]
    return [segment[0, 1] for segment in bars.get_segments()]


def test_levels_are_drawn_at_their_energies_by_parity(ax):
    model = LMG(370, 0.95)
    levels = model.levels(9)
    plot_levels(levels, ax)
    assert heights(ax, "even") == levels.excitations[levels.parities == 1].tolist()
    assert heights(ax, "odd") == levels.excitations[levels.parities == -1].tolist()
    (top,) = lines(ax, "_barrier")
    assert top.get_ydata()[0] == pytest.approx(float(model.potential(0.0)) - levels.energies[0], rel=1e-12)
    assert label_of(ax) == ("parity", r"$(E_n - E_0)\,/\,J$")
    assert [t.get_text() for t in ax.get_xticklabels()] == ["even", "odd"]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["top of the barrier"]


def test_a_barrier_far_above_is_told_and_not_drawn(ax):
    model = LMG(100_000, 0.5)
    levels = model.levels(4)
    plot_levels(levels, ax)
    assert not lines(ax, "_barrier")
    (told,) = ax.get_legend().get_texts()
    shown = float(re.search(r"at (\S+) ", told.get_text())[1])
    assert shown == pytest.approx(float(model.potential(0.0)) - levels.energies[0], rel=1e-3)
    assert ax.get_ylim()[1] < 2 * levels.excitations[-1]


def test_no_barrier_without_wells(ax):
    plot_levels(LMG(50, 1.5).levels(4), ax)
    assert ax.get_legend() is None


def test_physical_levels_are_drawn_in_hertz(ax):
    levels = LMG(50, 0.5, "2 MHz").levels(4)
    plot_levels(levels, ax)
    assert ax.get_ylabel() == r"$(E_n - E_0)\,/\,h$ [MHz]"
    np.testing.assert_allclose(heights(ax, "even"), levels.excitations[::2] / (2e6 * math.pi), rtol=1e-14)


def test_energies_of_a_model_without_j_are_not_divided_by_one(ax):
    plot_levels(Rabi(coupling=1.0).levels(4), ax)
    assert ax.get_ylabel() == "$(E_n - E_0)$"


# --- ratios ------------------------------------------------------------------------------------------------------


def test_ratios_against_spins_are_those_of_the_dataset(ax):
    data = sweep(range(20, 401, 10), 0.95, quantities=["eta_mf", "eta_exact"])
    plot_eta_spins(data, ax, mark=370)
    for name, label in (("eta_mf", r"$\eta_\mathrm{MF}$"), ("eta_exact", r"$\eta_\mathrm{exact}$")):
        (line,) = lines(ax, label)
        assert line.get_xdata().tolist() == data.spins.values.tolist()
        assert line.get_ydata().tolist() == data[name].values.tolist()
        assert line.get_color() == COLOURS[name]
    marks = [(m.get_xdata()[0], m.get_ydata()[0]) for m in lines(ax, "_mark")]
    doublet = LMG(370, 0.95).doublet()
    assert marks == [(370, pytest.approx(doublet.eta_mf)), (370, pytest.approx(doublet.eta_exact))]
    (limit,) = lines(ax, "_limit")
    assert limit.get_ydata() == [2.0, 2.0]
    assert label_of(ax) == ("number of spins $N$", "ratio of dephasing rates")
    assert [t.get_text() for t in ax.get_legend().get_texts()][-1] == "limit 2"


def test_a_second_axis_becomes_the_colour(ax):
    data = sweep([100, 370], np.linspace(0.5, 1.1, 7), quantities=["eta_exact", "eta_mf"])
    plot_eta_field(data, ax)
    drawn = lines(ax, r"$\eta_\mathrm{exact}$")
    assert [line.get_ydata().tolist() for line in drawn] == data.eta_exact.values.tolist()
    assert len({line.get_color() for line in drawn}) == 2
    assert label_of(ax)[0] == r"field $\Gamma/J$"
    assert [t.get_text() for t in ax.get_legend().get_texts()][-2:] == ["$N$ = 100", "$N$ = 370"]
    # The mean-field ratio ends with the ordered phase.
    (curve, _) = lines(ax, r"$\eta_\mathrm{MF}$")
    assert np.isnan(curve.get_ydata()[data.field.values >= 1.0]).all()


def test_a_field_with_units_says_so(ax):
    data = sweep(20, ["1 kHz", "2 kHz"], "4 kHz", quantities=["eta_exact"])
    plot_eta_field(data, ax)
    assert ax.get_xlabel() == r"field $\Gamma$ [rad/s (E/ħ)]"
    assert ax.lines[0].get_xdata().tolist() == data.field.values.tolist()
    ratios = sweep(20, [0.25, 0.5], "4 kHz", quantities=["eta_exact"])
    assert plot_eta_field(ratios, Figure().subplots()).get_xlabel() == r"field $\Gamma/J$"


def test_datasets_that_cannot_be_drawn_are_refused(ax):
    with pytest.raises(InputError, match=r"dataset must have the axis 'field' and eta_mf or eta_exact; got axes"):
        plot_eta_field(sweep([20, 30], 0.5, quantities=["eta_mf"]), ax)
    with pytest.raises(InputError, match="eta_mf or eta_exact"):
        plot_eta_spins(sweep([20, 30], 0.5, quantities=["j01"]), ax)
    with pytest.raises(InputError, match="at most one axis of at most 7 values"):
        plot_eta_spins(sweep([20, 30], np.linspace(0.1, 0.8, 8), quantities=["eta_mf"]), ax)
    with pytest.raises(InputError, match="mark must be a value on the axis 'spins'; got 25"):
        plot_eta_spins(sweep([20, 30], 0.5, quantities=["eta_mf"]), ax, mark=25)
    assert not ax.lines


# --- methods and style -------------------------------------------------------------------------------------------


def test_methods_draw_on_new_axes_of_one_column():
    before = dict(matplotlib.rcParams)
    ax = LMG(50, 0.8).doublet().plot()
    assert ax.figure.get_size_inches()[0] == pytest.approx(COLUMN_WIDTH)
    assert ax.xaxis.label.get_fontsize() == 9.0
    assert ax.get_legend().get_texts()[0].get_fontsize() == 8.0
    given = Figure().subplots()
    assert LMG(50, 0.8).levels(4).plot(given) is given
    assert LMG(50, 0.8).levels(4).plot() is not given
    assert dict(matplotlib.rcParams) == before


def test_a_backend_that_the_block_loads_stays_interactive():
    # As that of notebooks does with the first figure.
    before = matplotlib.is_interactive()
    try:
        matplotlib.interactive(False)
        with publication():
            matplotlib.interactive(True)
        assert matplotlib.is_interactive()
    finally:
        matplotlib.interactive(before)


def test_publication_settings_end_with_the_block():
    before = dict(matplotlib.rcParams)
    with pytest.raises(RuntimeError), publication(legend__fontsize=6.0):
        assert matplotlib.rcParams["legend.fontsize"] == 6.0
        assert matplotlib.rcParams["pdf.fonttype"] == 42
        raise RuntimeError
    assert dict(matplotlib.rcParams) == before


@pytest.fixture
def picture():
    figure = new_figure(height=2.0)
    with publication():
        plot_levels(LMG(20, 0.5).levels(4), figure.subplots())
    return figure


def test_saved_pictures_keep_text_and_repeat_to_the_byte(picture, tmp_path):
    for name in ("a.svg", "b.svg", "a.pdf", "b.pdf", "a.png", "b.png"):
        save(picture, tmp_path / name)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf", "a.png", "a.svg", "b.pdf", "b.png", "b.svg"]
    for suffix in ("svg", "pdf", "png"):
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert re.search(r"<text[^>]*>parity</text>", svg)
    assert b"/Type3" not in (tmp_path / "a.pdf").read_bytes()
    width = int.from_bytes((tmp_path / "a.png").read_bytes()[16:20], "big")
    assert width == round(COLUMN_WIDTH * 400)


def test_a_picture_that_cannot_be_saved_leaves_nothing(picture, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="figure format must be one of png, svg, pdf; got 'jpeg'"):
        save(picture, tmp_path / "a.jpeg")
    (tmp_path / "a.svg").write_text("an earlier one")

    def fail(*_, **__):
        raise RuntimeError("while drawing")

    monkeypatch.setattr(picture, "draw", fail)
    with pytest.raises(RuntimeError, match="while drawing"):
        save(picture, tmp_path / "a.svg")
    assert [p.name for p in tmp_path.iterdir()] == ["a.svg"]
    assert (tmp_path / "a.svg").read_text() == "an earlier one"


def test_the_palette_is_told_apart():
    assert len(set(OKABE_ITO.values())) == 8
    assert COLOURS["even"] != COLOURS["odd"]
    assert set(COLOURS.values()) - {COLOURS["limit"]} <= set(OKABE_ITO.values())
