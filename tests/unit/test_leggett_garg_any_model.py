"""Leggett-Garg tests of systems that are no collective spin, against QuTiP, closed forms, and each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
import qutip
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import LMG, Dicke, InputError, PhaseError, Rabi, ResolutionError, VibronicDimer
from einselect.boson import half_line
from einselect.models import CustomModel, FewModes, SpinBoson, VibronicRing
from einselect.protocols import LeggettGarg, k3_across
from einselect.protocols.correlators import damped_oscillation
from einselect.protocols.spectral_readout import SpectralReadout
from einselect.spin import Jm


def in_qutip(spins: int, coupling: float, photons: int) -> dict[str, qutip.Qobj]:
    """The Dicke model on Fock states that are not displaced, ω = ω0 = 1."""
    j = 0.5 * spins
    one, eye = qutip.qeye(photons), qutip.qeye(spins + 1)
    a = qutip.tensor(qutip.destroy(photons), eye)
    jx, jz = (qutip.tensor(one, qutip.jmat(j, axis)) for axis in "xz")
    h = a.dag() * a + jz + 2.0 * coupling / math.sqrt(spins) * (a + a.dag()) * jx
    sign = (2.0 * jx).eigenstates()
    q = sum((np.sign(round(m)) * v * v.dag() for m, v in zip(*sign, strict=True)), start=0.0 * jx)
    x = (a + a.dag()).eigenstates()
    s = sum((np.sign(m) * v * v.dag() for m, v in zip(*x, strict=True) if abs(m) > 1e-9), start=0.0 * jx)
    return {"H": h, "a": a, "Jx": jx, "x": a + a.dag(), "sgn Jx": q, "sgn x": s}


def regression(
    system: dict[str, qutip.Qobj], jump: str, gamma: float, rho: qutip.Qobj, times: list[float], read: str = "sgn Jx"
) -> np.ndarray:
    """½<{Q(t), Q(0)}> by QuTiP's two-time correlation functions."""
    q = system[read]
    found = qutip.correlation_2op_1t(
        system["H"],
        rho,
        [0.0, *times],
        [math.sqrt(gamma) * system[jump]],
        q,
        q,
        options={"atol": 1e-11, "rtol": 1e-9, "nsteps": 10**7},
    )
    return np.asarray(found[1:].real)


@pytest.mark.parametrize(
    ("spins", "coupling", "photons", "jump"),
    [(1, 1.0, 24, "Jx"), (1, 1.0, 24, "a"), (1, 1.2, 28, "a"), (2, 0.8, 26, "a"), (3, 0.75, 26, "Jx")],
)
def test_the_correlator_is_that_of_qutip_within_its_error(spins: int, coupling: float, photons: int, jump: str) -> None:
    model = Rabi(coupling) if spins == 1 else Dicke(spins, coupling)
    test = LeggettGarg(model, jump=jump, tolerance=1e-5)
    gamma = 0.2 / (test.tau * test.doublet.g01)
    times = [test.tau, 2.0 * test.tau]
    system = in_qutip(spins, coupling, photons)
    ground = system["H"].groundstate()[1]
    expected = regression(system, jump, gamma, ground * ground.dag(), times)
    found = test.correlations(gamma, times)
    assert found.error < 5e-3
    np.testing.assert_allclose(found.values[0], expected, rtol=0.0, atol=found.error + 1e-6)
    k3 = test.k3(gamma)
    assert k3.value == pytest.approx(2.0 * expected[0] - expected[1], abs=k3.error)
    # Fewer levels than the answer needs are off by more: the error is no formality.
    few = LeggettGarg(model, 3, jump=jump).correlations(gamma, times).values[0]
    assert np.abs(few - expected).max() > 10.0 * found.error


