"""What `noisy-leggett-garg` prints for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import output

if TYPE_CHECKING:
    import xarray

SYMBOLS = {"spins": "σ_N", "field": "σ_Γ/Γ", "coupling": "σ_J/J"}
"""Widths of the noise, by its kind."""

_ROWS = 25
_NAMES = {"spins": "the atom number", "field": "the field", "coupling": "the coupling"}


def text_of(
    model: Any, scan: xarray.Dataset, courses: Sequence[xarray.Dataset], width: float | None, out: Path | None
) -> str:
    """K3 and the coherence over widths, the limits, and eleven times of the mean coherences."""
    from ..rates import units_of

    a, units = scan.attrs, units_of(model.energy_unit)
    kind, unit = str(a["kind"]), units["time"]
    lines = [
        f"Leggett-Garg test by level {a['level']}, N = {a['spins']}, from {a['initial']}",
        f"under noise of {_NAMES[kind]} from shot to shot",
        f"γ = {a['gamma']:.6g} {units['rate']}, τ = {a['tau']:.6g} {unit}; ρ_01 at t = {a['time']:.6g} {unit}",
        "",
        *output.columns(_scan_rows(scan, kind)),
        "",
        f"without noise: K3 = {a['k3_ideal']:.6g}, 2|ρ_01| = {a['coherence_ideal']:.6g}",
        *(_limit_line(scan.isel(hold=k), kind) for k in range(scan.sizes["hold"])),
    ]
    if courses and width is not None:
        lines += ["", *_course_lines(courses, kind, width, unit if model.energy_unit != "plain" else "ħ = 1")]
    return "\n".join([*lines, *([f"written to {out}"] if out else [])])


def _held(name: object, kind: str) -> str:
    """What is held, where there is something to hold."""
    from ..protocols.noise_kinds import HELD

    return f"{HELD[str(name)]} held" if kind == "spins" else "mean"


def _some(count: int, most: int) -> list[int]:
    """At most so many of the places, evenly spaced, both ends among them."""
    steps = min(most, count) - 1
    return sorted({round(k * (count - 1) / max(steps, 1)) for k in range(steps + 1)})


def _scan_rows(scan: xarray.Dataset, kind: str) -> list[tuple[str, ...]]:
    from ..display import to_error

    rows: list[tuple[str, ...]] = [("", SYMBOLS[kind], "K3", "±", "2|<ρ_01>|", "±", "small noise")]
    for k in range(scan.sizes["hold"]):
        row = scan.isel(hold=k)
        for i in _some(scan.sizes["width"], _ROWS):
            cells = []
            for value, error in ((row.k3, row.k3_error), (row.coherence, row.coherence_error)):
                cells += [to_error(float(value[i]), float(error[i]), 6), f"{float(error[i]):.1g}"]
            cells.append(f"{float(row.coherence_gaussian[i]):.3g}")
            rows.append((_held(row.hold.item(), kind), f"{float(scan.width[i]):.4g}", *cells))
    return rows


def _limit_line(row: xarray.Dataset, kind: str) -> str:
    """Up to which width K3 > 1, and which width is as bad for the coherence as dephasing."""
    unit = " atoms" if kind == "spins" else ""
    limit, equal, symbol = float(row.limit), float(row.equal), SYMBOLS[kind]
    if math.isnan(limit):
        said = "K3 does not exceed 1 without noise"
    elif math.isinf(limit):
        said = f"K3 > 1 up to {symbol} = {float(row.width[-1]):.4g}{unit}, the largest asked for"
    else:
        said = f"K3 > 1 up to {symbol} = {limit:.3g}{unit}"
    if 0.0 < equal < math.inf:
        said += f"; as bad for ρ_01 as dephasing: {symbol} = {equal:.4g}{unit}"
    return f"{_held(row.hold.item(), kind)}: {said}"


def _course_lines(courses: Sequence[xarray.Dataset], kind: str, width: float, unit: str) -> list[str]:
    from ..display import to_error

    first = courses[0]
    names = [_held(course.attrs["hold"], kind) for course in courses]
    rows: list[tuple[str, ...]] = [
        ("", "one shot", *(cell for name in names for cell in (name, ""))),
        (f"t [{unit}]", "2|ρ_01|", *(["2|<ρ_01>|", "2|<ρ_PR>|"] * len(courses))),
    ]
    for i in _some(first.sizes["time"], 11):
        cells = [
            to_error(2.0 * float(course[name][i]), 2.0 * float(course.attrs["error"]), 5)
            for course in courses
            for name in ("abs_rho_01", "abs_rho_pr")
        ]
        alone = 2.0 * abs(complex(first.rho_01_single.values[i]))
        rows.append((f"{float(first.time[i]):.6g}", f"{alone:.5g}", *cells))
    ends = [
        f"{name}: T2* = {course.attrs['t2_star']:.5g}, error of the means below {2.0 * course.attrs['error']:.1e}"
        for name, course in zip(names, courses, strict=True)
    ]
    return [f"mean coherences in time at {SYMBOLS[kind]} = {width:.6g}", *output.columns(rows), "", *ends]
