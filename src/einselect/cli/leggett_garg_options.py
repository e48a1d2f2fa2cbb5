"""What the commands of Leggett-Garg tests are given as text: description, dephasing rate, interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from .. import _checks
from ..errors import InputError
from . import options
from .options import option

if TYPE_CHECKING:
    from ..protocols import LeggettGarg

LEVELS = ("A", "B", "two-level", "C", "converged")
_FINE = 1e-6  # tolerance of the correlators of a collective spin

Tau = Annotated[str | None, option("Interval τ: π/(3ΔE) unless given; a number, or '0.8 ms'.", "TIME")]
Initial = Annotated[str, option("Initial state: ground (default), doublet-mixture, thermal, pointer.", "STATE")]


def read_test(model: Any, level: str, initial: str, temperature: str | None, **operators: Any) -> LeggettGarg:
    """The test of a model; `operators` as `LeggettGarg` takes them."""
    from ..protocols import LeggettGarg

    return LeggettGarg(
        model,
        read_level(level, model),
        read_initial(initial),
        temperature=options.optional(temperature),
        tolerance=_FINE,
        **operators,
    )


def read_level(text: str, model: Any) -> str | int:
    """A description by its name, or a number of levels."""
    from ..models.base import most_levels

    if text in LEVELS:
        return text
    most = most_levels(model)
    try:
        return options.whole("level", text, 2, most)
    except InputError:
        allowed = f"one of {', '.join(LEVELS)}, or a number of levels from 2 to {most}"
        raise InputError(f"level must be {allowed}; got {text!r}") from None


def read_initial(text: str) -> str:
    """An initial state by its name."""
    from ..protocols.initial import NAMES

    return _checks.one_of("initial", text, NAMES)


def read_gamma(text: str | None, model: Any) -> float | str:
    """γ as the test takes it; none is no dephasing."""
    from ..rates import written_rate

    if text is None:
        return written_rate(model.energy_unit, 0.0)
    return options.plain(text)


def read_tau(text: str | None, model: Any) -> float | None:
    """τ in the unit of the model."""
    from .. import quantities

    if text is None:
        return None
    read = quantities.time("tau", options.plain(text))
    if read.physical != (model.energy_unit == "rad/s"):
        raise InputError(f"tau must have a unit if and only if the coupling has one; got {text!r}")
    return _checks.positive("tau", read.value)
