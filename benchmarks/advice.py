"""Advice on a Leggett-Garg test with atom-number noise: one that works, and one that has to look for remedies."""

from __future__ import annotations

from typing import Any

from evolution import COUPLING, FIELD, GAMMA, SPINS
from fresh import answer_of_fresh_process
from report import Section, duration

WIDTH = 10.0
"""σ_N: ±30 atoms are three of it."""
_LIMIT = 300.0


def protocol(hold: str, width: float = WIDTH, spins: int = SPINS) -> dict[str, Any]:
    """The protocol as a file has it."""
    return {
        "model": {"spins": spins, "field": FIELD, "coupling": f"{COUPLING} rad/s"},
        "bath": {"gamma": f"{GAMMA} 1/s", "temperature": "10 nK"},
        "protocol": {"kind": "leggett-garg"},
        "noise": {"spins": width, "hold": hold},
    }


def timed(hold: str) -> dict[str, Any]:
    """Seconds and verdict, in a process that has done a small problem before."""
    from timing import once

    from einselect.protocols import advise

    advise(protocol(hold, 1.0, 60))
    found, seconds = once(lambda: advise(protocol(hold)))
    return {"seconds": seconds, "k3": found.signal, "works": found.works, "remedies": len(found.remedies)}


def run(quick: bool) -> Section:
    """Both cases."""
    section = Section("advice", "Advice with atom-number noise")
    section.lines.append(
        f"`advise` on a Leggett-Garg test, N = {SPINS} ± {WIDTH:g} atoms (one standard deviation), "
        f"γ = {GAMMA} 1/s, 10 nK, in a fresh process after a small problem, one thread of BLAS."
    )
    rows = []
    for hold in ("coupling",) if quick else ("coupling", "interaction"):
        found = answer_of_fresh_process("advice", f"timed({hold!r})", _LIMIT, threads=1)
        section.data[hold] = found
        what = "J held: works, limits" if hold == "coupling" else "J/N held: fails, remedies"
        rows.append([what, duration(found["seconds"]), f"{found['k3']:.3f}", str(found["works"])])
        if not quick:
            section.below(f"advice, {what}", found["seconds"], 5.0)
    section.table(["case", "time", "K3", "works"], rows)
    return section
