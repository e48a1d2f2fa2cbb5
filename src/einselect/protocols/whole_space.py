"""All levels of a model, in its energy basis and in the eigenbasis of one odd Hermitian operator Z, by parity.

Z connects even and odd levels only: Z = [[0, B], [Bᵀ, 0]], so the singular value decomposition B = U_e diag(m) U_oᵀ
gives its eigenvalues ±m and the block basis (|m> ± |-m>)/√2. Nothing but matrix elements is asked of the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..levels import Levels

Array = NDArray[np.float64]
LARGEST = 4000
"""States of the whole space that are kept as dense matrices."""


@dataclass(frozen=True)
class WholeSpace:
    """Every level of a model, and an odd operator on them.

    Attributes
    ----------
    levels : Levels
        All of them.
    operator : ndarray, shape (n, n)
        Z, real symmetric, connecting opposite parities only.
    even, odd : ndarray of int
        Indices of the levels of each parity, by ascending energy.
    basis : dict
        ``basis[±1]``, shape (n_p, n_p): columns are the block states (|m> ± |-m>)/√2 over the levels of that parity;
        first those with the m of `sites`, then what Z sends to zero.
    sites : ndarray
        m > 0, descending.
    """

    levels: Levels
    operator: Array
    index: dict[int, NDArray[np.intp]]
    basis: dict[int, Array]
    sites: Array

    def __len__(self) -> int:
        return len(self.levels)

    def position(self, parity: int) -> Array:
        """m of each column of ``basis[parity]``; zero for what Z sends to zero."""
        return np.pad(self.sites, (0, len(self.index[parity]) - len(self.sites)))

    def function(self, f: Callable[[Array], Any]) -> Array:
        """f(Z) over the levels, for a real function f of an array of eigenvalues.

        What parity forbids of an odd or an even f is exactly zero.
        """
        values = checked(f)
        forward, backward = values(self.sites), values(-self.sites)
        # Without a state at m = 0, f need not exist there.
        null = any(len(index) > len(self.sites) for index in self.index.values())
        centre = float(values(np.zeros(1))[0]) if null else 0.0
        result = np.zeros((len(self), len(self)))
        across = 0.5 * (forward - backward)
        r = len(self.sites)
        if np.any(across):
            block = (self.basis[1][:, :r] * across) @ self.basis[-1][:, :r].T
            result[np.ix_(self.index[1], self.index[-1])] = block
            result[np.ix_(self.index[-1], self.index[1])] = block.T
        along = 0.5 * (forward + backward)
        if np.any(along) or centre:
            for parity, index in self.index.items():
                diagonal = np.pad(along, (0, len(index) - r), constant_values=centre)
                result[np.ix_(index, index)] = (self.basis[parity] * diagonal) @ self.basis[parity].T
        return result

    @cached_property
    def square(self) -> Array:
        """Z²."""
        return self.operator @ self.operator


def checked(f: Callable[[Array], Any]) -> Callable[[Array], Array]:
    """The same function, refusing what is not one finite real number for each eigenvalue."""

    def values(at: Array) -> Array:
        try:
            found = np.asarray(f(at), dtype=np.float64)
        except InputError:
            raise  # a refusal of its own
        except (TypeError, ValueError):
            found = np.full(1, np.nan)
        if found.shape != at.shape or not np.all(np.isfinite(found)):
            raise InputError(f"readout must map an array of eigenvalues to as many finite real numbers; got {f!r}")
        return found

    return values


def whole_space(model: Any, operator: Any = "Jz") -> WholeSpace:
    """Every level of a model with the eigenbasis of an operator.

    Parameters
    ----------
    model : LMG or alike
    operator : str, CollectiveOperator or matrix
        Hermitian, real in the levels' basis, of odd parity.

    Raises
    ------
    InputError
        For more than 4000 states, or an operator that is not odd, real and Hermitian.

    Examples
    --------
    >>> import numpy as np
    >>> from einselect import LMG
    >>> from einselect.protocols.whole_space import whole_space
    >>> space = whole_space(LMG(spins=6, field=0.5))
    >>> space.sites
    array([3., 2., 1.])
    >>> bool(np.allclose(space.function(np.square), space.square))
    True
    """
    size = int(model.spins) + 1
    if size > LARGEST:
        raise InputError(
            f"spins must be at most {LARGEST - 1} where every level counts (ask for a level of description 'C' or a "
            f"number of levels instead); got {model.spins}"
        )
    levels: Levels = model.levels(size)
    matrix = levels.matrix(operator)
    index = {sign: np.flatnonzero(levels.parities == sign) for sign in (1, -1)}
    scale = float(np.abs(matrix).max())
    crossed = matrix[np.ix_(index[1], index[-1])]
    even = max(float(np.abs(matrix[np.ix_(i, i)]).max(initial=0.0)) for i in index.values())
    if (
        np.iscomplexobj(matrix)
        or even > 1e-12 * scale
        or np.abs(crossed - matrix[np.ix_(index[-1], index[1])].T).max(initial=0.0) > 1e-9 * scale
    ):
        raise InputError(f"operator must be real, Hermitian and of odd parity; got {operator!r}")
    left, values, right = np.linalg.svd(crossed)
    # Eigenvalues of a collective spin are half-integers: rounding is taken off, so that f sees m and not m + 1e-14.
    halves = np.rint(2.0 * values) / 2.0
    sites = np.where(np.abs(values - halves) <= 1e-10 * max(scale, 1.0), halves, values)
    kept = sites > 0.0
    if not np.all(kept):  # what Z sends to zero in both parities
        sites = sites[kept]
    return WholeSpace(levels, np.asarray(matrix), index, {1: left, -1: right.T}, np.asarray(sites))
