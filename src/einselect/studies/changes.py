"""What differs between a study on disk and one that is asked for, and what an extension may change: values of axes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .plan import Coordinate

_MANY, _LONG = 4, 60  # differences named, characters of a value shown


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """Each difference between two specifications as one phrase; what is on disk first.

    Examples
    --------
    >>> from einselect.studies.changes import differences
    >>> differences({"model": "lmg", "parameters": {"field": 0.9}}, {"model": "lmg", "parameters": {"field": 0.95}})
    ['parameters.field: 0.9 there, 0.95 here']
    """
    return list(_different("", there, here))


def _different(name: str, there: Any, here: Any) -> Iterator[str]:
    if there == here:
        return
    if isinstance(there, Mapping) and isinstance(here, Mapping):
        for key in dict.fromkeys([*there, *here]):
            inner = f"{name}.{key}" if name else str(key)
            if key not in here:
                yield f"{inner}: {_short(there[key])} there, none here"
            elif key not in there:
                yield f"{inner}: none there, {_short(here[key])} here"
            else:
                yield from _different(inner, there[key], here[key])
        return
    if isinstance(there, list) and isinstance(here, list) and max(len(there), len(here)) > 2:
        gone = [v for v in there if v not in here] if len(there) < 10_000 else []
        new = [v for v in here if v not in there] if len(here) < 10_000 else []
        text = f"{name}: {len(there)} values there, {len(here)} here"
        parts = [f"{what} {_short(values)}" for what, values in (("without", gone), ("new", new)) if values]
        yield f"{text} ({', '.join(parts)})" if parts else text
        return
    yield f"{name}: {_short(there)} there, {_short(here)} here"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONG else text[: _LONG - 4] + " ..."


def refusal(name: str, there: Mapping[str, Any], here: Mapping[str, Any]) -> InputError:
    """The error for a study that is not the one in the folder."""
    found = differences(there, here)
    shown = "; ".join(found[:_MANY]) + (f"; and {len(found) - _MANY} more" if len(found) > _MANY else "")
    only_axes = {**there, "axes": None} == {**here, "axes": None}
    hint = " (to add values of axes, extend it: --extend)" if only_axes else ""
    return InputError(f"{name} must hold the same study; got a changed one: {shown}{hint}")


def extension(
    there: Mapping[str, Any],
    here: Mapping[str, Any],
    old: Mapping[str, Coordinate],
    new: Mapping[str, Coordinate],
    name: str,
) -> dict[str, NDArray[np.int64]]:
    """Where the values of each dimension of a new study are in an old one; -1 for those that it adds.

    Parameters
    ----------
    there, here : mapping
        Specifications of the old study and of the new one.
    old, new : mapping of str to Coordinate
        Their axes.
    name : str
        Of the old study, for messages.

    Raises
    ------
    InputError
        If anything but values of axes differs, or a value of the old study is not in the new one.
    """
    if {**there, "axes": None} != {**here, "axes": None} or list(old) != list(new):
        raise refusal(name, there, here)
    if any(old[axis].dim != new[axis].dim for axis in old):
        raise refusal(name, there, here)
    found = {}
    for dim in dict.fromkeys(axis.dim for axis in new.values()):
        before, after = _tuples(old, dim), _tuples(new, dim)
        places = {value: k for k, value in enumerate(before)}
        kept = set(after)
        lost = [value for value in before if value not in kept]
        if lost:
            shown = lost[0][0] if len(lost[0]) == 1 else lost[0]
            raise InputError(f"{dim} must keep all its values to be extended; got an axis without {shown!r}")
        found[dim] = np.array([places.get(value, -1) for value in after], dtype=np.int64)
    return found


def _tuples(axes: Mapping[str, Coordinate], dim: str) -> list[tuple[Any, ...]]:
    """Values along a dimension; of zipped axes together."""
    return list(zip(*(axis.values.tolist() for axis in axes.values() if axis.dim == dim), strict=True))