def test_three_times_and_other_states_against_qutip() -> None:
    model, system = Rabi(1.0), in_qutip(1, 1.0, 24)
    _, states = system["H"].eigenstates(eigvals=2)
    for initial, weights in (("ground", (1.0, 0.0)), ("doublet-mixture", (0.5, 0.5))):
        test = LeggettGarg(model, initial=initial, jump="a", tolerance=1e-5)
        gamma, tau = 0.2 / (test.tau * test.doublet.g01), test.tau
        rho = sum(w * v * v.dag() for w, v in zip(weights, states, strict=True))
        later = qutip.mesolve(
            system["H"], rho, [0.0, tau], [math.sqrt(gamma) * system["a"]], options={"atol": 1e-11, "rtol": 1e-9}
        ).states[-1]
        near, far = regression(system, "a", gamma, rho, [tau, 2.0 * tau])
        second = regression(system, "a", gamma, later, [tau])[0]
        found = test.k3(gamma, form="three-time")
        assert found.value == pytest.approx(near + second - far, abs=found.error)
        assert found.error < 1e-3
        assert abs(found.value - test.k3(gamma).value) > found.error  # the two forms differ


def test_the_sign_of_the_field_against_a_fine_grid() -> None:
    """sgn(a + a†) between the levels of the Rabi model, from wavefunctions in x."""
    levels = Rabi(1.0).levels(4)
    found = SpectralReadout(levels, "x").apply(np.sign).matrix
    system = in_qutip(1, 1.0, 120)
    _, states = system["H"].eigenstates(eigvals=4)
    x = np.linspace(-12.0, 12.0, 48_001) + 1e-4
    waves = np.zeros((120, len(x)))
    waves[0] = math.pi**-0.25 * np.exp(-0.5 * x**2)
    waves[1] = math.sqrt(2.0) * x * waves[0]
    for n in range(1, 119):
        waves[n + 1] = math.sqrt(2.0 / (n + 1)) * x * waves[n] - math.sqrt(n / (n + 1)) * waves[n - 1]
    psi = [waves.T @ state.full().reshape(120, 2) for state in states]  # (x, spin)
    for i in range(4):
        for k in range(4):
            overlap = (np.sign(x)[:, None] * psi[i].conj() * psi[k]).sum() * (x[1] - x[0])
            assert abs(found[i, k]) == pytest.approx(abs(overlap), abs=2e-4)


@given(st.floats(-3.0, 3.0), st.integers(1, 25))
@settings(max_examples=40, deadline=None)
def test_the_sign_on_a_cut_basis_is_a_contraction(edge: float, size: int) -> None:
    found = half_line(edge, size)
    np.testing.assert_allclose(found, found.T, atol=1e-13)
    assert np.abs(np.linalg.eigvalsh(found)).max() <= 1.0 + 1e-12
    mirror = np.power(-1.0, np.add.outer(np.arange(size), np.arange(size)))
    np.testing.assert_allclose(half_line(-edge, size), -mirror * found, atol=1e-12)  # q -> -q


# --- limits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", ["Jx", "x", "a", "J-"])
def test_the_deep_strong_rabi_doublet_has_a_closed_form(jump: str) -> None:
    """On the doublet an odd real L = sσx + d iσy: x' = ΔE y - γ 2d² x, y' = -ΔE x - γ 2s² y, so with p = γ(s² - d²)
    x = e^(-2γd² t) times the damped oscillation of Λ = p."""
    model = Rabi(2.5)
    levels = model.levels(2)
    l01, l10 = (float(levels.matrix(jump)[i]) for i in ((0, 1), (1, 0)))
    s, d = 0.5 * (l01 + l10), 0.5 * (l01 - l10)
    test = LeggettGarg(model, "two-level", jump=jump)
    gamma = 0.3 / (test.tau * (s * s + d * d))
    times = np.array([0.3, 1.0, 2.0]) * test.tau
    contrast = test.correlator.contrast
    assert contrast > 0.998
    expected = np.exp(-2.0 * gamma * d * d * times) * damped_oscillation(
        times, levels.excitations[1], gamma * (s * s - d * d)
    )
    np.testing.assert_allclose(test.correlations(gamma, times).values[0], contrast * expected, rtol=1e-9)
    # B keeps cos and the secular rate.
    secular = LeggettGarg(model, "B", jump=jump)
    moment = model.doublet(jump).eigenstate_moment
    np.testing.assert_allclose(
        secular.correlations(gamma, times).values[0],
        contrast * np.cos(levels.excitations[1] * times) * np.exp(-gamma * moment * times),
        rtol=1e-12,
    )


