"""The Lindblad equation in the whole symmetric sector, against the exponential of the dense Liouvillian."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.sparse import csr_array

from einselect import LMG, Jp, JumpOperator, Jx, Jy, Jz
from einselect.dynamics import FullLindbladian
from einselect.dynamics.full_channel import Banded, Dephasing
from einselect.dynamics.full_frame import build_frame, norm
from einselect.dynamics.full_splitting import ORDER, A, B, Splitting
from einselect.dynamics.full_states import initial_blocks
from lindblad import dephasing, random_state, trace_norm, whole_liouvillian

JUMPS = {
    "Jz": ["Jz"],
    "Jz²": [Jz @ Jz],
    "Jz, Jz²": ["Jz", Jz @ Jz],
    "J-": ["J-"],
    "thermal": ["J-", "J+"],
    "Jx": ["Jx"],
    "Jy": ["Jy"],
    "Jz, Jx": ["Jz", "Jx"],
    "Jx + iJz": [Jx + 1j * Jz],
    "Jz + 0.3 Jz²": [Jz + 0.3 * (Jz @ Jz)],
    "J+Jz/2 + 0.2i Jy, J-": [0.5 * (Jp @ Jz) + 0.2j * Jy, "J-"],
}
# Which of them have a definite parity under m -> -m.
DIVIDED = {"Jz", "Jz²", "Jz, Jz²", "Jx", "Jy", "Jz, Jx"}


def jumps_of(name: str) -> list[JumpOperator]:
    return [JumpOperator(op, 0.03 + 0.05 * k) for k, op in enumerate(JUMPS[name])]


def exactly(model: LMG, jumps: list[JumpOperator], rho: np.ndarray, time: float) -> np.ndarray:
    return np.asarray((expm(whole_liouvillian(model, jumps) * time) @ rho.ravel()).reshape(rho.shape))


@pytest.mark.parametrize("name", JUMPS)
@pytest.mark.parametrize("spins", [2, 5, 8])
def test_right_hand_side_is_the_dense_one(name: str, spins: int) -> None:
    model = LMG(spins, 0.7)
    full = FullLindbladian(model, jumps_of(name))
    rho = random_state(spins + 1, spins)
    expected = (whole_liouvillian(model, jumps_of(name)) @ rho.ravel()).reshape(rho.shape)
    # Sums of a few hundred products of numbers up to about 100: rounding stays below 1e-12.
    np.testing.assert_allclose(full.apply(rho), expected, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("name", JUMPS)
def test_right_hand_side_with_sparse_blocks(name: str) -> None:
    """From 100 spins on operators stay sparse: the commutators and sandwiches written out with matrices."""
    spins = 101
    model = LMG(spins, 0.7)
    rho, h = random_state(spins + 1, 5), model.hamiltonian().matrix(spins)
    expected = -1j * (h @ rho - rho @ h)
    size = np.abs(expected).max()
    for jump in jumps_of(name):
        op = jump.operator.matrix(spins)
        square = op.conj().T @ op
        # The terms are larger than their sum: rounding goes with them.
        size = max(size, jump.rate * np.abs(square @ rho).max())
        expected += jump.rate * (op @ rho @ op.conj().T - 0.5 * (square @ rho + rho @ square))
    np.testing.assert_allclose(FullLindbladian(model, jumps_of(name)).apply(rho), expected, rtol=0.0, atol=1e-13 * size)


@pytest.mark.parametrize("name", JUMPS)
@pytest.mark.parametrize(("spins", "resolve"), [(3, True), (4, False), (6, True)])
def test_evolution_is_the_dense_exponential(name: str, spins: int, resolve: bool) -> None:
    model, jumps = LMG(spins, 0.7), jumps_of(name)
    full = FullLindbladian(model, jumps, resolve=resolve)
    assert full.parity_resolved == (resolve and name in DIVIDED)
    rho = random_state(spins + 1, 7 * spins)
    run = full.evolution(rho, [0.0, 0.9, 2.0], tolerance=1e-8)
    for time in run:
        # The estimate must hold, and not be empty: within the tolerance asked for. 1e-13 for rounding at t = 0.
        assert trace_norm(run.density_matrix() - exactly(model, jumps, rho, time)) <= run.error + 1e-13
        assert run.error <= 1e-8


def test_which_dissipator_is_chosen() -> None:
    for name in JUMPS:
        channel = FullLindbladian(LMG(6, 0.7), jumps_of(name)).channel
        exact = name in {"Jz", "Jz²", "Jz, Jz²"}
        assert isinstance(channel, Dephasing if exact else Banded), name


@pytest.mark.parametrize("spins", [20, 21])
def test_parity_blocks_equal_one_block(spins: int) -> None:
    jumps = [JumpOperator("Jz", 0.01), JumpOperator(Jz @ Jz, 0.0003)]
    rho = random_state(spins + 1, 3)
    runs = []
    for resolve in (True, False):
        run = FullLindbladian(LMG(spins, 0.9), jumps, resolve=resolve).evolution(rho, [6.0], tolerance=1e-10)
        assert list(run) == [6.0]
        runs.append(run)
    divided, whole = runs
    assert divided.dataset().attrs["sectors"] == "populations, coherences"
    assert whole.dataset().attrs["sectors"] == "all"
    assert trace_norm(divided.density_matrix() - whole.density_matrix()) <= divided.error + whole.error


def test_general_dissipator_equals_the_exact_factors() -> None:
    """The Taylor series of `Banded` and the factors of `Dephasing`, on the same operator."""
    spins = 9
    frame = build_frame(spins, LMG(spins, 0.6).hamiltonian())
    exact = Dephasing(frame, [(0.3, np.diagonal(Jz.matrix(spins)), -1)])
    general = Banded(frame, [(0.3, csr_array(Jz.matrix(spins)))], True)
    blocks = frame.fold(random_state(spins + 1, 5))
    moved = {key: block.copy() for key, block in blocks.items()}
    scratch = np.empty(2 * (spins + 1) ** 2)
    exact.act(exact.flow(0.7), blocks, scratch)
    general.act(general.flow(0.7), moved, scratch)
    assert norm({key: blocks[key] - moved[key] for key in blocks}) < 1e-14
    # A bound, where the other is exact; the two are equal here but for rounding.
    assert general.norm >= (1.0 - 1e-14) * exact.norm


def _errors(op: str, gamma: float, sizes: list[int], time: float) -> np.ndarray:
    """Error (Frobenius) at the end of runs with the given numbers of equal steps."""
    model, jumps = LMG(8, 0.7), [JumpOperator(op, gamma)]
    full = FullLindbladian(model, jumps)
    rho = random_state(9, 11)
    exact = full.frame.fold(exactly(model, jumps, rho, time))
    errors = []
    for count in sizes:
        blocks = initial_blocks(full.frame, model, rho, full.parity_resolved)
        Splitting(full.frame, full.channel).advance(blocks, time / count, count)
        sites = {key: np.empty_like(block) for key, block in blocks.items()}
        full.frame.to_sites(blocks, sites, np.empty(81))
        errors.append(norm({key: sites[key] - exact[key] for key in sites}))
    return np.array(errors)


@pytest.mark.parametrize(("op", "gamma", "time"), [("Jz", 1.0, 2.0), ("J-", 0.3, 1.0)])
def test_order_of_convergence(op: str, gamma: float, time: float) -> None:
    """Measured order 4, by a tolerance that the measurement itself gives.

    The scheme is symmetric in time, so its error is C h⁴ (1 + c h² + ...): the order between h and h/2 is off by
    3c h²/(4 ln 2), a quarter of that after the next halving; a half is allowed. 1e-3 covers rounding, some 1e-14 in
    errors of 4e-11 and more.
    """
    errors = _errors(op, gamma, [4, 8, 16, 32], time)
    orders = np.log2(errors[:-1] / errors[1:])
    off = np.abs(orders - ORDER)
    assert off[0] < 0.2
    assert np.all(off[1:] <= 0.5 * off[:-1] + 1e-3)


def test_order_for_weak_dephasing() -> None:
    """Errors of first order in ε fall as h¹⁰, of second as h⁶: with ε = 1e-4 and large steps mostly the former."""
    sizes = [4, 5, 6, 7]
    slope, _ = np.polyfit(np.log(sizes), np.log(_errors("Jz", 1e-4, sizes, 8.0)), 1)
    assert -slope > 7.5


def test_coefficients_are_a_quadrature_of_degree_nine() -> None:
    """What makes the error of first order in 𝓓 fall as h¹⁰: sum b_i c_i^k = 1/(k + 1), here about ½, for k < 10."""
    places = np.cumsum(A)[:-1] - 0.5
    for k in range(10):
        assert np.dot(B, places**k) == pytest.approx((0.5**k / (k + 1)) * (k % 2 == 0), abs=1e-16)
    assert abs(np.dot(B, places**10) - 0.5**10 / 11.0) > 1e-7  # and not of degree ten
    assert np.sum(A) == pytest.approx(1.0, abs=4e-16)


@pytest.mark.parametrize(("name", "grid"), [("Jz", 1), ("Jz", 7), ("J-", 1), ("Jz, Jx", 5)])
def test_a_smaller_tolerance_costs_more_and_keeps_its_word(name: str, grid: int) -> None:
    """Requested, estimated and true error, in this order."""
    model, jumps, time = LMG(8, 0.9), jumps_of(name), 4.0
    rho = random_state(9, 9)
    exact = exactly(model, jumps, rho, time)
    costs = []
    for tolerance in (1e-4, 1e-6, 1e-8, 1e-10)[: 4 if name == "Jz" else 3]:
        run = FullLindbladian(model, jumps).evolution(rho, np.linspace(0.0, time, grid + 1)[1:], tolerance=tolerance)
        assert len(list(run)) == grid
        error = trace_norm(run.density_matrix() - exact)
        assert error <= run.error <= tolerance
        # The estimate is a bound and not a way to say nothing: the trace norm's own bound costs a factor 3 (its
        # columns), the margin 2, and errors of steps that cancel some more.
        assert run.error <= max(300.0 * error, 1e-12)
        costs.append(run.applications)
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]


@pytest.mark.parametrize("seed", range(4))
def test_error_control_on_irregular_times(seed: int) -> None:
    """Steps that change their size with every time asked for are charged enough."""
    model, jumps = LMG(7, 0.8), [JumpOperator("Jz", 0.4)]
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.choice([0.01, 0.3, 1.0], size=12) * rng.uniform(0.3, 1.0, size=12))
    rho = random_state(8, seed)
    run = FullLindbladian(model, jumps).evolution(rho, times, tolerance=1e-6)
    for time in run:
        assert trace_norm(run.density_matrix() - exactly(model, jumps, rho, time)) <= run.error <= 1e-6


@pytest.mark.parametrize("times", [[1e-9, 3.0], [1e-7, 3.0], [1e-3, 3.0], [1.0, 1.0 + 1e-7, 3.0]])
def test_a_tiny_step_says_nothing_of_a_long_one(times: list[float]) -> None:
    """Its error is rounding: taken for more it would be magnified without limit, or trusted."""
    model, jumps, rho = LMG(7, 0.8), [JumpOperator("Jz", 0.4)], random_state(8, 0)
    full = FullLindbladian(model, jumps)
    run = full.evolution(rho, times, tolerance=1e-6)
    assert list(run) == times
    # 1e-13 for rounding, at the tiny times themselves.
    assert trace_norm(run.density_matrix() - exactly(model, jumps, rho, 3.0)) <= run.error + 1e-13
    assert 1e-9 < run.error <= 1e-6
    alone = full.evolution(rho, [3.0], tolerance=1e-6)
    assert list(alone) == [3.0]
    assert run.applications <= 1.5 * alone.applications


def test_strong_dissipation_is_stable() -> None:
    """γ far above H: steps are held to where the backward part of the scheme is harmless."""
    model = LMG(10, 0.7)
    jumps = [JumpOperator("Jz", 40.0)]
    run = FullLindbladian(model, jumps).evolution("pointer", [1.0], tolerance=1e-7)
    assert list(run) == [1.0]
    psi = model.doublet().state("P", whole=True).amplitudes
    exact = exactly(model, jumps, np.outer(psi, psi), 1.0)
    assert trace_norm(run.density_matrix() - exact) <= run.error <= 1e-7


def test_infinite_temperature_is_steady_for_hermitian_jumps() -> None:
    full, rate, _ = dephasing(25)
    run = full.evolution(np.eye(26) / 26.0, [3.0 / rate])
    assert len(list(run)) == 1
    assert trace_norm(run.density_matrix() - np.eye(26) / 26.0) < 1e-12


def test_a_hamiltonian_without_parity_is_one_block() -> None:
    class Tilted:
        spins, energy_unit = 7, "J"

        def hamiltonian(self) -> object:
            return -0.2 * (Jz @ Jz) - Jx + 0.3 * Jz

    full = FullLindbladian(Tilted(), [JumpOperator("Jz", 0.1)])
    assert full.sectors == ("all",)
    rho = random_state(8, 6)
    h = Tilted().hamiltonian().matrix(7)
    jz = np.diagonal(Jz.matrix(7))
    expected = -1j * (h @ rho - rho @ h) - 0.05 * np.subtract.outer(jz, jz) ** 2 * rho
    np.testing.assert_allclose(full.apply(rho), expected, rtol=0.0, atol=1e-13)
