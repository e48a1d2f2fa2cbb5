"""Excited levels against multi-precision arithmetic and against dense diagonalisation of whole parity blocks."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from scipy.linalg import eigh_tridiagonal

from einselect import LMG, Jx, Jz, Levels
from multiprecision import blocks, level

mp = mpmath.mpf
EPS = 2.0**-52


def exact_levels(spins: int, field: float, count: int) -> tuple[list[object], np.ndarray]:
    """Energies (multi-precision) and whole Dicke vectors, m ascending, of the lowest levels."""
    half = blocks(spins, field)
    energies, vectors = [], np.zeros((count, spins + 1))
    for n in range(count):
        block = half[n % 2]
        energy, z = level(block, n // 2)
        energies.append(energy)
        for m, a in zip(block.m, z, strict=True):
            right, left = round(float(m) + spins / 2), round(spins / 2 - float(m))
            if right == left:
                vectors[n, right] = float(a)
            else:
                vectors[n, right] = float(a) * math.sqrt(0.5)
                vectors[n, left] = (-1) ** n * vectors[n, right]
    return energies, vectors


def dense_levels(spins: int, field: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The same in double precision, from SciPy on each whole block."""
    half = blocks(spins, field)
    energies, vectors = np.empty(count), np.zeros((count, spins + 1))
    for parity, block in enumerate(half):
        values, columns = eigh_tridiagonal(np.array(block.diagonal, dtype=float), np.array(block.coupling, dtype=float))
        m = np.array(block.m, dtype=float)
        wanted = len(range(parity, count, 2))
        energies[parity::2] = values[:wanted]
        for k in range(wanted):
            column = np.where(m > 0, columns[:, k] * math.sqrt(0.5), columns[:, k])
            vectors[parity + 2 * k, np.rint(spins / 2 - m).astype(int)] = (-1) ** parity * column
            vectors[parity + 2 * k, np.rint(spins / 2 + m).astype(int)] = column
    return energies, vectors


def jz(spins: int) -> np.ndarray:
    return np.arange(spins + 1) - spins / 2


def check_against(levels: Levels, energies: np.ndarray, vectors: np.ndarray, tolerance: float) -> None:
    """Energies, and |matrix elements| of Jz, Jz² and Jx (the signs of vectors are a convention).

    No tighter than 1e-11, the promise for moments, since the doublet is solved until that holds.
    """
    tolerance = max(tolerance, 1e-11)
    spins = levels.spins
    size = max(abs(energies[0]), spins / 4)
    assert np.all(np.abs(levels.energies - energies) <= 1e-13 * size)  # the package's promise for energies
    m = jz(spins)
    for operator, matrix in ((Jz, np.diag(m)), (Jz @ Jz, np.diag(m * m)), (Jx, Jx.matrix(spins))):
        expected = vectors @ matrix @ vectors.T
        found = levels.matrix(operator)
        assert np.abs(np.abs(found) - np.abs(expected)).max() <= tolerance * np.abs(expected).max()


@pytest.mark.parametrize(
    ("spins", "field", "count"),
    [
        (2, 0.5, 3),
        (3, 0.5, 4),
        (5, 1.0, 6),
        (20, 0.3, 12),
        (21, 0.3, 22),
        (60, 0.95, 16),
        (60, 2.0, 16),
        (101, 0.8, 40),  # wells, barrier top and above it
        (150, 1.0, 20),
        (150, 30.0, 8),
    ],
)
def test_levels_against_multiprecision(spins: int, field: float, count: int) -> None:
    levels = LMG(spins, field).levels(count)
    # Below a barrier a pair of levels is as near as ΔE: the digits resolve it and with it the parities.
    with mpmath.workdps(60 + spins):
        energies, vectors = exact_levels(spins, field, count)
        # Matrix elements: rounding EPS N/4 of the matrix over the level spacing, which is at least 0.03 here.
        check_against(levels, np.array(energies, dtype=float), vectors, 10 * EPS * spins / 0.03)
        excitations = [float(e - energies[0]) for e in energies]
        assert abs(levels.excitations[1] / excitations[1] - 1) < 1e-10
        for error in (abs(mp(float(a)) - b) for a, b in zip(levels.energies, energies, strict=True)):
            assert error <= levels.quality.energy_error
    assert levels.parities.tolist() == [(-1) ** n for n in range(count)]


@pytest.mark.parametrize(
    ("spins", "field", "count"),
    [
        # Levels near and above the barrier: at g = 0.95 its top lies 2.9 above E_0 (N = 2000), the spacing is 0.2.
        (2000, 0.95, 60),
        (2001, 0.95, 61),
        (2000, 0.9, 60),
        (600, 0.99, 60),
        (600, 1.5, 60),
    ],
)
def test_levels_near_and_above_the_barrier(spins: int, field: float, count: int) -> None:
    levels = LMG(spins, field).levels(count)
    energies, vectors = dense_levels(spins, field, count)
    # Rounding EPS N/4 of either route over the smallest spacing within a block, 0.03 near the top of the barrier.
    check_against(levels, energies, vectors, 10 * EPS * spins / 0.03)


@pytest.mark.parametrize("spins", [2, 3, 4, 5, 10, 11, 40, 41])
@pytest.mark.parametrize("field", [0.1, 0.9, 1.0, 4.0])
def test_all_levels(spins: int, field: float) -> None:
    levels = LMG(spins, field).levels(spins + 1)
    energies, vectors = dense_levels(spins, field, spins + 1)
    # The spacing within a block is at least 0.3 g for the lowest fields here.
    check_against(levels, energies, vectors, 100 * EPS * spins / min(field, 1.0))
    psi = levels.dicke_vectors()
    assert np.abs(psi @ psi.T - np.eye(spins + 1)).max() < 1e-12
    # Every level is an eigenvector of the whole Hamiltonian: moments to 1e-11 need vectors, and so residuals, to 1e-12
    # of the spectrum's half-width.
    h = -np.diag(jz(spins) ** 2) / spins - field * Jx.matrix(spins)
    assert np.abs(h @ psi.T - psi.T * levels.energies).max() < 1e-12 * np.abs(energies).max()


def test_levels_carry_the_doublet_of_the_model() -> None:
    model = LMG(500, 0.9)
    levels, doublet = model.levels(6), model.doublet()
    assert levels.energies[0] == doublet.e0
    assert levels.excitations[1] == doublet.splitting
    assert levels.excitations[0] == 0.0
    assert abs(levels.element(Jz, 0, 1).real / doublet.j01 - 1) < 1e-14
    assert levels.matrix(Jz)[0, 1] > 0
    # The gap comes from three levels on a window of its own: equal up to the rounding of either.
    assert doublet.gap is not None
    assert abs(doublet.gap - levels.excitations[2]) <= 2 * levels.quality.energy_error


@pytest.mark.parametrize(("spins", "field", "count"), [(40, 0.3, 12), (41, 1.0, 12), (2000, 0.95, 30), (6001, 0.8, 8)])
def test_the_outermost_lobe_of_every_level_is_positive(spins: int, field: float, count: int) -> None:
    """The sign convention: it fixes the signs of all matrix elements between levels."""
    levels = LMG(spins, field).levels(count)
    for vector in levels.dicke_vectors():
        large = np.flatnonzero(np.abs(vector) > 1e-3 * np.abs(vector).max())
        assert vector[large[-1]] > 0.0
