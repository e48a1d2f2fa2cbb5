"""A study as one file: the numbers of the store, whatever the format, and flat memory; `einselect status`, `export`."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest
import xarray
from pyarrow import parquet

from einselect.errors import InputError
from einselect.studies import Study
from einselect.studies.export import export_study
from einselect.studies.reading import open_study
from einselect.studies.run import run_study
from einselect.studies.summary import summarise
from toy_study import ToyPlan

PLAN = ToyPlan(tuple(range(80, 110)), (0.1, 0.7, 1.3), (7, 2))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study of which two blocks are missing."""
    run_study(PLAN, tmp_path / "study.zarr", progress=False)
    for block in ("1/0", "4/1"):
        (tmp_path / f"study.zarr/status/c/{block}").unlink()
    return tmp_path / "study.zarr"


def test_netcdf_keeps_the_grid(folder: Path) -> None:
    target = export_study(folder, "netcdf")
    assert target == folder.with_suffix(".nc")
    stored = open_study(folder).load()
    with xarray.open_dataset(target, engine="h5netcdf", mask_and_scale=False) as found:
        there = stored.status.values > 0
        assert there.sum() == 90 - 14 - 2
        np.testing.assert_array_equal(found.status, stored.status)
        for name in ("phase", "sum", "kind", "message"):
            np.testing.assert_array_equal(found[name].values[there], stored[name].values[there])
            assert found[name].dims == ("x", "y")
        assert np.isnan(found.phase.values[~there]).all()
        np.testing.assert_array_equal(found.x, stored.x)
        assert found.kind.attrs["flag_values"].dtype == np.int8
        assert found.phase.attrs["units"] == "rad"
        assert found.attrs["digest"] == stored.attrs["digest"]
        assert json.loads(found.attrs["axes"]) == ["x", "y"]
    np.testing.assert_array_equal(open_study(target).status, stored.status)  # an export is a study that can be read


def rows() -> list[tuple[int, float]]:
    """Points that are there, block by block."""
    found = []
    for i, j in np.ndindex(5, 2):
        if (i, j) not in ((1, 0), (4, 1)):
            found += [(x, y) for x in PLAN.x[7 * i : 7 * i + 7] for y in PLAN.y[2 * j : 2 * j + 2]]
    return found


def test_csv_has_a_row_for_each_point_that_is_done(folder: Path) -> None:
    target = export_study(folder, "csv")
    lines = target.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert "# model: toy" in comments
    assert "# units: phase [rad]" in comments
    table = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert [(int(row["x"]), float(row["y"])) for row in table] == rows()
    by_place = {(int(row["x"]), float(row["y"])): row for row in table}
    assert float(by_place[82, 0.7]["phase"]) == np.sin(82 * 0.7)  # to the last bit
    plain = {"sum": "89", "kind": "even", "status": "done", "message": ""}
    assert {key: by_place[82, 0.7][key] for key in plain} == plain
    bad = {"phase": "", "sum": "", "kind": "", "status": "failed", "message": "x = 101: 4"}
    assert {key: by_place[101, 0.7][key] for key in bad} == bad


def test_parquet_has_the_same_rows_with_types_and_attributes(folder: Path, tmp_path: Path) -> None:
    target = export_study(folder, "parquet", tmp_path / "other.parquet")
    table = parquet.read_table(target)
    frame = table.to_pandas()
    assert list(zip(frame.x, frame.y, strict=True)) == rows()
    again = pandas.read_csv(export_study(folder, "csv"), comment="#")
    np.testing.assert_array_equal(frame.phase, again.phase)
    bad = again.status.isin(["refused", "failed"])
    np.testing.assert_array_equal(frame["sum"].isna(), bad)
    np.testing.assert_array_equal(again["sum"].isna(), bad)
    assert frame.status.dtype == "category"
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert metadata["model"] == "toy"
    assert metadata["phase.units"] == "rad"
    assert parquet.ParquetFile(target).num_row_groups == 8


