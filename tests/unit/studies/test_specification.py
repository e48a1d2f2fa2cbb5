"""Studies as files: what is read, what is refused and how that is said, and when two studies are the same."""

from __future__ import annotations

import json
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from einselect import InputError, UnitError
from einselect.studies import Study

FILE = """
title = "Two wells"
model = "lmg"
quantities = ["eta_mf", "rate_pointer", "regime"]
chunk = 1000
zip = [["spins", "temperature"]]

[parameters]
coupling = "74346 rad/s"

[bath]
jump = "Jz"

[axes]
spins = { start = 100, stop = 300, step = 100 }
temperature = ["5 nK", "10 nK", "20 nK"]
field = { linspace = [0.9, 0.98, 5] }
gamma = { logspace = [0.001, 1, 4], unit = "1/s" }

[executor]
kind = "processes"
workers = 2
"""
POINT: dict[str, Any] = {"parameters": {"spins": 20, "field": 0.5}, "quantities": ["eta_mf"]}


def study(**changes: Any) -> Study:
    return Study(**{**POINT, **changes})


@pytest.fixture
def from_file(tmp_path: Path) -> Study:
    path = tmp_path / "study.toml"
    path.write_text(FILE, encoding="utf-8")
    return Study.from_toml(path)


def test_a_file_becomes_a_plan(from_file: Study) -> None:
    plan = from_file.plan()
    assert plan.dims == ("spins_temperature", "field", "gamma")
    assert plan.shape == (3, 5, 4)
    assert plan.points == 60
    axes = plan.coordinates
    assert axes["spins"].values.tolist() == [100, 200, 300]
    assert axes["spins"].dim == axes["temperature"].dim == "spins_temperature"
    assert axes["field"].values.tolist() == [0.9, 0.92, 0.94, 0.96, 0.98]
    assert (axes["field"].units, axes["gamma"].units, axes["temperature"].units) == ("Γ/J", "1/s", "rad/s (E/ħ)")
    assert axes["gamma"].values == pytest.approx([1e-3, 1e-2, 1e-1, 1.0], rel=1e-12)
    kelvin = 1.380649e-23 / 1.054571817e-34
    assert axes["temperature"].values == pytest.approx([5e-9 * kelvin, 1e-8 * kelvin, 2e-8 * kelvin], rel=1e-9)
    assert plan.variables["eta_mf"].dtype == "f8"
    assert plan.variables["rate_pointer"].attrs["units"] == "1/s"
    assert plan.variables["regime"].dtype == "i1"
    meanings = plan.variables["regime"].attrs["flag_meanings"].split()
    assert meanings[0] == "none"
    assert len(meanings) == len(plan.variables["regime"].attrs["flag_values"])
    assert plan.attributes["title"] == "Two wells"
    assert plan.attributes["coupling"] == "74346.0 rad/s"
    assert plan.attributes["jump"] == "Jz"
    assert math.prod(plan.chunks) <= 1000


def test_a_study_written_as_toml_is_the_same_study(from_file: Study, tmp_path: Path) -> None:
    again = tmp_path / "again.toml"
    again.write_text(from_file.to_toml(), encoding="utf-8")
    assert Study.from_toml(again) == from_file


@given(st.text(max_size=30), st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=5))
def test_any_text_and_number_survives_toml(tmp_path_factory: Any, title: str, values: list[float]) -> None:
    one = study(parameters={"spins": 20}, axes={"field": values}, title=title)
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(one.to_toml().encode())
    assert Study.from_toml(path) == one


@pytest.mark.parametrize(
    ("spec", "values"),
    [
        ([0.5, 0.9], [0.5, 0.9]),
        ((0.5,), [0.5]),
        (np.array([0.5, 0.7]), [0.5, 0.7]),
        ({"start": 0.1, "stop": 0.5, "step": 0.1}, [0.1, 0.2, 0.3, 0.4, 0.5]),
        ({"start": 0.1, "stop": 0.45, "step": 0.1}, [0.1, 0.2, 0.3, 0.4]),
        ({"linspace": [0.2, 0.4, 3]}, [0.2, 0.3, 0.4]),
        ({"logspace": [0.01, 1, 3]}, [0.01, 0.1, 1.0]),
    ],
)
def test_forms_of_an_axis(spec: Any, values: list[float]) -> None:
    found = study(parameters={"spins": 20}, axes={"field": spec}).plan()
    assert found.coordinates["field"].values.tolist() == values


