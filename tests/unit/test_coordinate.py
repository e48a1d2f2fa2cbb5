"""Densities along a coordinate and adiabatic potentials: against plain Fock states, operators, and bounds."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import AnisotropicLMG, CustomModel, Dicke, FewModes, InputError, Rabi, SpinBoson, VibronicDimer
from einselect.boson import destroy, oscillator_waves
from einselect.models import CoordinateStates, VibronicRing, coordinate_states
from einselect.models.coordinate import STATES, transition_densities

MODELS = [
    Rabi(2.5),
    Rabi(0.4, 1.3, 0.7),
    Rabi(30.0),
    Dicke(20, 0.7),
    Dicke(3, 0.5, 1.2, 0.8),
    VibronicDimer(-0.5, 4.0),
    VibronicDimer(1.0, 0.3),
    FewModes(1.0, [1.5], [2.5]),
    FewModes(1.0, [1.5, 3.0], [2.5, 2.0]),
    FewModes(0.7, [0.8, 2.0, 1.1], [0.5, -1.5, 0.9]),
    SpinBoson(1.0, 0.2, cutoff=50.0, modes=2),
]
each_model = pytest.mark.parametrize("model", MODELS, ids=str)


def step(found: CoordinateStates) -> float:
    return float(found.positions[1] - found.positions[0])


def hermite(x, size):
    """φ_n(x) from SciPy's Hermite polynomials, shape (size, ...)."""
    from scipy.special import eval_hermite, gammaln

    logs = [-0.5 * (n * math.log(2.0) + float(gammaln(n + 1.0)) + 0.5 * math.log(math.pi)) for n in range(size)]
    return np.stack([math.exp(logs[n]) * eval_hermite(n, x) * np.exp(-0.5 * x * x) for n in range(size)])


def lowest(hamiltonian, count=2):
    """Lowest states as rows."""
    return np.linalg.eigh(hamiltonian)[1].T[:count]


def kinetic(points, spacing):
    """p²/2 on a uniform grid, exact for functions whose wavenumbers the grid can hold."""
    apart = np.subtract.outer(np.arange(points), np.arange(points))
    with np.errstate(divide="ignore"):
        found = np.where(apart == 0, math.pi**2 / 3.0, 2.0 * (-1.0) ** apart / np.where(apart, apart, 1) ** 2.0)
    return 0.5 * found / spacing**2


# --- what densities are ------------------------------------------------------------------------------------------


@each_model
def test_densities_are_normalised_and_mirrored(model):
    """To rounding: sums of some hundred terms, and a cut at 1e-15 of the peak."""
    found = coordinate_states(model.doublet())
    p = found.densities
    assert tuple(p) == STATES
    np.testing.assert_allclose(found.positions, -found.positions[::-1], atol=1e-12)
    for name in STATES:
        assert found.mean(name, 0) == pytest.approx(1.0, abs=1e-12)
        assert p[name].min() > -1e-13
    for one, other in (("E0", "E0"), ("E1", "E1"), ("P", "R")):
        np.testing.assert_allclose(p[one], p[other][::-1], atol=1e-11)
    np.testing.assert_allclose(p["P"] + p["R"], p["E0"] + p["E1"], atol=1e-13)
    np.testing.assert_allclose(found.potential, found.potential[::-1], rtol=1e-12)


def coordinate_operator(model, levels):
    """X on the basis of the levels, from the operators that the model has."""
    if isinstance(model, FewModes):
        g = math.hypot(*model.couplings)
        lower = sum(c / g * levels.operators[f"b{k}"].matrix for k, c in enumerate(model.couplings))
    else:
        lower = levels.operators["b" if isinstance(model, VibronicDimer) else "a"].matrix
    return (lower + lower.T) / math.sqrt(2.0)


@pytest.mark.parametrize("model", [m for m in MODELS if not isinstance(m, SpinBoson)], ids=str)
def test_moments_are_those_of_the_operator(model):
    """<X> and <X²>, of which the cut basis leaves out sqrt(population of its last state) ~ 1e-6 times a few quanta²."""
    doublet = model.doublet()
    found = coordinate_states(doublet)
    x = coordinate_operator(model, doublet.levels)
    for name in STATES:
        image = x @ (doublet.levels.state(name) @ doublet.levels.vectors)
        state = doublet.levels.state(name) @ doublet.levels.vectors
        square = float(image @ image)
        assert found.mean(name) == pytest.approx(float(state @ image), abs=1e-9 * (1.0 + square))
        assert found.mean(name, 2) == pytest.approx(square, rel=1e-9)


