"""Figures 1 to 3 of the paper and one beyond it, drawn from the datasets of `data`; nothing is computed here.

Column width, colours that everyone can tell apart, curves labelled where they run, published points on top.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..style import COLOURS, COLUMN_WIDTH, OKABE_ITO, publication
from . import data, dynamics
from .claims.context import Context

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

_PUBLISHED: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 4.2,
    "markerfacecolor": "white",
    "markeredgecolor": COLOURS["published"],
    "markeredgewidth": 0.9,
    "zorder": 5,
}
_LIMIT: dict[str, Any] = {"color": COLOURS["limit"], "linewidth": 0.8, "linestyle": (0, (1, 2)), "zorder": 1}
_ASYMPTOTE: dict[str, Any] = {"color": COLOURS["limit"], "linewidth": 0.8, "linestyle": (0, (4, 2)), "zorder": 1}
_PEAK: dict[str, Any] = {
    "marker": "*",
    "markersize": 7.5,
    "color": COLOURS["eta_mf"],
    "markeredgecolor": "white",
    "markeredgewidth": 0.4,
    "zorder": 6,
}
_DASHED = (0, (5, 1.5))
_PALE_TEXT = "#2a7fb0"  # darker than the pale lines that it names, to be read at 7 points
_FORMATS = ("png", "svg", "pdf")


@dataclass(frozen=True)
class Picture:
    """A figure of the paper: where its data come from, how it is drawn, what it says.

    Attributes
    ----------
    name : str
        Stem of its files, "figure1".
    title : str
    data : callable
        Context -> `xarray.Dataset`.
    draw : callable
        (figure, dataset) -> None.
    caption : callable
        dataset -> str.
    height : float
        In inches; the width is one column.
    """

    name: str
    title: str
    data: Callable[[Context], xarray.Dataset]
    draw: Callable[[Figure, xarray.Dataset], None]
    caption: Callable[[xarray.Dataset], str]
    height: float

    def render(self, ds: xarray.Dataset) -> dict[str, bytes]:
        """The figure as PNG (300 dpi), SVG and PDF; the same data give the same bytes.

        Text becomes outlines in the SVG, so that it looks alike where its font is missing.
        """
        from matplotlib.figure import Figure

        files = {}
        with publication(svg__fonttype="path", svg__hashsalt=self.name):
            figure = Figure(figsize=(COLUMN_WIDTH, self.height))
            self.draw(figure, ds)
            for kind in _FORMATS:
                buffer = io.BytesIO()
                undated: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})
                figure.savefig(buffer, format=kind, dpi=300, metadata=undated)
                files[f"{self.name}.{kind}"] = buffer.getvalue()
        return files


def _plain_log_ticks(axis: Any, ticks: list[float]) -> None:
    """Label a logarithmic axis with the numbers themselves."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axis.set_minor_formatter(NullFormatter())


# --- Figure 1 -------------------------------------------------------------------------------------------------------
def _draw_against_spins(figure: Figure, ds: xarray.Dataset) -> None:
    ax, a = figure.subplots(), ds.attrs
    ax.axvspan(a["window_min"], a["window_max"], color=OKABE_ITO["sky"], alpha=0.16, linewidth=0)
    ax.axvspan(a["thermal_min"], a["thermal_max"], color=OKABE_ITO["sky"], alpha=0.22, linewidth=0)
    ax.axhline(2.0, **_LIMIT)
    ax.plot(ds.spins, ds.eta_mf, color=COLOURS["eta_mf"])
    ax.plot(ds.spins, ds.eta_exact, color=COLOURS["eta_exact"], linestyle=_DASHED)
    (printed,) = ax.plot(ds.published_spins, ds.published_eta_mf, **_PUBLISHED, label="published")
    ax.plot(a["benchmark_spins"], a["published_eta_exact"], **_PUBLISHED)
    ax.plot(a["peak_spins"], a["peak_eta_mf"], **_PEAK)
    ax.annotate(
        f"peak {a['peak_eta_mf']:.3f} at $N$ = {a['peak_spins']}",
        (a["peak_spins"], a["peak_eta_mf"]),
        (22.5, 2.52),
        va="center",
        arrowprops={"arrowstyle": "-", "linewidth": 0.6, "shrinkA": 1, "shrinkB": 5, "relpos": (1.0, 0.5)},
    )
    ax.text(41, 1.08, r"$\eta_\mathrm{MF}$", color=COLOURS["eta_mf"])
    ax.text(26, 1.69, r"$\eta_\mathrm{exact}$", color=COLOURS["eta_exact"])
    ax.text(22.5, 2.02, "limit", color=COLOURS["limit"], va="bottom")
    small: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": 7, "linespacing": 1.0}
    ax.text((a["window_min"] * a["thermal_min"]) ** 0.5, 0.85, "secular\nwindow", **small)
    ax.text(
        a["thermal_max"] * 1.07, 0.85, "darker: also\n" + r"$k_\mathrm{B}T \approx \Delta E$", **{**small, "ha": "left"}
    )
    ax.legend(handles=[printed], loc="lower right", handlelength=1.0, bbox_to_anchor=(1.0, 0.2))
    ax.set(xscale="log", xlim=(20, 2300), ylim=(0.8, 2.7), xlabel="number of spins $N$", ylabel="ratio of decay rates")
    ax.set_yticks([1.0, 1.5, 2.0, 2.5])
    _plain_log_ticks(ax.xaxis, [20, 50, 100, 200, 500, 1000, 2000])


