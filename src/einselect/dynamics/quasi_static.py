r"""Classical noise that stands still within a shot: Gaussian and algebraic decay, beside the Markovian exponential.

In each shot H + δO, δ drawn from a Gaussian of width σ and constant in time. What is left of the element |a><b|, in the
frame that turns with H, is

    S_ab(t) = ∫ dδ p(δ) <a|V_δ|a> <b|V_δ|b>*,      V_δ = e^(iHt) e^(-i(H + δO)t).

White noise of power γ gives exp(-Γ_ab t) with the Γ_ab of Eq. 12; static noise has the same moments in t² instead:

    |S_ab| = 1 - σ² t² Γ_ab/γ + ...,

so that both fall together until t = γ/σ², whatever the two states are, and η is that of white noise. Later it matters
how tunnelling turns the noise. With ΔE(δ) = ΔE + Dδ + ½Cδ², D = O_11 - O_00, and δ small in the sense 2σJ01 << ΔE,

    S_01 = exp(-½ D²σ²t²/(1 - iCσ²t))/√(1 - iCσ²t),      S_PR = ½(1 + Re S_01).

Even O (Jx): D = ∂ΔE/∂δ, and both fall as a Gaussian, S_PR to ½ only; the doublet alone has C = 0 and this is exact.
Odd O (Jz): D = 0, and the doublet alone has ΔE(δ) = sqrt(ΔE² + (2δJ01)²), C = 4J01²/ΔE: the decay is algebraic, ρ_01 is
protected to second order. In the opposite limit, 2σJ01 >> ΔE, tunnelling does not matter before the decay is over:

    S_PR = exp(-2σ²J01²t²),      S_01 = ½(1 + S_PR).

Which coherence is better off. White noise, and static noise that is strong, take twice as much of ρ_PR as of ρ_01. Weak
static noise reverses that: both lose in second order only, and ρ_PR keeps the half that is the populations of |E0> and
|E1>, which noise without power at ΔE does not move. So tunnelling protects both from static noise, and the pointer
coherence not less.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError, ResolutionError
from ..level_set import LevelSet
from .lindbladian import check_times
from .static_limits import frozen_retention, perturbative_retention
from .static_meeting import Meeting, meeting_of
from .static_shots import gaussian_shots

__all__ = ["Meeting", "QuasiStaticNoise", "frozen_retention", "perturbative_retention"]

Array = NDArray[np.float64]
Matrix = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class QuasiStaticNoise:
    """Classical noise δ·O, constant within a shot and Gaussian from shot to shot, on the lowest levels.

    Parameters
    ----------
    levels : LevelSet
        What O is projected on; `model.levels(2)` is the doublet alone.
    operator : str, operator or matrix
        O, Hermitian, as `Levels.matrix` takes it.
    width : float
        σ >= 0: O being a number, an energy in the levels' unit.

    Raises
    ------
    InputError
        For an O that is not Hermitian or a σ below zero.

    Notes
    -----
    Averages are sums over a lattice of δ, one diagonalisation of the kept levels a point. Both V_δ together are entire
    in δ of exponential type t(o_max - o_min), o the eigenvalues of O, so that on a lattice of spacing h the error is at
    most 2 exp(-½(2π/h - κ)²), κ = σt(o_max - o_min): the spacing is chosen for that to be below rounding.

    Examples
    --------
    Noise of the field Γ: the decay of ρ_01 is Gaussian.

    >>> import numpy as np
    >>> from einselect import LMG
    >>> from einselect.dynamics.quasi_static import QuasiStaticNoise
    >>> noise = QuasiStaticNoise(LMG(spins=50, field=0.9).levels(6), "Jx", width=1e-4)
    >>> t = 1.0 / (noise.width * abs(noise.slope))
    >>> print(f"{abs(noise.retention('E0', 'E1', [t])[0]):.4f} {np.exp(-0.5):.4f}")
    0.6065 0.6065
    """

    levels: LevelSet
    operator: Any
    width: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", _checks.non_negative("width", self.width))
        _checks.whole("levels", len(self.levels), 2)
        skew, size = np.abs(self._given - self._given.conj().T).max(), np.abs(self._given).max()
        if skew > 1e-12 * size:
            raise InputError(f"operator must be Hermitian; got |O - O†| = {skew:.3g} on the levels")

    @cached_property
    def _given(self) -> NDArray[Any]:
        return np.asarray(self.levels.matrix(self.operator))

    @cached_property
    def coupling(self) -> NDArray[Any]:
        """O on the levels, shape (k, k)."""
        return np.asarray(0.5 * (self._given + self._given.conj().T))

    @property
    def splitting(self) -> float:
        """ΔE."""
        return float(self.levels.excitations[1])

    @property
    def slope(self) -> float:
        """D = ∂ΔE/∂δ = O_11 - O_00; 0 for an odd O."""
        return float((self.coupling[1, 1] - self.coupling[0, 0]).real)

    @property
    def curvature(self) -> float:
        """C = ∂²ΔE/∂δ² in second-order perturbation theory on these levels; 4 J01²/ΔE for an odd O on the doublet.

        ResolutionError where ΔE, or the distance of another level, is below rounding.
        """
        shifts = []
        for n in (0, 1):
            others = np.arange(len(self.levels)) != n
            distance = self.levels.excitations[n] - self.levels.excitations[others]
            if not np.all(distance):
                raise ResolutionError("levels must be apart for a second-order shift; got two of the same energy")
            shifts.append(2.0 * float((np.abs(self.coupling[others, n]) ** 2 / distance).sum()))
        return shifts[1] - shifts[0]

    @property
    def strength(self) -> float:
        """2σ|O_01|/ΔE: tunnelling protects below 1, and does not matter above; inf where ΔE is below rounding."""
        size = 2.0 * self.width * float(abs(self.coupling[0, 1]))
        return size / self.splitting if self.splitting else math.inf

    def rate(self, a: int | str | ArrayLike, b: int | str | ArrayLike, gamma: float = 1.0) -> float:
        """Γ_ab of Eq. 12 for white noise of power γ on the same operator and the same levels."""
        power, (bra, ket) = _checks.non_negative("gamma", gamma), self._states(a, b)
        means = [complex(v.conj() @ self.coupling @ v) for v in (bra, ket)]
        seconds = [float(np.linalg.norm(self.coupling @ v) ** 2) for v in (bra, ket)]
        return 0.5 * power * (seconds[0] + seconds[1] - 2.0 * (means[0] * means[1].conjugate()).real)

    def retention(self, a: int | str | ArrayLike, b: int | str | ArrayLike, times: ArrayLike) -> Matrix:
        """S_ab(t), what is left of |a><b| on average over the shots.

        Parameters
        ----------
        a, b : int, str, or array_like
            States as in `LevelSet.state`.
        times : array_like, shape (t,)
            Ascending, >= 0.

        Returns
        -------
        ndarray, shape (t,)
            Complex; 1 at t = 0.

        Raises
        ------
        ResolutionError
            If the noise turns phases so far that more than 200000 shots would be summed.
        """
        grid, (bra, ket) = check_times(times), self._states(a, b)
        turned = np.exp(1j * np.outer(grid, self.levels.excitations))
        result = np.zeros(len(grid), dtype=complex)
        for weights, energies, vectors in self._shots(grid):
            # <a|e^(iHt)|n_δ> for every time, and <n_δ|a>.
            rows = [np.einsum("tk,skn->tsn", v.conj() * turned, vectors) for v in (bra, ket)]
            columns = [np.einsum("skn,k->sn", vectors.conj(), v) for v in (bra, ket)]
            phases = np.exp(-1j * grid[:, None, None] * energies)
            first, second = (
                np.einsum("tsn,tsn,sn->ts", row, phases, column) for row, column in zip(rows, columns, strict=True)
            )
            result += (first * second.conj()) @ weights
        return result

    def average(self, rho0: ArrayLike, times: ArrayLike) -> Matrix:
        """ρ(t) on the levels, averaged over the shots, in the frame at rest.

        Parameters
        ----------
        rho0 : array_like, shape (k, k)
            Density matrix (or any operator) on the levels.
        times : array_like, shape (t,)

        Returns
        -------
        ndarray, shape (t, k, k)
        """
        grid, k = check_times(times), len(self.levels)
        start = np.asarray(rho0, dtype=complex)
        if start.shape != (k, k) or not np.all(np.isfinite(start)):
            raise InputError(f"rho0 must be a finite {k} x {k} matrix; got shape {start.shape}")
        result = np.zeros((len(grid), k, k), dtype=complex)
        for weights, energies, vectors in self._shots(grid):
            inside = vectors.conj().transpose(0, 2, 1) @ start @ vectors
            for i, time in enumerate(grid):
                phase = np.exp(-1j * time * energies)
                moved = vectors @ (phase[:, :, None] * inside * phase.conj()[:, None, :])
                result[i] += np.einsum("s,sab->ab", weights, moved @ vectors.conj().transpose(0, 2, 1))
        return result

    def meeting(self, a: int | str | ArrayLike, b: int | str | ArrayLike, gamma: float) -> Meeting:
        """When static noise has taken as much of |a><b| as white noise of power γ: near γ/σ² where that is early.

        Static noise is the slower one at first, and may stay so.

        Parameters
        ----------
        a, b : int, str, or array_like
        gamma : float
            γ > 0.

        Returns
        -------
        Meeting
        """
        return meeting_of(self, a, b, gamma)

    def _states(self, a: int | str | ArrayLike, b: int | str | ArrayLike) -> list[Matrix]:
        return [np.asarray(self.levels.state(which), dtype=complex) for which in (a, b)]

    def _shots(self, times: Array) -> Iterator[tuple[Array, Array, NDArray[Any]]]:
        return gaussian_shots(self.levels.excitations, self.coupling, self.width, times)
