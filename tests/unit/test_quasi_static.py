"""Noise that stands still within a shot: against brute force, closed forms, Eq. 12 and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from einselect import LMG, InputError, ResolutionError
from einselect.dynamics.quasi_static import QuasiStaticNoise, frozen_retention, perturbative_retention
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.models import CustomModel
from einselect.spin import Jx, Jy, Jz

MODEL = LMG(spins=12, field=0.8)
LEVELS = MODEL.levels(4)
PAIRS = [("E0", "E1"), ("P", "R"), (2, [0.3, 0.1j, -0.2, 0.5])]


@pytest.mark.parametrize("op", [Jz, Jx, Jy, Jz + 0.4 * Jx], ids=["Jz", "Jx", "Jy", "mixed"])
def test_brute_force(op: object) -> None:
    """Matrix exponentials on 60 Gauss-Hermite points, which are exact to rounding for phases σt|O| of a few."""
    noise, times = QuasiStaticNoise(LEVELS, op, 0.05), [0.0, 3.0, 11.0]
    h, o = np.diag(LEVELS.excitations), LEVELS.matrix(op)
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    start = np.outer([0.6, 0.8j, 0.0, 0.0], [0.6, -0.8j, 0.0, 0.0])
    averages = noise.average(start, times)
    for pair in PAIRS:
        a, b = (LEVELS.state(which).astype(complex) for which in pair)
        found = noise.retention(*pair, times)
        for i, t in enumerate(times):
            shots = [expm(-1j * t * (h + 0.05 * x * o)) for x in nodes]
            free = expm(1j * t * h)
            expected = sum(
                w * (a.conj() @ free @ u @ a) * np.conj(b.conj() @ free @ u @ b)
                for w, u in zip(weights, shots, strict=True)
            )
            assert found[i] == pytest.approx(expected, abs=1e-11)
            mean = sum(w * u @ start @ u.conj().T for w, u in zip(weights, shots, strict=True))
            assert averages[i] == pytest.approx(mean, abs=1e-11)


def test_many_turns_of_the_phase() -> None:
    """σtD = 300 on the doublet: the lattice does not alias; a Gaussian far below rounding, and S_PR at ½."""
    noise = QuasiStaticNoise(MODEL.levels(2), "Jx", 0.1)
    t = 300.0 / (0.1 * abs(noise.slope))
    assert abs(noise.retention("E0", "E1", [t])[0]) < 1e-13
    assert noise.retention("P", "R", [t])[0] == pytest.approx(0.5, abs=1e-13)


def test_even_noise_on_the_doublet_is_gaussian() -> None:
    noise = QuasiStaticNoise(MODEL.levels(2), "Jx", 0.1)
    times = np.linspace(0.0, 4.0, 9) / (0.1 * abs(noise.slope))
    eigenstate, pointer = perturbative_retention(times, 0.1, noise.slope)
    assert noise.retention("E0", "E1", times) == pytest.approx(eigenstate, abs=1e-12)
    assert noise.retention("P", "R", times) == pytest.approx(pointer, abs=1e-12)


@pytest.mark.parametrize("spins", [12, 40])
def test_slope_and_curvature_are_derivatives_of_the_splitting(spins: int) -> None:
    """δ Jx is a field Γ - δ: central differences of ΔE(Γ), whose error is near 1e-7 of the values."""
    field, step = 0.8, 1e-3
    low, mid, high = (LMG(spins, field - s).doublet().splitting for s in (-step, 0.0, step))
    noise = QuasiStaticNoise(LMG(spins, field).levels(spins + 1), "Jx", 0.1)
    assert noise.slope == pytest.approx((high - low) / (2.0 * step), rel=1e-4)
    assert noise.curvature == pytest.approx((high - 2.0 * mid + low) / step**2, rel=1e-3)


def test_odd_noise_is_algebraic_under_tunnelling() -> None:
    """2σJ01/ΔE = 0.01: what the closed form leaves out is of that squared; 1/√t in the end."""
    levels = MODEL.levels(2)
    j01, splitting = float(levels.matrix("Jz")[0, 1].real), float(levels.excitations[1])
    noise = QuasiStaticNoise(levels, "Jz", 0.005 * splitting / j01)
    assert noise.strength == pytest.approx(0.01)
    assert noise.slope == 0.0
    assert noise.curvature == pytest.approx(4.0 * j01**2 / splitting, rel=1e-12)
    scale = 1.0 / (noise.curvature * noise.width**2)
    times = scale * np.array([0.3, 1.0, 3.0, 10.0])
    eigenstate, pointer = perturbative_retention(times, noise.width, 0.0, noise.curvature)
    assert noise.retention("E0", "E1", times) == pytest.approx(eigenstate, abs=2e-3)
    assert noise.retention("P", "R", times) == pytest.approx(pointer, abs=2e-3)
    assert np.abs(eigenstate) == pytest.approx((1.0 + (times / scale) ** 2) ** -0.25, rel=1e-12)


def test_strong_noise_does_not_see_tunnelling() -> None:
    """2σJ01/ΔE = 200: corrections of ΔE t ~ 1/200; white noise's order of the two coherences."""
    levels = MODEL.levels(2)
    j01, splitting = float(levels.matrix("Jz")[0, 1].real), float(levels.excitations[1])
    noise = QuasiStaticNoise(levels, "Jz", 100.0 * splitting / j01)
    times = np.array([0.2, 0.5, 1.0]) / (noise.width * j01)
    eigenstate, pointer = frozen_retention(times, noise.width, j01)
    assert noise.retention("E0", "E1", times) == pytest.approx(eigenstate, abs=0.02)
    assert noise.retention("P", "R", times) == pytest.approx(pointer, abs=0.02)


