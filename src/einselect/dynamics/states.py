"""Initial states by name or by matrix, each checked, on the levels that are kept."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError
from ..level_set import LevelSet

Matrix = NDArray[np.complex128]
NAMES = ("eigen-superposition", "pointer", "ground", "spin-coherent")
_TOLERANCE = 1e-9


def initial_state(levels: LevelSet, which: Any, coherent: NDArray[np.float64] | None = None) -> tuple[Matrix, float]:
    """Density matrix on the levels, and the weight of the state outside of them.

    Parameters
    ----------
    levels : LevelSet
    which : str or array_like
        "eigen-superposition" ((|E0> + |E1>)/√2), "pointer" (|P>, the same vector by parity: see Notes), "ground"
        (|E0>), "spin-coherent" (mean field, right well); k amplitudes over the levels; or a k × k density matrix.
    coherent : ndarray, optional
        Amplitudes <E_n|θ*>, needed for "spin-coherent".

    Returns
    -------
    rho : ndarray, shape (k, k)
    outside : float
        1 - Tr ρ.

    Raises
    ------
    InputError
        For an unknown name, or a matrix that is not a density matrix: which property fails, and by how much.

    Notes
    -----
    The pointer state |P> *is* the equal superposition of |E0> and |E1>. What differs is the question asked of
    it: "eigen-superposition" follows ρ_01, which starts at ½; a pointer coherence needs a superposition of |P>
    and |R>, and |E0> = (|P> + |R>)/√2 is the one with ρ_PR = ½. Where the parity is broken |P> is that of
    `LevelSet.state`, and neither holds.
    """
    k = len(levels)
    if isinstance(which, str):
        _checks.one_of("state", which, NAMES)
        if which == "spin-coherent":
            if coherent is None:
                raise InputError("state 'spin-coherent' must be asked of a model with spin-coherent states")
            return _pure(coherent.astype(complex))
        vector = np.zeros(k, dtype=complex)
        if which == "pointer":
            return _pure(levels.state("P").astype(complex))
        vector[:2] = (1.0, 0.0) if which == "ground" else (math.sqrt(0.5), math.sqrt(0.5))
        return _pure(vector)
    given = np.asarray(which)
    if given.shape not in ((k,), (k, k)) or not np.issubdtype(given.dtype, np.number):
        raise InputError(f"state must be a name, {k} amplitudes or a {k} x {k} density matrix; got shape {given.shape}")
    if not np.all(np.isfinite(given)):
        raise InputError("state must be finite; got NaN or infinite entries")
    if given.ndim == 1:
        norm = float(np.linalg.norm(given))
        if abs(norm - 1.0) > _TOLERANCE:
            raise InputError(f"state must have norm 1; got {norm:.12g}")
        return _pure(given.astype(complex))
    return check_density_matrix(given.astype(complex)), 0.0


def _pure(vector: Matrix) -> tuple[Matrix, float]:
    return np.outer(vector, vector.conj()), max(0.0, 1.0 - float(np.vdot(vector, vector).real))


def check_density_matrix(rho: Matrix) -> Matrix:
    """Return ρ if it is Hermitian, of trace 1 and positive (each to 1e-9); else say what fails, by how much."""
    skew = float(np.abs(rho - rho.conj().T).max())
    if skew > _TOLERANCE:
        raise InputError(f"density matrix must be Hermitian; got |ρ - ρ†| = {skew:.3g}")
    trace = float(np.trace(rho).real)
    if abs(trace - 1.0) > _TOLERANCE:
        raise InputError(f"density matrix must have trace 1; got {trace:.12g}")
    lowest = float(np.linalg.eigvalsh(rho)[0])
    if lowest < -_TOLERANCE:
        raise InputError(f"density matrix must be positive; got an eigenvalue {lowest:.3g}")
    return 0.5 * (rho + rho.conj().T)
