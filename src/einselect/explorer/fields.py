"""The entries of a system: how each is called, what may be typed, and the slider that goes with the text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .._units import split
from ..models.registry import ModelEntry, Parameter
from . import bounds

_HELP = {
    "spins": "number of spins",
    "field": "transverse field: Γ/J, or with a unit (11.2 kHz)",
    "coupling": "with a unit: 11.8 kHz (E/h), 74346 rad/s (E/ħ); or a plain number, ħ = 1",
    "gamma": "dephasing rate: 0.05 1/s beside a coupling with a unit, else a plain number; empty for none",
    "temperature": "10 nK beside a coupling with a unit, else k_B T as a plain number; empty for none",
}
_NAMES = {
    "spins": "Number of spins N",
    "field": "Field Γ",
    "coupling": "Coupling",
    "anisotropy": "Anisotropy κ",
    "tilt": "Tilt",
    "tunnelling": "Tunnelling",
    "interaction": "Interaction U",
    "mode": "Mode ω",
    "spin": "Spin ω0",
    "huang_rhys": "Huang-Rhys factor S",
    "sites": "Molecules M",
    "closing": "Last bond over the others c",
    "frequencies": "Frequencies ω_k of the modes",
    "couplings": "Couplings g_k of the modes",
    "strength": "Strength α of the bath",
    "exponent": "Exponent s of the bath",
    "cutoff": "Cut-off ω_c of the bath",
    "modes": "Modes M for the bath (0: polaron)",
    "gamma": "Dephasing rate γ",
    "temperature": "Temperature T",
}
_LINEAR = {"anisotropy": (-1.0, 0.99), "closing": (0.0, 1.0), "sites": (2.0, 6.0), "modes": (0.0, 3.0)}
_RATIO = (0.01, 1.2)  # Γ/J
_DECADES = 4.0  # a slider of a quantity with a unit goes so far to either side of the power of ten that it is at
_STEPS = 1000


@dataclass(frozen=True)
class Field:
    """One entry.

    Attributes
    ----------
    name, label, help : str
    linear : tuple of float or None
        Ends of a slider in the number itself; None for one in its decimal logarithm.
    most : float or None
        The largest that is allowed.
    whole : bool
        Whether it is a whole number.

    Examples
    --------
    >>> gamma = bath_field("gamma")
    >>> gamma.text(gamma.position("0.05 1/s") + 1.0, "0.05 1/s")
    '0.5 1/s'
    """

    name: str
    label: str
    help: str
    linear: tuple[float, float] | None = None
    most: float | None = None
    least: int | None = None

    def ends(self, text: str) -> tuple[float, float] | None:
        """Ends of the slider for the present text; None where there is no number for it to stand at."""
        position = self.position(text)
        if self.least is not None and self.linear is None:
            return math.log10(self.least), math.log10(self.most or 1e8)
        if self.linear is not None and not (self.name == "field" and self._unit(text)):
            most = self.linear[1] if self.most is None else min(self.linear[1], self.most)
            return self.linear[0], most
        if position is None:
            return None
        middle = math.floor(position)
        return middle - _DECADES, middle + _DECADES

    def step(self, text: str) -> float:
        """How far the slider moves at a press of a key."""
        if self.least is not None and self.linear is not None:
            return 1.0
        ends = self.ends(text)
        if ends is None:
            return 0.01
        step = 10.0 ** math.floor(math.log10((ends[1] - ends[0]) / _STEPS * 5.0))
        position = self.position(text)
        if self.least is None or position is None:
            return step
        return max(step, math.log10(1.0 + 10.0**-position))  # the next whole number at least

    def position(self, text: str) -> float | None:
        """Where the slider stands; None for text that is no number, or none that it can stand at."""
        parts = split(text)
        value = float(parts.digits) if parts is not None else math.nan
        if not math.isfinite(value):
            return None
        if self.linear is not None and not (self.name == "field" and self._unit(text)):
            return value
        return math.log10(value) if value > 0.0 else None

    def text(self, position: float, like: str) -> str:
        """The text for a position of the slider, in the unit of the present text."""
        linear = self.linear is not None and not (self.name == "field" and self._unit(like))
        value = position if linear else 10.0**position
        if self.least is not None:
            most = value if self.most is None else min(value, self.most)
            rounded = max(self.least, round(float(f"{most:.4g}")))
            return str(rounded)
        digits = f"{round(value, 4):g}" if linear else f"{value:.4g}"
        parts = split(like)
        unit = "" if parts is None else parts.unit
        lead = "2π × " if parts is not None and parts.two_pi else ""
        return f"{lead}{digits} {unit}".strip()

    @staticmethod
    def _unit(text: str) -> bool:
        parts = split(text)
        return parts is not None and bool(parts.unit)


def parameter_field(model: str, parameter: Parameter) -> Field:
    """The entry of a parameter of a model."""
    name = parameter.name
    label = _NAMES.get(name, name)
    if parameter.symbol not in label:
        label = f"{label} {parameter.symbol}"
    default = "" if parameter.default is None else f"; empty for {parameter.default:g}"
    if parameter.many:
        return Field(name, label, "one value for each mode, with commas: 1.5,3 or 1.5 THz,3 THz")
    text = _HELP.get(name, "number" if not parameter.energy else "plain number, or with a unit (11.8 kHz)")
    linear = _RATIO if name == "field" else _LINEAR.get(name)
    if name == "coupling" and model in ("dimer", "ring"):
        linear = (-2.0, 2.0)
    if name == "tilt":
        linear = (-1e-3, 1e-3)
    return Field(name, label, text + default, linear, bounds.MOST.get(model, {}).get(name), parameter.least)


def bath_field(name: str) -> Field:
    """The entry of γ or T."""
    return Field(name, _NAMES[name], _HELP[name])


def fields_of(entry: ModelEntry) -> list[Field]:
    """The entries of a model and its bath, in the order of the page."""
    return [*(parameter_field(entry.name, p) for p in entry.parameters), bath_field("gamma"), bath_field("temperature")]
