"""The parity blocks of the Lipkin-Meshkov-Glick model, in units of J, and how they are solved.

With R = j + 1/2 = (N+1)/2, p(m) = sqrt(R² - m²), g = Γ/J and p0 = gN/2 the matrix elements are exactly

    d_m = -m²/N,   e_m = -(g/2) p(m + 1/2).

The orbit at the bottom of the wells, m0² = R² - p0², has the momentum κ = ln(p/p0): the wave packet falls off
as exp(-S(m)), S(m) = F(m0) - F(m), F(m) = m ln(p/p0) - m + R artanh(m/R), which says how far its window must
reach. N even: the even block is m = 0..j with √2 on its 0-1 element, the odd one m = 1..j. N odd: both are
m = 1/2..j, with d_1/2 lowered (even) or raised (odd) by (g/2)(j + 1/2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import eigh_tridiagonal

from ..levels import Array
from ..spectrum.tridiagonal import EPSILON, GroundStates, ParityTails, ground_states


@dataclass(frozen=True, slots=True)
class Window:
    """Sites start..stop-1 of a parity block, the twist site among them, the action that set it."""

    start: int
    stop: int
    twist: int
    action: float


@dataclass(frozen=True, slots=True)
class LowLevels:
    """Lowest levels on a window: shifted energies, block vectors, largest relative amplitude at a cut edge."""

    energies: Array
    vectors: Array
    edge: float


@dataclass(frozen=True)
class LMGChain:
    """Both parity blocks of one (N, g).

    Attributes
    ----------
    spins, g : int, float
        N and Γ/J.
    first : float
        m of site 0: 0 for even N, 1/2 for odd N.
    sites : int
        Number of m >= 0.
    m0 : float
        Bottom of the well (0 without one).
    square : float
        m0² rounded to a whole number, so that square - m² is exact.
    bottom : float
        g p(m0), the shift beside square/N.
    """

    spins: int
    g: float
    first: float
    sites: int
    m0: float
    square: float
    bottom: float

    @classmethod
    def of(cls, spins: int, g: float) -> LMGChain:
        """Set up the blocks of N = `spins` at Γ/J = `g`."""
        r, p0 = 0.5 * (spins + 1), 0.5 * g * spins
        square = (r - p0) * (r + p0) if p0 < r else 0.0
        return cls(
            spins,
            g,
            0.5 * (spins % 2),
            spins // 2 + 1,
            math.sqrt(square),
            float(round(square)),
            g * min(p0, r),
        )

    @property
    def reference(self) -> float:
        """Energy from which the shifted energies count, near the classical minimum; energies/J."""
        return -self.square / self.spins - self.bottom

    @property
    def scale(self) -> float:
        """Size of the largest shifted matrix element."""
        return max(self.bottom, 1.0) + 0.25 * self.spins * (1.0 - min(self.g, 1.0))

    @property
    def frequency(self) -> float:
        """Small-oscillation frequency over J: m*, sqrt(g(g-1)), or the critical scale N^(-1/3) between."""
        g = self.g
        squared = (1.0 - g) * (1.0 + g) if g < 1.0 else g * (g - 1.0)
        return math.sqrt(squared + self.spins ** (-2.0 / 3.0))

    def _fall(self, m: float) -> float:
        """F(m) of the module's docstring."""
        r, p0 = 0.5 * (self.spins + 1), 0.5 * self.g * self.spins
        if m >= r:
            return r * (math.log(2.0 * r / p0) - 1.0)
        # m ln(p/p0) + R artanh(m/R), grouped so that the logs of R - m cancel as m -> R.
        return 0.5 * ((r + m) * math.log(r + m) - (r - m) * math.log(r - m)) - m * (math.log(p0) + 1.0)

    @cached_property
    def barrier(self) -> float:
        """Action F(m0) - F(0) of the barrier: ΔE ~ exp(-2 S)/..., u(0) ~ exp(-S)."""
        return self._fall(self.m0) - self._fall(0.0) if self.m0 > 0.0 else 0.0

    def window(self, action: float) -> Window:
        """Sites where the wave packet is above about exp(-action)."""
        n, top = self.spins, 0.5 * self.spins
        if self.barrier > 1.5:
            spread = 0.5 * math.sqrt(n / self.frequency) * self.g
            left = self._reach(-1, action, spread) if self.barrier > action else 0.0
            right = self._reach(1, action, spread)
            peak = self.m0
        else:
            # No double well to speak of: a wave packet around m = 0, of critical width at most.
            gap = math.sqrt(max(abs(self.g - 1.0) / self.g, 1e-300))
            spread = min(0.5 * math.sqrt(n / gap), 0.6 * n ** (2.0 / 3.0))
            left, right = 0.0, self.m0 + 2.0 * math.sqrt(action) * spread
            peak = max(self.m0, 0.8 * spread)
        start = max(0, math.floor(left - self.first) - 1)
        stop = min(self.sites, math.ceil(min(right, top) - self.first) + 3)
        twist = min(max(round(peak - self.first), start, 1), stop - 1)
        return Window(start, stop, twist, action)

    def _reach(self, side: int, action: float, spread: float) -> float:
        """Where S(m) = action on one side of the well, by Newton steps; the end of the block if S stays below."""
        r, p0 = 0.5 * (self.spins + 1), 0.5 * self.g * self.spins
        top = self._fall(self.m0)
        if side > 0 and top - self._fall(r) <= action:
            return r
        inside = (0.0, self.m0) if side < 0 else (self.m0, r)
        m = self.m0 + side * 2.0 * math.sqrt(action) * spread
        for _ in range(60):
            if not inside[0] < m < inside[1]:
                m = min(max(m, inside[0] + 0.01 * (inside[1] - inside[0])), inside[1] - 1e-9 * r)
            slope = 0.5 * math.log((r - m) * (r + m)) - math.log(p0)
            missing = top - self._fall(m) - action
            step = missing / slope if slope else 0.0
            if abs(missing) < 0.5 or abs(step) < 0.5:
                break
            inside = (m, inside[1]) if (missing > 0.0) == (side < 0) else (inside[0], m)
            m += step
        return m

    def widened(self, window: Window) -> Window:
        """A window for half as much action again."""
        return self.window(1.5 * window.action)

    def entries(self, start: int, stop: int) -> tuple[Array, Array]:
        """Shifted diagonals of sites start..stop-1 and the coupling of each to the next site (shared part)."""
        m = np.arange(start, stop, dtype=np.float64)
        if self.first:
            m += self.first
        j = 0.5 * self.spins
        coupling = j - m
        coupling *= m + (j + 1.0)
        np.sqrt(coupling, out=coupling)
        coupling *= -0.5 * self.g
        m *= m
        np.subtract(self.square, m, out=m)
        m /= self.spins
        m += self.bottom
        return m, coupling

    def tails(self) -> ParityTails:
        """Both chains from their first site on."""
        diagonal, coupling = self.entries(0, 1)
        d, e = float(diagonal[0]), float(coupling[0])
        if self.first:
            shift = 0.25 * self.g * (self.spins + 1)
            return ParityTails(self.entries, (d - shift, e), (d + shift, e))
        return ParityTails(self.entries, (d, e * math.sqrt(2.0)), None)

    def _blocks(self, window: Window) -> tuple[Array, Array, list[int]]:
        """Chains end to end on a window: one where its left end is cut (both parities agree there), else two."""
        d, e = self.entries(window.start, window.stop)
        size = len(d)
        if window.start > 0:
            return d, e[:-1], [0]
        diagonal = np.concatenate((d, d))
        coupling = np.concatenate((e, e[:-1]))
        coupling[size - 1] = 0.0
        tails = self.tails()
        diagonal[0], first = tails.even
        if size > 1:
            coupling[0] = first
        if tails.odd is None:
            # The odd block begins at m = 1: site 0 is cut off and lifted out of the way.
            diagonal[size] = 4.0 * self.scale + 1.0
            if size > 1:
                coupling[size] = 0.0
        else:
            diagonal[size] = tails.odd[0]
        return diagonal, coupling, [0, size]

    def ground(self, window: Window) -> tuple[GroundStates, float]:
        """Ground states of the blocks on a window, and their relative amplitude at its cut edges."""
        diagonal, coupling, starts = self._blocks(window)
        guess = 0.5 * self.frequency + (self.square - self.m0 * self.m0) / self.spins
        spread = 0.0
        if self.barrier > 1.5:
            m, n = math.sqrt((1.0 - self.g) * (1.0 + self.g)) if self.g < 1.0 else self.frequency, self.spins
            guess += 0.5 * (m - self.frequency) + 0.25 / n - 0.5 * (1.0 - m) / (m * m * n)
            spread = (
                2.0
                * math.sqrt(n / (2.0 * math.pi))
                * m**2.5
                / (1.0 + m)
                * math.exp(m * n - n * math.atanh(m))
            )
        elif self.g >= 1.0:
            spread = 0.5 * self.frequency
            guess += spread
        guesses = [guess - spread, guess + spread] if len(starts) == 2 else [guess]
        solution = ground_states(diagonal, coupling, starts, window.twist - window.start, guesses, self.scale)
        return solution, self._edge(
            window, np.stack(solution.vectors) if len(starts) == 2 else solution.vectors[0]
        )

    def _edge(self, window: Window, vectors: Array) -> float:
        """Largest amplitude at a cut edge, relative to the largest anywhere."""
        edge = 0.0
        if window.stop < self.sites:
            edge = float(np.abs(vectors[..., -1]).max())
        if window.start > 0:
            edge = max(edge, float(np.abs(vectors[..., 0]).max()))
        return edge / float(np.abs(vectors).max()) if edge else 0.0

    def log_splitting(self, window: Window, solution: GroundStates) -> tuple[float, float]:
        """ln(ΔE/J) and its estimated error, from ΔE <u|v> = t u_first v_first: all factors positive.

        N even: t is the 0-1 element of the even block, u at m = 0, v and the inner product from m = 1.
        N odd: t = g(j + 1/2), u and v at m = 1/2.
        """
        even, odd = solution.vectors[0], solution.vectors[-1]
        half = bool(self.first)
        j = 0.5 * self.spins
        t = self.g * (j + 0.5) if half else 0.5 * self.g * math.sqrt(2.0 * j * (j + 1.0))
        if window.start == 0:
            overlap = float(even.dot(odd)) if half else float(even[1:].dot(odd[1:]))
            logs = math.log(even[0]) + math.log(odd[0 if half else 1]) - math.log(overlap)
        else:
            u, v = self.tails().logarithms(window.twist, solution.energies[0])
            logs = 2.0 * math.log(even[window.twist - window.start]) + u + v
        # An error δ of the energy changes ln(u v) by 2τδ, τ the imaginary time through the barrier ~ ln(N)/ω;
        # rounding of the pivots adds up like a random walk over the sites.
        time = (3.0 + math.log(self.spins)) / self.frequency
        noise = EPSILON * self.scale / math.sqrt(window.stop - window.start)
        return math.log(t) + logs, 2.0 * time * (solution.step + noise) + 4.0 * EPSILON * math.sqrt(
            self.sites
        )

    def excited(self, window: Window, count: int) -> LowLevels:
        """The `count` lowest levels, parities alternating (n nodes in m: Sturm), vectors on the window."""
        diagonal, coupling, starts = self._blocks(window)
        size = window.stop - window.start
        energies, vectors = np.empty(count), np.zeros((count, size))
        odd_size = size if self.first or len(starts) == 1 else size - 1
        if size < (count + 1) // 2 or odd_size < count // 2:
            return LowLevels(energies, vectors, math.inf)
        for parity, wanted in enumerate(((count + 1) // 2, count // 2)):
            if parity and len(starts) == 1:
                energies[1::2], vectors[1::2] = energies[: 2 * wanted : 2], vectors[: 2 * wanted : 2]
                break
            skip = size - odd_size if parity else 0
            block = slice(parity * size + skip, (parity + 1) * size)
            values, columns = eigh_tridiagonal(
                diagonal[block],
                coupling[block.start : block.stop - 1],
                select="i",
                select_range=(0, wanted - 1),
            )
            columns *= _signs(columns)
            energies[parity::2], vectors[parity::2, skip:] = values, columns.T
        return LowLevels(energies, vectors, self._edge(window, vectors))


def _signs(columns: Array) -> Array:
    """Signs that make the outermost lobe of each column (largest m) positive."""
    size = np.abs(columns)
    outermost = len(columns) - 1 - np.argmax((size > 1e-3 * size.max(axis=0))[::-1], axis=0)
    return np.asarray(np.sign(columns[outermost, np.arange(columns.shape[1])]))
