"""Levels of any system from its Hamiltonian, parity and operators as matrices: both blocks solved and joined."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..level_set import Quality
from ..matrix_levels import MatrixLevels, MatrixOperator
from ..spectrum.blocks import Block, parity_bases, solve_block, solve_free
from ..spectrum.refined_splitting import RefinedSplitting
from ..spectrum.symmetry import identity, matrix_free


def levels_by_parity(
    hamiltonian: Any,
    parity: Any,
    count: int,
    operators: Mapping[str, MatrixOperator],
    energy_unit: str = "plain",
    cut: float = 0.0,
) -> MatrixLevels:
    """The `count` lowest levels, each parity block solved by itself.

    Parameters
    ----------
    hamiltonian : matrix
        Hermitian: dense, sparse or matrix-free.
    parity : matrix
        An involution of the same kind that commutes with it.
    count : int
    operators : mapping of str to MatrixOperator
        Named operators; the first odd one fixes the phase of the second state.
    energy_unit : str
    cut : float
        Error of the energies by a truncation of the space, to be added to that by rounding.

    Returns
    -------
    MatrixLevels
        Parities relative to the ground state. A splitting below rounding is given as 0 with a bound.
    """
    return joined(parity_blocks(hamiltonian, parity, count), (1, -1), count, operators, energy_unit, cut)


def parity_blocks(hamiltonian: Any, parity: Any, count: int) -> list[Block | None]:
    """The even and the odd block, solved; None where there are no such states."""
    if matrix_free(hamiltonian):
        return [solve_free(hamiltonian, parity, sign, count) for sign in (1, -1)]
    return [solve_block(hamiltonian, basis, count) for basis in parity_bases(parity)]


def levels_without_parity(
    hamiltonian: Any, count: int, operators: Mapping[str, MatrixOperator], energy_unit: str = "plain", cut: float = 0.0
) -> MatrixLevels:
    """The `count` lowest levels of a Hamiltonian without parity; pointer states by the first operator."""
    if matrix_free(hamiltonian):
        block: Block | None = solve_free(hamiltonian, None, 0, count)
    else:
        block = solve_block(hamiltonian, identity(hamiltonian), count)
    return joined([block], (0,), count, operators, energy_unit, cut)


def joined(
    blocks: Sequence[Block | None],
    signs: tuple[int, ...],
    count: int,
    operators: Mapping[str, MatrixOperator] = MappingProxyType({}),
    energy_unit: str = "plain",
    cut: float = 0.0,
) -> MatrixLevels:
    """Levels of all blocks by energy; a doublet below rounding begins with the block that comes first."""
    present = [(block, sign) for block, sign in zip(blocks, signs, strict=True) if block is not None]
    energies = np.concatenate([block.energies for block, _ in present])
    errors = np.concatenate([block.error for block, _ in present]) + cut
    parities = np.concatenate([np.full(len(block.energies), sign) for block, sign in present])
    vectors: NDArray[Any] = np.concatenate([block.vectors for block, _ in present])
    order = np.argsort(energies, kind="stable")[:count]
    if len(order) < 2:
        raise InputError(f"the system must have at least two levels; got {len(order)}")
    error = float(errors[order[:2]].sum())
    splitting = float(energies[order[1]] - energies[order[0]])
    for n in range(len(order) - 1):  # where it is not known which of two is lower, they keep the order of the blocks
        lower, upper = order[n : n + 2]
        if energies[upper] - energies[lower] <= errors[upper] + errors[lower] and parities[upper] > parities[lower]:
            order[n], order[n + 1] = upper, lower
    energies, parities, vectors = energies[order], parities[order], vectors[order].copy()
    energies = np.maximum.accumulate(energies)
    if splitting <= error:
        energies[:2] = energies[:2].min()
    parities = parities * (parities[0] or 1)
    _fix_phases(vectors, list(operators.values()))
    levels = MatrixLevels(
        energies=energies,
        excitations=energies - energies[0],
        parities=parities,
        vectors=vectors,
        energy_unit=energy_unit,
        quality=Quality(
            residual=max(block.residual for block, _ in present),
            energy_error=float(errors[order].max()),
            vector_error=_vector_error(present, order[:2], cut),
            log_splitting_error=error / splitting if splitting > error else math.inf,
            edge=0.0,
            window=(0.0, float(vectors.shape[1] - 1)),
            solves=len(present),
        ),
        operators=dict(operators),
    )
    if parities[0]:
        return levels
    first = next(iter(operators.values()), None)
    angle = math.pi / 4 if first is None else pointer_angle(levels.matrix(first)[:2, :2])
    return MatrixLevels(**{**vars(levels), "mixing": angle})


def _vector_error(present: Sequence[tuple[Block, int]], lowest: NDArray[np.intp], cut: float) -> float:
    """Error of energy over the distance of the next level of the same block, of the two lowest states.

    States above them may be degenerate within a block, which leaves the moments of the doublet as they are.
    """
    worst, first = 0.0, 0
    for block, _ in present:
        for own in (lowest[(lowest >= first) & (lowest < first + len(block.energies))] - first).tolist():
            gap = float(np.abs(np.delete(block.energies, own) - block.energies[own]).min(initial=math.inf))
            error = float(block.error[own]) + cut
            worst = max(worst, error / gap if gap > 0.0 else math.inf)
        first += len(block.energies)
    return worst


def _fix_phases(vectors: NDArray[Any], operators: list[MatrixOperator]) -> None:
    """Largest component of each state positive; then |E1> by the first operator of odd or no parity that joins them."""
    for vector in vectors:
        peak = vector[np.abs(vector).argmax()]
        vector *= np.conj(peak) / abs(peak)
    for op in operators:
        if op.parity > 0:
            continue
        image = op @ vectors[:2].T
        scale = float(np.linalg.norm(image))
        element = vectors[0].conj() @ image[:, 1]
        if abs(element) <= 1e-12 * scale:  # a pure lowering operator may join them the other way only
            element = np.conj(vectors[1].conj() @ image[:, 0])
        if abs(element) > 1e-12 * scale:
            phase = np.conj(element) / abs(element)
            vectors[1] *= phase if np.iscomplexobj(vectors) else np.real(phase)
            return


def pointer_angle(operator: NDArray[Any]) -> float:
    """φ of the state cos φ|E0> + sin φ|E1> in which a 2 × 2 Hermitian part is largest, 0 <= φ <= π/2.

    <E0|L|E1> is taken as real and positive, as the levels' phases make it.
    """
    hermitian = 0.5 * (operator + operator.conj().T)
    return 0.5 * math.atan2(2.0 * abs(hermitian[0, 1]), float((hermitian[0, 0] - hermitian[1, 1]).real))


def with_splitting(levels: MatrixLevels, exact: RefinedSplitting) -> MatrixLevels:
    """The levels with a splitting that is known better than the difference of their energies."""
    excitations = levels.excitations.copy()
    excitations[1] = exact.value
    return replace(levels, excitations=excitations, quality=replace(levels.quality, log_splitting_error=exact.error))
