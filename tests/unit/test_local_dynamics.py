"""Dynamics with local noise: against 2^N states, PIQS, independent spins, the collective limit; what must hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from einselect import LMG, CollectiveOperator, InputError, Jm, JumpOperator, Jx, Jz, ResolutionError
from einselect.dynamics import FullLindbladian
from einselect.local import LocalJump, LocalLindbladian, local_dephasing_coefficient, maximally_mixed
from many_spins import SINGLE, SchurBasis, everywhere, liouvillian, lmg, total

SQUARE = CollectiveOperator("Jz²", (Jz @ Jz).bands)
CASES = {
    "dephasing": ([], [("dephasing", 0.1, "z")]),
    "emission": ([], [("emission", 0.1, "-")]),
    "thermal": ([], [("emission", 0.1, "-"), ("pumping", 0.1, "+")]),
    "both": ([(Jz, 0.05, "z")], [("dephasing", 0.1, "z"), ("Jx", 0.05, "x")]),
    "strong": ([(Jm, 1.0, "-")], [("dephasing", 5.0, "z")]),
}


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("spins", [4, 5])
def test_against_all_states(kind: str, spins: int) -> None:
    """ρ(t) of 2^N states by a dense exponential; the tolerance asked for, 1e-9, is the only error."""
    jumps, local = CASES[kind]
    model = LMG(spins, 0.8)
    basis = SchurBasis(spins)
    symmetric = basis.states[0.5 * spins][:, 0]
    levels = model.levels(spins + 1).dicke_vectors() @ symmetric
    start = 0.5 * np.outer(levels[0] + levels[1], levels[0] + levels[1])
    plain = [(rate, total(name, spins)) for _, rate, name in jumps]
    plain += [(rate, on) for _, rate, name in local for on in everywhere(SINGLE[name], spins)]
    times = [0.0, 0.7, 3.0]
    step = {t: expm(liouvillian(lmg(spins, 0.8), plain) * t) for t in times} if spins == 4 else None
    if step is None:  # 1024 dimensions: by the action of the exponential
        from scipy.sparse import csr_array
        from scipy.sparse.linalg import expm_multiply

        generator = csr_array(liouvillian(lmg(spins, 0.8), plain))
        exact = [expm_multiply(generator * t, start.ravel().astype(complex)) for t in times]
    else:
        exact = [step[t] @ start.ravel() for t in times]
    package = LocalLindbladian(
        model, [JumpOperator(op, rate) for op, rate, _ in jumps], [LocalJump(op, rate) for op, rate, _ in local]
    )
    run = package.evolution("eigen-superposition", times, {"jx": Jx, "square": SQUARE}, tolerance=1e-9)
    list(run)
    answer = run.dataset()
    for k, rho in enumerate(vector.reshape(start.shape) for vector in exact):
        elements = levels @ rho @ levels.T
        blocks = basis.blocks(rho)
        assert answer.rho_01.values[k] == pytest.approx(elements[0, 1], abs=1e-9)
        pointer = 0.5 * (levels[0] + levels[1]) @ rho @ (levels[0] - levels[1])
        assert answer.rho_pr.values[k] == pytest.approx(pointer, abs=1e-9)
        np.testing.assert_allclose(answer.populations.values[k], np.diag(elements).real, atol=1e-9)
        assert answer.doublet_population.values[k] == pytest.approx((elements[0, 0] + elements[1, 1]).real, abs=1e-9)
        assert answer.outside.values[k] == pytest.approx(1.0 - np.trace(elements).real, abs=1e-9)
        assert answer.purity.values[k] == pytest.approx(np.trace(rho @ rho).real, abs=2e-9)
        np.testing.assert_allclose(
            answer.weights.values[k], [np.trace(block).real for block in blocks.values()], atol=1e-9
        )
        assert answer.jx.values[k] == pytest.approx(np.trace(total("x", spins) @ rho).real, abs=1e-8)
        assert answer.square.values[k] == pytest.approx(
            np.trace(total("z", spins) @ total("z", spins) @ rho).real, abs=1e-8
        )
    for j, block in run.density_blocks().items():
        np.testing.assert_allclose(block, blocks[j], atol=1e-9)
        size = round(2 * j) + 1
        hamiltonian = model.hamiltonian().matrix(size - 1) if j else np.zeros((1, 1))
        vectors = np.linalg.eigh(hamiltonian)[1]
        expected = vectors[:, 0] @ blocks[j] @ vectors[:, 1] if j else 0.0
        # the phases of the eigenvectors are not fixed here: the size, and for j = N/2 the number above
        assert abs(answer.rho_01_by_j.sel(j=j).values[-1]) == pytest.approx(abs(expected), abs=1e-9)
    assert answer.rho_01_by_j.values[-1, 0] == answer.rho_01.values[-1]
    assert answer.attrs["error_estimate"] <= 1e-9


def test_against_piqs() -> None:
    """N = 20 through PIQS and mesolve, 14,641 dimensions; PIQS' coefficients are of single precision."""
    qutip = pytest.importorskip("qutip")
    piqs = pytest.importorskip("qutip.piqs.piqs")
    spins, field, times = 20, 0.75, [0.0, 1.0, 4.0]
    model = LMG(spins, field)
    jx, _, jz = piqs.jspin(spins)
    ensemble = piqs.Dicke(
        N=spins, hamiltonian=-1.0 / spins * jz * jz - field * jx, dephasing=0.0625, emission=0.015625, pumping=0.0078125
    )
    vectors = model.levels(2).dicke_vectors()[:, ::-1]  # PIQS has m descending
    start = np.zeros(jx.shape)
    start[: spins + 1, : spins + 1] = 0.5 * np.outer(vectors[0] + vectors[1], vectors[0] + vectors[1])
    options = {"atol": 1e-11, "rtol": 1e-9, "nsteps": 10**5}
    states = qutip.mesolve(ensemble.liouvillian(), qutip.Qobj(start, dims=jx.dims), times, options=options).states
    found = [state.full() for state in states]
    answer = LocalLindbladian(
        model, [], [LocalJump("dephasing", 0.0625), LocalJump("emission", 0.015625), LocalJump("pumping", 0.0078125)]
    ).evolve("eigen-superposition", times, {"jz": Jz, "jx": "Jx"})
    # 2^-24 in each coefficient, times the largest rates of 1 over t = 4
    inside = [rho[: spins + 1, : spins + 1] for rho in found]
    np.testing.assert_allclose(answer.rho_01.values, [vectors[0] @ rho @ vectors[1] for rho in inside], atol=3e-7)
    np.testing.assert_allclose(answer.outside.values, [1.0 - np.trace(rho).real for rho in inside], atol=3e-7)
    for name, op in (("jz", jz), ("jx", jx)):
        expected = [np.trace(op.full() @ rho).real for rho in found]
        np.testing.assert_allclose(answer[name].values, expected, atol=10 * 3e-7)


