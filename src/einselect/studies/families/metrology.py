"""Fisher information and spin squeezing: of a state, and after dephasing for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ...models.base import is_spin, most_levels
from ..kinds import SPINS, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..point import Point

_LEVELS = 20  # of the states that are superpositions of the doublet any two would do
_COURSE = ("time", "state", "generator", "levels", "tolerance")


def _levels(point: Point) -> Any:
    return point.system.levels(min(_LEVELS, most_levels(point.model)))


def _fisher(point: Point) -> float:
    from ...protocols import quantum_fisher

    natural = "Jz" if is_spin(point.model) else point.model.order_operator
    generator = point.given.get("generator", natural)
    if generator is None:
        raise InputError("generator must be given for a model without an odd jump operator; got none")
    return quantum_fisher(_levels(point), point.given["state"], generator)


def _squeezing(name: str) -> Callable[[Point], Any]:
    def pick(point: Point) -> Any:
        from ...protocols import squeezing

        return getattr(squeezing(_levels(point), point.given["state"]), name)

    return pick


def _after(
    name: str,
    formula: str,
    variable: str,
    unit: str = "",
    options: tuple[str, ...] = (),
    models: tuple[str, ...] = (),
) -> Quantity:
    return Quantity(
        name,
        formula,
        unit,
        "metrology",
        lambda point: float(point.course[variable].values[-1]),
        ("gamma",),
        (*_COURSE, *options),
        models,
        seconds=0.5,
    )


def _of_state(
    name: str,
    formula: str,
    pick: Callable[[Point], Any],
    options: tuple[str, ...] = (),
    models: tuple[str, ...] = (),
) -> Quantity:
    return Quantity(name, formula, "", "metrology", pick, options=("state", *options), models=models, seconds=0.01)


_FIELD = ("frequency", "phase")
LIMITS = ("eigenstate", "pointer", "mean field")


def _interrogation(name: str, formula: str, unit: str, attribute: str, categories: tuple[str, ...] = ()) -> Quantity:
    return Quantity(
        name,
        formula,
        unit,
        "metrology",
        lambda point: getattr(point.interrogation, attribute),
        ("gamma",),
        (*_COURSE, *_FIELD),
        categories=categories,
        seconds=1.0,
    )


METROLOGY = (
    _of_state("quantum_fisher", "F of the state for exp(-iθG)", _fisher, ("generator",)),
    _of_state("kitagawa_ueda", "ξ² = 4 Var_min/N of the state", _squeezing("kitagawa_ueda"), models=SPINS),
    _of_state("wineland", "ξ_R² = N Var_min/|<J>|² of the state", _squeezing("wineland"), models=SPINS),
    _after("evolved_quantum_fisher", "F for exp(-iθG) after dephasing for the time", "qfi_rotation"),
    _after("field_fisher", "F of h in h cos(ωt + φ) G at the time", "qfi_field", "time²", _FIELD),
    _after(
        "field_fisher_readout",
        "information on h at the time, the order parameter read out",
        "cfi_field",
        "time²",
        _FIELD,
    ),
    _after("evolved_kitagawa_ueda", "ξ² = 4 Var_min/N after dephasing for the time", "kitagawa_ueda", models=SPINS),
    _after("evolved_wineland", "ξ_R² = N Var_min/|<J>|² after dephasing for the time", "wineland", models=SPINS),
    _interrogation("interrogation_time", "time t of the largest F_h/t up to the time", "time", "time"),
    _interrogation("interrogation_fisher", "F of h at that time", "time²", "fisher"),
    _interrogation(
        "interrogation_rate", "ln(F_0/F)/(2t) at that time, F_0 without dephasing", "rate", "effective_rate"
    ),
    _interrogation("interrogation_limit", "which of the three rates that is nearest to", "", "nearest", LIMITS),
)
