"""Doublets of a model at other values of some parameters, each solved once for all visitors.

Curves, windows and maps look them up by their parameters, and so does a visitor who only moves the point, γ or T. A
computation that is cancelled goes on where it was.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from ...doublet import Doublet
from ...errors import EinselectError
from ...jump_doublet import JumpDoublet
from ...matrix_levels import MatrixLevels
from ...models.registry import model_entry
from ...rates import dephasing_rates
from ..axes import given_at
from ..jobs import Job
from ..state import System

Pair = Doublet | JumpDoublet
_KEPT = 2048  # doublets, of 1 to 50 kB each


def at(system: System, changed: Mapping[str, float]) -> Pair:
    """The doublet of a system with other values of some parameters, as the axes count them."""
    return _solved(system.entry.name, key_of(system, changed), system.jump)


def key_of(system: System, changed: Mapping[str, float]) -> tuple[tuple[str, Any], ...]:
    """The parameters of a system with some changed."""
    new = {name: given_at(system, name, value) for name, value in changed.items()}
    given = {**system.parameters, **new}
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in sorted(given.items()))


@lru_cache(maxsize=_KEPT)
def _solved(model: str, given: tuple[tuple[str, Any], ...], jump: str | None) -> Pair:
    built = model_entry(model).build({name: list(v) if isinstance(v, tuple) else v for name, v in given})
    found = dephasing_rates(built, jump=jump).doublet
    if isinstance(found, JumpDoublet) and isinstance(found.levels, MatrixLevels):
        # What is kept needs the energies only: operators and vectors take some 100 kB of each.
        empty = np.broadcast_to(np.zeros(1), found.levels.vectors.shape)
        found = replace(found, levels=replace(found.levels, vectors=empty, operators={}))
    return found


def tried(system: System, changed: Mapping[str, float], job: Job) -> Pair | None:
    """The same; None where the model refuses the values."""
    job.check()
    try:
        return at(system, changed)
    except EinselectError:
        return None


def _ordered(pair: Pair) -> bool:
    return getattr(pair.source, "phase", None) not in ("critical", "disordered")


def ratio_of(pair: Pair | None, name: str) -> float:
    """A ratio; NaN where there is none, and without broken symmetry, where there are no pointer states."""
    value = None if pair is None or not _ordered(pair) else getattr(pair, name)
    return math.nan if value is None else float(value)
