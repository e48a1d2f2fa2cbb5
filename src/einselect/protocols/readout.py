r"""Classical Fisher information of a Jz readout: what is left of F when m is all that is measured.

p(m) = <m|ρ|m>, ∂p(m) = <m|∂ρ|m> and F_c = Σ (∂p)²/p <= F. For a rotation exp(-iθG) the derivative is that of the
commutator, ∂p(m) = 2 Im <m|Gρ|m>, with G applied to the Dicke amplitudes themselves: no difference quotient, and
nothing of G cut off at the levels.

A rotation about z leaves p(m) as it is: for G = Jz the readout tells nothing. What a field along z does to p(m)
it does through tunnelling, in time: see `metrology`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError
from ..levels import Levels
from ..spin import operator
from .sensing_states import density_matrix

Array = NDArray[np.float64]
READOUTS = ("Jz", "sign")
# Probabilities below this, relative to the largest, are rounding: by Cauchy-Schwarz they carry as little.
_EMPTY = 1e-14


def classical_fisher(levels: Levels, state: Any, generator: Any = "Jy", readout: str = "Jz") -> float:
    """Classical Fisher information of a readout after the rotation exp(-iθG), at θ = 0.

    Parameters
    ----------
    levels : Levels
    state : str, int or array_like
        As for `density_matrix`.
    generator : operator
        G, Hermitian.
    readout : {"Jz", "sign"}
        Every m told apart, or only its sign (m = 0 by itself): which well.

    Returns
    -------
    float
        In units of θ^-2.

    Examples
    --------
    A pointer state turned about y moves along z: reading Jz there is nearly the best measurement.

    >>> from einselect import LMG
    >>> from einselect.protocols import classical_fisher, quantum_fisher
    >>> levels = LMG(spins=100, field=0.6).levels(8)
    >>> ratio = classical_fisher(levels, "P") / quantum_fisher(levels, "P", "Jy")
    >>> print(f"{ratio:.6f} {classical_fisher(levels, 'P', 'Jz'):.1f}")
    1.000000 0.0
    """
    _checks.one_of("readout", readout, READOUTS)
    rho = density_matrix(levels, state)
    psi = levels.dicke_vectors()
    p = probabilities(psi, rho)
    # <m|Gρ|m> = Σ_ab (Gψ_a)(m) ρ_ab ψ_b(m)*
    change = 2.0 * np.einsum("am,am->m", apply(generator, psi, levels.spins), rho @ psi.conj()).imag
    if readout == "sign":
        p, change = by_sign(p), by_sign(change)
    return float(fisher_of_probabilities(p, change))


def apply(generator: Any, psi: NDArray[Any], spins: int) -> NDArray[Any]:
    """G on vectors in the Dicke basis, shape (k, N + 1): band by band, or by a matrix."""
    if hasattr(generator, "shape"):
        if tuple(generator.shape) != (spins + 1, spins + 1):
            raise InputError(f"generator must be a {spins + 1} x {spins + 1} matrix; got shape {generator.shape}")
        return np.asarray((generator @ psi.T).T)
    m = np.arange(spins + 1) - spins / 2.0
    result = np.zeros(psi.shape, dtype=complex)
    for shift, band in operator(generator).coefficients(m, spins / 2.0).items():
        if abs(shift) > spins:
            continue
        if shift >= 0:
            result[:, shift:] += band[: spins + 1 - shift] * psi[:, : spins + 1 - shift]
        else:
            result[:, :shift] += band[-shift:] * psi[:, -shift:]
    return result


def probabilities(psi: NDArray[Any], rho: NDArray[Any]) -> Array:
    """<m|ρ|m>, or what takes its place for any Hermitian matrix on the levels such as ∂ρ.

    Parameters
    ----------
    psi : ndarray, shape (k, N + 1)
        Dicke amplitudes of the levels.
    rho : ndarray, shape (k, k)

    Returns
    -------
    ndarray, shape (N + 1,)
    """
    if not np.iscomplexobj(psi):
        return np.asarray(np.einsum("am,am->m", psi, rho.real @ psi))
    return np.asarray(np.einsum("am,am->m", psi, rho @ psi.conj()).real)


def by_sign(values: Array) -> Array:
    """Sums over m < 0, m = 0 and m > 0, for values on all m in ascending order; shape (..., 3)."""
    size = values.shape[-1]
    parts = (values[..., : size // 2], values[..., size // 2 : (size + 1) // 2], values[..., (size + 1) // 2 :])
    return np.stack([part.sum(axis=-1) for part in parts], axis=-1)


def fisher_of_probabilities(probability: ArrayLike, change: ArrayLike) -> Array:
    """F_c = Σ (∂p)²/p over the last axis, over outcomes that occur.

    Parameters
    ----------
    probability, change : array_like, shape (..., n)
        p and ∂p.

    Returns
    -------
    ndarray, shape (...)
    """
    p, dp = np.broadcast_arrays(np.asarray(probability, dtype=np.float64), np.asarray(change, dtype=np.float64))
    if not np.all(np.isfinite(p)) or float(p.min(initial=0.0)) < -1e-9:
        raise InputError("probabilities must be finite and >= 0")
    held = p > _EMPTY * p.max(axis=-1, keepdims=True)
    return np.asarray(np.sum(np.divide(dp**2, p, out=np.zeros(p.shape), where=held), axis=-1))
