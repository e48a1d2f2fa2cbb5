"""Eq. 12 for local noise, in closed form, from matrix elements of the symmetric sector alone.

For dρ/dt = -i[H,ρ] + γ sum_i (L_i ρ L_i† - ½{L_i†L_i, ρ}) the coefficient of -ρ_ab in dρ_ab/dt is

    Γ_ab = (γ/2)(<a|S|a> + <b|S|b> - (2/N) Re(<a|J|a><b|J|b>*)),      S = sum_i L_i†L_i,  J = sum_i L_i,

because symmetric states have <a|L_i|a> = <a|J|a>/N for every i. S is collective: N/4 for dephasing, N/2 ± Jz for
emission and pumping. That is exact although L_i leads out of the symmetric sector: what leaves is counted in S.

Collective and local. Under collective dephasing the environment sees the sum of all spins only, and <Jz²> ~ (N m*/2)²
is mostly the square of the order parameter: the coherence of the pointer states decays twice as fast as that of the
energy eigenstates. Under local dephasing it sees each spin, whose σ_z is ±1 in any state: S = N/4 whatever the states
are, and only the cross term knows of the order parameter, J01²/N against N/4:

    ρ_01: γ N/4,        ρ_PR: γ (N/4 + J01²/N),        ratio 1 + 4 J01²/N²  ->  1 + m*².

The ratio 2 of collective noise is reached only deep in the ordered phase (m* -> 1), where each spin by itself points
up or down. Local emission and pumping have <a|J∓|a> = <a|Jx|a>, which parity does not forbid and which hardly differs
between the two bases: their ratio tends to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from ..doublet import Doublet
from ..errors import InputError
from ..levels import Levels
from ..rates import JumpOperator, bath_parameters, check_rates, dephasing_coefficient
from .jumps import LocalJump


def local_dephasing_coefficient(
    levels: Levels,
    a: int | str | ArrayLike,
    b: int | str | ArrayLike,
    jumps: Sequence[LocalJump | JumpOperator] = (LocalJump(),),
) -> float:
    """Γ_ab of Eq. 12 for local jump operators and any two states of the symmetric sector.

    Parameters
    ----------
    levels : Levels
    a, b : int, str, or array_like
        A level's index, "E0", "P", "R", ..., or coefficients over the levels (normalised).
    jumps : sequence of LocalJump or JumpOperator
        Local ones, and collective ones beside them. Default: local dephasing at rate 1, so that the answer is in
        units of γ.

    Returns
    -------
    float
        In the unit of the rates given.

    Raises
    ------
    InputError, UnitError
        For anything else in `jumps`, states that the levels do not know, levels of no collective spin, or a rate with
        a unit beside levels without.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.local import local_dephasing_coefficient
    >>> levels = LMG(spins=370, field=0.95).levels(2)
    >>> eigen, pointer = (local_dephasing_coefficient(levels, *pair) for pair in (("E0", "E1"), "PR"))
    >>> print(f"{eigen:.4f} {pointer / eigen:.6f}")  # N/4; the limit 1 + m*² is 1.0975
    92.5000 1.071621
    """
    if not isinstance(levels, Levels):
        raise _checks.fail("levels", "those of a collective spin, for noise on its single spins", levels)
    bra, ket = levels.state(a), levels.state(b)
    total = 0.0
    for jump in jumps:
        if isinstance(jump, JumpOperator):
            total += dephasing_coefficient(levels, bra, ket, [jump])
            continue
        if not isinstance(jump, LocalJump):
            raise InputError(f"jumps must be a sequence of LocalJump or JumpOperator; got {jump!r}")
        check_rates(levels.energy_unit, [jump.written])
        single, square = levels.matrix(jump.collective()), levels.matrix(jump.square(levels.spins))
        means = [complex(np.conj(c) @ single @ c) for c in (bra, ket)]
        seconds = [float((np.conj(c) @ square @ c).real) for c in (bra, ket)]
        cross = 2.0 / levels.spins * (means[0] * means[1].conjugate()).real
        total += 0.5 * jump.rate * (seconds[0] + seconds[1] - cross)
    return total


@dataclass(frozen=True)
class LocalRates:
    """Both dephasing rates of a doublet under local dephasing, beside those of collective dephasing at the same γ.

    Attributes
    ----------
    doublet : Doublet
    gamma : float
        γ of L_i = σ_z/2 on every spin, in the doublet's unit of energy over ħ (1/s for physical models).
    """

    doublet: Doublet
    gamma: float

    @property
    def rate_eigenstate(self) -> float:
        """γ N/4: coefficient of ρ_01."""
        return 0.25 * self.gamma * self.doublet.spins

    @property
    def rate_pointer(self) -> float:
        """γ (N/4 + J01²/N): coefficient of ρ_PR."""
        return self.gamma * (0.25 * self.doublet.spins + self.doublet.j01**2 / self.doublet.spins)

    @property
    def ratio(self) -> float:
        """Pointer over eigenstate, 1 + 4 J01²/N²; below 2 for every state."""
        return 1.0 + (2.0 * self.doublet.j01 / self.doublet.spins) ** 2

    @property
    def limit(self) -> float | None:
        """1 + m*², the ratio for N -> ∞; None outside the ordered phase."""
        m = self.doublet.order_parameter
        return None if m is None else 1.0 + m * m

    @property
    def collective_over_local(self) -> float:
        """How much faster ρ_01 decays where the same γ is collective: 4 G01/N, about N m*² in the ordered phase."""
        return 4.0 * self.doublet.g01 / self.doublet.spins

    @property
    def crossover(self) -> float:
        """Part of γ that may be collective before it outweighs the local rest in ρ_01: 1/(1 + 4 G01/N)."""
        return 1.0 / (1.0 + self.collective_over_local)


def local_rates(source: Any, gamma: float | str = 1.0) -> LocalRates:
    """Both rates of a doublet under local dephasing, in closed form: any N that the doublet allows.

    Parameters
    ----------
    source : Doublet or model
    gamma : float or str
        γ: a number in units of J (ħ = 1) for plain models, or "0.05 1/s" for physical ones.

    Returns
    -------
    LocalRates

    Raises
    ------
    InputError, UnitError
        For another model or one of broken parity, a γ below zero, or one with a unit that does not fit the model's.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.local import local_rates
    >>> r = local_rates(LMG(spins=10**6, field=0.5))
    >>> print(f"{r.ratio:.6f} {r.limit:.6f} {r.collective_over_local:.0f}")
    1.749999 1.750000 750000
    """
    doublet = source.doublet() if hasattr(source, "doublet") else source
    if not isinstance(doublet, Doublet):
        raise InputError(
            "source must be a collective spin with parity, such as LMG, or a Doublet of it (with a tilt: "
            f"local_dephasing_coefficient); got {source!r}"
        )
    rate, _ = bath_parameters(doublet.energy_unit, gamma, None)
    assert rate is not None
    return LocalRates(doublet, rate)
