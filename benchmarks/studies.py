"""Studies at scale: a million points with the driver's memory over time, overhead a point, two workers against one.

The million: LMG rates on 1000 N × 100 fields × 10 γ, from the command to the finished store, in a fresh process whose
memory is sampled from outside. Overhead: a plan whose points cost nothing, so that all the time is the study's own.
Workers: the same blocks of points that each compute for 50 ms, on a cluster of one and on one of two.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from report import Section, Target, duration, times

from einselect.studies.blocks import Blocks
from einselect.studies.drive import Collected, drive
from einselect.studies.plan import Block, Coordinate, Variable
from einselect.studies.work import Receipt

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
class CheapPlan:
    """Points in one dimension; each computes for so many seconds, which may be none."""

    points: int
    chunk: int
    loops: int = 0
    attributes: dict[str, Any] = field(default_factory=lambda: {"model": "none", "energy_unit": "plain"})

    dims = ("point",)

    @property
    def shape(self) -> tuple[int, ...]:
        """One dimension."""
        return (self.points,)

    @property
    def chunks(self) -> tuple[int, ...]:
        """Of one size."""
        return (self.chunk,)

    @property
    def coordinates(self) -> dict[str, Coordinate]:
        """Numbers."""
        return {"point": Coordinate(np.arange(self.points, dtype=np.int64), "point", "1", "number")}

    @property
    def variables(self) -> dict[str, Variable]:
        """Three of them, as in the million."""
        return {name: Variable("f8", {"units": "1", "long_name": name}) for name in ("a", "b", "c")}

    def evaluate(self, block: tuple[slice, ...], wanted: Any = None) -> Block:
        """Compute for a while, and answer with the numbers."""
        numbers = np.arange(self.points, dtype=float)[block[0]]
        for _ in range(self.loops * len(numbers)):
            _compute()
        return Block(dict.fromkeys("abc", numbers), np.ones(len(numbers), dtype=np.uint8), {})


def _compute() -> int:
    """About a tenth of a millisecond of a core, without memory and without threads."""
    total = 0
    for k in range(1500):
        total += k * k
    return total


def _loops(seconds: float) -> int:
    """How often `_compute` fits in so much time of a core, at its fastest."""
    best = min(_timed(200) for _ in range(5)) / 200
    return round(seconds / best)


def _timed(count: int) -> float:
    started = time.process_time()
    for _ in range(count):
        _compute()
    return time.process_time() - started


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


def overhead(points: int, chunk: int) -> dict[str, float]:
    """Seconds a point that costs nothing, by executor; workers are there before the clock starts where they can be."""
    from einselect.studies.cluster import LocalCluster
    from einselect.studies.run import run_study

    found = {}
    cluster = LocalCluster(2)
    wishes: dict[str, dict[str, Any]] = {
        "in-process": {"executor": "in-process"},
        "two processes, their start included": {"executor": "processes", "workers": 2},
        "two Dask workers": {"scheduler": cluster.address},
    }
    try:
        for name, wish in wishes.items():
            with tempfile.TemporaryDirectory() as folder:
                warm = CheapPlan(chunk, chunk)
                run_study(warm, Path(folder, "warm.zarr"), progress=False, **wish)
                started = time.perf_counter()
                run_study(CheapPlan(points, chunk), Path(folder, "study.zarr"), progress=False, **wish)
                found[name] = (time.perf_counter() - started) / points
    finally:
        cluster.close()
    return found


def scaling(points: int, chunk: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds on one Dask worker and on two, in turns, on clusters that are there; 50 ms of a core a point."""
    from einselect.studies.cluster import LocalCluster
    from einselect.studies.run import run_study

    plan = CheapPlan(points, chunk, _loops(0.05))
    clusters = [LocalCluster(1), LocalCluster(2)]
    found: tuple[list[float], list[float]] = ([], [])
    try:
        for cluster in clusters:
            run_study(CheapPlan(8, 1), scheduler=cluster.address, progress=False)
        for _ in range(rounds):
            for cluster, seconds in zip(clusters, found, strict=True):
                with tempfile.TemporaryDirectory() as folder:
                    started = time.perf_counter()
                    run_study(plan, Path(folder, "study.zarr"), scheduler=cluster.address, progress=False)
                    seconds.append(time.perf_counter() - started)
    finally:
        for cluster in clusters:
            cluster.close()
    return found