def test_python_ranges_and_units_of_an_axis() -> None:
    found = study(parameters={"field": "5 kHz", "coupling": "10 kHz"}, axes={"spins": range(20, 41, 10)}).plan()
    assert found.coordinates["spins"].values.tolist() == [20, 30, 40]
    found = study(
        parameters={"spins": 20, "coupling": "10 kHz"},
        axes={"field": {"start": 5, "stop": 7, "step": 1, "unit": "kHz"}},
    ).plan()
    assert found.coordinates["field"].values == pytest.approx(2e3 * math.pi * np.array([5.0, 6.0, 7.0]), rel=1e-12)
    assert found.coordinates["field"].units == "rad/s (E/ħ)"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "model": ({"model": "lgm"}, "model must be one of .*; got 'lgm'"),
    "quantity": ({"quantities": ["eta_fm"]}, r"did you mean 'eta_mf'\?"),
    "no quantity": ({"quantities": []}, r"quantities must be one or more names; got \[\]"),
    "key": ({"modle": "lmg"}, r"key of the study must be one of .*; got 'modle' \(did you mean 'model'\?\)"),
    "key of the bath": ({"bath": {"gama": 1.0}}, r"key of bath must be one of .*did you mean 'gamma'"),
    "key of an axis": ({"axes": {"gamma": {"start": 1, "stopp": 2}}}, "axes.gamma.stop must be given; got none"),
    "more of an axis": ({"axes": {"gamma": {"linspace": [1, 2, 3], "n": 2}}}, "key of axes.gamma must be one of"),
    "no axis": ({"axes": {"gamma": 3.0}}, r"axes.gamma must be one or more values \[a, b, ...\], or .*; got 3.0"),
    "empty axis": ({"axes": {"gamma": []}}, r"axes.gamma must be one or more values"),
    "truth on an axis": ({"axes": {"gamma": [True]}}, "axes.gamma.0 must be a finite number, or text .*; got True"),
    "NaN on an axis": ({"axes": {"gamma": [math.nan]}}, "axes.gamma.0 must be a finite number, or text .*; got nan"),
    "linspace of two": ({"axes": {"gamma": {"linspace": [1, 2]}}}, "axes.gamma.linspace must be three numbers"),
    "linspace of half": ({"axes": {"gamma": {"linspace": [1, 2, 2.5]}}}, "three numbers .*; got 2.5"),
    "linspace of one": ({"axes": {"gamma": {"linspace": [1, 2, 1]}}}, "with low < high, at least 2 values; got"),
    "linspace down": ({"axes": {"gamma": {"linspace": [2, 1, 5]}}}, r"with low < high.*; got \[2.0, 1.0, 5\]"),
    "logspace from zero": ({"axes": {"gamma": {"logspace": [0, 1, 5]}}}, "and low > 0; got"),
    "range down": ({"axes": {"gamma": {"start": 2, "stop": 1, "step": 1}}}, "axes.gamma must have start <= stop"),
    "step of zero": ({"axes": {"gamma": {"start": 1, "stop": 2, "step": 0}}}, "axes.gamma.step must be .*; got 0"),
    "too long": ({"axes": {"gamma": {"start": 1, "stop": 1e9, "step": 1}}}, "at most 10000000 values"),
    "axis misspelt": ({"axes": {"gama": [1.0]}}, r"key of axes for the model lmg must be one of .*'gamma'\?"),
    "parameter of another": ({"parameters": {"spins": 9, "field": 0.5, "mode": 1.0}}, "got 'mode'"),
    "parameter missing": ({"parameters": {"spins": 9}}, "parameters.field must be given for the model lmg; got none"),
    "twice": ({"axes": {"field": [0.5]}}, "parameters.field must be left out where it is an axis; got 0.5"),
    "bath twice": ({"bath": {"gamma": 1.0}, "axes": {"gamma": [0.5]}}, "bath.gamma must be left out where it is an"),
    "spins not whole": ({"parameters": {"spins": 9.5, "field": 0.5}}, "spins must be a whole number >= 2; got 9.5"),
    "spins of one": ({"parameters": {"spins": 1, "field": 0.5}}, "spins must be a whole number >= 2; got 1"),
    "field of no sign": ({"parameters": {"spins": 9, "field": -0.5}}, "field must be a finite number > 0; got -0.5"),
    "unit": ({"parameters": {"spins": 9, "field": 0.5, "coupling": "3 parsec"}}, "coupling must be an energy"),
    "units mixed": ({"axes": {"gamma": [1.0, "2 1/s"]}}, "gamma must be plain everywhere or have one kind of unit"),
    "bath with a unit": ({"bath": {"gamma": "2 1/s"}}, "coupling must have a unit where gamma has one"),
    "rate of no sign": ({"bath": {"gamma": -1.0}}, "gamma must be zero or above; got -1.0"),
    "gamma missing": ({"quantities": ["rate_pointer"]}, "bath.gamma must be given for rate_pointer; got none"),
    "temperature missing": ({"quantities": ["thermal_ratio"]}, "bath.temperature must be given for thermal_ratio"),
    "jump": ({"bath": {"jump": "Jzz"}}, r"jump must be one of Jz, .*did you mean 'Jz'\?"),
    "jump of K3": (
        {"bath": {"jump": "Jx", "gamma": 1.0}, "quantities": ["local_ratio"]},
        "bath.jump must be 'Jz' for local_ratio; got 'Jx'",
    ),
    "window of Dicke": ({"model": "dicke", "quantities": ["window_min"]}, "model must be one of lmg for window_min"),
    "list of a number": ({"parameters": {"spins": [9], "field": 0.5}}, "parameters.spins must be one value .*; got"),
    "number of a list": (
        {
            "model": "few-modes",
            "parameters": {"tunnelling": 1, "frequencies": 1.5, "couplings": [2]},
            "quantities": ["g01"],
        },
        "parameters.frequencies must be a list of one or more values; got 1.5",
    ),
    "axis of a list": (
        {
            "model": "few-modes",
            "parameters": {"tunnelling": 1, "couplings": [2]},
            "axes": {"frequencies": [1, 2]},
            "quantities": ["g01"],
        },
        "parameters.frequencies must be one list, which is no axis",
    ),
    "option of nothing": ({"options": {"time": 1.0}}, "options.time must be left out: it is no option of eta_mf"),
    "option misspelt": (
        {"options": {"tim": 1.0}, "quantities": ["purity"], "bath": {"gamma": 1.0}},
        r"did you mean 'time'\?",
    ),
    "time with a unit": (
        {"options": {"time": "1 s"}, "quantities": ["purity"], "bath": {"gamma": 1.0}},
        "time must be in T2, as in '2 T2'",
    ),
    "time of words": (
        {"options": {"time": "two T2"}, "quantities": ["purity"], "bath": {"gamma": 1.0}},
        "time must be .*got 'two T2'",
    ),
    "thermal": (
        {"options": {"initial": "thermal"}, "quantities": ["k3"], "bath": {"gamma": 1.0}},
        "bath.temperature must be",
    ),
    "zip of one": ({"axes": {"gamma": [1.0]}, "zip": [["gamma"]]}, "zip must join two or more axes of one length"),
    "zip of nothing": ({"zip": [["gamma", "spins"]]}, "zip must be one of"),
    "zip of lengths": (
        {"axes": {"gamma": [1.0], "temperature": [1.0, 2.0]}, "zip": [["gamma", "temperature"]]},
        "one length; got gamma of 1, temperature of 2",
    ),
    "zip twice": (
        {"axes": {"gamma": [1.0], "temperature": [1.0]}, "zip": [["gamma", "temperature"], ["gamma", "temperature"]]},
        "zip must name each axis once; got 'gamma' again",
    ),
    "chunk": ({"chunk": 0}, "chunk must be .*; got 0"),
    "executor": ({"executor": {"kind": "threads"}}, "executor.kind must be .*'dask'; got 'threads'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_named(case: str) -> None:
    changes, message = REFUSED[case]
    with pytest.raises(InputError, match=message) as caught:
        study(**changes).plan()
    assert "\n" not in str(caught.value)


def test_units_of_a_bath_follow_the_model() -> None:
    physical = {"spins": 9, "field": 0.5, "coupling": "1 kHz"}
    with pytest.raises(UnitError, match="gamma must have a unit where the coupling has one"):
        study(parameters=physical, bath={"gamma": 1.0}).plan()
    assert study(parameters=physical, bath={"gamma": "1 1/s"}).plan().question.energy_unit == "rad/s"
    assert study().plan().question.energy_unit == "J"
    assert study(parameters={"spins": 9, "field": 0.5, "coupling": 2.0}).plan().question.energy_unit == "plain"
    dicke = study(model="dicke", parameters={"spins": 4, "coupling": 0.7})
    assert dicke.plan().question.energy_unit == "plain"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"study file must be readable; got .*No such file"):
        Study.from_toml(tmp_path / "none.toml")
    bad = tmp_path / "bad.toml"
    bad.write_text("quantities = [", encoding="utf-8")
    with pytest.raises(InputError, match="study file must be TOML; got"):
        Study.from_toml(bad)


