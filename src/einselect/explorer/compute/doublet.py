"""The doublet of a state: its rates with their regime, what is drawn of its states, its levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InputError
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
        The states over the potential; None for a model without a coordinate to draw them along.
    levels : Levels or MatrixLevels
        The lowest ones.
    undrawn : str
        Why there is no frame.
    """

    rates: DephasingRates
    frame: DoubletFrame | None
    levels: Any
    undrawn: str = ""

    @property
    def physical(self) -> bool:
        """Whether energies are in rad/s."""
        return bool(self.levels.energy_unit == "rad/s")


def compute(state: State, job: Job) -> DoubletAnswer:
    """The answer to a state."""
    system = state.system()
    rates = system.rates
    job.check()
    frame, undrawn = None, ""
    try:
        frame = doublet_frame(rates.doublet)
    except InputError as error:
        undrawn = str(error)
    job.check()
    levels = system.model.levels(min(LEVELS, most_levels(system.model)))
    _ = rates.regime, rates.warnings  # found here, and not while drawing
    return DoubletAnswer(rates, frame, levels, undrawn)


def dataset(answer: DoubletAnswer) -> xarray.Dataset:
    """The numbers as data: the levels, what is drawn of the four states, all else as attributes.

    Of a collective spin amplitudes over m; else densities and the adiabatic potential over the coordinate.
    """
    import xarray

    levels = answer.levels
    unit = levels.energy_unit
    count = len(levels.energies)
    found: dict[str, Any] = {
        "energy": ("level", np.asarray(levels.energies, dtype=float), {"units": unit}),
        "excitation": ("level", np.asarray(levels.excitations, dtype=float), {"units": unit}),
        "parity": ("level", np.asarray(levels.parities, dtype=int)),
    }
    coordinates: dict[str, Any] = {"level": np.arange(count)}
    if answer.frame is not None:
        along = answer.frame.coordinate
        axis, kind = answer.frame.symbol, "amplitude" if along is None else "density"
        about = {} if along is None else {"long_name": along.meaning}
        coordinates[axis] = (axis, answer.frame.curves["E0"][0], about)
        found |= {f"{kind}_{name}": (axis, values) for name, (_, values) in answer.frame.curves.items()}
        if along is not None:
            found["potential"] = (axis, along.potential, {"units": unit})
    attributes = {k: v for k, v in answer.rates.as_dict().items() if isinstance(v, str | int | float)}
    return xarray.Dataset(found, coordinates, attributes)
