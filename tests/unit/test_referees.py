"""Independent programs as referees: QuTiP and SciPy on the whole space, where each of them is sound, and where not."""

from __future__ import annotations

import numpy as np
import pytest
import qutip
from scipy.linalg import eigh, eigh_tridiagonal

from einselect import LMG, Jm, JumpOperator, Jx, Jz, dephasing_coefficient, dephasing_rates
from multiprecision import doublet

EPS = 2.0**-52
CASES = [(10, 0.95), (11, 0.95), (20, 0.6), (25, 1.0), (30, 2.0), (3, 0.3), (2, 0.9)]


def hamiltonian(spins: int, field: float) -> qutip.Qobj:
    """H as QuTiP writes it (m descending)."""
    jz, jx = qutip.jmat(spins / 2, "z"), qutip.jmat(spins / 2, "x")
    return -jz * jz / spins - field * jx


def ket(spins: int, field: float, which: str) -> qutip.Qobj:
    """A state of the package as a QuTiP ket."""
    return qutip.Qobj(LMG(spins, field).doublet().state(which, whole=True).amplitudes[::-1].reshape(-1, 1))


@pytest.mark.parametrize(("spins", "field"), CASES)
def test_qutip_eigenstates(spins: int, field: float) -> None:
    h = hamiltonian(spins, field)
    energies, states = h.eigenstates(eigvals=2)
    d = LMG(spins, field).doublet()
    size = abs(d.e0)
    assert abs(energies[0] - d.e0) < 1e-13 * size + 100 * EPS
    assert abs(energies[1] - energies[0] - d.splitting) < 1e-12 * size
    jz = qutip.jmat(spins / 2, "z")
    # Vectors of a dense solver are good to rounding over the gap; in these cases ΔE > 1e-4.
    assert d.splitting > 1e-4
    tolerance = 1e-10 * spins**2
    assert abs(abs(jz.matrix_element(states[0], states[1])) - d.j01) < tolerance
    assert abs(qutip.expect(jz * jz, states[0]) - d.q0) < tolerance
    assert abs(qutip.expect(jz * jz, states[1]) - d.q1) < tolerance


@pytest.mark.parametrize(("spins", "field"), CASES)
def test_states_are_eigenstates_for_qutip(spins: int, field: float) -> None:
    h, d = hamiltonian(spins, field), LMG(spins, field).doublet()
    for name, energy in (("E0", d.e0), ("E1", d.e1)):
        state = ket(spins, field, name)
        assert (h * state - energy * state).norm() < 1e-11 * abs(d.e0)
    jz = qutip.jmat(spins / 2, "z")
    p, r = ket(spins, field, "P"), ket(spins, field, "R")
    assert abs(p.overlap(r)) < 1e-14
    assert qutip.expect(jz, p) == pytest.approx(d.j01, rel=1e-12)
    assert qutip.expect(jz, r) == pytest.approx(-d.j01, rel=1e-12)


def decay_constant(h: qutip.Qobj, jumps: list[qutip.Qobj], a: qutip.Qobj, b: qutip.Qobj) -> complex:
    """-<a| dρ/dt |b> at ρ = |a><b|, from QuTiP's Liouvillian."""
    liouvillian = qutip.liouvillian(h, jumps)
    derivative = qutip.vector_to_operator(liouvillian * qutip.operator_to_vector(a * b.dag()))
    return -complex(derivative.matrix_element(a, b))


@pytest.mark.parametrize(("spins", "field"), CASES)
def test_rates_from_qutips_liouvillian(spins: int, field: float) -> None:
    gamma = 0.03
    h, jz = hamiltonian(spins, field), qutip.jmat(spins / 2, "z")
    rates = dephasing_rates(LMG(spins, field), gamma)
    jumps = [np.sqrt(gamma) * jz]
    e0, e1, p, r = (ket(spins, field, name) for name in ("E0", "E1", "P", "R"))
    eigen, pointer = decay_constant(h, jumps, e0, e1), decay_constant(h, jumps, p, r)
    scale = gamma * spins**2
    assert abs(eigen.real - rates.rate_eigenstate) < 1e-12 * scale
    assert abs(pointer.real - rates.rate_pointer) < 1e-12 * scale
    # ρ_01 turns as exp(+iΔE t): its imaginary part is the splitting. <P|H|P> = <R|H|R>, so ρ_PR does not turn.
    assert abs(eigen.imag + rates.doublet.splitting) < 1e-11 * spins
    assert abs(pointer.imag) < 1e-11 * spins


@pytest.mark.parametrize(("spins", "field"), [(12, 0.7), (13, 0.7)])
def test_several_jump_operators_by_qutip(spins: int, field: float) -> None:
    levels = LMG(spins, field).levels(spins + 1)
    jumps = [JumpOperator(Jz, 0.2), JumpOperator(Jm, 0.05), JumpOperator(Jx @ Jz + 0.3j * Jm, 0.01)]
    j = spins / 2
    z, x, down = qutip.jmat(j, "z"), qutip.jmat(j, "x"), qutip.jmat(j, "-")
    theirs = [0.2**0.5 * z, 0.05**0.5 * down, 0.1 * (x * z + 0.3j * down)]
    psi = levels.dicke_vectors()[:, ::-1]
    kets = [qutip.Qobj(row.reshape(-1, 1)) for row in psi]
    scale = sum(op.norm("max") ** 2 for op in theirs) * spins
    for a, b in ((0, 1), (0, 2), (3, 3), (2, 5)):
        found = dephasing_coefficient(levels, a, b, jumps)
        expected = decay_constant(0 * z, theirs, kets[a], kets[b]).real
        assert abs(found - expected) < 1e-11 * scale


