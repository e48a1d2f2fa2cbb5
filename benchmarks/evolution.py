"""The benchmark point of the dynamics: 101 times to 2 T2 with an error of at most 1e-8, from parameters to answer."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import Any

import numpy as np
from alternatives_dynamics import ABSOLUTE, RELATIVE, numpy_projection
from competitors import LIMIT, SOLVERS, Problem, Solved, solve
from fresh import answer_of_fresh_process, turns_in_fresh_process
from numpy.typing import NDArray
from report import Section, Target, duration, power, times
from timing import once

from einselect import LMG, JumpOperator, dephasing_rates
from einselect.dynamics import FullLindbladian, evolve

FIELD, COUPLING, GAMMA = 0.95, 74346.0, 0.05
SPINS, SMALL = 370, 100
SPAN, COUNT = 2.0, 101
SHARE = 100
"""The slow solvers are run over this part of the span at N = 370."""
ASKED = 1e-8

Complex = NDArray[np.complex128]
NUMPY = {
    "plain": "NumPy projection, 20 levels, `eigh` on the whole matrix",
    "parity": "NumPy projection, 20 levels, dense `eigh` by parity",
    "tridiagonal": "NumPy projection, 20 levels, `eigh_tridiagonal(select='i')` by parity",
}


def ours(spins: int = SPINS, coupling: str = f"{COUPLING} rad/s", gamma: str = f"{GAMMA} 1/s") -> Any:
    """Model, T2, levels, bound and dynamics: the dataset."""
    model = LMG(spins, FIELD, coupling)
    rates = dephasing_rates(model, gamma)
    assert rates.t2_eigenstate is not None
    assert rates.gamma is not None
    grid = np.linspace(0.0, SPAN * rates.t2_eigenstate, COUNT)
    return evolve(model, [JumpOperator("Jz", rates.gamma)], "eigen-superposition", grid, tolerance=ASKED)


def at_small() -> tuple[float, float, float]:
    """γ, the last time and ΔE at N = 100 in units of J: γ G01 = ΔE/8.8, as at the benchmark point."""
    d = LMG(SMALL, FIELD).doublet()
    return d.splitting / 8.8 / d.g01, SPAN * 8.8 / d.splitting, d.splitting


def ours_small() -> Any:
    """The same at N = 100."""
    gamma, end, _ = at_small()
    grid = np.linspace(0.0, end, COUNT)
    return evolve(LMG(SMALL, FIELD), [JumpOperator("Jz", gamma)], "eigen-superposition", grid, tolerance=ASKED)


JOBS = {"ours": ours} | {
    name: partial(numpy_projection, name, SPINS, FIELD * COUPLING, COUPLING, GAMMA, COUNT) for name in NUMPY
}
SMALL_JOBS = {"ours": ours_small}


@cache
def reference() -> tuple[Complex, float, float]:
    """ρ_01 in the whole symmetric sector (splitting), its estimated error, and the last time."""
    found = answer_of_fresh_process("evolution", "reference_in_full()", 10.0 * LIMIT, threads=1)
    return np.array(found["re"]) + 1j * np.array(found["im"]), found["error"], found["end"]


def reference_in_full() -> dict[str, Any]:
    """What `reference` needs, for a process of its own."""
    model = LMG(SPINS, FIELD, f"{COUPLING} rad/s")
    end = float(ours().time.values[-1])
    full = FullLindbladian(model, [JumpOperator("Jz", GAMMA)])
    answer = full.evolve("eigen-superposition", np.linspace(0.0, end, COUNT))
    rho, error = answer.rho_01.values, float(answer.attrs["error_estimate"])
    return {"re": rho.real.tolist(), "im": rho.imag.tolist(), "error": error, "end": end}


def largest(a: Complex, b: Complex) -> str:
    """Largest difference of two solutions as a figure."""
    return f"{float(np.abs(a - b).max()):.0e}"


def run(quick: bool) -> Section:
    """Against a projection in NumPy, and against solvers of the whole equation."""
    section = Section("evolution", "Dynamics at the benchmark point")
    exact, estimate, end = reference()
    answer = ours()
    section.lines.append(
        f"N = {SPINS}, Γ/J = {FIELD}, J = {COUPLING:g} rad/s, γ = {GAMMA} 1/s, from (E0 + E1)/√2, {COUNT} times to "
        f"{SPAN:g} T2 = {1e3 * end:.4g} ms, from parameters to answer. Errors: largest Δρ_01 over the times, against "
        f"the whole symmetric sector by another method (error estimate {estimate:.0e}). Ours takes "
        f"{answer.attrs['levels']} levels and bounds its truncation error by {answer.attrs['truncation_error']:.0e}; "
        "the projection has no bound."
    )
    alone = turns_in_fresh_process("evolution", "JOBS", 1.5 if quick else 12.0, threads=1)
    spread = turns_in_fresh_process("evolution", "JOBS", 1.5 if quick else 12.0, threads=None)
    ratios = {name: alone[name]["wall_s"] / alone["ours"]["wall_s"] for name in NUMPY}
    rows = []
    for name, title in {"ours": "**einselect** `evolve`", **NUMPY}.items():
        rho = answer.rho_01.values if name == "ours" else numpy_projection(name, *_parameters())
        walls = [alone[name]["wall_s"], spread[name]["wall_s"]]
        ratio = (
            ["", ""]
            if name == "ours"
            else [times(w / t["ours"]["wall_s"]) for w, t in zip(walls, (alone, spread), strict=True)]
        )
        cpu = duration(alone[name]["cpu_s"])
        rows.append([title, duration(walls[0]), cpu, ratio[0], duration(walls[1]), ratio[1], largest(rho, exact)])
    head = ["", "one thread of BLAS", "CPU time", "× ours", "default threads", "× ours", "error of ρ_01"]
    section.table(head, rows)
    section.data |= {"threads_1": alone, "threads_default": spread, "ratios": ratios, "reference_error": estimate}
    section.below("dynamics, benchmark point", alone["ours"]["wall_s"], 0.03)
    section.below("dynamics, benchmark point, default threads", spread["ours"]["wall_s"], 0.03)
    error = float(np.abs(answer.rho_01.values - exact).max())
    section.targets.append(Target("dynamics, benchmark point: error", f"≤ {ASKED:g}", f"{error:.0e}", error <= ASKED))
    best = min(NUMPY, key=lambda name: ratios[name])
    section.at_least(f"dynamics, benchmark point: fastest NumPy projection ({best})", ratios[best], 5)
    if not quick:
        _doublet_lost(section)
    _fraction(section, alone["ours"]["wall_s"], exact, end, quick)
    _whole(section, quick)
    return section


def _parameters() -> tuple[int, float, float, float, int]:
    return SPINS, FIELD * COUPLING, COUPLING, GAMMA, COUNT


def at_larger(spins: int) -> dict[str, dict[str, float]]:
    """Time and error of the projection, for each way to its levels, at a larger N."""
    true = ours(spins).rho_01.values
    found = {}
    for name in NUMPY:
        rho, seconds = once(partial(numpy_projection, name, spins, *_parameters()[1:]))
        found[name] = {"seconds": seconds, "error": float(np.abs(rho - true).max())}
    return found


def _doublet_lost(section: Section) -> None:
    """What each way to the levels makes of larger N, where ΔE nears the rounding of a dense solver."""
    rows = []
    for spins in (1000, 2000):
        data = answer_of_fresh_process("evolution", f"at_larger({spins})", LIMIT, threads=1)
        figures = [cell for name in NUMPY for cell in (duration(data[name]["seconds"]), f"{data[name]['error']:.0e}")]
        rows.append([f"N = {power(spins)}", *figures])
        section.data[f"larger, {spins}"] = data
    section.lines += ["", "The same projection at larger N (timed once, one thread), errors against ours:"]
    head = [cell for name in NUMPY for cell in (f"`{name}`", "error")]
    section.table(["", *head], rows)


def _fraction(section: Section, our_seconds: float, exact: Complex, end: float, quick: bool) -> None:
    """A part of the span at the benchmark point."""
    short = Problem(SPINS, FIELD * COUPLING, COUPLING, GAMMA, end / SHARE, 2)
    section.lines += ["", f"### Solvers of the whole equation, N = {SPINS}: 1/{SHARE} of the span", ""]
    section.lines.append(
        f"atol {ABSOLUTE:g}, rtol {RELATIVE:g}. Timed once, over 1/{SHARE} of the {SPAN:g} T2 and stopped after "
        f"{LIMIT:.0f} s of CPU time. **Measured**: that part of the span against all of ours (one thread, above). "
        f"**Extrapolated**: {SHARE} times that part; the table after this one shows at N = {SMALL} how good that is."
    )
    rows = []
    for name in SOLVERS if not quick else ("dynamiqs_fastest",):
        solved = solve(name, short)
        row, figures = _row(name, solved, exact[[0, COUNT // SHARE]])
        if figures:
            measured, extrapolated = figures["seconds"] / our_seconds, SHARE * figures["seconds"] / our_seconds
            figures |= {"ratio_measured": measured, "ratio_extrapolated": extrapolated}
            row += [times(measured), duration(SHARE * figures["seconds"]), times(extrapolated)]
            section.at_least(f"dynamics, benchmark point, extrapolated: {SOLVERS[name][0]}", extrapolated, 10_000)
        section.data[f"fraction, {name}"] = figures
        rows.append(row + [""] * (6 - len(row)))
    section.table(["", f"1/{SHARE} of the span", "error", "× ours, measured", "all, extrapolated", "× ours"], rows)


def _whole(section: Section, quick: bool) -> None:
    """The whole span at N = 100, and whether a part of it tells the whole."""
    gamma, end, splitting = at_small()
    our_seconds = turns_in_fresh_process("evolution", "SMALL_JOBS", 0.5 if quick else 3.0, threads=1)["ours"]["wall_s"]
    exact = ours_small().rho_01.values
    section.lines += ["", f"### The whole span at N = {SMALL}", ""]
    section.lines.append(
        f"Γ/J = {FIELD}, γ G01 = ΔE/8.8 (ΔE = {splitting:.4g} J), {COUNT} times to {SPAN:g} T2, the same tolerances. "
        f"einselect `evolve`: {duration(our_seconds)}. Errors against it; its bound is {ASKED:g}."
    )
    rows = []
    for name in SOLVERS if not quick else ("dynamiqs_fastest",):
        solved = solve(name, Problem(SMALL, FIELD, 1.0, gamma, end, COUNT))
        part = solve(name, Problem(SMALL, FIELD, 1.0, gamma, end / SHARE, 2))
        row, figures = _row(name, solved, exact)
        if figures and part is not None:
            ratio = figures["seconds"] / our_seconds
            figures |= {"ratio": ratio, "part_seconds": part.seconds}
            row += [times(ratio), duration(SHARE * part.seconds)]
        section.data[f"whole, {name}"] = figures
        rows.append(row + [""] * (5 - len(row)))
    section.data["whole, ours_s"] = our_seconds
    section.table(["", "whole span", "error", "× ours", f"{SHARE} × 1/{SHARE} of the span"], rows)


def _row(name: str, solved: Solved | None, exact: Complex) -> tuple[list[str], dict[str, Any]]:
    """Title, time and error of one solver, and the figures behind them."""
    title = SOLVERS[name][0]
    if solved is None:
        return [title, "not installed (README.md)"], {}
    if math.isinf(solved.seconds):
        return [title, f"stopped after {LIMIT:.0f} s of CPU time"], {}
    error = float(np.abs(solved.rho - exact).max())
    figures: dict[str, Any] = {"error": error, "seconds": solved.seconds} | solved.figures
    return [f"{title}, {solved.version}", duration(solved.seconds), f"{error:.0e}"], figures
