"""Where slow modes of the full Liouvillian are to be looked for: all of operator space, frequency by frequency.

In the energy basis the Liouvillian is -iω_ab on each |a><b| plus a dissipator that is weak for weak damping. It
couples operators of different ω only to second order. So it is cut into windows of ω, each small enough for a
dense solver. Each window with a margin on both sides gives its modes with an error that the margin suppresses;
`slow_modes` then solves for them in the whole space.

A mode with decay rate r that turns at ω cannot hide elsewhere. Let 𝓛 = -i𝓐 - 𝓓 with 𝓓 >= 0, as for Hermitian jump
operators, x a normalised eigenoperator, P the projector on all |a><b| within W of ω, Q = 1 - P. Then <x|𝓓x> = r,
‖Qx‖ <= ‖𝓓‖^½ r^½ / W from the Q part of the eigenvalue equation, and so

    λ_min(P𝓓P) <= r (1 + ‖𝓓‖/W)² / (1 - ‖𝓓‖ r/W²).

Windows where P𝓓P is larger, which a Cholesky factorisation tells, hold no mode as slow as r. This is a proof and
not an estimate; it settles all high frequencies. The others are searched by the dense solver.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .full_frame import Array, Frame, Sparse
from .slow_candidates import REAL, Candidate, merged, rate_of

Complex = NDArray[np.complex128]
Index = NDArray[np.intp]
_TARGET = 130  # pairs of levels in a window: cheap for a dense solver, many for one window
_LARGEST = 700
_OVERLAP = 1.05


@dataclass(frozen=True)
class Search:
    """What the screening found and how far it went.

    Attributes
    ----------
    candidates : list of Candidate
        With Im λ <= 0 (the others are their conjugates), slowest first.
    windows, excluded : int
        Windows looked at, and those of them that the bound excludes.
    highest : float
        Largest frequency that was searched or excluded.
    """

    candidates: list[Candidate]
    windows: int
    excluded: int
    highest: float


class EnergyBasis:
    """The Liouvillian between operators |a><b| of energy levels.

    Attributes
    ----------
    energies : ndarray, shape (n,)
        All levels, ascending.
    vectors : ndarray, shape (N + 1, n)
        In the Dicke basis, as columns.
    hermitian : bool
        Whether all jump operators are Hermitian.
    """

    def __init__(self, frame: Frame, jumps: Sequence[tuple[float, Sparse]]) -> None:
        columns = [frame.maps[p].T @ frame.vectors[p] for p in range(len(frame.parities))]
        order = frame.order
        self.vectors: Array = np.stack([columns[p][:, i] for p, i in order], axis=1)
        energies = np.array([frame.energies[p][i] for p, i in order])
        self.energies: Array = energies - energies[0]
        self._parities = np.array([frame.parities[p] for p, _ in order])
        self._jumps = [math.sqrt(rate) * (self.vectors.T @ (matrix @ self.vectors)) for rate, matrix in jumps]
        self._damping: NDArray[Any] = np.zeros((len(order), len(order)))
        for (rate, matrix), jump in zip(jumps, self._jumps, strict=True):
            square = rate * (matrix.conj().T @ matrix)
            self._damping = self._damping + 0.5 * (self.vectors.T @ (square @ self.vectors))
            # What parity forbids is exactly zero.
            jump[np.abs(jump) <= 1e-14 * np.abs(jump).max()] = 0.0
        self.hermitian = all(abs(matrix - matrix.conj().T).max() <= 1e-13 * abs(matrix).max() for _, matrix in jumps)

    def pairs(self, sector: str) -> tuple[Index, Index, Array]:
        """Levels a, b and ω_ab = E_a - E_b of all operators of a sector, by ascending ω."""
        a, b = (x.ravel() for x in np.indices((len(self.energies), len(self.energies))))
        if sector != "all":
            like = self._parities[a] == self._parities[b]
            keep = like if sector == "populations" else ~like
            a, b = a[keep], b[keep]
        frequencies = self.energies[a] - self.energies[b]
        order = np.argsort(frequencies, kind="stable")
        return a[order], b[order], frequencies[order]

    def dissipator(self, a: Index, b: Index) -> NDArray[Any]:
        """Its matrix between the operators |a><b|."""
        rows_a, rows_b = a[:, None], b[:, None]
        result: NDArray[Any] = -self._damping[rows_a, a] * (rows_b == b)
        result -= self._damping[rows_b, b].conj() * (rows_a == a)
        for jump in self._jumps:
            result = result + jump[rows_a, a] * jump[rows_b, b].conj()
        return result


class Windows:
    """All windows of one sector: half width `width`, of which the outer half is margin, `width` apart."""

    def __init__(self, basis: EnergyBasis, sector: str, norm: float) -> None:
        self._basis = basis
        self._a, self._b, self._omega = basis.pairs(sector)
        spread = float(self._omega[-1]) or 1.0
        central = int(np.searchsorted(self._omega, 0.25 * spread) - np.searchsorted(self._omega, 0.0)) or 1
        self.width = max(_TARGET * 0.25 * spread / central / 2.0, 2.0 * norm)
        # The largest window holds the populations, all at ω = 0.
        while self._count(0.0) > _LARGEST + len(basis.energies) and self.width > 2.0 * spread / len(self._omega):
            self.width *= 0.8
        self.centres = np.arange(0.0, spread + self.width, self.width)
        self._norm = norm

    def _count(self, centre: float, width: float | None = None) -> int:
        return len(self.members(centre, width)[0])

    def members(self, centre: float, width: float | None = None) -> tuple[Index, Index, Array]:
        """Operators |a><b| in a window, with their frequencies."""
        half = self.width if width is None else width
        low, high = np.searchsorted(self._omega, (centre - half, centre + half))
        return self._a[low:high], self._b[low:high], self._omega[low:high]

    def threshold(self, rate: float) -> float:
        """Value that λ_min(P𝓓P) must exceed to exclude modes that decay at `rate` or slower."""
        margin = 0.5 * self.width
        rest = 1.0 - self._norm * rate / margin**2
        return rate * (1.0 + self._norm / margin) ** 2 / rest if rest > 0.0 else math.inf

    def matrix(self, centre: float, width: float | None = None) -> Complex:
        """The Liouvillian in a window."""
        a, b, omega = self.members(centre, width)
        result = self._basis.dissipator(a, b).astype(complex)
        result[np.diag_indices(len(a))] -= 1j * omega
        return result

    def excluded(self, centre: float, rate: float) -> bool:
        """Whether the bound rules out modes as slow as `rate` in the core of a window."""
        from scipy.linalg import lapack

        limit = self.threshold(rate)
        if not math.isfinite(limit):
            return False
        a, b, _ = self.members(centre)
        if not len(a):
            return True
        matrix = -self._basis.dissipator(a, b)
        matrix[np.diag_indices(len(a))] -= limit
        factorise = lapack.zpotrf if np.iscomplexobj(matrix) else lapack.dpotrf
        _, info = factorise(matrix, lower=1, overwrite_a=1)
        return bool(info == 0)

    def modes(self, centre: float) -> list[Candidate]:
        """Approximate modes of the core of a window with Im λ <= 0, from one or two parts of it."""
        from scipy.linalg import eigvals

        # The window around ω = 0 stays whole: it is its own mirror image, which keeps real eigenvalues real.
        whole = centre == 0.0 or self._count(centre) <= _TARGET // 2 or self.width <= 2.0 * self._norm
        parts = [(0.0, 1.0)] if whole else [(-0.25, 0.5), (0.25, 0.5)]
        result = []
        for shift, scale in parts:
            middle, width = centre + shift * self.width, scale * self.width
            if not self._count(middle, width):
                continue
            values = eigvals(self.matrix(middle, width), overwrite_a=True, check_finite=False)
            core = (np.abs(values.imag + middle) <= 0.5 * _OVERLAP * width) & (values.imag <= REAL * self.width)
            result += [Candidate(complex(v), middle, width) for v in values[core]]
        return result


def search(basis: EnergyBasis, sector: str, count: int, norm: float) -> tuple[Search, Windows]:
    """Approximate slowest modes of a sector, from all frequencies.

    Parameters
    ----------
    basis : EnergyBasis
    sector : str
        "populations", "coherences" or "all".
    count : int
        How many are wanted, conjugates counted.
    norm : float
        Bound of ‖𝓓‖.
    """
    windows = Windows(basis, sector, norm)
    found: list[Candidate] = []
    rate, excluded = math.inf, 0
    for centre in windows.centres:
        # Candidates are good to second order: a tenth more than the slowest wanted keeps those that may come before.
        if basis.hermitian and math.isfinite(rate) and windows.excluded(float(centre), 1.1 * rate):
            excluded += 1
            continue
        found = merged(found, windows.modes(float(centre)))
        found.sort(key=lambda c: -c.eigenvalue.real)
        rate = rate_of(found, count, windows.width)
        if math.isfinite(rate):
            found = [c for c in found if -c.eigenvalue.real <= 2.0 * rate]
    return Search(found, len(windows.centres), excluded, float(windows.centres[-1])), windows
