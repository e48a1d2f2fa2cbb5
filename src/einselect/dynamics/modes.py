"""Modes of the Liouvillian on the kept levels: slowest eigenvalues, plateaus, steady states.

The slowest modes of dephasing are energy diffusion over the *whole* spectrum. On a few low levels they come out
wrong; what is right there are the modes that live on those levels (the doublet's). `slow_modes` has the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError

if TYPE_CHECKING:
    from .lindbladian import Lindbladian
    from .sectors import Sector

Complex = NDArray[np.complex128]


@dataclass(frozen=True)
class Mode:
    """One mode: 𝓛 R = λ R, 𝓛† Λ = λ* Λ, Tr(Λ†R) = 1.

    Attributes
    ----------
    eigenvalue : complex
        λ; it decays at -Re λ and turns at Im λ.
    sector : str
    right, left : ndarray, shape (k, k)
    """

    eigenvalue: complex
    sector: str
    right: Complex
    left: Complex


@dataclass(frozen=True)
class Plateau:
    """A metastable time span: `modes` modes have not decayed, all faster ones have.

    Attributes
    ----------
    modes : int
        Number of modes that still live, the steady states among them.
    begin, end : float
        1/rate of the next faster mode and of the fastest of those that live; end is inf for steady states only.
    """

    modes: int
    begin: float
    end: float


@dataclass(frozen=True)
class Modes:
    """Slowest modes, slowest first.

    Attributes
    ----------
    modes : tuple of Mode
    gap : float
        Liouvillian gap: the smallest decay rate above zero among all modes of the sectors looked at.
    plateaus : tuple of Plateau
        Gaps of a factor of ten or more between neighbouring decay rates.
    note : str
    """

    modes: tuple[Mode, ...]
    gap: float
    plateaus: tuple[Plateau, ...]
    note: str

    @property
    def eigenvalues(self) -> Complex:
        """λ of each mode."""
        return np.array([mode.eigenvalue for mode in self.modes])


@dataclass(frozen=True)
class SteadyStates:
    """Steady states on the levels.

    Attributes
    ----------
    rho : ndarray, shape (k, k)
        The steady state reached from the identity on the levels.
    unique : bool
    count : int
        Dimension of the space of steady operators.
    residual : float
        Largest element of 𝓛 rho.
    """

    rho: Complex
    unique: bool
    count: int
    residual: float


def _picked(lindbladian: Lindbladian, name: str | None) -> list[Sector]:
    if name is None:
        return lindbladian.sectors
    names = [sector.name for sector in lindbladian.sectors]
    if name not in names:
        raise InputError(f"sector must be one of {', '.join(names)}; got {name!r}")
    return [sector for sector in lindbladian.sectors if sector.name == name]


def slowest_modes(lindbladian: Lindbladian, count: int, sector: str | None) -> Modes:
    """The `count` slowest modes of one sector or of all, with left and right eigenoperators."""
    from scipy.linalg import eig

    _checks.whole("count", count, 1)
    k = len(lindbladian.levels)
    found: list[tuple[complex, Sector, Complex, Complex]] = []
    for part in _picked(lindbladian, sector):
        values, left, right = eig(part.generator, left=True, right=True)
        order = np.argsort(-values.real, kind="stable")
        found += [(complex(values[i]), part, right[:, i], left[:, i]) for i in order]
    if count > len(found):
        raise InputError(f"count must be at most the {len(found)} modes on {k} levels; got {count}")
    found.sort(key=lambda entry: (-entry[0].real, abs(entry[0].imag)))
    scale = max(abs(entry[0]) for entry in found)
    rates = np.array([-entry[0].real for entry in found])
    zero = rates <= 1e-12 * scale
    alive = rates[~zero]
    modes = []
    for value, part, right, left in found[:count]:
        pair = np.zeros((2, k, k), dtype=complex)
        for slot, vector in zip(pair, (right, left), strict=True):
            for factor, piece in ((1.0, vector.real), (1.0j, vector.imag)):
                operator = np.zeros((1, k, k), dtype=complex)
                part.add_operators(np.ascontiguousarray(piece)[None], operator)
                slot += factor * operator[0]
        overlap = np.vdot(pair[1], pair[0])
        modes.append(Mode(value, part.name, pair[0], pair[1] / np.conj(overlap)))
    steps = np.concatenate((np.zeros(int(zero.sum())), alive))
    plateaus = tuple(
        Plateau(i, float(1.0 / steps[i]), float(1.0 / steps[i - 1]) if steps[i - 1] > 0.0 else float("inf"))
        for i in range(1, len(steps))
        if steps[i] > 10.0 * steps[i - 1]
    )
    note = f"on {k} of {lindbladian.levels.dimension} levels"
    if k < lindbladian.levels.dimension:
        note += ": modes of energy diffusion over higher levels are not among them"
    return Modes(tuple(modes), float(alive.min()) if len(alive) else 0.0, plateaus, note)


def steady_states(lindbladian: Lindbladian) -> SteadyStates:
    """Steady states: the projection of the identity on the kernel of the Liouvillian, and the kernel's dimension."""
    from scipy.linalg import null_space

    k = len(lindbladian.levels)
    identity = np.eye(k, dtype=complex) / k
    rho = np.zeros((1, k, k), dtype=complex)
    total, worst = 0, 0.0
    for part in lindbladian.sectors:
        right, left = null_space(part.generator), null_space(part.generator.T)
        total += right.shape[1]
        if right.shape[1]:
            weights = np.linalg.solve(left.T @ right, left.T @ part.coordinates(identity))
            vector = right @ weights
            part.add_operators(vector[None], rho)
            worst = max(worst, float(np.abs(part.generator @ vector).max()))
    return SteadyStates(rho[0], total == 1, total, worst)
