"""To QuTiP and back: order of states, rates inside collapse operators, and systems that are not a collective spin."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
import qutip
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from einselect import LMG, InputError, Jm, Jp, JumpOperator, Jx, Jy, Jz, dephasing_coefficient
from einselect.dynamics import Lindbladian
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.interop.qutip import from_qutip, operator_from_qutip, state_from_qutip, to_qutip

EPS = 2.0**-52
NAMES = {"Jx": "x", "Jy": "y", "Jz": "z", "J+": "+", "J-": "-"}


def lmg_in_qutip(spins: int, field: float) -> tuple[qutip.Qobj, qutip.Qobj]:
    """H and the parity exp(iπJx), from QuTiP's spin operators."""
    jz, jx = qutip.jmat(spins / 2, "z"), qutip.jmat(spins / 2, "x")
    return -(1 / spins) * jz**2 - field * jx, (1j * math.pi * jx).expm()


# --- out ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spins", [1, 2, 7, 20])
def test_operators_are_those_of_jmat(name: str, spins: int) -> None:
    theirs = qutip.jmat(spins / 2, NAMES[name])
    ours = to_qutip(name, spins=spins)
    assert ours.dims == theirs.dims
    np.testing.assert_allclose(ours.full(), theirs.full(), rtol=0.0, atol=4 * EPS * spins)
    # Jz has its signs exchanged in the other order: the two must not be confused.
    other = to_qutip(name, spins=spins, order="einselect").full()
    np.testing.assert_array_equal(other, ours.full()[::-1, ::-1])
    if name == "Jz":
        assert other[0, 0] == -spins / 2
        assert ours.full()[0, 0] == spins / 2


@given(st.integers(2, 30), st.floats(0.1, 2.0), st.floats(-2.0, 2.0), st.floats(-2.0, 2.0))
@settings(max_examples=30)
def test_products_and_sums_go_over_as_such(spins: int, field: float, a: float, b: float) -> None:
    x, y, z, minus = (qutip.jmat(spins / 2, n) for n in "xyz-")
    ours = to_qutip(a * (Jz @ Jz) + b * (Jy @ Jx) + Jm, spins=spins)
    np.testing.assert_allclose(
        ours.full(), (a * z * z + b * y * x + minus).full(), rtol=0.0, atol=20 * EPS * (1 + spins**2)
    )
    h, parity = lmg_in_qutip(spins, field)
    model = to_qutip(LMG(spins, field))
    np.testing.assert_allclose(model.full(), h.full(), rtol=0.0, atol=20 * EPS * spins)
    # It combines with QuTiP's own: the parity made of jmat leaves it alone.
    assert (parity * model * parity.dag() - model).norm() < 1e-12 * spins**2


def test_operators_stay_sparse() -> None:
    ours = to_qutip(LMG(spins=20_000, field=0.9))
    assert ours.shape == (20_001, 20_001)
    assert ours.data_as("csr_matrix").nnz == 3 * 20_001 - 2 - 1  # m = 0 has no diagonal element


@pytest.mark.parametrize("which", ["E0", "E1", "P", "R"])
def test_states_have_the_expectation_values_that_they_should(which: str) -> None:
    model = LMG(spins=60, field=0.8)
    doublet = model.doublet()
    for vector in (doublet.state(which, whole=True), doublet.state(which)):
        ket = to_qutip(vector, spins=60)
        assert ket.isket
        assert ket.norm() == pytest.approx(1.0, abs=1e-12)
        sign = {"P": 1.0, "R": -1.0}.get(which, 0.0)
        assert qutip.expect(qutip.jmat(30, "z"), ket) == pytest.approx(sign * doublet.j01, abs=1e-10)
        energy = qutip.expect(lmg_in_qutip(60, 0.8)[0], ket)
        expected = {"E0": doublet.e0, "E1": doublet.e1}.get(which, 0.5 * (doublet.e0 + doublet.e1))
        assert energy == pytest.approx(expected, abs=1e-11)
    assert to_qutip(doublet.state(which, whole=True)) == to_qutip(doublet.state(which, whole=True), spins=60)


def test_rates_go_inside_collapse_operators() -> None:
    ours = to_qutip([JumpOperator(Jz, 0.25), JumpOperator("J-", 0.01)], spins=8)
    np.testing.assert_allclose(ours[0].full(), 0.5 * qutip.jmat(4, "z").full(), atol=8 * EPS)
    np.testing.assert_allclose(ours[1].full(), 0.1 * qutip.jmat(4, "-").full(), atol=8 * EPS)


