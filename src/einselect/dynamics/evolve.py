"""Evolve a model: as many levels as a bound on the truncation asks for, found by trying."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError, ResolutionError
from ..level_set import LevelSet
from ..rates import JumpOperator
from .lindbladian import Lindbladian

if TYPE_CHECKING:
    import xarray

_FIRST = 16
_MOST = 64  # beyond, the whole symmetric sector is the better tool


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
    """Lindblad dynamics of a model on its lowest levels, as many as the truncation bound asks for.

    Parameters
    ----------
    model : LMG or alike
    jumps : sequence of JumpOperator
        Rates in the model's unit of energy (1/s for physical models).
    rho0 : str or array_like
        "eigen-superposition", "pointer", "ground", "spin-coherent"; amplitudes or a density matrix over the
        lowest levels (filled up with zeros).
    times : array_like
        Ascending, >= 0, in units of 1/energy (s for physical models).
    observables : mapping of str to operator, optional
    levels : int or "auto"
        "auto" raises the number until the bound is below `tolerance`.
    tolerance : float
        Accepted truncation error of rho_01, rho_pr and the populations of the doublet.

    Returns
    -------
    xarray.Dataset
        As of `Lindbladian.evolve`.

    Raises
    ------
    ResolutionError
        If the bound stays, or would stay, above the tolerance with 64 levels, or with the number of levels given.

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
    _checks.positive("tolerance", tolerance)
    whole = _dimension(model)
    most = min(_MOST, whole)
    automatic = levels == "auto"
    given = None if isinstance(rho0, str) else np.asarray(rho0)
    least = 2 if given is None or not given.ndim else len(given)
    if automatic:
        count = min(max(_FIRST, least), most)
    else:
        if isinstance(levels, str):
            raise InputError(f"levels must be 'auto' or a whole number; got {levels!r}")
        count = _checks.whole("levels", levels, max(2, least), whole)
    tried: list[tuple[int, float]] = []
    while True:
        kept: LevelSet = model.levels(count)
        start = rho0 if given is None else _filled(given, count)
        coherent = _coherent(model, kept) if isinstance(rho0, str) and rho0 == "spin-coherent" else None
        answer = Lindbladian(kept, jumps).evolve(start, times, observables, coherent=coherent)
        bound = float(answer.attrs["truncation_error"])
        if bound <= tolerance:
            return answer
        tried.append((count, bound))
        wanted = _next(tried, tolerance)
        # Two trials show how fast the bound falls: what it would take is refused before it is tried.
        if not automatic or count >= most or wanted > 2 * most:
            raise ResolutionError(
                f"the truncation error is bounded by {bound:.2g} only with {count} levels, above the tolerance "
                f"{tolerance:g}: allow more levels, a larger tolerance or shorter times, or use the whole "
                "symmetric sector (FullLindbladian)"
            )
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


def _dimension(model: Any) -> int:
    """How many levels a model has to give: N + 1 for a collective spin, what it says for others."""
    return int(model.most_levels if hasattr(model, "most_levels") else model.spins + 1)


def _filled(given: NDArray[Any], count: int) -> NDArray[Any]:
    """A state over fewer levels, with zeros for the others."""
    missing = count - len(given)
    return np.pad(given, [(0, missing)] * given.ndim)


def _coherent(model: Any, kept: LevelSet) -> NDArray[np.float64]:
    """Amplitudes of the mean-field spin-coherent state on the levels."""
    if not hasattr(model, "spin_coherent_amplitudes"):
        raise InputError("state 'spin-coherent' must be asked of a model with spin-coherent states; got another")
    return kept.amplitudes(model.spin_coherent_amplitudes)
