"""The explorer in a browser: controls, numbers, links, downloads, keyboard, screen reader, several visitors, bounds."""

import io
import math
import re
import socket
import struct
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from einselect import LMG, Dicke, dephasing_rates, find_window
from einselect.display import figure, page
from einselect.models import coordinate_states
from webpage import PLOTS, plot, settle

MODEL = LMG(370, 0.95, "74346 rad/s")
BATH = "coupling=74346+rad/s&gamma=0.05+1/s&temperature=10+nK"


def entry(shown, name):
    return shown.get_by_role("textbox", name=name)


def type_in(shown, name, text):
    """Enter a text, and wait until it is shown or refused."""
    field = entry(shown, name)
    field.fill(text)
    field.press("Enter")
    shown.wait_for_function(
        """([field, text]) => field.getAttribute('aria-invalid') === 'true'
           || [...new URLSearchParams(location.search).values()].includes(text)""",
        arg=[field.element_handle(), text],
    )
    settle(shown)


def mend(shown, name, text):
    """Enter a good text after a bad one."""
    field = entry(shown, name)
    field.fill(text)
    field.press("Enter")
    shown.wait_for_function("f => f.getAttribute('aria-invalid') === 'false'", arg=field.element_handle())
    settle(shown)


@contextmanager
def changing(shown):
    """What is done inside changes what is shown, and with it the link."""
    before = shown.url
    yield
    shown.wait_for_function("before => location.href !== before", arg=before)
    settle(shown)


def error_of(shown, name):
    """What a screen reader reads of a field's error."""
    described = entry(shown, name).get_attribute("aria-describedby").split()[0]
    return shown.locator(f"#{described}").inner_text()


def cells(shown):
    """All tables as {first cell: the others}."""
    rows = shown.locator("tbody tr").all()
    return {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows}


def test_the_numbers_are_those_of_the_library(visit):
    shown = visit()
    rates = dephasing_rates(MODEL, "0.05 1/s", temperature="10 nK")
    found = cells(shown)
    for table in page(rates).tables:
        for first, *others in table.rows:
            read = [text.removeprefix("✓ ").removeprefix("✗ ") for text in found[first]]
            assert read == others, first
    status = shown.get_by_role("status").first.inner_text()
    assert status == f"Regime: {rates.regime.name} – {rates.regime.summary}."
    for warning in rates.warnings:
        assert shown.get_by_text(f"Warning: {warning}.").is_visible()
    assert figure(rates.doublet.eta_mf, 7) == found["ρ_PR mean field"][2]
    drawn = plot(shown, "doublet-rates", "plot.data[0].x")
    assert drawn == [rates.rate_eigenstate, rates.rate_pointer, rates.rate_mean_field]
    assert shown.get_by_role("img", name=re.compile("Wavefunctions over the eigenvalue m of Jz")).count() == 1
    assert shown.get_by_role("img", name=re.compile(r"Decay rates: energy eigenstates 141\.95")).count() == 1
    state = MODEL.doublet().state("P")
    x, y = plot(
        shown, "doublet-states", "(t => [Array.from(t.x), Array.from(t.y)])(plot._fullData.find(t => t.name === 'P'))"
    )
    scale = np.max(y) / np.max(state.amplitudes[np.isin(state.m, x)])
    assert np.allclose(np.array(y) / scale, state.amplitudes[np.isin(state.m, x)], atol=1e-12)


def test_the_window_is_that_of_the_library(visit):
    shown = visit("page=window")
    window = find_window(0.95, "74346 rad/s", "0.05 1/s", "10 nK")
    verdict = window.verdict
    assert shown.get_by_role("status").first.inner_text() == f"{verdict[0].upper()}{verdict[1:]}."
    found = cells(shown)
    for first, *others in page(window).tables[0].rows:
        assert found[first] == list(others)
    shapes = plot(shown, "window-spins", "plot.layout.shapes.map(s => [s.type, s.x0, s.x1])")
    assert shapes[:2] == [["rect", 112, 413], ["rect", 283, 413]]
    assert shapes[2] == ["line", 370, 370]


