"""The Redfield tensor against QuTiP, against the Lindblad equation, and the two corollaries as computed statements."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import qutip
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from einselect import LMG, InputError, Jm, JumpOperator, Jx, Jy, Jz, dephasing_coefficient
from einselect.dynamics import Lindbladian
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum, OhmicSpectrum, OneOverFSpectrum
from einselect.interop.qutip import operator_from_qutip, to_qutip

EPS = 2.0**-52
LEVELS = LMG(spins=40, field=0.85).levels(6)


def lopsided(omega: float) -> float:
    """Neither flat, symmetric nor thermal."""
    return 0.01 * (1.0 + 0.5 * math.sin(3.0 * omega) + omega**2 / (4.0 + omega**2) + 0.3 * math.tanh(omega))


SPECTRA: dict[str, Callable[[float], float]] = {
    "flat": FlatSpectrum(0.02),
    "Ohmic": OhmicSpectrum(0.01, 3.0, 0.4),
    "Ohmic at zero temperature": OhmicSpectrum(0.01, 3.0, 0.0),
    "1/f": OneOverFSpectrum(0.005, 0.01),
    "thermal 1/f": OneOverFSpectrum(0.005, 0.01, temperature=0.3),
    "user's": lopsided,
}
spectra = pytest.mark.parametrize("spectrum", SPECTRA.values(), ids=SPECTRA.keys())


def qutip_tensor(redfield: Redfield, sec_cutoff: float) -> np.ndarray:
    """QuTiP's tensor on the same levels. Only for couplings with real elements: see the test below."""
    # QuTiP takes a spectrum for a function of the frequency if its only argument is called w.
    a_ops = [
        (qutip.Qobj(a.real), (lambda s: lambda w: s(w))(bath.spectrum))
        for a, bath in zip(redfield.couplings, redfield.baths, strict=True)
    ]
    h = qutip.Qobj(np.diag(redfield.levels.excitations))
    return qutip.bloch_redfield_tensor(h, a_ops, sec_cutoff=sec_cutoff, fock_basis=True).full()


def lindblad(excitations: np.ndarray, jumps: list[tuple[float, np.ndarray]]) -> np.ndarray:
    """Matrix on ρ stacked by rows from Kronecker products."""
    one, h = np.eye(len(excitations)), np.diag(excitations)
    result = -1j * (np.kron(h, one) - np.kron(one, h))
    for rate, jump in jumps:
        square = jump.conj().T @ jump
        result = result + rate * (
            np.kron(jump, jump.conj()) - 0.5 * np.kron(square, one) - 0.5 * np.kron(one, square.T)
        )
    return result


# --- QuTiP -------------------------------------------------------------------------------------------------------


@spectra
@pytest.mark.parametrize("operator", [Jz, Jx, Jz + 0.4 * Jx], ids=["odd", "even", "mixed"])
def test_every_element_is_qutips(spectrum: Callable[[float], float], operator: object) -> None:
    redfield = Redfield(LEVELS, Bath(operator, spectrum))
    found = to_qutip(redfield).full()
    # Two sums of the same products in different order: rounding of the largest element.
    np.testing.assert_allclose(found, qutip_tensor(redfield, -1), rtol=0.0, atol=50 * EPS * np.abs(found).max())


@spectra
@pytest.mark.parametrize("cutoff", [0.1, 1.5, 2.5, 20.0, 400.0])
def test_the_secular_step_is_qutips_in_units_of_the_smallest_spacing(
    spectrum: Callable[[float], float], cutoff: float
) -> None:
    e = LEVELS.excitations
    spacing = np.abs(e[:, None] - e[None, :])
    smallest = spacing[spacing > 0.0].min()
    # No frequency difference may lie at the cut-off itself, where rounding would decide.
    redfield = Redfield(LEVELS, Bath(Jz, spectrum), secular_cutoff=cutoff * smallest)
    found = to_qutip(redfield).full()
    np.testing.assert_allclose(found, qutip_tensor(redfield, cutoff), rtol=0.0, atol=50 * EPS * np.abs(found).max())
    whole = Redfield(LEVELS, Bath(Jz, spectrum))
    assert np.count_nonzero(redfield.tensor) < np.count_nonzero(whole.tensor) or cutoff == 400.0


def test_several_baths_add_up_as_in_qutip() -> None:
    redfield = Redfield(LEVELS, [Bath(Jz, SPECTRA["Ohmic"]), Bath(Jx, SPECTRA["user's"])])
    found = to_qutip(redfield).full()
    np.testing.assert_allclose(found, qutip_tensor(redfield, -1), rtol=0.0, atol=50 * EPS * np.abs(found).max())


