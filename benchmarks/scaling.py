"""How cost grows with N: times of every candidate, fitted exponents, and the plot of both."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alternatives
import numpy as np
from report import HERE, Section, duration, power
from single import ours, ours_with_splitting
from timing import side_by_side

FIELD = 0.95
_MANTISSAS = (1, 2, 5)
_DENSE = ("dense", "qutip")
# name: title, job, largest N, N from which the exponent is fitted, exponent expected
CANDIDATES: dict[str, tuple[str, Callable[[int, float], Any], int, int, str]] = {
    "ours": ("einselect, ΔE not asked", ours, 100_000_000, 5_000_000, "1/2"),
    "ours_with_splitting": ("einselect, with ln ΔE", ours_with_splitting, 10_000_000, 200_000, "1"),
    "blocks": ("SciPy, parity blocks", alternatives.tridiagonal_blocks, 1_000_000, 50_000, "1"),
    "dense": ("dense eigh", alternatives.dense, 2000, 500, "3"),
    "qutip": ("QuTiP, two lowest", alternatives.qutip_dense, 1000, 200, "3"),
}


def run(quick: bool) -> Section:
    """Time a ladder of N for every candidate, side by side at each N."""
    section = Section("scaling", "How cost grows with N")
    ladder = [k * 10**d for d in range(2, 9) for k in (_MANTISSAS[:1] if quick else _MANTISSAS)]
    curves: dict[str, list[tuple[int, float]]] = {name: [] for name in CANDIDATES}
    for n in ladder:
        jobs = {
            name: lambda job=job, n=n: job(n, FIELD)
            for name, (_, job, largest, _, _) in CANDIDATES.items()
            if n <= largest
        }
        # The threads of dense linear algebra go on spinning for a while: those jobs come after the others.
        for dense in (False, True):
            group = {name: job for name, job in jobs.items() if (name in _DENSE) == dense}
            if group:
                for name, timing in side_by_side(group, seconds=0.5 if quick else 2.0).items():
                    curves[name].append((n, timing.wall))
    rows = []
    for name, (title, _, _, lowest, expected) in CANDIDATES.items():
        points = [p for p in curves[name] if p[0] >= lowest]
        exponent = exponent_of(points)
        section.data[name] = {"points": curves[name], "fitted_from": lowest, "exponent": exponent}
        last, seconds = curves[name][-1]
        found = "" if math.isnan(exponent) else f"{exponent:.2f}"
        rows.append([title, f"N = {power(last)}", duration(seconds), f"{power(lowest)}…{power(last)}", found, expected])
    section.lines.append(f"Γ/J = {FIELD}. Exponents are fitted where the work outweighs the interpreter's overhead.")
    section.table(["", "largest", "time there", "fitted over", "exponent", "expected"], rows)
    section.lines += ["![Time of one doublet against N](scaling.svg)", ""]
    if not quick:
        draw(section.data, HERE)
    return section


def exponent_of(points: list[tuple[int, float]]) -> float:
    """Slope of log time against log N."""
    if len(points) < 2:
        return math.nan
    n, seconds = np.array(points).T
    return float(np.polyfit(np.log(n), np.log(seconds), 1)[0])


def draw(data: dict[str, Any], folder: Path) -> None:
    """Log-log plot of all candidates, saved as scaling.svg and scaling.png."""
    from einselect.style import OKABE_ITO, new_figure, publication, save

    looks = {
        "ours": (OKABE_ITO["blue"], "o", "-"),
        "ours_with_splitting": (OKABE_ITO["sky"], "s", "-"),
        "blocks": (OKABE_ITO["vermillion"], "^", "--"),
        "dense": (OKABE_ITO["black"], "D", ":"),
        "qutip": (OKABE_ITO["purple"], "v", ":"),
    }
    figure = new_figure(5.2, 3.9)
    with publication():
        ax = figure.add_subplot()
        for name, (title, *_) in CANDIDATES.items():
            n, seconds = np.array(data[name]["points"]).T
            colour, marker, dash = looks[name]
            exponent = data[name]["exponent"]
            label = title if math.isnan(exponent) else rf"{title}  ($N^{{{exponent:.2f}}}$)"
            ax.loglog(n, seconds, color=colour, marker=marker, linestyle=dash, label=label, markersize=3.5)
        for name, slope, text in (("ours", 0.5, r"$\propto\sqrt{N}$"), ("ours_with_splitting", 1.0, r"$\propto N$")):
            # A short guide under the last decade of the curve.
            last, seconds = data[name]["points"][-1]
            n = np.array([0.1 * last, last])
            guide = 0.4 * seconds * (n / last) ** slope
            ax.loglog(n, guide, color=OKABE_ITO["black"], linestyle="-", linewidth=0.7, marker="")
            middle = (math.sqrt(n[0] * n[1]), math.sqrt(guide[0] * guide[1]))
            ax.annotate(text, middle, xytext=(3, -3), textcoords="offset points", ha="left", va="top", fontsize=7)
        ax.set_xlabel(r"number of spins $N$")
        ax.set_ylabel("time of one doublet (s)")
        ax.set_xlim(60, 2e8)
        ax.grid(True, which="major", linewidth=0.4, color="#dddddd")
        ax.set_axisbelow(True)
        figure.legend(loc="outside upper center", ncols=2, fontsize=7.5)
    for suffix in ("svg", "png"):
        save(figure, folder / f"scaling.{suffix}", dpi=200)