def test_every_slider_moves_its_entry_and_the_answer(visit):
    shown = visit()
    given = {"spins": "370", "field": "0.95", "coupling": "74346 rad/s", "gamma": "0.05 1/s", "temperature": "10 nK"}
    labels = ("Number of spins N", "Field Γ", "Coupling J", "Dephasing rate γ", "Temperature T")
    for label, name in zip(labels, given, strict=True):
        before = cells(shown)
        with changing(shown):
            shown.get_by_role("slider", name=f"{label}, slider").press("ArrowLeft")
        text = entry(shown, label).input_value()
        assert text != given[name]
        given[name] = text
        model = LMG(int(given["spins"]), float(given["field"]), given["coupling"])
        rates = dephasing_rates(model, given["gamma"], temperature=given["temperature"])
        after = cells(shown)
        assert after != before
        coherences, conditions = page(rates).tables[1:3]
        for first, *others in (*coherences.rows, *conditions.rows):
            assert [text.lstrip("✓✗ ") for text in after[first]] == others
        assert f"{name}={text}" in shown.evaluate("decodeURIComponent(location.search.replaceAll('+', ' '))")


def test_a_slider_that_is_dragged_shows_its_way_and_ends_where_it_stands(visit):
    shown = visit()
    slider = shown.get_by_role("slider", name="Number of spins N, slider")
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    shown.mouse.move(box["x"] + 0.3 * box["width"], middle)
    shown.mouse.down()
    for k in range(20):
        shown.mouse.move(box["x"] + (0.3 + 0.01 * k) * box["width"], middle)
    shown.mouse.up()
    text = entry(shown, "Number of spins N").element_handle()
    # The last position is on its way: the link has what the slider stands at.
    shown.wait_for_function(
        """([slider, text]) => Math.abs(10 ** slider.value - text.value) < 0.005 * text.value
           && new URLSearchParams(location.search).get('spins') === text.value""",
        arg=[slider.element_handle(), text],
    )
    settle(shown)
    spins = int(entry(shown, "Number of spins N").input_value())
    assert spins > 370
    assert float(slider.input_value()) == pytest.approx(math.log10(spins), abs=2e-3)
    assert cells(shown)["J01"][0] == figure(LMG(spins, 0.95).doublet().j01, 8)


def test_models_and_jump_operators_are_chosen(visit):
    shown = visit()
    with changing(shown):
        shown.get_by_role("combobox", name="Model").select_option("Dicke")
    assert entry(shown, "Coupling λ").input_value() == "0.7"
    with changing(shown):
        shown.get_by_role("combobox", name="Jump operator L").select_option("n")
    assert shown.get_by_text("n keeps the parity").is_visible()
    assert "model=dicke" in shown.url
    assert "jump=n" in shown.url
    assert shown.get_by_role("heading", name="Probability densities of the states").is_visible()
    found = coordinate_states(Dicke(20, 0.7).doublet())
    drawn = plot(
        shown, "doublet-states", "(t => [Array.from(t.x), Array.from(t.y)])(plot._fullData.find(t => t.name === 'P'))"
    )
    assert drawn[0][int(np.argmax(drawn[1]))] == found.positions[found.densities["P"].argmax()]
    assert "P is at 3.767 and R at -3.767" in plot(shown, "doublet-states", "plot.getAttribute('aria-label')")
    with changing(shown):
        shown.get_by_role("combobox", name="Model").select_option("Lipkin-Meshkov-Glick")
    assert len(plot(shown, "doublet-states", "plot.data")) == 5
    assert shown.get_by_role("heading", name="The states over the potential").is_visible()


BAD = [
    ("Number of spins N", "abc", "spins must be a whole number >= 2; got 'abc'"),
    ("Number of spins N", "-4", "spins must be a whole number >= 2; got '-4'"),
    ("Number of spins N", "1e99", "spins must be at most 100000000, the bound of the explorer; got 1e+99"),
    ("Dephasing rate γ", "5 kHz", "gamma must be a rate such as '0.05 1/s'"),
    ("Temperature T", "__import__('os').getcwd()", "temperature must be a finite real number, or a temperature"),
    ("Field Γ", "<img src=x onerror=alert(1)>", "field must be"),
]
GOOD = {"Number of spins N": "370", "Dephasing rate γ": "0.05 1/s", "Temperature T": "10 nK", "Field Γ": "0.95"}


