"""What a study costs by itself: points that cost nothing, and 10⁹ points on paper."""

from __future__ import annotations

import random
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cheap import CheapPlan
from report import Section, Target, duration

from einselect.studies.blocks import Blocks
from einselect.studies.drive import Collected, drive
from einselect.studies.work import Receipt


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


class Paper:
    """Workers on paper, for the plan of 10⁹ points: blocks take about as long as each other, some workers die."""

    in_company = alone = 1

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
    """Three executors, and the driver's loop over 20,000 blocks."""
    section = Section("overhead", "Overhead of a study")
    count = 100_000 if quick else 1_000_000
    cost = overhead(count, 50_000)
    section.lines.append(f"{count:,} points that cost nothing, three quantities, in blocks of 50,000, into a store.")
    section.table(["workers", "overhead a point"], [[name, duration(seconds)] for name, seconds in cost.items()])
    most = max(cost.values())
    if not quick:
        section.targets.append(Target("Overhead of a cheap point", "< 20 µs", duration(most), most < 20e-6))
    paper = on_paper((10_000, 1_000, 100), (500, 1, 100), 1_000)
    section.lines.append(
        "10⁹ points on paper ([studies.md](studies.md)): the driver's own loop, 1000 simulated workers, one death in "
        "1000 blocks. `most in flight` is what a scheduler knows of."
    )
    section.table(["", "10⁹ points"], [[name, f"{value:,.6g}"] for name, value in paper.items()])
    section.data.update({"overhead_s": cost, "on_paper": paper})
    return section


if __name__ == "__main__":
    import sys

    result = run("--quick" in sys.argv[1:])
    print("\n".join(result.lines))
    for target in result.targets:
        print(f"{target.what}: asked {target.asked}, measured {target.measured}, {'met' if target.met else 'NOT met'}")
