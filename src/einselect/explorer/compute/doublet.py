"""The doublet of a state: its rates with their regime, what is drawn of its states, its levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...doublet import Doublet
from ...models.base import most_levels
from ...plots._doublet_frame import DoubletFrame, doublet_frame
from ...rates import DephasingRates
from ..jobs import Job
from ..state import State

if TYPE_CHECKING:
    import xarray

LEVELS = 6
"""How many levels the diagram has."""


@dataclass(frozen=True)
class DoubletAnswer:
    """What the page Doublet shows.

    Attributes
    ----------
    rates : DephasingRates
    frame : DoubletFrame or None
        The states over the potential; None for a model that is no collective spin with parity.
    levels : Levels or MatrixLevels
        The lowest ones.
    """

    rates: DephasingRates
    frame: DoubletFrame | None
    levels: Any

    @property
    def physical(self) -> bool:
        """Whether energies are in rad/s."""
        return bool(self.levels.energy_unit == "rad/s")


def compute(state: State, job: Job) -> DoubletAnswer:
    """The answer to a state."""
    system = state.system()
    rates = system.rates
    job.check()
    # Another jump operator has its own moments; the states are the same.
    states = system.model.doublet() if system.jump and hasattr(system.model, "potential") else rates.doublet
    frame = doublet_frame(states) if isinstance(states, Doublet) else None
    job.check()
    levels = system.model.levels(min(LEVELS, most_levels(system.model)))
    _ = rates.regime, rates.warnings  # found here, and not while drawing
    return DoubletAnswer(rates, frame, levels)


def dataset(answer: DoubletAnswer) -> xarray.Dataset:
    """The numbers as data: the levels, the amplitudes of the four states over m, all else as attributes."""
    import xarray

    levels = answer.levels
    count = len(levels.energies)
    found: dict[str, Any] = {
        "energy": ("level", np.asarray(levels.energies, dtype=float), {"units": levels.energy_unit}),
        "excitation": ("level", np.asarray(levels.excitations, dtype=float), {"units": levels.energy_unit}),
        "parity": ("level", np.asarray(levels.parities, dtype=int)),
    }
    coordinates: dict[str, Any] = {"level": np.arange(count)}
    if answer.frame is not None:
        states = answer.frame.states
        coordinates["m"] = states["E0"].m
        found |= {f"amplitude_{name}": ("m", vector.amplitudes) for name, vector in states.items()}
    attributes = {k: v for k, v in answer.rates.as_dict().items() if isinstance(v, str | int | float)}
    return xarray.Dataset(found, coordinates, attributes)
