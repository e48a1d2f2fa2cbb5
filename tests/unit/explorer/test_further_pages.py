"""Dynamics, Protocols, Systems and Paper without a browser: pictures are valid, numbers and code the library's."""

from __future__ import annotations

import json
import math
import shlex

import numpy as np
import pytest

from einselect import LMG, JumpOperator
from einselect.dynamics import evolve
from einselect.explorer import download
from einselect.explorer.app import Explorer
from einselect.explorer.compute import dynamics, paper, protocols, systems
from einselect.explorer.figures import dynamics as time_figures
from einselect.explorer.figures import protocols as protocol_figures
from einselect.explorer.figures import spheres
from einselect.explorer.figures import systems as system_figures
from einselect.explorer.figures.lines import log_axis
from einselect.explorer.jobs import Job
from einselect.explorer.pages import page_class
from einselect.explorer.parts import Setting, Timeline, TypedSetting
from einselect.explorer.state import EXAMPLES, State
from einselect.paper.claims import CATALOGUES
from einselect.protocols import LeggettGarg
from einselect.sweeps import bath_atlas

SMALL = State().with_entry("spins", "60")


def with_options(state, **options):
    for name, text in options.items():
        state = state.with_option(name.replace("__", "."), text)
    return state


def trace(drawing, name):
    (found,) = [t for t in drawing.data if t.get("name", "").startswith(name)]
    return found


# --- pictures -------------------------------------------------------------------------------------------------------
def test_coherences_are_drawn_with_the_naive_exponentials() -> None:
    course = dynamics.compute(State("dynamics"), Job())
    drawing = time_figures.draw_coherences(course, 60, dark=False)
    run = evolve(LMG(370, 0.95, "74346 rad/s"), [JumpOperator("Jz", 0.05)], "pointer", course.times, tolerance=1e-9)
    np.testing.assert_allclose(trace(drawing, "|ρ")["y"], np.abs(run.rho_01.values), atol=1e-6)
    np.testing.assert_allclose(trace(drawing, "Im ρ")["y"], run.rho_pr.values.imag, atol=1e-6)
    np.testing.assert_allclose(trace(drawing, "|ρ")["x"], 1e3 * course.times)  # ms
    naive = [t["y"] for t in drawing.data if t["name"].startswith("½")]
    rates = course.rates
    for values, rate in zip(naive, (rates.rate_eigenstate, rates.rate_pointer, rates.rate_mean_field), strict=True):
        np.testing.assert_allclose(values, 0.5 * np.exp(-rate * course.times), rtol=1e-12)
    (mark,) = drawing.layout["shapes"]
    assert mark["x0"] == pytest.approx(1e3 * course.times[60])
    populations = time_figures.draw_populations(course, 60, dark=True)
    np.testing.assert_allclose(trace(populations, "leakage")["y"], run.leakage.values, atol=1e-6)


@pytest.mark.parametrize("eye", spheres.VIEWS)
def test_arrow_and_way_are_seen_from_each_eye(eye) -> None:
    """In the plane that is seen: lengths along the line of sight are lost, and nothing else."""
    course = dynamics.compute(State("dynamics"), Job())
    bloch = spheres.draw_bloch(course, 10, False, eye)
    (arrow, tip), way = bloch.layout["shapes"], trace(bloch, "levels")
    np.testing.assert_allclose(way["customdata"], course.bloch)
    towards = {"oblique": (1.05, 0.95, 0.55), "front": (1, 0, 0), "side": (0, 1, 0), "top": (0, 0, 1)}[eye]
    lost = course.bloch @ (np.array(towards) / np.linalg.norm(towards))
    length = np.hypot(way["x"], way["y"])
    np.testing.assert_allclose(length**2, np.sum(course.bloch**2, axis=1) - lost**2, atol=1e-12)
    assert (arrow["x0"], arrow["y0"]) == (0.0, 0.0)
    for found in ((arrow["x1"], arrow["y1"]), (tip["xanchor"], tip["yanchor"])):
        np.testing.assert_allclose(found, (way["x"][10], way["y"][10]), atol=1e-15)
    x, y, z = course.bloch.T
    seen = {"front": (y, z), "side": (-x, z), "top": (y, -x)}.get(eye)
    if seen is not None:  # right-handed: from +x, +y is on the right
        np.testing.assert_allclose((way["x"], way["y"]), seen, atol=1e-12)
    near = bloch.data[2]
    assert np.nanmax(np.hypot(near["x"], near["y"])) <= 1.0 + 1e-12
    named = [note["text"] for note in bloch.layout["annotations"]]
    assert ("|R⟩" in named) is (eye != "front")
    assert ("|E<sub>1</sub>⟩" in named) is (eye != "top")


