"""Local noise on permutation-symmetric matrices: matrix elements against 2^N states and against QuTiP's PIQS."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from scipy.special import comb

from einselect import LMG, InputError, Jm, Jp, JumpOperator, Jx, Jz
from einselect.local import LocalJump, LocalLindbladian
from einselect.local.ladder import dimension, log_multiplicity, multiplets, transfer, weight
from many_spins import SINGLE, SchurBasis, dissipate, everywhere, lmg, total

TILTED = np.array([[0.3 + 0.1j, -0.7j], [0.4, -0.3 - 0.1j]])
LOCAL = {
    "dephasing": ([], [("dephasing", 0.3, SINGLE["z"])]),
    "emission": ([], [("emission", 0.2, SINGLE["-"])]),
    "pumping": ([], [("pumping", 0.25, SINGLE["+"])]),
    "depolarising": ([], [(f"J{q}", 0.4, SINGLE[q]) for q in "xyz"]),
    "matrix": ([], [(TILTED, 0.6, TILTED)]),
    "collective": ([(Jz, 0.1, "z"), (Jm, 0.2, "-"), (Jp, 0.05, "+"), (Jx, 0.3, "x")], []),
    "all": ([(Jm, 0.2, "-")], [("dephasing", 0.3, SINGLE["z"]), ("emission", 0.1, SINGLE["-"])]),
}


def lindbladian(kind: str, model: LMG) -> LocalLindbladian:
    jumps, local = LOCAL[kind]
    return LocalLindbladian(
        model, [JumpOperator(op, rate) for op, rate, _ in jumps], [LocalJump(op, r) for op, r, _ in local]
    )


def spin_by_spin(kind: str, spins: int) -> list[tuple[float, np.ndarray]]:
    jumps, local = LOCAL[kind]
    plain = [(rate, total(name, spins)) for _, rate, name in jumps]
    return plain + [(rate, on) for _, rate, matrix in local for on in everywhere(matrix, spins)]


def random_blocks(spins: int, seed: int) -> dict[float, np.ndarray]:
    """Hermitian blocks of all j."""
    random = np.random.default_rng(seed)
    found = {}
    for k in multiplets(spins):
        block = random.normal(size=(k + 1, k + 1)) + 1j * random.normal(size=(k + 1, k + 1))
        found[0.5 * k] = block + block.conj().T
    return found


@pytest.mark.parametrize("kind", LOCAL)
@pytest.mark.parametrize("spins", [2, 3, 4, 5])
def test_against_all_states(kind: str, spins: int) -> None:
    """dρ/dt of random permutation-symmetric ρ, spin by spin; rounding of a few hundred sums of numbers near 1."""
    package, plain = lindbladian(kind, LMG(spins, 0.7)), spin_by_spin(kind, spins)
    basis, hamiltonian = SchurBasis(spins), lmg(spins, 0.7)
    blocks = random_blocks(spins, spins)
    rho = basis.embed(blocks)
    change = dissipate(rho, plain) - 1j * (hamiltonian @ rho - rho @ hamiltonian)
    expected = basis.blocks(change)
    np.testing.assert_allclose(basis.embed(expected), change, atol=1e-13)  # symmetric still
    for j, block in package.apply(blocks).items():
        np.testing.assert_allclose(block, expected[j], atol=2e-13)
    # the same once more from the matrix over (j, m, m')
    vector = package.matrix() @ np.concatenate([block.ravel() for block in blocks.values()])
    np.testing.assert_allclose(vector, np.concatenate([block.ravel() for block in expected.values()]), atol=2e-13)


def test_the_schur_basis_is_one() -> None:
    """The second route checked by itself: orthonormal, complete, with J- the same matrix in every copy."""
    basis = SchurBasis(5)
    vectors = np.concatenate([v.reshape(-1, 32) for v in basis.states.values()])
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(32), atol=1e-14)
    for j, v in basis.states.items():
        assert v.shape[1] == round(math.exp(log_multiplicity(5, round(2 * j))))
        lowered = np.einsum("aki,il,bml->abkm", v, total("-", 5), v)
        expected = Jm.matrix(round(2 * j)) if j else np.zeros((1, 1))
        np.testing.assert_allclose(lowered, np.einsum("ab,km->abkm", expected, np.eye(v.shape[1])), atol=1e-14)


def piqs(spins: int, field: float, **rates: float):
    """PIQS' Liouvillian as a SciPy matrix, on the elements within the j, in our order (j, m, m')."""
    piqs = pytest.importorskip("qutip.piqs.piqs")
    jx, _, jz = piqs.jspin(spins)
    ensemble = piqs.Dicke(N=spins, hamiltonian=-1.0 / spins * jz * jz - field * jx, **rates)
    matrix = ensemble.liouvillian().data.as_scipy().tocsr()
    size, start, index = jx.shape[0], 0, []
    for k in multiplets(spins):
        places = start + k - np.arange(k + 1)  # m ascending: PIQS has it descending
        index += [row + column * size for row in places for column in places]
        start += k + 1
    return matrix, np.array(index)


# Numbers that single precision holds: PIQS keeps its rates as such.
PIQS_RATES = {
    "dephasing": 0.25,
    "emission": 0.1875,
    "pumping": 0.125,
    "collective_dephasing": 0.0625,
    "collective_emission": 0.03125,
    "collective_pumping": 0.015625,
}


@pytest.mark.parametrize("spins", [2, 3, 9, 20])
def test_against_piqs(spins: int) -> None:
    """PIQS forms its coefficients in single precision, 24 bits; 2e-7 of the largest is what that leaves."""
    matrix, index = piqs(spins, 0.75, **PIQS_RATES)
    local = [LocalJump(name, PIQS_RATES[name]) for name in ("dephasing", "emission", "pumping")]
    jumps = [JumpOperator(Jz, 0.0625), JumpOperator(Jm, 0.03125), JumpOperator(Jp, 0.015625)]
    ours = LocalLindbladian(LMG(spins, 0.75), jumps, local).matrix()
    assert ours.shape == (len(index), len(index)) == (dimension(spins),) * 2
    assert abs(ours - matrix[index][:, index]).max() < 2e-7 * abs(ours).max()


@pytest.mark.parametrize("spins", [1, 2, 5, 8, 51])
def test_multiplicities(spins: int) -> None:
    """d_j as a difference of binomials; they fill 2^N, the blocks fill the dimension."""
    for k in multiplets(spins):
        below = (spins - k) // 2
        expected = comb(spins, below, exact=True) - (comb(spins, below - 1, exact=True) if below else 0)
        # lgamma is good to a few roundings of ln N!, some hundred
        assert log_multiplicity(spins, k) == pytest.approx(math.log(expected), abs=1e-12)
    assert sum((k + 1) ** 2 for k in multiplets(spins)) == dimension(spins)
    assert sum((k + 1) * math.exp(log_multiplicity(spins, k)) for k in multiplets(spins)) == pytest.approx(2.0**spins)


@pytest.mark.parametrize("components", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.3, -0.7, 0.2j)])
@pytest.mark.parametrize("spins", [4, 7, 200])
def test_the_trace_is_kept(spins: int, components: tuple[complex, complex, complex]) -> None:
    """What leaves |j, m> and |j, m'> arrives elsewhere: sum_Δ c_Δ K_Δ†K_Δ = sum_i L_i†L_i, element by element."""
    minus, z, plus = components
    jump = LocalJump(np.array([[-0.5 * z, minus], [plus, 0.5 * z]]))
    for k in multiplets(spins):
        size = k + 1
        arriving = np.zeros((size, size), dtype=complex)
        for change in (-1, 0, 1):
            wide = k + 2 * change + 1
            if weight(spins, k, change) == 0.0 or wide < 1:
                continue
            matrix = np.zeros((wide, size), dtype=complex)
            for q, band in transfer(k, change, components).items():
                for r, value in enumerate(band):
                    if 0 <= r + q + change < wide:
                        matrix[r + q + change, r] = value
                    else:
                        assert value == 0.0
            arriving += weight(spins, k, change) * matrix.conj().T @ matrix
        bands = jump.square(spins).coefficients(np.arange(size) - 0.5 * k, 0.5 * k)
        leaving = np.zeros((size, size), dtype=complex)
        for q, band in bands.items():
            if abs(q) < size:
                leaving += np.diag(band[: size - q] if q >= 0 else band[-q:], -q)
        np.testing.assert_allclose(arriving, leaving, atol=1e-12 * spins)


