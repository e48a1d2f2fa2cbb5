"""Local noise and atom loss say what they cannot be asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from einselect import LMG
from einselect.dynamics.atom_loss import atom_loss
from einselect.dynamics.loss_cascade import LossCascade
from einselect.dynamics.loss_course import loss_course
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.errors import InputError
from einselect.local import LocalJump, LocalLindbladian, evolve_local, local_dephasing_coefficient, local_rates
from einselect.models import AnisotropicLMG, BoseJosephson, CustomModel, Dicke, Rabi
from einselect.rates import JumpOperator, dephasing_coefficient

CUSTOM = CustomModel(np.diag([0.0, 1.0]), np.diag([1.0, -1.0]), {"L": np.eye(2, k=1)})


@pytest.mark.parametrize("model", [Dicke(3, 1.0), Rabi(1.0), CUSTOM])
def test_noise_on_single_spins_is_that_of_a_collective_spin(model: Any) -> None:
    for use in (
        lambda: evolve_local(model, [LocalJump()], "ground", [0.0, 1.0]),
        lambda: LocalLindbladian(model, local=[LocalJump()]),
    ):
        with pytest.raises(InputError, match="model must be a collective spin"):
            use()
    with pytest.raises(InputError, match="levels must be those of a collective spin"):
        local_dephasing_coefficient(model.levels(2), "E0", "E1")


@pytest.mark.parametrize(
    "source", [Dicke(3, 1.0), Rabi(1.0), AnisotropicLMG(8, 0.5, tilt=0.1), BoseJosephson(8, 0.5, 0.3, 0.1), "LMG", None]
)
def test_local_rates_in_closed_form_are_of_a_spin_with_parity(source: Any) -> None:
    with pytest.raises(InputError, match="source must be a collective spin with parity"):
        local_rates(source)


def test_rates_of_loss_are_read_as_all_others_are() -> None:
    assert LossCascade(LMG(4, 0.5, "1 kHz"), 0, "0", "2 1/ms").mixed == 2000.0
    for wrong in (None, False, "", "1 Hz"):
        with pytest.raises(InputError, match="two_body must be"):
            LossCascade(LMG(4, 0.5), two_body=wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="two_body must have a unit where the coupling has one"):
        loss_course(LMG(4, 0.5, "1 kHz"), [0.0, 1.0], two_body=1.0)


@pytest.mark.parametrize(("spins", "lost"), [(2, 1), (3, 2)])
def test_too_few_atoms_to_lose_any(spins: int, lost: int) -> None:
    with pytest.raises(InputError, match=rf"spins must be at least {lost + 2} to lose .*; got {spins}"):
        atom_loss(LMG(spins, 0.5), lost)


def test_mean_number_of_nothing_left() -> None:
    found = LossCascade(LMG(4, 0.5), one_body=0.1).evolve("ground", [0.0, 1e6])
    assert found.mean_number[0] == pytest.approx(4.0)
    assert np.isnan(found.mean_number[1])


def test_bath_of_an_operator_of_another_model() -> None:
    """A flat spectrum is the Lindblad equation: Eq. 12 by the Redfield tensor on all levels."""
    model = Dicke(2, 1.0)
    levels = model.levels(6)
    jump = np.array([[0, 1, 0], [1, 0, 2], [0, 2, 0]])
    few = CustomModel(np.diag([0.0, 0.3, 2.0]), np.diag([1.0, -1.0, 1.0]), {"L": jump})
    coupled, whole = few.operator("L"), few.levels(3)
    found = Redfield(whole, [Bath(coupled, FlatSpectrum(0.1))]).coefficient("P", "R")
    assert found == pytest.approx(dephasing_coefficient(whole, "P", "R", [JumpOperator(coupled, 0.1)]))
    named = Bath(model.operator("x"), FlatSpectrum(1.0))
    assert named.name == "x"
    matrix = levels.matrix("x")
    np.testing.assert_allclose(named.coupling(levels), matrix, atol=1e-12)
    with pytest.raises(InputError, match="bath operator must be Hermitian; got a with"):
        Bath(model.operator("a"), FlatSpectrum(1.0)).coupling(levels)
