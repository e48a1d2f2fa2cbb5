"""Jump operators with their rates, and Eq. 12 for any of them and any two states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError
from ..level_set import LevelSet, adjoint
from ..spin import Jz, operator


@dataclass(frozen=True)
class JumpOperator:
    """A jump operator L with its rate γ: the term γ (L ρ L† - ½{L†L, ρ}).

    Parameters
    ----------
    operator : str, CollectiveOperator, NamedOperator, MatrixOperator or matrix
        "Jz", "J-", ...; an expression in them; or a dense or sparse matrix in the Dicke basis, m ascending. For other
        systems one of their operators (``model.operator("a")``) or a matrix in their basis.
    rate : float
        γ >= 0, in the model's unit of energy over ħ.
    """

    operator: Any = Jz
    rate: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", _checks.non_negative("rate", self.rate))
        if not hasattr(self.operator, "shape") and not hasattr(self.operator, "dag"):
            object.__setattr__(self, "operator", operator(self.operator))

    def square(self) -> Any:
        """L†L, as an operator on the whole space: a product of projected matrices would lose the leakage."""
        return adjoint(self.operator) @ self.operator


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

    Examples
    --------
    >>> from einselect import LMG, JumpOperator, dephasing_coefficient
    >>> levels = LMG(spins=370, field=0.95).levels(2)
    >>> pointer, eigen = (dephasing_coefficient(levels, *pair) for pair in ("PR", ("E0", "E1")))
    >>> print(f"{eigen:.6f} {pointer / eigen:.6f}")
    2838.961894 1.863427
    """
    bra, ket = levels.state(a), levels.state(b)
    total = 0.0
    for jump in jumps:
        if not isinstance(jump, JumpOperator):
            raise InputError(f"jumps must be a sequence of JumpOperator; got {jump!r}")
        single: NDArray[Any] = levels.matrix(jump.operator)
        square: NDArray[Any] = levels.matrix(jump.square())
        means = [complex(np.conj(c) @ single @ c) for c in (bra, ket)]
        seconds = [float((np.conj(c) @ square @ c).real) for c in (bra, ket)]
        total += 0.5 * jump.rate * (seconds[0] + seconds[1] - 2.0 * (means[0] * means[1].conjugate()).real)
    return total
