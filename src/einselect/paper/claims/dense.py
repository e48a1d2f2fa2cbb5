"""A small collective spin by dense matrices: the independent second route for identities.

Everything here is built from the textbook ladder elements and numpy alone, so that a claim that an identity
holds is not tested with the code that uses it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]


def dicke(spins: int) -> NDArray[np.float64]:
    """Eigenvalues m of Jz, ascending."""
    m: NDArray[np.float64] = np.arange(spins + 1, dtype=np.float64) - 0.5 * spins
    return m


class DenseSpin:
    """H = -Jz²/N - g Jx (J = 1) on the symmetric sector, with its eigenstates and the dephasing dissipator.

    Parameters
    ----------
    spins : int
        N, small: all matrices are dense.
    field : float
        g = Γ/J.

    Attributes
    ----------
    jx, jy, jz, hamiltonian : ndarray, shape (N + 1, N + 1)
        By ascending m.
    energies : ndarray, shape (N + 1,)
    vectors : ndarray, shape (N + 1, N + 1)
        Columns, real; signs such that <E0|Jz|E1> > 0.
    pointer_p, pointer_r : ndarray
        (|E0> ± |E1>)/√2.
    parity : ndarray
        Π = exp(iπJx).
    """

    def __init__(self, spins: int, field: float) -> None:
        self.spins, self.field = spins, field
        j = 0.5 * spins
        m = dicke(spins)
        raising = np.diag(np.sqrt(j * (j + 1.0) - m[:-1] * (m[:-1] + 1.0)), -1)
        self.jx: Matrix = 0.5 * (raising + raising.T)
        self.jy: Matrix = -0.5j * (raising - raising.T)
        self.jz: Matrix = np.diag(m)
        self.hamiltonian: Matrix = -self.jz @ self.jz / spins - field * self.jx
        self.energies, self.vectors = np.linalg.eigh(self.hamiltonian)
        if self.vectors[:, 0] @ self.jz @ self.vectors[:, 1] < 0.0:
            self.vectors[:, 1] *= -1.0
        self.pointer_p: Matrix = (self.vectors[:, 0] + self.vectors[:, 1]) / np.sqrt(2.0)
        self.pointer_r: Matrix = (self.vectors[:, 0] - self.vectors[:, 1]) / np.sqrt(2.0)
        x, axes = np.linalg.eigh(self.jx)
        self.parity: Matrix = (axes * np.exp(1j * np.pi * x)) @ axes.T
        self.swap: Matrix = np.eye(spins + 1)[::-1]

    @property
    def j01(self) -> float:
        """<E0|Jz|E1>."""
        return float(self.vectors[:, 0] @ self.jz @ self.vectors[:, 1])

    @property
    def g01(self) -> float:
        """½(<E0|Jz²|E0> + <E1|Jz²|E1>)."""
        square = self.jz @ self.jz
        return float(sum(self.vectors[:, n] @ square @ self.vectors[:, n] for n in (0, 1)) / 2.0)

    def in_levels(self, operator: Matrix) -> Matrix:
        """The operator in the energy basis."""
        result: Matrix = self.vectors.T @ operator @ self.vectors
        return result

    def dissipate(self, rho: Matrix, jump: Matrix | None = None) -> Matrix:
        """LρL† - ½{L†L, ρ} for L = Jz unless another jump operator is given."""
        jump = self.jz if jump is None else jump
        square = jump.conj().T @ jump
        result: Matrix = jump @ rho @ jump.conj().T - 0.5 * (square @ rho + rho @ square)
        return result

    def decay(self, a: Matrix, b: Matrix, jump: Matrix | None = None) -> float:
        """-<a|D[|a><b|]|b>: the diagonal coefficient of ρ_ab, straight from the dissipator (γ = 1)."""
        return float(-np.real(a.conj() @ self.dissipate(np.outer(a, b.conj()), jump) @ b))

    def tensor(self) -> NDArray[np.float64]:
        """R[a, b, c, d]: how ρ_cd feeds dρ_ab/dt through the dissipator, in the energy basis (γ = 1)."""
        x = self.in_levels(self.jz)
        square, one = x @ x, np.eye(len(x))
        result: NDArray[np.float64] = np.einsum("ac,bd->abcd", x, x) - 0.5 * (
            np.einsum("ac,bd->abcd", square, one) + np.einsum("ac,bd->abcd", one, square)
        )
        return result


def relative(difference: Matrix | float, scale: Matrix | float) -> float:
    """Largest |difference| over the largest |scale|."""
    return float(np.max(np.abs(difference)) / np.max(np.abs(scale)))
