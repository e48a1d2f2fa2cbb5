"""exp(G t) v at many times, for a real generator: powers of one exponential, or a spectral solution."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .._threads import threads_for
from ..errors import ResolutionError

Array = NDArray[np.float64]
_FEW = 6  # distinct time steps up to which an exponential each is cheaper than the eigenvectors
_AGREEMENT = 1e-10
_INSTEAD = "give times on a regular grid"


class Flow:
    """Solutions of dv/dt = G v and of dw/dt = Gᵀ w at given times.

    On a regular grid, or one of few distinct steps, each step multiplies with an exponential that is made once;
    on any other grid the eigenvectors of G serve, checked at the first and the last time against exponentials.

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
            with threads_for(len(generator)):
                self._exponentials = [
                    expm(generator * float(steps[self._which == i].mean())) if kind else None
                    for i, kind in enumerate(kinds)
                ]

    def forward(self, start: Array) -> Array:
        """exp(G t) v, shape (t, d) or (t, d, c) for c columns."""
        return next(self.pieces(start, len(self._times)))

    def adjoint(self, start: Array) -> Array:
        """exp(Gᵀ t) w, likewise."""
        return next(self.pieces(start, len(self._times), adjoint=True))

    def pieces(self, start: Array, size: int, *, adjoint: bool = False) -> Iterator[Array]:
        """The same at `size` times after the other: what a long grid needs at once stays small."""
        vector = start
        weights = None if self._stepwise else self._weights(start, adjoint)
        for first in range(0, len(self._times), size):
            part = slice(first, first + size)
            with threads_for(len(self._generator)):
                if weights is None:
                    found = self._steps(vector, self._which[part], adjoint)
                    vector = found[-1]
                else:
                    found = self._modes_at(self._times[part], weights, adjoint)
            yield found

    def _steps(self, vector: Array, kinds: NDArray[np.intp], adjoint: bool) -> Array:
        result = np.empty((len(kinds), *vector.shape))
        for i, kind in enumerate(kinds):
            matrix = self._exponentials[kind]
            if matrix is not None:
                vector = (matrix.T if adjoint else matrix) @ vector
            result[i] = vector
        return result

    @cached_property
    def _eigen(self) -> tuple[NDArray[np.complex128], NDArray[np.complex128], NDArray[np.complex128]]:
        """Eigenvalues, right eigenvectors as columns, left ones as rows, with the identity as their product."""
        values, vectors = np.linalg.eig(self._generator)
        return values.astype(complex), vectors.astype(complex), np.linalg.inv(vectors).astype(complex)

    def _weights(self, start: Array, adjoint: bool) -> NDArray[np.complex128]:
        """Weights of the modes, checked against the exponential at the first and the last time."""
        from scipy.linalg import expm

        with threads_for(len(self._generator)):
            try:
                _, right, left = self._eigen
            except np.linalg.LinAlgError:  # not diagonalisable
                raise ResolutionError(f"the spectral solution does not exist: {_INSTEAD}") from None
            weights: NDArray[np.complex128] = (right.T if adjoint else left) @ start.astype(complex)
            generator = self._generator.T if adjoint else self._generator
            # At the first time nothing has decayed that could hide an error; at the last phases are off most.
            ends = self._times[self._times > 0.0][[0, -1]]
            exact = [expm(generator * float(t)) @ start for t in ends]
            error = float(np.abs(self._modes_at(ends, weights, adjoint) - exact).max())
        if not error <= _AGREEMENT * max(1.0, float(np.abs(start).max())):
            raise ResolutionError(
                f"the spectral solution differs from the matrix exponential by {error:.1e} (nearly parallel modes): "
                f"{_INSTEAD}"
            )
        return weights

    def _modes_at(self, times: Array, weights: NDArray[np.complex128], adjoint: bool) -> Array:
        values, right, left = self._eigen
        vectors = left.T if adjoint else right
        phases = np.exp(np.outer(times, values))
        if weights.ndim == 1:
            return np.ascontiguousarray(((phases * weights) @ vectors.T).real)
        return np.ascontiguousarray(np.einsum("ij,tj,jc->tic", vectors, phases, weights, optimize=True).real)
