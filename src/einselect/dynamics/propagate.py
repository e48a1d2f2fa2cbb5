"""exp(G t) v at many times, for a real generator: powers of one exponential, or a spectral solution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import ResolutionError

Array = NDArray[np.float64]
_FEW = 6  # distinct time steps up to which an exponential each is cheaper than the eigenvectors
_AGREEMENT = 1e-10


class Flow:
    """Solutions of dv/dt = G v and of dw/dt = Gᵀ w at given times.

    On a regular grid, or one of few distinct steps, each step multiplies with an exponential that is made once;
    on any other grid the eigenvectors of G serve, checked at the last time against the exponential itself.

    Parameters
    ----------
    generator : ndarray, shape (d, d)
        G, real.
    times : ndarray, shape (t,)
        Ascending, not below zero; the vectors are given at time 0.
    """

    def __init__(self, generator: Array, times: Array) -> None:
        from scipy.linalg import expm

        self._generator, self._times = generator, times
        steps = np.diff(times, prepend=0.0)
        scale = float(times[-1])
        # Steps of a grid made by multiplication differ in their last bits: they are one step.
        kinds, self._which = np.unique(np.round(steps / scale, 13) if scale else steps, return_inverse=True)
        self._stepwise = int(np.count_nonzero(kinds)) <= _FEW
        self._exponentials: list[Array | None] = []
        if self._stepwise:
            self._exponentials = [
                expm(generator * float(steps[self._which == i].mean())) if kind else None
                for i, kind in enumerate(kinds)
            ]

    def forward(self, start: Array) -> Array:
        """exp(G t) v, shape (t, d) or (t, d, c) for c columns."""
        return self._solve(start, adjoint=False)

    def adjoint(self, start: Array) -> Array:
        """exp(Gᵀ t) w, likewise."""
        return self._solve(start, adjoint=True)

    def _solve(self, start: Array, adjoint: bool) -> Array:
        if not self._stepwise:
            return self._spectral(self._generator.T if adjoint else self._generator, start)
        result = np.empty((len(self._times), *start.shape))
        vector = start
        for i, kind in enumerate(self._which):
            matrix = self._exponentials[kind]
            if matrix is not None:
                vector = (matrix.T if adjoint else matrix) @ vector
            result[i] = vector
        return result

    def _spectral(self, generator: Array, start: Array) -> Array:
        from scipy.linalg import expm

        values, vectors = np.linalg.eig(generator)
        weights = np.linalg.solve(vectors, start.astype(complex))
        phases = np.exp(np.outer(self._times, values))
        if start.ndim == 1:
            result = ((phases * weights) @ vectors.T).real
        else:
            result = np.einsum("ij,tj,jc->tic", vectors, phases, weights, optimize=True).real
        check = expm(generator * float(self._times[-1])) @ start
        error = float(np.abs(result[-1] - check).max())
        if not error <= _AGREEMENT * max(1.0, float(np.abs(start).max())):
            raise ResolutionError(
                f"the spectral solution differs from the matrix exponential by {error:.1e} (nearly parallel modes): "
                "give times on a regular grid"
            )
        return np.ascontiguousarray(result)