@dataclass(frozen=True)
class Free:
    """H = -Γ Jx: spins that do not know of each other."""

    spins: int
    field: float
    energy_unit: str = "J"

    def hamiltonian(self) -> CollectiveOperator:
        return -self.field * Jx


@pytest.mark.parametrize("spins", [9, 30])
def test_independent_spins(spins: int) -> None:
    """Without Jz² every spin follows its own Bloch equation, and all moments follow from one spin's."""
    rates = {"dephasing": 0.2, "emission": 0.15, "pumping": 0.05}
    m = np.arange(spins + 1) - 0.5 * spins
    # all spins along (sin θ, 0, cos θ)
    up, down = np.cos(0.4), np.sin(0.4)
    amplitudes = SchurAmplitudes(spins, up, down)
    times = [0.0, 1.3, 4.0]
    answer = LocalLindbladian(Free(spins, 0.6), local=[LocalJump(name, rate) for name, rate in rates.items()]).evolve(
        amplitudes, times, {"jx": Jx, "jz": Jz, "square": SQUARE}, tolerance=1e-9
    )
    assert len(m) == len(amplitudes)
    one = liouvillian(
        -0.6 * SINGLE["x"],
        [(0.2, SINGLE["z"]), (0.15, SINGLE["-"]), (0.05, SINGLE["+"])],
    )
    start = np.outer([down, up], [down, up]).ravel()
    for k, t in enumerate(times):
        rho = (expm(one * t) @ start).reshape(2, 2)
        x, z = (np.trace(SINGLE[q] @ rho).real for q in "xz")
        scale = 0.5 * spins * 1e-9 * spins
        assert answer.jx.values[k] == pytest.approx(spins * x, abs=scale)
        assert answer.jz.values[k] == pytest.approx(spins * z, abs=scale)
        assert answer.square.values[k] == pytest.approx(0.25 * spins + spins * (spins - 1) * z * z, abs=spins * scale)
        # a product of N mixed spins
        assert answer.purity.values[k] == pytest.approx(np.trace(rho @ rho).real ** spins, abs=2e-9)


