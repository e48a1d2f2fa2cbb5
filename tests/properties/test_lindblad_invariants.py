"""What every Lindblad evolution does, over random models, jump operators and states: on levels and in the whole sector.

Trace, Hermiticity and positivity are kept, states do not move apart in the trace norm, two stretches of time are one.
On levels this holds of the equation as it is closed on them, however many are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import LMG, JumpOperator, Jx, Jy, Jz
from einselect.dynamics import FullLindbladian, Lindbladian
from einselect.dynamics.propagate import Flow
from lindblad import random_state, trace_norm

TOLERANCE = 1e-7
# What the error control does not see: rounding of products of matrices and of eigenvectors, some hundred steps.
ROUNDING = 1e-11

DEFINITE = ["Jz", "Jx", "Jy", Jz @ Jz, Jy @ Jz, Jy + 0.5j * Jz]  # even or odd under m -> -m
MIXED = ["J-", "J+", Jx + 1j * Jz, Jz + 0.4 * Jx, Jz + 0.3 * (Jz @ Jz)]


def _jump_lists(operators: list[Any]) -> st.SearchStrategy[list[JumpOperator]]:
    return st.lists(st.builds(JumpOperator, st.sampled_from(operators), st.floats(0.0, 0.2)), min_size=1, max_size=3)


jump_lists = _jump_lists(DEFINITE) | _jump_lists(DEFINITE + MIXED)
fields = st.floats(0.1, 2.0)
times = st.floats(0.01, 2.0)
seeds = st.integers(0, 10**6)


@dataclass(frozen=True)
class System:
    """An equation on `size` states, with what moves a density matrix and how far that may be off."""

    equation: FullLindbladian | Lindbladian
    size: int

    def state(self, seed: int) -> np.ndarray:
        """A density matrix of random rank."""
        return random_state(self.size, seed, 1 + seed % self.size)

    def evolved(self, rho: np.ndarray, time: float) -> tuple[np.ndarray, float]:
        if isinstance(self.equation, FullLindbladian):
            run = self.equation.evolution(rho, [time], tolerance=TOLERANCE)
            assert list(run) == [time]
            return run.density_matrix(), run.error
        moved = np.zeros((1, *rho.shape), dtype=complex)
        for sector in self.equation.sectors:
            start = sector.coordinates(rho)
            sector.add_operators(Flow(sector.generator, np.array([time])).forward(start), moved)
        return np.asarray(moved[0]), 0.0


@st.composite
def whole_sectors(draw: st.DrawFn) -> System:
    spins = draw(st.integers(2, 5))
    full = FullLindbladian(
        LMG(spins, draw(fields)), draw(jump_lists), resolve=draw(st.sampled_from([True, True, False]))
    )
    return System(full, spins + 1)


@st.composite
def some_levels(draw: st.DrawFn) -> System:
    spins = draw(st.integers(2, 40))
    count = draw(st.integers(2, min(spins + 1, 7)))
    return System(Lindbladian(LMG(spins, draw(fields)).levels(count), draw(jump_lists)), count)


examples = settings(max_examples=40)
systems = some_levels() | whole_sectors()


@examples
@given(systems, seeds, times)
def test_states_stay_states(system: System, seed: int, time: float) -> None:
    rho, error = system.evolved(system.state(seed), time)
    assert error <= TOLERANCE
    assert abs(np.trace(rho) - 1.0) <= ROUNDING
    assert np.abs(rho - rho.conj().T).max() == 0.0
    # Positive but for the error of the steps.
    assert np.linalg.eigvalsh(rho)[0] >= -error - ROUNDING


@examples
@given(systems, seeds, times)
def test_states_do_not_move_apart(system: System, seed: int, time: float) -> None:
    first, second = system.state(seed), system.state(seed + 1)
    (a, error_a), (b, error_b) = system.evolved(first, time), system.evolved(second, time)
    assert trace_norm(a - b) <= trace_norm(first - second) + error_a + error_b + ROUNDING


@examples
@given(systems, seeds, times, times)
def test_two_stretches_are_one(system: System, seed: int, first: float, second: float) -> None:
    rho = system.state(seed)
    middle, error_1 = system.evolved(rho, first)
    # The error of the steps may leave it positive to 1e-7 only, which is not a density matrix: mend it. That moves
    # it by at most twice that error.
    values, vectors = np.linalg.eigh(middle)
    mended = (vectors * np.maximum(values, 0.0)) @ vectors.conj().T
    mended /= np.trace(mended).real
    end, error_2 = system.evolved(mended, second)
    whole, error = system.evolved(rho, first + second)
    assert trace_norm(end - whole) <= error + 3.0 * error_1 + error_2 + ROUNDING


@examples
@given(some_levels(), times)
def test_levels_stay_completely_positive(system: System, time: float) -> None:
    """The Choi matrix sum |a><b| ⊗ exp(𝓛t)|a><b| is positive: states entangled with an idle partner stay states."""
    size = system.size
    choi = np.zeros((size, size, size, size), dtype=complex)
    for a in range(size):
        for b in range(size):
            dyad = np.zeros((size, size), dtype=complex)
            dyad[a, b] = 1.0
            # Sectors take Hermitian operators: |a><b| = S + iT.
            real, imaginary = 0.5 * (dyad + dyad.T), -0.5j * (dyad - dyad.T)
            choi[a, :, b, :] = system.evolved(real, time)[0] + 1j * system.evolved(imaginary, time)[0]
    assert np.linalg.eigvalsh(choi.reshape(size**2, size**2))[0] >= -ROUNDING


@settings(max_examples=40)
@given(whole_sectors(), seeds)
def test_generator_keeps_trace_and_hermiticity(system: System, seed: int) -> None:
    assert isinstance(system.equation, FullLindbladian)
    rate = system.equation.apply(system.state(seed))
    assert abs(np.trace(rate)) <= 1e-13 * (1.0 + np.abs(rate).max()) * len(rate)
    assert np.abs(rate - rate.conj().T).max() == 0.0
