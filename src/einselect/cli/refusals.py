"""What is wrong with a command line, in one sentence of the package's own form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import _checks
from ..errors import InputError

if TYPE_CHECKING:
    from cyclopts import App
    from cyclopts.exceptions import CycloptsError

_NEGATIVE = re.compile(r"-\.?\d.*[^\d.eE+-].*", re.DOTALL)
_OPTION = re.compile(r"--?[A-Za-z]")


def as_typed(arguments: Sequence[str]) -> list[str]:
    """Tie values such as "-1 kHz" to their option: by itself it would be read as one."""
    words: list[str] = []
    for word in arguments:
        if words and words[-1].startswith("--") and "=" not in words[-1] and _NEGATIVE.fullmatch(word):
            words[-1] += f"={word}"
        else:
            words.append(word)
    return words


def explain(app: App, words: Sequence[str], error: CycloptsError) -> str:
    """The sentence for an error of the parser."""
    from cyclopts import exceptions

    commands = [name for name in app if not name.startswith("-")]
    command, rest = (words[0], words[1:]) if words else ("", words)
    try:
        _checks.one_of("command", command, commands)
        known = [name for argument in app[command].assemble_argument_collection() for name in argument.names]
        given = [word.split("=", 1)[0] for word in rest if _OPTION.match(word)]
        for name in given:
            _checks.one_of("option", name, [*known, "--help"])
    except InputError as refusal:
        return str(refusal)
    if isinstance(error, exceptions.MissingArgumentError) and error.argument is not None:
        name = error.argument.name
        if name in given:
            return f"{name} must be followed by a value; got none"
        return f"{name} must be given; got none (see 'einselect {command} --help')"
    if isinstance(error, exceptions.RepeatArgumentError):
        return f"{error.token.keyword} must be given once; got it again"
    if isinstance(error, exceptions.UnusedCliTokensError) and error.unused_tokens:
        return f"values must follow an option, as in {known[0]} VALUE; got {error.unused_tokens[0]!r}"
    if isinstance(error, exceptions.CoercionError) and error.token is not None:
        return f"{error.token.keyword} must stand without a value; got {error.token.value!r}"
    error.verbose = False
    return str(error)