def SchurAmplitudes(spins: int, up: float, down: float) -> np.ndarray:
    """<m|ψ> of a product state, m ascending."""
    from scipy.special import binom

    k = np.arange(spins + 1)
    return np.sqrt(binom(spins, k)) * up**k * down ** (spins - k)


@pytest.mark.parametrize("start", ["ground", "eigen-superposition", "spin-coherent"])
def test_without_local_noise_it_is_the_symmetric_sector(start: str) -> None:
    """The collective limit: `FullLindbladian`, by the sum of both tolerances; nothing leaves j = N/2."""
    model, times = LMG(16, 0.9), [0.0, 3.0, 12.0]
    jumps = [JumpOperator(Jz, 0.01), JumpOperator(Jx, 0.005)]
    full = FullLindbladian(model, jumps).evolve(start, times, {"jx": Jx})
    for local in ([], [LocalJump("dephasing", 0.0)]):
        ours = LocalLindbladian(model, jumps, local).evolve(start, times, {"jx": Jx})
        for name in ("rho_01", "rho_pr", "populations", "doublet_population", "leakage", "purity"):
            np.testing.assert_allclose(ours[name].values, full[name].values, atol=2e-8)
        np.testing.assert_allclose(ours.jx.values, full.jx.values, atol=8 * 2e-8)
        np.testing.assert_allclose(ours.outside.values, 0.0, atol=1e-8)


@pytest.mark.parametrize("kind", ["dephasing", "thermal", "strong"])
def test_semigroup(kind: str) -> None:
    """ρ(t + s) is ρ(t) evolved by s, through the blocks of all j."""
    jumps, local = CASES[kind]
    package = LocalLindbladian(
        LMG(9, 0.8), [JumpOperator(op, r) for op, r, _ in jumps], [LocalJump(op, r) for op, r, _ in local]
    )
    once, first = (package.evolution("spin-coherent", [t], tolerance=1e-9) for t in (1.2, 0.7))
    list(once)
    list(first)
    second = package.evolution(first.density_blocks(), [0.5], tolerance=1e-9)
    list(second)
    for j, block in once.density_blocks().items():
        np.testing.assert_allclose(second.density_blocks()[j], block, atol=2e-9)


