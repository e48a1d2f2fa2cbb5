"""Doublets of other models: raw checks of the proposition by dense matrices, and ratios by the package."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...models import AnisotropicLMG, BoseJosephson, Dicke, Rabi, VibronicDimer
from ...rates import dephasing_rates
from ...spin import Jx, Jz


def residual(hamiltonian: NDArray[Any], jump: NDArray[Any]) -> float:
    """Largest of |<E0|L|E0>| and |<E1|L|E1>| over |<E0|L|E1>|, by one dense diagonalisation without any parity."""
    vectors = np.linalg.eigh(hamiltonian)[1][:, :2]
    inside = np.abs(vectors.T @ jump @ vectors)
    return float(max(inside[0, 0], inside[1, 1]) / inside[0, 1])


def raw_residuals() -> dict[str, float]:
    """`residual` of small systems whose splitting a dense solver resolves: what parity forbids of an odd L."""
    return {
        "two-mode condensate": residual(*_dimer(12)),
        "Dicke": residual(*_dicke(4, 30)),
        "spin-boson, one mode": residual(*_one_mode(30)),
        "molecular dimer, difference of the sites": residual(*_molecules(8, -1.0)),
    }


def one_site() -> float:
    """The same for the energy of a single site of the molecular dimer, which has no parity."""
    return residual(*_molecules(8, 0.0))


def _dimer(spins: int) -> tuple[NDArray[Any], NDArray[Any]]:
    jz = Jz.matrix(spins)
    return -2.0 * Jx.matrix(spins) - 0.2 * jz @ jz, jz


def _boson(cut: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """n and a + a†."""
    lower = np.diag(np.sqrt(np.arange(1.0, cut)), 1)
    return lower.T @ lower, lower + lower.T


def _dicke(spins: int, cut: int) -> tuple[NDArray[Any], NDArray[Any]]:
    number, position = _boson(cut)
    one, spin = np.eye(cut), np.eye(spins + 1)
    coupled = 2.0 * 0.7 / math.sqrt(spins) * np.kron(Jx.matrix(spins), position)
    return np.kron(spin, number) + np.kron(Jz.matrix(spins), one) + coupled, np.kron(spin, position)


def _one_mode(cut: int) -> tuple[NDArray[Any], NDArray[Any]]:
    number, position = _boson(cut)
    sx, sz = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0])
    h = np.kron(-0.5 * sx, np.eye(cut)) + np.kron(np.eye(2), number) + 0.9 * np.kron(sz, position)
    return h, np.asarray(np.kron(sz, np.eye(cut)), dtype=np.float64)


def _molecules(cut: int, weight: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Exciton on two sites with a vibration each; L = |1><1| + weight |2><2|."""
    number, position = _boson(cut)
    one = np.eye(cut)
    sites = np.diag([1.0, 0.0]), np.diag([0.0, 1.0])
    hop = np.array([[0.0, -1.0], [-1.0, 0.0]])
    vibrations = np.kron(number, one) + np.kron(one, number)
    h = np.kron(hop, np.eye(cut * cut)) + np.kron(np.eye(2), vibrations)
    h += np.kron(sites[0], np.kron(position, one)) + np.kron(sites[1], np.kron(one, position))
    return h, np.asarray(np.kron(sites[0] + weight * sites[1], np.eye(cut * cut)), dtype=np.float64)


_FAMILIES: dict[str, tuple[Callable[[float], Any], tuple[float, ...]]] = {
    "anisotropic κ = ½, Γ/J = 0.8 (N)": (lambda n: AnisotropicLMG(int(n), 0.8, 0.5), (40, 160, 640)),
    "anisotropic κ = -½, Γ/J = 0.8 (N)": (lambda n: AnisotropicLMG(int(n), 0.8, -0.5), (40, 160, 640)),
    "two-mode condensate, Λ = 1.25 (N)": (lambda n: BoseJosephson(int(n), 1.0, 2.5 / n), (40, 160, 640)),
    "Dicke, λ = 1.6 λ_c (N)": (lambda n: Dicke(int(n), 0.8), (4, 12, 36)),
    "Rabi (λ/ω)": (Rabi, (1.0, 1.5, 2.0)),
    "vibronic dimer (Huang-Rhys factor)": (lambda s: VibronicDimer(1.0, s), (2.0, 4.0, 8.0)),
}


def ratios() -> dict[str, list[float]]:
    """η of the natural jump operator as each system gets larger or more strongly coupled."""
    return {name: [_eta(make(size)) for size in sizes] for name, (make, sizes) in _FAMILIES.items()}


def _eta(model: Any) -> float:
    return float(dephasing_rates(model).doublet.eta_exact or math.nan)


def peaks(field: float, anisotropies: tuple[float, ...]) -> dict[float, tuple[float, int]]:
    """Largest η_MF over N = 50, 75, ..., 500 and where it is, for anisotropic models."""
    found = {}
    for kappa in anisotropies:
        etas = {n: AnisotropicLMG(n, field, kappa).doublet().eta_mf or 0.0 for n in range(50, 501, 25)}
        best = max(etas, key=lambda n: etas[n])
        found[kappa] = etas[best], best
    return found
