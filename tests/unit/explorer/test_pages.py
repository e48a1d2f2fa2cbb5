"""Doublet and Window without a browser: numbers are the library's, figures are valid, code and commands run."""

import asyncio
import io
import math
import shlex
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from einselect import LMG, InputError, dephasing_rates, find_window, sweep
from einselect.display import page as tables_of
from einselect.explorer import download
from einselect.explorer.app import Explorer
from einselect.explorer.compute import doublet, window
from einselect.explorer.figures.doublet import draw_levels, draw_rates, draw_states
from einselect.explorer.figures.theme import theme
from einselect.explorer.figures.window import draw_over_field, draw_over_spins, draw_plane
from einselect.explorer.jobs import Job
from einselect.explorer.notebook import _notebook_loop, explore
from einselect.explorer.pages import available, page_class
from einselect.explorer.state import State
from einselect.models import coordinate_states
from einselect.models.registry import MODELS

BENCHMARK = LMG(370, 0.95, "74346 rad/s")


def traces(drawing, name):
    return [trace for trace in drawing.data if trace.get("name", "").startswith(name)]


@pytest.mark.parametrize("model", MODELS)
def test_the_page_doublet_has_every_model(model):
    state = State.example(model)
    answer = doublet.compute(state, Job())
    assert answer.rates.as_dict() == state.system().rates.as_dict()
    for dark in (False, True):
        if answer.frame is not None:
            draw_states(answer.frame, dark).plotly()
        draw_levels(answer, dark).plotly()
        draw_rates(answer, dark).plotly()


def test_the_states_are_those_of_the_library():
    answer = doublet.compute(State(), Job())
    drawing = draw_states(answer.frame, dark=False)
    found = BENCHMARK.doublet()
    scale = 1.0 / (2.0 * math.pi * 1000.0)
    for name, energy in (("E<sub>0</sub>", found.e0), ("E<sub>1</sub>", found.e1), ("P", None)):
        (trace,) = traces(drawing, name)
        state = found.state({"E<sub>0</sub>": "E0", "E<sub>1</sub>": "E1"}.get(name, "P"))
        kept = np.isin(state.m, trace["x"])
        offset = 0.0 if energy is None else scale * (energy - 0.5 * (found.e0 + found.e1))
        drawn = (trace["y"] - offset) / answer.frame.height
        assert np.allclose(drawn, state.amplitudes[kept], atol=1e-6)
    (potential,) = traces(drawing, "V(m)")
    middle = found.e0 + 0.5 * found.splitting
    assert np.allclose(potential["y"], scale * (BENCHMARK.potential(potential["x"]) - middle), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["rabi", "dicke", "dimer", "few-modes", "spin-boson"])
def test_densities_along_a_coordinate_are_drawn_said_and_downloaded(name):
    state = State.example(name)
    answer = doublet.compute(state, Job())
    found = coordinate_states(state.system().model.doublet())
    drawing = draw_states(answer.frame, dark=True)
    (trace,) = traces(drawing, "P")
    kept = np.isin(found.positions, trace["x"])
    assert np.allclose(trace["y"] / answer.frame.height, found.densities["P"][kept], atol=1e-12)
    (potential,) = traces(drawing, f"V({found.symbol})")
    middle = answer.rates.doublet.e0 + 0.5 * answer.rates.doublet.splitting
    wanted = np.interp(potential["x"], found.positions, found.potential) - middle
    assert np.allclose(potential["y"], wanted, atol=1e-9)
    assert drawing.layout["xaxis"]["title"]["text"].startswith(f"{found.symbol} = ")
    assert "_" not in drawing.layout["xaxis"]["title"]["text"]
    data = doublet.dataset(answer)
    assert data[found.symbol].attrs["long_name"] == found.meaning
    for state_name, values in found.densities.items():
        assert np.array_equal(data[f"density_{state_name}"].values, values)
    assert np.array_equal(data.potential.values, found.potential)
    assert f"{found.symbol},density_E0" in download.csv(data).getvalue().decode()
    view = page_class("doublet")(Explorer(state))
    view.show(answer, dark=False)
    said = view._states.layout.described
    assert f"the pointer state P is at {found.mean('P'):.4g} and R at {found.mean('R'):.4g}" in said
    assert view._states.layout.heading == "Probability densities of the states over the adiabatic potential"
    view.show(doublet.compute(State(), Job()), dark=False)
    assert view._states.layout.heading == "The states over the potential"


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("ring", {}, "got an aggregate of 3 sites, which has 3 wells in 2 coordinates"),
        ("spin-boson", {"modes": "0"}, "the variational polaron keeps two states and no modes"),
    ],
)
def test_where_there_is_no_coordinate_the_page_says_so(name, changes, said):
    state = State.example(name)
    for entry, text in changes.items():
        state = state.with_entry(entry, text)
    answer = doublet.compute(state, Job())
    assert answer.frame is None
    view = page_class("doublet")(Explorer(state))
    view.show(answer, dark=False)
    assert said in view._undrawn.object
    assert view._pictures.objects == [view._undrawn, view._levels.layout]
    assert "plot_doublet" not in view.python(state)
    assert "plot_doublet" in view.python(State.example("few-modes"))
    view.show(doublet.compute(State.example("rabi"), Job()), dark=False)
    assert view._pictures.objects == [view._states.layout, view._levels.layout]


