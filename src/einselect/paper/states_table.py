"""Table 2 of the paper, computed: the states and bases at N = 370 and in the thermodynamic limit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..doublet import Doublet
from .claim import Measured
from .claims.context import Context
from .table import Cell, Column, Table, cell

_LIMIT_FROM = 100_000


@dataclass(frozen=True)
class _State:
    """One row of Table 2: <Jz>, variance and overlap with |P> of a state at the doublet's N, and what it is.

    The decay coefficient of its coherence with its partner is Eq. 12 for means a, b and variances: with equal second
    moments q and means (0, 0) or (+a, -a) it is q or q + a².
    """

    name: str
    definition: str
    mean: Callable[[Doublet], float]
    variance: Callable[[Doublet], float]
    overlap: Callable[[Doublet], float]
    coefficient: Callable[[Doublet], float]
    classical: bool = False  # given by N and Γ/J alone, without a doublet

    @property
    def within(self) -> bool:
        """Whether it lies in the doublet, so that its overlap with |P> is a pure number."""
        return not self.classical


def _well(d: Doublet) -> float:
    return 0.5 * d.spins * float(d.order_parameter or 0.0)


def _field(d: Doublet) -> float:
    return math.sqrt(1.0 - float(d.order_parameter or 0.0) ** 2)


def _harmonic_variance(d: Doublet) -> float:
    return 0.25 * d.spins * _field(d) ** 2 / float(d.order_parameter or 1.0)


def _harmonic_overlap(d: Doublet) -> float:
    """<ground state of the harmonic well|P>, a Gaussian in m around N m*/2."""
    p, width = d.state("P"), _harmonic_variance(d)
    gauss = np.exp(-((p.m - _well(d)) ** 2) / (4.0 * width)) / (2.0 * math.pi * width) ** 0.25
    return float(gauss @ p.amplitudes)


def _nearest(d: Doublet) -> float:
    """The m of the Dicke state nearest to N m*/2."""
    return round(_well(d) - 0.5 * (d.spins % 2)) + 0.5 * (d.spins % 2)


def _dicke_overlap(d: Doublet) -> float:
    p = d.state("P")
    return float(p.amplitudes[int(np.argmin(np.abs(p.m - _nearest(d))))])


def _coherent_variance(d: Doublet) -> float:
    return 0.25 * d.spins * _field(d) ** 2


_STATES = (
    _State("|E0>", "energy eigenstate, even", lambda d: 0.0, lambda d: d.q0, lambda d: math.sqrt(0.5), lambda d: d.g01),
    _State("|E1>", "energy eigenstate, odd", lambda d: 0.0, lambda d: d.q1, lambda d: math.sqrt(0.5), lambda d: d.g01),
    _State(
        "|P>",
        "exact pointer state (|E0> + |E1>)/√2",
        lambda d: d.j01,
        lambda d: d.leakage,
        lambda d: 1.0,
        lambda d: d.g01 + d.j01**2,
    ),
    _State(
        "|R>",
        "exact pointer state (|E0> - |E1>)/√2",
        lambda d: -d.j01,
        lambda d: d.leakage,
        lambda d: 0.0,
        lambda d: d.g01 + d.j01**2,
    ),
    _State(
        "instanton vacuum",
        "ground state of the harmonic well around the classical minimum (WKB)",
        _well,
        _harmonic_variance,
        _harmonic_overlap,
        lambda d: 2.0 * _well(d) ** 2 + _harmonic_variance(d),
        classical=True,
    ),
    _State(
        "spin-coherent |+θ*>",
        "mean-field product state",
        _well,
        _coherent_variance,
        lambda d: d.spin_coherent_overlap("P"),
        lambda d: 2.0 * _well(d) ** 2 + _coherent_variance(d),
        classical=True,
    ),
    _State(
        "Dicke |m>",
        "eigenstate of J² and Jz, m nearest to N m*/2",
        _nearest,
        lambda d: 0.0,
        _dicke_overlap,
        lambda d: 2.0 * _nearest(d) ** 2,
        classical=True,
    ),
)


def states(c: Context) -> Table:
    """Table 2: the states and bases, at N = 370 and in the thermodynamic limit."""
    d = c.benchmark
    relative = d.quality.vector_error * d.spins**2 / (2.0 * d.g01) + 1e-13

    def at(value: float, exact: bool = False) -> Cell:
        return cell(Measured(value, abs(value) * (1e-15 if exact else relative)))

    def limit(quantity: Callable[[Doublet], float]) -> Cell:
        value = c.limit(quantity, _LIMIT_FROM)
        if abs(value.value) <= 10.0 * value.error:
            return Cell("0", 0.0, 0.0)
        return cell(Measured(value.value, max(value.error, 1e-12)))

    rows: list[tuple[Cell, ...]] = []
    for s in _STATES:
        sure = s.classical
        moment = s.variance(d) + s.mean(d) ** 2
        rows.append(
            (
                Cell(s.name),
                Cell(str(c.spins)),
                at(s.mean(d), sure),
                at(moment, sure),
                at(s.variance(d), sure),
                at(s.overlap(d), s.within),
                at(s.coefficient(d), sure),
                Cell(s.definition),
            )
        )
        rows.append((Cell(s.name), Cell("∞"), *_limits(s, limit, at(s.overlap(d), True)), Cell(s.definition)))
    return Table(
        "table2",
        "Table 2. States and bases",
        "Γ/J = 0.95. First row of each state: N = 370. Second row: N → ∞, where the columns are <Jz>/(N m*/2), "
        "<Jz²>/(N m*/2)², Var(Jz)/N, the overlap itself, and the coefficient over (N m*/2)²; computed as limits of "
        "exact doublets from N = 1, 2, 4 × 10⁵. Γ_ab is the decay coefficient of Eq. 12 for the coherence with the "
        "partner: |E0> with |E1>, |P> with |R>, otherwise with the mirror image. For spin-coherent states the paper's "
        "G_loc leaves out the variance. The paper fixes the instanton vacuum by its centre alone; its width here is "
        "that of the zero-point motion.",
        (
            Column("state", "state", numeric=False),
            Column("spins", "N", numeric=False),
            Column("mean", "<Jz>"),
            Column("second_moment", "<Jz²>"),
            Column("variance", "Var(Jz)"),
            Column("pointer_overlap", "|<P|ψ>|"),
            Column("coefficient", "Γ_ab/γ"),
            Column("definition", "definition", numeric=False),
        ),
        tuple(rows),
    )


def _limits(s: _State, limit: Callable[[Callable[[Doublet], float]], Cell], overlap: Cell) -> tuple[Cell, ...]:
    """Scaled thermodynamic limits of one state; `overlap` is that at finite N."""
    if s.name.startswith("Dicke"):
        # |m - N m*/2| <= ½ fixes the moments; the overlap falls as N^(-1/4), which has no series in 1/N.
        return tuple(Cell(f"{x:g}", x, 0.0) for x in (1.0, 1.0, 0.0, 0.0, 2.0))
    macroscopic = s.name in ("|E0>", "|E1>")  # variance ~ N²
    return (
        limit(lambda d: s.mean(d) / _well(d)),
        limit(lambda d: (s.variance(d) + s.mean(d) ** 2) / _well(d) ** 2),
        Cell("∞", math.inf, 0.0) if macroscopic else limit(lambda d: s.variance(d) / d.spins),
        overlap if s.within else limit(s.overlap),
        limit(lambda d: s.coefficient(d) / _well(d) ** 2),
    )
