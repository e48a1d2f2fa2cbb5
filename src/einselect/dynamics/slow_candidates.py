"""Approximate modes from windows of frequency: which are the same, how slow the slowest few are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

REAL = 1e-9
"""Im λ below this part of a window's width counts as zero."""


@dataclass(frozen=True)
class Candidate:
    """An approximate mode.

    Attributes
    ----------
    eigenvalue : complex
    centre, width : float
        The window that it was found in: frequencies within `width` of `centre`, Im λ near -centre.
    """

    eigenvalue: complex
    centre: float
    width: float

    @property
    def depth(self) -> float:
        """Distance from the centre of the window in units of its half width."""
        return abs(self.eigenvalue.imag + self.centre) / self.width


def merged(known: Sequence[Candidate], new: Sequence[Candidate]) -> list[Candidate]:
    """Both lists; a mode where cores overlap comes twice: the window with it nearer to the centre knows it best."""
    result, free = list(known), list(known)
    for candidate in new:
        twin = min(
            (c for c in free if c.centre != candidate.centre and abs(c.eigenvalue - candidate.eigenvalue) <= _twin(c)),
            key=lambda c: abs(c.eigenvalue - candidate.eigenvalue),
            default=None,
        )
        if twin is None:
            result.append(candidate)
            continue
        free.remove(twin)
        if candidate.depth < twin.depth:
            result[result.index(twin)] = candidate
    return result


def _twin(candidate: Candidate) -> float:
    """How far apart two approximations of one mode may be."""
    return 0.2 * abs(candidate.eigenvalue.real)


def rate_of(found: Sequence[Candidate], count: int, width: float) -> float:
    """Decay rate of the `count`-th slowest of the candidates so far and their conjugates."""
    seen = 0
    for candidate in found:
        seen += 1 if abs(candidate.eigenvalue.imag) <= REAL * width else 2
        if seen >= count:
            return -candidate.eigenvalue.real
    return math.inf
