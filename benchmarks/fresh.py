"""Jobs in fresh processes: time and peak memory without anything that an earlier job left behind."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

_SCRIPT = """
import json, sys, time
sys.path.insert(0, {here!r})
from fresh import peak_memory
{setup}
before = peak_memory()
seconds = []
for _ in range({repeats}):
    started = time.perf_counter()
    {job}
    seconds.append(time.perf_counter() - started)
print(json.dumps({{"seconds": seconds, "before": before, "peak": peak_memory()}}))
"""


_TURNS = """
import json, sys
sys.path.insert(0, {here!r})
import {module}
from timing import side_by_side
timings = side_by_side({module}.{jobs}, {seconds!r})
print(json.dumps({{name: timing.as_dict() for name, timing in timings.items()}}))
"""

_ANSWER = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({limit}, -1))
sys.path.insert(0, {here!r})
import {module}
print(json.dumps({module}.{call}))
"""


@dataclass(frozen=True)
class Fresh:
    """First and median seconds of a job, peak memory of its process, and how much of that came with the job."""

    first: float
    seconds: float
    peak_mb: float
    added_mb: float


def peak_memory() -> float:
    """Largest resident memory of this process so far, in MB."""
    # ru_maxrss is carried over from the process that started this one; the kernel's own mark is not.
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def in_fresh_process(setup: str, job: str, repeats: int, threads: int | None = None) -> Fresh:
    """Run the line `job` after `setup` in a new interpreter, with so many threads of BLAS."""
    environment = _environment(threads)
    script = _SCRIPT.format(here=str(Path(__file__).parent), setup=setup, job=job, repeats=repeats)
    answer = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment)
    found = json.loads(answer.stdout)
    return Fresh(
        found["seconds"][0], median(found["seconds"]), found["peak"], max(0.0, found["peak"] - found["before"])
    )


def turns_in_fresh_process(module: str, jobs: str, seconds: float, threads: int | None) -> dict[str, dict[str, Any]]:
    """`side_by_side` of jobs, an expression of the module, in a new interpreter with so many threads of BLAS."""
    script = _TURNS.format(here=str(Path(__file__).parent), module=module, jobs=jobs, seconds=seconds)
    answer = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=_environment(threads)
    )
    return dict(json.loads(answer.stdout))


def answer_of_fresh_process(
    module: str, call: str, limit: float, python: str = sys.executable, threads: int | None = None
) -> Any:
    """What a call of a module returns, in a new interpreter, or None where it takes more than `limit` seconds of CPU.

    On a machine that other work shares it may last as long as it has to, up to ten times that.
    """
    script = _ANSWER.format(here=str(Path(__file__).parent), module=module, call=call, limit=round(limit))
    try:
        answer = subprocess.run(
            [python, "-c", script],
            check=True,
            capture_output=True,
            text=True,
            timeout=10.0 * limit,
            env=_environment(threads),
        )
    except subprocess.TimeoutExpired:
        return None
    except subprocess.CalledProcessError as error:
        if error.returncode == -signal.SIGXCPU:
            return None
        raise
    # The last line: other libraries may have printed something before.
    return json.loads(answer.stdout.strip().splitlines()[-1])


def _environment(threads: int | None) -> dict[str, str]:
    return dict(os.environ) if threads is None else {**os.environ, "OPENBLAS_NUM_THREADS": str(threads)}


def import_seconds(statement: str) -> tuple[float, float]:
    """Seconds that an import takes in a new interpreter, by its own clock: wall and CPU time."""
    script = (
        "import time; c, w = time.process_time(), time.perf_counter(); "
        f"{statement}; print(time.perf_counter() - w, time.process_time() - c)"
    )
    answer = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    wall, cpu = (float(text) for text in answer.stdout.split())
    return wall, cpu


def command_seconds(arguments: list[str]) -> float:
    """Wall time from starting a command to its end."""
    started = time.perf_counter()
    subprocess.run(arguments, check=True, capture_output=True, env={**os.environ, "COLUMNS": "100"})
    return time.perf_counter() - started
