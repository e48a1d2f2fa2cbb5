"""Appendix A: the numerical checks, and how η_MF converges to 2."""

from __future__ import annotations

import math

import numpy as np

from ...models import LMG
from ..claim import Measured
from ..claims.context import Context
from ..claims.numerics import recipes
from ..published import NUMBERS, TABLE_3
from ..table import Cell, cell
from .section import Row, Section, noise, spins_heading


def checks(c: Context) -> Section:
    """Residuals of the parity blocks used here and of the paper's whole-matrix recipe, at every N of Table 3."""
    own: dict[str, dict[str, Cell]] = {key: {} for key in ("completeness", "asymmetry")}
    whole: dict[str, dict[str, Cell]] = {key: {} for key in ("completeness", "asymmetry", "mean", "splitting")}
    for n, recipe in recipes(c).items():
        levels = LMG(n, c.field).levels(n + 1)
        vectors = levels.dicke_vectors()
        m = np.arange(n + 1) - 0.5 * n
        row = vectors @ (m * vectors[0])
        even = vectors[levels.parities > 0]
        head = spins_heading(n)
        own["completeness"][head] = noise(abs(float(row @ row) / c.doublet(n).q0 - 1.0))
        own["asymmetry"][head] = noise(float(np.abs(even - even[:, ::-1]).max()))
        whole["completeness"][head] = noise(recipe.completeness)
        whole["asymmetry"][head] = noise(recipe.asymmetry)
        whole["mean"][head] = noise(recipe.mean)
        whole["splitting"][head] = noise(abs(recipe.splitting / c.doublet(n).splitting - 1.0))
    zero = {spins_heading(n): noise(abs(c.levels(n, 2).expectation("Jz", "E0"))) for n in TABLE_3}
    return Section(
        "A-checks",
        "Appendix A. Numerical checks",
        "“blocks”: the two parity blocks solved one by one, as here; “whole”: the whole matrix at once, as in the "
        "paper. The paper's own residuals are "
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


def convergence(c: Context) -> Section:
    """N(η_MF - 2), its limit c, and the exponent of the approach."""
    slopes, powers = {}, {}
    for n in (500, 1000, 2000, 10_000, 100_000):
        value = c.moment(c.doublet(n), "eta_mf")
        excess = value.value - 2.0
        slopes[spins_heading(n)] = cell(Measured(n * excess, n * value.error), NUMBERS.get(f"slope_{n}"))
        double = c.moment(c.doublet(2 * n), "eta_mf")
        error = (value.error / excess + double.error / (double.value - 2.0)) / math.log(2.0)
        powers[spins_heading(n)] = cell(Measured(math.log2(excess / (double.value - 2.0)), error))
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
