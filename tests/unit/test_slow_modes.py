"""Slowest modes of the full Liouvillian, against the dense spectrum, QuTiP's Liouvillian and published numbers."""

from __future__ import annotations

import numpy as np
import pytest

from einselect import LMG, InputError, JumpOperator, Jx, Jy, Jz
from einselect.dynamics import FullLindbladian, slow_modes
from einselect.dynamics.full_frame import jump_matrices
from einselect.dynamics.slow_refine import biorthogonal
from einselect.dynamics.slow_screening import EnergyBasis, Windows, search
from lindblad import dephasing, random_state, whole_liouvillian


def dense(full: FullLindbladian, sector: str) -> np.ndarray:
    """All eigenvalues of a sector, slowest first, from the Liouvillian as it is defined: ρ_{-m,-n} = ±ρ_{m,n}."""
    matrix = whole_liouvillian(full.model, full.jumps)
    if sector != "all":
        sign, half = (1.0 if sector == "populations" else -1.0), len(matrix) // 2
        count = half + (len(matrix) % 2 if sector == "populations" else 0)
        mirrored = matrix[:count, ::-1][:, :count].copy()
        mirrored[:, half:] = 0.0  # the element that is its own mirror image counts once
        matrix = matrix[:count, :count] + sign * mirrored
    values = np.linalg.eigvals(matrix)
    return np.asarray(values[np.argsort(-values.real)])


def test_published_slow_modes_at_100_spins() -> None:
    full, rate, _ = dephasing(100)
    found = full.spectrum(6, "populations")
    # Five decimals were given: half a unit of the last.
    np.testing.assert_allclose(
        found.eigenvalues.real / rate, [0.0, -0.00182, -0.00581, -0.01197, -0.02029, -0.03078], rtol=0.0, atol=5e-6
    )
    assert np.abs(found.eigenvalues.imag).max() == 0.0
    assert found.complete
    assert found.residuals.max() <= 1e-8 * rate
    assert found.gap == pytest.approx(-found.eigenvalues[1].real)


def test_the_mode_that_a_shift_at_zero_misses() -> None:
    full, rate, splitting = dephasing(20)
    value = full.spectrum(2, "coherences").eigenvalues[0]
    # γ G01 for the rate, ΔE for the frequency: the two units of the published numbers.
    assert value.real / rate == pytest.approx(-0.28376, abs=5e-6)
    assert abs(value.imag) / splitting == pytest.approx(4.379, abs=5e-4)


CASES = {
    "weak": (30, [("Jz", 0.0007)], 0.95),
    "moderate": (24, [("Jz", 0.007)], 0.95),
    "strong": (24, [("Jz", 0.7)], 0.95),
    "odd N, disordered": (25, [("Jz", 0.0007)], 1.3),
    "ordered, small field": (26, [("Jz", 0.001)], 0.5),
    "Jz²": (24, [(Jz @ Jz, 9e-6)], 0.95),
    "Jx": (24, [("Jx", 0.0007)], 0.95),
    "Jy, Jz": (21, [("Jy", 0.0007), ("Jz", 0.002)], 0.95),
    "not Hermitian, parity-odd": (20, [(Jz + 1j * Jy, 0.0007)], 0.95),
    "no parity": (20, [(Jz + 0.3 * Jx, 0.0007)], 0.95),
    "decay": (20, [("J-", 0.0007)], 0.95),
    "thermal": (16, [("J-", 0.0007), ("J+", 0.00035)], 0.95),
}


