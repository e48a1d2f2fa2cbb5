"""The numbers of the paper's appendices: numerical checks (A), the two channels and the depletion (B), the modes (C).

Where the paper's digits are lost its quantity is computed all the same; where they survive they stand beside ours.
"""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass

import numpy as np

from .._version import __version__
from ..models import LMG
from .claim import Measured
from .claims.context import Context
from .claims.numerics import recipes
from .claims.twolevel import bloch_generator, superoperator
from .published import NUMBERS, TABLE_3, Published
from .table import Cell, Column, Table, cell

VALUE = "value"
"""Heading of a section's only column, for numbers at the benchmark."""


@dataclass(frozen=True)
class Row:
    """One quantity: its key, what it is, its unit, and its cells by column heading."""

    key: str
    label: str
    unit: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Section:
    """One group of numbers: a quantity a line, one column for each N (or one column, ``VALUE``)."""

    name: str
    title: str
    caption: str
    rows: tuple[Row, ...]

    @property
    def headings(self) -> list[str]:
        """Columns, in the order in which they first come."""
        return list(dict.fromkeys(heading for row in self.rows for heading in row.cells))

    def table(self) -> Table:
        """The section as a table for reading."""
        single = self.headings == [VALUE]
        columns = [Column("quantity", "quantity", numeric=False)]
        columns += [Column(heading, heading) for heading in self.headings]
        columns += [Column("unit", "unit", numeric=False)] if single else []
        rows = []
        for row in self.rows:
            label = row.label if single or not row.unit else f"{row.label} ({row.unit})"
            numbers = [row.cells.get(heading, Cell("")) for heading in self.headings]
            rows.append((Cell(label), *numbers, *([Cell(row.unit)] if single else [])))
        return Table(self.name, self.title, self.caption, tuple(columns), tuple(rows), stacked=not single)


def appendix(c: Context) -> tuple[Section, ...]:
    """All sections, in the order of the paper.

    Examples
    --------
    >>> from einselect.paper.appendix import appendix
    >>> from einselect.paper.claims.context import Context
    >>> sections = {section.name: section for section in appendix(Context())}
    >>> [row.cells["value"].text for row in sections["C-modes"].rows if row.key == "limit_ratio"]
    ['0.734576499']
    """
    return (_checks(c), _convergence(c), _channels(c), _suppression(c), _scales(c), _modes(c))


def _spins(n: int) -> str:
    return f"N = {n}"


def _noise(value: float) -> Cell:
    """A rounding residual: its size is all that it says."""
    return Cell(f"{value:.0e}" if value else "0", value)


def _text(value: float, digits: int = 6) -> Cell:
    return Cell(f"{value:.{digits}g}", value)


def _one(key: str, label: str, measured: Measured, published: Published | None = None) -> Row:
    return Row(key, label, measured.unit, {VALUE: cell(Measured(measured.value, measured.error), published)})


# --- A --------------------------------------------------------------------------------------------------------------
def _checks(c: Context) -> Section:
    own: dict[str, dict[str, Cell]] = {key: {} for key in ("completeness", "asymmetry")}
    whole: dict[str, dict[str, Cell]] = {key: {} for key in ("completeness", "asymmetry", "mean", "splitting")}
    for n, recipe in recipes(c).items():
        levels = LMG(n, c.field).levels(n + 1)
        vectors = levels.dicke_vectors()
        m = np.arange(n + 1) - 0.5 * n
        row = vectors @ (m * vectors[0])
        even = vectors[levels.parities > 0]
        head = _spins(n)
        own["completeness"][head] = _noise(abs(float(row @ row) / c.doublet(n).q0 - 1.0))
        own["asymmetry"][head] = _noise(float(np.abs(even - even[:, ::-1]).max()))
        whole["completeness"][head] = _noise(recipe.completeness)
        whole["asymmetry"][head] = _noise(recipe.asymmetry)
        whole["mean"][head] = _noise(recipe.mean)
        whole["splitting"][head] = _noise(abs(recipe.splitting / c.doublet(n).splitting - 1.0))
    zero = {_spins(n): _noise(abs(c.levels(n, 2).expectation("Jz", "E0"))) for n in TABLE_3}
    return Section(
        "A-checks",
        "Appendix A. Numerical checks",
        "“blocks”: the two parity blocks solved one by one, as here; “whole”: the whole matrix at once, as in the paper. The paper's own residuals are "
        "lost. Rounding residuals: their sizes depend on the machine in the last digit.",
        (
            Row("completeness_blocks", "|Σ_n <E0|Jz|E_n>²/<E0|Jz²|E0> - 1|, blocks", "", own["completeness"]),
            Row("completeness_whole", "the same, whole", "", whole["completeness"]),
            Row("asymmetry_blocks", "largest |c(m) - c(-m)|, all even levels, blocks", "", own["asymmetry"]),
            Row("asymmetry_whole", "the same, whole", "", whole["asymmetry"]),
            Row("mean_blocks", "|<E0|Jz|E0>|, blocks", "", zero),
            Row("mean_whole", "|<Jz>| in the doublet, whole", "", whole["mean"]),
            Row("splitting_whole", "relative error of ΔE, whole", "", whole["splitting"]),
        ),
    )


