"""The grid of a sweep: axes and fixed parameters, read and checked before any work begins."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, UnitError
from ..models import LMG
from ..rates import bath_parameters, units_of

Point = tuple[int, float, float]
_LONG_NAMES = {
    "spins": "number of spins N",
    "field": "transverse field Γ",
    "coupling": "coupling J",
    "gamma": "dephasing rate γ",
    "temperature": "k_B T",
}


@dataclass(frozen=True)
class Axis:
    """One parameter that is swept: its values as numbers, their unit, and what it is."""

    values: NDArray[Any]
    units: str
    long_name: str


@dataclass(frozen=True)
class Grid:
    """All parameters of a sweep.

    Attributes
    ----------
    axes : mapping of str to Axis
        In the order spins, field, coupling, gamma, temperature.
    fixed : mapping
        Parameters that do not vary, as they were given.
    bath : mapping of str to float or ndarray
        γ and k_B T as numbers, swept or not.
    points : list of (int, float, float)
        Every (N, Γ, J), the last axis fastest.
    energy_unit : str
        "J", "plain" or "rad/s".
    """

    axes: Mapping[str, Axis]
    fixed: Mapping[str, Any]
    bath: Mapping[str, Any]
    points: list[Point]
    energy_unit: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes that need a doublet of their own."""
        return tuple(len(self.axes[name].values) for name in self.dims)

    @property
    def dims(self) -> list[str]:
        """Names of those axes."""
        return [name for name in ("spins", "field", "coupling") if name in self.axes]


def read_grid(parameters: Mapping[str, Any]) -> Grid:
    """Read the parameters of a sweep; every sequence becomes an axis.

    Raises
    ------
    InputError
        For an empty sequence, a value that `LMG` or `dephasing_rates` would refuse, or units on part of an axis.
    """
    swept: dict[str, list[Any]] = {}
    fixed: dict[str, Any] = {}
    for name, given in parameters.items():
        # A zero-dimensional array is a value, although Python calls it iterable.
        scalar_array = isinstance(given, np.ndarray) and given.ndim == 0
        if isinstance(given, Iterable) and not isinstance(given, str) and not scalar_array:
            swept[name] = list(given)
            if not swept[name]:
                raise InputError(f"{name} must be a value or a sequence with at least one; got an empty one")
        else:
            fixed[name] = given

    def values(name: str) -> list[Any]:
        return swept[name] if name in swept else [fixed[name]]

    models = [LMG(2, field, coupling) for field, coupling in itertools.product(values("field"), values("coupling"))]
    units_given = {model.energy_unit for model in models}
    if "rad/s" in units_given and len(units_given) > 1:
        raise UnitError(f"coupling must be plain everywhere or have a unit everywhere; got {values('coupling')!r}")
    unit = units_given.pop() if len(units_given) == 1 else "plain"
    spins = [LMG(n, 1.0).spins for n in values("spins")]
    bath: dict[str, Any] = {}
    for name in ("gamma", "temperature"):
        if name in swept or fixed[name] is not None:
            numbers = [bath_parameters(unit, **{"gamma": None, "temperature": None, name: v}) for v in values(name)]
            column = np.array([pair[0 if name == "gamma" else 1] for pair in numbers], dtype=float)
            bath[name] = column if name in swept else float(column[0])
    units = units_of(unit)
    columns: dict[str, tuple[Any, str]] = {"spins": (np.array(spins), "1")}
    columns["coupling"] = (np.array([m.coupling for m in models[: len(values("coupling"))]]), units["energy"])
    columns["field"] = _field_axis(values("field"), models[:: len(values("coupling"))], unit)
    columns |= {name: (column, units["rate" if name == "gamma" else "energy"]) for name, column in bath.items()}
    return Grid(
        axes={name: Axis(*columns[name], _LONG_NAMES[name]) for name in _LONG_NAMES if name in swept},
        fixed={name: value for name, value in fixed.items() if value is not None},
        bath=bath,
        points=[(n, model.field, model.coupling) for n in spins for model in models],
        energy_unit=unit,
    )


def _field_axis(given: list[Any], models: list[LMG], unit: str) -> tuple[NDArray[np.float64], str]:
    """Values of the field axis: energies, or Γ/J where plain numbers stand beside a coupling with a unit."""
    from ..quantities import is_physical

    if unit != "rad/s":
        return np.array([model.field for model in models]), units_of(unit)["energy"]
    physical = [is_physical(value) for value in given]
    if all(physical):
        return np.array([model.field for model in models]), units_of(unit)["energy"]
    if any(physical):
        raise UnitError(f"field must be plain everywhere or have a unit everywhere; got {given!r}")
    return np.array([model.field_ratio for model in models]), "Γ/J"
