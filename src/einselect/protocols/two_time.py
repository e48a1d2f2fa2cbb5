"""Two-time correlators under dephasing, with every level on the side where the readout acts.

    C(t) = Re Tr[Q e^{𝓛t}(Q ρ)],     𝓛R = -i[H, R] - (γ/2)[Z, [Z, R]]

(quantum regression; for Q² = 1 it is the correlator of two projective measurements too). A readout such as
sgn(Jz) has a step, so Q|E_0> reaches all levels, with weights that fall slowly: on the k lowest levels K3 converges
like a power of k. The bra side of R = Qρ stays in the low levels. So R is kept as a strip: *all* levels on its ket
side, k on its bra side. What the other levels of the bra side would do is bounded (`Strip.drift`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._threads import threads_for
from ..dynamics.full_splitting import LARGEST_STEP, A, B
from ..errors import ResolutionError
from .strip import Blocks, Scheme, Strip
from .whole_space import Array, WholeSpace

Matrix = NDArray[np.complex128]
Reader = Callable[[Strip, Blocks], NDArray[Any]]
_STRANG: Scheme = ((0.5, 0.5), (1.0,))
_COMPOSED: Scheme = (A, B)
_MANY_TIMES = 40  # from here on the times are close enough for the plain splitting
_ROUNDS = 14
_MOST_STEPS = 200_000
_SAMPLES = 9
_FIRST_LEVELS = 20


@dataclass(frozen=True)
class Correlation:
    """A correlator at given times, for each dephasing rate.

    Attributes
    ----------
    values : ndarray, shape (g, t)
    error : float
        Bound on what the truncation of the bra side neglects plus the estimated error of the time steps (and of
        the interpolation in γ where there is one).
    levels : int
        Levels kept on the bra side.
    steps : int
    """

    values: Array
    error: float
    levels: int
    steps: int


@dataclass(frozen=True)
class _Run:
    """How a strip is evolved: what `_settled` found, and the values it found it with."""

    values: NDArray[Any]
    bound: float
    levels: int
    counts: NDArray[np.intp]
    error: float


def correlation(
    space: WholeSpace, readout: Array, state: Matrix, gammas: Sequence[float], times: Array, tolerance: float = 1e-7
) -> Correlation:
    r"""C(t) = Re Tr[Q e^{𝓛t}(Qρ)] for a state on the low levels.

    Parameters
    ----------
    space : WholeSpace
        With the operator Z that dephases.
    readout : ndarray, shape (n, n)
        Q over all levels, \|Q\| <= 1.
    state : ndarray, shape (k, k) or (n, k)
        ρ over the k lowest levels (and all of them on its ket side); more are kept where the bound asks for it.
    gammas : sequence of float
        γ >= 0.
    times : ndarray
        Ascending, >= 0.
    tolerance : float
        Of the bound and of the estimated error of the time steps, each.

    Raises
    ------
    ResolutionError
        If the tolerance cannot be met.
    """
    rates = np.asarray(gammas, dtype=np.float64)
    # Errors grow with γ: the largest and a middle one settle the levels and the steps for all of them.
    probes = rates if len(rates) <= 2 else np.sort(rates)[[len(rates) // 2, -1]]
    applied = readout @ _on_all(space, state)
    total = np.zeros((len(rates), len(times)))
    error, most, count = 0.0, 0, 0
    for sign in (1, -1):
        observable = parity_part(space, readout, sign)
        if not np.any(observable):
            continue
        start = parity_part(space, applied, sign)

        def read(strip: Strip, blocks: Blocks, observable: Array = observable) -> Array:
            return strip.read(observable, blocks)

        found = _settled(space, start, sign, read, probes, times, tolerance)
        values, bound = found.values, found.bound
        if len(rates) > len(probes):
            strip = Strip(space, found.levels, sign, rates)
            values, bound = _run(strip, _widened(start, found.levels), read, times, found.counts)
        total += values.T
        error += bound + found.error
        most, count = max(most, found.levels), max(count, int(found.counts.sum()))
    return Correlation(total, error, most, count)


def evolved(
    space: WholeSpace, start: Matrix, sign: int, gamma: float, time: float, tolerance: float = 1e-7
) -> tuple[Matrix, float]:
    """e^{𝓛t}R of an operator of given parity, (n, k), and its error in the trace norm."""

    def read(strip: Strip, blocks: Blocks) -> Matrix:
        # ‖·‖_1 <= √rank ‖·‖_F: scaled so that a difference of readings bounds that of the trace norms.
        return math.sqrt(2.0 * strip.kept) * strip.matrix(blocks, 0)

    found = _settled(space, start, sign, read, np.array([gamma]), np.array([time]), tolerance, np.linalg.norm)
    return found.values[0] / math.sqrt(2.0 * found.levels), found.bound + found.error


def parity_part(space: WholeSpace, matrix: NDArray[Any], sign: int) -> NDArray[Any]:
    """The part of an (n, k) matrix that connects levels of like (1) or opposite (-1) parity."""
    parities = space.levels.parities
    return np.where(np.multiply.outer(parities, parities[: matrix.shape[1]]) == sign, matrix, 0.0)


def _on_all(space: WholeSpace, state: Matrix) -> Matrix:
    """(k, k) as (n, k)."""
    result = np.zeros((len(space), state.shape[1]), dtype=complex)
    result[: len(state)] = state
    return result


def _widened(start: Matrix, kept: int) -> Matrix:
    return np.pad(start, ((0, 0), (0, kept - start.shape[1])))


def _scheme(times: Array) -> Scheme:
    return _STRANG if len(times) >= _MANY_TIMES else _COMPOSED


def _settled(
    space: WholeSpace,
    start: Matrix,
    sign: int,
    read: Reader,
    gammas: Array,
    times: Array,
    tolerance: float,
    size: Callable[[Any], Any] = lambda difference: np.abs(difference).max(),
) -> _Run:
    """Levels raised until the bound is met and steps halved until the readings agree."""
    n = len(space)
    kept = min(n, max(_FIRST_LEVELS, start.shape[1]))
    counts = _first_counts(space, gammas, times)
    previous: NDArray[Any] | None = None
    difference = 0.0
    for _ in range(_ROUNDS):
        values, bound = _run(Strip(space, kept, sign, gammas), _widened(start, kept), read, times, counts)
        if bound > tolerance and kept < n:
            kept, previous = (min(n, 3 * kept // 2) if kept < 128 else n), None
            difference = 0.0
            continue
        if previous is not None:
            before, difference = difference, float(size(values - previous))
            # Of order p, 1/(2^p - 1) of the difference is left; but only where the differences do fall like that:
            # steps much longer than 1/(E_a - E_b) are right for weak dephasing by averaging, not by their order.
            gain = 4.0 if _scheme(times) is _STRANG else 16.0
            error = 2.0 * difference / (gain - 1.0 if difference <= 2.0 * before / gain else 1.0)
            if error <= tolerance:
                return _Run(values, bound, kept, counts, error)
        previous = values
        counts = 2 * counts
    raise ResolutionError(
        f"tolerance must be larger than {tolerance:g} for these times: {int(counts.sum()) // 2} steps still differ by "
        f"{difference:.1e} from half as many"
    )


def _first_counts(space: WholeSpace, gammas: Array, times: Array) -> NDArray[np.intp]:
    """Steps of each interval to begin with."""
    spans = np.diff(times, prepend=0.0)
    end = float(times[-1])
    if not end:
        return np.zeros(len(times), dtype=int)
    # The backward part of the composed scheme must not make decay into growth.
    reach = 0.5 * float(gammas.max(initial=0.0)) * (2.0 * float(space.sites.max(initial=1.0))) ** 2
    least = max(float(len(times) if _scheme(times) is _STRANG else 8), float(np.ceil(end * reach / LARGEST_STEP)))
    if not least <= _MOST_STEPS:
        raise ResolutionError(
            f"gamma must be smaller, or the times shorter, for all levels: {least:.1e} steps would be needed, "
            f"{_MOST_STEPS} are allowed"
        )
    return np.ceil(least * spans / end - 1e-9).astype(int)


def _run(
    strip: Strip, start: Matrix, read: Reader, times: Array, counts: NDArray[np.intp]
) -> tuple[NDArray[Any], float]:
    """Readings at the times, with a number of steps for each interval; and the integral of the drift.

    The drift is sampled at some of the times. Leakage grows along the way, so that the larger end of an interval
    stands for all of it.
    """
    blocks = strip.start(start)
    readings = []
    sampled = set(np.linspace(0, len(times) - 1, min(len(times), _SAMPLES)).astype(int).tolist())
    now, since, lost = 0.0, 0.0, 0.0
    drift = strip.drift(blocks)
    with threads_for(max(map(len, strip.space.index.values()))):
        for i, (time, count) in enumerate(zip(times.tolist(), counts.tolist(), strict=True)):
            if count:
                strip.advance(blocks, (time - now) / count, count, _scheme(times))
                now = time
            if i in sampled and now > since:
                following = strip.drift(blocks)
                lost += (now - since) * float(np.maximum(drift, following).max(initial=0.0))
                drift, since = following, now
            readings.append(read(strip, blocks))
    return np.array(readings), lost
