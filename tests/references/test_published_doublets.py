"""Against doublets known to 20 digits, from 50 to 900 digit arithmetic (lmg-doublets.json)."""

from __future__ import annotations

import json
from pathlib import Path

import mpmath
import numpy as np
import pytest

from einselect import LMG

ROWS = json.loads(Path(__file__).with_name("lmg-doublets.json").read_text())

# The numbers of the file belong to the decimal field it names, the package's to the nearest double. That shifts ln ΔE
# by |d ln ΔE/d ln g| 2⁻⁵⁴ = N m* 5.6e-17, below 1e-13 for every row.
CASES = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"N={row['spins']},g={row['field']}")


def relative(value: float, text: str) -> float:
    """|value/text - 1|, in more digits than either has."""
    with mpmath.workdps(30):
        return float(abs(mpmath.mpf(value) / mpmath.mpf(text) - 1))


def test_the_file_reaches_below_the_smallest_double() -> None:
    assert len(ROWS) == 17
    assert min(float(row["log10_splitting"]) for row in ROWS) < -866.0


@CASES
def test_energies(row: dict[str, str]) -> None:
    doublet = LMG(int(row["spins"]), float(row["field"])).doublet()
    e0 = abs(float(row["e0"]))
    assert relative(doublet.e0, row["e0"]) < 1e-13
    with mpmath.workdps(30):
        e1 = mpmath.mpf(row["e0"]) + mpmath.mpf(row["splitting"])
        assert abs(mpmath.mpf(doublet.e1) - e1) < 1e-13 * e0
        # What the answer says of itself bounds what it is.
        assert abs(mpmath.mpf(doublet.e0) - mpmath.mpf(row["e0"])) <= doublet.quality.energy_error


@CASES
def test_splitting_however_small(row: dict[str, str]) -> None:
    doublet = LMG(int(row["spins"]), float(row["field"])).doublet()
    with mpmath.workdps(40):
        exact = mpmath.log(mpmath.mpf(row["splitting"]))
        # A relative error of ΔE is an absolute one of its logarithm.
        assert abs(mpmath.mpf(doublet.log_splitting) - exact) < 1e-10
        assert abs(mpmath.mpf(doublet.log10_splitting) - mpmath.mpf(row["log10_splitting"])) < 1e-10
    if float(row["log10_splitting"]) > -300:
        assert relative(doublet.splitting, row["splitting"]) < 1e-10
    else:
        assert doublet.splitting == 0.0


@CASES
@pytest.mark.parametrize("name", ["q0", "q1", "g01", "j01", "eta_mf", "eta_exact"])
def test_moments_and_ratios(row: dict[str, str], name: str) -> None:
    doublet = LMG(int(row["spins"]), float(row["field"])).doublet()
    assert relative(getattr(doublet, name), row[name]) < 1e-11


def test_depletion_and_leakage_of_the_published_benchmark() -> None:
    # Differences of the 20-digit numbers: G01 - J01² loses 4 digits of 20, the package's own must not lose any.
    row = next(r for r in ROWS if (r["spins"], r["field"]) == (370, "0.95"))
    doublet = LMG(370, 0.95).doublet()
    with mpmath.workdps(30):
        square = mpmath.mpf(row["j01"]) ** 2
        for value, moment in (
            (doublet.leakage_even, row["q0"]),
            (doublet.leakage_odd, row["q1"]),
            (doublet.leakage, row["g01"]),
        ):
            assert abs(value / (mpmath.mpf(moment) - square) - 1) < 1e-11
        # m* is that of the decimal field; N m*/2 - J01 = 8.26 as in the paper.
        depletion = 185 * mpmath.sqrt(1 - mpmath.mpf("0.95") ** 2) - mpmath.mpf(row["j01"])
        assert abs(doublet.depletion / depletion - 1) < 1e-11
    assert np.isclose(doublet.depletion, 8.26, atol=0.005)
