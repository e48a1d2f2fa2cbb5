"""Every printed cell of Table 3."""

from __future__ import annotations

from ..claim import Catalogue, Measured, Outcome, number
from ..published import TABLE_3, TABLE_3_COLUMNS, Published
from .context import Context

CATALOGUE: Catalogue[Context] = Catalogue("Table 3")

_HOW = {
    "thermal_ratio": "ΔE over ΔE(370), since k_B T = ΔE(370) (so 1 at N = 370 by construction).",
    "g_loc": "(N m*)²/2 with m*² = 1 - 0.95².",
    "g01": "Exact doublet.",
    "eta_mf": "G_loc/G01 of the exact doublet.",
    "gap_ratio": "Exact levels.",
    "secular_parameter": "2ΔE/(γ G01), ΔE in rad/s from ΔE(370) = 1309.2 rad/s, γ = 0.05 1/s.",
}


def cell(context: Context, spins: int, column: str) -> Measured:
    """Our value for a cell of Table 3, with its error."""
    doublet = context.doublet(spins)
    if column == "thermal_ratio":
        value = doublet.splitting / context.benchmark.splitting
        return Measured(value, value * doublet.quality.log_splitting_error * 2.0)
    if column == "g_loc":
        value = doublet.g_loc or 0.0
        return Measured(value, value * 1e-15)
    if column == "gap_ratio":
        value = doublet.gap_ratio or 0.0
        quality = doublet.quality
        return Measured(value, value * (quality.energy_error / (doublet.gap or 1.0) + quality.log_splitting_error))
    if column == "secular_parameter":
        return context.secular(doublet)
    return context.moment(doublet, column)


def _register(spins: int, column: str, published: Published) -> None:
    def judge(context: Context) -> Outcome:
        note = ""
        if column == "secular_parameter" and published.step > 1.0:
            note = " The trailing zero is taken as not significant."
        return number(cell(context, spins, column), published, _HOW[column] + note)

    CATALOGUE.claim(
        f"T3-{spins}-{column}", "Table 3", f"{TABLE_3_COLUMNS[column]} at N = {spins}, Γ/J = 0.95.", published
    )(judge)


for _spins, _row in TABLE_3.items():
    for _column, _published in _row.items():
        if _published is not None:
            _register(_spins, _column, _published)
