"""Models on the command line: listed, chosen by name with their own parameters, refused in one line."""

from __future__ import annotations

import json
import re

import pytest

from einselect import LMG, AnisotropicLMG, BoseJosephson, Dicke, Rabi, VibronicDimer, dephasing_rates, doublet_of
from einselect.models import FewModes, SpinBoson, VibronicRing
from einselect.models.registry import MODELS

POINTS = {
    "lmg": "--spins 60 --field 0.8",
    "anisotropic": "--spins 60 --field 0.8 --anisotropy -0.5 --tilt 1e-4",
    "bose-josephson": "--spins 60 --tunnelling 0.4 --interaction 0.02",
    "dicke": "--spins 12 --coupling 0.8 --mode 1.5",
    "rabi": "--coupling 2.5 --spin 1.2",
    "dimer": "--coupling -0.5 --huang-rhys 4",
    "ring": "--sites 3 --coupling -0.5 --huang-rhys 1 --closing 0.2",
    "few-modes": "--tunnelling 0.7 --frequencies 1.5,3 --couplings 2.5,-2",
    "spin-boson": "--tunnelling 1 --strength 0.2 --cutoff 20 --modes 2",
}
SAME = {
    "lmg": LMG(60, 0.8),
    "anisotropic": AnisotropicLMG(60, 0.8, -0.5, tilt=1e-4),
    "bose-josephson": BoseJosephson(60, 0.4, 0.02),
    "dicke": Dicke(12, 0.8, 1.5),
    "rabi": Rabi(2.5, spin=1.2),
    "dimer": VibronicDimer(-0.5, 4.0),
    "ring": VibronicRing(3, -0.5, 1.0, closing=0.2),
    "few-modes": FewModes(0.7, [1.5, 3.0], [2.5, -2.0]),
    "spin-boson": SpinBoson(1.0, 0.2, cutoff=20.0, modes=2),
}


def test_every_model_has_a_point_here() -> None:
    assert set(POINTS) == set(SAME) == set(MODELS)


def test_the_list_has_every_model_with_its_hamiltonian(run, document):
    code, out, _ = run("models")
    assert code == 0
    squeezed = re.sub(r"\s+", " ", out)
    entries = {entry["name"]: entry for entry in document("models")}
    assert set(entries) == set(MODELS)
    for name, entry in MODELS.items():
        assert entry.hamiltonian in squeezed
        assert f"{name}: {entry.title}" in squeezed
        assert entries[name]["hamiltonian"] == entry.hamiltonian
        assert [p["name"] for p in entries[name]["parameters"]] == [p.name for p in entry.parameters]
        assert entries[name]["jumps"] == list(entry.jumps)


@pytest.mark.parametrize("name", POINTS)
def test_rates_are_those_of_python(run, document, name):
    text = f"rates --model {name} {POINTS[name]} --gamma 1e-4"
    found, expected = document(text), dephasing_rates(SAME[name], 1e-4).as_dict()
    for key in ("rate_eigenstate", "rate_pointer", "eta_exact", "g01", "j01", "splitting", "regime"):
        assert found[key] == expected[key], key
    code, out, err = run(text)
    assert (code, err) == (0, "")
    assert "Regime:" in out
    assert "η" in out


@pytest.mark.parametrize("name", POINTS)
def test_every_jump_operator_that_is_listed_works(document, name):
    model = SAME[name]
    levels = model.levels(3)
    for jump in MODELS[name].jumps:
        found = document(f"rates --model {name} {POINTS[name]} --jump {jump}")
        expected = doublet_of(levels, jump)
        assert found["g01"] == pytest.approx(expected.g01, rel=1e-8)
        assert found["jump"] == jump
        assert found["pointer_moment"] == pytest.approx(expected.pointer_moment, rel=1e-8)
        assert found["jump_parity"] == expected.parity


@pytest.mark.parametrize("name", POINTS)
def test_levels_are_those_of_python(run, document, name):
    found = document(f"levels --model {name} {POINTS[name]} --count 5")
    levels = SAME[name].levels(5)
    assert found["energies"] == pytest.approx(levels.energies.tolist(), rel=1e-12)
    assert found["parities"] == levels.parities.tolist()
    assert found["excitations"][1] == pytest.approx(float(levels.excitations[1]), rel=1e-6)
    code, out, err = run(f"levels --model {name} {POINTS[name]}")
    assert (code, err) == (0, "")
    assert len(re.findall(r"^ +\d+  (?:even|odd|–)", out, re.MULTILINE)) == 12


