"""The sign of an operator on levels: eigenvalues that are zero but for rounding have none, small ones have theirs."""

from __future__ import annotations

import numpy as np
import pytest

from einselect.models import CustomModel
from einselect.protocols.spectral_readout import SpectralReadout
from einselect.spin import Jm, Jx, Jy, Jz


def matrices(spins: int) -> dict[str, np.ndarray]:
    """Jx, Jy and Jz of a collective spin in the basis of Jz."""
    m = np.arange(spins + 1) - 0.5 * spins
    up = np.diag(np.sqrt((0.5 * spins - m[:-1]) * (0.5 * spins + m[:-1] + 1.0)), -1)
    return {"Jx": 0.5 * (up + up.T), "Jy": -0.5j * (up - up.T), "Jz": np.diag(m)}


def sign_by_powers(operator: np.ndarray, largest: int) -> np.ndarray:
    """sgn(O) for eigenvalues -largest, ..., largest: the odd polynomial that is 1 at 1, 2, ..., largest."""
    m = np.arange(1.0, largest + 1.0)
    coefficients = np.linalg.solve(m[:, None] ** (2.0 * np.arange(largest) + 1.0), np.ones(largest))
    return sum(c * np.linalg.matrix_power(operator, 2 * k + 1) for k, c in enumerate(coefficients))


@pytest.mark.filterwarnings("error")  # a graph of complex numbers would lose their imaginary parts
@pytest.mark.parametrize("spins", [2, 4, 6])
@pytest.mark.parametrize("scale", [1.0, 1e-9, 1e9])
def test_a_zero_in_the_spectrum_has_no_sign_however_it_is_rounded(spins: int, scale: float) -> None:
    """sgn(Jy) of an even number of spins, whose m = 0 a solver gives as ±1e-16: on all levels, and on the lowest."""
    j = matrices(spins)
    rounded = np.linalg.eigvalsh(j["Jy"])[spins // 2]
    assert 0.0 < abs(rounded) < 1e-14  # what is tested is there
    model = CustomModel(-j["Jz"] @ j["Jz"] / spins - 0.7 * j["Jx"], np.eye(spins + 1)[::-1], {"Jy": scale * j["Jy"]})
    sign = sign_by_powers(j["Jy"], spins // 2)
    for count in (spins + 1, 3):
        levels = model.levels(count)
        found = SpectralReadout(levels, "Jy")
        assert np.count_nonzero(found.eigenvalues == 0.0) == 1
        applied = found.apply(np.sign)
        vectors = levels.vectors
        wanted = vectors.conj() @ sign @ vectors.T
        np.testing.assert_allclose(applied.matrix, wanted, atol=1e-11)
        rest = np.eye(spins + 1) - vectors.T @ vectors.conj()
        np.testing.assert_allclose(applied.beyond, vectors.conj() @ sign @ rest @ sign @ vectors.T, atol=1e-11)
        assert found.is_odd(np.sign)


@pytest.mark.parametrize(("small", "has_sign"), [(1e-3, True), (1e-9, True), (2e-12, True), (1e-14, False)])
@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e6])
def test_a_small_eigenvalue_keeps_its_sign(small: float, has_sign: bool, scale: float) -> None:
    """Two pairs ±1 and ±small: what is above rounding of the largest element counts, whatever the unit."""
    flip = np.array([[0.0, 1.0], [1.0, 0.0]])
    operator = scale * np.kron(np.diag([1.0, small]), flip)
    model = CustomModel(np.diag([0.0, 0.1, 1.0, 1.3]), np.diag([1.0, -1.0, 1.0, -1.0]), {"O": operator})
    found = SpectralReadout(model.levels(4), "O").apply(np.sign)
    np.testing.assert_allclose(abs(found.matrix), np.kron(np.diag([1.0, float(has_sign)]), flip), atol=1e-12)
    np.testing.assert_allclose(found.beyond, np.zeros((4, 4)), atol=1e-12)


def test_operators_of_the_test_are_those_of_the_package() -> None:
    """A collective spin of matrices is read as the package's own."""
    from einselect import LMG

    j = matrices(4)
    levels = LMG(4, 0.7).levels(5)
    energies = np.linalg.eigvalsh(-j["Jz"] @ j["Jz"] / 4 - 0.7 * j["Jx"])
    np.testing.assert_allclose(levels.energies, energies, atol=1e-12)
    vectors = levels.dicke_vectors()
    for name, operator in (("Jx", Jx), ("Jy", Jy), ("Jz", Jz)):
        np.testing.assert_allclose(levels.matrix(operator), vectors @ j[name] @ vectors.T, atol=1e-12)
    np.testing.assert_allclose(levels.matrix(Jm), vectors @ (j["Jx"] - 1j * j["Jy"]) @ vectors.T, atol=1e-12)
