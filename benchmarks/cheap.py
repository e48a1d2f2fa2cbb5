"""A plan for studies whose points cost nothing, or a given time of a core."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from einselect.studies.plan import Block, Coordinate, Variable


@dataclass(frozen=True)
class CheapPlan:
    """Points in one dimension; each computes for so many seconds, which may be none."""

    points: int
    chunk: int
    loops: int = 0
    wait: float = 0.0  # seconds of every point without a core
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
        if self.wait:
            time.sleep(self.wait * (block[0].stop - block[0].start))
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


def loops(seconds: float) -> int:
    """How often `_compute` fits in so much time of a core, at its fastest."""
    best = min(_timed(200) for _ in range(5)) / 200
    return round(seconds / best)


def _timed(count: int) -> float:
    started = time.process_time()
    for _ in range(count):
        _compute()
    return time.process_time() - started
