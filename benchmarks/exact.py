"""What the errors are measured against.

First choice: the 20-digit doublets of the test suite. Else multi-precision arithmetic, by the second route of the
test suite (up to N = 10^4). Beyond that, `einselect` itself with the error that it states.
"""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import mpmath

TESTS = Path(__file__).parents[1] / "tests"
_MULTIPRECISION_LIMIT = 10_000


@dataclass(frozen=True)
class Exact:
    """ΔE (as ln ΔE, 30 digits) and J01, and where they come from."""

    log_splitting: Any
    j01: Any
    source: str
    stated: tuple[str, str] | None = None  # errors of ΔE and J01 where einselect itself is the reference


@cache
def exact(spins: int, field: str) -> Exact:
    """Reference values of one doublet."""
    for row in json.loads((TESTS / "references" / "lmg-doublets.json").read_text()):
        if (row["spins"], row["field"]) == (spins, field):
            with mpmath.workdps(30):
                return Exact(mpmath.log(mpmath.mpf(row["splitting"])), mpmath.mpf(row["j01"]), "20-digit reference")
    if spins <= _MULTIPRECISION_LIMIT:
        if str(TESTS) not in sys.path:
            sys.path.insert(0, str(TESTS))
        from multiprecision import doublet

        found = doublet(spins, float(field), digits=25)
        with mpmath.workdps(30):
            return Exact(mpmath.log(found.splitting), +found.j01, "multi-precision")
    from einselect import LMG

    own = LMG(spins, float(field)).doublet()
    stated = f"{own.quality.log_splitting_error:.0e} (stated)", f"{own.quality.vector_error:.0e} (stated)"
    return Exact(mpmath.mpf(own.log_splitting), mpmath.mpf(own.j01), "einselect, with the errors it states", stated)


def splitting_error(reference: Exact, value: float | None, log_value: float | None = None) -> str:
    """Relative error of a splitting, given as itself or as its logarithm, in words where it is lost."""
    if log_value is not None:
        with mpmath.workdps(30):
            return _figure(float(abs(mpmath.expm1(mpmath.mpf(log_value) - reference.log_splitting))))
    if value is None:
        return "not asked"
    if value <= 0.0:
        return "lost (ΔE ≤ 0)"
    with mpmath.workdps(30):
        difference = mpmath.log(mpmath.mpf(value)) - reference.log_splitting
        error = float(abs(mpmath.expm1(difference))) if difference < 100 else math.inf
        return _figure(error) if error < 0.5 else f"lost (10^{float(difference / mpmath.log(10)):+.0f} times ΔE)"


def j01_error(reference: Exact, value: float) -> str:
    """Relative error of J01."""
    with mpmath.workdps(30):
        error = float(abs(mpmath.mpf(value) / reference.j01 - 1))
    return _figure(error) if error < 0.5 else f"lost ({value:.1e})"


def _figure(error: float) -> str:
    return f"{error:.0e}" if error else "0"
