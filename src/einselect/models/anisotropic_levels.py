"""Levels of the anisotropic LMG model, with and without a tilt."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError, ResolutionError
from ..level_set import Array, Quality
from ..levels import Levels
from ..spectrum.tridiagonal import EPSILON
from ..spin import Jz
from .anisotropic_chain import AnisotropicChain, BlockLevels, rounding
from .blocks import pointer_angle
from .tilt import SPLITTING_ERROR, perturbed

if TYPE_CHECKING:
    from .anisotropic import AnisotropicLMG

EDGE = 1e-12
_MOST_DIRECT = 20_000
_EXTRA = 24


def solved_blocks(model: AnisotropicLMG, count: int) -> tuple[AnisotropicChain, int, list[BlockLevels]]:
    """Lowest levels of both blocks, on a window wide enough; also its first site."""
    chain, reach = model.chain, 7.0 + 1.5 * math.sqrt(count)
    while True:
        start, stop = chain.window(reach)
        small = stop - start - (1 - model.spins % 2) < min(count, (model.spins + 1) // 2)
        if not small:
            found = [chain.lowest(parity, start, stop, count) for parity in (1, -1)]
            if max(block.edge for block in found) <= EDGE:
                return chain, start, found
        reach *= 1.3


def block_quality(model: AnisotropicLMG, chain: AnisotropicChain, found: list[BlockLevels], sites: Array) -> Quality:
    """How well levels of both blocks are known."""
    error = rounding(chain) + max(block.residual for block in found) ** 2 / chain.frequency
    return Quality(
        residual=model.coupling * max(block.residual for block in found),
        energy_error=model.coupling * error,
        vector_error=error / chain.frequency,
        # ΔE itself is exact for the parameters as they are; Γ/J is rounded.
        log_splitting_error=EPSILON * (4.0 + model.spins),
        edge=max(block.edge for block in found),
        window=(float(sites[0]), float(sites[-1])),
        solves=2,
    )


def lowest_parities(model: AnisotropicLMG, chain: AnisotropicChain, found: list[BlockLevels]) -> tuple[int, int]:
    """Parities of the two lowest levels: even first unless they have crossed."""
    even, odd = (float(block.energies[0]) for block in found)
    if model.anisotropy <= 0.0:
        return 1, -1  # all off-diagonals are negative: the lowest state is positive, hence even
    if abs(odd - even) > 10.0 * rounding(chain):
        return (1, -1) if odd > even else (-1, 1)
    try:
        return (1, -1) if chain.splitting((even, odd)) > 0 else (-1, 1)
    except ResolutionError:
        return 1, -1


def symmetric_levels(model: AnisotropicLMG, count: int) -> Levels:
    """Levels without a tilt, from both parity blocks."""
    chain, start, found = solved_blocks(model, min(count, model.spins // 2 + 1))
    j = model.coupling
    first = lowest_parities(model, chain, found)[0]
    energies = np.concatenate([block.energies for block in found])
    parities = np.concatenate([np.full(len(block.energies), s) for block, s in zip(found, (1, -1), strict=True)])
    vectors = np.concatenate([block.vectors for block in found])
    order = np.argsort(energies, kind="stable")[:count]
    for n in range(0, count - 1, 2):  # pairs closer than rounding follow the order of the lowest one
        a, b = order[n : n + 2]
        if abs(energies[a] - energies[b]) <= rounding(chain) and parities[a] != first:
            order[n], order[n + 1] = b, a
    energies, parities, vectors = energies[order], parities[order], vectors[order].copy()
    sites = np.arange(start + chain.first, start + chain.first + vectors.shape[1])
    if float(vectors[0] @ (sites * vectors[1])) < 0.0:
        vectors[1] *= -1.0
    excitations = j * np.maximum.accumulate(energies - energies[0])
    quality = block_quality(model, chain, found, sites)
    try:
        pair = tuple(float(block.energies[0]) for block in found)
        excitations[1] = j * abs(float(chain.splitting((pair[0], pair[1]))))
    except ResolutionError:
        excitations[1], quality = 0.0, replace(quality, log_splitting_error=math.inf)
    barrier = float(model.potential(0.0)) if model.phase == "ordered" else None
    return Levels(model.spins, j * energies, excitations, parities, sites, vectors, model.energy_unit, quality, barrier)


def tilted_levels(model: AnisotropicLMG, count: int) -> Levels:
    """Levels with a tilt: from those without it, where they suffice, else on the whole space."""
    kept = symmetric_levels(model.tilted(0.0), min(count + _EXTRA, model.spins + 1))
    found = perturbed(kept.excitations, -model.tilt * kept.matrix(Jz), count)
    if found.edge > EDGE and len(kept) <= model.spins:
        return _tilted_directly(model, count)
    m, psi = kept.on_window()
    # A splitting that takes too many digits is nothing beside the tilt.
    before = kept.quality.log_splitting_error if math.isfinite(kept.quality.log_splitting_error) else 0.0
    quality = replace(kept.quality, log_splitting_error=max(before, SPLITTING_ERROR), edge=found.edge)
    energies = float(kept.energies[0]) + found.shifts
    return _without_parity(model, count, energies, found.excitations, m, found.coefficients @ psi, quality)


def _tilted_directly(model: AnisotropicLMG, count: int) -> Levels:
    """For a tilt that moves the wells by more than their width: the whole space, where ΔE ~ 2hJ01 is resolved."""
    if model.spins > _MOST_DIRECT:
        raise InputError(
            f"tilt must be small beside the level spacing over the width of a well above {_MOST_DIRECT} spins; "
            f"got {model.tilt!r} at {model.spins} spins"
        )
    from scipy.sparse import diags_array

    chain = model.chain
    m: Array = np.asarray(np.arange(model.spins + 1) - 0.5 * model.spins, dtype=np.float64)
    d, e, f = chain.bands(m)
    d = d - model.tilt / model.coupling * m
    bands = [d, e[:-1], e[:-1], f[:-2], f[:-2]]
    matrix = diags_array(bands, offsets=[0, 1, -1, 2, -2]).tocsc()
    if model.spins < 400 or count > model.spins - 2:
        from scipy.linalg import eigh

        energies, columns = eigh(matrix.toarray(), subset_by_index=(0, count - 1))
    else:
        from scipy.sparse.linalg import eigsh

        floor = float(model.potential(np.linspace(-0.5, 0.5, 2001) * model.spins).min()) / model.coupling - 2.0
        energies, columns = eigsh(matrix, k=count, sigma=floor, which="LM", v0=np.ones(len(m)))
        order = np.argsort(energies)
        energies, columns = energies[order], columns[:, order]
    error = rounding(chain)
    residual = float(np.linalg.norm(matrix @ columns - columns * energies, axis=0).max())
    gap = float(np.diff(energies).min())
    quality = Quality(
        residual=model.coupling * residual,
        energy_error=model.coupling * error,
        vector_error=error / max(gap, 1e-300),
        log_splitting_error=error / max(float(energies[1] - energies[0]), 1e-300),
        edge=0.0,
        window=(float(m[0]), float(m[-1])),
        solves=1,
    )
    shifts = model.coupling * energies
    return _without_parity(model, count, shifts, shifts - shifts[0], m, columns.T, quality)


def _without_parity(
    model: AnisotropicLMG, count: int, energies: Array, excitations: Array, m: Array, vectors: Array, quality: Quality
) -> Levels:
    """Levels of a tilted model, the phases fixed and the pointer states by Jz."""
    vectors = vectors.copy()
    for row in vectors:
        row *= math.copysign(1.0, float(row[np.abs(row).argmax()]))
    if float((m * vectors[0]) @ vectors[1]) < 0.0:
        vectors[1] *= -1.0
    inside = (vectors[:2] * m) @ vectors[:2].T
    none = np.zeros(count, dtype=np.int64)
    levels = Levels(model.spins, energies, excitations, none, m, vectors, model.energy_unit, quality)
    return replace(levels, mixing=pointer_angle(inside))
