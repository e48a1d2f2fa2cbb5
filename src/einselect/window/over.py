"""Windows over one or two further parameters: the window is worked out anew at each of their values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .. import _checks
from .._version import __version__
from ..errors import EinselectError, InputError
from .answer import Window

if TYPE_CHECKING:
    import xarray

_MOST = 100_000
_ENDS = {
    "window_min": ("minimum", "first {} at which both rates are well defined"),
    "window_max": ("maximum", "last {} at which both rates are well defined"),
    "thermal_min": ("thermal_min", "first {} of the thermal zone inside the window"),
    "thermal_max": ("thermal_max", "last {} of the thermal zone inside the window"),
}


def windows_over(
    find: Callable[..., Window], axes: Mapping[str, Sequence[float]], *, units: Mapping[str, str] | None = None
) -> xarray.Dataset:
    """The window at each value of one or more parameters.

    Parameters
    ----------
    find : callable
        The window at given values, which it takes as keywords: `find_window` or `window_along` with the rest filled in.
    axes : mapping of str to sequence of float
        Values of each parameter.
    units : mapping of str to str, optional
        Of the parameters, to be shown.

    Returns
    -------
    xarray.Dataset
        Over the axes: ``window_min``, ``window_max``, ``thermal_min`` and ``thermal_max``, NaN where there is none,
        ``is_empty`` (1 where nothing qualifies or there is no answer, 0 where there is a window; one without
        ``window_max`` has no upper end) and ``message`` (the verdict, or why there is no answer). In the attributes
        ``axis``, what the windows are along, and its ``axis_unit``.

    Raises
    ------
    InputError
        For no axes, an axis without values, or more than 100000 points.
    EinselectError
        What is wrong with the first point, where all of them are refused.

    Examples
    --------
    >>> from einselect import find_window
    >>> from einselect.window import windows_over
    >>> found = windows_over(lambda field: find_window(field, gamma=1e-6), {"field": [0.8, 0.9, 0.95]})
    >>> found.window_max.values.astype(int).tolist()
    [73, 175, 385]
    """
    import xarray

    coordinates = {name: [_checks.number(name, value) for value in values] for name, values in axes.items()}
    if not coordinates or not all(coordinates.values()):
        raise InputError(f"axes must be one parameter or more with values; got {dict(axes)!r}")
    shape = tuple(map(len, coordinates.values()))
    if math.prod(shape) > _MOST:
        raise InputError(f"axes must make at most {_MOST} points; got {math.prod(shape)}")
    ends = {name: np.full(shape, math.nan) for name in _ENDS}
    empty, message = np.ones(shape, dtype=np.int8), np.full(shape, "", dtype=object)
    first: Window | None = None
    refused: EinselectError | None = None
    for index in itertools.product(*map(range, shape)):
        point = {name: values[k] for (name, values), k in zip(coordinates.items(), index, strict=True)}
        try:
            window = find(**point)
        except EinselectError as error:
            refused = refused or error
            message[index] = " ".join(str(error).split())
            continue
        first = first or window
        empty[index], message[index] = window.is_empty, window.verdict
        for name, (attribute, _) in _ENDS.items():
            value = getattr(window, attribute)
            ends[name][index] = math.nan if value is None else value
    if first is None:
        assert refused is not None
        raise refused
    along, names = "N" if first.axis == "spins" else first.axis, list(coordinates)
    described = {
        name: {"units": first.unit or "1", "long_name": text.format(along)} for name, (_, text) in _ENDS.items()
    }
    flags = {"flag_values": [-1, 0, 1], "flag_meanings": "none window empty", "long_name": "whether nothing qualifies"}
    return xarray.Dataset(
        {name: (names, column, described[name]) for name, column in ends.items()}
        | {"is_empty": (names, empty, flags), "message": (names, message)},
        coords={
            name: (name, values, {"units": (units or {}).get(name, "") or "1"}) for name, values in coordinates.items()
        },
        attrs={"axis": first.axis, "axis_unit": first.unit, "software": f"einselect {__version__}"},
    )
