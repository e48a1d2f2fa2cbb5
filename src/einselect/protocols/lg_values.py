"""What a Leggett-Garg test answers: a combination of correlators, or the dephasing rate where it stops to violate."""

from __future__ import annotations

from dataclasses import dataclass

from .._representation import Shown

BOUNDS = {"K3": 1.0, "K4": 2.0, "W": 0.0}
"""What macrorealism allows."""


@dataclass(frozen=True)
class LeggettGargValue(Shown):
    """One Leggett-Garg combination.

    Attributes
    ----------
    name : str
        "K3", "K4" or "W" (Wigner form).
    value, error : float
        The error covers truncation and time steps; 0 for closed formulas.
    bound : float
        What macrorealism allows.
    tau, gamma : float
    form : str
    levels : int
    energy_unit : str
        Of the model, which `tau` and `gamma` go with.
    """

    name: str
    value: float
    error: float
    bound: float
    tau: float
    gamma: float
    form: str
    levels: int
    energy_unit: str = "J"

    @property
    def margin(self) -> float:
        """How far the value is above the bound; negative where it does not violate."""
        return self.value - self.bound

    @property
    def violates(self) -> bool | None:
        """Whether macrorealism is violated; None where the error leaves it open."""
        return None if abs(self.margin) <= self.error else self.margin > 0.0


@dataclass(frozen=True)
class Threshold(Shown):
    """Largest dephasing rate at which a combination still violates its bound.

    Attributes
    ----------
    gamma : float or None
        None where it does not violate without dephasing.
    error : float
        From the error of K3 divided by its slope in γ.
    tau : float
    levels : int
    energy_unit : str
        Of the model, which `tau` and `gamma` go with.
    """

    gamma: float | None
    error: float
    tau: float
    levels: int
    energy_unit: str = "J"