@spectra
def test_the_dynamics_is_that_of_brmesolve(spectrum: Callable[[float], float]) -> None:
    redfield = Redfield(LEVELS, Bath(Jz, spectrum))
    times = np.linspace(0.0, 8.0, 5)
    start = np.diag([0.3, 0.2, 0.2, 0.1, 0.1, 0.1]).astype(complex)
    start[0, 1], start[1, 0] = 0.1 - 0.05j, 0.1 + 0.05j
    solved = qutip.brmesolve(
        qutip.Qobj(np.diag(LEVELS.excitations)),
        qutip.Qobj(start),
        times,
        [(qutip.Qobj(redfield.couplings[0].real), lambda w: spectrum(w))],
        sec_cutoff=-1,
        options={"rtol": 1e-10, "atol": 1e-12, "nsteps": 100_000},
    )
    found = redfield.evolve(start, times).rho.values
    # Their integrator's tolerance; about a thousand steps add up.
    np.testing.assert_allclose(found, [state.full() for state in solved.states], rtol=0.0, atol=2e-8)


def test_brmesolve_in_the_whole_dicke_space() -> None:
    """Nothing of einselect goes in: QuTiP's own spin operators, its own diagonalisation."""
    model = LMG(spins=10, field=0.6)
    levels = model.levels(11)
    spectrum = OhmicSpectrum(0.01, 3.0, 0.5)
    times = np.linspace(0.0, 20.0, 5)
    jz, jx = qutip.jmat(5, "z"), qutip.jmat(5, "x")
    h = -(1 / 10) * jz**2 - 0.6 * jx
    start = qutip.spin_state(5, 5)
    solved = qutip.brmesolve(
        h,
        start,
        times,
        [(jz, lambda w: spectrum(w))],
        sec_cutoff=-1,
        e_ops=[jz, jx],
        options={"rtol": 1e-9, "atol": 1e-11},
    )
    vectors = levels.dicke_vectors()
    answer = Redfield(levels, Bath(Jz, spectrum)).evolve(vectors[:, -1], times)
    for expected, op in zip(solved.expect, (Jz, Jx), strict=True):
        values = np.einsum("ij,tji->t", levels.matrix(op), answer.rho.values).real
        np.testing.assert_allclose(values, expected, rtol=0.0, atol=1e-6)


# --- Lindblad ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operator", [Jz, Jx, Jz + 0.7 * Jy, Jz + 0.3 * Jx + 0.2 * Jy], ids=["z", "x", "z+y", "z+x+y"])
def test_a_flat_spectrum_is_the_lindblad_equation_with_the_same_rate(operator: object) -> None:
    """S = γ, no factor. With complex elements too, where QuTiP 5.3 takes the transposed operator."""
    gamma = 0.03
    redfield = Redfield(LEVELS, Bath(operator, FlatSpectrum(gamma)))
    expected = lindblad(LEVELS.excitations, [(gamma, LEVELS.matrix(operator))])
    np.testing.assert_allclose(redfield.generator(), expected, rtol=0.0, atol=50 * EPS * np.abs(expected).max())


def test_a_flat_spectrum_gives_the_dynamics_of_our_lindbladian_and_of_mesolve() -> None:
    gamma, times = 0.02, np.linspace(0.0, 5.0, 6)
    answer = Redfield(LEVELS, Bath(Jz, FlatSpectrum(gamma))).evolve("pointer", times)
    ours = Lindbladian(LEVELS, [JumpOperator(Jz, gamma)]).evolve("pointer", times)
    for name in ("rho_01", "rho_pr", "populations", "doublet_population", "purity"):
        np.testing.assert_allclose(answer[name], ours[name], rtol=0.0, atol=1e-12)
    start = qutip.Qobj(np.array([1.0, 1.0, 0, 0, 0, 0]) / math.sqrt(2.0))
    options = {"rtol": 1e-10, "atol": 1e-12, "nsteps": 100_000}
    jump = to_qutip(JumpOperator(Jz, gamma), levels=LEVELS)
    solved = qutip.mesolve(to_qutip(LEVELS), start, times, [jump], options=options)
    np.testing.assert_allclose(answer.rho, [state.full() for state in solved.states], rtol=0.0, atol=2e-8)


