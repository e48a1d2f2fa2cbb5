"""Every route through the Lindblad equation against the others: levels, sectors, the whole space, expm, QuTiP."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from einselect import LMG, Jm, Jp, JumpOperator, Jx, Jz
from einselect.dynamics import FullLindbladian, Lindbladian, evolve
from einselect.dynamics.propagate import Flow
from einselect.dynamics.sectors import Sector, build_sectors
from einselect.models import CustomModel
from lindblad import dense_liouvillian, dephasing, random_state, whole_liouvillian

READ_OFF = ("rho_01", "rho_pr", "doublet_population")
KNOWN = {50: 0.06708338, 100: 0.06667921}


@pytest.mark.parametrize("spins", KNOWN)
def test_known_points(spins: int) -> None:
    full, rate, _ = dephasing(spins)
    answer = full.evolve("eigen-superposition", [0.0, 2.0 / rate])
    assert abs(answer.rho_01.values[0]) == pytest.approx(0.5, abs=1e-14)
    # Eight printed digits: half a unit of the last one.
    assert abs(answer.rho_01.values[1]) == pytest.approx(KNOWN[spins], abs=5e-9)


@pytest.mark.slow
def test_benchmark() -> None:
    """N = 370, γ = 0.05 1/s, J such that ΔE = k_B 10 nK: |ρ_01(T2)| and the doublet's population."""
    coupling = 1.380649e-23 * 1e-8 / 1.054571817e-34 / LMG(370, 0.95).doublet().splitting
    model = LMG(370, 0.95, f"{coupling!r} rad/s")
    t2 = 1.0 / (0.05 * model.doublet().g01)
    answer = FullLindbladian(model, [JumpOperator("Jz", 0.05)]).evolve("pointer", [t2], tolerance=1e-6)
    assert answer.attrs["error_estimate"] <= 1e-6
    # Half a unit of the last digit given, and the tolerance.
    assert abs(answer.rho_01.item()) == pytest.approx(0.179986, abs=1.5e-6)
    assert answer.doublet_population.item() == pytest.approx(0.88414, abs=6e-6)
    assert answer.trace.item() == pytest.approx(1.0, abs=1e-11)
    assert answer.time.attrs["units"] == "s"


@pytest.mark.parametrize(
    ("spins", "field", "jumps", "state"),
    [
        (60, 0.95, [Jz], "eigen-superposition"),
        (60, 0.95, [Jz], "spin-coherent"),
        (81, 0.9, [Jz], "ground"),
        (40, 0.8, [Jx], "spin-coherent"),
        (30, 0.8, [Jm, Jp], "ground"),
        (30, 0.8, [Jz + 0.3 * Jx], "eigen-superposition"),
    ],
    ids=["Jz", "Jz, coherent", "Jz, odd N", "Jx", "thermal", "no parity"],
)
def test_levels_against_the_whole_space(spins: int, field: float, jumps: list[Any], state: str) -> None:
    """Each says how far it may be off: together that bounds their distance."""
    model = LMG(spins, field)
    doublet = model.doublet()
    rate = 0.02 * doublet.splitting / doublet.g01
    listed = [JumpOperator(op, rate / (1.0 + k)) for k, op in enumerate(jumps)]
    times = np.linspace(0.0, 3.0 / doublet.splitting, 3)
    whole = FullLindbladian(model, listed).evolve(state, times, tolerance=1e-7)
    few = evolve(model, listed, state, times, tolerance=1e-5)
    bound = few.attrs["truncation_error"] + whole.attrs["error_estimate"]
    assert bound < 1.1e-5
    for name in READ_OFF:
        # The doublet's population is the sum of two elements.
        assert float(np.abs(whole[name] - few[name]).max()) <= 2.0 * bound, name
    assert few.attrs["levels"] < spins + 1 == whole.attrs["levels"]


