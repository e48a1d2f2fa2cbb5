"""Runs on the lowest levels taken time by time: pieces, interruption, and the threads that they use."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy.linalg import expm

from einselect import LMG, InputError, Jm, JumpOperator, Jz, ResolutionError
from einselect._threads import threads_for
from einselect.dynamics import FullLindbladian, Lindbladian, evolution, evolve, level_run
from einselect.dynamics.propagate import Flow
from einselect.errors import TruncationError

MODEL = LMG(40, 0.9)
JUMPS = [JumpOperator(Jz, 1e-3)]
REGULAR = np.linspace(0.0, 60.0, 31)
UNEVEN = np.cumsum(np.linspace(0.3, 3.0, 31))
VARIABLES = ("rho_01", "rho_pr", "populations", "doublet_population", "leakage", "purity", "Jz")


@pytest.mark.parametrize("times", [REGULAR, UNEVEN], ids=["regular", "uneven"])
def test_pieces_are_the_whole(times: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times at once or all 31: the same products in the same order, so the same to rounding."""
    lindbladian = Lindbladian(MODEL.levels(10), JUMPS)
    whole = lindbladian.evolve("spin-coherent", times, {"Jz": Jz}, coherent=amplitudes(10))
    monkeypatch.setattr(level_run, "_PIECE", 4 * 16 * 10**2)
    pieces = lindbladian.evolve("spin-coherent", times, {"Jz": Jz}, coherent=amplitudes(10))
    for name in VARIABLES:
        np.testing.assert_allclose(pieces[name].values, whole[name].values, atol=1e-14 * np.abs(whole[name]).max())
    assert pieces.attrs == whole.attrs
    assert whole.attrs["complete"] == 1


def amplitudes(count: int) -> np.ndarray:
    found = MODEL.levels(count).amplitudes(MODEL.spin_coherent_amplitudes)
    return np.asarray(found)


def test_what_is_done_stays_when_a_run_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(level_run, "_PIECE", 4 * 16 * 16**2)
    run = evolution(MODEL, JUMPS, "ground", REGULAR, levels=16, tolerance=1.0)
    with pytest.raises(InputError, match="dataset must be asked for after the first time is reached"):
        run.dataset()
    seen = []
    for time in run:
        seen.append(time)
        if len(seen) == 10:
            break
    part = run.dataset()
    assert part.sizes["time"] == 12  # three pieces of four
    assert part.attrs["complete"] == 0
    assert seen == REGULAR[:10].tolist()
    expected = evolve(MODEL, JUMPS, "ground", REGULAR, levels=16, tolerance=1.0)
    np.testing.assert_allclose(part.rho_pr.values, expected.rho_pr.values[:12], atol=1e-14)
    assert part.attrs["truncation_error"] == expected.attrs["truncation_error"]


def test_a_fine_grid_costs_the_bound_nothing() -> None:
    """Beyond 260 times the bound is worked out on 65 of its own, as for a coarse grid."""
    coarse, fine = (evolution(MODEL, JUMPS, "ground", np.linspace(0.0, 60.0, n)).bound for n in (7, 5000))
    assert fine == pytest.approx(coarse, rel=1e-9)


@pytest.mark.parametrize("adjoint", [False, True])
@pytest.mark.parametrize("times", [REGULAR, UNEVEN], ids=["steps", "modes"])
def test_flow_is_the_exponential(times: np.ndarray, adjoint: bool) -> None:
    """Against exp(Gt) at each time by itself. Both ways lose at most the modes' condition number times rounding."""
    generator = np.random.default_rng(1).normal(size=(12, 12)) / 8.0 - np.eye(12)
    start = np.random.default_rng(2).normal(size=(12, 3))
    flow = Flow(generator, times)
    found = np.concatenate(list(flow.pieces(start, 5, adjoint=adjoint)))
    matrix = generator.T if adjoint else generator
    np.testing.assert_allclose(found, [expm(matrix * t) @ start for t in times], atol=1e-11)
    np.testing.assert_array_equal((flow.adjoint if adjoint else flow.forward)(start).shape, (31, 12, 3))


def test_a_generator_without_a_full_set_of_modes_is_refused_on_an_uneven_grid() -> None:
    jordan = np.array([[-1.0, 1.0, 0.0], [0.0, -1.0, 1.0], [0.0, 0.0, -1.0]])
    with pytest.raises(ResolutionError, match="give times on a regular grid"):
        Flow(jordan, UNEVEN).forward(np.ones(3))
    np.testing.assert_allclose(Flow(jordan, REGULAR).forward(np.ones(3))[3], expm(6.0 * jordan) @ np.ones(3))


