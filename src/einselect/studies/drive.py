"""Handing out the blocks of a study: few at a time, again where a worker died, and alone where several did.

The driver never holds a list of tasks. It keeps twice as many blocks handed out as there are workers, whatever the size
of the study, and hands out the next one as a receipt comes back: a scheduler knows of some thousand tasks at most, not
of millions.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from .work import Receipt


@dataclass
class Collected:
    """What came back from the workers.

    Attributes
    ----------
    receipts : list of Receipt
    died : list of int
        Blocks that were with workers, or in a pool, that died.
    returned : list of int
        Blocks that went lost through no fault of theirs, as when a scheduler was restarted.
    """

    receipts: list[Receipt] = field(default_factory=list)
    died: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)


class Crew(Protocol):
    """Workers of one kind."""

    in_company: int
    """Deaths after which a block is handed out by itself, when all others are done: it may not have been its doing."""

    alone: int
    """Deaths after which a block that is handed out by itself is given up."""

    def slots(self) -> int:
        """How many blocks may be handed out at once."""

    def submit(self, number: int) -> None:
        """Hand out a block."""

    def collect(self, seconds: float) -> Collected:
        """Wait for the next receipts, so long at most."""

    def close(self) -> None:
        """Let the workers go, whatever they are at."""


@dataclass(frozen=True)
class GivenUp:
    """A block whose workers died again and again; it stays missing."""

    number: int


def drive(crew: Crew, numbers: Iterable[int], seconds: float = 1.0) -> Iterator[Receipt | GivenUp | None]:
    """Have blocks worked out.

    Parameters
    ----------
    crew : Crew
        Closed at the end, also where that is an error or an interruption.
    numbers : iterable of int
        Blocks; taken one by one.
    seconds : float
        How long to wait before None is yielded, so that the caller may say something.

    Yields
    ------
    Receipt, GivenUp or None
    """
    source = iter(numbers)
    again: deque[int] = deque()
    suspects: deque[int] = deque()
    out: set[int] = set()
    deaths: Counter[int] = Counter()
    solitary = -1  # the block that is handed out by itself
    try:
        while True:
            while len(out) < crew.slots():
                number = again.popleft() if again else next(source, None)
                if number is None:
                    break
                crew.submit(number)
                out.add(number)
            if not out and suspects:
                solitary = suspects.popleft()
                crew.submit(solitary)
                out.add(solitary)
            if not out:
                return
            found = crew.collect(seconds)
            for receipt in found.receipts:
                out.discard(receipt.number)
                yield receipt
            for number in found.returned:
                out.discard(number)
                (suspects if number == solitary else again).append(number)
            for number in found.died:
                out.discard(number)
                deaths[number] += 1
                if deaths[number] >= crew.in_company + crew.alone and number == solitary:
                    yield GivenUp(number)
                elif deaths[number] >= crew.in_company:
                    suspects.append(number)
                else:
                    again.append(number)
            if not found.receipts:
                yield None
    finally:
        crew.close()
