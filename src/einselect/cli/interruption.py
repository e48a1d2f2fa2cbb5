"""Long runs on the command line: how far they are, and what happens when they are told to stop."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_BAR_AFTER = 1.0  # seconds
_AGAIN_AFTER = 0.01  # seconds: by then the callback that lost a stop has ended


class Stopped(KeyboardInterrupt):
    """The process was told to end, by a signal other than that of Ctrl-C.

    Attributes
    ----------
    number : int
        Of the signal.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__("terminated")


def exit_code(stop: KeyboardInterrupt) -> int:
    """128 and the number of the signal, as shells have it: 130 after Ctrl-C, 143 after SIGTERM."""
    return 128 + (stop.number if isinstance(stop, Stopped) else signal.SIGINT)


def _signals(*names: str) -> list[int]:
    """Numbers of the signals that this system has and this process does not ignore (as `nohup` asks for)."""
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) != signal.SIG_IGN]


@contextmanager
def _handled(numbers: Iterable[int], handler: Any) -> Iterator[None]:
    """Inside the block `handler` serves the signals; elsewhere than in the main thread nobody can ask for them."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, signal.SIG_DFL if old is None else old)  # None: it was not Python's


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


def _again(number: int) -> None:
    """Send this process a signal once more, soon, to its main thread, which may be waiting by then."""
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):
        timer = threading.Timer(_AGAIN_AFTER, signal.pthread_kill, (main, number))
        timer.daemon = True
        timer.start()


@contextmanager
def _not_lost(lost: Callable[[int], None]) -> Iterator[None]:
    """`lost` hears of a stop raised where Python only prints what is raised: finalisers, callbacks of weakrefs."""
    before = sys.unraisablehook

    def hook(caught: sys.UnraisableHookArgs) -> None:
        stop = caught.exc_value
        if isinstance(stop, KeyboardInterrupt):
            lost(exit_code(stop) - 128)
        else:
            before(caught)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


@contextmanager
def stoppable() -> Iterator[None]:
    """Context in which a signal to end raises `Stopped`, so that temporary files go and finished work stays."""
    with _handled(_signals("SIGTERM", "SIGHUP"), _stop), _not_lost(_again):
        yield


@contextmanager
def once() -> Iterator[None]:
    """Inside the block the first signal to stop raises, and more of them are dropped: an impatient user keeps the work.

    Raises
    ------
    KeyboardInterrupt
        `Stopped` for other signals than that of Ctrl-C.
    """
    heard = False

    def first(number: int, frame: FrameType | None) -> None:
        nonlocal heard
        if heard:
            return
        heard = True
        raise KeyboardInterrupt if number == signal.SIGINT else Stopped(number)

    def lost(number: int) -> None:
        nonlocal heard
        heard = False
        _again(number)

    with _handled(_signals("SIGINT", "SIGTERM", "SIGHUP"), first), _not_lost(lost):
        yield


@contextmanager
def held() -> Iterator[None]:
    """Inside the block, which has to be short, signals to stop wait for its end."""
    waiting: list[int] = []
    with _handled(_signals("SIGINT", "SIGTERM", "SIGHUP"), lambda number, _: waiting.append(number)):
        yield
    for number in waiting[:1]:
        signal.raise_signal(number)


def followed(times: Iterable[float], count: int, *, after: float = _BAR_AFTER) -> Iterator[float]:
    """The same times; where stderr is a terminal and it takes longer, a bar there says how many are done.

    Parameters
    ----------
    times : iterable of float
    count : int
        How many they are.
    after : float
        Seconds; 0 for work in which the first time may already take long.
    """
    if not sys.stderr.isatty():
        yield from times
        return
    started, bar, task = time.monotonic(), None, None
    try:
        for done, value in enumerate(chain([None], times)):
            if bar is None and done < count and time.monotonic() - started >= after:
                bar, task = _bar(count)
            if bar is not None and task is not None:
                bar.update(task, completed=done)
            if value is not None:
                yield value
    finally:
        if bar is not None:
            bar.stop()


def _bar(count: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

    bar = Progress(
        *Progress.get_default_columns()[:2],
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    task = bar.add_task("times", total=count)
    bar.start()
    return bar, task
