"""Timing side by side: the candidates take turns, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

_SAMPLE = 0.02  # seconds: one sample repeats a job until it lasts about this long
_FEWEST, _MOST = 3, 2000


@dataclass(frozen=True)
class Timing:
    """Seconds a call: medians over the samples, and the quartiles of the wall time."""

    wall: float
    cpu: float
    low: float
    high: float
    samples: int

    def as_dict(self) -> dict[str, float]:
        """For results.json."""
        return {"wall_s": self.wall, "cpu_s": self.cpu, "wall_quartiles_s": [self.low, self.high], "n": self.samples}


def _sample(job: Callable[[], Any], calls: int) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(calls):
        job()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return wall / calls, cpu / calls


def side_by_side(jobs: Mapping[str, Callable[[], Any]], seconds: float, most: int = 101) -> dict[str, Timing]:
    """Time jobs in turn, each warmed up first.

    Parameters
    ----------
    jobs : mapping of str to callable
    seconds : float
        About how long all of it may take; at least three samples of each job are taken all the same.
    most : int
        Samples of each job at most.
    """
    calls = {}
    for name, job in jobs.items():
        job()
        once = min(_sample(job, 1)[0] for _ in range(2))
        calls[name] = max(1, min(_MOST, round(_SAMPLE / max(once, 1e-9))))
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in jobs}
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    started, rounds = time.perf_counter(), 0
    try:
        while rounds < _FEWEST or (rounds < most and time.perf_counter() - started < seconds):
            # The order turns round each time: neither side always runs on the cache the other one left.
            for name in list(jobs) if rounds % 2 == 0 else list(jobs)[::-1]:
                found[name].append(_sample(jobs[name], calls[name]))
            rounds += 1
    finally:
        if collecting:
            gc.enable()
    return {name: _summary(samples) for name, samples in found.items()}


def _summary(samples: list[tuple[float, float]]) -> Timing:
    walls = sorted(wall for wall, _ in samples)
    low, high = walls[len(walls) // 4], walls[(3 * len(walls)) // 4 - (len(walls) % 4 == 0)]
    return Timing(median(walls), median(cpu for _, cpu in samples), low, high, len(samples))


def once(job: Callable[[], Any]) -> tuple[Any, float]:
    """One run of a job too slow to repeat: its result and the seconds it took."""
    started = time.perf_counter()
    result = job()
    return result, time.perf_counter() - started
