"""The curve η_MF(N), even N = 20…2000 at Γ/J = 0.95, from parameters to a labelled dataset."""

from __future__ import annotations

from itertools import pairwise

import alternatives
import numpy as np
from fresh import in_fresh_process
from report import Section, duration, times
from timing import side_by_side

from einselect import sweep

FIELD = 0.95
SIZES = range(20, 2001, 2)


def _eta(function: object, sizes: range | list[int]) -> np.ndarray:
    g_loc = 0.5 * (1.0 - FIELD**2)
    return np.array([g_loc * n * n / function(n, FIELD).g01 for n in sizes])  # type: ignore[operator]


def run(quick: bool) -> Section:
    """The whole curve by einselect and by the strongest alternative; the dense recipe from a stated part of it."""
    section = Section("curve", "The curve η_MF(N)")
    timings = side_by_side(
        {
            "ours": lambda: sweep(spins=SIZES, field=FIELD, quantities=["eta_mf"]),
            "ours_with_splitting": lambda: sweep(spins=SIZES, field=FIELD, quantities=["eta_mf", "log_splitting"]),
            "blocks": lambda: _eta(alternatives.tridiagonal_blocks, SIZES),
        },
        seconds=4.0 if quick else 20.0,
    )
    # One size out of each stretch of the curve, its middle one, stands for the stretch.
    parts = 5 if quick else 10
    bounds = np.linspace(0, len(SIZES), parts + 1).round().astype(int)
    dense, sample = 0.0, []
    for start, stop in pairwise(bounds):
        n = SIZES[(start + stop) // 2]
        job = f"dense({n}, {FIELD})"
        alone = in_fresh_process(f"from alternatives import dense; {job}", job, 1 if quick else 3, threads=1)
        dense += alone.seconds * (stop - start)
        sample.append(n)
    ours = sweep(spins=SIZES, field=FIELD, quantities=["eta_mf"]).eta_mf.values
    agree = float(np.max(np.abs(ours / _eta(alternatives.tridiagonal_blocks, SIZES) - 1.0)))
    mine = timings["ours"].wall
    rows = [
        ["**einselect** `sweep`", duration(mine), f"{duration(timings['ours'].cpu)}", ""],
        [
            "**einselect** `sweep`, with ln ΔE",
            duration(timings["ours_with_splitting"].wall),
            duration(timings["ours_with_splitting"].cpu),
            "",
        ],
        [
            "SciPy on parity blocks, a loop",
            duration(timings["blocks"].wall),
            duration(timings["blocks"].cpu),
            times(timings["blocks"].wall / mine),
        ],
        ["dense `eigh`, extrapolated", duration(dense), "", times(dense / mine)],
    ]
    section.lines.append(
        f"{len(SIZES)} sizes, one process. The dense time is extrapolated from {len(sample)} of the {len(SIZES)} sizes "
        f"(N = {', '.join(map(str, sample))}), each standing for its stretch of the curve, with one "
        f"thread of BLAS. The two curves that were "
        f"computed agree to {agree:.0e}."
    )
    section.table(["", "wall time", "CPU time", "× ours"], rows)
    section.data = {name: timing.as_dict() for name, timing in timings.items()}
    section.data |= {"dense_extrapolated_s": dense, "dense_sample": sample, "largest_disagreement": agree}
    section.below("curve η_MF(N), even N = 20…2000", mine, 0.2)
    section.at_least("curve: SciPy on parity blocks", timings["blocks"].wall / mine, 3)
    return section
