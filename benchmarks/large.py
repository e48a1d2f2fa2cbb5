"""Large N: time and memory at N = 10⁶ with ln ΔE and at N = 10⁸ without, each in a process of its own."""

from __future__ import annotations

from fresh import Fresh, in_fresh_process
from report import Section, Target, duration, power

# scipy is imported before memory and time are taken, by a small doublet.
_SETUP = "from einselect import LMG; LMG(20, 0.95).doublet().log_splitting"
_CASES = (
    (1_000_000, "G01, J01 and ln ΔE", "d = LMG({n}, 0.95).doublet(); d.g01, d.j01, d.log_splitting"),
    (100_000_000, "G01 and J01", "d = LMG({n}, 0.95).doublet(); d.g01, d.j01"),
    (100_000_000, "G01, J01 and ln ΔE", "d = LMG({n}, 0.95).doublet(); d.g01, d.j01, d.log_splitting"),
)


def run(quick: bool) -> Section:
    """Median and first time, peak memory of the process and what the job added to it."""
    section = Section("large", "Large N")
    section.lines.append("Γ/J = 0.95. Every row in a fresh process: `first` is its very first answer at that N.")
    rows = []
    for spins, what, job in _CASES:
        linear = spins > 10_000_000 and "ln" in what
        if quick and linear:
            continue
        found: Fresh = in_fresh_process(_SETUP, job.format(n=spins), 1 if linear else 5 if quick else 15)
        rows.append(
            [
                f"N = {power(spins)}: {what}",
                duration(found.seconds),
                duration(found.first),
                f"{found.added_mb:.0f} MB",
                f"{found.peak_mb:.0f} MB",
            ]
        )
        section.data[f"{spins}: {what}"] = vars(found)
        if not linear:
            section.below(f"N = {power(spins)}: {what}", found.seconds, 0.2)
        if spins == 100_000_000 and not linear:
            section.targets.append(
                Target(
                    f"N = {power(spins)}: {what}, peak memory of the process",
                    "< 200 MB",
                    f"{found.peak_mb:.0f} MB",
                    found.peak_mb < 200,
                )
            )
    section.table(["", "median", "first", "memory added", "peak of the process"], rows)
    return section