@pytest.mark.parametrize("model", [Dicke(20, 0.7), Rabi(2.5)], ids=str)
def test_pointer_states_sit_in_one_well_each(model):
    """<sgn x> of the exact matrix elements; the density at x = 0 is 1e-5 here, and a step of 0.05 sees it."""
    doublet = model.doublet()
    found = coordinate_states(doublet)
    sign = doublet.levels.operators["x"].sign()
    for name, side in (("P", 1.0), ("R", -1.0)):
        state = doublet.levels.state(name) @ doublet.levels.vectors
        wanted = float(state @ (sign @ state))
        assert side * wanted > 0.999
        inside = step(found) * float(found.densities[name] @ np.sign(found.positions))
        assert inside == pytest.approx(wanted, abs=1e-6)
        at = found.positions[found.densities[name].argmax()]
        assert at == pytest.approx(side * abs(found.positions[found.potential.argmin()]), abs=0.1)


# --- the same from plain Fock states -----------------------------------------------------------------------------


@pytest.mark.parametrize(("coupling", "mode", "spin"), [(1.0, 1.0, 1.0), (0.6, 0.8, 2.0)])
def test_rabi_against_plain_fock_states(coupling, mode, spin):
    size = 50
    a = destroy(size)
    sz, sx = np.diag([1.0, -1.0]), np.array([[0.0, 1.0], [1.0, 0.0]])
    h = mode * np.kron(np.eye(2), a.T @ a) + 0.5 * spin * np.kron(sz, np.eye(size)) + coupling * np.kron(sx, a + a.T)
    states = lowest(h).reshape(2, 2, size)
    found = coordinate_states(Rabi(coupling, mode, spin).doublet())
    waves = hermite(found.positions, size)
    for name, state in zip(("E0", "E1"), states, strict=True):
        np.testing.assert_allclose(found.densities[name], ((state @ waves) ** 2).sum(0), atol=1e-8)
    both = [((states[0] + sign * states[1]) @ waves / math.sqrt(2.0)) for sign in (1.0, -1.0)]
    densities = sorted([(wave**2).sum(0) for wave in both], key=lambda p: p @ found.positions)
    for name, wanted in zip(("R", "P"), densities, strict=True):
        np.testing.assert_allclose(found.densities[name], wanted, atol=1e-8)


def test_dicke_against_qutip():
    qutip = pytest.importorskip("qutip")
    spins, coupling, mode, spin, size = 4, 0.6, 1.1, 0.9, 60
    a, j = qutip.destroy(size), spins / 2
    one, lone = qutip.qeye(int(2 * j + 1)), qutip.qeye(size)
    h = mode * qutip.tensor(one, a.dag() * a) + spin * qutip.tensor(qutip.jmat(j, "z"), lone)
    h += 2.0 * coupling / math.sqrt(spins) * qutip.tensor(qutip.jmat(j, "x"), a + a.dag())
    _, columns = h.eigenstates(eigvals=2)
    found = coordinate_states(Dicke(spins, coupling, mode, spin).doublet())
    waves = hermite(found.positions, size)
    for name, column in zip(("E0", "E1"), columns, strict=True):
        state = column.full().reshape(-1, size)
        np.testing.assert_allclose(found.densities[name], (np.abs(state @ waves) ** 2).sum(0), atol=1e-8)


def rotated_density(states, direction, x):
    """Densities of c1 x1 + c2 x2 by wavefunctions on rotated axes, integrated over the other one."""
    c1, c2 = direction
    y = np.linspace(-9.0, 9.0, 181)
    big, small = np.meshgrid(x, y, indexing="ij")
    size = states.shape[-2:]
    first, second = hermite(c1 * big - c2 * small, size[0]), hermite(c2 * big + c1 * small, size[1])
    psi = np.einsum("...mn,mxy,nxy->...xy", states, first, second, optimize=True)
    return (psi**2).sum(axis=tuple(range(psi.ndim - 2))).sum(-1) * (y[1] - y[0])


def two_modes(size):
    a, one = destroy(size), np.eye(size)
    return np.kron(a, one), np.kron(one, a)


def test_two_modes_against_wavefunctions_on_rotated_axes():
    size, tunnelling, w, g = 22, 1.0, (1.5, 3.0), (1.8, 2.0)
    b = two_modes(size)
    one = np.eye(size * size)
    h = -0.5 * tunnelling * np.kron([[0.0, 1.0], [1.0, 0.0]], one)
    for k in range(2):
        h += np.kron(np.eye(2), w[k] * b[k].T @ b[k]) + np.kron(np.diag([0.5, -0.5]), g[k] * (b[k] + b[k].T))
    states = lowest_sparse(h).reshape(2, 2, size, size)
    found = coordinate_states(FewModes(tunnelling, w, g).doublet())
    kept = slice(None, None, 8)
    for name, state in zip(("E0", "E1"), states, strict=True):
        wanted = rotated_density(state, np.array(g) / math.hypot(*g), found.positions[kept])
        np.testing.assert_allclose(found.densities[name][kept], wanted, atol=1e-8)


