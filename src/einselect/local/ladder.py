r"""Total spins j of N spins ½: multiplicities, and how a local operator moves between them.

A permutation-symmetric ρ is block-diagonal, ρ = ⊕_j ρ_j ⊗ 1/d_j, with one (2j+1) × (2j+1) matrix for each j = N/2,
N/2 - 1, ..., 0 or ½, sum_j Tr ρ_j = 1, and d_j copies of each multiplet,

    d_j = (2j+1)/(N/2+j+1) · binomial(N, N/2-j),        sum_j (2j+1)² = (N+1)(N+2)(N+3)/6.

A single-spin operator is a vector, so it changes j by 0 or ±1 (Wigner-Eckart):

    sum_i L_i ρ L_i†  has in block j + Δ the part  c_Δ(j) K_Δ ρ_j K_Δ†,       K_Δ = sum_q c_q K_Δ^q,
    c_0 = (N/2+1)/(2j(j+1)),    c_-1 = (N/2+j+1)/(2j(2j+1)),    c_+1 = (N/2-j)/(2(j+1)(2j+1)),

with K_0^q the collective operator and K_±1^q the bands of `transfer`. All the binomials have cancelled.

B. A. Chase and J. M. Geremia, Phys. Rev. A 78, 052101 (2008); N. Shammah et al., Phys. Rev. A 98, 063815 (2018).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def dimension(spins: int) -> int:
    """Numbers that a permutation-symmetric matrix has, (N+1)(N+2)(N+3)/6.

    Examples
    --------
    >>> dimension(50)
    23426
    """
    return (spins + 1) * (spins + 2) * (spins + 3) // 6


def multiplets(spins: int) -> list[int]:
    """2j of every total spin, descending from N."""
    return list(range(spins, -1, -2))


def log_multiplicity(spins: int, twice_j: int) -> float:
    """ln d_j, the number of times that the total spin j occurs.

    Examples
    --------
    >>> [round(math.exp(log_multiplicity(4, twice_j))) for twice_j in (4, 2, 0)]
    [1, 3, 2]
    """
    below = (spins - twice_j) // 2
    above = spins - below
    return (
        math.lgamma(spins + 1.0)
        - math.lgamma(below + 1.0)
        - math.lgamma(above + 1.0)
        + math.log((twice_j + 1.0) / (above + 1.0))
    )


def weight(spins: int, twice_j: int, change: int) -> float:
    """c_Δ(j), for Δ = `change` of -1, 0, 1; zero where there is no such transition."""
    j, half = 0.5 * twice_j, 0.5 * spins
    if change == 1:
        return (half - j) / (2.0 * (j + 1.0) * (2.0 * j + 1.0))
    if twice_j == 0:
        return 0.0
    if change == 0:
        return (half + 1.0) / (2.0 * j * (j + 1.0))
    return (half + j + 1.0) / (2.0 * j * (2.0 * j + 1.0)) if twice_j >= 2 else 0.0


def transfer(twice_j: int, change: int, components: tuple[complex, complex, complex]) -> dict[int, NDArray[Any]]:
    r"""Bands of K_Δ = c_- K_Δ^- + c_z K_Δ^z + c_+ K_Δ^+: shift q -> <j+Δ, m+q|K_Δ|j, m> for every m, ascending.

    =====  ==============================  =========================  ============================
    q      Δ = -1                          Δ = 0                      Δ = +1
    =====  ==============================  =========================  ============================
    -      -sqrt((j+m)(j+m-1))             sqrt((j+m)(j-m+1))         sqrt((j-m+1)(j-m+2))
    z      sqrt((j+m)(j-m))                m                          sqrt((j+m+1)(j-m+1))
    \+     sqrt((j-m)(j-m-1))              sqrt((j-m)(j+m+1))         -sqrt((j+m+1)(j+m+2))
    =====  ==============================  =========================  ============================
    """
    up = np.arange(twice_j + 1.0)  # j + m
    down = up[::-1]  # j - m
    bands: dict[int, Array]
    if change == 0:
        bands = {-1: np.sqrt(up * (down + 1.0)), 0: 0.5 * (up - down), 1: np.sqrt(down * (up + 1.0))}
    elif change == 1:
        bands = {
            -1: np.sqrt((down + 1.0) * (down + 2.0)),
            0: np.sqrt((up + 1.0) * (down + 1.0)),
            1: -np.sqrt((up + 1.0) * (up + 2.0)),
        }
    else:
        bands = {-1: -np.sqrt(up * (up - 1.0)), 0: np.sqrt(up * down), 1: np.sqrt(down * (down - 1.0))}
    return {q: c * bands[q] for q, c in zip((-1, 0, 1), components, strict=True) if c}
