"""N spins one by one, 2^N states: a second route to everything that is claimed of permutation-symmetric states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import null_space

# Rows and columns (down, up), as m ascends.
SINGLE = {
    "z": np.diag([-0.5, 0.5]),
    "-": np.array([[0.0, 1.0], [0.0, 0.0]]),
    "+": np.array([[0.0, 0.0], [1.0, 0.0]]),
    "x": np.array([[0.0, 0.5], [0.5, 0.0]]),
    "y": np.array([[0.0, 0.5j], [-0.5j, 0.0]]),
}


def on_spin(matrix: np.ndarray, i: int, spins: int) -> np.ndarray:
    """1 ⊗ ... ⊗ matrix ⊗ ... ⊗ 1."""
    result = np.eye(1)
    for k in range(spins):
        result = np.kron(result, matrix if k == i else np.eye(2))
    return result


def everywhere(matrix: np.ndarray, spins: int) -> list[np.ndarray]:
    """The operator on each of the spins."""
    return [on_spin(matrix, i, spins) for i in range(spins)]


def total(name: str, spins: int) -> np.ndarray:
    """A collective operator."""
    return sum(everywhere(SINGLE[name], spins))


def lmg(spins: int, field: float, coupling: float = 1.0) -> np.ndarray:
    """-(J/N) Jz² - Γ Jx."""
    jz = total("z", spins)
    return -coupling / spins * jz @ jz - field * total("x", spins)


def dissipate(rho: np.ndarray, jumps: Sequence[tuple[float, np.ndarray]]) -> np.ndarray:
    """sum γ (L ρ L† - ½{L†L, ρ})."""
    result = np.zeros(rho.shape, dtype=complex)
    for rate, jump in jumps:
        square = jump.conj().T @ jump
        result += rate * (jump @ rho @ jump.conj().T - 0.5 * (square @ rho + rho @ square))
    return result


def liouvillian(hamiltonian: np.ndarray, jumps: Sequence[tuple[float, np.ndarray]]) -> np.ndarray:
    """Row-major superoperator, 4^N × 4^N."""
    one = np.eye(len(hamiltonian))
    result = -1j * (np.kron(hamiltonian, one) - np.kron(one, hamiltonian.T))
    for rate, jump in jumps:
        square = jump.conj().T @ jump
        result += rate * (np.kron(jump, jump.conj()) - 0.5 * np.kron(square, one) - 0.5 * np.kron(one, square.T))
    return result


class SchurBasis:
    """|j, m, α>, α = 1..d_j: from the states that J+ annihilates downwards, so that all α have the same phases."""

    def __init__(self, spins: int) -> None:
        self.spins = spins
        jz, lower = np.diag(total("z", spins)).real, total("-", spins)
        self.states: dict[float, np.ndarray] = {}  # shape (2j + 1, d_j, 2^N), m ascending
        for twice_j in range(spins, -1, -2):
            j = 0.5 * twice_j
            places = np.flatnonzero(jz == j)
            above = lower.conj().T[:, places]
            top = np.zeros((2**spins, null_space(above).shape[1]))
            top[places] = null_space(above)
            ladder, m = [top.T], j
            while m > -j:
                ladder.append(ladder[-1] @ lower.T / np.sqrt(j * (j + 1) - m * (m - 1)))
                m -= 1.0
            self.states[j] = np.stack(ladder[::-1])

    def embed(self, blocks: dict[float, np.ndarray]) -> np.ndarray:
        """⊕ ρ_j ⊗ 1/d_j as a 2^N × 2^N matrix."""
        return sum(
            np.einsum("ab,aki,bkl->il", block, self.states[j], self.states[j]) / self.states[j].shape[1]
            for j, block in blocks.items()
        )

    def blocks(self, rho: np.ndarray) -> dict[float, np.ndarray]:
        """ρ_j = sum_α <j m α|ρ|j m' α>."""
        return {j: np.einsum("aki,il,bkl->ab", v, rho, v) for j, v in self.states.items()}
