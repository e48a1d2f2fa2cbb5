"""A cheap stand-in for the converged correlator: few levels by the Lindblad equation, the next ones by Eq. 12.

The readout sgn(Jz) reaches all levels. On k levels dephasing is treated in full; a level n above them enters C(t) as

    Σ_a p_a |<n|Q|a>|² cos((E_n - E_a)t) exp(-Γ_na t),     Γ_na = (γ/2)(<n|Z²|n> + <a|Z²|a>)

(Eq. 12, whose last term parity takes away), p_a the populations of the initial state. This is for the difference to
what is exact, which it makes small and even along N; it is no answer by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .whole_space import Array, checked

if TYPE_CHECKING:
    from .leggett_garg import LeggettGarg

FULL = 12
_WITH_NEXT = 64


def nearly_converged(test: LeggettGarg, gamma: float, times: Array) -> Array:
    """C(0, t) of a test as described above, shape (t,).

    Parameters
    ----------
    test : LeggettGarg
        Of any level: that of the answer is 12.
    gamma : float
        In the model's unit.
    times : ndarray, shape (t,)

    Examples
    --------
    >>> import numpy as np
    >>> from einselect import LMG
    >>> from einselect.protocols import LeggettGarg
    >>> from einselect.protocols.lg_control import nearly_converged
    >>> test = LeggettGarg(LMG(100, 0.9))
    >>> times = np.array([test.tau, 2.0 * test.tau])
    >>> exact = test.correlations(1e-6, times).values[0]
    >>> bool(np.abs(nearly_converged(test, 1e-6, times) - exact).max() < 1e-3)
    True
    """
    few = replace(test, level=min(FULL, test.model.spins + 1))
    low: Array = few.correlator.values(np.array([gamma]), times).values[0]
    count = min(_WITH_NEXT, test.model.spins + 1)
    if count <= FULL or not (isinstance(test.operator, str) and test.operator == "Jz"):
        return low
    levels = test.model.levels(count)
    populations = few.correlator.state(levels).diagonal().real[:FULL]
    vectors = levels.dicke_vectors()
    m = np.arange(levels.spins + 1) - 0.5 * levels.spins
    readout = (vectors[FULL:] * checked(test.readout)(m)) @ vectors[:FULL].T
    moments = vectors**2 @ m**2
    for a in np.flatnonzero(populations > 1e-3).tolist():
        weights = populations[a] * readout[:, a] ** 2
        rates = 0.5 * gamma * (moments[FULL:] + moments[a])
        energies = levels.excitations[FULL:] - levels.excitations[a]
        low = low + np.einsum("n,nt->t", weights, np.cos(np.outer(energies, times)) * np.exp(-np.outer(rates, times)))
    return low
