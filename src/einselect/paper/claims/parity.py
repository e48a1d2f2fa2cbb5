"""Claims of Section 6: the parity proposition, its note on the LMG model, the two corollaries."""

from __future__ import annotations

import numpy as np

from ..claim import Catalogue, Measured, Outcome, holds, identity, number
from ..published import NUMBERS, TABLE_3
from .context import Context
from .dense import Matrix, relative
from .systems import one_site, raw_residuals

CATALOGUE: Catalogue[Context] = Catalogue("Section 6")
claim = CATALOGUE.claim
SIZES = (2, 3, 12, 13, 40)


@claim(
    "S6-proposition",
    "6 (Eq. 32)",
    "If ΠHΠ† = H and ΠLΠ† = -L, then <E|L|E> = 0 for every eigenstate of H that is one of Π too.",
    also=("3.1", "7.1"),
)
def _proposition(c: Context) -> Outcome:
    worst = 0.0
    for spins in SIZES:
        s = c.dense(spins)
        worst = max(worst, relative(np.diag(s.in_levels(s.jz)), s.jz))
    generator = np.random.default_rng(6)
    parity = np.diag([1.0] * 4 + [-1.0] * 3)
    h, odd = (square + square.T for square in generator.normal(size=(2, 7, 7)))
    h, odd = h + parity @ h @ parity, odd - parity @ odd @ parity
    _, vectors = np.linalg.eigh(h)
    worst = max(worst, relative(np.diag(vectors.T @ odd @ vectors), odd))
    return identity(
        worst,
        "All levels of the LMG model at N = 2, 3, 12, 13, 40, and a random Hamiltonian with a random parity-odd L.",
    )


@claim(
    "S6-degenerate",
    "6",
    "It holds for any eigenstate of H with definite parity (not for a mixture of a degenerate pair).",
)
def _degenerate(c: Context) -> Outcome:
    s = c.dense(12)
    mixed = abs(s.pointer_p @ s.jz @ s.pointer_p)
    pure = abs(s.vectors[:, 0] @ s.jz @ s.vectors[:, 0])
    return holds(
        bool(pure < 1e-12 and mixed > 0.1),
        f"|<Jz>| is {pure:.0e} in |E0> and {mixed:.3f} in |P>, which is what the pair degenerates into as N → ∞.",
    )


@claim("S6-parity-operator", "6", "Π = exp(iπJx) is unitary for every N and satisfies ΠJzΠ† = -Jz, ΠJxΠ† = Jx.")
def _parity_operator(c: Context) -> Outcome:
    worst = 0.0
    for spins in SIZES:
        s = c.dense(spins)
        dagger = s.parity.conj().T
        worst = max(
            worst,
            relative(s.parity @ dagger - np.eye(spins + 1), 1.0),
            relative(s.parity @ s.jz @ dagger + s.jz, s.jz),
            relative(s.parity @ s.jx @ dagger - s.jx, s.jx),
        )
    return identity(worst, "N = 2, 3, 12, 13, 40.")


@claim("S6-even-n", "6", "Even N: Π² = 1, and Π is Hermitian with eigenvalues ±1.")
def _even_n(c: Context) -> Outcome:
    worst = 0.0
    for spins in (2, 12, 40):
        p = c.dense(spins).parity
        values = np.linalg.eigvals(p)
        worst = max(
            worst,
            relative(p @ p - np.eye(len(p)), 1.0),
            relative(p - p.conj().T, 1.0),
            float(np.abs(values**2 - 1.0).max()),
        )
    return identity(worst, "N = 2, 12, 40.")


@claim("S6-odd-n", "6", "Odd N: Π² = -1 with eigenvalues ±i; the proposition still holds.")
def _odd_n(c: Context) -> Outcome:
    worst = 0.0
    for spins in (3, 13):
        s = c.dense(spins)
        values = np.linalg.eigvals(s.parity)
        worst = max(
            worst,
            relative(s.parity @ s.parity + np.eye(spins + 1), 1.0),
            float(np.abs(values**2 + 1.0).max()),
            relative(np.diag(s.in_levels(s.jz)), s.jz),
        )
    return identity(worst, "N = 3, 13.")


@claim("S6-examples-even", "6", "All numerical examples of the paper use even N.")
def _examples_even(c: Context) -> Outcome:
    sizes = sorted({*TABLE_3, c.spins})
    return holds(
        all(n % 2 == 0 for n in sizes),
        f"N = {', '.join(map(str, sizes))}. Odd N follow the same curve: η_MF = {c.doublet(371).eta_mf:.4f} at N = "
        f"371 between {c.doublet(370).eta_mf:.4f} and {c.doublet(372).eta_mf:.4f}.",
    )


@claim(
    "S6-alternative",
    "6",
    "The alternative parity (product of all σ_x, |m> → |-m>) is Hermitian and squares to 1 for every N.",
)
def _alternative(c: Context) -> Outcome:
    worst = 0.0
    for spins in SIZES:
        s = c.dense(spins)
        worst = max(
            worst,
            relative(s.swap @ s.swap - np.eye(spins + 1), 1.0),
            relative(s.swap - s.swap.T, 1.0),
            relative(s.swap @ s.jz @ s.swap + s.jz, s.jz),
            relative(s.parity - (1j**spins) * s.swap, 1.0),
        )
    return identity(worst, "N = 2, 3, 12, 13, 40; it is exp(iπJx) times (-i)^N.")


