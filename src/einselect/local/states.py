"""States that are given as one block for each total spin j."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..dynamics.full_frame import Blocks
from ..dynamics.states import check_density_matrix
from ..errors import InputError
from .frame import LadderFrame
from .ladder import log_multiplicity, multiplets


def maximally_mixed(spins: int) -> dict[float, NDArray[np.float64]]:
    """1/2^N as blocks by j: ρ_j = d_j/2^N times the identity.

    Parameters
    ----------
    spins : int
        N.

    Returns
    -------
    dict of float to ndarray
        ρ_j of shape (2j + 1, 2j + 1), by j.

    Examples
    --------
    >>> {j: round(float(block.trace()), 12) for j, block in maximally_mixed(2).items()}
    {1.0: 0.75, 0.0: 0.25}
    """
    count = _checks.whole("spins", spins, 1)
    shift = count * np.log(2.0)
    return {0.5 * k: np.exp(log_multiplicity(count, k) - shift) * np.eye(k + 1) for k in multiplets(count)}


def ladder_blocks(frame: LadderFrame, given: Mapping[float, ArrayLike], divides: bool) -> Blocks:
    """Blocks of M in the energy basis from density-matrix blocks by j; those of an empty sector are left out.

    Raises
    ------
    InputError
        For a j that does not occur, a wrong shape, or what is not a density matrix (which property fails).
    """
    allowed = multiplets(frame.spins)
    matrices: dict[int, NDArray[Any]] = {}
    for j, block in given.items():
        twice_j = round(2.0 * _checks.number("j", j))
        if twice_j != 2.0 * j or twice_j not in allowed:
            raise InputError(f"j must be one of N/2, N/2 - 1, ... >= 0 with N = {frame.spins}; got {j!r}")
        matrix = np.asarray(block)
        size = twice_j + 1
        if matrix.shape != (size, size) or not np.issubdtype(matrix.dtype, np.number):
            raise InputError(f"state must have a {size} x {size} block for j = {j:g}; got shape {matrix.shape}")
        if not np.all(np.isfinite(matrix)):
            raise InputError("state must be finite; got NaN or infinite entries")
        matrices[twice_j] = matrix.astype(complex)
    total = float(sum(np.trace(matrix).real for matrix in matrices.values()))
    if abs(total - 1.0) > 1e-9:
        raise InputError(f"density matrix must have trace 1; got {total:.12g}")
    for twice_j, matrix in matrices.items():
        own = float(np.trace(matrix).real)
        # Hermitian and positive block by block; the rest of the trace is put where it changes neither.
        filled = np.zeros((twice_j + 2, twice_j + 2), dtype=complex)
        filled[:-1, :-1], filled[-1, -1] = matrix, 1.0 - own
        matrices[twice_j] = check_density_matrix(filled)[:-1, :-1]
    sites = frame.fold(matrices)
    blocks = {key: np.empty_like(block) for key, block in sites.items()}
    frame.to_levels(sites, blocks, np.empty(max(block.size for block in sites.values())))
    if not divides:
        return blocks
    filled_sectors = {frame.sector_of(key) for key, block in blocks.items() if np.any(block)}
    return {key: block for key, block in blocks.items() if frame.sector_of(key) in filled_sectors}