def test_on_all_levels_the_flat_coefficient_is_equation_12() -> None:
    levels = LMG(spins=12, field=0.7).levels(13)
    redfield = Redfield(levels, Bath(Jz, FlatSpectrum(0.1)))
    for pair in (("E0", "E1"), ("P", "R"), ("E1", "E4"), ("E0", "P")):
        expected = dephasing_coefficient(levels, *pair, [JumpOperator(Jz, 0.1)])
        assert redfield.coefficient(*pair) == pytest.approx(expected, rel=1e-12)


@spectra
@pytest.mark.parametrize("cutoff", [None, 0.0, 0.05])
def test_evolution_is_the_exponential_of_the_generator(
    spectrum: Callable[[float], float], cutoff: float | None
) -> None:
    redfield = Redfield(LEVELS, Bath(Jz + 0.2 * Jx, spectrum), secular_cutoff=cutoff)
    times = [0.0, 0.3, 0.3, 2.0]
    vector = np.array([1.0, 1j, 0.5, -0.5, 0.2, 0.1])
    vector /= np.linalg.norm(vector)
    start = np.outer(vector, vector.conj())
    answer = redfield.evolve(vector, times)
    for i, time in enumerate(times):
        expected = (expm(redfield.generator() * time) @ start.ravel()).reshape(6, 6)
        np.testing.assert_allclose(answer.rho.values[i], expected, rtol=0.0, atol=1e-12)


# --- the corollaries ---------------------------------------------------------------------------------------------


@spectra
@pytest.mark.parametrize("operator", [Jz, Jy, Jz @ Jx + Jx @ Jz, Jz @ Jz @ Jz + 0.3 * Jy], ids=["z", "y", "zx", "z³+y"])
def test_corollary_1_holds_for_every_spectrum_and_every_odd_coupling(
    spectrum: Callable[[float], float], operator: object
) -> None:
    redfield = Redfield(LEVELS, Bath(operator, spectrum))
    answer = redfield.corollary1()
    assert answer.parities == ("odd",)
    assert answer.holds
    assert answer.largest == 0.0  # sums of exact zeros, not of rounding
    assert answer.between_sectors == 0.0
    assert answer.element is None
    assert answer.like_parity > 1e-4 * answer.scale  # the decoupling is parity's: like parities couple
    assert "decouple exactly" in answer.statement


@spectra
def test_corollary_1_fails_for_one_bath_on_an_operator_of_mixed_parity_flat_or_not(
    spectrum: Callable[[float], float],
) -> None:
    mixed = Redfield(LEVELS, Bath(Jz + 0.3 * Jx, spectrum)).corollary1()
    assert mixed.parities == ("mixed",)
    assert not mixed.holds
    assert mixed.largest > 1e-3 * mixed.scale
    assert mixed.element is not None
    a, b, c, d = mixed.element
    assert (a == b) != (c == d)
    assert LEVELS.parities[[a, b, c, d]].prod() == -1
    apart = Redfield(LEVELS, [Bath(Jz, spectrum), Bath(0.3 * Jx, spectrum)]).corollary1()
    assert apart.parities == ("odd", "even")
    assert apart.holds  # independent noise on the two parts


def test_corollary_1_with_lamb_shifts_is_the_same() -> None:
    """A complex filter, which is a spectrum with its principal-value part: the statement that the module makes."""
    rng = np.random.default_rng(3)
    a = LEVELS.matrix(Jz)
    lam = (rng.normal(size=(6, 6)) + 1j * rng.normal(size=(6, 6))) * a
    for c in range(6):
        rho = np.zeros((6, 6))
        rho[c, c] = 1.0
        flow = lam @ rho @ a + a @ rho @ lam.conj().T - a @ lam @ rho - rho @ lam.conj().T @ a
        opposite = np.not_equal.outer(LEVELS.parities, LEVELS.parities)
        assert np.abs(flow).max() > 1.0
        assert not np.any(flow[opposite])


def test_a_dense_matrix_is_judged_to_rounding() -> None:
    model = LMG(spins=12, field=0.7)
    dense = operator_from_qutip(qutip.jmat(6, "z"))
    answer = Redfield(model.levels(13), Bath(dense, lopsided)).corollary1()
    assert answer.parities == ("odd",)
    assert answer.holds
    assert answer.largest < 1e-13 * answer.scale


