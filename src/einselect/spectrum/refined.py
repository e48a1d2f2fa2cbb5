"""Lowest eigenvalue of a sparse symmetric matrix to any number of digits, with a bound on its error.

A vector from double precision is refined: with its Rayleigh quotient λ and residual r = Hψ - λψ in integers of many
digits, the correction

    (1 - ψψᵀ)(H - λ)(1 - ψψᵀ) δ = -r

is solved in double precision, by a sparse factorisation of H - σ, σ a little below λ, and gains some fourteen digits of
ψ each time. λ is wrong by the square of what ψ is wrong by, so that half of the digits are enough for ψ. Temple's
inequality turns the last residual into a bound: with E' a lower bound of the second level,

    λ - |r|²/(E' - λ) <= E_0 <= λ.

Where H is cut out of a larger matrix, |r|² has the part ‖QHψ‖² that leads out of the space, and the bound holds for the
larger matrix.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[Any]
Array = NDArray[np.float64]

_DOUBLE = 60  # bits that hold a double
_GUARD = 40
_SHIFT = 1.0 / 64.0  # of the gap below the level: each solve of the inner iteration gains a factor of 64
_INNER = 9
_MOST_STEPS = 200
_LESS = Fraction(9, 10)  # of the gap of double precision, which is a bound from above for a space that is cut


@dataclass(frozen=True, eq=False)
class ExactMatrix:
    """A sparse real symmetric matrix whose elements are known to any number of digits.

    Attributes
    ----------
    starts : ndarray of int, shape (n + 1,)
        Row i has the elements starts[i] to starts[i + 1]; no row is empty.
    columns : ndarray of int, shape (e,)
    elements : callable
        Gives the elements, times 2^bits and rounded to integers, as an array of Python's.
    outside : ndarray, shape (n,)
        c_i with ‖QHψ‖² <= sum_i c_i ψ_i² for what leads out of the space; zeros for the whole space.
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    elements: Callable[[int], Integers]
    outside: Array

    def __len__(self) -> int:
        return len(self.outside)

    def double(self) -> Any:
        """The matrix in double precision, as a SciPy sparse array."""
        from scipy.sparse import csr_array

        data = self.elements(_DOUBLE).astype(np.float64) * 2.0**-_DOUBLE
        return csr_array((data, self.columns, self.starts), shape=(len(self), len(self)))

    def apply(self, elements: Integers, psi: Integers) -> Integers:
        """Hψ, in units of the product of both."""
        return np.asarray(np.add.reduceat(elements * psi[self.columns], self.starts[:-1]))


@dataclass(frozen=True)
class RefinedLevel:
    """A level, enclosed: energy - error <= E_0 <= energy.

    Attributes
    ----------
    energy, error : Fraction
    steps : int
        Refinements that were needed.
    """

    energy: Fraction
    error: Fraction
    steps: int


def refined_level(matrix: ExactMatrix, bits: int, guess: float) -> RefinedLevel:
    """Lowest eigenvalue, to about `bits` binary digits behind the point where the space is large enough.

    Parameters
    ----------
    matrix : ExactMatrix
    bits : int
    guess : float
        The eigenvalue to a small part of the distance to the next one.

    Returns
    -------
    RefinedLevel
    """
    double = matrix.double()
    vector, energy, gap = _in_double(double, guess)
    correction = _Correction(double, energy - _SHIFT * gap)
    kept = bits // 2 + _GUARD
    coarse = matrix.elements(kept)
    psi = _integers(vector, kept)
    smallest, steps = math.inf, 0
    while True:
        moved = matrix.apply(coarse, psi) >> kept
        square = int((psi * psi).sum())
        value = (int((psi * moved).sum()) << kept) // square
        residual = moved - ((value * psi) >> kept)
        size = math.log2(int((residual * residual).sum()) or 1)
        # The next would be no smaller: it is rounding.
        if size > smallest - 2.0 or steps == _MOST_STEPS:
            break
        smallest, steps = size, steps + 1
        psi = psi + correction.solve(residual, psi, value / (1 << kept))
    fine = matrix.apply(matrix.elements(bits), psi)
    square = int((psi * psi).sum())
    numerator = int((psi * fine).sum())
    residual = fine - (numerator // square) * psi
    leaving = np.array([Fraction(float(c)) for c in matrix.outside], dtype=object)
    out = Fraction((leaving * psi * psi).sum()) / square
    norm2 = Fraction(int((residual * residual).sum()), square << (2 * bits)) + out
    # What the rounding of elements does, and that of the residual.
    rounding = Fraction(int(np.diff(matrix.starts).max()) + math.isqrt(len(matrix)) + 2, 1 << bits)
    error = norm2 / (_LESS * Fraction(gap)) + 2 * rounding
    return RefinedLevel(Fraction(numerator, square << bits) + rounding, error, steps)


def _in_double(matrix: Any, guess: float) -> tuple[Array, float, float]:
    """Ground vector, its energy and the distance to the next level, in double precision."""
    from scipy.sparse.linalg import eigsh

    below = guess - 1e-3 * max(1.0, abs(guess))
    values, vectors = eigsh(matrix.tocsc(), k=2, sigma=below, v0=np.ones(matrix.shape[0]))
    order = np.argsort(values)
    return vectors[:, order[0]], float(values[order[0]]), float(values[order[1]] - values[order[0]])


class _Correction:
    """Solves for the correction of a vector in double precision."""

    def __init__(self, matrix: Any, shift: float) -> None:
        from scipy.sparse import eye_array
        from scipy.sparse.linalg import splu

        self._matrix = matrix
        # H - σ is positive definite: no pivots are exchanged.
        self._factors = splu(
            (matrix - shift * eye_array(matrix.shape[0])).tocsc(),
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )

    def solve(self, residual: Integers, psi: Integers, value: float) -> Integers:
        """δ in the units of both; the scale of the residual is taken out, so that none is too small for a double."""
        shift = max(map(abs, residual.tolist())).bit_length() - _DOUBLE
        scaled = _doubles(residual, shift)
        unit = _doubles(psi, max(map(abs, psi.tolist())).bit_length() - _DOUBLE)
        unit /= np.linalg.norm(unit)
        scaled -= unit * (unit @ scaled)
        found = np.zeros_like(scaled)
        for _ in range(_INNER):
            left = scaled + self._matrix @ found - value * found
            found -= self._factors.solve(left - unit * (unit @ left))
            found -= unit * (unit @ found)
        return _integers(found, shift + _DOUBLE)


def _doubles(values: Integers, shift: int) -> Array:
    """Integers over 2^(shift + 60), which makes them of order one."""
    moved = values >> shift if shift > 0 else values << -shift
    return np.asarray(moved.astype(np.float64) * 2.0**-_DOUBLE)


def _integers(values: Array, bits: int) -> Integers:
    """Doubles of order one times 2^bits, as Python's integers."""
    whole = np.array([int(v) for v in np.rint(values * 2.0**_DOUBLE)], dtype=object)
    shift = bits - _DOUBLE
    return whole << shift if shift > 0 else whole >> -shift
