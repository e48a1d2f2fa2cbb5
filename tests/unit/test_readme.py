"""The README's examples run and print what it says."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


def test_python_examples() -> None:
    outcome = doctest.testfile(
        str(README), module_relative=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert outcome.attempted > 8
    assert outcome.failed == 0


def commands() -> list[str]:
    """Every indented line of the README that runs the program."""
    return re.findall(r"^ {4}(einselect .*)$", README.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("command", commands())
def test_commands(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from einselect.cli import main

    (tmp_path / "examples").symlink_to(README.parent / "examples")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)[1:]
    if words[1:] and words[1].endswith(".zarr"):  # it reads what an earlier one writes
        maker = next(line for line in commands() if f"--out {words[1]}" in line)
        assert main(shlex.split(maker)[1:]) == 0
    assert main(words) == 0


def test_there_are_commands() -> None:
    assert len(commands()) >= 4


def test_the_table_of_systems_is_what_comes_out() -> None:
    from einselect.sweeps import compare_systems

    text = README.read_text(encoding="utf-8")
    for line in compare_systems().markdown().splitlines():
        assert line in text
