"""Random systems with a parity: protocols against matrices written out, and what holds whatever the system."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm

from einselect.models import CustomModel
from einselect.protocols import LeggettGarg, metrology

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Random:
    """H = diag of two random blocks, an odd L that need not be Hermitian, an odd Hermitian O."""

    hamiltonian: Matrix
    jump: Matrix
    order: Matrix
    parity: Matrix

    @property
    def model(self) -> CustomModel:
        return CustomModel(self.hamiltonian, self.parity, {"O": self.order, "L": self.jump})

    def sign(self) -> Matrix:
        values, vectors = np.linalg.eigh(self.order)
        return (vectors * np.sign(np.where(np.abs(values) < 1e-9, 0.0, values))) @ vectors.T

    def liouvillian(self, gamma: float, field: Matrix | float = 0.0) -> Matrix:
        h, jump, one = self.hamiltonian + field, self.jump, np.eye(len(self.parity))
        damping = jump.T @ jump
        turn = -1j * (np.kron(h, one) - np.kron(one, h.T))
        return turn + gamma * (np.kron(jump, jump) - 0.5 * np.kron(damping, one) - 0.5 * np.kron(one, damping.T))


@st.composite
def systems(draw: st.DrawFn) -> Random:
    even, odd = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    size = even + odd
    parity = np.diag(np.concatenate((np.ones(even), -np.ones(odd))))
    h = rng.normal(size=(size, size))
    h = 0.5 * (h + h.T)
    h[:even, even:] = h[even:, :even] = 0.0
    jump, order = np.zeros((2, size, size))
    jump[:even, even:], jump[even:, :even] = rng.normal(size=(even, odd)), rng.normal(size=(odd, even))
    order[:even, even:] = rng.normal(size=(even, odd))
    return Random(h, jump, order + order.T, parity)


@given(systems(), st.floats(0.0, 0.5), st.floats(0.2, 3.0))
@settings(max_examples=25, deadline=None)
def test_correlators_of_random_systems(system: Random, gamma: float, scaled: float) -> None:
    levels = system.model.levels(2)
    assume(levels.excitations[1] > 0.05)
    assume(levels.parities[1] == -1)
    test = LeggettGarg(system.model, jump="L")
    tau, q = scaled * test.tau, system.sign()
    ground = levels.vectors[0]
    propagator = expm(system.liouvillian(gamma) * tau)
    start = (q @ np.outer(ground, ground)).reshape(-1).astype(complex)
    size = len(q)
    near, far = (
        float(np.trace(q @ moved.reshape(size, size)).real)
        for moved in (propagator @ start, propagator @ propagator @ start)
    )
    found = test.k3(gamma, tau)
    assert found.value == pytest.approx(2.0 * near - far, abs=1e-8)
    assert found.error < 1e-8  # all levels
    assert max(abs(near), abs(far)) <= 1.0 + 1e-12
    later = (propagator @ np.outer(ground, ground).reshape(-1)).reshape(size, size)
    second = float(np.trace(q @ (propagator @ (q @ later).reshape(-1)).reshape(size, size)).real)
    assert test.k3(gamma, tau, "three-time").value == pytest.approx(near + second - far, abs=1e-8)
    two = LeggettGarg(system.model, "two-level", jump="L")
    assert two.k3(gamma, tau).value <= 1.5 + 1e-9
    assert two.k4(gamma, tau).value <= 2.0 * math.sqrt(2.0) + 1e-9
    assert 0.0 <= two.correlator.contrast <= 1.0 + 1e-12


@given(systems(), st.floats(0.01, 0.5), st.floats(0.3, 4.0))
@settings(max_examples=15, deadline=None)
def test_fisher_information_of_random_systems(system: Random, gamma: float, end: float) -> None:
    levels = system.model.levels(2)
    assume(levels.parities[1] == -1)
    psi = levels.vectors[:2].sum(axis=0) * math.sqrt(0.5)
    size, step = len(psi), 1e-5
    course = metrology(system.model, gamma, "pointer", [0.0, end], signal="O", jump="L", readout="O")

    def evolved(field: float) -> Matrix:
        start = np.outer(psi, psi).reshape(-1)
        return (expm(system.liouvillian(gamma, field * system.order) * end) @ start).reshape(size, size)

    rho, change = evolved(0.0), (evolved(step) - evolved(-step)) / (2.0 * step)
    values, vectors = np.linalg.eigh(rho)
    assume(values[0] > 1e-6)  # a difference quotient has no digits for states that are nearly empty
    moved = vectors.conj().T @ change @ vectors
    expected = 2.0 * float(np.sum(np.abs(moved) ** 2 / np.add.outer(values, values)))
    assert float(course.qfi_field[1]) == pytest.approx(expected, rel=1e-5)
    eigenvalues, outcomes = np.linalg.eigh(system.order)
    assume(np.diff(np.sort(eigenvalues)).min() > 1e-3)
    p, dp = (np.einsum("xo,xy,yo->o", outcomes, matrix, outcomes).real for matrix in (rho, change))
    assert float(course.cfi_field[1]) == pytest.approx(float(np.sum(dp**2 / p)), rel=1e-5, abs=1e-9)
    assert float(course.cfi_sign[1]) <= float(course.cfi_field[1]) * (1.0 + 1e-9) <= expected * (1.0 + 1e-4)
