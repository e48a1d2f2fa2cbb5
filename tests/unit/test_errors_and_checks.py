"""The one message form of argument checks, the error classes, and files written whole or not at all."""

from __future__ import annotations

import math
import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from einselect import _checks, _files, errors

NOT_NUMBERS = [
    True,
    False,
    "0.5",
    b"0.5",
    None,
    [1.0],
    1j,
    math.nan,
    math.inf,
    -math.inf,
    10**400,
    np.array([1.0, 2.0]),
]


def refused(call, *args: object, **kwargs: object) -> str:
    """The message of the InputError that `call` must raise."""
    with pytest.raises(errors.InputError) as caught:
        call(*args, **kwargs)
    message = str(caught.value)
    assert not message.endswith(".")
    assert message.count("\n") == 0
    return message


def test_error_classes() -> None:
    assert issubclass(errors.InputError, ValueError)
    assert issubclass(errors.UnitError, errors.InputError)
    assert issubclass(errors.PhaseError, errors.InputError)
    assert issubclass(errors.ResolutionError, errors.EinselectError)
    # A number that cannot be resolved is no fault of the input.
    assert not issubclass(errors.ResolutionError, ValueError)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        (-0.5, -0.5),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3.0),
        (Fraction(1, 4), 0.25),
        (Decimal("0.5"), 0.5),
    ],
)
def test_number_takes_real_numbers(value: object, expected: float) -> None:
    result = _checks.number("x", value)
    assert type(result) is float
    assert result == expected


@pytest.mark.parametrize("check", [_checks.number, _checks.positive, _checks.non_negative])
@pytest.mark.parametrize("value", NOT_NUMBERS, ids=lambda value: repr(value)[:12])
def test_what_is_no_finite_number_is_refused(check, value: object) -> None:
    allowed = {
        _checks.number: "a finite real number",
        _checks.positive: "a finite number > 0",
        _checks.non_negative: "a finite number >= 0",
    }[check]
    assert refused(check, "field", value) == f"field must be {allowed}; got {value!r}"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_signs(value: float) -> None:
    assert _checks.number("x", value) == value
    for check, holds in ((_checks.positive, value > 0), (_checks.non_negative, value >= 0)):
        if holds:
            assert check("x", value) == value
        else:
            assert refused(check, "x", value).endswith(f"; got {value!r}")


def test_signs_at_the_edges() -> None:
    assert refused(_checks.positive, "gamma", 0) == "gamma must be a finite number > 0; got 0"
    assert _checks.positive("gamma", 5e-324) == 5e-324
    assert _checks.non_negative("gamma", -0.0) == 0.0
    assert refused(_checks.non_negative, "gamma", -5e-324) == "gamma must be a finite number >= 0; got -5e-324"


@pytest.mark.parametrize("value", [370, 370.0, np.int32(370), np.float64(370), np.uint8(5), 2])
def test_whole_takes_whole_numbers(value: object) -> None:
    result = _checks.whole("spins", value, 2)
    assert type(result) is int
    assert result == value


def test_whole_keeps_integers_that_floats_cannot_hold() -> None:
    assert _checks.whole("spins", 2**53 + 1, 2) == 2**53 + 1
    assert _checks.whole("spins", 10**30, 2) == 10**30


@pytest.mark.parametrize("value", [1, 0, -3, 2.5, 1.0, *NOT_NUMBERS[:-2]], ids=lambda value: repr(value)[:12])
def test_whole_refuses(value: object) -> None:
    assert refused(_checks.whole, "spins", value, 2) == f"spins must be a whole number >= 2; got {value!r}"


def test_whole_with_an_upper_bound() -> None:
    assert _checks.whole("count", 2, 1, 2) == 2
    assert _checks.whole("count", 1, 1, 2) == 1
    assert refused(_checks.whole, "count", 3, 1, 2) == "count must be a whole number from 1 to 2; got 3"
    assert refused(_checks.whole, "count", 0, 1, 2) == "count must be a whole number from 1 to 2; got 0"


