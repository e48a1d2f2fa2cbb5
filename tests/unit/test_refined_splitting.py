"""Splittings far below double precision: against chains in decimal arithmetic, mpmath in another basis, and bounds."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial

import mpmath
import numpy as np
import pytest

from einselect import dephasing_rates
from einselect.models import Dicke, FewModes, Rabi
from einselect.models.blocks import levels_by_parity
from einselect.models.dicke_splitting import dicke_splitting, fock_block
from einselect.models.few_modes_splitting import few_modes_splitting, mode_block
from einselect.spectrum.refined import ExactMatrix, refined_level


def near(model: Dicke) -> tuple[float, float]:
    energies = model.levels(2).energies
    return float(energies[0]), float(energies[1])


def of(model: Dicke) -> float:
    found = dicke_splitting(model.spins, model.coupling, model.mode, model.spin, near(model))
    assert found is not None
    assert found.error < 1e-12
    return found.log


@pytest.mark.parametrize(("coupling", "mode", "spin"), [(3.0, 1.0, 1.0), (8.0, 1.5, 2.0), (10.0, 1.0, 0.3)])
def test_one_spin_is_rabis_chain(coupling: float, mode: float, spin: float) -> None:
    """Continued fractions in decimal arithmetic on a chain; ΔE from 1e-8 to 1e-88, both to about 14 digits of it."""
    assert of(Dicke(1, coupling, mode, spin)) == pytest.approx(Rabi(coupling, mode, spin).log_splitting(), abs=1e-12)


def polaron_block(model: Dicke, quanta: int, sign: int) -> mpmath.matrix:
    """H/ω of one parity in the basis of displaced oscillators, by its definition: |m,n> -> (-1)^n |-m,n>, N odd."""
    spins, shift = model.spins, 2 * mpmath.mpf(model.coupling) / (model.mode * mpmath.sqrt(model.spins))
    ratio = mpmath.mpf(model.spin) / model.mode
    sites = [mpmath.mpf(2 * i + 1) / 2 for i in range((spins + 1) // 2)]

    def overlap(m: int, n: int) -> mpmath.mpf:
        low, high = min(m, n), max(m, n)
        size = mpmath.sqrt(mpmath.factorial(low) / mpmath.factorial(high)) * shift ** (high - low)
        return (-1 if m < n and (n - m) % 2 else 1) * size * mpmath.laguerre(low, high - low, shift**2)

    d = mpmath.exp(-(shift**2) / 2) * mpmath.matrix([[overlap(m, n) for n in range(quanta)] for m in range(quanta)])
    h = mpmath.zeros(len(sites) * quanta)
    for i, m in enumerate(sites):
        step = ratio / 2 * mpmath.sqrt(mpmath.mpf(spins) / 2 * (mpmath.mpf(spins) / 2 + 1) - m * (m + 1))
        for n in range(quanta):
            h[i * quanta + n, i * quanta + n] = n - (shift * m) ** 2
            for k in range(quanta):
                if i + 1 < len(sites):
                    h[(i + 1) * quanta + n, i * quanta + k] = step * d[n, k]
                    h[i * quanta + k, (i + 1) * quanta + n] = step * d[n, k]
                if i == 0:  # from -½ to ½, folded back
                    h[n, k] += sign * (-1) ** k * ratio / 2 * mpmath.mpf(spins + 1) / 2 * d[n, k]
    return h


def test_three_spins_in_another_basis() -> None:
    """Eigenvalues of both blocks by mpmath in the polaron basis; two cut-offs say how far that is converged."""
    model = Dicke(3, 1.2)
    with mpmath.workdps(30):
        found = []
        for size in (20, 28):
            lowest = [min(mpmath.eigsy(polaron_block(model, size, s), eigvals_only=True)) for s in (1, -1)]
            found.append(abs(lowest[0] - lowest[1]))
        settled = float(abs(found[0] / found[1] - 1))
        expected = float(mpmath.log(found[1]))
    assert settled < 1e-4
    assert of(model) == pytest.approx(expected, abs=0.1 * settled)  # what is left falls by more than ten a step of 8


def pivot(model: Dicke, photons: int, parity: int, energy: mpmath.mpf) -> mpmath.mpf:
    """What elimination leaves of H - E at a site near the peak of the state, which is eliminated last."""
    spins = model.spins
    sites = [(n, k) for n in range(photons) for k in range(spins + 1) if (n + k) % 2 == parity]
    peak = round(model.mean_photon**2)
    sites.sort(key=lambda s: (abs(s[0] - peak), s[1]), reverse=True)
    place = {site: i for i, site in enumerate(sites)}
    g = mpmath.mpf(model.coupling) / mpmath.sqrt(spins)
    rows: list[dict[int, mpmath.mpf]] = [{} for _ in sites]
    for (n, k), i in place.items():
        rows[i][i] = model.mode * n + model.spin * (k - mpmath.mpf(spins) / 2) - energy
        for turn in (-1, 1):
            other = place.get((n + 1, k + turn))
            if other is not None:
                upper = max(k, k + turn)
                rows[i][other] = rows[other][i] = g * mpmath.sqrt((n + 1) * upper * (spins + 1 - upper))
    for i, row in enumerate(rows[:-1]):
        later = {j: v for j, v in row.items() if j > i}
        for j, v in later.items():
            factor = v / row[i]
            for k, w in later.items():
                rows[j][k] = rows[j].get(k, mpmath.mpf(0)) - factor * w
    return rows[-1][len(sites) - 1]


@pytest.mark.parametrize(
    ("spins", "coupling", "mode", "spin", "photons"), [(2, 2.2, 1.0, 1.0, 72), (5, 1.5, 1.0, 1.3, 64)]
)
def test_elimination_in_multiprecision(spins: int, coupling: float, mode: float, spin: float, photons: int) -> None:
    """Zeros of the last pivot by the secant method, on so many Fock states that more do not change 15 digits of ΔE."""
    model = Dicke(spins, coupling, mode, spin)
    with mpmath.workdps(50):
        lowest = [
            mpmath.findroot(
                partial(pivot, model, photons, parity),
                (mpmath.mpf(energy), mpmath.mpf(energy) + mpmath.mpf("1e-6")),
                tol=1e-80,
                verify=False,
            )
            for parity, energy in enumerate(near(model))
        ]
        expected = float(mpmath.log(lowest[1] - lowest[0]))
    assert expected < math.log(1e-8)
    assert of(model) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("photons", [30, 36, 44])
def test_the_bound_holds_where_the_space_is_too_small(photons: int) -> None:
    """A cut raises the energy; Temple's bound is above what it raises it by, and not by orders of magnitude."""
    arguments, guess = (6, 1.1, 1.0, 1.0), near(Dicke(6, 1.1))
    for parity in (0, 1):
        whole = refined_level(fock_block(*arguments, 90, parity), 240, guess[parity])
        cut = refined_level(fock_block(*arguments, photons, parity), 240, guess[parity])
        assert whole.error < Fraction(1, 10**30)
        raised = cut.energy - whole.energy
        assert Fraction(1, 10**20) < raised <= cut.error < 1000 * raised


