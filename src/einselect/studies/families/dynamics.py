"""Where the Lindblad dynamics of a model has come at a given time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..kinds import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..point import Point

_OPTIONS = ("time", "state", "levels", "tolerance")


def _at_end(name: str, formula: str, pick: Callable[[Point], Any], whole: bool = False) -> Quantity:
    return Quantity(name, formula, "", "dynamics", pick, ("gamma",), _OPTIONS, whole=whole, seconds=0.05)


def _level(n: int) -> Callable[[Point], float]:
    return lambda point: float(point.evolved["populations"][n])


def _pointer(point: Point) -> float:
    """<P|ρ|P> of the doublet with parity: the mean of both populations and Re ρ_01."""
    found, levels = point.evolved, point.system.levels(2)
    p = levels.state("P")
    block = [[found["populations"][0], found["rho_01"]], [found["rho_01"].conjugate(), found["populations"][1]]]
    return float(sum(p[i].conjugate() * block[i][j] * p[j] for i in (0, 1) for j in (0, 1)).real)


def _error(point: Point) -> float:
    found = point.evolved
    return float(found["truncation_error"] if "truncation_error" in found else found["error_estimate"])


DYNAMICS = (
    _at_end("coherence_eigenstate", "|ρ_01| at the time", lambda point: abs(point.evolved["rho_01"])),
    _at_end("coherence_pointer", "|ρ_PR| at the time", lambda point: abs(point.evolved["rho_pr"])),
    _at_end("population_even", "<E0|ρ|E0> at the time", _level(0)),
    _at_end("population_odd", "<E1|ρ|E1> at the time", _level(1)),
    _at_end("population_pointer", "<P|ρ|P> at the time", _pointer),
    _at_end("doublet_population", "ρ_00 + ρ_11 at the time", lambda point: point.evolved["doublet_population"]),
    _at_end("purity", "Tr ρ² at the time", lambda point: point.evolved["purity"]),
    _at_end("evolved_levels", "levels that the run took", lambda point: int(point.evolved["levels"]), whole=True),
    _at_end(
        "evolved_error", "bound on the truncation error of ρ_01 and the populations; estimated for all levels", _error
    ),
)
