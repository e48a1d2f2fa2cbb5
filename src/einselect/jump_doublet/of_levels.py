"""The doublet of any levels: jump operators resolved and projected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import _checks
from ..errors import InputError
from ..level_set import LevelSet, adjoint
from ..spin import operator
from .doublet import JumpDoublet


def doublet_of(
    levels: LevelSet,
    jumps: Any,
    *,
    order: Any = None,
    source: Any = None,
    order_parameter: float | None = None,
    g_loc: float | None = None,
) -> JumpDoublet:
    """The doublet of any levels under one or several jump operators.

    Parameters
    ----------
    levels : LevelSet
        At least two; a third gives the gap.
    jumps : operator, or sequence of them
        As `LevelSet.matrix` takes them, at equal rates.
    order : operator, optional
        The order parameter, which tells the two wells apart. Default: the (first) jump operator.
    source : model, optional
        For the parameters and the name that answers show.
    order_parameter, g_loc : float, optional
        Mean-field values, where there are any.

    Returns
    -------
    JumpDoublet

    Raises
    ------
    InputError
        For fewer than two levels, no jump operator, or one that the levels do not know.
    """
    if len(levels) < 2:
        raise InputError(f"levels must be at least two; got {len(levels)}")
    listed: list[Any] = list(jumps) if isinstance(jumps, Sequence) and not isinstance(jumps, str) else [jumps]
    if not listed:
        raise InputError("jumps must be one or more operators; got none")
    named = getattr(levels, "operators", None)
    resolved = [_resolved(op, named) for op in listed]
    singles = np.stack([levels.matrix(op)[:2, :2] for op in resolved])
    squares = np.stack([levels.matrix(adjoint(op) @ op)[:2, :2] for op in resolved])
    wells = resolved[0] if order is None else _resolved(order, named)
    return JumpDoublet(
        source=source,
        levels=levels,
        jump=", ".join(getattr(op, "name", f"L{i}") for i, op in enumerate(resolved)),
        singles=singles,
        squares=squares,
        order=np.stack([levels.matrix(wells)[:2, :2], levels.matrix(adjoint(wells) @ wells)[:2, :2]]),
        order_parameter=order_parameter,
        g_loc=g_loc,
    )


def _resolved(op: Any, named: Any) -> Any:
    """An operator from its name."""
    if not isinstance(op, str):
        return op
    if named:
        return named[_checks.one_of("jump", op, named)]
    return operator(op)
