"""What the measurements themselves do: projective readouts with their back action, and signalling in time.

A projective measurement of Q with outcomes 1, -1 (and 0) turns ρ into D(ρ) = ½(SρS + QρQ) + (1-S)ρ(1-S), S = Q².
For outcomes ±1 the correlator of *two* projective measurements is ½<{Q, Q'}> itself, so that each C_ij may be measured
in runs of its own without any correction. What back action changes is a run with *three* measurements, whose outcomes
have a joint probability and never violate K3 <= 1, and the mean of a later readout (no-signalling in time).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from .._representation import Shown
from ..errors import InputError
from .lg_values import LeggettGargValue
from .two_time import evolved, parity_part
from .whole_space import Array, WholeSpace

if TYPE_CHECKING:
    from .leggett_garg import LeggettGarg

Matrix = NDArray[np.complex128]
_TOLERANCE = 1e-5


@dataclass(frozen=True)
class Signalling(Shown):
    """Means of Q at a later time with and without a projective measurement of Q at an earlier one.

    Attributes
    ----------
    undisturbed, measured : float
    error : float
    first, second : float
        The two times.
    gamma : float
    energy_unit : str
        Of the model, which the times and `gamma` go with.
    """

    undisturbed: float
    measured: float
    error: float
    first: float
    second: float
    gamma: float
    energy_unit: str = "J"

    @property
    def signal(self) -> float:
        """Change of <Q>; zero where there is no signalling in time."""
        return self.measured - self.undisturbed


def signalling(test: LeggettGarg, gamma: Any, first: float | None, second: float | None) -> Signalling:
    """No-signalling in time: <Q(t2)> with and without a projective measurement of Q at t1.

    For a state that keeps parity both vanish, by symmetry: <Q> shows nothing even where K3 is violated. From a
    pointer state the measurement at a quarter period ends the tunnelling oscillation, and <Q> at half a period tells.

    Parameters
    ----------
    test : LeggettGarg
        With the converged level.
    gamma : float or str
    first, second : float, optional
        t1 and t2 > t1; a quarter and a half period, π/(2ΔE) and π/ΔE, unless given.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.protocols import LeggettGarg
    >>> found = LeggettGarg(LMG(51, 0.9), initial="pointer").signalling()
    >>> print(f"{found.undisturbed:.3f} {found.measured:.3f}")
    -0.894 0.004
    """
    space, q, rate = _prepared(test, gamma)
    t1 = 1.5 * test.tau if first is None else _checks.non_negative("first", first)
    t2 = 2.0 * t1 if second is None else _checks.positive("second", second)
    if t2 <= t1:
        raise InputError(f"second must be later than first; got {t2!r} and {t1!r}")
    rho, error = test.correlator.whole_state
    before, step_error = _both(space, rho, rate, t1)
    after, last_error = _both(space, _disturbed(q, before), rate, t2 - t1)
    free, free_error = _both(space, before, rate, t2 - t1)
    return Signalling(
        undisturbed=_mean(q, free),
        measured=_mean(q, after),
        error=error + step_error + max(last_error, free_error),
        first=t1,
        second=t2,
        gamma=rate,
        energy_unit=test.model.energy_unit,
    )


def k3_in_one_run(test: LeggettGarg, gamma: Any, tau: float | None) -> LeggettGargValue:
    """K3 from runs in which all three measurements are made, each projective.

    Parameters
    ----------
    test : LeggettGarg
        With the converged level.
    gamma : float or str
    tau : float, optional

    Returns
    -------
    LeggettGargValue
        Not above 1: the three outcomes of a run have a joint probability.
    """
    space, q, rate = _prepared(test, gamma)
    step = test.interval(tau)
    rho, error = test.correlator.whole_state
    square = q @ q
    wide = _square(space, rho)
    weighted = 0.5 * (q @ wide @ square + square @ wide @ q)  # sum of outcome times projected state
    forward, e1 = _both(space, weighted, rate, step)
    disturbed, e2 = _both(space, _disturbed(q, wide), rate, step)
    second = 0.5 * (q @ disturbed @ square + square @ disturbed @ q)
    later, e3 = _both(space, second, rate, step)
    onward, e4 = _both(space, _disturbed(q, forward), rate, step)
    value = _mean(q, forward) + _mean(q, later) - _mean(q, onward)
    error, unit = 3.0 * error + e1 + e2 + e3 + e4, test.model.energy_unit
    return LeggettGargValue("K3", value, error, 1.0, step, rate, "one run", len(space), unit)


def _prepared(test: LeggettGarg, gamma: Any) -> tuple[WholeSpace, Array, float]:
    if test.level != "converged":
        raise InputError(f"level must be 'converged' for back action; got {test.level!r}")
    if not test.correlator.spin:
        raise InputError(
            "model must be a collective spin, read and dephased by one operator, for back action: a projective "
            f"measurement needs every level; got {test.model!r}"
        )
    rates = test.rates(gamma)
    if len(rates) != 1:
        raise _checks.fail("gamma", "one rate", gamma)
    space, q = test.correlator.space, test.correlator.matrix
    spectrum = np.linalg.eigvalsh(q)
    if np.abs(spectrum - np.rint(spectrum)).max() > 1e-9:
        raise InputError("readout must have the outcomes -1, 0 and 1 only for a projective measurement")
    return space, q, float(rates[0])


def _square(space: WholeSpace, rho: Matrix) -> Matrix:
    """(n, k) as (n, n)."""
    return np.pad(rho, ((0, 0), (0, len(space) - rho.shape[1])))


def _disturbed(q: Array, rho: Matrix) -> Matrix:
    """D(ρ), for (n, k) or (n, n)."""
    wide = np.pad(rho, ((0, 0), (0, len(q) - rho.shape[1])))
    square = q @ q
    rest = np.eye(len(q)) - square
    return np.asarray(0.5 * (square @ wide @ square + q @ wide @ q) + rest @ wide @ rest)


def _both(space: WholeSpace, rho: Matrix, gamma: float, time: float) -> tuple[Matrix, float]:
    """e^{𝓛t}ρ of an operator without definite parity, as (n, k), and its error."""
    total, error = None, 0.0
    for sign in (1, -1):
        part = parity_part(space, rho, sign)
        if not np.any(part):
            continue
        moved, wrong = evolved(space, part, sign, gamma, time, _TOLERANCE)
        error += wrong
        if total is None:
            total = moved
        else:
            width = max(total.shape[1], moved.shape[1])
            total = _to(total, width) + _to(moved, width)
    return (np.zeros_like(rho) if total is None else total), error


def _to(matrix: Matrix, width: int) -> Matrix:
    return np.pad(matrix, ((0, 0), (0, width - matrix.shape[1])))


def _mean(q: Array, rho: Matrix) -> float:
    return float(np.einsum("ab,ba->", q[: rho.shape[1]], rho).real)
