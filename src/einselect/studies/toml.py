"""Write TOML: the few kinds of value that a study has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def written(document: Mapping[str, Any]) -> str:
    """A document of two levels as TOML: single values first, then its tables.

    Parameters
    ----------
    document : mapping
        Values are numbers, text, lists, or mappings of these.

    Returns
    -------
    str

    Examples
    --------
    >>> from einselect.studies.toml import written
    >>> print(written({"axes": {"spins": {"start": 20, "stop": 40, "step": 2}}, "quantities": ["eta_mf"]}))
    quantities = ["eta_mf"]
    <BLANKLINE>
    [axes]
    spins = { start = 20, stop = 40, step = 2 }
    <BLANKLINE>
    """
    plain = [f"{key} = {_value(value)}" for key, value in document.items() if not isinstance(value, Mapping)]
    lines = ["\n".join(plain)] if plain else []
    for key, table in document.items():
        if isinstance(table, Mapping):
            lines.append("\n".join([f"[{key}]", *(f"{name} = {_value(value)}" for name, value in table.items())]))
    return "\n\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    # Text as in JSON, whose escapes are those of TOML; numbers as Python writes them, to the last digit.
    if isinstance(value, str | bool):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
