"""Blocks of a study: the same bits however they are cut, points that fail beside others, statuses, messages."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import LMG, InputError, dephasing_rates, sweep
from einselect.dynamics import evolve
from einselect.models.lmg_table import doublet_table
from einselect.protocols import LeggettGarg
from einselect.rates import JumpOperator
from einselect.studies import Block, Plan, Study, status
from einselect.sweeps.quantities import BATH, STATIC

CHEAP = [
    "eta_mf",
    "log_splitting",
    "g01",
    "j01",
    "leakage_odd",
    "rate_pointer",
    "log_secular_parameter",
    "thermal_ratio",
]


def all_of(plan: Plan) -> Block:
    return plan.evaluate(tuple(slice(None) for _ in plan.dims))


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def cuts(size: int) -> st.SearchStrategy[list[slice]]:
    """A dimension cut into pieces."""
    inner = st.lists(st.integers(1, max(1, size - 1)), max_size=4, unique=True).map(sorted)
    return inner.map(lambda at: [slice(a, b) for a, b in zip([0, *at], [*at, size], strict=True) if a < b])


@pytest.fixture(scope="module")
def rates_plan() -> Plan:
    spins = [2, 3, 4, 5, 17, 90, 91, 92, 150, 371, 640, 1500]
    fields = [0.02, 0.3, 0.8, 0.95, 0.999, 1.0, 1.4]
    return Study(
        axes={"gamma": [0.0, 1e-9, 1e-5, 0.3], "spins": spins, "field": fields, "temperature": [0.0, 1e-4, 0.1]},
        quantities=CHEAP,
    ).plan()


@pytest.fixture(scope="module")
def rates_whole(rates_plan: Plan) -> Block:
    return all_of(rates_plan)


@settings(max_examples=25)
@given(data=st.data())
def test_cheap_points_are_the_same_bits_however_they_are_cut(
    rates_plan: Plan, rates_whole: Block, data: st.DataObject
) -> None:
    pieces = [data.draw(cuts(size)) for size in rates_plan.shape]
    block = tuple(data.draw(st.sampled_from(parts)) for parts in pieces)
    found = rates_plan.evaluate(block)
    for name, values in rates_whole.values.items():
        assert same_bits(found.values[name], np.ascontiguousarray(values[block])), name
    assert np.array_equal(found.status, rates_whole.status[block])


@settings(max_examples=15)
@given(data=st.data())
def test_a_mask_leaves_the_bits_of_the_others(rates_plan: Plan, rates_whole: Block, data: st.DataObject) -> None:
    seed = data.draw(st.integers(0, 2**32 - 1))
    wanted = np.random.default_rng(seed).random(rates_plan.shape) < data.draw(st.sampled_from([0.01, 0.3, 0.9]))
    found = rates_plan.evaluate(tuple(slice(None) for _ in rates_plan.dims), wanted)
    for name, values in rates_whole.values.items():
        assert same_bits(found.values[name][wanted], values[wanted]), name
        assert np.all(np.isnan(found.values[name][~wanted]))
    assert np.all(found.status[~wanted] == status.MISSING)
    assert np.array_equal(found.status[wanted], rates_whole.status[wanted])
    assert not any(not wanted.flat[at] for at in found.message)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(2, 900), st.floats(0.05, 1.6)), min_size=1, max_size=12), st.booleans())
def test_a_doublet_of_a_table_does_not_depend_on_the_others(points: list[tuple[int, float]], splitting: bool) -> None:
    triples = [(n, g, 1.0) for n, g in points]
    together = doublet_table(triples, splitting=splitting)
    for k, triple in enumerate(triples):
        alone = doublet_table([triple], splitting=splitting)
        for name in ("e0", "e1", "log_splitting", "log_splitting_error", "vector_error"):
            assert same_bits(getattr(alone, name), getattr(together, name)[k : k + 1]), name
        for name in ("j01", "leakage_even", "leakage_odd"):
            assert same_bits(getattr(alone.moments, name), getattr(together.moments, name)[k : k + 1]), name


def test_dear_points_are_the_same_bits_however_they_are_cut() -> None:
    plan = Study(
        parameters={"field": 0.8},
        axes={"spins": [10, 11, 20], "gamma": [1e-3, 1e-2], "time": ["0.5 T2", "1 T2"]},
        quantities=["coherence_eigenstate", "k3", "quantum_fisher", "eta_exact"],
        options={"tolerance": 1e-4},
    ).plan()
    whole = all_of(plan)
    for i in range(3):
        for k in range(2):
            one = plan.evaluate((slice(i, i + 1), slice(k, k + 1), slice(k, 2)))
            for name, values in whole.values.items():
                assert same_bits(one.values[name], np.ascontiguousarray(values[i : i + 1, k : k + 1, k:2])), name


def test_another_process_has_the_same_bits(rates_plan: Plan, rates_whole: Block, tmp_path: Any) -> None:
    (tmp_path / "plan").write_bytes(pickle.dumps(rates_plan))
    code = (
        "import pickle, sys; plan = pickle.load(open('plan', 'rb')); "
        "block = plan.evaluate((slice(1, 3), slice(4, 9), slice(2, 5), slice(0, 1))); "
        "pickle.dump(block.values, open('values', 'wb'))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    found = pickle.loads((tmp_path / "values").read_bytes())
    for name, values in rates_whole.values.items():
        assert same_bits(found[name], np.ascontiguousarray(values[1:3, 4:9, 2:5, 0:1])), name


def test_every_quantity_of_a_sweep_is_that_of_the_study() -> None:
    axes: dict[str, Any] = {"spins": [9, 100, 371], "field": [0.5, 0.95]}
    bath: dict[str, Any] = {"gamma": [1e-6, 1e-3], "temperature": [0.01, 0.1]}
    names = [*STATIC, *BATH]
    expected = sweep(**axes, **bath, quantities=names, progress=False)
    found = all_of(Study(axes={**axes, **bath}, quantities=names).plan())
    dims = ("spins", "field", "gamma", "temperature")
    for name in names:
        wide = expected[name].broadcast_like(expected["thermal_ratio"] * expected["rate_pointer"])
        assert np.array_equal(found.values[name], wide.transpose(*dims).values, equal_nan=True), name


def test_zipped_axes_go_together() -> None:
    plan = Study(
        axes={"spins": [10, 20, 40], "field": [0.5, 0.9], "gamma": [0.1, 0.2, 0.4]},
        zip=[["spins", "gamma"]],
        quantities=["rate_pointer"],
    ).plan()
    assert plan.dims == ("spins_gamma", "field")
    found = all_of(plan).values["rate_pointer"]
    for i, (n, gamma) in enumerate([(10, 0.1), (20, 0.2), (40, 0.4)]):
        for k, field in enumerate([0.5, 0.9]):
            assert found[i, k] == pytest.approx(dephasing_rates(LMG(n, field), gamma).rate_pointer, rel=1e-12)


def test_jump_operators_are_an_axis() -> None:
    found = all_of(
        Study(
            parameters={"spins": 40, "field": 0.8},
            axes={"jump": ["Jz", "Jx", "J-"]},
            quantities=["eta_exact", "jump_parity"],
        ).plan()
    )
    expected = [dephasing_rates(LMG(40, 0.8), jump=name).doublet.eta_exact for name in ("Jz", "Jx", "J-")]
    assert found.values["eta_exact"] == pytest.approx(expected, rel=1e-9)
    assert found.values["jump_parity"].tolist() == [0, 1, 2]


def test_physical_units_are_those_of_the_library() -> None:
    study = Study(
        parameters={"field": 0.95, "coupling": "74346 rad/s"},
        bath={"temperature": "10 nK"},
        axes={"spins": [100, 370], "gamma": ["0.05 1/s", "50 1/ks"]},
        quantities=[
            "rate_eigenstate",
            "rate_pointer",
            "rate_mean_field",
            "thermal_ratio",
            "splitting",
            "regime",
            "k3_threshold",
        ],
        options={"level": "C"},
    )
    plan, found = study.plan(), all_of(study.plan())
    for i, n in enumerate((100, 370)):
        model = LMG(n, 0.95, "74346 rad/s")
        rates = dephasing_rates(model, "0.05 1/s", temperature="10 nK")
        for name in ("rate_eigenstate", "rate_pointer", "rate_mean_field", "thermal_ratio"):
            assert found.values[name][i] == pytest.approx([getattr(rates, name)] * 2, rel=1e-10), name
        assert found.values["splitting"][i, 0] == pytest.approx(rates.doublet.splitting, rel=1e-9)
        assert found.values["k3_threshold"][i, 0] == pytest.approx(
            LeggettGarg(model, level="C").threshold().gamma, rel=1e-6
        )
    assert plan.variables["rate_pointer"].attrs["units"] == "1/s"
    assert plan.variables["regime"].attrs["flag_meanings"].split()[found.values["regime"][1, 0] + 1] == "mesoscopic"


def test_times_in_seconds_and_in_t2_agree() -> None:
    model = LMG(60, 0.9, "74346 rad/s")
    t2 = dephasing_rates(model, "5 1/s").t2_eigenstate
    assert t2 is not None
    base: dict[str, Any] = {
        "parameters": {"spins": 60, "field": 0.9, "coupling": "74346 rad/s"},
        "bath": {"gamma": "5 1/s"},
        "quantities": ["coherence_eigenstate"],
    }
    relative = all_of(Study(**base, axes={"time": ["0.5 T2", "1 T2"]}).plan()).values["coherence_eigenstate"]
    absolute = all_of(Study(**base, axes={"time": [f"{0.5 * t2!r} s", f"{t2!r} s"]}).plan()).values[
        "coherence_eigenstate"
    ]
    assert absolute == pytest.approx(relative, abs=1e-12)
    run = evolve(model, [JumpOperator("Jz", 5.0)], "pointer", [0.5 * t2, t2])
    assert relative == pytest.approx(abs(run.rho_01.values), abs=2e-8)


def test_points_outside_the_ordered_phase_say_so() -> None:
    plan = Study(parameters={"spins": 40}, axes={"field": [0.5, 1.0, 1.5]}, quantities=["eta_mf", "eta_exact"]).plan()
    found = all_of(plan)
    assert found.status.tolist() == [status.DONE, status.WARNED, status.WARNED]
    assert np.isnan(found.values["eta_mf"]).tolist() == [False, True, True]
    assert not np.isnan(found.values["eta_exact"]).any()
    said = "eta_mf must be asked for in the ordered phase (field < coupling)"
    assert found.message == {1: said, 2: said}
    alone = all_of(Study(parameters={"spins": 40}, axes={"field": [0.5, 1.5]}, quantities=["order_parameter"]).plan())
    assert alone.status.tolist() == [status.DONE, status.REFUSED]


def test_points_that_a_model_refuses_have_no_numbers() -> None:
    plan = Study(
        model="anisotropic",
        parameters={"spins": 20, "field": 0.5},
        axes={"anisotropy": [-0.5, 0.0, 1.5]},
        quantities=["eta_exact", "jump_parity", "evolved_levels"],
        bath={"gamma": 0.1},
    ).plan()
    found = all_of(plan)
    assert found.status.tolist() == [status.DONE, status.DONE, status.REFUSED]
    assert found.message == {2: "anisotropy must be from -1 to below 1; got 1.5"}
    assert math.isnan(found.values["eta_exact"][2])
    assert found.values["jump_parity"][2] == found.values["evolved_levels"][2] == -1


def test_what_all_points_would_refuse_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="anisotropy must be from -1 to below 1"):
        Study(
            model="anisotropic",
            parameters={"spins": 20, "field": 0.5},
            axes={"anisotropy": [1.5, 2.5]},
            quantities=["eta_exact"],
        ).plan()


def test_a_splitting_that_is_not_resolved_says_its_bound() -> None:
    plan = Study(
        model="ring",
        parameters={"sites": 2, "coupling": -0.3, "closing": 0.0},
        axes={"huang_rhys": [2.0, 40.0]},
        quantities=["splitting", "eta_exact", "splitting_bound"],
    ).plan()
    found = all_of(plan)
    assert found.status.tolist() == [status.DONE, status.WARNED]
    assert found.message[1].startswith("ΔE is not resolved, only known to be below ")
    assert np.isnan(found.values["splitting"]).tolist() == [False, True]
    assert np.isnan(found.values["splitting_bound"]).tolist() == [True, False]


def test_a_run_that_cannot_be_resolved_leaves_the_other_numbers() -> None:
    plan = Study(
        parameters={"spins": 200, "field": 0.95},
        axes={"gamma": [1e-5, 1.0]},
        quantities=["eta_exact", "coherence_eigenstate", "purity"],
        options={"time": 50.0},
    ).plan()
    found = all_of(plan)
    assert found.status.tolist() == [status.DONE, status.WARNED]
    assert "truncation error" in found.message[1]
    assert found.message[1].count("truncation error") == 1
    assert not math.isnan(found.values["eta_exact"][1])


def test_an_error_that_nobody_expected_ends_one_point_only(monkeypatch: pytest.MonkeyPatch) -> None:
    before = LeggettGarg.k3

    def broken(self: LeggettGarg, gamma: float, *rest: Any) -> Any:
        if gamma == 0.2:
            raise ZeroDivisionError("by accident")
        return before(self, gamma, *rest)

    monkeypatch.setattr(LeggettGarg, "k3", broken)
    plan = Study(
        parameters={"spins": 10, "field": 0.5},
        axes={"gamma": [0.1, 0.2, 0.3]},
        quantities=["k3"],
        options={"level": "B"},
    ).plan()
    found = all_of(plan)
    assert found.status.tolist() == [status.DONE, status.FAILED, status.DONE]
    assert found.message == {1: "k3: ZeroDivisionError: by accident"}
    assert np.isnan(found.values["k3"]).tolist() == [False, True, False]


def test_the_codes_have_names() -> None:
    codes = (status.MISSING, status.DONE, status.WARNED, status.REFUSED, status.FAILED)
    assert codes == tuple(range(5))
    assert len(status.MEANINGS) == 5


@pytest.mark.parametrize("block", [(slice(None),), (slice(None), slice(0, 2, 2)), (slice(None),) * 3])
def test_blocks_that_do_not_fit_are_refused(block: tuple[slice, ...]) -> None:
    plan = Study(axes={"spins": [10, 20], "field": [0.5, 0.9]}, quantities=["g01"]).plan()
    with pytest.raises(InputError, match="block must be one slice of step 1 for each of spins, field"):
        plan.evaluate(block)
    with pytest.raises(InputError, match=r"wanted must be of the block's shape \(2, 2\); got \(2,\)"):
        plan.evaluate((slice(None), slice(None)), np.ones(2, dtype=bool))


def test_an_empty_block_has_no_points() -> None:
    plan = Study(axes={"spins": [10, 20], "field": [0.5, 0.9]}, quantities=["g01", "regime"]).plan()
    found = plan.evaluate((slice(0, 0), slice(None)))
    assert found.values["g01"].shape == found.status.shape == (0, 2)


def test_a_study_of_one_point_has_no_dimensions() -> None:
    plan = Study(parameters={"spins": 20, "field": 0.5}, quantities=["g01", "gap"]).plan()
    assert (plan.dims, plan.shape, plan.chunks, plan.points) == ((), (), (), 1)
    assert all_of(plan).values["g01"].item() == pytest.approx(LMG(20, 0.5).doublet().g01, rel=1e-12)


def test_a_ratio_of_field_and_coupling_that_is_no_number_is_refused() -> None:
    plan = Study(parameters={"spins": 20, "field": 1e-200}, axes={"coupling": [1e-200, 1.0]}, quantities=["g01"]).plan()
    found = all_of(plan)
    assert found.status.tolist() == [status.DONE, status.REFUSED]
    assert found.message == {1: "field/coupling must be from 1e-150 to 1e150; got 1e-200"}


def test_what_several_quantities_share_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One threshold for all γ of a model; one K3 for its value and its error."""
    calls: dict[str, int] = {"threshold": 0, "k3": 0, "best_interval": 0}

    def counted(name: str) -> Any:
        work = getattr(LeggettGarg, name)

        def call(self: LeggettGarg, *given: Any) -> Any:
            calls[name] += 1
            return work(self, *given)

        return call

    given: dict[str, Any] = {"parameters": {"field": 0.9}, "options": {"level": "two-level"}}
    axes = {"spins": [20, 30], "gamma": [1e-4, 2e-4, 3e-4]}
    with monkeypatch.context() as patch:
        for name in ("threshold", "k3"):
            patch.setattr(LeggettGarg, name, counted(name))
        found = Study(**given, axes=axes, quantities=["k3_threshold", "k3", "k3_error"]).run(progress=False).load()
    assert (calls["threshold"], calls["k3"]) == (2, 6)
    for n in axes["spins"]:
        expected = LeggettGarg(LMG(n, 0.9), "two-level").threshold().gamma
        assert set(found.k3_threshold.sel(spins=n).values.tolist()) == {expected}
    with monkeypatch.context() as patch:
        patch.setattr(LeggettGarg, "best_interval", counted("best_interval"))
        best = {"gamma": axes["gamma"]}
        Study(parameters={"field": 0.9, "spins": 20}, options=given["options"], axes=best,
              quantities=["k3_best", "k3_best_interval"]).run(progress=False)  # fmt: skip
    assert calls["best_interval"] == 3