def test_sphere_has_two_faces_and_one_scale() -> None:
    course = dynamics.compute(State("dynamics"), Job())
    front, back, *_ = spheres.draw_husimi(course, 10, dark=False).data
    for face, q, axis in zip((front, back), course.husimi(10), course.axes, strict=True):
        np.testing.assert_allclose(face["z"], q, atol=1e-7)
        np.testing.assert_array_equal(face["x"], axis)
        assert face["zmax"] == course.husimi_top == pytest.approx(np.nanmax(course.husimi(0)[0]))
    layout = spheres.draw_husimi(course, 10, dark=False).layout
    low, high = layout["xaxis2"]["range"]
    assert low > high  # from behind, +y is on the left


@pytest.mark.parametrize("dark", [False, True])
def test_a_patch_makes_the_figure_of_its_time(dark) -> None:
    """From any time to any other: what a patch leaves as it was is the same at all times."""
    course = dynamics.compute(State("dynamics"), Job())
    whole = {
        "coherences": lambda k: time_figures.draw_coherences(course, k, dark),
        "populations": lambda k: time_figures.draw_populations(course, k, dark),
        "bloch": lambda k: spheres.draw_bloch(course, k, dark, "top"),
        "husimi": lambda k: spheres.draw_husimi(course, k, dark),
    }
    patches = {
        "coherences": lambda k: time_figures.mark_time(course, k, dark),
        "populations": lambda k: time_figures.mark_time(course, k, dark),
        "bloch": lambda k: spheres.move_bloch(course, k, dark, "top"),
        "husimi": lambda k: spheres.move_husimi(course, k),
    }
    for name, draw in whole.items():
        for before, after in ((0, 200), (3, 77), (200, 1)):
            assert draw(before).parts() != draw(after).parts()
            patch = patches[name](after)
            assert draw(before).patched(patch).parts() == draw(after).parts()
            assert len(patch.json()) < 0.9 * sum(map(len, draw(after).parts()))


def all_drawings(dark):
    course = dynamics.compute(with_options(State("dynamics"), dynamics__state="ground"), Job())
    yield time_figures.draw_coherences(course, 0, dark)
    yield time_figures.draw_populations(course, 0, dark)
    for eye in spheres.VIEWS:
        yield spheres.draw_bloch(course, 200, dark, eye)
    yield spheres.draw_husimi(course, 200, dark)
    yield protocol_figures.draw_k3(protocols.compute(with_options(SMALL, protocols__levels="all"), Job()), dark)
    found = protocols.compute(with_options(SMALL, protocols__show="sensing", protocols__field="resonant"), Job())
    yield protocol_figures.draw_field_information(found, dark)
    yield protocol_figures.draw_squeezing(found, dark)
    noise = protocols.compute(with_options(SMALL, protocols__show="noise", protocols__noise="0.3"), Job())
    yield protocol_figures.draw_noise(noise, dark)
    yield protocol_figures.draw_noisy_coherence(noise, dark)
    for name in ("lmg", "bose-josephson"):
        state = with_options(State.example(name), systems__along="spins")
        answer = systems.compute(state, Job())
        yield system_figures.draw_atlas(answer.answer.atlas, dark)
        now = answer.answer.system.model.spins
        yield system_figures.draw_curve(answer.curve, answer.answer.system.entry, "spins", now, dark)


@pytest.mark.parametrize("dark", [False, True])
def test_every_picture_is_valid(dark) -> None:
    """Plotly's own classes take what is drawn, and the browser gets no NaN."""
    for drawing in all_drawings(dark):
        drawing.plotly()
        assert sum(map(len, drawing.parts())) < 1_500_000


