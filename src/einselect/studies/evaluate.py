"""Work out the points of a block."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._threads import threads_for
from ..errors import EinselectError, InputError
from . import status
from .catalogue import QUANTITIES, Quantity
from .plan import Block
from .point import Point
from .question import Question


def evaluate(question: Question, dims: tuple[str, ...], ranges: tuple[range, ...], wanted: NDArray[np.bool_]) -> Block:
    """Answers at the points of a block; see `Plan.evaluate`.

    Parameters
    ----------
    question : Question
    dims : tuple of str
    ranges : tuple of range
        Of each dimension.
    wanted : ndarray of bool
        Of the block's shape.
    """
    from .table import table_quantities, table_values

    found = Answers(question, wanted)
    fast = table_quantities(question)
    with threads_for(0):
        if fast:
            table_values(question, fast, dims, ranges, found)
        slow = [QUANTITIES[name] for name in question.quantities if name not in fast]
        if slow:
            _pointwise(question, slow, dims, ranges, found)
    return found.block()


class Answers:
    """What is known of a block so far."""

    def __init__(self, question: Question, wanted: NDArray[np.bool_]) -> None:
        self.wanted = wanted
        self.values = {name: empty(QUANTITIES[name], wanted.shape) for name in question.quantities}
        self.missing = np.zeros(wanted.shape, dtype=np.int64)
        self.refused = np.zeros(wanted.shape, dtype=bool)
        self.failed = np.zeros(wanted.shape, dtype=bool)
        self.message: dict[int, str] = {}

    def note(self, flat: int, text: str) -> None:
        """Add a message to a point."""
        known = self.message.get(flat)
        if known is None:
            self.message[flat] = text
        elif text not in known:
            self.message[flat] = f"{known}; {text}"

    def block(self) -> Block:
        """All of it, with the status of each point."""
        codes = np.where(self.wanted, status.DONE, status.MISSING).astype(np.uint8)
        flat = codes.reshape(-1)
        for at in self.message:
            flat[at] = status.WARNED
        codes[self.refused | (self.missing == len(self.values))] = status.REFUSED
        codes[self.failed] = status.FAILED
        codes[~self.wanted] = status.MISSING
        return Block(self.values, codes, self.message)


def empty(quantity: Quantity, shape: tuple[int, ...]) -> NDArray[Any]:
    """An array of that quantity with no number in it."""
    if quantity.categories:
        return np.full(shape, -1, dtype=np.int8)
    return np.full(shape, -1, dtype=np.int64) if quantity.whole else np.full(shape, np.nan)


def _pointwise(
    question: Question, asked: list[Quantity], dims: tuple[str, ...], ranges: tuple[range, ...], found: Answers
) -> None:
    """Quantities asked for point by point."""
    for index in itertools.product(*(range(len(part)) for part in ranges)):
        if not found.wanted[index]:
            continue
        at = {dim: part[k] for dim, part, k in zip(dims, ranges, index, strict=True)}
        given = {name: v.given(at[v.dim] if v.dim else 0) for name, v in question.values.items()}
        point, flat = Point(question.model, given), int(np.ravel_multi_index(index, found.wanted.shape or (1,)))
        for quantity in asked:
            value, problem, failed = _asked(quantity.of, point)
            if problem is not None:
                found.note(flat, problem)
                found.failed[index] |= failed
            if value is None:
                found.missing[index] += 1
                if problem is None:
                    found.note(flat, f"{quantity.name} does not exist here")
            else:
                found.values[quantity.name][index] = quantity.categories.index(value) if quantity.categories else value


def _asked(of: Callable[[Point], Any], point: Point) -> tuple[Any, str | None, bool]:
    """A value, what stood against it, and whether that was unexpected."""
    try:
        return of(point), None, False
    except (InputError, EinselectError) as error:
        return None, str(error), False
    except Exception as error:  # noqa: BLE001 - one point must not end a study of many
        return None, f"{type(error).__name__}: {error}", True
