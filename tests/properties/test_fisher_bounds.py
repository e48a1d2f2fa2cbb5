"""Inequalities of Fisher information, and what it does not depend on, over random states and generators."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from einselect import LMG, Jx, Jy, Jz
from einselect.protocols import classical_fisher, quantum_fisher
from einselect.spin import CollectiveOperator

SEEDS = st.integers(0, 2**32 - 1)
SPINS = st.integers(2, 14)
FIELDS = st.floats(-1.5, 0.7).map(lambda x: 10.0**x)


def random_density(size: int, rng: np.random.Generator) -> np.ndarray:
    rank = int(rng.integers(1, size + 1))
    a = rng.normal(size=(size, rank)) + 1j * rng.normal(size=(size, rank))
    rho = a @ a.conj().T
    return rho / np.trace(rho).real


def random_axis(rng: np.random.Generator) -> CollectiveOperator:
    n = rng.normal(size=3)
    n /= np.linalg.norm(n)
    return float(n[0]) * Jx + float(n[1]) * Jy + float(n[2]) * Jz


@given(SPINS, FIELDS, SEEDS)
def test_readout_quantum_heisenberg(spins: int, field: float, seed: int) -> None:
    """sign of Jz <= Jz <= anything <= 4 Var <= N², for rotations about any axis."""
    rng = np.random.default_rng(seed)
    levels = LMG(spins, field).levels(int(rng.integers(2, spins + 2)))
    rho, axis = random_density(len(levels), rng), random_axis(rng)
    quantum = quantum_fisher(levels, rho, axis)
    fine = classical_fisher(levels, rho, axis)
    coarse = classical_fisher(levels, rho, axis, "sign")
    mean = np.trace(levels.matrix(axis) @ rho).real
    variance = np.trace(levels.matrix(axis @ axis) @ rho).real - mean**2
    slack = 1e-9 * spins**2
    assert -slack <= coarse <= fine + slack
    assert fine <= quantum + slack
    assert quantum <= 4.0 * variance + slack
    assert 4.0 * variance <= spins**2 + slack
    assert quantum_fisher(levels, rho) <= spins**2 + slack


@given(SPINS, FIELDS, SEEDS, st.floats(0.0, 1.0))
def test_mixing_loses_information(spins: int, field: float, seed: int, weight: float) -> None:
    rng = np.random.default_rng(seed)
    levels = LMG(spins, field).levels(int(rng.integers(2, spins + 2)))
    first, second = (random_density(len(levels), rng) for _ in range(2))
    axis = random_axis(rng)
    mixed = quantum_fisher(levels, weight * first + (1.0 - weight) * second, axis)
    parts = weight * quantum_fisher(levels, first, axis) + (1.0 - weight) * quantum_fisher(levels, second, axis)
    assert mixed <= parts + 1e-9 * spins**2


@given(SPINS, FIELDS, SEEDS, st.floats(-3.0, 3.0))
def test_what_it_does_not_depend_on(spins: int, field: float, seed: int, angle: float) -> None:
    """Turning by the generator itself, or turning state and generator together; parity exchanges the wells."""
    rng = np.random.default_rng(seed)
    levels = LMG(spins, field).levels(spins + 1)
    rho, axis = random_density(spins + 1, rng), random_axis(rng)
    expected = quantum_fisher(levels, rho, axis)
    tolerance = 1e-9 * spins**2
    turn = expm(-1j * angle * levels.matrix(axis))
    assert abs(quantum_fisher(levels, turn @ rho @ turn.conj().T, axis) - expected) < tolerance
    about_z = expm(-1j * angle * levels.matrix("Jz"))
    turned = about_z @ levels.matrix(axis) @ about_z.conj().T
    psi = levels.dicke_vectors()
    both = quantum_fisher(levels, about_z @ rho @ about_z.conj().T, psi.T @ turned @ psi)
    assert abs(both - expected) < tolerance
    parity = np.diag(levels.parities.astype(float))
    assert abs(quantum_fisher(levels, parity @ rho @ parity) - quantum_fisher(levels, rho)) < tolerance


@given(SPINS, FIELDS, SEEDS, st.floats(0.1, 5.0))
def test_scaling_of_the_generator(spins: int, field: float, seed: int, factor: float) -> None:
    rng = np.random.default_rng(seed)
    levels = LMG(spins, field).levels(int(rng.integers(2, spins + 2)))
    rho, axis = random_density(len(levels), rng), random_axis(rng)
    scaled = quantum_fisher(levels, rho, factor * axis)
    assert abs(scaled - factor**2 * quantum_fisher(levels, rho, axis)) < 1e-9 * (1 + factor**2) * spins**2
