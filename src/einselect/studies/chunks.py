"""How a study is cut: blocks of about a second of work whose points share what is dear."""

from __future__ import annotations

import math

from ..models.registry import MODELS
from .catalogue import QUANTITIES
from .question import Question
from .table import table_quantities

_SECONDS = 2.0  # of work in a chunk: long against the scheduler's overhead, short against a loss by a kill
_MOST = 50_000  # points
_IN_TABLE, _ALONE, _OTHER = 1.5e-4, 1e-3, 3e-2  # seconds a doublet: LMG in a table, LMG by itself, other models
_POINT = 2e-6  # seconds a point whose doublet is there


def suggested_chunks(
    question: Question, dims: tuple[str, ...], shape: tuple[int, ...], most: int | None
) -> tuple[int, ...]:
    """Shape of a block: dimensions that share a model first, then those of the model from the last one on.

    Parameters
    ----------
    question : Question
    dims, shape : tuple
        Of the plan.
    most : int or None
        Points of a chunk, where the user has said how many.

    Returns
    -------
    tuple of int
        At least 1 each; divides the shape about evenly.
    """
    fast = table_quantities(question)
    slow = [QUANTITIES[name] for name in question.quantities if name not in fast]
    a_doublet = (_ALONE if question.model == "lmg" else _OTHER) if slow else _IN_TABLE
    if "regime" in fast:
        a_doublet += QUANTITIES["regime"].seconds
    a_doublet += sum(q.seconds for q in slow if q.per_model)
    # Quantities of one run share it: the dearest of each family counts.
    each = [q for q in slow if not q.per_model]
    a_point = _POINT + sum(max(q.seconds for q in each if q.family == family) for family in {q.family for q in each})
    parameters = [p.name for p in MODELS[question.model].parameters if p.name in question.values]
    system = {question.values[name].dim for name in parameters}
    points = most or max(1, min(_MOST, int(_SECONDS / a_point)))
    doublets = most or max(1, int(_SECONDS / a_doublet))
    found = [1] * len(dims)
    for k in sorted(range(len(dims)), key=lambda k: (dims[k] in system, -k)):
        room = min(points, doublets) if dims[k] in system else points
        pieces = math.ceil(shape[k] / min(shape[k], max(1, room)))
        found[k] = math.ceil(shape[k] / pieces)
        points //= found[k]
        if dims[k] in system:
            doublets //= found[k]
    return tuple(found)
