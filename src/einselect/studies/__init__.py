"""Parameter studies: one file, one dataset, resumable, on one machine or many."""

from typing import TYPE_CHECKING, Any

from .plan import Block, Coordinate, Plan, Variable

if TYPE_CHECKING:
    from .specification import Study

__all__ = ["Block", "Coordinate", "Plan", "Study", "Variable"]


def __getattr__(name: str) -> Any:
    """Specifications are read with pydantic, which takes longer to import than all the rest."""
    if name == "Study":
        from .specification import Study

        return Study
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
