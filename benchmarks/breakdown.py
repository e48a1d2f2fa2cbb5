"""What the time of one doublet is made of: LAPACK's tridiagonal solves, and everything around them."""

from __future__ import annotations

import numpy as np
from report import Section, duration, power
from scipy.linalg.lapack import dptsv
from single import ours
from timing import side_by_side

from einselect import LMG

SIZES = (100, 370, 2000, 10_000, 1_000_000, 100_000_000)
FIELD = 0.95


def run(quick: bool) -> Section:
    """Beside each doublet the bare solver on chains as long as its window."""
    section = Section("breakdown", "What the time is made of")
    section.lines.append(
        "`dptsv` is LAPACK's solver by itself, on a matrix as long as the windows of the chains solved, times the "
        "number of solves: the least that the method needs. The rest is setting up, moments, and the interpreter."
    )
    rows = []
    for spins in SIZES:
        quality = LMG(spins, FIELD).doublet().quality
        low, high = quality.window
        chains = 2 if low < 1.0 else 1
        sites = chains * round(high - low + 1.0)
        diagonal, coupling, right = np.full(sites, 3.0), np.full(sites - 1, -1.0), np.ones(sites)

        def solve(diagonal: np.ndarray = diagonal, coupling: np.ndarray = coupling, right: np.ndarray = right) -> None:
            dptsv(diagonal, coupling, right)

        jobs = {"ours": lambda n=spins: ours(n, FIELD), "solve": solve}
        timings = side_by_side(jobs, seconds=0.5 if quick else 4.0)
        whole, solver = timings["ours"].wall, timings["solve"].wall * quality.solves
        rows.append(
            [
                f"N = {power(spins)}",
                f"{sites:,}",
                str(quality.solves),
                duration(whole),
                duration(solver),
                f"{solver / whole:.0%}",
                f"{1e9 * timings['solve'].wall / sites:.1f} ns",
            ]
        )
        section.data[str(spins)] = {
            "sites": sites,
            "solves": quality.solves,
            "whole_s": whole,
            "dptsv_s": solver,
            "dptsv_per_site_s": timings["solve"].wall / sites,
        }
    head = ["", "sites of all chains", "solves", "whole doublet", "`dptsv`", "share", "`dptsv` a site"]
    section.table(head, rows)
    return section
