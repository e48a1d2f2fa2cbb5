"""The paper's Corollaries 1 and 2 as statements computed from a Redfield tensor R_abcd.

Corollary 1: no element couples a population ρ_cc to a coherence ρ_ab of opposite parities [33].
Corollary 2: the element from ρ_10 to ρ_01 does not vanish; the secular step drops it where 2ΔE T2 ≫ 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .sectors import parity_of

Matrix = NDArray[np.complex128]
# Elements that parity forbids are sums of exact zeros when the operators come from `Levels`; from a dense matrix
# they are rounding.
_ZERO = 1e-12


@dataclass(frozen=True)
class Decoupling:
    """Corollary 1, computed.

    Attributes
    ----------
    largest : float
        Largest |R| between a population and an opposite-parity coherence, in either direction.
    element : tuple of int, or None
        (a, b, c, d) of it; None where it is zero.
    between_sectors : float
        The same for any two elements of ρ in different parity sectors.
    like_parity : float
        Largest |R| between a population and a coherence of like parities, for comparison: it need not vanish.
    scale : float
        Largest |R|.
    parities : tuple of str
        "odd", "even" or "mixed" for each coupling operator, judged on its matrix elements.
    holds : bool
        `largest` is below 1e-12 of `scale`.
    statement : str
        One sentence.
    """

    largest: float
    element: tuple[int, int, int, int] | None
    between_sectors: float
    like_parity: float
    scale: float
    parities: tuple[str, ...]
    holds: bool
    statement: str


@dataclass(frozen=True)
class SecularTerm:
    """Corollary 2, computed.

    Attributes
    ----------
    element : complex
        R_0110, which couples ρ_01 to ρ_10; 0 where the secular step removed it.
    expected : complex
        ½(S(ΔE) + S(-ΔE)) A_01², summed over the baths: γJ01² for Jz and a flat spectrum.
    diagonal : float
        -Re R_0101, the decay coefficient of ρ_01.
    kept : bool
        Whether the element is in the equation.
    secular_parameter : float or None
        2ΔE/diagonal; None without decay.
    statement : str
        One sentence.
    """

    element: complex
    expected: complex
    diagonal: float
    kept: bool
    secular_parameter: float | None
    statement: str


def decoupling(
    tensor: Matrix, parities: NDArray[np.int64], couplings: Sequence[NDArray[Any]], names: Sequence[str]
) -> Decoupling:
    """Corollary 1 from the tensor, the levels' parities and the coupling operators."""
    k = len(parities)
    size = np.abs(tensor)
    relative = np.multiply.outer(parities, parities)  # +1 within the sector of the populations
    diagonal = np.eye(k, dtype=bool)
    crossing = np.not_equal.outer(relative, relative)
    population = np.logical_xor.outer(diagonal, diagonal)  # one of the two is a population, the other a coherence
    forbidden = np.where(crossing & population, size, 0.0)
    scale, largest = float(size.max()), float(forbidden.max())
    where = np.unravel_index(int(forbidden.argmax()), forbidden.shape)
    kinds = tuple({1: "even", -1: "odd", 0: "mixed"}[parity_of(matrix, parities)] for matrix in couplings)
    holds = largest <= _ZERO * scale
    listed = ", ".join(f"{name} is {kind}" for name, kind in zip(names, kinds, strict=True))
    if holds:
        exact = "exactly" if largest == 0.0 else f"to {largest / scale:.0e} of the largest element"
        statement = f"{listed}: populations and opposite-parity coherences decouple {exact}"
    else:
        statement = f"{listed}: populations and opposite-parity coherences couple at {largest:.6g}"
    return Decoupling(
        largest=largest,
        element=None if largest == 0.0 else (int(where[0]), int(where[1]), int(where[2]), int(where[3])),
        between_sectors=float(np.where(crossing, size, 0.0).max()),
        like_parity=float(np.where(~crossing & population, size, 0.0).max()),
        scale=scale,
        parities=kinds,
        holds=holds,
        statement=statement,
    )


def secular_term(tensor: Matrix, parities: NDArray[np.int64], splitting: float, expected: complex) -> SecularTerm:
    """Corollary 2 from the tensor, ΔE and the value expected of the element."""
    if len(parities) < 2 or parities[0] == parities[1]:
        raise InputError("levels must begin with a doublet of opposite parities; got two of the same")
    element, diagonal = complex(tensor[0, 1, 1, 0]), -float(tensor[0, 1, 0, 1].real)
    kept = element != 0.0 or expected == 0.0
    parameter = 2.0 * splitting / diagonal if diagonal > 0.0 else None
    if kept:
        statement = f"ρ_01 couples to ρ_10 at {abs(element):.6g}, beside its own decay at {diagonal:.6g}"
    else:
        statement = f"the secular step drops the coupling of ρ_01 to ρ_10, which is {abs(expected):.6g}"
    if parameter is not None:
        statement += f" (2ΔE T2 = {parameter:.4g})"
    return SecularTerm(element, expected, diagonal, kept, parameter, statement)
