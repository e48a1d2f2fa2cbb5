"""How far a study is: points done, rate, time left; as a bar in a terminal, as lines anywhere else."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from .status import FAILED, MISSING, REFUSED

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_WINDOW = 60.0  # seconds: the rate is that of the last minute, since points at large N cost more than at small N
_FIRST, _EVERY = 5.0, 60.0  # seconds to the first line of a log, and between lines at most


class Progress:
    """Counts points and says so now and then.

    Parameters
    ----------
    total : int
        Points of the study.
    counts : sequence of int
        Points by status, before this run.
    stream : text stream, optional
        Default: standard error.
    show : bool
    clock : callable
        Seconds.

    Notes
    -----
    Rate and time left count the points of this run only, not those found done.
    """

    def __init__(
        self,
        total: int,
        counts: Sequence[int],
        stream: TextIO | None = None,
        *,
        show: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total, self.counts = total, np.array(counts, dtype=np.int64)
        self.stream, self.show, self.clock = stream or sys.stderr, show, clock
        self.terminal = self.stream.isatty()
        now = clock()
        self._seen: deque[tuple[float, int]] = deque([(now, self.done)])
        self._next, self._gap, self._started = now + _FIRST, _FIRST, now
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    @property
    def done(self) -> int:
        """Points that have a status."""
        return int(self.counts[MISSING + 1 :].sum())

    @property
    def rate(self) -> float:
        """Points a second over the last minute; 0 before the first."""
        now = self.clock()
        then, done = self._seen[0]
        return (self.done - done) / (now - then) if now > then else 0.0

    @property
    def left(self) -> float:
        """Seconds to the end at this rate; infinite before the first point."""
        rate = self.rate
        return (self.total - self.done) / rate if rate > 0.0 else float("inf")

    def line(self) -> str:
        """All of it in one line."""
        share = 100.0 * self.done / self.total if self.total else 100.0
        parts = [f"{self.done:,} of {self.total:,} points ({_percent(share)} %)"]
        if self.rate > 0.0:
            parts.append(f"{figure(self.rate)} points/s")
        if self.done < self.total:
            parts.append(f"{span(self.left)} left" if self.left < float("inf") else "time left not known yet")
        parts += [f"{self.counts[code]:,} {name}" for code, name in _BAD if self.counts[code]]
        return ", ".join(parts)

    def add(self, counts: Sequence[int]) -> None:
        """Count the points of a receipt, and show it if it is time."""
        self.counts += np.array(counts, dtype=np.int64)
        now = self.clock()
        self._seen.append((now, self.done))
        while len(self._seen) > 2 and now - self._seen[1][0] > _WINDOW:
            self._seen.popleft()
        self.tick()

    def tick(self) -> None:
        """Show how far it is, if it is time."""
        if not self.show:
            return
        now = self.clock()
        if self.terminal:
            if self._bar is None and now - self._started > 1.0 and self.done < self.total:
                self._start()
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=self.done, text=self._text())
        elif now >= self._next:
            self.say(self.line())
            self._gap = min(2.0 * self._gap, _EVERY)
            self._next = now + self._gap

    def say(self, text: str) -> None:
        """A line of the log; above the bar where there is one."""
        if not self.show:
            return
        if self._bar is not None:
            self._bar.console.print(f"einselect: {text}", markup=False, highlight=False)
        else:
            print(f"einselect: {text}", file=self.stream, flush=True)

    def finish(self) -> None:
        """The last line, where there were any before it."""
        if self.show and not self.terminal and self._gap > _FIRST:
            self.say(f"{self.line()}, after {span(self.clock() - self._started)}")

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns: list[Any] = [BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[text]}")]
        self._bar = Progress(*columns, console=Console(file=self.stream))
        self._task = self._bar.add_task("points", total=self.total, completed=self.done, text=self._text())
        self._bar.start()

    def _text(self) -> str:
        left = f"{span(self.left)} left" if self.left < float("inf") else ""
        bad = ", ".join(f"{self.counts[code]:,} {name}" for code, name in _BAD if self.counts[code])
        return "  ".join(part for part in (f"{figure(self.rate)} points/s", left, bad) if part)


_BAD = ((REFUSED, "refused"), (FAILED, "failed"))


def _percent(share: float) -> str:
    """Never 100 before the end."""
    return "100" if share >= 100.0 else f"{min(share, 99.9):.1f}"


def figure(value: float) -> str:
    """A rate with two digits or more."""
    return f"{value:,.0f}" if value >= 10.0 else f"{value:.2g}"


def span(seconds: float) -> str:
    """A time as people say it.

    Examples
    --------
    >>> from einselect.studies.progress import span
    >>> span(42.3), span(200), span(9000), span(200_000)
    ('42 s', '3 min 20 s', '2 h 30 min', '2 d 7 h')
    """
    whole = round(seconds)
    for large, small, size in (("d", "h", 86_400), ("h", "min", 3_600), ("min", "s", 60)):
        if whole >= size:
            smaller = {"h": 3_600, "min": 60, "s": 1}[small]
            rest = whole % size // smaller
            return f"{whole // size} {large}" + (f" {rest} {small}" if rest else "")
    return f"{whole} s"
