"""Spin squeezing against all directions and the formula of one-axis twisting; the Husimi function against QuTiP."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from einselect import LMG, InputError, Jx, Jy, Jz
from einselect.protocols import husimi, squeezing
from einselect.protocols.sensing_states import density_matrix, starting_state
from einselect.protocols.sphere import coherent_amplitudes


def random_density(size: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(size, 2)) + 1j * rng.normal(size=(size, 2))
    rho = a @ a.conj().T
    return rho / np.trace(rho).real


@pytest.mark.parametrize("seed", range(4))
def test_every_direction_is_tried(seed: int) -> None:
    """720 directions across the mean spin, each variance from dense matrices: the smallest one, to the grid's 2e-5."""
    levels = LMG(9, 0.8).levels(5)
    rho = random_density(5, seed)
    found = squeezing(levels, rho)
    psi = levels.dicke_vectors()
    dense = psi.T @ rho @ psi
    spin = [op.matrix(9) for op in (Jx, Jy, Jz)]
    mean = np.array([np.trace(dense @ s).real for s in spin])
    np.testing.assert_allclose(found.mean, mean, atol=1e-12)
    n = mean / np.linalg.norm(mean)
    u = np.linalg.svd(n[None])[2][1]
    v = np.cross(n, u)
    variances = []
    for angle in np.linspace(0.0, np.pi, 720, endpoint=False):
        a = sum(c * s for c, s in zip(np.cos(angle) * u + np.sin(angle) * v, spin, strict=True))
        variances.append(np.trace(dense @ a @ a).real - np.trace(dense @ a).real ** 2)
    # near its minimum a variance grows by half the spread of the two eigenvalues times the square of 2 x 0.0022
    assert found.variance <= min(variances) + 1e-12
    assert found.variance == pytest.approx(min(variances), abs=1e-5 * max(variances))
    assert abs(found.direction @ n) < 1e-12
    assert found.direction.max() == pytest.approx(np.abs(found.direction).max())
    a = sum(c * s for c, s in zip(found.direction, spin, strict=True))
    assert np.trace(dense @ a @ a).real == pytest.approx(found.variance, rel=1e-10)
    assert found.kitagawa_ueda == pytest.approx(4 * found.variance / 9, rel=1e-14)
    assert found.wineland == pytest.approx(9 * found.variance / (mean @ mean), rel=1e-12)
    assert found.length == pytest.approx(np.linalg.norm(mean), rel=1e-12)


@pytest.mark.parametrize("spins", [8, 9, 40])
@pytest.mark.parametrize("twist", [0.0, 0.05, 0.2])
def test_one_axis_twisting(spins: int, twist: float) -> None:
    """exp(-iμJz²) on the state along x: 4 Var/N = 1 + (N-1)/4 [A - √(A² + B²)], Kitagawa and Ueda 1993."""
    levels = LMG(spins, 0.9).levels(spins + 1)
    m = np.arange(spins + 1) - spins / 2
    along_x = expm(-0.5j * np.pi * Jy.matrix(spins)) @ np.eye(spins + 1)[-1]
    found = squeezing(levels, levels.dicke_vectors() @ (np.exp(-1j * twist * m**2) * along_x))
    a = 1.0 - np.cos(2.0 * twist) ** (spins - 2)
    b = 4.0 * np.sin(twist) * np.cos(twist) ** (spins - 2)
    expected = 1.0 + 0.25 * (spins - 1) * (a - np.hypot(a, b))
    assert found.kitagawa_ueda == pytest.approx(expected, rel=1e-10)
    # |<J>| = (N/2) cos^(N-1) μ
    assert found.wineland == pytest.approx(expected / np.cos(twist) ** (2 * spins - 2), rel=1e-10)


def test_no_mean_spin_no_squeezing() -> None:
    levels = LMG(10, 0.9).levels(11)
    ghz = np.zeros(11)
    ghz[[0, -1]] = np.sqrt(0.5)
    found = squeezing(levels, levels.dicke_vectors() @ ghz)
    assert (found.variance, found.direction, found.kitagawa_ueda, found.wineland) == (None,) * 4
    assert "there is no direction at right angles to it" in found.note
    assert found.covariance[2, 2] == pytest.approx(25.0)


def test_the_twisted_state_of_a_well() -> None:
    """S = ½: 1 + S²/2 - (S/2)√(S² + 4) = 0.6096 of a coherent state's, up to the curvature of the sphere, 1/N."""
    for spins in (400, 1600):
        model = LMG(spins, 0.6)
        levels = model.levels(40)
        rho, outside = starting_state(model, levels, "spin-squeezed", 0.5)
        assert outside < 1e-6
        found = squeezing(levels, rho / np.trace(rho).real)
        assert found.kitagawa_ueda == pytest.approx(1.125 - 0.25 * np.sqrt(4.25), abs=3.0 / spins)
        assert found.mean[2] == pytest.approx(0.5 * spins * model.order_parameter, rel=1e-4)
        # turned back about z: far inside the spread √N/2 the mean spin stays in the plane of its well
        assert abs(found.mean[1]) < 0.05 * np.sqrt(spins)
        plain, _ = starting_state(model, levels, "spin-coherent")
        assert squeezing(levels, plain / np.trace(plain).real).kitagawa_ueda == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize("spins", [10, 21, 30])
