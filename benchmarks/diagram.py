"""A phase diagram: η_MF, η_exact and ln ΔE on 500 × 500 points of (N ≤ 2000, Γ/J)."""

from __future__ import annotations

import time

import numpy as np
from report import Section, duration

from einselect import sweep

POINTS = 500


def run(quick: bool) -> Section:
    """One sweep over even and odd N from 3 to 2000 and fields from 0.01 to 1.2, with the default processes."""
    section = Section("diagram", "Phase diagram")
    points = 100 if quick else POINTS
    spins = np.rint(np.linspace(3, 2000, points)).astype(int)
    fields = np.linspace(0.01, 1.2, points)
    sweep(spins=range(20, 100), field=0.95, progress=False)
    wall = time.perf_counter()
    found = sweep(spins=spins, field=fields, quantities=["eta_mf", "eta_exact", "log_splitting"], progress=False)
    wall = time.perf_counter() - wall
    missing = int(np.isnan(found.log_splitting).sum())
    fraction = (points / POINTS) ** 2
    note = f" ({fraction:.0%} of the {POINTS} × {POINTS} points: times {1 / fraction:.0f} that is " if quick else ""
    if quick:
        note += f"{duration(wall / fraction)})"
    section.lines.append(
        f"{points} × {points} points, N from {spins[0]} to {spins[-1]} even and odd, Γ/J from {fields[0]:g} to "
        f"{fields[-1]:g}, default number of processes, run once: {duration(wall)}{note}, "
        f"{duration(wall / points**2)} a point. ln ΔE is missing at {missing} points."
    )
    section.data = {"points": points**2, "fraction": fraction, "wall_s": wall, "missing": missing}
    label = f"{POINTS} × {POINTS} phase diagram" + (f" (from {fraction:.0%} of it)" if quick else "")
    section.below(label, wall / fraction, 60.0)
    return section