def test_a_matrix_of_rational_numbers() -> None:
    """-1 beside a diagonal of 0, 1, ..., 9: 40 digits against mpmath; both ends of the enclosure."""
    n = 10
    pairs = [(i, j) for i in range(n) for j in (i - 1, i, i + 1) if 0 <= j < n]
    rows, columns = np.array(pairs).T
    values = [i if i == j else -1 for i, j in pairs]
    matrix = ExactMatrix(
        np.searchsorted(rows, np.arange(n + 1)),
        columns,
        lambda bits: np.array([v << bits for v in values], dtype=object),
        np.zeros(n),
    )
    found = refined_level(matrix, 140, -0.746)
    with mpmath.workdps(50):
        h = mpmath.zeros(n)
        for (i, j), v in zip(pairs, values, strict=True):
            h[i, j] = v
        exact = min(mpmath.eigsy(h, eigvals_only=True))
        low, high = (mpmath.mpf(f.numerator) / f.denominator for f in (found.energy - found.error, found.energy))
        assert low <= exact <= high
        assert high - low < mpmath.mpf("1e-38")


@pytest.mark.parametrize("spins", [10, 11])
def test_double_precision_where_it_suffices(spins: int) -> None:
    """A difference of energies, to what it says of its own error."""
    model = Dicke(spins, 0.75)
    plain = levels_by_parity(model.hamiltonian_matrix(24), model.parity_matrix(24), 4, {})
    assert plain.quality.log_splitting_error < 1e-6
    assert math.exp(of(model)) == pytest.approx(plain.excitations[1], rel=plain.quality.log_splitting_error)


