"""How results are written: sections of Markdown with their numbers, targets, and the machine in general terms.

results.json keeps every section with its day and machine, so that one can be renewed alone; results.md is written
from it.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Target:
    """One target of the work: what was asked, what came out, whether that is enough."""

    what: str
    asked: str
    measured: str
    met: bool


@dataclass
class Section:
    """One part of the results: Markdown lines, the numbers behind them, the targets that it decides."""

    name: str
    title: str
    lines: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a Markdown table; the first column is text, the others are right-aligned."""
        self.lines += ["", _row(head), _row(["---", *["---:"] * (len(head) - 1)]), *map(_row, rows), ""]

    def at_least(self, what: str, ratio: float, asked: float) -> None:
        """Target: so many times faster at least."""
        self.targets.append(Target(what, f"≥ {asked:,.0f} ×", f"{times(ratio)}", ratio >= asked))

    def below(self, what: str, seconds: float, limit: float) -> None:
        """Target: less than so many seconds."""
        self.targets.append(Target(what, f"< {limit:g} s", duration(seconds), seconds < limit))


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def duration(seconds: float) -> str:
    """Seconds with three digits and a unit that suits them."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size or unit == "µs":
            break
    return f"{_digits(seconds / size)} {unit}"


def times(ratio: float) -> str:
    """A ratio with two or three digits."""
    return f"{_digits(ratio)} ×"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def power(spins: int) -> str:
    """N as people write it: powers of ten where it is one and large."""
    text = str(spins)
    exponent = str(len(text) - 1).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{exponent}" if spins >= 10_000 and text.strip("0") == "1" else text


def machine() -> dict[str, str]:
    """The machine and the versions, in general terms: nothing that names it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = [
        f"{name}={os.environ[name]}"
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        if name in os.environ
    ]
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(cores),
        "python": platform.python_version(),
        **{name: version(name) for name in ("einselect", "numpy", "scipy", "qutip")},
        "BLAS threads": ", ".join(threads) or "default (one a core)",
    }


def markdown(stored: Mapping[str, Any], quick: bool) -> str:
    """The whole report, from sections as `as_stored` makes them."""
    lines = [
        "# Benchmark results",
        "",
        "Written by `make bench` (`benchmarks/run.py`); what is measured, and how the speed comes about, is in",
        "[README.md](README.md). Times are medians of wall time a call, from parameters to numbers, the candidates",
        "taking turns; a ratio is the alternative's time over ours in the same run.",
        "",
        *_origins(stored),
    ]
    if quick:
        lines += ["", "**Quick run: fewer samples, parts of the grids. Not the numbers to quote.**"]
    targets = [target for section in stored.values() for target in section["targets"]]
    if targets:
        lines += [
            "",
            "## Targets",
            "",
            _row(["target", "asked", "measured", "met"]),
            _row(["---", "---:", "---:", "---"]),
        ]
        lines += [_row([t["what"], t["asked"], t["measured"], "yes" if t["met"] else "**no**"]) for t in targets]
    for section in stored.values():
        lines += ["", f"## {section['title']}", *_shared(section), *section["lines"]]
    text = "\n".join(lines) + "\n"
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def _origins(stored: Mapping[str, Any]) -> list[str]:
    """When and where each section was measured: one line for those of one day on one machine."""
    groups: dict[str, list[str]] = {}
    for section in stored.values():
        about = "; ".join(f"{name} {value}" for name, value in section["machine"].items())
        groups.setdefault(f"{section['date']}: {about}.", []).append(section["title"])
    if len(groups) == 1:
        return [f"Measured on {next(iter(groups))}"]
    return [f"- {', '.join(titles)}: measured on {origin}" for origin, titles in groups.items()]


def _shared(section: Mapping[str, Any]) -> list[str]:
    """A warning where other work had its part of the machine."""
    load, cores = section.get("load", 0.0), float(section["machine"]["cores"])
    if load <= cores + 0.5:
        return []
    return [f"**Other work shared the machine: load {load} on {cores:.0f} cores. Wall times are too long.**", ""]


def as_stored(section: Section) -> dict[str, Any]:
    """A section with the day and the machine, as results.json keeps it."""
    load = round(os.getloadavg()[1], 1) if hasattr(os, "getloadavg") else 0.0  # of the last five minutes
    return {"title": section.title, "date": date.today().isoformat(), "machine": machine(), "load": load} | {
        key: value for key, value in asdict(section).items() if key not in ("name", "title")
    }


def keep(section: Section, order: Sequence[str], folder: Path = HERE) -> None:
    """Renew one section in results.json, leave the others as they are, and write results.md from all of them.

    Each file is written whole or not at all.
    """
    path = folder / "results.json"
    stored = json.loads(path.read_text(encoding="utf-8"))["sections"] if path.exists() else {}
    stored[section.name] = as_stored(section)
    stored = {name: stored[name] for name in order if name in stored}
    for name, content in (
        ("results.json", json.dumps({"sections": stored}, indent=1, ensure_ascii=False) + "\n"),
        ("results.md", markdown(stored, quick=False)),
    ):
        temporary = folder / f".{name}.part"
        temporary.write_text(content, encoding="utf-8")
        temporary.replace(folder / name)