def test_bad_entries_say_so_and_keep_the_picture(visit):
    shown = visit()
    before, link = plot(shown, "doublet-states", "JSON.stringify(plot.data)"), shown.url
    for label, text, message in BAD:
        type_in(shown, label, text)
        assert message in error_of(shown, label)
        assert entry(shown, label).get_attribute("aria-invalid") == "true"
        assert plot(shown, "doublet-states", "JSON.stringify(plot.data)") == before
        assert shown.url == link
        mend(shown, label, GOOD[label])
        assert error_of(shown, label) == ""
        assert entry(shown, label).get_attribute("aria-invalid") == "false"
    type_in(shown, "Number of spins N", "200")
    assert plot(shown, "doublet-states", "JSON.stringify(plot.data)") != before
    assert shown.url != link


def test_a_click_on_the_map_moves_the_point(visit):
    shown = visit("page=window")
    area = shown.locator("[data-picture=window-plane] .nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    with changing(shown):
        shown.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.4 * box["height"])
    spins, field = (entry(shown, name).input_value() for name in ("Number of spins N", "Field Γ"))
    assert (spins, field) != ("370", "0.95")
    point = plot(shown, "window-plane", "(s => [s.xanchor, s.yanchor])(plot.layout.shapes.at(-1))")
    assert point == [pytest.approx(1.0 - float(field)), int(spins)]
    verdict = find_window(float(field), "74346 rad/s", "0.05 1/s", "10 nK").verdict
    assert shown.get_by_role("status").first.inner_text() == f"{verdict[0].upper()}{verdict[1:]}."


def test_the_link_restores_what_is_shown(visit):
    shown = visit("page=window")
    type_in(shown, "Number of spins N", "250")
    with changing(shown):
        shown.get_by_role("combobox", name="Map of").select_option("η_exact")
    shown.get_by_role("button", name="Copy: Link to what is shown").click()
    link = shown.evaluate("navigator.clipboard.readText()")
    assert link == shown.url
    data = "JSON.stringify([plot.data, plot.layout.shapes])"
    wanted = {name: plot(shown, name, data) for name in ("window-spins", "window-field", "window-plane")}
    again = visit(link.split("?")[1])
    assert {name: plot(again, name, data) for name in wanted} == wanted
    assert again.url == link


def test_a_link_that_cannot_be_read_says_so(visit):
    shown = visit("page=doublet&spins=12&nonsense=1")
    assert "a name in the link must be one of" in shown.get_by_role("alert").filter(has_text="nonsense").inner_text()
    assert entry(shown, "Number of spins N").input_value() == "370"


def test_code_data_and_pictures_are_taken_away(visit, tmp_path, server):
    import xarray

    shown = visit()
    there = set(server.folder.rglob("*"))
    shown.get_by_role("button", name="Copy: The Python that makes this").click()
    assert "model = LMG(spins=370, field=0.95, coupling='74346 rad/s')" in shown.evaluate(
        "navigator.clipboard.readText()"
    )
    shown.get_by_role("button", name="Copy: The command that makes this").click()
    wanted = (
        "einselect rates --spins 370 --field 0.95 --coupling '74346 rad/s' --gamma '0.05 1/s' --temperature '10 nK'"
    )
    assert shown.evaluate("navigator.clipboard.readText()") == wanted

    def download(name):
        with shown.expect_download() as found:
            shown.get_by_role("button", name=name).click()
        path = tmp_path / found.value.suggested_filename
        found.value.save_as(path)
        return path

    data = xarray.open_dataset(io.BytesIO(download("Data as netCDF").read_bytes()), engine="h5netcdf")
    assert data.attrs["g01"] == MODEL.doublet().g01
    assert np.array_equal(data.amplitude_P, MODEL.doublet().state("P").amplitudes)
    table = download("Data as CSV").read_text().split("\n")
    assert table[0] == "level,energy,excitation,parity"
    assert float(table[2].split(",")[2]) == MODEL.doublet().splitting
    svg = download("Save the picture doublet-states as SVG")
    assert svg.name == "doublet-states.svg"
    assert "eigenvalue of J" in svg.read_text()
    png = download("Save the picture doublet-states as PNG").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", png[16:20])[0] > 1000
    assert set(server.folder.rglob("*")) == there  # nothing of it was written on the server
    assert "Traceback" not in server.log()


