"""Both coherences of the doublet under several kinds of noise, side by side: local and collective at the same γ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..style import COLOURS, OKABE_ITO
from ._common import canvas, legend_above, time_scale

if TYPE_CHECKING:
    import xarray
    from matplotlib.axes import Axes

_NOISES = (OKABE_ITO["blue"], OKABE_ITO["vermillion"], OKABE_ITO["green"], OKABE_ITO["purple"])
_SOLID: Any = "-"
_DASHED: Any = (0, (4, 1.5))
_DOTTED: Any = (0, (1, 1))
_NEGLIGIBLE = 1e-6


def plot_local_noise(
    answers: Mapping[str, tuple[xarray.Dataset, xarray.Dataset]],
    ax: Axes | None = None,
    naive: Mapping[str, tuple[float, float]] | None = None,
) -> Axes:
    """|ρ_01| and |Re ρ_PR| against the logarithm of time, one colour for each noise.

    Parameters
    ----------
    answers : mapping of str to (xarray.Dataset, xarray.Dataset)
        By the name of the noise, up to four: dynamics that starts in |E0> + |E1> (ρ_01 = ½), of which |ρ_01| is drawn
        solid, and dynamics that starts in |E0> (ρ_PR = ½), of which |Re ρ_PR| is drawn dashed. Weight outside of the
        symmetric sector, where there is any in the first, is dotted.
    ax : matplotlib Axes, optional
    naive : mapping of str to (float, float), optional
        Coefficients of Eq. 12 of ρ_01 and ρ_PR by the same names: ½ exp(-Γt) is drawn for both as a thin line.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        For no answers or more than four, or without two times above zero.
    """
    from matplotlib.lines import Line2D

    if not 1 <= len(answers) <= len(_NOISES):
        raise InputError(f"answers must be of one to four kinds of noise; got {len(answers)}")
    every = [dataset for pair in answers.values() for dataset in pair]
    if any(np.count_nonzero(dataset.time.values > 0.0) < 2 for dataset in every):
        raise InputError("answers must have two or more times above zero, for a logarithmic axis")
    longest = max(float(dataset.time.values[-1]) for dataset in every)
    factor, unit = time_scale(longest, str(every[0].time.attrs.get("units", "")))
    grey = COLOURS["limit"]
    handles = []
    leaves = False
    with canvas(ax, 2.7) as axes:
        for (name, (eigen, pointer)), colour in zip(answers.items(), _NOISES, strict=False):
            rates = (naive or {}).get(name)
            for k, (dataset, dash) in enumerate(((eigen, _SOLID), (pointer, _DASHED))):
                later = dataset.isel(time=dataset.time.values > 0.0)
                values = np.abs(later.rho_01.values) if k == 0 else np.abs(later.rho_pr.values.real)
                time = later.time.values
                label = f"_{name} {('01', 'PR')[k]}"
                axes.plot(time * factor, values, color=colour, linestyle=dash, label=label)
                if rates is not None:
                    exponential = 0.5 * np.exp(-rates[k] * time)
                    axes.plot(
                        time * factor, exponential, color=colour, linewidth=0.6, linestyle=dash, alpha=0.5, zorder=1.5
                    )
            if "outside" in eigen and float(eigen.outside.max()) > _NEGLIGIBLE:
                leaves = True
                later = eigen.isel(time=eigen.time.values > 0.0)
                axes.plot(
                    later.time.values * factor,
                    later.outside.values,
                    color=colour,
                    linestyle=_DOTTED,
                    label=f"_{name} outside",
                )
            handles.append(Line2D([], [], color=colour, label=name))
        for label, dash in ((r"$|\rho_{01}|$", _SOLID), (r"$|$Re $\rho_\mathrm{PR}|$", _DASHED)):
            handles.append(Line2D([], [], color=grey, linestyle=dash, label=label))
        if leaves:
            handles.append(Line2D([], [], color=grey, linestyle=_DOTTED, label=r"outside $j = N/2$"))
        axes.set_xscale("log")
        axes.set_xlabel(rf"time [{unit}]")
        axes.set_ylabel("matrix element, weight")
        axes.set_ylim(bottom=0.0)
        axes.margins(x=0.0)
        legend_above(axes, handles, columns=3, handle_length=1.9)
        return axes
