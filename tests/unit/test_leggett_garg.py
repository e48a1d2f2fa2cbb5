"""Leggett-Garg tests: known points, and every number once more by matrices that share no code with the package.

The other route is the plainest one: H and Jz in the Dicke basis, the Liouvillian as an (N+1)² × (N+1)² matrix, and its
exponential.
"""

from __future__ import annotations

import itertools
import math
from functools import cached_property

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from einselect import LMG
from einselect.errors import InputError, ResolutionError, UnitError
from einselect.protocols import LeggettGarg, k3_across, two_time
from einselect.protocols.correlators import damped_oscillation
from einselect.protocols.rate_axis import over_rates

BENCHMARK = LMG(370, 0.95, "74345.55 rad/s")
GAMMA = "0.05 1/s"


class Dense:
    """H = -(1/N) Jz² - Γ Jx and dephasing by Jz, with everything written out."""

    def __init__(self, spins: int, field: float) -> None:
        j = 0.5 * spins
        self.m = np.arange(spins + 1) - j
        off = -0.5 * field * np.sqrt(j * (j + 1) - self.m[:-1] * (self.m[:-1] + 1))
        self.h = np.diag(-(self.m**2) / spins) + np.diag(off, 1) + np.diag(off, -1)
        self.energies, self.vectors = np.linalg.eigh(self.h)
        self.size = spins + 1
        self.q = np.diag(np.sign(self.m)).astype(complex)

    def liouvillian(self, gamma: float) -> NDArray[np.complex128]:
        one, z = np.eye(self.size), np.diag(self.m)
        turn = -1j * (np.kron(self.h, one) - np.kron(one, self.h))
        return turn + gamma * (np.kron(z, z) - 0.5 * np.kron(z @ z, one) - 0.5 * np.kron(one, z @ z))

    def step(self, gamma: float, time: float) -> Step:
        return Step(expm(self.liouvillian(gamma) * time), self.size)

    def state(self, *amplitudes: float) -> NDArray[np.complex128]:
        vectors = self.vectors[:, : len(amplitudes)].copy()
        vectors *= np.where(vectors[-1] < 0.0, -1.0, 1.0)  # positive in the right well, as the package has them
        psi = vectors @ np.array(amplitudes)
        return np.outer(psi, psi).astype(complex)

    @cached_property
    def ground(self) -> NDArray[np.complex128]:
        return self.state(1.0)

    def mixture(self, weights: NDArray[np.float64]) -> NDArray[np.complex128]:
        low = self.vectors[:, : len(weights)]
        return ((low * weights) @ low.T).astype(complex)


class Step:
    """e^{𝓛t} on matrices."""

    def __init__(self, matrix: NDArray[np.complex128], size: int) -> None:
        self.matrix, self.size = matrix, size

    def __call__(self, rho: NDArray[np.complex128]) -> NDArray[np.complex128]:
        return (self.matrix @ rho.reshape(-1)).reshape(self.size, self.size)


def symmetrised(q: NDArray[np.complex128], rho: NDArray[np.complex128]) -> NDArray[np.complex128]:
    return 0.5 * (q @ rho + rho @ q)


def mean(q: NDArray[np.complex128], rho: NDArray[np.complex128]) -> float:
    return float(np.trace(q @ rho).real)


# --- the numbers of the paper ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("level", "k3", "threshold"),
    [
        ("A", 0.99916, 0.04988),
        ("B", 1.21823, 0.11725),
        ("two-level", 1.31931, 0.51485),
        ("C", 1.31660, 0.28899),
        ("converged", 1.312756, 0.288466),
    ],
)
def test_the_benchmark_by_every_description(level: str, k3: float, threshold: float) -> None:
    test = LeggettGarg(BENCHMARK, level=level)
    assert test.k3(GAMMA).value == pytest.approx(k3, abs=6e-6)
    assert test.threshold().gamma == pytest.approx(threshold, abs=6e-6)


def test_the_other_numbers_of_the_benchmark() -> None:
    test = LeggettGarg(BENCHMARK)
    assert test.correlator.contrast == pytest.approx(0.94356, abs=5e-6)
    assert test.tau == pytest.approx(math.pi / (3.0 * 1309.203), rel=1e-5)
    assert test.k3(GAMMA, form="three-time").value == pytest.approx(1.308291, abs=1e-6)
    for initial, temperature, expected in (("doublet-mixture", None, 0.26498), ("thermal", "10 nK", 0.27518)):
        found = LeggettGarg(BENCHMARK, initial=initial, temperature=temperature).threshold()
        assert found.gamma == pytest.approx(expected, abs=6e-6)