def test_every_row_of_the_comparison_is_drawn() -> None:
    comparison = systems.comparison()
    drawing = system_figures.draw_comparison(comparison, dark=False)
    drawing.plotly()
    points = {y: x for t in drawing.data[1:] for x, y in zip(t["x"], t["y"], strict=True)}
    wanted = {f"{row.system}: {row.bath.jump}": row.bath.eta for row in comparison.rows if row.bath.eta is not None}
    assert points == wanted
    low, high = drawing.layout["xaxis"]["range"]
    assert all(low < eta < high for eta in wanted.values())


def test_a_logarithmic_axis_has_plain_numbers() -> None:
    axis = log_axis("N", 0.2, 11.0)
    assert axis["ticktext"] == ["0.2", "0.5", "1", "2", "5", "10"]
    assert len(log_axis("N", 1e-30, 1e10)["tickvals"]) < 12


# --- pages ----------------------------------------------------------------------------------------------------------
def text_of(explorer, page, part):
    return getattr(explorer._pages[page], part).object


def test_numbers_of_the_page_dynamics() -> None:
    explorer = Explorer(with_options(State("dynamics"), dynamics__time="60"))
    view = explorer._pages["dynamics"]
    course = explorer._answers["dynamics"][1]
    assert f"{course.data.attrs['levels']} levels" in text_of(explorer, "dynamics", "_status")
    rates = State().system().rates
    assert f"Γ_01 = {rates.rate_eigenstate:.5g} 1/s" in text_of(explorer, "dynamics", "_status")
    said = view._coherences.layout.described
    assert f"|ρ_01| = {abs(course.data.rho_01.values[60]):.4f}" in said
    assert view._timeline.shown == "t = 4.227 ms = 0.6 T2"


def test_another_time_needs_no_new_run_and_no_new_figure() -> None:
    explorer = Explorer(State("dynamics"))
    view = explorer._pages["dynamics"]
    course = view._known[1]
    pictures = (view._coherences, view._populations, view._bloch, view._sphere)
    sent = [picture.layout.figure for picture in pictures]
    view._timeline._handle_msg({"index": 30})
    assert view._timeline.answered == 1
    assert [picture.layout.figure for picture in pictures] == sent
    assert sum(len(picture.layout.patch) for picture in pictures) < 0.5 * sum(map(len, sent))
    assert "dynamics.time" not in explorer.state.options
    view._timeline._handle_msg({"settled": 30})
    assert view._known[1] is course
    assert "dynamics.time=30" in explorer._link.text
    linked = Explorer(State.from_query(explorer._link.text))._pages["dynamics"]
    others = (linked._coherences, linked._populations, linked._bloch, linked._sphere)
    for picture, other in zip(pictures, others, strict=True):
        assert other.layout.patch == ""
        assert picture.figure.parts() == (other.layout.figure, other.layout.shapes)
        assert picture.layout.described == other.layout.described
    explorer.set_option("dynamics.state", "ground")
    assert view._known[1] is not course
    assert view._coherences.layout.patch == ""  # it belongs to the figure before
    explorer.set_entry("temperature", "1 nK")  # the run does not depend on it
    assert view._known[1].state == "ground"
    for bad in ({"index": -1}, {"index": 10**9}, {"index": "5"}, {"settled": None}, "x"):
        view._timeline._handle_msg(bad)
    assert view._timeline.index == 30
    assert view._timeline.answered == 4  # a refused move too: the next one may come


def test_the_ball_is_seen_from_where_the_visitor_wants() -> None:
    explorer = Explorer(State("dynamics"))
    view = explorer._pages["dynamics"]
    course, before = view._known[1], (view._bloch.layout.figure, view._bloch.layout.shapes)
    explorer.set_option("dynamics.view", "top")
    assert view._known[1] is course
    now = view._bloch.layout.figure, view._bloch.layout.shapes
    assert now == spheres.draw_bloch(course, 0, False, "top").parts() != before
    assert "dynamics.view=top" in explorer._link.text
    explorer.set_option("dynamics.view", "nowhere")
    assert explorer._alert.text == "view must be one of oblique, front, side, top; got 'nowhere'"
    assert "dynamics.view=top" in explorer._link.text