def _convergence(c: Context) -> Section:
    slopes, powers = {}, {}
    for n in (500, 1000, 2000, 5000, 10_000, 100_000):
        value = c.moment(c.doublet(n), "eta_mf")
        excess = value.value - 2.0
        slopes[_spins(n)] = cell(Measured(n * excess, n * value.error), NUMBERS.get(f"slope_{n}"))
        double = c.moment(c.doublet(2 * n), "eta_mf")
        error = (value.error / excess + double.error / (double.value - 2.0)) / math.log(2.0)
        powers[_spins(n)] = cell(Measured(math.log2(excess / (double.value - 2.0)), error))
    slopes["N → ∞"] = cell(c.limit(lambda d: d.spins * ((d.eta_mf or 0.0) - 2.0)))
    powers["N → ∞"] = Cell("1", 1.0, 0.0)
    theory = {"N → ∞": cell(Measured(c.semiclassics.eta_mf_coefficient, 1e-13))}
    # c + c'/N + c''/N² through the paper's three N: what a fit to Table 3 could have told.
    nodes = np.array([500.0, 1000.0, 2000.0])
    values = [float(n) * ((c.doublet(int(n)).eta_mf or 0.0) - 2.0) for n in nodes]
    fitted = float(np.linalg.solve(np.vander(1.0 / nodes, increasing=True), values)[0])
    two = float(2.0 * values[2] - values[1])
    fit = {"N → ∞": cell(Measured(fitted, abs(fitted - two)))}
    return Section(
        "A-convergence",
        "Appendix A and Section 5.3. Convergence of η_MF to 2",
        "η_MF = 2 + c/N + ... at Γ/J = 0.95. “paper”: what the published η_MF, printed to 0.001, implies.",
        (
            Row("slope", "N(η_MF - 2)", "", slopes),
            Row("exponent", "log2[(η_MF(N) - 2)/(η_MF(2N) - 2)]", "", powers),
            Row("coefficient_fit", "c from N = 500, 1000, 2000", "", fit),
            Row("coefficient_theory", "c = 4(1 - m*)/m*³ (spin waves)", "", theory),
        ),
    )


# --- B --------------------------------------------------------------------------------------------------------------
def _channels(c: Context) -> Section:
    d = c.benchmark
    gamma, splitting = c.gamma, c.thermal_energy
    rate, pointer, leak = gamma * float(d.g_loc or 0.0), gamma * (d.g01 + d.j01**2), gamma * d.leakage
    block = bloch_generator(splitting, math.sqrt(0.5 * rate))[1:, 1:]
    root = np.linalg.eigvals(block)[0]
    # The same pair with the exact coefficients of Im ρ_PR and of the well populations.
    exact = np.linalg.eigvals(np.array([[-pointer, block[0, 1]], [block[1, 0], -leak]]))[0]
    relative = c.coupling_error
    moment = c.moment(d, "g01").error / d.g01

    def energy(value: float) -> Measured:
        return Measured(value, value * relative, "rad/s")

    def per_second(value: float) -> Measured:
        return Measured(value, value * moment, "1/s")

    curve = c.curve
    tunnel = curve.splitting * c.coupling
    crossing = curve.last(gamma * curve.g_loc <= 2.0 * tunnel)
    crossing_exact = curve.last(gamma * curve.j01**2 <= tunnel)
    envelope = -float(root.real)
    return Section(
        "B-channels",
        "Appendix B.3. The two channels at the benchmark",
        "N = 370, Γ/J = 0.95, γ_φ = 0.05 1/s, ΔE/ħ = 1309.2 rad/s. With the paper's Γ_d = γG_loc for the coherence and no decay of the well populations the envelope is Γ_d/2. "
        "With the exact coefficients, γ(G01 + J01²) for Im ρ_PR and γ(G01 - J01²) for the populations, their mean is γG01: the envelope is the eigenstate rate itself.",
        (
            _one("gamma_d", "Γ_d = γG_loc", per_second(rate)),
            _one("two_splitting", "2ΔE/ħ", energy(2.0 * splitting)),
            _one(
                "damping_ratio",
                "Γ_d/(2ΔE): below 1, underdamped",
                Measured(rate / (2.0 * splitting), 0.5 * rate / splitting * relative),
            ),
            _one("frequency", "frequency sqrt(ΔE² - Γ_d²/4)", energy(abs(float(root.imag)))),
            _one("envelope", "envelope rate Γ_d/2", per_second(envelope)),
            _one("rate_eigenstate", "γG01", per_second(gamma * d.g01)),
            _one(
                "envelope_ratio",
                "(Γ_d/2)/(γG01) = B",
                Measured(envelope / (gamma * d.g01), 2.0 * moment),
                NUMBERS["enhancement"],
            ),
            _one("rate_pointer", "γ(G01 + J01²)", per_second(pointer)),
            _one("rate_leakage", "γ(G01 - J01²)", per_second(leak)),
            _one("envelope_exact", "envelope rate with the exact coefficients", per_second(-float(exact.real))),
            _one("frequency_exact", "frequency with them, sqrt(ΔE² - γ²J01⁴)", energy(abs(float(exact.imag)))),
            _one("zeno_spins", "last N with γG_loc ≤ 2ΔE (Zeno regime above)", Measured(crossing, 0.0)),
            _one("zeno_spins_exact", "last N with γJ01² ≤ ΔE", Measured(crossing_exact, 0.0)),
        ),
    )


