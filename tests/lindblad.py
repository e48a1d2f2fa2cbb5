"""What tests of dynamics share: the Liouvillian written out from its definition, random states, the trace norm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from einselect import LMG, JumpOperator
from einselect.dynamics import FullLindbladian

# γ G01 / ΔE of the known points.
WEAK = 1.0 / 8.8


def dense_liouvillian(hamiltonian: np.ndarray, jumps: Sequence[tuple[float, np.ndarray]]) -> np.ndarray:
    """Undivided superoperator on row-major ρ: vec(AρB) = (A ⊗ Bᵀ) vec ρ."""
    one = np.eye(len(hamiltonian))
    total = -1j * (np.kron(hamiltonian, one) - np.kron(one, hamiltonian.T))
    for rate, jump in jumps:
        square = jump.conj().T @ jump
        total = total + rate * (np.kron(jump, jump.conj()) - 0.5 * np.kron(square, one) - 0.5 * np.kron(one, square.T))
    return total


def whole_liouvillian(model: LMG, jumps: Sequence[JumpOperator]) -> np.ndarray:
    """The same for a model in the Dicke basis, m ascending."""
    matrices = [(jump.rate, jump.operator.matrix(model.spins)) for jump in jumps]
    return dense_liouvillian(model.hamiltonian().matrix(model.spins), matrices)


def random_state(size: int, seed: int, rank: int | None = None) -> np.ndarray:
    """A random density matrix, of full rank unless another is given."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(size, rank or size, 2)) @ np.array([1.0, 1j])
    rho = a @ a.conj().T
    return np.asarray(rho / np.trace(rho).real)


def trace_norm(matrix: np.ndarray) -> float:
    """Sum of |eigenvalues| of a Hermitian matrix."""
    return float(np.abs(np.linalg.eigvalsh(matrix)).sum())


def dephasing(spins: int, ratio: float = WEAK, field: float = 0.95) -> tuple[FullLindbladian, float, float]:
    """Jz dephasing with γ G01 = ratio × ΔE; γ G01 and ΔE."""
    model = LMG(spins, field)
    doublet = model.doublet()
    rate = ratio * doublet.splitting
    return FullLindbladian(model, [JumpOperator("Jz", rate / doublet.g01)]), rate, doublet.splitting