def test_everything_is_reached_by_keys(visit):
    shown = visit()
    names = set()
    focused = """() => {
      let e = document.activeElement
      while (e?.shadowRoot?.activeElement) { e = e.shadowRoot.activeElement }
      const label = e.id ? e.getRootNode().querySelector(`label[for="${e.id}"]`) : null
      return e.getAttribute('aria-label') || label?.textContent || e.textContent
    }"""
    for _ in range(45):
        shown.keyboard.press("Tab")
        names.add(shown.evaluate(focused).strip())
    for wanted in (
        "Toggle theme",
        "Number of spins N",
        "Number of spins N, slider",
        "Field Γ, slider",
        "Temperature T",
        "Doublet",
        "Save the picture doublet-states as SVG",
        "Copy: Link to what is shown",
        "Data as netCDF",
    ):
        assert any(wanted in name for name in names), (wanted, names)
    with changing(shown):
        shown.get_by_role("tab", name="Doublet").press("ArrowRight")
        shown.keyboard.press("Enter")
    assert "page=window" in shown.url


def test_a_long_computation_is_cancelled(visit):
    shown = visit("page=doublet&spins=1000&field=0.95&" + BATH)
    before = plot(shown, "doublet-states", "JSON.stringify(plot.data)")
    field = entry(shown, "Number of spins N")
    field.fill("1e8")
    field.press("Enter")
    shown.get_by_role("progressbar", name="Computation").wait_for()
    shown.get_by_role("button", name="Cancel").click()
    shown.get_by_text("the computation was cancelled").wait_for()
    assert not shown.get_by_role("button", name="Cancel").is_visible()
    assert plot(shown, "doublet-states", "JSON.stringify(plot.data)") == before
    assert "spins=1000&" in shown.url
    type_in(shown, "Number of spins N", "300")
    assert cells(shown)["J01"][0] == figure(LMG(300, 0.95).doublet().j01, 8)


def test_two_visitors_do_not_mix(visit):
    first, second = visit(), visit("page=doublet&spins=100&field=0.95&" + BATH)
    type_in(first, "Number of spins N", "200")
    type_in(second, "Field Γ", "0.9")
    paper = "plot.layout.template.layout.paper_bgcolor"
    assert plot(first, "doublet-states", paper) == "#ffffff"
    first.get_by_role("button", name="Toggle theme").click()
    first.wait_for_function(f"() => ({PLOTS})()['doublet-states'].layout.template.layout.paper_bgcolor === '#121212'")
    settle(first)
    assert cells(first)["J01"][0] == figure(LMG(200, 0.95).doublet().j01, 8)
    assert cells(second)["J01"][0] == figure(LMG(100, 0.9).doublet().j01, 8)
    assert plot(second, "doublet-states", paper) == "#ffffff"


def handshake(server, origin):
    """Status line of a web socket that is asked for from a page of another host."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as link:
        link.sendall(
            (
                f"GET /explore/ws HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Protocol: bokeh, token\r\nOrigin: {origin}\r\n\r\n"
            ).encode()
        )
        return link.recv(200).decode().split("\r\n")[0]


def test_web_sockets_of_other_hosts_are_refused(server):
    assert "403" in handshake(server, "http://evil.example")
    assert "403" in handshake(server, f"http://evil.example:{server.port}")
    assert "403" not in handshake(server, server.origin)


def test_it_listens_on_this_machine_only(server):
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("no /proc/net/tcp: where sockets listen is read from there")
    lines = [line.split() for line in table.read_text().split("\n")[1:] if line]
    listening = [local for _, local, _, state, *_ in lines if state == "0A" and local.endswith(f":{server.port:04X}")]
    assert listening == [f"0100007F:{server.port:04X}"]
