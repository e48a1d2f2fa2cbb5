"""What must hold for every doublet, over random N and fields in all phases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from einselect import LMG, Jx, Jz

EPS = 2.0**-52

SPINS = st.integers(2, 400)
# Every decade of the field alike, and the neighbourhood of the critical point once more.
FIELDS = st.one_of(
    st.floats(-4.0, 2.0).map(lambda x: 10.0**x),
    st.floats(0.5, 1.5),
    st.floats(-9.0, -1.0).map(lambda x: 1.0 - 10.0**x),
    st.just(1.0),
    st.floats(-9.0, -1.0).map(lambda x: 1.0 + 10.0**x),
)
MODELS = st.builds(LMG, SPINS, FIELDS)


def action(field: float) -> float:
    """S = artanh(m*) - m* per spin; 0 without a barrier."""
    if field >= 1.0:
        return 0.0
    m = math.sqrt((1.0 - field) * (1.0 + field))
    return math.log((1.0 + m) / field) - m


@given(MODELS)
def test_the_splitting_is_positive_and_its_logarithm_finite(model: LMG) -> None:
    doublet = model.doublet()
    assert math.isfinite(doublet.log_splitting)
    if doublet.log_splitting > -700.0:
        assert doublet.splitting > 0.0
        assert abs(math.log(doublet.splitting) - doublet.log_splitting) <= 4 * EPS * (1 + abs(doublet.log_splitting))
    assert doublet.e1 >= doublet.e0
    assert doublet.log10_splitting == doublet.log_splitting / math.log(10.0)


@given(MODELS)
def test_the_answer_says_that_it_is_resolved(model: LMG) -> None:
    quality = model.doublet().quality
    assert quality.edge <= 1e-12
    assert quality.solves <= 15
    assert 0.0 <= quality.energy_error <= 1e-12 * max(1.0, model.field) * model.spins
    assert 0.0 < quality.log_splitting_error < 1e-10


@given(MODELS)
@example(LMG(2, 28.07737320808905))
@example(LMG(1741, 770.8219700129405))
def test_second_moments_are_not_below_the_square_of_the_first(model: LMG) -> None:
    doublet = model.doublet()
    assert doublet.leakage_even >= 0.0
    assert doublet.leakage_odd >= 0.0
    assert doublet.q0 >= doublet.j01**2
    assert doublet.q1 >= doublet.j01**2
    assert doublet.j01 > 0.0
    # No moment exceeds the largest eigenvalue of Jz².
    assert max(doublet.q0, doublet.q1) <= model.spins**2 / 4 * (1 + 4 * EPS)


@given(MODELS)
def test_ratios_stay_in_their_bounds(model: LMG) -> None:
    doublet = model.doublet()
    assert 1.0 < doublet.eta_exact <= 2.0
    assert abs(doublet.eta_exact - (1.0 + doublet.j01**2 / doublet.g01)) < 8 * EPS
    assert doublet.g01 == pytest.approx((doublet.q0 + doublet.q1) / 2, rel=4 * EPS)
    if model.phase == "ordered":
        assert doublet.g_loc == model.mean_field_moment
        assert doublet.eta_mf == doublet.g_loc / doublet.g01
        assert 2.0 * doublet.enhancement == doublet.eta_mf
        # The largest η_MF of all N and fields is the scaling limit, near 2.569.
        assert 0.0 < doublet.eta_mf < 2.58
    else:
        assert (doublet.g_loc, doublet.eta_mf, doublet.enhancement, doublet.depletion) == (None,) * 4


@given(MODELS)
def test_states_are_normalised_and_of_their_parity(model: LMG) -> None:
    doublet = model.doublet()
    for name, parity in (("E0", 1), ("E1", -1)):
        state = doublet.state(name)
        assert state.probabilities.sum() == pytest.approx(1.0, abs=1e-12)
        assert np.array_equal(state.m, -state.m[::-1])
        assert np.array_equal(state.amplitudes, parity * state.amplitudes[::-1])
        assert np.all(state.amplitudes[state.m > 0] >= 0.0)  # Perron and Frobenius
        # Each product m |ψ|² has its exact negative at -m: the sum can be paired to exactly zero.
        terms = state.m * state.probabilities
        assert np.array_equal(terms, -terms[::-1])


@given(MODELS)
def test_pointer_states_are_orthogonal_and_sit_at_j01(model: LMG) -> None:
    doublet = model.doublet()
    p, r = doublet.state("P"), doublet.state("R")
    assert abs(p.amplitudes @ r.amplitudes) < 1e-12
    size = model.spins / 2
    assert abs((p.m * p.probabilities).sum() - doublet.j01) < 1e-11 * size
    assert abs((r.m * r.probabilities).sum() + doublet.j01) < 1e-11 * size
    assert abs((p.m**2 * p.probabilities).sum() - doublet.g01) < 1e-11 * size**2
    assert abs((p.m * p.amplitudes) @ r.amplitudes) < 1e-11 * size  # <P|Jz|R> = 0
    whole = doublet.state("P", whole=True)
    assert len(whole.m) == model.spins + 1
    assert whole.probabilities.sum() == pytest.approx(1.0, abs=1e-12)


@given(MODELS, st.integers(2, 8))
def test_jz_has_no_diagonal_and_only_connects_opposite_parity(model: LMG, count: int) -> None:
    levels = model.levels(min(count, model.spins + 1))
    jz, square, jx = levels.matrix(Jz), levels.matrix(Jz @ Jz), levels.matrix(Jx)
    same = np.equal.outer(levels.parities, levels.parities)
    assert np.all(jz[same] == 0.0)  # exactly, by parity
    assert np.all(square[~same] == 0.0)
    assert np.all(jx[~same] == 0.0)
    assert np.all(np.diff(levels.energies) >= 0.0)


@given(MODELS)
def test_two_routes_to_the_moments(model: LMG) -> None:
    doublet, levels = model.doublet(), model.levels(2)
    square = levels.matrix(Jz @ Jz)
    # Sums of up to 400 terms of size (N/2)² against sums around the centre of the packet.
    scale = (model.spins / 2) ** 2
    assert abs(square[0, 0] - doublet.q0) < 100 * EPS * scale
    assert abs(square[1, 1] - doublet.q1) < 100 * EPS * scale
    assert abs(levels.matrix(Jz)[0, 1] - doublet.j01) < 100 * EPS * math.sqrt(scale)


@given(st.builds(LMG, st.integers(2, 60), FIELDS))
def test_completeness(model: LMG) -> None:
    levels = model.levels(model.spins + 1)
    doublet = model.doublet()
    strengths = np.abs(levels.matrix(Jz)) ** 2
    # Σ_n |<E_i|Jz|E_n>|² = <E_i|Jz²|E_i>, and without n = 0, 1 it is the leakage.
    scale = (model.spins / 2) ** 2
    assert abs(strengths[0].sum() - doublet.q0) < 1e-11 * scale
    assert abs(strengths[1].sum() - doublet.q1) < 1e-11 * scale
    assert abs(strengths[0, 2:].sum() - doublet.leakage_even) < 1e-11 * scale
    assert abs(strengths[1, 2:].sum() - doublet.leakage_odd) < 1e-11 * scale


@given(st.integers(2, 60), st.floats(0.2, 8.0))
def test_parity_blocks_against_the_dense_hamiltonian(spins: int, field: float) -> None:
    doublet = LMG(spins, field).doublet()
    assume(doublet.splitting > 1e-6)
    m = np.arange(spins + 1) - spins / 2
    energies, states = np.linalg.eigh(-np.diag(m * m) / spins - field * Jx.matrix(spins))
    size = np.abs(energies).max()
    assert abs(energies[0] - doublet.e0) < 100 * EPS * size
    # Dense energies are good to some EPS of the largest one, so their difference is too, and vectors to that over ΔE.
    # The package's ΔE is good to 1e-11 of itself.
    assert abs(energies[1] - energies[0] - doublet.splitting) < 1e-11 * doublet.splitting + 200 * EPS * size
    mixing = 200 * EPS * size / doublet.splitting
    a, b = states[:, 0], states[:, 1]
    scale = (spins / 2) ** 2
    assert abs(a @ (m * m * a) - doublet.q0) < (mixing + 1e-12) * scale
    assert abs(b @ (m * m * b) - doublet.q1) < (mixing + 1e-12) * scale
    assert abs(abs(a @ (m * b)) - doublet.j01) < (mixing + 1e-12) * math.sqrt(scale)


@given(SPINS, FIELDS)
def test_continuity_from_n_to_n_plus_2(spins: int, field: float) -> None:
    here, next_ = LMG(spins, field).doublet(), LMG(spins + 2, field).doublet()
    # ln ΔE = -N S + (a power of N) + O(1/N), uniformly in the field: the step beyond -2S is at most a few times 1/N.
    step = next_.log_splitting - here.log_splitting + 2.0 * action(field)
    assert abs(step) < 3.0 / spins
    # Moments grow with N, between N (no order) and N² (order), and so do their steps.
    growth = math.log((spins + 2) / spins)
    assert 0.0 < math.log(next_.g01 / here.g01) < 3.0 * growth
    assert 0.0 < math.log(next_.j01 / here.j01) < 1.5 * growth
    assert next_.e0 < here.e0


@given(MODELS, st.integers(-40, 40))
def test_scaling_with_the_coupling(model: LMG, power: int) -> None:
    # A power of two changes no digit.
    factor = 2.0**power
    scaled = LMG(model.spins, factor * model.field, factor * model.coupling).doublet()
    plain = model.doublet()
    assert scaled.moments == plain.moments
    assert scaled.e0 == factor * plain.e0
    # Logarithms are rounded to EPS of their size, and so is what comes from them.
    rounding = 4 * EPS * (1 + abs(plain.log_splitting) + abs(scaled.log_splitting))
    assert abs(scaled.log_splitting - plain.log_splitting - power * math.log(2.0)) < rounding
    assert scaled.splitting == pytest.approx(factor * plain.splitting, rel=rounding, abs=0.0)
    assert scaled.quality.energy_error == pytest.approx(factor * plain.quality.energy_error)


@given(st.builds(LMG, st.integers(2, 60), st.floats(0.05, 5.0)), st.floats(1e-6, 1e6))
def test_any_coupling_scales_levels(model: LMG, factor: float) -> None:
    # field·factor/factor may differ from the field by an ulp.
    plain = model.levels(min(4, model.spins + 1))
    scaled = LMG(model.spins, model.field * factor, factor).levels(len(plain))
    size = factor * np.abs(plain.energies).max()
    assert np.abs(scaled.energies - factor * plain.energies).max() < 1e-12 * size
    assert np.abs(np.abs(scaled.matrix(Jz)) - np.abs(plain.matrix(Jz))).max() < 1e-11 * model.spins
