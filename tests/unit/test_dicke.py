"""Dicke and Rabi models: the polaron basis against Fock states in QuTiP, limits, critical coupling, splittings."""

from __future__ import annotations

import math
import resource
import time

import mpmath
import numpy as np
import pytest
import qutip
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from einselect import LMG, InputError, JumpOperator, PhaseError, UnitError, dephasing_rates, doublet_of
from einselect.boson import destroy, displacement, parity
from einselect.dynamics import evolve
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.matrix_levels import MatrixLevels
from einselect.models import Dicke, Rabi
from einselect.models.blocks import levels_by_parity
from einselect.rates import dephasing_coefficient

EPS = 2.0**-52
ODD = ("a", "x", "Jx", "J-")


def in_qutip(
    spins: int, coupling: float, mode: float, spin: float, photons: int
) -> tuple[qutip.Qobj, qutip.Qobj, dict[str, qutip.Qobj]]:
    """H, Π and the operators on Fock states and Dicke states of Jz."""
    a = qutip.destroy(photons) & qutip.qeye(spins + 1)
    jx, jy, jz = (qutip.qeye(photons) & qutip.jmat(spins / 2, n) for n in "xyz")
    h = mode * a.dag() * a + spin * jz + 2.0 * coupling / math.sqrt(spins) * (a + a.dag()) * jx
    pi = (1j * math.pi * (a.dag() * a + jz + spins / 2)).expm()
    return h, pi, {"a": a, "x": a + a.dag(), "Jx": jx, "J-": jx - 1j * jy, "Jz": jz, "n": a.dag() * a}


# --- operators in the Fock basis ---------------------------------------------------------------------------------


@given(st.floats(-2.0, 2.0))
@settings(max_examples=30, deadline=None)
def test_displacements_are_exponentials(shift: float) -> None:
    a = destroy(120)
    exact = expm(shift * (a.T - a))[:25, :20]
    np.testing.assert_allclose(displacement(shift, 25, 20), exact, atol=1e-12)
    np.testing.assert_allclose(displacement(-shift, 20, 25), displacement(shift, 25, 20).T, atol=1e-14)


def test_fock_operators() -> None:
    a = destroy(6)
    np.testing.assert_allclose((a @ a.T - a.T @ a)[:5, :5], np.eye(5), atol=1e-14)
    np.testing.assert_array_equal(np.diag(parity(6)) @ a @ np.diag(parity(6)), -a)
    with pytest.raises(InputError, match="size must be a whole number from 1"):
        destroy(0)


# --- the Dicke model ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spins", "coupling", "mode", "spin"),
    [(1, 1.2, 1.0, 1.0), (4, 0.9, 1.0, 1.0), (5, 0.6, 2.0, 0.7), (3, 0.3, 0.5, 1.5)],
)
def test_levels_and_operators_are_those_of_fock_states(spins: int, coupling: float, mode: float, spin: float) -> None:
    h, pi, operators = in_qutip(spins, coupling, mode, spin, 50)
    energies, states = h.eigenstates(eigvals=6)
    levels = Dicke(spins, coupling, mode, spin).levels(6)
    np.testing.assert_allclose(levels.energies, energies, rtol=0.0, atol=1e-11)
    signs = np.array([qutip.expect(pi, state).real for state in states])
    np.testing.assert_allclose(signs * signs[0], levels.parities, atol=1e-9)
    for name, op in operators.items():
        theirs = np.array([[op.matrix_element(b, k) for k in states] for b in states])
        np.testing.assert_allclose(np.abs(levels.matrix(name)), np.abs(theirs), atol=1e-9)
    # Eq. 12 from QuTiP's own Liouvillian.
    for name in ODD:
        lindblad = qutip.liouvillian(h, [operators[name]])
        moved = qutip.vector_to_operator(lindblad * qutip.operator_to_vector(states[0] * states[1].dag()))
        rate = -complex(moved.matrix_element(states[0], states[1])).real
        assert doublet_of(levels, name).eigenstate_moment == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize(("spins", "coupling"), [(6, 0.4), (7, 0.9)])
def test_proposition_and_corollaries(spins: int, coupling: float) -> None:
    model = Dicke(spins, coupling)
    levels = model.levels(6)
    for name in ODD:
        unlabelled = levels.operators[name].matrix
        assert np.abs(levels.matrix(unlabelled).diagonal()).max() < 1e-9
        jump = [JumpOperator(levels.operators[name])]
        d = model.doublet(name)
        assert d.parity == "odd"
        assert d.pointer_moment == pytest.approx(dephasing_coefficient(levels, "P", "R", jump), rel=1e-9)
        assert d.eigenstate_moment == pytest.approx(dephasing_coefficient(levels, "E0", "E1", jump), rel=1e-9)
        assert d.eigenstate_moment == pytest.approx(d.g01, rel=1e-12)
    redfield = Redfield(levels, Bath(levels.operators["x"], FlatSpectrum(0.1)))
    assert redfield.corollary1().largest == 0.0
    second = redfield.corollary2()
    assert abs(second.element) == pytest.approx(0.1 * abs(levels.element("x", 0, 1)) ** 2, rel=1e-9)
    for name in ("Jz", "n"):  # even: they do not tell the pointer states apart
        assert model.doublet(name).parity == "even"
        assert model.doublet(name).j01 < 1e-12