@pytest.mark.parametrize("op", ["Jz", "Jx", "Jy"])
def test_first_moments_are_those_of_white_noise(op: str) -> None:
    """1 - |S| = σ²t² Γ_ab/γ, with Γ_ab from the Redfield tensor: the next term is t⁴, and t³ by H."""
    noise = QuasiStaticNoise(LEVELS, op, 0.3)
    white = Redfield(LEVELS, Bath(op, FlatSpectrum(0.7)))
    for pair in PAIRS:
        rate = noise.rate(*pair, 0.7)
        assert rate == pytest.approx(white.coefficient(*pair), rel=1e-11)
        t = 1e-3
        lost = 1.0 - abs(noise.retention(*pair, [t])[0])
        assert lost == pytest.approx(0.3**2 * t**2 * rate / 0.7, rel=1e-3)


def test_where_static_and_white_noise_meet() -> None:
    """Gaussian: t = 2Γ/(σD)² in closed form; far from it for the other pair, and never for weak odd noise."""
    noise = QuasiStaticNoise(MODEL.levels(2), "Jx", 0.1)
    found = noise.meeting("E0", "E1", 0.02)
    assert found.time == pytest.approx(2.0 * found.rate / (0.1 * noise.slope) ** 2, rel=1e-8)
    assert found.left == pytest.approx(abs(noise.retention("E0", "E1", [found.time])[0]), rel=1e-8)
    early = QuasiStaticNoise(LEVELS, "Jz", 3.0)
    for pair in PAIRS[:2]:
        assert early.meeting(*pair, 0.001).time == pytest.approx(0.001 / 9.0, rel=1e-2)
    levels = MODEL.levels(2)
    weak = QuasiStaticNoise(levels, "Jz", 0.005 * levels.excitations[1] / levels.matrix("Jz")[0, 1])
    assert weak.meeting("E0", "E1", 1e-3 * levels.excitations[1]).time is None
    assert QuasiStaticNoise(levels, "Jz", 0.0).meeting("P", "R", 1.0).time is None


def test_a_splitting_below_rounding() -> None:
    """Two levels of the same energy: no shift in second order, and the forms without tunnelling hold at any time."""
    swap = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    degenerate = CustomModel(np.diag([0.0, 0.0, 5.0]), np.diag([1.0, -1.0, 1.0]), {"L": swap})
    noise = QuasiStaticNoise(degenerate.levels(2), "L", 0.3)
    assert noise.strength == np.inf
    with pytest.raises(ResolutionError, match="levels must be apart"):
        _ = noise.curvature
    times = np.array([0.5, 2.0, 9.0])
    eigenstate, pointer = frozen_retention(times, 0.3, 1.0)
    assert noise.retention("E0", "E1", times) == pytest.approx(eigenstate, abs=1e-12)
    assert noise.retention("P", "R", times) == pytest.approx(pointer, abs=1e-12)


def test_refusals() -> None:
    with pytest.raises(InputError, match="operator must be Hermitian; got"):
        QuasiStaticNoise(LEVELS, "J+", 0.1)
    with pytest.raises(InputError, match="width must be a finite number >= 0; got -1"):
        QuasiStaticNoise(LEVELS, "Jz", -1.0)
    noise = QuasiStaticNoise(LEVELS, "Jz", 1.0)
    with pytest.raises(ResolutionError, match="times must be at most"):
        noise.retention("E0", "E1", [1e9])
    with pytest.raises(InputError, match="rho0 must be a finite 4 x 4 matrix"):
        noise.average(np.eye(2), [1.0])
    with pytest.raises(InputError, match="gamma must be"):
        noise.meeting("E0", "E1", 0.0)
