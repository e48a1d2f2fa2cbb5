"""A system of your own: H, its parity and jump operators as matrices, the two parity relations verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .. import _checks
from ..errors import InputError
from ..jump_doublet import JumpDoublet, doublet_of
from ..matrix_levels import MatrixLevels, MatrixOperator
from ..spectrum import symmetry
from ..spectrum.blocks import DENSE
from .blocks import levels_by_parity, levels_without_parity

_KINDS = {1: "even", -1: "odd", 0: "mixed"}


class CustomModel:
    r"""Any Hamiltonian with a parity: ΠHΠ† = H, and jump operators, best with ΠLΠ† = -L.

    Parameters
    ----------
    hamiltonian : (d, d) matrix
        NumPy array, SciPy sparse array, `scipy.sparse.linalg.LinearOperator`, or anything with ``.full()`` such as a
        QuTiP object; Hermitian, ħ = 1.
    parity : (d, d) matrix, optional
        Π, unitary, Π² a phase. Only products of parities matter: the ground state is called even whatever the phase
        of Π. It may be left out with `broken_parity`.
    jumps : mapping of str to matrix, or sequence of matrices
        Jump operators, by name or in order ("L0", "L1", ...). The first that is not even is the order parameter: its
        <E0|L|E1> is made positive, so that \|P> = (\|E0> + \|E1>)/√2 lies where it is positive.
    broken_parity : bool
        Carry on where H violates the parity: levels then have no parities, and the pointer states are those of the
        doublet in which the order parameter is diagonal.
    energy_unit : {"plain", "J", "rad/s"}
        "rad/s" for physical units, else plain numbers.
    name : str

    Attributes
    ----------
    dimension : int
    operators : dict of str to MatrixOperator
        The jump operators with the parities that they were found to have.
    hamiltonian_defect : float or None
        ‖ΠHΠ† - H‖/‖H‖ (Frobenius norms, H less its mean); None without Π.
    jump_defects : tuple of float
        ‖ΠLΠ† ∓ L‖/‖L‖, the smaller of the two.
    jump_parities : tuple of str
        "odd", "even" or "mixed".
    parity_conserved : bool

    Raises
    ------
    InputError
        If H is not Hermitian, Π not unitary or not an involution, or ΠHΠ† ≠ H without `broken_parity`: with the norm
        that fails.

    Notes
    -----
    Dense and sparse systems are solved to rounding; sparse ones, and those above dimension 400, by shift-and-invert
    Lanczos for the lowest levels only; matrix-free ones by Lanczos, whose norms of the relations are estimates from
    random vectors.

    Examples
    --------
    A particle in a double well, on a grid: the parity is x -> -x, the jump operator x.

    >>> import numpy as np
    >>> from einselect.models import CustomModel
    >>> x = np.linspace(-3.0, 3.0, 121)
    >>> kinetic = (np.eye(121) - 0.5 * np.eye(121, k=1) - 0.5 * np.eye(121, k=-1)) / (x[1] - x[0]) ** 2
    >>> model = CustomModel(kinetic + np.diag(4.0 * (x**2 - 1.0) ** 2), np.eye(121)[::-1], {"x": np.diag(x)})
    >>> model.jump_parities, model.levels(4).parities
    (('odd',), array([ 1, -1,  1, -1]))
    >>> print(f"{model.doublet().eta_exact:.4f}")
    1.8313
    """

    def __init__(
        self,
        hamiltonian: Any,
        parity: Any = None,
        jumps: Mapping[str, Any] | Sequence[Any] = (),
        *,
        broken_parity: bool = False,
        energy_unit: str = "plain",
        name: str = "custom",
    ) -> None:
        self.energy_unit = _checks.one_of("energy_unit", energy_unit, ("plain", "J", "rad/s"))
        self.name = name
        h = _plain(hamiltonian)
        self.dimension = _dimension(h)
        h = _checked("hamiltonian", h, self.dimension)
        skew = symmetry.skewness(h)
        if skew > symmetry.TOLERANCE:
            raise InputError(f"hamiltonian must be Hermitian; got ‖H - H†‖/‖H‖ = {skew:.3g}")
        if parity is None and not broken_parity:
            raise InputError("parity must be given, or broken_parity=True; got none")
        listed = jumps if isinstance(jumps, Mapping) else {f"L{i}": jump for i, jump in enumerate(jumps)}
        matrices = {key: _checked("jump operator", _plain(jump), self.dimension) for key, jump in listed.items()}
        self._parity = None
        self.hamiltonian_defect: float | None = None
        relations = dict.fromkeys(matrices, (0, np.inf))
        if parity is not None:
            pi = _checked("parity", _plain(parity), self.dimension)
            h, pi = _alike(h, pi)
            self._parity = symmetry.involution(pi)
            self.hamiltonian_defect = symmetry.hamiltonian_defect(h, self._parity)
            relations = {key: symmetry.jump_parity(*_alike(jump, self._parity)) for key, jump in matrices.items()}
        violated = self.hamiltonian_defect is None or self.hamiltonian_defect > symmetry.TOLERANCE
        if violated and not broken_parity:
            raise InputError(
                f"hamiltonian must be unchanged by the parity; got ‖ΠHΠ† - H‖/‖H‖ = {self.hamiltonian_defect:.3g}"
            )
        self.parity_conserved = not violated
        self._hamiltonian = h if symmetry.matrix_free(h) else 0.5 * (h + h.conj().T)
        self.operators = {key: MatrixOperator(key, matrix, relations[key][0]) for key, matrix in matrices.items()}
        self.jump_defects = tuple(float(relations[key][1]) for key in matrices)
        self.jump_parities = tuple(_KINDS[relations[key][0]] for key in matrices)

    def __repr__(self) -> str:
        kinds = ", ".join(f"{key} {kind}" for key, kind in zip(self.operators, self.jump_parities, strict=True))
        symmetric = "parity conserved" if self.parity_conserved else "parity broken"
        return f"CustomModel({self.name}: dimension {self.dimension}, {symmetric}; {kinds or 'no jump operators'})"

    def parameters(self) -> dict[str, Any]:
        """Name and dimension, as answers show them."""
        return {"name": self.name, "dimension": self.dimension}

    @property
    def most_levels(self) -> int:
        """How many levels can be asked for: all."""
        return self.dimension

    def hamiltonian(self) -> Any:
        """H as it was given (Hermitian part)."""
        return self._hamiltonian

    def jump_operators(self) -> dict[str, MatrixOperator]:
        """The jump operators by name."""
        return self.operators

    def operator(self, name: str) -> MatrixOperator:
        """One of them."""
        return self.operators[_checks.one_of("jump", name, self.operators)]

    @property
    def order_operator(self) -> str | None:
        """The operator that tells the two wells apart, whose sign is the natural readout: the first not even."""
        return next((name for name, op in self.operators.items() if op.parity <= 0), None)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the parity relations say against the rates of a doublet."""
        found = []
        if not self.parity_conserved:
            defect = self.hamiltonian_defect
            size = "no parity was given" if defect is None else f"‖ΠHΠ† - H‖/‖H‖ = {defect:.3g}"
            found.append(f"the parity is broken ({size}): levels have no parities, and rates follow Eq. 12 alone")
        elif self.jump_parities:
            found += [
                f"jump operator {i} has no definite parity: ‖ΠLΠ† ∓ L‖/‖L‖ = {d:.3g}, so populations and "
                "opposite-parity coherences couple"
                for i, (kind, d) in enumerate(zip(self.jump_parities, self.jump_defects, strict=True))
                if kind == "mixed"
            ]
        return tuple(found)

    def levels(self, count: int = 12) -> MatrixLevels:
        """The `count` lowest levels (all of them, if there are fewer).

        Returns
        -------
        MatrixLevels
        """
        keep = min(_checks.whole("levels", count, 2), self.dimension)
        if self.parity_conserved:
            return levels_by_parity(self._hamiltonian, self._parity, keep, self.operators, self.energy_unit)
        return levels_without_parity(self._hamiltonian, keep, self.operators, self.energy_unit)

    def doublet(self, jump: str | None = None) -> JumpDoublet:
        """The two lowest states under one of the jump operators (default: the first)."""
        if not self.operators:
            raise InputError("jumps must be given for rates; got none")
        op = self.operator(jump) if jump is not None else next(iter(self.operators.values()))
        order = op if self.order_operator is None else self.operators[self.order_operator]
        return doublet_of(self.levels(min(6, self.dimension)), op, order=order, source=self)


