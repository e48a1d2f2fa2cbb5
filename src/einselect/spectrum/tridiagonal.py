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

from ..errors import ResolutionError
from ..moments import dot

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
    firsts: Sequence[tuple[float, float] | None],
    twist: int,
    guesses: Sequence[float],
    tolerance: float,
) -> GroundStates:
    """Lowest eigenpair of each of several chains that differ in their first entries only.

    Parameters
    ----------
    diagonal : ndarray, shape (n,)
        Diagonal of the chains, shifted so that the ground energies are of order one.
    coupling : ndarray, shape (n,)
        Off-diagonals, all <= 0: of each site to the next; the last one is not used.
    firsts : sequence of (float, float) or None
        For each chain the diagonal and the coupling of its first site; None if the chain begins at the second.
    twist : int
        Index of the twist site, near the peak of the ground vectors; at least 1 for a chain that begins there.
    guesses : sequence of float
        Starting values for the lowest eigenvalue of each chain; any number serves, a near one is fast.
    tolerance : float
        The λ of the vectors may be off by this much. Below the rounding of the matrix elements it stops where
        steps no longer shrink.

    Returns
    -------
    GroundStates

    Raises
    ------
    ResolutionError
        If the iteration does not settle (it never did in tests; kept so that no noise is returned).
    """
    # Imported here: it takes longer than the rest of the package together.
    from scipy.linalg.lapack import dptsv

    size = len(diagonal)
    couplings = np.concatenate([coupling] * len(firsts))
    shifted, source = np.empty(len(couplings)), np.zeros(len(couplings))
    chains = [
        _Chain(diagonal, couplings, shifted, source, size * i, twist, first, guess)
        for i, (first, guess) in enumerate(zip(firsts, guesses, strict=True))
    ]
    couplings = couplings[:-1]
    previous = math.inf
    for solves in range(1, _MAX_SOLVES + 1):  # noqa: B007 - the count is part of the answer
        for chain in chains:
            chain.shift()
        _, _, z, info = dptsv(shifted, couplings, source, overwrite_d=1)
        if info > 0:  # pivot `info` is not positive: the λ of its chain lies above the lowest level of T'
            chains[(info - 1) // size].retreat()
            continue
        largest = max([chain.advance(z) for chain in chains])
        if largest <= tolerance or 0.25 * previous < largest <= 16.0 * tolerance:
            break
        previous = largest
    else:
        raise ResolutionError(f"ground state of a tridiagonal chain did not settle in {_MAX_SOLVES} solves")
    vectors = [chain.vector(z) for chain in chains]
    residual = max([chain.step * math.sqrt(chain.norm) for chain in chains])
    return GroundStates([chain.x for chain in chains], vectors, residual, largest, solves)


class _Chain:
    """One chain's λ = `x`: Newton on γ, sped up by the point before (inverse Hermite interpolation), bracketed."""

    __slots__ = (
        "_at_twist", "_diagonal", "_first", "_left", "_old", "_retreat", "_right", "_shifted",
        "lower", "norm", "start", "step", "stop", "twist", "upper", "x",
    )  # fmt: skip

    def __init__(
        self,
        diagonal: Array,
        couplings: Array,
        shifted: Array,
        source: Array,
        start: int,
        twist: int,
        first: tuple[float, float] | None,
        guess: float,
    ) -> None:
        size = len(diagonal)
        self.start, self.stop, self.twist, self.x = start, start + size, start + twist, guess
        self._diagonal, self._shifted = diagonal, shifted[start : self.stop]
        self._first = None if first is None else first[0]
        couplings[start] = 0.0 if first is None else first[1]  # a chain without site 0 is cut off from it
        couplings[self.stop - 1] = 0.0
        self._at_twist = diagonal.item(twist) if twist or first is None else first[0]
        # The twist site is cut out: its couplings become the right-hand side of the solve.
        self._left = self._right = 0.0
        if twist > 0:
            self._left = couplings.item(self.twist - 1)
            source[self.twist - 1], couplings[self.twist - 1] = -self._left, 0.0
        if twist + 1 < size:
            self._right = couplings.item(self.twist)
            source[self.twist + 1], couplings[self.twist] = -self._right, 0.0
        self.lower, self.upper = -math.inf, math.inf
        self.norm = self.step = math.inf
        self._retreat = 1.0
        self._old: tuple[float, float, float] | None = None

    def shift(self) -> None:
        """Write T' - λ."""
        shifted = self._shifted
        np.subtract(self._diagonal, self.x, shifted)
        shifted[0] = 1.0 if self._first is None else self._first - self.x
        shifted[self.twist - self.start] = 1.0

    def advance(self, z: Array) -> float:
        """Move to the next estimate from the solution z; return |γ|/|z|², how far this one was off."""
        x, twist = self.x, self.twist
        part = z[self.start : self.stop]
        norm = 1.0 + dot(part, part)
        gamma = self._at_twist - x
        if self._left:
            gamma += self._left * z.item(twist - 1)
        if self._right:
            gamma += self._right * z.item(twist + 1)
        newton = gamma / norm
        if gamma > 0.0:
            self.lower = x
        else:
            self.upper = x
        better = x + newton
        if self._old is not None:
            # λ as a cubic in γ through both points with their slopes -1/|z|², read off at γ = 0.
            x_old, gamma_old, slope_old = self._old
            h = gamma - gamma_old
            if h:
                slope, secant = -1.0 / norm, (x - x_old) / h
                cubic = (slope + slope_old - 2.0 * secant) / h
                better += gamma * gamma * ((slope - secant) / h + (1.0 - gamma / h) * cubic)
        self._old = (x, gamma, -1.0 / norm)
        if not self.lower <= better <= self.upper:
            better = x + newton
            if not self.lower <= better <= self.upper:  # Newton overshoots only from below, past a failed pivot
                better = 0.5 * (self.lower + self.upper)
        self.x, self.norm, self.step = better, norm, abs(newton)
        return self.step

    def retreat(self) -> None:
        """Move down after a pivot that was not positive."""
        self.upper = self.x
        if self.lower > -math.inf:
            self.x = 0.5 * (self.lower + self.upper)
        else:
            self.x -= self._retreat
            self._retreat *= 2.0

    def vector(self, z: Array) -> Array:
        """The normalised vector, a view of z."""
        z[self.twist] = 1.0
        part = z[self.start : self.stop]
        part *= 1.0 / math.sqrt(self.norm)
        return part


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
        merged, gained = False, 0.0
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
    from scipy.linalg.lapack import dpttrf

    d = diagonal.copy()
    d[0] -= carry
    if len(d) == 1:
        pivots, factors, info = d, d[:0], 0
    else:
        pivots, factors, info = dpttrf(d, coupling[:-1], overwrite_d=1)
    if info > 0 or pivots[-1] <= 0.0:
        raise ResolutionError("a pivot in the barrier is not positive: the energy given lies above the barrier there")
    last = coupling.item(-1) / pivots.item(-1)
    return float(np.log(-factors).sum()) + math.log(-last), coupling.item(-1) * last
