"""The explorer in a real notebook: JupyterLab in the browser, a kernel of its own, no other host."""

import json
import os
import subprocess
import sys
import time
import urllib.request

import jupyterlab  # noqa: F401 - the front end that the tests need
import pytest

from einselect import LMG, dephasing_rates
from webpage import watch

CELLS = (
    "from einselect import LMG\nfrom einselect.explorer import explore\n\nexplore(LMG(370, 0.95), gamma=1e-5)",
    "explore(LMG(100, 0.9), dark=True)",
)


class Lab:
    """A JupyterLab with one notebook, in a home of its own."""

    def __init__(self, folder):
        self.folder = folder / "work"
        self.folder.mkdir()
        self.notebook = self.folder / "explorer.ipynb"
        cells = [
            {"cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
            for n, text in enumerate(CELLS)
        ]
        kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
        self.notebook.write_text(json.dumps(document))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PANEL", "BOKEH"))}
        runtime = folder / "runtime"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"),
                *("--IdentityProvider.token=secret", "--LabApp.news_url=None"),
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            ],
            stdout=subprocess.DEVNULL,
            stderr=(folder / "lab.log").open("w"),
            cwd=self.folder,
            env=kept | {"HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(runtime), "OPENBLAS_NUM_THREADS": "1"},
        )
        self.origin = self._wait(runtime)

    def _wait(self, runtime):
        for _ in range(600):
            time.sleep(0.1)
            for found in runtime.glob("jpserver-*.json"):
                try:
                    url = json.loads(found.read_text())["url"].rstrip("/")
                    self._ask(url, "/api/status")
                except (OSError, ValueError):
                    continue
                return url
        raise AssertionError("JupyterLab does not start")

    @staticmethod
    def _ask(origin, path, method="GET"):
        request = urllib.request.Request(f"{origin}{path}?token=secret", method=method)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read()

    def end_sessions(self):
        """End its kernels, as one who goes home does."""
        for session in json.loads(self._ask(self.origin, "/api/sessions")):
            self._ask(self.origin, f"/api/sessions/{session['id']}", "DELETE")

    def end(self):
        """End it."""
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def lab(tmp_path):
    """A JupyterLab."""
    found = Lab(tmp_path)
    yield found
    found.end()


def drawn(cell, name):
    """Wait for a picture in a cell; what is drawn."""
    found = cell.locator(f"[data-picture={name}]:has(.main-svg)")
    found.wait_for()
    return found.evaluate("plot => JSON.stringify(plot.data)")


def changed(cell, name, before):
    """Wait until a picture in a cell is another."""
    found = cell.locator(f"[data-picture={name}]")
    for _ in range(200):
        if (now := found.evaluate("plot => JSON.stringify(plot.data)")) != before:
            return now
        cell.page.wait_for_timeout(50)
    raise AssertionError("the picture does not change")


def run(cell):
    """Run a cell."""
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Control+Enter")


@pytest.mark.slow
def test_the_panels_work_in_a_notebook(browser, lab):
    """As a user writes it: shown without preparation, both ways, two side by side, kept with the notebook."""
    said, foreign = [], []
    page = browser.new_page()
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.set_default_timeout(60_000)
    watch(page, lab.origin, said, foreign)
    page.goto(f"{lab.origin}/lab/tree/explorer.ipynb?token=secret")
    first, second = (page.locator(".jp-Notebook .jp-CodeCell").nth(n) for n in (0, 1))
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    run(first)
    before = drawn(first, "doublet-states")
    run(second)
    dark = drawn(second, "doublet-states")

    before_rates = drawn(first, "doublet-rates")
    spins = first.get_by_label("Number of spins N", exact=True)
    spins.fill("200")
    spins.press("Enter")
    before = changed(first, "doublet-states", before)
    rates = dephasing_rates(LMG(200, 0.95), 1e-5)
    wanted = [rates.rate_eigenstate, rates.rate_pointer, rates.rate_mean_field]
    assert json.loads(changed(first, "doublet-rates", before_rates))[0]["x"] == wanted
    first.get_by_label("Field Γ, slider").press("ArrowLeft")
    before = changed(first, "doublet-states", before)
    spins.fill("many")
    spins.press("Enter")
    first.get_by_text("spins must be a whole number >= 2; got 'many'").wait_for()
    assert drawn(first, "doublet-states") == before
    assert drawn(second, "doublet-states") == dark  # the other explorer stays as it was
    assert second.get_by_label("Number of spins N", exact=True).input_value() == "100"

    spins.fill("20")
    spins.press("Enter")
    before = changed(first, "doublet-states", before)
    first.get_by_role("tab", name="Protocols").click()
    first.get_by_role("tab", name="Protocols", selected=True).wait_for()
    first.get_by_role("tab", name="Systems").click()
    drawn(first, "systems-levels")
    with page.expect_download() as download:
        first.get_by_role("button", name="Data as CSV").click()
    assert download.value.path().read_text().startswith("jump,eigenstate_moment,pointer_moment,eta,")

    second.get_by_label("Model", exact=True).select_option("dicke")  # with entries of its own
    second.get_by_label("Coupling λ", exact=True).wait_for()

    page.locator("[data-command='docmanager:save']").first.click()
    for _ in range(100):
        page.wait_for_timeout(100)
        if lab.notebook.stat().st_size > 1e6:
            break
    assert 1e6 < lab.notebook.stat().st_size < 1e7  # two explorers; Panel by itself publishes 16 MB for each
    lab.end_sessions()
    page.reload()
    drawn(first, "doublet-states")
    first.get_by_text("The kernel does not answer").wait_for()
    page.close()
    assert foreign == []
    assert said == []
