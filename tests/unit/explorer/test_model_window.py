"""The page Window of models other than LMG: numbers are the library's, bounds hold, code and commands run."""

from __future__ import annotations

import contextlib
import io
import math
import shlex
from dataclasses import replace

import numpy as np
import pytest

from einselect import LMG, BoseJosephson, Dicke, InputError, Rabi, dephasing_rates
from einselect.explorer import download
from einselect.explorer.app import Explorer
from einselect.explorer.axes import VIEWS, Views, ends, present, typed
from einselect.explorer.compute import doublets, model_map, window
from einselect.explorer.figures.model_window import draw_along, draw_map
from einselect.explorer.jobs import Job, Stopped
from einselect.explorer.pages.window_code import commands_of, python_of
from einselect.explorer.state import EXAMPLES, State
from einselect.models import FewModes, SpinBoson, VibronicDimer
from einselect.spin import Jz
from einselect.window import window_along

BUILD = {
    "bose-josephson": lambda **at: BoseJosephson(**{"spins": 200, "tunnelling": 0.5, "interaction": 0.006, **at}),
    "dicke": lambda **at: Dicke(**{"spins": 6, "coupling": 0.7, **at}),
    "rabi": lambda **at: Rabi(**{"coupling": 1.2, **at}),
    "dimer": lambda **at: VibronicDimer(**{"coupling": -0.5, "huang_rhys": 3.0, **at}),
}
"""The models of `state_of`, built without the explorer."""
ENTRIES = {
    "bose-josephson": {},
    "dicke": {"spins": "6", "gamma": "1e-4"},
    "rabi": {"coupling": "1.2", "gamma": "1e-3"},
    "dimer": {"huang_rhys": "3", "gamma": "1e-3"},
}
OWN = ("bose-josephson", "dimer")
"""Whose windows are looked for here by hand; those of the others are printed by the Python that is copied."""
HIGHEST = {"dicke": (8, 0.9), "rabi": (1.5, 2.0), "dimer": (1.0, 5.0)}


@pytest.fixture
def small(monkeypatch):
    """Ranges and maps that take little time: the numbers are what is asked here."""
    for name, views in VIEWS.items():
        highest = HIGHEST.get(name, (math.inf, math.inf))
        shorter = tuple(
            replace(axis, high=min(axis.high, high)) for axis, high in zip(views.curves, highest, strict=True)
        )
        plane = shorter if views.plane == views.curves else views.plane
        monkeypatch.setitem(TABLE, name, Views(shorter, plane, (3, 3)))
    for module in ("axes", "compute.model_window", "pages.window_code", "figures.model_window"):
        monkeypatch.setattr(f"einselect.explorer.{module}.VIEWS", TABLE)


TABLE: dict[str, Views] = {}


def state_of(name, **entries):
    state = State.example(name, "window")
    for entry, text in {**ENTRIES.get(name, {}), **entries}.items():
        state = state.with_entry(entry, text)
    return state


def number(name, value):
    return int(value) if name in ("spins", "sites") else float(value)


