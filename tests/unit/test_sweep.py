"""Sweeps: the same numbers as one point at a time, labels, files, and what is refused before any work."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st

import einselect
from einselect import LMG, Doublet, InputError, UnitError, dephasing_rates, sweep
from einselect.sweeps.quantities import BATH, STATIC

POINTWISE = {
    "energy_even": lambda d: d.e0,
    "energy_odd": lambda d: d.e1,
    "splitting": lambda d: d.splitting,
    "log_splitting": lambda d: d.log_splitting,
    "log10_splitting": lambda d: d.log10_splitting,
    "jz2_even": lambda d: d.q0,
    "jz2_odd": lambda d: d.q1,
    "g01": lambda d: d.g01,
    "j01": lambda d: d.j01,
    "g_loc": lambda d: d.g_loc,
    "eta_mf": lambda d: d.eta_mf,
    "eta_exact": lambda d: d.eta_exact,
    "enhancement": lambda d: d.enhancement,
    "leakage": lambda d: d.leakage,
    "leakage_even": lambda d: d.leakage_even,
    "leakage_odd": lambda d: d.leakage_odd,
    "depletion": lambda d: d.depletion,
    "order_parameter": lambda d: d.order_parameter,
    "gap": lambda d: d.gap,
    "log10_gap_ratio": lambda d: d.log10_gap_ratio,
}
ERRORS = {"splitting_error", "vector_error"}


def check_point(row: xarray.Dataset, doublet: Doublet) -> None:
    """Every static quantity at one point against a doublet by itself."""
    d = doublet
    # Both stop where ln ΔE is good to 1e-11 and vectors to 1e-12, after different steps.
    size = {
        **dict.fromkeys(("energy_even", "energy_odd", "splitting", "gap"), 2e-13 * abs(d.e0)),
        **dict.fromkeys(("log_splitting", "log10_splitting", "log10_gap_ratio"), 1e-10),
        **dict.fromkeys(("jz2_even", "jz2_odd", "g01"), 1e-11 * d.g01),
        **dict.fromkeys(("leakage", "leakage_even", "leakage_odd"), 1e-11 * d.g01),
        **dict.fromkeys(("j01", "depletion"), 1e-11 * d.j01),
    }
    for name, pick in POINTWISE.items():
        expected, found = pick(d), float(row[name])
        if expected is None:
            assert math.isnan(found), name
        else:
            assert abs(found - expected) <= size.get(name, 1e-11 * abs(expected)), name
    # The relative accuracy of ΔE survives however small it is.
    if d.splitting > 1e-300:
        assert abs(float(row["splitting"]) / d.splitting - 1.0) < 1e-10


def test_every_static_quantity_is_compared() -> None:
    assert set(POINTWISE) | ERRORS == set(STATIC)


@settings(max_examples=20)
@given(
    st.lists(st.integers(2, 700), min_size=1, max_size=6, unique=True),
    st.lists(
        st.one_of(st.floats(-3.0, 1.5).map(lambda x: 10.0**x), st.floats(0.8, 1.2), st.just(1.0)),
        min_size=1,
        max_size=5,
        unique=True,
    ),
    st.sampled_from([1.0, 2.5]),
)
def test_a_grid_equals_its_points(spins: list[int], fields: list[float], coupling: float) -> None:
    names = [*POINTWISE, *ERRORS]
    grid = sweep(spins, fields, coupling, quantities=names)
    assert dict(grid.sizes) == {"spins": len(spins), "field": len(fields)}
    for n in spins:
        for field in fields:
            check_point(grid.sel(spins=n, field=field), LMG(n, field, coupling).doublet())
    assert float(grid.splitting_error.max()) < 1e-10


@pytest.mark.parametrize(("spins", "field"), [(20_000, 0.95), (20_001, 0.6), (3000, 1e-3), (50_000, 1.0), (2051, 1e-5)])
def test_points_that_no_batch_takes(spins: int, field: float) -> None:
    grid = sweep([spins, spins + 2], field, quantities=list(POINTWISE))
    check_point(grid.isel(spins=0), LMG(spins, field).doublet())


def test_without_the_splitting_other_numbers_stay() -> None:
    spins = [3, 50, 371, 4000]
    full = sweep(spins, 0.9)
    light = sweep(spins, 0.9, quantities=["g01", "j01", "eta_mf", "eta_exact"])
    for name in light:
        assert np.array_equal(light[name], full[name])


def test_many_processes_give_the_same_bits() -> None:
    spins, fields = range(2, 62), np.linspace(0.2, 1.6, 20)
    names = ["log_splitting", "g01", "leakage", "eta_mf", "eta_exact", "energy_even"]
    one = sweep(spins, fields, quantities=names, processes=1)
    two = sweep(spins, fields, quantities=names, processes=2, progress=False)
    assert one.sizes["spins"] * one.sizes["field"] > 1000  # more than one chunk of work
    xarray.testing.assert_identical(one, two)


def test_rates_are_broadcast_over_the_bath() -> None:
    gammas, temperatures = [0.0, 1e-4, 0.1], [0.0, 1e-3, 2.0]
    grid = sweep(
        [50, 51, 900], [0.5, 0.9, 1.2], gamma=gammas, temperature=temperatures, quantities=[*BATH, "eta_mf", "g01"]
    )
    assert grid.rate_pointer.dims == ("spins", "field", "gamma")
    assert grid.thermal_ratio.dims == ("spins", "field", "temperature")
    assert grid.g01.dims == ("spins", "field")
    for n in (50, 51, 900):
        for field in (0.5, 0.9, 1.2):
            for gamma in gammas:
                rates = dephasing_rates(LMG(n, field), gamma, temperature=1e-3)
                row = grid.sel(spins=n, field=field, gamma=gamma, temperature=1e-3)
                for name in ("rate_eigenstate", "rate_pointer", "rate_mean_field"):
                    expected = getattr(rates, name)
                    found = float(row[name])
                    assert math.isnan(found) if expected is None else found == pytest.approx(expected, rel=1e-11)
                assert float(row.thermal_ratio) == pytest.approx(rates.thermal_ratio, rel=1e-10)
                if gamma > 0.0:
                    assert float(row.secular_parameter) == pytest.approx(rates.secular_parameter, rel=1e-10)
                    assert math.exp(float(row.log_secular_parameter)) == pytest.approx(
                        rates.secular_parameter, rel=1e-10
                    )
                else:  # no dephasing: T2 is infinite, and so is the parameter
                    assert float(row.secular_parameter) == math.inf
    assert np.all(np.isnan(grid.eta_mf.sel(field=1.2)))
    assert np.all(np.isnan(grid.rate_mean_field.sel(field=1.2)))
    assert not np.any(np.isnan(grid.rate_pointer))


def test_a_physical_sweep_is_the_plain_one_in_its_units() -> None:
    plain = sweep([50, 100], [0.8, 0.95], 1.0, gamma=1e-5, quantities=["energy_even", "rate_eigenstate", "j01"])
    physical = sweep(
        [50, 100], [0.8, 0.95], "1e5 rad/s", gamma="1 1/s", quantities=["energy_even", "rate_eigenstate", "j01"]
    )
    np.testing.assert_allclose(physical.energy_even, 1e5 * plain.energy_even, rtol=1e-13)
    np.testing.assert_allclose(physical.rate_eigenstate, 1e5 * plain.rate_eigenstate, rtol=1e-12)
    np.testing.assert_allclose(physical.j01, plain.j01, rtol=1e-12)
    assert plain.energy_even.attrs["units"] == "J"
    assert physical.energy_even.attrs["units"] == "rad/s (E/ħ)"
    assert physical.rate_eigenstate.attrs["units"] == "1/s"
    assert physical.j01.attrs["units"] == "1"
    assert physical.field.attrs["units"] == "Γ/J"
    assert physical.field.values.tolist() == [0.8, 0.95]
    # Fields with units of their own are energies.
    energies = sweep(10, ["1 kHz", "2 kHz"], "4 kHz", quantities="j01")
    np.testing.assert_allclose(energies.field, 2 * math.pi * np.array([1e3, 2e3]))
    assert energies.field.attrs["units"] == "rad/s (E/ħ)"


def test_labels_and_provenance() -> None:
    grid = sweep(range(10, 14), 0.9, [1.0, 2.0], gamma=[0.1], temperature=0.3, quantities=["eta_mf", "thermal_ratio"])
    assert list(grid.data_vars) == ["eta_mf", "thermal_ratio"]
    assert grid.eta_mf.attrs == {"units": "1", "formula": "η_MF = G_loc/G01"}
    assert grid.spins.values.tolist() == [10, 11, 12, 13]
    assert grid.coupling.attrs["long_name"] == "coupling J"
    assert grid.attrs["field"] == 0.9
    assert grid.attrs["temperature_value"] == 0.3
    assert grid.attrs["software"] == f"einselect {einselect.__version__}"
    assert "H = -(J/N) Jz^2 - Gamma Jx" in grid.attrs["model"]
    # A field above the coupling is one phase, below it another: at J = 1 and J = 2 here both are ordered.
    assert grid.eta_mf.sel(spins=10, coupling=2.0) == pytest.approx(LMG(10, 0.9, 2.0).doublet().eta_mf)


def test_netcdf_round_trip(tmp_path: Path) -> None:
    target = tmp_path / "phase.nc"
    grid = sweep(
        [2, 50, 2001],
        [0.5, 1.5],
        "11.8 kHz",
        gamma=["0.05 1/s"],
        temperature="10 nK",
        quantities=[*STATIC, *BATH],
        path=target,
    )
    assert [p.name for p in tmp_path.iterdir()] == ["phase.nc"]
    with xarray.open_dataset(target, engine="h5netcdf") as back:
        xarray.testing.assert_equal(back, grid)
        for name in grid.variables:
            for key, value in grid[name].attrs.items():
                assert back[name].attrs[key] == value
        assert dict(back.attrs) == grid.attrs


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"quantities": ["eta_fm"]}, r"quantity must be one of .*; got 'eta_fm' \(did you mean 'eta_mf'\?\)"),
        ({"quantities": []}, "quantities must hold at least one name; got none"),
        ({"quantities": ["rate_pointer"]}, "gamma must be given for the quantity rate_pointer; got None"),
        ({"quantities": ["thermal_ratio"], "gamma": 0.1}, "temperature must be given for the quantity thermal_ratio"),
        ({"spins": []}, "spins must be a value or a sequence with at least one; got an empty one"),
        ({"spins": [10, 1]}, "spins must be a whole number from 2 .*; got 1"),
        ({"spins": [10, 10.5]}, "spins must be a whole number from 2 .*; got 10.5"),
        ({"spins": True}, "spins must be a whole number from 2 .*; got True"),
        ({"field": [0.5, -0.5]}, "field must be a finite number > 0; got -0.5"),
        ({"field": [0.5, math.nan]}, "field must be .*; got nan"),
        ({"coupling": 0.0}, "coupling must be a finite number > 0; got 0.0"),
        ({"gamma": [0.1, -0.1]}, "gamma must be a finite number >= 0; got -0.1"),
        ({"processes": 0}, "processes must be a whole number from 1 to 1024; got 0"),
        ({"processes": 1.5}, "processes must be a whole number from 1 to 1024; got 1.5"),
    ],
)
def test_what_is_refused(arguments: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        sweep(**{"spins": [10, 20], "field": 0.9, "path": tmp_path / "never.nc", **arguments})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"coupling": [1.0, "1 kHz"]}, "coupling must be plain everywhere or have a unit everywhere"),
        ({"coupling": "1 kHz", "field": ["0.5 kHz", 0.5]}, "field must be plain everywhere or have a unit everywhere"),
        ({"field": ["0.5 kHz"]}, "coupling must have a unit too where the field has one"),
        ({"gamma": ["1 1/s"]}, "coupling must have a unit where gamma has one"),
        ({"coupling": "1 kHz", "gamma": 0.1}, "gamma must have a unit where the coupling has one"),
    ],
)
def test_units_are_not_mixed(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(UnitError, match=message):
        sweep(**{"spins": 10, "field": 0.9, **arguments})


def test_a_folder_that_is_not_there_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        sweep(10, 0.9, path=tmp_path / "missing" / "x.nc")
    assert list(tmp_path.iterdir()) == []