@settings(max_examples=25)
@given(
    spins=st.integers(2, 9),
    field=st.floats(0.05, 2.0),
    rates=st.tuples(*[st.floats(0.0, 1.5)] * 4),
    seed=st.integers(0, 2**16),
)
def test_a_density_matrix_stays_one(spins: int, field: float, rates: tuple[float, ...], seed: int) -> None:
    """Trace 1, Hermitian and positive block by block, purity from 2^-N to 1; each to the tolerance asked for."""
    random = np.random.default_rng(seed)
    vector = random.normal(size=spins + 1) + 1j * random.normal(size=spins + 1)
    package = LocalLindbladian(
        LMG(spins, field),
        [JumpOperator(Jm, rates[3])],
        [LocalJump(name, rate) for name, rate in zip(("dephasing", "emission", "pumping"), rates, strict=False)],
    )
    run = package.evolution(vector / np.linalg.norm(vector), [0.3, 2.0])
    list(run)
    answer = run.dataset()
    np.testing.assert_allclose(answer.trace.values, 1.0, atol=1e-8)
    np.testing.assert_allclose(answer.weights.values.sum(axis=1), answer.trace.values, atol=1e-13)
    assert np.all(answer.purity.values <= 1.0 + 1e-8)
    assert np.all(answer.purity.values >= 2.0**-spins - 1e-8)
    for block in run.density_blocks().values():
        np.testing.assert_array_equal(block, block.conj().T)
        assert np.linalg.eigvalsh(block)[0] > -1e-8


def test_dephasing_leaves_the_mixed_state_and_leads_there() -> None:
    """1/2^N is steady for any Hermitian local noise; from a state of odd and even parity alike it is the only end."""
    model = LMG(5, 0.9)
    package = LocalLindbladian(model, local=[LocalJump("dephasing", 1.0)])
    mixed = maximally_mixed(5)
    for block in package.apply(mixed).values():
        np.testing.assert_allclose(block, 0.0, atol=1e-15)
    run = package.evolution("spin-coherent", [40.0], tolerance=1e-6)
    list(run)
    for j, block in run.density_blocks().items():
        np.testing.assert_allclose(block, mixed[j], atol=1e-6)
    assert run.dataset().purity.item() == pytest.approx(1 / 32, abs=1e-6)


@pytest.mark.parametrize("t", [0.1, 4.0, 30.0])
def test_the_rates_are_the_first_decay(t: float) -> None:
    """First order in γ, for any t: ρ_01 = ½ e^{iΔEt}(1 - Γ_01 t) + ½ c sin(ΔEt)/ΔE, c = γ J01²/N, from ρ_01 = ρ_10 = ½.

    The first part is Eq. 12; the second is fed by ρ_10, and the secular step drops it. From |E0>, Re ρ_PR falls from ½
    by its coefficient: ρ_00 is left at γ N/4 and ρ_11 is fed at c. What comes back from elsewhere is of order γ²t².
    """
    model = LMG(60, 0.95)
    doublet, levels = model.doublet(), model.levels(2)
    gamma = 1e-5 / (15.0 * t)
    jumps = [LocalJump("dephasing", gamma)]
    package = LocalLindbladian(model, local=jumps)
    eigen, pointer = (local_dephasing_coefficient(levels, *pair, jumps) for pair in (("E0", "E1"), ("P", "R")))
    d, fed = doublet.splitting, gamma * doublet.j01**2 / 60
    found = package.evolve("eigen-superposition", [t], tolerance=1e-11).rho_01.item()
    expected = 0.5 * np.exp(1j * d * t) * (1.0 - eigen * t) + 0.5 * fed * np.sin(d * t) / d
    assert found == pytest.approx(expected, abs=2e-10)  # (1e-5)²/2 and the tolerance
    assert abs(found - 0.5 * np.exp(1j * d * t)) > 1e-7
    found = package.evolve("ground", [t], tolerance=1e-11).rho_pr.item()
    assert found == pytest.approx(0.5 * (1.0 - pointer * t), abs=2e-10)


def test_the_error_estimate_is_no_smaller_than_the_error() -> None:
    """Trace norm against a dense exponential over (j, m, m'), for tolerances from rough to fine."""
    package = LocalLindbladian(LMG(10, 0.8), [JumpOperator(Jm, 0.05)], [LocalJump("dephasing", 0.4)])
    start = np.outer(*2 * [np.eye(11)[7]])
    vector = np.zeros(package.dimension, dtype=complex)
    vector[:121] = start.ravel()
    exact = expm(package.matrix().toarray() * 6.0) @ vector
    for tolerance in (1e-4, 1e-6, 1e-8, 1e-10):
        run = package.evolution(start, [6.0], tolerance=tolerance)
        list(run)
        found = np.concatenate([block.ravel() for block in run.density_blocks().values()])
        error, place = 0.0, 0
        for block in run.density_blocks().values():
            size = block.size
            difference = (found - exact)[place : place + size].reshape(block.shape)
            error += float(np.abs(np.linalg.eigvalsh(difference)).sum())
            place += size
        assert error <= run.error <= tolerance
    with pytest.raises(ResolutionError, match="tolerance must be"):
        package.evolve(start, [6.0], tolerance=1e-16)