def test_a_deep_doublet_is_described_by_two_levels() -> None:
    """Photon loss in the deep-strong regime: all levels come to what the doublet says as λ grows."""
    off = []
    for coupling in (1.2, 1.6, 2.0):
        two, many = (LeggettGarg(Rabi(coupling), level, tolerance=1e-4) for level in ("two-level", "converged"))
        off.append(abs(two.k3(0.0).value - many.k3(0.0).value))
    assert off[0] > off[1] > off[2]
    assert off[2] < 0.006


def test_a_spin_by_itself_is_the_two_level_formula() -> None:
    polaron = SpinBoson(1.0, 0.2, cutoff=50.0, modes=0)
    dressed = polaron.dressed()
    for level in ("two-level", "C", "converged"):
        test = LeggettGarg(polaron, level)
        assert test.tau == pytest.approx(math.pi / (3.0 * dressed), rel=1e-12)
        times = np.array([test.tau, 2.0 * test.tau])
        found = test.correlations(0.3, times)
        np.testing.assert_allclose(found.values[0], damped_oscillation(times, dressed, 0.3 / 4.0), rtol=1e-10)
        assert found.error < 1e-12
    assert LeggettGarg(polaron).k3(0.0).value == pytest.approx(1.5, abs=1e-12)


def test_one_system_by_its_several_models() -> None:
    """One mode with a spin: as Rabi model, as spin and modes, as dimer; and the spin itself as a custom model."""
    tests = [
        LeggettGarg(Rabi(1.2), jump="Jx", tolerance=1e-4),
        LeggettGarg(FewModes(1.0, [1.0], [2.4]), tolerance=1e-4),
        LeggettGarg(VibronicDimer(-0.5, 2.0 * 1.2**2), tolerance=1e-4),
    ]
    gamma = 0.1 / (tests[0].tau * 0.25)
    found = [test.k3(gamma) for test in tests]
    for value in found[1:]:
        assert value.value == pytest.approx(found[0].value, abs=value.error + found[0].error)
    assert max(value.error for value in found) < 1e-3


def test_a_collective_spin_as_matrices_gives_what_its_own_route_gives() -> None:
    """Two routes to one number: the strip with every level, and many levels settled."""
    spins, field = 10, 0.7
    m = np.arange(spins + 1) - 0.5 * spins
    off = -0.5 * field * np.sqrt(0.25 * spins * (spins + 2) - m[:-1] * (m[:-1] + 1.0))
    h = np.diag(-(m**2) / spins) + np.diag(off, 1) + np.diag(off, -1)
    matrices = CustomModel(h, np.eye(spins + 1)[::-1], {"Jz": np.diag(m)})
    for form in ("stationary", "three-time"):
        own = LeggettGarg(LMG(spins, field)).k3(0.01, form=form)
        other = LeggettGarg(matrices).k3(0.01, form=form)
        assert other.value == pytest.approx(own.value, abs=own.error + other.error + 1e-9)
        assert other.error < 1e-9  # all eleven levels
    assert LeggettGarg(matrices).threshold().gamma == pytest.approx(LeggettGarg(LMG(spins, field)).threshold().gamma)


def test_a_collective_spin_under_another_jump_operator() -> None:
    """J- on a small spin, all levels: the plain exponential of its Liouvillian."""
    from scipy.linalg import expm

    model = LMG(8, 0.7)
    levels = model.levels(9)
    test = LeggettGarg(model, jump="J-")
    z, lower = levels.matrix("Jz"), levels.matrix("J-")
    values, vectors = np.linalg.eigh(z)
    q = (vectors * np.sign(np.rint(values))) @ vectors.T
    one, h = np.eye(9), np.diag(levels.excitations)
    damping = lower.T @ lower
    generator = -1j * (np.kron(h, one) - np.kron(one, h)) + 0.01 * (
        np.kron(lower, lower) - 0.5 * np.kron(damping, one) - 0.5 * np.kron(one, damping)
    )
    start = np.zeros((9, 9))
    start[0, 0] = 1.0
    for t in (test.tau, 2.0 * test.tau):
        moved = (expm(generator * t) @ (q @ start).reshape(-1)).reshape(9, 9)
        found = test.correlations(0.01, [t])
        assert found.values[0, 0] == pytest.approx(np.trace(q @ moved).real, abs=1e-9)


