"""Ground states of many short chains at once: the iteration of `tridiagonal`, with rows in place of chains.

A row costs little more than its share of one LAPACK call; what a single chain spends in the interpreter is
spread over the batch. Rows that do not settle in a few solves are reported, for the careful route to take over.

A row's answer is a function of that row to the last bit, whatever else is in the batch: a row that has settled is
solved again where it stands while others go on, and sums run over one row at a time. (The width counts: it decides the
order of a sum.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..moments import dot_rows

Array = NDArray[np.float64]
_MAX_SOLVES = 8


@dataclass(frozen=True, slots=True)
class BatchGroundStates:
    """Lowest level of each row.

    Attributes
    ----------
    energies : ndarray, shape (r,)
    vectors : ndarray, shape (r, w)
        Normalised positive ground vectors.
    step : ndarray, shape (r,)
        Distance between the λ of the vector and the eigenvalue.
    settled : ndarray of bool, shape (r,)
        False where the row must be solved by itself.
    """

    energies: Array
    vectors: Array
    step: Array
    settled: NDArray[np.bool_]


def ground_rows(
    diagonal: Array, coupling: Array, twist: NDArray[np.int64], guess: Array, tolerance: Array
) -> BatchGroundStates:
    """Lowest eigenpair of each row of tridiagonal matrices.

    Parameters
    ----------
    diagonal, coupling : ndarray, shape (r, w)
        Diagonal, and coupling (<= 0) of each site to the next; the last column of couplings is zero, and
        sites beyond the end of a shorter chain are cut off by zeros and lifted well above its ground energy.
        Both are overwritten.
    twist : ndarray of int, shape (r,)
        Site near the peak of each ground vector, neither the last one of its row nor cut off.
    guess, tolerance : ndarray, shape (r,)
        As for `ground_states`.

    Returns
    -------
    BatchGroundStates
    """
    from scipy.linalg.lapack import dptsv

    rows = np.arange(len(diagonal))
    before = np.maximum(twist - 1, 0)
    at_twist = diagonal[rows, twist]
    left, right = np.where(twist > 0, coupling[rows, before], 0.0), coupling[rows, twist]
    source = np.zeros_like(diagonal)
    source[rows, before] = -left
    source[rows, twist + 1] = -right
    coupling[rows, before] = np.where(twist > 0, 0.0, coupling[rows, before])
    coupling[rows, twist] = 0.0
    x, lost = guess.copy(), np.zeros(len(rows), dtype=bool)
    lower, upper = np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
    old: tuple[Array, Array, Array] | None = None
    shifted = np.empty_like(diagonal)
    couplings = coupling.reshape(-1)[:-1]
    solves = 0
    while solves < _MAX_SOLVES:
        np.subtract(diagonal, x[:, None], out=shifted)
        shifted[rows, twist] = 1.0
        _, _, flat, info = dptsv(shifted.reshape(-1), couplings, source.reshape(-1), overwrite_d=1)
        if info > 0:  # λ lies above the lowest level of T': leave this row to the careful route
            row = (info - 1) // diagonal.shape[1]
            lost[row], diagonal[row], coupling[row], source[row] = True, x[row] + 1.0, 0.0, 0.0
            continue
        solves += 1
        z = flat.reshape(diagonal.shape)
        norm = 1.0 + dot_rows(z, z)[:, 0]
        gamma = at_twist - x + left * z[rows, before] + right * z[rows, twist + 1]
        step = np.abs(gamma) / norm
        below = gamma > 0.0
        lower, upper = np.where(below, x, lower), np.where(below, upper, x)
        settled = lost | (step <= tolerance)
        better = newton = x + gamma / norm
        if old is not None:
            x_old, gamma_old, slope_old = old
            h = gamma - gamma_old
            h = np.where(h == 0.0, np.inf, h)
            slope, secant = -1.0 / norm, (x - x_old) / h
            cubic = (slope + slope_old - 2.0 * secant) / h
            better = newton + gamma * gamma * ((slope - secant) / h + (1.0 - gamma / h) * cubic)
            better = np.where((lower <= better) & (better <= upper), better, newton)
        if solves == _MAX_SOLVES or np.all(settled):
            break
        # What has settled stays where it is: the next solve repeats this one there, bit by bit.
        old = (x, gamma, -1.0 / norm) if old is None else _kept(settled, old, (x, gamma, -1.0 / norm))
        x = np.where(settled, x, better)
    z[rows, twist] = 1.0
    z *= (1.0 / np.sqrt(norm))[:, None]
    return BatchGroundStates(better, z, step, (step <= 16.0 * tolerance) & ~lost)


def _kept(
    settled: NDArray[np.bool_], old: tuple[Array, Array, Array], new: tuple[Array, Array, Array]
) -> tuple[Array, Array, Array]:
    """Of two triples the old one in the rows that have settled."""
    return (
        np.where(settled, old[0], new[0]),
        np.where(settled, old[1], new[1]),
        np.where(settled, old[2], new[2]),
    )
