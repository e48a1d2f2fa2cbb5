"""The anisotropic LMG model: against QuTiP, against the LMG model, its splitting in decimals, its tilt."""

from __future__ import annotations

import math
import pickle

import mpmath
import numpy as np
import pytest
import qutip
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import LMG, Doublet, InputError, JumpDoublet, JumpOperator, Jz, PhaseError, UnitError, dephasing_rates
from einselect.dynamics import evolve
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.models import AnisotropicLMG
from einselect.rates import dephasing_coefficient

EPS = 2.0**-52


def in_qutip(spins: int, field: float, anisotropy: float, tilt: float = 0.0) -> qutip.Qobj:
    jx, jy, jz = (qutip.jmat(spins / 2, n) for n in "xyz")
    return -(jz * jz + anisotropy * jy * jy) / spins - field * jx - tilt * jz


# --- levels ------------------------------------------------------------------------------------------------------


@given(st.integers(2, 40), st.floats(0.05, 2.0), st.floats(-1.0, 0.99), st.sampled_from([0.0, 1e-6, 0.01, 0.5]))
@settings(max_examples=60, deadline=None)
def test_levels_are_those_of_qutip(spins: int, field: float, anisotropy: float, tilt: float) -> None:
    model = AnisotropicLMG(spins, field, anisotropy, tilt=tilt)
    h = in_qutip(spins, field, anisotropy, tilt)
    levels = model.levels(spins + 1)
    np.testing.assert_allclose(levels.energies, h.eigenenergies(), rtol=0.0, atol=100 * EPS * spins)
    vectors = levels.dicke_vectors()[:, ::-1]  # QuTiP lists m from above
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(spins + 1), atol=1e-10)
    moved = vectors @ h.full().real
    np.testing.assert_allclose(moved, vectors * levels.energies[:, None], atol=1e-9)
    assert levels.parity_conserved == (tilt == 0.0)
    if not tilt:
        np.testing.assert_allclose(vectors[:, ::-1], vectors * levels.parities[:, None], atol=1e-10)
    np.testing.assert_allclose(model.hamiltonian().matrix(spins)[::-1, ::-1], h.full(), atol=1e-12)


@pytest.mark.parametrize(
    ("spins", "field"), [(2, 0.5), (3, 0.5), (10, 0.95), (370, 0.95), (371, 0.5), (1000, 1.0), (1001, 1.5), (5000, 0.9)]
)
def test_without_anisotropy_it_is_the_lmg_model(spins: int, field: float) -> None:
    model, lmg = AnisotropicLMG(spins, field), LMG(spins, field)
    mine, theirs = model.doublet(), lmg.doublet()
    assert isinstance(mine, Doublet)
    rounding = 4 * EPS * spins
    assert mine.e0 == pytest.approx(theirs.e0, abs=rounding)
    # Decimals against the positive identity: two routes without anything in common.
    tolerance = theirs.quality.log_splitting_error + mine.quality.log_splitting_error
    assert abs(mine.log_splitting - theirs.log_splitting) < tolerance < 1e-10
    # The vectors are good to rounding over the level spacing; moments to that or its square.
    assert mine.j01 == pytest.approx(theirs.j01, rel=max(1e-13, 10 * mine.quality.vector_error))
    assert mine.g01 == pytest.approx(theirs.g01, rel=max(1e-13, 10 * mine.quality.vector_error))
    assert mine.leakage == pytest.approx(theirs.leakage, rel=1e-9)
    assert mine.order_parameter == theirs.order_parameter
    assert mine.eta_mf == pytest.approx(theirs.eta_mf, rel=1e-12) if theirs.eta_mf else mine.eta_mf is None
    count = min(9, spins + 1)
    one, two = model.levels(count), lmg.levels(count)
    np.testing.assert_allclose(one.energies, two.energies, rtol=0.0, atol=2 * rounding)
    np.testing.assert_array_equal(one.parities, two.parities)
    np.testing.assert_allclose(one.excitations[1], two.excitations[1], rtol=tolerance)
    size = np.abs(two.matrix(Jz))
    np.testing.assert_allclose(np.abs(one.matrix(Jz)), size, atol=1e-8 * spins)
    assert (one.barrier_top is None) == (two.barrier_top is None)


# --- the splitting -----------------------------------------------------------------------------------------------


