"""The explorer in a browser: the first page, from a move of a slider to the new plot, a run that is played."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from report import Section, duration, power

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from chromium import CHROMIUM, FLAGS

PATIENCE = 60.0
"""Seconds after which a page, a plot or the server is taken for dead."""
LONGEST = 1200
"""Seconds after which the whole of it is given up."""
LIMITS = {370: 0.150, 1_000_000: 0.300}
STEP = 0.150
"""Limit of a step in time, which needs no new computation, at any N."""

# Times of the end of each drawing of a plot, by its name; plots are found through the shadow trees of the page.
_LISTEN = """name => {
  const find = root => {
    for (const e of root.querySelectorAll('*')) {
      if (e.classList.contains('js-plotly-plot') && e.dataset.picture === name) { return e }
      const inside = e.shadowRoot && find(e.shadowRoot)
      if (inside) { return inside }
    }
    return null
  }
  const plot = find(document)
  if (plot === null) { return false }
  window.drawn = []
  plot.on('plotly_afterplot', () => window.drawn.push(performance.now()))
  return true
}"""
_PRESS = """() => {
  window.drawn.length = 0
  window.addEventListener('keydown', () => { window.pressed = performance.now() }, {once: true, capture: true})
}"""


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """The address of an explorer in a process of its own, and that process."""
    command = [sys.executable, "-m", "einselect", "explore", "--port", "0"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        late = threading.Timer(PATIENCE, server.kill)  # no line is ever read of one that hangs
        late.start()
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            late.cancel()
            if not line:
                raise RuntimeError(f"the explorer has not started within {PATIENCE:g} s")
            yield line.split()[0], server.pid
        finally:
            late.cancel()
            server.terminate()
            try:
                server.wait(10.0)
            except subprocess.TimeoutExpired:
                server.kill()


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """End what takes longer, also where a browser does not answer, whose calls know no end: again and again."""

    def ring(*_: Any) -> None:
        signal.alarm(round(PATIENCE))
        raise TimeoutError(f"the explorer was not measured within {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _say(text: str) -> None:
    """How far it is."""
    print(f"explorer: {text}", file=sys.stderr, flush=True)


def _patient(context: Any) -> Any:
    """A page of a browser or of a context; whatever is waited for there comes in time, or this ends."""
    page = context.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE * 1e3)
    return page


def _plotted(page: Any, name: str) -> None:
    """Wait until a plot is there."""
    page.wait_for_function(_LISTEN, arg=name)


def first_page(browser: Any, address: str) -> float:
    """Seconds from the request to the first plot, in a browser that has nothing of the page yet."""
    page = _patient(browser)  # in a context of its own
    started = time.perf_counter()
    page.goto(address)
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    seconds = time.perf_counter() - started
    page.close()
    return seconds


def _server_seconds(process: int) -> float:
    """Processor time of a process, as Linux counts it; 0 elsewhere."""
    path = Path(f"/proc/{process}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def slider(
    browser: Any, address: str, process: int, query: str, label: str, plot: str, presses: int
) -> tuple[list[float], float, float]:
    """Seconds from each press of a key on a slider to the end of the drawing of a plot.

    With them the processor time of a press for all plots of the page, which hardly depends on other work on the
    machine: in the main thread of the browser, and in the server.
    """
    page = _patient(browser)
    page.goto(f"{address}?{query}")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    _plotted(page, plot)
    page.get_by_role("slider", name=label).focus()
    page.wait_for_timeout(1500)
    protocol = page.context.new_cdp_session(page)
    protocol.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> tuple[float, float]:
        metrics = {m["name"]: m["value"] for m in protocol.send("Performance.getMetrics")["metrics"]}
        return metrics["TaskDuration"], _server_seconds(process)

    found, before = [], (0.0, 0.0)
    for k in range(presses + 2):
        if k == 2:  # the first ones find nothing compiled
            before = spent()
        page.evaluate(_PRESS)
        page.keyboard.press("ArrowRight")
        page.wait_for_function("window.drawn.length > 0", polling=10)
        found.append(page.evaluate("window.drawn[0] - window.pressed") / 1e3)
        page.wait_for_timeout(400)
    browsing, serving = ((now - then) / presses for now, then in zip(spent(), before, strict=True))
    page.close()
    return found[2:], browsing, serving


def playing(browser: Any, address: str, query: str, plot: str) -> list[float]:
    """Seconds from frame to frame of a run that is played from its first time to its last."""
    page = _patient(browser)
    page.goto(f"{address}?{query}")
    _plotted(page, plot)
    page.wait_for_timeout(1500)
    page.evaluate("window.drawn.length = 0")
    page.get_by_role("button", name="Play Time shown").click()
    page.get_by_role("button", name="Stop Time shown").wait_for()
    page.get_by_role("button", name="Play Time shown").wait_for(timeout=2e3 * PATIENCE)
    page.wait_for_timeout(500)
    drawn = page.evaluate("window.drawn")
    page.close()
    return [(later - before) / 1e3 for before, later in pairwise(drawn)]


def _in_time(section: Section, browser: Any, address: str, process: int, presses: int) -> dict[str, Any]:
    """A step of the time slider of the page Dynamics, and playing; the sphere is drawn last."""
    found: dict[str, Any] = {}
    rows = []
    for spins in (370, 2000):
        query = f"page=dynamics&spins={spins}&field=0.95&coupling=74346+rad/s&gamma=0.05+1/s&dynamics.end=1T2"
        times, *cpu = slider(browser, address, process, query, "Time shown", "dynamics-husimi", presses)
        frames = playing(browser, address, query, "dynamics-husimi")
        key = f"dynamics, time, N = {spins}"
        _say(f"{key}: {duration(median(times))}")
        found[key] = {"median_s": median(times), "slowest_s": max(times), "n": len(times)}
        found[key] |= {"browser_cpu_s": cpu[0], "server_cpu_s": cpu[1]}
        found[key] |= {"frame_median_s": median(frames), "frame_slowest_s": max(frames), "frames": len(frames) + 1}
        shown = (median(times), max(times), *cpu, median(frames), max(frames))
        rows.append([key, *map(duration, shown), str(len(frames) + 1)])
        section.below(f"Explorer, step in time to all four plots: N = {spins}", median(times), STEP)
    section.lines.append(
        "A step in time on the page Dynamics, from the key press to the end of the last of its four plots, and from "
        "frame to frame while it is played from the first time to the last:"
    )
    head = ["page, slider, size", "median", "slowest", "browser's main thread", "server"]
    section.table([*head, "frame, median", "slowest frame", "frames"], rows)
    return found


def run(quick: bool) -> Section:
    """Medians over presses and pages."""
    from playwright.sync_api import sync_playwright

    section = Section("explorer", "Explorer")
    presses, pages = (5, 2) if quick else (21, 7)
    moves = {
        ("doublet", "spins", 370): ("page=doublet&spins=370", "Number of spins N", "doublet-states"),
        ("doublet", "field", 370): ("page=doublet&spins=370", "Field Γ", "doublet-states"),
        ("doublet", "spins", 1_000_000): ("page=doublet&spins=1000000", "Number of spins N", "doublet-states"),
        ("doublet", "field", 1_000_000): ("page=doublet&spins=1000000", "Field Γ", "doublet-states"),
        ("window", "field", 370): ("page=window&spins=370", "Field Γ", "window-spins"),
        ("window", "field", 1_000_000): ("page=window&spins=1000000", "Field Γ", "window-spins"),
    }
    bath = "&coupling=74346+rad/s&gamma=0.05+1/s&temperature=10+nK&field=0.9"
    found: dict[str, Any] = {}
    rows = []
    with bounded(LONGEST), served() as (address, process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        first = [first_page(browser, address) for _ in range(pages)]
        _say(f"first page: {duration(median(first))}")
        for (page, entry, spins), (query, label, plot) in moves.items():
            times, *cpu = slider(browser, address, process, query + bath, label, plot, presses)
            key = f"{page}, {entry}, N = {power(spins)}"
            _say(f"{key}: {duration(median(times))}")
            found[key] = {"median_s": median(times), "slowest_s": max(times), "n": len(times)}
            found[key] |= {"browser_cpu_s": cpu[0], "server_cpu_s": cpu[1]}
            rows.append([key, duration(median(times)), duration(max(times)), *map(duration, cpu)])
            section.below(f"Explorer, slider to new plot: {key}", median(times), LIMITS[spins])
        in_time = Section("", "")
        found |= _in_time(in_time, browser, address, process, presses)
        browser.close()
    section.lines.append(
        "In Chromium without a GPU, on the machine that also serves: from the key press on a slider to the end of the "
        f"drawing of the plot ({presses} presses a line), and from the request of the page to its first plot "
        f"({pages} fresh browsers, the slowest first one included). Beside it the processor time of a press, for all "
        "plots of the page."
    )
    section.table(["page, slider, size", "median", "slowest", "browser's main thread", "server"], rows)
    section.lines += in_time.lines
    section.targets += in_time.targets
    section.table(["", "median", "slowest"], [["first page", duration(median(first)), duration(max(first))]])
    found["first_page"] = {"median_s": median(first), "slowest_s": max(first), "n": len(first)}
    section.data = found
    section.below("Explorer, first page", max(first), 4.0)
    return section