@pytest.mark.parametrize(
    ("rates", "resolved"),
    [
        ({"dephasing": 0.1}, True),
        ({"emission": 0.1}, False),
        ({"emission": 0.1, "pumping": 0.1}, True),  # Π exchanges the two: together they have the symmetry
        ({"emission": 0.1, "pumping": 0.2}, False),
        ({"Jx": 0.1, "dephasing": 0.2}, True),
    ],
)
def test_parity_sectors(rates: dict[str, float], resolved: bool) -> None:
    package = LocalLindbladian(LMG(7, 0.6), local=[LocalJump(name, rate) for name, rate in rates.items()])
    assert package.parity_resolved == resolved
    assert package.sectors == (("populations", "coherences") if resolved else ("all",))
    whole = LocalLindbladian(LMG(7, 0.6), local=package.local, resolve=False)
    assert not whole.parity_resolved
    blocks = random_blocks(7, 1)
    for j, block in whole.apply(blocks).items():
        np.testing.assert_allclose(block, package.apply(blocks)[j], atol=1e-13)


def test_one_sector_is_half() -> None:
    """Of the 23,426 elements at N = 50 the ground state needs 11,726, and no sector more."""
    package = LocalLindbladian(LMG(50, 0.9), local=[LocalJump("dephasing", 0.1)])
    assert package.dimension == 23_426
    places = {name: package.channel.layout.places(name) for name in package.sectors}
    sizes = {name: sum(len(index) for index in found.values()) for name, found in places.items()}
    assert sizes == {"populations": 11_726, "coherences": 11_700}


