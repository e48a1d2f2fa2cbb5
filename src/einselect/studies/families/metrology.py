"""Fisher information and spin squeezing of a collective spin: of a state, and after dephasing for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..kinds import SPINS, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..point import Point

_LEVELS = 20  # of the states that are superpositions of the doublet any two would do
_COURSE = ("time", "state", "generator", "levels", "tolerance")


def _levels(point: Point) -> Any:
    return point.system.levels(min(_LEVELS, point.model.spins + 1))


def _fisher(point: Point) -> float:
    from ...protocols import quantum_fisher

    return quantum_fisher(_levels(point), point.given["state"], point.given["generator"])


def _squeezing(name: str) -> Callable[[Point], Any]:
    def pick(point: Point) -> Any:
        from ...protocols import squeezing

        return getattr(squeezing(_levels(point), point.given["state"]), name)

    return pick


def _after(name: str, formula: str, variable: str, unit: str = "", options: tuple[str, ...] = ()) -> Quantity:
    return Quantity(
        name,
        formula,
        unit,
        "metrology",
        lambda point: float(point.course[variable].values[-1]),
        ("gamma",),
        (*_COURSE, *options),
        SPINS,
        natural_jump=True,
        seconds=0.5,
    )


def _of_state(name: str, formula: str, pick: Callable[[Point], Any], options: tuple[str, ...] = ()) -> Quantity:
    return Quantity(name, formula, "", "metrology", pick, options=("state", *options), models=SPINS, seconds=0.01)


_FIELD = ("frequency", "phase")

METROLOGY = (
    _of_state("quantum_fisher", "F of the state for exp(-iθG)", _fisher, ("generator",)),
    _of_state("kitagawa_ueda", "ξ² = 4 Var_min/N of the state", _squeezing("kitagawa_ueda")),
    _of_state("wineland", "ξ_R² = N Var_min/|<J>|² of the state", _squeezing("wineland")),
    _after("evolved_quantum_fisher", "F for exp(-iθG) after dephasing for the time", "qfi_rotation"),
    _after("field_fisher", "F of h in h cos(ωt + φ) G at the time", "qfi_field", "time²", _FIELD),
    _after("field_fisher_jz", "information on h at the time, Jz read out", "cfi_field", "time²", _FIELD),
    _after("evolved_kitagawa_ueda", "ξ² = 4 Var_min/N after dephasing for the time", "kitagawa_ueda"),
    _after("evolved_wineland", "ξ_R² = N Var_min/|<J>|² after dephasing for the time", "wineland"),
)
