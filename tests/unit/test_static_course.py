"""Static noise in time: against shots drawn by hand, closed forms, Eq. 12; kinds of decay, how well settled."""

from __future__ import annotations

import math

import numpy as np
import pytest

from einselect import LMG, Dicke, InputError, JumpOperator, ResolutionError, UnitError, dephasing_coefficient
from einselect.dynamics import static_noise_course
from einselect.dynamics.quasi_static import QuasiStaticNoise
from einselect.dynamics.static_course import decay

MODEL = LMG(20, 0.8)


def test_whole_space_and_other_shots() -> None:
    """Gauss-Hermite shots of the whole Hamiltonian with another field each; levels settled to 1e-6."""
    sigma, times = 0.01, np.array([0.0, 20.0, 60.0])
    course = static_noise_course(MODEL, "Jx", sigma, times)
    basis = MODEL.levels(21)
    h0, jx = np.diag(basis.excitations), basis.matrix("Jx")
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    expected = np.zeros((2, 3), dtype=complex)
    for x, w in zip(nodes, weights / weights.sum(), strict=True):
        energies, vectors = np.linalg.eigh(h0 + sigma * x * jx)
        for k, t in enumerate(times):
            u = np.exp(1j * basis.excitations * t)[:, None] * ((vectors * np.exp(-1j * energies * t)) @ vectors.T)
            for row, (a, b) in enumerate((("E0", "E1"), ("P", "R"))):
                first, second = (basis.state(name) @ u @ basis.state(name) for name in (a, b))
                expected[row, k] += w * first * np.conj(second)
    for row, name in enumerate(("retention_01", "retention_pr")):
        np.testing.assert_allclose(course[name].values, expected[row], atol=3e-6)
    assert course.attrs["convergence_error"] < 1e-6
    assert static_noise_course(MODEL, "Jx", sigma, times, levels=21).attrs["convergence_error"] == 0.0


def test_gaussian_and_its_time() -> None:
    course = static_noise_course(MODEL, "Jx", 1e-3, [0.0, 1.0])
    assert course.attrs["decay"] == "gaussian"
    time = course.attrs["decay_time"]
    at = static_noise_course(MODEL, "Jx", 1e-3, [time])
    assert abs(complex(at.retention_01[0])) == pytest.approx(math.exp(-1.0), abs=1e-3)
    assert abs(complex(at.retention_pr[0])) == pytest.approx(0.5 * (1.0 + math.exp(-1.0)), abs=1e-3)
    assert abs(complex(at.closed_01[0] - at.retention_01[0])) < 1e-3


def test_algebraic_and_its_time() -> None:
    """At 1/Cσ²: |S_01| = 2^(-1/4)."""
    noise = QuasiStaticNoise(MODEL.levels(8), "Jz", 1.0)
    sigma = 0.02 * noise.splitting / abs(noise.coupling[0, 1])
    time = static_noise_course(MODEL, "Jz", sigma, [1.0]).attrs["decay_time"]
    at = static_noise_course(MODEL, "Jz", sigma, [time])
    assert at.attrs["decay"] == "algebraic"
    assert at.attrs["slope"] == 0.0
    assert abs(complex(at.retention_01[0])) == pytest.approx(2.0**-0.25, abs=2e-3)


def test_frozen_between_and_unresolved() -> None:
    deep = LMG(60, 0.5)
    course = static_noise_course(deep, "Jz", 1e-3, [10.0, 40.0])
    assert course.attrs["decay"] == "frozen"
    np.testing.assert_allclose(course.retention_pr.values, course.closed_pr.values, atol=1e-4)
    assert course.attrs["decay_time"] == pytest.approx(1.0 / (math.sqrt(2.0) * 1e-3 * deep.doublet().j01), rel=1e-3)
    noise = QuasiStaticNoise(MODEL.levels(8), "Jz", 1.0)
    middle = 0.5 * noise.splitting / abs(noise.coupling[0, 1])
    found = static_noise_course(MODEL, "Jz", middle, [1.0])
    assert found.attrs["decay"] == "between"
    assert "closed_01" not in found
    below = static_noise_course(LMG(20_000, 0.3), "Jz", 1e-6, [1.0])
    assert below.attrs["strength"] == math.inf
    assert math.isnan(below.attrs["curvature"])
    assert below.attrs["decay"] == "frozen"


