"""The command line: parse, call, print."""

from . import advise as _advise  # noqa: F401 - registers its command
from . import dynamics as _dynamics  # noqa: F401 - registers its commands
from . import metrology as _metrology  # noqa: F401
from .app import main

__all__ = ["main"]