@pytest.mark.parametrize("name", CASES)
def test_windows_and_shifts_find_the_slowest_of_the_dense_spectrum(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sectors small enough to know all their modes, searched as if they were not."""
    monkeypatch.setattr(slow_modes, "DENSE", 0)
    spins, jumps, field = CASES[name]
    full = FullLindbladian(LMG(spins, field), [JumpOperator(op, rate) for op, rate in jumps])
    for sector in full.sectors:
        found, truth = full.spectrum(6, sector), dense(full, sector)
        assert found.complete
        # None missed: the rates are the slowest rates. None made up: each is an eigenvalue. (Modes of non-normal
        # Liouvillians lose about their condition number, here up to 1e4, of the 1e-13 of the dense solver.)
        np.testing.assert_allclose(np.sort(-found.eigenvalues.real), -truth[:6].real, rtol=1e-7, atol=1e-9)
        for value in found.eigenvalues:
            assert np.abs(truth - value).min() <= 1e-8


@pytest.mark.parametrize("name", ["moderate", "Jx", "not Hermitian, parity-odd", "thermal"])
@pytest.mark.parametrize("small", [0, 10**6])
def test_modes_are_left_and_right_eigenoperators(name: str, small: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By search and inversion, and densely; Jx has modes of equal eigenvalue, which must not overlap either."""
    monkeypatch.setattr(slow_modes, "DENSE", small)
    spins, jumps, field = CASES[name]
    full = FullLindbladian(LMG(spins, field), [JumpOperator(op, rate) for op, rate in jumps])
    found = full.spectrum(6)
    hermitian = [random_state(spins + 1, seed) for seed in (0, 1)]
    for mode in found.modes:
        right = 0.5 * (mode.right + mode.right.conj().T), -0.5j * (mode.right - mode.right.conj().T)
        image = full.apply(right[0]) + 1j * full.apply(right[1])
        assert np.linalg.norm(image - mode.eigenvalue * mode.right) <= max(2.0 * mode.residual, 1e-12)
        assert np.linalg.norm(mode.right) == pytest.approx(1.0)
        assert np.vdot(mode.left, mode.right) == pytest.approx(1.0)
        # Tr(Λ† 𝓛ρ) = λ Tr(Λ†ρ) for every ρ: Hermitian ones span them all.
        for rho in hermitian:
            scale = np.linalg.norm(mode.left) * np.linalg.norm(rho)
            assert abs(np.vdot(mode.left, full.apply(rho)) - mode.eigenvalue * np.vdot(mode.left, rho)) <= 1e-7 * scale
    for k, first in enumerate(found.modes):
        for other in found.modes[:k]:
            assert abs(np.vdot(first.left, other.right)) <= 1e-5 * np.linalg.norm(first.left)


def test_the_steady_mode_is_the_identity() -> None:
    full, _, _ = dephasing(40)
    first = full.spectrum(1, "populations").modes[0]
    assert abs(first.eigenvalue) < 1e-13
    np.testing.assert_allclose(first.right, np.eye(41) / np.sqrt(41.0), rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(first.left, np.eye(41) / np.sqrt(41.0), rtol=0.0, atol=1e-9)


def test_conjugate_pairs_and_order() -> None:
    full, _, _ = dephasing(60)
    found = full.spectrum(6, "coherences")
    values = found.eigenvalues
    np.testing.assert_allclose(values[0::2], values[1::2].conj(), rtol=0.0, atol=0.0)
    assert np.all(np.diff(values.real[::2]) < 0.0)
    for first, second in zip(found.modes[0::2], found.modes[1::2], strict=True):
        np.testing.assert_array_equal(first.right, second.right.conj().T)
    # Coherences between neighbouring levels at the top of the spectrum, which turn at Γ^½(Γ + J)^½ and thrice that.
    top = np.sqrt(0.95 * 1.95)
    np.testing.assert_allclose(np.abs(values.imag[[0, 2, 4]]), [top, top, 3.0 * top], rtol=0.03)


def test_every_sector_at_once() -> None:
    full, _, _ = dephasing(30)
    both = full.spectrum(8)
    apart = [full.spectrum(8, sector) for sector in full.sectors]
    rates = np.sort(np.concatenate([-found.eigenvalues.real for found in apart]))[:8]
    np.testing.assert_allclose(-both.eigenvalues.real, rates, rtol=1e-12, atol=1e-13)
    assert {mode.sector for mode in both.modes} == {"populations", "coherences"}
    assert both.gap == pytest.approx(min(found.gap for found in apart))


def test_agrees_with_qutip() -> None:
    qutip = pytest.importorskip("qutip")
    from scipy.sparse.linalg import eigs

    full, rate, _ = dephasing(20)
    gamma = full.jumps[0].rate
    h = qutip.Qobj(full.model.hamiltonian().matrix(20))
    theirs = qutip.liouvillian(h, [np.sqrt(gamma) * qutip.Qobj(Jz.matrix(20))]).to("CSR").data.as_scipy().tocsc()
    near = eigs(theirs, k=6, sigma=1e-3 * rate, return_eigenvectors=False)
    np.testing.assert_allclose(
        np.sort(-near.real), -full.spectrum(6, "populations").eigenvalues.real, rtol=0.0, atol=1e-12
    )
    turning = full.spectrum(2, "coherences").eigenvalues[0]
    assert np.abs(eigs(theirs, k=2, sigma=turning + 1e-4, return_eigenvectors=False) - turning).min() < 1e-12


@pytest.mark.parametrize("ratio", [0.01, 0.1, 1.0, 10.0])
def test_the_bound_never_excludes_a_window_with_a_mode(ratio: float) -> None:
    """Each mode of the dense spectrum, with its own rate, in the window whose core holds its frequency."""
    full, _, _ = dephasing(16, ratio)
    for sector in full.sectors:
        windows = Windows(EnergyBasis(full.frame, jump_matrices(full.jumps, 16)), sector, full.channel.norm)
        for value in dense(full, sector):
            centre = float(windows.centres[np.argmin(np.abs(windows.centres - abs(value.imag)))])
            assert not windows.excluded(centre, -value.real * (1.0 + 1e-9) + 1e-13)


@pytest.mark.parametrize("sector", ["populations", "coherences"])
def test_the_bound_is_the_one_that_is_proved(sector: str) -> None:
    """λ_min(P𝓓P) > r(1 + ‖𝓓‖/W)²/(1 - ‖𝓓‖r/W²) by eigenvalues, from both sides, with W half of the half width."""
    full, _, _ = dephasing(24)
    basis, norm = EnergyBasis(full.frame, jump_matrices(full.jumps, 24)), full.channel.norm
    windows = Windows(basis, sector, norm)
    a, b, _ = basis.pairs(sector)
    assert norm >= (1.0 - 1e-12) * np.linalg.norm(basis.dissipator(a, b), 2)
    margin = 0.5 * windows.width
    for centre in windows.centres:
        a, b, omega = windows.members(float(centre))
        if not len(a):
            continue
        assert np.abs(omega - centre).max() <= windows.width
        lowest = -np.linalg.eigvalsh(basis.dissipator(a, b))[-1]
        if lowest < 1e-12:  # the identity, which does not decay
            assert not windows.excluded(float(centre), 1e-11)
            continue
        # r at equality, a linear equation for it.
        rate = lowest / ((1.0 + norm / margin) ** 2 + lowest * norm / margin**2)
        assert windows.excluded(float(centre), rate * (1.0 - 1e-6))
        assert not windows.excluded(float(centre), rate * (1.0 + 1e-6))


def test_the_bound_holds_for_any_dissipator() -> None:
    """Random -i𝓐 - 𝓓 for which it matters: the modes of a core against λ_min(P𝓓P) of its window."""
    rng = np.random.default_rng(2)
    tightest = 0.0
    windows = object.__new__(Windows)
    windows.width = 2.0
    for _ in range(1000):
        frequencies = np.append(rng.uniform(-0.3, 0.3, 2), rng.choice([-1, 1], 2) * rng.uniform(2.0, 2.5, 2))
        vectors = rng.normal(size=(4, int(rng.integers(1, 3))))
        dissipator = vectors @ vectors.T
        windows._norm = float(rng.uniform(0.1, 1.0))
        dissipator *= windows._norm / np.linalg.norm(dissipator, 2)
        inside = np.abs(frequencies) <= windows.width
        lowest = float(np.linalg.eigvalsh(dissipator[np.ix_(inside, inside)])[0])
        for value in np.linalg.eigvals(-1j * np.diag(frequencies) - dissipator):
            if abs(value.imag) <= 0.5 * windows.width:
                assert lowest <= windows.threshold(-value.real) + 1e-12
                tightest = max(tightest, lowest / -value.real)
    # A mode may decay slower than P𝓓P alone allows: without the correction the bound would be wrong.
    assert tightest > 1.05


def test_the_bound_excludes_most_windows() -> None:
    """Four slowest of the populations: what makes the search cheap. (Coherences decay alike at all frequencies.)"""
    full, _, _ = dephasing(60)
    basis = EnergyBasis(full.frame, jump_matrices(full.jumps, 60))
    found, windows = search(basis, "populations", 4, full.channel.norm)
    assert found.windows == len(windows.centres)
    assert 0.5 * found.windows < found.excluded < found.windows


def test_windows_cover_all_frequencies() -> None:
    full, _, _ = dephasing(40)
    basis = EnergyBasis(full.frame, jump_matrices(full.jumps, 40))
    for sector in full.sectors:
        windows = Windows(basis, sector, full.channel.norm)
        omega = np.abs(basis.pairs(sector)[2])
        assert np.abs(windows.centres[:, None] - omega).min(axis=0).max() <= 0.5 * windows.width
    assert len(basis.pairs("populations")[2]) + len(basis.pairs("coherences")[2]) == 41**2


def test_bad_input_is_refused() -> None:
    full, _, _ = dephasing(10)
    with pytest.raises(InputError, match="sector must be one of populations, coherences"):
        full.spectrum(3, "population")
    with pytest.raises(InputError, match="count must be"):
        full.spectrum(0)
    with pytest.raises(InputError, match="count must be at most the 60 modes of the sector coherences; got 61"):
        full.spectrum(61, "coherences")
    with pytest.raises(InputError, match="sector must be one of all"):
        FullLindbladian(LMG(10, 0.5), [JumpOperator(Jz + Jx, 0.1)]).spectrum(3, "populations")
    with pytest.raises(InputError, match=r"whose modes need about \d+\.\d GiB"):
        FullLindbladian(LMG(1500, 0.95), [JumpOperator("Jz", 0.1)], memory_limit=0.7).spectrum(3)


def test_all_modes_of_a_small_sector_can_be_asked_for() -> None:
    full = FullLindbladian(LMG(4, 0.7), [JumpOperator("Jz", 0.1), JumpOperator(Jy, 0.02)])
    for sector, size in (("populations", 13), ("coherences", 12)):
        found, truth = full.spectrum(size, sector).eigenvalues, dense(full, sector)
        assert len(found) == len(truth) == size
        distance = np.abs(found[:, None] - truth)
        # One partner each, in both directions.
        assert sorted(distance.argmin(axis=1)) == list(range(size))
        assert distance.min(axis=1).max() <= 1e-10


def test_left_vectors_of_equal_eigenvalues_are_told_apart() -> None:
    """A matrix with a double eigenvalue: any basis of its left vectors is turned into the dual one."""
    rng = np.random.default_rng(8)
    right = rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4))
    values = np.array([1.0, 1.0, -0.5, 2.0j])
    dual = np.linalg.inv(right).conj().T
    given = dual * np.array([3.0, -2.0j, 0.1, 1.0])
    given[:, 0] += 0.7 * given[:, 1]
    np.testing.assert_allclose(biorthogonal(values, given, right, 1.0), dual, rtol=0.0, atol=1e-13)
