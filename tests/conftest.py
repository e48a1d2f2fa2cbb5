"""Settings that every test shares."""

from __future__ import annotations

import json
import os
import shlex
import sys

import pytest
from hypothesis import settings

# The same examples in every run: a failure is a change of the code, not of the dice. For new examples:
# HYPOTHESIS_PROFILE=explore. No deadlines: the first example to import pint or qutip takes longer than any.
settings.register_profile("einselect", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "einselect"))

# Figures are drawn without a screen, also where one is there. Read at matplotlib's first import.
os.environ["MPLBACKEND"] = "Agg"


@pytest.fixture(autouse=True)
def no_figure_left():
    """Figures that a test leaves to matplotlib's register are closed: the next test begins with none."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def run(capsys):
    """The program with a command line as text: exit code, output, errors."""
    from einselect.cli import main

    def call(text: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(shlex.split(text))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def document(run):
    """The JSON document of a command line, which has to succeed."""

    def call(text: str):
        code, out, err = run(f"{text} --json")
        assert (code, err) == (0, "")
        return json.loads(out, parse_constant=lambda token: pytest.fail(f"{token} is not JSON"))

    return call
