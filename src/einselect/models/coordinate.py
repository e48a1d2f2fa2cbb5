r"""The states of a doublet along a coordinate of its oscillators, and the adiabatic potential there.

A coordinate is X = sum_k c_k x_k with x_k = (b_k + b_k†)/√2 and sum c_k² = 1. A state |ψ> of spins and modes has the
probability density

    p(X) = sum_s ∫ \|<s; x_1, ..., x_K|ψ>\|² δ(X - sum_k c_k x_k) dx_1 ... dx_K,

s the states of the spins. The adiabatic potential is the lowest energy of everything else at a given X: of H without
the kinetic energy along X. So E_0 >= <E0|V(X)|E0>, and V is to the densities what a potential is to a particle's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from ..boson import oscillator_waves
from ..errors import InputError
from ..jump_doublet import JumpDoublet
from ..level_set import Array, LevelSet
from ..matrix_levels import MatrixLevels

STATES = ("E0", "E1", "P", "R")
_STEP = 0.05  # of the grid: the densities of up to some 1000 quanta are known from it
_FARTHEST = 5000.0
_BEYOND = 8.0  # outside the turning points: exp(-32) of an amplitude is left there
_EMPTY = 1e-15  # of the peak of a density
_CONVERGED = 1e-15  # of the characteristic function, over half a batch
_BATCH = 16
_MOST_STATES = 20_000


@dataclass(frozen=True, eq=False)
class CoordinateStates:
    """A doublet along a coordinate X of its oscillators: probability densities over the adiabatic potential.

    Attributes
    ----------
    symbol, meaning : str
        What the coordinate is called, and what it is in terms of the modes.
    positions : ndarray, shape (k,)
        X, equally spaced and symmetric about 0; no density is above 1e-15 of its peak outside.
    densities : dict of str to ndarray, shape (k,)
        Of "E0", "E1", "P" and "R"; each is 1 under its integral.
    potential : ndarray, shape (k,)
        Lowest energy of everything but the motion along X, in `energy_unit`.
    energy_unit : str
        "plain" or "rad/s".

    Examples
    --------
    >>> from einselect.models import Rabi, coordinate_states
    >>> found = coordinate_states(Rabi(coupling=2.5).doublet())
    >>> print(f"{found.symbol} = {found.meaning}: P at {found.mean('P'):.4f}, R at {found.mean('R'):.4f}")
    x = (a + a†)/√2: P at 3.5323, R at -3.5323
    """

    symbol: str
    meaning: str
    positions: Array
    densities: Mapping[str, Array]
    potential: Array
    energy_unit: str

    def mean(self, state: str, power: int = 1) -> float:
        """<X^power> of one of the four states, from its density."""
        x = self.positions
        return float((x[1] - x[0]) * (self.densities[state] @ x**power))


@runtime_checkable
class WithCoordinate(Protocol):
    """A model whose wells lie along one coordinate of its oscillators: what `coordinate_states` asks of it."""

    def along_coordinate(self, levels: MatrixLevels) -> CoordinateStates:
        """The two lowest states along the coordinate that the model's own docstring names.

        Parameters
        ----------
        levels : MatrixLevels
            Of this model, two or more.

        Returns
        -------
        CoordinateStates

        Raises
        ------
        InputError
            Where there is no one coordinate at these parameters, or the states need too many quanta to be drawn.
        """


def coordinate_states(doublet: JumpDoublet) -> CoordinateStates:
    """The states of a doublet along the coordinate that its model has.

    Parameters
    ----------
    doublet : JumpDoublet
        Of `Dicke`, `Rabi`, `VibronicDimer`, `FewModes`, or `SpinBoson` with modes.

    Returns
    -------
    CoordinateStates

    Raises
    ------
    InputError
        Where there is no one coordinate, saying why.
    """
    model = doublet.source
    if not isinstance(model, WithCoordinate):
        name = "given levels" if model is None else type(model).__name__
        raise InputError(f"model must be one with a coordinate, as of an oscillator, to draw its states; got {name}")
    return model.along_coordinate(doublet.levels)  # type: ignore[arg-type]  # a model with one has such levels


def four_states(levels: LevelSet, vectors: Array) -> Array:
    """E0, E1, P and R, in the basis of `vectors`, the rows of the levels: shape (4, d)."""
    coefficients = np.stack([levels.state(name)[:2] for name in STATES])
    return np.asarray(coefficients @ vectors[:2])


def reach_of(quanta: int) -> float:
    """How far from its centre an oscillator with fewer quanta than that may be."""
    return math.sqrt(2.0 * quanta) + _BEYOND


def grid(reach: float) -> Array:
    """Positions from -reach to reach, 0 among them.

    Raises
    ------
    InputError
        For wells too far apart.
    """
    if not reach <= _FARTHEST:
        raise InputError(f"coupling must be such that the wells are at most {_FARTHEST:g} from X = 0; got {reach:.6g}")
    count = math.ceil(reach / _STEP)
    return np.asarray(_STEP * np.arange(-count, count + 1))


def displaced_densities(states: Array, centres: Array) -> tuple[Array, Array]:
    r"""Densities over x of states sum c_jn |j> ⊗ |n>_j, the oscillator of each j displaced to a centre of its own.

    p(x) = sum_j \|sum_n c_jn φ_n(x - x_j)\|².

    Parameters
    ----------
    states : ndarray, shape (s, centres, quanta)
        c_jn of each state.
    centres : ndarray, shape (centres,)
        x_j.

    Returns
    -------
    positions : ndarray, shape (k,)
    densities : ndarray, shape (s, k)
    """
    quanta = states.shape[-1]
    reach = reach_of(quanta)
    x = grid(float(np.abs(centres).max()) + reach)
    densities = np.zeros((len(states), len(x)))
    for j, centre in enumerate(centres.tolist()):
        near = slice(*np.searchsorted(x, (centre - reach, centre + reach)).tolist())
        densities[:, near] += (states[:, j] @ oscillator_waves(x[near] - centre, quanta)) ** 2
    return cropped(x, densities)


def cropped(x: Array, densities: Array) -> tuple[Array, Array]:
    """The stretch about 0 outside of which nothing is above 1e-15 of the peak."""
    size = np.abs(densities).max(axis=0)
    filled = np.abs(x[size > _EMPTY * size.max()]).max() + 0.5 * _STEP
    kept = np.abs(x) <= filled
    return x[kept], densities[:, kept]


def transition_densities(states: Array, direction: Sequence[float], y: Array) -> Array:
    r"""Densities ∫ ψ_a ψ_b δ(Y - sum_k c_k x_k) of states of several oscillators, x_k counted from their centres.

    By the characteristic function, χ_ab(q) = <a|exp(-iqY)|b> with exp(-iqY) a product over the modes, and

        p_ab(Y) = (1/2π) ∫ χ_ab(q) exp(iqY) dq,

    by the trapezoidal rule with a period as long as the stretch of Y asked for: exact but for rounding where that is
    long enough to hold the densities and the way from them to its ends.

    Parameters
    ----------
    states : ndarray, shape (s, n_1, ..., n_K)
        Amplitudes on Fock states, real.
    direction : sequence of float
        c_k, with sum c_k² = 1.
    y : ndarray, shape (k,)
        Equally spaced.

    Returns
    -------
    ndarray, shape (s, s, k)

    Raises
    ------
    InputError
        For more than 20000 Fock states.
    """
    sizes = states.shape[1:]
    if math.prod(sizes) > _MOST_STATES:
        raise InputError(
            f"the modes must have at most {_MOST_STATES} states together to draw them along a coordinate; got "
            f"{' x '.join(map(str, sizes))}"
        )
    step = 2.0 * math.pi / (y[-1] - y[0] + _STEP)
    flat = states.reshape(len(states), -1)
    found = np.zeros((len(states), len(states), len(y)))
    for first in range(0, len(y), _BATCH):
        q = step * np.arange(first, first + _BATCH)
        image: Any = np.broadcast_to(states, (len(q), *states.shape))
        for k, (size, c) in enumerate(zip(sizes, direction, strict=True)):
            turned = np.moveaxis(image, k + 2, -1)
            rows = turned.reshape(len(q), -1, size) @ _plane_waves(c * q, size)
            image = np.moveaxis(rows.reshape(turned.shape), -1, k + 2)
        means = flat @ image.reshape(len(q), len(states), -1).swapaxes(1, 2)
        waves = np.where(q == 0.0, 0.5, 1.0)[:, None] * np.exp(1j * np.multiply.outer(q, y))
        found += (step / math.pi) * np.tensordot(means, waves, axes=(0, 0)).real
        if np.abs(means[-_BATCH // 2 :]).max() < _CONVERGED:
            break
    return found


def _plane_waves(q: Array, size: int) -> Any:
    """<m|exp(-iq x)|n> at each q, shape (len(q), size, size): an integral that the grid gives to rounding."""
    reach = reach_of(size)
    # Products of two waves have wavenumbers up to 2 sqrt(2 size), and exp(-iqx) adds its own.
    step = 2.0 * math.pi / (2.0 * math.sqrt(2.0 * size) + float(np.abs(q).max(initial=0.0)) + 2.0 * _BEYOND)
    x = np.arange(-reach, reach, step)
    waves = oscillator_waves(x, size)
    phases = step * np.exp(-1j * np.multiply.outer(q, x))
    return (phases[:, None, :] * waves) @ waves.T
