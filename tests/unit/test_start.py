"""The first milliseconds: what importing the package brings along, and Ctrl-C before a command has begun."""

from __future__ import annotations

import importlib
import inspect
import os
import signal
import subprocess
import sys
import threading

import pytest

import einselect
from einselect.cli import main

# Sends the signal where a module is about to be imported and an exception is dropped; else as the installed program.
PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            try:
                signal.raise_signal(signal.SIGINT)
            except BaseException:  # as import itself does in places
                pass
sys.meta_path.insert(0, Finder())
from einselect.cli import main
sys.exit(main(["rates", "--spins", "10", "--field", "0.5"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals between processes")
@pytest.mark.parametrize("module", ["einselect.cli.commands", "numpy", "cyclopts", "einselect.models", "none"])
def test_ctrl_c_during_imports_is_one_line(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, module], capture_output=True, text=True)
    if module == "none":
        assert (done.returncode, done.stderr) == (0, "")
        assert "G01" in done.stdout
    else:
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "einselect: interrupted\n")


def test_ctrl_c_is_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    assert main(["models"]) == 0
    assert signal.getsignal(signal.SIGINT) is before


def test_a_command_in_a_thread(capsys: pytest.CaptureFixture[str]) -> None:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(main(["rates", "--spins", "10", "--field", "0.5"])))
    thread.start()
    thread.join()
    assert codes == [0]
    assert "G01" in capsys.readouterr().out


def test_names_are_where_the_package_says() -> None:
    """Every public name: the object of its home, the same each time; none is missing and none too many."""
    homes = einselect._HOMES
    assert sorted([*homes, "__version__"]) == sorted(einselect.__all__)
    for name, home in homes.items():
        assert getattr(einselect, name) is getattr(importlib.import_module(f"einselect.{home}"), name)
    assert set(einselect.__all__) <= set(dir(einselect))
    source = inspect.getsource(einselect)
    assert all(source.count(f"{name}") >= 3 for name in homes)  # for type checkers too


def test_modules_are_attributes_and_misspelt_names_are_not() -> None:
    program = "import einselect; print(einselect.models.LMG(4, 0.5), einselect.sweep.__name__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "LMG(spins=4, field=0.5, coupling=1.0, energy_unit='J') sweep\n"
    with pytest.raises(AttributeError, match="module 'einselect' has no attribute 'Dick'"):
        _ = einselect.Dick
    with pytest.raises(ImportError, match="cannot import name 'Dick'"):
        exec("from einselect import Dick")


def test_the_package_by_itself_is_light() -> None:
    program = "import sys, einselect.cli; print(sorted({'numpy', 'scipy', 'cyclopts'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {program}"],
                          capture_output=True, text=True)  # fmt: skip
    assert done.stdout == "[]\n", done.stderr