def test_corollary_2_for_a_flat_spectrum_is_gamma_j01_squared() -> None:
    gamma = 0.02
    answer = Redfield(LEVELS, Bath(Jz, FlatSpectrum(gamma))).corollary2()
    j01 = LMG(spins=40, field=0.85).doublet().j01
    assert answer.kept
    assert answer.element == pytest.approx(gamma * j01**2, rel=1e-11)  # vectors of the levels to about 1e-13
    assert answer.expected == pytest.approx(answer.element, rel=4 * EPS)
    assert answer.secular_parameter == pytest.approx(2.0 * LEVELS.excitations[1] / answer.diagonal)


@spectra
def test_corollary_2_in_general_is_the_symmetrised_noise_at_the_splitting(spectrum: Callable[[float], float]) -> None:
    splitting = float(LEVELS.excitations[1])
    answer = Redfield(LEVELS, Bath(Jz, spectrum)).corollary2()
    symmetrised = 0.5 * (spectrum(splitting) + spectrum(-splitting))
    assert answer.element == pytest.approx(symmetrised * LEVELS.matrix(Jz)[0, 1] ** 2, rel=8 * EPS)
    # And ρ_01's own decay is that, plus emission and absorption to the higher levels.
    x, e = LEVELS.matrix(Jz), LEVELS.excitations
    leak = 0.5 * sum(x[i, n] ** 2 * spectrum(float(e[i] - e[n])) for i in (0, 1) for n in range(2, 6))
    assert answer.diagonal == pytest.approx(answer.element.real + leak, rel=20 * EPS)


@spectra
def test_the_factor_two_between_the_bases_does_not_need_a_flat_spectrum(spectrum: Callable[[float], float]) -> None:
    """On the doublet alone both coherences feel ½(S(ΔE) + S(-ΔE)) J01², the pointer one twice."""
    two = Redfield(LMG(spins=40, field=0.85).levels(2), Bath(Jz, spectrum))
    assert two.coefficient("P", "R") == pytest.approx(2.0 * two.coefficient("E0", "E1"), rel=20 * EPS)


def test_a_cold_bath_does_not_excite_out_of_the_doublet() -> None:
    """At k_BT = ΔE the leakage that keeps η_exact below 2 falls with the Boltzmann factor of the gap."""
    model = LMG(370, 0.95)
    doublet, levels = model.doublet(), model.levels(12)
    cold = Redfield(levels, Bath(Jz, OhmicSpectrum(1e-5, 10.0, doublet.splitting)))
    ratio = cold.coefficient("P", "R") / cold.coefficient("E0", "E1")
    assert doublet.eta_exact < 1.87
    assert doublet.gap is not None
    boltzmann = math.exp(-doublet.gap / doublet.splitting)  # 1e-5; the matrix elements and ω make up a factor near 3
    assert 0.1 * boltzmann < 2.0 - ratio < 10.0 * boltzmann


def test_the_secular_step_drops_the_element_of_corollary_2_beyond_its_cutoff() -> None:
    splitting = float(LEVELS.excitations[1])
    kept = Redfield(LEVELS, Bath(Jz, FlatSpectrum(0.02)), secular_cutoff=2.001 * splitting).corollary2()
    dropped = Redfield(LEVELS, Bath(Jz, FlatSpectrum(0.02)), secular_cutoff=1.999 * splitting).corollary2()
    assert kept.kept
    assert not dropped.kept
    assert dropped.element == 0.0
    assert dropped.expected == kept.expected
    assert "drops" in dropped.statement


def test_a_splitting_below_rounding_is_still_told_from_zero() -> None:
    levels = LMG(spins=10_000, field=0.95).levels(4)
    splitting = float(levels.excitations[1])
    assert 1e-47 < splitting < 1e-46
    kept, dropped = (
        Redfield(levels, Bath(Jz, FlatSpectrum(1e-9)), secular_cutoff=factor * splitting) for factor in (2.5, 1.5)
    )
    assert kept.corollary2().kept
    assert not dropped.corollary2().kept
    # ω_02 and ω_12 are of order 1 and differ by ΔE only, which their difference as doubles would not show.
    larger, smaller = (
        Redfield(levels, Bath(Jz + Jx, FlatSpectrum(1e-9)), secular_cutoff=factor * splitting) for factor in (1.5, 0.5)
    )
    assert larger.tensor[0, 2, 1, 2] != 0.0
    assert smaller.tensor[0, 2, 1, 2] == 0.0
    # The spectrum is asked at ΔE itself: emission and absorption differ where it varies over such an energy.
    steep = Redfield(levels, Bath(Jz, lambda omega: 1e-9 * (1.0 + math.tanh(omega / splitting))))
    down, up = steep.tensor[0, 0, 1, 1].real, steep.tensor[1, 1, 0, 0].real
    assert down / up == pytest.approx(math.exp(2.0), rel=1e-12)


