"""Solvers of the whole master equation that are too slow to be timed often: each once, in a process of its own."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from fresh import answer_of_fresh_process
from numpy.typing import NDArray

LIMIT = 170.0  # seconds of CPU time, with import and compilation
SOLVERS = {
    "qutip": ("QuTiP `mesolve`, default method (Adams)", "qutip_mesolve", "adams"),
    "qutip_fastest": ("QuTiP `mesolve`, `method='vern7'`", "qutip_mesolve", "vern7"),
    "dynamiqs": ("dynamiqs `mesolve`, default method (Tsit5)", "dynamiqs_mesolve", "Tsit5"),
    "dynamiqs_fastest": ("dynamiqs `mesolve`, `Dopri8`", "dynamiqs_mesolve", "Dopri8"),
}
"""Of either library the default method and the one that was fastest at N = 100."""


@dataclass(frozen=True)
class Problem:
    """(|E0> + |E1>)/√2 under dephasing of Jz: parameters in one unit of energy, `count` times from 0 to `end`."""

    spins: int
    field: float
    coupling: float
    gamma: float
    end: float
    count: int


@dataclass(frozen=True)
class Solved:
    """ρ_01 at the times, wall and CPU seconds (infinite where it was stopped), and the version of the library."""

    rho: NDArray[np.complex128]
    wall: float
    cpu: float
    version: str

    @property
    def seconds(self) -> float:
        """The smaller one: in their favour, whether they use several cores or other work takes some of theirs."""
        return min(self.wall, self.cpu)

    @property
    def figures(self) -> dict[str, float | str]:
        """For results.json."""
        return {"wall_s": self.wall, "cpu_s": self.cpu, "version": self.version}


def dynamiqs_python() -> str | None:
    """The interpreter that has dynamiqs: this one, $EINSELECT_DYNAMIQS_PYTHON, or that of .venv-dynamiqs."""
    from importlib.util import find_spec

    if find_spec("dynamiqs"):
        return sys.executable
    named = os.environ.get("EINSELECT_DYNAMIQS_PYTHON")
    path = Path(named) if named else Path(__file__).parents[1] / ".venv-dynamiqs" / "bin" / "python"
    return str(path) if path.exists() else None


def solve(name: str, problem: Problem) -> Solved | None:
    """Run one of the solvers, or take what an earlier section found; None where it is not installed.

    QuTiP gets one thread of BLAS: it adds up long vectors, and waits longer for threads than they save. dynamiqs has
    threads of its own, as many as there are cores.
    """
    # The same time worked out in two ways differs in its last bits.
    return _solve(name, replace(problem, end=float(f"{problem.end:.12e}")))


@cache
def _solve(name: str, problem: Problem) -> Solved | None:
    _, function, method = SOLVERS[name]
    python = sys.executable if name.startswith("qutip") else dynamiqs_python()
    if python is None:
        return None
    p = problem
    call = f"{function}({method!r}, {p.spins}, {p.field!r}, {p.coupling!r}, {p.gamma!r}, {p.end!r}, {p.count})"
    answer = answer_of_fresh_process("alternatives_dynamics", call, LIMIT, python, threads=1)
    if answer is None:
        return Solved(np.empty(0, dtype=complex), math.inf, math.inf, "")
    return Solved(
        np.array(answer["re"]) + 1j * np.array(answer["im"]), answer["wall_s"], answer["cpu_s"], answer["version"]
    )
