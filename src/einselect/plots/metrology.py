"""Sensing in time: information about a field and about a rotation, squeezing, and the state on the sphere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..style import COLOURS, COLUMN_WIDTH, OKABE_ITO
from ._common import bracketed, canvas, legend_above, time_scale

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

    from ..protocols.interrogation import Interrogation

_GREY = COLOURS["limit"]
_DASHES: tuple[Any, ...] = ((0, (5, 2)), (0, (1, 1.5)), (0, (5, 1, 1, 1)))
_NAMES = {
    "eigenstate": r"$e^{-2\gamma G_{01}t}$",
    "pointer": r"$e^{-2\gamma(G_{01}+J_{01}^2)t}$",
    "mean field": r"$e^{-2\gamma G_\mathrm{loc}t}$",
}
_SYMBOLS = {"Jx": "$J_x$", "Jy": "$J_y$", "Jz": "$J_z$", "x": "$a+a^\\dagger$", "sz": r"$\sigma_z/2$"}
_GAP = 1.24  # half the distance between the centres of the two hemispheres, in radii


def plot_field_information(course: xarray.Dataset, ax: Axes | None = None, best: Interrogation | None = None) -> Axes:
    """Fisher information of a field against time: what is there, what a readout shows, what estimates promise.

    Parameters
    ----------
    course : xarray.Dataset
        From `einselect.protocols.metrology`.
    ax : matplotlib Axes, optional
    best : Interrogation, optional
        Its time is marked, and the estimates with each of its rates, F_0 e^(-2Γt), are drawn as thin grey lines.

    Returns
    -------
    matplotlib Axes
    """
    from matplotlib.lines import Line2D

    factor, unit = time_scale(float(course.time.values[-1]), str(course.time.attrs.get("units", "")))
    read = _SYMBOLS.get(str(course.attrs.get("readout", "Jz")), str(course.attrs.get("readout")))
    t, ideal = course.time.values * factor, course.qfi_field_ideal.values
    curves: list[tuple[str, Any, str, Any]] = [
        ("quantum", course.qfi_field.values, OKABE_ITO["blue"], "-"),
        (f"{read} read out", course.cfi_field.values, OKABE_ITO["vermillion"], (0, (4, 1.5))),
        (f"sgn {read}", course.cfi_sign.values, OKABE_ITO["purple"], (0, (4, 1.2, 1, 1.2))),
        (r"no dephasing, $F_0$", ideal, OKABE_ITO["green"], (0, (1, 1))),
    ]
    weakened = [ideal * np.exp(-2.0 * e.rate * course.time.values) for e in (best.estimates if best else ())]
    # The curve without dephasing may grow without end: the others set the scale.
    top = 1.15 * float(max(np.max(values) for values in (*(curve[1] for curve in curves[:3]), *weakened)))
    exponent = int(np.floor(np.log10(top))) if top > 0.0 else 0
    scale = 10.0**-exponent
    with canvas(ax, 3.0) as axes:
        handles = []
        for (label, values, colour, dash), order in zip(curves, (2.4, 2.3, 2.2, 2.1), strict=True):
            axes.plot(t, scale * values, color=colour, linestyle=dash, zorder=order)
            handles.append(Line2D([], [], color=colour, linestyle=dash, label=label))
        for estimate, values, dash in zip(best.estimates if best else (), weakened, _DASHES, strict=False):
            axes.plot(t, scale * values, color=_GREY, linewidth=0.8, linestyle=dash, zorder=1.5)
            label = r"$F_0\,$" + _NAMES.get(estimate.name, estimate.name)
            handles.append(Line2D([], [], color=_GREY, linewidth=0.8, linestyle=dash, label=label))
        if best is not None:
            axes.axvline(best.time * factor, color=OKABE_ITO["orange"], linewidth=1.0, zorder=1.0)
            handles.append(Line2D([], [], color=OKABE_ITO["orange"], linewidth=1.0, label="best time"))
        axes.set_xlim(t[0], t[-1])
        axes.set_ylim(0.0, scale * top if top > 0.0 else 1.0)
        axes.set_xlabel("time" + bracketed(unit))
        raised = str(course.qfi_field.attrs.get("units", ""))
        axes.set_ylabel("Fisher information" + bracketed(f"$10^{{{exponent}}}$ {_squared(raised)}".strip()))
        legend_above(axes, handles, columns=2, handle_length=1.9)
        return axes


def plot_spin_squeezing(course: xarray.Dataset, ax: Axes | None = None) -> Axes:
    """F/N of a rotation, ξ² and ξ_R² against time; all are 1 for a spin-coherent state.

    Parameters
    ----------
    course : xarray.Dataset
        From `einselect.protocols.metrology`.
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
    """
    from matplotlib.lines import Line2D

    factor, unit = time_scale(float(course.time.values[-1]), str(course.time.attrs.get("units", "")))
    t = course.time.values * factor
    signal = _SYMBOLS.get(str(course.attrs["signal"]), "$G$")
    curves: list[tuple[str, Any, str, Any]] = [
        (rf"$F/N$ of {signal}", course.qfi_rotation.values / course.attrs["spins"], OKABE_ITO["blue"], "-"),
        (r"$\xi^2$", course.kitagawa_ueda.values, OKABE_ITO["vermillion"], (0, (4, 1.5))),
        (r"$\xi_\mathrm{R}^2$", course.wineland.values, OKABE_ITO["purple"], (0, (4, 1.2, 1, 1.2))),
    ]
    with canvas(ax, 2.6) as axes:
        axes.axhline(1.0, color=_GREY, linewidth=0.6)
        handles = []
        for label, values, colour, dash in curves:
            axes.plot(t, values, color=colour, linestyle=dash)
            handles.append(Line2D([], [], color=colour, linestyle=dash, label=label))
        axes.set_yscale("log")
        axes.set_xlim(t[0], t[-1])
        axes.set_xlabel("time" + bracketed(unit))
        axes.set_ylabel("relative to a coherent state")
        legend_above(axes, handles, columns=3, handle_length=1.9)
        return axes


def plot_husimi(q: xarray.DataArray, ax: Axes | None = None, largest: float | None = None) -> Axes:
    """Husimi function on both hemispheres, seen from +x and from -x along the axis, north pole +z on top.

    Parameters
    ----------
    q : xarray.DataArray
        From `einselect.protocols.husimi`, on a grid over the whole sphere.
    ax : matplotlib Axes, optional
    largest : float, optional
        End of the colour scale, to compare pictures; the largest value unless given.

    Returns
    -------
    matplotlib Axes
    """
    from matplotlib.patches import Circle

    theta, phi, values = q.theta.values, q.phi.values, q.values
    end = float(values.max()) if largest is None else largest
    with canvas(ax, 2.1) as axes:
        image: Any = None
        for side, name in ((1.0, "$+x$"), (-1.0, "$-x$")):
            centre = -side * _GAP
            # As seen from that side: +y is to the right from +x, to the left from -x.
            seen = side * np.cos(phi) >= -1e-9
            for part in _runs(seen):
                across = centre + side * np.sin(theta)[:, None] * np.sin(phi[part])
                up = np.broadcast_to(np.cos(theta)[:, None], across.shape)
                image = axes.pcolormesh(
                    across,
                    up,
                    values[:, part],
                    cmap="cividis",
                    vmin=0.0,
                    vmax=end or 1.0,
                    shading="gouraud",
                    rasterized=True,
                )
            axes.add_patch(Circle((centre, 0.0), 1.0, fill=False, linewidth=0.7, edgecolor="black"))
            _graticule(axes, centre)
            axes.text(centre, -1.08, f"seen from {name}", ha="center", va="top")
            axes.text(centre, 1.05, "$+z$", ha="center", va="bottom")
            axes.text(centre - side * 1.04, 0.0, "$-y$", ha="right" if side > 0 else "left", va="center")
        axes.text(0.0, 0.0, "$+y$", ha="center", va="center")
        axes.set_xlim(-2.7, 2.7)
        axes.set_ylim(-1.4, 1.35)
        axes.set_aspect("equal")
        axes.set_axis_off()
        bar = axes.figure.colorbar(image, ax=axes, orientation="horizontal", shrink=0.6, aspect=30, pad=0.02)
        bar.set_label(r"$Q(\theta,\varphi)=\langle\theta,\varphi|\rho|\theta,\varphi\rangle$")
        return axes


def _graticule(axes: Axes, centre: float) -> None:
    """Circles of latitude and meridians every 30 degrees, faint, in the view along x."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, 91)
    style: dict[str, Any] = {"color": "white", "linewidth": 0.3, "alpha": 0.45}
    for degrees in range(-60, 90, 30):
        tilt = np.deg2rad(degrees)
        axes.plot(centre + np.cos(tilt) * np.sin(angles), np.full_like(angles, np.sin(tilt)), **style)
        axes.plot(centre + np.sin(tilt) * np.cos(angles), np.sin(angles), **style)


def _runs(mask: Any) -> list[slice]:
    """Stretches of True, each two points long or more."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(int)))
    return [slice(a, b) for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True) if b - a >= 2]


def _squared(unit: str) -> str:
    """The unit of the information, for an axis."""
    return {"(ħ/J)²": r"$(\hbar/J)^2$", "(1/coupling, ħ = 1)²": ""}.get(unit, unit)


def plot_metrology(course: xarray.Dataset, best: Interrogation | None = None) -> Any:
    """Both pictures of a time course above each other, in a figure of one column; the first where there is no spin.

    Parameters
    ----------
    course : xarray.Dataset
    best : Interrogation, optional

    Returns
    -------
    matplotlib Figure
    """
    from ..style import new_figure, publication

    if "wineland" not in course:
        figure = new_figure(COLUMN_WIDTH, 3.0)
        with publication():
            plot_field_information(course, figure.subplots(), best)
        return figure
    figure = new_figure(COLUMN_WIDTH, 5.6)
    with publication():
        upper, lower = figure.subplots(2, 1, height_ratios=(1.0, 0.8))
        plot_field_information(course, upper, best)
        plot_spin_squeezing(course, lower)
    return figure