def test_the_schema_has_every_key_with_what_it_means() -> None:
    schema = Study.schema()
    assert json.loads(json.dumps(schema)) == schema
    assert set(schema["properties"]) == set(Study.model_fields)
    assert all(entry.get("description") for entry in schema["properties"].values())
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["quantities"]


def test_the_digest_follows_the_numbers_only() -> None:
    one = study(axes={"gamma": [0.1, 0.2, 0.3]})
    same = [
        study(axes={"gamma": {"linspace": [0.1, 0.3, 3]}}),
        study(axes={"gamma": [0.1, 0.2, 0.3]}, title="Another", chunk=7, executor={"kind": "processes", "workers": 3}),
        study(axes={"gamma": [0.1, 0.2, 0.3]}, parameters={"spins": 20, "field": "0.5", "coupling": 1}),
    ]
    others = [
        study(axes={"gamma": [0.1, 0.2]}),
        study(axes={"gamma": [0.1, 0.2, 0.30000000000000004]}),
        study(axes={"gamma": [0.1, 0.2, 0.3]}, quantities=["eta_exact"]),
        study(axes={"gamma": [0.1, 0.2, 0.3]}, parameters={"spins": 21, "field": 0.5}),
        study(axes={"gamma": [0.1, 0.2, 0.3]}, bath={"temperature": 1.0}),
    ]
    assert [s.digest() for s in same] == [one.digest()] * len(same)
    assert one.digest() not in [s.digest() for s in others]
    assert json.loads(json.dumps(one.canonical())) == one.canonical()
    assert one.canonical()["axes"]["gamma"]["values"] == [0.1, 0.2, 0.3]


