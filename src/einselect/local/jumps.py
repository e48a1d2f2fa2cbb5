"""Local jump operators: the same operator on each of the N spins, at one rate.

    dρ/dt = γ sum_i (L_i ρ L_i† - ½{L_i†L_i, ρ}),        i = 1..N.

The normalisation is that of the collective operators: L_i is the spin-½ operator whose sum over i is the collective
one. Local dephasing is L_i = s_z = σ_z/2 (sum: Jz), emission s_- (sum: J-), pumping s_+ (sum: J+). At equal γ one
spin by itself cannot tell local from collective dephasing: its coherence decays at γ/2 in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError
from ..models.base import is_spin
from ..rates import JumpOperator, check_rates, read_rate
from ..spin import CollectiveOperator, Jm, Jp, Jz, diagonal

# (c_-, c_z, c_+) of L = c_- s_- + c_z s_z + c_+ s_+.
_NAMED: dict[str, tuple[complex, complex, complex]] = {
    "dephasing": (0.0, 1.0, 0.0),
    "emission": (1.0, 0.0, 0.0),
    "pumping": (0.0, 0.0, 1.0),
    "Jz": (0.0, 1.0, 0.0),
    "J-": (1.0, 0.0, 0.0),
    "J+": (0.0, 0.0, 1.0),
    "Jx": (0.5, 0.0, 0.5),
    "Jy": (0.5j, 0.0, -0.5j),
}
_TRACELESS = 1e-12


@dataclass(frozen=True, eq=False, init=False)
class LocalJump:
    """An operator that acts on every spin by itself, each with the rate γ.

    Parameters
    ----------
    operator : str or (2, 2) array_like
        "dephasing" (σ_z/2), "emission" (s_-), "pumping" (s_+); "Jx", "Jy", "Jz", "J+", "J-" for the single-spin
        parts of these; or a traceless matrix of one spin, rows and columns (down, up) as m ascends.
    rate : float or str
        γ >= 0, as for `JumpOperator`: a number in the model's unit of energy over ħ, or "0.05 1/s" for a physical one.

    Raises
    ------
    InputError, UnitError
        For an unknown name, a matrix that is not 2 x 2 and finite or not traceless (a multiple of the identity in L
        acts as a Hamiltonian and belongs there), or a rate that `JumpOperator` refuses.

    Examples
    --------
    >>> from einselect.local import LocalJump
    >>> LocalJump("dephasing", 0.1).matrix
    array([[-0.5,  0. ],
           [ 0. ,  0.5]])
    """

    operator: Any
    rate: float
    written: str | None = field(init=False, repr=False)

    def __init__(self, operator: Any = "dephasing", rate: float | str = 1.0) -> None:
        number, written = read_rate("rate", rate)
        if isinstance(operator, str) or not np.ndim(operator):
            _checks.one_of("operator", operator, _NAMED)
        else:
            _checked_matrix(operator)
        set_ = object.__setattr__
        set_(self, "operator", operator)
        set_(self, "rate", number)
        set_(self, "written", written)

    @cached_property
    def components(self) -> tuple[complex, complex, complex]:
        """(c_-, c_z, c_+) of L = c_- s_- + c_z s_z + c_+ s_+."""
        if isinstance(self.operator, str):
            return _NAMED[self.operator]
        return _components(_checked_matrix(self.operator))

    @property
    def name(self) -> str:
        """How the operator is written in tables and attributes."""
        return self.operator if isinstance(self.operator, str) else "matrix"

    @property
    def matrix(self) -> NDArray[Any]:
        """L on one spin, rows and columns (down, up)."""
        minus, z, plus = self.components
        result = np.array([[-0.5 * z, minus], [plus, 0.5 * z]])
        return result.real if not np.any(np.imag(result)) else result

    def collective(self) -> CollectiveOperator:
        """sum_i L_i = c_- J- + c_z Jz + c_+ J+."""
        return _combined(self.components, f"sum {self.name}")

    def square(self, spins: int) -> CollectiveOperator:
        """sum_i L_i†L_i, which is collective too: N/4 for dephasing, N/2 ± Jz for emission and pumping."""
        single = self.matrix.conj().T @ self.matrix
        mean = 0.5 * float(np.trace(single).real)
        rest = _combined(_components(single - mean * np.eye(2)), "")
        constant = diagonal(lambda m: np.full(np.shape(m), spins * mean), f"{spins * mean:g}")
        return CollectiveOperator(f"sum ({self.name})†({self.name})", (constant + rest).bands)


def _combined(components: tuple[complex, complex, complex], name: str) -> CollectiveOperator:
    parts = [_real(c) * op for c, op in zip(components, (Jm, Jz, Jp), strict=True) if c]
    total = parts[0] if parts else 0.0 * Jz
    for part in parts[1:]:
        total = total + part
    return CollectiveOperator(name, total.bands)


def _real(value: complex) -> complex:
    """A real number as a float, so that real operators stay real."""
    value = complex(value)
    return value if value.imag else value.real


def _components(matrix: NDArray[Any]) -> tuple[complex, complex, complex]:
    return complex(matrix[0, 1]), complex(matrix[1, 1] - matrix[0, 0]), complex(matrix[1, 0])


def _checked_matrix(operator: ArrayLike) -> NDArray[Any]:
    matrix = np.asarray(operator)
    if matrix.shape != (2, 2) or not np.issubdtype(matrix.dtype, np.number) or not np.all(np.isfinite(matrix)):
        raise InputError(f"operator must be a name or a finite 2 x 2 matrix of one spin; got {operator!r}")
    trace = abs(complex(np.trace(matrix)))
    if trace > _TRACELESS * float(np.abs(matrix).max()):
        raise InputError(f"operator must be traceless; got a trace of size {trace:.3g}")
    return matrix


def check_noise(
    model: Any, jumps: Sequence[JumpOperator], local: Sequence[LocalJump]
) -> tuple[tuple[JumpOperator, ...], tuple[LocalJump, ...]]:
    """Both lists as tuples, after a check of the model and of what they hold.

    Raises
    ------
    InputError
        For a model that is no collective spin; for other things in the lists, for no jump operator at all, and for
        collective ones that are matrices: a matrix on the symmetric sector does not say what the operator does outside
        of it.
    UnitError
        For a rate with a unit where the model has none.
    """
    check_spins(model)
    if isinstance(jumps, JumpOperator) or not all(isinstance(jump, JumpOperator) for jump in jumps):
        raise InputError(f"jumps must be a sequence of JumpOperator; got {jumps!r}")
    if isinstance(local, LocalJump) or not all(isinstance(jump, LocalJump) for jump in local):
        raise InputError(f"local must be a sequence of LocalJump; got {local!r}")
    if not jumps and not local:
        raise InputError("local must be one or more LocalJump where there are no collective jumps; got none")
    for jump in jumps:
        if not isinstance(jump.operator, CollectiveOperator):
            raise InputError(
                f"jumps must be collective operators, which act on every total spin j; got {_described(jump.operator)}"
            )
    check_rates(model.energy_unit, [*(jump.written for jump in jumps), *(jump.written for jump in local)])
    return tuple(jumps), tuple(local)


def _described(operator: Any) -> str:
    return f"a matrix of shape {tuple(operator.shape)}" if hasattr(operator, "shape") else repr(operator)


def check_spins(model: Any) -> None:
    """Refuse a model that is no collective spin: only there the N spins are alike and H is one of spin operators.

    Raises
    ------
    InputError
    """
    if not is_spin(model):
        raise InputError(f"model must be a collective spin, such as LMG, for noise on its single spins; got {model!r}")