def test_a_bad_time_is_refused_beside_its_entry() -> None:
    explorer = Explorer(State("dynamics"))
    view = explorer._pages["dynamics"]
    known, link = view._known, explorer._link.text
    explorer.set_option("dynamics.end", "-3 s")
    assert view._end.part.error.startswith("t-end must be a finite number > 0")
    assert view._known is known
    assert explorer._link.text == link
    explorer.set_option("dynamics.end", "1T2")
    assert view._end.part.error == ""
    assert view._known is not known
    explorer.set_option("dynamics.end", "9" * 100)
    assert "at most 64 characters" in explorer._alert.text or "at most 64" in view._end.part.error
    explorer.set_option("dynamics.end", "2T2")
    explorer.set_entry("gamma", "")
    assert "gamma must be given" in explorer._fields["gamma"][1].error


def test_a_model_without_a_sphere_says_so() -> None:
    explorer = Explorer(with_options(State.example("rabi", "dynamics"), dynamics__end="0.1T2"))
    view = explorer._pages["dynamics"]
    assert not view._with_sphere.visible
    assert "model must be a collective spin" in view._no_sphere.object


def test_numbers_of_the_page_protocols() -> None:
    explorer = Explorer(State("protocols"))
    table = text_of(explorer, "protocols", "_table")
    test = LeggettGarg(LMG(370, 0.95, "74346 rad/s"), "C", tolerance=1e-6)
    assert f"{test.k3('0.05 1/s').value:.6g}" in table
    assert f"{test.threshold().gamma:.5g}" in table
    explorer.set_option("protocols.show", "noise")
    assert "up to σ_N = 2.04 atoms" in text_of(explorer, "protocols", "_status")
    view = explorer._pages["protocols"]
    assert [group.visible for group in view._groups.values()] == [False, False, True]
    explorer.set_option("protocols.noise", "lots")
    assert view._noise.part.error.startswith("noise must be")
    explorer.set_option("protocols.noise", "1")
    assert view._noise.part.error == ""
    explorer.set_option("protocols.show", "sensing")
    best = explorer._answers["protocols"].best
    assert f"Best time: {best.time:.5g} s" in text_of(explorer, "protocols", "_status")
    assert view._groups["sensing"].visible


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_numbers_of_the_page_systems(name) -> None:
    explorer = Explorer(State.example(name, "systems"))
    numbers = text_of(explorer, "systems", "_numbers")
    model = State.example(name).system().model
    for row in bath_atlas(model).rows:
        assert f"{row.eta:.5g}" in numbers
    assert State.example(name).system().entry.hamiltonian.replace("<", "&lt;").replace(">", "&gt;") in text_of(
        explorer, "systems", "_head"
    )
    assert explorer._alert.text == ""


def test_settings_of_the_page_systems() -> None:
    explorer = Explorer(State.example("dimer", "systems"))
    view = explorer._pages["systems"]
    assert not view._further.visible
    assert set(view._along.values) == {"none", "coupling", "huang_rhys"}
    explorer.set_option("systems.along", "huang_rhys")
    assert view._further.visible
    curve = explorer._answers["systems"][1].curve
    explorer.set_option("systems.levels", "99")
    assert view._levels.part.error.startswith("levels must be a whole number from 2 to 40")
    explorer.set_option("systems.levels", "4")
    assert len(explorer._answers["systems"][1].answer.levels) == 4
    assert explorer._answers["systems"][1].curve is curve  # made once
    explorer.set_option("systems.along", "none")
    assert not view._further.visible
    explorer.set_option("systems.compare", "yes")
    assert view._together.visible
    comparison = view._comparison
    explorer.set_entry("huang_rhys", "3")
    assert explorer._answers["systems"][1].comparison is comparison  # once is enough


