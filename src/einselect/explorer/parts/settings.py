"""Settings of a page: a choice among names, and a text entry. Both follow the state without telling it."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .choice import Choice
from .quantity import Quantity

if TYPE_CHECKING:
    from ..pages import Host
    from ..state import State

_SIZE = {"flex": "1 1 190px", "min-width": "0", "max-width": "340px"}


class Setting:
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
    part : Choice
        To put on the page.
    """

    def __init__(self, host: Host, option: str, label: str, names: Mapping[str, str]) -> None:
        self._option = option
        self.default = next(iter(names))
        self.part = Choice(label=label, sizing_mode="stretch_width", styles=_SIZE)
        self.part.param.update(options=list(names.items()), value=self.default)
        self.part.on_chosen = lambda value: host.set_option(option, value)

    @property
    def values(self) -> list[str]:
        """What can be chosen."""
        return [value for value, _ in self.part.options]

    def value(self, state: State) -> str:
        """Its value in a state, whether or not it is one of the names."""
        return state.option(self._option, self.default)

    def offer(self, names: Mapping[str, str]) -> None:
        """Other names; the value stays where it is still one."""
        offered = list(names.items())
        if self.part.options != offered:
            kept = self.part.value if self.part.value in names else self.default
            self.part.param.update(options=offered, value=kept)

    def follow(self, state: State) -> None:
        """Stand where the state has it."""
        text = self.value(state)
        if text in self.values and text != self.part.value:
            self.part.value = text


class TypedSetting:
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
