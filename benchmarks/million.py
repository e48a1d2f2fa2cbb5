"""A study of a million points: time, and the memory of the driver over time.

LMG rates on 1000 N × 100 fields × 10 γ, from the start of the driver to the finished store, in a fresh process whose
memory is sampled from outside.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from report import Section, Target, duration

MILLION = """
[axes]
spins = {{ start = 20, stop = {last}, step = 2 }}
field = {{ linspace = [0.8, 0.99, 100] }}
gamma = {{ logspace = [1e-8, 1e-5, 10] }}
"""
_DRIVER = """
import sys
import xarray  # with which the result is opened at the end
from einselect.studies import Study
from einselect.studies.run import run_study
if __name__ == "__main__":
    study = Study.from_toml("study.toml")
    run_study(study, "study.zarr", executor=sys.argv[1], workers=int(sys.argv[2]))
"""


@dataclass(frozen=True)
class Sampled:
    """A run seen from outside."""

    seconds: float
    curve: list[tuple[float, float]]  # seconds, MB of the driver


def million(kind: str, workers: int, last: int) -> Sampled:
    """Run the study in a fresh driver; resident memory of the driver every 0.2 s."""
    import psutil

    with tempfile.TemporaryDirectory() as folder:
        quantities = 'quantities = ["rate_eigenstate", "rate_pointer", "eta_exact"]\n'
        Path(folder, "study.toml").write_text(quantities + MILLION.format(last=last))
        Path(folder, "driver.py").write_text(_DRIVER)
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, "driver.py", kind, str(workers)], cwd=folder)
        watched, curve = psutil.Process(process.pid), []
        while process.poll() is None:
            try:
                curve.append((time.perf_counter() - started, watched.memory_info().rss / 1e6))
            except psutil.NoSuchProcess:
                break
            time.sleep(0.2)
        seconds = time.perf_counter() - started
        if process.wait():
            raise RuntimeError("the study did not come to its end")
        return Sampled(seconds, curve)


def _thinned(curve: list[tuple[float, float]], count: int) -> list[tuple[float, float]]:
    """Some of the samples, evenly, the last one included; zombies at the end have no memory and are left out."""
    alive = [(t, mb) for t, mb in curve if mb > 1.0]
    places = np.linspace(0, len(alive) - 1, min(count, len(alive))).round().astype(int)
    return [alive[k] for k in places]


def run(quick: bool) -> Section:
    """With two processes and with two Dask workers; a tenth of it where it has to be quick."""
    section = Section("million", "A study of a million points")
    last, count = (218, 100_000) if quick else (2018, 1_000_000)
    section.lines.append(
        f"{count:,} points: LMG rates (γ G01, γ Γ_PR/γ, η) on {count // 1000} N × 100 fields × 10 γ, from the start of "
        "the driver to the finished store, on two cores. Memory is the driver's resident set, seen from outside; at "
        "the end it opens the result."
    )
    rows = []
    for kind in ("processes", "dask"):
        load = os.getloadavg()[0]
        found = million(kind, 2, last)
        working = [mb for t, mb in found.curve if 0.4 * found.seconds < t < 0.9 * found.seconds]
        growth = max(working) - min(working)
        peak = max(mb for _, mb in found.curve)
        rows.append([kind, duration(found.seconds), f"{peak:.0f} MB", f"{growth:.1f} MB", f"{load:.1f}"])
        section.data[kind] = {"seconds": found.seconds, "load": load, "growth_mb": growth, "driver_mb": found.curve}
        curve = ", ".join(f"{mb:.0f} at {t:.0f} s" for t, mb in _thinned(found.curve, 12))
        section.lines += ["", f"Driver with two workers ({kind}), MB: {curve}."]
        if not quick:
            section.below(f"10⁶ points on two cores ({kind})", found.seconds, 180.0)
            section.targets.append(
                Target(
                    f"10⁶ points ({kind}): growth of the driver at work", "< 20 MB", f"{growth:.1f} MB", growth < 20.0
                )
            )
    head = ["workers", "time", "driver, peak", "growth from 40 to 90 % of the time", "load before"]
    section.table(head, rows)
    return section


if __name__ == "__main__":
    result = run("--quick" in sys.argv[1:])
    print("\n".join(result.lines))
    for target in result.targets:
        print(f"{target.what}: asked {target.asked}, measured {target.measured}, {'met' if target.met else 'NOT met'}")
