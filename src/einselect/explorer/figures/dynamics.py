"""Curves of a doublet in time, coherences and populations, with a mark at the time that is shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..compute.dynamics import Course
from .lines import grey, line, time_axis, upright_line
from .theme import Drawing, Patch, figure, theme

_NAIVE = {
    "eigenstate": ("½ e<sup>−Γ<sub>01</sub>t</sup>", "dash"),
    "pointer": ("½ e<sup>−Γ<sub>PR</sub>t</sup>", "dot"),
    "mean field": ("½ e<sup>−γG<sub>loc</sub>t</sup>", "dashdot"),
}


def draw_coherences(course: Course, index: int, dark: bool) -> Drawing:
    """|ρ_01|, Re and Im ρ_PR against time with the naive exponentials over them, and the time that is shown."""
    look, data = theme(dark), course.data
    factor, title = _time(course)
    t = course.times * factor
    traces = [
        line("|ρ<sub>01</sub>|", t, np.abs(data.rho_01.values), look.colour("blue")),
        line("Re ρ<sub>PR</sub>", t, data.rho_pr.values.real, look.colour("vermillion"), "dash"),
        line("Im ρ<sub>PR</sub>", t, data.rho_pr.values.imag, look.colour("purple"), "dashdot"),
    ]
    for name, rate in course.naive.items():
        label, dash = _NAIVE[name]
        traces.append(line(label, t, 0.5 * np.exp(-rate * course.times), grey(look), dash, 1.5))
    return _in_time(traces, course, index, title, "matrix element", dark)


def draw_populations(course: Course, index: int, dark: bool) -> Drawing:
    """Populations of both states, what both have together, and what has leaked out of them."""
    look, data = theme(dark), course.data
    factor, title = _time(course)
    t = course.times * factor
    traces = [
        line("ρ<sub>00</sub>", t, data.populations.values[:, 0], look.colour("even")),
        line("ρ<sub>11</sub>", t, data.populations.values[:, 1], look.colour("odd"), "dash"),
        line("ρ<sub>00</sub> + ρ<sub>11</sub>", t, data.doublet_population.values, look.colour("black"), "dot"),
        line("leakage", t, data.leakage.values, look.colour("green"), "dashdot"),
    ]
    return _in_time(traces, course, index, title, "population", dark)


def _time(course: Course) -> tuple[float, str]:
    return time_axis(float(course.times[-1]), str(course.data.time.attrs.get("units", "")))


def mark_time(course: Course, index: int, dark: bool) -> Patch:
    """The mark of another time, in both of these pictures."""
    at = float(course.times[index]) * _time(course)[0]
    return Patch(layout={"shapes": [upright_line(at, theme(dark).colour("orange"), width=2.0)]})


def _in_time(traces: list[Any], course: Course, index: int, title: str, label: str, dark: bool) -> Drawing:
    drawn = figure(
        dark,
        traces,
        xaxis={"title": {"text": title}, "range": [0.0, float(course.times[-1]) * _time(course)[0]]},
        yaxis={"title": {"text": label}},
        hovermode="x",
    )
    return drawn.patched(mark_time(course, index, dark))
