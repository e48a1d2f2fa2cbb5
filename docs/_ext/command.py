"""Commands of the program, run for a page: what was typed and what came out."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys


def run(line: str, *, code: int = 0) -> None:
    """Run a command line that begins with ``einselect`` and print it with its output; `code` is what it must end with.

    Raises
    ------
    RuntimeError
        If it ends otherwise, which fails the build.
    """
    words = shlex.split(line)
    done = subprocess.run(
        [sys.executable, "-m", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "96", "NO_COLOR": "1"},
        cwd=os.environ["EINSELECT_DOCS_ROOT"],
    )
    if done.returncode != code:
        raise RuntimeError(f"{line!r} ended with {done.returncode}, not {code}: {done.stderr}")
    print(f"$ {line}\n{done.stdout}{done.stderr}".rstrip())
