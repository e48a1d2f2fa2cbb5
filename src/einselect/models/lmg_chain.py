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

import numpy as np

from ..levels import Array
from ..moments import dot
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
    square, bottom : float
        m0² rounded to a whole number (so that square - m² is exact), and g p(m0): d_m - reference is
        (square - m²)/N + bottom.
    reference : float
        Energy from which shifted energies count, near the classical minimum.
    scale : float
        Size of the largest shifted matrix element.
    frequency : float
        Small-oscillation frequency: m*, sqrt(g(g-1)), or the critical scale N^(-1/3) between.
    barrier : float
        Action S(0) of the barrier: ΔE ~ exp(-2 S), amplitude at m = 0 ~ exp(-S).
    """

    __slots__ = (
        "_log_p0", "_r", "barrier", "bottom", "first", "frequency", "g", "m0", "order_parameter",
        "reference", "scale", "sites", "spins", "square",
    )  # fmt: skip

    def __init__(self, spins: int, g: float) -> None:
        self.spins, self.g = spins, g
        self.first, self.sites = 0.5 * (spins % 2), spins // 2 + 1
        r, p0 = 0.5 * (spins + 1), 0.5 * g * spins
        self._r, self._log_p0 = r, math.log(p0)
        m0_squared = (r - p0) * (r + p0) if p0 < r else 0.0
        self.m0 = math.sqrt(m0_squared)
        self.square, self.bottom = float(round(m0_squared)), g * min(p0, r)
        self.reference = -self.square / spins - self.bottom
        self.scale = max(self.bottom, 1.0) + 0.25 * spins * (1.0 - min(g, 1.0))
        squared = (1.0 - g) * (1.0 + g) if g < 1.0 else g * (g - 1.0)
        self.order_parameter = math.sqrt(squared) if g < 1.0 else 0.0
        self.frequency = math.sqrt(squared + spins ** (-2.0 / 3.0))
        self.barrier = self._fall(self.m0) - self._fall(0.0) if self.m0 > 0.0 else 0.0

    def _fall(self, m: float) -> float:
        """F(m) of the module's docstring."""
        r = self._r
        if m >= r:
            return r * (math.log(2.0 * r) - self._log_p0 - 1.0)
        # m ln(p/p0) + R artanh(m/R), grouped so that the logs of R - m cancel as m -> R.
        return 0.5 * ((r + m) * math.log(r + m) - (r - m) * math.log(r - m)) - m * (self._log_p0 + 1.0)

    @property
    def _time(self) -> float:
        """Imaginary time through the barrier, about (3 + ln N)/ω: -d ln(amplitude)/dE of the far tail."""
        return (3.0 + math.log(self.spins)) / self.frequency

    def window(self, action: float) -> Window:
        """Sites where the wave packet is above about exp(-action)."""
        n, reach, peak = self.spins, 2.0 * math.sqrt(action), self.m0
        left = 0.0
        if self.barrier > 1.5:
            spread = 0.5 * math.sqrt(n / self.frequency) * self.g
            if self.barrier > action:
                left = self._reach(-1, action, peak - reach * spread)
            right = peak + reach * spread
            # A small cut saves less than it costs to find.
            right = self._reach(1, action, right) if right < 0.5 * n - 64.0 or left else self._r
        else:
            # No double well to speak of: a wave packet around m = 0, of critical width at most.
            gap = math.sqrt(max(abs(self.g - 1.0) / self.g, 1e-300))
            spread = min(0.5 * math.sqrt(n / gap), 0.6 * n ** (2.0 / 3.0))
            right, peak = peak + reach * spread, max(peak, 0.8 * spread)
        start = max(0, math.floor(left - self.first) - 1)
        stop = min(self.sites, math.ceil(min(right, self._r) - self.first) + 3)
        return Window(start, stop, min(max(round(peak - self.first), start, 1), stop - 1), action)

    def _reach(self, side: int, action: float, m: float) -> float:
        """Where S(m) = action on one side of the well, by Newton steps from m; the end of the block if nowhere."""
        r, top = self._r, self._fall(self.m0)
        if side > 0 and top - self._fall(r) <= action:
            return r
        low, high = (0.0, self.m0) if side < 0 else (self.m0, r)
        for _ in range(60):
            if not low < m < high:
                m = min(max(m, low + 0.01 * (high - low)), high - 1e-9 * r)
            missing = top - self._fall(m) - action
            slope = 0.5 * math.log((r - m) * (r + m)) - self._log_p0
            if abs(missing) < 0.5 or abs(missing) < 0.5 * abs(slope):
                break
            low, high = (m, high) if (missing > 0.0) == (side < 0) else (low, m)
            m += missing / slope
        return m

    def widened(self, window: Window) -> Window:
        """A window for half as much action again."""
        return self.window(1.5 * window.action)

    def entries(self, start: int, stop: int) -> tuple[Array, Array]:
        """Shifted diagonals of sites start..stop-1 and the coupling of each to the next site (shared part)."""
        m = np.arange(start + self.first, stop)
        squares = m * m
        # (j - m)(j + m + 1), in steps that are exact for whole numbers
        j = 0.5 * self.spins
        coupling = j * (j + 1.0) - squares
        coupling -= m
        np.sqrt(coupling, coupling)
        coupling *= -0.5 * self.g
        np.subtract(self.square, squares, squares)
        squares *= 1.0 / self.spins
        squares += self.bottom
        return squares, coupling

    def ends(self) -> tuple[tuple[float, float], tuple[float, float] | None]:
        """Diagonal and coupling of the first site of the even and of the odd chain (None: it starts at m = 1)."""
        r, first = self._r, self.first
        d = (self.square - first * first) / self.spins + self.bottom
        e = -0.5 * self.g * math.sqrt(0.25 * self.spins * (self.spins + 2.0) - first * (first + 1.0))
        if first:
            shift = 0.5 * self.g * r
            return (d - shift, e), (d + shift, e)
        return (d, e * math.sqrt(2.0)), None

    def firsts(self, window: Window) -> tuple[tuple[float, float] | None, ...]:
        """First entries of the chains to solve on a window: one where its left end is cut (both parities agree)."""
        if window.start == 0:
            return self.ends()
        diagonal, coupling = self.entries(window.start, window.start + 1)
        return ((diagonal.item(0), coupling.item(0)),)

    def guesses(self) -> tuple[float, float]:
        """Starting values for the shifted energies of the even and the odd ground state."""
        guess, spread, m, n = 0.5 * self.frequency, 0.0, self.order_parameter, self.spins
        if self.barrier > 1.5 and m > 0.0:  # zero-point energy, its first correction, half the instanton splitting
            guess = 0.5 * m + 0.25 / n - 0.5 * (1.0 - m) / (m * m * n)
            spread = (
                2.0
                * math.sqrt(n / (2.0 * math.pi))
                * m**2.5
                / (1.0 + m)
                * math.exp(n * (m - math.log((1.0 + m) / self.g)))
            )
        elif self.g >= 1.0:
            guess, spread = 2.0 * guess, guess
        guess += (self.square - self.m0 * self.m0) / n
        return guess - spread, guess + spread

    @property
    def tolerance(self) -> float:
        """Accepted error of the energy: ln ΔE changes by 2τ times it, so 1e-11 of ΔE where rounding allows it."""
        return max(0.5 * EPSILON * self.scale, 0.5e-11 / self._time)

    def ground(self, window: Window) -> tuple[GroundStates, float]:
        """Ground states of the blocks on a window, and their relative amplitude at its cut edges."""
        diagonal, coupling = self.entries(window.start, window.stop)
        firsts = self.firsts(window)
        twist = window.twist - window.start
        solution = ground_states(diagonal, coupling, firsts, twist, self.guesses()[: len(firsts)], self.tolerance)
        edge = 0.0
        if window.start > 0 or window.stop < self.sites:
            for vector in solution.vectors:
                left, right = vector.item(0) * (window.start > 0), vector.item(-1) * (window.stop < self.sites)
                edge = max(edge, max(left, right) / vector.item(twist))
        return solution, edge

    @property
    def log_t(self) -> float:
        """ln t of ΔE <u|v> = t u_first v_first, all factors positive; energies/J.

        N even: t is the 0-1 element of the even block, u at m = 0, v and the inner product from m = 1.
        N odd: t = g(j + 1/2), u and v at m = 1/2.
        """
        n = self.spins
        return math.log(self.g * self._r if self.first else 0.5 * self.g * math.sqrt(0.5 * n * (n + 2.0)))

    def log_splitting(self, window: Window, solution: GroundStates) -> float:
        """ln(ΔE/J)."""
        even, odd = solution.vectors[0], solution.vectors[-1]
        skip = 0 if self.first else 1
        if window.start == 0:
            return self.log_t + math.log(even.item(0) * odd.item(skip) / dot(even[skip:], odd[skip:]))
        return self.log_splitting_of_tails(window.twist, solution.energies[0], even.item(window.twist - window.start))

    def log_splitting_of_tails(self, site: int, energy: float, amplitude: float) -> float:
        """ln(ΔE/J) where both parities agree on the window: `amplitude` at `site`, and the fall from there."""
        u, v = ParityTails(self.entries, *self.ends()).logarithms(site, energy)
        return self.log_t + 2.0 * math.log(amplitude) + u + v

    def vector_error(self, step: float) -> float:
        """Size of the error of normalised vectors, (error of λ + rounding)/gap."""
        return (step + EPSILON * self.scale) / self.frequency

    def log_splitting_error(self, window: Window, step: float) -> float:
        """Estimated error of ln ΔE, given the error `step` of the energy.

        Rounding of the matrix elements shifts the energy like a random walk over the window, that of the
        pivots the sum of logs like one over the sites (four times the spread of each is allowed for); the sum
        itself, about twice the barrier, is rounded too.
        """
        noise = 4.0 * EPSILON * self.scale / math.sqrt(window.stop - window.start)
        logs = 2.0 * EPSILON * (2.0 * self.barrier + 10.0)
        return 2.0 * self._time * (step + noise) + 8.0 * EPSILON * math.sqrt(self.sites) + logs

    def excited(self, window: Window, count: int) -> LowLevels:
        """The `count` lowest levels, parities alternating (n nodes in m: Sturm), vectors on the window."""
        from scipy.linalg import eigh_tridiagonal

        diagonal, coupling = self.entries(window.start, window.stop)
        size, whole = len(diagonal), window.start == 0
        even, odd = self.ends()
        skip = 1 if whole and odd is None else 0
        energies, vectors = np.empty(count), np.zeros((count, size))
        if size < (count + 1) // 2 or size - skip < count // 2:
            return LowLevels(energies, vectors, math.inf)
        for parity, (first, wanted) in enumerate(((even, (count + 1) // 2), (odd, count // 2))):
            if parity and not whole:  # both parities agree where the left end is cut
                energies[1::2], vectors[1::2] = energies[: 2 * wanted : 2], vectors[: 2 * wanted : 2]
                break
            d, e = diagonal.copy(), coupling[:-1].copy()
            if whole and first is not None:
                d[0], e[:1] = first
            if parity:
                d, e = d[skip:], e[skip:]
            values, columns = eigh_tridiagonal(d, e, select="i", select_range=(0, wanted - 1))
            columns *= _signs(columns)
            energies[parity::2], vectors[parity::2, skip * parity :] = values, columns.T
        size_of = np.abs(vectors)
        cut = [c for c, is_cut in ((0, window.start > 0), (-1, window.stop < self.sites)) if is_cut]
        edge = float(size_of[:, cut].max() / size_of.max()) if cut else 0.0
        return LowLevels(energies, vectors, edge)


def _signs(columns: Array) -> Array:
    """Signs that make the outermost lobe of each column (largest m) positive."""
    size = np.abs(columns)
    outermost = len(columns) - 1 - np.argmax((size > 1e-3 * size.max(axis=0))[::-1], axis=0)
    return np.asarray(np.sign(columns[outermost, np.arange(columns.shape[1])]))