def test_the_ratio_tends_to_two_for_every_odd_jump_operator() -> None:
    """Means grow as √N (photons) or N (spins), fluctuations stay: 2 - η falls as 1/N."""
    levels = [Dicke(n, 0.8).levels(4) for n in (16, 32, 64)]
    for name in ODD:
        missing = [2.0 - (doublet_of(kept, name).eta_exact or 0.0) for kept in levels]
        assert missing[0] > missing[1] > missing[2] > 0.0
        assert missing[1] / missing[2] == pytest.approx(2.0, rel=0.15)
    d = Dicke(64, 0.8).doublet("J-")
    assert d.g_loc == pytest.approx(2.0 * d.j01**2, rel=0.05)
    assert d.eta_mf == pytest.approx(2.0, abs=0.05)


def test_the_critical_coupling() -> None:
    """sqrt(ωω0)/2: the gap to the third level closes there with N, towards the polariton's on either side."""
    for mode, spin in ((1.0, 1.0), (2.0, 0.5), (3.0, 1.2)):
        model = Dicke(10, 1.0, mode, spin)
        assert model.critical_coupling == pytest.approx(math.sqrt(mode * spin) / 2)
    normal, critical = ([Dicke(n, c).levels(3).excitations[2] for n in (30, 120)] for c in (0.4, 0.5))
    # Normal phase: ε² = ½(ω² + ω0² - sqrt((ω² - ω0²)² + 16λ²ωω0)) (Emary and Brandes), twice for two quanta.
    polariton = math.sqrt(1.0 - 2.0 * 0.4)
    assert normal[1] == pytest.approx(2.0 * polariton, rel=0.02)
    assert abs(normal[1] / (2 * polariton) - 1) < abs(normal[0] / (2 * polariton) - 1)
    assert critical[1] / critical[0] == pytest.approx(4.0 ** (-1.0 / 3.0), rel=0.1)
    assert [Dicke(10, c).phase for c in (0.49, 0.5, 0.51)] == ["disordered", "critical", "ordered"]
    with pytest.raises(PhaseError, match="superradiant phase"):
        _ = Dicke(10, 0.4).order_parameter
    assert dephasing_rates(Dicke(10, 0.4), 1e-3).regime.name == "disordered"
    assert dephasing_rates(Dicke(40, 0.8), 1e-3).regime.name == "thermodynamic"


def test_a_fast_field_makes_it_the_lmg_model() -> None:
    """ω -> ∞ at J = 4λ²/ω, Γ = ω0, with Jx of the one Jz of the other; corrections fall as 1/ω."""
    lmg = LMG(40, 0.6)
    expected = lmg.levels(4)
    distances = []
    for mode in (40.0, 160.0, 640.0):
        levels = Dicke(40, 0.5 * math.sqrt(mode), mode, 0.6).levels(4)
        ratios = levels.excitations[2:] / expected.excitations[2:]
        assert np.abs(ratios - 1.0).max() < 0.01
        distances.append(abs(abs(levels.expectation("Jx", "P")) / expected.expectation("Jz", "P") - 1.0))
        if mode == 640.0:
            d = doublet_of(levels, "Jx")
            assert d.eta_exact == pytest.approx(lmg.doublet().eta_exact, rel=1e-3)
            assert levels.excitations[1] == pytest.approx(expected.excitations[1], rel=0.01)
    assert distances[0] / distances[1] == pytest.approx(4.0, rel=0.2)
    assert distances[1] / distances[2] == pytest.approx(4.0, rel=0.2)


def levels_with(model: Dicke, quanta: int, count: int) -> MatrixLevels:
    """Levels with a given number of quanta."""
    h, parity = model.hamiltonian_matrix(quanta), model.parity_matrix(quanta)
    return levels_by_parity(h, parity, count, model.operator_matrices(quanta))


