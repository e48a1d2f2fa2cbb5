"""Answers whose own modules take long to import: what shows them is registered when the first of them is shown."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

# Module of the answers: module here, which registers with `page` and `short` by their types.
_LATER: Mapping[str, str] = MappingProxyType(
    {
        "einselect.protocols.advice": "advice",
        "einselect.protocols.lg_values": "leggett_garg",
        "einselect.protocols.invasive": "leggett_garg",
        "einselect.protocols.noisy_leggett_garg": "leggett_garg",
        "einselect.protocols.noise_limit": "leggett_garg",
    }
)


def register_for(answer: object) -> bool:
    """Import what registers the type of an answer (or a base of it).

    Returns
    -------
    bool
        Whether anything was imported, so that the dispatch has to be asked again.
    """
    for kind in type(answer).__mro__:
        name = _LATER.get(kind.__module__)
        if name is not None and f"{__package__}.{name}" not in sys.modules:
            import_module(f".{name}", __package__)
            return True
    return False
