"""What every Lindblad evolution does, over random models, jump operators and states in the whole sector."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import LMG, JumpOperator, Jx, Jy, Jz
from einselect.dynamics import FullLindbladian

TOLERANCE = 1e-8
# What the error control does not see: rounding of products of matrices and of eigenvectors, some hundred steps.
ROUNDING = 1e-11

operators = st.sampled_from(["Jz", "Jx", "Jy", "J-", "J+", Jz @ Jz, Jx + 1j * Jz, Jz + 0.4 * Jx, Jy @ Jz])
jump_lists = st.lists(st.builds(JumpOperator, operators, st.floats(0.0, 0.2)), min_size=1, max_size=2)


@st.composite
def systems(draw: st.DrawFn) -> FullLindbladian:
    model = LMG(draw(st.integers(2, 9)), draw(st.floats(0.1, 2.0)))
    return FullLindbladian(model, draw(jump_lists), resolve=draw(st.booleans()))


def state(full: FullLindbladian, seed: int) -> np.ndarray:
    """A random density matrix, of random rank."""
    rng = np.random.default_rng(seed)
    size = full.model.spins + 1
    a = rng.normal(size=(size, rng.integers(1, size + 1), 2)) @ np.array([1.0, 1j])
    rho = a @ a.conj().T
    return np.asarray(rho / np.trace(rho).real)


def evolved(full: FullLindbladian, rho: np.ndarray, time: float) -> tuple[np.ndarray, float]:
    run = full.evolution(rho, [time], tolerance=TOLERANCE)
    assert list(run) == [time]
    return run.density_matrix(), run.error


def trace_norm(matrix: np.ndarray) -> float:
    return float(np.abs(np.linalg.eigvalsh(matrix)).sum())


times = st.floats(0.01, 3.0)
seeds = st.integers(0, 10**6)


@settings(max_examples=40)
@given(systems(), seeds, times)
def test_states_stay_states(full: FullLindbladian, seed: int, time: float) -> None:
    rho, error = evolved(full, state(full, seed), time)
    assert error <= TOLERANCE
    assert abs(np.trace(rho) - 1.0) <= ROUNDING
    assert np.abs(rho - rho.conj().T).max() == 0.0
    # Positive but for the error of the steps.
    assert np.linalg.eigvalsh(rho)[0] >= -error - ROUNDING


@settings(max_examples=40)
@given(systems(), seeds, times)
def test_states_do_not_move_apart(full: FullLindbladian, seed: int, time: float) -> None:
    first, second = state(full, seed), state(full, seed + 1)
    (a, error_a), (b, error_b) = evolved(full, first, time), evolved(full, second, time)
    assert trace_norm(a - b) <= trace_norm(first - second) + error_a + error_b + ROUNDING


@settings(max_examples=40)
@given(systems(), seeds, times, times)
def test_two_stretches_are_one(full: FullLindbladian, seed: int, first: float, second: float) -> None:
    rho = state(full, seed)
    middle, error_1 = evolved(full, rho, first)
    # The error of the steps may leave it positive to 1e-8 only, which is not a density matrix: mend it.
    values, vectors = np.linalg.eigh(middle)
    mended = (vectors * np.maximum(values, 0.0)) @ vectors.conj().T
    mended /= np.trace(mended).real
    end, error_2 = evolved(full, mended, second)
    whole, error = evolved(full, rho, first + second)
    assert trace_norm(end - whole) <= error + 3.0 * error_1 + error_2 + ROUNDING


@settings(max_examples=30)
@given(systems(), seeds)
def test_generator_keeps_trace_and_hermiticity(full: FullLindbladian, seed: int) -> None:
    rate = full.apply(state(full, seed))
    assert abs(np.trace(rate)) <= 1e-13 * (1.0 + np.abs(rate).max()) * len(rate)
    assert np.abs(rate - rate.conj().T).max() == 0.0
