"""Curves of any model: its doublet under one jump operator, over N or another parameter."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _checks
from .._version import __version__
from ..errors import InputError
from ..models.registry import MODELS
from ..rates import dephasing_rates

if TYPE_CHECKING:
    import xarray

_VARIABLES = {
    "eta_exact": "Γ_PR/Γ_01",
    "eta_mf": "G_loc over Γ_01/γ",
    "g01": "½ Tr L†L over the doublet",
    "j01": "half the distance of <L> in the two pointer states",
    "splitting": "ΔE; NaN where it is not resolved, or below the smallest double",
    "log10_splitting": "log10 ΔE; NaN where it is not resolved",
    "splitting_bound": "upper bound on ΔE; NaN where that is resolved",
    "gap": "E_2 - E_0",
}


def size_curve(make: Callable[[int], Any], spins: Iterable[int], *, jump: str | None = None) -> xarray.Dataset:
    """Ratios and moments of the doublet of a model as the number of spins grows.

    Parameters
    ----------
    make : callable
        Gives the model of a number of spins.
    spins : iterable of int
    jump : str, optional
        Jump operator. Default: the model's natural one.

    Returns
    -------
    xarray.Dataset
        Over `spins`: eta_exact, eta_mf, g01, j01, splitting, log10_splitting, splitting_bound, gap, with NaN where
        there is none. In the attributes, for each ratio the largest on the curve and where it is: peak_eta_exact,
        peak_eta_exact_spins; -1 where there is none.

    Examples
    --------
    >>> from einselect import AnisotropicLMG
    >>> from einselect.sweeps import size_curve
    >>> curve = size_curve(lambda n: AnisotropicLMG(n, field=0.95, anisotropy=-0.5), range(50, 701, 50))
    >>> curve.attrs["peak_eta_mf_spins"], round(curve.attrs["peak_eta_mf"], 3)
    (350, 2.431)
    """
    sizes = [_checks.whole("spins", n, 1) for n in spins]
    if not sizes:
        raise InputError("spins must be one or more whole numbers; got none")
    return parameter_curve(make, sizes, axis="spins", jump=jump)


def parameter_curve(
    make: Callable[[Any], Any], values: Iterable[Any], *, axis: str, jump: str | None = None
) -> xarray.Dataset:
    """Ratios and moments of the doublet of a model along one of its parameters.

    Parameters
    ----------
    make : callable
        Gives the model of a value.
    values : iterable
        Numbers, or strings with a unit.
    axis : str
        Name of the parameter: an attribute of the model, whose value is the coordinate.
    jump : str, optional
        Jump operator. Default: the model's natural one.

    Returns
    -------
    xarray.Dataset
        As of `size_curve`, over `axis`, in the unit of the model.

    Raises
    ------
    InputError
        For no values, or models of which some have units and some have not.

    Examples
    --------
    >>> from einselect import Rabi
    >>> from einselect.sweeps import parameter_curve
    >>> curve = parameter_curve(lambda c: Rabi(coupling=c), [0.5, 1.0, 2.0], axis="coupling", jump="Jx")
    >>> curve.eta_exact.round(4).values.tolist()
    [1.6432, 1.8627, 1.9951]
    """
    import xarray

    along: list[float] = []
    model: Any = None
    columns: dict[str, list[float]] = {name: [] for name in _VARIABLES}
    names, units = set(), set()
    for value in values:
        model = make(value)
        d = dephasing_rates(model, jump=jump).doublet
        along.append(getattr(model, axis, value))
        names.add(d.jump)
        units.add(d.energy_unit)
        for key, column in columns.items():
            found = getattr(d, key)
            none = found is None or (key == "splitting" and found == 0.0)
            column.append(math.nan if none else float(found))
    if not along or len(units) > 1:
        raise InputError(f"{axis} must be one or more values, all with a unit or none; got {along!r}")
    unit = units.pop()
    attributes: dict[str, Any] = {"jump": names.pop(), "energy_unit": unit, "software": f"einselect {__version__}"}
    for ratio in ("eta_exact", "eta_mf"):
        ratios = np.array(columns[ratio])
        known = not np.all(np.isnan(ratios))
        place = int(np.nanargmax(ratios)) if known else 0
        attributes[f"peak_{ratio}"] = float(ratios[place])
        attributes[f"peak_{ratio}_{axis}"] = along[place] if known else -1
    variables = {key: (axis, columns[key], {"long_name": text}) for key, text in _VARIABLES.items()}
    coordinate = (axis, along, _coordinate(model, axis, unit))
    return xarray.Dataset(variables, coords={axis: coordinate}, attrs=attributes)


def _coordinate(model: Any, axis: str, energy_unit: str) -> dict[str, str]:
    """Unit and symbol of a parameter, where the model is one of the package's."""
    entry = next((entry for entry in MODELS.values() if entry.make is type(model)), None)
    known = {} if entry is None else {parameter.name: parameter for parameter in entry.parameters}
    if axis not in known:
        return {}
    physical = known[axis].energy and energy_unit == "rad/s"
    return {"symbol": known[axis].symbol, "units": "rad/s" if physical else "1"}
