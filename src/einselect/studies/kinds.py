"""What a quantity of a study is, and what an option of one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..rates import units_of

if TYPE_CHECKING:
    from .point import Point


@dataclass(frozen=True)
class Quantity:
    """One quantity.

    Attributes
    ----------
    name, formula : str
    unit : str
        "energy", "rate", "time", "time²", "ln energy", "log10 energy" or "" (a pure number).
    family : str
        What it belongs to: "doublet", "rates", "dynamics", ...
    of : callable
        Its value at a point: a number, one of the categories, or None where there is none.
    needs : tuple of str
        What must be given for it, of gamma and temperature.
    options : tuple of str
        Options that decide it.
    models : tuple of str
        Names of the models that have it; empty for all.
    natural_jump : bool
        Whether it is known for the natural jump operator only.
    categories : tuple of str
        Of a quantity that is no number.
    whole : bool
        Whether it is a whole number.
    optional : bool
        Whether a point without it is as it should be.
    per_model : bool
        Whether points of one model share it, whatever γ is.
    seconds : float
        About what it takes at one point (of one model, if shared) beyond the doublet: decides how many points make a
        chunk.
    """

    name: str
    formula: str
    unit: str
    family: str
    of: Callable[[Point], Any]
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    natural_jump: bool = False
    categories: tuple[str, ...] = ()
    whole: bool = False
    optional: bool = False
    per_model: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Option:
    """An option of some quantities, which may be an axis too.

    Attributes
    ----------
    name : str
    kind : str
        As of `read_values`.
    text : str
        What it decides.
    default : float, str or None
        None where leaving it out means something of its own, which the text says.
    """

    name: str
    kind: str
    text: str
    default: float | str | None = None


SPINS = ("lmg", "anisotropic", "bose-josephson")
"""Models that are a collective spin."""

MEAN_FIELD = (*SPINS, "dicke", "rabi")
"""Models with an order parameter in the mean field."""


def quantity_units(energy_unit: str) -> dict[str, str]:
    """The unit of each kind of quantity, for answers in that unit of energy.

    Examples
    --------
    >>> from einselect.studies.kinds import quantity_units
    >>> quantity_units("rad/s")["time²"]
    's²'
    """
    units = {"": "1", **units_of(energy_unit)}
    units |= {f"{log} energy": f"{log}({units['energy']})" for log in ("ln", "log10")}
    time = units["time"]
    return units | {"time²": f"{time}²" if time == "s" else f"({time})²"}
