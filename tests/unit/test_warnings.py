"""The warnings of `dephasing_rates` against the dynamics that they warn of."""

from __future__ import annotations

import numpy as np
import pytest

from einselect import LMG, JumpOperator, dephasing_rates
from einselect.dynamics import Lindbladian

J = "74345.66 rad/s"


def pointer_decay(spins: int, start: list[float]) -> float:
    """Mean decay of |ρ_PR| over one 1/(γ(G01 + J01²)), in units of that coefficient, from amplitudes on |E0>, |E1>."""
    model = LMG(spins, 0.95, J)
    rates = dephasing_rates(model, "0.05 1/s")
    amplitudes = np.zeros(20)
    amplitudes[:2] = start
    answer = Lindbladian(model.levels(20), [JumpOperator("Jz", 0.05)]).evolve(amplitudes, [rates.t2_pointer])
    return float(-np.log(2.0 * abs(answer.rho_pr.item())))


@pytest.mark.parametrize("spins", [200, 370])
def test_pointer_coherence_that_depends_on_the_state(spins: int) -> None:
    warnings = dephasing_rates(LMG(spins, 0.95, J), "0.05 1/s").warnings
    assert any("Re ρ_PR is tied to the populations" in warning for warning in warnings)
    even, odd = pointer_decay(spins, [1.0, 0.0]), pointer_decay(spins, [0.0, 1.0])
    assert odd / even > 1.1
    assert 0.5 * (even + odd) == pytest.approx(1.0, abs=0.06)  # what leaks and returns in one decay time


def test_no_such_warning_where_both_states_agree() -> None:
    warnings = dephasing_rates(LMG(1000, 0.95, J), "0.05 1/s").warnings
    assert not any("Re ρ_PR is tied" in warning for warning in warnings)
    assert pointer_decay(1000, [1.0, 0.0]) == pytest.approx(pointer_decay(1000, [0.0, 1.0]), rel=0.01)
    assert any("γ G01 is not a decay constant of ρ_01" in warning for warning in warnings)


def test_no_warning_without_dephasing() -> None:
    assert dephasing_rates(LMG(370, 0.95)).warnings == ()