@claim("S6-commutes", "6", "[H, Π] = 0 at zero longitudinal field.", also=("2",))
def _commutes(c: Context) -> Outcome:
    worst = 0.0
    for spins in SIZES:
        s = c.dense(spins)
        worst = max(worst, relative(s.hamiltonian @ s.parity - s.parity @ s.hamiltonian, s.hamiltonian))
    return identity(worst, "N = 2, 3, 12, 13, 40.")


@claim(
    "S6-corollary-1",
    "6 (Eq. 33)",
    "For opposite parities the dissipator has no element between the population ρ_aa and the coherence ρ_ab.",
    also=("3.2",),
)
def _corollary_1(c: Context) -> Outcome:
    worst = 0.0
    for spins in (12, 13):
        tensor = c.dense(spins).tensor()
        opposite = _opposite(spins)
        populations = np.einsum("abcc->abc", tensor)
        worst = max(worst, float(np.abs(populations[opposite]).max() / np.abs(tensor).max()))
    return identity(
        worst,
        "Every population into every opposite-parity coherence, not only its own, at N = 12, 13 (levels alternate in "
        "parity).",
    )


@claim("S6-first-term", "6", "Its first term vanishes by the proposition, its second since L†L is even.")
def _first_term(c: Context) -> Outcome:
    worst = 0.0
    for spins in (12, 13):
        s = c.dense(spins)
        x, square = s.in_levels(s.jz), s.in_levels(s.jz @ s.jz)
        opposite = _opposite(spins)
        worst = max(worst, relative(np.diag(x), s.jz), relative(square[opposite], square))
    return identity(worst, "<a|Jz|a> and the opposite-parity elements of Jz² at N = 12, 13.")


@claim("S6-same-parity", "6", "For levels of the same parity the element does not vanish in general.")
def _same_parity(c: Context) -> Outcome:
    tensor = c.dense(12).tensor()
    element = abs(float(tensor[0, 2, 0, 0]))
    return holds(element > 0.01, "|R| from ρ_00 into ρ_02 at N = 12, in units of γ.", measured=Measured(element, 1e-12))


@claim(
    "S6-flat-spectrum",
    "6",
    "The decoupling is exact for the flat-spectrum Lindblad form; a general Redfield tensor need not have it.",
)
def _flat_spectrum(c: Context) -> Outcome:
    tensor = c.dense(12).tensor()
    flat = float(np.abs(np.einsum("cc->c", tensor[0, 1])).max() / np.abs(tensor).max())
    # Redfield with a spectral density S(ω): L enters together with Λ_ab = S(E_b - E_a) L_ab, which is odd too.
    s = c.dense(12)
    x = s.in_levels(s.jz)
    gaps = s.energies[None, :] - s.energies[:, None]
    filtered = x * np.exp(-np.abs(gaps)) / (1.0 + np.exp(-gaps))
    general = _redfield_populations(x, filtered)
    return holds(
        flat < 1e-12 < general,
        f"Residual {flat:.0e} for the flat spectrum, and {general:.0e} for an Ohmic-like one at N = 12.",
        "With a single parity-odd coupling operator the decoupling holds for every spectral density: filtering by "
        "frequency does not change parity. It can fail only where the bath also couples to a parity-even operator.",
        amended=max(flat, general) < 1e-12,
    )


@claim("S6-corollary-2", "6", "The coupling of ρ_01 to ρ_10 does not vanish by parity: it is γJ01².", also=("3.2",))
def _corollary_2(c: Context) -> Outcome:
    worst = 0.0
    for spins in (12, 13):
        s = c.dense(spins)
        worst = max(worst, relative(s.tensor()[0, 1, 1, 0] - s.j01**2, s.j01**2))
    return identity(worst, "Element of the dissipator from ρ_10 to ρ_01 less J01², N = 12, 13.")


@claim("S6-secular-benchmark", "6", "2ΔE·T2 at the benchmark, in Corollary 2.", NUMBERS["secular_benchmark"])
def _secular_benchmark(c: Context) -> Outcome:
    return number(c.secular(c.benchmark), NUMBERS["secular_benchmark"], "As in Section 3.2.")


@claim(
    "S6-other-systems",
    "6",
    "The proposition applies to spin-boson, Dicke, molecular-aggregate and two-mode BEC models.",
    also=("7.3",),
)
def _other_systems(_: Context) -> Outcome:
    worst, single = max(raw_residuals().values()), one_site()
    return holds(
        worst < 1e-9 and single < 1e-9,
        f"<E_i|L|E_i> is at most {worst:.0e} of <E0|L|E1>, by dense matrices without parity: two-mode condensate "
        f"(L = Jz), Dicke (a + a†), spin-boson with one mode (σz), molecular dimer (difference of the two site "
        f"energies). For the energy of a single site it is {single:.2g}.",
        "In an aggregate a local site energy has no parity: the proposition applies to odd combinations only.",
        amended=worst < 1e-9,
    )


def _opposite(spins: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Mask of level pairs of opposite parity: parities alternate with energy."""
    n = np.arange(spins + 1)
    mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (n[:, None] + n[None, :]) % 2 == 1
    return mask


def _redfield_populations(x: Matrix, filtered: Matrix) -> float:
    """Largest element from a population into ρ_01 of L ρ Λ† + Λ ρ L - LΛρ - ρΛ†L, relative to the largest."""
    size = len(x)
    worst = 0.0
    for c in range(size):
        rho = np.zeros((size, size))
        rho[c, c] = 1.0
        flow = filtered @ rho @ x + x @ rho @ filtered.T - x @ filtered @ rho - rho @ filtered.T @ x
        worst = max(worst, abs(float(flow[0, 1])) / float(np.abs(flow).max()))
    return worst
