"""Jump operators with their rates, and Eq. 12 for any of them and any two states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError
from ..level_set import LevelSet, adjoint
from ..spin import Jz, operator
from .units import check_rates, read_rate


@dataclass(frozen=True, init=False)
class JumpOperator:
    """A jump operator L with its rate γ: the term γ (L ρ L† - ½{L†L, ρ}).

    Parameters
    ----------
    operator : str, CollectiveOperator, NamedOperator, MatrixOperator or matrix
        "Jz", "J-", ...; an expression in them; or a dense or sparse matrix in the Dicke basis, m ascending. For other
        systems one of their operators (``model.operator("a")``) or a matrix in their basis.
    rate : float or str
        γ >= 0: a number in the unit of energy over ħ of the model that it is used with, which is 1/s for a physical
        one, or "0.05 1/s" for those only.

    Raises
    ------
    InputError
        For an unknown name, a matrix that is not square and finite, or a rate below zero.
    UnitError
        For a rate with another unit; and, from what it is given to, for one with a unit beside a model without.

    Examples
    --------
    >>> from einselect import LMG, JumpOperator, dephasing_coefficient
    >>> levels = LMG(spins=370, field=0.95, coupling="74346 rad/s").levels(2)
    >>> print(f"{dephasing_coefficient(levels, 'E0', 'E1', [JumpOperator('Jz', '0.05 1/s')]):.2f} 1/s")
    141.95 1/s
    """

    operator: Any
    rate: float
    written: str | None = field(init=False, repr=False, compare=False)

    def __init__(self, operator: Any = Jz, rate: float | str = 1.0) -> None:
        number, written = read_rate("rate", rate)
        set_ = object.__setattr__
        set_(self, "operator", _resolved(operator))
        set_(self, "rate", number)
        set_(self, "written", written)

    def square(self) -> Any:
        """L†L, as an operator on the whole space: a product of projected matrices would lose the leakage."""
        return adjoint(self.operator) @ self.operator


def _resolved(given: Any) -> Any:
    """An operator from its name; a matrix after a check of what it holds."""
    if hasattr(given, "dag") or hasattr(given, "matvec"):
        return given
    if not hasattr(given, "shape"):
        return operator(given)
    if len(given.shape) != 2 or given.shape[0] != given.shape[1] or not np.issubdtype(given.dtype, np.number):
        raise InputError(f"operator must be a name or a square matrix of numbers; got shape {tuple(given.shape)}")
    if not np.all(np.isfinite(given.data if hasattr(given, "tocsr") else given)):
        raise InputError("operator must be a finite matrix; got NaN or infinite entries")
    return given


def check_jumps(jumps: Any, energy_unit: str, fewest: int = 1) -> None:
    """Refuse what is no sequence of `JumpOperator`, and rates with a unit beside energies without.

    Raises
    ------
    InputError, UnitError
    """
    listed = isinstance(jumps, Sequence) and all(isinstance(jump, JumpOperator) for jump in jumps)
    if not listed or len(jumps) < fewest:
        number = "one or more" if fewest else "a sequence of"
        raise InputError(f"jumps must be {number} JumpOperator; got {jumps!r}")
    check_rates(energy_unit, [jump.written for jump in jumps])


def dephasing_coefficient(
    levels: LevelSet,
    a: int | str | ArrayLike,
    b: int | str | ArrayLike,
    jumps: Sequence[JumpOperator] = (JumpOperator(),),
) -> float:
    """Γ_ab of Eq. 12, for any jump operators and any two states of the levels.

    Parameters
    ----------
    levels : Levels or MatrixLevels
    a, b : int, str, or array_like
        A level's index, "E0", "P", "R", ..., or coefficients over the levels (normalised).
    jumps : sequence of JumpOperator
        Hermitian or not. Default: Jz at rate 1, so that the answer is in units of γ.

    Returns
    -------
    float
        In the unit of the rates given.

    Raises
    ------
    InputError, UnitError
        For invalid jump operators, states that the levels do not know, or a rate with a unit beside levels
        without.

    Examples
    --------
    >>> from einselect import LMG, JumpOperator, dephasing_coefficient
    >>> levels = LMG(spins=370, field=0.95).levels(2)
    >>> pointer, eigen = (dephasing_coefficient(levels, *pair) for pair in ("PR", ("E0", "E1")))
    >>> print(f"{eigen:.6f} {pointer / eigen:.6f}")
    2838.961894 1.863427
    """
    check_jumps(jumps, levels.energy_unit, fewest=0)
    bra, ket = levels.state(a), levels.state(b)
    total = 0.0
    for jump in jumps:
        single: NDArray[Any] = levels.matrix(jump.operator)
        square: NDArray[Any] = levels.matrix(jump.square())
        means = [complex(np.conj(c) @ single @ c) for c in (bra, ket)]
        seconds = [float((np.conj(c) @ square @ c).real) for c in (bra, ket)]
        total += 0.5 * jump.rate * (seconds[0] + seconds[1] - 2.0 * (means[0] * means[1].conjugate()).real)
    return total
