"""The values of an axis, from how it is written: a list, a range, evenly spaced, by equal factors."""

from __future__ import annotations

import math
from typing import Any

from ..errors import InputError

_MOST = 10_000_000


def axis_values(name: str, spec: Any) -> list[Any]:
    """Values of an axis as they would stand in a list.

    Parameters
    ----------
    name : str
        For messages.
    spec : list, or a part of the specification

    Returns
    -------
    list
        Numbers, or strings with the unit.
    """
    if isinstance(spec, list):
        return list(spec)
    if hasattr(spec, "step"):
        numbers = stepped(f"axes.{name}", spec.start, spec.stop, spec.step)
    elif hasattr(spec, "linspace"):
        numbers = spaced(f"axes.{name}", *spec.linspace, logarithmic=False)
    else:
        numbers = spaced(f"axes.{name}", *spec.logspace, logarithmic=True)
    return [f"{value!r} {spec.unit}" for value in numbers] if spec.unit else numbers


def stepped(name: str, start: float, stop: float, step: float) -> list[Any]:
    """start, start + step, ... up to stop, which is included where a step meets it.

    Examples
    --------
    >>> from einselect.studies.axes import stepped
    >>> stepped("field", 0.1, 0.3, 0.1)
    [0.1, 0.2, 0.3]
    """
    if not math.isfinite(stop - start) or stop < start:
        raise InputError(f"{name} must have start <= stop; got start = {start!r}, stop = {stop!r}")
    count = math.floor((stop - start) / step * (1.0 + 1e-12) + 1e-9) + 1
    _limit(name, count)
    if all(isinstance(v, int) for v in (start, stop, step)):
        return list(range(int(start), int(stop) + 1, int(step)))
    return [tidy(start + k * step) for k in range(count)]


def spaced(name: str, low: float, high: float, count: int, *, logarithmic: bool) -> list[Any]:
    """`count` numbers from `low` to `high`, both included."""
    if not low < high or count < 2 or (logarithmic and low <= 0.0) or not math.isfinite(high - low):
        allowed = "[low, high, count] with low < high, at least 2 values" + (" and low > 0" if logarithmic else "")
        raise InputError(f"{name} must be {allowed}; got {[low, high, count]!r}")
    _limit(name, count)
    steps = [k / (count - 1) for k in range(count)]
    if logarithmic:
        inner = [low * (high / low) ** s for s in steps]
    else:
        inner = [low + (high - low) * s for s in steps]
    return [float(low), *(tidy(v) for v in inner[1:-1]), float(high)]


def tidy(value: float) -> float:
    """To 15 digits, so that steps of 0.1 give 0.3 and not 0.30000000000000004."""
    return float(f"{value:.15g}")


def _limit(name: str, count: int) -> None:
    if count > _MOST:
        raise InputError(f"{name} must have at most {_MOST} values; got {count}")