def test_the_secular_step_and_the_other_levels_act_against_each_other() -> None:
    at = {level: LeggettGarg(BENCHMARK, level=level).threshold().gamma for level in ("B", "two-level", "C")}
    assert at["two-level"] / at["B"] == pytest.approx(4.391, abs=1e-3)
    assert at["C"] / at["two-level"] == pytest.approx(0.5613, abs=1e-4)
    assert at["C"] / at["B"] == pytest.approx(2.465, abs=1e-3)


# --- the strip against the whole Liouvillian -------------------------------------------------------------------------
@pytest.mark.parametrize(("spins", "field"), [(11, 0.8), (12, 0.9), (9, 0.5), (10, 1.3)])
@pytest.mark.parametrize("scaled", [0.0, 0.1, 3.0])
def test_converged_correlators_against_the_exponential(spins: int, field: float, scaled: float) -> None:
    dense = Dense(spins, field)
    test = LeggettGarg(LMG(spins, field))
    gamma = scaled / (test.doublet.g01 * test.tau)
    times = np.array([0.0, 0.4, 1.0, 2.0, 3.0]) * test.tau
    found = test.correlations(gamma, times)
    started = symmetrised(dense.q, dense.ground)
    expected = [mean(dense.q, dense.step(gamma, t)(started)) for t in times]
    np.testing.assert_allclose(found.values[0], expected, atol=found.error + 1e-11)
    assert found.error < 3e-7


@pytest.mark.parametrize("spins", [7, 8])
def test_three_times_and_k4_against_the_exponential(spins: int) -> None:
    dense, test = Dense(spins, 0.8), LeggettGarg(LMG(spins, 0.8), initial="doublet-mixture")
    gamma, tau = 0.3 / (test.doublet.g01 * test.tau), 0.9 * test.tau
    step = dense.step(gamma, tau)
    q, rho = dense.q, dense.mixture(np.array([0.5, 0.5]))
    later = step(rho)
    latest = step(later)
    near = [mean(q, step(symmetrised(q, state))) for state in (rho, later, latest)]
    far = [mean(q, step(step(symmetrised(q, rho))))]
    far.append(mean(q, step(step(step(symmetrised(q, rho))))))
    three = test.k3(gamma, tau, form="three-time")
    assert three.value == pytest.approx(near[0] + near[1] - far[0], abs=three.error + 1e-11)
    four = test.k4(gamma, tau, form="three-time")
    assert four.value == pytest.approx(sum(near) - far[1], abs=four.error + 1e-11)
    assert test.k3(gamma, tau).value == pytest.approx(2.0 * near[0] - far[0], abs=1e-6)
    assert test.k4(gamma, tau).value == pytest.approx(3.0 * near[0] - far[1], abs=1e-6)
    assert test.wigner(gamma, tau).value == pytest.approx(0.25 * (2.0 * near[0] - far[0] - 1.0), abs=1e-6)


