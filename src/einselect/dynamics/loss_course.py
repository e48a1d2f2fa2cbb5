"""Both coherences of a doublet under atom loss in time, the atoms that are left counted or not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from .._version import __version__
from ..errors import InputError
from ..rates import in_unit_of, units_of, written_rate
from .atom_loss import AtomLoss, atom_loss
from .lindbladian import check_times
from .loss_cascade import LossCascade
from .loss_operators import fewer_atoms

if TYPE_CHECKING:
    import xarray

    from ..models.bose_josephson import BoseJosephson
    from ..models.lmg import LMG

_WORK = 1e8  # elements of the generator times oscillations that have to be followed: about a second
_ELEMENTS = 50_000
_LEVELS = (16, 12, 9, 6, 4, 3)
_SPREAD = 8.0  # standard deviations of the number lost


def losses(
    model: LMG | BoseJosephson, one_body: float | str = 0.0, two_body: float | str = 0.0, mixed: float | str = 0.0
) -> tuple[AtomLoss, ...]:
    """Each kind of loss whose rate is not zero, single atoms first.

    Parameters
    ----------
    model : LMG or BoseJosephson
    one_body, two_body, mixed : float or str
        Γ1 (single atoms), Γ2 (pairs from one mode) and Γ12 (pairs with an atom from each), as the `rate` of
        `atom_loss`.

    Returns
    -------
    tuple of AtomLoss

    Raises
    ------
    InputError, UnitError
        As for `atom_loss`; and if there is none.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.loss_course import losses
    >>> [loss.kind for loss in losses(LMG(spins=100, field=0.6), one_body=1e-3, mixed=1e-5)]
    ['one-body', 'mixed']
    """
    given = ((1, False, one_body, "one_body"), (2, False, two_body, "two_body"), (2, True, mixed, "mixed"))
    fewer_atoms(model, model.spins)  # it knows which models can lose atoms
    found = []
    for lost, both, rate, name in given:
        number = in_unit_of(model.energy_unit, name, rate)
        if number:
            found.append(atom_loss(model, lost, written_rate(model.energy_unit, number), mixed=both))
    if not found:
        raise InputError("one_body, two_body or mixed must be above zero; got none")
    return tuple(found)


def loss_course(
    model: LMG | BoseJosephson,
    times: ArrayLike,
    one_body: float | str = 0.0,
    two_body: float | str = 0.0,
    mixed: float | str = 0.0,
    *,
    levels: int | str = "auto",
    fewest: int | None = None,
) -> xarray.Dataset:
    """What atom loss leaves of ρ_01 and ρ_PR, by the cascade over the numbers of atoms.

    Parameters
    ----------
    model : LMG or BoseJosephson
        Of all atoms; without tilt.
    times : array_like, shape (t,)
        Ascending, >= 0.
    one_body, two_body, mixed : float or str
        Γ1, Γ2 and Γ12.
    levels : int, "all" or "auto"
        Kept of each number. "all" is exact; "auto" takes as many as are followed in a few seconds, which are all
        where atoms are few and times short, and the doublets alone where they are many and long. What that leaves out
        is part of `missing`.
    fewest : int, optional
        Smallest number of atoms kept. Default: as few as are reached with a probability of more than about 1e-15.

    Returns
    -------
    xarray.Dataset
        Over `time`: retention_01 = ρ_01(t)/ρ_01(0) of (|E0> + |E1>)/√2 and retention_pr of |E0>, for which ρ_PR = ½,
        summed over the numbers of atoms; counted_01 and counted_pr, sums of moduli, which is what is left for someone
        who counts the atoms afterwards; naive_01 and naive_pr, exp(-Γ_ab t); no_loss, the probability that none is
        lost; mean_number; missing, the probability of fewer atoms or other levels than are kept.

    Raises
    ------
    InputError, UnitError
        As for `LossCascade` and `losses`.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.loss_course import loss_course
    >>> course = loss_course(LMG(spins=20, field=0.6), [0.0, 50.0], one_body=1e-3)
    >>> [f"{float(course[name][1]):.3f}" for name in ("no_loss", "mean_number", "retention_pr")]
    ['0.368', '19.025', '0.716']
    """
    import xarray

    grid = check_times(times)
    kinds = losses(model, one_body, two_body, mixed)
    least = _fewest(model.spins, kinds, float(grid[-1])) if fewest is None else fewest
    kept = _levels(model, kinds, least, float(grid[-1])) if levels == "auto" else levels
    whole = kept if kept != "all" else None
    cascade = LossCascade(model, one_body, two_body, mixed, levels=whole, fewest=least)  # type: ignore[arg-type]
    eigen, pointer = (cascade.evolve(start, grid) for start in ("eigen-superposition", "ground"))
    unit = units_of(model.energy_unit)["time"]
    rates = {"01": sum(loss.rate_eigenstate for loss in kinds), "pr": sum(loss.rate_pointer for loss in kinds)}
    variables: dict[str, Any] = {
        "retention_01": (2.0 * eigen.whole_01, "what is left of ρ_01"),
        "retention_pr": (2.0 * pointer.whole_pr.real, "what is left of ρ_PR"),  # real by parity
        "counted_01": (2.0 * np.abs(eigen.rho_01).sum(axis=1), "what is left of ρ_01, atoms counted"),
        "counted_pr": (2.0 * np.abs(pointer.rho_pr).sum(axis=1), "what is left of ρ_PR, atoms counted"),
        "naive_01": (np.exp(-rates["01"] * grid), "exp(-Γ_01 t)"),
        "naive_pr": (np.exp(-rates["pr"] * grid), "exp(-Γ_PR t)"),
        "no_loss": (eigen.probabilities[:, 0], "probability of no loss"),
        "mean_number": (eigen.mean_number, "mean number of atoms"),
        "missing": (np.maximum(eigen.missing, pointer.missing), "probability that is not kept"),
    }
    return xarray.Dataset(
        {name: ("time", values, {"long_name": text}) for name, (values, text) in variables.items()},
        coords={"time": ("time", grid, {"units": unit})},
        attrs={
            "spins": model.spins,
            **{loss.kind.replace("-", "_"): loss.rate for loss in kinds},
            "rate_01": rates["01"],
            "rate_pr": rates["pr"],
            "levels": "all" if cascade.levels is None else cascade.levels,
            "fewest": cascade.fewest,
            "energy_unit": model.energy_unit,
            "software": f"einselect {__version__}",
        },
    )


def _fewest(spins: int, kinds: tuple[AtomLoss, ...], time: float) -> int:
    """Number of atoms that is hardly reached: events are at most Poissonian, each rate falling with the number."""
    events = [(loss.lost, loss.event_rate * time) for loss in kinds]
    lost = sum(each * (mean + _SPREAD * math.sqrt(mean) + _SPREAD) for each, mean in events)
    return max(2, spins - math.ceil(lost))


def _levels(model: LMG | BoseJosephson, kinds: tuple[AtomLoss, ...], fewest: int, time: float) -> int | str:
    """As many levels of each number as are not too much work; all, where they are not."""
    spins = model.spins
    numbers = range(_checks.whole("fewest", fewest, 2, spins), spins + 1)
    for count in (spins + 1, *_LEVELS):
        if count > spins + 1:
            continue
        sizes = [min(count, n + 1) for n in numbers]
        if sum(size**2 for size in sizes) > _ELEMENTS:
            continue
        frequency = float(model.levels(count).excitations[-1]) + sum(loss.event_rate for loss in kinds)
        if len(kinds) * sum(size**4 for size in sizes) * (1.0 + frequency * time) <= _WORK:
            return "all" if count == spins + 1 else count
    return 2
