"""A second route to the Lipkin-Meshkov-Glick levels, in multi-precision arithmetic, for the tests only.

Nothing here is shared with the package: the blocks are written down from H = -(J/N) Jz² - Γ Jx with J = 1, their
levels are found by `mpmath.mp.eigsy` (small blocks) or by Rayleigh-quotient iteration from SciPy's double precision
value, proved to be the wanted level by a Sturm count, and the splitting is the plain difference E_1 - E_0, with as
many digits as that needs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from scipy.linalg import eigh_tridiagonal

mp = mpmath.mp


@dataclass(frozen=True)
class Block:
    """One parity block: its m, its diagonal, its off-diagonal."""

    m: list[Any]
    diagonal: list[Any]
    coupling: list[Any]

    def __len__(self) -> int:
        return len(self.m)


@dataclass(frozen=True)
class Exact:
    """A doublet in multi-precision numbers (energies in units of J)."""

    e0: Any
    splitting: Any
    q0: Any
    q1: Any
    j01: Any

    @property
    def log_splitting(self) -> Any:
        return mpmath.log(self.splitting)

    @property
    def g01(self) -> Any:
        return (self.q0 + self.q1) / 2


def blocks(spins: int, field: float) -> tuple[Block, Block]:
    """Even and odd block; `field` is taken as the double that it is."""
    j, g, first = mpmath.mpf(spins) / 2, mpmath.mpf(field), mpmath.mpf(spins % 2) / 2
    m = [first + k for k in range(spins // 2 + 1)]
    diagonal = [-(x * x) / spins for x in m]
    coupling = [-(g / 2) * mpmath.sqrt(j * (j + 1) - x * (x + 1)) for x in m[:-1]]
    if spins % 2:
        # <1/2|H|-1/2> = -(Γ/2)(j + 1/2) becomes a diagonal element of either sign.
        shift = (g / 2) * (j + mpmath.mpf(1) / 2)
        return (
            Block(m, [diagonal[0] - shift, *diagonal[1:]], coupling),
            Block(m, [diagonal[0] + shift, *diagonal[1:]], coupling),
        )
    return (
        Block(m, diagonal, [coupling[0] * mpmath.sqrt(2), *coupling[1:]]),
        Block(m[1:], diagonal[1:], coupling[1:]),
    )


def count_below(block: Block, energy: Any) -> int:
    """Number of levels below `energy` (Sylvester's law of inertia: negative pivots)."""
    pivot = block.diagonal[0] - energy
    negative = int(pivot < 0)
    for d, e in zip(block.diagonal[1:], block.coupling, strict=True):
        pivot = d - energy - e * e / pivot
        negative += pivot < 0
    return negative


def _solve(block: Block, energy: Any, right: list[Any]) -> list[Any]:
    """(T - energy)⁻¹ right, by elimination without pivoting: guard digits pay for the growth."""
    pivots, x = [block.diagonal[0] - energy], [right[0]]
    for d, e, b in zip(block.diagonal[1:], block.coupling, right[1:], strict=True):
        factor = e / pivots[-1]
        pivots.append(d - energy - e * factor)
        x.append(b - factor * x[-1])
    # An energy that is exact to the last digit leaves no last pivot: take the rounding unit in its place.
    x[-1] = x[-1] / (pivots[-1] or mpmath.eps * abs(block.diagonal[-1]))
    for k in range(len(x) - 2, -1, -1):
        x[k] = (x[k] - block.coupling[k] * x[k + 1]) / pivots[k]
    return x


def _dot(a: list[Any], b: list[Any]) -> Any:
    total = mpmath.mpf(0)
    for p, q in zip(a, b, strict=True):
        total += p * q
    return total


def level(block: Block, index: int = 0) -> tuple[Any, list[Any]]:
    """Level number `index` of a block, to the working precision, and its normalised vector (outermost lobe > 0)."""
    if len(block) == 1:
        return block.diagonal[0], [mpmath.mpf(1)]
    values, vectors = eigh_tridiagonal(
        np.array(block.diagonal, dtype=float),
        np.array(block.coupling, dtype=float),
        select="i",
        select_range=(index, index),
    )
    energy = mpmath.mpf(float(values[0]))
    vector = [mpmath.mpf(float(v)) for v in vectors[:, 0]]
    size = max(abs(d) for d in block.diagonal) + max(abs(e) for e in block.coupling)
    goal = size * mpmath.mpf(10) ** (-(mp.dps - 15))
    for _ in range(30):
        solution = _solve(block, energy, vector)
        norm = mpmath.sqrt(_dot(solution, solution))
        # (T - λ) x = v: the Rayleigh quotient of x is λ + <x|v>/<x|x>, and it converges cubically.
        step = _dot(solution, vector) / norm**2
        energy += step
        vector = [x / norm for x in solution]
        if abs(step) < goal:
            break
    else:
        raise AssertionError("Rayleigh-quotient iteration did not settle")
    margin = 1000 * goal
    assert count_below(block, energy - margin) == index
    assert count_below(block, energy + margin) == index + 1
    peak = max(abs(x) for x in vector)
    outermost = next(x for x in reversed(vector) if abs(x) > peak / 1000)
    return energy, vector if outermost > 0 else [-x for x in vector]


def doublet(spins: int, field: float, digits: int = 40) -> Exact:
    """The ground doublet with `digits` digits beyond those that E_1 - E_0 cancels."""
    g = min(field, 1.0)
    m = math.sqrt((1.0 - g) * (1.0 + g))
    action = math.log((1.0 + m) / g) - m
    with mpmath.workdps(digits + 30 + int(spins * action / math.log(10.0))):
        even, odd = blocks(spins, field)
        (e0, u), (e1, v) = level(even), level(odd)
        q0, q1 = (_dot([x * x for x in b.m], [a * a for a in z]) for b, z in ((even, u), (odd, v)))
        skip = len(even) - len(odd)
        j01 = _dot([x * a for x, a in zip(odd.m, v, strict=True)], u[skip:])
        return Exact(e0, e1 - e0, q0, q1, j01)


def dense_doublet(spins: int, field: float, digits: int = 60) -> Exact:
    """The same from mpmath's dense eigensolver on each block: small N, splittings not far below one."""
    with mpmath.workdps(digits):
        found = []
        for block in blocks(spins, field):
            matrix = mpmath.matrix(len(block))
            for k, d in enumerate(block.diagonal):
                matrix[k, k] = d
            for k, e in enumerate(block.coupling):
                matrix[k, k + 1] = matrix[k + 1, k] = e
            values, vectors = mp.eigsy(matrix)
            lowest = min(range(len(block)), key=lambda k: values[k])
            found.append((block, values[lowest], [vectors[k, lowest] for k in range(len(block))]))
        (even, e0, u), (odd, e1, v) = found
        q0, q1 = (_dot([x * x for x in b.m], [a * a for a in z]) for b, _, z in found)
        skip = len(even) - len(odd)
        j01 = abs(_dot([x * a for x, a in zip(odd.m, v, strict=True)], u[skip:]))
        return Exact(e0, e1 - e0, q0, q1, j01)
