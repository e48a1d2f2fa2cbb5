"""The correlator C(t) of a dichotomic readout in a doublet, by five descriptions of growing truth.

    A   c cos(ΔE t) exp(-γ G_loc t)                the mean-field rate
    B   c cos(ΔE t) exp(-Γ_01 t)                   the rate of ρ_01, secular: γ G01 for an odd L
    two-level   c e^{-Λt}(cos Ωt + (Λ/Ω) sin Ωt)   Λ = γ J01², Ω² = ΔE² - Λ²: the Lindblad equation on the doublet
    C   the Lindblad equation on the five lowest levels, operators projected on them
    converged   the Lindblad equation with every level (`two_time`), or settled on many (`level_correlation`)

The closed form of the third is that of L = L†; any other L of a doublet takes the same equation on two levels.
c = <E0|Q|E1>². On the doublet Q = √c σ_x: ½{σ_x, ρ} = ½(σ_x + r_x 1), and dephasing leaves 1 alone, so that the first
three do not depend on the initial state. With dρ/dt = -i[H, ρ] + Λ(σ_x ρ σ_x - ρ) and x, y the components that start
as σ_x, x' = ΔE y, y' = -ΔE x - 2Λ y: x'' + 2Λ x' + ΔE² x = 0, x(0) = 1, x'(0) = 0.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dynamics.propagate import Flow
from ..dynamics.sectors import build_sectors
from ..errors import InputError, PhaseError, ResolutionError
from ..jump_doublet import doublet_of
from ..level_set import LevelSet
from ..models.base import is_spin, most_levels
from ..spin import diagonal
from .level_correlation import LevelCorrelation
from .spectral_readout import Applied, SpectralReadout
from .two_time import Correlation, correlation, evolved, parity_part
from .whole_space import Array, WholeSpace, checked, whole_space

NAMES = ("A", "B", "C", "two-level", "converged")
FORMULAS = ("A", "B", "two-level")
"""Closed forms of the doublet, the same for every initial state."""

_C_LEVELS = 5

State = Callable[[LevelSet], NDArray[np.complex128]]
"""Density matrix over given levels."""


def damped_oscillation(times: Array, splitting: float, damping: float) -> Array:
    """x(t) of x'' + 2Λ x' + ΔE² x = 0, x(0) = 1, x'(0) = 0, for Λ below, at and above ΔE.

    Examples
    --------
    >>> import numpy as np
    >>> from einselect.protocols.correlators import damped_oscillation
    >>> damped_oscillation(np.array([0.0, np.pi]), 1.0, 0.0)
    array([ 1., -1.])
    """
    root = cmath.sqrt(damping - splitting) * cmath.sqrt(damping + splitting)  # squares would overflow
    if abs(root) * float(times[-1]) < 1e-6:
        return np.asarray(np.exp(-damping * times) * (1.0 + damping * times))
    # Two exponentials: with cosh and sinh of large arguments the product e^{-Λt} cosh would overflow.
    slow, fast = root - damping, -root - damping
    if root.real > 0.0:
        slow = complex(-splitting * splitting / (damping + root.real))
    values = ((root + damping) * np.exp(slow * times) + (root - damping) * np.exp(fast * times)) / (2.0 * root)
    return np.asarray(values.real)


@dataclass(frozen=True)
class Correlator:
    """C(0, t) of a readout Q = f(Z) from one initial state, by one of the descriptions.

    Attributes
    ----------
    model : LMG or alike
    description : str or int
        "A", "B", "C", "two-level", "converged", or a number of levels to project on.
    readout : callable
        f, from an array of eigenvalues of Z to values within ±1.
    state : callable
        Gives ρ(0) over levels.
    operator : str or operator
        Z: what is read.
    jump : str or operator, optional
        L: what dephases. Default: Z, for a collective spin.
    """

    model: Any
    description: str | int
    readout: Callable[[Array], Any]
    state: State
    operator: Any = "Jz"
    jump: Any = None

    # A state that has evolved already: the (n, k) matrix over all levels and its error in the trace norm.
    evolved_state: tuple[NDArray[np.complex128], float] | None = None

    @cached_property
    def spin(self) -> bool:
        """Whether it is a collective spin that is read and dephased by one operator, with every level at hand."""
        return is_spin(self.model) and self.jump is None

    @cached_property
    def space(self) -> WholeSpace:
        """Every level of the model."""
        return whole_space(self.model, self.operator)

    @cached_property
    def matrix(self) -> Array:
        """Q over all levels."""
        return self.space.function(within_one(self.readout))

    @cached_property
    def doublet(self) -> Any:
        """The model's doublet, under what dephases."""
        if self.jump is None:
            return self.model.doublet()
        if hasattr(self.model, "operator") and isinstance(self.jump, str):
            return self.model.doublet(self.jump)
        kept = self.model.levels(min(4, most_levels(self.model)))
        return doublet_of(kept, self.jump, order=self.operator, source=self.model)

    @property
    def splitting(self) -> float:
        """ΔE; ResolutionError where only a bound on it is known."""
        if self.doublet.splitting_bound is not None:
            raise ResolutionError(
                f"ΔE must be resolved for a Leggett-Garg test; it is only known to be below "
                f"{self.doublet.splitting_bound:.2g}"
            )
        return float(self.doublet.splitting)

    @property
    def contrast(self) -> float:
        """c = |<E0|Q|E1>|²."""
        return float(abs(self.readout_on_levels[0, 1]) ** 2)

    @property
    def closed(self) -> bool:
        """Whether the description is a closed form, the same for every initial state."""
        return self.description in FORMULAS and (self.spin or self.description != "two-level")

    @property
    def read_name(self) -> str:
        """Name of Z."""
        return _name(self.operator)

    @property
    def jump_name(self) -> str:
        """Name of L."""
        return _name(self._dephasing)

    @property
    def odd(self) -> bool:
        """Whether Q changes sign under the parity."""
        if not is_spin(self.model):
            levels: Any = self._levels
            return SpectralReadout(levels, self.operator).is_odd(self.readout)
        m = 0.5 * np.arange(self.model.spins % 2, self.model.spins + 1, 2)
        return bool(np.all(np.asarray(self.readout(-m)) == -np.asarray(self.readout(m))))

    def applied(self, levels: Any) -> Applied:
        """Q on given levels, and what it carries beyond them."""
        q = within_one(self.readout)
        if not is_spin(self.model):
            return SpectralReadout(levels, self.operator).apply(q)
        k = len(levels)
        if isinstance(self.operator, str) and self.operator == "Jz":
            matrix, square = (levels.matrix(diagonal(f, "Q")) for f in (q, lambda m: q(m) ** 2))
        else:
            matrix, square = self.matrix[:k, :k], (self.matrix @ self.matrix)[:k, :k]
        return Applied(matrix, square - matrix @ matrix)

    @cached_property
    def settled(self) -> LevelCorrelation:
        """The correlator on many levels, under any jump operator."""
        return LevelCorrelation(self.model, self._dephasing, self.applied, self.state)

    @property
    def _dephasing(self) -> Any:
        return self.operator if self.jump is None else self.jump

    @property
    def projected(self) -> int:
        """Levels that C or a number projects on; 2 for the others but "converged"."""
        if self.description == "C":
            return min(_C_LEVELS, most_levels(self.model))
        return self.description if not isinstance(self.description, str) else 2

    def values(self, gammas: Array, times: Array, tolerance: float = 1e-7) -> Correlation:
        """C(0, t) for each γ.

        Parameters
        ----------
        gammas : ndarray, shape (g,)
        times : ndarray, shape (t,)
            Ascending, >= 0.
        tolerance : float
            For "converged"; the other descriptions are exact in what they say.

        Returns
        -------
        Correlation
            ``values`` (g, t).
        """
        if self.description == "converged" and not self.spin:
            return self.settled.values(gammas, times, tolerance)
        if self.description == "converged":
            rho, before = self.whole_state
            found = correlation(self.space, self.matrix, rho, gammas.tolist(), times, tolerance)
            return replace(found, error=found.error + before)
        if self.closed:
            rows = [self.contrast * self._closed(gamma, times) for gamma in gammas.tolist()]
        else:
            rows = [self._on_levels(gamma, times) for gamma in gammas.tolist()]
        if not np.all(np.isfinite(rows)):
            raise ResolutionError(
                f"gamma and the times must be small enough for the exponential of the Liouvillian; got "
                f"{gammas.max():.3g} and {times[-1]:.3g}"
            )
        return Correlation(np.array(rows), 0.0, self.projected, 0)

    @property
    def whole_state(self) -> tuple[NDArray[np.complex128], float]:
        """ρ with every level on its ket side, and its error."""
        if self.evolved_state is not None:
            return self.evolved_state
        rho = self.state(self.space.levels)
        whole = np.zeros((len(self.space), len(rho)), dtype=complex)
        whole[: len(rho)] = rho
        return whole, 0.0

    def later(self, gamma: float, time: float, tolerance: float = 1e-7) -> Correlator:
        """The same correlator for the state that has evolved for a time."""
        if self.closed:
            return self  # these do not depend on the state
        if self.description == "converged" and not self.spin:
            found = replace(self)
            found.__dict__["settled"] = self.settled.later(gamma, time)  # where a cached property keeps its value
            return found
        if self.description == "converged":
            start, before = self.whole_state
            # Of an odd readout only the part that keeps parity is ever asked for.
            signs = (1, -1) if np.any(parity_part(self.space, self.matrix, 1)) else (1,)
            parts = [evolved(self.space, parity_part(self.space, start, s), s, gamma, time, tolerance) for s in signs]
            rho = np.zeros((len(self.space), max(part.shape[1] for part, _ in parts)), dtype=complex)
            for part, error in parts:
                rho[:, : part.shape[1]] += part
                before += error
            return replace(self, evolved_state=(rho, before))
        return replace(self, state=lambda levels: self._evolved_on_levels(levels, gamma, time))

    def _evolved_on_levels(self, levels: LevelSet, gamma: float, time: float) -> NDArray[np.complex128]:
        rho = _padded(self.state(levels), len(levels))
        moved = np.zeros((1, len(levels), len(levels)), dtype=complex)
        for sector in build_sectors(levels.excitations, levels.parities, [(gamma, levels.matrix(self._dephasing))]):
            start = sector.coordinates(rho)
            if np.any(start):
                sector.add_operators(Flow(sector.generator, np.array([time])).forward(start), moved)
        result: NDArray[np.complex128] = moved[0]
        return result

    def _closed(self, gamma: float, times: Array) -> Array:
        d = self.doublet
        if self.description == "two-level":
            return damped_oscillation(times, d.splitting, gamma * d.j01**2)
        moment = self.mean_field_moment if self.description == "A" else d.eigenstate_moment
        return np.asarray(np.cos(self.splitting * times) * np.exp(-gamma * moment * times))

    @property
    def mean_field_moment(self) -> float:
        """G_loc, of level A; PhaseError where the model has none."""
        if self.spin:
            return float(self.doublet.source.mean_field_moment)
        if self.doublet.g_loc is None:
            raise PhaseError(
                f"level must be another than 'A', which needs a mean field of {self.doublet.jump}; got 'A'"
            )
        return float(self.doublet.g_loc)

    @cached_property
    def _levels(self) -> LevelSet:
        levels: LevelSet = self.model.levels(self.projected)
        return levels

    def _on_levels(self, gamma: float, times: Array) -> Array:
        """Re Tr[Q e^{𝓛t} ½{Q, ρ}] on the lowest levels."""
        levels, k = self._levels, self.projected
        q = self.readout_on_levels
        rho = _padded(self.state(levels), k)
        started = 0.5 * (q @ rho + rho @ q)
        total = np.zeros(len(times))
        for sector in build_sectors(levels.excitations, levels.parities, [(gamma, levels.matrix(self._dephasing))]):
            start, end = sector.coordinates(started), sector.coordinates(q.astype(complex))
            if np.any(start) and np.any(end):
                total += Flow(sector.generator, times).forward(start) @ end
        return total

    @cached_property
    def readout_on_levels(self) -> Array:
        """PQP. Bands in m give it on the few levels; another operator than Jz has to be diagonalised on all of them."""
        if not is_spin(self.model):
            return self.applied(self._levels).matrix
        if isinstance(self.operator, str) and self.operator == "Jz":
            return np.asarray(self._levels.matrix(diagonal(within_one(self.readout), "Q")))
        return np.asarray(self.matrix[: self.projected, : self.projected])


def _name(op: Any) -> str:
    return op if isinstance(op, str) else str(getattr(op, "name", "matrix"))


def _padded(rho: NDArray[np.complex128], size: int) -> NDArray[np.complex128]:
    """ρ over `size` levels; a thermal state that needs more of them is cut and normalised again."""
    if len(rho) > size:
        cut = rho[:size, :size]
        return np.asarray(cut / np.trace(cut).real)
    result = np.zeros((size, size), dtype=complex)
    result[: len(rho), : len(rho)] = rho
    return result


def within_one(f: Callable[[Array], Any]) -> Callable[[Array], Array]:
    """The same readout, refusing values beyond ±1: the bounds of macrorealism and of the errors rest on them."""
    finite = checked(f)

    def values(at: Array) -> Array:
        found = finite(at)
        largest = float(np.abs(found).max(initial=0.0))
        if largest > 1.0:
            raise InputError(f"readout must have values from -1 to 1; got {largest!r} in size")
        return found

    return values


def sign(m: Array) -> Array:
    """sgn(m), zero at m = 0: the readout "which well?"."""
    return np.sign(m)
