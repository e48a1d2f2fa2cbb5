"""The finite-size curve of any model: its doublet under one jump operator, over N."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _checks
from .._version import __version__
from ..errors import InputError
from ..rates import dephasing_rates

if TYPE_CHECKING:
    import xarray

_VARIABLES = {
    "eta_exact": "Γ_PR/Γ_01",
    "eta_mf": "G_loc over Γ_01/γ",
    "g01": "½ Tr L†L over the doublet",
    "j01": "half the distance of <L> in the two pointer states",
    "splitting": "ΔE; NaN where it is not resolved",
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
        Over `spins`: eta_exact, eta_mf, g01, j01, splitting, splitting_bound, gap, with NaN where there is none. In
        the attributes, for each ratio the largest on the curve and where it is: peak_eta_exact, peak_eta_exact_spins;
        -1 where there is none.

    Examples
    --------
    >>> from einselect import AnisotropicLMG
    >>> from einselect.sweeps import size_curve
    >>> curve = size_curve(lambda n: AnisotropicLMG(n, field=0.95, anisotropy=-0.5), range(50, 701, 50))
    >>> curve.attrs["peak_eta_mf_spins"], round(curve.attrs["peak_eta_mf"], 3)
    (350, 2.431)
    """
    import xarray

    sizes = [_checks.whole("spins", n, 1) for n in spins]
    if not sizes:
        raise InputError("spins must be one or more whole numbers; got none")
    columns: dict[str, list[float]] = {name: [] for name in _VARIABLES}
    name, unit = "", ""
    for n in sizes:
        d = dephasing_rates(make(n), jump=jump).doublet
        name, unit = d.jump, d.energy_unit
        for key, column in columns.items():
            value = getattr(d, key)
            column.append(math.nan if value is None else float(value))
    attributes: dict[str, Any] = {"jump": name, "energy_unit": unit, "software": f"einselect {__version__}"}
    for ratio in ("eta_exact", "eta_mf"):
        values = np.array(columns[ratio])
        known = not np.all(np.isnan(values))
        place = int(np.nanargmax(values)) if known else 0
        attributes[f"peak_{ratio}"] = float(values[place])
        attributes[f"peak_{ratio}_spins"] = sizes[place] if known else -1
    variables = {key: ("spins", columns[key], {"long_name": text}) for key, text in _VARIABLES.items()}
    return xarray.Dataset(variables, coords={"spins": sizes}, attrs=attributes)
