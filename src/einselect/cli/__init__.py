"""The command line: parse, call, print."""

from . import advise as _advise  # noqa: F401 - each registers its command
from . import curve as _curve  # noqa: F401
from . import evolve as _evolve  # noqa: F401
from . import leggett_garg as _leggett_garg  # noqa: F401
from . import metrology as _metrology  # noqa: F401
from . import plot as _plot  # noqa: F401
from . import quantities as _quantities  # noqa: F401
from . import spectrum as _spectrum  # noqa: F401
from . import study as _study  # noqa: F401
from . import sweep as _sweep  # noqa: F401
from .app import main

__all__ = ["main"]
