"""K3 over dephasing rates and intervals, or over rates and a family of models, as labelled arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from .._version import __version__
from ..dynamics.lindbladian import check_times
from ..errors import InputError
from ..rates import units_of
from .lg_thresholds import threshold_or_none, with_thresholds
from .rate_axis import over_rates
from .whole_space import Array

if TYPE_CHECKING:
    import xarray

    from .leggett_garg import LeggettGarg


def k3_map(test: LeggettGarg, gamma: Any, tau: ArrayLike | None, tolerance: float) -> xarray.Dataset:
    """K3 over (gamma, tau); documented as `LeggettGarg.k3_map`."""
    import xarray

    _checks.positive("tolerance", tolerance)
    rates = test.rates(gamma)
    steps = check_times(np.linspace(0.015, 1.5, 100) * test.tau if tau is None else tau)
    if steps[0] <= 0.0:
        raise InputError(f"tau must be above zero; got {float(steps[0])!r}")
    # Times of a regular grid serve as τ and as 2τ: those that agree but for their last bits are one.
    shared, where = np.unique(np.round(np.concatenate((steps, 2.0 * steps)) / steps[-1], 12), return_inverse=True)
    found, error = _over(test, rates, shared * steps[-1], tolerance)
    k3 = 2.0 * found[:, where[: len(steps)]] - found[:, where[len(steps) :]]
    units = units_of(test.model.energy_unit)
    return xarray.Dataset(
        {"k3": (("gamma", "tau"), k3, {"long_name": "K3 = 2C(τ) - C(2τ)", "units": "1"})},
        coords={
            "gamma": ("gamma", rates, {"units": units["rate"], "long_name": "dephasing rate γ"}),
            "tau": ("tau", steps, {"units": units["time"], "long_name": "interval τ"}),
        },
        attrs={**_attributes(test), "convergence_error": 3.0 * error},
    )


def k3_across(
    tests: Sequence[LeggettGarg], name: str, values: Sequence[Any], gamma: Any, tolerance: float = 1e-5
) -> xarray.Dataset:
    """K3 at τ = π/(3ΔE) of each of several tests, as over N or the field, and over dephasing rates.

    Parameters
    ----------
    tests : sequence of LeggettGarg
        One for each value.
    name : str
        Of the coordinate, as "spins" or "field".
    values : sequence
        Of the coordinate.
    gamma : sequence
        Rates.
    tolerance : float
        Of the correlators.

    Returns
    -------
    xarray.Dataset
        ``k3`` over (name, gamma); ``tau``, ``contrast`` and ``convergence_error`` over (name).

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.protocols import LeggettGarg, k3_across
    >>> sizes = [20, 40]
    >>> tests = [LeggettGarg(LMG(n, 0.8)) for n in sizes]
    >>> k3_across(tests, "spins", sizes, [0.0, 1e-3, 2e-3]).k3.dims
    ('spins', 'gamma')
    """
    import xarray

    if not tests or len(tests) != len(values):
        raise InputError(f"tests must be as many as values, at least one; got {len(tests)} beside {len(values)}")
    _checks.positive("tolerance", tolerance)
    rates = tests[0].rates(gamma)
    rows, errors = [], []
    for test in tests:
        found, error = _over(test, rates, np.array([test.tau, 2.0 * test.tau]), tolerance)
        rows.append(2.0 * found[:, 0] - found[:, 1])
        errors.append(3.0 * error)
    units = units_of(tests[0].model.energy_unit)
    return xarray.Dataset(
        {
            "k3": ((name, "gamma"), np.array(rows), {"long_name": "K3 = 2C(τ) - C(2τ)", "units": "1"}),
            "tau": (name, [test.tau for test in tests], {"long_name": "π/(3ΔE)", "units": units["time"]}),
            "contrast": (name, [test.correlator.contrast for test in tests], {"long_name": "<E0|Q|E1>²", "units": "1"}),
            "convergence_error": (name, errors, {"units": "1"}),
        },
        coords={name: list(values), "gamma": ("gamma", rates, {"units": units["rate"]})},
        attrs={k: v for k, v in _attributes(tests[0]).items() if k != "spins"},
    )


def k3_by_level(
    test: LeggettGarg,
    levels: Sequence[str | int],
    gamma: Any,
    tau: ArrayLike | None = None,
    tolerance: float = 1e-5,
    *,
    thresholds: bool = False,
    threshold_tau: float | None = None,
) -> xarray.Dataset:
    """K3 over τ at one dephasing rate, by several descriptions of the same test.

    Parameters
    ----------
    test : LeggettGarg
        Its own level is not looked at.
    levels : sequence of str or int
    gamma : float or str
    tau : array_like, optional
        Intervals, ascending, > 0; 100 up to 1.5 π/(3ΔE) unless given.
    tolerance : float
        Of the correlators of the curves.
    thresholds : bool
        Work out by each description the largest γ with K3 > 1 too, to the tolerance of the test.
    threshold_tau : float, optional
        The interval of the thresholds; π/(3ΔE) unless given.

    Returns
    -------
    xarray.Dataset
        ``k3`` over (level, tau) and ``convergence_error`` over (level). With `thresholds` also ``threshold`` and
        ``threshold_error`` over (level), NaN where K3 does not exceed 1 or exceeds it at every rate, and
        ``threshold_tau`` among the attributes.

    Raises
    ------
    InputError
        For no levels, several rates, or an interval for thresholds that are not asked for.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.protocols import LeggettGarg, k3_by_level
    >>> found = k3_by_level(LeggettGarg(LMG(40, 0.9)), ["B", "converged"], 1e-3)
    >>> found.k3.sel(level="converged").values.max().round(3) > found.k3.sel(level="B").values.max().round(3)
    np.True_

    What each of them says that the test bears, at the benchmark of the paper:

    >>> test = LeggettGarg(LMG(370, 0.95, "74345.55 rad/s"))
    >>> found = k3_by_level(test, ["B", "C"], "0.05 1/s", thresholds=True)
    >>> found.threshold.values.round(3).tolist()
    [0.117, 0.289]
    """
    import xarray

    if not levels:
        raise InputError("levels must be one description at least; got none")
    if threshold_tau is not None and not thresholds:
        raise InputError(f"threshold_tau must be left out without thresholds; got {threshold_tau!r}")
    step = test.interval(threshold_tau) if thresholds else 0.0
    tests = [replace(test, level=level) for level in levels]
    maps = [one.k3_map(gamma, tau, tolerance) for one in tests]
    first = maps[0]
    if first.sizes["gamma"] != 1:
        raise _checks.fail("gamma", "one rate (a map takes many)", gamma)
    curves = xarray.Dataset(
        {
            "k3": (("level", "tau"), np.array([m.k3.values[0] for m in maps]), first.k3.attrs),
            "convergence_error": ("level", [m.attrs["convergence_error"] for m in maps], {"units": "1"}),
        },
        coords={"level": [str(level) for level in levels], "tau": first.tau},
        attrs={
            **{k: v for k, v in _attributes(test).items() if k != "level"},
            "gamma": float(first.gamma.values[0]),
            "gamma_units": first.gamma.attrs["units"],
        },
    )
    return with_thresholds(curves, [threshold_or_none(one, step) for one in tests], step) if thresholds else curves


def _over(test: LeggettGarg, rates: Array, times: Array, tolerance: float) -> tuple[Array, float]:
    """C(0, t) over (γ, t), and its error."""

    def values(some: Array) -> tuple[Array, float]:
        found = test.correlator.values(some, times, tolerance)
        return found.values, found.error

    return over_rates(values, rates, 1.0 / (test.doublet.g01 * float(times[-1])), tolerance)


def _attributes(test: LeggettGarg) -> dict[str, Any]:
    size = {"spins": test.model.spins} if hasattr(test.model, "spins") else {"model": repr(test.model)}
    return {
        "level": str(test.level),
        "initial": test.initial if isinstance(test.initial, str) else "given",
        **size,
        "software": f"einselect {__version__}",
    }
