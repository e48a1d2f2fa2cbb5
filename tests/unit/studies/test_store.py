"""The store of a study: what is written, what counts as finished, and who may read it."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray
import zarr

from einselect.errors import InputError
from einselect.studies.blocks import Blocks
from einselect.studies.layout import claimed
from einselect.studies.reading import open_study
from einselect.studies.run import run_study
from einselect.studies.store import StudyStore
from einselect.studies.work import Task, work
from toy_study import ToyPlan, lines

X, Y = tuple(range(80, 110)), (0.1, 0.7, 1.3)


@pytest.fixture
def plan() -> ToyPlan:
    return ToyPlan(X, Y, (7, 3))


def test_a_study_is_a_zarr_group_that_xarray_reads_lazily_and_without_a_warning(plan: ToyPlan, tmp_path: Path) -> None:
    folder = tmp_path / "study.zarr"
    run_study(plan, folder, progress=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = xarray.open_zarr(folder, chunks=None)
    assert not any(found[name].variable._in_memory for name in found)  # nothing but axes has been read
    x, y = np.meshgrid(X, Y, indexing="ij")
    bad = (x % 97 == 0) | (x % 101 == 0)
    np.testing.assert_array_equal(found.phase, np.where(bad, np.nan, np.sin(x * y)))
    np.testing.assert_array_equal(found["sum"], np.where(bad, -1, x + np.rint(10 * y).astype(int)))
    np.testing.assert_array_equal(found.kind, np.where(bad, -1, x % 2))
    assert found.status.sel(x=[89, 97, 101, 80], y=0.7).values.tolist() == [2, 3, 4, 1]
    assert found.message.sel(x=[89, 97, 101, 80], y=0.7).values.tolist() == ["x = 89: 2", "x = 97: 3", "x = 101: 4", ""]
    assert found.kind.attrs["flag_meanings"] == "none even odd"
    assert found.x.dtype == np.int64
    assert found.attrs["schema_version"] == 2
    assert found.attrs["software"].startswith("einselect ")
    assert "numpy" in found.attrs["versions"]
    assert json.loads(found.attrs["specification"])["axes"]["y"] == list(Y)
    assert len(found.attrs["digest"]) == 64


@pytest.mark.parametrize("chunks", [(7, 3), (30, 3), (1, 1), (4, 2)])
def test_the_cut_into_blocks_does_not_change_the_numbers(plan: ToyPlan, chunks: tuple[int, int]) -> None:
    whole, cut = run_study(plan), run_study(replace(plan, chunks=chunks))
    xarray.testing.assert_identical(whole.load(), cut.load())


def test_only_what_is_missing_is_worked_out(plan: ToyPlan, tmp_path: Path) -> None:
    folder, log = tmp_path / "study.zarr", tmp_path / "log"
    expected = run_study(plan, folder, progress=False).load()
    (folder / "status/c/2/0").unlink()
    (folder / "status/c/4/0").write_bytes((folder / "status/c/4/0").read_bytes()[:-3])  # torn by a power cut
    (folder / "phase/c/2/0").write_bytes(b"")  # a torn file counts for nothing where there is no status
    (folder / "phase/c/2/.0.deadbeef.partial").write_bytes(b"left by a kill")
    again = run_study(replace(plan, log=str(log)), folder, progress=False)
    assert lines(log, "begin") == [(14, 0), (28, 0)]
    xarray.testing.assert_identical(again.load(), expected)
    assert not list(folder.rglob("*.partial"))
    assert not (folder / ".run").exists()
    run_study(replace(plan, log=str(log)), folder, progress=False)
    assert len(lines(log, "begin")) == 2


def test_points_that_failed_are_tried_again_when_asked(plan: ToyPlan, tmp_path: Path) -> None:
    folder, log = tmp_path / "study.zarr", tmp_path / "log"
    expected = run_study(plan, folder, progress=False).load()
    again = run_study(replace(plan, log=str(log)), folder, progress=False, retry=True)
    assert [line.split()[:4] for line in log.read_text().splitlines()[::2]] == [["begin", "21", "0", "3"]]
    xarray.testing.assert_identical(again.load(), expected)


def test_an_error_of_a_whole_block_is_that_of_its_points(plan: ToyPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluate = ToyPlan.evaluate

    def broken(plan: ToyPlan, block: tuple[slice, ...], wanted: object = None) -> object:
        if block[0].start == 7:
            raise ZeroDivisionError("of all things")
        return evaluate(plan, block, wanted)

    monkeypatch.setattr(ToyPlan, "evaluate", broken)
    found = run_study(plan, progress=False)
    assert (found.status.values[7:14] == 4).all()
    assert set(found.message.values[7:14].reshape(-1)) == {"ZeroDivisionError: of all things"}
    assert np.isnan(found.phase.values[7:14]).all()
    assert (found.status.values[:7] == 1).all()


def test_a_changed_study_is_refused_with_the_difference(plan: ToyPlan, tmp_path: Path) -> None:
    folder = tmp_path / "study.zarr"
    run_study(plan, folder, progress=False)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    changed = replace(plan, attributes={**plan.attributes, "model": "other"})
    with pytest.raises(
        InputError, match=r'must hold the same study; got a changed one: model: "toy" there, "other" he'
    ):
        run_study(changed, folder)
    with pytest.raises(InputError, match=r"axes.y: 3 values there, 4 here \(new \[2.9\]\) .*--extend"):
        run_study(replace(plan, y=(*Y, 2.9)), folder)
    with pytest.raises(InputError, match="model"):
        run_study(changed, folder, extend=True)
    with pytest.raises(InputError, match=r"y must keep all its values to be extended; got an axis without 0.7"):
        run_study(replace(plan, y=(0.1, 1.3, 2.9)), folder, extend=True)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_extension_keeps_what_there_is_and_has_the_numbers_of_a_fresh_study(plan: ToyPlan, tmp_path: Path) -> None:
    folder, log = tmp_path / "study.zarr", tmp_path / "log"
    run_study(plan, folder, progress=False)
    (folder / "status/c/1/0").unlink()  # unfinished: seven x are missing
    larger = replace(plan, x=(*range(75, 112),), y=(0.1, 0.4, 0.7, 1.3, 2.9), chunks=(9, 5), log=str(log))
    found = run_study(larger, folder, progress=False, extend=True)
    counts = [line.split()[3] for line in log.read_text().splitlines() if line.startswith("begin")]
    assert counts[-1] == "all"  # the last block is x = 111 alone
    assert sum(map(int, counts[:-1])) + 5 == 37 * 5 - (30 - 7) * 3
    fresh = run_study(replace(larger, log=""), tmp_path / "fresh.zarr", progress=False)
    xarray.testing.assert_identical(found.load(), fresh.load())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh.zarr", "log", "study.zarr"]


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_a_kill_in_the_moment_of_an_exchange_is_mended(plan: ToyPlan, tmp_path: Path, moment: str) -> None:
    folder = tmp_path / "study.zarr"
    expected = run_study(plan, folder, progress=False).load()
    before, new = tmp_path / ".study.zarr.before", tmp_path / ".study.zarr.1234.part"
    if moment == "before":
        new.mkdir()
    elif moment == "between":
        folder.rename(before)
        new.mkdir()
    else:
        before.mkdir()
    study = before if moment == "between" else folder
    (study / "status/c/1/0").unlink()
    log = tmp_path / "log"
    xarray.testing.assert_identical(run_study(replace(plan, log=str(log)), folder, progress=False).load(), expected)
    assert lines(log, "begin") == [(7, 0)]  # all else was there
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log", "study.zarr"]


def test_a_block_that_is_there_is_not_worked_out_again(plan: ToyPlan, tmp_path: Path) -> None:
    """As where a worker died between writing it and saying so, and the scheduler gives it to another one."""
    log = tmp_path / "log"
    run_study(plan, tmp_path / "study.zarr", progress=False)
    store = StudyStore.open(tmp_path / "study.zarr", write=True)
    task = Task(replace(plan, log=str(log)), plan.chunks, "", "")
    receipt = work(task, 1, store)
    assert receipt.counts == (0, 18, 3, 0, 0)
    assert not log.exists()


def test_two_drivers_do_not_work_at_one_study(plan: ToyPlan, tmp_path: Path) -> None:
    folder = tmp_path / "study.zarr"
    run_study(plan, folder, progress=False)
    with claimed(folder), pytest.raises(InputError, match="must be a study that no other run is writing to"):
        run_study(plan, folder)
    run_study(plan, folder, progress=False)


def test_folders_that_are_no_study(plan: ToyPlan, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"out must be a folder name that ends in .zarr; got '.*study'"):
        run_study(plan, tmp_path / "study")
    with pytest.raises(InputError, match="study must be a folder or a file that is there"):
        open_study(tmp_path / "none.zarr")
    other = tmp_path / "other.zarr"
    zarr.open_group(str(other), mode="w", zarr_format=3)
    with pytest.raises(InputError, match="study must be a folder that 'einselect sweep' has written"):
        run_study(plan, other)
    folder = tmp_path / "study.zarr"
    run_study(plan, folder, progress=False)
    StudyStore.open(folder, write=True).set_attributes({"schema_version": 3})
    with pytest.raises(InputError, match=r"schema_version must be 2, or 1 in a netCDF file; got 3"):
        open_study(folder)


def test_a_sweep_of_old_is_read_as_schema_1(tmp_path: Path) -> None:
    from einselect import sweep

    path = tmp_path / "curve.nc"
    old = sweep([50, 100], [0.8, 0.9], quantities=["eta_mf"], path=path)
    found = open_study(path)
    np.testing.assert_array_equal(found.eta_mf, old.eta_mf)
    assert (found.status == 1).all()
    assert found.status.dims == ("spins", "field")
    assert found.attrs["schema_version"] == 1
    (tmp_path / "noise.nc").write_bytes(b"no HDF5")
    with pytest.raises(InputError, match="netCDF file of a sweep"):
        open_study(tmp_path / "noise.nc")


def test_other_versions_are_kept_beside_the_first(
    plan: ToyPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study.zarr"
    run_study(plan, folder, progress=False)
    StudyStore.open(folder, write=True).set_attributes({"versions": "einselect 0.0.1, numpy 1.0"})
    (folder / "status/c/0/0").unlink()
    found = run_study(plan, folder)
    assert "begun with einselect 0.0.1, numpy 1.0; now einselect" in capsys.readouterr().err
    assert found.attrs["versions"].splitlines()[0] == "einselect 0.0.1, numpy 1.0"
    assert len(found.attrs["versions"].splitlines()) == 2


def test_large_blocks_are_shards_of_small_pieces(tmp_path: Path) -> None:
    blocks = Blocks((1000, 400), (500, 400))
    assert blocks.pieces() == (125, 400)
    large = ToyPlan(tuple(range(1, 1001)), tuple(np.linspace(0.0, 4.0, 400).tolist()), (500, 400))
    found = run_study(large, tmp_path / "study.zarr", progress=False)
    files = [path for path in (tmp_path / "study.zarr/phase/c").rglob("*") if path.is_file()]
    assert len(files) == 2
    x, y = np.meshgrid(large.x, large.y, indexing="ij")
    good = found.status.values < 3
    np.testing.assert_array_equal(found.phase.values[good], np.sin(x * y)[good])
    assert found.message.sel(x=97).values[0] == "x = 97: 3"


def test_a_study_of_one_point(tmp_path: Path) -> None:
    from einselect.studies import Study

    study = Study(parameters={"spins": 100, "field": 0.9}, quantities=["eta_mf"])
    found = run_study(study, tmp_path / "study.zarr", progress=False)
    assert found.eta_mf.shape == ()
    assert found.status.item() == 1
    assert run_study(study).eta_mf.item() == found.eta_mf.item()


def test_zipped_axes_and_text_are_extended(tmp_path: Path) -> None:
    from einselect.studies import Study

    def study(count: int, jumps: list[str]) -> Study:
        return Study(
            parameters={"field": 0.9},
            axes={"spins": [50, 60, 70][:count], "gamma": [1e-7, 1e-6, 1e-5][:count], "jump": jumps},
            zip=[["spins", "gamma"]],
            quantities=["rate_pointer"],
        )

    folder = tmp_path / "study.zarr"
    first = run_study(study(2, ["Jz"]), folder, progress=False).load()
    (folder / "rate_pointer").rename(tmp_path / "kept")  # the numbers of old come from the store, not from a second run
    marked = zarr.open_array(str(tmp_path / "kept"), mode="r+")
    marked[:] = marked[:] + 1.0
    (tmp_path / "kept").rename(folder / "rate_pointer")
    found = run_study(study(3, ["Jx", "Jz"]), folder, progress=False, extend=True).load()
    fresh = run_study(study(3, ["Jx", "Jz"]), progress=False).load()
    np.testing.assert_array_equal(found.rate_pointer.values[:2, 1], first.rate_pointer.values[:, 0] + 1.0)
    np.testing.assert_array_equal(found.rate_pointer.values[:, 0], fresh.rate_pointer.values[:, 0])
    assert found.jump.values.tolist() == ["Jx", "Jz"]
    assert (found.status == 1).all()
