"""Collective operators kept as bands against their matrices, the algebra of angular momentum, and QuTiP."""

from __future__ import annotations

import numpy as np
import pytest
import qutip
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import diags_array

from einselect import LMG, InputError, Jm, Jp, Jx, Jy, Jz
from einselect.spin import OPERATORS, CollectiveOperator, diagonal, operator

EPS = 2.0**-52
SPINS = st.integers(1, 30)
SCALARS = st.complex_numbers(max_magnitude=3.0, allow_nan=False, allow_infinity=False)


@st.composite
def operators(draw: st.DrawFn) -> CollectiveOperator:
    """Sums, products, multiples and adjoints of up to four of the basic operators."""

    def basic() -> CollectiveOperator:
        return OPERATORS[draw(st.sampled_from(sorted(OPERATORS)))]

    result = basic()
    for step in draw(st.lists(st.sampled_from("+-@*†"), max_size=3)):
        if step == "+":
            result = result + basic()
        elif step == "-":
            result = basic() - result
        elif step == "@":
            result = result @ basic()
        elif step == "*":
            result = draw(SCALARS) * result
        else:
            result = result.dag()
    return result


def close(found: np.ndarray, expected: np.ndarray, spins: int, degree: int = 4) -> bool:
    """Equal up to rounding of products of `degree` factors, each at most 3 (N/2 + 1)."""
    return bool(np.abs(found - expected).max() <= 100 * EPS * (3 * (spins / 2 + 1)) ** degree)


@given(SPINS)
def test_angular_momentum(spins: int) -> None:
    j = spins / 2
    x, y, z = (op.matrix(spins) for op in (Jx, Jy, Jz))
    for a, b, c in ((x, y, z), (y, z, x), (z, x, y)):
        assert close(a @ b - b @ a, 1j * c, spins, 2)
    assert close((Jx @ Jx + Jy @ Jy + Jz @ Jz).matrix(spins), j * (j + 1) * np.eye(spins + 1), spins, 2)
    assert close(Jp.matrix(spins), x + 1j * y, spins, 1)
    assert close(Jm.matrix(spins), x - 1j * y, spins, 1)
    assert np.array_equal(np.diag(z), np.arange(spins + 1) - j)


@given(SPINS)
def test_against_qutip(spins: int) -> None:
    # QuTiP lists m descending.
    for name, ours in (("x", Jx), ("y", Jy), ("z", Jz), ("+", Jp), ("-", Jm)):
        theirs = qutip.jmat(spins / 2, name).full()[::-1, ::-1]
        assert close(ours.matrix(spins), theirs, spins, 1)


@given(operators(), operators(), SCALARS, st.integers(1, 12))
def test_the_algebra_of_operators_is_that_of_matrices(
    a: CollectiveOperator, b: CollectiveOperator, c: complex, spins: int
) -> None:
    left, right = a.matrix(spins), b.matrix(spins)
    # An operator that leaves -j..j in between comes back with a factor of zero, not with a value.
    size = 1 + np.abs(left).max() * np.abs(right).max() * spins + np.abs(left).max() + np.abs(right).max()
    for found, expected in (
        ((a @ b).matrix(spins), left @ right),
        ((a + b).matrix(spins), left + right),
        ((a - b).matrix(spins), left - right),
        ((c * a).matrix(spins), c * left),
        ((a * c).matrix(spins), c * left),
        (a.dag().matrix(spins), left.conj().T),
    ):
        assert np.abs(found - expected).max() <= 1e-13 * size


@given(operators(), st.integers(1, 12))
def test_bands_hold_the_matrix_elements(a: CollectiveOperator, spins: int) -> None:
    m = np.arange(spins + 1) - spins / 2
    dense = a.matrix(spins)
    for shift, values in a.coefficients(m, spins / 2).items():
        for k in range(spins + 1):
            if 0 <= k + shift <= spins:
                assert np.isclose(values[k], dense[k + shift, k], rtol=0, atol=1e-12 * (1 + np.abs(dense).max()))


@given(operators(), st.sampled_from([(40, 0.3), (41, 0.3), (30, 0.95), (31, 1.2)]))
def test_matrix_elements_between_levels_are_those_of_the_matrix(
    a: CollectiveOperator, parameters: tuple[int, float]
) -> None:
    # For (40, 0.3) the kept m begin above 0: what bands reach beyond them must be negligible, not missing.
    levels = LMG(*parameters).levels(3)
    dense = a.matrix(levels.spins)
    size = 1 + np.abs(dense).max()
    assert np.abs(levels.matrix(a) - levels.matrix(dense)).max() < 1e-11 * size


@pytest.mark.parametrize("spins", [6000, 6001])
def test_matrix_elements_on_cut_windows(spins: int) -> None:
    levels = LMG(spins, 0.8).levels(4)
    assert levels.sites[0] > 16  # both wells kept apart
    assert levels.sites[-1] < spins / 2
    m = np.arange(spins + 1) - spins / 2
    up = np.sqrt((spins / 2 - m[:-1]) * (spins / 2 + m[:-1] + 1))
    sparse = {
        "Jz": diags_array(m),
        "Jx": diags_array([up / 2, up / 2], offsets=[-1, 1]),
        "J-": diags_array([up], offsets=[1], shape=(spins + 1, spins + 1)),
    }
    for name, matrix in sparse.items():
        found, expected = levels.matrix(name), levels.matrix(matrix.tocsr())
        assert np.abs(found - expected).max() < 100 * EPS * spins
        square = operator(name).dag() @ operator(name)
        expected = levels.matrix((matrix.conj().T @ matrix).tocsr())
        assert np.abs(levels.matrix(square) - expected).max() < 100 * EPS * spins**2


def test_functions_of_jz() -> None:
    sign = diagonal(np.sign, "sgn Jz")
    levels = LMG(370, 0.95).levels(2)
    # The contrast <E0|sgn Jz|E1>² of the benchmark.
    assert levels.element(sign, 0, 1).real ** 2 == pytest.approx(0.94356, abs=5e-6)
    assert levels.element(sign, 0, 0) == 0.0


def test_what_operators_refuse() -> None:
    for bad in (lambda: Jx + 1, lambda: Jx @ 2, lambda: Jx * Jz, lambda: Jx - "Jz"):
        with pytest.raises(TypeError):
            bad()
    with pytest.raises(InputError, match="spins must be a whole number from 1 to 5000; got 5001"):
        Jx.matrix(5001)
    with pytest.raises(InputError, match=r"operator must be one of Jx, Jy, Jz, J\+, J-; got 'Jw'"):
        operator("Jw")
    with pytest.raises(InputError, match=r"operator must be a 11 x 11 matrix .* got shape \(3, 3\)"):
        LMG(10, 0.5).levels(2).matrix(np.eye(3))


def test_names_say_what_operators_are() -> None:
    assert (Jx @ Jz).name == "Jx Jz"
    assert (Jp.dag() @ Jp).name == "(J+)† J+"
    assert (0.5 * Jx + Jz).name == "(0.5 Jx + Jz)"
    assert repr(Jx @ Jx) == "CollectiveOperator('Jx Jx', shifts=[-2, 0, 2])"