def lowest_sparse(h):
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import eigsh

    values, vectors = eigsh(csr_array(h), k=2, which="SA")
    return vectors.T[np.argsort(values)]


def test_dimer_against_the_vibrations_of_both_sites():
    """H as it is written, with b_1 and b_2; P, on molecule 1, is displaced to x_1 < 0."""
    size, coupling, s, mode = 20, -0.5, 2.0, 1.0
    b = two_modes(size)
    one = np.eye(size * size)
    h = coupling * np.kron([[0.0, 1.0], [1.0, 0.0]], one)
    for i in range(2):
        site = np.diag(np.eye(2)[i])
        h += np.kron(np.eye(2), mode * b[i].T @ b[i]) + mode * math.sqrt(s) * np.kron(site, b[i] + b[i].T)
    states = lowest_sparse(h).reshape(2, 2, size, size)
    found = coordinate_states(VibronicDimer(coupling, s, mode).doublet())
    kept = slice(None, None, 8)
    for name, state in zip(("E0", "E1"), states, strict=True):
        wanted = rotated_density(state, (math.sqrt(0.5), -math.sqrt(0.5)), found.positions[kept])
        np.testing.assert_allclose(found.densities[name][kept], wanted, atol=1e-8)
    assert found.mean("P") < -0.5


def test_one_mode_is_the_rabi_model():
    one, rabi = (
        coordinate_states(FewModes(0.8, [1.3], [2.0]).doublet()),
        coordinate_states(Rabi(1.0, 1.3, 0.8).doublet()),
    )
    for name, other in (("E0", "E0"), ("E1", "E1"), ("P", "R")):
        wanted = np.interp(one.positions, rabi.positions, rabi.densities[other])
        np.testing.assert_allclose(one.densities[name], wanted, atol=1e-9)  # the same points of both grids
    np.testing.assert_allclose(one.potential, Rabi(1.0, 1.3, 0.8).adiabatic_potential(one.positions), atol=1e-13)


def test_waves_against_hermite_polynomials():
    x = np.linspace(-9.0, 9.0, 37)
    np.testing.assert_allclose(oscillator_waves(x, 41), hermite(x, 41), atol=1e-13)
    assert oscillator_waves(x, 1).shape == (1, 37)


# --- the adiabatic potential -------------------------------------------------------------------------------------


@pytest.mark.parametrize("spins", [1, 2, 7])
def test_the_potential_is_the_lowest_energy_of_the_spins(spins):
    model = Dicke(spins, 0.8, 1.3, 0.9)
    m = np.arange(spins + 1) - 0.5 * spins
    up = np.diag(np.sqrt(0.5 * spins * (0.5 * spins + 1.0) - m[:-1] * m[1:]), -1)
    jx = 0.5 * (up + up.T)
    for x in (-2.0, 0.0, 0.7, 3.1):
        h = 0.9 * np.diag(m) + 2.0 * 0.8 / math.sqrt(spins) * math.sqrt(2.0) * x * jx
        wanted = 0.5 * 1.3 * (x * x - 1.0) + np.linalg.eigvalsh(h)[0]
        assert float(model.adiabatic_potential(x)) == pytest.approx(wanted, rel=1e-13)


def test_the_potential_of_two_modes_is_the_lowest_energy_across():
    """At fixed X the other motion of both modes, solved on a grid, with the spin at its best."""
    model = FewModes(0.9, [0.7, 2.1], [1.4, -0.8])
    w, g = np.array(model.frequencies), np.array(model.couplings)
    c = g / np.linalg.norm(g)
    along = c * np.sqrt(w) / np.linalg.norm(c * np.sqrt(w))  # of unit masses: y_k = x_k/√ω_k
    across = np.array([-along[1], along[0]])
    t = 0.06 * np.arange(-150, 151)
    for x in (0.0, 0.8, -2.3):
        distance = x / float(c @ (np.sqrt(w) * along))
        y = np.multiply.outer(along, np.full(len(t), distance)) + np.multiply.outer(across, t)
        potential = 0.5 * (w**2 @ y**2) - 0.5 * np.hypot(model.tunnelling, math.sqrt(2.0) * np.linalg.norm(g) * x)
        wanted = np.linalg.eigvalsh(kinetic(len(t), 0.06) + np.diag(potential))[0] - 0.5 * w.sum()
        assert float(model.adiabatic_potential(x)) == pytest.approx(wanted, abs=1e-9)


