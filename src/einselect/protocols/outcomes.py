"""Probabilities of what a readout shows: every eigenvalue of an operator told apart, or only its sign.

Of a collective spin Jz is read, m by m. Of other systems an operator O of the model, on the basis of its Hamiltonian:
an O that leads out of that basis, such as a + a†, is the one cut off with it when all its values are told apart, and
has its exact sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..level_set import LevelSet
from ..matrix_levels import MatrixLevels
from .readout import by_sign, probabilities
from .spectral_readout import SpectralReadout

Array = NDArray[np.float64]
_EQUAL = 1e-9  # eigenvalues closer than this, relative to the largest, are one outcome


@dataclass(frozen=True)
class Outcomes:
    """What reading an operator shows of states on given levels.

    Parameters
    ----------
    levels : LevelSet
    operator : str or operator
        O, of a system that is no collective spin; else Jz is read.
    """

    levels: LevelSet
    operator: Any = "Jz"

    @cached_property
    def _spectral(self) -> SpectralReadout | None:
        return SpectralReadout(self.levels, self.operator) if isinstance(self.levels, MatrixLevels) else None

    @cached_property
    def _amplitudes(self) -> tuple[NDArray[Any], NDArray[np.intp], int]:
        """Amplitudes of the levels on the eigenstates of O, and which outcome each of these is."""
        if self._spectral is None:
            psi = self.levels.dicke_vectors()
            return psi, np.arange(psi.shape[1]), psi.shape[1]
        values = self._spectral.eigenvalues
        order = np.argsort(values)
        steps = np.diff(values[order]) > _EQUAL * float(np.abs(values).max())
        which = np.empty(len(values), dtype=np.intp)
        which[order] = np.concatenate(([0], np.cumsum(steps)))
        return self._spectral.amplitudes, which, int(which.max()) + 1

    @cached_property
    def _signs(self) -> NDArray[Any] | None:
        """The sign of O on the levels, of a system that is no collective spin."""
        return None if self._spectral is None else self._spectral.apply(np.sign).matrix

    @cached_property
    def _zeros(self) -> NDArray[Any] | None:
        """Projector on the states that O sends to zero."""
        if self._spectral is None or self._spectral.op.sign is not None:
            return None
        if not np.any(self._spectral.eigenvalues == 0.0):
            return None
        return self._spectral.apply(lambda o: 1.0 - np.sign(o) ** 2).matrix

    def values(self, rho: NDArray[Any]) -> Array:
        """p(o) of one density matrix, or of what takes its place such as ∂ρ."""
        psi, which, count = self._amplitudes
        found = probabilities(psi, rho)
        if self._spectral is None:
            return found
        return np.asarray(np.bincount(which, weights=found, minlength=count), dtype=np.float64)

    def signs(self, rho: NDArray[Any]) -> Array:
        """p of o < 0, o = 0 and o > 0."""
        if self._signs is None:
            return by_sign(self.values(rho))
        zero = 0.0 if self._zeros is None else float(np.trace(self._zeros @ rho).real)
        total, mean = float(np.trace(rho).real) - zero, float(np.trace(self._signs @ rho).real)
        return np.array([0.5 * (total - mean), zero, 0.5 * (total + mean)])
