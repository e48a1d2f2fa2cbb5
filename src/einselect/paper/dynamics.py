"""Figure 4, beyond the paper: Figure 3 with the decay constants that the dynamics itself shows, and three regimes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..dynamics import Lindbladian, evolve
from ..models import LMG
from ..rates import JumpOperator
from ..style import COLOURS, OKABE_ITO
from .claims.context import Context

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

_SPINS = (60, 80, 100, 140, 200, 270, 320, 370, 420, 500, 600, 800, 1000, 1400, 2000)
_SHOWN = (100, 370, 1000)
_LEVELS = 20
_DASHED = (0, (5, 1.5))
_COLOURS = (OKABE_ITO["blue"], OKABE_ITO["vermillion"], OKABE_ITO["green"])


def in_time(c: Context) -> xarray.Dataset:
    """Decay constants fitted to the Lindblad equation beside Eq. 12 against N, and the decays at three N."""
    import xarray

    gamma = c.gamma / c.coupling
    jumps = [JumpOperator("Jz", gamma)]
    columns: dict[str, list[float]] = {name: [] for name in _COLUMNS}
    for n in _SPINS:
        model = LMG(n, c.field)
        doublet = model.doublet()
        scale = gamma * (0.5 * n * c.order_parameter) ** 2
        lindbladian = Lindbladian(model.levels(_LEVELS), jumps)
        eigen, pointer = lindbladian.rate_of("rho_01"), lindbladian.rate_of("rho_pr")
        columns["eigenstate"].append(gamma * doublet.g01 / scale)
        columns["pointer"].append(gamma * (doublet.g01 + doublet.j01**2) / scale)
        columns["eigenstate_fitted"].append(eigen.fitted / scale)
        columns["pointer_fitted"].append(pointer.fitted / scale)
        columns["eigenstate_spread"].append(eigen.spread)
        columns["pointer_spread"].append(pointer.spread)
        columns["truncation_error"].append(max(eigen.truncation_error, pointer.truncation_error))
    x = np.linspace(0.0, 2.0, 201)
    decays: dict[str, list[Any]] = {"rho_01": [], "rho_pr": []}
    for n in _SHOWN:
        model = LMG(n, c.field)
        t2 = 1.0 / (gamma * model.doublet().g01)
        decays["rho_01"].append(abs(evolve(model, jumps, "eigen-superposition", x * t2).rho_01.values))
        decays["rho_pr"].append(abs(evolve(model, jumps, "ground", x * t2).rho_pr.values))
    variables: dict[str, Any] = {
        name: ("spins", values, {"units": "1", "formula": _COLUMNS[name]}) for name, values in columns.items()
    }
    for name, values in decays.items():
        formula = f"|{name}(t)| from the state where it is ½"
        variables[name] = (("shown_spins", "time"), np.array(values), {"units": "1", "formula": formula})
    return xarray.Dataset(
        variables,
        coords={
            "spins": ("spins", list(_SPINS), {"long_name": "number of spins N"}),
            "shown_spins": ("shown_spins", list(_SHOWN), {"long_name": "number of spins N"}),
            "time": ("time", x, {"units": "T2", "long_name": "time over T2 = 1/(γ G01)"}),
        },
        attrs={"field": c.field, "gamma_over_coupling": gamma, "levels": _LEVELS},
    )


_COLUMNS = {
    "eigenstate": "γ G01 over γ(N m*/2)²",
    "pointer": "γ(G01 + J01²) over γ(N m*/2)²",
    "eigenstate_fitted": "slope of -ln|ρ_01(t)| over one 1/(γ G01), over γ(N m*/2)²",
    "pointer_fitted": "slope of -ln|ρ_PR(t)| over one 1/(γ(G01 + J01²)), over γ(N m*/2)²",
    "eigenstate_spread": "rms distance of ln|ρ_01| from the line",
    "pointer_spread": "rms distance of ln|ρ_PR| from the line",
    "truncation_error": "bound on the error of ρ_01 and ρ_PR by the number of levels",
}


def draw_in_time(figure: Figure, ds: xarray.Dataset) -> None:
    """Rates against N above, decays against time below."""
    top, bottom = figure.subplots(2, 1)
    for name, colour, style, marker, label in (
        ("pointer", COLOURS["eta_exact"], _DASHED, "s", r"$\rho_\mathrm{PR}$"),
        ("eigenstate", OKABE_ITO["black"], "-", "o", r"$\rho_{01}$"),
    ):
        top.plot(ds.spins, ds[name], color=colour, linestyle=style, label=f"{label}, Eq. 12")
        top.plot(
            ds.spins, ds[f"{name}_fitted"], color=colour, linestyle="none", marker=marker, markersize=3.6,
            markerfacecolor="white", label=f"{label}, dynamics",
        )  # fmt: skip
    top.set(xscale="log", xlim=(50, 2300), ylim=(-0.3, 2.4), xlabel="number of spins $N$")
    top.set_ylabel(r"rate / $\gamma(N m^*/2)^2$")
    top.legend(loc="lower left", labelspacing=0.2, borderaxespad=0.2)
    for colour, n in zip(_COLOURS, ds.shown_spins.values, strict=True):
        bottom.plot(ds.time, ds.rho_01.sel(shown_spins=n), color=colour, label=f"$N$ = {n}")
        bottom.plot(ds.time, ds.rho_pr.sel(shown_spins=n), color=colour, linestyle=_DASHED, linewidth=1.0)
    bottom.plot(ds.time, 0.5 * np.exp(-ds.time), color=COLOURS["limit"], linewidth=0.8, linestyle=(0, (1, 2)))
    bottom.set(xlim=(0, 2), ylim=(0.005, 0.95), yscale="log", xlabel=r"time / $T_2$, $T_2 = 1/\gamma G_{01}$")
    bottom.set_ylabel(r"$|\rho_{01}|$ (solid), $|\rho_\mathrm{PR}|$ (dashed)")
    bottom.legend(loc="lower left", labelspacing=0.3)
    for ax, letter in ((top, "(a)"), (bottom, "(b)")):
        ax.text(0.985, 0.965, letter, transform=ax.transAxes, ha="right", va="top", fontsize=9)


def caption_in_time(ds: xarray.Dataset) -> str:
    """What Figure 4 shows."""
    return (
        f"(a) Figure 3 with the dynamics: slopes fitted to -ln|ρ_01| and -ln|ρ_PR| over one decay time of the Lindblad "
        f"equation on {ds.attrs['levels']} levels (symbols; truncation error below "
        f"{float(ds.truncation_error.max()):.0e}) beside the Eq. 12 coefficients (lines), Γ/J = {ds.attrs['field']}, "
        "γ = 0.05 1/s at the paper's J. In the secular window ρ_01 decays at γG01; ρ_PR, followed from |E0> where it "
        "is ½(ρ_00 - ρ_11), decays more slowly than its coefficient, since <P|Jz²|R> = (q_0 - q_1)/2 ties it to the "
        "populations and part of what leaks returns. Beyond the window ρ_PR takes up its coefficient and ρ_01 stays "
        "on the plateau. (b) The decays at three N: secular, benchmark, plateau; dotted: ½exp(-t/T2)."
    )
