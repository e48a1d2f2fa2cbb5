"""The page Protocols against direct calls of the library, and its bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from einselect import LMG, InputError, ResolutionError
from einselect.explorer.compute.atom_noise import atom_noise
from einselect.explorer.compute.leggett_garg import LEVELS, leggett_garg
from einselect.explorer.compute.sensing import sensing
from einselect.explorer.jobs import Job, Stopped
from einselect.explorer.state import State
from einselect.protocols import (
    LeggettGarg,
    Noise,
    NoisyLeggettGarg,
    best_interrogation,
    metrology,
    noisy_coherence,
)

MODEL, GAMMA = LMG(370, 0.95, "74346 rad/s"), "0.05 1/s"


def test_leggett_garg_is_that_of_the_library() -> None:
    answer = leggett_garg(State().system())
    assert answer.tau == pytest.approx(math.pi / (3.0 * MODEL.doublet().splitting), rel=1e-14)
    assert [row.level for row in answer.rows] == ["A", "B", "two-level", "C"]
    for row in answer.rows:
        test = LeggettGarg(MODEL, row.level, tolerance=1e-6)
        assert row.value.value == pytest.approx(test.k3(GAMMA).value, abs=2e-6)
        assert row.threshold.gamma == pytest.approx(test.threshold().gamma, rel=1e-5)
        # At the marked τ the curve has the value of the table, to the tolerance of the curve.
        curve = answer.curves.k3.sel(level=row.level)
        assert np.interp(answer.tau, curve.tau.values, curve.values) == pytest.approx(row.value.value, abs=2e-3)
        assert float(answer.curves.threshold.sel(level=row.level)) == row.threshold.gamma
    assert answer.contrast == pytest.approx(0.94356, abs=1e-5)


def test_all_levels_are_bounded() -> None:
    answer = leggett_garg(State().with_entry("spins", "60").system(), levels=("converged",))
    direct = LeggettGarg(LMG(60, 0.95, "74346 rad/s"), tolerance=1e-6).k3(GAMMA)
    assert answer.rows[0].value.value == pytest.approx(direct.value, abs=2e-6)
    both = leggett_garg(State().with_entry("spins", "1200").system(), levels=("B", "converged"))
    assert [row.level for row in both.rows] == ["B"]
    assert both.missing["converged"] == "spins must be at most 1000, the bound of a test on all levels; got 1200"


def test_disordered_phase_has_no_mean_field_rate() -> None:
    answer = leggett_garg(State().with_entry("field", "1.2").with_entry("spins", "60").system())
    assert "A" in answer.missing
    assert "ordered phase" in answer.missing["A"]


def test_sensing_is_that_of_the_library() -> None:
    answer = sensing(State().system(), state="pointer", resonant=True, t_end="1T2", points=41)
    course = metrology(
        MODEL, GAMMA, "pointer", answer.course.time.values, frequency="resonant", phase=0.5 * math.pi, tolerance=1e-5
    )
    scale = float(course.qfi_field.max())
    np.testing.assert_allclose(answer.course.qfi_field.values, course.qfi_field.values, atol=2e-3 * scale)
    np.testing.assert_allclose(answer.course.wineland.values, course.wineland.values, rtol=5e-3)
    assert answer.best.time == pytest.approx(best_interrogation(course).time, rel=1e-2)
    assert answer.course.time.values[-1] == pytest.approx(answer.t2, rel=1e-12)


def test_noise_is_that_of_the_library() -> None:
    answer = atom_noise(State().system(), width="1.5", t_end="0.5T2", points=5)
    test = LeggettGarg(MODEL, "C", tolerance=1e-6)
    data = answer.dataset()
    for one in answer.held:
        noisy = NoisyLeggettGarg(test, Noise(spins=1.5, hold=one.hold), GAMMA)
        at = data.k3.sel(hold=one.hold)
        assert np.interp(1.5, at.width.values, at.values) == pytest.approx(noisy.k3().value, abs=5e-3)
        middle = float(data.width.values[7])
        exact = NoisyLeggettGarg(test, Noise(spins=middle, hold=one.hold), GAMMA).k3()
        assert one.k3[7].value == pytest.approx(exact.value, abs=1e-9 + exact.error + one.k3[7].error)
        mean = noisy_coherence(MODEL, GAMMA, Noise(spins=1.5, hold=one.hold), one.coherence.time.values)
        np.testing.assert_allclose(one.coherence.abs_rho_01.values, mean.abs_rho_01.values, atol=1.5e-3)
    assert answer.held[1].limit.value == pytest.approx(2.04, rel=0.02)
    assert math.isinf(answer.held[0].limit.value)
    assert data.attrs["k3_ideal"] == pytest.approx(test.k3(GAMMA).value, abs=1e-5)


@pytest.mark.parametrize(
    ("call", "state", "options", "message"),
    [
        (leggett_garg, State.example("rabi"), {}, "model must be a collective spin for this page"),
        (leggett_garg, State().with_entry("gamma", ""), {}, "gamma must be given, above zero"),
        (leggett_garg, State().with_entry("jump", "Jx"), {}, "jump must be Jz"),
        (leggett_garg, State(), {"levels": ("D",)}, "level must be one of A, B"),
        (leggett_garg, State().with_entry("temperature", ""), {"initial": "thermal"}, "temperature must be given"),
        (sensing, State(), {"state": "cat"}, "state must be one of"),
        (sensing, State(), {"points": 3}, "points must be a whole number from 8"),
        (sensing, State().with_entry("spins", "50000"), {}, "spins must be at most 20000, the bound of sensing"),
        (atom_noise, State(), {"width": "many"}, "noise must be a number"),
        (atom_noise, State(), {"width": "-1"}, "noise must be a finite number > 0"),
        (atom_noise, State(), {"width": "1e99"}, "noise must be at most 20"),
    ],
)
def test_refusals(call, state, options, message) -> None:
    with pytest.raises(InputError, match=message):
        call(state.system(), **options)


def test_splittings_beyond_double_precision_are_refused() -> None:
    with pytest.raises(ResolutionError, match="spins must be fewer"):
        leggett_garg(State().with_entry("spins", "1000000").system())


def test_work_stops_when_it_is_told_to() -> None:
    for call in (leggett_garg, sensing, atom_noise):
        shares: list[float] = []
        job = Job(lambda share, seen=shares: seen.append(share))
        call(State().with_entry("spins", "30").system(), job=job)
        assert shares == sorted(shares)
        assert 0.0 <= shares[0] < shares[-1] < 1.0
        job.stop()
        with pytest.raises(Stopped, match="cancelled"):
            call(State().system(), job=job)
    assert LEVELS[-1] == "converged"
