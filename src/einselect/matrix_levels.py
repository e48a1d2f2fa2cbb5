"""Levels of a system in any basis: operators are matrices, or the names that the system gives them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _checks
from .errors import InputError
from .level_set import Array, LevelSet, Quality, adjoint


@dataclass(frozen=True, eq=False)
class MatrixOperator:
    """An operator of a system that is given by matrices, with its parity.

    Operators combine with ``+``, ``-``, ``*`` (numbers), ``@`` (products) and ``.dag()``; an array behind ``@`` is
    acted on.

    Attributes
    ----------
    name : str
    matrix : ndarray, SciPy sparse array or LinearOperator, shape (d, d)
    parity : int
        ΠLΠ† = ±L; 0 for neither, or where it is not known.
    sign : callable, optional
        Makes sgn(L) on the basis, where that is not the sign of the matrix: of an operator that leads out of the basis,
        such as a + a†.
    """

    name: str
    matrix: Any
    parity: int = 0
    sign: Callable[[], Any] | None = field(default=None, repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        """(d, d)."""
        return int(self.matrix.shape[0]), int(self.matrix.shape[1])

    def dag(self) -> MatrixOperator:
        """L†, of the same parity."""
        return MatrixOperator(f"({self.name})†", adjoint(self.matrix), self.parity)

    def __matmul__(self, other: Any) -> Any:
        if isinstance(other, MatrixOperator):
            return MatrixOperator(f"{self.name} {other.name}", self.matrix @ other.matrix, self.parity * other.parity)
        return self.matrix @ other

    def __add__(self, other: MatrixOperator) -> MatrixOperator:
        if not isinstance(other, MatrixOperator):
            return NotImplemented
        parity = self.parity if self.parity == other.parity else 0
        return MatrixOperator(f"({self.name} + {other.name})", self.matrix + other.matrix, parity)

    def __mul__(self, factor: complex) -> MatrixOperator:
        if not np.isscalar(factor):
            return NotImplemented
        return MatrixOperator(f"{factor:g} {self.name}", factor * self.matrix, self.parity)

    __rmul__ = __mul__

    def __sub__(self, other: MatrixOperator) -> MatrixOperator:
        return self + (-1.0) * other

    def __repr__(self) -> str:
        kind = {1: "even", -1: "odd", 0: "no parity"}[self.parity]
        return f"MatrixOperator({self.name!r}, {self.shape[0]} x {self.shape[1]}, {kind})"


@dataclass(frozen=True)
class NamedOperator:
    """An operator of a system by name, before it is known in which basis: levels know, and look it up.

    It combines as `MatrixOperator` does: ``0.5 * (NamedOperator("a") + NamedOperator("a").dag())``.

    Attributes
    ----------
    name : str
    build : callable, optional
        Makes the operator of those of the levels. Default: the one of that name.
    """

    name: str
    build: Callable[[Mapping[str, MatrixOperator]], MatrixOperator] | None = None

    def of(self, operators: Mapping[str, MatrixOperator]) -> MatrixOperator:
        """The operator, from those of the levels."""
        if self.build is not None:
            return self.build(operators)
        return operators[_checks.one_of("operator", self.name, operators)]

    def dag(self) -> NamedOperator:
        """L†."""
        return NamedOperator(f"({self.name})†", lambda operators: self.of(operators).dag())

    def __matmul__(self, other: NamedOperator) -> NamedOperator:
        if not isinstance(other, NamedOperator):
            return NotImplemented
        return NamedOperator(f"{self.name} {other.name}", lambda operators: self.of(operators) @ other.of(operators))

    def __add__(self, other: NamedOperator) -> NamedOperator:
        if not isinstance(other, NamedOperator):
            return NotImplemented
        return NamedOperator(
            f"({self.name} + {other.name})", lambda operators: self.of(operators) + other.of(operators)
        )

    def __mul__(self, factor: complex) -> NamedOperator:
        if not np.isscalar(factor):
            return NotImplemented
        return NamedOperator(f"{factor:g} {self.name}", lambda operators: factor * self.of(operators))

    __rmul__ = __mul__

    def __sub__(self, other: NamedOperator) -> NamedOperator:
        return self + (-1.0) * other


@dataclass(frozen=True, eq=False, repr=False)
class MatrixLevels(LevelSet):
    r"""The lowest levels of a system that is given by matrices.

    Attributes
    ----------
    energies, excitations : ndarray, shape (k,)
        E_n ascending, and E_n - E_0. The second excitation is 0 where it is not resolved: see `splitting_bound`.
    parities : ndarray of int, shape (k,)
        Relative to the ground state, which is +1; 0 for all where the parity is broken.
    vectors : ndarray, shape (k, d)
        The states as rows, in the basis of the Hamiltonian. The phase of \|E1> makes <E0|L|E1> > 0 for the first odd
        operator L of the system.
    energy_unit : str
        "plain" (ħ = 1), "J" or "rad/s".
    quality : Quality
    operators : mapping of str to MatrixOperator
        What names mean in `matrix`.
    mixing : float
        Pointer states cos φ|E0> + sin φ|E1> and sin φ|E0> - cos φ|E1>; φ = π/4 by parity.
    barrier_top : float, optional
        Energy at the top of the barrier, where it is known.
    factors : tuple of int
        Sizes of the factors of the basis, the last one fastest, where that is a product.

    Examples
    --------
    >>> import numpy as np
    >>> from einselect.models import CustomModel
    >>> levels = CustomModel(np.diag([0.0, 0.1, 2.0]), np.diag([1, -1, 1]), {"L": np.eye(3, k=1)}).levels(3)
    >>> levels.parities, levels.matrix("L")[0, 1].item()
    (array([ 1, -1,  1]), 1.0)
    """

    energies: Array
    excitations: Array
    parities: NDArray[np.int64]
    vectors: NDArray[Any]
    energy_unit: str
    quality: Quality
    operators: Mapping[str, MatrixOperator] = field(default_factory=dict)
    mixing: float = math.pi / 4
    barrier_top: float | None = None
    factors: tuple[int, ...] = ()

    @property
    def dimension(self) -> int:
        """Number of basis states."""
        return int(self.vectors.shape[1])

    def matrix(self, op: str | MatrixOperator | Any) -> NDArray[Any]:
        """Matrix <E_a|O|E_b> on these levels.

        Parameters
        ----------
        op : str, NamedOperator, MatrixOperator, or (d, d) matrix
            A name in `operators`, or a matrix in the basis of the Hamiltonian: dense, SciPy sparse or matrix-free.
            What the parity of a `MatrixOperator` forbids is exactly zero.

        Returns
        -------
        ndarray, shape (k, k)

        Raises
        ------
        InputError
            For a name that the system does not have, or a matrix of another shape.
        """
        size = self.dimension
        if isinstance(op, str) and self.operators:
            op = NamedOperator(op)
        if isinstance(op, NamedOperator):
            op = op.of(self.operators)
        if not hasattr(op, "shape") or tuple(op.shape) != (size, size):
            got = f"shape {tuple(op.shape)}" if hasattr(op, "shape") else repr(op)
            raise InputError(f"operator must be a {size} x {size} matrix in the basis of the Hamiltonian; got {got}")
        result = np.asarray(self.vectors.conj() @ (op @ self.vectors.T))
        if isinstance(op, MatrixOperator) and op.parity and self.parity_conserved:
            result[np.multiply.outer(self.parities, self.parities) != op.parity] = 0.0
        return result
