"""A real browser on a real server: every page that a test opens has to stay on its host with a clean console."""

import contextlib

import pytest

from chromium import CHROMIUM, FLAGS
from webpage import Server, settle, watch


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The server of all tests here."""
    found = Server(_empty(tmp_path_factory))
    yield found
    found.process.terminate()
    found.process.wait(10)


def _empty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served") / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """One browser for all tests here, with a profile as people have one: what it has compiled it compiles once."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: install Debian's package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=str(CHROMIUM),
            args=list(FLAGS),
            accept_downloads=True,
            permissions=["clipboard-read", "clipboard-write"],
        )
        yield found
        found.close()


@pytest.fixture
def visit(browser, server):
    """Open a page of the explorer, as a visitor of its own; at the end its console and its requests are judged."""
    said, foreign, opened = [], [], []

    def open_page(query="", width=1280, height=900, wait=True):
        page = browser.new_page()
        opened.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(60_000)
        watch(page, server.origin, said, foreign)
        page.goto(f"{server.address}{'?' if query else ''}{query}")
        if wait:
            page.locator(".js-plotly-plot .main-svg").first.wait_for()
            settle(page)
        return page

    yield open_page
    for page in opened:
        with contextlib.suppress(Exception):
            page.evaluate("() => localStorage.clear()")  # the next test is another visitor
            page.close()
    assert foreign == []
    assert said == []
