"""Rates of jump operators with and without units, and what else they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from einselect import LMG, JumpOperator, dephasing_coefficient
from einselect.dynamics import Lindbladian, evolve
from einselect.dynamics.fullspace import FullLindbladian
from einselect.errors import InputError, UnitError
from einselect.local import (
    LocalJump,
    LocalLindbladian,
    TruncatedLocalLindbladian,
    evolve_local,
    local_dephasing_coefficient,
)
from einselect.models import Dicke

PLAIN = LMG(8, 0.8)
PHYSICAL = LMG(8, 0.8, "1 kHz")
WITH_UNIT = JumpOperator("Jz", "2 1/ms")
LOCAL = LocalJump("dephasing", "2 1/ms")


def test_rate_with_a_unit_is_that_in_seconds() -> None:
    levels = PHYSICAL.levels(4)
    plain = JumpOperator("Jz", 2000.0)
    assert WITH_UNIT.rate == 2000.0
    assert plain == WITH_UNIT
    assert dephasing_coefficient(levels, "E0", "E1", [WITH_UNIT]) == dephasing_coefficient(levels, "E0", "E1", [plain])
    times = [0.0, 1e-4]
    first, second = (evolve(PHYSICAL, [jump], "ground", times, levels=9).rho_pr for jump in (WITH_UNIT, plain))
    np.testing.assert_array_equal(first, second)
    assert local_dephasing_coefficient(levels, "E0", "E1", [LOCAL]) == pytest.approx(2000.0 * 8 / 4, rel=1e-12)


@pytest.mark.parametrize(
    "use",
    [
        lambda: dephasing_coefficient(PLAIN.levels(2), "E0", "E1", [WITH_UNIT]),
        lambda: dephasing_coefficient(Dicke(2, 1.0).levels(2), "E0", "E1", [JumpOperator("Jz"), WITH_UNIT]),
        lambda: Lindbladian(PLAIN.levels(3), [WITH_UNIT]),
        lambda: FullLindbladian(PLAIN, [WITH_UNIT]),
        lambda: evolve(PLAIN, [WITH_UNIT], "ground", [0.0, 1.0]),
        lambda: evolve(PLAIN, [WITH_UNIT], "ground", [0.0, 1.0], levels="full"),
        lambda: LocalLindbladian(PLAIN, local=[LOCAL]),
        lambda: LocalLindbladian(PLAIN, [WITH_UNIT], [LocalJump()]),
        lambda: TruncatedLocalLindbladian(PLAIN, local=[LOCAL]),
        lambda: evolve_local(PLAIN, [LOCAL], "ground", [0.0, 1.0]),
        lambda: local_dephasing_coefficient(PLAIN.levels(2), "E0", "E1", [LOCAL]),
        lambda: local_dephasing_coefficient(PLAIN.levels(2), "E0", "E1", [WITH_UNIT]),
    ],
)
def test_rate_with_a_unit_is_refused_beside_plain_energies(use: Any) -> None:
    with pytest.raises(UnitError, match=r"coupling must have a unit where rate has one.*got rate='2 1/ms'"):
        use()


@pytest.mark.parametrize("make", [JumpOperator, LocalJump])
@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("0.05 Hz", "rate must be a rate such as '0.05 1/s'; got '0.05 Hz'"),
        ("5 nK", "rate must be a rate"),
        ("-1 1/s", "rate must be a finite number >= 0; got -1.0"),
        ("much", "rate must be a finite real number, or a rate"),
        (-1.0, "rate must be a finite number >= 0; got -1.0"),
        (float("nan"), "rate must be a finite number >= 0; got nan"),
        (True, "rate must be a finite number >= 0; got True"),
    ],
)
def test_what_is_no_rate_is_refused(make: Any, rate: Any, said: str) -> None:
    with pytest.raises(InputError) as refused:
        make(rate=rate)
    assert said in str(refused.value)


def test_text_without_a_unit_is_a_plain_number() -> None:
    jump = JumpOperator("Jz", "0.5")
    assert jump.rate == 0.5
    assert Lindbladian(PLAIN.levels(2), [jump]).jumps[0].rate == 0.5


@pytest.mark.parametrize(
    "matrix",
    [np.full((9, 9), np.nan), np.eye(9)[:, :4], np.full((9, 9), "a"), np.ones(9)],
)
def test_matrices_that_are_no_operator_are_refused(matrix: Any) -> None:
    with pytest.raises(InputError, match="operator must be"):
        JumpOperator(matrix)


def test_one_jump_operator_is_no_sequence() -> None:
    with pytest.raises(InputError, match="jumps must be a sequence of JumpOperator"):
        dephasing_coefficient(PLAIN.levels(2), "E0", "E1", JumpOperator())  # type: ignore[arg-type]
