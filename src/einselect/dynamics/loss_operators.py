"""Loss operators between the levels of different numbers of atoms in the same two wells (`atom_loss`)."""

from __future__ import annotations

import numpy as np

from .. import _checks
from ..errors import InputError
from ..levels import Array, Levels
from ..models.bose_josephson import BoseJosephson
from ..models.lmg import LMG
from ..spin import CollectiveOperator, diagonal


def fewer_atoms(model: LMG | BoseJosephson, spins: int) -> LMG:
    """The same wells with another number of atoms: U = J/N and 2K = Γ unchanged.

    Raises
    ------
    InputError
        For a model other than the LMG one or the untilted condensate, or fewer than two atoms.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.loss_operators import fewer_atoms
    >>> fewer_atoms(LMG(spins=100, field=0.5), 98).coupling
    0.98
    """
    if not isinstance(model, LMG | BoseJosephson) or (isinstance(model, BoseJosephson) and model.tilt):
        raise _checks.fail("model", "an LMG model or a BoseJosephson without tilt", model)
    unit = "plain" if model.energy_unit == "J" and spins != model.spins else model.energy_unit
    return LMG(spins, model.field, model.coupling / model.spins * spins, energy_unit=unit)


def loss_matrix(before: Levels, after: Levels, *, mixed: bool = False) -> Array:
    """<E'_c|a^n|E_d> between levels of N and of N - n atoms, n = 1 or 2; b^n has the same, times both parities.

    Parameters
    ----------
    before, after : Levels
    mixed : bool
        ab instead, between N and N - 2 atoms.

    Returns
    -------
    ndarray, shape (k', k)

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.loss_operators import fewer_atoms, loss_matrix
    >>> model = LMG(spins=6, field=0.8)
    >>> a = loss_matrix(model.levels(7), fewer_atoms(model, 5).levels(6))
    >>> (a.T @ a).trace().round(10).item()  # the mean number in one mode, 3, times 7
    21.0
    """
    lost = before.spins - after.spins
    if lost not in ((2,) if mixed else (1, 2)):
        raise InputError(
            f"levels after the loss must be of {'two' if mixed else 'one or two'} atoms fewer; got {after.spins} of "
            f"{before.spins}"
        )
    m, psi = before.on_window()
    left, kept = after.on_window()
    count = 0.5 * before.spins + m
    if mixed:
        weight, moved = np.sqrt(count * (before.spins - count)), 0.0
    else:
        weight, moved = np.sqrt(count if lost == 1 else count * np.maximum(count - 1.0, 0.0)), 0.5 * lost
    targets, sites = (np.rint(2.0 * x).astype(np.int64) for x in (m - moved, left))
    _, source, target = np.intersect1d(targets, sites, assume_unique=True, return_indices=True)
    return np.asarray((kept[:, target] * weight[source]) @ psi[:, source].T)


def by_parity(before: Levels, after: Levels, *, mixed: bool = False) -> tuple[Array, Array]:
    """(a^n + b^n)/√2 and (a^n - b^n)/√2 between levels, or ab and nothing; exactly zero where parity forbids it."""
    single = loss_matrix(before, after, mixed=mixed)
    if mixed:
        return np.where(np.equal.outer(after.parities, before.parities), single, 0.0), np.zeros_like(single)
    same = np.equal.outer(after.parities, before.parities)
    return np.where(same, np.sqrt(2.0) * single, 0.0), np.where(same, 0.0, np.sqrt(2.0) * single)


def loss_moment(spins: int, lost: int, *, mixed: bool = False) -> CollectiveOperator:
    """sum_L L†L: N for one-body loss; of pairs 2Jz² + N²/2 - N from one mode, n_a n_b = N²/4 - Jz² from both."""
    if mixed:
        return diagonal(lambda m: 0.25 * spins * spins - m * m, "mixed pairs")
    if lost == 1:
        return diagonal(lambda m: np.full_like(m, float(spins)), "N")
    return diagonal(lambda m: 2.0 * m * m + 0.5 * spins * (spins - 2.0), "pairs")
