"""Levels of a Hamiltonian that is given as a dense matrix together with its parity.

Each parity block is diagonalised by itself: a solver on the whole matrix mixes a doublet once its splitting nears
rounding. ΔE is a difference of two energies here, known to about 1e-16 of ‖H‖; the models of this package do better.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError
from ..levels import Levels, Quality
from ..rates import JumpOperator

Matrix = NDArray[Any]
_TOLERANCE = 1e-9
_MOST = 4000


class MatrixLevels(Levels):
    """Levels of a system that is not a collective spin: operators are matrices in its own basis.

    It has all of `Levels` that rates and dynamics use (energies, excitations, parities, `matrix`, `state`, `element`,
    `expectation`). `spins` is the dimension less one, `sites` counts the basis states, and `vectors`
    holds the states as rows, shape (k, dimension). There are no Dicke states, and names such as "Jz" are refused.
    """

    def matrix(self, op: Any) -> NDArray[Any]:
        """<E_a|O|E_b> of a matrix in the basis of the Hamiltonian, dense or sparse."""
        size = self.spins + 1
        if not hasattr(op, "shape") or tuple(op.shape) != (size, size):
            got = f"shape {tuple(op.shape)}" if hasattr(op, "shape") else repr(op)
            raise InputError(f"operator must be a {size} x {size} matrix in the basis of the Hamiltonian; got {got}")
        return np.asarray(self.vectors.conj() @ (op @ self.vectors.T))

    def dicke_vectors(self) -> NoReturn:
        """Refused: there are no Dicke states."""
        raise InputError("Dicke vectors must be asked of a collective spin; got levels of given matrices")

    def amplitudes(self, state: Any) -> NoReturn:
        """Refused: there are no Dicke states."""
        raise InputError("Dicke amplitudes must be asked of a collective spin; got levels of given matrices")

    def __repr__(self) -> str:
        return f"MatrixLevels({len(self)} of {self.spins + 1} levels: E_0 = {float(self.energies[0]):.8g})"

    def __str__(self) -> str:
        lines = [repr(self), "  level  parity  E - E_0"]
        rows = zip(self.parities, self.excitations, strict=True)
        return "\n".join([*lines, *(f"  {n:5d}  {int(p):+6d}  {e:.8g}" for n, (p, e) in enumerate(rows))])

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


@dataclass(frozen=True)
class ImportedSystem:
    r"""A system given by matrices, ready for rates and dynamics.

    Attributes
    ----------
    levels : MatrixLevels
        Its lowest levels. The phase of \|E1> makes the first odd jump operator's <E0|L|E1> positive,
        so that |P> = (|E0> + |E1>)/√2 lies where L is positive.
    jumps : tuple of JumpOperator
        The collapse operators, rate 1 each (QuTiP's have it inside).
    jump_parities : tuple of str
        "odd", "even" or "mixed": as found from ΠLΠ†.
    hamiltonian_defect : float
        ‖ΠHΠ† - H‖/‖H‖ (Frobenius norms, H less its mean).
    jump_defects : tuple of float
        ‖ΠLΠ† ∓ L‖/‖L‖, the smaller of the two.
    warnings : tuple of str
    """

    levels: MatrixLevels
    jumps: tuple[JumpOperator, ...]
    jump_parities: tuple[str, ...]
    hamiltonian_defect: float
    jump_defects: tuple[float, ...]
    warnings: tuple[str, ...]


def _norm(matrix: Matrix) -> float:
    return float(np.linalg.norm(matrix))


def _checked(name: str, matrix: Matrix, size: int) -> Matrix:
    if matrix.ndim != 2 or matrix.shape != (size, size) or not np.issubdtype(matrix.dtype, np.number):
        raise InputError(f"{name} must be a {size} x {size} matrix; got shape {matrix.shape}")
    if not np.all(np.isfinite(matrix)):
        raise InputError(f"{name} must be finite; got NaN or infinite entries")
    return matrix.real.copy() if np.iscomplexobj(matrix) and not np.any(matrix.imag) else matrix


def _involution(parity: Matrix) -> Matrix:
    """Π with the phase that makes Π² = 1, so that its eigenvalues are ±1."""
    size = len(parity)
    unitary = _norm(parity.conj().T @ parity - np.eye(size)) / math.sqrt(size)
    if unitary > _TOLERANCE:
        raise InputError(f"parity must be unitary; got ‖Π†Π - 1‖ = {unitary:.3g} per state")
    square = parity @ parity
    phase = complex(np.trace(square)) / size
    wrong = _norm(square - phase * np.eye(size)) / math.sqrt(size)
    if wrong > _TOLERANCE or abs(abs(phase) - 1.0) > _TOLERANCE:
        raise InputError(f"parity must have a square that is a phase; got ‖Π² - {phase:.3g}‖ = {wrong:.3g} per state")
    hermitian = parity / cmath.sqrt(phase) if abs(phase - 1.0) > 1e-14 else parity
    hermitian = 0.5 * (hermitian + hermitian.conj().T)
    return hermitian.real.copy() if not np.any(np.abs(hermitian.imag) > 1e-14) else np.asarray(hermitian)


def import_system(
    hamiltonian: Matrix, parity: Matrix, jumps: Sequence[Matrix], count: int | None, energy_unit: str
) -> ImportedSystem:
    """Levels and jump operators from matrices in one basis; `interop.qutip.from_qutip` documents the arguments."""
    _checks.one_of("energy_unit", energy_unit, ("J", "rad/s"))
    size = len(hamiltonian) if hamiltonian.ndim else 0
    if not 2 <= size <= _MOST:
        raise InputError(f"hamiltonian must have a dimension from 2 to {_MOST}; got shape {hamiltonian.shape}")
    h, pi = _checked("hamiltonian", hamiltonian, size), _involution(_checked("parity", parity, size))
    keep = size if count is None else _checks.whole("count", count, 2, size)
    centred = h - np.trace(h).real / size * np.eye(size)
    weight = _norm(centred) or 1.0
    skew = _norm(h - h.conj().T) / weight
    if skew > _TOLERANCE:
        raise InputError(f"hamiltonian must be Hermitian; got ‖H - H†‖/‖H‖ = {skew:.3g}")
    defect = _norm(pi @ h @ pi.conj().T - h) / weight
    if defect > _TOLERANCE:
        raise InputError(f"hamiltonian must be unchanged by the parity; got ‖ΠHΠ† - H‖/‖H‖ = {defect:.3g}")
    operators, kinds, defects = [], [], []
    for matrix in jumps:
        jump = _checked("jump operator", matrix, size)
        turned, length = pi @ jump @ pi.conj().T, _norm(jump) or 1.0
        even, odd = _norm(turned - jump) / length, _norm(turned + jump) / length
        operators.append(jump)
        defects.append(min(even, odd))
        kinds.append("mixed" if min(even, odd) > _TOLERANCE else ("odd" if odd < even else "even"))
    energies, parities, vectors, solves = _diagonalise(0.5 * (h + h.conj().T), pi)
    energies, parities, vectors = energies[:keep], parities[:keep] * parities[0], vectors[:keep]
    _fix_phases(vectors, [op for op, kind in zip(operators, kinds, strict=True) if kind == "odd"])
    error = 4.0 * np.finfo(float).eps * float(np.linalg.norm(h, 2)) * math.sqrt(size)
    excitations = energies - energies[0]
    residual = float(np.linalg.norm(h @ vectors.T - vectors.T * energies, axis=0).max())
    same = [float(np.diff(energies[parities == sign]).min(initial=math.inf)) for sign in (1, -1)]
    splitting = float(excitations[1])
    found: Any = vectors  # complex where the Hamiltonian is
    levels = MatrixLevels(
        spins=size - 1,
        energies=energies,
        excitations=excitations,
        parities=parities,
        sites=np.arange(size, dtype=np.float64),
        vectors=found,
        energy_unit=energy_unit,
        quality=Quality(
            residual=residual,
            energy_error=error,
            vector_error=error / max(min(same), 1e-300),
            log_splitting_error=error / splitting if splitting > 0.0 else math.inf,
            edge=0.0,
            window=(0.0, float(size - 1)),
            solves=solves,
        ),
    )
    warnings = [
        f"jump operator {i} has no definite parity: ‖ΠLΠ† ∓ L‖/‖L‖ = {d:.3g}, so populations and opposite-parity "
        "coherences couple"
        for i, (kind, d) in enumerate(zip(kinds, defects, strict=True))
        if kind == "mixed"
    ]
    if parities[0] == parities[1]:
        warnings.append("the two lowest levels have the same parity: they are no tunnelling doublet")
    elif splitting < 10.0 * error:
        warnings.append(f"the splitting {splitting:.3g} is not resolved: rounding of the energies is about {error:.1e}")
    jumps_out = tuple(JumpOperator(op, 1.0) for op in operators)
    return ImportedSystem(levels, jumps_out, tuple(kinds), defect, tuple(defects), tuple(warnings))


def _diagonalise(h: Matrix, pi: Matrix) -> tuple[Matrix, NDArray[np.int64], Matrix, int]:
    """Energies ascending, parities and row vectors, from each block of Π by itself."""
    signs, basis = np.linalg.eigh(pi)
    energies, parities, vectors = [], [], []
    for sign in (1, -1):
        block = basis[:, signs * sign > 0.0]
        if not block.shape[1]:
            continue
        values, inside = np.linalg.eigh(block.conj().T @ h @ block)
        energies.append(values)
        parities.append(np.full(len(values), sign))
        vectors.append((block @ inside).T)
    everything = np.concatenate(energies)
    order = np.argsort(everything, kind="stable")
    return everything[order], np.concatenate(parities)[order], np.concatenate(vectors)[order], len(energies)


def _fix_phases(vectors: Matrix, odd: Sequence[Matrix]) -> None:
    """Largest component of each state positive; then |E1> so that <E0|L|E1> > 0 for the first odd L that joins them."""
    for vector in vectors:
        peak = vector[np.abs(vector).argmax()]
        vector *= np.conj(peak) / abs(peak)
    for jump in odd:
        element = vectors[0].conj() @ jump @ vectors[1]
        if abs(element) <= 1e-12 * _norm(jump):  # a pure lowering operator may join them the other way only
            element = np.conj(vectors[1].conj() @ jump @ vectors[0])
        if abs(element) > 1e-12 * _norm(jump):
            phase = np.conj(element) / abs(element)
            vectors[1] *= phase if np.iscomplexobj(vectors) else np.real(phase)
            return
