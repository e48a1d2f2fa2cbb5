"""What a page of the explorer shows, as text: what was typed, what a link holds, and the system that it describes.

A `State` is a value: every change makes a new one. Its entries are kept as typed and read when they are used, by the
same functions as the options of the command line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

from .. import _checks
from ..cli.options import plain, whole
from ..errors import InputError
from ..models.registry import MODELS, ModelEntry, model_entry
from ..rates import DephasingRates, bath_parameters, dephasing_rates
from . import bounds
from .pages import ORDER

BATH = ("gamma", "temperature")
"""The entries of the bath; an empty one is not given."""

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "lmg": {
        "spins": "370",
        "field": "0.95",
        "coupling": "74346 rad/s",
        "gamma": "0.05 1/s",
        "temperature": "10 nK",
    },
    "anisotropic": {"spins": "200", "field": "0.8", "anisotropy": "-0.5", "coupling": "1", "gamma": "1e-11"},
    "bose-josephson": {"spins": "200", "tunnelling": "0.5", "interaction": "0.006", "gamma": "1e-11"},
    "dicke": {"spins": "20", "coupling": "0.7", "gamma": "1e-8"},
    "rabi": {"coupling": "2.5", "gamma": "1e-8"},
    "dimer": {"coupling": "-0.5", "huang_rhys": "4", "gamma": "1e-4"},
    "ring": {"sites": "3", "coupling": "-0.3", "huang_rhys": "2", "closing": "0", "gamma": "1e-4"},
    "few-modes": {"tunnelling": "1", "frequencies": "1.5,3", "couplings": "2.5,2", "gamma": "1e-3"},
    "spin-boson": {"tunnelling": "1", "strength": "0.2", "cutoff": "50", "modes": "2", "gamma": "1e-3"},
}
"""Where each model starts: LMG at the paper's benchmark, the others where they have an isolated doublet."""

_FIELD = re.compile(r"(?:rate of )?([a-z_/]+) must ")


class EntryError(InputError):
    """An entry that cannot be used.

    Attributes
    ----------
    entry : str or None
        Which one; None where the message is about none of those shown.
    """

    def __init__(self, message: str, entry: str | None) -> None:
        self.entry = entry
        super().__init__(message)


def about(error: Exception, entries: Mapping[str, Any] | tuple[str, ...]) -> EntryError:
    """An error of the library with the entry that it speaks of: its messages begin with the name.

    Parameters
    ----------
    error : Exception
    entries : names of the entries there are

    Examples
    --------
    >>> about(InputError("spins must be a whole number >= 2; got '1'"), ("spins", "field")).entry
    'spins'
    """
    if isinstance(error, EntryError):
        return error
    begin = _FIELD.match(str(error))
    name = begin[1].split("/")[0] if begin else None
    return EntryError(str(error), name if name in entries else None)


@dataclass(frozen=True)
class System:
    """What the entries describe.

    Attributes
    ----------
    entry : ModelEntry
    model : model
    parameters : dict
        As the model's class was given them: numbers, or text with a unit.
    gamma, temperature : float, str or None
        As `dephasing_rates` takes them.
    rate, kt : float or None
        The same as numbers in the model's unit: γ, and k_B T.
    jump : str or None
        None for the natural jump operator.
    """

    entry: ModelEntry
    model: Any
    parameters: Mapping[str, Any]
    gamma: float | str | None
    temperature: float | str | None
    rate: float | None
    kt: float | None
    jump: str | None

    @cached_property
    def rates(self) -> DephasingRates:
        """The doublet, its rates and its regime."""
        return dephasing_rates(self.model, self.gamma, temperature=self.temperature, jump=self.jump)


