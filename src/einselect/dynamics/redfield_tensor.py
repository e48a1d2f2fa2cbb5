"""The Redfield tensor as numbers: put together, brought to canonical rates, exponentiated (formulas: `redfield`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .propagate import Flow

Array = NDArray[np.float64]
Matrix = NDArray[np.complex128]


def redfield_tensor(
    couplings: Sequence[Matrix], filtered: Sequence[Matrix], excitations: Array, secular_cutoff: float | None
) -> Matrix:
    """R_abcd = sum_k Λ_ac A_db + A_ac Λ*_bd - (AΛ)_ac δ_bd - δ_ac (AΛ)*_bd, where |ω_ab - ω_cd| <= the cut-off."""
    k = len(excitations)
    result = np.zeros((k, k, k, k), dtype=complex)
    for a, lam in zip(couplings, filtered, strict=True):
        result += np.einsum("ac,db->abcd", lam, a) + np.einsum("ac,bd->abcd", a, lam.conj())
        damping = a @ lam
        for b in range(k):
            result[:, b, :, b] -= damping
            result[b, :, b, :] -= damping.conj()
    if secular_cutoff is not None:
        # ω_ab - ω_cd = (E_a - E_c) - (E_b - E_d): in this order ΔE survives beside large energies.
        step = excitations[:, None] - excitations[None, :]
        detuning = step[:, None, :, None] - step[None, :, None, :]
        result[np.abs(detuning) > secular_cutoff] = 0.0
    return result


def canonical_rates(tensor: Matrix) -> Array:
    """Eigenvalues of the Kossakowski matrix, the tensor as a quadratic form in traceless operators; ascending."""
    k = len(tensor)
    choi = tensor.transpose(0, 2, 1, 3).reshape(k * k, k * k)
    unity = np.eye(k).ravel() / np.sqrt(k)
    traceless = np.eye(k * k) - np.outer(unity, unity)
    kossakowski = traceless @ choi @ traceless
    return np.asarray(np.linalg.eigvalsh(0.5 * (kossakowski + kossakowski.conj().T)))


def evolved(generator: Matrix, start: Matrix, times: Array) -> Matrix:
    """ρ(t), shape (t, k, k), by the real blocks that the generator does not join."""
    k = len(start)
    basis = _hermitian_basis(k)
    real = np.asarray((basis.conj().T @ generator) @ basis).real
    states = np.zeros((len(times), k * k))
    for block in _blocks(real):
        coordinates = (basis[:, block].conj().T @ start.ravel()).real
        if np.any(coordinates):
            states[:, block] = Flow(real[np.ix_(block, block)], times).forward(coordinates)
    return np.asarray(states @ basis.T).reshape(len(times), k, k)


def _hermitian_basis(k: int) -> Any:
    """Columns: |a><a|, (|a><b| + |b><a|)/√2, i(|a><b| - |b><a|)/√2, stacked by rows: orthonormal, real coordinates."""
    from scipy.sparse import csc_array

    index, (row, column) = np.arange(k), np.triu_indices(k, 1)
    re = k + np.arange(len(row))
    im, ones = re + len(row), np.full(len(row), np.sqrt(0.5) + 0.0j)
    upper, lower = row * k + column, column * k + row
    values = np.concatenate((np.ones(k), ones, ones, 1j * ones, -1j * ones))
    rows = np.concatenate((index * (k + 1), upper, lower, upper, lower))
    return csc_array((values, (rows, np.concatenate((index, re, re, im, im)))), shape=(k * k, k * k))


def _blocks(generator: Array) -> list[NDArray[np.intp]]:
    """Coordinates that no element of the generator joins with others, found from its exact zeros."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    count, label = connected_components(csr_array(generator != 0.0), directed=False)
    return [np.flatnonzero(label == i) for i in range(count)]
