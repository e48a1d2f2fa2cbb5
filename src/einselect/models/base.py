"""What models share: parameters with or without physical units."""

from __future__ import annotations

import math
from typing import Any

from ..errors import PhaseError, UnitError
from ..spin import CollectiveOperator


def to_energies(field: float | str, coupling: float | str) -> tuple[float, float, str]:
    """Field and coupling as numbers in one unit of energy, and that unit.

    Parameters
    ----------
    field, coupling : float or str
        Plain numbers, or strings with a unit. A plain field beside a coupling with a unit is Γ/J.

    Returns
    -------
    field, coupling : float
    unit : {"J", "rad/s"}

    Raises
    ------
    UnitError
        For a field with a unit beside a plain coupling.
    """
    j, others, unit = energies_in(coupling, field=field)
    return others["field"], j, unit


def energies_in(coupling: float | str, **others: float | str) -> tuple[float, dict[str, float], str]:
    """A coupling and other energies as numbers in one unit, and that unit; a plain zero goes with any unit.

    Parameters
    ----------
    coupling : float or str
        What plain numbers among the others are counted in, where it has a unit.
    **others : float or str
        By name, for messages.

    Returns
    -------
    coupling : float
    others : dict of str to float
    unit : {"J", "rad/s"}

    Raises
    ------
    UnitError
        For one with a unit beside a plain coupling.
    """
    from ..quantities import energy

    read, j = {name: energy(name, value) for name, value in others.items()}, energy("coupling", coupling)
    for name, found in read.items():
        if found.physical and not j.physical:
            raise UnitError(
                f"coupling must have a unit too where the {name} has one, as in coupling='11.8 kHz'; got {coupling!r} "
                f"beside {name}={others[name]!r}"
            )
    if j.physical:
        values = {name: found.value if found.physical else found.value * j.value for name, found in read.items()}
        return j.value, values, "rad/s"
    return j.value, {name: found.value for name, found in read.items()}, "J"


def alike_in(**energies: float | str) -> tuple[dict[str, float], str]:
    """Energies that all have units, or none of them; a plain zero goes with both.

    Returns
    -------
    energies : dict of str to float
    unit : {"plain", "rad/s"}

    Raises
    ------
    UnitError
        For one without a unit beside one that has one.
    """
    from ..quantities import energy

    read = {name: energy(name, value) for name, value in energies.items()}
    with_unit = next((name for name, found in read.items() if found.physical), None)
    for name, found in read.items():
        if with_unit is not None and not found.physical and found.value:
            raise UnitError(f"{name} must have a unit where the {with_unit} has one; got {energies[name]!r}")
    return {name: found.value for name, found in read.items()}, "plain" if with_unit is None else "rad/s"


def most_levels(model: Any) -> int:
    """How many levels a model has to give: what it says, or N + 1 for a collective spin."""
    return int(model.most_levels if hasattr(model, "most_levels") else model.spins + 1)


def is_spin(model: Any) -> bool:
    """Whether it is a collective spin: a Hamiltonian of spin operators on N + 1 states."""
    return hasattr(model, "hamiltonian") and isinstance(model.hamiltonian(), CollectiveOperator)


class MeanField:
    """Mean field of H = -(J/N)(Jz² + κ Jy²) - Γ Jx, whatever κ < 1: phase, order parameter, moment."""

    spins: int
    field: float
    coupling: float

    @property
    def field_ratio(self) -> float:
        """g = Γ/J."""
        return self.field / self.coupling

    @property
    def phase(self) -> str:
        """Mean-field phase: "ordered" (Γ < J), "critical" (Γ = J) or "disordered" (Γ > J); without any tilt."""
        if self.field == self.coupling:
            return "critical"
        return "ordered" if self.field < self.coupling else "disordered"

    @property
    def order_parameter(self) -> float:
        """m* = sqrt(1 - (Γ/J)²): the wells sit at Jz = ±N m*/2.

        Raises
        ------
        PhaseError
            Outside the ordered phase.
        """
        if self.phase != "ordered":
            raise PhaseError(
                f"the order parameter m* must be asked for in the ordered phase (field < coupling); "
                f"got field/coupling = {self.field_ratio:.12g}"
            )
        g = self.field_ratio
        return math.sqrt((1.0 - g) * (1.0 + g))

    @property
    def mean_field_moment(self) -> float:
        """G_loc = (N m*)²/2 [10]; PhaseError outside the ordered phase."""
        return 0.5 * (self.spins * self.order_parameter) ** 2