def _plain(thing: Any) -> Any:
    """A matrix from NumPy, SciPy or a QuTiP object."""
    if hasattr(thing, "full"):
        thing = thing.full()
    if symmetry.matrix_free(thing):
        return thing
    if hasattr(thing, "tocsr"):
        from scipy.sparse import csr_array

        return csr_array(thing)
    return np.asarray(thing)


def _dimension(h: Any) -> int:
    size = h.shape[0] if len(h.shape) else 0
    limited = not hasattr(h, "tocsr") and not symmetry.matrix_free(h)
    if size < 2 or (limited and size > DENSE):
        raise InputError(
            f"hamiltonian must have a dimension from 2 to {DENSE} (above: sparse or matrix-free); got shape {h.shape}"
        )
    return int(size)


def _checked(name: str, matrix: Any, size: int) -> Any:
    if len(matrix.shape) != 2 or tuple(matrix.shape) != (size, size) or not np.issubdtype(matrix.dtype, np.number):
        raise InputError(f"{name} must be a {size} x {size} matrix; got shape {tuple(matrix.shape)}")
    if symmetry.matrix_free(matrix):
        return matrix
    entries = matrix.data if hasattr(matrix, "tocsr") else matrix
    if not np.all(np.isfinite(entries)):
        raise InputError(f"{name} must be finite; got NaN or infinite entries")
    real = not np.iscomplexobj(matrix) or not np.any(entries.imag)
    return (matrix.real.copy() if np.iscomplexobj(matrix) else matrix.astype(np.float64)) if real else matrix


def _alike(first: Any, second: Any) -> tuple[Any, Any]:
    """Two matrices of one kind: matrix-free if either is, sparse if both are, else dense."""
    if symmetry.matrix_free(first) or symmetry.matrix_free(second):
        from scipy.sparse.linalg import aslinearoperator

        return aslinearoperator(first), aslinearoperator(second)
    sparse = [hasattr(matrix, "tocsr") for matrix in (first, second)]
    if all(sparse):
        return first, second
    if first.shape[0] > DENSE:  # a dense one is small already
        raise InputError(f"matrices must all be sparse above dimension {DENSE}; got a dense one")
    return _dense(first), _dense(second)


def _dense(matrix: Any) -> Any:
    return matrix.toarray() if hasattr(matrix, "tocsr") else matrix
