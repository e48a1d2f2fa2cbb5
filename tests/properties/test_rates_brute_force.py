"""Eq. 12 against the full Liouvillian on the (N+1)-dimensional space, for any jump operators and any two states."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from einselect import LMG, JumpOperator, Jx, Jy, Jz, Levels, dephasing_coefficient, dephasing_rates
from einselect.spin import CollectiveOperator, Jm, Jp

LETTERS = {"x": Jx, "y": Jy, "z": Jz, "p": Jp, "m": Jm}
SEEDS = st.integers(0, 2**32 - 1)
FIELDS = st.floats(-2.0, 1.0).map(lambda x: 10.0**x)
COMPLEX = st.complex_numbers(max_magnitude=2.0, allow_nan=False, allow_infinity=False)
# A polynomial in the spin operators: coefficients and words of up to three letters.
POLYNOMIALS = st.lists(st.tuples(COMPLEX, st.text("xyzpm", min_size=1, max_size=3)), min_size=1, max_size=3)


def matrices(spins: int) -> dict[str, np.ndarray]:
    """The spin matrices, written down here from <m+1|J+|m> = sqrt(j(j+1) - m(m+1))."""
    j = spins / 2
    m = np.arange(spins + 1) - j
    up = np.diag(np.sqrt(j * (j + 1) - m[:-1] * (m[:-1] + 1)), -1)
    return {"p": up, "m": up.T, "x": (up + up.T) / 2, "y": (up - up.T) / 2j, "z": np.diag(m)}


def both_forms(polynomial: list[tuple[complex, str]], spins: int) -> tuple[CollectiveOperator, np.ndarray]:
    """A polynomial as the package's operator and as a matrix."""
    small = matrices(spins)
    total: CollectiveOperator | None = None
    dense = np.zeros((spins + 1, spins + 1), dtype=complex)
    for coefficient, word in polynomial:
        product, matrix = LETTERS[word[0]], small[word[0]]
        for letter in word[1:]:
            product, matrix = product @ LETTERS[letter], matrix @ small[letter]
        product = coefficient * product
        total = product if total is None else total + product
        dense = dense + coefficient * matrix
    assert total is not None
    return total, dense


def from_liouvillian(jumps: list[tuple[float, np.ndarray]], a: np.ndarray, b: np.ndarray) -> float:
    """Minus the real part of <<ab|D|ab>>, D the superoperator of the dissipator, |ab>> the row-major |a><b|."""
    size = len(a)
    one = np.eye(size)
    superoperator = np.zeros((size**2, size**2), dtype=complex)
    for rate, jump in jumps:
        square = jump.conj().T @ jump
        superoperator += rate * (np.kron(jump, jump.conj()) - 0.5 * np.kron(square, one) - 0.5 * np.kron(one, square.T))
    dyad = np.kron(a, b.conj())
    return -float((dyad.conj() @ superoperator @ dyad).real)


def whole(levels: Levels, state: Any) -> np.ndarray:
    """A state of the levels on the whole Dicke basis."""
    return levels.state(state) @ levels.dicke_vectors()


def random_states(levels: Levels, rng: np.random.Generator) -> list[np.ndarray]:
    shape = (2, len(levels))
    return list(rng.normal(size=shape) + 1j * rng.normal(size=shape))


