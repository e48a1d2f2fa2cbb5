"""The diffs of the contributing guide, applied to a copy of the package and run, so that they cannot grow old."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIFFS = ROOT / "docs" / "reference" / "diffs"


def tried(name: str, *arguments: str) -> str:
    """What ``python ARGUMENTS`` prints with a diff applied.

    Parameters
    ----------
    name : str
        Of the diff in `docs/reference/diffs`.
    *arguments : str
        After the interpreter.

    Raises
    ------
    RuntimeError
        If the diff does not apply to the source as it is, or the program fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        _done(["git", "apply", str(DIFFS / f"{name}.diff")], copy, {"GIT_CEILING_DIRECTORIES": str(copy.parent)})
        return _done([sys.executable, *arguments], copy, {"PYTHONPATH": str(copy / "src"), "COLUMNS": "96"})


def _done(command: list[str], folder: Path, extra: dict[str, str]) -> str:
    environment = {**os.environ, "NO_COLOR": "1", **extra}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr}{done.stdout}")
    return done.stdout.rstrip()
