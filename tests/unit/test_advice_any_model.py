"""Advice on protocols of systems that are no collective spin: their own numbers, remedies that do help, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from einselect import Dicke, InputError, PhaseError, dephasing_rates
from einselect.models import SpinBoson
from einselect.models.registry import MODELS
from einselect.protocols import LeggettGarg, Specification, advise

POLARON = {"name": "spin-boson", "tunnelling": 1.0, "strength": 0.2, "cutoff": 50.0, "modes": 0}
RABI = {"name": "rabi", "coupling": 1.4}


def spec(
    model: dict, kind: str = "leggett-garg", gamma: float | str = 1e-2, bath: dict | None = None, **protocol: object
) -> dict:
    return {"model": model, "bath": {"gamma": gamma, **(bath or {})}, "protocol": {"kind": kind, **protocol}}


def test_the_signal_and_the_rate_of_a_spin_by_itself() -> None:
    model = SpinBoson(1.0, 0.2, cutoff=50.0, modes=0)
    answer = advise(spec(POLARON, gamma=0.5))
    test = LeggettGarg(model)
    assert answer.signal == pytest.approx(test.k3(0.5).value, abs=1e-9)
    assert answer.works
    assert answer.limits["gamma"] == pytest.approx(test.threshold().gamma, rel=1e-4)
    assert answer.weights.coherences == pytest.approx(1.0)
    assert answer.weights.elements["Re ρ_01"] == pytest.approx(1.0)
    assert answer.weights.operator == "½{sgn sz, ρ}"
    by_name = {estimate.name.split(" (")[0]: estimate for estimate in answer.estimates}
    assert by_name["γ G01"].rate == pytest.approx(dephasing_rates(model, 0.5).rate_eigenstate)
    assert by_name["γ G_loc"].rate is None
    assert "no mean-field rate" in answer.naive
    # Slower than ρ_01 by the secular approximation: sgn sz begins where dephasing leaves it alone.
    assert answer.rate is not None
    assert answer.rate < 0.8 * by_name["γ G01"].rate
    assert {c.name: c.holds for c in answer.checks} == {"secular": False, "isolation": True, "heating": True}


def test_remedies_of_a_failing_test_do_help() -> None:
    answer = advise(spec(POLARON, gamma=20.0))
    assert answer.works is False
    assert {remedy.parameter for remedy in answer.remedies} >= {"gamma", "tunnelling"}
    for remedy in answer.remedies:
        values = {k: v for k, v in POLARON.items() if k != "name"}
        gamma = 20.0
        if remedy.parameter == "gamma":
            gamma = remedy.needed
        else:
            values[remedy.parameter] = remedy.needed
        assert LeggettGarg(MODELS["spin-boson"].build(values)).k3(gamma).value > 1.0


def test_units_and_jump_operators_of_the_rabi_model() -> None:
    plain = advise(spec(RABI, gamma=1e-3, bath={"jump": "Jx"}, readout="Jx"))
    unit = 2.0 * 3.141592653589793 * 1e10
    physical = {"name": "rabi", "coupling": "14 GHz", "mode": "10 GHz", "spin": "10 GHz"}
    other = advise(spec(physical, gamma=f"{1e-3 * unit!r} 1/s", bath={"jump": "Jx"}))
    assert other.signal == pytest.approx(plain.signal, abs=1e-6)
    assert other.limits["gamma"] == pytest.approx(plain.limits["gamma"] * unit, rel=1e-4)
    assert other.units["rate"] == "1/s"
    assert "sgn Jx" in other.coherence
    assert json.dumps(other.as_dict())


def test_sensing_with_the_dicke_model() -> None:
    """Ramsey: a field that shifts ω0, on the superposition of both levels: ρ_01 holds the signal."""
    dicke = {"name": "dicke", "spins": 6, "coupling": 0.7}
    answer = advise(spec(dicke, "sensing", 1e-4, prepare="pointer", signal="Jz"))
    assert "ρ_01" in answer.coherence
    assert answer.rate_name.endswith("nearest to the eigenstate rate")
    assert answer.rate == pytest.approx(dephasing_rates(Dicke(6, 0.7), 1e-4).rate_eigenstate, rel=0.05)
    strict = advise(spec(dicke, "sensing", 1e-4, prepare="pointer", signal="Jz", target=0.9 * answer.signal))
    assert strict.works is False
    assert strict.remedies[0].parameter == "gamma"
    assert strict.remedies[0].signal <= 0.9 * answer.signal


def test_the_example_in_the_repository(run) -> None:
    path = Path(__file__).parents[2] / "examples" / "rabi-leggett-garg.toml"
    code, out, err = run(f"advise {path}")
    assert (code, err) == (0, "")
    assert "It works" in out
    assert "sgn Jx" in out


def test_the_schema_has_every_model() -> None:
    text = json.dumps(Specification.model_json_schema())
    for name, entry in MODELS.items():
        assert f'"{name}"' in text
        for parameter in entry.parameters:
            assert f'"{parameter.name}"' in text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (spec(RABI, "squeezing"), "protocol.kind must be another than 'squeezing' for rabi, which is no"),
        (spec(RABI) | {"noise": {"spins": 2.0}}, "noise must be left out for the model rabi"),
        (spec(RABI, bath={"jump": "q"}), "bath.jump must be one of a, x, Jx, J-, Jz, n; got 'q'"),
        (spec(RABI, "sensing", signal="Jy"), "protocol.signal must be one of a, x, Jx, J-, Jz, n; got 'Jy'"),
        (spec(RABI, readout="n"), "operator must be odd under the parity"),
        (spec({"spins": 40, "field": 0.9}, bath={"jump": "Jx"}), "bath.jump must be one of Jz; got 'Jx'"),
        (spec({"spins": 40, "field": 0.9}, readout="Jx"), "protocol.readout must be 'Jz' for a collective spin; got"),
        (spec({"spins": 40, "field": 0.9}, "sensing", signal="a"), "protocol.signal must be one of Jx, Jy, Jz; got"),
        (spec({"name": "rabi"}), "model.coupling must be given; got none"),
        (spec(RABI | {"spins": 3}), "key of model must be one of name, coupling, mode, spin; got 'spins'"),
        (spec({"name": "dicke", "spins": 0, "coupling": 1.0}), "model.spins must be greater than or equal to 1"),
    ],
)  # fmt: skip
def test_refusals_name_the_key(data: dict, message: str) -> None:
    with pytest.raises(InputError) as caught:
        advise(data)
    assert str(caught.value).startswith(message)


def test_the_normal_phase_is_refused() -> None:
    with pytest.raises(PhaseError, match="model must be in the ordered phase for a Leggett-Garg test; got disordered"):
        advise(spec({"name": "rabi", "coupling": 0.3}))
