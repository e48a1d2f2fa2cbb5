"""Shots of a Gaussian noise that is constant in each: a lattice of them, and H + δO diagonalised at every point."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ResolutionError

Array = NDArray[np.float64]

# Cut of the Gaussian and guard of the lattice, in widths: exp(-½ 9²) = 3e-18 each.
_REACH = 9.0
_MOST_SHOTS = 200_000
_AT_ONCE = 1 << 20  # numbers in an array


def gaussian_shots(
    excitations: Array, coupling: NDArray[Any], width: float, times: Array
) -> Iterator[tuple[Array, Array, NDArray[Any]]]:
    """Weights, energies and eigenvectors of H + δO, some shots at a time; δ close enough for all of the times.

    Parameters
    ----------
    excitations : ndarray, shape (k,)
        The diagonal H.
    coupling : ndarray, shape (k, k)
        O.
    width : float
        σ of δ.
    times : ndarray, shape (t,)

    Yields
    ------
    weights : ndarray, shape (s,)
    energies : ndarray, shape (s, k)
    vectors : ndarray, shape (s, k, k)
        As columns.

    Raises
    ------
    ResolutionError
        If more than 200000 shots would be needed.
    """
    spread = float(np.ptp(np.linalg.eigvalsh(coupling)))
    reach = width * float(times[-1]) * spread + _REACH
    half = math.ceil(_REACH * reach / (2.0 * math.pi))
    if 2 * half + 1 > _MOST_SHOTS:
        raise ResolutionError(
            f"times must be at most {times[-1] * _MOST_SHOTS / (2 * half + 1):.3g} for an average over "
            f"{_MOST_SHOTS} shots; got {times[-1]:.6g}"
        )
    x = np.arange(-half, half + 1) * (2.0 * math.pi / reach)
    weights = np.exp(-0.5 * x * x)
    weights /= weights.sum()
    h = np.diag(excitations)
    count = max(16, _AT_ONCE // (len(h) * max(len(times), len(h))))
    for start in range(0, len(x), count):
        piece = slice(start, start + count)
        energies, vectors = np.linalg.eigh(h + width * x[piece, None, None] * coupling)
        yield weights[piece], energies, vectors
