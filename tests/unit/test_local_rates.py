"""Eq. 12 for local noise: against spins one by one, against the dynamics, and its limits."""

from __future__ import annotations

import numpy as np
import pytest

from einselect import LMG, InputError, JumpOperator, Jz, UnitError, dephasing_coefficient
from einselect.local import LocalJump, LocalLindbladian, local_dephasing_coefficient, local_rates
from many_spins import SINGLE, SchurBasis, dissipate, everywhere

TILTED = np.array([[0.3 + 0.1j, -0.7j], [0.4, -0.3 - 0.1j]])
JUMPS = {
    "dephasing": ("dephasing", SINGLE["z"]),
    "emission": ("emission", SINGLE["-"]),
    "pumping": ("pumping", SINGLE["+"]),
    "Jx": ("Jx", SINGLE["x"]),
    "Jy": ("Jy", SINGLE["y"]),
    "matrix": (TILTED, TILTED),
}
PAIRS = [("E0", "E1"), ("P", "R"), ("E0", "P"), (2, [0.3, 0.1j, -0.2])]


@pytest.mark.parametrize("kind", JUMPS)
@pytest.mark.parametrize("spins", [2, 3, 4, 5])
def test_against_all_states(kind: str, spins: int) -> None:
    """-<a|𝓓(|a><b|)|b>, real part, with every spin written out; rounding only."""
    name, matrix = JUMPS[kind]
    levels = LMG(spins, 0.7).levels(3)
    symmetric = SchurBasis(spins).states[0.5 * spins][:, 0]
    for pair in PAIRS:
        a, b = (levels.state(which) @ levels.dicke_vectors() @ symmetric for which in pair)
        change = dissipate(np.outer(a, b.conj()), [(0.3, on) for on in everywhere(matrix, spins)])
        expected = -(a.conj() @ change @ b).real
        found = local_dephasing_coefficient(levels, *pair, [LocalJump(name, 0.3)])
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("kind", ["dephasing", "emission", "matrix"])
def test_against_the_generator(kind: str) -> None:
    """The same at N = 30 from the dissipator over (j, m, m'): 5,456 elements, J01 near 10."""
    model = LMG(30, 0.8)
    levels = model.levels(2)
    # H without a field is diagonal: with the phases taken out of <a|L(|a><b|)|b>, its real part is the dissipator's.
    matrix = LocalLindbladian(model, local=[LocalJump(JUMPS[kind][0], 0.3)]).matrix()
    for pair in PAIRS[:2]:
        a, b = (levels.state(which) @ levels.dicke_vectors() for which in pair)
        vector = np.zeros(matrix.shape[0], dtype=complex)
        vector[: 31 * 31] = np.outer(a, b.conj()).ravel()
        change = (matrix @ vector)[: 31 * 31].reshape(31, 31)
        found = local_dephasing_coefficient(levels, *pair, [LocalJump(JUMPS[kind][0], 0.3)])
        assert found == pytest.approx(-(a.conj() @ change @ b).real, rel=1e-11)


@pytest.mark.parametrize(("spins", "field"), [(12, 0.3), (101, 0.9), (370, 0.95), (300, 1.4)])
def test_closed_forms_of_the_doublet(spins: int, field: float) -> None:
    """γN/4 and γ(N/4 + J01²/N) by both routes: from the doublet alone and from the levels."""
    model = LMG(spins, field)
    rates, levels = local_rates(model, 0.3), model.levels(2)
    jumps = [LocalJump("dephasing", 0.3)]
    assert rates.rate_eigenstate == pytest.approx(0.3 * spins / 4)
    assert local_dephasing_coefficient(levels, "E0", "E1", jumps) == pytest.approx(rates.rate_eigenstate, rel=1e-13)
    assert local_dephasing_coefficient(levels, "P", "R", jumps) == pytest.approx(rates.rate_pointer, rel=1e-13)
    assert rates.ratio == pytest.approx(rates.rate_pointer / rates.rate_eigenstate, rel=1e-14)
    collective = dephasing_coefficient(levels, "E0", "E1", [JumpOperator(Jz, 0.3)])
    assert rates.collective_over_local == pytest.approx(collective / rates.rate_eigenstate, rel=1e-12)
    part = rates.crossover
    mixed = local_dephasing_coefficient(
        levels, "E0", "E1", [JumpOperator(Jz, part * 0.3), LocalJump("dephasing", (1 - part) * 0.3)]
    )
    assert part * collective == pytest.approx(0.5 * mixed, rel=1e-12)
    assert (rates.limit is None) == (field > 1.0)


@pytest.mark.parametrize("field", [0.3, 0.8, 0.95])
def test_the_ratio_tends_to_one_plus_the_order_parameter_squared(field: float) -> None:
    """N (1 + m*² - ratio) tends to a constant, 4 m* times the depletion N m*/2 - J01: a fit of the order 1/N."""
    distances = []
    for spins in (10**4, 10**5, 10**6):
        rates = local_rates(LMG(spins, field))
        assert rates.limit is not None
        distances.append(spins * (rates.limit - rates.ratio))
    m = rates.doublet.order_parameter
    assert m is not None
    depletion = (1.0 - m) * (3.0 + m) / (4.0 * m * m)
    assert distances[-1] == pytest.approx(4.0 * m * depletion, rel=1e-3)
    assert distances[1] == pytest.approx(distances[2], rel=1e-2)
    assert rates.ratio < 2.0


def test_emission_and_pumping_spare_no_basis() -> None:
    """Local emission: (γ/2)(N - (2/N) X²) in both bases but for <Jx>, which differs little; the ratio tends to 1."""
    ratios = []
    for spins in (100, 400, 1600):
        levels = LMG(spins, 0.5).levels(2)
        jumps = [LocalJump("emission")]
        eigen, pointer = (local_dephasing_coefficient(levels, *pair, jumps) for pair in PAIRS[:2])
        # <Jx> = N g/2 but for depletion of order 1
        assert eigen == pytest.approx(0.5 * spins * (1.0 - 0.5 * 0.25), rel=2.0 / spins)
        ratios.append(pointer / eigen)
    np.testing.assert_allclose(ratios, 1.0, atol=1e-12)


def test_units() -> None:
    physical = LMG(370, 0.95, "74346 rad/s")
    assert local_rates(physical, "0.05 1/s").rate_eigenstate == pytest.approx(0.05 * 92.5)
    with pytest.raises(UnitError, match="gamma must have a unit where the coupling has one"):
        local_rates(physical, 0.05)
    with pytest.raises(InputError, match="gamma must be a finite number >= 0"):
        local_rates(LMG(20, 0.9), -1.0)
    with pytest.raises(InputError, match="jumps must be a sequence of LocalJump or JumpOperator; got"):
        local_dephasing_coefficient(LMG(20, 0.9).levels(2), 0, 1, ["dephasing"])  # type: ignore[list-item]
