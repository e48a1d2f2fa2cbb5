"""How numbers and their units are written."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..doublet import Doublet
from ..jump_doublet import JumpDoublet
from ..level_set import Quality
from ..rates import units_of
from .layout import NOTHING


def figure(value: float | None, digits: int = 6) -> str:
    """A number to `digits` significant digits.

    >>> figure(0.0176097065), figure(6674.0), figure(None), figure(-3.25e-9, 3)
    ('0.0176097', '6674', '–', '-3.25e-9')
    """
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def from_log10(log10: float, digits: int = 6) -> str:
    """A positive number by its decimal logarithm, also where it is below the smallest double.

    >>> from_log10(-866.5), from_log10(-1.754247883)
    ('3.16228e-867', '0.0176097')
    """
    if -300.0 < log10 < 300.0:
        return figure(10.0**log10, digits)
    exponent = math.floor(log10)
    mantissa = f"{10.0 ** (log10 - exponent):.{digits}g}"
    if float(mantissa) >= 10.0:
        mantissa, exponent = "1", exponent + 1
    return f"{mantissa}e{exponent}"


def resolved(value: float, error: float) -> str:
    """A number to 12 digits, or 0 where it is within its own error of it: no rounding noise is shown."""
    return "0" if abs(value) <= error else figure(value, 12)


def to_error(value: float, error: float, most: int = 10) -> str:
    """A number to the place of the first digit of its error, and to `most` significant digits at the most.

    >>> to_error(1.312756748, 3.3e-8), to_error(0.0037079, 0.002), to_error(0.0004, 0.002), to_error(0.25, 0.0)
    ('1.31275675', '0.004', '0', '0.25')
    """
    if error == 0.0 or not math.isfinite(error) or not math.isfinite(value):
        return figure(value, most)
    place = math.floor(math.log10(error))
    rounded = round(value, -place)
    digits = 1 if rounded == 0.0 else math.floor(math.log10(abs(rounded))) - place + 1
    return figure(rounded, min(max(digits, 1), most))


def resolved_digits(quality: Quality, most: int = 8) -> int:
    """How many digits of ΔE its relative error leaves, from 1 to `most`."""
    error = max(quality.log_splitting_error, 1e-16)
    return most if not math.isfinite(error) else min(most, max(1, math.floor(-math.log10(error))))


@dataclass(frozen=True)
class Units:
    """How energies, rates and times of one answer are written."""

    energy: str
    rate: str
    time: str
    physical: bool

    @classmethod
    def of(cls, energy_unit: str, coupling: float = 1.0) -> Units:
        """The units of a model with that unit of energy and that J."""
        if energy_unit == "rad/s":
            return cls("rad/s", "1/s", "s", physical=True)
        if coupling == 1.0:
            return cls(**units_of(energy_unit), physical=False)
        return cls("", "", "", physical=False)  # a plain coupling other than 1: its unit is the user's own

    def also(self, kind: str, value: float | None) -> str:
        """The same number as laboratories write it, where there are physical units."""
        if not self.physical or value is None or not math.isfinite(value) or abs(value) < 1e-12:
            return ""
        from .. import quantities

        if kind == "energy":
            return f"{quantities.format_energy(value, 5)} (E/h)"
        return (quantities.format_temperature if kind == "temperature" else quantities.format_time)(value, 5)


def units_for(doublet: Doublet | JumpDoublet) -> Units:
    """The units that a doublet is written in; a system of matrices has its user's own, which have no name."""
    if isinstance(doublet, JumpDoublet) and doublet.energy_unit == "plain":
        return Units("", "", "", physical=False)
    return Units.of(doublet.energy_unit, getattr(doublet.source, "coupling", 1.0))
