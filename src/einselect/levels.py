"""Levels of a collective spin: energies, parities, matrix elements.

A level of parity ±1 is kept by its coefficients in the block basis (|m> ± |-m>)/√2, m > 0 (and |0> for even
parity), on a window of m >= 0 outside of which its amplitude is negligible. Where the parity is broken, levels are
kept by their amplitudes on all m of a window. Everything later (rates, dynamics, protocols) works from a `LevelSet`
alone and does not know the Hamiltonian.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._representation import Shown
from .errors import InputError
from .level_set import Array, LevelSet, Quality, adjoint
from .spin import CollectiveOperator, operator

__all__ = ["Array", "DickeVector", "Levels", "Quality", "adjoint", "mirrored"]

_WHOLE_LIMIT = 20_000_000
# Closer to m = 0 than this the two wells are kept as one stretch of m, so that bands reach across.
_JOIN = 16.0


@dataclass(frozen=True, eq=False, repr=False)
class DickeVector(Shown):
    """Amplitudes of a state in the Dicke basis, on the m where they are not negligible.

    Attributes
    ----------
    m : ndarray
        Eigenvalues of Jz, ascending; two stretches (one a well) where the middle is negligible.
    amplitudes : ndarray
        <m|ψ>, real for every level of a real Hamiltonian.
    """

    m: Array
    amplitudes: Array

    @property
    def probabilities(self) -> Array:
        """|<m|ψ>|²."""
        return np.abs(self.amplitudes) ** 2


def mirrored(sites: Array, vectors: Array, parities: ArrayLike) -> tuple[Array, Array]:
    """Dicke amplitudes of block vectors, on ascending m.

    Parameters
    ----------
    sites : ndarray, shape (w,)
        The m >= 0 of the block basis.
    vectors : ndarray, shape (..., w)
        Block coefficients.
    parities : array_like, shape (...)
        +1 or -1.

    Returns
    -------
    m : ndarray, shape (n,)
    amplitudes : ndarray, shape (..., n)
        For m > 0 the block coefficient over √2; its mirror image times the parity for m < 0.
    """
    centre = sites[0] == 0.0
    right = vectors * math.sqrt(0.5)
    left = right[..., ::-1] * np.asarray(parities, dtype=float)[..., None]
    if centre:
        right = right.copy()
        right[..., 0] = np.where(np.asarray(parities) > 0, vectors[..., 0], 0.0)
        left = left[..., :-1]
        return np.concatenate((-sites[:0:-1], sites)), np.concatenate((left, right), axis=-1)
    return np.concatenate((-sites[::-1], sites)), np.concatenate((left, right), axis=-1)


@dataclass(frozen=True, eq=False, repr=False)
class Levels(LevelSet):
    """The lowest levels of a collective spin.

    Attributes
    ----------
    spins : int
        N.
    energies : ndarray, shape (k,)
        E_n, ascending; unit `energy_unit`, ħ = 1.
    excitations : ndarray, shape (k,)
        E_n - E_0. The entry of the doublet, ΔE, keeps its relative accuracy however small it is.
    parities : ndarray of int, shape (k,)
        +1 or -1 under m -> -m; 0 for all where a tilt breaks the parity.
    sites : ndarray, shape (w,)
        The m >= 0 of the parity-block basis that are kept; without parities all m that are.
    vectors : ndarray, shape (k, w)
        Coefficients in that basis; each row has norm 1.
    energy_unit : str
        "J", "plain" (the unit that the coupling was given in) or "rad/s".
    quality : Quality
    barrier_top : float, optional
        Classical energy at the top of the barrier between two wells; None where there is none.
    mixing : float
        Pointer states cos φ|E0> + sin φ|E1> and sin φ|E0> - cos φ|E1>; φ = π/4 by parity.

    Examples
    --------
    >>> from einselect import LMG
    >>> levels = LMG(spins=50, field=0.5).levels(4)
    >>> levels.parities
    array([ 1, -1,  1, -1])
    >>> float(levels.matrix("Jz")[0, 0])  # exactly zero, by parity
    0.0
    >>> round(float(levels.matrix("Jz")[0, 1]), 10)
    21.4675554116
    """

    spins: int
    energies: Array
    excitations: Array
    parities: NDArray[np.int64]
    sites: Array
    vectors: Array
    energy_unit: str
    quality: Quality
    barrier_top: float | None = None
    mixing: float = math.pi / 4

    @property
    def dimension(self) -> int:
        """N + 1."""
        return self.spins + 1

    @cached_property
    def _dicke(self) -> tuple[Array, Array]:
        """All levels on one ascending support of m, the middle filled with zeros where the wells are near."""
        sites, vectors = self.sites, self.vectors
        if not self.parity_conserved:
            return sites, vectors
        if 0.5 < sites[0] <= _JOIN:
            missing = int(sites[0] - (self.spins % 2) / 2)
            sites = np.concatenate((sites[0] - np.arange(missing, 0, -1.0), sites))
            vectors = np.pad(vectors, ((0, 0), (missing, 0)))
        return mirrored(sites, vectors, self.parities)

    def on_window(self) -> tuple[Array, Array]:
        """Ascending m where the levels are not negligible, shape (n,), and <m|E_k> there, shape (k, n)."""
        return self._dicke

    @cached_property
    def _stretches(self) -> list[slice]:
        """Slices of the support in which m is contiguous."""
        m = self._dicke[0]
        breaks = [0, *(np.flatnonzero(np.diff(m) > 1.5) + 1).tolist(), len(m)]
        return [slice(a, b) for a, b in pairwise(breaks)]

    def matrix(self, op: str | CollectiveOperator | NDArray[Any] | Any) -> NDArray[Any]:
        """Matrix <E_a|O|E_b> on these levels.

        The operator is split into its parts of even and odd parity, and only the part that can connect two
        levels is summed: what parity forbids is exactly zero.

        Parameters
        ----------
        op : str, CollectiveOperator, or (N+1, N+1) matrix
            One of the names "Jx", "Jy", "Jz", "J+", "J-"; operators combined, as ``Jz @ Jz + 0.1 * Jx``; or a
            dense or SciPy sparse matrix in the Dicke basis with m ascending.

        Returns
        -------
        ndarray, shape (k, k)
        """
        if hasattr(op, "shape"):
            return self._from_matrix(op)
        collective = operator(op)
        m, psi = self._dicke
        same = np.equal.outer(self.parities, self.parities)
        forward = collective.coefficients(m, self.spins / 2.0)
        backward = collective.coefficients(-m, self.spins / 2.0)
        result: NDArray[Any] = np.zeros((len(self), len(self)), dtype=np.result_type(float, *forward.values()))
        if not self.parity_conserved:
            return sum((self._band_sum(f, shift, psi) for shift, f in forward.items()), start=result)
        for shift in sorted({*forward, *(-s for s in forward)}):
            direct = forward.get(shift, np.zeros_like(m))
            mirror = backward.get(-shift, np.zeros_like(m))
            for sign, mask in ((1.0, same), (-1.0, ~same)):
                part = 0.5 * (direct + sign * mirror)
                if np.any(part):
                    result += np.where(mask, self._band_sum(part, shift, psi), 0.0)
        return result

    def _band_sum(self, coefficients: NDArray[Any], shift: int, psi: Array) -> NDArray[Any]:
        """sum_m psi_a(m + s) f(m) psi_b(m), stretch by stretch."""
        total: NDArray[Any] = np.zeros((len(psi), len(psi)), dtype=coefficients.dtype)
        for stretch in self._stretches:
            block, f = psi[:, stretch], coefficients[stretch]
            length = block.shape[1]
            if abs(shift) >= length:
                continue
            source = slice(0, length - shift) if shift >= 0 else slice(-shift, length)
            target = slice(shift, length) if shift >= 0 else slice(0, length + shift)
            total += block[:, target] @ (f[source] * block[:, source]).T
        return total

    def _from_matrix(self, op: Any) -> NDArray[Any]:
        size = self.spins + 1
        if tuple(op.shape) != (size, size):
            raise InputError(f"operator must be a {size} x {size} matrix (N + 1); got shape {tuple(op.shape)}")
        psi = self.dicke_vectors()
        return np.asarray(psi @ (op @ psi.T))

    def dicke_vectors(self) -> Array:
        """All levels on all N + 1 values of m, ascending, shape (k, N + 1); refused where that does not fit."""
        if len(self) * (self.spins + 1) > _WHOLE_LIMIT:
            raise InputError(
                f"whole state vectors must hold at most {_WHOLE_LIMIT} numbers; got {len(self)} levels of "
                f"{self.spins + 1} (use the windowed vectors)"
            )
        result = np.zeros((len(self), self.spins + 1))
        m, psi = self._dicke
        result[:, np.rint(m + self.spins / 2.0).astype(int)] = psi
        return result

    def amplitudes(self, state: Callable[[Array], Array]) -> Array:
        """<E_n|ψ> of a state given by its Dicke amplitudes <m|ψ> as a function of m, shape (k,)."""
        m, psi = self._dicke
        return np.asarray(psi @ state(m))