@dataclass(frozen=True)
class State:
    """What is shown.

    Attributes
    ----------
    page, model : str
    entries : mapping of str to str
        Parameters of the model, ``gamma``, ``temperature``, ``jump``; "" for what is not given.
    options : mapping of str to str
        Settings of the pages that differ from their defaults, as ``page.name``.

    Examples
    --------
    >>> state = State.example("lmg").with_entry("spins", "200")
    >>> state.query()
    'page=doublet&model=lmg&spins=200&field=0.95&coupling=74346+rad%2Fs&gamma=0.05+1%2Fs&temperature=10+nK'
    >>> State.from_query(state.query()) == state
    True
    >>> state.system().rates.regime.name
    'mesoscopic'
    """

    page: str = "doublet"
    model: str = "lmg"
    entries: Mapping[str, str] = field(default_factory=lambda: dict(EXAMPLES["lmg"]))
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def example(cls, model: str, page: str = "doublet") -> State:
        """Where a model starts."""
        entry = model_entry(model)
        return cls(page, entry.name, dict(EXAMPLES[entry.name]))

    @classmethod
    def of_model(cls, model: Any, gamma: Any = None, temperature: Any = None) -> State:
        """The state that shows a model of the library, for `explore`.

        Parameters
        ----------
        model : model
            One that the registry knows.
        gamma, temperature : float, str or None
            As for `dephasing_rates`.
        """
        entry = next((e for e in MODELS.values() if type(model) is e.make), None)
        if entry is None:
            names = ", ".join(e.make.__name__ for e in MODELS.values())
            raise InputError(f"model must be one of {names}; got {model!r}")
        entries = {}
        for parameter in entry.parameters:
            value = getattr(model, parameter.name)
            physical = parameter.energy and model.energy_unit == "rad/s"
            if parameter.many:
                entries[parameter.name] = ",".join(f"{float(v)!r} rad/s" if physical else repr(float(v)) for v in value)
                continue
            text = str(value) if parameter.least is not None else repr(float(value))
            entries[parameter.name] = f"{text} rad/s" if physical else text
        bath = {"gamma": gamma, "temperature": temperature}
        return cls("doublet", entry.name, entries | {n: str(v) for n, v in bath.items() if v is not None})

    @classmethod
    def from_query(cls, query: str) -> State:
        """The state that a link holds.

        Raises
        ------
        InputError
            For a link that is too long, has an unknown name, or names one twice.
        """
        if len(query) > bounds.LONGEST_LINK:
            raise InputError(f"a link must be at most {bounds.LONGEST_LINK} characters long; got {len(query)}")
        found: dict[str, str] = {}
        for name, text in parse_qsl(query.removeprefix("?"), keep_blank_values=True):
            if name in found:
                raise _checks.fail("a link", "without repetitions", name)
            found[name] = text
        found.pop("theme", None)  # of the page's dress, not of what it shows
        model, page = found.pop("model", "lmg"), found.pop("page", "doublet")
        state = cls.example(model, _checks.one_of("page", page, ORDER))
        if not found:
            return state
        entry = model_entry(model)
        known = [p.name for p in entry.parameters] + [*BATH, "jump"]
        options = {name: found.pop(name) for name in list(found) if "." in name}
        for name, text in (*found.items(), *options.items()):
            begin, allowed = (name.split(".")[0], ORDER) if name in options else (name, known)
            _checks.one_of("a name in the link", begin, allowed)
            bounds.check_text(name, text)
        if not found:
            return replace(state, options=options)
        example = EXAMPLES[entry.name]
        entries = {p.name: found.get(p.name, example.get(p.name, "")) for p in entry.parameters}
        kept = {name: text for name, text in entries.items() if text or name in found}
        bath = {name: found[name] for name in (*BATH, "jump") if found.get(name)}
        return replace(state, entries=kept | bath, options=options)

    def query(self) -> str:
        """The query of the link that brings this back."""
        given = {name: text for name, text in self.entries.items() if text or name not in (*BATH, "jump")}
        return urlencode({"page": self.page, "model": self.model, **given, **self.options})

    def with_entry(self, name: str, text: str) -> State:
        """The same with another entry."""
        return replace(self, entries={**self.entries, name: text.strip()})

    def with_option(self, name: str, text: str) -> State:
        """The same with another setting of a page, ``page.name``."""
        return replace(self, options={**self.options, name: text})

    def option(self, name: str, default: str) -> str:
        """A setting of a page."""
        return self.options.get(name, default)

    def system(self) -> System:
        """The system that the entries describe.

        Raises
        ------
        EntryError
            With the library's message, and the entry that it is about.
        """
        known = model_entry(self.model)
        try:
            return self._read(known)
        except InputError as error:
            raise about(error, self.entries) from None

    def _read(self, known: ModelEntry) -> System:
        values: dict[str, Any] = {}
        for name, text in self.entries.items():
            bounds.check_text(name, text)
        for parameter in known.parameters:
            text = self.entries.get(parameter.name, "")
            if not text:
                if parameter.default is None:
                    raise EntryError(f"{parameter.name} must be given; got none", parameter.name)
                continue
            value: Any = plain(text) if parameter.least is None else whole(parameter.name, text, parameter.least)
            if parameter.many:
                value = [plain(part.strip()) for part in text.split(",")]
            values[parameter.name] = value
            if isinstance(value, int | float):
                bounds.check_size(self.model, parameter.name, value)
        model = known.build(values)
        gamma, temperature = (plain(self.entries[n]) if self.entries.get(n) else None for n in BATH)
        rate, kt = bath_parameters(model.energy_unit, gamma, temperature)
        jump = self.entries.get("jump") or None
        if jump is not None:
            _checks.one_of("jump", jump, known.jumps)
        return System(known, model, values, gamma, temperature, rate, kt, jump)
