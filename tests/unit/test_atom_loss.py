"""Atom loss: against two bosonic modes written out, its limits, and cascades with and without all levels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from einselect import LMG, InputError, UnitError
from einselect.dynamics.atom_loss import AtomLoss, atom_loss, by_parity, fewer_atoms, loss_matrix
from einselect.dynamics.loss_cascade import LossCascade
from einselect.models import BoseJosephson

ATOMS, K, U = 4, 0.45, 0.3
CONDENSATE = BoseJosephson(spins=ATOMS, tunnelling=K, interaction=U)
POINTER = np.array([[1.0, 1.0], [1.0, -1.0]]) / np.sqrt(2.0)


def two_modes(atoms: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """H of the Bose-Hubbard dimer and a, b, on all states of at most `atoms` quanta in each mode."""
    single, one = np.diag(np.sqrt(np.arange(1.0, atoms + 1)), 1), np.eye(atoms + 1)
    a, b = np.kron(single, one), np.kron(one, single)
    h = -K * (a.T @ b + b.T @ a)
    for mode in (a, b):
        h = h - 0.5 * U * mode.T @ mode.T @ mode @ mode
    return h, [a, b]


def doublet_of_modes(h: np.ndarray, atoms: int, size: int) -> np.ndarray:
    """|E0>, |E1> of that many atoms as columns: the positive and the odd one."""
    index = [na * (size + 1) + atoms - na for na in range(atoms + 1)]
    vectors = np.linalg.eigh(h[np.ix_(index, index)])[1][:, :2]
    vectors = vectors * np.sign(vectors[-1])  # all atoms in a: positive in both
    result = np.zeros((len(h), 2))
    result[index] = vectors
    return result


def jumps_of(modes: list[np.ndarray], lost: int, mixed: bool = False) -> list[np.ndarray]:
    return [modes[0] @ modes[1]] if mixed else [np.linalg.matrix_power(mode, lost) for mode in modes]


@pytest.mark.parametrize(("lost", "mixed"), [(1, False), (2, False), (2, True)])
def test_rates_against_two_modes(lost: int, mixed: bool) -> None:
    """-Re of what the dissipator does to |E0><E1| and |P><R|, read in the sector after and before; rounding only."""
    h, modes = two_modes(ATOMS)
    now, then = (doublet_of_modes(h, n, ATOMS) for n in (ATOMS, ATOMS - lost))
    found = atom_loss(CONDENSATE, lost, 0.7, mixed=mixed)
    assert found.kind == ("mixed" if mixed else ("one-body", "two-body")[lost - 1])
    for basis, expected in ((np.eye(2), found.rate_eigenstate), (POINTER, found.rate_pointer)):
        (a, b), (a1, b1) = (now @ basis).T, (then @ basis).T
        total = 0.0
        for jump in jumps_of(modes, lost, mixed):
            square = jump.T @ jump
            total += 0.35 * (a @ square @ a + b @ square @ b)
            total -= 0.7 * (a1 @ jump @ a) * (b1 @ jump @ b)
        assert expected == pytest.approx(total, rel=1e-12)


def test_cascade_against_two_modes() -> None:
    """The whole Lindblad equation of both modes, 625 elements, exponentiated; all kinds of loss at once."""
    h, modes = two_modes(ATOMS)
    one, size = np.eye(len(h)), len(h)
    generator = -1j * (np.kron(h, one) - np.kron(one, h.T))
    for rate, jump in (
        [(0.05, j) for j in modes]
        + [(0.02, j) for j in jumps_of(modes, 2)]
        + [(0.03, j) for j in jumps_of(modes, 2, True)]
    ):
        square = jump.T @ jump
        generator = generator + rate * (np.kron(jump, jump) - 0.5 * np.kron(square, one) - 0.5 * np.kron(one, square))
    amplitudes = np.array([0.6, 0.8j])
    now = doublet_of_modes(h, ATOMS, ATOMS) @ amplitudes
    start = np.zeros((5, 5), dtype=complex)
    start[:2, :2] = np.outer(amplitudes, amplitudes.conj())
    times = [0.0, 1.5, 6.0]
    found = LossCascade(CONDENSATE, one_body=0.05, two_body=0.02, mixed=0.03).evolve(start, times)
    for i, t in enumerate(times):
        rho = (expm(t * generator) @ np.outer(now, now.conj()).ravel()).reshape(size, size)
        for s, n in enumerate(found.numbers):
            doublet = doublet_of_modes(h, int(n), ATOMS)
            inside = doublet.T @ rho @ doublet
            assert found.rho_01[i, s] == pytest.approx(inside[0, 1], abs=1e-12)
            assert found.rho_pr[i, s] == pytest.approx((POINTER.T @ inside @ POINTER)[0, 1], abs=1e-12)
            index = [na * (ATOMS + 1) + int(n) - na for na in range(int(n) + 1)]
            assert found.probabilities[i, s] == pytest.approx(rho[index, index].sum().real, abs=1e-12)
    assert found.missing[0] == pytest.approx(0.0, abs=1e-15)
    assert found.missing[2] > 0.1  # one atom and none


def test_even_and_odd_parts() -> None:
    """b^n is a^n seen in the mirror: (a ± b)/√2 together have the same moment, and a^n|N> has what it has in Fock."""
    before, after = CONDENSATE.levels(5), fewer_atoms(CONDENSATE, 3).levels(4)
    a = loss_matrix(before, after)
    even, odd = by_parity(before, after)
    assert even.T @ even + odd.T @ odd == pytest.approx(ATOMS * np.eye(5), abs=1e-12)
    h, modes = two_modes(ATOMS)
    now, then = (doublet_of_modes(h, n, ATOMS) for n in (4, 3))
    assert a[:2, :2] == pytest.approx(then.T @ modes[0] @ now, abs=1e-12)
    assert (even - odd)[:2, :2] / np.sqrt(2.0) == pytest.approx(then.T @ modes[1] @ now, abs=1e-12)


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.parametrize("field", [0.3, 0.8])
def test_limit_of_many_atoms(field: float, lost: int) -> None:
    """All atoms in one orbital; corrections fall as 1/N: ten times as many atoms, a tenth of the distance."""
    away = []
    for spins in (2000, 20000):
        found = atom_loss(LMG(spins, field), lost)
        assert found.limit_eigenstate is not None
        assert found.limit_pointer is not None
        away.append(
            [
                found.rate_eigenstate / found.limit_eigenstate - 1.0,
                found.rate_pointer / found.limit_pointer - 1.0,
                found.ratio - 2.0,
            ]
        )
        m = found.order_parameter or 0.0
        kept = (0.5 * (1 + field), 0.5 * (1 - field), field)
        if lost == 2:
            kept = (1 / (1 + m * m), m * m / (1 + m * m), (1 - m * m) / (1 + m * m))
        numbers = (found.kept_eigenstate, found.turned_eigenstate, found.kept_pointer)
        assert numbers == pytest.approx(kept, abs=20.0 / spins)
        assert 0.0 < found.leaked < 20.0 / spins
    assert np.array(away[0]) == pytest.approx(10.0 * np.array(away[1]), rel=0.05)


@pytest.mark.parametrize("field", [0.3, 0.8])
def test_mixed_pairs_of_many_atoms(field: float) -> None:
    """Γ12 N(1 - m*)²/4m* of both coherences, beside N²(1 - m*²)/4 events; corrections fall as 1/N."""
    away = []
    for spins in (2000, 20000):
        found = atom_loss(LMG(spins, field), 2, 0.3, mixed=True)
        m = found.order_parameter or 0.0
        assert found.limit_eigenstate == pytest.approx(0.3 * spins * (1 - m) ** 2 / (4 * m), rel=1e-12)
        assert found.limit_pointer == found.limit_eigenstate
        assert found.turned_eigenstate == 0.0
        assert found.ratio == pytest.approx(1.0, abs=1e-6)
        away.append(
            [
                found.rate_eigenstate / found.limit_eigenstate - 1.0,
                found.rate_pointer / found.limit_pointer - 1.0,
                found.moment / (0.25 * spins**2 * (1 - m * m)) - 1.0,
            ]
        )
    assert np.array(away[0]) == pytest.approx(10.0 * np.array(away[1]), rel=0.05)


def test_mixed_pairs_leave_both_coherences_where_the_others_take_them() -> None:
    """As many events of each kind, rare beside the gap: the atoms are lost alike, the coherences are not."""
    model, time = LMG(16, 0.6), 100.0
    kept = {}
    for name, lost in (("two_body", False), ("mixed", True)):
        rate = 0.4 / time / atom_loss(model, 2, mixed=lost).moment
        found = LossCascade(model, **{name: rate}).evolve("ground", [0.0, time])
        kept[name] = abs(found.whole_pr[1]) / 0.5
        assert found.probabilities[1, 0] == pytest.approx(np.exp(-0.4), rel=0.03)
    assert kept["mixed"] > 0.985
    assert kept["two_body"] < 0.85


def test_disordered_phase_keeps_both() -> None:
    """Γ = 3J: one orbital for all, (a + b)/√2, whose loss tells nothing: no ratio of 2, and no limit."""
    found = atom_loss(LMG(400, 3.0))
    assert found.limit_eigenstate is None
    assert found.limit_pointer is None
    assert found.rate_eigenstate < 2.0
    assert atom_loss(LMG(400, 0.5)).rate_eigenstate == pytest.approx(100.0, rel=0.02)


def test_cascade_loses_at_the_rates() -> None:
    """d/dt of ρ_PR from |E0>: one-body, by a difference whose error is of the second order in t."""
    model, gamma, t = LMG(30, 0.6), 0.01, 1e-5
    found = LossCascade(model, one_body=gamma, fewest=27).evolve("ground", [0.0, t])
    loss = atom_loss(model, 1, gamma)
    # |E0> has ρ_PR = ½; what its namesakes get back is even² - odd², of which κ_PR is nearly the mean over both states.
    expected = 0.5 * loss.event_rate * (1.0 - loss.kept_pointer)
    even, odd = by_parity(model.levels(2), fewer_atoms(model, 29).levels(2))
    exact = 0.5 * gamma * (30 - even[0, 0] ** 2 + odd[1, 0] ** 2)
    slope = -float((found.whole_pr[1] - found.whole_pr[0]).real) / t
    assert slope == pytest.approx(exact, rel=1e-5)
    assert slope == pytest.approx(expected, rel=0.02)


def test_doublets_alone() -> None:
    """Two levels of each number beside all: short of them by what leaks, one in a hundred here."""
    model, times = LMG(24, 0.6), [0.0, 2.0, 4.0]
    whole = LossCascade(model, one_body=0.01).evolve("pointer", times)
    doublets = LossCascade(model, one_body=0.01, levels=2).evolve("pointer", times)
    assert np.all(np.abs(doublets.whole_01 - whole.whole_01) < 0.02)
    assert np.all(doublets.missing >= whole.missing)
    assert doublets.missing[2] < 0.1
    assert whole.mean_number[2] == pytest.approx(24.0 * np.exp(-0.04), rel=1e-8)


@pytest.mark.parametrize(("phase", "rate"), [(30.0, "event_rate"), (0.01, "rate_eigenstate")])
def test_what_the_time_of_a_loss_does_to_the_phase(phase: float, rate: str) -> None:
    """ΔE changes by 30 times the rate of events: every event takes all of ρ_01, to one in 30; not so by a hundredth.

    Then ΔE is not much larger than the rate of loss either, and Re ρ_01 keeps what is turned into ρ_10 as well.
    """
    model = LMG(24, 0.6)
    one = atom_loss(model)
    change = abs(one.splitting_after - one.splitting)
    loss = atom_loss(model, 1, change / (24.0 * phase))
    assert loss.phase_per_event == pytest.approx(phase)
    time = (1.0 if phase > 1.0 else 0.05) / loss.event_rate
    found = LossCascade(model, loss.rate, levels=2).evolve("pointer", [0.0, time])
    kept = 2.0 * abs(found.whole_01[1])
    expected = getattr(loss, rate) - (0.0 if phase > 1.0 else loss.event_rate * loss.turned_eigenstate)
    assert -np.log(kept) / time == pytest.approx(expected, abs=0.07 * loss.event_rate)
    assert loss.rate_eigenstate < 0.3 * loss.event_rate


def test_units_and_phase() -> None:
    model = BoseJosephson(spins=200, tunnelling="50 Hz", interaction="0.6 Hz")
    found = atom_loss(model, 1, "0.1 1/s")
    assert found.event_rate == pytest.approx(20.0)
    change = fewer_atoms(model, 199).doublet().splitting - model.doublet().splitting
    assert found.phase_per_event == pytest.approx(abs(change) / 20.0, rel=1e-9)
    assert atom_loss(model, 1, "0 1/s").phase_per_event == np.inf
    with pytest.raises(UnitError, match="rate must have a unit"):
        atom_loss(model, 1, 0.1)


def test_refusals() -> None:
    with pytest.raises(InputError, match="lost must be a whole number from 1 to 2; got 3"):
        atom_loss(LMG(10, 0.5), 3)
    with pytest.raises(InputError, match="spins must be"):
        atom_loss(LMG(3, 0.5), 2)
    with pytest.raises(InputError, match="without tilt"):
        atom_loss(BoseJosephson(10, 0.1, 0.1, 0.01))
    with pytest.raises(InputError, match="one or two atoms fewer; got 10 of 10"):
        loss_matrix(LMG(10, 0.5).levels(2), LMG(10, 0.5).levels(2))
    with pytest.raises(InputError, match="at most 50000 matrix elements"):
        LossCascade(LMG(100, 0.5), one_body=0.1)
    with pytest.raises(InputError, match="two_body must be"):
        LossCascade(LMG(10, 0.5), two_body=-0.1)
    with pytest.raises(InputError, match="lost must be 2 for mixed pairs; got 1"):
        atom_loss(LMG(10, 0.5), mixed=True)
    with pytest.raises(InputError, match="levels after the loss must be of two atoms fewer; got 9 of 10"):
        loss_matrix(LMG(10, 0.5).levels(2), LMG(9, 0.5).levels(2), mixed=True)
    with pytest.raises(InputError, match="mixed must be"):
        LossCascade(LMG(10, 0.5), mixed=-0.1)
    assert isinstance(atom_loss(LMG(4, 0.5), 2), AtomLoss)
