"""One test for each bug that was found in the numerical core, by the input that showed it."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from einselect import LMG, Jp, Jx, Thresholds, find_window, sweep
from multiprecision import doublet


@pytest.mark.parametrize(
    ("spins", "field"),
    [(2051, 1.0824658281081222e-05), (2053, 0.04484249618683746), (2093, 0.2027830092257859), (4000, 0.859)],
)
def test_a_last_stretch_of_one_site_in_the_far_tail(spins: int, field: float) -> None:
    # The tail is taken in stretches of 1024, 4096, ... sites; a last one of a single site has no coupling within.
    found = LMG(spins, field).doublet().log_splitting
    neighbours = [LMG(n, field).doublet().log_splitting for n in (spins - 2, spins + 2)]
    # ln ΔE is concave in N up to its second difference, (2/N)²/2 from the factor √N.
    assert found == pytest.approx(sum(neighbours) / 2, abs=3.0 / spins**2 + 1e-9)


@pytest.mark.parametrize("field", [1e-7, 9e-9, 1e-12])
def test_an_order_parameter_that_rounds_to_one(field: float) -> None:
    # artanh(1.0) does not exist: the action is ln((1 + m)/g) - m.
    exact = doublet(11, field, digits=200)
    model = LMG(11, field)
    with mpmath.workdps(40):
        assert abs(model.doublet().log_splitting - exact.log_splitting) < 1e-10
    expected = math.log(2.0 / field) - 1.0  # up to g²/4
    assert model.semiclassics().action == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("spins", "field"), [(2, 28.07737320808905), (2, 0.00039699816544088877), (1741, 770.8219700129405), (400, 30.0)]
)
def test_a_small_leakage_is_not_the_noise_of_a_difference(spins: int, field: float) -> None:
    # Beside q = 100 or 1000 the leakage of |E0> is 1e-11 or nothing: rounding made it negative.
    exact = doublet(spins, field)
    found = LMG(spins, field).doublet()
    with mpmath.workdps(40):
        leakage = float(exact.q0 - exact.j01**2)
    # Errors of 1e-12 in the vectors enter by their square.
    assert found.leakage_even >= 0.0
    assert found.leakage_even == pytest.approx(leakage, rel=1e-6, abs=1e-20)


@pytest.mark.parametrize(("spins", "field"), [(4, 0.8759288116493531), (8, 0.7216067832443402), (4, 0.9), (10, 4.0)])
def test_the_upper_energy_where_the_splitting_is_large(spins: int, field: float) -> None:
    # E_1 = E_0 + ΔE inherited 1e-12 of a ΔE that was worked out from vectors.
    exact = doublet(spins, field)
    model = LMG(spins, field)
    with mpmath.workdps(40):
        e1 = float(exact.e0 + exact.splitting)
    assert abs(model.doublet().e1 - e1) < 1e-13 * abs(float(exact.e0))
    assert abs(model.levels(3).energies[1] - e1) < 1e-13 * abs(float(exact.e0))


@pytest.mark.parametrize(
    ("spins", "field"),
    [(49, 0.00023012628175607307), (31, 1e-3), (3000, 0.8), (4744, 0.906227274788479), (4181, 0.8010204406861676)],
)
def test_the_estimated_error_of_the_splitting_is_a_bound(spins: int, field: float) -> None:
    # It left out the rounding of ln ΔE itself, and the factor that a random walk may exceed its spread by.
    exact = doublet(spins, field, digits=30)
    found = LMG(spins, field).doublet()
    with mpmath.workdps(30):
        error = float(abs(found.log_splitting - exact.log_splitting))
    assert error <= found.quality.log_splitting_error


def test_bands_that_leave_the_space() -> None:
    assert np.array_equal((Jp @ Jp @ Jp @ Jp).matrix(2), np.zeros((3, 3)))
    assert np.allclose((Jx @ Jx @ Jx).matrix(1), Jx.matrix(1) / 4)


def test_axes_of_a_sweep_keep_one_order() -> None:
    grid = sweep([10, 20], [0.5, 0.9], gamma=[0.1, 0.2, 0.3], quantities=["rate_pointer", "secular_parameter"])
    assert grid.rate_pointer.dims == grid.secular_parameter.dims == ("spins", "field", "gamma")


def test_a_window_where_the_double_well_condition_ends_again() -> None:
    # η_MF(N) at Γ/J = 0.95 rises above 2.3, peaks at 2.41 and falls below 2.3 again, long before ΔE is lost.
    window = find_window(0.95, gamma=1e-12, thresholds=Thresholds(double_well=2.3))
    for spins in np.linspace(window.spins_min, window.spins_max, 20).astype(int):
        assert LMG(int(spins), 0.95).doublet().eta_mf >= 2.3
    assert LMG(window.spins_max + 1, 0.95).doublet().eta_mf < 2.3


@pytest.mark.parametrize(
    ("spins", "field", "count"), [(266, 0.75, 2), (697, 0.860434121326249, 3), (156, 0.31105918150284156, 9)]
)
def test_levels_that_differ_by_less_than_rounding_keep_their_order(spins: int, field: float, count: int) -> None:
    # Each parity block has its own rounding: E_1 came out an ulp below E_0, and E_7 below E_6.
    model = LMG(spins, field)
    assert model.doublet().e1 >= model.doublet().e0
    levels = model.levels(count)
    assert np.all(np.diff(levels.energies) >= 0.0)
    assert np.all(np.diff(levels.excitations) >= 0.0)
    row = sweep([spins, spins + 1], field, quantities=["energy_even", "energy_odd"])
    assert np.all(row.energy_odd >= row.energy_even)
