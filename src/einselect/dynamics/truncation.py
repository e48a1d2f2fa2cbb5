"""What a truncation to k levels neglects, as a bound on each expectation value of the kept levels.

Let P project on the k levels (eigenstates of H), Q = 1 - P, ρ_k(t) the solution on them and O_k(u) an
observable O = POP in the Heisenberg picture on them. With the generators' difference Δ and Duhamel's formula
used twice, since the true evolution never increases the trace norm (nor its adjoint the operator norm),

    |Tr O(ρ(t) - ρ_k(t))| <= (∫ |Δρ_k|_1 ds + 2√w + w)(∫ |Δ*O_k|_∞ du) + (∫ c_ρ ds) max c_O,

where w is the initial weight outside. The last term is the first-order one: it has the P-block of Δρ_k only,
-½ sum γ{G, ρ_k} with G = P L†QL P, and is bounded by Cauchy-Schwarz with c_ρ = sum γ (Tr G ρ_k)^½,
c_O = max |G^½ O_k|. Both factors carry the small amplitude at the edge of the kept levels: the product is
what makes the bound sharp enough to use. All matrices are exact products of the operators, projected last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..level_set import LevelSet, adjoint
from ..rates import JumpOperator

Array = NDArray[np.float64]
Matrix = NDArray[np.complex128]


@dataclass(frozen=True)
class Edge:
    """How one jump operator L reaches beyond the kept levels; k × k matrices, M = L†L.

    Attributes
    ----------
    rate : float
        γ.
    inside : ndarray
        PLP.
    out, out_dagger : ndarray
        P L†Q L P and P L Q L† P: what L and L† carry out.
    damping : ndarray
        P M Q M P.
    mixed : ndarray
        P L Q M P.
    """

    rate: float
    inside: Matrix
    out: Matrix
    out_dagger: Matrix
    damping: Matrix
    mixed: Matrix


def edge_of(levels: LevelSet, jump: JumpOperator) -> Edge:
    """Set up the matrices of one jump operator."""
    op, square = jump.operator, jump.square()
    dagger = adjoint(op)
    inside, m = levels.matrix(op).astype(complex), levels.matrix(square).astype(complex)
    return Edge(
        jump.rate,
        inside,
        _positive(m - inside.conj().T @ inside),
        _positive(levels.matrix(op @ dagger) - inside @ inside.conj().T),
        _positive(levels.matrix(square @ square) - m @ m),
        np.asarray(levels.matrix(op @ square) - inside @ m, dtype=complex),
    )


def _positive(matrix: Matrix) -> Matrix:
    """The positive part: rounding makes the smallest eigenvalues of such differences negative."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.conj().T)


def _mean(matrix: Matrix, operators: Matrix) -> Array:
    """Tr(X ρ) for each of several ρ, not below zero."""
    return np.asarray(np.maximum(np.einsum("ij,tji->t", matrix, operators).real, 0.0))


def _upper(values: Array, times: Array) -> float:
    """Upper sum of an integral over a grid: each interval takes the larger of its ends."""
    return float(np.sum(np.diff(times) * np.maximum(values[1:], values[:-1])))


@dataclass(frozen=True)
class StateFlow:
    """Integrals of the state: ∫|Δρ|_1 (with the initial weight outside) and ∫ c_ρ."""

    outer: float
    inner: float


def state_flow(edges: Sequence[Edge], states: Matrix, times: Array, outside: float) -> StateFlow:
    """How strongly the states, shape (t, k, k), feel the edge.

    |Aρ^½|² and the like are traces; |Aρ(PLP)† - ½Bρ|_1 <= |Aρ^½||PLPρ^½| + ½|Bρ^½||ρ^½|.
    """
    outer, inner = np.zeros(len(times)), np.zeros(len(times))
    trace = np.einsum("tii->t", states).real
    for edge in edges:
        carried = _mean(edge.out, states)
        kept = _mean(edge.inside.conj().T @ edge.inside, states)
        damped = _mean(edge.damping, states)
        outer += edge.rate * (2.0 * (np.sqrt(carried * kept) + 0.5 * np.sqrt(damped * trace)) + carried)
        inner += edge.rate * np.sqrt(carried * trace)
    return StateFlow(_upper(outer, times) + 2.0 * np.sqrt(outside) + outside, _upper(inner, times))


def error_bound(edges: Sequence[Edge], flow: StateFlow, observables: Matrix, times: Array) -> float:
    """Bound on the error of a Hermitian observable of the kept levels up to the last time.

    Parameters
    ----------
    edges : sequence of Edge
    flow : StateFlow
    observables : ndarray, shape (t, k, k)
        O_k(u) in the Heisenberg picture.
    times : ndarray, shape (t,)

    Returns
    -------
    float
    """
    outer, inner = np.zeros(len(times)), 0.0
    k = observables.shape[1]
    for edge in edges:
        dagger = edge.inside.conj().T
        # O is Hermitian, so all matrices can stand to its right: one product for each time. One for all times together
        # would be so large that BLAS takes threads to it, which wait for each other longer than they work.
        right = np.concatenate(
            (edge.out, edge.out_dagger, edge.inside @ dagger, edge.mixed, dagger, 0.25 * edge.damping), axis=1
        )
        products = (observables @ right).reshape(len(times), k, 6, k)
        carried, far, kept, mixed, turned, damped = (products[:, :, i] for i in range(6))
        # |A'O(PLP) - ½BO|² with A' = QL†P, B = QMP: the cross term is P L Q M P
        square = _trace(far, kept) - _trace(mixed, turned) + _trace(observables, damped)
        corner = np.sqrt(np.maximum(_trace(carried, carried.conj().swapaxes(1, 2)), 0.0))
        twice = _trace(far, far)
        outer += edge.rate * (np.sqrt(np.maximum(square, 0.0)) + np.sqrt(np.maximum(twice, 0.0)) + corner)
        inner = max(inner, float(np.sqrt(np.maximum(_trace(observables, carried), 0.0)).max()))
    return flow.outer * _upper(outer, times) + flow.inner * inner


def _trace(a: Matrix, b: Matrix) -> Array:
    """Re Tr(ab) for each of several pairs of operators."""
    b = b.swapaxes(1, 2)
    return np.asarray(np.einsum("tij,tij->t", a.real, b.real) - np.einsum("tij,tij->t", a.imag, b.imag))
