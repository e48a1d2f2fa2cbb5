"""A plan whose every evaluation leaves a line, for tests that count them: which block, begun and ended.

A point's numbers are functions of its coordinates alone. How long a block takes, and whether it raises, can be set.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from einselect.studies.plan import Block, Coordinate, Variable
from einselect.studies.status import DONE, FAILED, MISSING, REFUSED, WARNED


def axis(values: Any, name: str) -> Coordinate:
    return Coordinate(np.asarray(values), name, "1", f"values of {name}")


@dataclass(frozen=True)
class ToyPlan:
    """Sums and phases of x and y; every 97th x is refused, every 101st failed, every 89th warned."""

    x: tuple[int, ...]
    y: tuple[float, ...]
    chunks: tuple[int, ...]
    log: str = ""
    seconds: float = 0.0  # a point
    deadly: int = 0  # the process that works out this x is killed
    attributes: dict[str, Any] = field(default_factory=lambda: {"model": "toy", "energy_unit": "plain"})

    dims = ("x", "y")

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.x), len(self.y))

    @property
    def coordinates(self) -> dict[str, Coordinate]:
        return {"x": axis(np.array(self.x, dtype=np.int64), "x"), "y": axis(np.array(self.y, dtype=float), "y")}

    @property
    def variables(self) -> dict[str, Variable]:
        flags = {"flag_values": [-1, 0, 1], "flag_meanings": "none even odd"}
        return {
            "phase": Variable("f8", {"units": "rad", "long_name": "sin(x y)"}),
            "sum": Variable("i8", {"units": "1", "long_name": "x plus ten y"}),
            "kind": Variable("i1", {"units": "1", "long_name": "parity of x", **flags}),
        }

    def evaluate(self, block: tuple[slice, ...], wanted: np.ndarray | None = None) -> Block:
        self._note("begin", block, wanted)
        x, y = np.meshgrid(np.array(self.x)[block[0]], np.array(self.y)[block[1]], indexing="ij")
        if self.deadly in x:
            os.kill(os.getpid(), signal.SIGKILL)
        asked = np.ones(x.shape, dtype=bool) if wanted is None else wanted
        if self.seconds:
            time.sleep(self.seconds * asked.sum())
        status = np.full(x.shape, DONE, dtype=np.uint8)
        for step, code in ((89, WARNED), (97, REFUSED), (101, FAILED)):
            status[x % step == 0] = code
        status[~asked] = MISSING
        bad = (status == MISSING) | (status >= REFUSED)
        values = {
            "phase": np.where(bad, np.nan, np.sin(x * y)),
            "sum": np.where(bad, -1, x + np.rint(10 * y).astype(np.int64)),
            "kind": np.where(bad, -1, x % 2).astype(np.int8),
        }
        flat = status.reshape(-1)
        message = {int(k): f"x = {x.flat[k]}: {flat[k]}" for k in np.flatnonzero(flat > DONE)}
        self._note("end", block, wanted)
        return Block(values, status, message)

    def _note(self, what: str, block: tuple[slice, ...], wanted: np.ndarray | None) -> None:
        if self.log:
            count = "all" if wanted is None else int(wanted.sum())
            line = f"{what} {block[0].start} {block[1].start} {count} {os.getpid()}\n"
            handle = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(handle, line.encode())  # one write of one line: whole, whoever else writes
            os.close(handle)


def lines(log: Path, what: str) -> list[tuple[int, int]]:
    """First corner of each block that was begun, or ended, in the order of the log."""
    if not log.exists():
        return []
    words = [line.split() for line in log.read_text().splitlines()]
    return [(int(w[1]), int(w[2])) for w in words if w[0] == what]
