"""Tables 1 to 3 of the paper, computed.

Units: ħ = 1; second moments of Jz are pure numbers; J/ħ in rad/s follows from k_B T = ΔE(N = 370) at 10 nK.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..doublet import Doublet
from .claim import Measured
from .claims import table3
from .claims.context import Context
from .published import NUMBERS, TABLE_3, TABLE_3_COLUMNS, Published
from .table import Cell, Column, Table, cell

_LIMIT_FROM = 100_000


def tables(context: Context) -> tuple[Table, Table, Table]:
    """Tables 1, 2 and 3.

    Examples
    --------
    >>> from einselect.paper.claims.context import Context
    >>> from einselect.paper.tables import tables
    >>> third = tables(Context())[2]
    >>> [entry.text for entry in third.rows[3]][3:5]
    ['2838.96189', '2.35081528']
    >>> third.mismatches
    []
    """
    return symbols(context), states(context), key_values(context)


def symbols(c: Context) -> Table:
    """Table 1: the symbols, their definitions, and their values at the benchmark."""
    d, row370 = c.benchmark, TABLE_3[c.spins]
    coupling = Measured(c.coupling, c.coupling * c.coupling_error, "rad/s")
    g01 = c.moment(d, "g01")
    t2 = 1.0 / (c.gamma * g01.value)

    def line(symbol: str, definition: str, measured: Measured, published: Published | None = None) -> tuple[Cell, ...]:
        bare = Measured(measured.value, measured.error)
        return Cell(symbol), Cell(definition), cell(bare, published), Cell(measured.unit)

    rows = (
        line("N", "number of spins", Measured(c.spins, 0.0)),
        line("Γ/J", "transverse field over ferromagnetic coupling", Measured(c.field, 0.0)),
        line("J/ħ", "coupling, from k_B T = ΔE(N = 370)", coupling),
        line("m*", "mean-field order parameter sqrt(1 - (Γ/J)²)", Measured(c.order_parameter, 1e-16)),
        line(
            "ΔE/ħ",
            "tunnel splitting (E_1 - E_0)/ħ; equal to k_B T/ħ at 10 nK by choice of J",
            Measured(c.thermal_energy, c.thermal_energy * c.coupling_error, "rad/s"),
            NUMBERS["splitting"],
        ),
        line(
            "ΔE/J",
            "the same in units of the coupling, free of that choice",
            Measured(d.splitting, d.splitting * d.quality.log_splitting_error),
        ),
        line("γ_φ", "rate of Markovian collective dephasing, L = Jz", Measured(c.gamma, 0.0, "1/s")),
        line("G_loc", "mean-field geometric factor (N m*)²/2", table3.cell(c, c.spins, "g_loc"), row370["g_loc"]),
        line("G01", "exact eigenstate factor (<E0|Jz²|E0> + <E1|Jz²|E1>)/2", g01, row370["g01"]),
        line("J01", "exact matrix element <E0|Jz|E1> = <P|Jz|P>", c.moment(d, "j01")),
        line("η_MF", "advantage over the mean-field estimate, G_loc/G01", c.moment(d, "eta_mf"), row370["eta_mf"]),
        line(
            "η_exact",
            "basis-dependent protection factor (G01 + J01²)/G01",
            c.moment(d, "eta_exact"),
            NUMBERS["eta_exact"],
        ),
        line("B", "many-body enhancement (N m*)²/4/G01 = η_MF/2", c.moment(d, "enhancement"), NUMBERS["enhancement"]),
        line("T2", "decay time of ρ_01, 1/(γ_φ G01)", Measured(t2, t2 * g01.error / g01.value, "s")),
    )
    return Table(
        "table1",
        "Table 1. Symbols, with their values at the benchmark",
        "Benchmark: N = 370, Γ/J = 0.95, γ_φ = 0.05 1/s, k_B T = ΔE at 10 nK. “paper” is the published number where its digits "
        "survive. The last two rows are not in the paper's table.",
        (
            Column("symbol", "symbol", numeric=False),
            Column("definition", "definition", numeric=False),
            Column("value", "value"),
            Column("unit", "unit", numeric=False),
        ),
        rows,
        stacked=False,
    )


# --- Table 2 --------------------------------------------------------------------------------------------------------
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
                Cell(s.definition),
                Cell("370"),
                at(s.mean(d), sure),
                at(moment, sure),
                at(s.variance(d), sure),
                at(s.overlap(d)),
                at(s.coefficient(d), sure),
            )
        )
        rows.append((Cell(s.name), Cell(""), Cell("∞, scaled"), *_limits(s, limit)))
    return Table(
        "table2",
        "Table 2. States and bases",
        "Γ/J = 0.95. First row of each state: N = 370. Second row, N → ∞, scaled: <Jz>/(N m*/2), <Jz²>/(N m*/2)², Var(Jz)/N, the "
        "overlap itself, and the coefficient over (N m*/2)²; computed as limits of exact doublets from N = 1, 2, 4 × 10⁵. The coefficient is Eq. 12 "
        "over γ for the coherence with the partner: |E0> with |E1>, |P> with |R>, otherwise with the mirror image. For spin-coherent states the paper's "
        "G_loc leaves out the variance. The paper fixes the instanton vacuum by its centre alone; its width here is that of the zero-point motion.",
        (
            Column("state", "state", numeric=False),
            Column("definition", "definition", numeric=False),
            Column("spins", "N", numeric=False),
            Column("mean", "<Jz>"),
            Column("second_moment", "<Jz²>"),
            Column("variance", "Var(Jz)"),
            Column("pointer_overlap", "|<P|ψ>|"),
            Column("coefficient", "decay coefficient/γ"),
        ),
        tuple(rows),
    )


def _limits(s: _State, limit: Callable[[Callable[[Doublet], float]], Cell]) -> tuple[Cell, ...]:
    """Scaled thermodynamic limits of one state."""
    if s.name.startswith("Dicke"):
        # |m - N m*/2| <= ½ fixes the moments; the overlap falls as N^(-1/4), which has no series in 1/N.
        return tuple(Cell(f"{x:g}", x, 0.0) for x in (1.0, 1.0, 0.0, 0.0, 2.0))
    macroscopic = s.name in ("|E0>", "|E1>")  # variance ~ N²
    return (
        limit(lambda d: s.mean(d) / _well(d)),
        limit(lambda d: (s.variance(d) + s.mean(d) ** 2) / _well(d) ** 2),
        Cell("∞", math.inf, 0.0) if macroscopic else limit(lambda d: s.variance(d) / d.spins),
        limit(s.overlap),
        limit(lambda d: s.coefficient(d) / _well(d) ** 2),
    )


# --- Table 3 --------------------------------------------------------------------------------------------------------
_LIMITS = {
    "thermal_ratio": Cell("0", 0.0, 0.0),
    "g_loc": Cell("(N m*)²/2", math.inf, 0.0),
    "g01": Cell("(N m*)²/4", math.inf, 0.0),
    "eta_mf": Cell("2", 2.0, 0.0),
    "gap_ratio": Cell("∞", math.inf, 0.0),
    "secular_parameter": Cell("0", 0.0, 0.0),
}
"""Leading behaviour for N → ∞ at fixed Γ/J < 1, J, γ and T."""


def key_values(c: Context) -> Table:
    """Table 3: key values at Γ/J = 0.95, with the cells that the paper left blank."""
    rows = []
    for spins, published in TABLE_3.items():
        cells = [
            cell(table3.cell(c, spins, key), published[key], blank=published[key] is None) for key in TABLE_3_COLUMNS
        ]
        rows.append((Cell(str(spins)), *cells))
    rows.append((Cell("∞"), *(_LIMITS[key] for key in TABLE_3_COLUMNS)))
    return Table(
        "table3",
        "Table 3. Key values at Γ/J = 0.95",
        "γ_φ = 0.05 1/s, k_B T = ħΔE(370) at 10 nK. Each number with its error and, below, the published one; “blank” marks the six "
        "cells that the paper leaves empty, filled here from ln ΔE of the exact doublet. The error of 2ΔE·T_2 is that of ΔE(370) = 1309.2 rad/s "
        "as printed; the others are numerical. Last row: the analytic limit.",
        (Column("spins", "N", numeric=False), *(Column(k, h) for k, h in TABLE_3_COLUMNS.items())),
        tuple(rows),
    )
