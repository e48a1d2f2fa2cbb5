"""What Figures 1 to 3 show, as labelled datasets: exact curves from `sweep`, asymptotes, the published points.

The figures draw from these and compute nothing. Every variable carries its unit and formula; the published points lie
on an axis of their own, ``published_spins``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..models import LMG
from ..sweeps import sweep
from ..window import find_window
from .claims.context import Context
from .published import NUMBERS, TABLE_3

if TYPE_CHECKING:
    import xarray

FIELD_SPINS = (100, 370, 1000)
"""The N of Figure 2; the paper shows 370."""


def _published(column: str) -> list[float]:
    cells = [TABLE_3[n][column] for n in TABLE_3]
    return [np.nan if entry is None else entry.value for entry in cells]


def _add(ds: xarray.Dataset, name: str, dim: str, values: Any, formula: str, unit: str = "1") -> None:
    ds[name] = ((dim,), np.asarray(values, dtype=float), {"units": unit, "formula": formula})


def _with_published(ds: xarray.Dataset) -> xarray.Dataset:
    """The dataset with the axis of Table 3."""
    attrs = {"units": "1", "long_name": "number of spins N of the paper's Table 3"}
    return ds.assign_coords(published_spins=("published_spins", list(TABLE_3), attrs))


def against_spins(c: Context) -> xarray.Dataset:
    """Figure 1: η_MF and η_exact against N at Γ/J = 0.95, even N from 20 to 2000."""
    ds = sweep(
        spins=range(20, 2001, 2), field=c.field, quantities=("eta_mf", "eta_exact", "log_splitting"), progress=False
    )
    ds = _with_published(ds)
    _add(ds, "published_eta_mf", "published_spins", _published("eta_mf"), "η_MF as printed in Table 3")
    spins, peak = c.peak
    window = find_window(c.field, f"{c.coupling!r} rad/s", f"{c.gamma} 1/s", "10 nK")
    edges = {
        "window_min": window.spins_min,
        "window_max": window.spins_max,
        "thermal_min": window.thermal_min,
        "thermal_max": window.thermal_max,
    }
    ds.attrs.update(
        {
            "peak_spins": spins,
            "peak_eta_mf": peak.value,
            "published_peak": NUMBERS["eta_mf_peak"].value,
            "benchmark_spins": c.spins,
            "benchmark_eta_exact": c.benchmark.eta_exact,
            "published_eta_exact": NUMBERS["eta_exact"].value,
            "gamma": f"{c.gamma} 1/s",
            "temperature": "10 nK",
            "coupling_rad_per_s": c.coupling,
            **{name: edge for name, edge in edges.items() if edge is not None},
        }
    )
    return ds


def against_field(c: Context) -> xarray.Dataset:
    """Figure 2: η_MF and η_exact against Γ/J at N = 370, and at two more N."""
    fields = np.unique(np.concatenate((np.linspace(0.5, 0.8, 31), np.linspace(0.8, 0.999, 200), [c.field])))
    ds = sweep(spins=FIELD_SPINS, field=fields.round(12).tolist(), quantities=("eta_mf", "eta_exact"), progress=False)
    field, peak = c.peak_over_field
    ds.attrs.update(
        {
            "peak_spins": c.spins,
            "peak_field": field,
            "peak_eta_mf": peak.value,
            "benchmark_spins": c.spins,
            "benchmark_field": c.field,
            "published_eta_mf": TABLE_3[c.spins]["eta_mf"].value,  # type: ignore[union-attr]
            "published_eta_exact": NUMBERS["eta_exact"].value,
        }
    )
    return ds


def against_scale(c: Context) -> xarray.Dataset:
    """Figure 3: the rates over the common scale γ(N m*/2)², and their distances from their limits, against N."""
    spins = np.unique(2 * np.rint(np.geomspace(10, 50_000, 240)).astype(int))
    ds = sweep(spins=spins.tolist(), field=c.field, quantities=("g01", "j01", "g_loc", "leakage"), progress=False)
    scale = 0.5 * ds["g_loc"].values
    g01, square = ds["g01"].values, ds["j01"].values ** 2
    semi = [LMG(int(n), c.field).semiclassics() for n in spins]
    over = "over γ(N m*/2)²"
    _add(ds, "rate_eigenstate", "spins", g01 / scale, f"γ G01 {over}: limit 1")
    _add(ds, "rate_pointer", "spins", (g01 + square) / scale, f"γ(G01 + J01²) {over}: limit 2")
    _add(ds, "rate_mean_field", "spins", ds["g_loc"].values / scale, f"γ G_loc {over}: 2 at every N")
    _add(ds, "rate_degenerate", "spins", 2.0 * square / scale, f"2γ J01² {over}: limit 2")
    _add(ds, "eta_mf_excess", "spins", ds["g_loc"].values / g01 - 2.0, "η_MF - 2")
    _add(ds, "eta_exact_deficit", "spins", ds["leakage"].values / g01, "2 - η_exact = (G01 - J01²)/G01")
    _add(ds, "degenerate_deficit", "spins", 1.0 - square / scale, "1 - 2J01²/G_loc")
    _add(ds, "eta_mf_excess_asymptote", "spins", [s.eta_mf - 2.0 for s in semi], "4(1 - m*)/(N m*³)")
    _add(ds, "eta_exact_deficit_asymptote", "spins", [2.0 - s.eta_exact for s in semi], "(Γ/J)²/(N m*³)")
    _add(
        ds,
        "degenerate_deficit_asymptote",
        "spins",
        [4.0 * s.depletion / (s.spins * s.order_parameter) for s in semi],
        "(1 - m*)(3 + m*)/(N m*³)",
    )
    ds = _with_published(ds)
    well = np.array([0.5 * n * c.order_parameter for n in TABLE_3]) ** 2
    printed_g01, printed_loc = np.array(_published("g01")), np.array(_published("g_loc"))
    _add(ds, "published_eigenstate", "published_spins", printed_g01 / well, f"G01 of Table 3 {over.replace('γ', '')}")
    _add(ds, "published_mean_field", "published_spins", printed_loc / well, "G_loc of Table 3 over (N m*/2)²")
    ratio = np.array(_published("eta_mf"))
    _add(ds, "published_eta_mf_excess", "published_spins", ratio - 2.0, "η_MF of Table 3, less 2")
    pointer = [2.0 / NUMBERS["overestimate"].value if n == c.spins else np.nan for n in TABLE_3]
    _add(ds, "published_pointer", "published_spins", pointer, "2 over the published 1.262 at N = 370")
    depletions = {370: NUMBERS["depletion_370"].value, 2000: NUMBERS["depletion_2000"].value}
    moments = [0.5 * n * c.order_parameter - depletions.get(n, np.nan) for n in TABLE_3]
    _add(
        ds,
        "published_degenerate",
        "published_spins",
        2.0 * np.array(moments) ** 2 / well,
        "2J01² over (N m*/2)², J01 from the published depletions 8.26 and 6.1",
    )
    return ds


def csv_files(name: str, ds: xarray.Dataset) -> dict[str, str]:
    """The dataset as CSV: ``name.csv`` for the curves and, where there are any, ``name-published.csv``."""
    files = {}
    points = [v for v in ds.data_vars if "published_spins" in ds[v].dims]
    curves = ds.drop_vars(points).drop_dims("published_spins", errors="ignore")
    files[f"{name}.csv"] = curves.to_dataframe().to_csv(lineterminator="\n")
    if points:
        files[f"{name}-published.csv"] = ds[points].to_dataframe().to_csv(lineterminator="\n")
    return files
