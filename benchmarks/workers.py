"""Two Dask workers against one, on points that each compute for 50 ms of a core."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from cheap import CheapPlan, loops
from report import Section, Target, duration, times


def scaling(plan: CheapPlan, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds on one Dask worker and on two, in turns, on clusters that are there."""
    from einselect.studies.cluster import LocalCluster
    from einselect.studies.run import run_study

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
    """Points that keep a core busy, and points that only take their time, as where other work has the cores."""
    section = Section("workers", "Two Dask workers against one")
    points, chunk, rounds = (40, 4, 1) if quick else (320, 8, 2)
    rows = []
    for name, plan in (
        ("of a core", CheapPlan(points, chunk, loops=loops(0.05))),
        ("of waiting", CheapPlan(points, chunk, wait=0.05)),
    ):
        load = os.getloadavg()[0]
        one, two = scaling(plan, rounds)
        ratio = min(one) / min(two)
        section.data[name] = {"one_s": one, "two_s": two, "load": load}
        rows.append([name, *(", ".join(map(duration, seconds)) for seconds in (one, two)), times(ratio), f"{load:.1f}"])
        if not quick:
            what = f"Two Dask workers over one, points of 50 ms {name}"
            section.targets.append(Target(what, "≥ 1.7 ×", times(ratio), ratio >= 1.7))
    section.lines.append(
        f"{points} points of 50 ms each, blocks of {chunk}, from the call to the opened result, on clusters that are "
        "there. The points that wait show what the study itself costs, also where other work has the cores."
    )
    section.table(["50 ms a point", "one worker", "two workers", "best over best", "load before"], rows)
    return section


if __name__ == "__main__":
    import sys

    result = run("--quick" in sys.argv[1:])
    print("\n".join(result.lines))
    for target in result.targets:
        print(f"{target.what}: asked {target.asked}, measured {target.measured}, {'met' if target.met else 'NOT met'}")
