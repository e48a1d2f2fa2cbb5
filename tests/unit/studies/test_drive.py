"""Blocks are handed out few at a time, again where a worker died, and given up where it always dies."""

from __future__ import annotations

import random
import tracemalloc
from collections import Counter

import pytest

from einselect.errors import InputError
from einselect.studies.blocks import Blocks
from einselect.studies.drive import Collected, GivenUp, drive
from einselect.studies.executors import Executor, choose
from einselect.studies.progress import Progress, span
from einselect.studies.work import Receipt


class Simulated:
    """Workers on paper: each block takes a while, some kill their worker, some workers die by themselves."""

    def __init__(self, workers: int, *, certain: bool, deadly: tuple[int, ...] = (), dying: float = 0.0) -> None:
        self.in_company, self.alone = (1, 1) if certain else (3, 2)
        self.workers, self.certain, self.deadly, self.dying = workers, certain, deadly, dying
        self.out: list[int] = []
        self.dice = random.Random(1)
        self.begun: Counter[int] = Counter()
        self.most = self.handed = self.rounds = 0
        self.closed = False

    def slots(self) -> int:
        return 2 * self.workers

    def submit(self, number: int) -> None:
        assert number not in self.out
        self.out.append(number)
        self.handed += 1
        self.most = max(self.most, len(self.out))

    def collect(self, seconds: float) -> Collected:
        self.rounds += 1
        if self.rounds % 2:  # nothing has come to its end yet
            return Collected()
        now, self.out = self.out[: self.workers], self.out[self.workers :]
        self.begun.update(now)
        found = Collected()
        dead = [k for k in now if k in self.deadly or self.dice.random() < self.dying]
        if dead and not self.certain:  # a pool dies as a whole
            found.died, self.out = now + self.out, []
            return found
        found.died = dead
        found.receipts = [Receipt(k, (0, 1, 0, 0, 0), 0.0) for k in now if k not in dead]
        return found

    def close(self) -> None:
        self.closed = True


def ends(crew: Simulated, count: int) -> tuple[list[int], list[int]]:
    items = list(drive(crew, iter(range(count))))
    done = [item.number for item in items if isinstance(item, Receipt)]
    return done, [item.number for item in items if isinstance(item, GivenUp)]


def test_every_block_once_and_never_more_than_two_a_worker() -> None:
    crew = Simulated(5, certain=True)
    done, given_up = ends(crew, 1000)
    assert sorted(done) == list(range(1000))
    assert (given_up, crew.most, crew.handed, crew.closed) == ([], 10, 1000, True)


@pytest.mark.parametrize("certain", [True, False])
def test_dying_workers_cost_what_was_in_flight(certain: bool) -> None:
    crew = Simulated(4, certain=certain, dying=0.02)
    done, given_up = ends(crew, 500)
    assert sorted(done + given_up) == list(range(500))
    assert len(given_up) <= 3
    assert crew.handed < 700


@pytest.mark.parametrize("certain", [True, False])
def test_a_deadly_block_is_given_up_and_the_others_are_not(certain: bool) -> None:
    crew = Simulated(4, certain=certain, deadly=(17, 300))
    done, given_up = ends(crew, 400)
    assert sorted(given_up) == [17, 300]
    assert sorted(done) == [k for k in range(400) if k not in (17, 300)]
    assert max(crew.begun[k] for k in (17, 300)) <= 5


def test_blocks_that_went_lost_are_handed_out_again() -> None:
    crew = Simulated(3, certain=True)
    collect, lost = crew.collect, []

    def with_loss(seconds: float) -> Collected:
        if crew.rounds == 20 and not lost:
            lost.extend(crew.out)
            crew.out = []
            return Collected(returned=list(lost))
        return collect(seconds)

    crew.collect = with_loss  # type: ignore[method-assign]
    done, given_up = ends(crew, 100)
    assert len(lost) == 6
    assert (sorted(done), given_up) == (list(range(100)), [])


