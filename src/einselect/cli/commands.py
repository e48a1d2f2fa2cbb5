"""All commands: each module here registers its own with the application when it is imported."""

from . import advise as _advise  # noqa: F401
from . import curve as _curve  # noqa: F401
from . import evolve as _evolve  # noqa: F401
from . import explore as _explore  # noqa: F401
from . import leggett_garg as _leggett_garg  # noqa: F401
from . import loss as _loss  # noqa: F401
from . import metrology as _metrology  # noqa: F401
from . import noisy_leggett_garg as _noisy_leggett_garg  # noqa: F401
from . import plot as _plot  # noqa: F401
from . import quantities as _quantities  # noqa: F401
from . import spectrum as _spectrum  # noqa: F401
from . import static_noise as _static_noise  # noqa: F401
from . import study as _study  # noqa: F401
from . import sweep as _sweep  # noqa: F401
from .app import app, main

__all__ = ["app", "main"]