def test_coherence_goes_to_other_j() -> None:
    """Local dephasing keeps parities: part of ρ_01 is found between the doublets of j < N/2, and <Jz> sums them all.

    The signs of the eigenvectors are such that <E0|Jz|E1> > 0 in every j. N = 30 at Γ/J = 0.5: the wells are apart,
    so that nearly all of <Jz> is in the doublets.
    """
    model = LMG(30, 0.5)
    answer = LocalLindbladian(model, local=[LocalJump("dephasing", 0.01)]).evolve("pointer", [0.0, 4.0], {"jz": Jz})
    elements = []
    for j in answer.j.values[:-1]:
        v = np.linalg.eigh(model.hamiltonian().matrix(round(2 * j)))[1]
        jz = np.arange(-j, j + 0.5)
        # in the lower j, ΔE and J01 are those of another field ratio; near-degenerate levels need parity to be told
        even, odd = (v[:, :2] + sign * v[::-1, :2] for sign in (1, -1))
        even, odd = (x[:, np.argmax(np.linalg.norm(x, axis=0))] / np.linalg.norm(x, axis=0).max() for x in (even, odd))
        elements.append(abs(even @ (jz * odd)))
    in_doublets = 2.0 * answer.rho_01_by_j.values[1, :-1].real @ elements
    own = 2.0 * answer.rho_01.values[1].real * elements[0]
    assert answer.outside.values[1] > 0.05
    assert own < 0.95 * answer.jz.values[1]
    assert in_doublets == pytest.approx(answer.jz.values[1], rel=0.02)


def test_blocks_as_an_initial_state_are_checked() -> None:
    package = LocalLindbladian(LMG(4, 0.8), local=[LocalJump()])
    good = maximally_mixed(4)
    for changed, message in (
        ({1.5: np.eye(4) / 4}, r"j must be one of N/2, N/2 - 1, ... >= 0 with N = 4; got 1.5"),
        ({2.0: np.eye(3) / 3}, r"state must have a 5 x 5 block for j = 2; got shape \(3, 3\)"),
        ({2.0: np.eye(5)}, "density matrix must have trace 1; got 5"),
        ({**good, 0.0: good[0.0] + 1.0, 1.0: good[1.0] - np.eye(3) / 3}, "positive; got an eigenvalue"),
        ({2.0: np.eye(5) / 5 + np.diag([0.1] * 4, 1)}, "must be Hermitian"),
        ({2.0: np.full((5, 5), np.nan)}, "state must be finite"),
    ):
        with pytest.raises(InputError, match=message):
            package.evolve(changed, [1.0])
    with pytest.raises(InputError, match=r"observables must be collective operators.*for 'o'"):
        package.evolve("ground", [1.0], {"o": np.eye(5)})


def test_results_are_labelled() -> None:
    answer = LocalLindbladian(LMG(6, 0.8), [JumpOperator(Jz, 0.1)], [LocalJump("emission", 0.2)]).evolve(
        "ground", [0.0, 1.0], {"jz": "Jz"}
    )
    np.testing.assert_array_equal(answer.j.values, [3.0, 2.0, 1.0, 0.0])
    assert answer.weights.dims == ("time", "j")
    assert answer.attrs["jumps"] == "Jz at 0.10000000000000001"
    assert answer.attrs["local"] == "emission at 0.20000000000000001"
    assert answer.attrs["dimension"] == 84
    assert all("units" in answer[name].attrs and "long_name" in answer[name].attrs for name in answer.data_vars)
