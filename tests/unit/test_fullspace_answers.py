"""What a run in the whole symmetric sector starts from, reads off, keeps, and refuses."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from einselect import LMG, InputError, Jp, JumpOperator, Jy, Jz, ResolutionError
from einselect.dynamics import FullLindbladian
from einselect.dynamics.full_states import initial_blocks
from lindblad import dephasing, random_state


def test_named_states_are_what_they_say() -> None:
    model = LMG(40, 0.8)
    full = FullLindbladian(model, [JumpOperator("Jz", 0.0)])
    d = model.doublet()
    e0, e1 = (d.state(name, whole=True).amplitudes for name in ("E0", "E1"))
    m = np.arange(41) - 20.0
    coherent = model.spin_coherent_amplitudes(m)
    for name, psi in {
        "ground": e0,
        "pointer": math.sqrt(0.5) * (e0 + e1),
        "eigen-superposition": math.sqrt(0.5) * (e0 + e1),
        "spin-coherent": coherent,
    }.items():
        run = full.evolution(name, [0.0])
        assert list(run) == [0.0]
        np.testing.assert_allclose(run.density_matrix(), np.outer(psi, psi), rtol=0.0, atol=1e-12, err_msg=name)
        vector = full.evolution(psi, [0.0])
        assert list(vector) == [0.0]
        np.testing.assert_allclose(vector.density_matrix(), np.outer(psi, psi), rtol=0.0, atol=1e-12)


def test_what_is_read_off() -> None:
    spins = 12
    model = LMG(spins, 0.8)
    d = model.doublet()
    e0, e1 = (d.state(name, whole=True).amplitudes for name in ("E0", "E1"))
    p, r = math.sqrt(0.5) * (e0 + e1), math.sqrt(0.5) * (e0 - e1)
    full = FullLindbladian(model, [JumpOperator("Jz", 0.02), JumpOperator("Jx", 0.01)])
    rho0 = random_state(spins + 1, 2)
    observables = {"Jz": Jz, "Jy": "Jy", "lowering": "J-", "matrix": np.outer(e0, e1)}
    run = full.evolution(rho0, [2.0], observables)
    assert list(run) == [2.0]
    answer, rho = run.dataset(), run.density_matrix()
    levels = model.levels(spins + 1).dicke_vectors()
    close = {"rel": 0.0, "abs": 1e-12}
    assert complex(answer.rho_01.item()) == pytest.approx(e0 @ rho @ e1, **close)
    assert complex(answer.rho_pr.item()) == pytest.approx(p @ rho @ r, **close)
    np.testing.assert_allclose(
        answer.populations.values[0], np.einsum("am,mn,an->a", levels, rho, levels).real, atol=1e-12
    )
    assert answer.purity.item() == pytest.approx(np.trace(rho @ rho).real, **close)
    assert answer.trace.item() == pytest.approx(1.0, **close)
    assert answer.leakage.item() == pytest.approx(1.0 - answer.doublet_population.item(), **close)
    for name, op in {
        "Jz": Jz.matrix(12),
        "Jy": Jy.matrix(12),
        "lowering": Jp.matrix(12).T,
        "matrix": np.outer(e0, e1),
    }.items():
        assert complex(answer[name].item()) == pytest.approx(np.trace(op @ rho), **close), name
    assert not np.iscomplexobj(answer.Jz)
    assert np.iscomplexobj(answer.lowering)


def test_an_empty_sector_costs_nothing() -> None:
    full, rate, _ = dephasing(30)
    assert set(initial_blocks(full.frame, full.model, "ground", True)) == {(0, 0), (1, 1)}
    answer = full.evolve("ground", [1.0 / rate])
    assert answer.rho_01.item() == 0.0  # by parity, exactly
    assert answer.trace.item() == pytest.approx(1.0, abs=1e-12)
    assert answer.populations.values[0, 1] > 0.01  # the other parity is reached: oo is not left out


def test_all_times_are_met_whatever_the_grid() -> None:
    full, rate, _ = dephasing(24)
    times = np.sort(np.random.default_rng(1).uniform(0.0, 1.0 / rate, 9))
    times[4] = times[3]  # a time that comes twice
    answer = full.evolve("pointer", times)
    alone = [full.evolve("pointer", [t]).rho_01.item() for t in times]
    np.testing.assert_allclose(answer.rho_01.values, alone, rtol=0.0, atol=2e-8)
    assert answer.rho_01.values[3] == answer.rho_01.values[4]
    np.testing.assert_array_equal(answer.time.values, times)


def test_what_is_done_is_kept_when_interrupted() -> None:
    full, rate, _ = dephasing(20)
    times = np.linspace(0.0, 1.0 / rate, 6)
    run = full.evolution("pointer", times)
    with pytest.raises(InputError, match="dataset must be asked for after the first time"):
        run.dataset()
    with pytest.raises(KeyboardInterrupt):
        for time in run:
            if time == times[2]:
                raise KeyboardInterrupt
    kept = run.dataset()
    assert kept.sizes["time"] == 3
    assert kept.attrs["complete"] == 0
    assert list(run) == times[3:].tolist()  # and it can go on
    whole = full.evolve("pointer", times)
    np.testing.assert_array_equal(run.dataset().rho_01, whole.rho_01)
    assert whole.attrs["complete"] == 1


def _bad_states() -> dict[str, tuple[np.ndarray, str]]:
    good = random_state(5, 4)
    skew = good.copy()
    skew[0, 1] += 0.25
    negative = np.diag([0.6, 0.6, -0.2, 0.0, 0.0]).astype(complex)
    return {
        "not Hermitian": (skew, r"must be Hermitian; got \|ρ - ρ†\| = 0.25"),
        "wrong trace": (1.5 * good, "must have trace 1; got 1.5"),
        "not positive": (negative, "must be positive; got an eigenvalue -0.2"),
        "not normalised": (np.full(5, 1.0), "must have norm 1; got 2.236"),
        "wrong size": (np.eye(4) / 4.0, r"got shape \(4, 4\)"),
        "not finite": (np.full(5, np.nan), "must be finite"),
        "not numbers": (np.array(["a"] * 5), r"got shape \(5,\)"),
    }


@pytest.mark.parametrize("name", _bad_states())
def test_bad_states_are_refused(name: str) -> None:
    state, message = _bad_states()[name]
    with pytest.raises(InputError, match=message):
        FullLindbladian(LMG(4, 0.7), [JumpOperator("Jz", 0.1)]).evolve(state, [1.0])


def test_other_bad_input_is_refused() -> None:
    model, jumps = LMG(4, 0.7), [JumpOperator("Jz", 0.1)]
    full = FullLindbladian(model, jumps)
    with pytest.raises(InputError, match="did you mean 'pointer'"):
        full.evolve("pionter", [1.0])
    with pytest.raises(InputError, match="times must be finite, >= 0 and ascending"):
        full.evolve("pointer", [1.0, 0.5])
    with pytest.raises(InputError, match="tolerance must be"):
        full.evolve("pointer", [1.0], tolerance=0.0)
    with pytest.raises(InputError, match="levels must be"):
        full.evolve("pointer", [1.0], levels=1)
    with pytest.raises(ResolutionError, match="tolerance must be above"):
        full.evolve("pointer", [1e6], tolerance=1e-11)
    with pytest.raises(ResolutionError, match="than 6e-14: rounding of the steps to t = "):
        full.evolve("pointer", [20.0], tolerance=6e-14)
    for nothing in ([], ["Jz"]):
        with pytest.raises(InputError, match="jumps must be one or more JumpOperator"):
            FullLindbladian(model, nothing)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="operator must be a 5 x 5 matrix"):
        full.evolve("pointer", [1.0], {"wrong": np.eye(4)})

    class Turned:
        spins, energy_unit = 4, "J"

        def hamiltonian(self) -> object:
            return Jy + Jz

    with pytest.raises(InputError, match="Hamiltonian must be real and symmetric"):
        FullLindbladian(Turned(), jumps).evolve("ground", [1.0])


def test_memory_is_worked_out_beforehand() -> None:
    jumps = [JumpOperator("Jz", 0.1)]
    full = FullLindbladian(LMG(2000, 0.95), jumps)
    assert 1.0 < full.memory_needed() < 2.0
    with pytest.raises(InputError, match=r"few enough for 1 GiB; got 2000, which need about 1\.\d GiB"):
        FullLindbladian(LMG(2000, 0.95), jumps, memory_limit=1.0)
    with pytest.raises(InputError, match="few enough for 8 GiB; got 20000"):
        FullLindbladian(LMG(20000, 0.95), jumps)


def test_memory_estimate_is_not_too_small() -> None:
    full, rate, _ = dephasing(200)
    tracemalloc.start()
    full.evolve("pointer", [0.02 / rate], tolerance=1e-6)
    peak = tracemalloc.get_traced_memory()[1] / 2**30
    tracemalloc.stop()
    assert 0.4 * full.memory_needed() < peak < 1.1 * full.memory_needed() + 0.005
