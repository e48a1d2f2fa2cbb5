"""The Lindblad equation and its slow modes in the whole symmetric sector, against dense matrices and known points."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from einselect import LMG, InputError, Jm, Jp, JumpOperator, Jx, Jz
from einselect.dynamics import FullLindbladian, evolve


def liouvillian(model: LMG, jumps: list[JumpOperator]) -> np.ndarray:
    """Dense row-major superoperator in the Dicke basis."""
    hamiltonian = model.hamiltonian().matrix(model.spins)
    one = np.eye(len(hamiltonian))
    total = -1j * (np.kron(hamiltonian, one) - np.kron(one, hamiltonian.T))
    for jump in jumps:
        matrix = jump.operator.matrix(model.spins)
        square = matrix.conj().T @ matrix
        total = total + jump.rate * (
            np.kron(matrix, matrix.conj()) - 0.5 * np.kron(square, one) - 0.5 * np.kron(one, square.T)
        )
    return total


JUMPS = {
    "dephasing": [JumpOperator(Jz, 0.02)],
    "decay": [JumpOperator(Jm, 0.01)],
    "thermal": [JumpOperator(Jm, 0.01), JumpOperator(Jp, 0.004)],
    "even": [JumpOperator(Jx, 0.03)],
}


@pytest.mark.parametrize("kind", JUMPS)
@pytest.mark.parametrize("spins", [7, 10])
def test_against_the_dense_exponential(kind: str, spins: int) -> None:
    """The method's own tolerance, 1e-10, is the only error."""
    model = LMG(spins, 0.8)
    vectors = model.levels(spins + 1).dicke_vectors()
    start = 0.5 * np.outer(vectors[0] + vectors[1], vectors[0] + vectors[1])
    times = np.array([0.0, 1.0, 4.0])
    exact = np.array(
        [(expm(liouvillian(model, JUMPS[kind]) * t) @ start.reshape(-1)).reshape(start.shape) for t in times]
    )
    exact = np.einsum("ai,tij,bj->tab", vectors, exact, vectors)
    answer = FullLindbladian(model, JUMPS[kind]).evolve("eigen-superposition", times, tolerance=1e-10)
    np.testing.assert_allclose(answer.rho_01.values, exact[:, 0, 1], atol=2e-10)
    np.testing.assert_allclose(answer.doublet_population.values, (exact[:, 0, 0] + exact[:, 1, 1]).real, atol=2e-10)
    np.testing.assert_allclose(answer.purity.values, np.einsum("tij,tji->t", exact, exact).real, atol=1e-9)


@pytest.mark.parametrize("kind", JUMPS)
def test_one_application_is_the_dense_one(kind: str) -> None:
    """Rounding only: matrix elements of size 10, 11 sites."""
    model = LMG(10, 0.6)
    generator = np.random.default_rng(3)
    rho = generator.normal(size=(11, 11)) + 1j * generator.normal(size=(11, 11))
    rho = rho + rho.conj().T
    expected = (liouvillian(model, JUMPS[kind]) @ rho.reshape(-1)).reshape(rho.shape)
    np.testing.assert_allclose(FullLindbladian(model, JUMPS[kind]).apply(rho), expected, atol=1e-12)


@pytest.mark.parametrize(("spins", "expected"), [(50, 0.06708338), (100, 0.06667921)])
def test_known_points(spins: int, expected: float) -> None:
    model = LMG(spins, 0.95)
    doublet = model.doublet()
    rate = doublet.splitting / 8.8
    answer = FullLindbladian(model, [JumpOperator(Jz, rate / doublet.g01)]).evolve("eigen-superposition", [2.0 / rate])
    assert abs(answer.rho_01.item()) == pytest.approx(expected, abs=1.5e-8)  # last digit, and the tolerance 1e-8


def test_truncated_and_full_agree() -> None:
    """Each says how far it may be off: together that bounds their distance."""
    model = LMG(80, 0.9)
    doublet = model.doublet()
    gamma = 0.2 * doublet.splitting / doublet.g01
    jumps, times = [JumpOperator(Jz, gamma)], np.linspace(0.0, 1.0 / (gamma * doublet.g01), 5)
    full = FullLindbladian(model, jumps).evolve("ground", times)
    few = evolve(model, jumps, "ground", times)
    allowed = few.attrs["truncation_error"] + 1e-8
    for name in ("rho_01", "rho_pr", "doublet_population"):
        assert np.abs(full[name].values - few[name].values).max() < 2.0 * allowed


@pytest.mark.parametrize("sector", ["populations", "coherences"])
@pytest.mark.parametrize("spins", [12, 30])
def test_slow_modes_against_all_eigenvalues(sector: str, spins: int) -> None:
    """N = 12 goes the dense way, N = 30 (481 dimensions) by search and inversion."""
    model = LMG(spins, 0.9)
    doublet = model.doublet()
    rate = doublet.splitting / 8.8
    jumps = [JumpOperator(Jz, rate / doublet.g01)]
    found = FullLindbladian(model, jumps).spectrum(6, sector)
    assert found.complete
    swap = np.kron(np.eye(spins + 1)[::-1], np.eye(spins + 1)[::-1])  # ρ -> ΠρΠ in the Dicke basis
    keep = 0.5 * (np.eye(len(swap)) + (1.0 if sector == "populations" else -1.0) * swap)
    values, vectors = np.linalg.eigh(keep)
    basis = vectors[:, values > 0.5]
    dense = np.linalg.eigvals(basis.T @ liouvillian(model, jumps) @ basis)
    slowest = np.sort(-dense.real)[:6]
    np.testing.assert_allclose(-found.eigenvalues.real, slowest, rtol=1e-6, atol=1e-10 * rate)


def test_slow_modes_are_energy_diffusion() -> None:
    """N = 100, in units of γG01: the digits given."""
    model = LMG(100, 0.95)
    doublet = model.doublet()
    rate = doublet.splitting / 8.8
    found = FullLindbladian(model, [JumpOperator(Jz, rate / doublet.g01)]).spectrum(6, "populations")
    expected = [0.0, 0.00182, 0.00581, 0.01197, 0.02029, 0.03078]
    np.testing.assert_allclose(-found.eigenvalues.real / rate, expected, atol=0.6e-5)
    assert found.complete


def test_memory_is_refused_with_the_number_needed() -> None:
    with pytest.raises(InputError, match=r"spins must be few enough for 0.001 GiB; got 500, which need about"):
        FullLindbladian(LMG(500, 0.9), [JumpOperator(Jz, 0.1)], memory_limit=0.001)


def test_what_is_no_density_matrix_is_refused() -> None:
    full = FullLindbladian(LMG(6, 0.9), [JumpOperator(Jz, 0.1)])
    with pytest.raises(InputError, match="trace 1; got 7"):
        full.evolve(np.eye(7), [1.0])
