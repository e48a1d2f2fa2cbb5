"""The anisotropic Lipkin-Meshkov-Glick model in units of J, in the two bases that suit it.

With k = κ and g = Γ/J, H/J = -(Jz² + k Jy²)/N - g Jx. In the eigenbasis of Jz it has five diagonals,

    d(m) = -(m² + (k/2)(j(j+1) - m²))/N,   <m+1|H|m> = -(g/2) c(m),   <m+2|H|m> = (k/4N) c(m) c(m+1),

c(m) = sqrt(j(j+1) - m(m+1)): the wells are narrow there, so states are kept on a window of m. In the eigenbasis of
Jx, m_x = j, j-2, ... (even) and j-1, j-3, ... (odd) are two tridiagonal chains,

    a(m_x) = -((1+k)/2N)(j(j+1) - m_x²) - g m_x,   b = ((1-k)/4N) c(m_x) c(m_x+1) to m_x + 2:

there each energy is worked out to as many digits as the splitting asks for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

import numpy as np

from ..errors import ResolutionError
from ..level_set import Array
from ..spectrum.extended import Chain, lowest_eigenvalue
from ..spectrum.tridiagonal import EPSILON
from ..spin import ladder

_SPARE = 30
_MOST_WORK = 100_000_000  # sites times digits: some seconds
_SMALL = 300


@dataclass(frozen=True)
class BlockLevels:
    """Lowest levels of one parity on a window: energies/J, vectors (k, w), amplitude at the cut edges, residual."""

    energies: Array
    vectors: Array
    edge: float
    residual: float


class AnisotropicChain:
    """Both parity blocks of one (N, κ, g)."""

    __slots__ = ("anisotropy", "first", "frequency", "g", "m0", "sites", "spins", "spread")

    def __init__(self, spins: int, anisotropy: float, g: float) -> None:
        self.spins, self.anisotropy, self.g = spins, anisotropy, g
        self.first, self.sites = 0.5 * (spins % 2), spins // 2 + 1
        critical = spins ** (-2.0 / 3.0)
        ordered = max((1.0 - g) * (1.0 + g), 0.0)
        squared = ordered * (1.0 - anisotropy) if g < 1.0 else (g - 1.0) * (g - anisotropy)
        self.frequency = math.sqrt(squared + critical * (1.0 - anisotropy))
        self.m0 = 0.5 * spins * math.sqrt(ordered)
        # Width of the well in m: N g² sqrt(1-κ)/(4 m*), or that of the single one at m = 0.
        softness = math.sqrt((ordered if g < 1.0 else (g - 1.0)) + critical)
        stiff = math.sqrt((1.0 - anisotropy) if g < 1.0 else g - anisotropy)
        self.spread = 0.5 * math.sqrt(spins * min(g, 1.0) ** 2 * stiff / softness) + 1.0

    @property
    def scale(self) -> float:
        """Size of the matrix elements, in J."""
        return (0.25 + 0.25 * abs(self.anisotropy) + 0.5 * self.g) * self.spins

    def window(self, reach: float) -> tuple[int, int]:
        """Sites start..stop-1 within `reach` widths of the well."""
        low, high = self.m0 - reach * self.spread, self.m0 + reach * self.spread
        start = max(0, math.floor(low - self.first))
        stop = min(self.sites, math.ceil(high - self.first) + 1)
        # A small cut saves less than it costs.
        start = 0 if start < 64 or self.sites < 2 * _SMALL else start
        stop = self.sites if self.sites - stop < 64 or self.sites < 2 * _SMALL else stop
        return start, max(stop, min(start + 4, self.sites))

    def bands(self, m: Array) -> tuple[Array, Array, Array]:
        """d(m), <m+1|H|m> and <m+2|H|m>, in J."""
        j, n, k = 0.5 * self.spins, self.spins, self.anisotropy
        here, above = ladder(m, j), ladder(m + 1.0, j)
        diagonal = -(m * m + 0.5 * k * (j * (j + 1.0) - m * m)) / n
        return diagonal, -0.5 * self.g * here, (0.25 * k / n) * here * above

    def block(self, parity: int, start: int, stop: int) -> Array:
        """One parity block on sites start..stop-1 as lower bands, shape (3, w); N even: the odd one lacks m = 0."""
        m = np.arange(start + self.first, stop + self.first)
        lower = np.stack(self.bands(m))
        if start == 0:
            mirror = np.stack(self.bands(np.array([-1.5, -1.0, -0.5])))
            if self.first:  # |-1/2> is coupled to |1/2> and |3/2>
                lower[0, 0] += parity * mirror[1, 2]
                lower[1, 0] += parity * mirror[2, 2]
            else:  # |0> stands by itself; |-1> is coupled to |1>
                lower[1:, 0] *= math.sqrt(2.0)
                lower[0, 1:2] += parity * mirror[2, 1]
                if parity < 0:
                    lower = lower[:, 1:]
        return lower

    def lowest(self, parity: int, start: int, stop: int, count: int) -> BlockLevels:
        """Lowest levels of one parity on a window, their last lobe (largest m) positive."""
        lower = self.block(parity, start, stop)
        size = lower.shape[1]
        wanted = min(count, size)
        matrix = _sparse(lower)
        vectors = _eigenvectors(lower, matrix, wanted, self._floor())
        vectors /= np.linalg.norm(vectors, axis=0)
        moved = matrix @ vectors
        energies = np.einsum("ij,ij->j", vectors, moved)
        residual = float(np.linalg.norm(moved - vectors * energies, axis=0).max())
        vectors = vectors * _signs(vectors)
        rows = np.zeros((wanted, stop - start))
        rows[:, stop - start - size :] = vectors.T
        heights = np.abs(rows)
        cut = [c for c, is_cut in ((0, start > 0), (-1, stop < self.sites)) if is_cut]
        edge = float((heights[:, cut].max(axis=1) / heights.max(axis=1)).max()) if cut else 0.0
        return BlockLevels(energies, rows, edge, residual)

    def _floor(self) -> float:
        """An energy a little below the ground state: the classical minimum, lowered."""
        n, g = self.spins, self.g
        classical = -0.25 * n * (1.0 + g * g) if g < 1.0 else -0.5 * n * g
        return classical - 0.5 * (1.0 + g) - 0.5 * abs(self.anisotropy)

    def splitting(self, energies: tuple[float, float]) -> Decimal:
        """(E_odd - E_even)/J to about 16 digits of its own, from decimals.

        Parameters
        ----------
        energies : tuple of float
            Both energies/J in double precision.

        Raises
        ------
        ResolutionError
            Where it would take too many digits: says how many, which bounds it.
        """
        guesses = [Decimal(energy) for energy in energies]
        digits = _SPARE + math.ceil((self.action() * self.spins) / math.log(10.0) + math.log10(self.spins))
        while True:
            if digits * self.spins > _MOST_WORK:
                raise ResolutionError(
                    f"the splitting must be above 1e-{_MOST_WORK // self.spins} of the coupling at {self.spins} spins; "
                    f"got one near 1e-{digits - _SPARE}, which would take too long in extended precision"
                )
            found = []
            for parity, guess in enumerate(guesses):
                with localcontext() as context:
                    context.prec = digits + 20
                    found.append(self._energy(parity, guess, digits))
            with localcontext() as context:
                context.prec = digits + 20
                difference = found[1] - found[0]
            known = digits - 4 - math.ceil(math.log10(self.scale + 1.0))
            if difference and difference.adjusted() > 18 - known:
                with localcontext() as context:
                    context.prec = 20
                    return +difference
            digits, guesses = digits + digits // 4 + _SPARE, found

    def action(self) -> float:
        """Instanton action per spin: ΔE falls as exp(-N S), S = ∫ |Im φ| dz from 0 to m* on the orbit of least energy.

        cos φ follows from (κρ²/4) cos²φ - (g/2)ρ cos φ + (1 + g² - z² - κρ²)/4 = 0 with ρ² = 1 - z². At κ = 0 it is
        artanh m* - m*. Where the root is complex the splitting oscillates, and its envelope falls with the real part.
        """
        ordered = max((1.0 - self.g) * (1.0 + self.g), 0.0)
        nodes, weights = np.polynomial.legendre.leggauss(200)
        z2 = ordered * (0.5 * (nodes + 1.0)) ** 2
        k, g, rho = self.anisotropy, self.g, np.sqrt(1.0 - z2)
        rest = 1.0 + g * g - z2 - k * rho * rho
        root = np.sqrt(np.asarray(g * g - k * rest, dtype=complex))
        # The root that stays finite as κ -> 0, written without its cancellation.
        cosine = rest / (rho * (g + root))
        return float(0.5 * math.sqrt(ordered) * (weights @ np.abs(np.arccosh(cosine).real)))

    def _energy(self, parity: int, guess: Decimal, digits: int) -> Decimal:
        j = 0.5 * self.spins
        # Centre of the state in m_x: the chain's energy is lowest where m_x = g N/2, or at its end.
        count = (self.spins - parity) // 2 + 1
        centre = 0.5 * min(self.g, 1.0) * self.spins
        twist = min(max(round((j - parity - centre) / 2.0), 0), count - 1)
        return lowest_eigenvalue(lambda: self._chain(parity, count), guess, twist, digits)

    def _chain(self, parity: int, count: int) -> Chain:
        """Diagonal and squared off-diagonals of one chain, from m_x = j - parity downwards; whole numbers are exact."""
        n, k, g = self.spins, Decimal(self.anisotropy), Decimal(self.g)
        flat, turn, field = -(1 + k) / (8 * n), ((1 - k) / (16 * n)) ** 2, g / 2
        doubled = [n - 2 * parity - 4 * i for i in range(count)]  # 2 m_x
        diagonal = [flat * (n * (n + 2) - x * x) - field * x for x in doubled]
        # c(m)² c(m+1)² with m = x/2 - 2 below each site, times 16
        squares = [turn * ((n - x + 4) * (n + x - 2) * (n - x + 2) * (n + x)) for x in doubled[:-1]]
        return diagonal, squares


def _sparse(lower: Array) -> Any:
    from scipy.sparse import diags_array

    size = lower.shape[1]
    bands = {shift: lower[shift, : size - shift] for shift in range(min(3, size))}
    both = list(bands.items()) + [(-shift, band) for shift, band in bands.items() if shift]
    return diags_array([band for _, band in both], offsets=[shift for shift, _ in both], shape=(size, size)).tocsc()


def _eigenvectors(lower: Array, matrix: Any, wanted: int, floor: float) -> Array:
    """Columns of the lowest states: dense where small, else by shift-and-invert below the ground state."""
    size = lower.shape[1]
    if size <= _SMALL or wanted >= size - 1:
        from scipy.linalg import eigh

        return np.asarray(eigh(matrix.toarray(), subset_by_index=(0, wanted - 1))[1])
    from scipy.sparse.linalg import eigsh

    start = np.ones(size)
    values, vectors = eigsh(matrix, k=wanted, sigma=floor, which="LM", v0=start, tol=0.0)
    return np.asarray(vectors[:, np.argsort(values)])


def _signs(columns: Array) -> Array:
    """Signs that make the outermost lobe of each column (largest m) positive."""
    size = np.abs(columns)
    outermost = len(columns) - 1 - np.argmax((size > 1e-3 * size.max(axis=0))[::-1], axis=0)
    return np.asarray(np.sign(columns[outermost, np.arange(columns.shape[1])]))


def rounding(chain: AnisotropicChain) -> float:
    """Size of the rounding error of an energy/J."""
    return 4.0 * EPSILON * chain.scale
