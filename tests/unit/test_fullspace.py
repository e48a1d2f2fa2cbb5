"""The Lindblad equation in the whole symmetric sector, against the exponential of the dense Liouvillian and QuTiP."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy.linalg import expm

from einselect import LMG, InputError, Jp, JumpOperator, Jx, Jy, Jz, ResolutionError
from einselect.dynamics import FullLindbladian
from einselect.dynamics import evolve as evolve_on_levels
from einselect.dynamics.full_channel import Banded, Dephasing
from einselect.dynamics.full_frame import build_frame, norm
from einselect.dynamics.full_splitting import ORDER, Splitting
from einselect.dynamics.full_states import initial_blocks

JUMPS = {
    "Jz": ["Jz"],
    "Jz²": [Jz @ Jz],
    "Jz, Jz²": ["Jz", Jz @ Jz],
    "J-": ["J-"],
    "Jx": ["Jx"],
    "Jy": ["Jy"],
    "Jz, Jx": ["Jz", "Jx"],
    "Jx + iJz": [Jx + 1j * Jz],
    "Jz + 0.3 Jz²": [Jz + 0.3 * (Jz @ Jz)],
    "J+Jz + 0.2i Jy, J-": [Jp @ Jz + 0.2j * Jy, "J-"],
}
# Which of them have a definite parity under m -> -m.
DIVIDED = {"Jz", "Jz²", "Jz, Jz²", "Jx", "Jy", "Jz, Jx"}
WEAK = 1.0 / 8.8  # γ G01 / ΔE of the known points


def jumps_of(name: str) -> list[JumpOperator]:
    return [JumpOperator(op, 0.05 + 0.1 * k) for k, op in enumerate(JUMPS[name])]


def liouvillian(model: LMG, jumps: list[JumpOperator]) -> np.ndarray:
    """Dense matrix on row-major ρ, written out from its definition."""
    h = model.hamiltonian().matrix(model.spins)
    one = np.eye(len(h))
    result = -1j * (np.kron(h, one) - np.kron(one, h.T))
    for jump in jumps:
        op = jump.operator.matrix(model.spins)
        square = op.conj().T @ op
        result = result + jump.rate * (
            np.kron(op, op.conj()) - 0.5 * np.kron(square, one) - 0.5 * np.kron(one, square.T)
        )
    return result


def random_state(size: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
    rho = a @ a.conj().T
    return rho / np.trace(rho).real


def trace_norm(matrix: np.ndarray) -> float:
    return float(np.abs(np.linalg.eigvalsh(matrix)).sum())


def dephasing(spins: int, ratio: float = WEAK, **options: object) -> tuple[FullLindbladian, float]:
    """Jz dephasing with γ G01 = ratio × ΔE at field 0.95, and γ G01."""
    model = LMG(spins, 0.95)
    doublet = model.doublet()
    rate = ratio * doublet.splitting
    return FullLindbladian(model, [JumpOperator("Jz", rate / doublet.g01)], **options), rate


@pytest.mark.parametrize("name", JUMPS)
@pytest.mark.parametrize("spins", [2, 5, 8])
def test_right_hand_side_is_the_dense_one(name: str, spins: int) -> None:
    model = LMG(spins, 0.7)
    full = FullLindbladian(model, jumps_of(name))
    rho = random_state(spins + 1, spins)
    expected = (liouvillian(model, jumps_of(name)) @ rho.ravel()).reshape(rho.shape)
    # Sums of a few hundred products of numbers up to about 100: rounding stays below 1e-12.
    np.testing.assert_allclose(full.apply(rho), expected, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("name", JUMPS)
@pytest.mark.parametrize(("spins", "resolve"), [(2, True), (4, False), (7, True), (8, True)])
def test_evolution_is_the_dense_exponential(name: str, spins: int, resolve: bool) -> None:
    model, times = LMG(spins, 0.7), [0.0, 1.3, 4.0]
    full = FullLindbladian(model, jumps_of(name), resolve=resolve)
    assert full.parity_resolved == (resolve and name in DIVIDED)
    rho = random_state(spins + 1, 7 * spins)
    generator = liouvillian(model, jumps_of(name))
    run = full.evolution(rho, times, tolerance=1e-9)
    for time in run:
        exact = (expm(generator * time) @ rho.ravel()).reshape(rho.shape)
        # The estimate must hold, and not be empty: within the tolerance asked for. 1e-13 for rounding at t = 0.
        assert trace_norm(run.density_matrix() - exact) <= run.error + 1e-13
        assert run.error <= 1e-9


def test_which_dissipator_is_chosen() -> None:
    for name in JUMPS:
        channel = FullLindbladian(LMG(6, 0.7), jumps_of(name)).channel
        exact = name in {"Jz", "Jz²", "Jz, Jz²"}
        assert isinstance(channel, Dephasing if exact else Banded), name


@pytest.mark.parametrize("spins", [20, 21])
def test_parity_blocks_equal_one_block(spins: int) -> None:
    jumps = [JumpOperator("Jz", 0.01), JumpOperator(Jz @ Jz, 0.0003)]
    rho = random_state(spins + 1, 3)
    runs = []
    for resolve in (True, False):
        run = FullLindbladian(LMG(spins, 0.9), jumps, resolve=resolve).evolution(rho, [6.0], tolerance=1e-10)
        assert list(run) == [6.0]
        runs.append(run)
    divided, whole = runs
    assert divided.dataset().attrs["sectors"] == "populations, coherences"
    assert whole.dataset().attrs["sectors"] == "all"
    assert trace_norm(divided.density_matrix() - whole.density_matrix()) <= divided.error + whole.error


def test_general_dissipator_equals_the_exact_factors() -> None:
    """The Taylor series of `Banded` and the factors of `Dephasing`, on the same operator."""
    spins = 9
    frame = build_frame(spins, LMG(spins, 0.6).hamiltonian())
    matrices = [(0.3, __import__("scipy.sparse").sparse.csr_array(Jz.matrix(spins)))]
    exact = Dephasing(frame, [(0.3, np.diagonal(Jz.matrix(spins)), -1)])
    general = Banded(frame, matrices, True)
    blocks = frame.fold(random_state(spins + 1, 5))
    moved = {key: block.copy() for key, block in blocks.items()}
    scratch = np.empty(2 * (spins + 1) ** 2)
    exact.act(exact.flow(0.7), blocks, scratch)
    general.act(general.flow(0.7), moved, scratch)
    assert norm({key: blocks[key] - moved[key] for key in blocks}) < 1e-14
    assert general.norm >= exact.norm  # a bound, where the other is exact


@pytest.mark.parametrize(
    ("spins", "expected"),
    [(50, 0.06708338), (100, 0.06667921)],
)
def test_known_points(spins: int, expected: float) -> None:
    full, rate = dephasing(spins)
    answer = full.evolve("eigen-superposition", [0.0, 2.0 / rate])
    assert abs(answer.rho_01.values[0]) == pytest.approx(0.5, abs=1e-14)
    # Eight printed digits: half a unit of the last one.
    assert abs(answer.rho_01.values[1]) == pytest.approx(expected, abs=5e-9)


@cache
def benchmark() -> tuple[LMG, float, float]:
    """Model, γ and T2 of the paper's benchmark: J such that ΔE = k_B 10 nK at N = 370."""
    coupling = 1.380649e-23 * 1e-8 / 1.054571817e-34 / LMG(370, 0.95).doublet().splitting
    model = LMG(370, 0.95, f"{coupling!r} rad/s")
    return model, 0.05, 1.0 / (0.05 * model.doublet().g01)