def _caption_against_spins(ds: xarray.Dataset) -> str:
    a = ds.attrs
    return (
        "η_MF = G_loc/G01 (solid) and η_exact = (G01 + J01²)/G01 (dashed) against N at Γ/J = 0.95, even N from 20 to "
        "2000. "
        f"Circles: η_MF of Table 3 and η_exact = 1.86, as published. Star: the peak over N, {a['peak_eta_mf']:.4f} "
        f"at N = {a['peak_spins']} "
        "(the published 2.42 is the peak over the field, see Figure 2). Shaded: the window where η_MF ≥ 2, "
        "(E_2-E_0)/(E_1-E_0) ≥ 3 and "
        f"2ΔE·T_2 ≥ 10, N = {a['window_min']} to {a['window_max']}; darker: its part with ½ ≤ ΔE/k_BT ≤ 2, N = "
        f"{a['thermal_min']} to "
        f"{a['thermal_max']}. γ_φ = {a['gamma']}, T = {a['temperature']}, J/ħ = {a['coupling_rad_per_s']:.4g} rad/s."
    )


# --- Figure 2 -------------------------------------------------------------------------------------------------------
def _draw_against_field(figure: Figure, ds: xarray.Dataset) -> None:
    ax, a = figure.subplots(), ds.attrs
    ax.axhline(2.0, **_LIMIT)
    n = a["benchmark_spins"]
    low, high = (int(m) for m in ds.spins if m != n)
    for spins, style in ((low, (0, (1, 1))), (high, (0, (3, 1, 1, 1)))):
        ax.plot(ds.field, ds.eta_mf.sel(spins=spins), color=OKABE_ITO["sky"], linewidth=1.0, linestyle=style)
    ax.plot(ds.field, ds.eta_mf.sel(spins=n), color=COLOURS["eta_mf"])
    ax.plot(ds.field, ds.eta_exact.sel(spins=n), color=COLOURS["eta_exact"], linestyle=_DASHED)
    (printed,) = ax.plot(a["benchmark_field"], a["published_eta_mf"], **_PUBLISHED, label="published")
    ax.plot(a["benchmark_field"], a["published_eta_exact"], **_PUBLISHED)
    ax.plot(a["peak_field"], a["peak_eta_mf"], **_PEAK)
    ax.annotate(
        f"peak {a['peak_eta_mf']:.3f}\nat $\\Gamma/J$ = {a['peak_field']:.3f}",
        (a["peak_field"], a["peak_eta_mf"]),
        (0.845, 2.56),
        va="center",
        ha="center",
        arrowprops={"arrowstyle": "-", "linewidth": 0.6, "shrinkA": 1, "shrinkB": 5, "relpos": (1.0, 0.4)},
    )
    ax.text(0.715, 2.10, r"$\eta_\mathrm{MF}$", color=COLOURS["eta_mf"])
    ax.text(0.715, 1.87, rf"$\eta_\mathrm{{exact}}$, $N$ = {n}", color=COLOURS["eta_exact"])
    ax.text(0.918, 2.145, f"$N$ = {n}", color=COLOURS["eta_mf"], ha="right", fontsize=7)
    ax.text(0.872, 2.29, f"{low}", color=_PALE_TEXT, ha="right", fontsize=7)
    ax.text(0.979, 2.475, f"{high}", color=_PALE_TEXT, ha="center", va="bottom", fontsize=7)
    ax.legend(handles=[printed], loc="lower left", handlelength=1.0)
    ax.set(xlim=(0.7, 1.0), ylim=(1.2, 2.7), xlabel=r"transverse field $\Gamma/J$", ylabel="ratio of decay rates")
    ax.set_yticks([1.5, 2.0, 2.5])


def _caption_against_field(ds: xarray.Dataset) -> str:
    a = ds.attrs
    return (
        f"η_MF (solid) and η_exact (dashed) against Γ/J at N = {a['benchmark_spins']}; thin lines: η_MF at other N. "
        "Circles: the published "
        f"benchmark, η_MF = {a['published_eta_mf']} and η_exact = {a['published_eta_exact']} at Γ/J = "
        f"{a['benchmark_field']}. Star: the peak "
        f"over the field, {a['peak_eta_mf']:.4f} at Γ/J = {a['peak_field']:.4f}, which rounds to the published 2.42."
    )


