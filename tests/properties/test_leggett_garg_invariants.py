"""What must hold of Leggett-Garg tests at any parameters."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import LMG
from einselect.protocols import LeggettGarg
from einselect.protocols.correlators import damped_oscillation

spins = st.integers(6, 16)
fields = st.floats(0.6, 1.2)
damping = st.sampled_from([0.0, 1e-3, 0.1, 1.0, 5.0])  # in units of 1/(G01 τ)
stretched = st.floats(0.2, 1.6)  # in units of π/(3ΔE)
tests = st.builds(lambda n, g: LeggettGarg(LMG(n, g)), spins, fields)


def rate(test: LeggettGarg, scaled: float) -> float:
    return scaled / (test.doublet.g01 * test.tau)


@given(splitting=st.floats(1e-3, 1e3), ratio=st.floats(0.0, 1e4), phase=st.floats(1e-3, 6.0))
def test_two_levels_stay_within_the_quantum_bounds(splitting: float, ratio: float, phase: float) -> None:
    times = np.array([1.0, 2.0, 3.0]) * phase / splitting
    one, two, three = damped_oscillation(times, splitting, ratio * splitting)
    assert max(abs(one), abs(two), abs(three)) <= 1.0 + 1e-12
    assert -3.0 <= 2.0 * one - two <= 1.5 + 1e-9
    assert -2.0 * math.sqrt(2.0) - 1e-9 <= 3.0 * one - three <= 2.0 * math.sqrt(2.0) + 1e-9


@given(test=tests, scaled=damping, stretch=stretched)
@settings(max_examples=12)
def test_three_times_stay_within_the_quantum_bounds(test: LeggettGarg, scaled: float, stretch: float) -> None:
    """Each C_ij is ½<{Q(t_i), Q(t_j)}> in the state of spins and bath: the bounds hold at any size (Q² <= 1)."""
    tau = stretch * test.tau
    for form, found in (("three-time", test.k3), ("three-time", test.k4)):
        value = found(rate(test, scaled), tau, form)
        limit = {"K3": 1.5, "K4": 2.0 * math.sqrt(2.0)}[value.name]
        assert value.value <= limit + value.error
        assert value.error < 1e-5
        assert value.violates is (value.value > value.bound) or abs(value.margin) <= value.error


@given(test=tests, scaled=damping)
@settings(max_examples=12)
def test_correlators_begin_at_the_mean_square_and_stay_below_one(test: LeggettGarg, scaled: float) -> None:
    found = test.correlations(rate(test, scaled), np.array([0.0, 0.3, 1.0, 2.5]) * test.tau)
    levels = test.correlator.space.levels
    whole = levels.dicke_vectors()[0]
    m = np.arange(test.model.spins + 1) - 0.5 * test.model.spins
    assert found.values[0, 0] == pytest.approx(float(np.sum(whole[m != 0.0] ** 2)), abs=1e-12)
    assert np.abs(found.values).max() <= 1.0 + found.error + 1e-12


@given(test=tests, scaled=damping, stretch=stretched, initial=st.sampled_from(["ground", "doublet-mixture", "pointer"]))
@settings(max_examples=8)
def test_three_measurements_in_one_run_never_violate(
    test: LeggettGarg, scaled: float, stretch: float, initial: str
) -> None:
    found = LeggettGarg(test.model, initial=initial).in_one_run(rate(test, scaled), stretch * test.tau)
    assert -3.0 - found.error <= found.value <= 1.0 + found.error
    assert found.error < 1e-3


@given(test=tests, scaled=damping, initial=st.sampled_from(["ground", "doublet-mixture"]))
@settings(max_examples=8)
def test_states_that_keep_parity_do_not_signal(test: LeggettGarg, scaled: float, initial: str) -> None:
    found = LeggettGarg(test.model, initial=initial).signalling(rate(test, scaled))
    assert abs(found.undisturbed) < 1e-12
    assert abs(found.measured) < 1e-12


@given(test=tests, scaled=damping, weight=st.floats(0.0, 1.0), level=st.sampled_from(["C", 3, "converged"]))
@settings(max_examples=12)
def test_correlators_are_linear_in_the_state(test: LeggettGarg, scaled: float, weight: float, level: str | int) -> None:
    gamma, times = rate(test, scaled), np.array([1.0, 2.0]) * test.tau
    pure = [np.diag([1.0, 0.0]), np.diag([0.0, 1.0])]
    values = [LeggettGarg(test.model, level, rho).correlations(gamma, times).values for rho in pure]
    mixed = LeggettGarg(test.model, level, weight * pure[0] + (1.0 - weight) * pure[1]).correlations(gamma, times)
    np.testing.assert_allclose(mixed.values, weight * values[0] + (1.0 - weight) * values[1], atol=1e-6)


@given(
    n=spins,
    field=fields,
    scaled=damping,
    level=st.sampled_from(["two-level", "C", "converged"]),
    j=st.floats(0.01, 100),
)
@settings(max_examples=12)
def test_only_ratios_of_energies_matter(n: int, field: float, scaled: float, level: str, j: float) -> None:
    one, other = LeggettGarg(LMG(n, field), level), LeggettGarg(LMG(n, field * j, j), level)
    gamma = rate(one, scaled)
    assert other.tau * j == pytest.approx(one.tau, rel=1e-9)
    assert other.k3(j * gamma).value == pytest.approx(one.k3(gamma).value, abs=1e-6)


@given(test=tests, scaled=damping)
@settings(max_examples=8)
def test_cold_thermal_states_are_the_ground_state(test: LeggettGarg, scaled: float) -> None:
    cold = LeggettGarg(test.model, initial="thermal", temperature=1e-3 * test.doublet.splitting)
    gamma = rate(test, scaled)
    assert cold.k3(gamma).value == pytest.approx(test.k3(gamma).value, abs=1e-6)
    wigner = cold.wigner(gamma)
    assert wigner.value == pytest.approx(0.25 * (cold.k3(gamma).value - 1.0), abs=1e-12)
    assert wigner.violates == cold.k3(gamma).violates


@given(n=spins, field=st.floats(0.6, 0.95), level=st.sampled_from(["A", "B", "two-level", "C", "converged"]))
@settings(max_examples=12)
def test_thresholds_are_where_k3_is_one(n: int, field: float, level: str) -> None:
    test = LeggettGarg(LMG(n, field), level)
    found = test.threshold()
    if found.gamma is None:
        assert test.k3(0.0).value <= 1.0 + 1e-6
    else:
        assert test.k3(found.gamma).value == pytest.approx(1.0, abs=2e-6)
        assert test.k3(0.9 * found.gamma).value > 1.0
