"""What differs from shot to shot: atom number, field, coupling.

The atom number is distributed on the integers. "Gaussian" there means the distribution of given mean and variance with
the largest entropy, p(n) ∝ exp(-(n - N)²/2s²): for σ_N >= 1 it has s = σ_N (to 1e-6, and soon to all digits); below, s
is found such that the variance still is σ_N². So σ_N = 0.1 means that one shot in a hundred has an atom more or less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError

Array = NDArray[np.float64]
HELD = {"coupling": "J", "interaction": "J/N"}
"""What may stay the same as N changes, as it is written."""

HOLDS = tuple(HELD)
TAIL = 1e-7
FEWEST = 2  # atoms: a model has no fewer
_MOST_NUMBERS = 20_000
_WIDEST = 0.15
_CONTINUUM = 2.0  # from here on the variance on the integers is that of the continuum, to exp(-8π²)


@dataclass(frozen=True)
class AtomNumbers:
    """A distribution of the atom number.

    Attributes
    ----------
    values : ndarray of int
        Ascending.
    weights : ndarray
        Probabilities, of sum 1: those of shots among `values`.
    left_out : float
        Probability of all other numbers: both tails (1e-7), and fewer than two atoms.
    given : bool
        By its weights; these need not be smooth.
    """

    values: NDArray[np.int64]
    weights: Array
    left_out: float
    given: bool = False

    @property
    def mean(self) -> float:
        """<n>."""
        return float(self.weights @ self.values)

    @property
    def std(self) -> float:
        """Standard deviation of n."""
        return math.sqrt(float(self.weights @ (self.values - self.mean) ** 2))


@dataclass(frozen=True)
class Noise:
    """Shot-to-shot noise of a collective spin.

    Parameters
    ----------
    spins : float, str or mapping
        Standard deviation σ_N of a Gaussian about the model's N, "poisson", or {N: weight} (then N itself is replaced).
    field, coupling : float
        Relative standard deviations σ_Γ/Γ and σ_J/J, Gaussian, up to 0.15 (the field has to stay above zero).
    hold : {"coupling", "interaction"}
        What stays the same as N changes: J, or J/N (the interaction of a pair of atoms in a trap of given size).

    Raises
    ------
    InputError
        For negative widths, unknown names, weights that are not probabilities.

    Examples
    --------
    >>> from einselect.protocols import Noise
    >>> shots = Noise(spins=2.0).numbers(100)
    >>> int(shots.values[0]), int(shots.values[-1]), round(shots.mean, 9), round(shots.std, 5)
    (89, 111, 100.0, 2.0)
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
            given = {
                _checks.whole("N of the given distribution", number, FEWEST): _checks.non_negative(
                    "weight of the given distribution", weight
                )
                for number, weight in self.spins.items()
            }
            if not 0.0 < math.fsum(given.values()) < math.inf:
                raise InputError(f"noise in spins must have a weight above zero; got {dict(self.spins)!r}")
            object.__setattr__(self, "spins", given)  # a copy: what is frozen does not change with the caller's
        elif _checks.non_negative("noise in spins", self.spins) > (_MOST_NUMBERS - 3) / 12.0:
            raise _checks.fail("noise in spins", f"at most {(_MOST_NUMBERS - 3) / 12.0:.0f} atoms", self.spins)
        for name, width in (("field", self.field), ("coupling", self.coupling)):
            if _checks.non_negative(f"noise in {name}", width) > _WIDEST:
                raise _checks.fail(f"noise in {name}", f"a relative width up to {_WIDEST}", width)
        _checks.one_of("hold", self.hold, HOLDS)

    @property
    def is_none(self) -> bool:
        """Whether every shot is the same."""
        return not self.field and not self.coupling and not isinstance(self.spins, str | Mapping) and not self.spins

    def numbers(self, mean: int) -> AtomNumbers:
        """The atom numbers about `mean`, without tails of 1e-7 in all and without what lies below two atoms.

        A Gaussian or Poisson distribution that reaches below two atoms is *conditioned* on two or more: its mean is
        then above `mean`, and `left_out` says how probable the other shots are.
        """
        if isinstance(self.spins, Mapping):
            pairs = sorted((n, w) for n, w in self.spins.items() if w > 0.0)
            weights = np.array([w for _, w in pairs])
            return AtomNumbers(np.array([n for n, _ in pairs]), weights / weights.sum(), 0.0, given=True)
        if isinstance(self.spins, str):
            return _poisson(mean)
        return _gaussian(mean, float(self.spins))

    def member(self, model: Any, spins: int, field: float = 1.0, coupling: float = 1.0) -> Any:
        """The model of one shot; `field` and `coupling` are factors."""
        scale = coupling * (spins / model.spins if self.hold == "interaction" else 1.0)
        return replace(model, spins=int(spins), field=model.field * field, coupling=model.coupling * scale)


def _gaussian(mean: int, std: float) -> AtomNumbers:
    """The distribution on the integers with this mean and variance that has the largest entropy."""
    reach = math.ceil(6.0 * std) + 1
    offsets = np.arange(-reach, reach + 1)
    weights = _weights(offsets, std) if std else (offsets == 0).astype(float)
    return _without_tails(offsets + mean, weights, math.erfc(reach / (std * math.sqrt(2.0))) if std else 0.0)


def _weights(offsets: NDArray[np.int64], std: float) -> Array:
    """exp(-k²/2s²), normalised, of variance std²."""
    squares = offsets.astype(np.float64) ** 2

    def weights(inverse: float) -> Array:
        raw = np.exp(-inverse * squares)
        return np.asarray(raw / raw.sum())

    if std >= _CONTINUUM:
        return weights(0.5 / std**2)
    from scipy.optimize import brentq

    if std**2 < 1e-30:  # below the rounding of the weight of N itself
        return np.asarray(squares == 0.0, dtype=np.float64)
    inverse = brentq(
        lambda x: math.log(float(weights(x) @ squares)) - 2.0 * math.log(std),
        0.5 / (std + 0.5) ** 2,
        math.log(2.0) - 2.0 * math.log(std) + 1.0,
        xtol=1e-14,
        rtol=1e-14,
    )
    return weights(float(inverse))


def _poisson(mean: int) -> AtomNumbers:
    from scipy.stats import poisson

    low, high = int(poisson.ppf(0.01 * TAIL, mean)), int(poisson.isf(0.01 * TAIL, mean))
    if high - low > _MOST_NUMBERS:
        raise _checks.fail("N with Poissonian noise", f"one with at most {_MOST_NUMBERS} numbers in the sum", mean)
    values = np.arange(low, high + 1)
    outside = float(poisson.cdf(low - 1, mean) + poisson.sf(high, mean))
    return _without_tails(values, poisson.pmf(values, mean), outside)


def _without_tails(values: NDArray[np.int64], weights: Array, outside: float) -> AtomNumbers:
    """Numbers below two and tails of 1e-7 taken off; `outside` is what the weights lack of 1 already."""
    below, above = np.cumsum(weights), np.cumsum(weights[::-1])[::-1]
    kept = (values >= FEWEST) & (below > 0.5 * TAIL) & (above > 0.5 * TAIL)
    left = float(weights[~kept].sum()) + outside
    return AtomNumbers(values[kept], weights[kept] / weights[kept].sum(), left)
