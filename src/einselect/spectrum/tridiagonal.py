"""Ground states of tridiagonal parity blocks by twisted factorisation, and their far tails by logarithms.

A chain is a real symmetric tridiagonal matrix T with diagonal d and *negative* off-diagonal e, so that its
ground vector is positive (Perron-Frobenius). With a twist site k inside the peak of that vector and T' = T
without site k, the vector scaled to z_k = 1 solves (T' - λ) z' = -T'_k, and

    γ(λ) = d_k - λ + e_{k-1} z_{k-1} + e_k z_{k+1},     dγ/dλ = -|z|²,     γ(λ_0) = 0.

T' - λ stays positive definite up to the lowest level of T' > λ_0, all terms of the solve have one sign, so
every component of z comes out with a small *relative* error, however small it is. γ is concave there:
Newton's step λ + γ/|z|² is the Rayleigh quotient of z, an upper bound of λ_0. By Cauchy interlacing, a
positive definite T' - λ together with γ ≈ 0 proves that the level found is the lowest one.

Several independent chains (the even and the odd block) are laid end to end with zero couplings, so that one
call of LAPACK's ``dptsv`` serves all of them. (Fernando, SIAM J. Matrix Anal. Appl. 18, 1013 (1997);
Parlett and Dhillon, Linear Algebra Appl. 267, 247 (1997).)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dptsv, dpttrf

from ..errors import ResolutionError

Array = NDArray[np.float64]

EPSILON = 2.0**-52
_MAX_SOLVES = 200
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class GroundStates:
    """Lowest level of each of several chains.

    Attributes
    ----------
    energies : list of float
        Lowest eigenvalue of each chain, in the shifted energy of the diagonal given.
    vectors : list of ndarray
        Normalised positive ground vectors, views of one array.
    residual : float
        Largest ‖Tv - λv‖ over the chains.
    step : float
        Largest distance between the λ of the vectors and the eigenvalue, |γ|/|z|².
    solves : int
        Number of tridiagonal solves that were needed.
    """

    energies: list[float]
    vectors: list[Array]
    residual: float
    step: float
    solves: int


def ground_states(
    diagonal: Array,
    coupling: Array,
    starts: Sequence[int],
    twist: int,
    guesses: Sequence[float],
    scale: float,
) -> GroundStates:
    """Lowest eigenpair of each chain laid end to end.

    Parameters
    ----------
    diagonal : ndarray, shape (n,)
        Diagonals of all chains, shifted so that the ground energies are of order one.
    coupling : ndarray, shape (n - 1,)
        Off-diagonals, all <= 0, zero between chains. Overwritten.
    starts : sequence of int
        First index of each chain.
    twist : int
        Index of the twist site within each chain, near the peak of its ground vector.
    guesses : sequence of float
        Starting values for the lowest eigenvalue of each chain; any number serves, a near one is fast.
    scale : float
        Size of the largest matrix element, which sets the rounding floor.

    Returns
    -------
    GroundStates

    Raises
    ------
    ResolutionError
        If the iteration does not settle (it never did in tests; kept so that no noise is returned).
    """
    size = len(diagonal)
    twists = [start + twist for start in starts]
    bounds = [*starts[1:], size]
    right_side = np.zeros(size)
    left, right = [], []
    for k, start, end in zip(twists, starts, bounds, strict=True):
        left.append(float(coupling[k - 1]) if k > start else 0.0)
        right.append(float(coupling[k]) if k + 1 < end else 0.0)
        if k > start:
            right_side[k - 1] = -left[-1]
            coupling[k - 1] = 0.0
        if k + 1 < end:
            right_side[k + 1] = -right[-1]
            coupling[k] = 0.0
    at_twist = [float(diagonal[k]) for k in twists]
    roots = [_Root(float(guess)) for guess in guesses]
    floor = 0.5 * EPSILON * scale
    largest = math.inf
    shifted = np.empty(size)
    chains = range(len(starts))
    for solves in range(1, _MAX_SOLVES + 1):
        for c in chains:
            np.subtract(diagonal[starts[c] : bounds[c]], roots[c].x, out=shifted[starts[c] : bounds[c]])
            shifted[twists[c]] = 1.0
        _, _, z, info = dptsv(shifted, coupling, right_side, overwrite_d=1)
        if info > 0:  # pivot `info` is not positive: this chain's λ lies above the lowest level of T'
            next(roots[c] for c in reversed(chains) if info > starts[c]).retreat()
            continue
        previous, largest = largest, 0.0
        norms, residuals = [], []
        for c in chains:
            k, start, end = twists[c], starts[c], bounds[c]
            part = z[start:end]
            norm = 1.0 + float(part.dot(part))
            gamma = at_twist[c] - roots[c].x
            if k > start:
                gamma += left[c] * float(z[k - 1])
            if k + 1 < end:
                gamma += right[c] * float(z[k + 1])
            largest = max(largest, roots[c].advance(gamma, norm))
            norms.append(norm)
            residuals.append(abs(gamma) / math.sqrt(norm))
        # An error δ of λ rotates the vector by about δ/gap: stop where δ drowns in rounding.
        if largest <= floor or (largest <= 16.0 * floor and largest > 0.25 * previous):
            break
    else:
        raise ResolutionError(f"ground state of a tridiagonal chain did not settle in {_MAX_SOLVES} solves")
    vectors = []
    for c in chains:
        z[twists[c]] = 1.0
        vector = z[starts[c] : bounds[c]]
        vector *= 1.0 / math.sqrt(norms[c])
        vectors.append(vector)
    return GroundStates([root.x for root in roots], vectors, max(residuals), largest, solves)


class _Root:
    """One chain's λ: Newton on γ, sped up by the previous point (inverse Hermite interpolation), bracketed."""

    __slots__ = ("_old", "_retreat", "lower", "upper", "x")

    def __init__(self, guess: float) -> None:
        self.x = guess
        self.lower, self.upper = -math.inf, math.inf
        self._retreat = 1.0
        self._old: tuple[float, float, float] | None = None

    def advance(self, gamma: float, norm: float) -> float:
        """Move to the next estimate, given γ(x) and |z|² = -γ'(x); return |γ|/|z|², the last step's size."""
        x = self.x
        newton = x + gamma / norm
        if gamma > 0.0:
            self.lower = max(self.lower, x)
        else:
            self.upper = min(self.upper, x)
        better = newton
        if self._old is not None and self._old[1] != gamma:
            # λ as a cubic in γ through both points with their slopes -1/|z|², read off at γ = 0.
            x_old, gamma_old, norm_old = self._old
            h = gamma - gamma_old
            secant = (x - x_old) / h
            slope, slope_old = -1.0 / norm, -1.0 / norm_old
            cubic = (slope + slope_old - 2.0 * secant) / h
            better = newton + gamma * gamma * ((slope - secant) / h + (1.0 - gamma / h) * cubic)
        self._old = (x, gamma, norm)
        self.x = better if self.lower <= better <= self.upper else newton
        if not self.lower <= self.x <= self.upper:  # Newton overshoots only from below, past a failed pivot
            self.x = 0.5 * (self.lower + self.upper)
        return abs(gamma) / norm

    def retreat(self) -> None:
        """Move down after a pivot that was not positive."""
        self.upper = min(self.upper, self.x)
        if self.lower > -math.inf:
            self.x = 0.5 * (self.lower + self.upper)
        else:
            self.x = self.upper - self._retreat
            self._retreat *= 2.0


