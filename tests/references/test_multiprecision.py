"""Doublets against multi-precision arithmetic done here, for N and fields that no file holds; odd N too.

The bounds are those of the package's promise: 1e-13 of |E_0|, 1e-10 of ΔE, 1e-11 of moments. The estimates that an
answer carries (`quality`) must be bounds as well.
"""

from __future__ import annotations

import mpmath
import pytest

from einselect import LMG, Doublet
from multiprecision import Exact, dense_doublet, doublet

mp = mpmath.mpf
FIELDS = (1e-3, 0.3, 0.999, 1.0, 1.5, 30.0)


def compare(found: Doublet, exact: Exact) -> None:
    """Every number of the doublet against `exact`, within the promised errors and the estimated ones."""
    with mpmath.workdps(60):
        energy_error = abs(mp(found.e0) - exact.e0)
        assert energy_error < 1e-13 * abs(exact.e0)
        assert energy_error <= found.quality.energy_error
        log_error = abs(mp(found.log_splitting) - exact.log_splitting)
        assert log_error < 1e-10
        assert log_error <= found.quality.log_splitting_error
        if exact.splitting > 1e-300:
            assert abs(mp(found.splitting) / exact.splitting - 1) < 1e-10
        for value, reference in (
            (found.q0, exact.q0),
            (found.q1, exact.q1),
            (found.g01, exact.g01),
            (found.j01, exact.j01),
            (found.eta_exact, 1 + exact.j01**2 / exact.g01),
        ):
            assert abs(mp(value) / reference - 1) < 1e-11
        # The leakage is a difference of the two: it must keep 1e-11 of the moment, not only of itself.
        assert abs(found.leakage_even - (exact.q0 - exact.j01**2)) < 1e-11 * exact.q0
        assert abs(found.leakage_odd - (exact.q1 - exact.j01**2)) < 1e-11 * exact.q1


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("spins", [2, 3, 4, 5, 8, 9])
def test_few_spins_against_dense_multiprecision(spins: int, field: float) -> None:
    compare(LMG(spins, field).doublet(), dense_doublet(spins, field))


@pytest.mark.parametrize(("spins", "field"), [(7, 0.3), (8, 1.5)])
def test_the_two_multiprecision_routes_agree(spins: int, field: float) -> None:
    dense, iterated = dense_doublet(spins, field), doublet(spins, field)
    with mpmath.workdps(40):
        for name in ("e0", "splitting", "q0", "q1", "j01"):
            assert abs(getattr(dense, name) / getattr(iterated, name) - 1) < mp(10) ** -30


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("spins", [30, 31, 200, 201])
def test_any_phase_even_and_odd(spins: int, field: float) -> None:
    compare(LMG(spins, field).doublet(), doublet(spins, field))


@pytest.mark.parametrize(
    ("spins", "field"),
    [
        (51, 1e-3),  # ln ΔE = -335: amplitudes at m = 1/2 near 1e-73
        (50, 0.00025),
        (1000, 0.6),  # cut windows: the tail is a sum of logarithms
        (1001, 0.8),
        (1500, 0.95),
        (2500, 0.99),
        (2501, 1.0),
        (3001, 0.998),
        (2000, 1.01),
    ],
)
def test_more_spins(spins: int, field: float) -> None:
    compare(LMG(spins, field).doublet(), doublet(spins, field))


@pytest.mark.parametrize(("spins", "field"), [(2, 1e-12), (3, 1e-12), (10, 1e-12), (11, 1e-12), (10, 1e-60)])
def test_vanishing_field(spins: int, field: float) -> None:
    # ΔE ~ g^N: 1e-600 for the last.
    compare(LMG(spins, field).doublet(), doublet(spins, field, digits=60 + 2 * int(-mpmath.log10(field))))


@pytest.mark.parametrize(("spins", "field"), [(10, 1e6), (11, 1e6), (100, 1e6)])
def test_overwhelming_field(spins: int, field: float) -> None:
    compare(LMG(spins, field).doublet(), doublet(spins, field))


def test_coupling_scales_energies_and_leaves_moments() -> None:
    exact = doublet(101, 0.7)
    for coupling in (1e-6, 3.7, 1e9):
        # 0.7·coupling / coupling may differ from 0.7 by an ulp: d ln ΔE/d ln g = N m* = 72 turns that into 1e-14.
        found = LMG(101, 0.7 * coupling, coupling).doublet()
        with mpmath.workdps(40):
            assert abs(mp(found.e0) / (exact.e0 * mp(coupling)) - 1) < 1e-13
            assert abs(mp(found.log_splitting) - exact.log_splitting - mpmath.log(mp(coupling))) < 1e-10
            assert abs(mp(found.q1) / exact.q1 - 1) < 1e-11


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spins", "field"),
    [(10_000, 0.95), (10_001, 0.95), (10_000, 0.7), (20_001, 0.99)],
)
def test_ten_thousand_spins_and_the_estimates_of_error(spins: int, field: float) -> None:
    compare(LMG(spins, field).doublet(), doublet(spins, field))


@pytest.mark.slow
def test_sixty_thousand_spins() -> None:
    # ΔE near 1e-70 here; about 100 digits on 30,001 sites.
    exact = doublet(60_000, 0.98, digits=20)
    found = LMG(60_000, 0.98).doublet()
    with mpmath.workdps(40):
        assert abs(mp(found.e0) / exact.e0 - 1) < 1e-13
        error = abs(mp(found.log_splitting) - exact.log_splitting)
        assert error <= found.quality.log_splitting_error
        # Rounding of matrix elements as large as N J/4 is amplified by the imaginary time through the barrier,
        # about ln(N)/ω = 11/0.2: 55 × 2.2e-16 × 15,000 × 0.02 / √(window) ...: below 1e-9, not 1e-10.
        assert error < 1e-9
        assert abs(mp(found.g01) / exact.g01 - 1) < 1e-11
        assert abs(mp(found.j01) / exact.j01 - 1) < 1e-11