@pytest.fixture
def few_claims(monkeypatch):
    """The quickest parts of the paper stand for all of them."""
    kept = tuple(c for c in CATALOGUES if c.part in ("Table 3", "Section 6"))
    monkeypatch.setattr(paper, "CATALOGUES", kept)
    return kept


def test_claims_on_the_page_paper(few_claims) -> None:
    explorer = Explorer(State("paper"))
    view = explorer._pages["paper"]
    total = sum(len(catalogue.entries) for catalogue in few_claims)
    assert f"{total} of {total} claims shown" in view._head.object
    audit = view._audit
    assert view._body.object.count("<article") == total
    explorer.set_option("paper.part", "Table 3")
    explorer.set_option("paper.words", "<b>")
    assert f"0 of {total} claims shown" in view._head.object
    explorer.set_option("paper.words", "370")
    kept = audit.chosen(part="Table 3", words="370")
    assert 0 < len(kept) < len(audit.chosen(part="Table 3"))
    assert f"{len(kept)} of {total} claims shown" in view._head.object
    assert view._audit is audit  # judged once
    assert not explorer._controls.visible
    explorer.set_option("paper.show", "figure2")
    assert '<img alt="Figure 2.' in view._body.object
    assert not view._verdict.part.visible
    explorer.set_option("paper.show", "figure7")
    assert "figure must be one of figure1" in explorer._alert.text


@pytest.mark.parametrize(
    ("page", "options"),
    [
        ("dynamics", {}),
        ("protocols", {}),
        ("protocols", {"protocols__show": "sensing"}),
        ("protocols", {"protocols__show": "noise", "protocols__noise": "0.3"}),
        ("systems", {}),
        ("systems", {"systems__along": "field"}),
        ("paper", {}),
    ],
)
def test_data_can_be_taken_away(page, options, few_claims, tmp_path) -> None:
    import xarray

    explorer = Explorer(with_options(State(page, entries=SMALL.entries), **options))
    data = explorer._pages[page].data(explorer._answers[page])
    path = tmp_path / "data.nc"
    path.write_bytes(download.netcdf(data).getvalue())
    with xarray.open_dataset(path) as read:
        for name, variable in data.data_vars.items():
            if variable.dtype.kind == "c":
                np.testing.assert_array_equal(read[f"{name}_im"].values, variable.values.imag)
            else:
                np.testing.assert_array_equal(read[name].values, variable.values)
    assert download.csv(data).getvalue().count(b"\n") > 4