def test_mesolve_with_what_was_handed_over_is_our_lindbladian() -> None:
    model = LMG(spins=20, field=0.6)
    jumps = [JumpOperator(Jz, 0.002), JumpOperator(Jm, 0.001)]
    times = np.linspace(0.0, 30.0, 4)
    e0, e1 = (to_qutip(model.doublet().state(n), spins=20) for n in ("E0", "E1"))
    options = {"rtol": 1e-9, "atol": 1e-11, "nsteps": 100_000}
    solved = qutip.mesolve(
        to_qutip(model), (e0 + e1).unit(), times, to_qutip(jumps, spins=20), e_ops=[e1 * e0.dag()], options=options
    )
    ours = Lindbladian(model.levels(21), jumps).evolve("eigen-superposition", times)
    np.testing.assert_allclose(ours.rho_01, solved.expect[0], rtol=0.0, atol=1e-7)


def test_on_levels_there_is_no_order() -> None:
    levels = LMG(spins=30, field=0.7).levels(5)
    for order in ("qutip", "einselect"):
        np.testing.assert_array_equal(to_qutip("Jz", levels=levels, order=order).full(), levels.matrix("Jz"))
        np.testing.assert_array_equal(to_qutip(levels, order=order).full(), np.diag(levels.excitations))
    jump = to_qutip(JumpOperator(np.diag(np.arange(31.0)), 4.0), levels=levels)
    np.testing.assert_allclose(jump.full(), 2.0 * levels.matrix(np.diag(np.arange(31.0))))


def test_a_superoperator_acts_as_qutip_expects() -> None:
    levels = LMG(spins=30, field=0.7).levels(4)
    redfield = Redfield(levels, Bath(Jz + 0.3 * Jy, FlatSpectrum(0.1)))
    jump = to_qutip(JumpOperator(Jz + 0.3 * Jy, 0.1), levels=levels)
    theirs = qutip.liouvillian(to_qutip(levels), [jump])
    ours = to_qutip(redfield)
    assert ours.issuper
    assert ours.dims == theirs.dims
    np.testing.assert_allclose(ours.full(), theirs.full(), atol=1e-12)


# --- there and back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["qutip", "einselect"])
@pytest.mark.parametrize("op", [Jx, Jy, Jz, Jp, Jz @ Jx])
def test_operators_come_back(op: object, order: str) -> None:
    back = operator_from_qutip(to_qutip(op, spins=9, order=order), order=order)
    np.testing.assert_array_equal(back, op.matrix(9))  # type: ignore[attr-defined]
    sparse = to_qutip(csr_matrix(back), order=order)
    np.testing.assert_array_equal(operator_from_qutip(sparse, order=order), back)


@pytest.mark.parametrize("order", ["qutip", "einselect"])
def test_states_come_back(order: str) -> None:
    vector = LMG(spins=40, field=0.5).doublet().state("P", whole=True)
    back = state_from_qutip(to_qutip(vector, order=order), order=order)
    np.testing.assert_array_equal(back.m, vector.m)
    np.testing.assert_array_equal(back.amplitudes, vector.amplitudes)
    turned = state_from_qutip(qutip.spin_state(2, -1))
    assert turned.m[turned.amplitudes.argmax()] == -1.0


def test_qutips_operators_serve_as_jump_operators() -> None:
    levels = LMG(spins=24, field=0.6).levels(4)
    theirs = [JumpOperator(operator_from_qutip(qutip.jmat(12, n)), 0.3) for n in "z-"]
    ours = [JumpOperator(op, 0.3) for op in (Jz, Jm)]
    for pair in (("E0", "E1"), ("P", "R"), ("E0", "E3")):
        expected = dephasing_coefficient(levels, *pair, ours)
        assert dephasing_coefficient(levels, *pair, theirs) == pytest.approx(expected, rel=1e-12)