def test_one_of_names_what_is_allowed_and_the_nearest() -> None:
    names = ("eta_mf", "eta_exact", "splitting")
    assert _checks.one_of("quantity", "splitting", names) == "splitting"
    message = "quantity must be one of eta_mf, eta_exact, splitting; got "
    assert refused(_checks.one_of, "quantity", "eta_mff", names) == message + "'eta_mff' (did you mean 'eta_mf'?)"
    assert refused(_checks.one_of, "quantity", "zzz", names) == message + "'zzz'"
    assert refused(_checks.one_of, "quantity", 5, names) == message + "5"
    assert refused(_checks.one_of, "quantity", None, iter(names)) == message + "None"


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder, hidden ones too, with its text."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_atomic_write(tmp_path: Path) -> None:
    _files.atomic_write(tmp_path / "claims.md", "η = 2\n")
    assert contents(tmp_path) == {"claims.md": "η = 2\n"}
    _files.atomic_write(str(tmp_path / "claims.md"), "new\n")
    assert contents(tmp_path) == {"claims.md": "new\n"}


def test_atomic_path_shows_nothing_before_the_end(tmp_path: Path) -> None:
    target = tmp_path / "figure.png"
    with _files.atomic_path(target) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".png"
        temporary.write_text("half", encoding="utf-8")
        assert not target.exists()
        temporary.write_text("whole", encoding="utf-8")
    assert contents(tmp_path) == {"figure.png": "whole"}


@pytest.mark.parametrize("before", [None, "old"])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_exception_leaves_what_was_there(tmp_path: Path, before: str | None, error: type[BaseException]) -> None:
    target = tmp_path / "table.csv"
    if before is not None:
        target.write_text(before, encoding="utf-8")
    with pytest.raises(error), _files.atomic_path(target) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise error
    assert contents(tmp_path) == ({} if before is None else {"table.csv": before})


def test_a_writer_that_removes_its_own_file_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), _files.atomic_path(tmp_path / "x.nc") as temporary:
        temporary.unlink()
    assert contents(tmp_path) == {}


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    # Permission bits do not stop a test that runs as root; a path below a regular file stops everyone.
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    for path, reason in (
        (tmp_path / "file" / "out.csv", os.strerror(20)),  # ENOTDIR
        (tmp_path / "missing" / "out.csv", os.strerror(2)),  # ENOENT
    ):
        message = refused(_files.atomic_write, path, "text")
        assert message == f"output file must be writable; got {str(path)!r} ({reason})"
    assert contents(tmp_path) == {"file": "kept"}


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    message = refused(_files.atomic_write, tmp_path / "out.csv", "text")
    assert message.startswith(f"output file must be writable; got {str(tmp_path / 'out.csv')!r} (")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_netcdf_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Complex variables as two; what cannot be written leaves the old file, and nothing beside it."""
    import numpy as np
    import xarray

    data = xarray.Dataset({"z": ("t", np.array([1.0 + 2.0j, 3.0j]), {"units": "J"}), "x": ("t", [1.0, 2.0])})
    _files.write_netcdf(data, tmp_path / "run.nc")
    with xarray.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as stored:
        stored.load()
    assert sorted(map(str, stored.data_vars)) == ["x", "z_im", "z_re"]
    np.testing.assert_array_equal(stored.z_re + 1j * stored.z_im, data.z)
    assert stored.z_im.attrs["units"] == "J"
    before = (tmp_path / "run.nc").read_bytes()
    with pytest.raises(TypeError):
        _files.write_netcdf(data.assign_attrs(bad={"a": 1}), tmp_path / "run.nc")
    assert [path.name for path in tmp_path.iterdir()] == ["run.nc"]
    assert (tmp_path / "run.nc").read_bytes() == before


def test_output_folder(tmp_path: Path) -> None:
    folder = _files.output_folder(tmp_path / "a" / "b")
    assert folder == tmp_path / "a" / "b"
    assert folder.is_dir()
    assert list(folder.iterdir()) == []
    assert _files.output_folder(str(folder)) == folder


@pytest.mark.parametrize("below", ["", "deeper"])
def test_an_output_folder_that_cannot_be_made(tmp_path: Path, below: str) -> None:
    file = tmp_path / "file"
    file.write_text("kept", encoding="utf-8")
    message = refused(_files.output_folder, file / below)
    assert message.startswith(f"output folder must be writable; got {str(file / below)!r} (")
    assert contents(tmp_path) == {"file": "kept"}


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a read-only system folder")
def test_a_read_only_output_folder() -> None:
    assert refused(_files.output_folder, "/proc/self").startswith("output folder must be writable; got '/proc/self' (")