@given(st.integers(2, 7), FIELDS, POLYNOMIALS, POLYNOMIALS, SEEDS)
def test_polynomials_in_the_spin_operators(
    spins: int,
    field: float,
    first: list[tuple[complex, str]],
    second: list[tuple[complex, str]],
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    # Fewer levels than the space has: what leaks out of them counts in <L†L> all the same.
    levels = LMG(spins, field).levels(int(rng.integers(2, spins + 2)))
    forms = [both_forms(p, spins) for p in (first, second)]
    rates = rng.uniform(0.0, 2.0, size=2)
    a, b = random_states(levels, rng)
    jumps = [JumpOperator(operator, rate) for (operator, _), rate in zip(forms, rates, strict=True)]
    dense = [(rate, matrix) for (_, matrix), rate in zip(forms, rates, strict=True)]
    size = 1.0 + sum(rate * np.linalg.norm(matrix, 2) ** 2 for rate, matrix in dense)
    for pair in ((a, b), (a, a), ("P", "R"), ("E0", "E1"), (0, b), ("P", 1)):
        expected = from_liouvillian(dense, *(whole(levels, state) for state in pair))
        # Γ_ab is bounded by 2 Σ γ ‖L‖²: rounding counts against that. States from the levels are good to 1e-12.
        assert abs(dephasing_coefficient(levels, *pair, jumps=jumps) - expected) < 1e-11 * size


@given(st.integers(2, 7), FIELDS, SEEDS, st.booleans(), st.booleans())
def test_dense_and_sparse_matrices(spins: int, field: float, seed: int, hermitian: bool, sparse: bool) -> None:
    rng = np.random.default_rng(seed)
    size = spins + 1
    matrix = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
    if hermitian:
        matrix = matrix + matrix.conj().T
    levels = LMG(spins, field).levels(int(rng.integers(2, spins + 2)))
    a, b = random_states(levels, rng)
    jump = JumpOperator(csr_array(matrix) if sparse else matrix, 0.7)
    for pair in ((a, b), ("P", "R"), ("E0", "E1")):
        expected = from_liouvillian([(0.7, matrix)], *(whole(levels, state) for state in pair))
        found = dephasing_coefficient(levels, *pair, jumps=[jump])
        assert abs(found - expected) < 1e-11 * (1 + np.linalg.norm(matrix, 2) ** 2)


@given(st.integers(2, 12), FIELDS, SEEDS)
def test_the_hermitian_form_of_the_paper(spins: int, field: float, seed: int) -> None:
    """(γ/2)(<a|L²|a> + <b|L²|b> - 2<a|L|a><b|L|b>), and what follows: symmetry, positivity, no effect of a constant."""
    rng = np.random.default_rng(seed)
    levels = LMG(spins, field).levels(spins + 1)
    a, b = (state / np.linalg.norm(state) for state in random_states(levels, rng))
    L = rng.normal() * Jx + rng.normal() * Jz @ Jz + rng.normal() * Jy
    jumps = [JumpOperator(L, 1.3)]
    found = dephasing_coefficient(levels, a, b, jumps)
    means = [levels.expectation(L, state) for state in (a, b)]
    squares = [levels.expectation(L @ L, state) for state in (a, b)]
    size = 1 + sum(squares)
    assert abs(found - 0.65 * (sum(squares) - 2 * means[0] * means[1])) < 1e-12 * size
    assert abs(dephasing_coefficient(levels, b, a, jumps) - found) < 1e-12 * size
    # = (γ/2)(variances + (difference of means)²)
    variances = [square - mean**2 for square, mean in zip(squares, means, strict=True)]
    assert found >= 0.65 * (means[0] - means[1]) ** 2 - 1e-12 * size
    assert abs(found - 0.65 * (sum(variances) + (means[0] - means[1]) ** 2)) < 1e-11 * size


@given(st.integers(2, 300), FIELDS, st.floats(1e-3, 1e3))
def test_special_cases_are_the_named_rates(spins: int, field: float, gamma: float) -> None:
    model = LMG(spins, field)
    levels, rates = model.levels(2), dephasing_rates(model, gamma)
    jumps = [JumpOperator("Jz", gamma)]
    d = rates.doublet
    assert rates.rate_eigenstate == pytest.approx(gamma * d.g01, rel=1e-15)
    assert rates.rate_pointer == pytest.approx(gamma * (d.g01 + d.j01**2), rel=1e-15)
    # Sums of up to 300 terms in another order: 1e-13 relative.
    assert dephasing_coefficient(levels, "E0", "E1", jumps) == pytest.approx(rates.rate_eigenstate, rel=1e-13)
    assert dephasing_coefficient(levels, "P", "R", jumps) == pytest.approx(rates.rate_pointer, rel=1e-13)
    # A population does not dephase but leaks: γ times the variance of Jz in |P>, which is the mean leakage.
    assert dephasing_coefficient(levels, "P", "P", jumps) == pytest.approx(gamma * d.leakage, abs=1e-11 * gamma * d.g01)
    if model.phase == "ordered":
        assert rates.rate_mean_field == pytest.approx(gamma * model.mean_field_moment, rel=1e-15)
        assert rates.rate_mean_field == pytest.approx(d.eta_mf * rates.rate_eigenstate, rel=1e-14)
    else:
        assert rates.rate_mean_field is None
    assert rates.rate_pointer == pytest.approx(d.eta_exact * rates.rate_eigenstate, rel=1e-14)
    assert rates.t2_eigenstate == pytest.approx(1 / rates.rate_eigenstate, rel=1e-15)
    assert rates.t2_pointer == pytest.approx(1 / rates.rate_pointer, rel=1e-15)


def test_channels_add_up() -> None:
    levels = LMG(80, 0.8).levels(2)
    parts = [dephasing_coefficient(levels, "P", "R", [JumpOperator(op, 0.3)]) for op in (Jz, Jx, Jm)]
    together = dephasing_coefficient(levels, "P", "R", [JumpOperator(op, 0.3) for op in (Jz, Jx, Jm)])
    assert together == pytest.approx(sum(parts), rel=1e-14)
    assert dephasing_coefficient(levels, "P", "R", []) == 0.0
