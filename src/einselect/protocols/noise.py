"""Averages over shots whose atom number, field and coupling differ.

The mean of a function of the model is a sum over lattices of those parameters (see `noise_lattice`), which are refined
until it no longer changes. What is not in the sum, tails and shots with fewer than two atoms, has the probability q:
with q = 0 the mean m would be another by q (m' - m) at most, m' the mean of what is missing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .. import _checks
from ..errors import ResolutionError
from .noise_kinds import Array, AtomNumbers, Noise
from .noise_lattice import BEYOND, REACH, Axis, Rule, continuous, discrete

__all__ = ["Average", "Ensemble", "Noise"]
_MOST = 20_000

Key = tuple[int, float, float]
"""Atom number, factor of the field, factor of the coupling."""


@dataclass(frozen=True)
class Average:
    """A mean over shots.

    Attributes
    ----------
    value : ndarray
    spread : ndarray
        Standard deviation from shot to shot.
    error : float
        Of the mean: how much the last refinement of each lattice changed it (the last lattice itself is far better),
        plus what the shots left out may hold. Of a sample: its standard error plus the latter.
    shots : int
        Different shots that were worked out for it.
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
        From a model to an array of real numbers. It is called once for each different shot.
    control : callable, optional
        A cheap function close to `function`: it is summed over every atom number, and over lattices of field and
        coupling one step finer; only the difference is taken on coarser lattices.
    bound : float, optional
        What no element of the function exceeds; the largest one found stands in for it.

    Examples
    --------
    The mean of N² over shots with σ_N = 3.

    >>> from einselect import LMG
    >>> from einselect.protocols import Ensemble, Noise
    >>> ensemble = Ensemble(LMG(100, 0.9), Noise(spins=3.0), lambda model: [model.spins**2])
    >>> print(f"{ensemble.average().value[0] - 100**2:.3f}")
    9.000
    """

    def __init__(
        self,
        model: Any,
        noise: Noise,
        function: Callable[[Any], Any],
        *,
        control: Callable[[Any], Any] | None = None,
        bound: float | None = None,
    ) -> None:
        self._model, self.noise, self._bound = model, noise, bound
        self._function, self._control = function, control
        self._known: dict[Key, Array] = {}
        self._known_control: dict[Key, Array] = {}
        self._used: set[Key] = set()

    def at(self, spins: int, field: float = 1.0, coupling: float = 1.0) -> Array:
        """The function for one shot, remembered."""
        return self._value((int(spins), field, coupling), self._function, self._known)

    def _value(self, key: Key, function: Callable[[Any], Any], known: dict[Key, Array]) -> Array:
        if key not in known:
            known[key] = np.atleast_1d(np.asarray(function(self.noise.member(self._model, *key)), dtype=np.float64))
        return known[key]

    def with_noise(self, noise: Noise) -> Ensemble:
        """The same function under other noise; both remember the members of either where N means the same."""
        other = Ensemble(self._model, noise, self._function, control=self._control, bound=self._bound)
        if noise.hold == self.noise.hold:
            other._known, other._known_control = self._known, self._known_control
        return other

    @cached_property
    def _numbers(self) -> AtomNumbers:
        return self.noise.numbers(self._model.spins)

    @property
    def left_out(self) -> float:
        """Probability of the shots that the averages leave out."""
        return self._numbers.left_out + BEYOND * (bool(self.noise.field) + bool(self.noise.coupling))

    def share(self, holds: Callable[[Any], bool]) -> float:
        """Probability that a shot's model has a property; with noise in field or coupling to the lattice's spacing."""
        numbers, *others = self._axes(every=True)
        fine = 1 if self.noise.field and self.noise.coupling else 3
        rules = [numbers.rules[-1], *(axis.rules[min(fine, len(axis.rules) - 1)] for axis in others)]
        return math.fsum(w for key, w in _product(rules) if holds(self.noise.member(self._model, *key)))

    def average(self, tolerance: float = 1e-4, every: bool = True) -> Average:
        """Mean, spread and error; lattices are refined until the mean changes by the tolerance at most.

        Parameters
        ----------
        tolerance : float
        every : bool
            Sum over every atom number; otherwise over coarser lattices, where these are enough.

        Raises
        ------
        ResolutionError
            If the finest lattices do not agree to the tolerance, or would take more than 20000 shots.
        """
        _checks.positive("tolerance", tolerance)
        self._used.clear()
        axes = self._axes(every)
        at = [0, 0, 0]
        while True:
            base = self._moments(axes, at)
            # Refined one by one: what each changes is added up, and their products are neglected.
            changes = np.array(
                [
                    self._moments(axes, [k + (a == b and _finer(axes[a], k)) for b, k in enumerate(at)]) - base
                    for a in range(3)
                ]
            )
            # What the sum over every number itself changes is no error of it.
            open_ends = [not _last(axis, k) for axis, k in zip(axes, at, strict=True)]
            sizes = np.abs(changes[:, 0]).max(axis=1) * open_ends
            scatter = self._scatter(axes, at)
            if max(float(sizes.sum()), scatter) <= tolerance:
                found = base + changes.sum(axis=0)
                checked = [self._check(axes, at, a, base + changes[a]) if open_ends[a] else 0.0 for a in range(3)]
                sizes = np.maximum(sizes, checked)
                if sizes.sum() <= tolerance:
                    return self._answer(found, max(float(sizes.sum()), scatter))
            if scatter > tolerance:
                sizes[np.flatnonzero(open_ends)] += scatter
            for a in np.flatnonzero(sizes > 0.25 * tolerance).tolist():
                at[a] += 1
                if not _finer(axes[a], at[a]) and not axes[a].exact:
                    raise ResolutionError(
                        f"noise in {('spins', 'field', 'coupling')[a]} must be narrower for an average to "
                        f"{tolerance:g}: the finest lattices differ by {sizes[a]:.1e}"
                    )

    def sampled(self, shots: int = 1000, seed: int = 0) -> Average:
        """Mean over shots drawn at random, with its standard error: slow, and independent of all lattices.

        Parameters
        ----------
        shots : int
        seed : int
            The same seed draws the same shots.
        """
        count = _checks.whole("shots", shots, 2)
        rng = np.random.default_rng(seed)
        numbers = rng.choice(self._numbers.values, count, p=self._numbers.weights)
        factors = [1.0 + width * _normal(rng, count) for width in (self.noise.field, self.noise.coupling)]
        keys = list(zip(numbers.tolist(), *(f.tolist() for f in factors), strict=True))
        values = np.array([self._value(key, self._function, self._known) for key in keys])
        spread = values.std(axis=0, ddof=1)
        error = float(spread.max()) / math.sqrt(count)
        return Average(values.mean(axis=0), spread, error + self._missing(values.mean(axis=0)), len(set(keys)))

    def _axes(self, every: bool) -> list[Axis]:
        numbers = discrete(self._numbers, self._model.spins, every)
        return [numbers, continuous(self.noise.field), continuous(self.noise.coupling)]

    def _moments(self, axes: list[Axis], at: list[int]) -> Array:
        """<f> and <f²>, stacked."""
        rules = [axis.rules[k] for axis, k in zip(axes, at, strict=True)]
        if math.prod(len(rule) for rule in rules) > _MOST:
            raise ResolutionError(
                f"noise must be less, or in fewer parameters: an average over it takes more than {_MOST} shots"
            )
        total = self._sum(rules, self._function, self._known)
        if self._control is not None:
            finer = [_for_control(axis, k) for axis, k in zip(axes, at, strict=True)]
            if finer != rules:
                total = total - self._sum(rules, self._control, self._known_control)
                total = total + self._sum(finer, self._control, self._known_control)
        return total

    def _sum(self, rules: list[Rule], function: Callable[[Any], Any], known: dict[Key, Array]) -> Array:
        keys, weights = zip(*_product(rules), strict=True)
        if known is self._known:
            self._used.update(keys)
        values = np.array([self._value(key, function, known) for key in keys])
        return np.tensordot(np.array(weights), np.stack((values, values**2), axis=1), 1)

    def _check(self, axes: list[Axis], at: list[int], axis: int, refined: Array) -> float:
        """How far the mean on an incommensurate lattice is from that on the refined one.

        What is left to a control is bounded by its scatter, and atom numbers need no check then.
        """
        if self._control is not None and axes[axis].exact:
            return 0.0
        rules = [one.rules[k] for one, k in zip(axes, at, strict=True)]
        rules[axis] = axes[axis].checks[at[axis] + 1]
        return float(np.abs(self._sum(rules, self._function, self._known)[0] - refined[0]).max())

    def _scatter(self, axes: list[Axis], at: list[int]) -> float:
        """Twice the standard error of the mean of function less control, as if it scattered from point to point.

        For scatter the change from one lattice to the next is a single draw of the error, which may be small by chance.
        """
        sparse = [k for k, axis in enumerate(axes) if _finer(axis, at[k]) and not _last(axis, at[k])]
        if self._control is None or not sparse:
            return 0.0
        rules = [axis.rules[k + (_finer(axis, k))] for axis, k in zip(axes, at, strict=True)]
        shots = math.prod(math.fsum(w**2 for _, w in rules[k]) for k in sparse)
        if len(sparse) > 1:  # both refined at once is not worked out: the points there are have to do
            rules = [axis.rules[k] for axis, k in zip(axes, at, strict=True)]
        keys, weights = zip(*_product(rules), strict=True)
        difference = np.array([self.at(*key) - self._value(key, self._control, self._known_control) for key in keys])
        mean = np.tensordot(np.array(weights), difference, 1)
        variance = np.tensordot(np.array(weights), (difference - mean) ** 2, 1)
        return 2.0 * math.sqrt(float(variance.max()) * shots)

    def _missing(self, mean: Array) -> float:
        """What shots left out may change of the mean."""
        bound = self._bound
        if bound is None:
            bound = max(float(np.abs(value).max()) for value in self._known.values())
        return self.left_out * (bound + float(np.abs(mean).max()))

    def _answer(self, moments: Array, change: float) -> Average:
        mean, square = moments
        return Average(mean, np.sqrt(np.maximum(square - mean**2, 0.0)), change + self._missing(mean), len(self._used))


def _finer(axis: Axis, at: int) -> bool:
    return at + 1 < len(axis.rules)


def _last(axis: Axis, at: int) -> bool:
    """Whether the rule after this one is the sum itself."""
    return axis.exact and at + 2 >= len(axis.rules)


def _for_control(axis: Axis, at: int) -> Rule:
    return axis.rules[-1] if axis.exact else axis.rules[min(at + 1, len(axis.rules) - 1)]


def _product(rules: list[Rule]) -> list[tuple[Key, float]]:
    """Points of a product of rules with their weights."""
    return [((int(n), field, coupling), a * b * c) for (n, a), (field, b), (coupling, c) in itertools.product(*rules)]


def _normal(rng: np.random.Generator, count: int) -> Array:
    """Standard normal numbers, drawn anew beyond the reach of the lattices."""
    values = rng.standard_normal(count)
    while np.any(far := np.abs(values) > REACH):
        values[far] = rng.standard_normal(int(far.sum()))
    return np.asarray(values)