def _in_qutip(model: LMG, jumps: list[JumpOperator], times: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ρ_01, ρ_PR and the doublet's population by `mesolve` in the whole space, from (E0 + E1)/√2.

    Sparse operators: as dense ones its Liouvillian at N = 100 would take 1.6 GB. At these tolerances its methods
    vern7 and vern9 differ by 1e-14.
    """
    qutip = pytest.importorskip("qutip")

    def theirs(matrix: np.ndarray) -> Any:  # QuTiP's states run from m = +j down
        return qutip.Qobj(matrix[::-1, ::-1]).to("CSR").tidyup()

    spins, doublet = model.spins, model.doublet()
    e0, e1 = (qutip.Qobj(doublet.state(name, whole=True).amplitudes[::-1]) for name in ("E0", "E1"))
    pointer, other = (e0 + e1).unit(), (e0 - e1).unit()
    answer = qutip.mesolve(
        theirs(model.hamiltonian().matrix(spins)),
        pointer,
        times,
        [math.sqrt(jump.rate) * theirs(jump.operator.matrix(spins)) for jump in jumps],
        e_ops=[e1 @ e0.dag(), other @ pointer.dag(), e0.proj() + e1.proj()],
        options={"rtol": 1e-9, "atol": 1e-11, "nsteps": 10**7, "method": "vern7", "progress_bar": ""},
    )
    return tuple(np.array(values) for values in answer.expect)  # type: ignore[return-value]


@pytest.mark.parametrize("spins", [20, 50, pytest.param(100, marks=pytest.mark.slow)])
def test_both_against_qutip(spins: int) -> None:
    """The whole span of the known points, to 2 T2."""
    full, rate, _ = dephasing(spins)
    times = np.array([0.0, 0.5, 2.0]) / rate
    theirs = dict(zip(READ_OFF, _in_qutip(full.model, list(full.jumps), times), strict=True))
    if spins in KNOWN:
        assert abs(theirs["rho_01"][-1]) == pytest.approx(KNOWN[spins], abs=5e-9)
    whole = full.evolve("eigen-superposition", times, tolerance=1e-8)
    # Some hundred steps, each with rounding of 1e-14 and what it clears of empty levels.
    np.testing.assert_allclose(whole.trace, 1.0, rtol=0.0, atol=1e-11)
    few = evolve(full.model, full.jumps, "eigen-superposition", times)
    for name in READ_OFF:
        # 1e-10 for QuTiP, beside what each of ours says of itself.
        np.testing.assert_array_less(
            np.abs(whole[name].values - theirs[name]), 1e-10 + whole.attrs["error_estimate"], err_msg=name
        )
        np.testing.assert_array_less(
            np.abs(few[name].values - theirs[name]), 1e-10 + 2.0 * few.attrs["truncation_error"], err_msg=name
        )


@pytest.mark.parametrize("jumps", [[Jm], [Jm, Jp], [Jx, Jz], [Jz + 0.3 * Jx]], ids=["J-", "thermal", "both", "mixed"])
def test_other_jump_operators_against_qutip(jumps: list[Any]) -> None:
    model = LMG(12, 0.9)
    listed = [JumpOperator(op, 0.02 / (1.0 + k)) for k, op in enumerate(jumps)]
    times = np.array([0.0, 2.0, 10.0])
    theirs = dict(zip(READ_OFF, _in_qutip(model, listed, times), strict=True))
    whole = FullLindbladian(model, listed).evolve("eigen-superposition", times, tolerance=1e-7)
    every = Lindbladian(model.levels(13), listed).evolve("eigen-superposition", times)
    for name in READ_OFF:
        np.testing.assert_allclose(whole[name], theirs[name], rtol=0.0, atol=1e-10 + whole.attrs["error_estimate"])
        np.testing.assert_allclose(every[name], theirs[name], rtol=0.0, atol=1e-10)


def _small_system(seed: int, divided: bool) -> tuple[np.ndarray, np.ndarray, list[tuple[float, np.ndarray]]]:
    """Random levels, parities and complex jump matrices; even or odd ones where parity is to divide."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 7))
    energies = np.sort(np.append(0.0, rng.uniform(0.0, 3.0, size - 1)))
    parities = np.array([1, -1, *rng.choice([1, -1], size - 2)])
    jumps = []
    for k in range(int(rng.integers(1, 4))):
        matrix = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
        if divided:
            matrix = matrix * (np.multiply.outer(parities, parities) == (-1) ** k)
        jumps.append((float(rng.uniform(0.05, 0.5)), matrix))
    return energies, parities, jumps


def _together(sectors: list[Sector], parts: list[np.ndarray], size: int) -> np.ndarray:
    whole = np.zeros((1, size, size), dtype=complex)
    for sector, part in zip(sectors, parts, strict=True):
        sector.add_operators(part[None], whole)
    return np.asarray(whole[0])


@pytest.mark.parametrize("divided", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_sectors_against_the_undivided_liouvillian(seed: int, divided: bool) -> None:
    """Every sector's generator and its flow on random states; rounding only."""
    energies, parities, jumps = _small_system(seed, divided)
    size = len(energies)
    sectors = build_sectors(energies, parities, jumps)
    assert [s.name for s in sectors] == (["populations", "coherences"] if divided else ["all"])
    undivided = dense_liouvillian(np.diag(energies), jumps)
    rho = random_state(size, seed)
    moved = _together(sectors, [s.generator @ s.coordinates(rho) for s in sectors], size)
    np.testing.assert_allclose(moved, (undivided @ rho.ravel()).reshape(size, size), rtol=0.0, atol=1e-12)
    times = np.array([0.0, 0.4, 1.7])
    flows = [Flow(s.generator, times).forward(s.coordinates(rho)) for s in sectors]
    for k, time in enumerate(times):
        exact = (expm(undivided * time) @ rho.ravel()).reshape(size, size)
        found = _together(sectors, [flow[k] for flow in flows], size)
        np.testing.assert_allclose(found, exact, rtol=0.0, atol=1e-12)


def _random_model(seed: int) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """A complex H with a parity in some random basis, that parity, and jump matrices without one."""
    rng = np.random.default_rng(100 + seed)
    size = int(rng.integers(3, 7))

    def noise() -> np.ndarray:
        return np.asarray(rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size)))

    unitary, _ = np.linalg.qr(noise())
    signs = np.array([1, -1, *rng.choice([1, -1], size - 2)])
    parity = unitary @ np.diag(signs) @ unitary.conj().T
    h = noise()
    h = h + h.conj().T
    return 0.5 * (h + parity @ h @ parity), parity, [0.3 * noise() for _ in range(2)]


