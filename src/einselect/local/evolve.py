"""Evolve a model under local noise: all of ρ where that is small, else as many levels as a bound asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from .. import _checks
from ..errors import ResolutionError
from ..rates import JumpOperator
from .jumps import LocalJump, check_spins

if TYPE_CHECKING:
    import xarray

_WHOLE = 60  # up to here all of ρ takes less time than two attempts at a part of it
_ATTEMPTS = ((16, 10), (24, 14), (36, 22), (54, 34))  # levels of each j, and how many j
_FALLBACK = 150  # up to here all of ρ is within minutes, which is better than a refusal
METHODS = ("auto", "whole", "truncated")


def evolve_local(
    model: Any,
    local: Sequence[LocalJump],
    rho0: str | ArrayLike,
    times: ArrayLike,
    observables: Mapping[str, Any] | None = None,
    *,
    jumps: Sequence[JumpOperator] = (),
    method: str = "auto",
    tolerance: float = 1e-8,
) -> xarray.Dataset:
    """Lindblad dynamics with local noise, by whichever method suits N.

    Parameters
    ----------
    model : LMG or alike
    local : sequence of LocalJump
        Rates in the model's unit of energy, or "0.05 1/s" for physical models.
    rho0 : str or array_like
        "eigen-superposition", "pointer", "ground", "spin-coherent"; N + 1 amplitudes or a density matrix of the
        symmetric sector in the Dicke basis, m ascending.
    times : array_like
        Ascending, >= 0, in units of 1/energy (s for physical models).
    observables : mapping of str to operator, optional
        Names or `CollectiveOperator`.
    jumps : sequence of JumpOperator
        Collective noise beside it.
    method : {"auto", "whole", "truncated"}
        "whole" is `LocalLindbladian`, for N up to about a hundred; "truncated" is `TruncatedLocalLindbladian` with
        more and more levels until the bound is below `tolerance`; "auto" is the first up to N = 60, and up to N = 150
        where few levels will not do.
    tolerance : float
        Accepted error of ρ in the trace norm: of the steps, and of what is neglected.

    Returns
    -------
    xarray.Dataset
        As of `LocalLindbladian.evolve`; with truncation_error where it is truncated.

    Raises
    ------
    ResolutionError
        If the bound stays above the tolerance with 54 levels of 34 j.
    InputError
        As for the two classes.

    Examples
    --------
    The paper's N at t = T2 = 4/(γN): Re ρ_PR, which began at ½, and the weight that is outside of j = N/2.

    >>> from einselect import LMG
    >>> from einselect.local import LocalJump, evolve_local
    >>> model = LMG(370, 0.95)
    >>> gamma = model.doublet().splitting / 8.8 * 4 / 370
    >>> answer = evolve_local(model, [LocalJump("dephasing", gamma)], "ground", [4 / (gamma * 370)], tolerance=1e-6)
    >>> print(f"{answer.rho_pr.item().real:.5f} {answer.outside.item():.5f}")
    0.17142 0.60270
    """
    _checks.one_of("method", method, METHODS)
    check_spins(model)
    from .lindbladian import LocalLindbladian
    from .truncated import TruncatedLocalLindbladian

    if method == "whole" or (method == "auto" and model.spins <= _WHOLE):
        return LocalLindbladian(model, jumps, local).evolve(rho0, times, observables, tolerance=tolerance)
    refusal: ResolutionError | None = None
    small = method == "auto" and model.spins <= _FALLBACK
    for levels, depth in _ATTEMPTS[:2] if small else _ATTEMPTS:
        part = TruncatedLocalLindbladian(model, jumps, local, levels=levels, depth=depth)
        try:
            return part.evolve(rho0, times, observables, tolerance=tolerance, truncation=tolerance)
        except ResolutionError as error:
            refusal = error
    if small:
        return LocalLindbladian(model, jumps, local).evolve(rho0, times, observables, tolerance=tolerance)
    assert refusal is not None
    raise refusal
