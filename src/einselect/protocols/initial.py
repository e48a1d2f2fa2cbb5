"""Initial states of a Leggett-Garg test over the levels of a model: ground, doublet mixture, thermal, given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..dynamics.states import initial_state
from ..errors import InputError
from ..level_set import LevelSet

NAMES = ("ground", "doublet-mixture", "thermal", "pointer")
_NEGLIGIBLE = 1e-14


def state_on(levels: LevelSet, which: Any, temperature: float | None) -> NDArray[np.complex128]:
    r"""Density matrix over the k <= len(levels) lowest levels that it needs.

    Parameters
    ----------
    levels : LevelSet
    which : str or array_like
        "ground" (\|E0>), "doublet-mixture" (½ each), "thermal", "pointer" (\|P>); amplitudes over
        the lowest levels or a density matrix over them.
    temperature : float or None
        k_B T in the levels' unit, for "thermal". The distribution is normalised on the levels there are.

    Raises
    ------
    InputError
        For an unknown name, "thermal" without a temperature, or what is not a density matrix.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.protocols.initial import state_on
    >>> levels = LMG(spins=50, field=0.95).levels(10)
    >>> state_on(levels, "thermal", levels.excitations[1]).diagonal().real[:2].round(4)
    array([0.6925, 0.2548])
    """
    if not isinstance(which, str):
        given = np.asarray(which)
        if given.ndim not in (1, 2) or not 1 <= len(given) <= len(levels):
            raise InputError(
                f"initial state must be one of {', '.join(NAMES)}, or amplitudes or a density matrix over at most "
                f"{len(levels)} levels; got shape {given.shape}"
            )
        widened = np.zeros((len(levels),) * given.ndim, dtype=complex)
        widened[(slice(0, len(given)),) * given.ndim] = given if given.shape == (len(given),) * given.ndim else np.nan
        rho, _ = initial_state(levels, widened)
        return rho[: len(given), : len(given)]
    _checks.one_of("initial", which, NAMES)
    if which == "pointer":
        if not levels.parity_conserved:
            amplitudes = levels.state("P")[:2]
            return np.outer(amplitudes, amplitudes).astype(complex)
        return np.full((2, 2), 0.5, dtype=complex)
    if which == "doublet-mixture":
        return np.diag([0.5, 0.5]).astype(complex)
    if which == "ground":
        return np.array([[1.0]], dtype=complex)
    if temperature is None:
        raise InputError("temperature must be given for a thermal initial state; got None")
    if temperature == 0.0:
        return np.array([[1.0]], dtype=complex)
    weights = np.exp(-levels.excitations / temperature)
    weights /= weights.sum()
    kept = max(2, int(np.count_nonzero(weights > _NEGLIGIBLE)))
    return np.diag(weights[:kept] / weights[:kept].sum()).astype(complex)