def test_levels_above_those_solved_in_full_keep_weight_frequency_and_decay() -> None:
    """Pure dephasing, L a function of H: ρ_nb decays by Eq. 12 exactly, cross term included. Q reaches 60 levels."""
    rng = np.random.default_rng(5)
    size, gamma = 60, 0.02
    energies = np.concatenate(([0.0, 0.1], np.sort(rng.uniform(1.0, 9.0, size - 2))))
    parities = (-1.0) ** np.arange(size)
    noise, order = rng.normal(size=size), rng.normal(size=(size, size))
    order = np.where(np.multiply.outer(parities, parities) < 0, order + order.T, 0.0)
    model = CustomModel(np.diag(energies), np.diag(parities), {"D": np.diag(noise), "O": order})
    test = LeggettGarg(model, operator="O", jump="D")
    values, vectors = np.linalg.eigh(order)
    q = ((vectors * np.sign(values)) @ vectors.T)[:, 0]
    assert np.sum(q[36:] ** 2) > 0.2  # beyond what is solved in full
    times = np.array([0.7, 3.0])
    for rate in (0.0, gamma):
        decay = np.exp(-0.5 * rate * np.multiply.outer(times, (noise - noise[0]) ** 2))
        expected = (q**2 * np.cos(np.multiply.outer(times, energies)) * decay).sum(axis=1)
        found = test.correlations(rate, times)
        np.testing.assert_allclose(found.values[0], expected, atol=1e-11)
        assert found.levels < size
        assert found.error < 1e-10


def test_without_dephasing_only_the_weight_beyond_all_levels_is_missed() -> None:
    model = Dicke(6, 0.7)
    test = LeggettGarg(model, tolerance=1e-5)
    levels = model.levels(100)
    q = SpectralReadout(levels, "Jx").apply(np.sign).matrix[:, 0]
    times = np.array([test.tau, 2.0 * test.tau])
    expected = (np.abs(q) ** 2 * np.cos(np.multiply.outer(times, levels.excitations))).sum(axis=1)
    found = test.correlations(0.0, times)
    np.testing.assert_allclose(found.values[0], expected, atol=1e-10)
    weight = 1.0 - (SpectralReadout(levels, "Jx").apply(lambda m: 1.0 - np.sign(m) ** 2).matrix[0, 0]).real
    assert found.error == pytest.approx(weight - np.sum(np.abs(q) ** 2), abs=1e-9)
    assert found.error < 1e-4


# --- what holds for all of them ------------------------------------------------------------------------------------

SYSTEMS = (
    Rabi(1.3),
    Dicke(6, 0.7),
    FewModes(1.0, [1.5, 3.0], [2.5, 2.0]),
    SpinBoson(1.0, 0.2, cutoff=50.0, modes=2),
    VibronicDimer(-0.5, 4.0),
    VibronicRing(3, -0.3, 2.0, closing=0.0),
)


@pytest.mark.parametrize("model", SYSTEMS, ids=lambda model: type(model).__name__)
def test_bounds_forms_and_maps(model: object) -> None:
    test = LeggettGarg(model, "C")
    rates = [0.0, 0.1 / (test.tau * test.doublet.g01), 0.5 / (test.tau * test.doublet.g01)]
    values = [test.k3(rate) for rate in rates]
    assert 0.0 < test.correlator.contrast <= 1.0
    assert all(abs(v.value) <= 3.0 for v in values)
    assert LeggettGarg(model, "two-level").k3(0.0).value == pytest.approx(1.5 * test.correlator.contrast, rel=1e-9)
    assert test.wigner(rates[1]).value == pytest.approx(0.25 * (values[1].value - 1.0), rel=1e-12)
    assert test.k4(0.0).value <= 2.0 * math.sqrt(2.0) + 0.3
    plane = test.k3_map(rates, [0.5 * test.tau, test.tau], 1e-6)
    np.testing.assert_allclose(plane.k3.sel(tau=test.tau), [v.value for v in values], atol=1e-6)
    limit = test.threshold()
    if limit.gamma is not None:
        assert test.k3(limit.gamma).value == pytest.approx(1.0, abs=1e-6)
    if test.correlator.contrast < 2.0 / 3.0:  # three wells: the middle one has no sign
        assert LeggettGarg(model, "two-level").threshold().gamma is None