def test_tilted_wells_are_drawn_and_said():
    state = State.example("anisotropic").with_entry("tilt", "1e-3")
    answer = doublet.compute(state, Job())
    draw_states(answer.frame, dark=False).plotly()
    view = page_class("doublet")(Explorer(state))
    view.show(answer, dark=False)
    means = [f"{name} at {answer.levels.expectation('Jz', name):.4g}" for name in ("E0", "E1", "P", "R")]
    assert f"in tilted wells: {', '.join(means)}." in view._states.layout.described


def test_another_jump_operator_keeps_the_states():
    shown = doublet.compute(State().with_entry("jump", "Jx"), Job())
    assert shown.rates.doublet.jump == "Jx"
    wanted = doublet.compute(State(), Job()).frame.curves["P"]
    assert np.array_equal(shown.frame.curves["P"], wanted)


def test_far_wells_have_an_axis_each_and_few_points():
    answer = doublet.compute(State().with_entry("spins", "1e6"), Job())
    drawing = draw_states(answer.frame, dark=False)
    assert {trace["xaxis"] for trace in drawing.data} == {"x", "x2"}
    assert max(len(trace["x"]) for trace in drawing.data) <= 500
    assert sum(map(len, drawing.parts())) < 150_000
    drawing.plotly()


def test_the_rates_are_drawn_with_their_times():
    answer = doublet.compute(State(), Job())
    (bar,) = draw_rates(answer, dark=False).data
    rates = dephasing_rates(BENCHMARK, "0.05 1/s", temperature="10 nK")
    assert bar["x"] == [rates.rate_eigenstate, rates.rate_pointer, rates.rate_mean_field]
    assert bar["text"][0] == "141.95, T<sub>2</sub> = 7.045 ms"


def test_levels_stand_in_the_column_of_their_parity():
    answer = doublet.compute(State(), Job())
    levels = BENCHMARK.levels(doublet.LEVELS)
    drawing = draw_levels(answer, dark=False)
    for parity, name in ((1, "even"), (-1, "odd")):
        (trace,) = traces(drawing, name)
        drawn = np.array(trace["y"][::3]) * 2.0 * math.pi * 1000.0
        assert np.allclose(drawn, levels.excitations[np.array(levels.parities) == parity], rtol=1e-12)


