"""Where things go in a picture of a doublet: what is visible of the states, the scales of energy and amplitude."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ._common import energy_scale

if TYPE_CHECKING:
    from ..doublet import Doublet
    from ..levels import Array, DickeVector

STATES = ("E0", "E1", "P", "R")
_VISIBLE = 3e-3  # of the peak: smaller amplitudes are not seen at this size
_SEPARATE = 3.0  # wells farther apart than so many of their widths are drawn on a broken axis


@dataclass(frozen=True)
class DoubletFrame:
    """A picture of a doublet before it is drawn: energies count from the middle of the doublet.

    Attributes
    ----------
    states : dict of str to DickeVector
        E0, E1, P, R.
    scale, divisor, unit
        Drawn energy over energy, and what it is called: see `energy_scale`.
    stretches : tuple of (low, high)
        The m that are drawn: one stretch, or the two wells without the empty stretch between them.
    potentials : tuple of (m, energy)
        The classical potential, drawn energy, over each stretch.
    energies : dict of str to float
        Drawn energy at which each state stands.
    height : float
        Drawn energy over amplitude.
    floor, ceiling : float
        Ends of the axis of energy.
    """

    states: dict[str, DickeVector]
    scale: float
    divisor: str
    unit: str
    stretches: tuple[tuple[float, float], ...]
    potentials: tuple[tuple[Array, Array], ...]
    energies: dict[str, float]
    height: float
    floor: float
    ceiling: float

    @property
    def broken(self) -> bool:
        """Whether the stretch between the wells is left out."""
        return len(self.stretches) == 2

    def pieces(self, name: str) -> Iterator[tuple[Array, Array]]:
        """(m, amplitude) of a state over each stretch."""
        vector = self.states[name]
        for low, high in self.stretches:
            inside = (vector.m >= low) & (vector.m <= high)
            yield vector.m[inside], vector.amplitudes[inside]


def doublet_frame(doublet: Doublet) -> DoubletFrame:
    """The frame of a doublet."""
    states = {name: doublet.state(name) for name in STATES}
    scale, divisor, unit = energy_scale(
        doublet.energy_unit, doublet.gap or doublet.splitting, getattr(doublet.source, "coupling", 1.0)
    )
    middle = doublet.e0 + 0.5 * doublet.splitting
    low, high = _support(states["E1"])
    pad = max(0.25 * (high - low), 2.0)
    inner, outer = low - pad, min(high + pad, 0.5 * doublet.spins + 0.5)
    broken = inner > _SEPARATE * (outer - inner)
    stretches = ((-outer, -inner), (inner, outer)) if broken else ((-outer, outer),)

    curves = [np.linspace(a, b, 600) for a, b in stretches]
    potentials = tuple((m, np.asarray(scale * (doublet.source.potential(m) - middle))) for m in curves)
    floor = min(float(v.min()) for _, v in potentials)
    half = 0.5 * scale * doublet.splitting
    depth = max(-floor, half)
    barrier = scale * (float(doublet.source.potential(np.zeros(1))[0]) - middle)
    return DoubletFrame(
        states=states,
        scale=scale,
        divisor=divisor,
        unit=unit,
        stretches=stretches,
        potentials=potentials,
        energies={"E0": scale * (doublet.e0 - middle), "E1": scale * (doublet.e1 - middle), "P": 0.0, "R": 0.0},
        height=depth / float(np.abs(states["P"].amplitudes).max()),
        floor=floor - 0.9 * depth,
        # Up to the top of the barrier, unless that would flatten the wavefunctions.
        ceiling=max(2.5 * depth, min(1.25 * barrier, 4.0 * depth)) + half,
    )


def _support(vector: DickeVector) -> tuple[float, float]:
    """The m >= 0 between which the state is visible."""
    size = np.abs(vector.amplitudes)
    visible = vector.m[(size > _VISIBLE * size.max()) & (vector.m >= 0.0)]
    return float(visible[0]), float(visible[-1])