def test_full_by_name_is_the_whole_sector() -> None:
    times = [0.0, 10.0, 25.0]
    found = evolve(MODEL, JUMPS, "pointer", times, levels="full", tolerance=1e-9)
    expected = FullLindbladian(MODEL, JUMPS).evolve("pointer", times, tolerance=1e-9)
    np.testing.assert_array_equal(found.rho_01.values, expected.rho_01.values)
    few = evolve(MODEL, JUMPS, "pointer", times)
    assert np.abs(found.rho_01 - few.rho_01).max() <= few.attrs["truncation_error"] + 1e-9


def test_a_truncation_that_fails_says_by_how_much() -> None:
    with pytest.raises(TruncationError, match=r"or take the whole symmetric sector \(levels='full'\)") as caught:
        evolve(MODEL, [JumpOperator(Jm, 1e-2)], "ground", [0.0, 50.0], levels=6)
    assert caught.value.levels == 6
    assert caught.value.bound > caught.value.tolerance == 1e-8
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # as from a worker process


@pytest.mark.parametrize(
    ("state", "levels", "message"),
    [
        (np.eye(2)[:1], "auto", r"state must be a name, amplitudes or a square density matrix; got shape \(1, 2\)"),
        (np.float64(3.0), "auto", r"got shape \(\)"),
        (np.ones(70) / np.sqrt(70.0), "auto", "state must be over at most 41 levels where levels is 'auto'; got 70"),
        (np.eye(3), "auto", "density matrix must have trace 1; got 3"),
        (np.diag([1.5, -0.5]), "auto", "density matrix must be positive; got an eigenvalue -0.5"),
        (np.array([[0.5, 0.2], [0.0, 0.5]]), "auto", r"density matrix must be Hermitian; got \|ρ - ρ†\| = 0.2"),
        (np.ones(2), "auto", "state must have norm 1; got 1.414"),
        (np.ones(2), "whole", "levels must be 'auto', 'full' or a whole number; got 'whole'"),
    ],
)
def test_what_is_no_state_is_refused(state: np.ndarray, levels: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        evolution(MODEL, JUMPS, state, [0.0, 1.0], levels=levels)


@pytest.mark.parametrize("times", [[1.0, 0.5], [-1.0, 0.0], [0.0, np.inf], [[0.0, 1.0]], []])
@pytest.mark.parametrize("levels", ["auto", "full"])
def test_times_that_decrease_are_refused(times: list[float], levels: str) -> None:
    with pytest.raises(InputError, match="times must be finite, >= 0 and ascending"):
        evolution(MODEL, JUMPS, "ground", times, levels=levels)


@pytest.mark.parametrize("time", [1e3, 1e6, 1e9])
def test_what_rounding_costs_is_estimated(time: float) -> None:
    """With all levels of N = 12 kept the trace is 1: it drifts by less than is said, and not by nothing."""
    run = Lindbladian(LMG(12, 0.9).levels(13), JUMPS).evolution("pointer", [0.0, time])
    assert list(run) == [0.0, time]
    found = run.dataset()
    drift = abs(float(found.populations[-1].sum()) - 1.0)
    assert 1e-3 * run.rounding < drift < run.rounding == found.attrs["rounding_error"]


def test_times_without_digits_are_refused() -> None:
    for time in (1e14, 1e308):
        with pytest.raises(ResolutionError, match="times must be short enough for their phases to have digits left"):
            evolution(MODEL, JUMPS, "ground", [0.0, time])
    with pytest.raises(ResolutionError, match=r"tolerance must be above 2\.\de-08, which rounding may cost up to"):
        evolution(LMG(12, 0.9), JUMPS, "ground", [0.0, 1e7], tolerance=1e-12)


def test_small_matrices_use_one_thread() -> None:
    control = pytest.importorskip("threadpoolctl")

    def threads() -> set[int]:
        return {library["num_threads"] for library in control.threadpool_info() if library["user_api"] == "blas"}

    with threads_for(10**6):  # finds the libraries
        before = threads()
    with control.threadpool_limits(3, user_api="blas"):
        with threads_for(136):
            assert threads() == {1}
        with threads_for(500):
            assert threads() == {3}
        assert threads() == {3}
    assert threads() == before