def test_the_window_is_that_of_the_library():
    answer = window.compute(State(), Job())
    wanted = find_window(0.95, "74346 rad/s", "0.05 1/s", "10 nK")
    assert answer.window.verdict == wanted.verdict
    curve = sweep(spins=[int(n) for n in answer.over_spins.spins], field=0.95, quantities=["eta_mf", "eta_exact"])
    for name in ("eta_mf", "eta_exact"):
        assert np.array_equal(answer.over_spins[name], curve[name])
    at = answer.plane.sel(spins=5, field=0.5, method="nearest")
    model = LMG(5, float(at.field), 1.0)
    gamma, kt = 0.05 / 74346.0, BENCHMARK.doublet().splitting
    rates = dephasing_rates(model, gamma)
    assert float(at.eta_mf) == pytest.approx(rates.doublet.eta_mf, rel=1e-12)
    assert float(at.secular) == pytest.approx(rates.log_secular_parameter, rel=1e-9)
    # T = 10 nK is ΔE at N = 370, to the digits that it has.
    assert float(at.thermal) == pytest.approx(math.log(rates.doublet.splitting * 74346.0 / kt), abs=1e-3)


def test_the_window_over_the_field_ends_where_the_conditions_do():
    answer = window.compute(State().with_entry("gamma", "0.02 1/s"), Job())

    def conditions(ratio):
        rates = dephasing_rates(LMG(370, ratio, "74346 rad/s"), "0.02 1/s", temperature="10 nK")
        return {c.name: c.holds for c in rates.regime.conditions}

    low, high = answer.secular_fields
    cold, warm = answer.thermal_fields
    step = 2e-3  # in ln(1 - Γ/J), twice the tolerance of the search
    for end, name, inside in (
        (low, "secular", 1),
        (high, "double well", -1),
        (cold, "thermal", 1),
        (warm, "thermal", -1),
    ):
        within, beyond = (1.0 - (1.0 - end) * math.exp(-side * inside * step) for side in (1, -1))
        assert conditions(within)[name]
        assert not conditions(beyond)[name]


def test_the_pictures_of_the_window_are_valid():
    for entries in ({}, {"gamma": "", "temperature": ""}, {"temperature": ""}, {"gamma": "1e6 1/s"}, {"field": "0.02"}):
        state = State("window")
        for name, text in entries.items():
            state = state.with_entry(name, text)
        answer = window.compute(state, Job())
        for dark in (False, True):
            for drawing in (
                draw_over_spins(answer, dark),
                draw_over_field(answer, dark),
                draw_plane(answer, "eta_exact", dark),
            ):
                drawing.plotly()
                drawing.parts()
        window.dataset(answer)


@pytest.mark.parametrize(
    ("entry", "text", "message"),
    [
        ("spins", "2e6", "at most 1000000, the bound of the page Window"),
        ("field", "1.1", "field must be below the coupling"),
    ],
)
def test_what_the_window_refuses(entry, text, message):
    with pytest.raises(InputError, match=message):
        window.compute(State("window").with_entry(entry, text), Job())


@pytest.mark.parametrize(("page", "module"), [("doublet", doublet), ("window", window)])
def test_data_come_as_netcdf_and_csv(page, module, tmp_path):
    import xarray

    answer = module.compute(State(page), Job())
    data = module.dataset(answer)
    path = tmp_path / "data.nc"
    path.write_bytes(download.netcdf(data).getvalue())
    with xarray.open_dataset(path) as read:
        for name, variable in data.data_vars.items():
            assert np.array_equal(read[name].values, variable.values)
    text = download.csv(data).getvalue().decode()
    tables = [table.split("\n") for table in text.strip().split("\n\n")]
    cells = [dict(zip(table[0].split(","), table[-1].split(","), strict=True)) for table in tables]
    column = {name: value for row in cells for name, value in row.items()}
    for name, variable in data.data_vars.items():
        assert float(column[name]) == float(variable.values.ravel()[-1])


def test_csv_takes_complex_numbers_text_and_gaps():
    import xarray

    data = xarray.Dataset(
        {"z": ("t", np.array([1 + 2j, 3 - 1j])), "kind": ("t", np.array(["a,b", "c"])), "gap": ("t", [np.nan, 1.0])},
        {"t": [0.0, 0.5]},
        {"none": None, "flag": True},
    )
    assert download.csv(data).getvalue().decode() == ('t,kind,gap,z_re,z_im\n0.0,"a,b",,1.0,2.0\n0.5,c,1.0,3.0,-1.0\n')
    with xarray.open_dataset(io.BytesIO(download.netcdf(data).getvalue()), engine="h5netcdf") as read:
        assert read.attrs["flag"] == 1