@pytest.mark.parametrize(
    ("operator", "message"),
    [
        ("dephase", "operator must be one of dephasing, .*did you mean 'dephasing'"),
        (np.eye(2), "operator must be traceless; got a trace of size 2"),
        (np.eye(3), "operator must be a name or a finite 2 x 2 matrix of one spin"),
        ([[0.0, np.nan], [0.0, 0.0]], "operator must be a name or a finite 2 x 2 matrix of one spin"),
    ],
)
def test_local_jumps_that_are_none(operator: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        LocalJump(operator)


def test_refusals() -> None:
    model = LMG(6, 0.8)
    with pytest.raises(InputError, match="local must be one or more LocalJump where there are no collective"):
        LocalLindbladian(model)
    with pytest.raises(InputError, match="local must be a sequence of LocalJump; got"):
        LocalLindbladian(model, local=[JumpOperator(Jz, 0.1)])  # type: ignore[list-item]
    with pytest.raises(InputError, match="jumps must be a sequence of JumpOperator; got"):
        LocalLindbladian(model, jumps=[LocalJump()])  # type: ignore[list-item]
    with pytest.raises(InputError, match=r"jumps must be collective operators.*shape \(7, 7\)"):
        LocalLindbladian(model, jumps=[JumpOperator(np.eye(7), 0.1)])
    with pytest.raises(InputError, match=r"rate must be a finite number >= 0; got -1"):
        LocalJump("dephasing", -1)
    with pytest.raises(
        InputError, match=r"spins must be few enough for 1 GiB; got 400, which need about .* GiB for 10"
    ):
        LocalLindbladian(LMG(400, 0.8), local=[LocalJump()], memory_limit=1.0)


@pytest.mark.parametrize("kind", LOCAL)
def test_memory_is_what_was_worked_out_beforehand(kind: str) -> None:
    """At most that, and not less than a quarter: a refusal has to be justified."""
    package = lindbladian(kind, LMG(20, 0.7))
    package.evolve("ground", [0.1])  # what is imported on the way does not count
    fresh = LocalLindbladian(package.model, package.jumps, package.local)
    tracemalloc.start()
    fresh.evolve("ground", [0.1])
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    needed = fresh.memory_needed() * 2**30
    assert 0.25 * needed < used < needed


@pytest.mark.parametrize("kind", ["emission", "matrix", "all"])
def test_levels_keep_their_parity_where_the_noise_mixes_it(kind: str) -> None:
    """N = 60 at Γ/J = 0.2: ΔE is 1e-36, and only the parity blocks tell |E0> from |E1>."""
    model = LMG(60, 0.2)
    frame = lindbladian(kind, model).frame
    assert set(frame.parities) == {0}
    expected = model.levels(2).dicke_vectors()
    for (p, i), vector in zip(frame.order[:2], expected, strict=True):
        assert p == 0
        np.testing.assert_allclose(np.abs(frame.vectors[0][:, i] @ vector), 1.0, rtol=1e-12)
    for p, twice_j in enumerate(frame.twice_j):
        v, e = frame.vectors[p], frame.energies[p]
        matrix = frame.hamiltonian[p].toarray()
        np.testing.assert_allclose(v.T @ matrix @ v, np.diag(e), atol=1e-12 * 60)
        np.testing.assert_allclose(matrix, model.hamiltonian().matrix(twice_j) if twice_j else [[0.0]], atol=1e-13)
