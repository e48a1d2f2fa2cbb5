"""Advice on protocols: verdicts against the protocols themselves, files, refusals, and the command."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from einselect import LMG, InputError, PhaseError, dephasing_rates
from einselect.cli import main
from einselect.protocols import LeggettGarg, Noise, NoisyLeggettGarg, Specification, advise
from einselect.protocols.advice_checks import ladder, nearest, phase_spread, weights_of

FILES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
EXAMPLES = [path for path in FILES if "\n[protocol]" in path.read_text(encoding="utf-8")]  # not those of studies
POINT = {"spins": 100, "field": 0.9}


def spec(kind: str = "leggett-garg", gamma: float = 1e-6, noise: dict | None = None, **protocol) -> dict:
    return {
        "model": POINT,
        "bath": {"gamma": gamma},
        "protocol": {"kind": kind, **protocol},
        **({"noise": noise} if noise else {}),
    }


def threshold() -> float:
    return LeggettGarg(LMG(**POINT)).threshold().gamma


def test_a_test_below_its_threshold_works_and_one_above_does_not():
    limit = threshold()
    below, above = advise(spec(gamma=0.9 * limit)), advise(spec(gamma=1.1 * limit))
    assert (below.works, above.works) == (True, False)
    assert below.limits["gamma"] == pytest.approx(limit, rel=1e-6)
    assert below.remedies == ()


def test_the_signal_is_that_of_the_protocol():
    answer = advise(spec(gamma=1e-4))
    exact = LeggettGarg(LMG(**POINT)).k3(1e-4)
    assert answer.signal == pytest.approx(exact.value, abs=exact.error + 1e-5)
    assert answer.ideal == pytest.approx(answer.signal, abs=1e-6)


def test_a_remedy_works_when_it_is_tried():
    limit = threshold()
    failing = advise(spec(gamma=1.5 * limit))
    assert {"gamma", "field"} <= {r.parameter for r in failing.remedies}
    for remedy in failing.remedies:
        point, gamma = dict(POINT), 1.5 * limit
        if remedy.parameter == "gamma":
            gamma = remedy.needed
        else:
            point[remedy.parameter] = round(remedy.needed) if remedy.parameter == "spins" else remedy.needed
        tried = advise({"model": point, "bath": {"gamma": gamma}, "protocol": {"kind": "leggett-garg"}})
        assert tried.signal > 1.0, remedy
    changes = [abs(math.log(r.factor)) for r in failing.remedies]
    assert changes == sorted(changes)


def test_number_noise_is_in_the_signal_and_in_the_conditions():
    quiet, noisy = advise(spec(gamma=1e-4)), advise(spec(gamma=1e-4, noise={"spins": 3.0, "hold": "interaction"}))
    model = LMG(**POINT)
    exact = NoisyLeggettGarg(LeggettGarg(model), Noise(spins=3.0, hold="interaction"), 1e-4).k3()
    assert noisy.signal == pytest.approx(exact.value, abs=noisy.error)
    assert noisy.signal < quiet.signal
    assert [c.name for c in noisy.checks if c not in quiet.checks][-1] == "number noise"


def test_phase_spread_against_the_derivative_of_the_splitting():
    model, width = LMG(200, 0.9), 0.01

    def log_splitting(field: float) -> float:
        return LMG(200, field).doublet().log_splitting

    slope = (log_splitting(0.9009) - log_splitting(0.8991)) / 0.002  # d ln ΔE / d ln Γ
    small = width * 1e-2
    duration = 3.0 / model.doublet().splitting
    # Gaussian of relative width 1e-4: the second order is slope² 1e-8/2, below 1e-4 of the first.
    assert phase_spread(model, Noise(field=small), duration) == pytest.approx(3.0 * slope * small, rel=1e-2)


def test_the_shown_rate_reproduces_the_signal():
    answer = advise(spec(gamma=1e-4))
    test = LeggettGarg(LMG(**POINT))
    decay = math.exp(-answer.rate * test.tau)
    c, angle = test.correlator.contrast, math.pi / 3.0
    assert c * (2 * math.cos(angle) * decay - math.cos(2 * angle) * decay**2) == pytest.approx(answer.ideal, abs=1e-9)
    assert answer.rate < dephasing_rates(LMG(**POINT), 1e-4).rate_eigenstate


def test_weights_are_shares():
    levels = LMG(**POINT).levels(12)
    rng = np.random.default_rng(5)
    operator = rng.normal(size=(12, 12)) + 1j * rng.normal(size=(12, 12))
    operator = operator + operator.conj().T
    found = weights_of(operator, levels, "O")
    assert found.coherences + found.populations == pytest.approx(1.0, abs=1e-14)
    assert sum(found.elements.values()) == pytest.approx(1.0, abs=1e-14)
    odd = levels.matrix("Jz")
    assert weights_of(odd, levels, "Jz").coherences == 1.0
    assert weights_of(odd, levels, "Jz").elements["Re ρ_01"] == pytest.approx(1.0, abs=1e-14)


@pytest.mark.parametrize(("needed", "expected"), [(1.05, 1), (1.2, 2), (2.0, 8), (9.0, 24), (11.0, None)])
def test_nearest_takes_the_first_step_that_is_enough(needed, expected):
    found = nearest("x", 1.0, lambda x: x, lambda value: value >= needed, ladder(up=True))
    assert (found is None) if expected is None else found.factor == pytest.approx(1.1**expected)


def test_nearest_without_steps_finds_nothing():
    assert nearest("x", 1.0, lambda x: x, lambda value: True, []) is None


def test_sensing_with_rho_01_and_with_the_populations():
    ramsey = advise(spec("sensing", gamma=1e-6, prepare="pointer", signal="Jx"))
    assert "ρ_01" in ramsey.coherence
    assert ramsey.works is None
    target = advise(spec("sensing", gamma=1e-6, prepare="pointer", signal="Jx", target=1.1 * ramsey.signal))
    assert target.works is True
    hard = advise(spec("sensing", gamma=1e-6, prepare="pointer", signal="Jx", target=0.8 * ramsey.signal))
    assert hard.works is False
    assert hard.remedies[0].signal <= 0.8 * ramsey.signal


def test_noise_costs_contrast_in_sensing():
    common = {"prepare": "pointer", "signal": "Jx"}
    quiet = advise(spec("sensing", gamma=1e-6, **common))
    noisy = advise(spec("sensing", gamma=1e-6, noise={"spins": 5.0}, **common))
    assert noisy.ideal == quiet.signal
    assert noisy.signal > quiet.signal


def test_squeezing_that_lasts_and_that_does_not():
    soon = advise(spec("squeezing", gamma=1e-6, at=0.5))
    late = advise(spec("squeezing", gamma=1e-6, at=4.0))
    assert (soon.works, late.works) == (True, False)
    assert soon.signal < 1.0 < late.signal
    assert "protocol.at" in [r.parameter for r in late.remedies]


def test_a_ground_state_that_is_warm_is_pointed_out():
    data = spec(gamma=1e-6)
    data["bath"]["temperature"] = LMG(**POINT).doublet().splitting
    assert "|E1> holds 26.9 %" in advise(data).warnings[0]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_examples_are_answered_within_json(path, capsys):
    assert main(["advise", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"coherence", "rate", "checks", "signal", "error", "works", "remedies", "weights"} <= set(answer)
    assert main(["advise", str(path)]) == 0
    out = capsys.readouterr().out
    assert answer["title"] in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_there_are_four_examples():
    assert len(EXAMPLES) == 4


def test_the_schema_names_every_table(capsys):
    assert main(["advise", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["properties"]) == {"model", "bath", "protocol", "noise", "title"}
    assert set(schema["required"]) == {"model", "bath", "protocol"}


def without(data: dict, *keys: str) -> dict:
    copy = json.loads(json.dumps(data))
    at = copy
    for key in keys[:-1]:
        at = at[key]
    del at[keys[-1]]
    return copy


def changed(table: str, **values) -> dict:
    data = json.loads(json.dumps(spec()))
    data.setdefault(table, {}).update(values)
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (without(spec(), "bath"), "bath must be given; got none"),
        (without(spec(), "bath", "gamma"), "bath.gamma must be given; got none"),
        (without(spec(), "protocol", "kind"), "protocol.kind must be one of .*squeezing; got None"),
        (changed("protocol", kind="leggett"), "protocol.kind must be one of .*squeezing; got 'leggett'"),
        (changed("model", spin=3), r"key of model must be one of .*spins.*; got 'spin' \(did you mean 'spins'\?\)"),
        (changed("protocol", signal="Jx"), "key of protocol must be one of kind, prepare, tau, readout; got 'signal'"),
        (changed("models", spins=3), "key of the file must be one of .*; got 'models'"),
        (changed("model", name="ising"), "model.name must be one of lmg, bose-josephson, anisotropic, .*; got 'ising'"),
        (changed("model", spins=1), "model.spins must be greater than or equal to 2; got 1"),
        (changed("model", spins=3.5), "model.spins must be a valid integer; got 3.5"),
        (changed("model", spins=True), "model.spins must be .*; got True"),
        (changed("model", field=-1.0), "field must be a finite number > 0; got -1.0"),
        (changed("model", field="2 m"), "field"),
        (changed("bath", gamma="-1 1/s"), "gamma"),
        (changed("bath", gamma="0.05 1/s"), "gamma='0.05 1/s' beside a coupling without a unit"),
        (changed("protocol", prepare="cat"), "protocol.prepare must be .*'ground'.*; got 'cat'"),
        (changed("protocol", tau="1 ms"), "protocol.tau must have a unit if and only if the coupling has one"),
        (changed("noise", spins=-1.0), "noise in spins must be a finite number >= 0; got -1.0"),
        (changed("noise", spins={"a": 1.0}), r"noise.spins must have whole numbers as keys; got \['a'\]"),
        (changed("noise", field=0.5), "noise.field must be less than or equal to 0.2; got 0.5"),
    ],
)  # fmt: skip
def test_refusals_name_the_key(data, message):
    with pytest.raises(InputError, match=message):
        advise(data)


def test_a_leggett_garg_test_needs_two_wells():
    with pytest.raises(PhaseError, match="ordered phase"):
        advise(changed("model", field=1.2))


def test_thermal_needs_a_temperature():
    with pytest.raises(InputError, match="temperature must be given"):
        advise(changed("protocol", prepare="thermal"))


@pytest.mark.parametrize(
    ("text", "message"),
    [("spins = [", "protocol file must be TOML"), ("title = 3", "model must be given"), ("", "model must be given")],
)
def test_files_that_are_no_protocols(text, message, tmp_path, capsys):
    path = tmp_path / "protocol.toml"
    path.write_text(text)
    assert main(["advise", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"einselect: {message}")
    assert err.count("\n") == 1


def test_no_file(capsys):
    assert main(["advise"]) == 2
    assert "FILE must be a protocol file" in capsys.readouterr().err
    assert main(["advise", "nowhere.toml"]) == 2
    assert "protocol file must be readable; got 'nowhere.toml'" in capsys.readouterr().err


def test_a_two_mode_condensate_is_its_lmg_model():
    dimer = {"name": "bose-josephson", "spins": 100, "tunnelling": 0.45, "interaction": 0.01}  # Γ = 0.9, J = 1
    for kind in ("leggett-garg", "squeezing"):
        data = {**spec(kind, noise={"spins": 2.0, "hold": "interaction"}), "model": dimer}
        expected = advise(spec(kind, noise={"spins": 2.0, "hold": "interaction"})).signal
        assert advise(data).signal == pytest.approx(expected, rel=1e-9)
    data["noise"] = {"spins": 2.0, "hold": "coupling"}
    with pytest.raises(InputError, match=r"noise\.hold must be 'interaction' for the model bose-josephson"):
        advise(data)


def test_a_specification_is_read_once():
    data = spec("squeezing")
    assert advise(Specification.read(data)).signal == advise(data).signal
