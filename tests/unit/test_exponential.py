"""exp(A) from NumPy's products: against SciPy's, closed forms, and the semigroup property."""

import numpy as np
import pytest
from scipy.linalg import expm

from einselect.dynamics.exponential import exponential
from einselect.errors import ResolutionError


@pytest.mark.parametrize("size", [1, 2, 7, 60])
@pytest.mark.parametrize("scale", [0.0, 1e-3, 0.69, 0.71, 20.0, 300.0])
def test_agrees_with_scipy_for_decaying_oscillations(size, scale):
    rng = np.random.default_rng(size)
    a = rng.normal(size=(size, size))
    generator = scale / np.sqrt(size) * (a - a.T - 0.1 * a @ a.T)
    # Each of the s squarings doubles the relative error that came before: about ‖A‖ roundings in all.
    allowed = 1e-15 * size * (10.0 + np.abs(generator).sum(axis=0).max())
    assert np.abs(exponential(generator) - expm(generator)).max() <= allowed


def test_nilpotent_and_diagonal_matrices_in_closed_form():
    shift = np.diag(np.full(3, 2.0), 1)
    assert np.allclose(exponential(shift), [[1, 2, 2, 4 / 3], [0, 1, 2, 2], [0, 0, 1, 2], [0, 0, 0, 1]], rtol=1e-14)
    rates = np.array([0.0, -1.0, 0.5, -30.0])
    assert np.allclose(np.diag(exponential(np.diag(rates))), np.exp(rates), rtol=1e-13)


def test_a_power_is_the_exponential_of_the_multiple():
    rng = np.random.default_rng(3)
    a = rng.normal(size=(20, 20))
    a -= a.T
    assert np.abs(np.linalg.matrix_power(exponential(a), 8) - exponential(8.0 * a)).max() <= 1e-11


def test_it_does_not_change_its_argument():
    a = np.array([[0.0, 1.0], [-1.0, 0.0]])
    kept = a.copy()
    exponential(a)
    assert np.array_equal(a, kept)


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(ResolutionError, match="got NaN or infinite entries"):
        exponential(np.array([[np.nan]]))
    with pytest.raises(ResolutionError, match="got an overflow"):
        exponential(np.array([[1e4]]))
