"""States in time and their answer to a weak field: against the whole space, difference quotients and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from einselect import LMG, CollectiveOperator, InputError, Jm, Jp, JumpOperator, Jx, Jy, Jz
from einselect.dynamics import FullLindbladian, Lindbladian, linear_response, unitary_response

SIGNALS = {"Jz": Jz, "Jx": Jx, "Jy": Jy, "mixed": Jz + 0.3 * Jx}


def dense(hamiltonian: np.ndarray, rate: float, jump: np.ndarray) -> np.ndarray:
    """Row-major superoperator of the Lindblad equation."""
    one, square = np.eye(len(hamiltonian)), jump.conj().T @ jump
    total = -1j * (np.kron(hamiltonian, one) - np.kron(one, hamiltonian.T))
    return total + rate * (np.kron(jump, jump.conj()) - 0.5 * np.kron(square, one) - 0.5 * np.kron(one, square.T))


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("jump", [Jz, Jm], ids=["dephasing", "decay"])
@pytest.mark.parametrize("state", ["ground", "pointer"])
def test_difference_quotients(name: str, jump: CollectiveOperator, state: str) -> None:
    """All levels kept; exp of the dense Liouvillian at ±h, ±2h: error h⁴ (N t)⁵/30, 2e-7 here."""
    model, rate, h = LMG(5, 0.7), 0.03, 1e-3
    levels = model.levels(6)
    psi, signal = levels.dicke_vectors(), SIGNALS[name].matrix(5)
    times = np.array([0.0, 1.5, 3.0, 4.5])
    found = linear_response(Lindbladian(levels, [JumpOperator(jump, rate)]), state, times, SIGNALS[name])
    start = (psi.T @ found.rho[0] @ psi).reshape(-1)

    def at(field: float, time: float) -> np.ndarray:
        liouvillian = dense(model.hamiltonian().matrix(5) + field * signal, rate, jump.matrix(5))
        return psi @ (expm(liouvillian * time) @ start).reshape(6, 6) @ psi.T

    for i, t in enumerate(times):
        slope = (8 * (at(h, t) - at(-h, t)) - (at(2 * h, t) - at(-2 * h, t))) / (12 * h)
        np.testing.assert_allclose(found.derivative[i], slope, atol=5e-7)
        np.testing.assert_allclose(found.rho[i], at(0.0, t), atol=1e-13)


@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize("frequency", [0.0, 0.3])
def test_without_a_bath_the_closed_form(name: str, frequency: float) -> None:
    """Rate zero: block exponentials against integrals of e^(iνs) by hand."""
    levels = LMG(30, 0.8).levels(7)
    times = np.linspace(0.0, 40.0, 9)
    start = np.zeros((7, 7), dtype=complex)
    start[:2, :2] = [[0.7, 0.2 - 0.1j], [0.2 + 0.1j, 0.3]]
    options = {"frequency": frequency, "phase": 0.4}
    closed = unitary_response(levels, start, times, SIGNALS[name], **options)
    lindbladian = Lindbladian(levels, [JumpOperator("Jz", 0.0)])
    found = linear_response(lindbladian, start, times, SIGNALS[name], **options)
    size = np.abs(closed.derivative).max()
    np.testing.assert_allclose(found.derivative, closed.derivative, atol=1e-11 * size)
    np.testing.assert_allclose(found.rho, closed.rho, atol=1e-12)


@pytest.mark.parametrize("state", ["ground", "pointer"])
def test_an_oscillating_field(state: str) -> None:
    """The pair (ρ, ρ') by a Runge-Kutta integrator with tolerance 1e-10."""
    model, rate, omega, phase = LMG(9, 0.8), 0.02, 0.17, 0.9
    levels = model.levels(10)
    jz, energies = levels.matrix("Jz"), levels.excitations
    signal = levels.matrix("Jz")
    times = np.linspace(0.0, 12.0, 5)

    def flow(t: float, packed: np.ndarray) -> np.ndarray:
        pair = packed.reshape(2, 10, 10)
        result = -1j * (energies[:, None] - energies) * pair
        square = jz @ jz
        result = result + rate * (jz @ pair @ jz - 0.5 * square @ pair - 0.5 * pair @ square)
        result[1] += -1j * np.cos(omega * t + phase) * (signal @ pair[0] - pair[0] @ signal)
        return result.reshape(-1)

    lindbladian = Lindbladian(levels, [JumpOperator("Jz", rate)])
    found = linear_response(lindbladian, state, times, frequency=omega, phase=phase)
    packed = np.concatenate((found.rho[0].reshape(-1), np.zeros(100, dtype=complex)))
    solved = solve_ivp(flow, (0.0, 12.0), packed, method="DOP853", t_eval=times, rtol=1e-11, atol=1e-11)
    expected = solved.y.T.reshape(5, 2, 10, 10)
    np.testing.assert_allclose(found.rho, expected[:, 0], atol=1e-9)
    np.testing.assert_allclose(found.derivative, expected[:, 1], atol=1e-8 * np.abs(expected[:, 1]).max())


def test_two_levels_by_hand() -> None:
    """|E0>, static field along z, two levels: ρ'_01 solves a damped oscillator driven by the decaying inversion."""
    levels = LMG(60, 0.9).levels(2)
    gap, j01 = levels.excitations[1], levels.matrix("Jz")[0, 1]
    rate = 0.05 * gap / j01**2
    times = np.linspace(0.0, 30.0 / gap, 41)
    found = linear_response(Lindbladian(levels, [JumpOperator("Jz", rate)]), "ground", times)
    inversion = np.exp(-2.0 * rate * j01**2 * times)
    np.testing.assert_allclose(found.rho[:, 0, 0] - found.rho[:, 1, 1], inversion, atol=1e-12)

    def flow(t: float, c: np.ndarray) -> np.ndarray:
        # c = (Re, Im) of ρ'_01: iΔE ρ'_01 - γJ01²(ρ'_01 - ρ'_10) - i J01 (ρ_11 - ρ_00)
        drive = j01 * np.exp(-2.0 * rate * j01**2 * t)
        return np.array([-gap * c[1], gap * c[0] - 2.0 * rate * j01**2 * c[1] + drive])

    solved = solve_ivp(flow, (0.0, times[-1]), [0.0, 0.0], t_eval=times, rtol=1e-11, atol=1e-9)
    expected = solved.y[0] + 1j * solved.y[1]
    np.testing.assert_allclose(found.derivative[:, 0, 1], expected, atol=1e-8 * np.abs(expected).max())
    np.testing.assert_allclose(found.derivative[:, 0, 0], 0.0, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("state", ["ground", "pointer"])
@pytest.mark.parametrize(("rate", "count", "end"), [(4e-4, 12, 60.0), (0.03, 4, 0.01)])
def test_states_against_the_whole_sector(state: str, rate: float, count: int, end: float) -> None:
    """|ρ - ρ_k|_1 in the whole space is below the bound, also where leaving the levels is quicker than their phases."""
    model = LMG(40, 0.9)
    jumps = [JumpOperator("Jz", rate)]
    levels = model.levels(count)
    times = [0.0, 0.5 * end, end]
    found = Lindbladian(levels, jumps).states(state, times)
    run = FullLindbladian(model, jumps).evolution(state, [end], tolerance=1e-9)
    for _ in run:
        pass
    psi = levels.dicke_vectors()
    error = np.linalg.svd(run.density_matrix() - psi.T @ found.rho[-1] @ psi, compute_uv=False).sum()
    assert error <= found.trace_error
    # in the second case nothing is averaged away, and the bound is of the size of the error
    assert found.trace_error < (1e-2 if count == 12 else 10.0 * error)
    assert found.outside == 0.0
    np.testing.assert_allclose(np.einsum("tii->t", found.rho).real, 1.0, atol=1e-12)
    dataset = Lindbladian(levels, jumps).evolve(state, times)
    np.testing.assert_allclose(found.rho[:, 0, 1], dataset.rho_01.values, atol=1e-14)


def test_a_signal_that_commutes_with_the_populations() -> None:
    """Two levels and Jx: only the phase of ρ_01 answers, by t times the slope of the splitting."""
    levels = LMG(50, 0.9).levels(2)
    jx = levels.matrix("Jx")
    times = np.linspace(0.0, 50.0, 6)
    found = linear_response(Lindbladian(levels, [JumpOperator("Jz", 0.0)]), "pointer", times, "Jx")
    slope = jx[1, 1] - jx[0, 0]
    expected = 0.5j * slope * times * np.exp(1j * levels.excitations[1] * times)
    np.testing.assert_allclose(found.derivative[:, 0, 1], expected, atol=1e-11 * np.abs(expected).max())
    np.testing.assert_allclose(found.rho[:, 0, 0], 0.5, atol=1e-12)
    assert np.abs(found.derivative[:, 0, 0]).max() < 1e-12


def test_weight_outside_counts() -> None:
    model = LMG(60, 0.8)
    levels = model.levels(6)
    amplitudes = levels.amplitudes(model.spin_coherent_amplitudes)
    found = Lindbladian(levels, [JumpOperator("Jz", 1e-4)]).states("spin-coherent", [0.0], coherent=amplitudes)
    missing = 1.0 - amplitudes @ amplitudes
    assert found.outside == pytest.approx(missing)
    assert found.trace_error == pytest.approx(2 * np.sqrt(missing) + missing)
    assert np.trace(found.rho[0]).real == pytest.approx(1.0 - missing)


def test_refusals() -> None:
    lindbladian = Lindbladian(LMG(10, 0.8).levels(4), [JumpOperator("Jz", 0.1)])
    with pytest.raises(InputError, match="signal must be a Hermitian operator"):
        linear_response(lindbladian, "ground", [1.0], Jp)
    with pytest.raises(InputError, match="frequency must be a finite number >= 0; got -1"):
        linear_response(lindbladian, "ground", [1.0], frequency=-1.0)
    assert not np.any(linear_response(lindbladian, "ground", [0.0]).derivative)
