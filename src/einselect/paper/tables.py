"""Tables 1 to 3 of the paper, computed.

Units: ħ = 1; second moments of Jz are pure numbers; J/ħ in rad/s follows from k_B T = ΔE(N = 370) at 10 nK.
"""

from __future__ import annotations

import math

from .claim import Measured
from .claims import table3
from .claims.context import Context
from .published import NUMBERS, TABLE_3, TABLE_3_COLUMNS, Published
from .states_table import states
from .table import Cell, Column, Table, cell


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
        return Cell(symbol), cell(bare, published), Cell(measured.unit), Cell(definition)

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
        "Benchmark: N = 370, Γ/J = 0.95, γ_φ = 0.05 1/s, k_B T = ΔE at 10 nK. “paper” is the published number where "
        "its digits "
        "survive. The last two rows are not in the paper's table.",
        (
            Column("symbol", "symbol", numeric=False),
            Column("value", "value"),
            Column("unit", "unit", numeric=False),
            Column("definition", "definition", numeric=False),
        ),
        rows,
        stacked=False,
    )


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
        "γ_φ = 0.05 1/s, k_B T = ħΔE(370) at 10 nK. Each number with its error and, below, the published one; "
        "“blank” marks the six "
        "cells that the paper leaves empty, filled here from ln ΔE of the exact doublet. The error of 2ΔE·T_2 is "
        "that of ΔE(370) = 1309.2 rad/s "
        "as printed; the others are numerical. Last row: the analytic limit.",
        (Column("spins", "N", numeric=False), *(Column(k, h) for k, h in TABLE_3_COLUMNS.items())),
        tuple(rows),
    )
