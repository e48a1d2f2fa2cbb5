"""The slowest modes of the Liouvillian, against QuTiP's Liouvillian with SciPy's shift-invert."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from alternatives_dynamics import qutip_slow_modes
from evolution import COUPLING, FIELD, GAMMA, SPINS
from fresh import turns_in_fresh_process
from full_space import problem
from numpy.typing import NDArray
from report import Section, duration, times

from einselect import JumpOperator
from einselect.dynamics import FullLindbladian

COUNT = 6
SECTORS = ("populations", "coherences")
SMALL = (20, 50, 100)
_SHIFT = 0.01
"""Of γ G01, to the right of all modes: at 0 itself the matrix is singular."""


def ours(spins: int, sector: str) -> Any:
    """From parameters to the modes of one sector, in the whole space."""
    model, gamma, _ = problem(spins)
    return FullLindbladian(model, [JumpOperator("Jz", gamma)]).spectrum(COUNT, sector)


def theirs(spins: int) -> NDArray[np.complex128]:
    """As many eigenvalues as both sectors have of ours."""
    _, gamma, t2 = problem(spins)
    return qutip_slow_modes(spins, FIELD, 1.0, gamma, COUNT * len(SECTORS), _SHIFT / t2)


def jobs(spins: int) -> dict[str, Callable[[], Any]]:
    """Both sectors of ours; QuTiP where it is asked."""
    mine: dict[str, Callable[[], Any]] = {sector: partial(ours, spins, sector) for sector in SECTORS}
    return mine | ({"qutip": partial(theirs, spins)} if spins in SMALL else {})


def run(quick: bool) -> Section:
    """Times, and how many of the slowest modes a search around zero finds."""
    section = Section("slow", "Slowest modes")
    section.lines.append(
        f"The slowest {COUNT} modes of each parity sector in the whole space, with left and right eigenvectors, by a "
        f"search of all frequencies; γ G01 = ΔE/8.8, at N = {SPINS} the benchmark point (γ = {GAMMA} 1/s, J = "
        f"{COUPLING:g} rad/s). QuTiP's Liouvillian and SciPy's `eigs` with shift-invert next to 0 give the "
        f"{COUNT * len(SECTORS)} eigenvalues nearest to 0, right eigenvectors only: last column, how many of the "
        "slowest modes are among them. One thread of BLAS."
    )
    rows = []
    for spins in SMALL if quick else (*SMALL, SPINS):
        timings = turns_in_fresh_process("slow", f"jobs({spins})", 1.0 if quick else 8.0, threads=1)
        wall = {name: timing["wall_s"] for name, timing in timings.items()}
        both = sum(wall[sector] for sector in SECTORS)
        true = [ours(spins, sector) for sector in SECTORS]
        row = [f"N = {spins}", *(duration(wall[sector]) for sector in SECTORS), duration(both)]
        section.data[str(spins)] = {"timings": timings, "complete": [modes.complete for modes in true]}
        if spins in SMALL:
            values = theirs(spins)
            slowest = np.concatenate([modes.eigenvalues for modes in true])
            scale = np.abs(slowest.real).max()
            found = sum(bool(np.abs(values - value).min() <= 1e-4 * scale) for value in slowest)
            row += [duration(wall["qutip"]), times(wall["qutip"] / both), f"{found} of {len(slowest)}"]
            section.data[str(spins)] |= {"ratio": wall["qutip"] / both, "found": found}
        else:
            section.below(f"slowest {COUNT} modes of each sector, N = {spins}", both, 5.0)
        rows.append(row + [""] * (7 - len(row)))
    section.table(["", *SECTORS, "both", "QuTiP and SciPy", "× ours", "of the slowest"], rows)
    return section
