"""Dynamics at large N by the same route, each in a process of its own."""

from __future__ import annotations

import math

from evolution import COUNT, COUPLING, FIELD, GAMMA, SPAN, ours
from fresh import in_fresh_process
from report import Section, duration, power

# SciPy and xarray are imported before the clock starts, by a small problem.
_SETUP = "from evolution import ours; ours(20)"
SIZES = (1000, 2000, 10_000, 100_000, 1_000_000)


def run(quick: bool) -> Section:
    """101 times to 2 T2 with an error bounded by 1e-8, from parameters to answer."""
    section = Section("far", "Dynamics at large N")
    section.lines.append(
        f"Γ/J = {FIELD}, J = {COUPLING:g} rad/s, γ = {GAMMA} 1/s, {COUNT} times to {SPAN:g} T2 (which falls as 1/N²; "
        "heating out of the doublet over that time falls with it), truncation error bounded by 1e-8. Every row in a "
        "fresh process, one thread of BLAS."
    )
    rows = []
    for spins in SIZES if not quick else SIZES[2::2]:
        found = in_fresh_process(_SETUP, f"ours({spins})", 3 if quick else 15, threads=1)
        answer = ours(spins)
        bound = float(answer.attrs["truncation_error"])
        leakage = float(answer.leakage.values[-1])
        rows.append(
            [
                f"N = {power(spins)}",
                duration(found.seconds),
                duration(found.first),
                f"{float(answer.time.values[-1]) / SPAN:.3g} s",
                str(answer.attrs["levels"]),
                f"{bound:.0e}",
                f"{leakage:.1e}",
                f"{abs(complex(answer.rho_01.values[-1])):.8f}",
            ]
        )
        section.data[str(spins)] = {
            **vars(found),
            "levels": int(answer.attrs["levels"]),
            "bound": bound,
            "leakage": leakage,
            "t2_s": float(answer.time.values[-1]) / SPAN,
        }
        assert math.isfinite(bound)
        if spins in (10_000, 1_000_000):
            section.below(f"dynamics, N = {power(spins)}", found.seconds, 1.0)
    head = ["", "median", "first", "T2", "levels", "error bound", "outside the doublet at 2 T2", "ρ_01(2 T2), modulus"]
    section.table(head, rows)
    return section
