"""A doublet under a perturbation that breaks its parity, however small its splitting is.

In the basis of the unperturbed levels H = diag(E_n - E_0) + V. Diagonalising it as a whole would mix the two lowest
states by rounding wherever both ΔE and V_01 are below it. With the upper levels folded into the doublet,

    h(E) = A - B (D - E)^-1 B†,     H = [[A, B], [B†, D]] with A its 2 × 2 corner,

the entries of h keep their relative accuracy, and so do the splitting sqrt((h_11 - h_00)² + 4 h_01²) and the angle.
Both levels see nearly the same h(E) as long as they are close; where they are not, rounding does not matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..level_set import Array

# Folded below this part of the gap to the third level: there its error (about the square of it) meets that of the
# difference of two energies (rounding over it).
_CLOSE = 1e-3
SPLITTING_ERROR = 1e-10
"""Relative error of the splitting, at the worst place."""


@dataclass(frozen=True)
class Perturbed:
    """Levels of the perturbed Hamiltonian.

    Attributes
    ----------
    shifts : ndarray, shape (k,)
        Energies less the unperturbed E_0.
    excitations : ndarray, shape (k,)
        Counted from the lowest; that of the doublet is accurate by itself.
    coefficients : ndarray, shape (k, K)
        States over the unperturbed levels.
    edge : float
        Largest coefficient on the uppermost eighth of the unperturbed levels: how far the basis is from complete.
    """

    shifts: Array
    excitations: Array
    coefficients: Array
    edge: float


def perturbed(excitations: Array, perturbation: Array, count: int) -> Perturbed:
    """The `count` lowest levels of diag(E_n - E_0) + V, real symmetric.

    Parameters
    ----------
    excitations : ndarray, shape (K,)
        E_n - E_0; the second, that of the doublet, may be far below rounding of the others.
    perturbation : ndarray, shape (K, K)
    count : int
        At most K.
    """
    whole = np.diag(excitations) + perturbation
    energies, vectors = np.linalg.eigh(whole)
    rows = vectors.T[:count].copy()
    shifts, steps = energies[:count].copy(), energies[:count] - energies[0]
    corner, across = whole[:2, :2], whole[:2, 2:]
    upper, turn = np.linalg.eigh(whole[2:, 2:])
    across = across @ turn
    if steps[1] < _CLOSE * upper[0]:
        for n, energy in enumerate(energies[:2]):
            folded = corner - (across / (upper - energy)) @ across.T
            # In the order of the entries: ΔE itself is one of them, and 1e-40 beside nothing larger.
            gap, coupling = folded[1, 1] - folded[0, 0], folded[0, 1]
            angle = 0.5 * math.atan2(2.0 * coupling, -gap)
            inside = np.array([math.cos(angle), math.sin(angle)])  # the upper state
            if n == 0:
                inside = np.array([math.sin(angle), -math.cos(angle)])
            outside = -turn @ ((across.T @ inside) / (upper - energy))
            state = np.concatenate((inside, outside))
            rows[n] = state / np.linalg.norm(state)
            if n == 0:
                # h(E) falls with E by |B/(D - E)|², which turns distances on its axis into those of energies.
                slope = 1.0 + float(((across.T @ inside) ** 2 / (upper - energy) ** 2).sum())
                steps[1] = math.hypot(gap, 2.0 * coupling) / slope
    edge = float(np.abs(rows[:, -max(2, len(excitations) // 8) :]).max())
    return Perturbed(shifts, steps, rows, edge)