def _suppression(c: Context) -> Section:
    d, well = c.benchmark, c.well
    j01 = c.moment(d, "j01")
    delta = well - j01.value
    g01, leak = c.moment(d, "g01"), c.moment(d, "leakage")
    cross, square = 2.0 * well * delta, delta * delta
    error = 2.0 * well * j01.error
    gap = well**2 - g01.value
    return Section(
        "B-suppression",
        "Appendix B.4. Why G01 lies below (N m*/2)², at the benchmark",
        "δ = N m*/2 - J01. The last line is the identity G01 = J01² + leakage; dropping the leakage, as the paper first does, overstates the suppression.",
        (
            _one("well", "N m*/2", Measured(well, well * 1e-15)),
            _one("j01", "J01", j01),
            _one("depletion", "depletion δ", Measured(delta, j01.error), NUMBERS["depletion_370"]),
            _one("cross_term", "N m* δ", Measured(cross, error)),
            _one("square_term", "δ²", Measured(square, 2.0 * delta * j01.error)),
            _one("mean_field_moment", "(N m*/2)²", Measured(well**2, well**2 * 1e-15)),
            _one("g01", "G01", g01),
            _one("suppression", "relative suppression 1 - G01/(N m*/2)²", Measured(gap / well**2, g01.error / well**2)),
            _one(
                "suppression_no_leakage",
                "the same without leakage, 1 - J01²/(N m*/2)²",
                Measured((cross - square) / well**2, error / well**2),
            ),
            _one("leakage", "mean leakage G01 - J01²", leak),
            _one("expansion", "N m* δ - δ²", Measured(cross - square, error)),
            _one("direct", "(N m*/2)² - G01, directly", Measured(gap, g01.error)),
            _one(
                "expansion_less_leakage",
                "N m* δ - δ² less leakage",
                Measured(cross - square - leak.value, error + leak.error),
            ),
        ),
    )


def _scales(c: Context) -> Section:
    rows: dict[str, dict[str, Cell]] = {}

    def put(key: str, spins: int, value: Cell) -> None:
        rows.setdefault(key, {})[_spins(spins)] = value

    for n in TABLE_3:
        d = c.doublet(n)
        semi = LMG(n, c.field).semiclassics()
        j01 = c.moment(d, "j01")
        well = 0.5 * n * c.order_parameter
        put("j01", n, cell(j01))
        put("depletion", n, cell(Measured(well - j01.value, j01.error), NUMBERS.get(f"depletion_{n}")))
        put("depletion_relative", n, _text(100.0 * (well - j01.value) / well, 4))
        for key in ("leakage_even", "leakage_odd", "leakage"):
            put(key, n, cell(c.moment(d, key)))
        put("leakage_share", n, _text(100.0 * d.leakage / d.g01, 4))
        put("eta_exact", n, cell(c.moment(d, "eta_exact"), NUMBERS["eta_exact"] if n == c.spins else None))
        put(
            "log10_splitting",
            n,
            cell(Measured(d.log10_splitting, d.quality.log_splitting_error / math.log(10.0) + 1e-15)),
        )
        put("instanton_ratio", n, _text(math.exp(semi.log_splitting - d.log_splitting)))
        put("tunnel_scale", n, _text(math.exp(-n * semi.action)))
        put("overlap", n, _text(math.exp(semi.log_spin_coherent_overlap)))
    labels = {
        "j01": ("J01", ""),
        "depletion": ("depletion N m*/2 - J01", ""),
        "depletion_relative": ("the same over N m*/2", "%"),
        "leakage_even": ("leakage of |E0>, <E0|Jz²|E0> - J01²", ""),
        "leakage_odd": ("leakage of |E1>, <E1|Jz²|E1> - J01²", ""),
        "leakage": ("mean leakage G01 - J01²", ""),
        "leakage_share": ("mean leakage over G01", "%"),
        "eta_exact": ("η_exact", ""),
        "log10_splitting": ("log10 of ΔE/J", ""),
        "instanton_ratio": ("instanton formula for ΔE over the exact ΔE", ""),
        "tunnel_scale": ("tunnelling scale exp(-N S)", ""),
        "overlap": ("overlap of the spin-coherent states, (Γ/J)^N", ""),
    }
    return Section(
        "B-scales",
        "Appendix B.5 and Section 3.4. Depletion, leakage and the non-perturbative scales",
        f"Γ/J = 0.95; instanton action S = artanh(m*) - m* = {c.semiclassics.action:.7f} per spin. Limit of the depletion: (1 - m*)(3 + m*)/(4m*²) = {c.semiclassics.depletion:.4f}.",
        tuple(Row(key, *labels[key], cells) for key, cells in rows.items()),
    )


