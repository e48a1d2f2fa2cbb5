"""Systems given by matrices: parity relations, levels by parity, rates under any jump operator."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator

from einselect import LMG, InputError, JumpOperator, Jx, Jy, Jz, dephasing_coefficient, dephasing_rates
from einselect.dynamics import Lindbladian, evolve
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.jump_doublet import doublet_of
from einselect.matrix_levels import MatrixOperator
from einselect.models import CustomModel

EPS = 2.0**-52


def double_well(points: int, height: float = 10.0, kind: str = "dense") -> CustomModel:
    """A particle in the potential height (x² - 1)² on a grid: parity x -> -x, jump operators x and x²."""
    x = np.linspace(-3.0, 3.0, points)
    t = 0.5 / (x[1] - x[0]) ** 2
    diagonals = [2.0 * t + height * (x**2 - 1.0) ** 2, np.full(points - 1, -t), np.full(points - 1, -t)]
    h = sp.diags_array(diagonals, offsets=[0, 1, -1]).tocsr()
    parity = sp.eye_array(points).tocsr()[::-1]
    jumps = {"x": sp.diags_array(x).tocsr(), "x2": sp.diags_array(x**2).tocsr()}
    change = {"dense": lambda m: m.toarray(), "sparse": lambda m: m, "free": aslinearoperator}[kind]
    return CustomModel(change(h), change(parity), {name: change(jump) for name, jump in jumps.items()})


def lmg(spins: int, field: float, tilt: float = 0.0, **options: bool) -> CustomModel:
    """The LMG model as matrices, m ascending; m -> -m is its parity."""
    h = LMG(spins, field).hamiltonian().matrix(spins) - tilt * Jz.matrix(spins)
    return CustomModel(h, np.eye(spins + 1)[::-1], {"Jz": Jz.matrix(spins), "Jx": Jx.matrix(spins)}, **options)


# --- the same levels from every kind of matrix -------------------------------------------------------------------


@pytest.mark.parametrize("points", [160, 161, 901])
def test_dense_sparse_and_matrix_free_agree(points: int) -> None:
    models = [double_well(points, kind=kind) for kind in (("dense", "sparse") if points > 200 else ("dense", "free"))]
    one, two = (model.levels(6) for model in models)
    bound = 2.0 * max(one.quality.energy_error, two.quality.energy_error)
    assert bound < 1e-9
    np.testing.assert_allclose(two.energies, one.energies, rtol=0.0, atol=bound)
    np.testing.assert_array_equal(two.parities, [1, -1, 1, -1, 1, -1])
    np.testing.assert_allclose(two.matrix("x"), one.matrix("x"), atol=1e-9) if points < 200 else None
    assert two.expectation("x", "P") == pytest.approx(one.expectation("x", "P"), abs=1e-9)
    assert two.expectation("x", "P") > 0.8
    assert [m.jump_parities for m in models] == [("odd", "even")] * 2
    assert max(m.hamiltonian_defect or 0.0 for m in models) < 1e-14
    assert models[1].doublet().eta_exact == pytest.approx(models[0].doublet().eta_exact, rel=1e-9)
    # What parity forbids is exactly zero.
    assert np.all(two.matrix("x")[::2, ::2] == 0.0)
    assert np.all(two.matrix("x2")[::2, 1::2] == 0.0)


@pytest.mark.parametrize(("spins", "field"), [(11, 0.7), (24, 0.6), (60, 0.9)])
def test_the_lmg_model_as_matrices(spins: int, field: float) -> None:
    custom, model = lmg(spins, field), LMG(spins, field)
    doublet = model.doublet()
    found = custom.doublet()
    assert found.g01 == pytest.approx(doublet.g01, rel=1e-11)
    assert found.j01 == pytest.approx(doublet.j01, rel=1e-11)
    assert found.eta_exact == pytest.approx(doublet.eta_exact, rel=1e-11)
    assert found.leakages == pytest.approx(doublet.leakages, rel=1e-8)
    assert found.gap == pytest.approx(doublet.gap, abs=1e-11)
    assert found.splitting == pytest.approx(doublet.splitting, abs=custom.levels(2).quality.energy_error * 2)
    gamma = 0.1 * doublet.splitting / doublet.g01
    mine, theirs = dephasing_rates(custom, gamma), dephasing_rates(model, gamma)
    assert mine.rate_eigenstate == pytest.approx(theirs.rate_eigenstate, rel=1e-11)
    assert mine.rate_pointer == pytest.approx(theirs.rate_pointer, rel=1e-11)
    assert mine.secular_parameter == pytest.approx(theirs.secular_parameter, rel=1e-9)
    assert mine.rate_mean_field is None
    # And by name of another jump operator, from the collective spin itself.
    one, two = dephasing_rates(custom, 1.0, jump="Jx"), dephasing_rates(model, 1.0, jump="Jx")
    assert one.rate_eigenstate == pytest.approx(two.rate_eigenstate, rel=1e-9)
    assert one.rate_pointer == pytest.approx(two.rate_pointer, rel=1e-9)


# --- Eq. 12 and the proposition ----------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.integers(2, 7), st.integers(2, 7))
@settings(max_examples=40, deadline=None)
def test_rates_are_those_of_equation_12_for_any_system(seed: int, even: int, odd: int) -> None:
    """Random H and L with random parities in a random basis: moments against `dephasing_coefficient`, the
    proposition, and both corollaries."""
    rng = np.random.default_rng(seed)
    size = even + odd
    signs = np.array([1.0] * even + [-1.0] * odd)
    turn = np.linalg.qr(rng.standard_normal((size, size)) + 1j * rng.standard_normal((size, size)))[0]
    draw = rng.standard_normal((2, size, size)) + 1j * rng.standard_normal((2, size, size))
    same = np.equal.outer(signs, signs)
    h = np.where(same, draw[0] + draw[0].conj().T, 0.0)
    odd_jump, even_jump = np.where(same, 0.0, draw[1]), np.where(same, draw[1], 0.0)
    dressed = [turn @ m @ turn.conj().T for m in (h, np.diag(signs), odd_jump, even_jump, odd_jump + even_jump)]
    model = CustomModel(dressed[0], dressed[1], {"odd": dressed[2], "even": dressed[3], "both": dressed[4]})
    assert model.jump_parities == ("odd", "even", "mixed")
    levels = model.levels(size)
    for name in model.operators:
        d = doublet_of(levels, name)
        jump = [JumpOperator(model.operator(name))]
        scale = max(1.0, d.g01)
        assert abs(d.eigenstate_moment - dephasing_coefficient(levels, "E0", "E1", jump)) < 1e-11 * scale
        assert abs(d.pointer_moment - dephasing_coefficient(levels, "P", "R", jump)) < 1e-11 * scale
        # Leakage as the sum over the other levels.
        columns = np.abs(levels.matrix(dressed[["odd", "even", "both"].index(name) + 2])[2:, :2]) ** 2
        np.testing.assert_allclose(d.leakages, columns.sum(axis=0), atol=1e-10 * scale)
    # Proposition: <E|L|E> = 0 for an odd L, from the matrix without its label.
    assert np.abs(levels.matrix(dressed[2]).diagonal()).max() < 1e-10 * np.abs(dressed[2]).max()
    hermitian = dressed[2] + dressed[2].conj().T
    redfield = Redfield(levels, Bath(hermitian, FlatSpectrum(0.3)))
    assert redfield.corollary1().holds
    if levels.parities[1] == -1:
        second = redfield.corollary2()
        assert second.kept
        assert abs(second.element - second.expected) < 1e-10 * max(1.0, abs(second.expected))


def test_an_even_jump_operator_reverses_the_roles() -> None:
    d = double_well(161).doublet("x2")
    assert d.parity == "even"
    assert d.eta_exact is not None
    assert d.eta_exact < 1.0
    quarter = 0.25 * abs(d.singles[0, 0, 0] - d.singles[0, 1, 1]) ** 2
    assert d.eigenstate_moment - d.pointer_moment == pytest.approx(quarter, rel=1e-9)
    rates = dephasing_rates(double_well(161), 0.01, jump="x2")
    assert any("keeps the parity" in warning for warning in rates.warnings)


def test_several_jump_operators_add_up() -> None:
    levels = LMG(spins=30, field=0.7).levels(4)
    both, z, x = (doublet_of(levels, jumps) for jumps in (["Jz", Jx], "Jz", "Jx"))
    assert both.eigenstate_moment == pytest.approx(z.eigenstate_moment + x.eigenstate_moment)
    assert both.pointer_moment == pytest.approx(z.pointer_moment + x.pointer_moment)
    assert both.jump == "Jz, Jx"


def test_dynamics_from_a_custom_model() -> None:
    custom, model = lmg(20, 0.6), LMG(20, 0.6)
    times = np.linspace(0.0, 30.0, 4)
    mine = evolve(custom, [JumpOperator(custom.operator("Jz"), 1e-3)], "eigen-superposition", times)
    theirs = evolve(model, [JumpOperator(Jz, 1e-3)], "eigen-superposition", times)
    np.testing.assert_allclose(mine.rho_01, theirs.rho_01, atol=1e-9)
    with pytest.raises(InputError, match="state 'spin-coherent' must be asked of a model with"):
        evolve(custom, [JumpOperator(custom.operator("Jz"))], "spin-coherent", times)


# --- splittings below rounding -----------------------------------------------------------------------------------


def test_a_splitting_below_rounding_is_a_bound() -> None:
    custom, exact = lmg(200, 0.3), LMG(200, 0.3).doublet()
    assert exact.splitting < 1e-30
    levels = custom.levels(4)
    assert levels.splitting_bound is not None
    assert exact.splitting < levels.splitting_bound < 1e-10
    assert levels.excitations[1] == 0.0
    assert list(levels.parities) == [1, -1, 1, -1]
    d = custom.doublet()
    assert d.splitting is None
    assert d.log_splitting is None
    assert d.gap_ratio is None
    # The doublet is not mixed: its moments are those of the exact one.
    assert d.j01 == pytest.approx(exact.j01, rel=1e-10)
    assert d.eta_exact == pytest.approx(exact.eta_exact, rel=1e-10)
    assert d.separation > 1.0
    rates = dephasing_rates(custom, 1e-3, temperature=1.0)
    assert rates.secular_parameter is None
    assert rates.regime.name == "thermodynamic"  # the bound decides it
    assert "ΔE is not resolved" in rates.warnings[0]
    assert [c.holds for c in rates.regime.conditions] == [True, True, False, False]
    assert dephasing_rates(custom, 1e-30).regime.name == "undetermined"  # the bound does not
    assert "< " in str(d)
    assert rates.as_dict()["splitting"] is None
    assert rates.as_dict()["splitting_bound"] == pytest.approx(levels.splitting_bound, rel=1e-6)


# --- broken parity -----------------------------------------------------------------------------------------------


def test_a_violation_is_refused_or_carried_on_with() -> None:
    with pytest.raises(InputError, match=r"hamiltonian must be unchanged by the parity; got ‖ΠHΠ† - H‖/‖H‖ = 0\.\d+"):
        lmg(20, 0.7, tilt=0.01)
    with pytest.raises(InputError, match="parity must be given, or broken_parity=True; got none"):
        CustomModel(np.diag([0.0, 1.0]))
    tilted = lmg(20, 0.7, tilt=0.01, broken_parity=True)
    assert not tilted.parity_conserved
    # The norm by hand: ΠHΠ† - H = 2 h Jz.
    h = LMG(20, 0.7).hamiltonian().matrix(20) - 0.01 * Jz.matrix(20)
    centred = h - np.trace(h) / 21 * np.eye(21)
    expected = np.linalg.norm(0.02 * Jz.matrix(20)) / np.linalg.norm(centred)
    assert tilted.hamiltonian_defect == pytest.approx(expected, rel=1e-12)
    levels = tilted.levels(4)
    assert list(levels.parities) == [0, 0, 0, 0]
    assert len(Lindbladian(levels, [JumpOperator(tilted.operator("Jz"), 0.1)]).sectors) == 1
    assert any("parity is broken" in warning for warning in tilted.warnings)
    rates = dephasing_rates(tilted, 0.01)
    assert any("parity is broken" in warning for warning in rates.warnings)
    # Pointer states are those in which Jz is diagonal in the doublet.
    assert abs(levels.element("Jz", "P", "R")) < 1e-12
    assert levels.expectation("Jz", "P") > 0.0 > levels.expectation("Jz", "R")
    # Eigenstates of a tilted doublet have a mean, and the advantage shrinks.
    straight = lmg(20, 0.7).doublet()
    assert tilted.doublet().eta_exact < straight.eta_exact
    # Conserved all the same with the flag: nothing changes.
    flagged = lmg(20, 0.7, broken_parity=True)
    assert flagged.parity_conserved
    assert flagged.doublet().eta_exact == straight.eta_exact


def test_matrix_free_relations_are_measured() -> None:
    x = np.linspace(-1.0, 1.0, 41)
    h = aslinearoperator(np.diag(x**2) - np.eye(41, k=1) - np.eye(41, k=-1))
    flip = aslinearoperator(np.eye(41)[::-1])
    model = CustomModel(h, flip, {"x": aslinearoperator(np.diag(x)), "shifted": aslinearoperator(np.diag(x + 0.1))})
    assert model.jump_parities == ("odd", "mixed")
    with pytest.raises(InputError, match="hamiltonian must be unchanged by the parity"):
        CustomModel(h + aslinearoperator(np.diag(0.01 * x)), flip)
    with pytest.raises(InputError, match="hamiltonian must be Hermitian"):
        CustomModel(h + aslinearoperator(1e-3 * np.eye(41, k=2)), flip)
    with pytest.raises(InputError, match="parity must be unitary"):
        CustomModel(h, 2.0 * flip)


# --- bad input ---------------------------------------------------------------------------------------------------


def test_bad_systems_are_refused() -> None:
    model = lmg(4, 0.7)
    with pytest.raises(InputError, match="jump must be one of Jz, Jx; got 'Jy'"):
        model.doublet("Jy")
    with pytest.raises(InputError, match="operator must be one of Jz, Jx; got 'J'"):
        model.levels(2).matrix("J")
    with pytest.raises(InputError, match=r"operator must be a 5 x 5 matrix in the basis of the Hamiltonian; got shape"):
        model.levels(2).matrix(np.eye(4))
    with pytest.raises(InputError, match="jumps must be given for rates; got none"):
        CustomModel(np.diag([0.0, 1.0]), np.diag([1.0, -1.0])).doublet()
    with pytest.raises(InputError, match="levels must be a whole number >= 2; got 1"):
        model.levels(1)
    with pytest.raises(InputError, match=r"hamiltonian must have a dimension from 2 to 4000 \(above: sparse"):
        CustomModel(np.eye(1), np.eye(1))
    with pytest.raises(InputError, match="jump must be asked of a model; got 'Jx' beside a doublet"):
        dephasing_rates(LMG(10, 0.5).doublet(), jump="Jx")
    with pytest.raises(InputError, match="levels must be at least two"):
        doublet_of(_Few(), "Jz")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="jumps must be one or more operators; got none"):
        doublet_of(model.levels(2), [])


class _Few:
    def __len__(self) -> int:
        return 1


def test_operators_combine_and_keep_their_parity() -> None:
    model = lmg(6, 0.7)
    z, x = model.operator("Jz"), model.operator("Jx")
    assert isinstance(z @ z, MatrixOperator)
    assert [(z @ z).parity, (z @ x).parity, (z + x).parity, (2.0 * z).parity, (z - z).parity, z.dag().parity] == [
        1, -1, 0, -1, -1, -1,
    ]  # fmt: skip
    expected = Jz.matrix(6) @ Jx.matrix(6) - 0.5 * Jz.matrix(6)
    np.testing.assert_allclose((z @ x - 0.5 * z).matrix, expected, atol=8 * EPS)
    assert repr(z @ x) == "MatrixOperator('Jz Jx', 7 x 7, odd)"
    levels = model.levels(7)
    direct = LMG(6, 0.7).levels(7)
    np.testing.assert_allclose(np.abs(levels.matrix(z @ x)), np.abs(direct.matrix(Jz @ Jx)), atol=1e-12)
    assert math.isclose(levels.matrix(Jy.matrix(6)).imag.max(), direct.matrix(Jy).imag.max(), rel_tol=1e-9)
