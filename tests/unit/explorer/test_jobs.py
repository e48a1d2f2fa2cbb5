"""Computations of a visitor: the last one asked for wins, a running one can be stopped, errors come back."""

import threading
import time
from queue import Queue

import pytest

from einselect.explorer.jobs import AtOnce, Job, Stopped, Task, Worker


class QueueLoop:
    """A loop that the test turns by hand."""

    def __init__(self):
        self.queue = Queue()
        self.delayed = []

    def soon(self, function):
        self.queue.put(function)

    def later(self, function, milliseconds):
        self.delayed.append(function)

    def turn(self, times=1):
        for _ in range(times):
            self.queue.get(timeout=5)()


def test_the_last_of_several_is_computed_after_the_first():
    loop, done = QueueLoop(), []
    worker = Worker(loop, lambda _: None)
    began, gate = threading.Event(), threading.Event()

    def first(job):
        began.set()
        gate.wait(5)
        return "first"

    worker.submit(Task(first, done.append, done.append))
    assert began.wait(5)  # one that has not begun is not computed at all
    for name in ("second", "third"):
        worker.submit(Task(lambda job, name=name: name, done.append, done.append))
    gate.set()
    loop.turn(2)
    assert done == ["first", "third"]
    assert worker.idle


def test_a_cancelled_one_ends_and_says_so():
    loop, failed, started = QueueLoop(), [], threading.Event()
    worker = Worker(loop, lambda _: None)

    def endless(job):
        started.set()
        while True:
            job.check()
            time.sleep(0.001)

    worker.submit(Task(endless, lambda _: pytest.fail("it has no end"), failed.append))
    assert started.wait(5)
    worker.cancel()
    assert [str(error) for error in failed] == ["the computation was cancelled"]
    worker.cancel()
    loop.turn()
    assert len(failed) == 1
    assert worker.idle


def test_what_cannot_stop_is_abandoned_and_the_next_one_waits():
    loop, done, failed, told = QueueLoop(), [], [], []
    worker = Worker(loop, told.append)
    gate = threading.Event()

    def deaf(job):
        gate.wait(5)
        return "deaf"

    worker.submit(Task(deaf, done.append, failed.append))
    worker.cancel()
    worker.submit(Task(lambda job: "next", done.append, failed.append))
    assert told == [0.0]
    gate.set()
    loop.turn(2)
    assert done == ["next"]
    assert len(failed) == 1
    assert told == [0.0, None]


def test_a_stopped_one_is_not_shown_where_a_newer_one_waits():
    loop, done, started = QueueLoop(), [], threading.Event()
    worker = Worker(loop, lambda _: None)

    def endless(job):
        started.set()
        while not job.cancelled():
            time.sleep(0.001)
        job.check()

    worker.submit(Task(endless, done.append, done.append))
    assert started.wait(5)
    worker.submit(Task(lambda job: "newer", done.append, done.append))
    loop.turn(2)
    assert done == ["newer"]


def test_progress_is_told_only_of_what_lasts():
    loop, told = QueueLoop(), []
    worker = Worker(loop, told.append)
    worker.submit(Task(lambda job: job.progress(0.5), lambda _: None, pytest.fail))
    loop.turn(2)
    assert told == []
    gate = threading.Event()

    def slow(job):
        gate.wait(5)
        job.progress(0.5)

    worker.submit(Task(slow, lambda _: None, pytest.fail))
    loop.delayed[-1]()  # patience ends
    gate.set()
    loop.turn(2)
    assert told == [0.0, 0.5, None]


def test_a_late_one_names_the_bound():
    job = Job(seconds=0.05)
    job.begin()
    time.sleep(0.06)
    with pytest.raises(Stopped, match=r"within 0.05 seconds, the bound of the explorer"):
        job.progress(0.1)


def test_errors_come_back_and_the_worker_goes_on():
    done, failed = [], []
    worker = Worker(AtOnce(), lambda _: None)
    worker.submit(Task(lambda job: 1 / 0, done.append, failed.append))
    worker.submit(Task(lambda job: "next", done.append, failed.append))
    assert isinstance(failed[0], ZeroDivisionError)
    assert done == ["next"]
