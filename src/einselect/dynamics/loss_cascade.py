"""The cascade of atom loss: one density matrix for each number of atoms, each fed by those above it.

    dρ^(n)/dt = -i[H_n,ρ^(n)] - ½{Γ1 M1 + Γ2 M2 + Γ12 M12, ρ^(n)}
                + Γ1 sum_(L = a, b) L ρ^(n+1) L† + Γ2 sum_(L = a², b²) L ρ^(n+2) L† + Γ12 ab ρ^(n+2) a†b†

with M = sum L†L (`atom_loss`). Coherences between numbers never form from a state that has one number. With all n + 1
levels of every number kept this is exact; with the doublets alone it is an approximation that counts what leaks out of
them as lost, for numbers of atoms for which the exact one is too large.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError
from ..levels import Array, Levels
from ..models.bose_josephson import BoseJosephson
from ..models.lmg import LMG
from ..rates import in_unit_of
from .lindbladian import check_times
from .loss_operators import by_parity, fewer_atoms, loss_moment
from .states import initial_state

Matrix = NDArray[np.complex128]
_MOST_ELEMENTS = 50_000
_FEWEST = 2  # below, a doublet has no third level and a condensate no interaction


@dataclass(frozen=True, eq=False)
class LossEvolution:
    """What a cascade comes to.

    Attributes
    ----------
    times : ndarray, shape (t,)
    numbers : ndarray of int, shape (s,)
        Numbers of atoms, descending.
    probabilities : ndarray, shape (t, s)
        Tr ρ^(n).
    rho_01, rho_pr : ndarray, shape (t, s)
        <E0|ρ^(n)|E1> and <P|ρ^(n)|R>, of the states of n atoms.
    missing : ndarray, shape (t,)
        Probability of fewer atoms than are kept, and of levels that are not.
    """

    times: Array
    numbers: NDArray[np.int64]
    probabilities: Array
    rho_01: Matrix
    rho_pr: Matrix
    missing: Array

    @property
    def whole_01(self) -> Matrix:
        """ρ_01 summed over the numbers."""
        return np.asarray(self.rho_01.sum(axis=1))

    @property
    def whole_pr(self) -> Matrix:
        """ρ_PR summed over the numbers."""
        return np.asarray(self.rho_pr.sum(axis=1))

    @property
    def mean_number(self) -> Array:
        """Mean number of atoms, over the shots that are not missing; NaN where none is left."""
        kept = self.probabilities.sum(axis=1)
        mean = np.full(len(kept), np.nan)
        np.divide(self.probabilities @ self.numbers, kept, out=mean, where=kept > 0.0)
        return mean


@dataclass(frozen=True, eq=False)
class LossCascade:
    """Atom loss from a doublet, followed through the numbers of atoms.

    Parameters
    ----------
    model : LMG or BoseJosephson
        Of all atoms; without tilt.
    one_body, two_body, mixed : float or str
        Γ1, Γ2 and Γ12, in the model's unit, or "0.1 1/s" for physical ones.
    levels : int, optional
        Kept of each number, 2 or more. Default: all, which is exact.
    fewest : int, optional
        Smallest number of atoms kept. Default: 2.

    Raises
    ------
    InputError
        For a model that `atom_loss` refuses, or more than 50000 matrix elements in all.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.loss_cascade import LossCascade
    >>> found = LossCascade(LMG(spins=8, field=0.6), one_body=0.02).evolve("pointer", [0.0, 5.0])
    >>> print(f"{found.probabilities[1, 0]:.4f}")  # exp(-8 Γ1 t)
    0.4493
    """

    model: LMG | BoseJosephson
    one_body: float | str = 0.0
    two_body: float | str = 0.0
    mixed: float | str = 0.0
    levels: int | None = None
    fewest: int = _FEWEST

    def __post_init__(self) -> None:
        fewer_atoms(self.model, self.model.spins)  # it knows which models have a cascade
        set_ = object.__setattr__
        for name in ("one_body", "two_body", "mixed"):
            set_(self, name, in_unit_of(self.model.energy_unit, name, getattr(self, name)))
        set_(self, "fewest", _checks.whole("fewest", self.fewest, _FEWEST, self.model.spins))
        if self.levels is not None:
            set_(self, "levels", _checks.whole("levels", self.levels, 2))
        elements = sum(self._count(n) ** 2 for n in self.numbers)
        if elements > _MOST_ELEMENTS:
            raise InputError(
                f"levels and fewest must leave at most {_MOST_ELEMENTS} matrix elements in all; got {elements}"
            )

    def _count(self, spins: int) -> int:
        return spins + 1 if self.levels is None else min(self.levels, spins + 1)

    @property
    def numbers(self) -> list[int]:
        """Numbers of atoms, descending."""
        return list(range(self.model.spins, self.fewest - 1, -1))

    @cached_property
    def sectors(self) -> list[Levels]:
        """The levels of each number."""
        return [fewer_atoms(self.model, n).levels(self._count(n)) for n in self.numbers]

    @cached_property
    def generator(self) -> Any:
        """The generator on all ρ^(n), each stacked by rows, one after the other: a SciPy sparse array."""
        from scipy.sparse import block_array, csr_array, eye_array, kron

        # Atoms lost at once, whether one from each mode, and the rate.
        kinds = [(1, False, float(self.one_body)), (2, False, float(self.two_body)), (2, True, float(self.mixed))]
        count = len(self.sectors)
        blocks: list[list[Any]] = [[None] * count for _ in range(count)]
        for i, levels in enumerate(self.sectors):
            one = eye_array(len(levels))
            damping = sum(
                rate * levels.matrix(loss_moment(levels.spins, lost, mixed=mixed)) for lost, mixed, rate in kinds
            )
            drift = csr_array(-1j * np.diag(levels.excitations) - 0.5 * damping)
            blocks[i][i] = kron(drift, one) + kron(one, drift.conj())
            for lost, mixed, rate in kinds:
                if rate and i + lost < count:
                    parts = by_parity(levels, self.sectors[i + lost], mixed=mixed)
                    even, odd = (csr_array(jump) for jump in parts)
                    feed = rate * (kron(even, even) + kron(odd, odd))
                    before = blocks[i + lost][i]
                    blocks[i + lost][i] = feed if before is None else before + feed
        return csr_array(block_array(blocks))

    def evolve(self, rho0: str | ArrayLike, times: ArrayLike) -> LossEvolution:
        """All ρ^(n) in time, from a state of all atoms.

        Parameters
        ----------
        rho0 : str or array_like
            As for `Lindbladian.evolve`: "eigen-superposition", "pointer", "ground", amplitudes, or a density matrix.
        times : array_like, shape (t,)
            Ascending, >= 0.

        Returns
        -------
        LossEvolution
        """
        from scipy.sparse.linalg import expm_multiply

        grid = check_times(times)
        start, _ = initial_state(self.sectors[0], rho0)
        state = np.zeros(self.generator.shape[0], dtype=complex)
        state[: start.size] = start.ravel()
        trace, states, now = complex(self.generator.diagonal().sum()), [], 0.0
        for time in grid.tolist():
            if time > now:
                state = expm_multiply((time - now) * self.generator, state, traceA=(time - now) * trace)
                now = time
            states.append(state)
        ends = np.cumsum([len(levels) ** 2 for levels in self.sectors])[:-1]
        pieces = np.split(np.array(states), ends, axis=1)
        rho = [piece.reshape(-1, len(s), len(s)) for piece, s in zip(pieces, self.sectors, strict=True)]
        probabilities = np.stack([np.einsum("tii->t", r).real for r in rho], axis=1)
        rho_01 = np.stack([r[:, 0, 1] for r in rho], axis=1)
        difference = np.stack([0.5 * (r[:, 0, 0] - r[:, 1, 1]).real for r in rho], axis=1)
        return LossEvolution(
            times=grid,
            numbers=np.array(self.numbers),
            probabilities=probabilities,
            rho_01=rho_01,
            rho_pr=difference - 1j * rho_01.imag,
            missing=1.0 - probabilities.sum(axis=1),
        )
