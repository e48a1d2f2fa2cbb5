"""Physical units at the boundary: "11.8 kHz" becomes a plain float, and floats become such strings.

Inside the package ħ = 1 (see `einselect.conventions`). With units in use, energies and k_B T are angular
frequencies E/ħ in rad/s, rates are in 1/s and times in s:

========================  ==========================================================
"11.8 kHz"                an energy E/h, so E/ħ = 2π × 11.8e3 rad/s
"2π × 11.8 kHz"           the same energy, as laboratories write it (also "2*pi*11.8 kHz")
"74346 rad/s"             an energy E/ħ
"1 neV", "1e-30 J"        an energy E
"10 nK"                   a temperature, or the energy k_B T
"0.05 1/s", "0.05 s^-1"   a rate
"0.2 ms"                  a time
========================  ==========================================================

What could be read in two ways is refused: 1/s for an energy, Hz or rad/s for a rate. A number without a unit,
also as a string ("0.95", which is what a command line passes on), stays as it is and is in the model's unit.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from ._checks import fail, number
from ._units import Dimension, UnknownUnit, resolve, split
from .conventions import JOULE_IN_RAD_PER_S, KELVIN_IN_RAD_PER_S, TWO_PI
from .errors import UnitError

_HZ: Dimension = (("[frequency]", 1),)
_RAD_PER_S: Dimension = (("[angle]", 1), ("[time]", -1))
_KELVIN: Dimension = (("[temperature]", 1),)
_JOULE: Dimension = (("[energy]", 1),)
_PER_S: Dimension = (("[time]", -1),)
_SECOND: Dimension = (("[time]", 1),)

_ENERGY_FACTORS = {_HZ: TWO_PI, _RAD_PER_S: 1.0, _KELVIN: KELVIN_IN_RAD_PER_S, _JOULE: JOULE_IN_RAD_PER_S}


@dataclass(frozen=True)
class Physical:
    """A number together with whether it had a unit.

    Parameters
    ----------
    value : float
        The number: in rad/s, 1/s or s if `physical`, else in the unit of the model.
    physical : bool
        Whether the input was a string with a unit.
    """

    value: float
    physical: bool


@dataclass(frozen=True)
class _Kind:
    """One kind of quantity: what may be written, the factor of each dimension, why others are refused."""

    allowed: str
    factors: dict[Dimension, float]
    hints: dict[Dimension, str]


_ENERGY = _Kind(
    "an energy such as '11.8 kHz' (E/h), '74346 rad/s' (E/ħ) or '10 nK' (k_B T)",
    _ENERGY_FACTORS,
    {_PER_S: "1/s leaves open whether a factor 2π is in it: write Hz for E/h or rad/s for E/ħ"},
)
_RATE = _Kind(
    "a rate such as '0.05 1/s'",
    {_PER_S: 1.0},
    {
        _HZ: "Hz leaves open whether a factor 2π is in it: write 1/s",
        _RAD_PER_S: "rad/s is for energies E/ħ: write 1/s",
    },
)
_TEMPERATURE = _Kind(
    "a temperature such as '10 nK', or k_B T as an energy such as '208 Hz'",
    _ENERGY_FACTORS,
    {_PER_S: "1/s leaves open whether a factor 2π is in it: write Hz for k_B T/h or rad/s for k_B T/ħ"},
)
_TIME = _Kind("a time such as '0.2 ms'", {_SECOND: 1.0}, {})


def _refusal(name: str, kind: _Kind, value: object, hint: str | None = None) -> UnitError:
    return UnitError(f"{name} must be {kind.allowed}; got {value!r}" + (f" ({hint})" if hint else ""))


def _parse(name: str, kind: _Kind, text: str) -> float:
    parts = split(text)
    if parts is None:
        raise _refusal(name, kind, text)
    two_pi, digits, unit = parts
    if not unit:
        raise _refusal(name, kind, text, "a unit is missing")
    try:
        factor, dimension = resolve(unit)
    except UnknownUnit as error:
        raise _refusal(name, kind, text, str(error)) from None
    if dimension not in kind.factors:
        raise _refusal(name, kind, text, kind.hints.get(dimension, f"{unit!r} measures something else"))
    if two_pi and dimension != _HZ:
        raise _refusal(name, kind, text, "a leading 2π goes with Hz only")
    result = float(digits) * (factor * kind.factors[dimension])
    vanished = result == 0.0 and re.search("[1-9]", re.split("[eE]", digits)[0])
    if vanished or not math.isfinite(result):
        raise fail(name, "a number within the range of double precision", text)
    return result


def _read(name: str, kind: _Kind, value: Any) -> Physical:
    if not isinstance(value, str):
        return Physical(number(name, value, f"a finite real number, or {kind.allowed}"), physical=False)
    parts = split(value)
    if parts is None:
        raise fail(name, f"a finite real number, or {kind.allowed}", value)
    two_pi, digits, unit = parts
    if unit or two_pi:
        return Physical(_parse(name, kind, value), physical=True)
    plain = float(digits)
    if not math.isfinite(plain):
        raise fail(name, "a finite real number", value)
    return Physical(plain, physical=False)


def is_physical(value: object) -> bool:
    """Whether `value` is a string that gives a number with a unit (the unit itself is not checked).

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_physical("11.8 kHz"), is_physical("0.95"), is_physical(0.95)
    (True, False, False)
    """
    parts = split(value) if isinstance(value, str) else None
    return parts is not None and (parts.two_pi or bool(parts.unit))


def energy(name: str, value: Any) -> Physical:
    """Read an energy: a plain number in the unit of the model, or a string with a unit, as E/ħ in rad/s.

    Parameters
    ----------
    name : str
        What the error message calls it.
    value : float or str
        A real number, or a string with or without a unit.

    Returns
    -------
    Physical

    Raises
    ------
    UnitError
        If the unit is unknown, ambiguous or of another kind; the message says how to write it.
    InputError
        If the value is not a finite real number.

    Examples
    --------
    >>> energy("coupling", "74346 rad/s")
    Physical(value=74346.0, physical=True)
    >>> energy("coupling", "0.95")
    Physical(value=0.95, physical=False)
    >>> energy("coupling", "5 1/s")
    Traceback (most recent call last):
    einselect.errors.UnitError: coupling must be an energy such as '11.8 kHz' (E/h), ...; got '5 1/s' (...)
    """
    return _read(name, _ENERGY, value)


def rate(name: str, value: Any) -> Physical:
    """Read a rate: a plain number in the unit of the model, or a string with a unit, in 1/s.

    Parameters
    ----------
    name : str
        What the error message calls it.
    value : float or str
        A real number, or a string with or without a unit.

    Returns
    -------
    Physical

    Raises
    ------
    UnitError, InputError
        As for `energy`.

    Examples
    --------
    >>> rate("gamma", "50 1/ms")
    Physical(value=50000.0, physical=True)
    """
    return _read(name, _RATE, value)


def temperature(name: str, value: Any) -> Physical:
    """Read a temperature: a plain number is k_B T in the unit of the model, a string gives k_B T/ħ in rad/s.

    Parameters
    ----------
    name : str
        What the error message calls it.
    value : float or str
        A real number, or a string with or without a unit.

    Returns
    -------
    Physical

    Raises
    ------
    UnitError, InputError
        As for `energy`.

    Examples
    --------
    >>> round(temperature("temperature", "10 nK").value, 1)
    1309.2
    """
    return _read(name, _TEMPERATURE, value)


def time(name: str, value: Any) -> Physical:
    """Read a time: a plain number in the reciprocal unit of the model, or a string with a unit, in s.

    Parameters
    ----------
    name : str
        What the error message calls it.
    value : float or str
        A real number, or a string with or without a unit.

    Returns
    -------
    Physical

    Raises
    ------
    UnitError, InputError
        As for `energy`.

    Examples
    --------
    >>> time("delay", "0.5 min")
    Physical(value=30.0, physical=True)
    """
    return _read(name, _TIME, value)


def parse_energy(name: str, text: str) -> float:
    """E/ħ in rad/s of a string that has to have a unit.

    Parameters
    ----------
    name : str
        What the error message calls it.
    text : str
        A number with its unit.

    Returns
    -------
    float

    Raises
    ------
    UnitError
        If there is no unit, or one of another kind.

    Examples
    --------
    >>> parse_energy("coupling", "11.8 kHz") == parse_energy("coupling", "2π × 11.8 kHz")
    True
    """
    return _parse(name, _ENERGY, text)


def parse_rate(name: str, text: str) -> float:
    """Rate in 1/s of a string that has to have a unit.

    Parameters
    ----------
    name : str
        What the error message calls it.
    text : str
        A number with its unit.

    Returns
    -------
    float

    Raises
    ------
    UnitError
        If there is no unit, or one of another kind.

    Examples
    --------
    >>> parse_rate("gamma", "0.05 s^-1")
    0.05
    """
    return _parse(name, _RATE, text)


def parse_temperature(name: str, text: str) -> float:
    """k_B T/ħ in rad/s of a string that has to have a unit.

    Parameters
    ----------
    name : str
        What the error message calls it.
    text : str
        A number with its unit.

    Returns
    -------
    float

    Raises
    ------
    UnitError
        If there is no unit, or one of another kind.

    Examples
    --------
    >>> round(parse_temperature("temperature", "10 nK"), 1)
    1309.2
    """
    return _parse(name, _TEMPERATURE, text)


def parse_time(name: str, text: str) -> float:
    """Time in s of a string that has to have a unit.

    Parameters
    ----------
    name : str
        What the error message calls it.
    text : str
        A number with its unit.

    Returns
    -------
    float

    Raises
    ------
    UnitError
        If there is no unit, or one of another kind.

    Examples
    --------
    >>> parse_time("delay", "0.25 s")
    0.25
    """
    return _parse(name, _TIME, text)


_DISPLAY_PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}


def _engineering(value: float, unit: str, digits: int) -> str:
    """`value` with the prefix that leaves one to three digits before the point, or a power of ten."""
    if not math.isfinite(value):
        return f"{value} {unit}".replace("inf", "∞")
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    group = int(exponent) // 3 * 3
    if value == 0.0 or group not in _DISPLAY_PREFIXES:
        return f"{value:.{digits}g} {unit}"
    scaled = float(mantissa) * 10 ** (int(exponent) - group)
    return f"{scaled:.{max(digits, 3)}g} {_DISPLAY_PREFIXES[group]}{unit}"


def format_energy(value: float, digits: int = 4) -> str:
    """An energy E/ħ in rad/s as E/h in Hz with a prefix.

    Parameters
    ----------
    value : float
        E/ħ in rad/s.
    digits : int
        Significant digits.

    Returns
    -------
    str

    Examples
    --------
    >>> format_energy(74346.0)
    '11.83 kHz'
    """
    return _engineering(float(value) / TWO_PI, "Hz", digits)


def format_temperature(value: float, digits: int = 4) -> str:
    """k_B T/ħ in rad/s as the temperature T.

    Parameters
    ----------
    value : float
        k_B T/ħ in rad/s.
    digits : int
        Significant digits.

    Returns
    -------
    str

    Examples
    --------
    >>> format_temperature(1309.2)
    '10 nK'
    """
    return _engineering(float(value) / KELVIN_IN_RAD_PER_S, "K", digits)


def format_time(value: float, digits: int = 4) -> str:
    """A time in s with a prefix.

    Parameters
    ----------
    value : float
        In s; may be infinite.
    digits : int
        Significant digits.

    Returns
    -------
    str

    Examples
    --------
    >>> format_time(2.0e-4), format_time(float("inf"))
    ('200 µs', '∞ s')
    """
    return _engineering(float(value), "s", digits)


def format_rate(value: float, digits: int = 4) -> str:
    """A rate in 1/s, without prefix: 1/ms reads badly.

    Parameters
    ----------
    value : float
        In 1/s; may be infinite.
    digits : int
        Significant digits.

    Returns
    -------
    str

    Examples
    --------
    >>> format_rate(0.05), format_rate(12345.6), format_rate(1.0e-9)
    ('0.05 1/s', '12350 1/s', '1e-09 1/s')
    """
    value = float(value)
    if not math.isfinite(value):
        return f"{value} 1/s".replace("inf", "∞")
    return f"{float(f'{value:.{digits}g}'):.{max(digits, 6)}g} 1/s"