def test_white_noise_beside_it() -> None:
    times, gamma = [0.0, 100.0, 3000.0], 1e-4
    course = static_noise_course(MODEL, "Jx", 1e-3, times, gamma=gamma)
    levels = MODEL.levels(21)
    for name, pair in (("01", ("E0", "E1")), ("pr", ("P", "R"))):
        rate = dephasing_coefficient(levels, *pair, [JumpOperator("Jx", gamma)])
        assert course.attrs[f"rate_{name}"] == pytest.approx(rate, rel=1e-2)  # leakage beyond the levels kept
        np.testing.assert_allclose(course[f"white_{name}"], np.exp(-course.attrs[f"rate_{name}"] * np.array(times)))
    met = course.attrs["meeting_01"]
    at = static_noise_course(MODEL, "Jx", 1e-3, [met], gamma=gamma, levels=course.attrs["levels"])
    assert abs(complex(at.retention_01[0])) == pytest.approx(float(at.white_01[0]), rel=1e-8)
    weaker = static_noise_course(MODEL, "Jx", 1e-6, [1.0], gamma=gamma)
    assert weaker.attrs["meeting_pr"] == -1.0  # ρ_PR keeps a half


def test_other_models_and_units() -> None:
    dicke = static_noise_course(Dicke(4, 0.7), "Jz", 1e-3, [0.0, 500.0])
    assert dicke.attrs["decay"] == "gaussian"
    physical = LMG(20, 0.8, "1 kHz")
    scale = 2e3 * math.pi
    found = static_noise_course(physical, "Jx", "1 Hz", [0.0, 20.0 / scale], gamma="0.5 1/s")
    plain = static_noise_course(MODEL, "Jx", 1e-3, [0.0, 20.0], gamma=0.5 / scale)
    np.testing.assert_allclose(found.retention_01, plain.retention_01, atol=1e-12)
    np.testing.assert_allclose(found.white_pr, plain.white_pr, rtol=1e-12)
    assert found.time.attrs["units"] == "s"
    with pytest.raises(UnitError, match="width must have a unit where the coupling has one, as in width='1 kHz'"):
        static_noise_course(physical, "Jx", 0.1, [0.0])
    with pytest.raises(UnitError, match="gamma must have a unit where the coupling has one"):
        static_noise_course(physical, "Jx", "1 Hz", [0.0], gamma=0.1)


def test_refusals() -> None:
    with pytest.raises(InputError, match="width must be a finite number > 0; got 0"):
        static_noise_course(MODEL, "Jx", 0.0, [0.0])
    with pytest.raises(InputError, match="operator must be Hermitian"):
        static_noise_course(MODEL, "J-", 0.1, [0.0])
    with pytest.raises(InputError, match="levels must be a whole number from 2 to 21; got 50"):
        static_noise_course(MODEL, "Jx", 0.1, [0.0], levels=50)
    with pytest.raises(InputError, match="operator must reach the doublet"):
        static_noise_course(LMG(4, 0.5), np.eye(5), 0.1, [0.0])
    with pytest.raises(ResolutionError, match="width and times must be small enough for 60 levels"):
        static_noise_course(LMG(100, 0.5), "Jx", 4.0, [0.0, 0.5])


def test_decay_of_what_the_doublet_does_not_feel() -> None:
    assert decay(QuasiStaticNoise(LMG(4, 0.5).levels(5), np.eye(5), 0.1))[1] == math.inf