def test_a_thousand_million_points_on_paper() -> None:
    """The plan of benchmarks/studies.md: 20,000 blocks, 1000 workers of which some die, 2000 tasks in flight."""
    blocks = Blocks((10_000, 1_000, 100), (500, 1, 100))
    assert (blocks.size, blocks.count, blocks.points(0)) == (10**9, 20_000, 50_000)
    crew = Simulated(1000, certain=True, dying=1e-3)
    tracemalloc.start()
    done = sum(item.counts[1] > 0 for item in drive(crew, iter(range(blocks.count))) if isinstance(item, Receipt))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done == blocks.count
    assert crew.most == 2000  # what the scheduler knows of, whatever the size of the study
    assert blocks.count < crew.handed < 1.005 * blocks.count
    assert peak < 5e6  # bytes; the list of the points alone would have 24 GB


def test_an_interruption_lets_the_workers_go() -> None:
    crew = Simulated(2, certain=True)
    items = drive(crew, iter(range(100)))
    next(items)
    items.close()
    assert crew.closed


def test_wishes_for_an_executor() -> None:
    assert choose() == Executor("in-process")
    assert choose("auto", 1) == Executor("in-process", 1)
    assert choose("auto", 3) == Executor("processes", 3)
    assert choose(None, None, "tcp://h:8786") == Executor("dask", None, "tcp://h:8786")
    assert choose("dask").workers >= 1
    for wish, message in (
        (("threads",), "executor must be one of auto, in-process, processes, dask; got 'threads'"),
        (("dask", 2, "tcp://h:1"), "workers must be left to the scheduler 'tcp://h:1' where one is named; got 2"),
        (("processes", None, "tcp://h:1"), "scheduler must be left out for the executor 'processes'"),
        (("in-process", 2), "workers must be left out for the executor 'in-process'; got 2"),
        (("processes", 0), "workers must be a whole number from 1 to 4096; got 0"),
    ):
        with pytest.raises(InputError, match=message):
            choose(*wish)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_has_the_rate_and_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    meter = Progress(100_000, [60_000, 40_000, 0, 0, 0], clock=clock)
    for _ in range(40):
        clock.now += 5.0
        meter.add([0, 990, 0, 7, 3])
    meter.finish()
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert (
        lines[0] == "einselect: 41,000 of 100,000 points (41.0 %), 200 points/s, 4 min 55 s left, 7 refused, 3 failed"
    )
    times = [int(line.split(" of ")[0].split()[-1].replace(",", "")) // 200 - 200 for line in lines[:-1]]
    assert times == [5, 15, 35, 75, 135, 195]  # seconds: further apart, but a minute at most
    assert lines[-1].endswith(
        "80,000 of 100,000 points (80.0 %), 200 points/s, 1 min 40 s left, 280 refused, 120 failed, after 3 min 20 s"
    )


def test_the_rate_is_that_of_the_last_minute() -> None:
    clock = Clock()
    meter = Progress(10**6, [10**6, 0, 0, 0, 0], show=False, clock=clock)
    assert meter.rate == 0.0
    assert "not known yet" in meter.line()
    for rate, seconds in ((5000, 100), (100, 100)):
        for _ in range(seconds):
            clock.now += 1.0
            meter.add([0, rate, 0, 0, 0])
    assert meter.rate == pytest.approx(100.0)
    assert meter.left == pytest.approx((10**6 - 510_000) / 100.0)
    assert "(51.0 %)" in meter.line()
    meter.add([0, 489_999, 0, 0, 0])
    assert "(99.9 %)" in meter.line()


def test_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    clock, stream = Clock(), Terminal()
    meter = Progress(1000, [1000, 0, 0, 0, 0], stream, clock=clock)
    for _ in range(3):
        clock.now += 1.0
        meter.add([0, 100, 0, 0, 1])
    meter.say("a point failed: of all things")
    meter.close()
    seen = stream.getvalue()
    assert "303/1000" in seen
    assert "101 points/s" in seen
    assert "7 s left" in seen
    assert "3 failed" in seen
    assert "einselect: a point failed: of all things" in seen


def test_spans() -> None:
    assert [span(s) for s in (0.2, 59.6, 3599.0, 86_399.6)] == ["0 s", "1 min", "59 min 59 s", "1 d"]