@pytest.mark.parametrize("name", list(BUILD))
def test_curves_and_windows_are_those_of_the_library(name, small):
    state = state_of(name, temperature="0.01")
    answer = window.compute(state, Job())
    assert answer.rates.doublet.eta_exact == BUILD[name]().doublet().eta_exact
    for cut in answer.cuts:
        axis, values = cut.name, cut.curve[cut.name].values
        for place in (0, len(values) // 2, -1):
            model = BUILD[name](**{axis: number(axis, values[place])})
            drawn = [float(cut.curve[ratio][place]) for ratio in ("eta_exact", "eta_mf")]
            if getattr(model, "phase", "ordered") == "ordered":
                doublet = model.doublet()
                assert drawn[0] == doublet.eta_exact
                assert drawn[1] == doublet.eta_mf or (math.isnan(drawn[1]) and doublet.eta_mf is None)
            else:
                assert np.isnan(drawn).all()
        if name not in OWN:
            continue
        own = window_along(
            lambda v, axis=axis: BUILD[name](**{axis: v}),
            axis,
            (number(axis, values[0]), number(axis, values[-1])),
            gamma=float(state.entries["gamma"]),
            temperature=0.01,
        )
        assert (cut.window.verdict, cut.window.edges) == (own.verdict, own.edges)
        assert cut.thermal == (None if own.thermal_min is None else (own.thermal_min, own.thermal_max))
        low, high = cut.secular
        assert low == (values[0] if own.minimum is None else own.minimum)
        assert high == (values[-1] if own.maximum is None else own.maximum)
    for place in (0, 1):
        draw_along(answer, place, True).plotly()


@pytest.mark.parametrize("name", list(BUILD))
def test_the_map_is_made_of_matrix_elements(name, small):
    """One cell from levels and operators by themselves: η by Eq. 12, the conditions by their definitions."""
    state = state_of(name, temperature="0.01")
    plane = window.compute(state, Job()).plane
    upright, across = plane.sizes
    point = plane.isel({upright: 1, across: 2})
    model = BUILD[name](**{axis: number(axis, point[axis]) for axis in (upright, across)})
    levels, jump = model.levels(4), dephasing_rates(model).doublet.jump
    named = getattr(levels, "operators", {})
    single = levels.matrix(jump)
    square = levels.matrix(named[jump].dag() @ named[jump] if named else Jz @ Jz)
    p, r = levels.state("P"), levels.state("R")
    norm = 0.5 * (square[0, 0] + square[1, 1]).real
    slow = norm - (single[0, 0] * np.conj(single[1, 1])).real
    fast = norm - ((p @ single @ p) * np.conj(r @ single @ r)).real
    splitting, gap = levels.excitations[1:3]
    assert float(point.eta_exact) == pytest.approx(fast / slow, rel=1e-7)
    gamma = float(state.entries["gamma"])
    assert float(point.secular) == pytest.approx(math.log(2.0 * splitting / (gamma * slow)), abs=1e-7)
    assert float(point.thermal) == pytest.approx(math.log(splitting / 0.01), abs=1e-7)
    assert float(point.isolation) == pytest.approx(math.log(gap / splitting), abs=1e-7)


def test_the_curves_come_first_and_a_known_map_stays(small):
    first = window.compute(state_of("bose-josephson"), Job(), whole=False)
    assert not first.solved
    assert np.isnan(first.plane.eta_exact).all()
    full = window.compute(state_of("bose-josephson"), Job(), first)
    assert full.solved
    assert full.cuts[0].window == first.cuts[0].window
    for entries, kept in (
        ({"gamma": "1e-9", "temperature": "0.1"}, True),
        ({"spins": "300", "interaction": "0.005"}, True),
        ({"tunnelling": "0.4"}, False),
        ({"jump": "J-"}, False),
    ):
        moved = window.compute(state_of("bose-josephson", **entries), Job(), full, whole=False)
        assert moved.solved == kept, entries
        if kept:
            np.testing.assert_array_equal(moved.plane.eta_exact, full.plane.eta_exact)
            wanted = window.compute(state_of("bose-josephson", **entries), Job()).plane
            assert moved.plane.identical(wanted)
    # κ moves no axis: the cells are the same, and what they hold is not.
    other = window.compute(state_of("anisotropic"), Job())
    moved = window.compute(state_of("anisotropic", anisotropy="-0.4"), Job(), other, whole=False)
    assert np.array_equal(moved.plane.field, other.plane.field)
    assert not moved.solved
    mixed = State.example("few-modes").with_entry(
        "couplings", typed(State.example("few-modes").system(), "couplings", 0.7)
    )
    one, other = (doublets.key_of(s.system(), {"couplings": 1.0}) for s in (State.example("few-modes"), mixed))
    assert all(model_map._alike(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", ["bose-josephson", "lmg", "dicke", "rabi"])
def test_the_python_and_the_commands_run(name, small, run, capsys):
    state = state_of(name, **({"jump": "Jx"} if name == "lmg" else {}))
    explorer = Explorer(state)
    view = explorer._pages["window"]
    answer = explorer._answers["window"]
    assert view.python(state) == python_of(state.system())
    names: dict = {}
    exec(view.python(state), names)
    printed = capsys.readouterr().out
    for cut in answer.cuts:
        assert str(cut.window).strip() in printed
    commands = view.command(state).split("\n")
    for cut, words in zip(answer.cuts, commands, strict=True):
        if name in BUILD and cut.name not in ("spins", "interaction"):
            continue  # as long as the Python: the command of a negative range is asked below
        code, out, err = run(shlex.join(shlex.split(words)[1:]))
        assert (code, err) == (0, "")
        assert out.strip() == str(cut.window).strip()
    drawn = answer.plane.eta_exact.values
    made = np.array([[math.nan if pair is None else pair[0] for pair in row] for row in names["plane"]])
    np.testing.assert_array_equal(drawn, made)
    for cut in answer.cuts:
        found = names[f"over_{cut.name}"]
        made = [math.nan if pair is None else pair[0] for pair in found.values()]
        np.testing.assert_array_equal(cut.curve[cut.name].values, list(found))
        np.testing.assert_array_equal(cut.curve.eta_exact.values, made)


def test_a_range_below_zero_is_a_command_too(small, run):
    explorer = Explorer(state_of("dimer"))
    (cut, _), view = explorer._answers["window"].cuts, explorer._pages["window"]
    words = view.command(explorer.state).split("\n")[0]
    assert "--coupling=-1.0:-0.05" in words
    code, out, err = run(shlex.join(shlex.split(words)[1:]))
    assert (code, err, out.strip()) == (0, "", str(cut.window).strip())


def test_units_are_kept(small):
    """A model in kHz is that of plain numbers: the same picture in rad/s, a field as Γ/J."""
    factor = 2.0 * math.pi * 1e3
    plain = window.compute(state_of("rabi"), Job())
    state = state_of("rabi", coupling="1.2 kHz", mode="1 kHz", spin="1 kHz", gamma=f"{1e-3 * factor!r} 1/s")
    answer = window.compute(state, Job())
    for with_units, without in zip(answer.cuts, plain.cuts, strict=True):
        assert with_units.unit == "rad/s"
        np.testing.assert_allclose(with_units.curve[without.name], factor * without.curve[without.name], rtol=1e-9)
        np.testing.assert_allclose(with_units.curve.eta_exact, without.curve.eta_exact, rtol=1e-7)
        step = 1e-4 * float(np.ptp(with_units.curve[without.name].values))  # to which an edge is looked for
        np.testing.assert_allclose(with_units.secular, factor * np.array(without.secular), atol=step)
    names: dict = {}
    text = python_of(state.system(), answer)
    assert 'coupling=f"{coupling!r} rad/s"' in text
    exec("\n".join(line for line in text.split("\n") if not line.startswith(("print", "over", "plane"))), names)
    assert names["ratios"]()[0] == pytest.approx(answer.rates.doublet.eta_exact, rel=1e-12)
    assert f"'--coupling={0.1 * factor:.12g}:" in commands_of(state, answer).split("\n")[0]
    spins = State.example("lmg", "window").with_entry("jump", "Jx")
    assert [ends(spins.system(), axis) for axis in VIEWS["lmg"].curves] == [(4.0, 2000.0), (0.05, 0.999)]
    assert present(spins.system(), "field") == pytest.approx(0.95)
    moved = spins.with_entry("field", typed(spins.system(), "field", 0.9))
    assert moved.system().model.field_ratio == pytest.approx(0.9)


def test_a_list_goes_in_proportion():
    system = State.example("few-modes").system()
    assert present(system, "couplings") == 2.5
    assert typed(system, "couplings", 1.25) == "1.25,1"
    pair = doublets.at(system, {"couplings": 1.25})
    assert pair.eta_exact == pytest.approx(FewModes(1.0, (1.5, 3.0), (1.25, 1.0)).doublet().eta_exact, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "entries", "message"),
    [
        ("dicke", {"spins": "41"}, "spins must be at most 40, the bound of the page Window; got 41"),
        ("dicke", {"coupling": "1.6"}, "coupling must be at most 1.5, the bound of the page Window"),
        ("dicke", {"coupling": "0.4"}, "coupling must be in the ordered phase on the page Window: .* disordered"),
        ("rabi", {"spin": "30"}, "coupling must be in the ordered phase|spin must be at most 20"),
        ("bose-josephson", {"interaction": "0.005"}, "interaction must be in the ordered phase .* critical"),
        ("bose-josephson", {"tilt": "1e-4", "spins": "400"}, "spins must be at most 300, .* with a tilt"),
        ("few-modes", {"frequencies": "1,2,3", "couplings": "1,1,1"}, "frequencies must be of at most 2 modes"),
        ("spin-boson", {"modes": "3"}, "modes must be at most 2, the bound of the page Window"),
        ("lmg", {"jump": "Jx", "spins": "1e6"}, "spins must be at most 100000"),
        ("lmg", {"jump": "Jx", "field": "1.1"}, "field must be in the ordered phase"),
    ],
)
def test_what_is_refused(name, entries, message):
    with pytest.raises(InputError, match=message):
        window.compute(state_of(name, **entries), Job())


def test_every_model_has_axes_that_hold_its_example():
    assert set(VIEWS) == set(EXAMPLES)
    for name, views in VIEWS.items():
        system = State.example(name).system()
        for axis in (*views.curves, *views.plane):
            low, high = ends(system, axis)
            assert low <= present(system, axis.name) <= high


def test_a_range_widens_to_the_point():
    beyond = state_of("dicke", spins="30").system()
    assert ends(beyond, VIEWS["dicke"].curves[0]) == (2.0, 30.0)
    assert ends(state_of("dimer", coupling="-3").system(), VIEWS["dimer"].curves[0]) == (-3.0, -0.05)


def test_a_window_ends_where_the_model_refuses(small):
    """Two molecules make no ring; a sub-Ohmic polaron is localised above some strength."""
    ring = Explorer(state_of("ring", closing="1", huang_rhys="1"))
    sites, factor = ring._answers["window"].cuts
    assert (sites.window, sites.secular, sites.within) == (None, None, (3.0, 3.0))
    assert np.isnan(sites.curve.eta_exact[0])
    assert np.isfinite(sites.curve.eta_exact[1])
    assert factor.window is not None
    view = ring._pages["window"]
    chain = window.compute(state_of("ring", closing="0", huang_rhys="1"), Job())
    assert chain.cuts[0].secular == (2, 2)
    shapes = draw_along(chain, 0, False).layout["shapes"]
    assert [(shape["x0"], shape["x1"]) for shape in shapes] == [(1.5, 2.5), (3, 3)]
    assert "Along M there is nothing to look at" in view._verdict.object
    assert len(view.command(ring.state).split("\n")) == 1
    state = state_of("spin-boson", modes="0", exponent="0.5", strength="0.02")
    _, cut = window.compute(state, Job()).cuts
    assert cut.within[0] == 0.02
    assert cut.within[1] < cut.curve.strength[-1]
    below, beyond = (SpinBoson(1.0, alpha, 0.5, cutoff=50.0, modes=0) for alpha in (cut.within[1], 0.9))
    assert below.phase == "delocalised"
    assert beyond.phase == "localised"


def test_it_stops_where_it_is_told_to_and_goes_on_there(small):
    shares: list[float] = []
    job = Job(lambda share: (shares.append(share), job.stop() if share > 0.6 else None))
    state = state_of("bose-josephson", interaction="0.0061")
    with pytest.raises(Stopped):
        window.compute(state, job)
    assert shares == sorted(shares)
    before = doublets._solved.cache_info()
    window.compute(state, Job())
    after = doublets._solved.cache_info()
    assert after.hits - before.hits > 60  # curves, windows and the first cells
    solved = after.misses
    window.compute(state.with_entry("gamma", ""), Job())
    assert doublets._solved.cache_info().misses == solved  # nothing is solved for another γ that needs no edge


def test_the_page_shows_it_and_a_click_moves_the_point(small):
    explorer = Explorer(state_of("bose-josephson"))
    view, answer = explorer._pages["window"], explorer._answers["window"]
    upright, across = answer.plane.sizes
    assert [part.name for part in (*view._curves, view._plane)] == [
        *(f"window-{cut.name}" for cut in answer.cuts),
        "window-plane",
    ]
    for cut in answer.cuts:
        verdict = cut.window.verdict
        assert f"{verdict[0].upper()}{verdict[1:]}." in view._verdict.object
    assert [value for value, _ in view._quantity.options] == ["eta_mf", "eta_exact"]
    x, y = answer.plane[across].values[2].item(), answer.plane[upright].values[1].item()
    view._clicked({"x": x, "y": y, "curve": 0})
    found = explorer._answers["window"].system
    assert present(found, across) == pytest.approx(x, rel=1e-5)
    assert present(found, upright) == pytest.approx(y, rel=1e-5)
    for point in view._plane.figure.layout["shapes"]:
        assert (point["xanchor"], point["yanchor"]) == (present(found, across), present(found, upright))
    view._clicked({"x": math.nan, "y": 1.0})
    assert explorer._answers["window"].system is found
    explorer.set_entry("jump", "J-")
    assert [value for value, _ in view._quantity.options] == ["eta_exact"]
    assert "there is no η_MF" in view._verdict.object
    explorer.set_model("lmg")
    assert [part.name for part in view._curves] == ["window-spins", "window-field"]
    assert [value for value, _ in view._quantity.options] == ["eta_mf", "eta_exact"]


def test_what_is_not_known_is_not_drawn(small):
    """Without γ and T no line of theirs; without broken symmetry no colour; ΔE below rounding no number."""
    answer = window.compute(state_of("bose-josephson", gamma=""), Job())
    assert "secular" not in answer.plane
    names = [trace.get("name") for trace in draw_map(answer, "eta_mf", False).data]
    assert not any("T<sub>2</sub>" in name for name in names if name)
    assert answer.cuts[0].secular is not None  # two wells, isolated
    for spins in answer.plane.spins.values:
        for interaction in answer.plane.interaction.values:
            ordered = BoseJosephson(int(spins), 0.5, float(interaction)).phase == "ordered"
            cell = answer.plane.sel(spins=spins, interaction=interaction)
            assert np.isfinite(float(cell.eta_exact)) == ordered
            assert np.isfinite(float(cell.isolation))  # for the lines, which end at the edge of what is drawn
    far = doublets.at(State.example("lmg").with_entry("jump", "Jx").system(), {"spins": 100_000})
    assert far.splitting_bound is not None
    assert math.isnan(model_map._cell(far).get("log_splitting", math.nan))
    assert LMG(100_000, 0.95).doublet().log_splitting < -1000.0  # it is there, but not among these levels


def test_data_come_as_netcdf_and_csv(small):
    import xarray

    answer = window.compute(state_of("dimer", temperature="0.01"), Job())
    data = window.dataset(answer)
    with contextlib.closing(
        xarray.open_dataset(io.BytesIO(download.netcdf(data).getvalue()), engine="h5netcdf")
    ) as read:
        assert set(read.data_vars) == set(data.data_vars)
        for name, variable in data.data_vars.items():
            np.testing.assert_array_equal(read[name].values, variable.values)
        assert read.attrs["window_over_coupling_verdict"] == answer.cuts[0].window.verdict
        assert read.attrs["point_huang_rhys"] == 3.0
    assert download.csv(data).getvalue().count(b"\n") > 30
