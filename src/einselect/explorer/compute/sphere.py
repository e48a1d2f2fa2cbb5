"""The Husimi function on the two faces of the sphere, as they are seen from +x and from -x."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...levels import Levels
from ...protocols.sphere import coherent_amplitudes

Array = NDArray[np.float64]
_AMPLITUDE = 1e-12  # parts of a spin-coherent state that do not show


@dataclass(frozen=True)
class Face:
    """One half of the sphere in orthographic projection, on a square grid of the plane that is seen.

    Attributes
    ----------
    axis : ndarray
        Values of J_y/j, and of J_z/j, from -1 to 1.
    inside : ndarray of bool
        Where the grid lies on the sphere, by z and y.
    overlaps : ndarray of complex
        <θ, φ|E_k> at these points, one row for each.
    """

    axis: Array
    inside: NDArray[np.bool_]
    overlaps: NDArray[np.complex128]

    def husimi(self, rho: NDArray[np.complex128]) -> Array:
        """Q = <θ, φ|ρ|θ, φ> of a density matrix on the levels, by z and y; NaN beside the sphere."""
        q = np.full(self.inside.shape, np.nan)
        carried = self.overlaps @ rho
        # Re(a b*) is a product of real numbers: real parts and imaginary parts, which lie side by side.
        q[self.inside] = np.einsum("pk,pk->p", carried.view(np.float64), self.overlaps.view(np.float64))
        return q


def faces(levels: Levels) -> tuple[Face, Face]:
    """The face towards +x, and the one towards -x on a grid half as fine.

    What takes time here depends on the levels only: a state is then drawn within milliseconds.
    """
    steps = face_steps(levels.spins)
    return _face(levels, steps, 1.0), _face(levels, steps // 2, -1.0)


def face_steps(spins: int) -> int:
    """Intervals across the sphere: three within the width √(2/N) of a spin-coherent state; a multiple of four.

    >>> face_steps(10), face_steps(370), face_steps(2000)
    (120, 120, 192)
    """
    return 4 * max(30, math.ceil(0.75 * math.sqrt(2.0 * spins)))


def _face(levels: Levels, steps: int, side: float) -> Face:
    axis = np.linspace(-1.0, 1.0, steps + 1)
    depth = 1.0 - axis[:, None] ** 2 - axis[None, :] ** 2
    inside = depth >= -1e-12  # the four points of the limb on the axes belong to it
    psi, m = levels.dicke_vectors(), np.arange(levels.spins + 1) - levels.spins / 2.0
    found = []
    for size, kept, x_squared in zip(coherent_amplitudes(np.arccos(axis), m, levels.spins), inside, depth, strict=True):
        seen = size > _AMPLITUDE  # about √N of the m
        phi = np.arctan2(axis[kept], side * np.sqrt(np.maximum(x_squared[kept], 0.0)))
        found.append(np.exp(1j * np.outer(phi, m[seen])) @ (size[seen] * psi[:, seen]).T)
    return Face(axis, inside, np.concatenate(found))
