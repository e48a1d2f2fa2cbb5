"""Evolve a model: on as many levels as a bound on the truncation asks for, found by trying, or on all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError, ResolutionError, TruncationError
from ..level_set import LevelSet
from ..models.base import most_levels
from ..rates import JumpOperator
from .lindbladian import Lindbladian

if TYPE_CHECKING:
    import xarray

    from .full_run import FullEvolution
    from .level_run import LevelEvolution

_FIRST = 16
_FINEST = 1e-15
_MOST = 64  # beyond, the whole symmetric sector is the better tool
_ADVICE = "allow more levels, a larger tolerance or shorter times, or take the whole symmetric sector (levels='full')"


def evolve(
    model: Any,
    jumps: Sequence[JumpOperator],
    rho0: str | ArrayLike,
    times: ArrayLike,
    observables: Mapping[str, Any] | None = None,
    *,
    levels: int | str = "auto",
    tolerance: float = 1e-8,
) -> xarray.Dataset:
    """Lindblad dynamics of a model: on as many lowest levels as the truncation bound asks for, or on all.

    Parameters
    ----------
    model : LMG or alike
    jumps : sequence of JumpOperator
        Rates in the model's unit of energy (1/s for physical models).
    rho0 : str or array_like
        "eigen-superposition", "pointer", "ground", "spin-coherent"; amplitudes or a density matrix over the
        lowest levels (filled up with zeros), or for "full" in the Dicke basis, m ascending.
    times : array_like
        Ascending, >= 0, in units of 1/energy (s for physical models).
    observables : mapping of str to operator, optional
    levels : int, "auto" or "full"
        "auto" raises the number until the bound is below `tolerance`; "full" takes the whole symmetric sector.
    tolerance : float
        Accepted truncation error of rho_01, rho_pr and the populations of the doublet; for "full" the accepted
        error of ρ in the trace norm.

    Returns
    -------
    xarray.Dataset
        As of `Lindbladian.evolve`; for "full" as of `FullLindbladian.evolve`.

    Raises
    ------
    TruncationError
        If the bound stays, or would stay, above the tolerance with 64 levels, or with the number of levels given.
    InputError, ResolutionError
        As of `Lindbladian.evolve` and `FullLindbladian.evolve`.

    Examples
    --------
    The benchmark of the paper at t = T2: |ρ_01| and the population of the doublet.

    >>> from einselect import LMG, JumpOperator, dephasing_rates
    >>> from einselect.dynamics import evolve
    >>> model = LMG(370, 0.95, "74346 rad/s")
    >>> t2 = dephasing_rates(model, "0.05 1/s").t2_eigenstate
    >>> answer = evolve(model, [JumpOperator("Jz", 0.05)], "eigen-superposition", [t2])
    >>> print(f"{abs(answer.rho_01.item()):.5f} {answer.doublet_population.item():.5f}")
    0.17999 0.88414
    """
    run = evolution(model, jumps, rho0, times, observables, levels=levels, tolerance=tolerance)
    for _ in run:
        pass
    return run.dataset()


def evolution(
    model: Any,
    jumps: Sequence[JumpOperator],
    rho0: str | ArrayLike,
    times: ArrayLike,
    observables: Mapping[str, Any] | None = None,
    *,
    levels: int | str = "auto",
    tolerance: float = 1e-8,
) -> LevelEvolution | FullEvolution:
    """Set up what `evolve` works out, to be taken time by time and kept when it is interrupted.

    Parameters
    ----------
    model : LMG, another model or a doublet's source
        All arguments and errors are those of `evolve`.
    jumps : sequence of JumpOperator
        The bath.
    rho0 : str or array_like
        Initial state.
    times : array_like, shape (t,)
        Ascending, >= 0.
    observables : mapping of str to operator, optional
        Further operators.
    levels : int, "auto" or "full"
        How many levels.
    tolerance : float
        Accepted error.

    Returns
    -------
    LevelEvolution or FullEvolution
        Iterating yields the times as they are done; `dataset()` has those that are.

    Examples
    --------
    >>> from einselect import LMG, JumpOperator
    >>> from einselect.dynamics.evolve import evolution
    >>> run = evolution(LMG(10, 0.5), [JumpOperator("Jz", 0.01)], "ground", [0.0, 1.0, 2.0], levels="full")
    >>> next(iter(run))
    0.0
    >>> run.dataset().sizes["time"]
    1
    """
    if _checks.positive("tolerance", tolerance) < _FINEST:
        raise _checks.fail("tolerance", f"at least {_FINEST:g}, which double precision resolves", tolerance)
    if levels == "full":
        from .fullspace import FullLindbladian

        return FullLindbladian(model, jumps).evolution(rho0, times, observables, tolerance=tolerance)
    whole = most_levels(model)
    most = min(_MOST, whole)
    automatic = levels == "auto"
    given = None if isinstance(rho0, str) else _given(rho0)
    least = 2 if given is None else len(given)
    if automatic and least > most:
        raise InputError(f"state must be over at most {most} levels where levels is 'auto'; got {least}")
    if automatic:
        count = min(max(_FIRST, least), most)
    else:
        if isinstance(levels, str):
            raise InputError(f"levels must be 'auto', 'full' or a whole number; got {levels!r}")
        count = _checks.whole("levels", levels, 2, whole)
        if least > count:
            raise InputError(f"state must be over at most the {count} levels that are kept; got {least}")
    tried: list[tuple[int, float]] = []
    while True:
        kept: LevelSet = model.levels(count)
        start = rho0 if given is None else _filled(given, count)
        coherent = _coherent(model, kept) if isinstance(rho0, str) and rho0 == "spin-coherent" else None
        run = Lindbladian(kept, jumps).evolution(start, times, observables, coherent=coherent)
        if run.rounding > tolerance:
            raise ResolutionError(
                f"tolerance must be above {run.rounding:.1e}, which rounding may cost up to the last time; "
                f"got {tolerance:g}"
            )
        if run.bound <= tolerance:
            return run
        tried.append((count, run.bound))
        wanted = _next(tried, tolerance)
        # Two trials show how fast the bound falls: what it would take is refused before it is tried.
        if not automatic or count >= most or wanted > 2 * most:
            raise TruncationError(run.bound, count, tolerance, _ADVICE)
        count = min(most, wanted)


def _next(tried: list[tuple[int, float]], tolerance: float) -> int:
    """Next number of levels: by the exponential fall of the bound where two trials show it, else half as many more."""
    count, bound = tried[-1]
    if len(tried) >= 2:
        before, larger = tried[-2]
        slope = math.log(larger / bound) / (count - before)
        missing = math.log(bound / tolerance)
        return count + max(2, 1 + math.ceil(missing / slope)) if slope > 0.0 and missing < 1e3 * slope else 1000 * count
    return count + max(4, count // 4)


def _given(rho0: ArrayLike) -> NDArray[Any]:
    """A state as an array of amplitudes or a square matrix."""
    given = np.asarray(rho0)
    if given.ndim not in (1, 2) or set(given.shape) != {len(given)} or not given.size:
        raise InputError(f"state must be a name, amplitudes or a square density matrix; got shape {given.shape}")
    return given


def _filled(given: NDArray[Any], count: int) -> NDArray[Any]:
    """A state over fewer levels, with zeros for the others."""
    missing = count - len(given)
    return np.pad(given, [(0, missing)] * given.ndim)


def _coherent(model: Any, kept: LevelSet) -> NDArray[np.float64]:
    """Amplitudes of the mean-field spin-coherent state on the levels."""
    if not hasattr(model, "spin_coherent_amplitudes"):
        raise InputError("state 'spin-coherent' must be asked of a model with spin-coherent states; got another")
    return kept.amplitudes(model.spin_coherent_amplitudes)
