"""Whatever is typed: an answer, or one line that refuses it with exit code 2, and never half a file."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect.cli import main

ODD = [
    "",
    " ",
    "nan",
    "inf",
    "-inf",
    "1e400",
    "-1",
    "0",
    "abc",
    "1_0",
    "٣",
    "1e308",
    "5e-324",
    "0x10",
    "1/2",
    "é",
    "1,2",
]
# The first two of each make an answer that takes no time.
WORDS: dict[str, list[str]] = {
    "spins": ["8", "5", "2", "1", "2.5", "1e1", "1e9"],
    "field": ["0.9", "1.5", "0", "-0.5", "1 kHz", "1e200"],
    "coupling": ["1", "2.5", "10 kHz", "0", "1e300"],
    "gamma": ["1e-2", "0.1", "0.05 1/s", "3 Hz", "1e150", "1e-150"],
    "jump": ["J-=0.01", "Jx=1", "Jz=1", "J-=2 1/s", "J-", "foo=1", "Jy=-1"],
    "state": ["ground", "spin-coherent", "Pointer", "a.npy", "b.npy", "c.npy", "none.npy"],
    "t-end": ["0.5T2", "2", "0T2", "-1T2", "T2", "1e308T2", "1e300", "1e-300", "3 ms"],
    "points": ["3", "2", "1", "100001"],
    "times": ["0,1", "0,1T2,2T2", "2,1", "1 ms,2 ms", "-1,1", ",", "1,1"],
    "levels": ["3", "full", "auto", "1", "500", "FULL"],
    "tolerance": ["1", "1e-6", "1e-16", "1e300"],
    "out": ["run.nc", "modes.svg", "run.txt", "no/run.nc", ".nc", "/"],
    "sector": ["both", "populations", "all"],
    "count": ["2", "3", "1000"],
}
COMMON = ["spins", "field", "coupling", "gamma", "jump", "levels", "out"]
OPTIONS = {
    "evolve": [*COMMON, "state", "t-end", "points", "times", "tolerance"],
    "spectrum": [*COMMON, "sector", "count"],
}


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """A command with options that go together but for up to two, which are anything."""
    command = draw(st.sampled_from(sorted(OPTIONS)))
    strange = draw(st.sets(st.sampled_from(OPTIONS[command]), max_size=2))
    words = [command]
    for name in OPTIONS[command]:
        if name in strange:
            words += [f"--{name}", draw(st.sampled_from(WORDS[name] + ODD))]
        elif name in ("spins", "field", "gamma") or (name != "times" and draw(st.integers(0, 3)) == 0):
            words += [f"--{name}", draw(st.sampled_from(WORDS[name][:2]))]
    return [*words, "--json"]


@settings(max_examples=30)
@given(words=command_lines())
def test_an_answer_or_one_line(words: list[str]) -> None:
    out, err, home = io.StringIO(), io.StringIO(), Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "a.npy", np.array([0.6, 0.8j]))
        np.save(folder / "b.npy", np.eye(3))
        (folder / "c.npy").write_text("no array")
        before = {path.name for path in folder.iterdir()}
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main(words)
        finally:
            os.chdir(home)
        new = {path.name for path in folder.iterdir()} - before
    if code == 0:
        assert err.getvalue() == ""
        json.loads(out.getvalue())
        assert new == ({words[words.index("--out") + 1]} if "--out" in words else set())
    else:
        assert code == 2
        assert out.getvalue() == ""
        assert err.getvalue().startswith("einselect: ")
        assert len(err.getvalue().splitlines()) == 1
        assert new == set()
