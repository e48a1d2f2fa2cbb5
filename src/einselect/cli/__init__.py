"""The command line: parse, call, print."""

from . import evolve as _evolve  # noqa: F401 - registers its command
from . import spectrum as _spectrum  # noqa: F401 - registers its command
from .app import main

__all__ = ["main"]
