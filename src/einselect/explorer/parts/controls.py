"""Settings of a page: a choice among names, and a text entry. Both follow the state without telling it."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import param
from panel.custom import JSComponent

from .quantity import SHARED_STYLE, Quantity

if TYPE_CHECKING:
    from ..pages import Host
    from ..state import State

_SIZE = {"flex": "1 1 190px", "min-width": "0", "max-width": "340px"}


class Select(JSComponent):
    """A choice among names: pairs of a value and what is shown for it. What is chosen comes to `on_chosen`."""

    label = param.String(default="")
    names = param.List(default=[])
    value = param.String(default="")

    _esm = (Path(__file__).parent / "select.js").read_text(encoding="utf-8")
    _stylesheets = [SHARED_STYLE]  # noqa: RUF012 - Panel's way
    on_chosen: Callable[[str], None] | None = None

    def _handle_msg(self, data: Any) -> None:
        chosen = data.get("chosen") if isinstance(data, dict) else None
        if self.on_chosen is not None and chosen in [value for value, _ in self.names]:
            self.value = chosen
            self.on_chosen(chosen)


class Choice:
    """A setting with a few names.

    Parameters
    ----------
    host : Host
    option : str
        As ``page.name``.
    label : str
    names : mapping of str to str
        What is shown for each value; the first value is the default.

    Attributes
    ----------
    part : Select
        To put on the page.
    """

    def __init__(self, host: Host, option: str, label: str, names: Mapping[str, str]) -> None:
        self._option = option
        self.default = next(iter(names))
        self.part = Select(label=label, value=self.default, sizing_mode="stretch_width", styles=_SIZE)
        self.part.names = [list(pair) for pair in names.items()]
        self.part.on_chosen = lambda value: host.set_option(option, value)

    @property
    def values(self) -> list[str]:
        """What can be chosen."""
        return [value for value, _ in self.part.names]

    def value(self, state: State) -> str:
        """Its value in a state, whether or not it is one of the names."""
        return state.option(self._option, self.default)

    def offer(self, names: Mapping[str, str]) -> None:
        """Other names; the value stays where it is still one."""
        offered = [list(pair) for pair in names.items()]
        if self.part.names != offered:
            kept = self.part.value if self.part.value in names else self.default
            self.part.param.update(names=offered, value=kept)

    def follow(self, state: State) -> None:
        """Stand where the state has it."""
        text = self.value(state)
        if text in self.values and text != self.part.value:
            self.part.value = text


class Entry:
    """A setting that is typed.

    Parameters
    ----------
    host : Host
    option : str
        As ``page.name``.
    label, help, default : str
    named : str
        How messages about it begin.

    Attributes
    ----------
    part : Quantity
        To put on the page.
    """

    def __init__(self, host: Host, option: str, label: str, help: str, default: str, named: str) -> None:
        self._option, self.default, self._named = option, default, named
        self.part = Quantity(label=label, help=help, slider=False, sizing_mode="stretch_width", styles=_SIZE)
        self.part.on_typed = lambda text: host.set_option(option, text.strip())

    def value(self, state: State) -> str:
        """Its text in a state, the default where that is empty."""
        return state.option(self._option, self.default) or self.default

    def follow(self, state: State) -> None:
        """Stand where the state has it."""
        text = self.value(state)
        if self.part.text != text:
            self.part.text = text

    def refuse(self, message: str) -> bool:
        """Show a message that is about this entry, or take it away; whether it is one."""
        own = message.startswith(f"{self._named} must ")
        shown = message if own else ""
        if self.part.error != shown:
            self.part.error = shown
        return own
