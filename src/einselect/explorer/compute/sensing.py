"""A sensor in time: Fisher information, squeezing, and when to read it out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ... import _checks
from ...errors import InputError
from ...protocols import Interrogation, best_interrogation, metrology
from .. import bounds
from ..jobs import Job
from ..state import System
from .dynamics import end_of
from .leggett_garg import spin_and_rate

if TYPE_CHECKING:
    import xarray

SENSORS = ("ground", "excited", "pointer", "spin-coherent", "spin-squeezed")
SIGNALS = ("Jz", "Jx", "Jy")
SCHEMES = ("repeated", "single", "impulsive")
_SETTLED = 1e-3  # of the maximum of a curve


@dataclass(frozen=True)
class SensingAnswer:
    """A sensor in time, and when to read it out.

    Attributes
    ----------
    course : xarray.Dataset
        From `metrology`.
    best : Interrogation
    t2 : float
        1/(γ G01).
    """

    course: xarray.Dataset
    best: Interrogation
    t2: float


def sensing(
    system: System,
    *,
    state: str = "ground",
    signal: str = "Jz",
    resonant: bool = False,
    scheme: str = "repeated",
    t_end: str = "2T2",
    points: int = 101,
    job: Job | None = None,
) -> SensingAnswer:
    """Fisher information and squeezing of a state in time, and the best time to read it out.

    Parameters
    ----------
    system : System
    state : str
        One of `SENSORS`.
    signal : {"Jz", "Jx", "Jy"}
    resonant : bool
        Whether the field turns at ΔE, and not at 0.
    scheme : {"repeated", "single", "impulsive"}
    t_end : str
    points : int
    job : Job, optional

    Returns
    -------
    SensingAnswer

    Examples
    --------
    >>> from einselect.explorer.compute.sensing import sensing
    >>> from einselect.explorer.state import State
    >>> found = sensing(State().system(), resonant=True)
    >>> print(f"{found.best.time / found.t2:.2f} T2, nearest to the rate of the {found.best.nearest}")
    0.10 T2, nearest to the rate of the pointer
    """
    job = Job() if job is None else job
    model, _, gamma = spin_and_rate(system)
    _checks.one_of("state", state, SENSORS)
    _checks.one_of("signal", signal, SIGNALS)
    _checks.one_of("scheme", scheme, SCHEMES)
    count = _checks.whole("points", points, 8, bounds.TIMES)
    bounds.check_most("spins", model.spins, bounds.SENSING_SPINS, "sensing")
    if state.startswith("spin-") and not hasattr(model, "spin_coherent_amplitudes"):
        raise InputError(
            f"state must be one of {', '.join(SENSORS[:3])} for the model {system.entry.name}; got {state!r}"
        )
    times = np.linspace(0.0, end_of(t_end, system.rates, model), count)
    job.progress(0.1)
    frequency = "resonant" if resonant else 0.0
    # φ = π/2 is the quadrature that drives a pointer state; |E0> answers at any phase.
    phase = 0.5 * math.pi if resonant and state == "pointer" else 0.0
    course = metrology(model, gamma, state, times, signal=signal, frequency=frequency, phase=phase, tolerance=_SETTLED)
    job.progress(0.9)
    return SensingAnswer(course, best_interrogation(course, scheme), 1.0 / (system.rates.rate_eigenstate or math.nan))