def test_zipped_axes_and_text(tmp_path: Path) -> None:
    study = Study(
        parameters={"field": 0.9},
        axes={"spins": [50, 60, 70], "gamma": [1e-7, 1e-6, 1e-5], "jump": ["Jx", "Jz"]},
        zip=[["spins", "gamma"]],
        quantities=["rate_pointer", "regime"],
    )
    stored = run_study(study, tmp_path / "study.zarr", progress=False).load()
    again = pandas.read_csv(export_study(tmp_path / "study.zarr", "csv"), comment="#")
    assert again.columns.tolist()[:3] == ["spins", "gamma", "jump"]
    assert list(zip(again.spins, again.gamma, strict=True))[::2] == [(50, 1e-7), (60, 1e-6), (70, 1e-5)]
    np.testing.assert_array_equal(again.rate_pointer, stored.rate_pointer.values.reshape(-1))
    with xarray.open_dataset(export_study(tmp_path / "study.zarr", "netcdf"), engine="h5netcdf") as found:
        assert found.spins.dims == found.gamma.dims == ("spins_gamma",)
        assert found.jump.values.tolist() == ["Jx", "Jz"]
        np.testing.assert_array_equal(found.rate_pointer, stored.rate_pointer)


def test_wrong_targets(folder: Path) -> None:
    with pytest.raises(InputError, match="to must be one of netcdf, csv, parquet; got 'xlsx'"):
        export_study(folder, "xlsx")
    with pytest.raises(InputError, match=r"out must be a file name that ends in .csv for csv; got 'x.txt'"):
        export_study(folder, "csv", "x.txt")
    with pytest.raises(InputError, match="output file must be writable"):
        export_study(folder, "csv", folder / "none" / "x.csv")


FLAT = """
import resource, sys
from einselect.studies.export import export_study
export_study("small.zarr", sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
export_study("large.zarr", sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("to", ["netcdf", "csv", "parquet"])
def test_memory_does_not_grow_with_the_study(tmp_path: Path, to: str) -> None:
    y = tuple(np.linspace(0.0, 1.0, 50).tolist())
    small = ToyPlan(tuple(range(1, 201)), y, (100, 50))
    run_study(small, tmp_path / "small.zarr", progress=False)
    run_study(replace(small, x=tuple(range(1, 4001))), tmp_path / "large.zarr", progress=False)
    done = subprocess.run([sys.executable, "-c", FLAT, to], cwd=tmp_path, capture_output=True, text=True, check=True)
    # All of it at once would be 20 times the small one: 200,000 points of 18 bytes and two texts, 30 MB as objects.
    assert int(done.stdout) < 8_000  # kB


def test_status_on_the_command_line(folder: Path, run, document) -> None:
    code, out, err = run(f"status {folder}")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"{folder}: 74 of 90 points (82.2 %), 8 of 10 blocks"
    assert "  axes        x: 30 values, 80 ... 109" in lines
    assert "  points      16 missing, 67 done, 1 warning, 3 refused, 3 failed" in lines
    assert "  failed      3 x x = 101: 4" in lines
    found = document(f"status {folder}")
    assert found["counts"]["missing"] == 16
    assert sum(found["counts"].values()) == found["points"] == 90
    assert found["complete"] is False
    assert found["messages"]["failed"] == [{"message": "x = 101: 4", "points": 3}]
    stored = open_study(folder).status.values
    assert list(found["counts"].values()) == np.bincount(stored.reshape(-1), minlength=5).tolist()
    run_study(PLAN, folder, progress=False)
    assert summarise(folder).complete
    assert "(100 %)" in run(f"status {folder}")[1]


def test_export_on_the_command_line(folder: Path, run) -> None:
    code, out, err = run(f"export {folder} --to csv")
    assert (code, err) == (0, "")
    assert out == f"{folder.with_suffix('.csv')}: 16 points are not worked out yet and have no numbers\n"
    assert run(f"export {folder}")[0] == 2
    assert "to must be one of netcdf, csv, parquet; got 'pdf'" in run(f"export {folder} --to pdf")[2]
    assert run("status")[2] == "einselect: FOLDER must be a study, as in 'einselect status study.zarr'; got none\n"
    assert run("status none.zarr")[2] == "einselect: study must be a folder or a file that is there; got 'none.zarr'\n"


def test_a_chunk_that_was_cut_short_is_said_with_what_to_do(run, tmp_path) -> None:
    study = Study(axes={"spins": [20, 30]}, parameters={"field": 0.9}, quantities=["eta_mf"])
    folder = tmp_path / "study.zarr"
    expected = study.run(folder, progress=False).load()
    (folder / "eta_mf/c/0").write_bytes(b"")
    code, out, err = run(f"export {folder} --to csv")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "must be whole to be read; got" in err
    assert "remove status/c/0 in it, and the same sweep works that block out again" in err
    (folder / "status/c/0").unlink()
    assert study.run(folder, progress=False).load().eta_mf.identical(expected.eta_mf)
