"""Where things go in a picture of a doublet: what is visible of the states, the scales of energy and amplitude."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..doublet import Doublet
from ..levels import Levels
from ..models.coordinate import STATES, CoordinateStates, coordinate_states
from ._common import energy_scale

if TYPE_CHECKING:
    from ..jump_doublet import JumpDoublet
    from ..levels import Array

_VISIBLE = 3e-3  # of the peak: smaller amplitudes are not seen at this size
_SEPARATE = 3.0  # wells farther apart than so many of their widths are drawn on a broken axis


@dataclass(frozen=True)
class DoubletFrame:
    """A picture of a doublet before it is drawn: energies count from the middle of the doublet.

    Attributes
    ----------
    curves : dict of str to (positions, values)
        E0, E1, P, R: amplitudes on the eigenvalues of Jz, or densities along a coordinate.
    coordinate : CoordinateStates or None
        What the densities are from; None where amplitudes over m are drawn.
    scale, divisor, unit
        Drawn energy over energy, and what it is called: see `energy_scale`.
    stretches : tuple of (low, high)
        The positions that are drawn: one stretch, or the two wells without the empty stretch between them.
    potentials : tuple of (positions, energy)
        The potential, drawn energy, over each stretch.
    energies : dict of str to float
        Drawn energy at which each state stands.
    height : float
        Drawn energy over amplitude or density.
    floor, ceiling : float
        Ends of the axis of energy.
    """

    curves: Mapping[str, tuple[Array, Array]]
    coordinate: CoordinateStates | None
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

    @property
    def symbol(self) -> str:
        """What the positions are called."""
        return "m" if self.coordinate is None else self.coordinate.symbol

    def pieces(self, name: str) -> Iterator[tuple[Array, Array]]:
        """(positions, values) of a state over each stretch."""
        positions, values = self.curves[name]
        for low, high in self.stretches:
            inside = (positions >= low) & (positions <= high)
            yield positions[inside], values[inside]


def doublet_frame(doublet: Doublet | JumpDoublet) -> DoubletFrame:
    """The frame of a doublet: over m for a collective spin, else along the coordinate that its model has.

    Raises
    ------
    InputError
        For a system with neither.
    """
    if isinstance(doublet, Doublet) or hasattr(doublet.source, "potential"):
        return _over_m(doublet)
    found = coordinate_states(doublet)
    x = found.positions
    curves = {name: (x, found.densities[name]) for name in STATES}

    def potential(low: float, high: float) -> tuple[Array, Array]:
        inside = (x >= low) & (x <= high)
        return x[inside], found.potential[inside]

    return _framed(doublet, curves, potential, margin=0.0, end=float(x[-1]), coordinate=found)


def _over_m(doublet: Doublet | JumpDoublet) -> DoubletFrame:
    """A collective spin: what another jump operator does not change, the states, is drawn all the same."""
    model: Any = doublet.source
    states = doublet if isinstance(doublet, Doublet) else model.doublet()
    if isinstance(states, Doublet):
        vectors = {name: states.state(name) for name in STATES}
        curves = {name: (vector.m, vector.amplitudes) for name, vector in vectors.items()}
    else:  # tilted: no parity
        levels = states.levels
        assert isinstance(levels, Levels)
        m = np.asarray(np.arange(model.spins + 1) - 0.5 * model.spins)
        rows = levels.dicke_vectors()
        curves = {name: (m, np.asarray(levels.state(name) @ rows)) for name in STATES}

    def potential(low: float, high: float) -> tuple[Array, Array]:
        m = np.linspace(low, high, 600)
        return m, np.asarray(model.potential(m))

    return _framed(states, curves, potential, margin=2.0, end=0.5 * model.spins + 0.5)


def _framed(
    doublet: Any,
    curves: dict[str, tuple[Array, Array]],
    potential: Callable[[float, float], tuple[Array, Array]],
    margin: float,
    end: float,
    coordinate: CoordinateStates | None = None,
) -> DoubletFrame:
    splitting = doublet.splitting or 0.0
    coupling = getattr(doublet.source, "coupling", 1.0) if coordinate is None else 1.0
    scale, divisor, unit = energy_scale(doublet.energy_unit, doublet.gap or splitting, coupling)
    if coordinate is not None and not unit:
        divisor = ""  # plain energies in a unit of their own
    middle = doublet.e0 + 0.5 * splitting
    low, high = _support(curves)
    pad = max(0.25 * (high - low), margin)
    inner, outer = low - pad, min(high + pad, end)
    broken = inner > _SEPARATE * (outer - inner)
    stretches = ((-outer, -inner), (inner, outer)) if broken else ((-outer, outer),)

    found = [potential(*stretch) for stretch in stretches]
    potentials = tuple((m, np.asarray(scale * (v - middle))) for m, v in found)
    floor = min(float(v.min()) for _, v in potentials)
    half = 0.5 * scale * splitting
    depth = max(-floor, half)
    barrier = scale * (float(potential(0.0, 0.0)[1][0]) - middle)
    return DoubletFrame(
        curves=curves,
        coordinate=coordinate,
        scale=scale,
        divisor=divisor,
        unit=unit,
        stretches=stretches,
        potentials=potentials,
        energies={"E0": scale * (doublet.e0 - middle), "E1": scale * (doublet.e1 - middle), "P": 0.0, "R": 0.0},
        height=depth / max(float(np.abs(curves[name][1]).max()) for name in ("P", "R")),
        # Amplitudes reach below their energies, densities do not.
        floor=floor - (0.9 if coordinate is None else 0.15) * depth,
        # Up to the top of the barrier, unless that would flatten the wavefunctions.
        ceiling=max(2.5 * depth, min(1.25 * barrier, 4.0 * depth)) + half,
    )


def _support(curves: Mapping[str, tuple[Array, Array]]) -> tuple[float, float]:
    """The distances from 0 between which either state is visible."""
    seen = []
    for name in ("E0", "E1"):
        positions, values = curves[name]
        size = np.abs(values)
        seen.append(np.abs(positions[size > _VISIBLE * size.max()]))
    return min(float(s.min()) for s in seen), max(float(s.max()) for s in seen)
