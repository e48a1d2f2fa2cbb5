"""Dynamics, Protocols, Systems and Paper in a browser: controls, numbers, the timeline, filters, accessibility."""

import re

import numpy as np
import pytest

from einselect import LMG, BoseJosephson, JumpOperator, dephasing_rates
from einselect.dynamics import evolve
from einselect.models import Dicke
from einselect.paper.claims import CATALOGUES
from einselect.protocols import LeggettGarg, husimi
from einselect.protocols.metrology_course import evolved_states
from einselect.sweeps import bath_atlas
from einselect.window import window_along
from webpage import plot, settle

MODEL, GAMMA = LMG(370, 0.95, "74346 rad/s"), "0.05 1/s"


def choose(shown, label, name, link):
    """Choose, and wait for the link, which follows when the answer is shown."""
    shown.get_by_role("combobox", name=label).select_option(name)
    arrive(shown, link)


def arrive(shown, link):
    code = "text => decodeURIComponent(location.search.replaceAll('+', ' ')).includes(text)"
    shown.wait_for_function(code, arg=link, timeout=60_000)
    settle(shown)


def enter(shown, name, text, link):
    field = shown.get_by_role("textbox", name=name, exact=True)
    field.fill(text)
    field.press("Enter")
    arrive(shown, link)


def refused(shown, name, text):
    """Enter what cannot be used, and wait for the message."""
    field = shown.get_by_role("textbox", name=name, exact=True)
    field.fill(text)
    field.press("Enter")
    shown.wait_for_timeout(200)
    field.and_(shown.locator("[aria-invalid=true]")).wait_for(timeout=60_000)


def paper(visit):
    """The page Paper, when its claims are judged."""
    shown = visit("page=paper", wait=False)
    shown.locator(".counts, figure").first.wait_for(timeout=60_000)
    shown.wait_for_timeout(300)
    return shown


def y_of(shown, picture, place):
    return np.array(plot(shown, picture, f"Array.from(plot._fullData[{place}].y)"))


def described(shown, text):
    return shown.get_by_role("img", name=re.compile(text)).get_attribute("aria-label")


def test_curves_of_dynamics_are_those_of_the_library(visit):
    shown = visit("page=dynamics&dynamics.state=ground")
    times = np.linspace(0.0, 2.0 * dephasing_rates(MODEL, GAMMA).t2_eigenstate, 201)
    run = evolve(MODEL, [JumpOperator("Jz", 0.05)], "ground", times, tolerance=1e-8)
    names = plot(shown, "dynamics-coherences", "plot._fullData.map(t => t.name)")
    assert len(names) == 6
    np.testing.assert_allclose(y_of(shown, "dynamics-coherences", 0), np.abs(run.rho_01.values), atol=1e-5)
    np.testing.assert_allclose(y_of(shown, "dynamics-coherences", 1), run.rho_pr.values.real, atol=1e-5)
    rates = dephasing_rates(MODEL, GAMMA)
    for place, rate in enumerate((rates.rate_eigenstate, rates.rate_pointer, rates.rate_mean_field), start=3):
        np.testing.assert_allclose(y_of(shown, "dynamics-coherences", place), 0.5 * np.exp(-rate * times), rtol=1e-9)
    np.testing.assert_allclose(y_of(shown, "dynamics-populations", 3), run.leakage.values, atol=1e-5)


TIMED = ("dynamics-coherences", "dynamics-populations", "dynamics-bloch", "dynamics-husimi")
# What plotly was given, and what stands on the page: curves, marks, the colours as an image.
GIVEN = "JSON.stringify([plot.data, plot.layout.shapes])"
DRAWN = """JSON.stringify([...plot.querySelectorAll('.plot path, .plot image, .shapelayer path')]
    .map(e => ['d', 'href', 'transform'].map(name => e.getAttribute(name))))"""
SAVED = "Plotly.toImage(plot, {format: 'svg', imageDataOnly: true, width: 800, height: 400})"


def at_this_time(shown):
    """All of that, and the lines and images in the file that the button SVG saves."""
    svg = {name: re.findall(r'(?: d|href)="([^"]*)"', plot(shown, name, SAVED)) for name in TIMED}
    return {name: (plot(shown, name, GIVEN), plot(shown, name, DRAWN), svg[name]) for name in TIMED}