# --- C --------------------------------------------------------------------------------------------------------------
def _modes(c: Context) -> Section:
    d = c.benchmark
    swap = np.array([[0.0, 1.0], [1.0, 0.0]])
    values = np.sort(np.linalg.eigvals(c.gamma * superoperator(d.j01 * swap)).real)[::-1]
    rate = 2.0 * c.gamma * d.j01**2
    relative = 2.0 * c.moment(d, "j01").error / d.j01
    names = ("trace", "Re ρ_01", "ρ_00 - ρ_11", "Im ρ_01")
    rows = []
    for k, (name, value) in enumerate(zip(names, values, strict=True)):
        error = rate * relative
        entry = cell(Measured(float(value), error)) if abs(value) > error else Cell("0", float(value), error)
        rows.append(Row(f"eigenvalue_{k + 1}", f"eigenvalue {k + 1} ({name})", "1/s", {VALUE: entry}))
    g_loc = float(d.g_loc or 0.0)
    return Section(
        "C-modes",
        "Appendix C. The degenerate doublet at the benchmark",
        "Eigenvalues of the 4 × 4 matrix of the Lindblad generator with L = J01 σ_x at γ_φ = 0.05 1/s, and what they are compared with.",
        (
            *rows,
            _one("rate_degenerate", "2γJ01²", Measured(rate, rate * relative, "1/s")),
            _one("rate_mean_field", "γG_loc", Measured(c.gamma * g_loc, c.gamma * g_loc * 1e-15, "1/s")),
            _one("limit_ratio", "2J01²/G_loc: tends to 1 from below", Measured(rate / (c.gamma * g_loc), relative)),
            _one(
                "pointer_ratio",
                "2J01²/(G01 + J01²): the restricted over the exact coefficient",
                Measured(2.0 * d.j01**2 / (d.g01 + d.j01**2), 2.0 * relative),
            ),
        ),
    )


# --- files ----------------------------------------------------------------------------------------------------------
def appendix_markdown(sections: tuple[Section, ...]) -> str:
    """All sections as one Markdown page."""
    parts = [section.table().markdown().replace("# ", "## ", 1) for section in sections]
    return "# Appendix numbers\n\n" + "\n".join(parts)


def appendix_csv(sections: tuple[Section, ...]) -> str:
    """One number a line: section, key, label, spins (or "value"), value, error, unit, published."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("section", "key", "quantity", "at", "value", "error", "unit", "published"))
    for section in sections:
        for row in section.rows:
            for heading, entry in row.cells.items():
                numbers = ["" if x is None else repr(float(x)) for x in (entry.value, entry.error)]
                digits = entry.published.digits if entry.published else ""
                writer.writerow((section.name, row.key, row.label, heading, *numbers, row.unit, digits))
    return stream.getvalue()


def appendix_json(sections: tuple[Section, ...]) -> str:
    """Nested: section, key, heading; numbers at full precision."""
    document = {
        "einselect": __version__,
        "sections": {
            section.name: {
                "title": section.title,
                "quantities": {
                    row.key: {
                        "quantity": row.label,
                        "unit": row.unit,
                        "values": {
                            heading: {
                                "value": entry.value,
                                "error": entry.error,
                                "published": entry.published.value if entry.published else None,
                            }
                            for heading, entry in row.cells.items()
                        },
                    }
                    for row in section.rows
                },
            }
            for section in sections
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
