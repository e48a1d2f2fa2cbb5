"""Modes in the whole sector from approximate ones: subspace iteration with a sparse shift-and-invert."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..errors import ResolutionError
from .full_frame import Sparse
from .slow_candidates import Candidate
from .slow_screening import EnergyBasis, Windows
from .slow_sector import SparseSector

Complex = NDArray[np.complex128]
_GUARDS = 3
_ITERATIONS = 40
_REFINEMENTS = 3
_SOLVED = 1e-9  # of columns of norm 1
_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Pair:
    """An eigenvalue with its vectors in the coordinates of a sector; its conjugate is implied unless it is real."""

    value: complex
    right: Complex
    left: Complex
    residual: float
    guess: complex | None = None


def refine(space: SparseSector, basis: EnergyBasis, windows: Windows, cluster: Sequence[Candidate]) -> list[Pair]:
    """Modes near a cluster of candidates: subspace iteration with (𝓛 - σ)⁻¹ from the windows' vectors."""
    from scipy.sparse.linalg import splu

    targets = np.array([c.eigenvalue for c in cluster])
    # To the right of the cluster, where no modes are, and about as far from it as it is wide: a shift close to one
    # mode would drown the others in the rounding of its large solution.
    reach = max(float(np.abs(targets - targets.mean()).max()), 1e-3 * cluster[0].width)
    shift = complex(float(targets.real.max()) + reach, float(targets.imag.mean()))
    operators = windows.members(cluster[0].centre, cluster[0].width)[:2]
    small = windows.matrix(cluster[0].centre, cluster[0].width)
    values, vectors = _nearest(small, shift, len(targets) + _GUARDS)
    if len(cluster) > 1 and max(float(np.abs(values - t).min()) for t in targets) > 1e-6 * cluster[0].width:
        # Other modes lie between: smaller clusters.
        near = sorted(cluster, key=lambda c: abs(c.eigenvalue - cluster[0].eigenvalue))
        half = len(near) // 2
        return refine(space, basis, windows, near[:half]) + refine(space, basis, windows, near[half:])
    shifted = (space.matrix - shift * sparse.eye_array(space.size)).tocsc()
    # Symmetric and nearly skew: pivots may stay on the diagonal, which keeps the factors small.
    options: dict[str, Any] = {"permc_spec": "COLAMD"}
    if space.symmetric:
        options = {"permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 0.0, "options": {"SymmetricMode": True}}
    factors = splu(shifted, **options)
    start = _placed(space, basis, operators, vectors)
    right, values, residuals = _subspace(space.matrix, _Inverse(shifted, factors, "N"), start, targets)
    if space.symmetric:
        left = right.conj()
    else:
        _, vectors = _nearest(small.conj().T, shift.conjugate(), len(targets) + _GUARDS)
        start = _placed(space, basis, operators, vectors)
        inverse = _Inverse(shifted.conj().T.tocsc(), factors, "H")
        left, _, _ = _subspace(space.matrix.conj().T.tocsc(), inverse, start, values.conj())
    left = biorthogonal(values, left, right, space.scale)
    return [
        Pair(complex(values[k]), right[:, k], left[:, k], float(residuals[k]), complex(targets[k]))
        for k in range(len(targets))
    ]


def biorthogonal(values: Complex, left: Complex, right: Complex, scale: float) -> Complex:
    """Left vectors scaled, and mixed among equal eigenvalues, so that <Λ_j|R_k> = δ_jk there."""
    result = np.empty_like(left)
    done = np.zeros(len(values), dtype=bool)
    for k, value in enumerate(values):
        if not done[k]:
            same = np.flatnonzero(np.abs(values - value) <= 1e-10 * scale)
            done[same] = True
            overlap = left[:, same].conj().T @ right[:, same]
            result[:, same] = left[:, same] @ np.linalg.pinv(overlap).conj().T
    return result


def _nearest(matrix: Complex, shift: complex, count: int) -> tuple[Complex, Complex]:
    """The `count` eigenvalues of a small matrix that are nearest to a shift, with their vectors."""
    from scipy.sparse.linalg import eigs

    if count < len(matrix) - 1:
        values, vectors = eigs(matrix, k=count, sigma=shift, v0=np.ones(len(matrix), dtype=complex))
    else:
        values, vectors = np.linalg.eig(matrix)
    return np.asarray(values), np.asarray(vectors)


def _placed(space: SparseSector, basis: EnergyBasis, operators: Any, vectors: Complex) -> Complex:
    """Vectors of a window in the coordinates of the sector."""
    columns = []
    for vector in vectors.T:
        inner = np.zeros((len(basis.energies),) * 2, dtype=complex)
        inner[operators] = vector
        columns.append(space.coordinates(basis.vectors @ inner @ basis.vectors.T))
    return np.stack(columns, axis=1)


@dataclass(frozen=True)
class _Inverse:
    """Solves with a sparse matrix; refinement makes up for pivots left on the diagonal."""

    matrix: Sparse
    factors: Any
    mode: str

    def __call__(self, columns: Complex) -> Complex:
        result = self.factors.solve(columns, self.mode)
        for _ in range(_REFINEMENTS):
            rest = columns - self.matrix @ result
            if float(np.abs(rest).max()) <= _SOLVED:
                break
            result = result + self.factors.solve(rest, self.mode)
        return np.asarray(result)


def _subspace(
    matrix: Sparse, inverse: _Inverse, start: Complex, targets: Complex
) -> tuple[Complex, Complex, NDArray[np.float64]]:
    """Eigenvectors of `matrix` nearest to the targets, one for each, with eigenvalues and residuals."""
    basis, _ = np.linalg.qr(start)
    floor = 10.0 * _EPSILON * float(abs(matrix).sum(axis=0).max())
    rate = float(np.abs(targets.real).max())
    best = math.inf
    for _ in range(_ITERATIONS):
        basis = np.asfortranarray(np.linalg.qr(inverse(basis))[0])
        image = matrix @ basis
        values, inner = np.linalg.eig(basis.conj().T @ image)
        picked: list[int] = []
        for target in targets:
            order = np.argsort(np.abs(values - target))
            picked.append(next(int(k) for k in order if k not in picked))
        vectors = basis @ inner[:, picked]
        residuals = np.linalg.norm(image @ inner[:, picked] - vectors * values[picked], axis=0)
        worst = float(residuals.max())
        # Where rounding stops it short of that, it stops near enough and says how near.
        if worst <= max(floor, 1e-9 * rate) or 0.5 * best < worst <= max(1e3 * floor, 1e-4 * rate):
            return vectors, values[picked], residuals
        best = min(best, worst)
    raise ResolutionError(f"modes near {complex(targets[0]):.6g} did not settle: residual {worst:.1e}")
