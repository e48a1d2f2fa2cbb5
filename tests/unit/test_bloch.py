"""The doublet in closed form against matrix exponentials, and its limits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.linalg import expm

from einselect import LMG, InputError, PhaseError, dephasing_rates
from einselect.dynamics.bloch import DoubletBloch, bloch_vector
from einselect.dynamics.restricted import RestrictedLindbladian

EPS = 2.0**-52
SX = np.array([[0.0, 1.0], [1.0, 0.0]])

# Overdamped, underdamped and every distance from critical damping on both sides of it, in units of ΔE.
RATES = st.one_of(
    st.floats(-6.0, 6.0).map(lambda x: 10.0**x),
    st.tuples(st.sampled_from([-1.0, 1.0]), st.floats(-16.0, -1.0)).map(lambda p: 2.0 * (1.0 + p[0] * 10.0 ** p[1])),
    st.just(2.0),
    st.just(0.0),
)


def dissipator(jump: np.ndarray, rho: np.ndarray) -> np.ndarray:
    square = jump.conj().T @ jump
    return jump @ rho @ jump.conj().T - 0.5 * (square @ rho + rho @ square)


def liouvillian(hamiltonian: np.ndarray, jump: np.ndarray, loss: np.ndarray | None = None) -> np.ndarray:
    """Matrix on ρ stacked by rows, column by column from its action; `loss` adds -½{loss, ρ}."""
    size = len(jump)
    columns = []
    for unit in np.eye(size * size, dtype=complex):
        rho = unit.reshape(size, size)
        flow = dissipator(jump, rho) - 1j * (hamiltonian @ rho - rho @ hamiltonian)
        if loss is not None:
            flow = flow - 0.5 * (loss @ rho + rho @ loss)
        columns.append(flow.ravel())
    return np.column_stack(columns)


def bloch_matrix(splitting: float, rate: float) -> np.ndarray:
    """(x, y, z) from the master equation itself: H = -(ΔE/2)σ_x, L = √(Γd/2) σ_z in {P, R}."""
    generator = liouvillian(-0.5 * splitting * SX, math.sqrt(0.5 * rate) * np.diag([1.0, -1.0]))
    columns = []
    for x, y, z in np.eye(3):
        flow = generator @ np.array([0.5 * z, x + 1j * y, x - 1j * y, -0.5 * z])
        columns.append([flow[1].real, flow[1].imag, (flow[0] - flow[3]).real])
    return np.array(columns).T


@given(RATES, st.floats(0.0, 20.0))
@example(2.0, 7.0)
@example(0.0, 3.0)
def test_the_propagator_is_the_exponential_of_the_master_equation(rate: float, time: float) -> None:
    time /= max(1.0, 0.1 * rate)  # keeps the exponential's argument, and so the rounding of expm, small
    found = DoubletBloch(1.0, rate).propagator(time)
    # expm halves an argument of norm up to 200 about eight times and squares as often, doubling its rounding each time:
    # 2^8 · 5 eps = 3e-13 at worst; the closed form itself is compared with 60 digits below.
    np.testing.assert_allclose(found, expm(bloch_matrix(1.0, rate) * time), rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("sign", [-1, 0, 1])
@pytest.mark.parametrize("distance", [1e-15, 1e-11, 1e-8, 1e-4])
def test_nothing_is_lost_near_critical_damping(sign: int, distance: float) -> None:
    rate = 2.0 * (1.0 + sign * distance)
    bath = DoubletBloch(1.0, rate)
    with mpmath.workdps(60):
        half = mpmath.mpf(rate) / 2
        kappa = mpmath.sqrt(half**2 - 1)
        for time in (1e-6, 1.0, 30.0):
            decay = mpmath.exp(-half * time)
            phi = decay * (mpmath.sinh(kappa * time) / kappa if kappa else mpmath.mpf(time))
            cosh = decay * mpmath.cosh(kappa * time)
            exact = [[cosh - half * phi, -phi / 2], [2 * phi, cosh + half * phi]]
            expected = np.array([[float(mpmath.re(value)) for value in row] for row in exact])
            # Rounding in the exponents, up to 30, is relative to each exponential.
            scale = float(decay) * (1.0 + time)
            np.testing.assert_allclose(bath.propagator(time)[1:, 1:], expected, rtol=0.0, atol=200 * EPS * scale)


def test_all_elements_are_continuous_through_critical_damping() -> None:
    times = np.linspace(0.0, 10.0, 41)
    at = DoubletBloch(1.0, 2.0)
    assert at.regime == "critical"
    step = 1e-7
    below, above = (DoubletBloch(1.0, 2.0 * (1.0 + s * step)) for s in (-1, 1))
    assert (below.regime, above.regime) == ("underdamped", "overdamped")
    # The derivative with respect to the rate is of order 1, so the sides differ by about the step, their mean by step².
    difference = below.propagator(times) - above.propagator(times)
    assert 0.01 * step < np.abs(difference).max() < 10 * step
    mean = 0.5 * (below.propagator(times) + above.propagator(times)) - at.propagator(times)
    assert np.abs(mean).max() < 100 * step**2 + 20 * EPS


@given(RATES.filter(lambda rate: rate > 0.0), st.floats(-300.0, 300.0))
def test_roots_fulfil_vieta_and_keep_their_digits(rate: float, exponent: float) -> None:
    splitting = 2.0 ** round(exponent / 10.0)  # a power of two scales exactly
    bath = DoubletBloch(splitting, rate * splitting)
    plus, minus = bath.roots
    assert abs(plus * minus - splitting**2) <= 8 * EPS * splitting**2
    # The sum of the two fast parts rounds by eps of Γd.
    assert abs(plus + minus + bath.rate) <= 8 * EPS * bath.rate
    if bath.regime == "overdamped":
        with mpmath.workdps(60):
            half = mpmath.mpf(bath.rate) / 2
            exact = half - mpmath.sqrt(half**2 - mpmath.mpf(splitting) ** 2)
            # ln of the slow root rounds by eps of the logarithms that it is made of, up to 2·21 + 14.
            assert abs(bath.slow_rate / float(exact) - 1.0) <= 200 * EPS


def test_overdamped_slow_root_tends_to_the_zeno_rate() -> None:
    errors = []
    for factor in (1e2, 1e3):
        bath = DoubletBloch(1.0, factor)
        errors.append(bath.slow_rate / bath.zeno_rate - 1.0)
        assert errors[-1] == pytest.approx(factor**-2, rel=0.01)  # the next term of the series is (ΔE/Γd)²
    assert math.log10(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.01)


def test_underdamped_frequency_and_envelope() -> None:
    bath = DoubletBloch(3.0, 2.0)
    assert bath.regime == "underdamped"
    assert bath.frequency == pytest.approx(math.sqrt(8.0), rel=4 * EPS)
    assert bath.envelope == 1.0
    period = 2.0 * math.pi / bath.frequency
    answer = bath.evolve(0.0, 0.1, 0.7, [0.5, 0.5 + period, 0.5 + 2 * period])
    ratio = answer.z.values[1:] / answer.z.values[:-1]
    np.testing.assert_allclose(ratio, math.exp(-period), rtol=1e-13)  # sine and cosine at arguments up to 15


def test_an_undamped_doublet_turns_and_keeps_its_purity() -> None:
    answer = DoubletBloch(2.0, 0.0).evolve(0.3, 0.0, 0.8, np.linspace(0.0, 50.0, 101))
    # H = -(ΔE/2)σ_x turns z -> z cos(ΔE t): from the signs of the equations, tested above.
    np.testing.assert_allclose(answer.z, 0.8 * np.cos(2.0 * answer.time), atol=1e-13)
    np.testing.assert_allclose(answer.rho_pr.imag, -0.4 * np.sin(2.0 * answer.time), atol=1e-13)
    np.testing.assert_allclose(answer.purity, answer.purity[0], rtol=1e-14)


def test_a_splitting_that_underflows_still_gives_the_slow_decay() -> None:
    bath = DoubletBloch(None, 1e-300, log_splitting=-1000.0)
    assert bath.splitting == 0.0
    assert bath.regime == "overdamped"
    assert bath.slow_rate == 0.0
    assert bath.log_slow_rate == pytest.approx(-2000.0 + 300.0 * math.log(10.0), rel=1e-14)
    assert bath.damping_ratio is not None
    assert bath.roots[1] == pytest.approx(-1e-300, rel=4 * EPS)


def test_a_slow_rate_below_the_range_matters_after_a_long_time() -> None:
    bath = DoubletBloch(None, 1e3, log_splitting=-352.0)  # s = e^-710.9, subnormal
    assert 0.0 < bath.slow_rate < 2.3e-308
    late = 1.7e308
    exponent = math.exp(-704.0 - math.log(1e3) + math.log(late))
    assert 0.1 < exponent < 1.0
    # The logarithms of size 700 round by 700 eps, and so does s·t.
    assert bath.propagator(late)[2, 2] == pytest.approx(math.exp(-exponent), rel=2000 * EPS)


def test_the_map_to_the_energy_basis() -> None:
    rng = np.random.default_rng(7)
    pointer = np.array([[1.0, 1.0], [1.0, -1.0]]) / math.sqrt(2.0)  # columns P, R over E0, E1
    for _ in range(10):
        square = rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2))
        rho = square @ square.conj().T
        rho /= np.trace(rho).real
        turned = pointer.T @ rho @ pointer
        x, y, z = bloch_vector(rho)
        assert complex(x, y) == pytest.approx(turned[0, 1], abs=8 * EPS)
        assert z == pytest.approx((turned[0, 0] - turned[1, 1]).real, abs=8 * EPS)
        answer = DoubletBloch(1.0, 0.3).evolve(x, y, z, [0.0])
        assert answer.rho_01.item() == pytest.approx(rho[0, 1], abs=8 * EPS)
        np.testing.assert_allclose(answer.populations[0], rho.diagonal().real, atol=8 * EPS)
        np.testing.assert_allclose(answer.pointer_populations[0], turned.diagonal().real, atol=8 * EPS)
        assert answer.rho_pr.item() == pytest.approx(turned[0, 1], abs=8 * EPS)


def test_channels_are_the_named_rates() -> None:
    rates = dephasing_rates(LMG(370, 0.95, "74346 rad/s"), "0.05 1/s")
    values = {name: DoubletBloch.from_rates(rates, name).rate for name in ("two-level", "pointer", "mean field")}
    assert values == {
        "two-level": rates.rate_degenerate,
        "pointer": rates.rate_pointer,
        "mean field": rates.rate_mean_field,
    }
    assert values["two-level"] < values["pointer"] < values["mean field"]
    with pytest.raises(InputError, match="channel must be one of two-level, pointer, mean field; got 'mean'"):
        DoubletBloch.from_rates(rates, "mean")
    with pytest.raises(InputError, match="rates must have a dephasing rate"):
        DoubletBloch.from_rates(dephasing_rates(LMG(50, 0.9)), "pointer")
    with pytest.raises(PhaseError, match="channel 'mean field' must be asked for in the ordered phase"):
        DoubletBloch.from_rates(dephasing_rates(LMG(50, 1.2), 0.1), "mean field")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.0, -0.1), "rate must be a finite number >= 0; got -0.1"),
        ((-1.0, 0.1), "splitting must be a finite number >= 0; got -1.0"),
        ((math.nan, 0.1), "splitting must be a finite number >= 0; got nan"),
        ((None, 0.1), "splitting must be given, by itself or as log_splitting; got neither"),
    ],
)
def test_bad_parameters_are_refused(arguments: tuple[float, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        DoubletBloch(*arguments)


def test_bad_states_and_times_are_refused() -> None:
    bath = DoubletBloch(1.0, 0.1)
    with pytest.raises(InputError, match="log_splitting must be the logarithm of the splitting"):
        DoubletBloch(1.0, 0.1, log_splitting=0.5)
    with pytest.raises(InputError, match=r"4\(x0² \+ y0²\) \+ z0² <= 1; got 1.16"):
        bath.evolve(0.2, 0.0, 1.0, [0.0])
    with pytest.raises(InputError, match="times must be"):
        bath.evolve(0.2, 0.0, 0.0, [1.0, 0.5])
    with pytest.raises(InputError, match="times must be finite and >= 0"):
        bath.propagator(-1.0)
    with pytest.raises(InputError, match=r"density matrix must be 2 x 2.*got shape \(3, 3\)"):
        bloch_vector(np.eye(3))


# --- the restricted Lindblad equation ----------------------------------------------------------------------------


LEAKAGES = [(0.0, 0.0), (1.5, 1.5), (0.7, 2.0), (0.0, 3.0)]


@pytest.mark.parametrize("leakage", LEAKAGES)
@pytest.mark.parametrize("splitting", [0.0, 0.3, 2.0, 4.5, 30.0])
def test_the_restricted_generator_its_modes_and_its_solution(splitting: float, leakage: tuple[float, float]) -> None:
    gamma, j01 = 0.5, 2.5
    closed = RestrictedLindbladian(j01, gamma, splitting, leakage=leakage)
    direct = liouvillian(np.diag([0.0, splitting]), math.sqrt(gamma) * j01 * SX, gamma * np.diag(leakage))
    size = np.abs(direct).max()
    np.testing.assert_allclose(closed.matrix(), direct, rtol=0.0, atol=4 * EPS * size)
    assert not closed.defective
    for i, mode in enumerate(closed.modes):
        moved = (direct @ mode.right.ravel()).reshape(2, 2)
        np.testing.assert_allclose(moved, mode.eigenvalue * mode.right, rtol=0.0, atol=30 * EPS * size)
        # Tr(left† 𝓛ρ) = λ Tr(left† ρ): the row vector left* is a left eigenvector.
        row = mode.left.conj().ravel() @ direct
        np.testing.assert_allclose(row, mode.eigenvalue * mode.left.conj().ravel(), rtol=0.0, atol=30 * EPS * size)
        for k, other in enumerate(closed.modes):
            overlap = np.vdot(mode.left, other.right)
            assert overlap == pytest.approx(float(i == k), abs=30 * EPS)
    rho = np.array([[0.6, 0.2 - 0.3j], [0.2 + 0.3j, 0.4]])
    times = np.array([0.0, 0.1, 0.4, 2.0])
    answer = closed.evolve(rho, times)
    for i, time in enumerate(times):
        expected = (expm(direct * time) @ rho.ravel()).reshape(2, 2)
        assert answer.rho_01.values[i] == pytest.approx(expected[0, 1], abs=1e-13)  # expm at |Lt| up to 60
        np.testing.assert_allclose(answer.populations.values[i], expected.diagonal().real, rtol=0.0, atol=1e-13)


def test_appendix_c_has_the_eigenvalues_of_the_paper() -> None:
    model = LMG(370, 0.95)
    rates = dephasing_rates(model, 0.01)
    j01 = rates.doublet.j01
    degenerate = RestrictedLindbladian(j01, 0.01)
    rate = 2.0 * 0.01 * j01**2
    np.testing.assert_allclose(sorted(v.real for v in degenerate.eigenvalues), [-rate, -rate, 0.0, 0.0], rtol=4 * EPS)
    assert rate == pytest.approx(rates.rate_degenerate, rel=4 * EPS)
    assert [mode.name for mode in degenerate.modes if mode.eigenvalue == 0.0] == [
        "trace",
        "Re ρ_01 (pointer populations)",
    ]


def test_critical_damping_of_the_restricted_equation_is_an_exceptional_point() -> None:
    critical = RestrictedLindbladian(2.0, 0.25, splitting=1.0)  # ΔE = γJ01²
    assert critical.defective
    direct = critical.matrix()
    merged = critical.modes[2], critical.modes[3]
    assert merged[0].eigenvalue == merged[1].eigenvalue == -1.0
    for mode in merged:
        np.testing.assert_allclose(direct @ mode.right.ravel(), -mode.right.ravel(), atol=8 * EPS)
        assert abs(np.vdot(mode.left, mode.right)) < 8 * EPS
    # one eigenvector for two equal eigenvalues
    assert np.linalg.matrix_rank(np.stack([mode.right.ravel() for mode in merged]), tol=1e-12) == 1


@pytest.mark.parametrize(
    ("gamma", "splitting", "names"),
    [
        (0.1, 0.0, {"|P><P|", "|R><R|"}),
        (0.1, 1.0, {"½(|P><P| + |R><R|)"}),
        (0.0, 1.0, {"|E0><E0|", "|E1><E1|"}),
        (0.0, 0.0, {"|E0><E0|", "|E1><E1|", "|P><P|", "|R><R|"}),
    ],
)
def test_steady_states_are_steady_and_there_are_no_others(gamma: float, splitting: float, names: set[str]) -> None:
    closed = RestrictedLindbladian(3.0, gamma, splitting)
    found = closed.steady_states
    assert set(found) == names
    for rho in found.values():
        assert np.trace(rho) == pytest.approx(1.0)
        assert np.abs(closed.matrix() @ rho.ravel()).max() < 8 * EPS
    kernel = 4 - np.linalg.matrix_rank(closed.matrix(), tol=1e-12)
    # Every state is steady at γ = ΔE = 0: a kernel of 4, of which three directions have been named.
    spanned = np.linalg.matrix_rank(np.stack([rho.ravel() for rho in found.values()]))
    assert spanned == min(kernel, 3)
    assert RestrictedLindbladian(3.0, 0.1, splitting, leakage=(1.0, 0.0)).steady_states == {}


def test_leakage_without_return_has_the_coefficients_of_the_projected_equation() -> None:
    """-γG01 for ρ_01 itself, γJ01² from ρ_10: from the whole Liouvillian, its block on the doublet."""
    model = LMG(20, 0.7)
    levels = model.levels(21)
    jz = levels.matrix("Jz")
    gamma = 0.03
    whole = liouvillian(np.diag(levels.excitations), math.sqrt(gamma) * jz).reshape(21, 21, 21, 21)
    block = whole[:2, :2, :2, :2].reshape(4, 4)
    rates = dephasing_rates(model, gamma)
    closed = RestrictedLindbladian.from_rates(rates, leakage=True)
    # The sum over 21 levels has terms up to γ(N/2)² = 3, each rounded.
    np.testing.assert_allclose(closed.matrix(), block, rtol=0.0, atol=1e-12)
    assert -closed.matrix()[1, 1].real == pytest.approx(rates.rate_eigenstate, rel=1e-13)
    # In the degenerate limit the two decay rates of ρ_01 are γ(G01 ∓ J01²): leakage alone, and the pointer rate.
    degenerate = RestrictedLindbladian(closed.j01, gamma, 0.0, leakage=closed.leakage)
    assert -degenerate.eigenvalues[2].real == pytest.approx(gamma * rates.doublet.leakage, rel=1e-13)
    assert -degenerate.eigenvalues[3].real == pytest.approx(rates.rate_pointer, rel=1e-13)


def test_at_the_benchmark_no_return_bounds_the_doublet_population_from_below() -> None:
    """Known from the whole equation: 0.88414 of the population and |ρ_01| = 0.179986 at T2 from (E0 + E1)/√2."""
    rates = dephasing_rates(LMG(370, 0.95, "74346 rad/s"), "0.05 1/s")
    answer = RestrictedLindbladian.from_rates(rates, leakage=True).evolve(np.full((2, 2), 0.5), [rates.t2_eigenstate])
    population, coherence = answer.doublet_population.item(), abs(answer.rho_01.item())
    # Both states lose at about γ(G01 - J01²), unevenly, which slows the loss down (convexity of exp).
    assert math.exp(-rates.doublet.leakage / rates.doublet.g01) < population < 0.88414
    assert abs(coherence - 0.179986) < 0.02


@given(
    st.floats(0.0, 50.0), st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.floats(0.0, 2.0 * math.pi)
)
def test_states_stay_states(splitting: float, gamma: float, even: float, odd: float, angle: float) -> None:
    closed = RestrictedLindbladian(1.3, gamma, splitting, leakage=(even, odd))
    vector = np.array([math.cos(angle), math.sin(angle) * np.exp(0.4j)])
    answer = closed.evolve(np.outer(vector, vector.conj()), np.linspace(0.0, 5.0, 21))
    total = answer.doublet_population.values
    assert np.all(np.diff(total) <= 1e-14)
    if even == odd == 0.0:
        np.testing.assert_allclose(total, 1.0, rtol=0.0, atol=1e-14)
    product = answer.populations.values.prod(axis=1)
    assert np.all(np.abs(answer.rho_01.values) ** 2 <= product + 1e-13)  # positivity of a 2 × 2 matrix


@pytest.mark.parametrize("splitting", [0.2, 1.0, 5.0])
def test_semigroup(splitting: float) -> None:
    bath = DoubletBloch(splitting, 2.0)
    np.testing.assert_allclose(
        bath.propagator(1.1), bath.propagator(0.7) @ bath.propagator(0.4), rtol=0.0, atol=20 * EPS
    )


def test_bad_restricted_input_is_refused() -> None:
    closed = RestrictedLindbladian(1.0, 0.1)
    with pytest.raises(InputError, match="density matrix must have trace 1; got 2"):
        closed.evolve(np.eye(2), [0.0])
    with pytest.raises(InputError, match="rho0 must be a finite 2 x 2 matrix"):
        closed.evolve(np.eye(3) / 3, [0.0])
    with pytest.raises(InputError, match=r"leakage must be a finite number >= 0; got -1\.0"):
        RestrictedLindbladian(1.0, 0.1, leakage=(0.0, -1.0))
    with pytest.raises(InputError, match="gamma must be a finite number >= 0"):
        RestrictedLindbladian(1.0, -0.1)
