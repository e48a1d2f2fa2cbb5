r"""How the state answers to a weak field: ρ'(t) = ∂ρ(t)/∂h at h = 0, exactly, for H + h cos(ωt + φ) G.

With Λ the Liouvillian without the field,

    dρ/dt = Λρ,      dρ'/dt = Λρ' - i cos(ωt + φ) [G, ρ],      ρ'(0) = 0.

This is solved as one linear system, so no difference quotient is taken: for ω = 0 by the exponential of the block
matrix [[Λ, 0], [C, Λ]] with C = -i[G, ·] (the Fréchet derivative of exp(Λt) along C, applied to ρ(0)); otherwise
a = cos(ωt + φ) ρ and b = sin(ωt + φ) ρ are carried along, da/dt = Λa - ωb, db/dt = Λb + ωa, dρ'/dt = Λρ' + Ca.
An operator G of definite parity maps each parity sector into one sector, and the blocks stay small.

Note what is *not* done: exp(-ihtG) is no solution where [H, G] ≠ 0. A field along z does not just turn the state of
a doublet about z by the angle ht: tunnelling turns it back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError
from ..level_set import LevelSet
from .propagate import Flow
from .states import initial_state

if TYPE_CHECKING:
    from .lindbladian import Lindbladian
    from .sectors import Sector

Array = NDArray[np.float64]
Matrix = NDArray[np.complex128]
_HERMITIAN = 1e-10


@dataclass(frozen=True)
class Response:
    """States and their derivatives by the field.

    Attributes
    ----------
    times : ndarray, shape (t,)
    rho : ndarray, shape (t, k, k)
        ρ(t) without the field.
    derivative : ndarray, shape (t, k, k)
        ∂ρ(t)/∂h at h = 0, in units of time (ħ = 1: h G is an energy).
    """

    times: Array
    rho: Matrix
    derivative: Matrix


def linear_response(
    lindbladian: Lindbladian,
    rho0: str | ArrayLike,
    times: ArrayLike,
    signal: Any = "Jz",
    *,
    frequency: float = 0.0,
    phase: float = 0.0,
    coherent: NDArray[Any] | None = None,
) -> Response:
    """ρ(t) and ∂ρ(t)/∂h for the Lindblad equation with H + h cos(ωt + φ) G.

    Parameters
    ----------
    lindbladian : Lindbladian
    rho0 : str or array_like
        As for `Lindbladian.states`, as are `times` and `coherent`.
    times : array_like, shape (t,)
        Ascending, >= 0.
    signal : operator
        G, Hermitian; projected on the levels.
    frequency : float
        ω >= 0, in the levels' unit of energy; 0 is a static field h cos φ.
    phase : float
        φ in radians.
    coherent : ndarray, optional
        Amplitudes of the state "spin-coherent".

    Returns
    -------
    Response

    Raises
    ------
    InputError
        For a G that is not Hermitian, times that decrease, states that are not density matrices.

    Examples
    --------
    A static field along z on |E0>: the doublet answers with ρ'_01 = J01 (e^(iΔEt) - 1)/ΔE, which does not grow.

    >>> import numpy as np
    >>> from einselect import LMG, JumpOperator
    >>> from einselect.dynamics import Lindbladian, linear_response
    >>> levels = LMG(50, 0.5).levels(2)
    >>> gap, j01 = levels.excitations[1], levels.matrix("Jz")[0, 1]
    >>> found = linear_response(Lindbladian(levels, [JumpOperator("Jz", 0.0)]), "ground", [np.pi / gap])
    >>> bool(np.isclose(found.derivative[0, 0, 1], -2 * j01 / gap))
    True
    """
    from .lindbladian import check_times

    levels = lindbladian.levels
    grid = check_times(times)
    generator, omega, angle = _field(levels, signal, frequency, phase)
    rho, _ = initial_state(levels, rho0, coherent)
    k = len(levels)
    states, derivative = (np.zeros((len(grid), k, k), dtype=complex) for _ in range(2))
    if not grid[-1]:
        states[:] = rho
        return Response(grid, states, derivative)
    for source in lindbladian.sectors:
        start = source.coordinates(rho)
        if not np.any(start):
            continue
        evolved = False
        for target in lindbladian.sectors:
            coupling = _commutator(generator, source, target)
            if not np.any(coupling):
                continue
            plain, answer = _solve(source.generator, target.generator, coupling, start, grid, omega, angle)
            part = np.zeros_like(derivative)
            target.add_operators(answer, part)
            derivative += part
            if not evolved:
                source.add_operators(plain, states)
                evolved = True
        if not evolved:
            source.add_operators(Flow(source.generator, grid).forward(start), states)
    return Response(grid, states, derivative)


def unitary_response(
    levels: LevelSet,
    rho: NDArray[Any],
    times: ArrayLike,
    signal: Any = "Jz",
    *,
    frequency: float = 0.0,
    phase: float = 0.0,
) -> Response:
    """The same without any bath, in closed form.

    With ν_ab = E_a - E_b and ρ_ab(t) = e^(-iν_ab t) ρ_ab, in the interaction picture
    ρ'(t) = -i [M(t), ρ(0)], M_ab = G_ab ∫_0^t cos(ωs + φ) e^(iν_ab s) ds.

    Parameters
    ----------
    levels : LevelSet
    rho : ndarray, shape (k, k)
        ρ(0) on the levels.
    times : array_like, shape (t,)
        As for `linear_response`, as are the others.
    signal : operator
        G.
    frequency : float
        ω.
    phase : float
        φ.

    Returns
    -------
    Response
    """
    from .lindbladian import check_times

    grid = check_times(times)
    generator, omega, angle = _field(levels, signal, frequency, phase)
    gaps = np.subtract.outer(levels.excitations, levels.excitations)
    states = np.empty((len(grid), *gaps.shape), dtype=complex)
    derivative = np.empty_like(states)
    for i, t in enumerate(grid):
        turned = np.exp(-1j * gaps * t)
        wave = 0.5 * np.exp(1j * angle) * _integral(gaps + omega, float(t))
        wave = wave + 0.5 * np.exp(-1j * angle) * _integral(gaps - omega, float(t))
        moved = generator * wave
        states[i] = turned * rho
        derivative[i] = turned * (-1j * (moved @ rho - rho @ moved))
    return Response(grid, states, derivative)


def _integral(rates: Array, time: float) -> Matrix:
    """∫_0^t e^(iνs) ds = t e^(iνt/2) sinc(νt/2), without a quotient of small numbers."""
    half = 0.5 * rates * time
    return np.asarray(time * np.exp(1j * half) * np.sinc(half / math.pi))


def _field(levels: LevelSet, signal: Any, frequency: float, phase: float) -> tuple[Matrix, float, float]:
    """G on the levels, ω and φ, each checked."""
    matrix = np.asarray(levels.matrix(signal), dtype=complex)
    size = float(np.abs(matrix).max())
    skew = float(np.abs(matrix - matrix.conj().T).max())
    if skew > _HERMITIAN * size:
        raise InputError(f"signal must be a Hermitian operator; got |G - G†| = {skew:.3g}")
    omega, angle = _checks.non_negative("frequency", frequency), _checks.number("phase", phase)
    return 0.5 * (matrix + matrix.conj().T), omega, angle


def _commutator(generator: Matrix, source: Sector, target: Sector) -> Array:
    """Matrix of -i[G, ·] from the coordinates of one sector to those of another, real."""
    k = len(generator)
    basis = np.zeros((source.size, k, k), dtype=complex)
    source.add_operators(np.eye(source.size), basis)
    images = -1j * (generator @ basis - basis @ generator)
    result = np.array([target.coordinates(image) for image in images]).T
    # What parity forbids is zero up to rounding of the products.
    result[np.abs(result) <= 1e-14 * float(np.abs(generator).max())] = 0.0
    return np.ascontiguousarray(result)


def _solve(
    source: Array, target: Array, coupling: Array, start: Array, times: Array, omega: float, angle: float
) -> tuple[Array, Array]:
    """Coordinates of ρ(t) in the source sector and of ρ'(t) in the target sector, shapes (t, ·)."""
    n, p = len(source), len(target)
    # ρ' in a unit that makes C no larger than Λ: the exponential is then scaled by Λ alone.
    unit = max(float(np.linalg.norm(coupling, 1)), 1e-300) / max(float(np.linalg.norm(source, 1)), 1.0 / times[-1])
    coupling = coupling / unit
    if omega == 0.0:
        block = np.zeros((n + p, n + p))
        block[:n, :n], block[n:, n:], block[n:, :n] = source, target, math.cos(angle) * coupling
        found = Flow(block, times).forward(np.concatenate((start, np.zeros(p))))
        return found[:, :n], unit * found[:, n:]
    one = np.eye(n)
    block = np.zeros((2 * n + p, 2 * n + p))
    block[:n, :n], block[:n, n : 2 * n] = source, -omega * one
    block[n : 2 * n, :n], block[n : 2 * n, n : 2 * n] = omega * one, source
    block[2 * n :, 2 * n :], block[2 * n :, :n] = target, coupling
    found = Flow(block, times).forward(np.concatenate((math.cos(angle) * start, math.sin(angle) * start, np.zeros(p))))
    cosine, sine = np.cos(omega * times + angle)[:, None], np.sin(omega * times + angle)[:, None]
    return cosine * found[:, :n] + sine * found[:, n : 2 * n], unit * found[:, 2 * n :]
