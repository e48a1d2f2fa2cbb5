"""Every number of the paper that can still be read, once, with the step of its last digit.

The paper is S. Mouslopoulos, "Which Coherence Decoheres? Basis-Dependent Decoherence Rates in Symmetry-Broken
Collective Spin Systems", arXiv:2605.00952 (2026). In the plain text that the audit reads line by line most
mathematics is missing, so each number says where it was read (`Source`). A number that could not be restored is
not here: its claim is listed with "lost from the text".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where the digits of a published number were read."""

    TEXT = "the plain text of the paper"
    ABSTRACT = "the abstract as listed by arXiv"
    RESTORED = "the paper's mathematics, restored"
    IMPLIED = "other published digits"


@dataclass(frozen=True)
class Published:
    """One published number.

    Parameters
    ----------
    key : str
        Name in `NUMBERS`, or column name in `TABLE_3`.
    section : str
        Section of the paper where it is printed (first of several).
    digits : str
        The number as printed.
    step : float
        One unit of its last significant digit; a value agrees when it is within half of it.
    unit : str
        Unit as printed; empty for a pure number.
    source : Source
        Where the digits were read.

    Examples
    --------
    >>> number = NUMBERS["eta_exact"]
    >>> number.value, number.tolerance, number.text
    (1.86, 0.005, '1.86')
    """

    key: str
    section: str
    digits: str
    step: float
    unit: str = ""
    source: Source = Source.RESTORED

    @property
    def value(self) -> float:
        """The printed number as a float."""
        return float(self.digits)

    @property
    def tolerance(self) -> float:
        """Half a unit of the last significant digit."""
        return 0.5 * self.step

    @property
    def text(self) -> str:
        """The number with its unit."""
        return f"{self.digits} {self.unit}".strip()


# --- the benchmark ------------------------------------------------------------------------------------------------
BENCHMARK_SPINS = 370
BENCHMARK_FIELD = 0.95  # Γ/J
BENCHMARK_GAMMA = 0.05  # γ_φ in 1/s
BENCHMARK_TEMPERATURE = 10.0  # nK; k_B T = ħ ΔE(N = 370) fixes J

_NUMBERS = (
    Published("eta_mf_peak", "Abstract", "2.42", 0.01, source=Source.ABSTRACT),
    Published("eta_exact", "Abstract", "1.86", 0.01, source=Source.ABSTRACT),
    Published("eta_limit", "Abstract", "2", 1e-6, source=Source.ABSTRACT),  # a limit: exact, not rounded
    Published("temperature", "1", "10", 1.0, "nK"),
    Published("splitting", "2", "1309.2", 0.1, "rad/s"),
    Published("enhancement", "3.2", "1.175", 0.001),
    Published("enhancement_peak", "3.2", "1.21", 0.01, source=Source.IMPLIED),
    Published("overestimate", "3.2", "1.262", 0.001),
    Published("overestimate_percent", "3.2", "26.2", 0.1, "%", Source.TEXT),
    Published("depletion_370", "3.1", "8.26", 0.01),
    Published("depletion_2000", "3.1", "6.1", 0.1),
    Published("secular_benchmark", "3.2", "18", 1.0),
    Published("k3_benchmark", "7.2", "1.32", 0.01),
    Published("threshold_c", "7.2", "0.289", 0.001, "1/s"),
    Published("ratio_b_a", "7.2", "2.35", 0.01),
    Published("ratio_c_b", "7.2", "2.47", 0.01),
    Published("ratio_c_a", "7.2", "5.8", 0.1),
    # 0.289 / 2.47 and 0.289 / 5.8, each as uncertain as the printed digits leave it
    Published("threshold_b", "7.2", "0.1170", 0.0009, "1/s", Source.IMPLIED),
    Published("threshold_a", "7.2", "0.0498", 0.001, "1/s", Source.IMPLIED),
    # N (η_MF - 2) from the η_MF cells of Table 3, which are printed to 0.001
    Published("slope_500", "5.3", "123.0", 0.5, source=Source.IMPLIED),
    Published("slope_1000", "5.3", "103.0", 1.0, source=Source.IMPLIED),
    Published("slope_2000", "5.3", "96.0", 2.0, source=Source.IMPLIED),
)
NUMBERS: dict[str, Published] = {number.key: number for number in _NUMBERS}
"""The numbers of the running text, by key."""

TABLE_3_COLUMNS: dict[str, str] = {
    "thermal_ratio": "ΔE/k_BT",
    "g_loc": "G_loc",
    "g01": "G_01",
    "eta_mf": "η_MF",
    "gap_ratio": "(E_2-E_0)/(E_1-E_0)",
    "secular_parameter": "2ΔE·T_2",
}
"""Columns of Table 3 (Γ/J = 0.95), in print order: key and heading."""

# Trailing zeros of 1510 and 230 are read as not significant (three and two digits), which is how they come out.
_TABLE_3: dict[int, tuple[tuple[str, float] | None, ...]] = {
    100: (("7.33", 0.01), ("488", 1.0), ("254", 1.0), ("1.917", 0.001), ("3.0", 0.1), ("1510", 10.0)),
    200: (("3.63", 0.01), ("1950", 1.0), ("828", 1.0), ("2.354", 0.001), ("4.1", 0.1), ("230", 10.0)),
    300: (("1.75", 0.01), ("4388", 1.0), ("1827", 1.0), ("2.402", 0.001), ("6.9", 0.1), ("50", 1.0)),
    370: (("1.00", 0.01), ("6674", 1.0), ("2839", 1.0), ("2.351", 0.001), ("11.4", 0.1), ("18", 1.0)),
    500: (("0.32", 0.01), ("12188", 1.0), ("5425", 1.0), ("2.246", 0.001), ("37.3", 0.1), ("3", 1.0)),
    1000: (None, ("48750", 1.0), ("23180", 1.0), ("2.103", 0.001), None, None),
    2000: (None, ("195000", 1.0), ("95214", 1.0), ("2.048", 0.001), None, None),
}

TABLE_3: dict[int, dict[str, Published | None]] = {
    spins: {
        column: None if cell is None else Published(column, "5.1", cell[0], cell[1], source=Source.TEXT)
        for column, cell in zip(TABLE_3_COLUMNS, cells, strict=True)
    }
    for spins, cells in _TABLE_3.items()
}
"""Table 3 by N and column key; None where the paper left the cell blank."""
