"""The dephasing each description of a Leggett-Garg test bears, beside its curve of K3."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import ResolutionError

if TYPE_CHECKING:
    import xarray

    from .leggett_garg import LeggettGarg
    from .lg_values import Threshold


def threshold_or_none(test: LeggettGarg, tau: float | None = None) -> Threshold | None:
    """The threshold at an interval; None where there is none to be found, as where K3 stays above 1 at any rate.

    Parameters
    ----------
    test : LeggettGarg
    tau : float, optional
        π/(3ΔE) unless given.
    """
    try:
        return test.threshold(tau)
    except ResolutionError:
        return None


def with_thresholds(curves: xarray.Dataset, found: Sequence[Threshold | None], tau: float) -> xarray.Dataset:
    """Curves of K3 with the threshold of each description.

    Parameters
    ----------
    curves : xarray.Dataset
        Over (level, tau), with ``gamma_units`` among its attributes.
    found : sequence of Threshold or None
        One for each level.
    tau : float
        The interval of all of them.

    Returns
    -------
    xarray.Dataset
        With ``threshold`` and ``threshold_error`` over (level), NaN where there is none, and ``threshold_tau`` among
        the attributes.
    """
    units = {"units": curves.attrs["gamma_units"]}
    none = (math.nan, math.nan)
    known = [none if one is None or one.gamma is None else (one.gamma, one.error) for one in found]
    columns = {"threshold": [limit for limit, _ in known], "threshold_error": [error for _, error in known]}
    names = {"threshold": "largest γ with K3 > 1 at threshold_tau", "threshold_error": "bound on its error"}
    return curves.assign(
        {name: ("level", column, {**units, "long_name": names[name]}) for name, column in columns.items()}
    ).assign_attrs(threshold_tau=tau)