@pytest.mark.parametrize(
    "initial", ["pointer", [0.6, 0.64j, 0.48], [[0.5, 0.3, 0.0], [0.3, 0.3, 0.1j], [0, -0.1j, 0.2]]]
)
def test_a_readout_and_a_state_without_parity(initial: object) -> None:
    spins, field = 9, 0.9

    def readout(m: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(m > 1.0, 1.0, -1.0)

    dense, model = Dense(spins, field), LMG(spins, field)
    low = dense.vectors * np.where(dense.vectors[-1] < 0.0, -1.0, 1.0)
    if isinstance(initial, str):
        given = np.full((2, 2), 0.5, dtype=complex)
    else:
        given = np.array(initial, dtype=complex)
        given = np.outer(given, given.conj()) if given.ndim == 1 else given
    low = low[:, : len(given)]
    rho, q = low @ given @ low.T, np.diag(readout(dense.m)).astype(complex)
    gamma, times = 0.02, np.array([0.5, 2.0])
    step = dense.step(gamma, 1.5)
    for level in ("converged", spins + 1):
        test = LeggettGarg(model, level=level, initial=initial, readout=readout)
        found = test.correlations(gamma, times)
        expected = [mean(q, dense.step(gamma, t)(symmetrised(q, rho))) for t in times]
        np.testing.assert_allclose(found.values[0], expected, atol=found.error + 1e-10)
        three = test.k3(gamma, 1.5, form="three-time").value
        c12, c23 = (mean(q, step(symmetrised(q, state))) for state in (rho, step(rho)))
        assert three == pytest.approx(c12 + c23 - mean(q, step(step(symmetrised(q, rho)))), abs=1e-6)


def test_levels_of_the_whole_space_are_the_converged_description() -> None:
    model = LMG(20, 0.85)
    gamma = 0.3 / (model.doublet().g01 * math.pi / (3.0 * model.doublet().splitting))
    whole, all_levels = LeggettGarg(model), LeggettGarg(model, level=21)
    assert whole.k3(gamma).value == pytest.approx(all_levels.k3(gamma).value, abs=1e-6)
    assert LeggettGarg(model, level=5).k3(gamma).value == LeggettGarg(model, level="C").k3(gamma).value


@pytest.mark.parametrize("kept", [3, 5, 8])
@pytest.mark.parametrize("scaled", [0.2, 2.0])
def test_the_error_covers_what_more_levels_and_smaller_steps_change(
    kept: int, scaled: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = LMG(80, 0.95)
    fine = LeggettGarg(model)
    rough = LeggettGarg(model, tolerance=10.0)  # takes the levels that it begins with
    gamma = scaled / (fine.doublet.g01 * fine.tau)
    for form in ("stationary", "three-time"):
        b = fine.k3(gamma, form=form)
        monkeypatch.setattr(two_time, "_FIRST_LEVELS", kept)
        a = rough.k3(gamma, form=form)
        monkeypatch.undo()
        assert a.levels == kept < b.levels
        assert b.error < 1e-6
        # The bound is one on all that might go wrong: some hundred times what does.
        assert 10.0 * b.error < abs(a.value - b.value) <= a.error


@pytest.mark.parametrize(("spins", "field", "scaled"), [(16, 0.3, 0.01), (16, 0.3, 1.0), (15, 0.5, 0.1)])
def test_steps_much_longer_than_the_periods_of_the_levels(spins: int, field: float, scaled: float) -> None:
    """At ΔE << J a step holds thousands of periods: that two runs agree is no proof that both are right."""
    test, whole = (LeggettGarg(LMG(spins, field), level) for level in ("converged", spins + 1))
    gamma = scaled / (test.doublet.g01 * test.tau)
    found = test.k3(gamma)
    assert found.value == pytest.approx(whole.k3(gamma).value, abs=found.error + 1e-8)
    assert found.error < 1e-6


def test_k3_by_runge_kutta() -> None:
    """All 100 levels of N = 99, by another integrator in another basis."""
    dense, test = Dense(99, 0.93), LeggettGarg(LMG(99, 0.93))
    gamma = 0.2 / (test.doublet.g01 * test.tau)
    decay = -0.5 * gamma * np.subtract.outer(dense.m, dense.m) ** 2
    # In the interaction picture of H the dephasing is all that is left to integrate.
    start = dense.vectors.T @ symmetrised(dense.q, dense.ground) @ dense.vectors

    def slope(t: float, y: NDArray[np.float64]) -> NDArray[np.float64]:
        turn = dense.vectors * np.exp(-1j * dense.energies * t)
        rho = turn @ y.view(complex).reshape(dense.size, -1) @ turn.conj().T
        return (turn.conj().T @ (decay * rho) @ turn).reshape(-1).view(float)

    run = solve_ivp(
        slope, (0.0, 2.0 * test.tau), start.reshape(-1).view(float).copy(), "DOP853", [test.tau, 2.0 * test.tau],
        rtol=1e-8, atol=1e-10,
    )  # fmt: skip
    c = []
    for t, y in zip(run.t, run.y.T, strict=True):
        turn = dense.vectors * np.exp(-1j * dense.energies * t)
        c.append(mean(dense.q, turn @ np.ascontiguousarray(y).view(complex).reshape(dense.size, -1) @ turn.conj().T))
    assert test.k3(gamma).value == pytest.approx(2.0 * c[0] - c[1], abs=1e-6)


# By steps in time, and by the eigenvectors of the whole Liouvillian, which leave rounding only.
@pytest.mark.parametrize(
    ("spins", "method", "error"), [(15, "adams", 1e-6), pytest.param(26, "diag", 1e-8, marks=pytest.mark.slow)]
)
def test_correlators_of_qutip(spins: int, method: str, error: float) -> None:
    qutip = pytest.importorskip("qutip")
    dense, test = Dense(spins, 0.9), LeggettGarg(LMG(spins, 0.9))
    gamma = 0.3 / (test.doublet.g01 * test.tau)
    times = np.linspace(0.0, 2.0 * test.tau, 3)
    h, q, rho = (qutip.Qobj(x) for x in (dense.h, dense.q, dense.ground))
    jump = qutip.Qobj(math.sqrt(gamma) * np.diag(dense.m))
    steps = {"atol": 1e-10, "rtol": 1e-8, "nsteps": 100_000}
    options = {"method": method} | (steps if method == "adams" else {})
    regression = qutip.correlation_2op_1t(h, rho, times, [jump], q, q, options=options)
    np.testing.assert_allclose(test.correlations(gamma, times).values[0], regression.real, atol=error)
    if method == "adams":
        both = qutip.correlation_2op_2t(h, rho, times[:2], times[:2], [jump], q, q, options=options)
        three = test.k3(gamma, float(times[1]), form="three-time").value
        assert three == pytest.approx(both[0, 1].real + both[1, 1].real - regression[2].real, abs=1e-6)


# --- two levels ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ratio", [0.0, 0.3, 0.999999, 1.0, 1.000001, 4.0, 300.0])
def test_the_doublet_in_closed_form_is_its_lindblad_equation(ratio: float) -> None:
    splitting = 0.7
    damping = ratio * splitting
    sx, sz, one = np.array([[0, 1], [1, 0]]), np.diag([1.0, -1.0]), np.eye(2)
    h = -0.5 * splitting * sz
    lindblad = -1j * (np.kron(h, one) - np.kron(one, h)) + damping * (np.kron(sx, sx) - np.eye(4))
    # σ_x commutes with the jump operator; from it, <σ_x> follows the damped oscillation.
    times = np.array([0.3, 1.0, 4.0, 11.0])
    expected = [0.5 * np.trace(sx @ (expm(lindblad * t) @ sx.reshape(-1)).reshape(2, 2)).real for t in times]
    np.testing.assert_allclose(damped_oscillation(times, splitting, damping), expected, atol=1e-9)


def test_two_levels_are_the_smallest_projection() -> None:
    model = LMG(60, 0.95)
    closed, projected = LeggettGarg(model, level="two-level"), LeggettGarg(model, level=2)
    for scaled in (0.0, 0.2, 5.0):
        gamma = scaled / (closed.doublet.g01 * closed.tau)
        assert closed.k3(gamma).value == pytest.approx(projected.k3(gamma).value, abs=1e-10)
        assert closed.k4(gamma, form="three-time").value == pytest.approx(
            projected.k4(gamma, form="three-time").value, abs=1e-10
        )


@pytest.mark.parametrize("level", ["A", "B"])
def test_the_formulas_of_levels_a_and_b(level: str) -> None:
    test = LeggettGarg(LMG(60, 0.95), level=level)
    c, d = test.correlator.contrast, test.doublet
    moment = {"A": 0.5 * (60 * math.sqrt(1 - 0.95**2)) ** 2, "B": d.g01}[level]
    gamma = 0.1 / (d.g01 * test.tau)
    x = math.exp(-gamma * moment * test.tau)
    assert test.k3(gamma).value == pytest.approx(c * (x + 0.5 * x * x), rel=1e-12)
    root = -math.log(math.sqrt(1.0 + 2.0 / c) - 1.0) / (moment * test.tau)
    assert test.threshold().gamma == pytest.approx(root, rel=1e-9)


# --- limits ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("spins", [40, 41])
@pytest.mark.parametrize("temperature", [None, 0.05])
def test_without_dephasing_a_sum_over_the_spectrum(spins: int, temperature: float | None) -> None:
    dense = Dense(spins, 0.9)
    test = LeggettGarg(LMG(spins, 0.9), initial="thermal" if temperature else "ground", temperature=temperature)
    weights = np.exp(-(dense.energies - dense.energies[0]) / temperature) if temperature else np.eye(spins + 1)[0]
    q = dense.vectors.T @ dense.q.real @ dense.vectors
    times = np.array([0.5, 1.0, 2.0]) * test.tau
    gaps = np.subtract.outer(dense.energies, dense.energies)
    expected = [np.sum((weights / weights.sum())[:, None] * q**2 * np.cos(gaps * t)) for t in times]
    np.testing.assert_allclose(test.correlations(0.0, times).values[0], expected, atol=1e-10)


@pytest.mark.parametrize("spins", [8, 9])
def test_strong_dephasing_freezes_the_readout(spins: int) -> None:
    """C(t) -> <Q²>, so that K3 -> <Q²> <= 1 from below: fast measurements do not violate."""
    dense, test = Dense(spins, 0.9), LeggettGarg(LMG(spins, 0.9))
    second = mean(dense.q @ dense.q, dense.ground)
    rates = [scaled / (test.doublet.g01 * test.tau) for scaled in (30.0, 300.0, 3e3)]
    low, middle, high = (second - test.k3(rate).value for rate in rates)
    assert 0.0 < high < middle < low
    assert high < 0.1
    closed = LeggettGarg(LMG(spins, 0.9), level="two-level")
    assert closed.k3(1e6).value == pytest.approx(closed.correlator.contrast, abs=1e-6)


def test_secular_levels_decay_without_end() -> None:
    test = LeggettGarg(LMG(60, 0.95), level="B")
    assert test.k3(1e3).value == pytest.approx(0.0, abs=1e-12)


# --- thresholds, best interval ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("level", ["A", "B", "two-level", "C", 8, "converged"])
def test_thresholds_are_roots(level: str | int) -> None:
    test = LeggettGarg(LMG(60, 0.95), level=level)
    found = test.threshold()
    assert found.gamma is not None
    slope = (test.k3(1.001 * found.gamma).value - test.k3(0.999 * found.gamma).value) / (0.002 * found.gamma)
    assert slope < 0.0
    assert abs(test.k3(found.gamma).value - 1.0) <= 2.0 * found.error * abs(slope) + 1e-6
    assert test.k3(0.98 * found.gamma).violates is True
    assert test.k3(1.02 * found.gamma).violates is False


def test_what_never_violates_has_no_threshold() -> None:
    # A contrast below 2/3 cannot: K3 <= 3c/2.
    test = LeggettGarg(LMG(8, 1.5), level="B")
    assert test.correlator.contrast < 2.0 / 3.0
    assert test.threshold().gamma is None


def test_short_intervals_violate_at_any_rate() -> None:
    """At ΔEτ < 1 the doublet's K3 tends to 1 from above, where the contrast is 1 to double precision."""
    test = LeggettGarg(LMG(61, 0.3), level="two-level")
    assert 1.0 - test.correlator.contrast < 1e-12
    with pytest.raises(ResolutionError, match=r"^tau must be longer for K3 to fall to 1"):
        test.threshold(0.5 / test.doublet.splitting)


def test_the_best_interval_is_best() -> None:
    for level in ("two-level", "converged"):
        test = LeggettGarg(LMG(60, 0.95), level=level)
        for scaled in (0.0, 0.3):
            gamma = scaled / (test.doublet.g01 * test.tau)
            best = test.best_interval(gamma)
            dense = np.linspace(0.1, 1.5, 57) * test.tau
            values = 2.0 * test.correlations(gamma, dense).values[0] - test.correlations(gamma, 2.0 * dense).values[0]
            assert best.value >= values.max() - 1e-6
            assert best.value == pytest.approx(test.k3(gamma, best.tau).value, abs=1e-9)
    undamped = LeggettGarg(LMG(60, 0.95), level="two-level").best_interval()
    assert undamped.tau == pytest.approx(undamped.tau, rel=1e-3)


# --- measurements with back action -----------------------------------------------------------------------------------
def projectors(dense: Dense) -> dict[int, NDArray[np.complex128]]:
    signs = np.sign(dense.m).astype(int)
    return {int(s): np.diag((signs == s).astype(complex)) for s in np.unique(signs)}


@pytest.mark.parametrize("spins", [7, 8])
@pytest.mark.parametrize("initial", ["ground", "pointer"])
@pytest.mark.parametrize("scaled", [0.0, 0.4])
def test_one_run_against_joint_probabilities(spins: int, initial: str, scaled: float) -> None:
    dense = Dense(spins, 0.9)
    test = LeggettGarg(LMG(spins, 0.9), initial=initial)
    gamma = scaled / (test.doublet.g01 * test.tau)
    rho = dense.ground if initial == "ground" else dense.state(math.sqrt(0.5), math.sqrt(0.5))
    step = dense.step(gamma, test.tau)
    value, total = 0.0, 0.0
    for (a, pa), (b, pb), (c, pc) in itertools.product(projectors(dense).items(), repeat=3):
        joint = mean(pc, step(pb @ step(pa @ rho @ pa) @ pb))
        assert joint > -1e-12
        total += joint
        value += joint * (a * b + b * c - a * c)
    assert total == pytest.approx(1.0, abs=1e-10)
    found = test.in_one_run(gamma)
    assert found.value == pytest.approx(value, abs=found.error + 1e-10)
    assert found.error < 1e-3
    assert found.value <= 1.0 + found.error


@pytest.mark.parametrize("spins", [7, 8])
def test_signalling_against_projections(spins: int) -> None:
    dense = Dense(spins, 0.9)
    test = LeggettGarg(LMG(spins, 0.9), initial="pointer")
    gamma, first, second = 0.1, 1.1 * test.tau, 2.5 * test.tau
    before = dense.step(gamma, first)(dense.state(math.sqrt(0.5), math.sqrt(0.5)))
    onward = dense.step(gamma, second - first)
    measured = sum(p @ before @ p for p in projectors(dense).values())
    found = test.signalling(gamma, first, second)
    assert found.undisturbed == pytest.approx(mean(dense.q, onward(before)), abs=found.error + 1e-10)
    assert found.measured == pytest.approx(mean(dense.q, onward(measured)), abs=found.error + 1e-10)
    assert abs(found.signal) > 0.05


@pytest.mark.parametrize("initial", ["ground", "doublet-mixture", "thermal"])
def test_nothing_signals_where_parity_is_kept(initial: str) -> None:
    test = LeggettGarg(LMG(24, 0.9), initial=initial, temperature=0.05 if initial == "thermal" else None)
    found = test.signalling(0.01)
    assert abs(found.undisturbed) < 1e-12
    assert abs(found.measured) < 1e-12


def test_projective_measurements_need_a_dichotomic_readout() -> None:
    def half_at_zero(m: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(m == 0.0, 0.5, np.sign(m))

    with pytest.raises(InputError, match=r"^readout must have the outcomes -1, 0 and 1 only"):
        LeggettGarg(LMG(8, 0.9), readout=half_at_zero).in_one_run()
    LeggettGarg(LMG(7, 0.9), readout=half_at_zero).in_one_run()  # odd N has no m = 0
    with pytest.raises(InputError, match=r"^level must be 'converged' for back action; got 'C'$"):
        LeggettGarg(LMG(8, 0.9), level="C").in_one_run()


# --- maps ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("level", ["B", "C", "converged"])
def test_maps_equal_single_calls(level: str) -> None:
    test = LeggettGarg(LMG(40, 0.93), level=level)
    unit = 1.0 / (test.doublet.g01 * test.tau)
    rates, taus = np.linspace(0.0, 3.0, 41) * unit, np.array([0.5, 1.0, 1.25]) * test.tau
    found = test.k3_map(rates, taus)
    assert found.k3.dims == ("gamma", "tau")
    error = found.attrs["convergence_error"]
    assert error < 3e-4
    for i in (0, 7, 20, 40):
        for k, tau in enumerate(taus):
            assert float(found.k3[i, k]) == pytest.approx(test.k3(float(rates[i]), tau).value, abs=error + 1e-6)


def test_maps_over_sizes_equal_single_calls() -> None:
    sizes = [20, 33]
    tests = [LeggettGarg(LMG(n, 0.9)) for n in sizes]
    rates = [0.0, 1e-3, 5e-3]
    found = k3_across(tests, "spins", sizes, rates)
    for i, test in enumerate(tests):
        assert float(found.tau[i]) == test.tau
        for k, rate in enumerate(rates):
            expected = test.k3(rate).value
            assert float(found.k3[i, k]) == pytest.approx(expected, abs=float(found.convergence_error[i]) + 1e-6)


@pytest.mark.parametrize("level", ["two-level", "C", 9])
@pytest.mark.parametrize("top", [0.5, 20.0, 300.0])
def test_interpolation_over_rates_says_how_far_off_it_is(level: str | int, top: float) -> None:
    test = LeggettGarg(LMG(31, 0.8), level=level)
    unit = 1.0 / (test.doublet.g01 * test.tau)
    taus = np.array([0.3, 1.0, 1.5]) * test.tau
    for rates in (np.linspace(0.0, top, 150) * unit, np.geomspace(1e-3 * top, top, 150) * unit):
        asked: list[int] = []

        def values(some: NDArray[np.float64], asked: list[int] = asked) -> tuple[NDArray[np.float64], float]:
            asked.append(len(some))
            return test.correlator.values(some, taus).values, 0.0

        found, error = over_rates(values, rates, unit / 1.5, 1e-3)
        assert sum(asked) < 75
        assert np.abs(found - test.correlator.values(rates, taus).values).max() <= error + 1e-13


# --- other readouts --------------------------------------------------------------------------------------------------
def test_another_readout_on_few_levels() -> None:
    spins, k = 30, 7
    dense = Dense(spins, 0.9)
    test = LeggettGarg(LMG(spins, 0.9), level=k, readout=lambda m: np.tanh(m / 3.0))
    low = dense.vectors[:, :k]
    q, z = low.T @ np.diag(np.tanh(dense.m / 3.0)) @ low, low.T @ np.diag(dense.m) @ low
    gamma, one, h = 0.01, np.eye(k), np.diag(dense.energies[:k])
    lindblad = -1j * (np.kron(h, one) - np.kron(one, h))
    lindblad += gamma * (np.kron(z, z) - 0.5 * np.kron(z @ z, one) - 0.5 * np.kron(one, z @ z))
    rho = np.zeros((k, k))
    rho[0, 0] = 1.0
    for t in (0.5, 1.0):
        moved = (expm(lindblad * t * test.tau) @ symmetrised(q, rho).reshape(-1)).reshape(k, k)
        assert test.correlations(gamma, [t * test.tau]).values[0, 0] == pytest.approx(mean(q, moved), abs=1e-9)


def test_a_readout_that_does_not_exist_at_zero() -> None:
    def well(m: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore"):
            return m / np.abs(m)

    odd = LeggettGarg(LMG(15, 0.9), readout=well)
    assert odd.k3(0.01).value == LeggettGarg(LMG(15, 0.9)).k3(0.01).value
    with pytest.raises(InputError, match=r"^readout must map an array of eigenvalues to as many finite real numbers"):
        LeggettGarg(LMG(16, 0.9), readout=well).k3(0.01)


# --- bad input -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"level": "D"}, r"^level must be one of A, B, C, two-level, converged; got 'D'"),
        ({"level": 1}, r"^level must be a whole number from 2 to 21; got 1$"),
        ({"level": 22}, r"^level must be a whole number from 2 to 21; got 22$"),
        ({"initial": "grund"}, r"^initial must be one of ground, .*\(did you mean 'ground'\?\)$"),
        ({"initial": "grund", "level": "A"}, r"^initial must be one of ground"),
        ({"initial": [0.5, 0.5]}, r"^state must have norm 1; got 0\.7071"),
        ({"initial": np.eye(3)}, r"^density matrix must have trace 1; got 3$"),
        ({"initial": np.zeros((2, 3))}, r"^state must be finite"),
        ({"initial": "thermal"}, r"^temperature must be given for a thermal initial state; got None$"),
        ({"temperature": 1.0}, r"^temperature must be left out unless the initial state is thermal; got 1\.0$"),
        ({"tolerance": 0.0}, r"^tolerance must be a finite number > 0; got 0\.0$"),
        ({"operator": "Jx"}, r"^operator must be real, Hermitian and of odd parity; got 'Jx'$"),
        ({"operator": "Jx", "level": "B"}, r"^operator must be 'Jz' for level 'B'.*; got 'Jx'$"),
        ({"readout": lambda m: m}, r"^readout must have values from -1 to 1; got 10\.0 in size$"),
        ({"readout": lambda m: 2.0 * np.sign(m), "level": "B"}, r"^readout must have values from -1 to 1; got 2\.0"),
        ({"readout": lambda m: "left"}, r"^readout must map an array of eigenvalues to as many finite real numbers"),
    ],
)
def test_bad_tests_are_refused(arguments: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        LeggettGarg(LMG(20, 0.9), **arguments).k3(0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: t.k3(-1.0), r"^gamma must be a finite number >= 0; got -1\.0$"),
        (lambda t: t.k3([0.1, 0.2]), r"^gamma must be one rate \(a map takes many\); got \[0\.1, 0\.2\]$"),
        (lambda t: t.k3(0.1, -1.0), r"^tau must be a finite number > 0; got -1\.0$"),
        (lambda t: t.k3(0.1, 1e308), r"^tau must be at most 1e\+300; got 1e\+308$"),
        (lambda t: t.k3(0.1, form="four-time"), r"^form must be one of stationary, three-time; got 'four-time'"),
        (lambda t: t.k3_map([], None), r"^gamma must be one or more rates >= 0; got \[\]$"),
        (lambda t: t.k3_map([0.1], [0.0, 1.0]), r"^tau must be above zero; got 0\.0$"),
        (lambda t: t.signalling(0.1, 2.0, 1.0), r"^second must be later than first; got 1\.0 and 2\.0$"),
        (lambda t: k3_across([t], "spins", [1, 2], [0.1]), r"^tests must be as many as values, at least one"),
    ],
)
def test_bad_calls_are_refused(call, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call(LeggettGarg(LMG(20, 0.9)))


@pytest.mark.parametrize("initial", ["pointer", [0.6, 0.8], np.full((2, 2), 0.5)])
def test_the_wigner_form_needs_parity(initial: object) -> None:
    with pytest.raises(InputError, match=r"^initial must be a state that keeps parity for the Wigner form"):
        LeggettGarg(LMG(20, 0.9), initial=initial).wigner(0.1)
    assert LeggettGarg(LMG(20, 0.9), initial=[0.6, 0.0, 0.8]).wigner(0.001).name == "W"
    with pytest.raises(InputError, match=r"^readout must be odd for the Wigner form"):
        LeggettGarg(LMG(20, 0.9), readout=lambda m: np.where(m > 1, 1.0, -1.0)).wigner(0.1)


def test_units_must_fit() -> None:
    with pytest.raises(UnitError, match=r"^gamma must have a unit where the coupling has one"):
        LeggettGarg(BENCHMARK).k3(0.05)
    with pytest.raises(UnitError, match=r"^coupling must have a unit where temperature has one"):
        LeggettGarg(LMG(20, 0.9), initial="thermal", temperature="10 nK")


def test_a_whole_level_may_be_a_float() -> None:
    assert LeggettGarg(LMG(20, 0.9), level=5.0).k3(0.01) == LeggettGarg(LMG(20, 0.9), level=5).k3(0.01)


@pytest.mark.parametrize(
    ("level", "message"),
    [
        (
            "converged",
            r"^gamma must be smaller, or the times shorter, for all levels: 1\.\de\+150 steps would be needed",
        ),
        ("C", r"^gamma and the times must be small enough for the exponential of the Liouvillian; got 1e\+150 and"),
    ],
)
def test_rates_beyond_reach_are_refused(level: str, message: str) -> None:
    with pytest.raises(ResolutionError, match=message):
        LeggettGarg(LMG(8, 0.9), level=level).k3(1e150)
    closed = LeggettGarg(LMG(8, 0.9), level="two-level")
    assert closed.k3(1e150).value == pytest.approx(closed.correlator.contrast, rel=1e-12)


def test_runs_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """At Γ/J = 0.09 the period of the doublet is 10^9 of the others."""
    monkeypatch.setattr(two_time, "_MOST_STEPS", 1000)
    test = LeggettGarg(LMG(8, 0.09))
    with pytest.raises(ResolutionError, match=r"^(gamma must be smaller|tolerance must be larger)"):
        test.k3(3e3 / (test.doublet.g01 * test.tau))
