"""What the page Protocols says in words and tables."""

from __future__ import annotations

import math

from ...display import NOTHING, Table
from ...display import figure as number
from ...rates import units_of
from ..compute.atom_noise import NoiseAnswer
from ..compute.leggett_garg import DESCRIPTIONS, LeggettGargAnswer
from ..compute.sensing import SensingAnswer
from ..figures.protocols import HELD


def leggett_garg_lines(answer: LeggettGargAnswer) -> list[str]:
    """The test in a sentence or two."""
    unit = str(answer.curves.tau.attrs.get("units", ""))
    at = f"τ = π/(3ΔE) = {number(answer.tau, 5)} {unit}, γ = {number(answer.gamma, 5)} "
    at += f"{answer.curves.attrs['gamma_units']}, contrast {answer.contrast:.5f}"
    first = f"Q = sgn(Jz) at times 0, τ, 2τ; macrorealism says K3 ≤ 1. At {at}:"
    return [first, *(f"{level}: {why}" for level, why in answer.missing.items())]


def leggett_garg_table(answer: LeggettGargAnswer) -> Table:
    """K3 and threshold by description, and the threshold over that of B."""
    unit = str(answer.curves.attrs["gamma_units"])
    limits = {row.level: row.threshold.gamma if row.threshold else None for row in answer.rows}
    base = limits.get("B")
    rows = []
    for row in answer.rows:
        limit = limits[row.level]
        over = NOTHING if limit is None or not base else number(limit / base, 4)
        judged = {True: "violates", False: "does not violate", None: "open"}[row.value.violates]
        error = number(row.value.error, 1) if row.value.error else "0"
        rows.append(
            (row.level, DESCRIPTIONS[row.level], number(row.value.value, 6), error, judged, number(limit, 5), over)
        )
    header = ("description", "", "K3", "error", "macrorealism", f"largest γ [{unit}]", "over B")
    return Table("K3 at the marked interval, and the dephasing rate that it bears", tuple(rows), header, (2, 3, 5, 6))


def k3_described(answer: LeggettGargAnswer) -> str:
    """What can be seen of K3."""
    said = ", ".join(f"{row.level} {row.value.value:.4f}" for row in answer.rows)
    return f"K3 against the interval, a line for each description; at the marked interval: {said}"


def sensing_lines(answer: SensingAnswer) -> list[str]:
    """The best time, and how good the curves are."""
    course, best = answer.course, answer.best
    units = units_of(course.attrs["energy_unit"])
    edge = " (an end of the times: the best may lie beyond)" if best.at_edge else ""
    first = f"Best time: {number(best.time, 5)} {units['time']} = {number(best.time / answer.t2, 4)} T2{edge}."
    if best.effective_rate is not None:
        nearest = f", nearest to that of {best.nearest}" if best.nearest else ""
        first += f" The answer decays there at {number(best.effective_rate, 5)} {units['rate']}{nearest}."
    error = course.attrs["convergence_error"]
    settled = "all of them" if not error else f"curves settled to {error:.1e} of their maximum"
    return [first, f"{course.attrs['levels']} levels: {settled}."]


def sensing_table(answer: SensingAnswer) -> Table:
    """What an estimate with each of the three rates would have said."""
    unit = units_of(answer.course.attrs["energy_unit"])["rate"]
    rows = tuple(
        (
            estimate.name,
            number(estimate.rate, 5),
            number(estimate.time_ratio, 4) + ("+" if estimate.at_edge else ""),
            number(estimate.promised, 4),
            number(estimate.loss, 4),
        )
        for estimate in answer.best.estimates
    )
    header = ("estimate with the rate of", f"rate [{unit}]", "its best time", "promises", "loses")
    return Table("Estimates against the exact time and smallest field", rows, header, (1, 2, 3, 4))


def squeezing_described(answer: SensingAnswer) -> str:
    """What can be seen of the squeezing."""
    course = answer.course
    first = float(course.qfi_rotation[0]) / course.attrs["spins"]
    last = float(course.qfi_rotation[-1]) / course.attrs["spins"]
    return f"F over N of a rotation falls from {first:.4g} to {last:.4g}; with the squeezing parameters, against time"


def noise_lines(answer: NoiseAnswer) -> list[str]:
    """Up to which noise K3 > 1, by what is held."""
    said = []
    for one in answer.held:
        limit = one.limit.value
        if limit is None:
            said.append(f"with {HELD[one.hold]} K3 does not exceed 1 without noise")
        elif math.isinf(limit):
            said.append(f"with {HELD[one.hold]} K3 > 1 up to σ_N = {number(one.limit.tried, 3)} and beyond")
        else:
            said.append(f"with {HELD[one.hold]} K3 > 1 up to σ_N = {number(limit, 3)} atoms")
    return [f"By {answer.level} ({DESCRIPTIONS[answer.level]}), {'; '.join(said)}."]


def noise_table(answer: NoiseAnswer) -> Table:
    """K3 over widths, by what is held."""
    rows = tuple(
        (number(float(width), 3), *(f"{number(one.k3[k].value, 5)}" for one in answer.held))
        for k, width in enumerate(answer.widths)
    )
    header = ("σ_N [atoms]", *(f"K3, {HELD[one.hold]}" for one in answer.held))
    return Table("K3, mean over shots", rows, header, (1, 2))