def test_a_splitting_that_is_a_bound_is_null_with_its_bound(run, document):
    text = "rates --model dicke --spins 200 --coupling 1.0 --gamma 1e-3"
    found = document(text)
    assert found["splitting"] is None
    assert 0.0 < found["splitting_bound"] < 1e-11
    assert found["secular_parameter"] is None
    assert found["regime"] == "thermodynamic"
    _, out, _ = run(text)
    assert "not resolved: a bound" in out
    levels = document("levels --model dicke --spins 200 --coupling 1.0 --count 3")
    assert levels["excitations"][1] is None
    assert 0.0 < levels["splitting_bound"] < 1e-11


def test_physical_units_go_through(document):
    found = document(
        'rates --model bose-josephson --spins 200 --tunnelling "50 Hz" --interaction "0.6 Hz" --gamma "0.1 1/s"'
    )
    expected = dephasing_rates(BoseJosephson(200, "50 Hz", "0.6 Hz"), "0.1 1/s")
    assert found["rate_pointer"] == expected.rate_pointer
    assert found["units"]["rate"] == "1/s"
    assert found["strength"] == pytest.approx(1.2)


BAD = {
    "unknown model": ("rates --model dick --spins 4", "model must be one of lmg, anisotropic"),
    "foreign parameter": (
        "rates --spins 20 --field 0.5 --mode 3",
        "mode must be left out for the model lmg, whose parameters are spins, field, coupling; got 3.0",
    ),
    "missing": ("rates --model dicke --spins 20", "--coupling must be given; got none (see 'einselect rates --help')"),
    "missing for levels": ("levels --model rabi", "--coupling must be given; got none (see 'einselect levels --help')"),
    "unknown jump": ("rates --model rabi --coupling 1 --jump b", "jump must be one of a, x, Jx, J-, Jz, n; got 'b'"),
    "unknown jump of a spin": ("rates --spins 9 --field 0.5 --jump Jq", "operator must be one of Jx, Jy, Jz"),
    "anisotropy": (
        "rates --model anisotropic --spins 9 --field 0.5 --anisotropy 1",
        "anisotropy must be from -1 to below 1; got 1.0",
    ),
    "no number": ("rates --model dicke --spins 4 --coupling much", "coupling must be a finite real number"),
    "no spins": ("rates --model dicke --spins 0 --coupling 1", "spins must be a whole number >= 1; got '0'"),
    "units": (
        "rates --model dicke --spins 4 --coupling '1 kHz'",
        "mode must have a unit where the coupling has one; got 1.0",
    ),
    "too many levels": ("levels --model rabi --coupling 1 --count 300", "count must be a whole number from 2 to 200"),
    "plot": (
        "rates --model ring --sites 3 --coupling -0.3 --huang-rhys 2 --closing 0 --plot x.png",
        "model must have two wells along one coordinate to draw its states; got an aggregate of 3 sites",
    ),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line(run, tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(text)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"einselect: [^\n]+\n", err), err
    assert said in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [n for n in POINTS if n != "ring"])
def test_states_are_drawn_of_every_model_with_a_coordinate(run, tmp_path, name):
    file = tmp_path / "states.svg"
    code, out, _ = run(f"rates --model {name} {POINTS[name]} --plot {file}")
    assert code == 0
    assert "Regime" in out
    over = {"dicke": "x", "rabi": "x", "dimer": "x", "few-modes": "X", "spin-boson": "X"}.get(name, "m")
    assert f"<!-- $V({over})$ -->" in file.read_text()  # the formula beside its letters


def test_protocols_of_every_collective_spin(run):
    dimer = "--model bose-josephson --spins 60 --tunnelling 0.45 --interaction 0.016666666666666666"
    for command, rest, key in (
        ("leggett-garg", "--gamma 1e-4 --level C --json", "k3"),
        ("metrology", "--gamma 1e-5 --state pointer --points 9 --levels 8 --json", "qfi_field"),
    ):
        found, expected = (
            json.loads(run(f"{command} {model} {rest}")[1])[key] for model in (dimer, "--spins 60 --field 0.9")
        )
        assert found == pytest.approx(expected, rel=1e-8)  # J = NU is off by a rounding
