"""Many doublets of the Lipkin-Meshkov-Glick model at once, as arrays with one entry a point.

Points whose windows are of like length are solved as one batch. Whatever the batch cannot settle, and points
with very long windows, go through `LMG.doublet` one by one: the numbers agree to rounding.

A point's numbers depend on nothing but the point, to the last bit: the width of its row follows from its own window,
and rows of a batch do not touch each other. However a grid is cut into tables, the answers are the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..moments import Moments, dot_rows, moments
from ..spectrum.batch import ground_rows
from .lmg import ACTION, EDGE, LMG
from .lmg_chain import LMGChain, Window

Array = NDArray[np.float64]
_BATCH_SITES = 1 << 15  # sites in one batch: its five arrays stay in the second-level cache
_SHORTEST, _LONGEST = 3, 1 << 13  # longer chains gain nothing from a batch


@dataclass(frozen=True)
class DoubletTable:
    """Doublets of many points: the same names as `Doublet`, each an array; NaN where a quantity does not exist."""

    points: Sequence[tuple[int, float, float]]
    e0: Array
    e1: Array
    log_splitting: Array
    order_parameter: Array
    moments: Moments
    log_splitting_error: Array
    vector_error: Array

    @property
    def spins(self) -> Array:
        """N of each point."""
        return np.array([n for n, _, _ in self.points], dtype=float)

    def gap(self) -> Array:
        """E_2 - E_0, which takes a further level of every point."""
        return np.array([LMG(n, g, j, energy_unit="J").levels(3).excitations[2] for n, g, j in self.points])

    @property
    def splitting(self) -> Array:
        """ΔE; 0.0 where it underflows."""
        with np.errstate(under="ignore"):
            return np.asarray(np.exp(self.log_splitting))

    @property
    def g_loc(self) -> Array:
        """G_loc = (N m*)²/2 [10]."""
        return 0.5 * (self.spins * self.order_parameter) ** 2

    @property
    def eta_mf(self) -> Array:
        """η_MF = G_loc/G01 [1]."""
        return np.asarray(self.g_loc / self.moments.g01)

    @property
    def depletion(self) -> Array:
        """N m*/2 - J01."""
        return np.asarray(0.5 * self.spins * self.order_parameter - self.moments.j01)


_COLUMNS = (
    "e0", "e1", "log_splitting", "order_parameter", "j01", "leakage_even", "leakage_odd", "log_splitting_error",
    "vector_error",
)  # fmt: skip


def doublet_table(points: Sequence[tuple[int, float, float]], *, splitting: bool = True) -> DoubletTable:
    """Doublets at many points (N, Γ, J); energies in the unit of Γ and J.

    Parameters
    ----------
    points : sequence of (int, float, float)
    splitting : bool
        Whether ΔE is needed; without it `log_splitting` is NaN and high barriers cost nothing.

    Returns
    -------
    DoubletTable
    """
    table = np.empty((len(points), len(_COLUMNS)))
    chains = [LMGChain(n, g / j) for n, g, j in points]
    windows = [chain.window(ACTION) for chain in chains]
    alone = []
    for batch in _batches(windows):
        rest = batch
        length = windows[batch[0]].stop - windows[batch[0]].start
        if _SHORTEST <= length <= _LONGEST:
            width = _width(length)
            rows, good = _solve([chains[k] for k in batch], [windows[k] for k in batch], width, splitting)
            table[[k for k, ok in zip(batch, good, strict=True) if ok]] = rows[good]
            rest = [k for k, ok in zip(batch, good, strict=True) if not ok]
        alone += rest
    scale = np.array([j for _, _, j in points])
    table[:, :2] *= scale[:, None]
    table[:, 2] += np.log(scale)
    for k in alone:
        n, g, j = points[k]
        d = LMG(n, g, j, energy_unit="J").doublet()
        m_star = math.nan if d.order_parameter is None else d.order_parameter
        table[k, :4] = d.e0, d.e1, d.log_splitting if splitting else math.nan, m_star
        table[k, 4:] = d.j01, d.leakage_even, d.leakage_odd, d.quality.log_splitting_error, d.quality.vector_error
    e0, e1, log_splitting, order_parameter, j01, even, odd, log_error, vector_error = table.T
    return DoubletTable(
        points=points,
        e0=e0,
        e1=e1,
        log_splitting=log_splitting,
        order_parameter=order_parameter,
        moments=Moments(j01, even, odd),
        log_splitting_error=log_error,
        vector_error=vector_error,
    )


def _width(length: int) -> int:
    """Width of a row: one spare site, so that every twist has a right neighbour, rounded up by an eighth at most."""
    step = max(8, 1 << max(0, length.bit_length() - 4))
    return -(-(length + 1) // step) * step


def _batches(windows: Sequence[Window]) -> Iterator[list[int]]:
    """Points grouped by width of row, in groups of bounded size; cut windows apart from whole ones."""
    groups: dict[tuple[bool, int], list[int]] = {}
    for k, window in enumerate(windows):
        length = window.stop - window.start
        inside = _SHORTEST <= length <= _LONGEST
        groups.setdefault((window.start > 0, _width(length) if inside else -1), []).append(k)
    for (_, width), group in groups.items():
        most = max(1, _BATCH_SITES // (2 * width)) if width > 0 else len(group)
        for start in range(0, len(group), most):
            yield group[start : start + most]


def _solve(
    chains: list[LMGChain], windows: list[Window], width: int, splitting: bool
) -> tuple[Array, NDArray[np.bool_]]:
    """Columns of the table for one batch, energies in units of J, and which points are good."""
    count, whole = len(chains), windows[0].start == 0
    spins = np.array([c.spins for c in chains], dtype=float)
    begin = np.array([c.first + w.start for c, w in zip(chains, windows, strict=True)])
    length = np.array([w.stop - w.start for w in windows])
    twist = np.array([w.twist - w.start for w in windows])
    x = np.arange(width)
    m: Array = begin[:, None] + x
    diagonal, coupling = _entries(chains, spins, m)
    used = x < length[:, None]
    lift = np.array([4.0 * c.scale + 1.0 for c in chains])
    diagonal = np.where(used, diagonal, lift[:, None])
    coupling = np.where(x < length[:, None] - 1, coupling, 0.0)
    guesses = np.array([c.guesses() for c in chains])
    tolerance = np.array([c.tolerance for c in chains])
    if whole:
        diagonal, coupling = np.concatenate((diagonal, diagonal)), np.concatenate((coupling, coupling))
        for k, chain in enumerate(chains):
            even, odd = chain.ends()
            diagonal[k, 0], coupling[k, 0] = even
            diagonal[count + k, 0], coupling[count + k, 0] = (lift[k], 0.0) if odd is None else odd
        twice = np.concatenate((twist, twist))
        solved = ground_rows(diagonal, coupling, twice, guesses.T.reshape(-1), np.concatenate((tolerance, tolerance)))
    else:
        solved = ground_rows(diagonal, coupling, twist, guesses.mean(axis=1), tolerance)
    step, good = solved.step[:count], solved.settled[:count].copy()
    if whole:
        step, good = np.maximum(step, solved.step[count:]), good & solved.settled[count:]
    good &= _edge(chains, windows, solved.vectors, length, twist) <= EDGE
    even_vectors = solved.vectors[:count]
    odd_vectors = solved.vectors[count:] if whole else even_vectors
    found = moments(m, even_vectors, odd_vectors, dot_rows)
    log_t = np.array([c.log_t for c in chains])
    if not splitting:
        log_splitting = np.full(count, np.nan)
    elif whole:
        half = np.array([1 if c.first else 0 for c in chains])
        first_odd = np.where(half, odd_vectors[:, 0], odd_vectors[:, 1])
        inner = dot_rows(even_vectors[:, 1:], odd_vectors[:, 1:])[:, 0] + half * even_vectors[:, 0] * odd_vectors[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            log_splitting = log_t + np.log(even_vectors[:, 0] * first_odd / inner)
    else:
        log_splitting = np.array(
            [
                c.log_splitting_of_tails(w.twist, float(e), float(v[w.twist - w.start]))
                for c, w, e, v in zip(chains, windows, solved.energies, even_vectors, strict=True)
            ]
        )
    reference = np.array([c.reference for c in chains])
    errors = [c.log_splitting_error(w, float(s)) for c, w, s in zip(chains, windows, step, strict=True)]
    columns = (
        reference + solved.energies[:count],
        reference + np.maximum(solved.energies[:count], solved.energies[-count:]),
        log_splitting,
        np.array([c.order_parameter if c.g < 1.0 else math.nan for c in chains]),
        found.j01[:, 0],
        found.leakage_even[:, 0],
        found.leakage_odd[:, 0],
        np.array(errors),
        np.array([c.vector_error(float(s)) for c, s in zip(chains, step, strict=True)]),
    )
    return np.stack(columns, axis=1), good & (np.isfinite(log_splitting) | (not splitting))


def _entries(chains: list[LMGChain], spins: Array, m: Array) -> tuple[Array, Array]:
    """`LMGChain.entries` for many chains: shifted diagonals and couplings."""
    squares = m * m
    j = 0.5 * spins
    coupling = np.sqrt(np.maximum((j * (j + 1.0))[:, None] - squares - m, 0.0))
    coupling *= np.array([-0.5 * c.g for c in chains])[:, None]
    squares = np.array([c.square for c in chains])[:, None] - squares
    squares *= (1.0 / spins)[:, None]
    squares += np.array([c.bottom for c in chains])[:, None]
    return squares, coupling


def _edge(
    chains: list[LMGChain], windows: list[Window], vectors: Array, length: NDArray[np.int64], twist: NDArray[np.int64]
) -> Array:
    """Amplitude at the cut edges relative to the twist site, the larger of both parities."""
    count = len(chains)
    right_cut = np.array([w.stop < c.sites for c, w in zip(chains, windows, strict=True)])
    left_cut = np.array([w.start > 0 for w in windows])
    result = np.zeros(count)
    for part in (vectors[:count], vectors[count:]):
        if len(part):
            rows = np.arange(count)
            edges = np.maximum(part[rows, length - 1] * right_cut, part[:, 0] * left_cut)
            result = np.maximum(result, edges / part[rows, twist])
    return result
