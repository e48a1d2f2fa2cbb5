"""The parity relations of a Hamiltonian and its jump operators, checked on matrices of any kind.

ΠHΠ† = H and ΠLΠ† = ±L, measured by Frobenius norms relative to that of the operator. For matrix-free operators the
norms are estimated from their action on a few random vectors, which gives their mean square exactly on average.
"""

from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

TOLERANCE = 1e-9
"""Relative norm above which a relation counts as violated."""
_PROBES = 8


def matrix_free(matrix: Any) -> bool:
    """Whether only the action on vectors is known."""
    return hasattr(matrix, "matvec")


def norm(matrix: Any) -> float:
    """Frobenius norm; for a matrix-free operator estimated from `_PROBES` random vectors."""
    if matrix_free(matrix):
        return float(np.linalg.norm(matrix @ probes(matrix.shape[0]))) / math.sqrt(_PROBES)
    return float(np.linalg.norm(matrix.data if hasattr(matrix, "tocsr") else matrix))


def probes(size: int) -> NDArray[Any]:
    """Random columns with unit mean square, the same each time."""
    rng = np.random.default_rng(20260522)
    return (rng.standard_normal((size, _PROBES)) + 1j * rng.standard_normal((size, _PROBES))) * math.sqrt(0.5)


def trace(matrix: Any) -> complex:
    """Trace; for a matrix-free operator estimated."""
    if matrix_free(matrix):
        x = probes(matrix.shape[0])
        return complex(np.vdot(x, matrix @ x)) / _PROBES
    return complex(matrix.trace())


def identity(like: Any) -> Any:
    """The unit matrix, of the kind of another matrix."""
    size = like.shape[0]
    if matrix_free(like):
        from scipy.sparse.linalg import aslinearoperator

        return aslinearoperator(_sparse_identity(size))
    return _sparse_identity(size) if hasattr(like, "tocsr") else np.eye(size)


def _sparse_identity(size: int) -> Any:
    from scipy.sparse import eye_array

    return eye_array(size, format="csr")


def involution(parity: Any) -> Any:
    """Π with the phase that makes Π² = 1, so that its eigenvalues are ±1.

    Raises
    ------
    InputError
        If Π is not unitary, or Π² not a phase: with the norm that fails.
    """
    size = parity.shape[0]
    one = identity(parity)
    unitary = norm(_dagger(parity) @ parity - one) / math.sqrt(size)
    if unitary > TOLERANCE:
        raise InputError(f"parity must be unitary; got ‖Π†Π - 1‖ = {unitary:.3g} per state")
    square = parity @ parity
    phase = trace(square) / (norm(one) ** 2)
    wrong = norm(square - phase * one) / math.sqrt(size)
    if wrong > TOLERANCE or abs(abs(phase) - 1.0) > TOLERANCE:
        raise InputError(f"parity must have a square that is a phase; got ‖Π² - {phase:.3g}‖ = {wrong:.3g} per state")
    if matrix_free(parity):
        return parity if abs(phase - 1.0) <= 1e-14 else (1.0 / cmath.sqrt(phase)) * parity
    hermitian = parity / cmath.sqrt(phase) if abs(phase - 1.0) > 1e-14 else parity
    hermitian = 0.5 * (hermitian + hermitian.conj().T)
    imaginary = hermitian.imag
    return hermitian.real.copy() if norm(imaginary) <= 1e-14 * math.sqrt(size) else hermitian


def _dagger(matrix: Any) -> Any:
    return matrix.adjoint() if matrix_free(matrix) else matrix.conj().T


def centred(hamiltonian: Any) -> Any:
    """H less its mean energy, so that a shift of all energies does not hide a violation."""
    return hamiltonian - (trace(hamiltonian).real / norm(identity(hamiltonian)) ** 2) * identity(hamiltonian)


def skewness(hamiltonian: Any) -> float:
    """‖H - H†‖/‖H‖, H less its mean."""
    return norm(hamiltonian - _dagger(hamiltonian)) / (norm(centred(hamiltonian)) or 1.0)


def hamiltonian_defect(hamiltonian: Any, parity: Any) -> float:
    """‖ΠHΠ† - H‖/‖H‖, H less its mean, which is ‖[H, Π]‖/‖H‖ since Π is unitary."""
    turned = parity @ hamiltonian @ _dagger(parity)
    return norm(turned - hamiltonian) / (norm(centred(hamiltonian)) or 1.0)


def jump_parity(jump: Any, parity: Any) -> tuple[int, float]:
    """Sign of ΠLΠ† = ±L (0 for neither) and ‖ΠLΠ† ∓ L‖/‖L‖, the smaller of the two."""
    turned, length = parity @ jump @ _dagger(parity), norm(jump) or 1.0
    even, odd = norm(turned - jump) / length, norm(turned + jump) / length
    defect = min(even, odd)
    return (0 if defect > TOLERANCE else (-1 if odd < even else 1)), defect
