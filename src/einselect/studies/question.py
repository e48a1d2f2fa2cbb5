"""What is asked at each point: the model, the values of everything that decides the numbers, the quantities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError, UnitError

_WORDS = {"frequency": "resonant", "width": "poisson"}
_SUFFIX = {"": "", "rad/s": " rad/s", "1/s": " 1/s", "s": " s", "T2": " T2"}


@dataclass(frozen=True)
class Values:
    """One parameter: all its values, as numbers of one unit.

    Attributes
    ----------
    name : str
    items : ndarray, one-dimensional
        int64, float64 or str.
    unit : {"", "rad/s", "1/s", "s", "T2"}
        Of the numbers; "" for plain ones.
    dim : str
        The dimension along which they vary; "" where there is one value only.
    count : bool
        Whether a name made of digits is a whole number, as of levels.
    many : bool
        Whether all items together are the one value, as of frequencies of modes.
    """

    name: str
    items: NDArray[Any]
    unit: str = ""
    dim: str = ""
    count: bool = False
    many: bool = False

    def shown(self) -> Any:
        """The one value of what does not vary, as an attribute of a dataset."""
        found = self.given(0)
        return ", ".join(map(str, found)) if self.many else found

    def given(self, index: int) -> Any:
        """A value as the package takes it: a number, or a string with its unit.

        Examples
        --------
        >>> import numpy as np
        >>> from einselect.studies.question import Values
        >>> Values("coupling", np.array([74346.0]), "rad/s").given(0)
        '74346.0 rad/s'
        """
        if self.many:
            return [f"{value!r}{_SUFFIX[self.unit]}" if self.unit else value for value in self.items.tolist()]
        value = self.items[index].item()
        if self.count and value.isdigit():
            return int(value)
        return f"{value!r}{_SUFFIX[self.unit]}" if self.unit else value


@dataclass(frozen=True)
class Question:
    """What is asked of every point.

    Attributes
    ----------
    model : str
        Its name in the registry.
    values : mapping of str to Values
        Parameters of the model, of the bath, and options, by name.
    quantities : tuple of str
    energy_unit : {"J", "plain", "rad/s"}
        Of the answers.
    """

    model: str
    values: Mapping[str, Values]
    quantities: tuple[str, ...]
    energy_unit: str


def read_values(name: str, kind: str, given: Sequence[Any], least: int | None = None) -> tuple[NDArray[Any], str]:
    """Values of one parameter as numbers of one unit.

    Parameters
    ----------
    name : str
        For messages.
    kind : {"whole", "number", "energy", "rate", "temperature", "time", "name", "count", "frequency", "width"}
        A count is a whole number or a name, a frequency an energy or "resonant", a width a number or "poisson".
    given : sequence
        Numbers, or strings with or without a unit.
    least : int, optional
        Of a whole number.

    Returns
    -------
    items : ndarray
    unit : str
        As of `Values`.

    Raises
    ------
    InputError
        For what is not of that kind.
    UnitError
        For units on some of them only.

    Examples
    --------
    >>> from einselect.studies.question import read_values
    >>> read_values("time", "time", ["0.5 T2", "2 T2"])
    (array([0.5, 2. ]), 'T2')
    """
    if kind == "count":
        return np.array([v if isinstance(v, str) else str(_checks.whole(name, v, 1)) for v in given]), ""
    if kind == "name" or (kind in _WORDS and all(value == _WORDS[kind] for value in given)):
        for value in given:
            if not isinstance(value, str):
                raise _checks.fail(name, "a name", value)
        return np.array(list(given), dtype=str), ""
    if kind == "whole":
        return np.array([_checks.whole(name, value, 0 if least is None else least) for value in given]), ""
    if kind in ("number", "width"):
        return np.array([_checks.number(name, value) for value in given], dtype=np.float64), ""
    numbers, units = zip(*(_read(name, kind, value) for value in given), strict=True)
    if len(set(units)) > 1:
        raise UnitError(f"{name} must be plain everywhere or have one kind of unit everywhere; got {list(given)!r}")
    return np.array(numbers, dtype=np.float64), units[0]


def _read(name: str, kind: str, value: Any) -> tuple[float, str]:
    """A number and its unit."""
    from .. import quantities

    if kind == "time" and isinstance(value, str) and value.rstrip().endswith("T2"):
        try:
            return _checks.number(name, float(value.rstrip()[:-2] or "1")), "T2"
        except ValueError:
            raise _checks.fail(name, "a time such as '0.2 ms', or one of T2 such as '2 T2'", value) from None
    readers = {
        "energy": (quantities.energy, "rad/s"),
        "frequency": (quantities.energy, "rad/s"),
        "rate": (quantities.rate, "1/s"),
        "temperature": (quantities.temperature, "rad/s"),
        "time": (quantities.time, "s"),
    }
    reader, unit = readers[kind]
    found = reader(name, value)
    if kind != "energy" and found.value < 0.0:
        raise InputError(f"{name} must be zero or above; got {value!r}")
    return found.value, unit if found.physical else ""
