"""Two Dask workers against one, on points that each compute for 50 ms of a core."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from cheap import CheapPlan, loops
from report import Section, Target, duration, times


def scaling(points: int, chunk: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds on one Dask worker and on two, in turns, on clusters that are there; 50 ms of a core a point."""
    from einselect.studies.cluster import LocalCluster
    from einselect.studies.run import run_study

    plan = CheapPlan(points, chunk, loops(0.05))
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


def run(quick: bool) -> Section:
    """In turns, on clusters that are there."""
    section = Section("workers", "Two Dask workers against one")
    load = os.getloadavg()[0]
    one, two = scaling(*((40, 4, 1) if quick else (320, 8, 2)))
    ratio = min(one) / min(two)
    section.data.update({"one_s": one, "two_s": two, "load": load})
    section.table(
        ["320 points of 50 ms, blocks of 8" if not quick else "40 points of 50 ms, blocks of 4", "times"],
        [["one worker", ", ".join(map(duration, one))], ["two workers", ", ".join(map(duration, two))]],
    )
    section.lines.append(f"Ratio of the best: {times(ratio)}. Load before: {load:.1f}.")
    if not quick:
        section.targets.append(
            Target("Two Dask workers over one, 50 ms a point", "≥ 1.7 ×", times(ratio), ratio >= 1.7)
        )
    return section


if __name__ == "__main__":
    import sys

    result = run("--quick" in sys.argv[1:])
    print("\n".join(result.lines))
    for target in result.targets:
        print(f"{target.what}: asked {target.asked}, measured {target.measured}, {'met' if target.met else 'NOT met'}")
