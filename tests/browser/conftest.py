"""A real browser on a real server: every page that a test opens has to stay on its host with a clean console."""

import contextlib

import pytest

from webpage import CHROMIUM, FLAGS, Server, settle, watch


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
def browser():
    """One browser for all tests here."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: install Debian's package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture
def visit(browser, server):
    """Open a page of the explorer, as a visitor of its own; at the end its console and its requests are judged."""
    said, foreign, contexts = [], [], []

    def open_page(query="", width=1280, height=900, wait=True):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            accept_downloads=True,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        watch(page, server.origin, said, foreign)
        page.goto(f"{server.address}{'?' if query else ''}{query}")
        if wait:
            page.locator(".js-plotly-plot .main-svg").first.wait_for()
            settle(page)
        return page

    yield open_page
    for context in contexts:
        with contextlib.suppress(Exception):
            context.close()
    assert foreign == []
    assert said == []