def test_the_timeline_moves_all_pictures(visit):
    shown = visit("page=dynamics")
    started = at_this_time(shown)
    slider = shown.get_by_role("slider", name="Time shown")
    slider.focus()
    for _ in range(3):
        slider.press("PageUp")
    shown.wait_for_function("() => location.search.includes('dynamics.time=')")
    settle(shown)
    index = int(re.search(r"dynamics\.time=(\d+)", shown.url)[1])
    assert index > 30
    times = np.linspace(0.0, 2.0 * dephasing_rates(MODEL, GAMMA).t2_eigenstate, 201)
    mark = plot(shown, "dynamics-coherences", "plot.layout.shapes[0].x0")
    assert mark == pytest.approx(1e3 * times[index])
    run = evolve(MODEL, [JumpOperator("Jz", 0.05)], "eigen-superposition", times, tolerance=1e-8)
    now = "(s => [s.x1, s.y1])(plot.layout.shapes[0])"
    rho = run.rho_01.values[index]
    even, odd = run.populations.values[index, :2]
    wanted = [2 * rho.real, -2 * rho.imag, even - odd]
    towards = np.array([1.05, 0.95, 0.55]) / np.linalg.norm([1.05, 0.95, 0.55])
    right = np.cross([0.0, 0.0, 1.0], towards) / np.linalg.norm(towards[:2])
    seen = [right @ wanted, np.cross(towards, right) @ wanted]
    np.testing.assert_allclose(plot(shown, "dynamics-bloch", now), seen, atol=1e-4)
    levels = MODEL.levels(20)
    state = evolved_states(MODEL, levels, 0.05, "pointer", [times[index]])[0]
    largest = float(husimi(levels, state, np.linspace(0.0, np.pi, 361), np.linspace(-np.pi, np.pi, 721)).max())
    told = float(re.search(r"largest value ([0-9.]+)", described(shown, "Husimi function at"))[1])
    assert told == pytest.approx(largest, rel=5e-3)  # on a grid of a sixth of the width
    moved = at_this_time(shown)
    shown.reload()
    shown.locator(".js-plotly-plot .main-svg").first.wait_for()
    shown.get_by_role("img", name=re.compile("Husimi function at")).locator(".main-svg").first.wait_for()
    settle(shown)
    linked = at_this_time(shown)
    for name in TIMED:
        for was, slid, whole in zip(started[name], moved[name], linked[name], strict=True):
            assert slid == whole != was


def test_playing_shows_every_frame_and_stops_at_the_end(visit):
    shown = visit("page=dynamics&dynamics.time=160")
    shown.get_by_role("button", name="Play Time shown").click()
    shown.get_by_role("button", name="Stop Time shown").wait_for()
    shown.wait_for_function("() => location.search.includes('dynamics.time=200')", timeout=40_000)
    shown.get_by_role("button", name="Play Time shown").wait_for()
    assert shown.get_by_text("= 2 T2").count() == 1
    shown.get_by_role("button", name="Play Time shown").click()  # from the beginning again
    shown.wait_for_timeout(600)
    shown.get_by_role("button", name="Stop Time shown").click()
    shown.get_by_role("button", name="Play Time shown").wait_for()
    shown.wait_for_function("() => !location.search.includes('dynamics.time=200')")


def test_a_bad_time_is_told_beside_its_entry(visit):
    shown = visit("page=dynamics")
    before = plot(shown, "dynamics-coherences", "JSON.stringify(plot.data)")
    for text in ("soon", "-1 s", "1e99T2", "3 kg"):
        refused(shown, "Last time", text)
        assert plot(shown, "dynamics-coherences", "JSON.stringify(plot.data)") == before
        assert "dynamics.end" not in shown.url
    enter(shown, "Last time", "1T2", "dynamics.end=1T2")
    assert shown.get_by_role("textbox", name="Last time").get_attribute("aria-invalid") == "false"
    last = plot(shown, "dynamics-coherences", "plot._fullData[0].x[200]")
    assert last == pytest.approx(1e3 * dephasing_rates(MODEL, GAMMA).t2_eigenstate)


def test_a_long_run_is_cancelled(visit):
    shown = visit("page=dynamics&spins=100&field=0.95&coupling=74346+rad/s&gamma=0.05+1/s")
    before = plot(shown, "dynamics-coherences", "JSON.stringify(plot.data)")
    shown.get_by_role("combobox", name="Levels").select_option("all (whole symmetric sector)")
    shown.get_by_role("progressbar", name="Computation").wait_for()
    shown.get_by_role("button", name="Cancel").click()
    shown.get_by_role("button", name="Cancel").wait_for(state="hidden")
    stopped = shown.get_by_text(re.compile("stopped before the last time|the computation was cancelled")).first
    stopped.wait_for()
    if "cancelled" in stopped.inner_text():  # before the second time was done
        assert plot(shown, "dynamics-coherences", "JSON.stringify(plot.data)") == before