@pytest.mark.slow
def test_benchmark() -> None:
    model, gamma, t2 = benchmark()
    answer = FullLindbladian(model, [JumpOperator("Jz", gamma)]).evolve("pointer", [t2], tolerance=1e-6)
    assert answer.attrs["error_estimate"] <= 1e-6
    assert abs(answer.rho_01.item()) == pytest.approx(0.179986, abs=1.5e-6)
    assert answer.doublet_population.item() == pytest.approx(0.88414, abs=6e-6)
    assert answer.time.attrs["units"] == "s"


def test_agrees_with_the_truncated_equation() -> None:
    full, rate = dephasing(60)
    times = np.linspace(0.0, 1.0 / rate, 4)
    whole = full.evolve("eigen-superposition", times, {"Jz": "Jz"}, tolerance=1e-9)
    few = evolve_on_levels(full.model, full.jumps, "eigen-superposition", times, {"Jz": "Jz"})
    # The sum of both errors as claimed by each.
    bound = few.attrs["truncation_error"] + whole.attrs["error_estimate"]
    for name in ("rho_01", "rho_pr", "doublet_population"):
        assert float(np.abs(whole[name] - few[name]).max()) <= bound, name
    assert few.sizes["level"] < 61 < 1 + whole.attrs["levels"]


