"""Where the numbers of a study come from: specification, versions, command. Nothing of it names a machine or a time.

So two runs of one study, wherever they were, have equal attributes.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from .._version import __version__

if TYPE_CHECKING:
    from .plan import Plan

SCHEMA = 2
"""Version of the layout; see `einselect.studies.reading` for all there have been."""

_WHERE = ("--scheduler", "--workers", "--processes")  # where it ran is no part of what was computed


@cache
def versions() -> str:
    """The programs that decide the last digit."""
    names = ("numpy", "scipy")
    parts = [f"einselect {__version__}", f"python {platform.python_version()}"]
    return ", ".join([*parts, *(f"{name} {version(name)}" for name in names)])


def command_line(words: Sequence[str]) -> str:
    """A command as anyone could type it: files by their names alone, without what says where it ran.

    Examples
    --------
    >>> from einselect.studies.provenance import command_line
    >>> command_line(["sweep", "/home/me/study.toml", "--out", "run/s.zarr", "--scheduler", "tcp://10.0.0.1:8786"])
    'einselect sweep study.toml --out s.zarr'
    """
    kept: list[str] = []
    skip = False
    for word in words:
        name, _, value = word.partition("=")
        if skip or name in _WHERE:
            skip = name in _WHERE and not value and not skip
            continue
        is_path = "/" in word and not any(c.isspace() for c in word)
        kept.append(PurePath(word).name if is_path else word)
    return " ".join(["einselect", *(json.dumps(word, ensure_ascii=False) if " " in word else word for word in kept)])


def header(plan: Plan, canonical: dict[str, Any], digest: str, command: str) -> dict[str, Any]:
    """Attributes of a study beside those of its plan."""
    return {
        "schema_version": SCHEMA,
        "software": f"einselect {__version__}",
        "versions": versions(),
        "command": command,
        "specification": json.dumps(canonical, ensure_ascii=False, sort_keys=True),
        "digest": digest,
    }


def identity(study: Any) -> tuple[Plan, dict[str, Any], str]:
    """The plan, the specification and its digest, of a study or of a plan by itself."""
    from .plan import Plan

    if isinstance(study, Plan) or not hasattr(study, "plan"):
        axes = {name: axis.values.tolist() for name, axis in study.coordinates.items()}
        canonical = {**study.attributes, "quantities": list(study.variables), "axes": axes}
        text = json.dumps(canonical, sort_keys=True)
        return study, canonical, hashlib.sha256(text.encode()).hexdigest()
    return study.plan(), study.canonical(), study.digest()