def test_protocols(visit):
    shown = visit("page=protocols")
    rows = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in shown.locator("tbody tr").all()
    }
    for level in ("A", "B", "two-level", "C"):
        test = LeggettGarg(MODEL, level, tolerance=1e-6)
        assert float(rows[level][1]) == pytest.approx(test.k3(GAMMA).value, abs=1e-5)
        assert float(rows[level][4]) == pytest.approx(test.threshold().gamma, rel=1e-4)
    choose(shown, "Protocol", "Sensing and squeezing", "protocols.show=sensing")
    static = shown.get_by_text("Best time:").inner_text()
    choose(shown, "The field is", "at resonance, ω = ΔE", "protocols.field=resonant")
    assert shown.get_by_text("Best time:").inner_text() != static
    choose(shown, "Protocol", "Atom-number noise", "protocols.show=noise")
    assert "with J/N held K3 > 1 up to σ_N = 2.04 atoms" in shown.get_by_text("By C").inner_text()
    refused(shown, "Noise σ_N", "many")
    enter(shown, "Noise σ_N", "1", "protocols.noise=1")
    reach = plot(shown, "protocols-noise", "Math.max(...plot._fullData[1].x)")
    assert reach == pytest.approx(5.0)
    assert (
        "einselect noisy-leggett-garg" in shown.get_by_role("region", name="The command that makes this").inner_text()
    )


def test_systems(visit):
    shown = visit("page=systems&model=dicke")
    text = shown.locator("table").all_inner_texts()
    joined = "\n".join(text)
    for row in bath_atlas(Dicke(20, 0.7)).rows:
        assert f"{row.eta:.5g}" in joined
    assert shown.get_by_text("H = ω a†a + ω0 Jz").is_visible()
    assert shown.get_by_role("heading", name="η along a parameter").count() == 0
    choose(shown, "η along", "λ (coupling)", "systems.along=coupling")
    x = plot(shown, "systems-curve", "Array.from(plot._fullData[0].x)")
    assert x[0] == pytest.approx(0.175)
    assert len(x) == 25
    choose(shown, "Show", "and all systems", "systems.compare=yes")
    assert plot(shown, "systems-comparison", "plot._fullData.reduce((n, t) => n + t.x.length, 0)") == 44


def test_a_click_on_the_map_of_another_model_moves_the_point(visit):
    from axe_playwright_python.sync_playwright import Axe

    shown = visit("page=window&model=bose-josephson&window.quantity=eta_exact", width=1600)
    shown.get_by_role("heading", name="Map of number of spins N and U: click to move the point").wait_for()
    settle(shown)
    area = shown.locator("[data-picture=window-plane] .nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    before = shown.url
    shown.mouse.click(box["x"] + 0.65 * box["width"], box["y"] + 0.55 * box["height"])
    shown.wait_for_function("before => location.href !== before", arg=before)
    settle(shown)
    spins, interaction = (
        shown.get_by_role("textbox", name=name).input_value() for name in ("Number of spins N", "Interaction U")
    )
    assert (spins, interaction) != ("200", "0.006")
    point = plot(shown, "window-plane", "(s => [s.xanchor, s.yanchor])(plot.layout.shapes.at(-1))")
    assert point == [float(interaction), int(spins)]
    own = window_along(lambda n: BoseJosephson(n, 0.5, float(interaction)), "spins", (4, 2000), gamma=1e-11)
    assert own.verdict[1:] in shown.get_by_role("status").first.inner_text()
    shapes = plot(shown, "window-spins", "plot.layout.shapes.map(s => [s.type, s.x0, s.x1])")
    assert shapes == [["rect", own.spins_min, own.spins_max], ["line", int(spins), int(spins)]]
    assert shown.get_by_role("button", name="Save the picture window-interaction as SVG").is_visible()
    found = Axe().run(shown).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_claims_are_filtered_and_figures_shown(visit):
    shown = paper(visit)
    total = sum(len(catalogue.entries) for catalogue in CATALOGUES)
    assert shown.get_by_text(f"{total} of {total} claims shown").is_visible()
    assert shown.locator("article").count() == total
    choose(shown, "Verdict", "not reproduced", "paper.verdict=not reproduced")
    verdicts = set(shown.locator("article .badge").all_inner_texts())
    assert verdicts == {"not reproduced"}
    few = shown.locator("article").count()
    assert f"{few} of {total} claims shown" in shown.locator(".verdict").first.inner_text()
    enter(shown, "Words", "<script>alert(1)</script>", "paper.words=<script>")
    assert shown.locator("article").count() == 0
    enter(shown, "Words", "Jz", "paper.words=Jz")
    assert 0 < shown.locator("article").count() <= few
    shown.get_by_role("textbox", name="Words").fill("")
    shown.get_by_role("textbox", name="Words").press("Enter")
    shown.locator("article").nth(few - 1).wait_for()
    assert shown.locator("article").count() == few
    assert not shown.get_by_role("textbox", name="Number of spins N").is_visible()
    choose(shown, "Show", "Figure 2", "paper.show=figure2")
    shown.get_by_role("img", name=re.compile("Figure 2")).wait_for()
    width = shown.get_by_role("img", name=re.compile("Figure 2")).evaluate("e => e.naturalWidth")
    assert width > 100