def test_husimi_of_qutip(spins: int) -> None:
    """Density matrices with complex coherences. QuTiP lists m from the top, and its arrays are over (phi, theta)."""
    qutip = pytest.importorskip("qutip")
    levels = LMG(spins, 0.8).levels(6)
    rho = random_density(6, 5)
    psi = levels.dicke_vectors()
    dense = psi.T @ rho @ psi
    theta, phi = np.linspace(0.0, np.pi, 13), np.linspace(0.0, 2.0 * np.pi, 9)
    found = husimi(levels, rho, theta, phi)
    expected, *_ = qutip.spin_q_function(qutip.Qobj(dense[::-1, ::-1]), theta, phi)
    np.testing.assert_allclose(found.values, expected.T, atol=1e-12)


def test_husimi_is_the_overlap_with_turned_spins() -> None:
    """Conventions: <θ, φ| from matrix exponentials, exp(-iφJz) exp(-iθJy)|j, j>."""
    levels = LMG(7, 0.8).levels(4)
    rho = random_density(4, 3)
    psi = levels.dicke_vectors()
    dense = psi.T @ rho @ psi
    theta, phi = [0.0, 0.6, np.pi], [-1.1, 0.3]
    found = husimi(levels, rho, theta, phi).values
    for i, t in enumerate(theta):
        for k, f in enumerate(phi):
            state = expm(-1j * f * Jz.matrix(7)) @ expm(-1j * t * Jy.matrix(7)) @ np.eye(8)[-1]
            assert found[i, k] == pytest.approx((state.conj() @ dense @ state).real, abs=1e-13)


@pytest.mark.parametrize(("spins", "field"), [(2, 0.5), (37, 0.7), (370, 0.95), (3000, 0.9)])
@pytest.mark.parametrize("state", ["ground", "P"])
def test_normalisation(spins: int, field: float, state: str) -> None:
    """∫ is exact: after the sum over φ Q is a polynomial of degree N in cos θ, and M > N angles φ kill every wave.

    At large N the waves between far m are absent from the state, so that fewer angles do.
    """
    levels = LMG(spins, field).levels(min(6, spins + 1))
    nodes, weights = np.polynomial.legendre.leggauss(spins // 2 + 1)
    count = spins + 1 if spins < 1000 else 301
    phi = np.linspace(-np.pi, np.pi, count, endpoint=False)
    # the sum over φ of a wave exp(i d φ) is zero unless d is a multiple of the count
    q = husimi(levels, state, np.arccos(nodes), phi).values
    total = (spins + 1) / (4 * np.pi) * (weights @ q.sum(axis=1)) * 2 * np.pi / count
    # logarithms of binomial coefficients: 1e-16 of their size, about N
    assert total == pytest.approx(1.0, abs=2e-15 * spins * 10 + 1e-12)


def test_large_spins_do_not_overflow() -> None:
    """A coherent state at θ₀ has Q = cos^(2N)(χ/2), here with N = 5000, from 1 down to underflow."""
    m = np.arange(5001) - 2500.0
    theta = np.array([0.0, 0.3, 0.9, 1.0, 1.1, np.pi])
    amplitudes = coherent_amplitudes(theta, m, 5000)
    found = (amplitudes @ amplitudes[3]) ** 2
    np.testing.assert_allclose(found, np.cos((theta - 1.0) / 2) ** 10000, rtol=1e-8, atol=1e-30)
    assert np.all(np.isfinite(amplitudes))


def test_default_grid_covers_the_sphere() -> None:
    q = husimi(LMG(20, 0.7).levels(3), "ground")
    assert (q.theta.values[0], q.theta.values[-1]) == (0.0, np.pi)
    assert (q.phi.values[0], q.phi.values[-1]) == (-np.pi, np.pi)
    np.testing.assert_allclose(q.values[:, 0], q.values[:, -1], atol=1e-12)
    # even state: both wells alike
    np.testing.assert_allclose(q.values, q.values[::-1], atol=1e-12)


def test_states_by_name() -> None:
    levels = LMG(12, 0.7).levels(4)
    for names in (("ground", "E0", 0), ("excited", "E1", 1), ("pointer", "P", "eigen-superposition")):
        first, *others = (density_matrix(levels, name) for name in names)
        for other in others:
            np.testing.assert_allclose(other, first, atol=1e-15)
    padded, outside = starting_state(LMG(12, 0.7), levels, [0.6, 0.8j])
    assert outside == 0.0
    np.testing.assert_allclose(padded[:2, :2], [[0.36, -0.48j], [0.48j, 0.64]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, lv: husimi(lv, "ground", [4.0], [0.0]), "theta must be one or more angles from 0 to 3.14159; got"),
        (lambda m, lv: husimi(lv, "ground", [1.0], []), "phi must be one or more angles from -6.28319 to 6.28319"),
        (lambda m, lv: starting_state(m, lv, "pointr"), "(did you mean 'pointer'?)"),
        (lambda m, lv: starting_state(m, lv, [1.0] + 4 * [0.0]), "state must have at most 4 amplitudes"),
        (lambda m, lv: starting_state(object(), lv, "spin-coherent"), "must be asked of a model with spin-coherent"),
        (lambda m, lv: starting_state(m, lv, "spin-squeezed", np.nan), "shearing must be a finite real number"),
    ],
)
def test_refusals(call: object, message: str) -> None:
    model = LMG(12, 0.7)
    with pytest.raises(InputError) as caught:
        call(model, model.levels(4))
    assert message in str(caught.value)
