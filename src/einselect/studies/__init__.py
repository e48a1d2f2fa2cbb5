"""Parameter studies: one file, one dataset, resumable, on one machine or many."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .plan import Block, Coordinate, Plan, Variable

if TYPE_CHECKING:
    from .export import export_study
    from .reading import open_study
    from .run import Unfinished, run_study
    from .specification import Study
    from .summary import StudySummary, summarise

__all__ = [
    "Block",
    "Coordinate",
    "Plan",
    "Study",
    "StudySummary",
    "Unfinished",
    "Variable",
    "export_study",
    "open_study",
    "run_study",
    "summarise",
]

_LATER = {
    "Study": "specification",
    "StudySummary": "summary",
    "Unfinished": "run",
    "export_study": "export",
    "open_study": "reading",
    "run_study": "run",
    "summarise": "summary",
}


def __getattr__(name: str) -> Any:
    """What takes long to import: specifications are read with pydantic, for one."""
    if name in _LATER:
        return getattr(import_module(f".{_LATER[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
