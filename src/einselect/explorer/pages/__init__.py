"""The pages, and what a page is.

A page is a module of this package that has the name of the page and holds one class ``View``, a `Page`. It is found
by its name in `ORDER`; one that has no module yet is not shown. What it has to give:

- ``title``: on its tab.
- ``__init__(self, host)``: builds ``self.layout``, any Panel object, once. Controls of its own call
  ``host.set_option("<page>.<name>", text)``; a click that moves the point calls ``host.set_entry("spins", "200")``.
  Plots are `parts.Picture` objects, choices `parts.Choice`, numbers with a slider `parts.Quantity`,
  settings that follow the state by themselves `parts.Setting` and `parts.TypedSetting`.
- ``follow(state)``: puts its own controls where the state has them (``state.option("<page>.<name>", default)``). It
  must not call the host; the parts of `explorer.parts` are silent when they are set.
- ``refuse(message)``: shows a message beside one of its own controls, where it is about one.
- ``compute(state, job)``: the answer, from ``compute/<page>.py``. It runs in another thread: it touches nothing of the
  page. What takes longer than some 0.3 s calls ``job.progress(fraction)`` now and then, which also ends it where it
  was cancelled or is late. Input that it refuses raises an error of the library; the entry that the message begins
  with shows it, and the last good answer stays.
- ``show(answer, dark)``: draws an answer, in the loop of the session, by functions of ``figures/<page>.py``, which
  return a `figures.theme.Drawing` (``theme.figure(dark, traces, **layout)``).
- ``python(state)``, ``command(state)``: "the Python (the command) that makes this", see `explorer.code`; None where
  there is none.
- ``data(answer)``: an `xarray.Dataset` to download as netCDF and CSV; None where there is none.
- ``entries``: False where the page does not depend on the model and bath, whose controls are then hidden.
"""

from __future__ import annotations

import importlib
import importlib.util
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    import xarray

    from ..jobs import Job
    from ..state import State

ORDER = ("doublet", "window", "dynamics", "protocols", "systems", "paper")
"""The pages by name, in the order of their tabs."""


class Host(Protocol):
    """What a page may ask of the explorer around it."""

    def set_entry(self, name: str, text: str) -> None:
        """Change an entry, as if it had been typed."""
        ...

    def set_entries(self, entries: dict[str, str]) -> None:
        """Change several entries at once."""
        ...

    def set_option(self, name: str, text: str) -> None:
        """Change a setting of a page, ``page.name``."""
        ...

    def again(self) -> None:
        """Compute the same state once more: from ``show``, by a page that has shown a first part of the answer."""
        ...


class Page(ABC):
    """One page of the explorer: see the module."""

    title: ClassVar[str]
    entries: ClassVar[bool] = True
    layout: Any

    @abstractmethod
    def __init__(self, host: Host) -> None: ...

    def follow(self, state: State) -> None:  # noqa: B027 - a page without controls of its own has nothing to do
        """Put its own controls where the state has them."""

    def refuse(self, message: str) -> bool:
        """Show a message beside the control of its own that it is about, "" for none; whether there is one."""
        return False

    @abstractmethod
    def compute(self, state: State, job: Job) -> Any:
        """The answer to a state."""

    @abstractmethod
    def show(self, answer: Any, dark: bool) -> None:
        """Draw an answer."""

    def python(self, state: State) -> str | None:
        """The Python that makes this."""
        return None

    def command(self, state: State) -> str | None:
        """The command that makes this."""
        return None

    def data(self, answer: Any) -> xarray.Dataset | None:
        """What there is to download."""
        return None


def available() -> tuple[str, ...]:
    """The names of the pages that there are."""
    return tuple(name for name in ORDER if importlib.util.find_spec(f"{__name__}.{name}") is not None)


def page_class(name: str) -> type[Page]:
    """The class of a page."""
    found: type[Page] = importlib.import_module(f"{__name__}.{name}").View
    return found
