"""One doublet at a time: how long, and how right, for every N up to 10⁶."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import alternatives
from exact import exact, j01_error, splitting_error
from fresh import in_fresh_process
from report import Section, duration, power, times
from timing import once, side_by_side

from einselect import LMG

SIZES = (100, 370, 1000, 2000, 10_000, 100_000, 1_000_000)
_DENSE_LIMIT = 2000
_TOO_LONG = 20.0  # seconds: QuTiP is asked no further than this
_SLOW = 1.0  # seconds: a job this slow is timed with few samples

ALTERNATIVES: dict[str, tuple[str, Callable[[int, float], alternatives.Numbers]]] = {
    "blocks": ("SciPy `eigh_tridiagonal(select='i')`, parity blocks", alternatives.tridiagonal_blocks),
    "lapack": ("LAPACK `stebz` + `stein` by hand, parity blocks", alternatives.lapack_blocks),
    "whole": ("SciPy `eigh_tridiagonal(select='i')`, whole matrix", alternatives.tridiagonal_whole),
    "dense": ("dense `eigh`, whole spectrum (usual recipe)", alternatives.dense),
    "dense_one_thread": ("the same, one thread of BLAS", alternatives.dense),
    "dense_two": ("dense `eigh`, two lowest", alternatives.dense_two),
    "qutip": ("QuTiP `eigenstates(eigvals=2)`", alternatives.qutip_dense),
    "qutip_sparse": ("QuTiP `eigenstates(eigvals=2, sparse=True)`", alternatives.qutip_sparse),
}
_DENSE = ("dense", "dense_two", "qutip", "qutip_sparse")


def ours(spins: int, field: float) -> tuple[float, ...]:
    """Everything but ΔE."""
    d = LMG(spins, field).doublet()
    return d.e0, d.e1, d.q0, d.q1, d.g01, d.j01


def ours_with_splitting(spins: int, field: float) -> tuple[float, ...]:
    """Everything, ΔE through its logarithm."""
    d = LMG(spins, field).doublet()
    return d.e0, d.e1, d.log_splitting, d.splitting, d.q0, d.q1, d.g01, d.j01


def run(quick: bool) -> Section:
    """Times, ratios and errors at every size; once more where ΔE is below rounding at a small N."""
    section = Section("single", "One doublet")
    section.lines.append(
        "E0, E1, ΔE, q0, q1, G01, J01 from N and Γ/J. Errors are relative, in ΔE and J01, against the source named."
    )
    stopped: dict[str, int] = {}
    for spins, field in [(n, "0.95") for n in SIZES] + [(370, "0.85"), (370, "0.5")]:
        _one_size(section, spins, field, stopped, quick)
    return section


def _one_size(section: Section, spins: int, field: str, stopped: dict[str, int], quick: bool) -> None:
    g, reference = float(field), exact(spins, field)
    quick_jobs: dict[str, Callable[[], Any]] = {
        "ours": lambda: ours(spins, g),
        "ours_with_splitting": lambda: ours_with_splitting(spins, g),
    }
    dense_jobs: dict[str, Callable[[], Any]] = {}
    slow: dict[str, float] = {}
    for name, (_, function) in ALTERNATIVES.items():
        if name == "dense_one_thread" or spins > min(
            stopped.get(name, spins), _DENSE_LIMIT if name in _DENSE else spins
        ):
            continue
        _, seconds = once(lambda function=function: function(spins, g))
        if seconds > _SLOW and (quick or name != "dense"):
            _, seconds = once(lambda function=function: function(spins, g))
            slow[name] = seconds
            if 8.0 * seconds > _TOO_LONG:  # cubic cost: twice the size would pass the limit
                stopped.setdefault(name, spins)
        else:
            (dense_jobs if name in _DENSE else quick_jobs)[name] = lambda function=function: function(spins, g)
    # The threads of dense linear algebra go on spinning for a while: those jobs take turns among themselves, later.
    timings = side_by_side(quick_jobs, seconds=1.0 if quick else 8.0)
    if dense_jobs:
        timings |= side_by_side(dense_jobs, seconds=1.0 if quick else 8.0)
    seconds = {name: timing.wall for name, timing in timings.items()} | slow
    if spins <= _DENSE_LIMIT:
        # Threads slow the dense solver down on small matrices or a busy machine: it is to be seen at its best.
        job = f"dense({spins}, {field})"
        alone = in_fresh_process(f"from alternatives import dense; {job}", job, 3 if quick else 9, threads=1)
        seconds["dense_one_thread"] = alone.seconds
    cpu = {name: timing.cpu for name, timing in timings.items()}
    rows = []
    for name, title in [("ours", "**einselect**, ΔE not asked"), ("ours_with_splitting", "**einselect**, with ln ΔE")]:
        d = LMG(spins, g).doublet()
        errors = reference.stated or (splitting_error(reference, None, d.log_splitting), j01_error(reference, d.j01))
        error = "not asked" if name == "ours" else errors[0]
        rows.append([title, duration(seconds[name]), duration(cpu[name]), "", "", error, errors[1]])
    for name, (title, function) in ALTERNATIVES.items():
        if name in seconds:
            numbers = function(spins, g)
            ratio = [seconds[name] / seconds[key] for key in ("ours", "ours_with_splitting")]
            errors = [splitting_error(reference, numbers.splitting), j01_error(reference, numbers.j01)]
            taken = [duration(seconds[name]), duration(cpu[name]) if name in cpu else ""]
            rows.append([title, *taken, *map(times, ratio), *errors])
    section.lines += ["", f"### N = {power(spins)}, Γ/J = {field}", "", f"Errors against: {reference.source}."]
    section.table(["", "wall time", "CPU time", "× ours", "× ours with ΔE", "error of ΔE", "error of J01"], rows)
    section.data[f"{spins}, {field}"] = {
        "reference": reference.source,
        "timings": {name: timing.as_dict() for name, timing in timings.items()},
        "timed_once": slow,
        "ratios": {name: t / seconds["ours"] for name, t in seconds.items()},
        "ratios_with_splitting": {name: t / seconds["ours_with_splitting"] for name, t in seconds.items()},
    }
    if field == "0.95":
        _targets(section, spins, seconds)


def _targets(section: Section, spins: int, seconds: dict[str, float]) -> None:
    label = f"N = {power(spins)}"
    asked = 10 if spins >= 100_000 else 3
    section.at_least(f"{label}, ΔE not asked: SciPy on parity blocks", seconds["blocks"] / seconds["ours"], asked)
    section.at_least(f"{label}, with ΔE: SciPy on parity blocks", seconds["blocks"] / seconds["ours_with_splitting"], 3)
    for size, asked in ((370, 300), (2000, 3000)):
        if spins == size:
            for name, threads in (("dense", "default threads"), ("dense_one_thread", "one thread")):
                section.at_least(f"{label}: dense `eigh`, {threads}", seconds[name] / seconds["ours"], asked)
    if spins == 1_000_000:
        section.below(f"{label} with ln ΔE", seconds["ours_with_splitting"], 0.2)
