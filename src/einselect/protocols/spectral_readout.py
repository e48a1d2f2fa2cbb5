"""What is read of a system that is no collective spin: functions of one of its operators, on its levels.

O is diagonalised on the basis of the Hamiltonian, block by block where it falls into blocks (of two states for σz in a
basis of parities, of one mode for a + a†). With its eigenvectors |o> and <o|E_a> = c_oa,

    <E_a|f(O)|E_b> = sum_o f(o) c_oa* c_ob,

exactly, as far as the levels themselves are exact. An operator that leads out of the basis, such as a + a† with its
number of quanta cut off, brings its own sign.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError
from ..matrix_levels import MatrixLevels, MatrixOperator, NamedOperator
from .whole_space import checked

Array = NDArray[np.float64]
_LARGEST_BLOCK = 3000
_ZERO = 1e-12  # an eigenvalue below this, relative to the largest, is rounding of one that is zero
_SKEW = 1e-10


def resolved(levels: MatrixLevels, op: Any) -> MatrixOperator:
    """An operator of the levels from its name, a `NamedOperator` or a matrix in their basis."""
    if isinstance(op, str):
        return levels.operators[_checks.one_of("operator", op, levels.operators)]
    if isinstance(op, NamedOperator):
        return op.of(levels.operators)
    return op if isinstance(op, MatrixOperator) else MatrixOperator("matrix", op)


@dataclass(frozen=True)
class Applied:
    """Q on the k lowest levels.

    Attributes
    ----------
    matrix : ndarray, shape (k, k)
        PQP.
    beyond : ndarray, shape (k, k)
        P Q(1 - P)Q P: what Q carries out of the levels.
    """

    matrix: NDArray[Any]
    beyond: NDArray[Any]


@dataclass(frozen=True)
class SpectralReadout:
    """A Hermitian operator O of given levels, ready to be read.

    Parameters
    ----------
    levels : MatrixLevels
    operator : str, NamedOperator, MatrixOperator or matrix
        O.

    Raises
    ------
    InputError
        For an O that is not Hermitian, or has a block of more than 3000 states.

    Examples
    --------
    >>> from einselect import Rabi
    >>> from einselect.protocols.spectral_readout import SpectralReadout
    >>> levels = Rabi(coupling=2.0).levels(4)
    >>> well = SpectralReadout(levels, "Jx")
    >>> round(float(well.apply(lambda m: 2 * m).matrix[0, 1]), 6) == round(float(2 * levels.matrix("Jx")[0, 1]), 6)
    True
    """

    levels: MatrixLevels
    operator: Any

    @cached_property
    def op(self) -> MatrixOperator:
        """O."""
        return resolved(self.levels, self.operator)

    @cached_property
    def _spectrum(self) -> tuple[Array, NDArray[Any]]:
        return _spectrum(self.op, self.levels.vectors)

    @property
    def eigenvalues(self) -> Array:
        """o, one for each state of the basis."""
        return self._spectrum[0]

    @property
    def amplitudes(self) -> NDArray[Any]:
        """<o|E_a>, shape (k, d)."""
        return self._spectrum[1]

    def is_odd(self, f: Callable[[Array], Any]) -> bool:
        """Whether f(O) changes sign under the parity: O does, and f(-o) = -f(o)."""
        if self.op.parity != -1 or not self.levels.parity_conserved:
            return False
        values = checked(f)
        return bool(np.all(values(-self.eigenvalues) == -values(self.eigenvalues)))

    def apply(self, f: Callable[[Array], Any]) -> Applied:
        """Q = f(O) on the levels; what parity forbids of an odd Q is exactly zero.

        Raises
        ------
        InputError
            For another function than the sign, of an operator that leads out of the basis.
        """
        vectors, image = self._image(f)
        matrix = np.asarray(vectors.conj() @ image.T)
        matrix = 0.5 * (matrix + matrix.conj().T)
        if self.is_odd(f):
            matrix[np.equal.outer(self.levels.parities, self.levels.parities)] = 0.0
        # A difference of vectors, not of their squared norms: small parts keep their digits.
        out = image - matrix.T @ vectors
        beyond = out.conj() @ out.T
        if self.op.sign is not None:  # what the basis itself does not hold of a Q with Q² = 1
            beyond = beyond + np.diag(np.maximum(1.0 - np.einsum("ad,ad->a", image.conj(), image).real, 0.0))
        return Applied(matrix, np.asarray(beyond))

    def _image(self, f: Callable[[Array], Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The levels as rows, and Q on them."""
        if self.op.sign is None:
            values = checked(f)(self.eigenvalues)
            return self.amplitudes, self.amplitudes * values
        probe = np.array([-2.0, -0.5, 0.25, 1.0, 3.0])
        if np.any(checked(f)(probe) != np.sign(probe)):
            raise InputError(
                f"readout must be the sign for {self.op.name}, of which the basis holds no other function; got {f!r}"
            )
        return self.levels.vectors, np.asarray((self.op.sign() @ self.levels.vectors.T).T)


def _spectrum(op: MatrixOperator, vectors: NDArray[Any]) -> tuple[Array, NDArray[Any]]:
    """Eigenvalues of O and the amplitudes <o|E_a>, block by block."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import LinearOperator

    if isinstance(op.matrix, LinearOperator):
        raise InputError(f"operator must be a dense or sparse matrix for a readout; got {op.name}, matrix-free")
    matrix = csr_array(op.matrix)
    scale = float(np.abs(matrix.data).max(initial=0.0))
    skew = matrix - matrix.conj().T
    if float(np.abs(skew.data).max(initial=0.0)) > _SKEW * scale:
        raise InputError(f"operator must be Hermitian for a readout; got {op.name}")
    count, label = connected_components(abs(matrix), directed=False)  # it takes real numbers only
    order = np.argsort(label, kind="stable")
    sizes = np.bincount(label, minlength=count)
    ends = np.cumsum(sizes)
    if sizes.max() > _LARGEST_BLOCK:
        raise InputError(
            f"operator must fall into blocks of at most {_LARGEST_BLOCK} states for a readout; got one of {sizes.max()}"
        )
    values = np.empty(len(label))
    amplitudes: NDArray[Any] = np.empty(vectors.shape, dtype=np.result_type(vectors, matrix.dtype))
    for size in np.unique(sizes).tolist():  # blocks of one size at once
        index = np.stack([order[end - size : end] for end in ends[sizes == size].tolist()])
        blocks = _dense_blocks(matrix, index)
        found, states = np.linalg.eigh(0.5 * (blocks + blocks.conj().swapaxes(1, 2)))
        values[index] = found
        amplitudes[:, index] = np.einsum("nxo,anx->ano", states.conj(), vectors[:, index])
    values[np.abs(values) <= _ZERO * scale] = 0.0
    return values, amplitudes


def _dense_blocks(matrix: Any, index: NDArray[np.intp]) -> NDArray[Any]:
    """The blocks on given states, shape (n, s, s), from a sparse matrix that has none between them."""
    count, size = index.shape
    place, within = np.empty(matrix.shape[0], dtype=np.intp), np.empty(matrix.shape[0], dtype=np.intp)
    place[:] = -1
    place[index] = np.arange(count)[:, None]
    within[index] = np.arange(size)
    entries = matrix.tocoo()
    row, column = entries.coords
    held = place[row] >= 0
    blocks = np.zeros((count, size, size), dtype=matrix.dtype)
    blocks[place[row[held]], within[row[held]], within[column[held]]] = entries.data[held]
    return blocks