# --- positivity --------------------------------------------------------------------------------------------------


@spectra
def test_canonical_rates_are_the_closed_form_of_one_bath(spectrum: Callable[[float], float]) -> None:
    redfield = Redfield(LEVELS, Bath(Jz + 0.2 * Jx, spectrum))
    a, lam = redfield.couplings[0], redfield.filtered[0]
    one = np.eye(6)
    a0, lam0 = a - np.trace(a) / 6 * one, lam - np.trace(lam) / 6 * one
    inner, sizes = np.vdot(a0, lam0), np.linalg.norm(a0) * np.linalg.norm(lam0)
    root = math.sqrt(max(0.0, sizes**2 - inner.imag**2))
    expected = inner.real - root, inner.real + root
    found = redfield.canonical_rates
    scale = np.abs(found).max()
    assert found[-1] == pytest.approx(expected[1], rel=1e-12)
    # For parallel operators the difference under the root is rounding of the squares: its root is sqrt(eps).
    assert found[0] == pytest.approx(expected[0], abs=1e-7 * scale)
    assert np.abs(found[1:-1]).max() < 1e-12 * scale


def test_flat_is_completely_positive_and_says_so() -> None:
    flat = Redfield(LEVELS, Bath(Jz, FlatSpectrum(0.02)))
    assert flat.is_completely_positive
    assert flat.most_negative_rate == 0.0
    assert flat.warnings == ()
    assert flat.evolve("pointer", [0.0, 1.0]).attrs["warnings"] == ""


@pytest.mark.parametrize("name", ["Ohmic", "Ohmic at zero temperature", "1/f", "thermal 1/f", "user's"])
def test_coloured_noise_is_not_and_the_full_secular_step_mends_it(name: str) -> None:
    whole = Redfield(LEVELS, Bath(Jz, SPECTRA[name]))
    assert not whole.is_completely_positive
    assert whole.most_negative_rate < 0.0
    assert "not completely positive" in whole.warnings[0]
    secular = Redfield(LEVELS, Bath(Jz, SPECTRA[name]), secular_cutoff=0.0)
    assert secular.is_completely_positive
    assert not any("completely" in warning for warning in secular.warnings)


def test_a_negative_population_is_seen_and_said() -> None:
    """At zero temperature the ground state cannot be excited, but without the secular step its neighbour is."""
    cold = Redfield(LEVELS, Bath(Jz, OhmicSpectrum(0.05, 3.0, 0.0)))
    answer = cold.evolve("pointer", np.linspace(0.0, 20.0, 41))
    assert float(answer.lowest_eigenvalue.min()) < -1e-4
    assert "not a state" in answer.attrs["warnings"]
    secular = Redfield(LEVELS, cold.baths, secular_cutoff=0.0).evolve("pointer", np.linspace(0.0, 20.0, 41))
    assert float(secular.lowest_eigenvalue.min()) > -1e-12


def test_long_memory_is_warned_of() -> None:
    slow = Redfield(LEVELS, Bath(Jz, OneOverFSpectrum(0.005, 1e-4)))
    assert any("remembers" in warning for warning in slow.warnings)
    assert not any("remembers" in w for w in Redfield(LEVELS, Bath(Jz, OhmicSpectrum(1e-4, 3.0, 0.5))).warnings)


@settings(max_examples=40)
@given(
    st.lists(st.floats(0.0, 2.0), min_size=4, max_size=4),
    st.floats(-1.0, 1.0),
    st.floats(-1.0, 1.0),
    st.one_of(st.none(), st.floats(0.0, 3.0)),
)
def test_trace_and_hermiticity(weights: list[float], x: float, y: float, cutoff: float | None) -> None:
    a, b, c, d = weights

    def spectrum(omega: float) -> float:
        return 0.01 * (a + b * math.exp(-((omega - 1.0) ** 2)) + c / (1.0 + omega**2) + d * max(0.0, omega))

    redfield = Redfield(LEVELS, Bath(Jz + x * Jx + y * Jy, spectrum), secular_cutoff=cutoff)
    assert redfield.trace_defect < 1e-13
    assert redfield.hermiticity_defect < 1e-13
    answer = redfield.evolve(np.array([0.6, 0.8j, 0, 0, 0, 0]), [0.0, 0.5, 1.0])
    rho = answer.rho.values
    # Rates up to 0.04·20² = 16 for a time of 1, in an equation that may grow where it is not positive.
    growth = 1.0 + np.abs(rho).max()
    np.testing.assert_allclose(np.einsum("tii->t", rho), 1.0, rtol=0.0, atol=1e-11 * growth)
    np.testing.assert_allclose(rho, rho.conj().transpose(0, 2, 1), rtol=0.0, atol=1e-12 * growth)


