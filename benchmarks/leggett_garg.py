"""Leggett-Garg tests with every level: one K3, a threshold, a map over (γ, τ); QuTiP's correlation function beside."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from alternatives_dynamics import bands
from evolution import COUPLING, FIELD, GAMMA, SPINS
from fresh import answer_of_fresh_process
from report import Section, duration, times

from einselect import LMG
from einselect.protocols import LeggettGarg

SIDE = 100
"""Rates and intervals of the map."""
SMALL = (20, 50)
DECAY = 0.3
"""γ G01 τ of the small systems."""
_TOP = 0.6  # 1/s: the map goes to twice the threshold
_LIMIT = 900.0
_OPTIONS = {"atol": 1e-9, "rtol": 1e-7, "nsteps": 1_000_000}


def benchmark() -> LeggettGarg:
    """The test of the paper, converged in the levels."""
    return LeggettGarg(LMG(SPINS, FIELD, f"{COUPLING} rad/s"))


def small(spins: int) -> tuple[LeggettGarg, float]:
    """A test that QuTiP can do too, and its dephasing rate."""
    test = LeggettGarg(LMG(spins, FIELD))
    return test, DECAY / (test.doublet.g01 * test.tau)


def timed(name: str, spins: int = SPINS, side: int = SIDE) -> dict[str, Any]:
    """Seconds and numbers of one job, from parameters to answer, in a process that has done a small one before."""
    from timing import once

    first, gamma = small(12)
    first.k3(gamma)
    jobs = {"one": _one, "threshold": _threshold, "map": lambda: _map(side)}
    if name in jobs:
        found, seconds = once(jobs[name])
    else:
        own = {"ours": _ours, "qutip": _qutip}[name]
        found, seconds = once(lambda: own(spins))
    return {"seconds": seconds, **found}


def _one() -> dict[str, Any]:
    found = benchmark().k3(f"{GAMMA} 1/s")
    return {"k3": found.value, "error": found.error}


def _threshold() -> dict[str, Any]:
    found = benchmark().threshold()
    return {"gamma": found.gamma, "error": found.error}


def _map(side: int) -> dict[str, Any]:
    test = benchmark()
    rates = [f"{rate!r} 1/s" for rate in np.linspace(0.0, _TOP, side).tolist()]
    found = test.k3_map(rates, np.linspace(1.5 / side, 1.5, side) * test.tau)
    return {"error": found.attrs["convergence_error"], "violating": float((found.k3 > 1.0).mean())}


def _ours(spins: int) -> dict[str, Any]:
    test, gamma = small(spins)
    return {"k3": test.k3(gamma).value}


def _qutip(spins: int) -> dict[str, Any]:
    """2C(τ) - C(2τ) by `correlation_2op_1t`, dense operators of the symmetric sector."""
    import qutip

    test, gamma = small(spins)
    m, diagonal, coupled = bands(spins, FIELD, 1.0)
    matrix = np.diag(diagonal) + np.diag(coupled, 1) + np.diag(coupled, -1)
    vector = np.linalg.eigh(matrix)[1][:, 0]
    q = qutip.Qobj(np.diag(np.sign(m)))
    found = qutip.correlation_2op_1t(
        qutip.Qobj(matrix),
        qutip.Qobj(np.outer(vector, vector)),
        np.array([0.0, 1.0, 2.0]) * test.tau,
        [qutip.Qobj(math.sqrt(gamma) * np.diag(m))],
        q,
        q,
        options=_OPTIONS,
    )
    return {"k3": float((2.0 * found[1] - found[2]).real)}


def run(quick: bool) -> Section:
    """Times at the benchmark, and the ratio to QuTiP at small N."""
    section = Section("leggett_garg", "Leggett-Garg tests")
    section.lines.append(
        f"K3 of sgn(Jz) with every level, from parameters to answer. N = {SPINS}, Γ/J = {FIELD}, J = {COUPLING:g} "
        f"rad/s: one value at γ = {GAMMA} 1/s, the threshold, a map of {SIDE} × {SIDE} points of (γ, τ) up to {_TOP} "
        "1/s and π/(2ΔE). Each in a fresh process after a small problem, one thread of BLAS. QuTiP's "
        f"`correlation_2op_1t` works on the same matrices; γ G01 τ = {DECAY}."
    )
    side = 20 if quick else SIDE
    rows = []
    for name, call in (
        ("one", "timed('one')"),
        ("threshold", "timed('threshold')"),
        ("map", f"timed('map', side={side})"),
    ):
        found = answer_of_fresh_process("leggett_garg", call, _LIMIT, threads=1)
        section.data[name] = found
        what = {"one": "one K3", "threshold": "threshold", "map": f"map, {side} × {side}"}[name]
        rows.append([what, duration(found["seconds"]), f"{found['error']:.0e}"])
    section.table([f"N = {SPINS}", "time", "error bound"], rows)
    if not quick:
        section.below(
            f"converged K3, {SIDE} × {SIDE} points of (γ, τ), N = {SPINS}", section.data["map"]["seconds"], 60.0
        )
    rows = []
    for spins in SMALL[:1] if quick else SMALL:
        mine, other = (
            answer_of_fresh_process("leggett_garg", f"timed({name!r}, {spins})", _LIMIT, threads=1)
            for name in ("ours", "qutip")
        )
        section.data[str(spins)] = {"ours": mine, "qutip": other}
        if other is None:
            rows.append([f"N = {spins}", duration(mine["seconds"]), f"> {duration(_LIMIT)}", "", ""])
            continue
        section.data[str(spins)]["ratio"] = other["seconds"] / mine["seconds"]
        apart = f"{abs(mine['k3'] - other['k3']):.0e}"
        ratio = times(other["seconds"] / mine["seconds"])
        rows.append([f"N = {spins}", duration(mine["seconds"]), duration(other["seconds"]), ratio, apart])
    section.table(["one K3", "ours", "QuTiP", "× ours", "apart"], rows)
    return section
