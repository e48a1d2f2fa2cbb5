"""A Leggett-Garg test by every description, with the dephasing rate that each allows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import _checks
from ...errors import InputError, PhaseError, ResolutionError
from ...models.base import is_spin
from ...protocols import LeggettGarg, LeggettGargValue, Threshold, k3_by_level
from ...protocols.initial import NAMES as INITIAL
from ...protocols.lg_thresholds import threshold_or_none, with_thresholds
from ...rates import written_rate
from .. import bounds
from ..jobs import Job
from ..state import System

if TYPE_CHECKING:
    import xarray

QUICK = ("A", "B", "two-level", "C")
LEVELS = (*QUICK, "converged")
DESCRIPTIONS = {
    "A": "rate γ G_loc",
    "B": "rate γ G01",
    "two-level": "doublet, not secular",
    "C": "five levels",
    "converged": "all levels",
}
POINT = 1e-6
"""Error of a correlator that enters a number; a curve may have more."""
_CURVE = 1e-4
_STEPS = 200


def spin_and_rate(system: System) -> tuple[Any, float, float | str]:
    """The model and its dephasing rate, as a number and as the protocols take it.

    Raises
    ------
    InputError
        For a model that is no collective spin, a jump operator other than Jz, or no rate.
    """
    if not is_spin(system.model):
        raise InputError(f"model must be a collective spin for this page, as lmg is; got {system.entry.name!r}")
    if system.jump not in (None, "Jz"):
        raise InputError(f"jump must be Jz for this page, whose protocols suffer dephasing; got {system.jump!r}")
    if not system.rate:
        raise InputError(f"gamma must be given, above zero, for this page; got {system.gamma!r}")
    return system.model, system.rate, written_rate(system.model.energy_unit, system.rate)


@dataclass(frozen=True)
class LevelAnswer:
    """A Leggett-Garg test by one description.

    Attributes
    ----------
    level : str
    value : LeggettGargValue
        K3 at the interval.
    threshold : Threshold or None
        Largest γ with K3 > 1 there; None where K3 stays above 1 at any rate.
    """

    level: str
    value: LeggettGargValue
    threshold: Threshold | None


@dataclass(frozen=True)
class LeggettGargAnswer:
    """A Leggett-Garg test by several descriptions.

    Attributes
    ----------
    tau, gamma : float
    rows : tuple of LevelAnswer
    missing : dict of str to str
        Descriptions that cannot be had, and why.
    curves : xarray.Dataset
        From `k3_by_level`, with ``threshold`` over (level) and ``threshold_tau`` in its attributes.
    contrast : float
        <E0|Q|E1>².
    """

    tau: float
    gamma: float
    rows: tuple[LevelAnswer, ...]
    missing: dict[str, str]
    curves: xarray.Dataset
    contrast: float


def leggett_garg(
    system: System, *, initial: str = "ground", levels: tuple[str, ...] = QUICK, job: Job | None = None
) -> LeggettGargAnswer:
    """K3 against τ by several descriptions, and at τ = π/(3ΔE) with its threshold.

    Parameters
    ----------
    system : System
        A collective spin with a dephasing rate.
    initial : {"ground", "doublet-mixture", "thermal", "pointer"}
    levels : tuple of str
    job : Job, optional

    Returns
    -------
    LeggettGargAnswer

    Examples
    --------
    >>> from einselect.explorer.compute.leggett_garg import leggett_garg
    >>> from einselect.explorer.state import State
    >>> for row in leggett_garg(State().system(), levels=("B", "C")).rows:
    ...     print(f"{row.level}: K3 = {row.value.value:.4f}, up to {row.threshold.gamma:.4f} 1/s")
    B: K3 = 1.2182, up to 0.1173 1/s
    C: K3 = 1.3166, up to 0.2890 1/s
    """
    job = Job() if job is None else job
    model, rate, gamma = spin_and_rate(system)
    _checks.one_of("initial", initial, INITIAL)
    for level in levels:
        _checks.one_of("level", level, LEVELS)
    temperature = system.temperature if initial == "thermal" else None
    test = LeggettGarg(model, "B", initial, temperature=temperature, tolerance=POINT)
    check_resolved(test)
    rows, curves, missing = [], [], {}
    tau = np.linspace(1.0, _STEPS, _STEPS) * (1.5 * test.tau / _STEPS)
    for done, level in enumerate(levels):
        job.progress(done / len(levels))
        try:
            if level == "converged":
                bounds.check_most("spins", model.spins, bounds.CONVERGED_SPINS, "a test on all levels")
            one = replace(test, level=level)
            value = one.k3(gamma)
            found = k3_by_level(one, [level], gamma, tau, _CURVE)
            job.progress((done + 0.5) / len(levels))
            rows.append(LevelAnswer(level, value, threshold_or_none(one)))
        except (InputError, PhaseError, ResolutionError) as error:
            missing[level] = str(error)
            continue
        curves.append(found)
    if not rows:
        raise ResolutionError("; ".join(missing.values()))
    return LeggettGargAnswer(test.tau, rate, tuple(rows), missing, _joined(curves, rows), test.correlator.contrast)


def check_resolved(test: LeggettGarg) -> None:
    """Refuse a splitting so small that τ is beyond double precision."""
    if not float(test.doublet.splitting) > 0.0 or not math.isfinite(3.0 * test.tau):
        raise ResolutionError("spins must be fewer, or the field stronger: τ = π/(3ΔE) is beyond double precision")


def _joined(curves: list[xarray.Dataset], rows: list[LevelAnswer]) -> xarray.Dataset:
    import xarray

    joined = xarray.concat(curves, "level", combine_attrs="override")
    return with_thresholds(joined, [row.threshold for row in rows], rows[0].value.tau)