def test_options_decide_the_digest_where_they_decide_the_numbers() -> None:
    base: dict[str, Any] = {"quantities": ["purity"], "bath": {"gamma": 1.0}}
    assert study(**base).digest() == study(**base, options={"time": "1 T2"}).digest()
    assert study(**base).digest() != study(**base, options={"time": "2 T2"}).digest()


def test_a_plan_of_a_billion_points_is_small() -> None:
    plan = study(
        parameters={},
        axes={"spins": range(20, 2020), "field": {"linspace": [0.1, 0.9, 1000]}, "gamma": {"logspace": [1e-9, 1, 500]}},
    ).plan()
    assert plan.points == 10**9
    sent = pickle.dumps(plan)
    assert len(sent) < 200_000
    again = pickle.loads(sent)
    assert again.dims == plan.dims
    assert again.chunks == plan.chunks
    assert 1 <= math.prod(plan.chunks) <= 50_000


@pytest.mark.parametrize("quantities", [["eta_mf"], ["regime"], ["eta_mf", "k3"]])
def test_chunks_keep_together_what_shares_a_doublet(quantities: list[str]) -> None:
    plan = study(
        parameters={},
        axes={"gamma": {"logspace": [1e-9, 1, 20]}, "spins": range(20, 320), "field": {"linspace": [0.1, 0.9, 100]}},
        quantities=quantities,
    ).plan()
    at = plan.dims.index("gamma")
    if "k3" in quantities:
        assert math.prod(plan.chunks) <= 20
    else:
        assert plan.chunks[at] == plan.shape[at]
        assert math.prod(plan.chunks) > 1000
    assert all(1 <= part <= size for part, size in zip(plan.chunks, plan.shape, strict=True))


def test_the_points_of_a_chunk_can_be_set() -> None:
    plan = study(parameters={"field": 0.5}, axes={"spins": range(20, 320)}, chunk=10).plan()
    assert plan.chunks == (10,)
