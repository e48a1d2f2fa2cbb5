"""Each quantity of a study, for each model, against direct calls of the library."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from einselect import Doublet, InputError, JumpOperator, Thresholds, dephasing_rates, doublet_of, find_window
from einselect.dynamics import evolve
from einselect.local import local_rates
from einselect.models.registry import MODELS, model_entry
from einselect.protocols import (
    LeggettGarg,
    Noise,
    best_interrogation,
    metrology,
    quantum_fisher,
    shot_dephasing,
    squeezing,
)
from einselect.protocols.shot_dephasing import frequency_slopes
from einselect.spin import Jz
from einselect.studies import Study, status
from einselect.studies.catalogue import OPTIONS, QUANTITIES, quantity

PARAMETERS: dict[str, dict[str, Any]] = {
    "lmg": {"spins": 40, "field": 0.7},
    "anisotropic": {"spins": 40, "field": 0.7, "anisotropy": -0.3},
    "bose-josephson": {"spins": 40, "tunnelling": 0.35, "interaction": 1.0 / 40},
    "dicke": {"spins": 5, "coupling": 0.7},
    "rabi": {"coupling": 1.2},
    "dimer": {"coupling": -0.5, "huang_rhys": 1.0},
    "ring": {"sites": 3, "coupling": -0.3, "huang_rhys": 1.0, "closing": 0.0},
    "few-modes": {"tunnelling": 1.0, "frequencies": [1.5], "couplings": [2.0]},
    "spin-boson": {"tunnelling": 1.0, "strength": 0.2, "cutoff": 10.0, "modes": 1},
}
GAMMA = {
    "lmg": 2e-4,
    "anisotropic": 2e-4,
    "bose-josephson": 2e-4,
    "dicke": 0.02,
    "rabi": 0.02,
    "dimer": 0.2,
    "ring": 0.5,
    "few-modes": 0.02,
    "spin-boson": 0.02,
}
KT = 0.01
T2S = {**dict.fromkeys(MODELS, 0.25), "ring": 0.05}
NOISE = {"noise_spins": 2.0, "noise_field": 0.01, "hold": "interaction"}
LATER = ("interrogation_time", "interrogation_fisher", "interrogation_rate", "interrogation_limit")
OPTIONS_GIVEN: dict[str, Any] = {"tolerance": 1e-4, "level": "C", "state": "ground"}


def direct(model: Any, name: str) -> dict[str, Any]:
    """What the library says of a model under its natural jump operator, by quantity."""
    gamma, d = GAMMA[name], dephasing_rates(model).doublet
    rates = dephasing_rates(model, gamma, temperature=KT)
    matrix = rates.doublet if not isinstance(d, Doublet) else doublet_of(model.levels(3), Jz, order=Jz)
    found: dict[str, Any] = {
        "energy_even": d.e0,
        "energy_odd": d.e1,
        "splitting": d.splitting,
        "log_splitting": math.log(d.splitting),
        "log10_splitting": math.log10(d.splitting),
        "splitting_bound": None,
        "jz2_even": matrix.q0,
        "jz2_odd": matrix.q1,
        "g01": matrix.g01,
        "j01": matrix.j01,
        "eigenstate_moment": matrix.eigenstate_moment,
        "pointer_moment": matrix.pointer_moment,
        "eta_exact": matrix.pointer_moment / matrix.eigenstate_moment,
        "eta_restricted": matrix.eta_restricted,
        "leakage": matrix.leakage,
        "leakage_even": matrix.leakages[0],
        "leakage_odd": matrix.leakages[1],
        "separation": matrix.separation,
        "gap": model.levels(3).excitations[2],
        "log10_gap_ratio": math.log10(model.levels(3).excitations[2] / d.splitting),
        "splitting_error": d.quality.log_splitting_error,
        "vector_error": d.quality.vector_error,
        "jump_parity": matrix.parity,
        "rate_eigenstate": gamma * matrix.eigenstate_moment,
        "rate_pointer": gamma * matrix.pointer_moment,
        "rate_degenerate": 2.0 * gamma * d.j01**2,
        "t2_eigenstate": 1.0 / (gamma * matrix.eigenstate_moment),
        "t2_pointer": 1.0 / (gamma * matrix.pointer_moment),
        "secular_parameter": 2.0 * d.splitting / (gamma * matrix.eigenstate_moment),
        "log_secular_parameter": math.log(2.0 * d.splitting / (gamma * matrix.eigenstate_moment)),
        "thermal_ratio": d.splitting / KT,
        "log_thermal_ratio": math.log(d.splitting / KT),
        "regime": rates.regime.name,
    }
    if "g_loc" in names(name):
        moment = 2.0 * model.mean_photon**2 if name in ("dicke", "rabi") else model.mean_field_moment
        found |= {
            "order_parameter": model.order_parameter,
            "g_loc": moment,
            "eta_mf": moment / matrix.eigenstate_moment,
            "enhancement": 0.5 * moment / matrix.eigenstate_moment,
            "rate_mean_field": gamma * moment,
        }
    jump = JumpOperator(model.operator(model_entry(name).jumps[0]) if hasattr(model, "operator") else "Jz", gamma)
    run = evolve(model, [jump], "ground", [T2S[name] / (gamma * matrix.eigenstate_moment)], tolerance=1e-4).isel(time=0)
    found |= {
        "coherence_eigenstate": abs(run.rho_01.item()),
        "coherence_pointer": abs(run.rho_pr.item()),
        "population_even": run.populations.values[0],
        "population_odd": run.populations.values[1],
        "population_pointer": 0.5 * run.doublet_population.item() + run.rho_01.item().real,
        "doublet_population": run.doublet_population.item(),
        "purity": run.purity.item(),
        "evolved_levels": run.sizes["level"],
        "evolved_error": run.attrs["truncation_error"],
    }
    test = LeggettGarg(model, level="C", tolerance=1e-4)
    best = test.best_interval(gamma)
    found |= {
        "k3": test.k3(gamma).value,
        "k3_error": test.k3(gamma).error,
        "k4": test.k4(gamma).value,
        "k3_best": best.value,
        "k3_best_interval": best.tau,
        "k3_threshold": test.threshold().gamma,
    }
    course = metrology(
        model, gamma, "ground", [0.0, T2S[name] / (gamma * matrix.eigenstate_moment)], tolerance=1e-4
    ).isel(time=1)
    order = "Jz" if isinstance(d, Doublet) else model.order_operator
    found |= {
        "quantum_fisher": quantum_fisher(model.levels(20), "ground", order),
        "evolved_quantum_fisher": course.qfi_rotation.item(),
        "field_fisher": course.qfi_field.item(),
        "field_fisher_readout": course.cfi_field.item(),
    }
    return found | (of_spins(model, name, d) if "kitagawa_ueda" in names(name) else {})


def of_spins(model: Any, name: str, d: Doublet) -> dict[str, Any]:
    """What is known of collective spins only."""
    gamma, levels = GAMMA[name], model.levels(20)
    course = metrology(model, gamma, "ground", [0.0, T2S[name] / (gamma * d.g01)], tolerance=1e-4).isel(time=1)
    local = local_rates(d, gamma)
    found: dict[str, Any] = {
        "depletion": 0.5 * model.spins * model.order_parameter - d.j01,
        "kitagawa_ueda": squeezing(levels, "ground").kitagawa_ueda,
        "wineland": squeezing(levels, "ground").wineland,
        "evolved_kitagawa_ueda": course.kitagawa_ueda.item(),
        "evolved_wineland": course.wineland.item(),
        "local_rate_eigenstate": local.rate_eigenstate,
        "local_rate_pointer": local.rate_pointer,
        "local_ratio": local.ratio,
        "local_limit": local.limit,
        "collective_over_local": local.collective_over_local,
    }
    if "instanton_action" in names(name):
        closed = model.semiclassics()
        found |= {
            "instanton_action": closed.action,
            "semiclassical_log_splitting": closed.log_splitting,
            "semiclassical_j01": closed.j01,
            "semiclassical_g01": closed.g01,
            "semiclassical_eta_mf": closed.eta_mf,
            "semiclassical_eta_exact": closed.eta_exact,
            "semiclassical_gap": closed.gap,
        }
    if name == "lmg":
        window = find_window(0.7, 1.0, gamma, KT)
        noise = Noise(2.0, 0.01, hold="interaction")
        shots = shot_dephasing(model, gamma, noise)
        slopes = frequency_slopes(model, noise)
        found |= {
            "slope_spins": slopes["spins"],
            "slope_field": slopes["field"],
            "slope_coupling": slopes["coupling"],
            "t2_star": shots.t2_star,
            "t2_star_gaussian": shots.t2_star_gaussian,
            "window_min": window.spins_min,
            "window_max": window.spins_max,
            "thermal_min": window.thermal_min,
            "thermal_max": window.thermal_max,
        }
    return found


def names(model: str) -> list[str]:
    """Quantities that a model has."""
    return [name for name, entry in QUANTITIES.items() if not entry.models or model in entry.models]


@pytest.mark.parametrize("name", MODELS)
def test_a_study_has_the_numbers_of_the_library(name: str) -> None:
    entry = model_entry(name)
    study = Study(
        model=name,
        parameters=PARAMETERS[name],
        bath={"gamma": GAMMA[name], "temperature": KT},
        quantities=[quantity for quantity in names(name) if quantity not in LATER],
        options={**OPTIONS_GIVEN, **(NOISE if "t2_star" in names(name) else {}), "time": f"{T2S[name]} T2"},
    )
    block = study.plan().evaluate(())
    expected = direct(entry.build(PARAMETERS[name]), name)
    assert set(expected) == set(block.values)
    for key, value in expected.items():
        found = block.values[key].item()
        if QUANTITIES[key].categories:
            assert QUANTITIES[key].categories[found] == value, key
        elif value is None:
            assert found == -1 if QUANTITIES[key].whole else math.isnan(found), key
        elif key in ("splitting_error", "vector_error"):
            assert 0.0 < found < 1e-9, key  # a table of many stops after other steps than one doublet
        else:
            # Two routes to the same moments: exact ones of a window, and matrices over its levels.
            size = 1e-9 * expected["g01"] if key.startswith("leakage") else 1e-9 * abs(value) + 1e-13
            assert abs(found - value) <= size, (key, found, value)
    assert block.status.item() in (status.DONE, status.WARNED)


def test_the_best_time_to_read_out_a_field() -> None:
    plan = Study(
        parameters={"spins": 30},
        bath={"gamma": 1e-3},
        axes={"field": [0.5, 0.8], "generator": ["Jx", "Jz"]},
        quantities=LATER,
        options={"time": "2 T2", "tolerance": 1e-3, "levels": 12},
    ).plan()
    found = plan.evaluate((slice(None), slice(None)))
    seen = set()
    for i, field in enumerate((0.5, 0.8)):
        for k, signal in enumerate(("Jx", "Jz")):
            model = model_entry("lmg").build({"spins": 30, "field": field})
            times = np.linspace(0.0, 2.0 / (1e-3 * model.doublet().g01), 61)
            course = metrology(model, 1e-3, "pointer", times, signal=signal, tolerance=1e-3, levels=12)
            best = best_interrogation(course)
            if best.at_edge:
                assert found.status[i, k] == status.REFUSED
                assert "time must be longer" in found.message[2 * i + k]
                seen.add("edge")
                continue
            seen.add("inside")
            # The grids differ by rounding, and the best time is found to a millionth of a step.
            assert found.values["interrogation_time"][i, k] == pytest.approx(best.time, rel=1e-4)
            assert found.values["interrogation_fisher"][i, k] == pytest.approx(best.fisher, rel=1e-4)
            assert found.values["interrogation_rate"][i, k] == pytest.approx(best.effective_rate, rel=1e-3)
            assert (
                QUANTITIES["interrogation_limit"].categories[found.values["interrogation_limit"][i, k]] == best.nearest
            )
    assert "inside" in seen


def test_every_quantity_belongs_to_a_model_and_every_option_to_a_quantity() -> None:
    for name, entry in QUANTITIES.items():
        assert entry.name == name
        assert entry.formula
        assert set(entry.models) <= set(MODELS)
        assert set(entry.options) <= set(OPTIONS)
    for name in OPTIONS:
        assert any(name in entry.options for entry in QUANTITIES.values()), name


def test_a_name_that_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"quantity must be one of .*; got 'eta_fm' \(did you mean 'eta_mf'\?\)"):
        quantity("eta_fm")


@pytest.mark.parametrize("gamma", [None, 0.0, 1e-9, 1e-6, 1e-4, 1e-2])
def test_regimes_of_a_table_are_those_of_single_points(gamma: float | None) -> None:
    spins, fields = [10, 60, 150, 300, 700, 2000], [0.5, 0.9, 0.95, 0.99, 1.0, 1.2]
    bath = {} if gamma is None else {"gamma": gamma}
    study = Study(axes={"spins": spins, "field": fields}, bath=bath, quantities=["regime"])
    found = study.plan().evaluate((slice(None), slice(None))).values["regime"]
    model = model_entry("lmg")
    for i, n in enumerate(spins):
        for k, g in enumerate(fields):
            one = dephasing_rates(model.build({"spins": n, "field": g}), gamma).regime.name
            assert QUANTITIES["regime"].categories[found[i, k]] == one, (n, g)
    seen = {QUANTITIES["regime"].categories[k] for k in np.unique(found)}
    assert {"critical", "disordered", "delocalised"} <= seen
    assert seen != {"critical", "disordered", "delocalised"}
    assert Thresholds() == Thresholds(2.0, 1.0, 3.0, 10.0, (0.5, 2.0))  # those of the table


def test_regimes_are_all_seen() -> None:
    study = Study(
        axes={"spins": [10, 100, 1000], "field": [0.9, 0.95, 1.0, 1.1], "gamma": [1e-9, 1e-6, 1e-4, 1e-1]},
        quantities=["regime"],
    )
    found = study.plan().evaluate((slice(None),) * 3).values["regime"]
    assert {QUANTITIES["regime"].categories[k] for k in np.unique(found)} == {
        "delocalised", "mesoscopic", "crossover", "thermodynamic", "critical", "disordered",
    }  # fmt: skip
