"""The explorer in a notebook: the same panels in a cell, computed by its kernel, nothing from another host."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

import asyncio
import base64
import gzip
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import panel as pn

from .app import Explorer
from .jobs import Loop
from .parts import Surroundings
from .parts.picture import PLOTLY
from .state import State

_SCRIPT = "application/javascript"
_LOADER = (Path(__file__).parent / "notebook.js").read_text(encoding="utf-8")
_LIBRARIES = 100_000  # characters: what Panel publishes beside its libraries is much shorter


def explore(model: Any = None, gamma: Any = None, temperature: Any = None, *, dark: bool | None = None) -> pn.FlexBox:
    """The explorer in a notebook: the same panels as ``einselect explore`` serves.

    Nothing has to be loaded before; what the panels are drawn with comes from the kernel, not from another host, and
    stays in the notebook (some 3 MB a cell until its output is cleared). The first picture is computed before the cell
    ends, everything later beside the kernel's loop, while no other cell runs.

    Parameters
    ----------
    model : model, optional
        Where to begin: any model but one of your own matrices. Default: the benchmark of the paper.
    gamma, temperature : float or str, optional
        As for `dephasing_rates`.
    dark : bool, optional
        Default: as the notebook is.

    Returns
    -------
    panel.FlexBox
        Shown where it is the last line of a cell.

    Raises
    ------
    InputError
        For a model that it does not know.
    """
    state = State() if model is None else State.of_model(model, gamma, temperature)
    _load()
    # What changes between the display of a cell and the moment when its page listens would be lost: the first answer is
    # there before.
    around = Surroundings(styles={"flex": "1 1 100%"}, margin=0)
    explorer = Explorer(state, dark=bool(dark), around=around)
    if dark is None:
        around.on_theme = explorer.set_dark
    loop = _notebook_loop()
    if loop is not None:
        explorer.follow(loop)
    return explorer.layout


def _load() -> None:
    """Load Panel and publish its libraries in the cell that runs, packed to a fifth of what Panel itself publishes."""
    if not _in_kernel():
        pn.extension("plotly")
        return
    from IPython.display import publish_display_data
    from IPython.utils.capture import capture_output

    with capture_output(stdout=False, stderr=False) as published:
        pn.extension(inline=True)
    for output in published.outputs:
        script = output.data.get(_SCRIPT, "")
        if len(script) > _LIBRARIES:
            libraries = f"{PLOTLY.read_text(encoding='utf-8')}\n{script}"
            publish_display_data({_SCRIPT: _LOADER.replace("PACKED", _packed(libraries))})
        else:
            publish_display_data(output.data, output.metadata)


def _in_kernel() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


@cache
def _packed(script: str) -> str:
    return base64.b64encode(gzip.compress(script.encode(), 6, mtime=0)).decode()


class _NotebookLoop:
    """The loop of a notebook's kernel."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def soon(self, function: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(function)

    def later(self, function: Callable[[], None], milliseconds: int) -> None:
        self._loop.call_later(milliseconds / 1e3, function)


def _notebook_loop() -> Loop | None:
    """The loop of the notebook; None where no loop runs."""
    try:
        return _NotebookLoop(asyncio.get_running_loop())
    except RuntimeError:
        return None
