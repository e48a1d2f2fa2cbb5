"""What the page Dynamics says in words: the run and its quality, and each picture at the time that is shown."""

from __future__ import annotations

from html import escape

import numpy as np

from ...display import figure as number
from ...errors import InputError
from ...rates import units_of
from ..compute.dynamics import Course
from ..figures.lines import time_axis


def shown_time(course: Course, index: int) -> str:
    """A time as people write it, and in units of T2."""
    unit = str(course.data.time.attrs.get("units", ""))
    factor, _ = time_axis(float(course.times[-1]), unit)
    prefix = {1e3: "ms", 1e6: "µs", 1e9: "ns", 1e12: "ps"}.get(factor, "s") if unit == "s" else ""
    plain = prefix or ("ħ/J" if unit == "ħ/J" else "(ħ = 1)")
    t2 = course.rates.t2_eigenstate
    relative = f" = {number(float(course.times[index]) / t2, 3)} T2" if t2 else ""
    return f"t = {number(float(course.times[index]) * factor, 4)} {plain}{relative}"


def status_html(course: Course) -> str:
    """How the run was done, how well, and the three rates."""
    attributes = course.data.attrs
    rate = units_of(course.model.energy_unit)["rate"]
    levels = int(attributes["levels"])
    if "error_estimate" in attributes:
        quality = f"all {levels} levels, estimated error {course.error:.1e}"
    else:
        quality = f"{levels} levels, truncation error below {course.error:.1e}"
    if not attributes.get("complete", 1):
        quality += "; stopped before the last time"
    named = {"eigenstate": "Γ_01", "pointer": "Γ_PR", "mean field": "γ G_loc"}
    rates = ", ".join(f"{named[name]} = {number(value, 5)} {rate}" for name, value in course.naive.items())
    lines = [f"Lindblad equation under {course.jump.operator.name}: {quality}."]
    lines.append(
        f"Naive exponentials: {rates}." if rates else "No coherence starts at ½: there is no naive exponential."
    )
    return "".join(f'<p class="line" role="status">{escape(line)}</p>' for line in lines)


def coherences_described(course: Course, index: int) -> str:
    """What the curves are at the time that is shown."""
    data, at = course.data, shown_time(course, index)
    rho_01, rho_pr = complex(data.rho_01.values[index]), complex(data.rho_pr.values[index])
    return (
        f"Coherences in time. At {at}: |ρ_01| = {abs(rho_01):.4f}, Re ρ_PR = {rho_pr.real:.4f}, "
        f"Im ρ_PR = {rho_pr.imag:.4f}"
    )


def populations_described(course: Course, index: int) -> str:
    """What the populations are at the time that is shown."""
    even, odd = course.data.populations.values[index, :2]
    leakage = float(course.data.leakage.values[index])
    return f"Populations in time. At {shown_time(course, index)}: {even:.4f} and {odd:.4f}, leakage {leakage:.4f}"


def bloch_described(course: Course, index: int) -> str:
    """Where the Bloch vector is."""
    x, y, z = course.bloch[index]
    return (
        f"Bloch vector of the doublet. At {shown_time(course, index)}: 2 Re ρ_01 = {x:.4f}, "
        f"-2 Im ρ_01 = {y:.4f}, ρ_00 - ρ_11 = {z:.4f}"
    )


def without_sphere(course: Course) -> str:
    """Why there is no sphere."""
    try:
        course.husimi(0)
    except InputError as error:
        return f'<p class="line">{escape(f"No Husimi function here: {error}.")}</p>'
    return ""


def husimi_described(course: Course, index: int) -> str:
    """How large the Husimi function is."""
    largest = [float(np.nanmax(q)) for q in course.husimi(index)]
    return (
        f"Husimi function at {shown_time(course, index)}: largest value {max(largest):.4f}, on the face towards −x "
        f"{largest[1]:.4f}"
    )
