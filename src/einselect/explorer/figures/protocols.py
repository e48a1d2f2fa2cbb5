"""The pictures of protocols: K3 by description, Fisher information and squeezing in time, noise of the atom number."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...display import figure as number
from ...protocols import noise_kinds
from ..compute.atom_noise import NoiseAnswer
from ..compute.leggett_garg import LeggettGargAnswer
from ..compute.sensing import SensingAnswer
from .lines import grey, level_line, line, log_axis, time_axis, upright_line
from .theme import Drawing, figure, theme

_LEVELS = {
    "A": ("orange", "dot"),
    "B": ("blue", "dash"),
    "two-level": ("green", "dashdot"),
    "C": ("vermillion", "longdash"),
    "converged": ("black", "solid"),
}
_ESTIMATES = {
    "eigenstate": ("F<sub>0</sub>e<sup>−2Γ<sub>01</sub>t</sup>", "dash"),
    "pointer": ("F<sub>0</sub>e<sup>−2Γ<sub>PR</sub>t</sup>", "dot"),
    "mean field": ("F<sub>0</sub>e<sup>−2γG<sub>loc</sub>t</sup>", "dashdot"),
}
HELD = {hold: f"{name} held" for hold, name in noise_kinds.HELD.items()}
_HELD = {"coupling": ("blue", "solid"), "interaction": ("vermillion", "dash")}


def draw_k3(answer: LeggettGargAnswer, dark: bool) -> Drawing:
    """K3 against τ, a line for each description with the rate it allows, and the bound of macrorealism."""
    look, curves = theme(dark), answer.curves
    factor, title = time_axis(float(curves.tau.values[-1]), str(curves.tau.attrs.get("units", "")), "interval τ")
    unit = str(curves.attrs.get("gamma_units", ""))
    tau = curves.tau.values * factor
    traces = []
    for row in answer.rows:
        colour, dash = _LEVELS[row.level]
        limit = row.threshold.gamma if row.threshold is not None else None
        until = f": γ < {number(limit, 3)} {unit}" if limit else ""
        traces.append(line(row.level + until, tau, curves.k3.sel(level=row.level).values, look.colour(colour), dash))
    return figure(
        dark,
        traces,
        xaxis={"title": {"text": title}, "range": [0.0, float(tau[-1])]},
        yaxis={"title": {"text": "K<sub>3</sub>"}},
        shapes=[level_line(1.0, grey(look)), upright_line(answer.tau * factor, grey(look), "dot")],
        hovermode="x",
    )


def draw_field_information(answer: SensingAnswer, dark: bool) -> Drawing:
    """Fisher information of a field: what is there, what readouts show, what estimates with each rate promise."""
    look, course, best = theme(dark), answer.course, answer.best
    factor, title = time_axis(float(course.time.values[-1]), str(course.time.attrs.get("units", "")))
    t, ideal = course.time.values * factor, course.qfi_field_ideal.values
    traces = [
        line("quantum", t, course.qfi_field.values, look.colour("blue")),
        line("J<sub>z</sub> read out", t, course.cfi_field.values, look.colour("vermillion"), "dash"),
        line("sgn J<sub>z</sub>", t, course.cfi_sign.values, look.colour("purple"), "dashdot"),
        line("no dephasing, F<sub>0</sub>", t, ideal, look.colour("green"), "dot"),
    ]
    top = max(float(np.max(trace["y"])) for trace in traces[:3])
    for estimate in best.estimates:
        label, dash = _ESTIMATES[estimate.name]
        weakened = ideal * np.exp(-2.0 * estimate.rate * course.time.values)
        top = max(top, float(weakened.max()))
        traces.append(line(label, t, weakened, grey(look), dash, 1.5))
    unit = str(course.qfi_field.attrs.get("units", ""))
    return figure(
        dark,
        traces,
        xaxis={"title": {"text": title}, "range": [0.0, float(t[-1])]},
        # What grows without end, without dephasing, does not set the scale.
        yaxis={"title": {"text": f"Fisher information [{unit}]"}, "range": [0.0, 1.1 * top or 1.0]},
        shapes=[upright_line(best.time * factor, look.colour("orange"), width=2.0)],
        hovermode="x",
    )


def draw_squeezing(answer: SensingAnswer, dark: bool) -> Drawing:
    """F/N of a rotation, ξ² and ξ_R²: all are 1 for a spin-coherent state."""
    look, course = theme(dark), answer.course
    factor, title = time_axis(float(course.time.values[-1]), str(course.time.attrs.get("units", "")))
    t = course.time.values * factor
    signal = str(course.attrs["signal"])
    rotation = course.qfi_rotation.values / course.attrs["spins"]
    traces = [
        line(f"F/N of J<sub>{signal[1:]}</sub>", t, rotation, look.colour("blue")),
        line("ξ²", t, course.kitagawa_ueda.values, look.colour("vermillion"), "dash"),
        line("ξ<sub>R</sub>²", t, course.wineland.values, look.colour("purple"), "dashdot"),
    ]
    return figure(
        dark,
        traces,
        xaxis={"title": {"text": title}, "range": [0.0, float(t[-1])]},
        yaxis=log_axis("relative to a coherent state", *_reach(traces)),
        shapes=[level_line(1.0, grey(look))],
        hovermode="x",
    )


def _reach(traces: list[dict[str, Any]]) -> tuple[float, float]:
    """From below the smallest to above the largest of the curves, and of 1."""
    values = np.concatenate([np.ravel(trace["y"]) for trace in traces])
    known = values[np.isfinite(values) & (values > 0.0)]
    return 0.8 * min(1.0, float(known.min(initial=1.0))), 1.25 * max(1.0, float(known.max(initial=1.0)))


def draw_noise(answer: NoiseAnswer, dark: bool) -> Drawing:
    """K3 against σ_N with J and with J/N held, its error as a band, and the widest noise that violates K3 <= 1."""
    look = theme(dark)
    drawn = answer.widths > 0.0
    widths = answer.widths[drawn]
    traces: list[Any] = []
    shapes = [level_line(1.0, grey(look)), level_line(answer.held[0].k3[0].ideal, grey(look), "dot")]
    for one in answer.held:
        colour, dash = _HELD[one.hold]
        k3 = np.array([k.value for k in one.k3])[drawn]
        error = np.array([k.error for k in one.k3])[drawn]
        limit = one.limit.value
        until = f": σ<sub>N</sub> < {number(limit, 3)}" if limit is not None and math.isfinite(limit) else ""
        band = line(
            "error", np.concatenate((widths, widths[::-1])), np.concatenate((k3 + error, (k3 - error)[::-1])), ""
        )
        traces.append(
            band
            | {"fill": "toself", "fillcolor": look.shade(colour, 0.25), "mode": "none"}
            | {"line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
        )
        traces.append(line(HELD[one.hold] + until, widths, k3, look.colour(colour), dash))
        if limit is not None and math.isfinite(limit):
            shapes.append(upright_line(limit, look.colour(colour), dash))
    return figure(
        dark,
        traces,
        xaxis=log_axis("σ<sub>N</sub> [atoms]", float(widths[0]), float(widths[-1])),
        yaxis={"title": {"text": "K<sub>3</sub>, mean over shots"}},
        shapes=shapes,
    )


def draw_noisy_coherence(answer: NoiseAnswer, dark: bool) -> Drawing:
    """Twice |<ρ_01>| in time at one σ_N, with J and with J/N held, one shot, and dephasing by itself."""
    look, first = theme(dark), answer.held[0].coherence
    factor, title = time_axis(float(first.time.values[-1]), str(first.time.attrs.get("units", "")))
    t = first.time.values * factor
    traces = [
        line("one shot", t, 2.0 * np.abs(first.rho_01_single.values), look.colour("green"), "dashdot"),
        line("e<sup>−γG<sub>01</sub>t</sup>", t, first.dephasing.values, grey(look), "dash", 1.5),
    ]
    for one in answer.held:
        colour, dash = _HELD[one.hold]
        values = 2.0 * one.coherence.abs_rho_01.values
        traces.append(line(HELD[one.hold], t, values, look.colour(colour), dash))
    return figure(
        dark,
        traces,
        xaxis={"title": {"text": title}, "range": [0.0, float(t[-1])]},
        yaxis={"title": {"text": "2 |⟨ρ<sub>01</sub>⟩|"}, "range": [0.0, 1.03]},
        hovermode="x",
    )
