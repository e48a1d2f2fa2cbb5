"""What `evolve` is given as text: times, levels, states from a file."""

from __future__ import annotations

import re
from typing import Any, Protocol

from .. import _checks
from ..errors import InputError
from ..models.base import is_spin
from . import options

_MOST_TIMES = 100_000


class Decay(Protocol):
    """What has a T2, in which times may be given: a bath of jump operators, static noise, atom loss."""

    @property
    def t2(self) -> float:
        """T2 in the model's unit of time; inf where nothing decays."""


def read_times(t_end: str | None, points: str | None, times: str | None, bath: Decay, model: Any) -> list[float]:
    """The times asked for, in the unit of the model."""
    if times is None:
        end = _checks.positive("t-end", read_time("t-end", "2T2" if t_end is None else t_end, bath.t2, model))
        count = options.whole("points", "101" if points is None else points, 2, _MOST_TIMES)
        return [end * i / (count - 1) for i in range(count)]
    for name, given in (("t-end", t_end), ("points", points)):
        if given is not None:
            raise InputError(f"{name} must be left out where --times is given; got {given!r}")
    found = [read_time("times", text, bath.t2, model) for text in times.split(",")]
    if found != sorted(found) or found[0] < 0.0:
        raise _checks.fail("times", ">= 0 and ascending", times)
    if not found[-1]:
        raise _checks.fail("times", "above zero at the last", times)
    return found


def read_time(name: str, text: str, t2: float, model: Any) -> float:
    """A time in the unit of the model, from a number, one with a unit, or one of T2."""
    from .. import quantities

    in_t2 = re.fullmatch(r"(.*?)\s*T2\s*", text, re.DOTALL)
    if in_t2 is not None:
        found = read_number(name, in_t2[1], text) * t2
    else:
        read = quantities.time(name, options.plain(text))
        if read.physical != (model.energy_unit == "rad/s"):
            where = "where the coupling has one"
            raise InputError(f"{name} must be in T2, as in '2T2', or have a unit {where}; got {text!r}")
        found = read.value
    return _checks.number(name, found, "a time within the range of double precision")


def read_number(name: str, text: str, typed: str | None = None) -> float:
    """A finite number; `typed` is all of the text, where it is in units of T2."""
    value = options.plain(text)
    if isinstance(value, str):
        raise _checks.fail(name, "a number, or one of T2 such as '2T2'" if typed else "a number", typed or text)
    return value


def check_full(model: Any, levels: str) -> None:
    """Refuse the whole symmetric sector for a model that is no collective spin, and has none.

    Raises
    ------
    InputError
        For "full" there.
    """
    if levels == "full" and not is_spin(model):
        name = model.parameters()["model"]
        raise InputError(
            f"levels must be a number of lowest levels, as in '--levels 20', for the model {name}, which is no "
            f"collective spin; got {levels!r}"
        )


def number_of_levels(text: str, model: Any, *names: str) -> int:
    """A number of levels, where it is none of the `names`."""
    from ..models.base import most_levels

    try:
        return options.whole("levels", text, 2, most_levels(model))
    except InputError as error:
        alternatives = ", ".join(repr(name) for name in names if name != "full" or is_spin(model))
        if not alternatives:
            raise
        raise InputError(str(error).replace("must be", f"must be {alternatives} or", 1)) from None


def read_state(name: str, model: Any, kept: int | str) -> Any:
    """What `evolution` takes: a name, or an array over the levels (for "full" in the Dicke basis)."""
    from ..dynamics.states import NAMES, initial_state

    if not name.lower().endswith(".npy"):
        return _checks.one_of("state", name, NAMES)
    import numpy as np

    try:
        given = np.load(name, allow_pickle=False)
    except OSError as error:
        raise InputError(f"state file must be readable; got {name!r} ({error.strerror or 'not an array'})") from None
    except (ValueError, EOFError) as error:
        raise InputError(f"state file must hold one array of numbers; got {name!r} ({error})") from None
    if kept != "full":
        return given
    if given.ndim not in (1, 2) or not 1 <= len(given) <= model.spins + 1:
        allowed = f"amplitudes or a square matrix over at most {model.spins + 1} levels"
        raise InputError(f"state must be a name, {allowed}; got shape {given.shape}")
    levels = model.levels(max(2, len(given)))
    rho, _ = initial_state(levels, np.pad(given, [(0, len(levels) - len(given))] * given.ndim))
    vectors = levels.dicke_vectors()
    return vectors.T @ rho @ vectors
