"""The Lindblad equation on levels: against dense matrices, the whole space, closed forms and QuTiP."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from einselect import (
    LMG,
    CollectiveOperator,
    InputError,
    Jm,
    Jp,
    JumpOperator,
    Jx,
    Jz,
    ResolutionError,
    dephasing_rates,
)
from einselect.dynamics import Lindbladian, evolve
from einselect.dynamics.sectors import build_sectors


def dense_liouvillian(hamiltonian: np.ndarray, jumps: list[tuple[float, np.ndarray]]) -> np.ndarray:
    """Row-major superoperator of the Lindblad equation: vec(AρB) = (A ⊗ Bᵀ) vec ρ."""
    size = len(hamiltonian)
    one = np.eye(size)
    total = -1j * (np.kron(hamiltonian, one) - np.kron(one, hamiltonian.T))
    for rate, jump in jumps:
        square = jump.conj().T @ jump
        total = total + rate * (np.kron(jump, jump.conj()) - 0.5 * np.kron(square, one) - 0.5 * np.kron(one, square.T))
    return total


def whole_space(model: LMG, jumps: list[JumpOperator], rho: np.ndarray, times: np.ndarray) -> np.ndarray:
    """ρ(t) in the Dicke basis with nothing truncated."""
    matrices = [(jump.rate, jump.operator.matrix(model.spins)) for jump in jumps]
    liouvillian = dense_liouvillian(
        (-model.coupling / model.spins * (Jz @ Jz) - model.field * Jx).matrix(model.spins), matrices
    )
    return np.array([(expm(liouvillian * t) @ rho.reshape(-1)).reshape(rho.shape) for t in times])


JUMPS = {
    "dephasing": [JumpOperator(Jz, 0.02)],
    "decay": [JumpOperator(Jm, 0.01)],
    "thermal": [JumpOperator(Jm, 0.01), JumpOperator(Jp, 0.004)],
    "even": [JumpOperator(Jx, 0.03)],
    "mixed": [JumpOperator(Jz + 0.3 * Jx, 0.02)],
}


@pytest.mark.parametrize("kind", JUMPS)
@pytest.mark.parametrize("spins", [8, 9])
def test_all_levels_agree_with_the_dicke_basis(kind: str, spins: int) -> None:
    """With every level kept nothing is truncated: the same matrix exponential in two bases, hence 1e-12."""
    model = LMG(spins, 0.7)
    levels = model.levels(spins + 1)
    vectors = levels.dicke_vectors()
    times = np.array([0.0, 0.7, 2.0, 5.0])
    start = 0.5 * np.outer(vectors[0] + vectors[1], vectors[0] + vectors[1])
    expected = np.einsum("ai,tij,bj->tab", vectors, whole_space(model, JUMPS[kind], start, times), vectors)
    answer = Lindbladian(levels, JUMPS[kind]).evolve("eigen-superposition", times)
    np.testing.assert_allclose(answer.rho_01.values, expected[:, 0, 1], atol=1e-12)
    np.testing.assert_allclose(answer.populations.values, np.einsum("taa->ta", expected).real, atol=1e-12)
    purity = np.einsum("tij,tji->t", expected, expected).real
    np.testing.assert_allclose(answer.purity.values, purity, atol=1e-12)
    pointer = np.einsum("ti->t", 0.5 * (expected[:, [0], 0] - expected[:, [1], 1])) - 1j * expected[:, 0, 1].imag
    np.testing.assert_allclose(answer.rho_pr.values, pointer, atol=1e-12)
    assert answer.attrs["truncation_error"] == 0.0


@pytest.mark.parametrize("kind", JUMPS)
def test_parity_is_found_from_the_matrix_elements(kind: str) -> None:
    lindbladian = Lindbladian(LMG(12, 0.8).levels(7), JUMPS[kind])
    # J- is neither even nor odd under m -> -m (it becomes J+), nor is the sum of Jz and Jx.
    assert lindbladian.parity_resolved == (kind in ("dephasing", "even"))
    assert sum(sector.size for sector in lindbladian.sectors) == 49


@pytest.mark.parametrize("kind", JUMPS)
def test_sectors_are_the_undivided_generator(kind: str) -> None:
    """Eigenvalues of all sectors together are those of the dense k² × k² superoperator on the same levels."""
    levels = LMG(12, 0.8).levels(6)
    matrices = [(jump.rate, levels.matrix(jump.operator)) for jump in JUMPS[kind]]
    sectors = build_sectors(levels.excitations, levels.parities, matrices)
    ours = np.concatenate([np.linalg.eigvals(sector.generator) for sector in sectors])
    dense = np.linalg.eigvals(dense_liouvillian(np.diag(levels.excitations), matrices))
    # each eigenvalue has a partner; 1e-7 is the square root of rounding, for a double eigenvalue that may split
    distance = np.abs(ours[:, None] - dense[None, :])
    assert distance.min(axis=1).max() < 1e-7
    assert distance.min(axis=0).max() < 1e-7


@pytest.mark.parametrize(("spins", "expected"), [(50, 0.06708338), (100, 0.06667921)])
def test_known_points(spins: int, expected: float) -> None:
    """γ G01 = ΔE/8.8, t = 2 T2, field 0.95; the digits given are the tolerance."""
    model = LMG(spins, 0.95)
    doublet = model.doublet()
    gamma = doublet.splitting / 8.8 / doublet.g01
    answer = evolve(model, [JumpOperator(Jz, gamma)], "eigen-superposition", [2.0 / (gamma * doublet.g01)])
    assert abs(answer.rho_01.item()) == pytest.approx(expected, abs=0.6e-8)


@pytest.mark.parametrize("levels", [6, 8, 10, 12])
@pytest.mark.parametrize("state", ["eigen-superposition", "ground", "spin-coherent"])
def test_the_bound_bounds(levels: int, state: str) -> None:
    """The true error of every element of the doublet stays below the bound, and the bound is not idle."""
    model = LMG(60, 0.9)
    doublet = model.doublet()
    gamma = 0.3 * doublet.splitting / doublet.g01
    jumps = [JumpOperator(Jz, gamma)]
    times = np.linspace(0.0, 2.0 / (gamma * doublet.g01), 81)
    few = evolve(model, jumps, state, times, levels=levels, tolerance=10.0)
    most = evolve(model, jumps, state, times, levels=40, tolerance=10.0)
    bound = few.attrs["truncation_error"]
    error = max(float(np.abs(few[name] - most[name]).max()) for name in ("rho_01", "rho_pr", "doublet_population"))
    # the doublet's population is the sum of two elements
    assert error <= 2.0 * bound
    assert error > 0.0


def test_levels_are_chosen_for_the_tolerance_and_grow_with_time() -> None:
    model = LMG(370, 0.95)
    doublet = model.doublet()
    gamma = 0.1 * doublet.splitting / doublet.g01
    t2 = 1.0 / (gamma * doublet.g01)
    short, long = (evolve(model, [JumpOperator(Jz, gamma)], "ground", [factor * t2]) for factor in (0.1, 8.0))
    assert short.attrs["truncation_error"] <= 1e-8
    assert long.attrs["truncation_error"] <= 1e-8
    assert long.attrs["levels"] > short.attrs["levels"]


def test_a_tolerance_that_cannot_be_met_is_refused() -> None:
    model = LMG(370, 0.95)
    with pytest.raises(ResolutionError, match=r"truncation error is bounded by .* only with 4 levels"):
        evolve(model, [JumpOperator(Jz, 1e-5)], "ground", [100.0], levels=4)


def test_memory_is_refused_with_the_number_needed() -> None:
    levels = LMG(370, 0.95).levels(300)
    with pytest.raises(InputError, match=r"got 300, which need about .* GiB"):
        Lindbladian(levels, [JumpOperator(Jz, 1.0)])


def test_irregular_times_agree_with_a_regular_grid() -> None:
    """The spectral route against powers of one exponential; both are good to about 1e-10."""
    model = LMG(40, 0.9)
    levels = model.levels(12)
    lindbladian = Lindbladian(levels, [JumpOperator(Jz, 0.01)])
    regular = lindbladian.evolve("eigen-superposition", np.arange(0.0, 40.0))
    picked = [0.0, 1.0, 2.0, 4.0, 7.0, 11.0, 17.0, 26.0, 38.0]
    irregular = lindbladian.evolve("eigen-superposition", [*picked, 38.123])
    np.testing.assert_allclose(
        irregular.rho_01.values[:-1], regular.rho_01.sel(time=picked).values, rtol=0.0, atol=1e-9
    )


def test_steady_state_of_dephasing_is_the_identity_and_unique_in_the_ordered_phase() -> None:
    levels = LMG(20, 0.9).levels(8)
    steady = Lindbladian(levels, [JumpOperator(Jz, 0.1)]).steady_state()
    assert steady.unique
    np.testing.assert_allclose(steady.rho, np.eye(8) / 8, atol=1e-10)
    parity_kept = Lindbladian(levels, [JumpOperator(Jx, 0.1)]).steady_state()
    assert not parity_kept.unique  # an even jump operator cannot move weight between the parities
    assert parity_kept.count == 2


def test_modes_are_modes() -> None:
    levels = LMG(20, 0.9).levels(7)
    jumps = [(0.1, levels.matrix("Jz"))]
    liouvillian = dense_liouvillian(np.diag(levels.excitations), jumps)
    modes = Lindbladian(levels, [JumpOperator(Jz, 0.1)]).spectrum(10)
    for mode in modes.modes:
        right, left = mode.right.reshape(-1), mode.left.reshape(-1)
        np.testing.assert_allclose(liouvillian @ right, mode.eigenvalue * right, atol=1e-9)
        np.testing.assert_allclose(left.conj() @ liouvillian, mode.eigenvalue * left.conj(), atol=1e-9)
        assert np.vdot(left, right) == pytest.approx(1.0, abs=1e-9)
    assert np.all(np.diff(modes.eigenvalues.real) <= 1e-9)
    assert modes.gap == pytest.approx(-np.sort(modes.eigenvalues.real)[-2], rel=1e-6)


def test_plateau_of_the_doublet() -> None:
    """Degenerate doublet, two levels: Re ρ_01 and the trace stay, the others decay at 2γJ01² [28]."""
    model = LMG(3000, 0.95)
    doublet = model.doublet()
    lindbladian = Lindbladian(model.levels(2), [JumpOperator(Jz, 1e-3)])
    modes = lindbladian.spectrum(4)
    fast = 2e-3 * doublet.j01**2
    np.testing.assert_allclose(np.sort(-modes.eigenvalues.real)[2:], fast, rtol=1e-9)
    assert modes.plateaus[0].modes == 2
    assert modes.plateaus[0].begin == pytest.approx(1.0 / fast, rel=1e-9)


def test_rates_read_off_the_dynamics() -> None:
    """Small N: ρ_01 has the constant γ G01, ρ_PR has not its own; large N: ρ_01 stays on its plateau."""
    gamma, j = 0.05, "74345.66 rad/s"
    small, large = LMG(100, 0.95, j), LMG(2000, 0.95, j)
    jumps = [JumpOperator(Jz, gamma)]
    eigen = Lindbladian(small.levels(16), jumps).rate_of("rho_01")
    assert eigen.coefficient == pytest.approx(dephasing_rates(small, "0.05 1/s").rate_eigenstate, rel=1e-10)
    # second order in 1/(2ΔE T2) = 1/1500 what the secular step drops, and leakage returns little in one T2
    assert abs(eigen.discrepancy) < 1e-3
    assert eigen.exponential
    pointer = Lindbladian(small.levels(16), jumps).rate_of("rho_pr")
    assert pointer.discrepancy < -0.2
    plateau = Lindbladian(large.levels(16), jumps).rate_of("rho_01")
    assert plateau.discrepancy < -0.9


@pytest.mark.parametrize(
    ("rho", "message"),
    [
        (np.diag([0.5, 0.5, 0.5]), "trace 1; got 1.5"),
        (np.array([[0.5, 0.5, 0], [0.1, 0.5, 0], [0, 0, 0]]), r"Hermitian; got \|ρ - ρ†\| = 0.4"),
        (np.diag([1.2, -0.2, 0.0]), "positive; got an eigenvalue -0.2"),
        (np.ones(2), "got shape"),
        (np.array([1.0, 1.0, 0.0]), "norm 1; got 1.41"),
        ("eigen", "one of eigen-superposition, pointer, ground, spin-coherent; got 'eigen'"),
    ],
)
def test_states_that_are_none_are_refused(rho: object, message: str) -> None:
    lindbladian = Lindbladian(LMG(20, 0.9).levels(3), [JumpOperator(Jz, 0.1)])
    with pytest.raises(InputError, match=message):
        lindbladian.evolve(rho, [0.0, 1.0])  # type: ignore[arg-type]


@pytest.mark.parametrize("times", [[1.0, 0.5], [-1.0], [np.nan], []])
def test_bad_times_are_refused(times: list[float]) -> None:
    lindbladian = Lindbladian(LMG(20, 0.9).levels(3), [JumpOperator(Jz, 0.1)])
    with pytest.raises(InputError, match="times must be finite, >= 0 and ascending"):
        lindbladian.evolve("ground", times)


def test_observables_are_projected_expectations() -> None:
    model = LMG(30, 0.9)
    levels = model.levels(20)
    parity = CollectiveOperator("Jz²", (Jz @ Jz).bands)
    answer = Lindbladian(levels, [JumpOperator(Jz, 0.0)]).evolve("pointer", [0.0, 3.0], {"jz": "Jz", "square": parity})
    doublet = model.doublet()
    assert answer.jz.values[0] == pytest.approx(doublet.j01, rel=1e-10)
    # without dephasing the packet tunnels: <Jz> = J01 cos ΔE t
    assert answer.jz.values[1] == pytest.approx(doublet.j01 * np.cos(3.0 * doublet.splitting), rel=1e-9)
    np.testing.assert_allclose(answer.square.values, doublet.g01, rtol=1e-9)