@dataclass(frozen=True, slots=True)
class ParityTails:
    """The far tails of an even and an odd chain that differ in their first entries only.

    Attributes
    ----------
    entries : callable
        ``entries(start, stop)`` gives the shared diagonals of sites start..stop-1 and the couplings of each to
        the next site, as two new arrays.
    even, odd : tuple of float, or None
        Diagonal and coupling of the first site in place of the shared ones; None if the chain starts one site later.
    """

    entries: Callable[[int, int], tuple[Array, Array]]
    even: tuple[float, float]
    odd: tuple[float, float] | None

    def logarithms(self, site: int, energy: float) -> tuple[float, float]:
        """Return ln(z_first / z_site) of the even and of the odd chain at `energy`, both negative in a barrier.

        The pivots D_i = d_i - λ - e_{i-1}²/D_{i-1} are positive there and z_i / z_{i+1} = |e_i|/D_i: a sum of
        logs with full relative accuracy where the amplitude itself would underflow. The pivots of the two
        chains merge after a few decay lengths; from there one pass serves both. Memory is bounded by chunks.
        """
        sums = [0.0, 0.0]
        carries = [0.0, 0.0]
        merged = False
        start, length = 0, 1024
        while start < site:
            stop = min(start + length, site)
            diagonal, coupling = self.entries(start, stop)
            diagonal -= energy
            for parity, first in enumerate((self.even, self.odd)):
                if parity and merged:
                    sums[1] += gained
                    carries[1] = carries[0]
                    continue
                d, e = diagonal, coupling
                if start == 0:
                    d, e = d.copy(), e.copy()
                    if first is None:
                        d, e = d[1:], e[1:]
                    else:
                        d[0], e[0] = first[0] - energy, first[1]
                gained, carries[parity] = _log_ratios(d, e, carries[parity])
                sums[parity] += gained
            merged = abs(carries[0] - carries[1]) <= EPSILON * abs(carries[0])
            start, length = stop, min(4 * length, _CHUNK)
        return sums[0], sums[1]


def _log_ratios(diagonal: Array, coupling: Array, carry: float) -> tuple[float, float]:
    """Sum of ln(|e_i|/D_i) over a stretch of sites, and e²/D of its last one, to carry into the next stretch."""
    if not len(diagonal):
        return 0.0, carry
    d = diagonal.copy()
    d[0] -= carry
    pivots, factors, info = dpttrf(d, coupling[:-1], overwrite_d=1)
    if info > 0 or pivots[-1] <= 0.0:
        raise ResolutionError(
            "a pivot in the barrier is not positive: the energy given lies above the barrier there"
        )
    last = coupling[-1] / pivots[-1]
    logs = float(np.log(-factors).sum()) + math.log(-last) if len(factors) else math.log(-last)
    return logs, float(coupling[-1] * last)
