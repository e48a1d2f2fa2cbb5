"""What a window finder answers: where along a parameter both rates are well defined, and each condition by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._representation import Shown
from ..errors import InputError


@dataclass(frozen=True)
class Edge:
    """One end of a condition along a parameter: the first (or last) value where it holds.

    Attributes
    ----------
    condition : str
        "double well", "isolation", "secular start" or "thermal low" where it begins, "double well end", "isolation
        end", "secular" or "thermal high" where it ends.
    at : int, float or None
        First or last value at which it holds; None if it holds nowhere (or, for an end, has none).
    value : float or None
        Its number there.
    quantity : str
        What that is.
    """

    condition: str
    at: float | None
    value: float | None
    quantity: str

    @property
    def spins(self) -> int | None:
        """The same, where the parameter is N."""
        return None if self.at is None else int(self.at)


@dataclass(frozen=True, repr=False)
class Window(Shown):
    """Range of a parameter in which both dephasing rates are exponential decay constants.

    Attributes
    ----------
    axis : str
        The parameter: "spins" for N.
    minimum, maximum : int, float or None
        None if there is no end on its side, or none within what was looked at; both also if no value qualifies.
    thermal_min, thermal_max : int, float or None
        Part of it with ½ <= ΔE/(k_B T) <= 2; None without a temperature or if they do not meet.
    lower_limit, upper_limit : str
        Which condition ends the window on either side.
    edges : tuple of Edge
        Every condition by itself.
    verdict : str
        One sentence.
    where : str
        The other parameters.
    field_ratio : float or None
        Γ/J, of a window of N of the LMG model.
    unit : str
        Of the parameter, "" for a plain number.
    is_empty : bool
        Whether no value qualifies.
    """

    axis: str
    minimum: float | None
    maximum: float | None
    thermal_min: float | None
    thermal_max: float | None
    lower_limit: str
    upper_limit: str
    edges: tuple[Edge, ...]
    verdict: str
    where: str
    field_ratio: float | None = None
    unit: str = ""
    is_empty: bool = False

    def _spins(self, value: float | None) -> int | None:
        if self.axis != "spins":
            raise InputError(f"axis must be 'spins' for a range of N; got {self.axis!r}")
        return None if value is None else int(value)

    @property
    def spins_min(self) -> int | None:
        """First N; InputError where the window is along another parameter."""
        return self._spins(self.minimum)

    @property
    def spins_max(self) -> int | None:
        """Last N; None where there is no end."""
        return self._spins(self.maximum)

    def as_dict(self) -> dict[str, Any]:
        """Every number, keyed as in ``einselect window --json``."""
        return {
            "axis": self.axis,
            "axis_unit": self.unit,
            "field_ratio": self.field_ratio,
            "is_empty": self.is_empty,
            f"{self.axis}_min": self.minimum,
            f"{self.axis}_max": self.maximum,
            "thermal_min": self.thermal_min,
            "thermal_max": self.thermal_max,
            "lower_limit": self.lower_limit,
            "upper_limit": self.upper_limit,
            "edges": [{"condition": e.condition, self.axis: e.at, "value": e.value} for e in self.edges],
            "verdict": self.verdict,
        }