@pytest.mark.parametrize("model", ["lmg", "anisotropic", "rabi"])
def test_python_and_command_of_dynamics_run(model, run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    state = with_options(State.example(model, "dynamics"), dynamics__state="ground", dynamics__end="0.5T2")
    if model == "lmg":
        state = state.with_entry("jump", "Jx")
    view = page_class("dynamics")(Explorer(state))
    names: dict = {}
    exec(view.python(state), names)
    course = dynamics.compute(state, Job())
    np.testing.assert_allclose(names["run"].rho_pr.values, course.data.rho_pr.values, atol=2e-4)
    assert (tmp_path / "coherences.svg").exists()
    code, out, err = run(shlex.join(shlex.split(view.command(state))[1:]))
    assert (code, err) == (0, "")
    assert f"{course.data.rho_pr.values.real[0]:.6g}" in out


def test_python_and_command_of_protocols_run(run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    explorer = Explorer(State("protocols", entries=SMALL.entries))
    view = explorer._pages["protocols"]
    state = with_options(SMALL, protocols__initial="thermal")
    names: dict = {}
    exec(view.python(state), names)
    answer = protocols.compute(state, Job())
    assert names["test"].k3("0.05 1/s").value == pytest.approx(answer.rows[-1].value.value, abs=1e-5)
    code, out, err = run(shlex.join(shlex.split(view.command(state))[1:]))
    assert (code, err) == (0, "")
    assert f"{answer.rows[-1].value.value:.7g}"[:6] in out
    state = with_options(
        SMALL, protocols__show="sensing", protocols__sensor="pointer", protocols__field="resonant", protocols__end="1T2"
    )
    exec(view.python(state), names)
    answer = protocols.compute(state, Job())
    assert names["best"].time == pytest.approx(answer.best.time, rel=1e-2)
    code, out, err = run(shlex.join(shlex.split(view.command(state))[1:]))
    assert (code, err) == (0, "")
    assert f"{answer.best.time:.6g}"[:4] in out
    state = with_options(SMALL, protocols__show="noise", protocols__noise="0.1")
    exec(view.python(state).replace(", 13)", ", 3)"), names)
    found = protocols.compute(state, Job()).dataset()
    np.testing.assert_allclose(names["scan"].k3[:, -1].values, found.k3[:, -1].values, atol=2e-3)
    code, out, err = run(shlex.join(shlex.split(view.command(state))[1:]) + " --json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    np.testing.assert_allclose(told["widths"], found.width.values[1:], rtol=1e-12)
    for hold, row in told["held"].items():
        page, limit = found.sel(hold=hold), found.limit.sel(hold=hold).item()
        np.testing.assert_allclose(row["k3"], page.k3.values[1:], atol=1e-9)
        np.testing.assert_allclose(told["course"]["times"], page.time.values, rtol=1e-12)
        np.testing.assert_allclose(told["course"]["held"][hold]["abs_rho_01"], page.abs_rho_01.values, atol=1e-9)
        assert row["limit"] == (pytest.approx(limit, rel=0.02) if math.isfinite(limit) else None)


@pytest.mark.parametrize("model", ["lmg", "rabi"])
def test_python_and_command_of_systems_run(model, run, capsys) -> None:
    state = State.example(model, "systems")
    view = Explorer(state)._pages["systems"]
    exec(view.python(state), {})
    printed = capsys.readouterr().out
    code, out, err = run(shlex.join(shlex.split(view.command(state))[1:]))
    assert (code, err) == (0, "")
    assert out.strip() in printed
    assert view.command(with_options(state, systems__compare="yes")) == "einselect compare"


def test_python_of_the_paper_is_that_of_its_code(few_claims, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    view = Explorer(State("paper"))._pages["paper"]
    exec(view.python(with_options(State("paper"), paper__show="figure2")), {})
    assert (tmp_path / "figure2.svg").read_bytes().startswith(b"<?xml")
    assert "print(claims_markdown(audit()))" in view.python(State("paper"))
    assert view.command(State("paper")).startswith("einselect paper")


# --- parts ----------------------------------------------------------------------------------------------------------
class Told:
    """A host that keeps what it is told."""

    def __init__(self) -> None:
        self.options: list[tuple[str, str]] = []

    def set_option(self, name: str, text: str) -> None:
        self.options.append((name, text))


def test_settings_follow_without_telling() -> None:
    host = Told()
    choice = Setting(host, "page.kind", "Kind", {"a": "first", "b": "second"})
    choice.follow(State().with_option("page.kind", "b"))
    choice.follow(State().with_option("page.kind", "zebra"))
    assert (choice.part.value, host.options) == ("b", [])
    choice.offer({"a": "first", "c": "third"})
    assert (choice.part.value, host.options) == ("a", [])
    choice.part._handle_msg("zebra")
    assert host.options == []
    choice.part._handle_msg("c")
    assert choice.part.value == "c"
    entry = TypedSetting(host, "page.words", "Words", "", "2T2", named="words")
    entry.follow(State().with_option("page.words", "3"))
    assert entry.part.text == "3"
    entry.part._handle_msg({"typed": " 7 "})
    assert host.options == [("page.kind", "c"), ("page.words", "7")]
    assert entry.refuse("words must be few; got 'many'")
    assert entry.part.error
    assert not entry.refuse("spins must be few")
    assert entry.part.error == ""


def test_a_timeline_tells_what_is_moved() -> None:
    told: list[tuple[str, int]] = []
    timeline = Timeline(count=5)
    timeline.on_moved = lambda place: told.append(("moved", place))
    timeline.on_settled = lambda place: told.append(("settled", place))
    timeline._handle_msg({"index": 3})
    timeline._handle_msg({"settled": 4})
    timeline._handle_msg({"index": 5})
    timeline._handle_msg({"index": 1.5})
    assert told == [("moved", 3), ("settled", 4)]