@pytest.mark.parametrize(("spins", "field"), [(10, 0.5), (11, 0.9)])
@pytest.mark.parametrize(("bra", "cket", "rate"), [("P", "R", "rate_pointer"), ("E0", "E1", "rate_eigenstate")])
def test_short_time_decay_by_mesolve(spins: int, field: float, bra: str, cket: str, rate: str) -> None:
    """<a|ρ(t)|b> from the equation itself, begun at ρ = |a><b|: its slope at t = 0, from a cubic through five times."""
    gamma = 0.05
    rates = dephasing_rates(LMG(spins, field), gamma)
    h, jz = hamiltonian(spins, field), qutip.jmat(spins / 2, "z")
    a, b = ket(spins, field, bra), ket(spins, field, cket)
    # |dρ/dt| is bounded by 2‖H‖ + 2γ‖Jz²‖, about 15 here: at 1e-3 the fourth order in t is (15e-3)⁴/24, 2e-9.
    times = np.linspace(0.0, 1e-3, 5)
    options = {"rtol": 1e-12, "atol": 1e-15, "nsteps": 100_000, "store_states": True, "progress_bar": ""}
    solution = qutip.mesolve(h, a * b.dag(), times, [np.sqrt(gamma) * jz], options=options)
    coherence = np.array([state.matrix_element(a, b) for state in solution.states])
    assert coherence[0] == pytest.approx(1.0, abs=1e-12)
    slope = np.polyfit(times, coherence.real, 3)[-2]
    assert -slope == pytest.approx(getattr(rates, rate), rel=1e-5)


def test_dense_solvers_mix_the_doublet_and_parity_blocks_do_not() -> None:
    """A solver of the whole matrix mixes |E0> and |E1> by rounding/ΔE; by parity <E0|Jz|E0> must vanish.

    N = 370. At Γ/J = 0.85 (ΔE = 1.3e-9) the mixture shows, at 0.8 (5.7e-15) it is complete: J01 and ΔE are noise.
    """
    spins = 370
    m = np.arange(spins + 1) - spins / 2
    for field in (0.85, 0.8):
        off = -field / 2 * np.sqrt((spins / 2 - m[:-1]) * (spins / 2 + m[:-1] + 1))
        dense = np.diag(-m * m / spins) + np.diag(off, 1) + np.diag(off, -1)
        d = LMG(spins, field).doublet()
        means, ratios, splittings = [], [], []
        for energies, states in (eigh(dense), np.linalg.eigh(dense), eigh_tridiagonal(-m * m / spins, off)):
            assert abs(energies[0] - d.e0) < 1e-13 * abs(d.e0)  # the energy is right
            means.append(abs(states[:, 0] @ (m * states[:, 0])))
            ratios.append(abs(abs(states[:, 0] @ (m * states[:, 1])) / d.j01 - 1.0))
            splittings.append(abs((energies[1] - energies[0]) / d.splitting - 1.0))
        # Which solver mixes how much is up to rounding: the worst of them is far beyond it.
        assert max(means) > (1e-4 if field == 0.85 else 1.0)
        if field == 0.8:
            assert max(ratios) > 0.01
            assert max(splittings) > 0.5
        # Here <Jz> is zero term by term, and levels of one parity have no element of Jz at all.
        state = d.state("E0")
        terms = state.m * state.probabilities
        assert np.array_equal(terms, -terms[::-1])
        levels = LMG(spins, field).levels(4)
        assert np.all(levels.matrix(Jz)[np.equal.outer(levels.parities, levels.parities)] == 0.0)
        # What dense solvers lose is right here: the leakage needs J01, the splitting its own digits.
        assert d.log_splitting == pytest.approx(float(doublet(spins, field).log_splitting), abs=1e-10)
        assert d.j01 == pytest.approx(float(doublet(spins, field).j01), rel=1e-11)


def test_parity_blocks_by_scipy_agree_where_their_difference_is_resolved() -> None:
    for spins, field in ((370, 0.95), (2000, 0.99), (500, 1.2)):
        m = np.arange(spins // 2 + 1.0)
        off = -field / 2 * np.sqrt((spins / 2 - m[:-1]) * (spins / 2 + m[:-1] + 1))
        even_off = off.copy()
        even_off[0] *= np.sqrt(2.0)
        even = eigh_tridiagonal(-m * m / spins, even_off, select="i", select_range=(0, 0))[0][0]
        odd = eigh_tridiagonal(-(m[1:] ** 2) / spins, off[1:], select="i", select_range=(0, 0))[0][0]
        d = LMG(spins, field).doublet()
        # Either energy is good to a few EPS of the largest matrix element, N/4 or N Γ/4.
        assert abs(odd - even - d.splitting) < 20 * EPS * spins / 2
