"""Units of rates and temperatures beside the unit of a model."""

from __future__ import annotations

from collections.abc import Iterable

from .. import _checks
from ..errors import UnitError


def units_of(energy_unit: str) -> dict[str, str]:
    """Units of the numbers in an answer: energies, rates, times."""
    if energy_unit == "J":
        return {"energy": "J", "rate": "J/ħ", "time": "ħ/J"}
    if energy_unit == "plain":
        return {"energy": "that of the coupling", "rate": "that of the coupling, ħ = 1", "time": "1/coupling, ħ = 1"}
    return {"energy": "rad/s (E/ħ)", "rate": "1/s", "time": "s"}


def written_rate(energy_unit: str, rate: float) -> float | str:
    """A rate in the unit of a model as a user of the model gives it: "0.05 1/s" where it has physical units."""
    return f"{rate!r} 1/s" if energy_unit == "rad/s" else rate


def bath_parameters(
    energy_unit: str, gamma: float | str | None, temperature: float | str | None
) -> tuple[float | None, float | None]:
    """γ and k_B T as floats in the unit of a model, refusing a mixture of plain and physical.

    Raises
    ------
    UnitError
        If the model has physical units and the value has none, or the other way round.
    InputError
        If the value is negative or not finite.
    """
    return (
        None if gamma is None else in_unit_of(energy_unit, "gamma", gamma),
        None if temperature is None else in_unit_of(energy_unit, "temperature", temperature),
    )


def read_rate(name: str, value: float | str) -> tuple[float, str | None]:
    """A rate >= 0 before it is known what it is used with: the number, and the text of it where that has a unit.

    Raises
    ------
    InputError, UnitError
        For one that is negative, not finite or of another unit.

    Examples
    --------
    >>> read_rate("rate", "2 1/ms"), read_rate("rate", "0.5")
    ((2000.0, '2 1/ms'), (0.5, None))
    """
    from .. import quantities

    if not isinstance(value, str):
        return _checks.non_negative(name, value), None
    read = quantities.rate(name, value)
    return _checks.non_negative(name, read.value), value if read.physical else None


def check_rates(energy_unit: str, written: Iterable[str | None]) -> None:
    """Refuse rates with a unit (as `read_rate` has them) beside energies without, as `in_unit_of` does."""
    for text in written:
        if text is not None:
            in_unit_of(energy_unit, "rate", text)


_EXAMPLES = {"rate": "0.05 1/s", "temperature": "10 nK", "energy": "1 kHz"}


def in_unit_of(energy_unit: str, name: str, value: float | str, kind: str = "") -> float:
    """A rate, k_B T, or an energy >= 0 such as the width of a noise, as a float in the unit of a model.

    Parameters
    ----------
    energy_unit : {"J", "plain", "rad/s"}
    name : str
        What the error message calls it.
    value : float or str
        Zero needs no unit.
    kind : {"rate", "temperature", "energy"}, optional
        That of the name "temperature", else a rate, unless given.

    Raises
    ------
    UnitError, InputError
        As for `bath_parameters`.

    Examples
    --------
    >>> in_unit_of("rad/s", "rate of J-", "2 1/ms")
    2000.0
    >>> round(in_unit_of("rad/s", "width", "1 Hz", "energy"), 6)  # E/h
    6.283185
    """
    if type(value) is float and (energy_unit != "rad/s" or value == 0.0):
        return _checks.non_negative(name, value)
    from .. import quantities

    kind = kind or ("temperature" if name == "temperature" else "rate")
    readers = {"rate": quantities.rate, "temperature": quantities.temperature, "energy": quantities.energy}
    read = readers[kind](name, value)
    if read.physical and energy_unit != "rad/s":
        raise UnitError(
            f"coupling must have a unit where {name} has one, as in coupling='74346 rad/s'; "
            f"got {name}={value!r} beside a coupling without a unit"
        )
    if read.value and not read.physical and energy_unit == "rad/s":
        raise UnitError(
            f"{name} must have a unit where the coupling has one, as in {name}='{_EXAMPLES[kind]}'; got {value!r}"
        )
    return _checks.non_negative(name, read.value)