def test_forty_spins_at_twice_the_critical_coupling() -> None:
    """ΔE falls as exp(-cN): its logarithm is a line in N, bent by less than the prefactor's powers of N."""
    logs = [of(Dicke(n, 1.0)) for n in (24, 32, 40)]
    assert logs[2] < math.log(1e-35)
    assert logs[0] - 2.0 * logs[1] + logs[2] == pytest.approx(0.0, abs=0.1)
    rates = dephasing_rates(Dicke(40, 1.0), 1e-30)
    assert rates.doublet.splitting == pytest.approx(math.exp(logs[2]), rel=1e-12, abs=0.0)
    assert rates.doublet.splitting_bound is None
    assert rates.secular_parameter == pytest.approx(
        2.0 * rates.doublet.splitting / (1e-30 * rates.doublet.g01), rel=1e-12, abs=0.0
    )


def test_too_many_states_leave_a_bound() -> None:
    model = Dicke(300, 1.0)
    assert dicke_splitting(300, 1.0, 1.0, 1.0, near(model)) is None
    levels = model.levels(3)
    assert levels.excitations[1] == 0.0
    assert 0.0 < (levels.splitting_bound or 0.0) < 1e-10


def of_modes(model: FewModes) -> float:
    energies = model.levels(2).energies
    found = few_modes_splitting(model.tunnelling, model.frequencies, model.couplings, (energies[0], energies[1]))
    assert found is not None
    assert found.error < 1e-12
    return found.log


@pytest.mark.parametrize(("tunnelling", "frequency", "coupling"), [(1.0, 1.0, 8.0), (0.3, 2.0, 21.0), (2.5, 0.5, 3.0)])
def test_one_mode_is_the_rabi_model(tunnelling: float, frequency: float, coupling: float) -> None:
    """g = 2λ and Δ = ω0; ΔE from 1e-7 to 1e-24."""
    expected = Rabi(0.5 * coupling, frequency, tunnelling).log_splitting()
    assert of_modes(FewModes(tunnelling, [frequency], [coupling])) == pytest.approx(expected, abs=1e-12)


def test_modes_of_one_frequency_are_one_mode_and_spectators() -> None:
    """Only (g1 b1 + g2 b2 + g3 b3)/|g| couples to the spin; far from double precision in each of the blocks."""
    expected = Rabi(0.5 * math.hypot(6.0, 4.0)).log_splitting()
    assert expected < math.log(1e-11)
    assert of_modes(FewModes(1.0, [1.0, 1.0], [6.0, 4.0])) == pytest.approx(expected, abs=1e-12)


def test_two_modes_far_below_double_precision() -> None:
    """Fast modes leave Δ exp(-sum g²/2ω²), to a correction of Δ²/ω²; the levels carry it, with its error."""
    model = FewModes(0.01, [1.0, 1.5], [8.0, 9.0])
    limit = math.log(0.01) - 0.5 * (8.0**2 + 6.0**2)
    levels = model.levels(3)
    assert math.log(levels.excitations[1]) == pytest.approx(limit, abs=1e-3)
    assert levels.excitations[1] < 1e-23
    assert levels.splitting_bound is None
    assert levels.quality.log_splitting_error < 1e-12
    assert model.doublet().splitting == levels.excitations[1]
    assert few_modes_splitting(0.01, (1.0,) * 4, (1.0,) * 4, (0.0, 0.0)) is None


@pytest.mark.parametrize("sign", [1, -1])
def test_the_bound_of_two_modes_where_the_space_is_too_small(sign: int) -> None:
    arguments = (1.0, (1.0, 1.3), (3.0, 3.0))
    guess = float(FewModes(*arguments).levels(2).energies[0 if sign > 0 else 1])
    whole, cut = (refined_level(mode_block(*arguments, size, sign), 200, guess) for size in ((46, 42), (18, 20)))
    assert whole.error < Fraction(1, 10**24)
    assert Fraction(1, 10**15) < cut.energy - whole.energy <= cut.error
