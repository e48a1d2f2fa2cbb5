"""Along which parameters the page Window looks at a model: two curves and a map for each model of the registry.

A model with a number of spins or molecules is looked at along that number and along the parameter that makes its
wells; one without along the two that make them. Ends are in a scale of the model that neither axis moves, so that a
picture stays where it is while the point moves on it. They widen where the point lies outside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from ..errors import InputError
from ..models.registry import Parameter
from . import bounds
from .state import System

_WHERE = "the page Window"
_MODES = 2  # of a bath or of a list: one doublet takes up to 0.1 s with two, 0.5 s with three, and curves need fifty
_TILTED_SPINS = 300  # without parity one doublet takes some 0.05 s there
_CURVE_POINTS = 25  # as many as `window_along` looks at along a real parameter


def _one(model: Any) -> float:
    return 1.0


@dataclass(frozen=True)
class Axis:
    """A parameter to look along.

    Attributes
    ----------
    name : str
        As in the registry. Of a list of values, one for each mode, the largest; the others go with it in proportion.
    low, high, most : float
        Ends of what is shown, and the largest value that the page takes, over `scale`.
    scale : callable
        Of the model, with the sign of the parameter.
    log : bool
        Whether values are spread by equal factors.
    """

    name: str
    low: float
    high: float
    most: float
    scale: Callable[[Any], float] = _one
    log: bool = False


@dataclass(frozen=True)
class Views:
    """What is shown of a model.

    Attributes
    ----------
    curves : tuple of Axis
        The parameter of the first and of the second curve.
    plane : tuple of Axis
        The two of the map: upright and across.
    cells : tuple of int
        Of the map, in the same order: as many as are solved within a few seconds.
    """

    curves: tuple[Axis, Axis]
    plane: tuple[Axis, Axis]
    cells: tuple[int, int]


def _both(first: Axis, second: Axis, *cells: int) -> Views:
    """Curves and map over the same two."""
    return Views((first, second), (first, second), (cells[0], cells[1]))


def _mode(model: Any) -> float:
    return float(model.mode)


def _signed_mode(model: Any) -> float:
    return math.copysign(model.mode, model.coupling)


def _fastest(model: Any) -> float:
    return float(max(model.frequencies))


def _signed_fastest(model: Any) -> float:
    return math.copysign(_fastest(model), max(model.couplings, key=abs))


_FIELD = Axis("field", 0.05, 0.999, 1.0, lambda model: 1.0 if model.energy_unit == "rad/s" else float(model.coupling))
_BOND = Axis("coupling", 0.05, 2.0, 4.0, _signed_mode)

VIEWS: Mapping[str, Views] = MappingProxyType(
    {
        "lmg": _both(Axis("spins", 4, 2000, 1e5, log=True), _FIELD, 18, 18),
        "anisotropic": _both(Axis("spins", 4, 1000, 5000, log=True), _FIELD, 14, 14),
        # At one N the wells begin at U = 2K/N; over all N the map needs decades.
        "bose-josephson": Views(
            (
                Axis("spins", 4, 2000, 1e5, log=True),
                Axis("interaction", 0.5, 4.0, 100.0, lambda model: 2.0 * model.tunnelling / model.spins),
            ),
            (
                Axis("spins", 20, 2000, 1e5, log=True),
                Axis("interaction", 2e-3, 0.2, 100.0, lambda model: float(model.tunnelling), log=True),
            ),
            (24, 24),
        ),
        "dicke": _both(
            Axis("spins", 2, 24, 40, log=True),
            Axis("coupling", 0.4, 1.0, 1.5, lambda model: math.sqrt(model.mode * model.spin)),
            8,
            9,
        ),
        "rabi": _both(Axis("coupling", 0.1, 3.0, 4.0, _mode), Axis("spin", 0.1, 5.0, 20.0, _mode), 10, 9),
        "dimer": _both(_BOND, Axis("huang_rhys", 0.2, 12.0, 100.0), 9, 10),
        # Two and three molecules are no axis of a map.
        "ring": Views(
            (Axis("sites", 2, 3, 3, log=True), Axis("huang_rhys", 0.2, 8.0, 8.0)),
            (_BOND, Axis("huang_rhys", 0.2, 8.0, 8.0)),
            (7, 7),
        ),
        "few-modes": _both(
            Axis("tunnelling", 0.05, 1.5, 5.0, _fastest),
            Axis("couplings", 0.1, 0.9, 1.5, _signed_fastest),
            6,
            6,
        ),
        "spin-boson": _both(
            Axis("tunnelling", 0.002, 0.1, 1.0, lambda model: float(model.cutoff)),
            Axis("strength", 0.02, 0.9, 2.0),
            6,
            6,
        ),
    }
)
"""By model: the number of spins and the control parameter, or the two parameters that make the wells."""


def check(system: System) -> None:
    """Refuse what the page cannot show within seconds, and a point without wells.

    Raises
    ------
    InputError
        Above a bound of the page, or outside the ordered phase.
    """
    model, views = system.model, VIEWS[system.entry.name]
    phase = getattr(model, "phase", None)
    if phase in ("critical", "disordered"):
        axis = views.curves[0] if system.entry.name == "rabi" else views.curves[1]
        raise InputError(
            f"{axis.name} must be in the ordered phase on the page Window: the model is {phase} there, and has no "
            f"wells; got {present(system, axis.name):.6g}"
        )
    if _tilted(model):
        bounds.check_most("spins", model.spins, _TILTED_SPINS, f"{_WHERE} with a tilt")
    if hasattr(model, "frequencies") and len(model.frequencies) > _MODES:
        raise InputError(
            f"frequencies must be of at most {_MODES} modes, the bound of {_WHERE}; got {len(model.frequencies)}"
        )
    if hasattr(model, "modes"):
        bounds.check_most("modes", model.modes, _MODES, _WHERE)
    if hasattr(model, "couplings") and not any(model.couplings):
        raise InputError("couplings must be other than zero on the page Window; got none that is")
    for axis in (*views.curves, *views.plane):
        bounds.check_most(axis.name, present(system, axis.name), axis.most * abs(axis.scale(model)), _WHERE)


def _tilted(model: Any) -> bool:
    return bool(getattr(model, "tilt", 0.0))


def parameter_of(system: System, name: str) -> Parameter:
    """What the registry says of a parameter of a model."""
    return next(p for p in system.entry.parameters if p.name == name)


def symbol_of(system: System, name: str) -> str:
    """Symbol of a parameter; of a list that of its largest value."""
    parameter = parameter_of(system, name)
    if parameter.many:
        return f"largest {parameter.symbol}"
    return "Γ/J" if name == "field" and _physical(system) else parameter.symbol


def unit_of(system: System, name: str) -> str:
    """Unit of the values along an axis: "rad/s" for an energy of a model with units; a field there is Γ/J."""
    return "rad/s" if _physical(system) and parameter_of(system, name).energy and name != "field" else ""


def _physical(system: System) -> bool:
    return bool(system.model.energy_unit == "rad/s")


def present(system: System, name: str) -> float:
    """The value that a system has."""
    value = getattr(system.model, name)
    if parameter_of(system, name).many:
        return max((float(v) for v in value), key=abs)
    return float(system.model.field_ratio if name == "field" and _physical(system) else value)


def given_at(system: System, name: str, value: float) -> Any:
    """A value of a parameter as the model's class takes it."""
    unit = unit_of(system, name)
    if parameter_of(system, name).many:
        factor = value / present(system, name)
        values = [factor * float(v) for v in getattr(system.model, name)]
        return [f"{v!r} {unit}" for v in values] if unit else values
    if parameter_of(system, name).least is not None:
        return round(value)
    return f"{float(value)!r} {unit}" if unit else float(value)


