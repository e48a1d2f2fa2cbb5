"""The rates of a model: its doublet under one jump operator, with γ and T in its unit."""

from __future__ import annotations

import math
from typing import Any

from .. import _checks
from ..doublet import Doublet
from ..errors import InputError
from ..jump_doublet import JumpDoublet, doublet_of
from ..regime import Thresholds
from ..spin import Jz
from .doublet_rates import DephasingRates
from .units import bath_parameters


def dephasing_rates(
    source: Any,
    gamma: float | str | None = None,
    *,
    temperature: float | str | None = None,
    thresholds: Thresholds | None = None,
    jump: Any = None,
) -> DephasingRates:
    """The dephasing rates of a doublet under one kind of dephasing, with their regime.

    Parameters
    ----------
    source : model, Doublet or JumpDoublet
    gamma : float or str, optional
        Rate γ >= 0 of the jump operator: a number in units of J (ħ = 1) for plain models, or "0.05 1/s".
    temperature : float or str, optional
        k_B T in units of J for plain models, or "10 nK".
    thresholds : Thresholds, optional
        What counts as ≫ 1.
    jump : str or operator, optional
        Jump operator of a model. Default: its natural one, which is Jz for a collective spin.

    Returns
    -------
    DephasingRates

    Raises
    ------
    InputError, UnitError
        For another source, a jump operator that it does not have, or a rate or temperature that does not fit its unit.

    Examples
    --------
    >>> from einselect import LMG, dephasing_rates
    >>> r = dephasing_rates(LMG(370, 0.95, "74346 rad/s"), "0.05 1/s", temperature="10 nK")
    >>> print(f"{r.rate_eigenstate:.2f} {r.rate_pointer:.2f} {r.rate_mean_field:.2f} 1/s, {r.regime.name}")
    141.95 264.51 333.69 1/s, mesoscopic

    Jx keeps the parity, and the roles of the two coherences are reversed:

    >>> r = dephasing_rates(LMG(370, 0.95), 1.0, jump="Jx")
    >>> print(f"{r.rate_eigenstate:.4f} {r.rate_pointer:.4f}")
    26.8592 26.2777
    """
    doublet = _doublet(source, jump)
    rate, kt = bath_parameters(doublet.energy_unit, gamma, temperature)
    if rate and not math.isfinite(rate * (doublet.pointer_moment + (doublet.g_loc or 0.0))):
        raise _checks.fail("gamma", "small enough that the rates are finite", gamma)
    return DephasingRates(doublet, rate, kt, thresholds or Thresholds())


def _doublet(source: Any, jump: Any) -> Doublet | JumpDoublet:
    """The doublet of a source under a jump operator, its natural one where none is named."""
    if isinstance(source, Doublet | JumpDoublet):
        if jump is not None:
            raise InputError(f"jump must be asked of a model; got {jump!r} beside a doublet")
        return source
    if not hasattr(source, "doublet"):
        raise _checks.fail("source", "a model, a Doublet or a JumpDoublet", source)
    named = hasattr(source, "operator")
    if jump is None or (named and isinstance(jump, str)):
        found: Doublet | JumpDoublet = source.doublet() if jump is None else source.doublet(jump)
        return found
    if named:  # one of its operators, or a matrix in its basis
        return doublet_of(source.levels(min(4, source.most_levels)), jump, order=source.order_operator, source=source)
    kept = source.levels(min(3, source.spins + 1))
    return doublet_of(kept, jump, order=Jz, source=source)
