"""The options of the command line, described once, and how their text becomes values.

Every option arrives as text, so that a bad one is refused by the package itself, in its own words. Ranges:

- of spins, ``first:last:step``: whole numbers, the last one included where the step meets it;
- of anything else, ``low:high:count``: evenly spaced, both ends included; ``low:high:count:log`` by equal factors.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from .. import _checks
from .._files import check_writable
from ..errors import InputError

PICTURES = (".png", ".svg", ".pdf")
"""Suffixes of pictures."""

FILES = (".nc", *PICTURES)
"""Suffixes of what is written as data or as a picture."""

_LARGEST_GRID = 10_000_000
_REAL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_REAL}):({_REAL}):(\d+)(:log)?\s*(\D.*)?")
_WHOLE_FORM = "a whole number, several as in '100,200,370', or a range 'first:last:step' as in '20:2000:2'"
_AXIS_FORM = (
    "a value, several as in '0.9,0.95', or a range 'low:high:count' (evenly spaced) or 'low:high:count:log' "
    "(equal factors), all with a unit behind them if they have one"
)


def option(text: str, metavar: str) -> Parameter:
    """An option that takes a value."""
    return Parameter(help=text, metavar=metavar, negative="", show_default=False)


def switch(text: str, name: str | None = None) -> Parameter:
    """An option without a value; `name` where it is not that of the argument."""
    return Parameter(name, help=text, negative="", show_default=False)


Spins = Annotated[str, option("Number of spins N, from 2; even or odd.", "N")]
Field = Annotated[str, option("Transverse field Γ: Γ/J as a plain number (0.95), or with a unit ('11.2 kHz').", "Γ")]
Coupling = Annotated[
    str, option("Coupling J: 1 unless given, or with a unit: '11.8 kHz' (E/h), '74346 rad/s' (E/ħ), '568 nK'.", "J")
]
Gamma = Annotated[
    str | None, option("Dephasing rate γ of Jz: '0.05 1/s', or a plain number in units of J beside a plain J.", "γ")
]
Temperature = Annotated[
    str | None, option("Temperature: '10 nK', or a plain number, k_B T in units of J, beside a plain J.", "T")
]
Json = Annotated[bool, switch("Print one JSON document at full precision; null where there is no number.")]


def whole(name: str, text: str, minimum: int, maximum: int | None = None) -> int:
    """A whole number written out; 1e6 is one, 3.5 is not."""
    try:
        value: object = int(text)
    except ValueError:
        try:
            value = float(text)
        except ValueError:
            value = text
    try:
        return _checks.whole(name, value, minimum, maximum)
    except InputError as error:
        # What was got is what was typed.
        raise InputError(str(error).rsplit("; got ", 1)[0] + f"; got {text!r}") from None


def plain(text: str) -> float | str:
    """A number without a unit as a float; everything else as it is, for the package to read or refuse."""
    try:
        value = float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def optional(text: str | None) -> float | str | None:
    """`plain`, where there may be nothing."""
    return None if text is None else plain(text)


def output_file(path: Path | None, suffixes: Sequence[str], name: str = "out") -> str:
    """Suffix of an output file in lower case, "" for none; refused before any work where it could not be written.

    Raises
    ------
    InputError
        For a suffix that is not one of those, or a place that cannot be written to.
    """
    if path is None:
        return ""
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        allowed = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}" if len(suffixes) > 1 else suffixes[0]
        raise InputError(f"{name} must be a file name that ends in {allowed}; got {str(path)!r}")
    check_writable(path)
    return suffix


def whole_axis(name: str, text: str, least: int) -> int | list[int]:
    """A whole number, or the values of an axis of them."""
    items = [item.strip() for item in text.split(",")]
    refusal = _checks.fail(name, _WHOLE_FORM, text)
    if len(items) == 1 and ":" not in text:
        return whole(name, text, least)
    values: list[int] = []
    for item in items:
        ends = re.fullmatch(r"(\d+)(?::(\d+)(?::(\d+))?)?", item)
        if ends is None:
            raise refusal
        first, last, step = (None if end is None else int(end) for end in ends.groups())
        assert first is not None
        found = range(first, (first if last is None else last) + 1, 1 if step is None else step or 1)
        if step == 0 or len(found) == 0:
            raise refusal
        _limit(len(values) + len(found))
        values += found
    return values


def axis(name: str, text: str) -> float | str | list[float | str]:
    """One value, or the values of an axis, each with its unit."""
    items = [item.strip() for item in text.split(",")]
    if len(items) == 1 and ":" not in text:
        return plain(text)
    values: list[float | str] = []
    for item in items:
        if item and ":" not in item:
            values.append(plain(item))
            continue
        parts = _RANGE.fullmatch(item)
        if parts is None:
            raise _checks.fail(name, _AXIS_FORM, text)
        low, high, count = float(parts[1]), float(parts[2]), int(parts[3])
        bad = not low < high or count < 2 or (parts[4] and low <= 0.0) or not math.isfinite(high - low)
        if bad:
            allowed = "with low < high, at least 2 points and, if logarithmic, low > 0"
            raise _checks.fail(name, f"a range 'low:high:count' or 'low:high:count:log' {allowed}", text)
        _limit(len(values) + count)
        numbers = _spaced(low, high, count, logarithmic=bool(parts[4]))
        values += [f"{v!r} {parts[5]}" for v in numbers] if parts[5] else numbers
    return values


def _spaced(low: float, high: float, count: int, logarithmic: bool) -> list[float]:
    """`count` numbers from `low` to `high`; to 15 digits, so that 0.1 steps give 0.3 and not 0.30000000000000004."""
    steps = [k / (count - 1) for k in range(count)]
    if logarithmic:
        inner = [low * (high / low) ** s for s in steps]
    else:
        inner = [low + (high - low) * s for s in steps]
    return [low, *(float(f"{v:.15g}") for v in inner[1:-1]), high]


def _limit(points: int) -> None:
    if points > _LARGEST_GRID:
        raise InputError(f"a sweep must have at most {_LARGEST_GRID} points; got {points} or more")


def check_grid(*axes: object) -> None:
    """Refuse a grid too large to hold, before any work."""
    check_points(math.prod(len(a) for a in axes if isinstance(a, list)))


def check_points(points: int) -> None:
    """Refuse more points than can be held."""
    _limit(points)