@pytest.mark.parametrize("spins", [20, 50, pytest.param(100, marks=pytest.mark.slow)])
def test_agrees_with_qutip(spins: int) -> None:
    qutip = pytest.importorskip("qutip")
    full, rate = dephasing(spins)
    model, gamma = full.model, full.jumps[0].rate
    times = np.linspace(0.0, 0.5 / rate, 3)
    # QuTiP's states run from m = +j down.
    h = qutip.Qobj(model.hamiltonian().matrix(spins)[::-1, ::-1])
    jz = qutip.Qobj(Jz.matrix(spins)[::-1, ::-1])
    d = model.doublet()
    e0, e1 = (qutip.Qobj(d.state(name, whole=True).amplitudes[::-1]) for name in ("E0", "E1"))
    psi = (e0 + e1).unit()
    options = {"rtol": 1e-8, "atol": 1e-10, "nsteps": 10**6}
    theirs = qutip.mesolve(
        h, psi, times, [math.sqrt(gamma) * jz], e_ops=[e1 * e0.dag(), e0.proj() + e1.proj()], options=options
    )
    ours = full.evolve("eigen-superposition", times)
    # Their local tolerance is 1e-8 for each of some thousand steps; 1e-6 leaves room for those to add up.
    np.testing.assert_allclose(ours.rho_01.values, theirs.expect[0], rtol=0.0, atol=1e-6)
    np.testing.assert_allclose(ours.doublet_population.values, np.real(theirs.expect[1]), rtol=0.0, atol=1e-6)


def _fitted_order(gamma: float, sizes: list[int], time: float) -> float:
    """Order p of the error h^p at the end of runs with the given numbers of equal steps."""
    spins = 8
    model, jumps = LMG(spins, 0.7), [JumpOperator("Jz", gamma)]
    full = FullLindbladian(model, jumps)
    rho = random_state(spins + 1, 11)
    exact = full.frame.fold((expm(liouvillian(model, jumps) * time) @ rho.ravel()).reshape(rho.shape))
    errors = []
    for count in sizes:
        blocks = initial_blocks(full.frame, model, rho, True)
        Splitting(full.frame, full.channel).advance(blocks, time / count, count)
        sites = {key: np.empty_like(block) for key, block in blocks.items()}
        full.frame.to_sites(blocks, sites, np.empty((spins + 1) ** 2))
        errors.append(norm({key: sites[key] - exact[key] for key in sites}))
    slope, _ = np.polyfit(np.log(1.0 / np.array(sizes)), np.log(errors), 1)
    return float(slope)


def test_order_of_convergence() -> None:
    # Strong dephasing: the order that the scheme has in the end. Errors 1e-4 to 1e-9, far above rounding.
    assert _fitted_order(1.0, [8, 12, 18, 27], 2.0) == pytest.approx(ORDER, abs=0.35)
    # Weak dephasing: terms of first order in it fall as h^10 until those of higher order show.
    assert _fitted_order(1e-4, [4, 5, 6, 7], 8.0) > 7.5


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
    full, rate = dephasing(30)
    assert set(initial_blocks(full.frame, full.model, "ground", True)) == {(0, 0), (1, 1)}
    answer = full.evolve("ground", [1.0 / rate])
    assert answer.rho_01.item() == 0.0  # by parity, exactly
    assert answer.trace.item() == pytest.approx(1.0, abs=1e-12)
    assert answer.populations.values[0, 1] > 0.01  # the other parity is reached: oo is not left out