@pytest.mark.parametrize("definite", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_random_models_against_the_exponential(seed: int, definite: bool) -> None:
    """A user's own H, Π and jumps, all levels kept, against expm in the basis in which they were given."""
    h, parity, jumps = _random_model(seed)
    if definite:
        jumps = [0.5 * (jump + sign * parity @ jump @ parity) for jump, sign in zip(jumps, (1, -1), strict=True)]
    model = CustomModel(h, parity, jumps)
    levels = model.levels(len(h))
    lindbladian = Lindbladian(levels, [JumpOperator(op, 1.0) for op in model.operators.values()])
    assert lindbladian.parity_resolved == definite
    observable = random_state(len(h), seed + 50)
    times = np.array([0.0, 0.2, 1.0, 5.0])
    answer = lindbladian.evolve("ground", times, {"O": observable})
    assert answer.attrs["truncation_error"] == 0.0
    _, vectors = np.linalg.eigh(h)
    ground = vectors[:, 0]
    generator = dense_liouvillian(h, [(1.0, jump) for jump in jumps])
    for k, time in enumerate(times):
        rho = (expm(generator * time) @ np.outer(ground, ground.conj()).ravel()).reshape(h.shape)
        close = {"rtol": 0.0, "atol": 1e-11, "err_msg": f"t = {time}"}
        np.testing.assert_allclose(answer.O.values[k], np.trace(observable @ rho).real, **close)
        np.testing.assert_allclose(answer.purity.values[k], np.trace(rho @ rho).real, **close)
        populations = np.einsum("ia,ij,ja->a", vectors.conj(), rho, vectors).real
        order = np.argsort(levels.energies)
        np.testing.assert_allclose(answer.populations.values[k][order], populations, **close)
        # The phase between |E0> and |E1> is a convention; the size of the coherence is not.
        first, second = np.argsort(order)[:2]
        coherence = vectors[:, first].conj() @ rho @ vectors[:, second]
        assert abs(answer.rho_01.values[k]) == pytest.approx(abs(coherence), abs=1e-11)


def test_the_whole_space_against_all_levels() -> None:
    """N = 9: splitting with error control, sectors on all levels, and the exponential of the undivided Liouvillian."""
    model, jumps = LMG(9, 0.7), [JumpOperator(Jz, 0.05), JumpOperator(Jx, 0.02)]
    vectors = model.levels(10).dicke_vectors()
    start, times = random_state(10, 4), np.array([0.0, 1.0, 4.0])
    in_levels = vectors @ start @ vectors.T
    whole = FullLindbladian(model, jumps).evolve(start, times, {"Jz": "Jz"}, tolerance=1e-9)
    every = Lindbladian(model.levels(10), jumps).evolve(in_levels, times, {"Jz": "Jz"})
    generator = whole_liouvillian(model, jumps)
    exact = [(expm(generator * t) @ start.ravel()).reshape(10, 10) for t in times]
    jz = [np.trace(Jz.matrix(9) @ rho).real for rho in exact]
    np.testing.assert_allclose(every.Jz, jz, rtol=0.0, atol=1e-12)
    # |Tr(Jz Δ)| <= ‖Jz‖ ‖Δ‖_1
    np.testing.assert_allclose(whole.Jz, jz, rtol=0.0, atol=1e-12 + 4.5 * whole.attrs["error_estimate"])
    for name in (*READ_OFF, "purity"):
        np.testing.assert_allclose(whole[name], every[name], rtol=0.0, atol=1e-12 + 2.0 * whole.attrs["error_estimate"])
