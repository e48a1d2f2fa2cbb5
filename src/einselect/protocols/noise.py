"""What differs from shot to shot: atom number, field, coupling; and averages over it.

The atom number is summed over exactly (what lies outside of the sum is bounded by its probability); relative errors
of field and coupling are Gaussian, by Gauss-Hermite quadrature, with a second, coarser rule as the estimate of error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError

Array = NDArray[np.float64]
HOLDS = ("coupling", "interaction")
_TAIL = 1e-7
_NODES = (5, 9, 17, 33, 65)
_MOST_NUMBERS = 20_000
_WIDEST = 0.2


@dataclass(frozen=True)
class Noise:
    """Shot-to-shot noise of a collective spin.

    Parameters
    ----------
    spins : float, str or mapping
        Standard deviation σ_N of a Gaussian about the model's N, "poisson", or {N: weight} (then N itself is replaced).
    field, coupling : float
        Relative standard deviations σ_Γ/Γ and σ_J/J, Gaussian, up to 0.2.
    hold : {"coupling", "interaction"}
        What stays the same as N changes: J, or J/N (the interaction of a pair of atoms in a trap of given size).

    Raises
    ------
    InputError
        For negative widths, unknown names, weights that are not probabilities.

    Examples
    --------
    >>> from einselect.protocols import Noise
    >>> numbers, weights = Noise(spins=2.0).numbers(100)
    >>> int(numbers[0]), int(numbers[-1]), round(float(weights.sum()), 6)
    (89, 111, 1.0)
    """

    spins: float | str | Mapping[int, float] = 0.0
    field: float = 0.0
    coupling: float = 0.0
    hold: str = "coupling"

    def __post_init__(self) -> None:
        if isinstance(self.spins, str):
            if self.spins != "poisson":
                raise _checks.fail("noise in spins", "a standard deviation >= 0, 'poisson' or {N: weight}", self.spins)
        elif isinstance(self.spins, Mapping):
            for number, weight in self.spins.items():
                _checks.whole("N of the given distribution", number, 2)
                _checks.non_negative("weight of the given distribution", weight)
            if not self.spins or not sum(self.spins.values()) > 0.0:
                raise InputError(f"noise in spins must have a weight above zero; got {dict(self.spins)!r}")
        else:
            _checks.non_negative("noise in spins", self.spins)
        for name, width in (("field", self.field), ("coupling", self.coupling)):
            if _checks.non_negative(f"noise in {name}", width) > _WIDEST:
                raise _checks.fail(f"noise in {name}", f"a relative width up to {_WIDEST}", width)
        _checks.one_of("hold", self.hold, HOLDS)

    @property
    def is_none(self) -> bool:
        """Whether every shot is the same."""
        return not self.field and not self.coupling and not isinstance(self.spins, str | Mapping) and not self.spins

    def numbers(self, mean: int) -> tuple[NDArray[np.int64], Array]:
        """Atom numbers and their probabilities, of sum 1; tails of less than 1e-7 in all are left out."""
        if isinstance(self.spins, Mapping):
            pairs = sorted((int(n), float(w)) for n, w in self.spins.items() if w > 0.0)
            weights = np.array([w for _, w in pairs])
            return np.array([n for n, _ in pairs]), weights / weights.sum()
        width = math.sqrt(mean) if isinstance(self.spins, str) else float(self.spins)
        if not width:
            return np.array([mean]), np.ones(1)
        reach = math.ceil(5.5 * width) + 1
        if 2 * reach > _MOST_NUMBERS:
            raise _checks.fail("noise in spins", f"at most {_MOST_NUMBERS / 11:.0f} atoms", self.spins)
        numbers = np.arange(max(2, mean - reach), mean + reach + 1)
        if isinstance(self.spins, str):
            from scipy.stats import poisson

            weights = poisson.pmf(numbers, mean)
        else:
            weights = np.exp(-0.5 * ((numbers - mean) / width) ** 2)
        weights = weights / weights.sum()
        order = np.cumsum(weights)
        kept = (order > 0.5 * _TAIL) & (order - weights < 1.0 - 0.5 * _TAIL)
        return numbers[kept], weights[kept] / weights[kept].sum()

    def member(self, model: Any, spins: int, field: float = 1.0, coupling: float = 1.0) -> Any:
        """The model of one shot; `field` and `coupling` are factors."""
        scale = coupling * (spins / model.spins if self.hold == "interaction" else 1.0)
        return replace(model, spins=int(spins), field=model.field * field, coupling=model.coupling * scale)


@dataclass(frozen=True)
class Average:
    """A mean over shots.

    Attributes
    ----------
    value : ndarray
    spread : ndarray
        Standard deviation from shot to shot.
    error : float
        Of the mean: quadrature in field and coupling, and what the tails of the atom number may hold.
    shots : int
        Different shots that were worked out.
    """

    value: Array
    spread: Array
    error: float
    shots: int


class Ensemble:
    """Averages of a function of the model over the shots.

    Parameters
    ----------
    model : LMG or alike
        With `spins`, `field`, `coupling`.
    noise : Noise
    function : callable
        From a model to an array. It is called once for each different shot.
    """

    def __init__(self, model: Any, noise: Noise, function: Callable[[Any], Any]) -> None:
        self._model, self.noise, self._function = model, noise, function
        self._known: dict[tuple[int, float, float], Array] = {}

    def at(self, spins: int, field: float = 1.0, coupling: float = 1.0) -> Array:
        """The function for one shot, remembered."""
        key = int(spins), field, coupling
        if key not in self._known:
            self._known[key] = np.asarray(self._function(self.noise.member(self._model, *key)), dtype=np.float64)
        return self._known[key]

    @cached_property
    def _numbers(self) -> tuple[NDArray[np.int64], Array]:
        return self.noise.numbers(self._model.spins)

    def average(self, tolerance: float = 1e-4) -> Average:
        """Mean, spread and error; the rules for field and coupling are refined until two agree to the tolerance.

        Raises
        ------
        ResolutionError
            If they do not.
        """
        from ..errors import ResolutionError

        previous: Array | None = None
        change = math.inf
        for nodes in _NODES:
            value, spread, largest = self._with(nodes)
            tails = 2.0 * _TAIL * largest if len(self._numbers[0]) > 1 else 0.0
            if not self.noise.field and not self.noise.coupling:
                return Average(value, spread, tails, len(self._known))
            if previous is not None:
                change = float(np.abs(value - previous).max())
                if change <= tolerance:
                    return Average(value, spread, change + tails, len(self._known))
            previous = value
        raise ResolutionError(
            f"noise in field and coupling must be narrow enough for {_NODES[-1]} quadrature points each; the last two "
            f"rules differ by {change:.1e}, above {tolerance:g}"
        )

    def _with(self, nodes: int) -> tuple[Array, Array, float]:
        fields = _gaussian(self.noise.field, nodes)
        couplings = _gaussian(self.noise.coupling, nodes)
        first, second, largest = np.zeros(1), np.zeros(1), 0.0
        for number, weight in zip(*self._numbers, strict=True):
            for field, w_field in fields:
                for coupling, w_coupling in couplings:
                    value = self.at(int(number), field, coupling)
                    share = float(weight) * w_field * w_coupling
                    first, second = first + share * value, second + share * value**2
                    largest = max(largest, float(np.abs(value).max()))
        return first, np.sqrt(np.maximum(second - first**2, 0.0)), largest


def _gaussian(width: float, nodes: int) -> list[tuple[float, float]]:
    """Factors 1 + width x and their weights for x ~ N(0, 1)."""
    if not width:
        return [(1.0, 1.0)]
    x, w = np.polynomial.hermite_e.hermegauss(nodes)
    return [(1.0 + width * float(a), float(b)) for a, b in zip(x, w / w.sum(), strict=True)]
