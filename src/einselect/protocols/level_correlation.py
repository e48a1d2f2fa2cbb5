"""Two-time correlators on the lowest levels of any system, under any jump operator.

    C(t) = Re Tr[Q e^{𝓛t}(Qρ)]

A readout such as sgn(Jx) or σz carries a low state to many levels, most of the weight staying on few. On the k lowest
levels the Lindblad equation is solved in full, operators projected on them. A level n above them, up to all that are
asked for, enters with its exact weight and frequency, and the decay that Eq. 12 gives its coherence with a level b,

    Re sum_{n >= k} sum_b Q_bn (Qρ)_nb e^{-i(E_n - E_b)t - Γ_nb t}.

Without dephasing this is exact but for the weight beyond the last level. With it, k is raised until the answer settles.
What a step of k changes, for the weight in that step that had decayed by Eq. 12 before, tells how far off Eq. 12 is for
such levels: the error is estimated by twice that part of what still decays so, or twice the last change where that is
more, and the weight beyond all levels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dynamics.lindbladian import Lindbladian
from ..dynamics.propagate import Flow
from ..dynamics.sectors import build_sectors, parity_of
from ..errors import ResolutionError
from ..level_set import LevelSet
from ..matrix_levels import MatrixLevels
from ..models.base import most_levels
from ..rates import JumpOperator
from .spectral_readout import Applied
from .two_time import Correlation

Array = NDArray[np.float64]
_LADDER = (12, 20, 28, 36)
_SHORT = (10, 14, 19, 25)  # without a parity of L the sectors are one, of twice the size
_MOST = 100
"""Levels asked for in all; those above the ladder enter by Eq. 12."""


@dataclass(frozen=True)
class LevelCorrelation:
    """C(0, t) of a readout of any system.

    Attributes
    ----------
    model : model
    jump : operator
        L, with its rate γ given later.
    readout : callable
        Q on given levels, as `Applied`.
    state : callable
        ρ(0) on given levels.
    elapsed : tuple of float, optional
        (γ, time) for which the state has evolved before.
    """

    model: Any
    jump: Any
    readout: Callable[[LevelSet], Applied]
    state: Callable[[LevelSet], NDArray[np.complex128]]
    elapsed: tuple[float, float] = (0.0, 0.0)
    _settled: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def levels(self) -> LevelSet:
        """All levels that are asked for."""
        found: LevelSet = self.model.levels(min(_MOST, most_levels(self.model)))
        return found

    @cached_property
    def applied(self) -> Applied:
        """Q on all of them."""
        return self.readout(self.levels)

    @cached_property
    def _rungs(self) -> tuple[int, ...]:
        """Numbers of levels to try: as far as exponentials of the Liouvillian take a second."""
        return _LADDER if parity_of(self._noise[0], self.levels.parities) else _SHORT

    @cached_property
    def _noise(self) -> tuple[NDArray[Any], Array]:
        """L on all levels, and the diagonal of L†L."""
        jump = JumpOperator(_operator(self.levels, self.jump), 1.0)
        square = np.asarray(self.levels.matrix(jump.square()))
        return np.asarray(self.levels.matrix(jump.operator)), np.asarray(square.diagonal().real)

    def values(self, gammas: Array, times: Array, tolerance: float) -> Correlation:
        """C(0, t) for each γ, shape (g, t), on as many levels as the tolerance asks for, or as there are.

        The error may stay above the tolerance: the answer carries it.
        """
        whole = len(self.levels)
        if whole == self.levels.dimension and whole <= self._rungs[-1]:
            return self._on(whole, gammas, times)[0]
        rungs = [k for k in self._rungs if k < whole]
        # What was enough for one rate is tried first for the next, beside the rung below it.
        rungs = rungs[self._settled.get("rung", 0) :]
        before, decayed = self._on(rungs[0], gammas, times)
        for k in rungs[1:]:
            found, left = self._on(k, gammas, times)
            change = float(np.abs(found.values - before.values).max())
            share = min(1.0, change / (decayed - left)) if decayed > left else 1.0
            before = replace(found, error=found.error + 2.0 * max(change, share * left))
            decayed = left
            if before.error <= tolerance:
                break
        self._settled["rung"] = max(0, self._rungs.index(before.levels) - 1)
        return before

    def _on(self, k: int, gammas: Array, times: Array) -> tuple[Correlation, float]:
        """On k levels, and the weight above them that has decayed by Eq. 12."""
        q, weights = self.applied.matrix, 0.0
        rho, before = self._start(k)
        started = 0.5 * (q[:k, :k] @ rho + rho @ q[:k, :k])
        excitations, parities = self.levels.excitations, self.levels.parities
        single, square = self._noise
        rows = []
        carried = q[k:, :k] @ rho
        tail = q[:k, k:].T * carried
        gaps = excitations[k:, None] - excitations[:k]
        means = single.diagonal()
        cross = (means[k:, None] * means[:k].conj()).real
        decays = np.maximum(0.5 * (square[k:, None] + square[:k]) - cross, 0.0)
        for gamma in gammas.tolist():
            total = np.zeros(len(times))
            for sector in build_sectors(excitations[:k], parities[:k], [(gamma, single[:k, :k])]):
                start, end = sector.coordinates(started), sector.coordinates(q[:k, :k].astype(complex))
                if np.any(start) and np.any(end):
                    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused below
                        total += Flow(sector.generator, times).forward(start) @ end
            for i, t in enumerate(times.tolist()):
                total[i] += float((tail * np.exp(-(1j * gaps + gamma * decays) * t)).sum().real)
            lost = -np.expm1(-gamma * decays * times[-1])
            weights = max(weights, float((np.abs(tail) * lost).sum()))
            rows.append(total)
        if not np.all(np.isfinite(rows)):
            raise ResolutionError(
                f"gamma and the times must be small enough for the exponential of the Liouvillian; got "
                f"{gammas.max():.3g} and {times[-1]:.3g}"
            )
        outside = float(np.trace(self.applied.beyond[:k, :k] @ rho).real)
        if len(self.levels) == self.levels.dimension:
            outside = 0.0
        return Correlation(np.array(rows), outside + before, k, 0), weights

    def _start(self, k: int) -> tuple[NDArray[np.complex128], float]:
        """ρ on k levels, and its error in the trace norm."""
        given = self.state(self.levels)
        rho = np.zeros((k, k), dtype=complex)
        kept = min(k, len(given))
        rho[:kept, :kept] = given[:kept, :kept]
        missing = 1.0 - float(np.trace(rho).real)
        rho /= np.trace(rho).real
        gamma, time = self.elapsed
        if not time:
            return rho, 2.0 * max(missing, 0.0)
        low = lowest(self.levels, k)
        found = Lindbladian(low, [JumpOperator(_operator(low, self.jump), gamma)]).states(rho, [time])
        return found.rho[0], 2.0 * max(missing, 0.0) + found.trace_error

    def later(self, gamma: float, time: float) -> LevelCorrelation:
        """The same for the state that has evolved, at the same γ, for a further time."""
        return replace(self, elapsed=(gamma, self.elapsed[1] + time))


def lowest(levels: LevelSet, count: int) -> LevelSet:
    """The lowest of some levels."""
    cut: dict[str, Any] = {name: getattr(levels, name)[:count] for name in ("energies", "excitations", "parities")}
    return replace(levels, vectors=levels.vectors[:count], **cut)  # type: ignore[attr-defined,type-var]


def _operator(levels: LevelSet, op: Any) -> Any:
    """An operator as jump operators take it."""
    return levels.operators[op] if isinstance(op, str) and isinstance(levels, MatrixLevels) else op


def thermal_tail(weights: Array) -> float:
    """Weight beyond the last of Boltzmann weights, were they to go on falling as over their upper half."""
    middle = len(weights) // 2
    if len(weights) < 4 or not 0.0 < weights[-1] < weights[middle]:
        return 0.0 if len(weights) >= 4 and weights[-1] == 0.0 else 1.0
    ratio = math.exp(math.log(weights[-1] / weights[middle]) / (len(weights) - 1 - middle))
    return float(weights[-1] / (1.0 - ratio))