# --- a user's own system -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("spins", [11, 24])
def test_the_lmg_model_given_as_matrices_is_the_lmg_model(spins: int) -> None:
    h, parity = lmg_in_qutip(spins, 0.7)
    gamma = 0.01
    system = from_qutip(h, parity, [math.sqrt(gamma) * qutip.jmat(spins / 2, "z")], count=6)
    levels = LMG(spins, 0.7).levels(6)
    assert system.jump_parities == ("odd",)
    assert system.hamiltonian_defect < 1e-13
    assert system.jump_defects[0] < 1e-13
    assert system.warnings == ()
    assert len(system.levels) == 6
    np.testing.assert_array_equal(system.levels.parities, levels.parities)
    np.testing.assert_allclose(system.levels.energies, levels.energies, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(system.levels.excitations, levels.excitations, rtol=0.0, atol=1e-12)
    ours = [JumpOperator(Jz, gamma)]
    for pair in (("E0", "E1"), ("P", "R"), ("E1", "E4")):
        expected = dephasing_coefficient(levels, *pair, ours)
        assert dephasing_coefficient(system.levels, *pair, system.jumps) == pytest.approx(expected, rel=1e-10)
    # The phase convention too: |P> has <Jz> > 0.
    jz = qutip.jmat(spins / 2, "z").full()
    assert system.levels.expectation(jz, "P") == pytest.approx(levels.expectation(Jz, "P"), rel=1e-10)
    times = np.linspace(0.0, 40.0, 5)
    mine = Lindbladian(system.levels, system.jumps).evolve("eigen-superposition", times)
    theirs = Lindbladian(levels, ours).evolve("eigen-superposition", times)
    assert mine.attrs["parity_resolved"]
    for name in ("rho_01", "rho_pr", "populations"):
        np.testing.assert_allclose(mine[name], theirs[name], rtol=0.0, atol=1e-10)
    # Between equal and opposite parities, from the matrices: what is forbidden is rounding only.
    assert Redfield(system.levels, Bath(jz, FlatSpectrum(gamma))).corollary1().holds


def rabi(coupling: float, photons: int) -> tuple[qutip.Qobj, qutip.Qobj, qutip.Qobj]:
    a, one = qutip.destroy(photons) & qutip.qeye(2), qutip.qeye(photons)
    sz, sx = one & qutip.sigmaz(), one & qutip.sigmax()
    return a.dag() * a + 0.5 * sz + coupling * (a + a.dag()) * sx, (1j * math.pi * a.dag() * a).expm() * sz, a


@pytest.mark.parametrize("phase", [1.0, 1j, -1.0, np.exp(0.7j)])
def test_the_rabi_model_whatever_the_phase_of_its_parity(phase: complex) -> None:
    h, parity, a = rabi(1.2, 40)
    system = from_qutip(h, phase * parity, [a, a + a.dag(), a.dag() * a], count=6)
    assert system.jump_parities == ("odd", "odd", "even")
    energies, states = h.eigenstates(eigvals=6)
    np.testing.assert_allclose(system.levels.energies, energies, rtol=0.0, atol=1e-11)
    assert system.levels.parities[0] == 1
    signs = [qutip.expect(parity, state).real for state in states]  # the doublet is split by 0.06: not mixed
    np.testing.assert_allclose(np.array(signs) / signs[0], system.levels.parities, atol=1e-9)
    x = (a + a.dag()).full()
    assert system.levels.element(x, "E0", "E1").real > 1.0
    assert abs(system.levels.element(x, "E0", "E0")) < 1e-12


def test_the_doublet_is_not_mixed_where_one_solver_would_mix_it() -> None:
    h, parity, a = rabi(2.5, 80)
    system = from_qutip(h, parity, [a + a.dag()], count=4)
    x = (a + a.dag()).full()
    assert system.levels.excitations[1] < 1e-4
    # |<E|x|E>| is up to 10 in a mixed state, 0 by parity
    assert abs(system.levels.element(x, "E0", "E0")) < 1e-11
    assert system.levels.element(x, "E0", "E1").real == pytest.approx(5.0, rel=0.02)  # 2α at α = 2.5
    eta = dephasing_coefficient(system.levels, "P", "R", system.jumps) / dephasing_coefficient(
        system.levels, "E0", "E1", system.jumps
    )
    assert 1.9 < eta < 2.0


def test_complex_hamiltonians_keep_the_phase_convention() -> None:
    h, parity = lmg_in_qutip(10, 0.6)
    turn = (0.4j * qutip.jmat(5, "x")).expm()  # commutes with the parity, makes H complex
    jz = turn * qutip.jmat(5, "z") * turn.dag()
    system = from_qutip(turn * h * turn.dag(), parity, [jz], count=4)
    assert np.iscomplexobj(system.levels.vectors)
    element = system.levels.element(jz.full(), "E0", "E1")
    assert element == pytest.approx(LMG(10, 0.6).doublet().j01, rel=1e-11)
    coefficient = dephasing_coefficient(system.levels, "P", "R", system.jumps)
    assert coefficient == pytest.approx(dephasing_coefficient(LMG(10, 0.6).levels(4), "P", "R"), rel=1e-11)


def test_mixed_jumps_and_unresolved_splittings_are_said() -> None:
    h, parity = lmg_in_qutip(10, 0.6)
    mixed = from_qutip(h, parity, qutip.jmat(5, "z") + 0.2 * qutip.jmat(5, "x"))
    assert mixed.jump_parities == ("mixed",)
    assert len(mixed.levels) == 11
    assert "jump operator 0 has no definite parity" in mixed.warnings[0]
    assert not Lindbladian(mixed.levels, mixed.jumps).parity_resolved
    deep = from_qutip(*lmg_in_qutip(200, 0.3), count=2)
    assert "is not resolved" in deep.warnings[0]
    assert repr(deep.levels).startswith("MatrixLevels(2 of 201 levels")
    assert deep.levels.splitting_bound is not None
    assert "< " in str(deep.levels)


def test_bad_systems_are_refused_with_the_norm_that_fails() -> None:
    h, parity = lmg_in_qutip(10, 0.6)
    jz = qutip.jmat(5, "z")
    with pytest.raises(InputError, match=r"hamiltonian must be unchanged by the parity; got ‖ΠHΠ† - H‖/‖H‖ = 0\.\d+"):
        from_qutip(h + 0.1 * jz, parity)
    with pytest.raises(InputError, match=r"hamiltonian must be Hermitian; got ‖H - H†‖/‖H‖ ="):
        from_qutip(h + 0.1j * jz, parity)
    with pytest.raises(InputError, match=r"parity must be unitary; got ‖Π†Π - 1‖ ="):
        from_qutip(h, 2.0 * parity)
    with pytest.raises(InputError, match="parity must have a square that is a phase"):
        from_qutip(h, (0.3j * jz).expm())
    with pytest.raises(InputError, match=r"jump operator must be a 11 x 11 matrix; got shape \(10, 10\)"):
        from_qutip(h, parity, [qutip.qeye(10)])
    with pytest.raises(InputError, match="hamiltonian must have a dimension from 2 to 4000"):
        from_qutip(qutip.qeye(1), qutip.qeye(1))
    with pytest.raises(InputError, match="hamiltonian must be finite"):
        from_qutip(np.full((3, 3), np.nan), np.eye(3))
    levels = from_qutip(h, parity, count=3).levels
    with pytest.raises(InputError, match="operator must be a 11 x 11 matrix in the basis of the Hamiltonian; got 'Jz'"):
        levels.matrix("Jz")
    with pytest.raises(InputError, match="Dicke vectors must be asked of a collective spin"):
        levels.dicke_vectors()


# --- bad input ---------------------------------------------------------------------------------------------------


def test_bad_requests_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="order must be one of qutip, einselect; got 'Qutip'"):
        to_qutip("Jz", spins=4, order="Qutip")
    with pytest.raises(InputError, match=r"spins must be given \(or levels\) to turn the operator Jz into a matrix"):
        to_qutip(Jz)
    with pytest.raises(InputError, match="spins must be given for a state on a window of m"):
        to_qutip(LMG(spins=2000, field=0.5).doublet().state("P"))
    with pytest.raises(InputError, match="spins must be that of the state"):
        to_qutip(LMG(spins=20, field=0.5).doublet().state("P", whole=True), spins=10)
    with pytest.raises(InputError, match="spins must be that of the state"):
        to_qutip(LMG(spins=20, field=0.5).doublet().state("P", whole=True), spins=23)
    with pytest.raises(InputError, match=r"operator must be one of .*; got 'Jq'"):
        to_qutip("Jq", spins=4)
    with pytest.raises(InputError, match="thing must be a model, an operator"):
        to_qutip(3.0)
    with pytest.raises(InputError, match="operator must be square"):
        operator_from_qutip(qutip.basis(3, 0))
    with pytest.raises(InputError, match="state must be a ket"):
        state_from_qutip(qutip.qeye(3))
    monkeypatch.setitem(sys.modules, "qutip", None)
    with pytest.raises(InputError, match=r"qutip must be installed \(pip install 'einselect\[qutip\]'\)"):
        to_qutip(LMG(4, 0.5))
