"""Start-up: imports and one answer of the command line, in fresh processes."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

from fresh import command_seconds, import_seconds
from report import Section, duration

IMPORTS = ("import numpy", "import scipy.linalg", "import einselect", "import qutip")


def run(quick: bool) -> Section:
    """Medians over fresh processes, taking turns."""
    section = Section("startup", "Start-up")
    rounds = 3 if quick else 11
    script = Path(sys.executable).with_name("einselect")
    command = [str(script)] if script.exists() else [sys.executable, "-m", "einselect"]
    rates = [*command, "rates", "--spins", "370", "--field", "0.95"]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "einselect rates --spins 370 --field 0.95": rates,
        "einselect rates --spins 370 --field 0.95 --json": [*rates, "--json"],
    }
    imports: dict[str, list[float]] = {statement: [] for statement in IMPORTS}
    whole: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for statement in IMPORTS:
            imports[statement].append(import_seconds(statement)[0])
        for name, arguments in commands.items():
            whole[name].append(command_seconds(arguments))
    # The first round reads the files from disk: it is left out.
    found = {name: median(seconds[1:]) for name, seconds in (imports | whole).items()}
    section.lines.append(
        f"Medians of {rounds} fresh processes: imports by the clock inside the process, commands from start to end."
    )
    section.table(["", "time"], [[f"`{name}`", duration(seconds)] for name, seconds in found.items()])
    section.data = found
    section.below("`import einselect`", found["import einselect"], 0.3)
    section.below("`einselect rates`", found["einselect rates --spins 370 --field 0.95"], 1.0)
    return section
