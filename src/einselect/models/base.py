"""What models share: parameters with or without physical units."""

from __future__ import annotations

from ..errors import UnitError


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
    from ..quantities import energy

    gamma, j = energy("field", field), energy("coupling", coupling)
    if gamma.physical and not j.physical:
        raise UnitError(
            f"coupling must have a unit too where the field has one, as in coupling='11.8 kHz'; got {coupling!r} "
            f"beside field={field!r}"
        )
    if j.physical:
        return (gamma.value if gamma.physical else gamma.value * j.value), j.value, "rad/s"
    return gamma.value, j.value, "J"
