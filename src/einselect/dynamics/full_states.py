"""Initial states in the whole symmetric sector, by name, by amplitudes or by matrix, each checked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError
from .full_frame import Blocks, Frame
from .states import NAMES, check_density_matrix


def initial_blocks(frame: Frame, model: Any, which: str | ArrayLike, divides: bool) -> Blocks:
    """Blocks of M in the energy basis; those of a sector that stays empty are left out.

    Parameters
    ----------
    frame : Frame
    model : LMG or alike
        Asked for its spin-coherent amplitudes where the name is "spin-coherent".
    which : str or array_like
        As for `FullLindbladian.evolution`.
    divides : bool
        Whether the two parity sectors do not mix.

    Raises
    ------
    InputError
        For an unknown name, a wrong shape, or what is not a density matrix (which property fails, by how much).
    """
    if isinstance(which, str) and _checks.one_of("state", which, NAMES) != "spin-coherent":
        sizes = [len(e) for e in frame.energies]
        blocks = {(p, q): np.zeros((sizes[p], sizes[q])) for p, q in frame.pairs}
        levels = frame.order[: 1 if which == "ground" else 2]
        for p, i in levels:
            for q, k in levels:
                blocks[p, q][i, k] = 1.0 / len(levels)
    else:
        sites = frame.fold(_density_matrix(model, which))
        blocks = {key: np.empty_like(block) for key, block in sites.items()}
        frame.to_levels(sites, blocks, np.empty(max(block.size for block in sites.values())))
    if not divides:
        return blocks
    filled = {frame.sector_of(key) for key, block in blocks.items() if np.any(block)}
    return {key: block for key, block in blocks.items() if frame.sector_of(key) in filled}


def _density_matrix(model: Any, which: str | ArrayLike) -> NDArray[np.complex128]:
    """Density matrix in the Dicke basis, m ascending."""
    size = model.spins + 1
    m = np.arange(size) - model.spins / 2.0
    given = np.asarray(model.spin_coherent_amplitudes(m) if isinstance(which, str) else which)
    if given.shape not in ((size,), (size, size)) or not np.issubdtype(given.dtype, np.number):
        raise InputError(
            f"state must be a name, {size} amplitudes (N + 1) or a {size} x {size} matrix in the Dicke basis; "
            f"got shape {given.shape}"
        )
    if not np.all(np.isfinite(given)):
        raise InputError("state must be finite; got NaN or infinite entries")
    if given.ndim == 2:
        return np.asarray(check_density_matrix(given.astype(complex)))
    norm = float(np.linalg.norm(given))
    if not math.isclose(norm, 1.0, abs_tol=1e-9):
        raise InputError(f"state must have norm 1; got {norm:.12g}")
    return np.outer(given, given.conj()).astype(complex)