def test_the_cut_off_is_converged_and_its_error_is_said() -> None:
    model = Dicke(12, 0.7, 1.0, 2.0)
    levels = model.levels(5)
    quanta = levels.dimension // 13
    assert levels.quality.edge < 1e-9
    twice = levels_with(model, 2 * quanta, 5)
    np.testing.assert_allclose(twice.energies, levels.energies, rtol=0.0, atol=1e-12 * 30)
    np.testing.assert_allclose(np.abs(twice.matrix("n")), np.abs(levels.matrix("n")), atol=1e-9)
    fewer = levels_with(model, 8, 5)
    outside = model._outside(fewer.vectors)
    # What leads out of the space bounds the error of the energies (by itself over the mode's frequency).
    assert 1e-9 < np.abs(fewer.energies - levels.energies).max() < outside
    assert outside < 0.5


def test_a_hundred_spins_at_twice_the_critical_coupling() -> None:
    start = time.process_time()  # of this process: other work does not count
    d = Dicke(100, 1.0).doublet()
    assert time.process_time() - start < 10.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2 * 2**20  # KiB
    assert d.splitting_bound is None
    assert 1e-94 < (d.splitting or 0.0) < 1e-91
    assert d.levels.parities.tolist() == [1, -1, 1, -1]
    assert d.j01 == pytest.approx(Dicke(100, 1.0).mean_photon, rel=2e-3)
    assert 1.99 < (d.eta_exact or 0.0) < 2.0
    # So many states that double precision is all there is: a bound.
    rates = dephasing_rates(Dicke(200, 1.0), 1e-3)
    assert rates.as_dict()["splitting"] is None
    assert 0.0 < (rates.doublet.splitting_bound or 0.0) < 1e-11
    assert "not resolved" in rates.warnings[0]


def test_photon_loss_in_time() -> None:
    """The doublet under photon loss against QuTiP, and the same ρ_01 rate as Eq. 12 at short times."""
    model = Dicke(4, 0.6)
    levels = model.levels(12)
    h, _, operators = in_qutip(4, 0.6, 1.0, 1.0, 24)
    times = np.linspace(0.0, 4.0, 5)
    jumps = [JumpOperator(model.operator("a"), 0.05)]
    answer = evolve(model, jumps, "eigen-superposition", times, levels=12, tolerance=1.0)
    _, states = h.eigenstates(eigvals=2)
    start = (states[0] + states[1]).unit()
    solved = qutip.mesolve(
        h, start, times, [math.sqrt(0.05) * operators["a"]], e_ops=[states[1] * states[0].dag()],
        options={"rtol": 1e-9, "atol": 1e-11, "nsteps": 100_000},
    )  # fmt: skip
    np.testing.assert_allclose(np.abs(answer.rho_01), np.abs(solved.expect[0]), atol=2e-4)
    assert answer.attrs["parity_resolved"]
    assert len(levels) == 12


def test_operators_by_name_combine() -> None:
    model = Dicke(3, 0.7)
    levels = model.levels(4)
    a, x, n = (model.operator(name) for name in ("a", "x", "n"))
    np.testing.assert_allclose(levels.matrix(0.5 * (a + a.dag())), 0.5 * levels.matrix("x"), atol=1e-13)
    np.testing.assert_allclose(levels.matrix(a.dag() @ a - n), np.zeros((4, 4)), atol=1e-12)
    assert np.all(levels.matrix(x @ a)[0, 1::2] == 0.0)  # parities multiply
    with pytest.raises(InputError, match="jump must be one of a, x, Jx"):
        model.operator("Jy")
    with pytest.raises(InputError, match="operator must be one of a, x, Jx, J-, Jz, n; got 'b'"):
        levels.matrix("b")


@pytest.mark.parametrize("spins", [1, 2, 3, 4, 5, 6])
def test_the_ground_state_is_even_for_every_number_of_spins(spins: int) -> None:
    """Π as it is in the polaron basis has +1 on the ground state, which names it where ΔE is not resolved."""
    model = Dicke(spins, 0.6)
    levels = model.levels(2)
    quanta = levels.dimension // (spins + 1)
    assert levels.splitting_bound is None
    for vector, sign in zip(levels.vectors, (1.0, -1.0), strict=True):
        assert vector @ (model.parity_matrix(quanta) @ vector) == pytest.approx(sign, abs=1e-12)
        moved = model.parity_matrix(quanta) @ model.hamiltonian_matrix(quanta) @ model.parity_matrix(quanta).T
        assert abs(moved - model.hamiltonian_matrix(quanta)).max() < 1e-13


# --- the Rabi model ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coupling", "mode", "spin"), [(0.3, 1.0, 1.0), (1.0, 0.5, 3.0), (2.0, 1.0, 0.4), (2.5, 1.0, 1.0)]
)
def test_rabi_is_qutips(coupling: float, mode: float, spin: float) -> None:
    a, one = qutip.destroy(80), qutip.qeye(80)
    h = mode * (a.dag() * a & qutip.qeye(2)) + 0.5 * spin * (one & qutip.sigmaz())
    h = h + coupling * ((a + a.dag()) & qutip.sigmax())
    energies = h.eigenenergies(eigvals=5)
    levels = Rabi(coupling, mode, spin).levels(5)
    np.testing.assert_allclose(levels.energies, energies, rtol=0.0, atol=1e-11)
    assert levels.excitations[1] == pytest.approx(energies[1] - energies[0], abs=2e-13)
    np.testing.assert_allclose(levels.energies, Dicke(1, coupling, mode, spin).levels(5).energies, atol=1e-12)
    assert doublet_of(levels, "Jx").q0 == pytest.approx(0.25, rel=1e-12)


