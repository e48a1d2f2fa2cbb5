"""Every argument check of the package, with one message form.

``<name> must be <what is allowed>; got <what was got>``
"""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Iterable
from typing import Any

from .errors import InputError


def fail(name: str, allowed: str, got: object) -> InputError:
    """Build the one error message of the package (the caller raises it)."""
    return InputError(f"{name} must be {allowed}; got {got!r}")


def number(name: str, value: Any, allowed: str = "a finite real number") -> float:
    """Return `value` as a finite float; booleans, strings, NaN and infinities are refused."""
    if isinstance(value, bool | str | bytes) or not hasattr(value, "__float__"):
        raise fail(name, allowed, value)
    try:
        result = float(value)
    except (TypeError, ValueError, OverflowError):
        raise fail(name, allowed, value) from None
    if not math.isfinite(result):
        raise fail(name, allowed, value)
    return result


def positive(name: str, value: Any) -> float:
    """Return `value` as a finite float above zero."""
    allowed = "a finite number > 0"
    result = number(name, value, allowed)
    if result <= 0.0:
        raise fail(name, allowed, value)
    return result


def non_negative(name: str, value: Any) -> float:
    """Return `value` as a finite float, zero or above."""
    allowed = "a finite number >= 0"
    result = number(name, value, allowed)
    if result < 0.0:
        raise fail(name, allowed, value)
    return result


def whole(name: str, value: Any, minimum: int, maximum: int | None = None) -> int:
    """Return `value` as an int between the bounds; a float is taken only where it is whole."""
    bounds = f">= {minimum}" if maximum is None else f"from {minimum} to {maximum}"
    allowed = f"a whole number {bounds}"
    if isinstance(value, bool):
        raise fail(name, allowed, value)
    try:
        result = operator.index(value)
    except TypeError:
        as_float = number(name, value, allowed)
        if not as_float.is_integer():
            raise fail(name, allowed, value) from None
        result = int(as_float)
    if result < minimum or (maximum is not None and result > maximum):
        raise fail(name, allowed, value)
    return result


def one_of(name: str, value: Any, allowed: Iterable[str]) -> str:
    """Return `value` if it is one of the allowed names; else say which ones are, nearest first."""
    names = list(allowed)
    if isinstance(value, str) and value in names:
        return value
    near = difflib.get_close_matches(str(value), names, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise InputError(f"{name} must be one of {', '.join(names)}; got {value!r}{hint}")