class Paper:
    """Workers on paper, for the plan of 10⁹ points: blocks take about as long as each other, some workers die."""

    certain = True

    def __init__(self, workers: int, dying: float) -> None:
        self.workers, self.dying, self.dice = workers, dying, random.Random(9)
        self.out: list[int] = []
        self.most = self.handed = 0

    def slots(self) -> int:
        """As for real workers."""
        return 2 * self.workers

    def submit(self, number: int) -> None:
        """Count."""
        self.out.append(number)
        self.handed += 1
        self.most = max(self.most, len(self.out))

    def collect(self, seconds: float) -> Collected:
        """One block of each worker, or its death."""
        now, self.out = self.out[: self.workers], self.out[self.workers :]
        found = Collected()
        for number in now:
            if self.dice.random() < self.dying:
                found.died.append(number)
            else:
                found.receipts.append(Receipt(number, (0, 50_000, 0, 0, 0), 1.0))
        return found

    def close(self) -> None:
        """Nothing is left."""
        self.out.clear()


def on_paper(shape: tuple[int, ...], chunks: tuple[int, ...], workers: int) -> dict[str, float]:
    """The driver's own loop over all blocks of a study: tasks known to the scheduler, memory and time of the driver."""
    blocks = Blocks(shape, chunks)
    crew = Paper(workers, 1e-3)
    tracemalloc.start()
    started = time.perf_counter()
    items: Iterator[Any] = drive(crew, iter(range(blocks.count)))
    done = sum(1 for item in items if isinstance(item, Receipt))
    seconds = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {
        "points": blocks.size,
        "blocks": blocks.count,
        "done": done,
        "handed out": crew.handed,
        "most in flight": crew.most,
        "driver MB": peak / 1e6,
        "driver µs a block": 1e6 * seconds / blocks.count,
    }


def run(quick: bool) -> Section:
    """All of it; smaller where it has to be quick."""
    section = Section("studies", "Studies")
    last, count = (218, 100_000) if quick else (2018, 1_000_000)
    section.lines.append(
        f"{count:,} points: LMG rates (γ G01, γ Γ_PR/γ, η) on {count // 1000} N × 100 fields × 10 γ, from the start of "
        "the driver to the finished store, on two cores. Memory is the driver's resident set, seen from outside."
    )
    rows = []
    for kind in ("processes", "dask"):
        load = os.getloadavg()[0]
        found = million(kind, 2, last)
        curve = _thinned(found.curve, 9)
        middle = [mb for t, mb in found.curve if 0.4 * found.seconds < t < 0.95 * found.seconds]
        rows.append([kind, duration(found.seconds), f"{max(mb for _, mb in found.curve):.0f} MB", f"{load:.1f}"])
        section.data[f"million, {kind}"] = {"seconds": found.seconds, "driver_mb": found.curve, "load": load}
        section.data[f"million, {kind}, growth"] = max(middle) - min(middle)
        text = ", ".join(f"{mb:.0f} at {t:.0f} s" for t, mb in curve)
        section.lines.append(f"\nDriver with two workers ({kind}), MB: {text}.")
        if not quick:
            section.below(f"10⁶ points on two cores ({kind})", found.seconds, 180.0)
    section.table(["workers", "time", "driver, peak", "load before"], rows)
    cost = overhead(count, 50_000)
    section.table(["a point that costs nothing", "overhead a point"], [[n, duration(s)] for n, s in cost.items()])
    section.data["overhead"] = cost
    section.targets.append(
        Target("Overhead of a cheap point", "< 20 µs", duration(max(cost.values())), max(cost.values()) < 20e-6)
    )
    paper = on_paper((10_000, 1_000, 100), (500, 1, 100), 1_000)
    section.data["on paper"] = paper
    section.table(["10⁹ points on paper", ""], [[name, f"{value:,.6g}"] for name, value in paper.items()])
    load = os.getloadavg()[0]
    one, two = scaling(*((40, 4, 1) if quick else (320, 8, 2)))
    ratio = min(one) / min(two)
    section.data["workers"] = {"one_s": one, "two_s": two, "load": load}
    section.lines.append(
        f"\n50 ms of a core a point: one Dask worker {', '.join(map(duration, one))}; "
        f"two {', '.join(map(duration, two))}; ratio of the best {times(ratio)}. Load before: {load:.1f}."
    )
    section.targets.append(Target("Two Dask workers over one, 50 ms a point", "≥ 1.7 ×", times(ratio), ratio >= 1.7))
    return section


if __name__ == "__main__":
    result = run("--quick" in sys.argv[1:])
    print("\n".join(result.lines))
    for target in result.targets:
        print(f"{target.what}: asked {target.asked}, measured {target.measured}, {'met' if target.met else 'NOT met'}")