# --- Figure 3 -------------------------------------------------------------------------------------------------------
def _draw_against_scale(figure: Figure, ds: xarray.Dataset) -> None:
    top, bottom = figure.subplots(2, 1, sharex=True)
    green, dotted = OKABE_ITO["green"], (0, (4, 1, 1, 1))
    for name, printed, colour, style, label in (
        ("rate_mean_field", "published_mean_field", COLOURS["eta_mf"], "-", r"$\gamma G_\mathrm{loc}$, mean field"),
        ("rate_pointer", "published_pointer", COLOURS["eta_exact"], _DASHED, r"$\gamma(G_{01} + J_{01}^2)$, pointer"),
        ("rate_degenerate", "published_degenerate", green, dotted, r"$2\gamma J_{01}^2$, degenerate"),
        ("rate_eigenstate", "published_eigenstate", OKABE_ITO["black"], "-", r"$\gamma G_{01}$, eigenstate"),
    ):
        top.plot(ds.spins, ds[name], color=colour, linestyle=style, label=label)
        (points,) = top.plot(ds.published_spins, ds[printed], **_PUBLISHED)
    points.set_label("published")
    top.legend(loc="upper right", bbox_to_anchor=(1.0, 0.76), labelspacing=0.3)
    top.set(ylim=(0.6, 2.3), ylabel=r"rate / $\gamma(N m^*/2)^2$")
    top.set_yticks([1.0, 1.5, 2.0])
    for name, colour, style, label in (
        ("eta_mf_excess", COLOURS["eta_mf"], "-", r"$\eta_\mathrm{MF} - 2$"),
        ("degenerate_deficit", green, dotted, r"$1 - 2J_{01}^2/G_\mathrm{loc}$"),
        ("eta_exact_deficit", COLOURS["eta_exact"], _DASHED, r"$2 - \eta_\mathrm{exact}$"),
    ):
        bottom.plot(ds.spins, ds[f"{name}_asymptote"], **_ASYMPTOTE)
        bottom.plot(ds.spins, ds[name].where(ds[name] > 0.0), color=colour, linestyle=style, label=label)
    bottom.plot([], [], **_ASYMPTOTE, label="spin waves, $1/N$")
    bottom.plot(ds.published_spins, ds.published_eta_mf_excess.where(ds.published_eta_mf_excess > 0.0), **_PUBLISHED)
    bottom.legend(loc="lower left", labelspacing=0.3)
    bottom.set(xscale="log", yscale="log", xlim=(20, 1e5), ylim=(2e-4, 3), xlabel="number of spins $N$")
    bottom.set_ylabel("distance from limit")
    for ax, letter in ((top, "(a)"), (bottom, "(b)")):
        ax.text(0.985, 0.965, letter, transform=ax.transAxes, ha="right", va="top", fontsize=9)


def _caption_against_scale(ds: xarray.Dataset) -> str:
    return (
        "(a) Decay rates over the common scale γ(N m*/2)² = γG_loc/2 against N at Γ/J = 0.95: mean-field γG_loc, "
        "exact pointer γ(G01 + J01²), "
        "degenerate doublet 2γJ01², eigenstate γG01. The first three tend to 2, the last to 1, so that the geometric "
        "ratio tends to 2; 2γJ01² "
        "tends to γG_loc from below. Circles: published (G_loc and G01 of Table 3; the pointer rate from the "
        "published ratio 1.262 at N = 370; J01 "
        "from the published depletions 8.26 at N = 370 and 6.1 at N = 2000). (b) Distances of η_MF, η_exact and "
        "2J01²/G_loc from their limits (where positive), with the spin-wave asymptotes "
        "(dashed grey) 4(1 - m*)/(N m*³), (1 - m*)(3 + m*)/(N m*³) and (Γ/J)²/(N m*³)."
    )


PICTURES = (
    Picture(
        "figure1",
        "Figure 1. The ratio of the rates against the number of spins",
        data.against_spins,
        _draw_against_spins,
        _caption_against_spins,
        2.6,
    ),
    Picture(
        "figure2",
        "Figure 2. Dependence on the transverse field",
        data.against_field,
        _draw_against_field,
        _caption_against_field,
        2.6,
    ),
    Picture(
        "figure3",
        "Figure 3. Rates over their common scale, and how fast they converge",
        data.against_scale,
        _draw_against_scale,
        _caption_against_scale,
        4.2,
    ),
    Picture(
        "figure4",
        "Figure 4. Beyond the paper: the rates in the dynamics",
        dynamics.in_time,
        dynamics.draw_in_time,
        dynamics.caption_in_time,
        4.6,
    ),
)
"""Figures 1 to 3 of the paper, and one beyond it, in order."""
