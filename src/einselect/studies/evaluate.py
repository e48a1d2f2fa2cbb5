"""Work out the points of a block: what a table of doublets has all at once, everything else point by point."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._threads import threads_for
from ..errors import EinselectError
from ..models.registry import MODELS
from . import status
from .catalogue import QUANTITIES
from .kinds import Quantity
from .plan import Block
from .point import Point, System
from .question import Question
from .table import table_quantities, table_values

_ON_SPLITTING = ("splitting", "log_splitting", "log10_splitting", "secular_parameter", "log_secular_parameter",
                 "thermal_ratio", "log_thermal_ratio")  # fmt: skip


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

    Returns
    -------
    Block
    """
    values = {name: _empty(QUANTITIES[name], wanted.shape) for name in question.quantities}
    message: dict[int, str] = {}
    failed = np.zeros(wanted.shape, dtype=bool)
    fast = table_quantities(question)
    slow = [QUANTITIES[name] for name in question.quantities if name not in fast]
    # One thread: threads would change the last bits, and workers beside this one have their own cores.
    with threads_for(0):
        if fast:
            message |= table_values(question, fast, dims, ranges, wanted, values)
        if slow:
            for index, point in _points(question, dims, ranges, wanted):
                flat = int(np.ravel_multi_index(index, wanted.shape)) if index else 0
                found, reasons, failed[index] = _at(point, slow)
                for name, value in found.items():
                    values[name][index] = value
                if reasons:
                    before = [message[flat]] if flat in message else []
                    message[flat] = "; ".join(dict.fromkeys([*before, *reasons]))
    return Block(values, _codes(wanted, values, message, failed), dict(sorted(message.items())))


def _empty(quantity: Quantity, shape: tuple[int, ...]) -> NDArray[Any]:
    """An array of that quantity with no number in it."""
    if quantity.categories:
        return np.full(shape, -1, dtype=np.int8)
    return np.full(shape, -1, dtype=np.int64) if quantity.whole else np.full(shape, np.nan)


def _codes(
    wanted: NDArray[np.bool_], values: dict[str, NDArray[Any]], message: dict[int, str], failed: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """The status of each point."""
    codes = np.where(wanted, status.DONE, status.MISSING).astype(np.uint8)
    if message:
        at = np.fromiter(message, dtype=np.int64, count=len(message))
        columns = [column.reshape(-1)[at] for column in values.values()]
        empty = np.all([np.isnan(c) if c.dtype.kind == "f" else c < 0 for c in columns], axis=0)
        codes.reshape(-1)[at] = np.where(empty, status.REFUSED, status.WARNED)
    codes[failed] = status.FAILED
    return codes


def _points(
    question: Question, dims: tuple[str, ...], ranges: tuple[range, ...], wanted: NDArray[np.bool_]
) -> Iterator[tuple[tuple[int, ...], Point]]:
    """The points that are wanted, those of one model after the other."""
    parameters = [p.name for p in MODELS[question.model].parameters if p.name in question.values]
    others = [name for name in question.values if name not in parameters]
    of_system = [question.values[name].dim for name in parameters]
    outer = [k for k, dim in enumerate(dims) if dim in of_system]
    inner = [k for k in range(len(dims)) if k not in outer]
    index = [0] * len(dims)

    def given(names: list[str]) -> dict[str, Any]:
        found = {}
        for name in names:
            values = question.values[name]
            k = dims.index(values.dim) if values.dim else -1
            found[name] = values.given(ranges[k][index[k]] if values.dim else 0)
        return found

    for first in itertools.product(*(range(len(ranges[k])) for k in outer)):
        for k, at in zip(outer, first, strict=True):
            index[k] = at
        system = None
        for second in itertools.product(*(range(len(ranges[k])) for k in inner)):
            for k, at in zip(inner, second, strict=True):
                index[k] = at
            if wanted[tuple(index)]:
                system = system or System(question.model, given(parameters))
                yield tuple(index), Point(system, given(others))


def _at(point: Point, asked: list[Quantity]) -> tuple[dict[str, Any], list[str], bool]:
    """The quantities at a point, why some are not there, and whether that was an error that nobody expected."""
    found: dict[str, Any] = {}
    reasons: list[str] = []
    absent: list[str] = []
    failed = False
    for quantity in asked:
        try:
            value = quantity.of(point)
        except EinselectError as error:
            reasons.append(" ".join(str(error).split()))
            continue
        except Exception as error:  # noqa: BLE001 - one point must not end a study of many
            reasons.append(f"{quantity.name}: {type(error).__name__}: {' '.join(str(error).split())}")
            failed = True
            continue
        if value is not None:
            found[quantity.name] = quantity.categories.index(value) if quantity.categories else value
        elif not quantity.optional:
            absent.append(quantity.name)
    bound = point.doublet.splitting_bound if any(name in _ON_SPLITTING for name in absent) else None
    if bound is not None:
        reasons.append(f"ΔE is not resolved, only known to be below {bound:.2g}")
        absent = [name for name in absent if name not in _ON_SPLITTING]
    if absent:
        reasons.append(f"there is no {', '.join(absent)} at this point")
    return found, reasons, failed
