"""Shot-to-shot noise: distributions, lattices against sums and dense grids, K3, coherences, limits, pictures."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from einselect import LMG, InputError, JumpOperator, PhaseError, ResolutionError, dephasing_coefficient
from einselect.conventions import BOLTZMANN, HBAR
from einselect.dynamics import evolve
from einselect.plots import plot_noise, plot_noise_coherence, plot_noise_k3, plot_noisy_coherence
from einselect.protocols import (
    Ensemble,
    LeggettGarg,
    Noise,
    NoisyLeggettGarg,
    noise_limits,
    noise_scan,
    noisy_coherence,
    shot_dephasing,
)
from einselect.protocols.lg_control import nearly_converged
from einselect.protocols.noise_kinds import TAIL
from einselect.protocols.noise_lattice import BEYOND
from einselect.protocols.noise_limit import last_above
from einselect.protocols.shot_dephasing import mean_phase
from einselect.spin import diagonal

GAMMA = "0.05 1/s"


@pytest.fixture(scope="module")
def benchmark() -> LMG:
    return LMG(370, 0.95, "74345.55 rad/s")


@pytest.fixture(scope="module")
def level_c(benchmark: LMG) -> LeggettGarg:
    return LeggettGarg(benchmark, level="C")


def normal_grid(count: int = 4001) -> tuple[np.ndarray, np.ndarray]:
    """x and weights of a dense midpoint rule for N(0, 1), by the error function: no lattice of the package."""
    edges = np.linspace(-6.0, 6.0, count + 1)
    cdf = np.array([0.5 * math.erfc(-x / math.sqrt(2.0)) for x in edges])
    return 0.5 * (edges[1:] + edges[:-1]), np.diff(cdf)


# --- distributions of the atom number ---------------------------------------------------------------------------


@pytest.mark.parametrize("std", [1e-9, 0.03, 0.1, 0.4, 0.7, 1.0, 1.9, 2.1, 10.0, 46.0])
def test_the_gaussian_on_the_integers_has_the_mean_and_variance_asked_for(std):
    shots = Noise(spins=std).numbers(370)
    assert shots.mean == pytest.approx(370.0, abs=1e-9)
    # The tails left out begin at 5.4 σ, up to two atoms further on.
    assert shots.std**2 == pytest.approx(std**2, abs=TAIL * (5.4 * std + 2.0) ** 2 + 1e-12)
    assert shots.left_out <= 1.01 * TAIL
    assert shots.weights.sum() == pytest.approx(1.0, abs=1e-12)
    assert shots.values.tolist() == list(range(int(shots.values[0]), int(shots.values[-1]) + 1))


def test_a_wide_gaussian_is_the_normal_density():
    shots = Noise(spins=7.0).numbers(200)
    density = np.exp(-0.5 * ((shots.values - 200) / 7.0) ** 2) / (7.0 * math.sqrt(2.0 * math.pi))
    np.testing.assert_allclose(shots.weights, density, rtol=2 * TAIL)


def test_small_spread_is_a_rare_atom():
    """p(±1) = σ²/2 where two atoms more or less do not occur."""
    shots = Noise(spins=0.1).numbers(50)
    assert shots.weights[shots.values == 51][0] == pytest.approx(0.005, rel=1e-4)


@pytest.mark.parametrize("mean", [2, 4, 30, 370])
def test_poisson(mean):
    shots = Noise(spins="poisson").numbers(mean)
    n = np.arange(0, 40 * mean)
    p = np.array([math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in n.tolist()])
    inside = np.isin(n, shots.values)
    np.testing.assert_allclose(shots.weights, p[inside] / p[inside].sum(), rtol=1e-9)
    assert shots.left_out == pytest.approx(p[~inside].sum(), rel=1e-5, abs=1e-12)
    below = math.exp(-mean) * (1 + mean)
    assert shots.values[0] == 2 or below < TAIL
    assert below <= shots.left_out + TAIL
    assert shots.left_out <= below + 1.05 * TAIL
    if mean == 370:
        assert (shots.mean, shots.std) == pytest.approx((370.0, math.sqrt(370.0)), rel=1e-5)


def test_cut_at_two_atoms_is_in_the_error():
    """N = 5, σ = 2: what lies below two atoms is counted, and the mean moves up."""
    shots = Noise(spins=2.0).numbers(5)
    n = np.arange(-40, 50)
    p = np.exp(-0.125 * (n - 5.0) ** 2)
    assert shots.left_out == pytest.approx(p[n < 2].sum() / p.sum(), rel=1e-5)
    assert shots.mean > 5.05
    found = Ensemble(LMG(5, 0.5), Noise(spins=2.0), lambda model: [1.0], bound=1.0).average()
    assert found.error == pytest.approx(2.0 * shots.left_out)
    assert found.value[0] == pytest.approx(1.0)


def test_given_weights_are_normalised_and_kept():
    weights = {370: 2.0, 368: 1.0, 400: 1.0, 90: 0.0}
    noise = Noise(spins=weights)
    weights[368] = 50.0
    shots = noise.numbers(370)
    assert shots.values.tolist() == [368, 370, 400]
    assert shots.weights.tolist() == [0.25, 0.5, 0.25]
    assert shots.left_out == 0.0
    assert shots.mean == 377.0
    assert not noise.is_none


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"spins": -1.0}, "noise in spins must be a finite number >= 0; got -1.0"),
        (
            {"spins": "normal"},
            "noise in spins must be a standard deviation >= 0, 'poisson' or {N: weight}; got 'normal'",
        ),
        ({"spins": 1e5}, "noise in spins must be at most 1666 atoms; got 100000.0"),
        ({"spins": {1: 1.0}}, "N of the given distribution must be a whole number >= 2; got 1"),
        ({"spins": {4: -1.0}}, "weight of the given distribution must be a finite number >= 0; got -1.0"),
        ({"spins": {4: 0.0}}, "noise in spins must have a weight above zero; got {4: 0.0}"),
        ({"field": 0.16}, "noise in field must be a relative width up to 0.15; got 0.16"),
        ({"coupling": math.nan}, "noise in coupling must be a finite number >= 0; got nan"),
        ({"hold": "J"}, "hold must be one of coupling, interaction; got 'J'"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(InputError) as caught:
        Noise(**arguments)
    assert str(caught.value) == message


def test_members(benchmark):
    held = Noise(hold="interaction").member(benchmark, 400, 1.01, 0.99)
    assert held.coupling / held.spins == pytest.approx(0.99 * benchmark.coupling / benchmark.spins, rel=1e-14)
    assert held.field == pytest.approx(1.01 * benchmark.field, rel=1e-14)
    assert Noise().member(benchmark, 400).coupling == benchmark.coupling
    assert held.energy_unit == "rad/s"


# --- averages ---------------------------------------------------------------------------------------------------


def test_the_sum_over_numbers_against_one_by_hand():
    model, t = LMG(60, 0.9), 40.0
    found = Ensemble(model, Noise(spins=4.0), lambda m: np.cos(m.doublet().splitting * t), bound=1.0).average()
    n = np.arange(28, 93)
    p = np.exp(-0.5 * ((n - 60) / 4.0) ** 2)
    values = np.array([math.cos(LMG(int(k), 0.9).doublet().splitting * t) for k in n])
    mean = float(p @ values / p.sum())
    assert abs(found.value[0] - mean) <= found.error < 4 * TAIL
    assert found.spread[0] == pytest.approx(math.sqrt(p @ (values - mean) ** 2 / p.sum()), rel=1e-5)
    assert found.shots == len(Noise(spins=4.0).numbers(60).values)


@given(st.floats(3.0, 40.0), st.floats(0.0, 1.4), st.floats(-1.0, 1.0), st.integers(0, 5))
@settings(deadline=None, max_examples=40)
def test_coarser_lattices_of_numbers_keep_their_promise(std, slope, odd, centre):
    """Phases of up to 1.4 rad an atom, and another function for odd N."""
    model, noise = LMG(400 + centre, 0.9), Noise(spins=std)

    def function(member: Any) -> float:
        n = member.spins - model.spins
        return math.cos(slope * n + 0.3) * math.exp(-0.01 * n) + odd * (member.spins % 2)

    ensemble = Ensemble(model, noise, function)
    exact = ensemble.average().value[0]
    found = ensemble.average(1e-4, every=False)
    assert abs(found.value[0] - exact) <= found.error + 1e-12
    if slope * std < 1.0 and std > 16.0:
        assert found.shots <= 0.75 * len(noise.numbers(model.spins).values)


def test_noise_in_the_field_against_a_dense_grid():
    """cos(ΔE t) over fields that reach into the disordered phase, 3001 of them; the same for the spread."""
    model, width = LMG(40, 0.95), 0.05
    found = Ensemble(model, Noise(field=width), lambda m: np.cos(20.0 * m.doublet().splitting), bound=1.0).average(1e-5)
    x, p = normal_grid(3001)
    values = np.array(
        [math.cos(20.0 * replace(model, field=0.95 * (1 + width * float(k))).doublet().splitting) for k in x]
    )
    mean = float(p @ values)
    assert abs(found.value[0] - mean) <= found.error + 1e-6 * float(np.ptp(values))
    assert found.error < 1.2e-5
    assert found.spread[0] == pytest.approx(math.sqrt(p @ values**2 - mean**2), rel=1e-4)
    assert found.shots < 200


def test_a_phase_of_a_turn_from_point_to_point_is_seen():
    """cos(2πx/h) is 1 on the lattice of spacing h and all coarser ones; its mean is exp(-½(2πσ/h)²), next to 0."""
    width, spacing = 0.01, 2.0**-7
    ensemble = Ensemble(
        LMG(40, 0.9, 1.0), Noise(field=width), lambda m: math.cos(2 * math.pi * (m.field / 0.9 - 1) / spacing)
    )
    found = ensemble.average(1e-4)
    assert abs(found.value[0] - math.exp(-0.5 * (2 * math.pi * width / spacing) ** 2)) <= found.error + 1e-9
    assert found.shots > 2 * 5.5 * width / spacing * 2


def test_both_field_and_coupling_against_sampling():
    """Shots drawn at random agree within four standard errors, and the seed repeats them."""
    model, noise = LMG(40, 0.9), Noise(spins=2.0, field=0.01, coupling=0.02)
    ensemble = Ensemble(model, noise, lambda m: np.cos(30.0 * m.doublet().splitting), bound=1.0)
    lattice = ensemble.average(1e-4)
    drawn, again, other = (ensemble.sampled(1500, seed) for seed in (1, 1, 2))
    assert drawn.value == again.value
    assert drawn.value != other.value
    for sample in (drawn, other):
        assert abs(sample.value[0] - lattice.value[0]) < 4.0 * sample.error
        assert sample.error == pytest.approx(sample.spread[0] / math.sqrt(1500), rel=1e-3)
        assert sample.spread[0] == pytest.approx(lattice.spread[0], rel=0.1)


def test_members_are_worked_out_once():
    calls: list[Any] = []

    def function(model: Any) -> float:
        calls.append(model)
        return math.cos(model.doublet().splitting * 10.0)

    ensemble = Ensemble(LMG(40, 0.9), Noise(field=0.01), function)
    first = ensemble.average(1e-3)
    assert len(calls) == len(set(calls)) == first.shots
    ensemble.average(1e-3)
    assert len(calls) == first.shots
    # A width nearby has the same lattice, and needs a few further points at its ends at most.
    near = ensemble.with_noise(Noise(field=0.0102)).average(1e-3)
    assert len(calls) - first.shots <= 4
    assert near.shots <= first.shots + 4
    # With J/N held the same N is another model: nothing may be shared.
    assert not ensemble.with_noise(Noise(field=0.01, hold="interaction"))._known


@pytest.mark.parametrize("seed", range(6))
def test_a_control_takes_off_what_is_cheap_and_scatter_is_in_the_error(seed):
    """Function = rough part known to the control + scatter of 3e-3 that nothing knows."""
    scatter = np.random.default_rng(seed).normal(0.0, 3e-3, 1000)

    def control(model: Any) -> float:
        return math.cos(2.9 * model.spins)

    def function(model: Any) -> float:
        return control(model) + scatter[model.spins]

    ensemble = Ensemble(LMG(500, 0.9), Noise(spins=20.0), function, control=control, bound=1.0)
    found, exact = ensemble.average(2e-3, every=False), ensemble.average()
    assert 1e-4 < found.error <= 2e-3 + 4 * TAIL
    assert abs(found.value[0] - exact.value[0]) <= 1.5 * found.error  # two standard errors, six draws
    assert found.shots < exact.shots / 2


def test_noise_that_is_not_resolved_is_refused():
    ensemble = Ensemble(LMG(40, 0.9), Noise(field=0.1), lambda m: math.cos(1e9 * m.field**2))
    with pytest.raises(ResolutionError, match=r"^noise in field must be narrower for an average to 0.0001: the finest"):
        ensemble.average()
    wide = Ensemble(LMG(400, 0.9), Noise(60.0, 0.1, 0.1), lambda m: 1.0 * m.spins)
    with pytest.raises(ResolutionError, match=r"takes more than 20000 shots$"):
        wide.average()


def test_share_of_shots_in_the_disordered_phase(benchmark):
    def disordered(model: Any) -> bool:
        return bool(model.phase == "disordered")

    shots = Noise(spins=10.0, hold="interaction")
    n = np.arange(280, 460)
    p = np.exp(-0.005 * (n - 370.0) ** 2)
    expected = p[n < 0.95 * 370].sum() / p.sum()
    assert Ensemble(benchmark, shots, lambda m: 0.0).share(disordered) == pytest.approx(expected, abs=2 * TAIL)
    field = Ensemble(benchmark, Noise(field=0.05), lambda m: 0.0).share(disordered)
    assert field == pytest.approx(0.5 * math.erfc((1 / 0.95 - 1) / 0.05 / math.sqrt(2.0)), abs=0.02)


# --- K3 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hold", "known"), [("coupling", 1.3056), ("interaction", 0.4618)])
def test_k3_over_the_shots_one_by_one(level_c, hold, known):
    """Mean and standard deviation of K3, from members set up and weighed here."""
    found = NoisyLeggettGarg(level_c, Noise(spins=10.0, hold=hold), GAMMA).k3()
    n = np.arange(310, 431)
    p = np.exp(-0.005 * (n - 370.0) ** 2)
    p /= p.sum()
    members = []
    for k in n.tolist():
        coupling = 74345.55 * (k / 370 if hold == "interaction" else 1.0)
        model = LMG(k, 0.95 * 74345.55, coupling, energy_unit="rad/s")
        members.append(replace(level_c, model=model).k3(GAMMA, level_c.tau).value)
    mean = float(p @ members)
    assert abs(found.value - mean) <= found.error < 1e-6
    assert found.spread == pytest.approx(math.sqrt(p @ (np.array(members) - mean) ** 2), rel=1e-4)
    assert found.value == pytest.approx(known, abs=6e-5)
    assert found.ideal == pytest.approx(1.3166, abs=5e-5)
    assert found.violates is (hold == "coupling")
    assert (found.disordered > 0.03) is (hold == "interaction")


def test_noise_free_is_the_test_itself(level_c):
    found = NoisyLeggettGarg(level_c, Noise(), GAMMA).k3()
    assert (found.value, found.spread, found.error, found.shots, found.left_out) == (found.ideal, 0.0, 0.0, 1, 0.0)


def test_the_mean_field_rate_has_no_meaning_in_the_disordered_phase(benchmark):
    noisy = NoisyLeggettGarg(LeggettGarg(benchmark, level="A"), Noise(spins=10.0, hold="interaction"), GAMMA)
    with pytest.raises(PhaseError, match="ordered phase"):
        noisy.k3()


@pytest.mark.parametrize("hold", ["coupling", "interaction"])
def test_converged_with_few_members(hold):
    """N = 100: coarser lattices with a control against the sum over every N."""
    model = LMG(100, 0.9)
    noisy = NoisyLeggettGarg(LeggettGarg(model), Noise(spins=9.0, hold=hold), 2e-5)
    found = noisy.k3()
    exact = noisy._ensemble.average()
    assert abs(found.value - exact.value[0]) <= found.error <= 1.1e-3
    assert found.shots <= (55 if hold == "coupling" else exact.shots)
    assert found.spread == pytest.approx(exact.spread[0], rel=0.02)


def test_the_control_is_close_to_what_is_converged(benchmark):
    """Some 10⁻³ at the benchmark, where 12 levels alone are off by several times that; cold, warm, any readout."""
    times = np.array([1.0, 2.0]) * LeggettGarg(benchmark).tau
    kelvin = f"{3.0 * benchmark.doublet().splitting * HBAR / BOLTZMANN!r} K"
    for test in (
        LeggettGarg(benchmark, tolerance=1e-5),
        LeggettGarg(benchmark, initial="thermal", temperature=kelvin, tolerance=1e-5),
        LeggettGarg(benchmark, readout=lambda m: np.where(m > 0, 1.0, -1.0), tolerance=1e-5),
    ):
        exact = test.correlations(GAMMA, times).values[0]
        few = replace(test, level=12).correlations(GAMMA, times).values[0]
        rate = float(test.rates(GAMMA)[0])
        assert np.abs(nearly_converged(test, rate, times) - exact).max() < 1.5e-3
        assert np.abs(few - exact).max() > 1e-3


def test_the_control_adds_the_next_levels_with_the_rates_of_eq_12():
    model, rate, t = LMG(50, 0.9), 2e-3, 25.0
    levels = model.levels(51)
    jumps = [JumpOperator("Jz", rate)]
    readout = levels.matrix(diagonal(np.sign, "Q"))
    expected = 0.0
    for n in range(12, 51):
        damping = math.exp(-dephasing_coefficient(levels, n, 0, jumps=jumps) * t)
        expected += readout[n, 0] ** 2 * math.cos((levels.energies[n] - levels.energies[0]) * t) * damping
    test = LeggettGarg(model)
    low = replace(test, level=12).correlations(rate, [t]).values[0, 0]
    assert nearly_converged(test, rate, np.array([t]))[0] - low == pytest.approx(expected, rel=1e-7)


@pytest.mark.slow
def test_converged_at_the_benchmark(benchmark):
    """σ_N = 10 (±53 atoms) by 26 members of 107, within the error of the sum over all of them."""
    noisy = NoisyLeggettGarg(LeggettGarg(benchmark), Noise(spins=10.0, hold="interaction"), GAMMA)
    found = noisy.k3()
    exact = noisy._ensemble.average()
    assert found.shots <= 27
    assert exact.shots == 107
    assert abs(found.value - exact.value[0]) <= found.error < 1e-3


# --- limits -----------------------------------------------------------------------------------------------------


def test_limits_at_the_benchmark(level_c):
    """Each limit is where K3 = 1 by an average that does not know of limits."""
    held, trap, field, coupling, warm = noise_limits(level_c, GAMMA)
    assert (held.kind, held.hold, held.value) == ("spins", "coupling", math.inf)
    assert held.tried == pytest.approx(46.25)
    for limit, noise in (
        (trap, lambda w: Noise(spins=w, hold="interaction")),
        (field, lambda w: Noise(field=w)),
        (coupling, lambda w: Noise(coupling=w)),
    ):
        assert 0.0 < limit.error < 0.03 * limit.value
        above, below = (
            NoisyLeggettGarg(level_c, noise(limit.value + s * limit.error), GAMMA).k3(1e-5).value for s in (-1, 1)
        )
        assert below < 1.0 < above
    assert trap.value == pytest.approx(2.04, rel=0.01)
    assert field.value == pytest.approx(0.0056, rel=0.02)
    assert warm.value / level_c.doublet.splitting == pytest.approx(22.7, rel=0.01)
    (warning,) = warm.warnings
    assert warning.startswith("at this temperature 0.097 of the state is above the 5 levels")


def test_temperature_limit_of_all_levels():
    model = LMG(60, 0.9)
    test = LeggettGarg(model)
    found = NoisyLeggettGarg(test, Noise(), 1e-4).limit("temperature")
    assert found.warnings == ()
    k3 = [replace(test, initial="thermal", temperature=found.value * (1 + s)).k3(1e-4).value for s in (-0.015, 0.015)]
    assert k3[0] > 1.0 > k3[1]
    two = NoisyLeggettGarg(replace(test, level="B"), Noise(), 1e-5).limit("temperature")
    assert two.value == math.inf
    assert "does not depend on the initial state" in two.warnings[0]


def test_no_limit_where_nothing_violates(level_c):
    assert NoisyLeggettGarg(level_c, Noise(), "2 1/s").limit("spins").value is None
    given = NoisyLeggettGarg(level_c, Noise(spins={370: 1.0}), GAMMA)
    with pytest.raises(InputError, match=r"got 'spins'$"):
        given.limit("spins")
    with pytest.raises(InputError, match=r"^kind must be one of spins, field, coupling, temperature"):
        given.limit("phase")


def test_the_first_crossing_is_taken():
    """1 - x/3 falls below zero at 3; what comes back later is not looked for."""
    found = last_above(lambda x: (1.0 - x / 3.0 if x < 10 else 5.0, 0.02), 100.0, "spins")
    assert found.value == pytest.approx(3.0, rel=0.01)
    assert found.error == pytest.approx(0.03 + 0.06, rel=0.02)
    assert last_above(lambda x: (0.01, 0.02), 1.0, "field").value is None


def test_a_crossing_where_a_step_ends_has_its_error():
    """The steps to 64 pass 2, which is above by less than rounding: the slope is taken from elsewhere."""
    found = last_above(lambda x: (1e-300 if x == 2.0 else 2.0 - x, 0.05), 64.0, "spins")
    assert found.value == pytest.approx(2.0, rel=0.01)
    assert found.error == pytest.approx(0.02 + 0.05, rel=0.05)


# --- coherences -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["eigen-superposition", "ground"])
def test_mean_coherences_against_members_one_by_one(state):
    model, rate, times = LMG(50, 0.9), 3e-4, np.linspace(0.0, 60.0, 7)
    found = noisy_coherence(model, rate, Noise(spins=1.5), times, state)
    n = np.arange(38, 63)
    p = np.exp(-0.5 * ((n - 50) / 1.5) ** 2)
    p /= p.sum()
    members = [evolve(LMG(int(k), 0.9), [JumpOperator("Jz", rate)], state, times, tolerance=1e-8) for k in n]
    for name in ("rho_01", "rho_pr"):
        mean = sum(w * member[name].values for w, member in zip(p, members, strict=True))
        assert np.abs(found[name].values - mean).max() <= found.attrs["error"] + 1e-8 < 2e-4
        np.testing.assert_allclose(found[f"abs_{name}"], np.abs(mean), atol=2e-4)
        single = members[12][name].values
        np.testing.assert_allclose(found[f"{name}_single"], single, atol=2e-5)
    if state == "ground":
        assert found.rho_pr[0].item() == pytest.approx(0.5, abs=1e-6)
    else:
        np.testing.assert_allclose(found.rho_pr.values.imag, -found.rho_01.values.imag, atol=1e-12)


def test_the_closed_form_of_small_noise_and_its_order():
    """|<exp(iΔE t)>| against exp(-½(σ_ω t)²): what it misses, ΔE'' and beyond, goes with σ⁴."""
    model, t = LMG(40, 0.9), 20.0
    misses = []
    for width in (0.002, 0.004, 0.008):
        phase, error = mean_phase(model, Noise(field=width), [t], tolerance=1e-8)
        closed = math.exp(-0.5 * (shot_dephasing(model, None, Noise(field=width)).frequency_spread * t) ** 2)
        misses.append(abs(float(np.abs(phase[0])) - closed))
        assert error < 1e-7
        assert 1e-7 < misses[-1] < 0.05 * (1.0 - closed)
    orders = [math.log2(b / a) for a, b in pairwise(misses)]
    assert orders == pytest.approx([4.0, 4.0], abs=0.2)


def test_without_dephasing_the_shots_alone_take_the_coherence():
    model = LMG(40, 0.9)
    found = noisy_coherence(model, 0.0, Noise(spins=2.0, hold="interaction"), [0.0, 5.0, 15.0], tolerance=1e-5)
    np.testing.assert_allclose(2.0 * found.abs_rho_01, found.shots, atol=4e-5)
    assert found.dephasing.values.tolist() == [1.0, 1.0, 1.0]
    assert found.shots.values[2] < 0.9
    phase = 2.0 * shot_dephasing(model, None, Noise(hold="interaction")).slopes["spins"] * found.time.values
    np.testing.assert_allclose(found.shots_gaussian, np.exp(-0.5 * phase**2), rtol=1e-4)


def test_slopes_obey_euler_and_the_chain_rule(benchmark):
    """ΔE(λΓ, λJ) = λΔE: the logarithmic slopes add up to ΔE. And J ∝ N adds (1/N) ∂ΔE/∂ln J to ∂ΔE/∂N."""
    held, trap = (shot_dephasing(benchmark, GAMMA, Noise(hold=h)).slopes for h in ("coupling", "interaction"))
    d = benchmark.doublet()
    assert held["field"] + held["coupling"] == pytest.approx(d.splitting, rel=1e-5)
    # Second order in one atom: (∂ ln ΔE)³/6 of the central difference.
    assert trap["spins"] == pytest.approx(held["spins"] + held["coupling"] / 370, rel=0.03)
    assert held["spins"] < 0.0
    assert trap["coupling"] == held["coupling"]


def test_t2_star(benchmark):
    d = benchmark.doublet()
    alone = shot_dephasing(benchmark, GAMMA, Noise())
    assert alone.t2 == pytest.approx(1.0 / (0.05 * d.g01), rel=1e-12)
    assert alone.t2_star == pytest.approx(alone.t2, rel=1e-5)
    assert alone.t2_star_gaussian == pytest.approx(alone.t2, rel=1e-12)
    for hold in ("coupling", "interaction"):
        found = shot_dephasing(benchmark, GAMMA, Noise(spins=5.0, field=1e-3, hold=hold))
        t, s = found.t2_star_gaussian, found.frequency_spread
        assert s == pytest.approx(math.hypot(5.0 * found.slopes["spins"], 1e-3 * found.slopes["field"]), rel=1e-5)
        assert found.rate * t + 0.5 * (s * t) ** 2 == pytest.approx(1.0, rel=1e-12)
        # As much noise as equals dephasing takes the coherence to 1/e at T2, without dephasing.
        equal = found.equal["spins"]
        quiet = shot_dephasing(benchmark, None, Noise(spins=equal, hold=hold))
        assert quiet.t2 == math.inf
        # Gaussian on the integers: its spread is the one asked for where the tails matter little.
        assert quiet.t2_star_gaussian == pytest.approx(found.t2, rel=1e-4)
    assert shot_dephasing(benchmark, GAMMA, Noise(spins=5.0)).t2_star == pytest.approx(
        shot_dephasing(benchmark, GAMMA, Noise(spins=5.0)).t2_star_gaussian, rel=0.01
    )
    assert shot_dephasing(benchmark, None, Noise()).t2_star == math.inf


def test_t2_star_is_where_the_mean_falls_to_one_over_e():
    model, noise = LMG(60, 0.9), Noise(spins=2.0, hold="interaction")
    found = shot_dephasing(model, 1e-4, noise)
    shots = noise.numbers(60)
    members = [noise.member(model, int(n)).doublet() for n in shots.values]
    phases = [np.exp((1j * d.splitting - 1e-4 * d.g01) * found.t2_star) for d in members]
    assert abs(shots.weights @ phases) == pytest.approx(math.exp(-1.0), abs=2e-5)


def test_coherence_refusals():
    with pytest.raises(InputError, match=r"^state must be one of eigen-superposition, pointer, ground"):
        noisy_coherence(LMG(20, 0.9), 1e-3, Noise(), [0.0], "cat")
    with pytest.raises(InputError, match=r"^gamma must be"):
        noisy_coherence(LMG(20, 0.9), None, Noise(), [0.0])  # type: ignore[arg-type]


# --- scans and pictures -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scan(level_c: LeggettGarg) -> Any:
    return noise_scan(level_c, GAMMA, [0.0, 0.5, 1.0, 3.0])


def test_scan(scan, level_c, benchmark):
    assert scan.k3.sel(hold="interaction", width=0.0).item() == pytest.approx(scan.attrs["k3_ideal"], abs=1e-12)
    one = NoisyLeggettGarg(level_c, Noise(spins=3.0, hold="interaction"), GAMMA).k3()
    assert scan.k3.sel(hold="interaction", width=3.0).item() == pytest.approx(one.value, abs=1e-12)
    assert scan.k3_spread.sel(hold="interaction", width=3.0).item() == pytest.approx(one.spread, abs=1e-12)
    assert scan.attrs["time"] == pytest.approx(1.0 / (0.05 * benchmark.doublet().g01))
    kept = noisy_coherence(benchmark, GAMMA, Noise(spins=1.0, hold="interaction"), [scan.attrs["time"]])
    difference = scan.coherence.sel(hold="interaction", width=1.0).item() - 2.0 * kept.abs_rho_01.item()
    assert abs(difference) <= scan.coherence_error.sel(hold="interaction", width=1.0).item()
    assert scan.limit.values[0] == math.inf
    assert scan.limit.values[1] == pytest.approx(2.04, rel=0.01)
    assert scan.equal.values == pytest.approx([18.35, 0.672], rel=1e-3)
    with pytest.raises(InputError, match=r"^kind must be one of spins, field, coupling; got 'temperature'"):
        noise_scan(level_c, GAMMA, [0.0], "temperature")
    with pytest.raises(InputError, match=r"^hold must be one of"):
        noise_scan(level_c, GAMMA, [0.0], hold=["both"])


def test_pictures_show_the_numbers(scan):
    for plot, name, mark in (
        (plot_noise_k3, "k3", "limit"),
        (plot_noise_coherence, "coherence", "equal"),
    ):
        ax = Figure().subplots()
        plot(scan, ax)
        drawn = [line for line in ax.lines if len(line.get_xdata()) == 3]
        for hold in ("coupling", "interaction"):
            expected = scan[name].sel(hold=hold).values[1:]
            assert any(np.array_equal(line.get_ydata(), expected) for line in drawn)
            at = float(scan[mark].sel(hold=hold))
            marked = any(list(line.get_xdata()) == [at, at] for line in ax.lines)
            assert marked is math.isfinite(at)
        colours = {line.get_color() for line in ax.lines}
        assert len(colours) == 3
        assert ax.get_xscale() == "log"
        assert ax.get_xlabel() == r"$\sigma_N$ [atoms]"
        low, high = ax.get_xlim()
        ticks = zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
        told = [label.get_text() for at, label in ticks if low <= at <= high and label.get_text()]
        assert told == ["0.5", "1", "2"]
        assert not any(label.get_text() for label in ax.get_xticklabels(minor=True))
    figure = plot_noise(scan)
    assert len(figure.axes) == 2
    assert "7.04 ms" in figure.axes[1].get_ylabel()


def test_picture_of_a_course(benchmark):
    course = noisy_coherence(benchmark, GAMMA, Noise(spins=0.5, hold="interaction"), np.linspace(0.0, 0.01, 11))
    ax = Figure().subplots()
    plot_noisy_coherence(course, ax)
    shown = [line.get_ydata() for line in ax.lines]
    for expected in (2.0 * course.abs_rho_01.values, course.dephasing.values, course.shots_gaussian.values):
        assert any(np.array_equal(line, expected) for line in shown)
    star = 1e3 * course.attrs["t2_star"]
    assert any(list(line.get_xdata()) == [star, star] for line in ax.lines)
    assert ax.get_xlabel() == "time [ms]"
    assert BEYOND == pytest.approx(3.8e-8, rel=0.01)
