"""Fisher information: by definition, by fidelity, in closed form; what a readout shows of it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm, solve_continuous_lyapunov, sqrtm

from einselect import LMG, InputError, Jm, Jp, Jx, Jy, Jz, Levels
from einselect.protocols import (
    classical_fisher,
    doublet_quantum_fisher,
    fisher_matrix,
    quantum_fisher,
    symmetric_logarithmic_derivative,
)
from einselect.protocols.fisher import fisher_of_derivative
from einselect.protocols.readout import by_sign, fisher_of_probabilities

GENERATORS = {"Jz": Jz, "Jx": Jx, "Jy": Jy, "twist": Jz @ Jz + 0.3 * Jx}


def random_density(size: int, seed: int, rank: int | None = None) -> np.ndarray:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(size, rank or size)) + 1j * rng.normal(size=(size, rank or size))
    rho = a @ a.conj().T
    return rho / np.trace(rho).real


def whole(levels: Levels, rho: np.ndarray) -> np.ndarray:
    psi = levels.dicke_vectors()
    return psi.T @ rho @ psi


def coherent(levels: Levels, theta: float, phi: float) -> np.ndarray:
    """A spin-coherent state by rotation of the highest weight, over all levels."""
    spins = levels.spins
    top = np.zeros(spins + 1)
    top[-1] = 1.0
    turned = expm(-1j * phi * Jz.matrix(spins)) @ expm(-1j * theta * Jy.matrix(spins)) @ top
    return levels.dicke_vectors() @ turned


def bures(rho: np.ndarray, sigma: np.ndarray) -> float:
    """Root fidelity Tr sqrt(√ρ σ √ρ)."""
    root = sqrtm(rho)
    return float(np.trace(sqrtm(root @ sigma @ root)).real)


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("spins", [6, 7])
def test_the_definition_by_the_lyapunov_equation(name: str, spins: int) -> None:
    """F = Tr ρL² with ρL + Lρ = 2∂ρ solved as it stands, in the Dicke basis; full rank, so both are well-posed."""
    levels = LMG(spins, 0.7).levels(spins + 1)
    rho = random_density(spins + 1, 3)
    dense, g = whole(levels, rho), GENERATORS[name].matrix(spins)
    derivative = -1j * (g @ dense - dense @ g)
    sld = solve_continuous_lyapunov(dense, 2.0 * derivative)
    expected = np.trace(dense @ sld @ sld).real
    assert quantum_fisher(levels, rho, GENERATORS[name]) == pytest.approx(expected, rel=1e-10)
    assert float(fisher_of_derivative(dense, derivative)) == pytest.approx(expected, rel=1e-10)
    np.testing.assert_allclose(symmetric_logarithmic_derivative(dense, derivative), sld, atol=1e-9 * np.abs(sld).max())


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("rank", [1, 2, 4])
def test_nothing_of_the_generator_is_cut_off(name: str, rank: int) -> None:
    """Four levels of nine: F by the spectral sum in the whole space, where G leads out of them."""
    levels = LMG(8, 0.8).levels(4)
    rho = random_density(4, 11, rank)
    values, vectors = np.linalg.eigh(whole(levels, rho))
    values = np.where(values < 1e-13, 0.0, values)
    moved = vectors.conj().T @ GENERATORS[name].matrix(8) @ vectors
    expected = 0.0
    for i in range(9):
        for j in range(9):
            if values[i] + values[j] > 0.0:
                difference = values[i] - values[j]
                expected += 2.0 * difference**2 / (values[i] + values[j]) * abs(moved[i, j]) ** 2
    assert quantum_fisher(levels, rho, GENERATORS[name]) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_curvature_of_the_fidelity(name: str) -> None:
    """F = 8 (1 - Tr √(√ρ σ √ρ))/δ², to O(δ²): two steps and Richardson, 1e-5 by the size of rounding/δ²."""
    levels = LMG(6, 0.7).levels(7)
    dense, g = whole(levels, random := random_density(7, 5)), GENERATORS[name].matrix(6)

    def curvature(step: float) -> float:
        turn = expm(-0.5j * step * g)
        return 8.0 * (1.0 - bures(turn.conj().T @ dense @ turn, turn @ dense @ turn.conj().T)) / step**2

    expected = (4.0 * curvature(0.01) - curvature(0.02)) / 3.0
    assert quantum_fisher(levels, random, GENERATORS[name]) == pytest.approx(expected, rel=1e-5)


def test_qutip_fidelity_agrees() -> None:
    qutip = pytest.importorskip("qutip")
    levels = LMG(10, 0.6).levels(11)
    rho = random_density(11, 8)
    dense, step = whole(levels, rho), 0.01
    turn = expm(-0.5j * step * Jz.matrix(10))
    # the fidelity of QuTiP is the root one
    pair = [qutip.Qobj(turn.conj().T @ dense @ turn), qutip.Qobj(turn @ dense @ turn.conj().T)]
    assert quantum_fisher(levels, rho) == pytest.approx(8.0 * (1.0 - qutip.fidelity(*pair)) / step**2, rel=1e-3)


@pytest.mark.parametrize("count", [4, 9])
def test_all_axes_at_once(count: int) -> None:
    """nᵀ F n against F of n·J by itself, on some of the levels and on all."""
    levels = LMG(8, 0.8).levels(count)
    rho = random_density(count, 6, 3)
    matrix = fisher_matrix(levels, rho)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-14)
    for n in np.random.default_rng(1).normal(size=(5, 3)):
        axis = float(n[0]) * Jx + float(n[1]) * Jy + float(n[2]) * Jz
        assert n @ matrix @ n == pytest.approx(quantum_fisher(levels, rho, axis), rel=1e-11)


@pytest.mark.parametrize("spins", [2, 5, 40])
def test_known_states(spins: int) -> None:
    """GHZ: N². Spin-coherent at θ: N sin² θ about z, N about an axis at right angles to it."""
    levels = LMG(spins, 0.9).levels(spins + 1)
    ghz = np.zeros(spins + 1)
    ghz[[0, -1]] = np.sqrt(0.5)
    assert quantum_fisher(levels, levels.dicke_vectors() @ ghz) == pytest.approx(spins**2, rel=1e-11)
    state = coherent(levels, 0.7, 0.4)
    assert quantum_fisher(levels, state) == pytest.approx(spins * np.sin(0.7) ** 2, rel=1e-10)
    across = (-np.sin(0.4)) * Jx + np.cos(0.4) * Jy
    assert quantum_fisher(levels, state, across) == pytest.approx(spins, rel=1e-10)
    along = np.sin(0.7) * np.cos(0.4) * Jx + np.sin(0.7) * np.sin(0.4) * Jy + np.cos(0.7) * Jz
    assert quantum_fisher(levels, state, along) == pytest.approx(0.0, abs=1e-10 * spins)
    assert quantum_fisher(levels, np.eye(spins + 1) / (spins + 1)) == pytest.approx(0.0, abs=1e-10 * spins**2)


@pytest.mark.parametrize(("spins", "field"), [(370, 0.95), (101, 0.5), (60, 1.3)])
@pytest.mark.parametrize("r", [(0, 0, 1), (0, 0, -1), (1, 0, 0), (0, 1, 0), (0.3, -0.5, 0.4), (0, 0, 0)])
def test_closed_form_of_the_doublet(spins: int, field: float, r: tuple[float, float, float]) -> None:
    """F = 4<Jz²> - 4J01²(1 - r_y² - r_z²) against the spectral sum; 1e-9: the leakage is a difference of moments."""
    model = LMG(spins, field)
    levels, doublet = model.levels(6), model.doublet()
    rho = np.zeros((6, 6), dtype=complex)
    rho[:2, :2] = 0.5 * np.array([[1 + r[2], r[0] - 1j * r[1]], [r[0] + 1j * r[1], 1 - r[2]]])
    found = doublet_quantum_fisher(doublet, r)
    assert found == pytest.approx(quantum_fisher(levels, rho), rel=1e-9)
    second = doublet.g01 + r[2] * 0.5 * (doublet.q0 - doublet.q1)
    assert found == pytest.approx(4.0 * second - 4.0 * doublet.j01**2 * (1.0 - r[1] ** 2 - r[2] ** 2), rel=1e-9)


@pytest.mark.parametrize("name", ["Jx", "Jy", "twist"])
@pytest.mark.parametrize("readout", ["Jz", "sign"])
@pytest.mark.parametrize("spins", [8, 9])
def test_readout_against_difference_quotients(name: str, readout: str, spins: int) -> None:
    """p(m|θ) from matrix exponentials in the whole space, five points: error h⁴ ‖G‖⁵, 1e-7 of F."""
    levels = LMG(spins, 0.8).levels(4)
    rho = random_density(4, 2)
    dense, g, h = whole(levels, rho), GENERATORS[name].matrix(spins), 1e-3

    def p(angle: float) -> np.ndarray:
        turn = expm(-1j * angle * g)
        values = (turn @ dense @ turn.conj().T).diagonal().real
        if readout == "Jz":
            return values
        m = np.arange(spins + 1) - spins / 2
        return np.array([values[m < 0].sum(), values[m == 0].sum(), values[m > 0].sum()])

    slope = (8 * (p(h) - p(-h)) - (p(2 * h) - p(-2 * h))) / (12 * h)
    held = p(0.0) > 1e-12
    expected = np.sum(slope[held] ** 2 / p(0.0)[held])
    assert classical_fisher(levels, rho, GENERATORS[name], readout) == pytest.approx(expected, rel=1e-6)


def test_a_matrix_is_an_operator_too() -> None:
    levels = LMG(12, 0.7).levels(5)
    matrix = GENERATORS["twist"].matrix(12)
    rho = random_density(5, 4)
    for function in (quantum_fisher, classical_fisher):
        assert function(levels, rho, matrix) == pytest.approx(function(levels, rho, GENERATORS["twist"]), rel=1e-11)


def test_reading_the_best_observable_shows_all() -> None:
    """The eigenstates of L are the measurement that attains F: classical information of exactly that."""
    levels = LMG(6, 0.7).levels(7)
    rho = random_density(7, 9)
    g = levels.matrix("Jy")
    derivative = -1j * (g @ rho - rho @ g)
    _, basis = np.linalg.eigh(symmetric_logarithmic_derivative(rho, derivative))
    p = np.einsum("ia,ij,ja->a", basis.conj(), rho, basis).real
    change = np.einsum("ia,ij,ja->a", basis.conj(), derivative, basis).real
    assert float(fisher_of_probabilities(p, change)) == pytest.approx(quantum_fisher(levels, rho, "Jy"), rel=1e-10)


def test_a_jz_readout_is_blind_to_turns_about_z() -> None:
    levels = LMG(50, 0.6).levels(6)
    assert classical_fisher(levels, random_density(6, 1), "Jz") < 1e-20


def test_by_sign() -> None:
    assert by_sign(np.array([1.0, 2.0, 4.0, 8.0])).tolist() == [3.0, 0.0, 12.0]
    assert by_sign(np.array([1.0, 2.0, 4.0, 8.0, 16.0])).tolist() == [3.0, 4.0, 24.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda lv: quantum_fisher(lv, "E0", Jp), "generator must be a Hermitian operator; got |G - G†| ="),
        (lambda lv: quantum_fisher(lv, "E7"), "state must be one of E0, E1"),
        (lambda lv: quantum_fisher(lv, np.eye(4)), "density matrix must have trace 1; got 4"),
        (lambda lv: quantum_fisher(lv, [1.0, 1.0, 0.0, 0.0]), "state must have norm 1; got 1.41421356237"),
        (lambda lv: classical_fisher(lv, "E0", "Jy", "Jx"), "readout must be one of Jz, sign; got 'Jx'"),
        (lambda lv: classical_fisher(lv, "E0", np.eye(3)), "generator must be a 13 x 13 matrix; got shape (3, 3)"),
        (lambda lv: doublet_quantum_fisher(LMG(12, 0.7).doublet(), [1, 1, 0]), "bloch must be three numbers inside"),
        (lambda lv: fisher_of_probabilities([-0.5, 1.5], [0.1, 0.1]), "probabilities must be finite and >= 0"),
        (lambda lv: quantum_fisher(lv, "E0", 1j * Jm), "generator must be a Hermitian operator"),
    ],
)
def test_refusals(call: object, message: str) -> None:
    with pytest.raises(InputError) as caught:
        call(LMG(12, 0.7).levels(4))
    assert message in str(caught.value)