def test_over_a_parameter() -> None:
    couplings = [1.0, 1.4]
    tests = [LeggettGarg(Rabi(c), "C") for c in couplings]
    found = k3_across(tests, "coupling", couplings, [0.0, 1e-3])
    assert found.k3.dims == ("coupling", "gamma")
    assert found.contrast.values[1] == pytest.approx(0.970238, abs=1e-6)


def test_thermal_and_given_states() -> None:
    model = Rabi(1.4)
    splitting = model.doublet().splitting
    warm = LeggettGarg(model, "C", "thermal", temperature=splitting)
    cold = LeggettGarg(model, "C", "thermal", temperature=1e-3 * splitting)
    ground, mixture = (LeggettGarg(model, "C", name) for name in ("ground", "doublet-mixture"))
    values = [test.k3(2e-3).value for test in (cold, warm, mixture)]
    assert values[0] == pytest.approx(ground.k3(2e-3).value, abs=1e-12)
    assert min(values[0], values[2]) <= values[1] <= max(values[0], values[2])
    given = LeggettGarg(model, "C", np.diag([0.5, 0.5])).k3(2e-3).value
    assert given == pytest.approx(values[2], abs=1e-12)


DEGENERATE = CustomModel(np.diag([0.0, 0.0, 1.0]), np.diag([1, -1, 1]), {"x": np.eye(3, k=1) + np.eye(3, k=-1)})
"""Two lowest levels whose splitting is below rounding."""


# --- what does not make sense is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: LeggettGarg(Rabi(1.4), operator="n"),
            InputError,
            "operator must be odd under the parity, so that its sign tells the wells apart; got n, even",
        ),
        (
            lambda: LeggettGarg(VibronicDimer(-0.5, 4.0), operator="site1"),
            InputError,
            "operator must be odd under the parity, so that its sign tells the wells apart; got site1, of no definite",
        ),
        (lambda: LeggettGarg(Rabi(1.4), operator="a").k3(0.0), InputError, "operator must be Hermitian for a readout"),
        (lambda: LeggettGarg(Rabi(1.4), operator="q"), InputError, "operator must be one of a, x, Jx, J-, Jz, n"),
        (lambda: LeggettGarg(Rabi(1.4), jump="b"), InputError, "jump must be one of a, x, Jx, J-, Jz, n; got 'b'"),
        (
            lambda: LeggettGarg(FewModes(1.0, [1.5], [2.5]), "A").k3(0.0),
            PhaseError,
            "level must be another than 'A', which needs a mean field of sz; got 'A'",
        ),
        (
            lambda: LeggettGarg(DEGENERATE, "C").k3(1e-3),
            ResolutionError,
            "ΔE must be resolved for a Leggett-Garg test; it is only known to be below",
        ),
        (
            lambda: LeggettGarg(Rabi(1.4), operator="x", readout=np.tanh).k3(0.0),
            InputError,
            "readout must be the sign for x, of which the basis holds no other function",
        ),
        (lambda: LeggettGarg(Rabi(1.4)).signalling(), InputError, "model must be a collective spin"),
        (
            lambda: LeggettGarg(SpinBoson(1.0, 0.2, modes=0), 3),
            InputError,
            "level must be a whole number from 2 to 2; got 3",
        ),
        (
            lambda: LeggettGarg(CustomModel(np.diag([0.0, 1.0]), np.diag([1, -1]))),
            InputError,
            "operator must be given for a model without an odd jump operator",
        ),
    ],
)
def test_what_is_refused(make, kind, message: str) -> None:
    with pytest.raises(kind) as caught:
        make()
    assert str(caught.value).startswith(message)


def test_a_jump_operator_may_be_an_expression() -> None:
    model = Rabi(1.4)
    both = 0.5 * (model.operator("a") + model.operator("a").dag())
    x = LeggettGarg(model, "C", jump="x").k3(0.25e-3)
    assert LeggettGarg(model, "C", jump=both).k3(1e-3).value == pytest.approx(x.value, rel=1e-9)
    assert LeggettGarg(LMG(8, 0.7), "C", jump=Jm).k3(0.01).value != LeggettGarg(LMG(8, 0.7), "C").k3(0.01).value