def test_infinite_temperature_is_steady_for_hermitian_jumps() -> None:
    full, rate = dephasing(25)
    run = full.evolution(np.eye(26) / 26.0, [3.0 / rate])
    assert len(list(run)) == 1
    assert trace_norm(run.density_matrix() - np.eye(26) / 26.0) < 1e-12


def test_all_times_are_met_whatever_the_grid() -> None:
    full, rate = dephasing(24)
    times = np.sort(np.random.default_rng(1).uniform(0.0, 1.0 / rate, 9))
    times[4] = times[3]  # a time that comes twice
    answer = full.evolve("pointer", times)
    alone = [full.evolve("pointer", [t]).rho_01.item() for t in times]
    np.testing.assert_allclose(answer.rho_01.values, alone, rtol=0.0, atol=2e-8)
    assert answer.rho_01.values[3] == answer.rho_01.values[4]
    np.testing.assert_array_equal(answer.time.values, times)


def test_what_is_done_is_kept_when_interrupted() -> None:
    full, rate = dephasing(20)
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


def test_a_smaller_tolerance_costs_more_and_keeps_its_word() -> None:
    full, rate = dephasing(16, ratio=0.5)
    time = 1.5 / rate
    rho = random_state(17, 9)
    exact = (expm(liouvillian(full.model, list(full.jumps)) * time) @ rho.ravel()).reshape(17, 17)
    costs = []
    for tolerance in (1e-4, 1e-7, 1e-10):
        run = full.evolution(rho, [time], tolerance=tolerance)
        assert len(list(run)) == 1
        error = trace_norm(run.density_matrix() - exact)
        assert error <= run.error <= tolerance
        costs.append(run.applications)
    assert costs[0] < costs[1] < costs[2]


def test_strong_dissipation_is_stable() -> None:
    """γ far above H: steps are held to where the backward part of the scheme is harmless."""
    model = LMG(10, 0.7)
    jumps = [JumpOperator("Jz", 40.0)]
    run = FullLindbladian(model, jumps).evolution("pointer", [1.0], tolerance=1e-7)
    assert list(run) == [1.0]
    psi = model.doublet().state("P", whole=True).amplitudes
    exact = (expm(liouvillian(model, jumps)) @ np.outer(psi, psi).ravel()).reshape(11, 11)
    assert trace_norm(run.density_matrix() - exact) <= run.error <= 1e-7


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


def test_a_hamiltonian_without_parity_is_one_block() -> None:
    class Tilted:
        spins, energy_unit = 7, "J"

        def hamiltonian(self) -> object:
            return -0.2 * (Jz @ Jz) - Jx + 0.3 * Jz

    full = FullLindbladian(Tilted(), [JumpOperator("Jz", 0.1)])
    assert full.sectors == ("all",)
    rho = random_state(8, 6)
    h = Tilted().hamiltonian().matrix(7)
    jz = np.diagonal(Jz.matrix(7))
    expected = -1j * (h @ rho - rho @ h) - 0.05 * np.subtract.outer(jz, jz) ** 2 * rho
    np.testing.assert_allclose(full.apply(rho), expected, rtol=0.0, atol=1e-13)


def test_memory_is_worked_out_beforehand() -> None:
    jumps = [JumpOperator("Jz", 0.1)]
    full = FullLindbladian(LMG(2000, 0.95), jumps)
    assert 1.0 < full.memory_needed() < 2.0
    with pytest.raises(InputError, match=r"few enough for 1 GiB; got 2000, which need about 1\.\d GiB"):
        FullLindbladian(LMG(2000, 0.95), jumps, memory_limit=1.0)
    with pytest.raises(InputError, match="few enough for 8 GiB; got 20000"):
        FullLindbladian(LMG(20000, 0.95), jumps)


def test_memory_estimate_is_not_too_small() -> None:
    import tracemalloc

    full, rate = dephasing(200)
    tracemalloc.start()
    full.evolve("pointer", [0.02 / rate], tolerance=1e-6)
    peak = tracemalloc.get_traced_memory()[1] / 2**30
    tracemalloc.stop()
    assert 0.4 * full.memory_needed() < peak < 1.1 * full.memory_needed() + 0.005
