"""Text with a unit, taken apart: the number, the factor to base units, and the dimension of the unit.

`pint` resolves prefixes and unit products, with the few definitions below instead of its full registry, which would
take longer to build than a doublet to solve. Its import takes longer still: units written in symbols, as nearly all
are, are multiplied here, and pint is asked for the others and for what is wrong with them.
"""

from __future__ import annotations

import difflib
import functools
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .conventions import ELEMENTARY_CHARGE

if TYPE_CHECKING:
    from pint import UnitRegistry

# Hz, rad and 1/s get dimensions of their own here (SI makes them all 1/s): confusing them is then a mismatch.
_UNITS = {
    "second": ("[time]", "s"),
    "minute": ("60 * second", "min"),
    "hertz": ("[frequency]", "Hz"),
    "radian": ("[angle]", "rad"),
    "kelvin": ("[temperature]", "K"),
    "joule": ("[energy]", "J"),
    "electron_volt": (f"{ELEMENTARY_CHARGE!r} * joule", "eV"),
}
_PREFIXES = {
    "atto": ("1e-18", "a"),
    "femto": ("1e-15", "f"),
    "pico": ("1e-12", "p"),
    "nano": ("1e-9", "n"),
    "micro": ("1e-6", "µ- = μ- = u"),  # the micro sign, the Greek letter, and what a keyboard has
    "milli": ("1e-3", "m"),
    "kilo": ("1e3", "k"),
    "mega": ("1e6", "M"),
    "giga": ("1e9", "G"),
    "tera": ("1e12", "T"),
}

Dimension = tuple[tuple[str, float], ...]
"""Powers of the base dimensions, sorted by name, such as (("[angle]", 1), ("[time]", -1)) for rad/s."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TWO_PI = re.compile(r"\(?\s*2\s*[*×·]?\s*(?:π|pi)\s*\)?\s*(?:[*×·x]\s*|(?=[\s\d.(]))")
# Unit names joined by * or / with exponents of one digit: nothing that would have to be evaluated.
_NAME = r"[A-Za-zµμ_]+(?:\s*\^\s*[+-]?\d)?"
_UNIT = re.compile(rf"(?:(?:1\s*)?/\s*{_NAME}|{_NAME})(?:\s*[*/]\s*{_NAME}|\s+{_NAME})*")
_FACTOR = re.compile(r"([*/]?)\s*([A-Za-zµμ_]+)(?:\s*\^\s*([+-]?\d))?")
_SPELLINGS = (("−", "-"), ("**", "^"), ("⁻¹", "^-1"), ("·", "*"), ("×", "*"))


class UnknownUnit(Exception):
    """A unit that cannot be resolved; its text says why, ready for brackets behind an error message."""


class Parts(NamedTuple):
    """What a text consists of: whether "2π ×" leads, the number, the unit in plain spelling ("" if none)."""

    two_pi: bool
    digits: str
    unit: str


@functools.cache
def _registry() -> UnitRegistry[Any]:
    """The reduced pint registry, built once."""
    from pint import UnitRegistry

    registry: UnitRegistry[Any] = UnitRegistry(None)
    registry.load_definitions(
        [f"{name}- = {factor} = {symbol}-" for name, (factor, symbol) in _PREFIXES.items()]
        + [f"{name} = {meaning} = {symbol}" for name, (meaning, symbol) in _UNITS.items()]
    )
    return registry


def _nearest(unknown: str) -> str | None:
    """The known unit that looks most like `unknown`, first of all the one that differs in case only."""
    prefixes = ["", *(symbol.split(" ")[0] for _, symbol in _PREFIXES.values())]
    symbols = [symbol for _, symbol in _UNITS.values()]
    known = [prefix + symbol for symbol in symbols if symbol != "min" for prefix in prefixes] + [
        "min",
        *_UNITS,
    ]
    same_letters = [unit for unit in known if unit.casefold() == unknown.casefold()]
    if same_letters:
        return max(same_letters, key=lambda unit: difflib.SequenceMatcher(None, unit, unknown).ratio())
    near = difflib.get_close_matches(unknown, known, n=1) if len(unknown) > 1 else []
    return near[0] if near else None


def split(text: str) -> Parts | None:
    """Cut `text` into its parts; None where it holds no number to begin with.

    >>> split("2π × 11.8 kHz")
    Parts(two_pi=True, digits='11.8', unit='kHz')
    >>> split("0.05 s⁻¹").unit
    's^-1'
    """
    rest = text.strip().replace("−", "-")
    two_pi = _TWO_PI.match(rest)
    rest = rest[two_pi.end() :].lstrip() if two_pi else rest
    found = _NUMBER.match(rest)
    if found is None:
        return None
    unit = rest[found.end() :].strip()
    for spelling, plain in _SPELLINGS:
        unit = unit.replace(spelling, plain)
    return Parts(two_pi is not None, found.group(), unit)


@functools.cache
def _symbols() -> dict[str, tuple[float, str]]:
    """Factor and dimension of every symbol with every prefix."""
    prefixes = {"": 1.0}
    for scale, spellings in _PREFIXES.values():
        prefixes |= {spelling.removesuffix("-"): float(scale) for spelling in spellings.split(" = ")}
    found: dict[str, tuple[float, str]] = {}
    for meaning, symbol in _UNITS.values():
        value, _, base = meaning.rpartition(" * ")
        dimension = base if base.startswith("[") else _UNITS[base][0]
        for prefix, factor in prefixes.items():
            found[prefix + symbol] = factor * (float(value) if value else 1.0), dimension
    return found


def _product(unit: str) -> tuple[float, Dimension] | None:
    """Factor and dimension of a product of symbols; None where a name is not one of them."""
    total, powers = 1.0, dict[str, float]()
    for operation, name, exponent in _FACTOR.findall(unit.removeprefix("1")):
        if name not in _symbols():
            return None
        factor, dimension = _symbols()[name]
        power = int(exponent or 1) * (-1 if operation == "/" else 1)
        try:
            total *= factor**power
        except OverflowError:
            total = math.inf
        powers[dimension] = powers.get(dimension, 0) + power
    return total, tuple(sorted((name, power) for name, power in powers.items() if power))


def resolve(unit: str) -> tuple[float, Dimension]:
    """Factor to base units (s, Hz, rad, K, J) and dimension of a unit as `split` returns it.

    Raises
    ------
    UnknownUnit
        If it is not a product of known units.

    Examples
    --------
    >>> resolve("rad/ms")
    (1000.0, (('[angle]', 1), ('[time]', -1)))
    """
    if not _UNIT.fullmatch(unit):
        raise UnknownUnit(f"{unit!r} is not a unit")
    direct = _product(unit)
    if direct is not None:
        return direct
    from pint.errors import UndefinedUnitError

    registry = _registry()
    try:
        units = registry.parse_units("1" + unit if unit.startswith("/") else unit)
    except UndefinedUnitError as error:
        unknown = next(iter(error.unit_names))
        near = _nearest(unknown)
        raise UnknownUnit(f"unknown unit {unknown!r}" + (f"; did you mean {near!r}?" if near else "")) from None
    factor: Any = registry.Quantity(1.0, units).to_base_units().magnitude
    powers: dict[str, Any] = dict(units.dimensionality)
    return float(factor), tuple(sorted(powers.items()))