def bound(model, found):
    """Lowest energy of the motion along X in the adiabatic potential: not above E_0."""
    w = np.array(model.frequencies if isinstance(model, FewModes) else [model.mode])
    g = np.array(model.couplings if isinstance(model, FewModes) else [1.0])
    x = 0.1 * np.arange(-150, 151)
    slowness = float((g * g * w).sum() / (g * g).sum())  # of X: H has ½ slowness P²
    return float(np.linalg.eigvalsh(slowness * kinetic(301, 0.1) + np.diag(model.adiabatic_potential(x)))[0])


@pytest.mark.parametrize("model", [MODELS[n] for n in (0, 1, 3, 4, 5, 7, 8)], ids=str)
def test_energies_lie_above_the_adiabatic_ones(model):
    """E_0 >= that of one particle in V, and E_0 >= <V> in its own density: the kinetic energy is positive."""
    doublet = model.doublet()
    found = coordinate_states(doublet)
    lower = bound(model, found)
    assert lower <= doublet.e0 + 1e-9
    assert step(found) * float(found.densities["E0"] @ found.potential) < doublet.e0


def test_a_fast_spin_is_adiabatic():
    """What is left, by the turning of the spin, falls as ω/ω0 at one ratio of the coupling to the critical one."""
    left = []
    for spin in (10.0, 20.0, 40.0):
        model = Rabi(1.2 * 0.5 * math.sqrt(spin), 1.0, spin)
        doublet = model.doublet()
        left.append(doublet.e0 - bound(model, coordinate_states(doublet)))
    assert all(0.3 < after / before < 0.6 for before, after in pairwise(left)), left
    assert 0.0 < left[-1] < 0.01


# --- any parameters ----------------------------------------------------------------------------------------------

numbers = st.floats(0.2, 2.5)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 6), numbers, numbers, numbers)
def test_any_dicke_model(spins, coupling, mode, spin):
    test_densities_are_normalised_and_mirrored(Dicke(spins, coupling, max(mode, 0.5 * coupling), spin))


@settings(max_examples=12, deadline=None)
@given(numbers, st.lists(st.tuples(st.floats(0.8, 4.0), st.floats(-1.5, 1.5)), min_size=1, max_size=2))
def test_any_few_modes(tunnelling, modes):
    frequencies, couplings = zip(*modes, strict=True)
    if math.hypot(*couplings) < 1e-3:
        return  # not coupled
    model = FewModes(tunnelling, frequencies, couplings)
    test_densities_are_normalised_and_mirrored(model)
    test_moments_are_those_of_the_operator(model)


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("doublet", "message"),
    [
        (lambda: VibronicRing(3, -0.3, 2.0, closing=0.0).doublet(), "got an aggregate of 3 sites, which has 3 wells"),
        (lambda: VibronicRing(2, -0.5, 2.0, closing=0.0).doublet(), "model must be the dimer, the same system"),
        (lambda: SpinBoson(1.0, 0.2, modes=0).doublet(), "modes must be 1 or more .* variational polaron .*; got 0"),
        (
            lambda: CustomModel(np.diag([0.0, 1.0]), np.diag([1, -1]), {"L": np.eye(2, k=1)}).doublet(),
            "got CustomModel",
        ),
        (lambda: Dicke(4, 2.0, 1e-3).doublet(), "coupling must be such that the wells are at most 5000 from X = 0"),
        (lambda: FewModes(1.0, [1.0], [0.0]).doublet(), "couplings must not all be zero"),
        (
            lambda: AnisotropicLMG(20, 0.5, tilt=0.1).doublet(),
            "one with a coordinate.* got AnisotropicLMG",
        ),
    ],
)
def test_where_there_is_no_coordinate(doublet, message):
    with pytest.raises(InputError, match=message):
        coordinate_states(doublet())


def test_too_many_states_are_refused():
    with pytest.raises(InputError, match=r"at most 20000 states together .* got 2 x 10001"):
        transition_densities(np.ones((1, 2, 10_001)), [0.6, 0.8], np.linspace(-1.0, 1.0, 5))


def test_a_doublet_of_a_system_draws_itself() -> None:
    from einselect.plots import plot_doublet

    doublet = Rabi(1.5).doublet()
    drawn, again = (axes.get_lines()[0].get_ydata() for axes in (doublet.plot(), plot_doublet(doublet)))
    np.testing.assert_array_equal(drawn, again)