# --- thermal baths -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spectrum", [OhmicSpectrum(0.01, 3.0, 0.4), OneOverFSpectrum(0.005, 0.01, temperature=0.4)])
def test_a_thermal_bath_leads_to_the_gibbs_state_with_the_secular_step(spectrum: Callable[[float], float]) -> None:
    # Odd and even noise together, so that there is one steady state only.
    redfield = Redfield(LEVELS, [Bath(Jz, spectrum), Bath(Jx, spectrum)], secular_cutoff=0.0)
    weights = np.exp(-LEVELS.excitations / 0.4)
    weights /= weights.sum()
    flow = redfield.generator() @ np.diag(weights).ravel()
    assert np.abs(flow).max() < 50 * EPS * np.abs(redfield.tensor).max()
    late = redfield.evolve("ground", [0.0, 1e4])
    np.testing.assert_allclose(late.populations.values[1], weights, rtol=0.0, atol=1e-10)


@pytest.mark.parametrize("omega", [1e-9, 0.03, 1.0, 20.0, 400.0])
@pytest.mark.parametrize("spectrum", [OhmicSpectrum(0.3, 1e3, 0.7), OneOverFSpectrum(0.3, 0.01, temperature=0.7)])
def test_detailed_balance(spectrum: Callable[[float], float], omega: float) -> None:
    assert spectrum(-omega) == pytest.approx(math.exp(-omega / 0.7) * spectrum(omega), rel=8 * EPS)


def test_the_ohmic_bath_is_qutips() -> None:
    ours = OhmicSpectrum(strength=0.2, cutoff=3.0, temperature=0.7)
    theirs = qutip.OhmicEnvironment(T=0.7, alpha=0.2, wc=3.0, s=1)
    omega = np.array([-2.0, -0.5, 0.5, 2.0, 9.0])
    np.testing.assert_allclose([ours(w) for w in omega], theirs.power_spectrum(omega), rtol=1e-12)
    assert ours(0.0) == pytest.approx(ours(1e-12), rel=1e-11) == 2.0 * 0.2 * 0.7
    assert OhmicSpectrum(0.2, 3.0, 1e-320)(-1.0) == 0.0


# --- bad input ---------------------------------------------------------------------------------------------------


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError, match=r"bath operator must be Hermitian; got J- with \|A - A†\| ="):
        _ = Redfield(LEVELS, Bath(Jm)).tensor
    with pytest.raises(InputError, match=r"spectrum must be a function S\(ω\) that is finite, real and >= 0; got S\("):
        _ = Redfield(LEVELS, Bath(Jz, lambda omega: -1.0)).tensor
    with pytest.raises(InputError, match="finite, real and >= 0"):
        _ = Redfield(LEVELS, Bath(Jz, lambda omega: 1.0 + 1.0j)).tensor
    with pytest.raises(InputError, match=r"spectrum must be a function S\(ω\), such as FlatSpectrum\(0.1\); got 0.1"):
        Bath(Jz, 0.1)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="baths must be one or more Bath"):
        Redfield(LEVELS, [])
    with pytest.raises(InputError, match="secular_cutoff must be a finite number >= 0; got -1"):
        Redfield(LEVELS, Bath(), secular_cutoff=-1)
    with pytest.raises(InputError, match=r"levels must be at most 32 for a Redfield tensor; got 41"):
        Redfield(LMG(spins=40, field=0.85).levels(41), Bath())
    redfield = Redfield(LEVELS, Bath(Jz, FlatSpectrum(0.02)))
    with pytest.raises(InputError, match="density matrix must have trace 1; got 6"):
        redfield.evolve(np.eye(6), [0.0])
    with pytest.raises(InputError, match="times must be"):
        redfield.evolve("pointer", [1.0, 0.0])
    for broken in (
        lambda: OhmicSpectrum(0.1, 0.0, 1.0),
        lambda: OhmicSpectrum(0.1, 1.0, -1.0),
        lambda: OneOverFSpectrum(0.1, 0.0),
        lambda: FlatSpectrum(-0.1),
    ):
        with pytest.raises(InputError, match="must be a finite number >"):
            broken()
