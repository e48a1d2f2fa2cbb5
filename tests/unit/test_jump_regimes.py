"""What jump operators of other kinds than an odd Hermitian one do to regimes and warnings, against the generator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from einselect import LMG, JumpOperator, dephasing_rates
from einselect.errors import InputError
from einselect.models import CustomModel, Dicke, FewModes, Rabi, SpinBoson, VibronicDimer
from einselect.models.base import is_spin

SYSTEMS = [
    (Dicke(3, 1.0), "n"),
    (Dicke(3, 1.0), "a"),
    (Dicke(2, 0.9), "J-"),
    (Rabi(1e-9, spin=1.3), "a"),
    (SpinBoson(1.0, 0.2, 1.0, 50.0, 0), "s-"),
    (VibronicDimer(0.5, 4.0), "site1"),
    (VibronicDimer(0.5, 4.0), "difference"),
    (LMG(8, 0.8), "Jx"),
    (LMG(8, 0.8), "J-"),
    (LMG(8, 0.8), "Jy"),
]


def generator_elements(model: Any, jump: str) -> tuple[float, float]:
    """|ρ_10 -> ρ_01| and the largest element between populations and coherences, of γ D[L] from whole matrices."""
    levels = model.levels(2)
    op = JumpOperator(jump if is_spin(model) else model.operator(jump))
    single, square = levels.matrix(op.operator), levels.matrix(op.square())

    def moved(rho: np.ndarray) -> np.ndarray:
        return np.asarray(single @ rho @ single.conj().T - 0.5 * (square @ rho + rho @ square))

    unit = np.zeros((2, 2, 2, 2))
    for i in (0, 1):
        for j in (0, 1):
            unit[i, j, i, j] = 1.0
    crossing = [moved(unit[i, i])[0, 1] for i in (0, 1)] + [moved(unit[i, 1 - i])[k, k] for i in (0, 1) for k in (0, 1)]
    return float(abs(moved(unit[1, 0])[0, 1])), float(np.abs(crossing).max())


@pytest.mark.parametrize(("model", "jump"), SYSTEMS)
def test_couplings_of_the_doublet_are_those_of_the_generator(model: Any, jump: str) -> None:
    doublet: Any = dephasing_rates(model, jump=jump).doublet
    conjugate, crossing = generator_elements(model, jump)
    if conjugate > 2e-3 * doublet.eigenstate_moment:
        assert doublet.conjugate_coupling == pytest.approx(conjugate, rel=1e-10)
    elif conjugate < 5e-4 * doublet.eigenstate_moment:
        assert doublet.conjugate_coupling == 0.0
    assert doublet.mixes_populations == (crossing > 1e-9 * doublet.g01)


@pytest.mark.parametrize(
    ("model", "jump", "expected"),
    [
        (Dicke(3, 1.0), "n", "mesoscopic"),
        (SpinBoson(1.0, 0.2, 1.0, 50.0, 0), "s-", "mesoscopic"),
        (Dicke(3, 1.0), "a", "thermodynamic"),
    ],
)
def test_secular_condition_only_where_the_coherence_meets_its_conjugate(model: Any, jump: str, expected: str) -> None:
    rates = dephasing_rates(model, 1.0, jump=jump)
    assert rates.secular_parameter is not None
    assert rates.secular_parameter < 10.0
    assert rates.regime.name == expected
    assert ("half of ρ_01 stays" in rates.regime.summary) == (expected == "thermodynamic")
    assert any("couples to its conjugate" in text for text in rates.warnings) == (expected == "thermodynamic")


def test_coupling_to_the_conjugate_of_a_jump_operator_that_is_not_hermitian() -> None:
    """L = [[0, 1], [½, 0]]: ρ_10 -> ρ_01 at γ/2, where J01² is 9/16."""
    model = CustomModel(np.diag([0.0, 0.1]), np.diag([1.0, -1.0]), {"L": np.array([[0.0, 1.0], [0.5, 0.0]])})
    rates = dephasing_rates(model, 0.4)
    doublet: Any = rates.doublet
    assert doublet.conjugate_coupling == pytest.approx(0.5)
    assert any(text.endswith("ρ_01 couples to its conjugate at 0.2") for text in rates.warnings)


def test_energy_of_one_site_has_the_warnings_of_the_difference() -> None:
    site, difference = (dephasing_rates(VibronicDimer(0.5, 4.0), 0.01, jump=name) for name in ("site1", "difference"))
    assert site.warnings == difference.warnings
    mixed = dephasing_rates(LMG(8, 0.8), 0.01, jump="J-")
    assert any("populations and opposite-parity coherences couple" in text for text in mixed.warnings)


def test_rates_of_what_does_not_dephase_are_zero() -> None:
    for matrix in (np.eye(5), np.zeros((5, 5))):
        rates = dephasing_rates(LMG(4, 0.5), 1.0, jump=matrix)
        assert (rates.rate_eigenstate, rates.rate_pointer, rates.doublet.eta_exact) == (0.0, 0.0, None)


def test_degenerate_levels_above_the_doublet_leave_its_moments_known() -> None:
    """Two even levels of one energy above a doublet; a doublet that is degenerate within its parity is not known."""
    parity, jump = np.diag([1.0, -1.0, 1.0, 1.0]), np.ones((4, 4)) - np.eye(4)
    above = CustomModel(np.diag([0.0, 0.1, 2.0, 2.0]), parity, {"L": jump})
    assert dephasing_rates(above).doublet.quality.vector_error < 1e-12
    assert not any("moments" in text for text in dephasing_rates(above).warnings)
    twofold = dephasing_rates(FewModes(1.0, [1.0], [0.0]))  # |-, 0> and |+, 1> at one energy
    assert any(text.startswith("moments are not resolved") for text in twofold.warnings)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Rabi(1.0, spin=1e9), "spin/mode must be at most 10000; got 1000000000.0"),
        (lambda: VibronicDimer(1.0, 1e9), "huang_rhys must be at most 5000; got 1000000000.0"),
        (lambda: VibronicDimer(-1e5, 1.0), "coupling/mode must be from -5000 to 5000; got -100000.0"),
    ],
)
def test_limits_are_said_of_what_was_given(make: Any, said: str) -> None:
    with pytest.raises(InputError) as refused:
        make()
    assert str(refused.value) == said


def test_jump_operators_of_a_model_as_objects() -> None:
    model = Dicke(3, 1.0)
    both = 0.5 * (model.operator("a") + model.operator("a").dag())
    named, built, given = (dephasing_rates(model, 0.1, jump=jump) for jump in ("x", both, model.operator("x")))
    assert given.rate_pointer == named.rate_pointer
    assert built.rate_pointer == pytest.approx(0.25 * float(named.rate_pointer or 0.0), rel=1e-12)


@pytest.mark.parametrize("source", [None, "lmg", LMG(4, 0.5).levels(3)])
def test_rates_are_of_a_model_or_a_doublet(source: Any) -> None:
    with pytest.raises(InputError, match="source must be a model, a Doublet or a JumpDoublet"):
        dephasing_rates(source)


@pytest.mark.parametrize(("strength", "localised"), [(0.176286, False), (0.17629, True)])
def test_polaron_just_before_the_two_solutions_meet(strength: float, localised: bool) -> None:
    """At s = ½ and ω_c = 10 Δ they meet at α = 0.176286041, the maximum of -ln(Δ_r/Δ)/∫ over Δ_r."""
    found = SpinBoson(1.0, strength, 0.5, 10.0).dressed()
    if localised:
        assert found == 0.0
        return
    # ∫ √w/(w + D)² dw from 0 to c in closed form.
    c = 10.0
    integral = np.arctan(np.sqrt(c / found)) / np.sqrt(found) - np.sqrt(c) / (c + found)
    assert found == pytest.approx(np.exp(-strength * np.sqrt(c) * integral), rel=1e-12)
