"""Atom loss in time: the cascade read for each coherence, exact, on fewer levels, and beside the rates."""

from __future__ import annotations

import numpy as np
import pytest

from einselect import LMG, BoseJosephson, Dicke, InputError, UnitError
from einselect.dynamics import LossCascade, loss_course, losses

MODEL = LMG(10, 0.6)
TIMES = [0.0, 2.0, 8.0]


def test_the_course_is_that_of_the_cascade() -> None:
    course = loss_course(MODEL, TIMES, 0.02, 1e-3, 2e-3, levels="all", fewest=2)
    cascade = LossCascade(MODEL, 0.02, 1e-3, 2e-3)
    eigen, pointer = (cascade.evolve(start, TIMES) for start in ("eigen-superposition", "ground"))
    np.testing.assert_allclose(course.retention_01, 2.0 * eigen.whole_01, atol=1e-13)
    np.testing.assert_allclose(course.retention_pr, 2.0 * pointer.whole_pr, atol=1e-13)
    np.testing.assert_allclose(course.counted_01, 2.0 * np.abs(eigen.rho_01).sum(axis=1), atol=1e-13)
    assert np.all(course.counted_01.values >= np.abs(course.retention_01.values) - 1e-13)
    kinds = losses(MODEL, 0.02, 1e-3, 2e-3)
    assert [kind.kind for kind in kinds] == ["one-body", "two-body", "mixed"]
    events = sum(kind.event_rate for kind in kinds)
    # The probability of no event falls at the mean rate of both states at first.
    early = loss_course(MODEL, [1e-4], 0.02, 1e-3, 2e-3, levels="all")
    assert 1.0 - float(early.no_loss[0]) == pytest.approx(1e-4 * events, rel=1e-3)
    assert course.attrs["rate_pr"] == pytest.approx(sum(kind.rate_pointer for kind in kinds), rel=1e-14)
    np.testing.assert_allclose(course.naive_01, np.exp(-course.attrs["rate_01"] * np.array(TIMES)), rtol=1e-14)


def test_fewer_levels_and_atoms_say_what_they_miss() -> None:
    model, times = LMG(16, 0.6), [0.0, 5.0, 20.0]
    exact = loss_course(model, times, 3e-3, levels="all", fewest=2)
    assert exact.attrs["levels"] == "all"
    for levels in (2, 4):
        course = loss_course(model, times, 3e-3, levels=levels)
        missing = course.missing.values
        assert 0.0 < missing[-1] < 0.1
        for name in ("retention_01", "retention_pr"):
            away = np.abs(course[name].values - exact[name].values)
            assert np.all(away <= 2.0 * missing + 1e-10)  # 2|ρ_ab| of what is outside is at most twice its weight
            assert away[-1] > 1e-6
    auto = loss_course(model, times, 3e-3)
    assert float(auto.missing.max()) < 1e-6
    assert 2 <= auto.attrs["fewest"] < 16


def test_many_atoms_keep_to_the_rates() -> None:
    """ΔE is far above the rates, and changes little: ρ_PR of N = 400 falls at Γ_PR, until a tenth of the atoms go."""
    model = LMG(400, 0.6)
    rate = losses(model, 1e-4)[0].rate_pointer
    course = loss_course(model, [0.0, 0.5 / rate], 1e-4)
    assert float(course.retention_pr[1]) == pytest.approx(float(course.naive_pr[1]), rel=0.01)
    assert course.attrs["levels"] != "all"
    assert float(course.missing[1]) < 1e-4
    assert float(course.mean_number[1]) == pytest.approx(400.0 * np.exp(-1e-4 * 0.5 / rate), rel=1e-6)


def test_units_and_refusals() -> None:
    model = BoseJosephson(12, "50 Hz", "10 Hz")
    course = loss_course(model, [0.0, 0.1], "0.5 1/s", mixed="0.01 1/s")
    assert course.time.attrs["units"] == "s"
    assert (course.attrs["one_body"], course.attrs["mixed"]) == (0.5, 0.01)
    with pytest.raises(UnitError, match="one_body must have a unit where the coupling has one"):
        loss_course(model, [0.0], 0.5)
    with pytest.raises(InputError, match="one_body, two_body or mixed must be above zero; got none"):
        loss_course(MODEL, TIMES)
    with pytest.raises(InputError, match=r"two_body must be a finite number >= 0; got -1\.0"):
        loss_course(MODEL, TIMES, two_body=-1.0)
    with pytest.raises(InputError, match="levels must be a whole number >= 2; got 1"):
        loss_course(MODEL, TIMES, 0.1, levels=1)
    with pytest.raises(InputError, match="fewest must be a whole number from 2 to 10; got 11"):
        loss_course(MODEL, TIMES, 0.1, fewest=11)
    with pytest.raises(InputError, match="model must be an LMG model or a BoseJosephson without tilt"):
        loss_course(Dicke(4, 0.7), TIMES, 0.1)  # type: ignore[arg-type]