@pytest.mark.parametrize(("coupling", "mode", "spin"), [(3.0, 1.0, 1.0), (5.0, 1.0, 2.0)])
def test_the_splitting_of_ultrastrong_coupling(coupling: float, mode: float, spin: float) -> None:
    """Against multiprecision eigenvalues of the chains, and against ω0 exp(-2λ²/ω²), its limit."""
    with mpmath.workdps(60):

        def fraction(energy: mpmath.mpf, sign: int) -> mpmath.mpf:
            """1/<k|(H - E)^-1|k> at the peak of the state, as continued fractions from both ends of the chain."""
            peak, total = round((coupling / mode) ** 2), -energy
            total += mode * peak + sign * mpmath.mpf(spin) / 2 * (-1) ** peak
            for path in (range(peak), range(160, peak, -1)):
                value = mpmath.inf
                for n in path:
                    outer = n if path.step > 0 else n + 1  # b² of the bond behind this site
                    value = mode * n + sign * mpmath.mpf(spin) / 2 * (-1) ** n - energy - coupling**2 * outer / value
                total -= coupling**2 * (peak if path.step > 0 else peak + 1) / value
            return total

        model = Rabi(coupling, mode, spin)
        near = mpmath.mpf(float(model.levels(2).energies[0]))
        lowest = [
            mpmath.findroot(lambda e, sign=sign: fraction(e, sign), (near, near + shift), tol=1e-90, verify=False)
            for sign, shift in ((-1, mpmath.mpf("1e-6")), (1, mpmath.mpf("1e-6")))
        ]
        expected = lowest[1] - lowest[0]
    assert model.log_splitting() == pytest.approx(float(mpmath.log(expected)), abs=1e-12)
    assert float(expected) == pytest.approx(spin * math.exp(-2 * coupling**2), rel=spin**2 / coupling**2)
    d = model.doublet("x")
    assert d.splitting == pytest.approx(float(expected), rel=1e-11, abs=0.0)
    assert d.j01 == pytest.approx(2.0 * coupling, rel=0.05)
    # σx, which is ±1 in the pointer states, and photons: 2 in the limit; 2 - η is the vacuum's share 1/(4λ²/ω²) of x.
    assert 2.0 - (d.eta_exact or 0.0) == pytest.approx(1.0 / (4.0 * coupling**2), rel=0.1)


def test_splittings_below_any_double_are_still_numbers() -> None:
    model = Rabi(20.0)
    assert model.log_splitting() == pytest.approx(-800.0, rel=1e-3)
    assert model.levels(2).splitting_bound is not None
    assert Rabi(10.0).doublet().log_splitting == pytest.approx(Rabi(10.0).log_splitting(), abs=1e-12)


# --- parameters --------------------------------------------------------------------------------------------------


def test_units_and_bad_parameters() -> None:
    model = Dicke(6, "0.8 MHz", "1 MHz", "1 MHz")
    plain = Dicke(6, 0.8)
    assert model.energy_unit == "rad/s"
    scale = 2e6 * math.pi
    np.testing.assert_allclose(model.levels(4).energies / scale, plain.levels(4).energies, atol=1e-12)
    rates = dephasing_rates(model, "10 1/s", jump="x")
    assert rates.rate_eigenstate == pytest.approx(10 * plain.doublet("x").g01, rel=1e-9)
    assert rates.as_dict()["coupling"] == model.coupling
    with pytest.raises(UnitError, match="mode must have a unit where the coupling has one"):
        Dicke(6, "0.8 MHz")
    for bad in ({"spins": 0}, {"coupling": 0.0}, {"mode": -1.0}, {"spin": math.nan}, {"spins": 3000}):
        with pytest.raises(InputError, match=f"{next(iter(bad))} must be"):
            Dicke(**{"spins": 4, "coupling": 1.0, **bad})  # type: ignore[arg-type]
    with pytest.raises(InputError, match="jump must be one of a, x, Jx, J-, Jz, n; got 'b'"):
        plain.doublet("b")
    with pytest.raises(InputError, match="coupling/mode must be at most 50"):
        Rabi(60.0)
    assert repr(Rabi(1.0)) == "Rabi(coupling=1.0, mode=1.0, spin=1.0, energy_unit='plain')"
