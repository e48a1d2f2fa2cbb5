r"""States of a metrology protocol by name: of the doublet, spin-coherent, and one-axis twisted.

"spin-squeezed" is made as in an experiment: the mean-field spin-coherent state of the right well, \|θ*>, is twisted
by the interaction and turned back about z, so that it stays in its well,

    \|ψ> = exp(-iμ (Jz - N m*/2)²) \|θ*>,      μ = S/(N g²),      g = Γ/J.

Jz varies by N g²/4 in \|θ*>, so that in units of the spin-coherent state's own spread the twist shears phase space by
S: the smallest variance across the mean spin falls to 1 + S²/2 - (S/2)√(S² + 4) of N/4, as long as it stays
small against the curvature of the sphere. S = ½ gives 0.61, S = 1 gives 0.38.

The spin-coherent and twisted states reach beyond any finite number of levels: their weight there is an error that
the answer carries.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..dynamics.states import NAMES as DYNAMICS
from ..dynamics.states import initial_state
from ..errors import InputError
from ..level_set import LevelSet

Matrix = NDArray[np.complex128]
NAMES = ("ground", "excited", "pointer", "eigen-superposition", "spin-coherent", "spin-squeezed")
"""Names of starting states; "pointer" and "eigen-superposition" are the same vector, (|E0> + |E1>)/√2."""

WHOLE = ("spin-coherent", "spin-squeezed")
"""Those that are not on a few levels."""

SHEARING = 0.5


def density_matrix(levels: LevelSet, state: Any) -> Matrix:
    """Density matrix of a state of the levels.

    Parameters
    ----------
    levels : LevelSet
    state : str, int or array_like
        "ground", "excited", "pointer", "eigen-superposition"; "E0", "E1", ..., "P", "R" or a level's index; k
        amplitudes of norm 1; or a k × k density matrix.

    Returns
    -------
    ndarray, shape (k, k)

    Raises
    ------
    InputError
        For an unknown name or a matrix that is no density matrix: which property fails, and by how much.
    """
    if (isinstance(state, str) and state in DYNAMICS) or np.ndim(state) > 0:
        return initial_state(levels, state)[0]
    if isinstance(state, str) and state == "excited":
        state = 1
    vector = levels.state(state).astype(complex)
    return np.asarray(np.outer(vector, vector.conj()))


def starting_state(model: Any, levels: LevelSet, state: Any, shearing: float = SHEARING) -> tuple[Matrix, float]:
    """Density matrix on the levels of a starting state, and its weight outside of them.

    Parameters
    ----------
    model : LMG or alike
        With `spin_coherent_amplitudes` (and `order_parameter`, `field_ratio`), for the states that need them.
    levels : LevelSet
    state : str, int or array_like
        One of the names of this module, or as for `density_matrix`; fewer amplitudes than levels, or a smaller
        density matrix, are filled up with zeros.
    shearing : float
        S, of either sign, for "spin-squeezed".

    Returns
    -------
    rho : ndarray, shape (k, k)
    outside : float
        1 - Tr ρ.

    Raises
    ------
    InputError
        As for `density_matrix`, and for a state that the model does not have.
    """
    if isinstance(state, str) and state in WHOLE:
        return initial_state(levels, "spin-coherent", whole_amplitudes(model, levels, state, shearing))
    if isinstance(state, str):
        _checks.one_of("state", state, (*NAMES, "P", "R", *(f"E{n}" for n in range(len(levels)))))
    elif np.ndim(state) > 0:
        given = np.asarray(state)
        if len(given) > len(levels):
            raise InputError(f"state must have at most {len(levels)} amplitudes, one a level; got {len(given)}")
        state = np.pad(given, [(0, len(levels) - len(given))] * given.ndim)
    return density_matrix(levels, state), 0.0


def whole_amplitudes(model: Any, levels: LevelSet, state: str, shearing: float = SHEARING) -> NDArray[Any]:
    """<E_n|ψ> of "spin-coherent" or "spin-squeezed", shape (k,); the norm is below 1 by what the levels miss."""
    coherent = getattr(model, "spin_coherent_amplitudes", None)
    if coherent is None:
        raise InputError(f"state {state!r} must be asked of a model with spin-coherent states; got {model!r}")
    if state == "spin-coherent":
        return np.asarray(levels.amplitudes(coherent))
    centre, ratio = 0.5 * model.spins * model.order_parameter, model.field_ratio
    twist = _checks.number("shearing", shearing) / (model.spins * ratio**2)
    return np.asarray(levels.amplitudes(lambda m: coherent(m) * np.exp(-1j * twist * (m - centre) ** 2)))
