"""Closed forms: their exact identities, and the order in 1/N at which the rest meets the exact doublet."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from einselect import LMG, PhaseError

FIELDS = (0.3, 0.5, 0.8)


def fitted_order(sizes: list[int], errors: list[float]) -> float:
    """Slope of -ln|error| against ln N."""
    return -float(np.polyfit(np.log(sizes), np.log(np.abs(errors)), 1)[0])


# N where expansions in 1/(N m³) have settled, while differences are still far above rounding.
SIZES = [400, 800, 1600, 3200]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    ("name", "order"),
    [
        # What is left out is the next power of 1/N.
        ("ground_energy", 2.0),  # written to order 1/N
        ("gap", 1.0),  # order 1, relative to J
        ("j01", 1.0),  # order 1, next is 1/N
        ("depletion", 1.0),
        ("g01", 0.0),  # to order N: what remains is of order 1
        ("pointer_variance", 0.0),  # likewise
        ("eta_mf", 2.0),
        ("eta_exact", 2.0),
        ("splitting", 1.0),  # relative
        ("spin_coherent_fidelity", 1.0),
    ],
)
def test_order_of_convergence(name: str, order: float, field: float) -> None:
    errors = []
    for spins in SIZES:
        model = LMG(spins, field)
        form, doublet = model.semiclassics(), model.doublet()
        exact = {
            "ground_energy": doublet.e0,
            "gap": doublet.gap,
            "j01": doublet.j01,
            "depletion": doublet.depletion,
            "g01": doublet.g01,
            "pointer_variance": doublet.leakage,
            "eta_mf": doublet.eta_mf,
            "eta_exact": doublet.eta_exact,
            "splitting": doublet.log_splitting,
            "spin_coherent_fidelity": doublet.spin_coherent_overlap("P") ** 2,
        }[name]
        errors.append((form.log_splitting if name == "splitting" else getattr(form, name)) - exact)
    # Three doublings: the next term changes the slope by about 1/(N m³), 0.02 at the smallest N and field 0.8.
    assert fitted_order(SIZES, errors) == pytest.approx(order, abs=0.1)


def test_critical_point() -> None:
    """gap ≈ 1.087 J N^(-1/3), <Jz²>_0 ≈ 0.228 N^(4/3)."""
    sizes = [2_000, 16_000, 128_000]
    doublets = [LMG(n, 1.0).doublet() for n in sizes]
    gaps = [d.splitting for d in doublets]
    moments = [d.q0 for d in doublets]
    # Corrections are of relative order N^(-1/3) and N^(-2/3): slopes between the last two sizes to a percent or two.
    assert math.log(gaps[1] / gaps[2]) / math.log(8) == pytest.approx(1 / 3, abs=0.01)
    assert math.log(moments[2] / moments[1]) / math.log(8) == pytest.approx(4 / 3, abs=0.02)
    assert gaps[2] * sizes[2] ** (1 / 3) == pytest.approx(1.087, rel=0.02)
    assert moments[2] / sizes[2] ** (4 / 3) == pytest.approx(0.228, rel=0.05)


@pytest.mark.parametrize(("field", "peak"), [(0.9, 2.356), (0.95, 2.410), (0.98, 2.463), (0.99, 2.491)])
def test_peak_of_eta_mf_over_n(field: float, peak: float) -> None:
    m3 = (1 - field**2) ** 1.5
    # The peak sits at N m³ of order 10.
    sizes = np.unique(np.geomspace(2 / m3, 40 / m3, 120).astype(int))
    curve = [LMG(int(n), field).doublet().eta_mf for n in sizes if n > 2]
    assert max(curve) == pytest.approx(peak, abs=6e-4)


@pytest.mark.parametrize(("spins", "field"), [(2, 0.3), (3, 0.95), (10, 0.5), (371, 0.95), (2000, 0.05), (5000, 0.999)])
def test_spin_coherent_state_moments_are_exact(spins: int, field: float) -> None:
    model = LMG(spins, field)
    form, m = model.semiclassics(), np.arange(spins + 1) - spins / 2
    weight = model.spin_coherent_amplitudes(m) ** 2
    # Rounding of ln C(N, k), up to N ln 2, becomes a relative error of the weights.
    rounding = 50 * 2.0**-52 * spins
    star = spins / 2 * model.order_parameter
    assert weight.sum() == pytest.approx(1.0, abs=rounding)
    assert (m * weight).sum() == pytest.approx(star, rel=rounding, abs=rounding * spins)
    assert (m**2 * weight).sum() == pytest.approx(form.spin_coherent_second_moment, rel=rounding)
    assert ((m - star) ** 2 * weight).sum() == pytest.approx(spins * field**2 / 4, rel=50 * rounding)
    # <θ*|-θ*> = g^N
    amplitudes = model.spin_coherent_amplitudes(m)
    assert amplitudes @ amplitudes[::-1] == pytest.approx(field**spins, rel=1e-9, abs=1e-300)
    assert form.log_spin_coherent_overlap == pytest.approx(spins * math.log(field), rel=1e-15)
    # It is the product state of N spins at angle θ*: an eigenstate of cos θ Jz + sin θ Jx with eigenvalue j.
    assert math.cos(form.angle) == pytest.approx(model.order_parameter, rel=1e-14)


def test_spin_coherent_amplitudes_outside_the_spin_are_zero() -> None:
    assert LMG(10, 0.5).spin_coherent_amplitudes(np.array([-6.0, 6.0])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("field", [1e-12, 1e-3, 0.3, 0.9, 0.998, 0.9988, 0.999, 0.999999, 1 - 1e-9])
def test_action_without_cancellation(field: float) -> None:
    found = LMG(10, field).semiclassics().action
    with mpmath.workdps(50):
        g = mpmath.mpf(field)
        m = mpmath.sqrt(1 - g * g)
        assert abs(found / (mpmath.log((1 + m) / g) - m) - 1) < 1e-11


def test_semiclassics_exist_in_the_ordered_phase_only() -> None:
    for field in (1.0, 1.5):
        model = LMG(10, field)
        for ask in (model.semiclassics, lambda m=model: m.order_parameter, lambda m=model: m.mean_field_moment):
            with pytest.raises(PhaseError, match="ordered phase"):
                ask()
        with pytest.raises(PhaseError, match="ordered phase"):
            model.doublet().spin_coherent_overlap("P")
        with pytest.raises(PhaseError, match="ordered phase"):
            model.spin_coherent_amplitudes(np.zeros(1))


def test_scaling_of_the_closed_forms_with_the_coupling() -> None:
    plain, scaled = LMG(200, 0.8).semiclassics(), LMG(200, 2.0, 2.5).semiclassics()
    for name in ("mean_field_energy", "ground_energy", "gap", "splitting"):
        assert getattr(scaled, name) == pytest.approx(2.5 * getattr(plain, name), rel=1e-12)
    for name in ("j01", "g01", "g_loc", "eta_mf", "eta_exact", "action"):
        assert getattr(scaled, name) == pytest.approx(getattr(plain, name), rel=1e-12)
