"""The whole symmetric sector: against `qutip.mesolve` at the same error, and against what the machine can do."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from alternatives_dynamics import ABSOLUTE, RELATIVE
from competitors import LIMIT, SOLVERS, Problem, solve
from evolution import COUPLING, FIELD, GAMMA, SHARE, SPAN, SPINS
from fresh import turns_in_fresh_process
from report import Section, duration, power, times

from einselect import LMG, JumpOperator, dephasing_rates
from einselect.dynamics import FullLindbladian, evolve
from einselect.dynamics.full_splitting import STAGES, Splitting

TOLERANCES = (1e-4, 1e-6, 1e-8)
WHOLE = (50, 100)
QUTIP = ("qutip", "qutip_fastest")
APPLIED = (370, 1000, 2000)
_PART = round(SHARE / SPAN)
"""The part of T2 that is 1/SHARE of the span of `evolution`: QuTiP is then measured once for both."""


def problem(spins: int) -> tuple[LMG, float, float]:
    """Model, γ and T2: the benchmark point at its N, else γ G01 = ΔE/8.8 in units of J."""
    if spins == SPINS:
        model = LMG(spins, FIELD, f"{COUPLING} rad/s")
        t2 = dephasing_rates(model, f"{GAMMA} 1/s").t2_eigenstate
        assert t2 is not None
        return model, GAMMA, t2
    model = LMG(spins, FIELD)
    d = model.doublet()
    return model, d.splitting / 8.8 / d.g01, 8.8 / d.splitting


def ours(spins: int, tolerance: float) -> Any:
    """From parameters to ρ(T2)."""
    model, gamma, t2 = problem(spins)
    full = FullLindbladian(model, [JumpOperator("Jz", gamma)])
    return full.evolve("eigen-superposition", [0.0, t2], tolerance=tolerance)


def jobs(spins: int) -> dict[str, Callable[[], Any]]:
    """Ours at all tolerances."""
    return {f"{tolerance:g}": partial(ours, spins, tolerance) for tolerance in TOLERANCES}


def application_jobs(spins: int) -> dict[str, Callable[[], Any]]:
    """dρ/dt, a step on all levels and one on those that are reached; copies and products of the same size."""
    model, gamma, t2 = problem(SPINS)[:1] + problem(spins)[1:] if spins == SPINS else (LMG(spins, FIELD), 1e-6, 1.0)
    full = FullLindbladian(model, [JumpOperator("Jz", gamma)])
    frame, rng = full.frame, np.random.default_rng(0)
    sizes = [len(e) for e in frame.energies]
    blocks = {(p, q): rng.normal(size=(sizes[p], sizes[q])) for p, q in frame.pairs}
    low = {key: np.zeros_like(block) for key, block in blocks.items()}
    for block in low.values():
        block[0, 0] = 0.5
    everywhere, spared = (Splitting(frame, full.channel, everywhere) for everywhere in (True, False))
    step = 1e-2 * t2
    one, two, three = (rng.normal(size=(spins + 1, spins + 1)) for _ in range(3))
    half = rng.normal(size=(2, sizes[0], sizes[0]))
    product = np.empty((sizes[0], sizes[0]))
    return {
        "right-hand side": lambda: full.generator(blocks),
        "step": lambda: everywhere.advance(blocks, step),
        "step, spared": lambda: spared.advance(low, step),
        "copy": lambda: np.copyto(one, two),
        "sum": lambda: np.add(two, three, out=one),
        "product": lambda: np.matmul(half[0], half[1], out=product),
    }


def run(quick: bool) -> Section:
    """Ratios to QuTiP, whole where that is possible; the share of the memory's and the processor's speed."""
    section = Section("full_space", "The whole symmetric sector")
    section.lines.append(
        f"From parameters to ρ(T2), from (E0 + E1)/√2, Γ/J = {FIELD}; γ G01 = ΔE/8.8 at N = "
        f"{' and '.join(map(str, WHOLE))}, the benchmark point at N = {SPINS}. Ours with one thread of BLAS, at three "
        f"tolerances for the trace norm of the whole ρ; QuTiP with atol {ABSOLUTE:g}, rtol {RELATIVE:g} (for each "
        f"element), timed once and stopped after {LIMIT:.0f} s of CPU time, at N = {SPINS} over 1/{_PART} of T2 and "
        "**extrapolated** from that. Errors: Δρ_01 at the last time reached, against the truncated sector with a bound "
        "of 1e-9 or less. The ratio is to the loosest tolerance of ours whose error is not above QuTiP's, or to the "
        "tightest where none is."
    )
    rows: list[list[str]] = []
    for spins in WHOLE if quick else (*WHOLE, SPINS):
        _compare(section, spins, rows, quick)
    section.table(["", "time", "error of ρ_01", "× ours"], rows)
    _applied(section, quick)
    return section


def _compare(section: Section, spins: int, rows: list[list[str]], quick: bool) -> None:
    model, gamma, t2 = problem(spins)
    part = _PART if spins == SPINS else 1
    reference = evolve(model, [JumpOperator("Jz", gamma)], "eigen-superposition", [0.0, t2 / part, t2], tolerance=1e-9)
    short, whole = (complex(value) for value in reference.rho_01.values[1:])
    timings = turns_in_fresh_process("full_space", f"jobs({spins})", 1.0 if quick else 12.0, threads=1)
    found: list[tuple[float, float]] = []  # error, seconds
    for tolerance in TOLERANCES:
        seconds = timings[f"{tolerance:g}"]["wall_s"]
        answer = ours(spins, tolerance)
        error = abs(complex(answer.rho_01.values[-1]) - whole)
        found.append((error, seconds))
        rows.append([f"N = {spins}: **einselect**, tolerance {tolerance:g}", duration(seconds), f"{error:.0e}", ""])
    section.data[str(spins)] = {"ours": timings, "errors": [error for error, _ in found]}
    coupling = COUPLING if spins == SPINS else 1.0
    for name in QUTIP:
        solved = solve(name, Problem(spins, FIELD * coupling, coupling, gamma, t2 / part, 2))
        if solved is None or math.isinf(solved.seconds):
            rows.append([f"N = {spins}: {SOLVERS[name][0]}", f"stopped after {LIMIT:.0f} s of CPU time", "", ""])
            continue
        error = abs(complex(solved.rho[-1]) - short)
        same = next((s for e, s in found if e <= error), found[-1][1])
        total = part * solved.seconds
        label = f"N = {spins}: {SOLVERS[name][0]}"
        time = duration(total) if part == 1 else f"{duration(total)} ({part} × {duration(solved.seconds)})"
        rows.append([label, time, f"{error:.0e}", times(total / same)])
        section.data[str(spins)][name] = solved.figures | {
            "part": part,
            "error": error,
            "ratio": total / same,
            "ratio_measured_part_only": solved.seconds / same,
        }
        if spins == SPINS:
            section.at_least(f"whole sector, N = {spins}, extrapolated: {SOLVERS[name][0]}", total / same, 50)


def _applied(section: Section, quick: bool) -> None:
    """Times of one application, and the share of what the machine does at best."""
    section.lines += ["", "### One application", ""]
    section.lines.append(
        "The right-hand side has to read ρ and to write dρ/dt, each as one real matrix of N + 1 rows: so does a copy "
        "of such a matrix, whose speed is the machine's here (at small N the cache's). A step of the splitting is "
        f"{STAGES} flows of the dissipator, each with four products of matrices a block, on all levels or on those "
        "that the start (E0 + E1)/√2 has reached; its share is that of NumPy's product of two blocks by itself. One "
        "thread of BLAS."
    )
    rows = []
    for spins in APPLIED if not quick else APPLIED[:1]:
        timings = turns_in_fresh_process("full_space", f"application_jobs({spins})", 1.0 if quick else 10.0, threads=1)
        wall = {name: timing["wall_s"] for name, timing in timings.items()}
        least = 2 * 8 * (spins + 1) ** 2
        bandwidth = {"copy": least / wall["copy"], "sum": 1.5 * least / wall["sum"]}
        products = STAGES * 16 * wall["product"]
        rows.append(
            [
                f"N = {power(spins)}",
                duration(wall["right-hand side"]),
                f"{1e-9 * least / wall['right-hand side']:.2g} GB/s",
                f"{1e-9 * bandwidth['copy']:.2g} GB/s",
                f"{wall['copy'] / wall['right-hand side']:.0%}",
                duration(wall["step"]),
                f"{products / wall['step']:.0%}",
                duration(wall["step, spared"]),
            ]
        )
        section.data[f"application, {spins}"] = {"wall_s": wall, "bandwidth": bandwidth, "least_bytes": least}
    head = ["", "right-hand side", "of least traffic", "copy", "share", "step, all levels", "share", "step, spared"]
    section.table(head, rows)