def splitting_by_mpmath(spins: int, field: float, anisotropy: float, digits: int) -> mpmath.mpf:
    """E_odd - E_even from dense parity blocks of the five-diagonal matrix in the Jz basis."""
    with mpmath.workdps(digits):
        j, g, k = mpmath.mpf(spins) / 2, mpmath.mpf(field), mpmath.mpf(anisotropy)
        size = spins + 1
        plus = mpmath.zeros(size)
        for i in range(spins):
            m = i - j
            plus[i + 1, i] = mpmath.sqrt((j - m) * (j + m + 1))
        minus = plus.T
        jx, jy2 = (plus + minus) / 2, -((plus - minus) ** 2) / 4
        jz = mpmath.diag([i - j for i in range(size)])
        h = -(jz * jz + k * jy2) / spins - g * jx
        lowest = []
        for sign in (1, -1):
            columns = []
            for i in range((size + 1) // 2):
                if i != spins - i:
                    root = mpmath.sqrt(2)
                    columns.append([(i, 1 / root), (spins - i, sign / root)])
                elif sign > 0:
                    columns.append([(i, mpmath.mpf(1))])
            block = mpmath.matrix(len(columns))
            for a, left in enumerate(columns):
                for b, right in enumerate(columns):
                    block[a, b] = sum(x * h[p, q] * y for p, x in left for q, y in right)
            lowest.append(min(mpmath.eigsy(block, eigvals_only=True)))
        return lowest[1] - lowest[0]


@pytest.mark.parametrize(
    ("spins", "field", "anisotropy"),
    [(30, 0.3, 0.5), (31, 0.3, 0.5), (40, 0.2, -1.0), (33, 0.15, 0.9), (24, 0.6, 0.3)],
)
def test_the_splitting_from_forty_digits(spins: int, field: float, anisotropy: float) -> None:
    expected = splitting_by_mpmath(spins, field, anisotropy, 50)
    d = AnisotropicLMG(spins, field, anisotropy).doublet()
    assert isinstance(d, Doublet)
    assert d.log_splitting == pytest.approx(float(mpmath.log(abs(expected))), abs=1e-13)
    assert d.parities == ((1, -1) if expected > 0 else (-1, 1))
    assert d.splitting == pytest.approx(float(abs(expected)), rel=1e-12, abs=0.0)


def test_the_ground_state_changes_parity_inside_the_crossing_region() -> None:
    """For κ > 0 and Γ < sqrt(κ) J the lowest levels of the two parities cross N/2 times or so."""
    signs = [AnisotropicLMG(40, g, 0.5).doublet().parities[0] for g in np.linspace(0.02, 0.69, 68)]  # type: ignore[union-attr]
    changes = int(np.count_nonzero(np.diff(signs)))
    assert changes >= 10
    above = [AnisotropicLMG(40, g, 0.5).doublet().parities[0] for g in np.linspace(0.72, 1.3, 9)]  # type: ignore[union-attr]
    assert above == [1] * 9
    # Both bases are still in order where odd is lowest.
    odd = next(g for g, sign in zip(np.linspace(0.02, 0.69, 68), signs, strict=True) if sign < 0)
    d = AnisotropicLMG(40, float(odd), 0.5).doublet()
    assert isinstance(d, Doublet)
    ground = d.state("E0", whole=True).amplitudes
    np.testing.assert_allclose(ground[::-1], -ground, atol=1e-15)
    pointer = d.state("P", whole=True)
    assert pointer.m @ pointer.probabilities == pytest.approx(d.j01, rel=1e-12)
    assert "E0 (odd)" in str(d)


@pytest.mark.parametrize(("field", "anisotropy"), [(0.6, -1.0), (0.8, 0.3), (0.9, 0.5)])
def test_the_splitting_falls_with_the_action(field: float, anisotropy: float) -> None:
    logs = [AnisotropicLMG(n, field, anisotropy).doublet().log_splitting - 0.5 * math.log(n) for n in (400, 800)]  # type: ignore[operator]
    slope = (logs[0] - logs[1]) / 400
    assert slope == pytest.approx(AnisotropicLMG(400, field, anisotropy).action, rel=2e-3)


def test_the_action_at_zero_anisotropy_is_the_known_one() -> None:
    for field in (0.2, 0.95):
        m = math.sqrt(1 - field**2)
        assert AnisotropicLMG(10, field).action == pytest.approx(math.atanh(m) - m, rel=1e-9)


def test_a_splitting_too_small_for_the_time_is_refused_not_guessed() -> None:
    model = AnisotropicLMG(100_000, 0.3, 0.2)
    levels = model.levels(4)
    assert levels.excitations[1] == 0.0
    assert levels.splitting_bound is not None
    with pytest.raises(Exception, match="the splitting must be above 1e-1000 of the coupling at 100000 spins"):
        _ = model.doublet().log_splitting
    assert model.doublet().j01 == pytest.approx(0.5e5 * model.order_parameter, rel=1e-4)


# --- proposition, corollaries, limits ----------------------------------------------------------------------------


@pytest.mark.parametrize(("anisotropy", "field"), [(-1.0, 0.7), (0.4, 0.5), (0.8, 1.2)])
def test_parity_forbids_what_the_proposition_says(anisotropy: float, field: float) -> None:
    model = AnisotropicLMG(60, field, anisotropy)
    levels = model.levels(8)
    psi = levels.dicke_vectors()
    m = np.arange(61) - 30.0
    assert np.abs(np.einsum("ki,i,ki->k", psi, m, psi)).max() < 1e-12  # without the labels
    redfield = Redfield(levels, Bath(Jz, FlatSpectrum(0.2)))
    assert redfield.corollary1().largest == 0.0
    second = redfield.corollary2()
    assert abs(second.element) == pytest.approx(0.2 * abs(levels.element(Jz, 0, 1)) ** 2, rel=1e-12)
    rates = dephasing_rates(model, 0.2)
    jump = [JumpOperator(Jz, 0.2)]
    assert rates.rate_eigenstate == pytest.approx(dephasing_coefficient(levels, "E0", "E1", jump), rel=1e-12)
    assert rates.rate_pointer == pytest.approx(dephasing_coefficient(levels, "P", "R", jump), rel=1e-12)


@pytest.mark.parametrize("anisotropy", [-1.0, 0.0, 0.6])
def test_limits_of_many_spins(anisotropy: float) -> None:
    """η -> 2 from below, J01 -> N m*/2, and the gap to the next pair is the small oscillation's frequency."""
    found = [AnisotropicLMG(n, 0.8, anisotropy).doublet() for n in (250, 500, 1000)]
    missing = [2.0 - (d.eta_exact or 0.0) for d in found]
    assert missing[0] > missing[1] > missing[2] > 0.0
    assert missing[1] / missing[2] == pytest.approx(2.0, rel=0.05)  # as 1/N
    for d in found:
        assert isinstance(d, Doublet)
        assert d.depletion is not None
        assert 0.0 < d.depletion < 3.0
        assert d.eta_mf == pytest.approx(2.0, abs=20 / d.spins)
    assert found[2].gap == pytest.approx(AnisotropicLMG(1000, 0.8, anisotropy).frequency, rel=0.02)
    assert dephasing_rates(AnisotropicLMG(1000, 0.8, anisotropy), 1e-3).regime.name == "thermodynamic"
    assert dephasing_rates(AnisotropicLMG(20, 0.99, anisotropy), 1e-9).regime.name == "delocalised"


# --- tilt --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spins", "field", "anisotropy"), [(200, 0.5, 0.0), (2000, 0.9, 0.0), (150, 0.4, -0.5)])
def test_the_advantage_dies_at_a_tilt_of_the_splitting_over_j01(spins: int, field: float, anisotropy: float) -> None:
    """Two levels: H = [[0, -hJ01], [-hJ01, ΔE]], tan χ = 2hJ01/ΔE, <E0|Jz|E0> = J01 sin χ = -<E1|Jz|E1>."""
    model = AnisotropicLMG(spins, field, anisotropy)
    d = model.doublet()
    assert isinstance(d, Doublet)
    assert d.splitting < 1e-12  # far below what a solver on the whole matrix could tell
    for x in (0.0, 1e-3, 0.1, 0.5, 1.0, 5.0, 100.0):
        tilt = x * d.splitting / d.j01
        t = model.tilted(tilt).doublet()
        sine2 = (2.0 * x) ** 2 / (1.0 + (2.0 * x) ** 2)
        assert t.g01 == pytest.approx(d.g01, rel=1e-9)
        assert t.eta_exact == pytest.approx((d.g01 + d.j01**2) / (d.g01 + d.j01**2 * sine2), rel=1e-9)
        assert t.splitting == pytest.approx(d.splitting * math.hypot(1.0, 2.0 * x), rel=1e-9, abs=0.0)
        if tilt:
            assert isinstance(t, JumpDoublet)
            levels = t.levels
            assert levels.mixing == pytest.approx(0.5 * math.atan2(1.0, 2.0 * x), rel=1e-9)
            assert levels.element(Jz, "P", "P").real == pytest.approx(d.j01, rel=1e-9)
            mean = levels.expectation(Jz, "E0")
            assert mean == pytest.approx(d.j01 * math.sqrt(sine2), rel=1e-9)  # h > 0 lowers the well at Jz > 0
            coefficient = dephasing_coefficient(levels, "E0", "E1", [JumpOperator(Jz)])
            assert t.eigenstate_moment == pytest.approx(coefficient, rel=1e-12)
    # From about 2 to 1: half of the way at h = ΔE/(2 sqrt(2) J01) or so, gone by ten times that.
    assert d.eta_exact > 1.97
    assert model.tilted(5.0 * d.splitting / d.j01).doublet().eta_exact < 1.01


def test_the_splitting_of_a_tilted_doublet_where_both_ways_meet() -> None:
    """Folding and the difference of two energies: against a dense solver, wherever that is good enough to tell."""
    for tilt in np.geomspace(1e-6, 1e-2, 25):
        model = AnisotropicLMG(200, 0.5, tilt=float(tilt))
        levels = model.levels(3)
        energies = np.linalg.eigvalsh(model.hamiltonian().matrix(200).real)[:2]
        error = 2e-13 / levels.excitations[1] + levels.quality.log_splitting_error
        assert levels.excitations[1] / (energies[1] - energies[0]) == pytest.approx(1.0, abs=error)
        assert levels.quality.log_splitting_error <= 1e-9


@pytest.mark.parametrize("tilt", [1e-4, 1e-3, 1e-2, 0.1, 0.5, -0.1])
def test_tilts_of_any_size(tilt: float) -> None:
    """The folded basis of levels and the whole space, on both sides of where one gives way to the other."""
    model = AnisotropicLMG(200, 0.8, 0.3, tilt=tilt)
    h = model.hamiltonian().matrix(200).real
    levels = model.levels(6)
    np.testing.assert_allclose(levels.energies, np.linalg.eigvalsh(h)[:6], rtol=0.0, atol=1e-11)
    vectors = levels.dicke_vectors()
    np.testing.assert_allclose(vectors @ h, vectors * levels.energies[:, None], atol=1e-10)
    assert abs(levels.element(Jz, "P", "R")) < 1e-9
    assert (levels.expectation(Jz, "E0") > 0) == (tilt > 0)
    large = AnisotropicLMG(600, 0.8, 0.3, tilt=tilt).levels(3)  # sparse
    h = AnisotropicLMG(600, 0.8, 0.3, tilt=tilt).hamiltonian().matrix(600).real
    np.testing.assert_allclose(large.energies, np.linalg.eigvalsh(h)[:3], rtol=0.0, atol=1e-10)


def test_tilted_dynamics_has_one_sector() -> None:
    model = AnisotropicLMG(20, 0.6, 0.2, tilt=0.05)
    times = np.linspace(0.0, 20.0, 5)
    jump = JumpOperator(Jz, 0.01)
    answer = evolve(model, [jump], "eigen-superposition", times, levels=21)
    h = in_qutip(20, 0.6, 0.2, 0.05)
    levels = model.levels(2)
    kets = [qutip.Qobj(v[::-1]) for v in levels.dicke_vectors()]
    solved = qutip.mesolve(
        h, (kets[0] + kets[1]).unit(), times, [0.1 * qutip.jmat(10, "z")], e_ops=[kets[1] * kets[0].dag()],
        options={"rtol": 1e-9, "atol": 1e-11, "nsteps": 100_000},
    )  # fmt: skip
    np.testing.assert_allclose(answer.rho_01, solved.expect[0], atol=1e-7)
    assert not answer.attrs["parity_resolved"]


# --- parameters --------------------------------------------------------------------------------------------------


def test_named_constructors_are_sums_over_pairs() -> None:
    """-(1/N) sum_{i<j} V_a σa_i σa_j - B sum σx_i on 2^N states: its lowest levels, less the constants."""
    n, exchange, b = 5, (0.2, 0.5, 1.1), 0.3
    single = {a: [_on_site(op, i, n) for i in range(n)] for a, op in zip("xyz", _PAULI, strict=True)}
    h = sum((-b * s for s in single["x"]), start=np.zeros((2**n, 2**n), dtype=complex))
    for v, a in zip(exchange, "xyz", strict=True):
        for i in range(n):
            for j in range(i):
                h = h - v / n * single[a][i] @ single[a][j]
    model = AnisotropicLMG.heisenberg(n, exchange, b)
    j = n / 2
    constant = sum(exchange) / 2 - 2.0 * exchange[0] * j * (j + 1) / n
    symmetric = model.levels(n + 1).energies + constant
    exact = np.linalg.eigvalsh(h)
    for energy in symmetric:
        assert np.abs(exact - energy).min() < 1e-12
    assert symmetric[0] == pytest.approx(exact[0], abs=1e-12)
    ising = AnisotropicLMG.ising(n, 0.3, 1.1)
    assert (ising.coupling, ising.field, ising.anisotropy) == (2.2, 0.6, 0.0)
    assert AnisotropicLMG.ising(n, "0.3 kHz", "1.1 kHz").energy_unit == "rad/s"
    same = AnisotropicLMG.heisenberg(n, (0.0, 0.0, 1.1), 0.3)
    np.testing.assert_allclose(same.levels(6).energies, ising.levels(6).energies, atol=1e-14)


_PAULI = (np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.array([[1, 0], [0, -1]]))


def _on_site(op: np.ndarray, site: int, count: int) -> np.ndarray:
    return np.kron(np.kron(np.eye(2**site), op), np.eye(2 ** (count - site - 1)))


def test_physical_units() -> None:
    model = AnisotropicLMG(100, 0.9, 0.2, "10 kHz", tilt="1 Hz")
    plain = AnisotropicLMG(100, 0.9, 0.2, tilt=1e-4)
    assert model.energy_unit == "rad/s"
    assert model.tilt == pytest.approx(2 * math.pi)
    np.testing.assert_allclose(model.levels(3).excitations, plain.levels(3).excitations * model.coupling, rtol=1e-9)
    rates = dephasing_rates(model, "0.05 1/s", temperature="10 nK")
    assert rates.as_dict()["tilt"] == model.tilt
    assert rates.as_dict()["model"] == "anisotropic"
    with pytest.raises(UnitError, match="coupling must have a unit too where the tilt has one"):
        AnisotropicLMG(100, 0.9, tilt="1 Hz")


def test_bad_parameters_are_refused() -> None:
    for anisotropy in (1.0, -1.1, math.nan):
        with pytest.raises(InputError, match="anisotropy must be"):
            AnisotropicLMG(10, 0.5, anisotropy)
    with pytest.raises(InputError, match="spins must be a whole number from 2"):
        AnisotropicLMG(1, 0.5)
    with pytest.raises(InputError, match="field must be a finite number > 0"):
        AnisotropicLMG(10, 0.0)
    with pytest.raises(InputError, match="levels must be a whole number from 2 to 11; got 12"):
        AnisotropicLMG(10, 0.5).levels(12)
    with pytest.raises(PhaseError, match="order parameter"):
        _ = AnisotropicLMG(10, 1.5).order_parameter
    with pytest.raises(InputError, match="exchange must be"):
        AnisotropicLMG.heisenberg(10, (1.0, 0.0, 0.5), 0.1)
    with pytest.raises(InputError, match="tilt must be small beside the level spacing"):
        AnisotropicLMG(30_000, 0.8, tilt=0.3).levels(3)


def test_a_doublet_can_be_pickled() -> None:
    d = pickle.loads(pickle.dumps(AnisotropicLMG(50, 0.8, 0.2).doublet()))
    assert d.log_splitting == AnisotropicLMG(50, 0.8, 0.2).doublet().log_splitting


def test_a_tilt_beside_a_splitting_that_takes_too_many_digits() -> None:
    model = AnisotropicLMG(100_000, 0.3, 0.2, tilt=1e-12)
    levels = model.levels(3)
    assert levels.splitting_bound is None
    assert levels.excitations[1] == pytest.approx(2e-12 * levels.element(Jz, "P", "P").real, rel=1e-8, abs=0.0)
    assert levels.expectation(Jz, "E0") == pytest.approx(5e4 * model.order_parameter, rel=1e-4)