def typed(system: System, name: str, value: float) -> str:
    """A value as a visitor would type it, to six digits; those in proportion to it to twelve."""
    given = given_at(system, name, float(f"{value:.6g}"))
    return (
        ",".join(f"{v:.12g}" if isinstance(v, float) else v for v in given) if isinstance(given, list) else str(given)
    )


def ends(system: System, axis: Axis) -> tuple[float, float]:
    """The smaller and the larger end of what is shown, the present value inside.

    Examples
    --------
    >>> from einselect.explorer.axes import VIEWS, ends
    >>> from einselect.explorer.state import State
    >>> state = State.example("dicke")
    >>> [ends(state.system(), axis) for axis in VIEWS["dicke"].curves]
    [(2.0, 24.0), (0.4, 1.0)]
    >>> ends(state.with_entry("spins", "30").system(), VIEWS["dicke"].curves[0])
    (2.0, 30.0)
    """
    scale = axis.scale(system.model)
    low, high = sorted((axis.low * scale, axis.high * scale))
    if axis.name == "spins" and _tilted(system.model):
        high = min(high, float(_TILTED_SPINS))
    now = present(system, axis.name)
    # A point beyond an end lies at the new one: a picture that moves with it is better than none.
    return float(f"{min(low, now):.12g}"), float(f"{max(high, now):.12g}")


def values(system: System, axis: Axis, count: int = _CURVE_POINTS) -> list[float]:
    """The values at which a curve or a map is solved, ascending."""
    low, high = ends(system, axis)
    if parameter_of(system, axis.name).least is not None:
        return [float(n) for n in np.unique(np.geomspace(low, high, count).round())]
    if axis.log:
        return [low, *(float(v) for v in np.geomspace(low, high, count)[1:-1]), high]
    return [low + (high - low) * i / (count - 1) for i in range(count)]
