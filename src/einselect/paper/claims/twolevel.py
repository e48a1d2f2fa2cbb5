"""Lindblad superoperators of the doublet alone, as plain matrices (ρ stacked by rows)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]


def dissipator(jump: Matrix, rho: Matrix) -> Matrix:
    """LρL† - ½{L†L, ρ}."""
    square = jump.conj().T @ jump
    result: Matrix = jump @ rho @ jump.conj().T - 0.5 * (square @ rho + rho @ square)
    return result


def superoperator(jump: Matrix, hamiltonian: Matrix | None = None) -> Matrix:
    """The 4 × 4 matrix of ρ -> -i[H, ρ] + D[ρ], column by column from its action on matrix units."""
    size = len(jump)
    columns = []
    for k in range(size * size):
        unit = np.zeros(size * size, dtype=complex)
        unit[k] = 1.0
        rho = unit.reshape(size, size)
        flow = dissipator(jump, rho)
        if hamiltonian is not None:
            flow = flow - 1j * (hamiltonian @ rho - rho @ hamiltonian)
        columns.append(flow.ravel())
    return np.column_stack(columns)


def bloch_generator(splitting: float, jump: float) -> NDArray[np.float64]:
    """Generator of (x, y, z) for ρ_PR = x + iy, z = ρ_PP - ρ_RR, from the master equation itself.

    H = -(ΔE/2) σ_x and L = `jump` σ_z in the basis {|P>, |R>}; nothing of the paper's matrix is put in.
    """
    hamiltonian = np.array([[0.0, -0.5 * splitting], [-0.5 * splitting, 0.0]])
    operator = np.diag([jump, -jump])
    columns = []
    for x, y, z in np.eye(3):
        rho = np.array([[0.5 * z, x + 1j * y], [x - 1j * y, -0.5 * z]])  # the trace does not enter
        flow = dissipator(operator, rho) - 1j * (hamiltonian @ rho - rho @ hamiltonian)
        columns.append([flow[0, 1].real, flow[0, 1].imag, (flow[0, 0] - flow[1, 1]).real])
    return np.array(columns).T