@pytest.mark.parametrize(("page", "model"), [*(("doublet", model) for model in MODELS), ("window", "lmg")])
def test_the_python_and_the_command_run(page, model, run, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    state = State.example(model, page)
    view = page_class(page)(Explorer(state))
    exec(view.python(state), {})
    printed = capsys.readouterr().out
    program, *words = shlex.split(view.command(state))
    assert program == "einselect"
    code, out, err = run(shlex.join(words))
    assert (code, err) == (0, "")
    assert out.strip() in printed


def test_the_verdict_is_that_of_rates():
    explorer = Explorer(State())
    shown = explorer._pages["doublet"]._verdict.object
    for line in (*tables_of(State().system().rates).lines, *tables_of(State().system().rates).remarks):
        assert line.replace("<", "&lt;").replace(">", "&gt;") in shown


def test_a_bad_entry_keeps_the_last_good_picture():
    explorer = Explorer(State())
    view = explorer._pages["doublet"]
    figure, link = view._states.figure, explorer._link.text
    explorer.set_entry("spins", "abc")
    assert explorer._fields["spins"][1].error == "spins must be a whole number >= 2; got 'abc'"
    assert view._states.figure is figure
    assert explorer._link.text == link
    assert explorer.shown == State()
    explorer.set_entry("gamma", "0.1 1/s")  # another entry does not make the bad one good
    assert explorer._fields["spins"][1].error
    assert view._states.figure is figure
    explorer.set_entry("spins", "100")
    assert explorer._fields["spins"][1].error == ""
    assert "spins=100" in explorer._link.text
    assert "gamma=0.1" in explorer._link.text
    assert view._states.figure is not figure


def test_every_entry_moves_the_answer():
    for entry, text in {
        "spins": "300",
        "field": "0.9",
        "coupling": "80000 rad/s",
        "gamma": "0.1 1/s",
        "temperature": "5 nK",
        "jump": "Jx",
    }.items():
        explorer = Explorer(State())
        explorer.set_entry(entry, text)
        shown = explorer._answers["doublet"].rates.as_dict()
        assert shown == State().with_entry(entry, text).system().rates.as_dict()
        assert shown != State().system().rates.as_dict()


def test_a_page_refuses_what_it_cannot_do_and_another_does_it():
    state = State("window").with_entry("field", "1.1")
    explorer = Explorer(state)
    assert explorer._fields["field"][1].error.startswith("field must be below the coupling on the page Window")
    explorer.set_page("doublet")
    assert explorer._fields["field"][1].error == ""
    explorer.set_entry("field", "0.95")
    explorer.set_page("window")
    assert explorer._answers["window"].point == (370, 0.95)


def test_a_click_on_the_map_moves_the_point():
    for coupling, scale in (("74346 rad/s", 1.0), ("1", 1.0), ("2", 2.0)):
        state = State("window").with_entry("coupling", coupling)
        for name in ("gamma", "temperature") if scale != 1.0 or coupling == "1" else ():
            state = state.with_entry(name, "")
        explorer = Explorer(state.with_entry("field", str(0.95 * scale)))
        explorer._pages["window"]._clicked({"x": 0.1, "y": 200.0, "curve": 0})
        assert explorer._answers["window"].point == (200, pytest.approx(0.9))
        explorer._pages["window"]._clicked({"x": "os", "y": None})
        assert explorer._answers["window"].point == (200, pytest.approx(0.9))


def test_two_visitors_do_not_mix():
    first, second = Explorer(State()), Explorer(State())
    first.set_entry("spins", "100")
    second.set_entry("field", "0.9")
    assert first._answers["doublet"].rates.doublet.spins == 100
    assert second._answers["doublet"].rates.doublet.spins == 370
    assert first.state.entries["field"] == "0.95"


def test_an_unexpected_failure_keeps_the_page(monkeypatch):
    explorer = Explorer(State())
    monkeypatch.setattr(explorer._pages["doublet"], "compute", lambda state, job: 1 / 0)
    explorer.set_entry("spins", "100")
    assert "ZeroDivisionError" in explorer._alert.text
    assert explorer.shown == State()


def test_in_a_notebook():
    layout = explore(LMG(100, 0.9), gamma=1e-5)
    assert len(layout) == 3  # what is around, the entries, the pages
    with pytest.raises(InputError, match="model must be one of"):
        explore("lmg")


def test_pages_are_found_by_their_modules():
    names = available()
    assert names[:2] == ("doublet", "window")
    assert all(page_class(name).title for name in names)


def test_dark_colours_differ_from_their_ground():
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for dark in (False, True):
        look = theme(dark)
        for name in ("even", "odd", "P", "R", "eta_mf", "eta_exact", "potential", "limit"):
            pair = sorted((luminance(look.colour(name)), luminance(look.paper)))
            assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 2.7, (
                dark,
                name,
            )  # lines: 3 by WCAG, R's purple is just below


def test_in_the_loop_of_a_notebook():
    async def session():
        explorer = Explorer(State(), loop=_notebook_loop())
        for spins in ("100", "150", "200"):
            explorer.set_entry("spins", spins)
        for _ in range(500):
            await asyncio.sleep(0.01)
            if explorer._worker.idle:
                break
        return explorer

    # In a thread of its own: one that drives a browser has a loop already.
    with ThreadPoolExecutor(1) as pool:
        explorer = pool.submit(asyncio.run, session()).result()
    assert explorer.shown.entries["spins"] == "200"
    assert explorer._answers["doublet"].rates.doublet.spins == 200


def test_too_many_visitors_are_told(monkeypatch):
    from einselect.explorer import bounds, server

    monkeypatch.setattr(bounds, "SESSIONS", 0)
    monkeypatch.setattr(server.pn.state, "session_info", {"live": 1})
    shown = server._counted()
    assert "0 pages are open, the bound of this server" in shown.text


def test_where_web_sockets_may_come_from():
    from einselect.explorer.server import origins_of

    assert origins_of("::1", 5006) == ["[::1]:5006", "localhost:5006"]
    assert origins_of("192.0.2.7", 80, ["lab.example:80"]) == ["192.0.2.7:80", "lab.example:80"]
    assert origins_of("lab.example", 80) == ["lab.example:80"]
    assert origins_of("0.0.0.0", 80, ["lab.example:80"]) == ["lab.example:80"]
    with pytest.raises(InputError, match="origin must be given where the explorer listens on every address"):
        origins_of("0.0.0.0", 5006)
    with pytest.raises(InputError, match="origin must be a host name with its port"):
        origins_of("127.0.0.1", 5006, ["http://evil"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--port x", "port must be a whole number from 0 to 65535; got 'x'"),
        ("--port 70000", "port must be a whole number from 0 to 65535"),
        ("--host 0.0.0.0", "origin must be given"),
        ("--origin *", "origin must be a host name"),
    ],
)
def test_what_the_command_refuses(run, words, message):
    code, out, err = run(f"explore {words}")
    assert (code, out) == (2, "")
    assert message in err


def test_what_is_asked_for_before_the_page_is_shown_is_kept(monkeypatch):
    """Panel loses part of what changes after the browser has taken the page and before it says that it shows it."""
    import panel as pn

    from einselect.explorer.server import _DocumentLoop

    class Document:
        def __init__(self):
            self.asked = []

        def add_next_tick_callback(self, function):
            self.asked.append(function)

        def add_timeout_callback(self, function, milliseconds):
            function()

    shown = []
    monkeypatch.setattr(pn.state, "onload", shown.append)
    document, done = Document(), []
    loop = _DocumentLoop(document)
    loop.soon(lambda: done.append("early"))
    loop.later(lambda: done.append("after a while"), 250)
    assert document.asked == []
    shown[0]()
    assert done == []  # the page counts as shown once this has returned
    loop.soon(lambda: done.append("later"))
    for function in document.asked:
        function()
    assert done == ["early", "after a while", "later"]
