"""Slowest modes of the Liouvillian on the whole symmetric sector, by parity sector.

    𝓛 R = λ R,   𝓛† Λ = λ* Λ,   Tr(Λ†R) = 1,   slowest first: by -Re λ.

The slowest modes of dephasing are energy diffusion over the whole spectrum, and coherences between neighbouring
levels at its top, which turn at a multiple of the frequency there: a search around λ = 0 misses those. So
`slow_screening` looks at every frequency in the energy basis, and shift-and-invert in the Dicke basis, where the
Liouvillian is sparse, solves for the modes in the whole space. Small sectors are diagonalised densely.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError
from .full_frame import jump_matrices
from .slow_candidates import rate_of
from .slow_refine import Pair, biorthogonal, refine
from .slow_screening import EnergyBasis, Search, search
from .slow_sector import DENSE, SparseSector

if TYPE_CHECKING:
    from .fullspace import FullLindbladian

Complex = NDArray[np.complex128]


@dataclass(frozen=True)
class SlowMode:
    """One mode of the full Liouvillian.

    Attributes
    ----------
    eigenvalue : complex
        λ; it decays at -Re λ and turns at Im λ.
    sector : str
        "populations", "coherences", or "all" where parity does not divide operator space.
    right, left : ndarray, shape (N + 1, N + 1)
        In the Dicke basis, m ascending; `right` has Frobenius norm 1 and is Hermitian for a simple real λ.
    residual : float
        ‖𝓛R - λR‖ (Frobenius), in the unit of λ: for well-conditioned modes the error of λ is about that or less.
    """

    eigenvalue: complex
    sector: str
    right: Complex
    left: Complex
    residual: float


@dataclass(frozen=True)
class SlowModes:
    """Slowest modes, slowest first.

    Attributes
    ----------
    modes : tuple of SlowMode
    gap : float
        Liouvillian gap: smallest decay rate above zero in the sectors looked at.
    complete : bool
        Whether nothing slower was missed: every frequency was searched or excluded by a bound, and the windows'
        modes agree with the true ones.
    note : str
        How the search went.
    """

    modes: tuple[SlowMode, ...]
    gap: float
    complete: bool
    note: str

    @property
    def eigenvalues(self) -> Complex:
        """λ of each mode."""
        return np.array([mode.eigenvalue for mode in self.modes])

    @property
    def residuals(self) -> NDArray[np.float64]:
        """‖𝓛R - λR‖ of each mode."""
        return np.array([mode.residual for mode in self.modes])


def slowest_modes(full: FullLindbladian, count: int, sector: str | None) -> SlowModes:
    """The `count` slowest modes of one sector, or of all.

    Parameters
    ----------
    full : FullLindbladian
    count : int
    sector : str, optional
        "populations" or "coherences" ("all" where a jump operator has no definite parity). Default: every sector.

    Returns
    -------
    SlowModes

    Raises
    ------
    InputError
        For a sector that does not exist, more modes than there are, or more memory than the limit.
    ResolutionError
        If a mode does not settle.

    Examples
    --------
    >>> from einselect import LMG, JumpOperator
    >>> from einselect.dynamics.fullspace import FullLindbladian
    >>> model = LMG(spins=100, field=0.95)
    >>> d = model.doublet()
    >>> rate = d.splitting / 8.8  # γ G01
    >>> found = FullLindbladian(model, [JumpOperator("Jz", rate / d.g01)]).spectrum(6, "populations")
    >>> [round(float(value), 5) for value in abs(found.eigenvalues.real) / rate]
    [0.0, 0.00182, 0.00581, 0.01197, 0.02029, 0.03078]
    >>> found.complete
    True
    """
    _checks.whole("count", count, 1)
    names = full.sectors if sector is None else (_checks.one_of("sector", sector, full.sectors),)
    found: list[tuple[str, SparseSector, Pair]] = []
    notes, complete = [], True
    for name in names:
        space = SparseSector(full, name)
        if count > space.size:
            raise InputError(f"count must be at most the {space.size} modes of the sector {name}; got {count}")
        # At least one mode beyond the steady ones is wanted for the gap.
        wanted = min(max(count, 4), space.size)
        pairs, certain, note = _all_modes(space) if space.size <= DENSE else _few_modes(full, space, wanted)
        found += [(name, space, pair) for pair in pairs]
        notes.append(f"{name}: {note}")
        complete = complete and certain
    zero = max(1e-13 * space.scale, 10.0 * max(pair.residual for _, _, pair in found))
    entries = []
    for name, space, pair in found:
        real = abs(pair.value.imag) <= max(1e-11 * space.scale, 10.0 * pair.residual)
        entries.append((pair.value.real + 0.0j if real else pair.value, name, space, pair, False))
        if not real:
            entries.append((pair.value.conjugate(), name, space, pair, True))
    entries.sort(key=lambda e: (-e[0].real, abs(e[0].imag), -e[0].imag))
    rates = [-value.real for value, *_ in entries if -value.real > zero]
    modes = tuple(_mode(*entry) for entry in entries[:count])
    return SlowModes(modes, min(rates) if rates else 0.0, complete, "; ".join(notes))


def _mode(value: complex, name: str, space: SparseSector, pair: Pair, conjugated: bool) -> SlowMode:
    """The mode as matrices: (λ*, R†, Λ†) belongs to the conjugate of (λ, R, Λ)."""
    right, left = space.operator(pair.right), space.operator(pair.left)
    if conjugated:
        right, left = right.conj().T, left.conj().T
    if value.imag == 0.0:
        # A phase makes it Hermitian: Tr R² = exp(2iφ)‖R‖².
        phase = np.exp(-0.5j * np.angle(np.sum(right * right.T)))
        phase *= np.sign((np.trace(right) * phase).real) or 1.0
        right, left = right * phase, left * phase
    size = float(np.linalg.norm(right))
    right = right / size
    return SlowMode(value, name, right, left / np.conj(np.vdot(left, right)), pair.residual)


def _all_modes(space: SparseSector) -> tuple[list[Pair], bool, str]:
    """Every mode of a small sector with Im λ <= 0."""
    from scipy.linalg import eig

    matrix = space.matrix.toarray()
    values, left, right = eig(matrix, left=True, right=True)
    left = biorthogonal(values, left, right, space.scale)
    residuals = np.linalg.norm(matrix @ right - right * values, axis=0)
    keep = np.flatnonzero(values.imag <= np.maximum(1e-11 * space.scale, 10.0 * residuals))
    pairs = [Pair(complex(values[k]), right[:, k], left[:, k], float(residuals[k])) for k in keep]
    return pairs, True, f"all {space.size} modes"


def _few_modes(full: FullLindbladian, space: SparseSector, count: int) -> tuple[list[Pair], bool, str]:
    """The slowest modes: candidates from windows of frequency, then solved for in the whole sector."""
    basis = EnergyBasis(full.frame, jump_matrices(full.jumps, full.model.spins))
    found, windows = search(basis, space.name, count, full.channel.norm)
    left = list(found.candidates)
    limit = 1.001 * rate_of(left, count, windows.width)
    pairs: list[Pair] = []
    error = 0.0
    while left:
        rate = _rate(pairs, count, space.scale)
        # A candidate may be as slow as one that is kept while the two differ by less than the windows' error.
        if math.isfinite(rate) and -left[0].eigenvalue.real > rate + 2.0 * error:
            break
        first = left[0].eigenvalue
        cluster = [
            c
            for c in left
            if abs(c.eigenvalue - first) <= 0.1 * c.width and -c.eigenvalue.real <= max(limit, -first.real)
        ]
        left = [c for c in left if c not in cluster]
        for pair in refine(space, basis, windows, cluster):
            if not any(_same(pair, other, space) for other in pairs):
                pairs.append(pair)
                assert pair.guess is not None
                error = max(error, abs(pair.value - pair.guess))
    rate = _rate(pairs, count, space.scale)
    certain = math.isfinite(rate) and error <= 0.05 * max(rate, 1e-300)
    return pairs, certain, _note(found, error, certain)


def _note(found: Search, error: float, certain: bool) -> str:
    text = (
        f"{found.windows} windows up to frequency {found.highest:.6g}, {found.excluded} excluded by a bound, "
        f"modes of the others off by at most {error:.1e}"
    )
    return text if certain else text + ": slower modes may be missing"


def _rate(pairs: Sequence[Pair], count: int, scale: float) -> float:
    """Decay rate of the `count`-th slowest mode, conjugates counted; inf while there are fewer."""
    rates = sorted(
        rate for pair in pairs for rate in [-pair.value.real] * (1 if abs(pair.value.imag) <= 1e-11 * scale else 2)
    )
    return rates[count - 1] if len(rates) >= count else math.inf


def _same(pair: Pair, other: Pair, space: SparseSector) -> bool:
    close = abs(pair.value - other.value) <= 1e-9 * space.scale
    return close and bool(abs(np.vdot(pair.right, other.right)) > 0.99)
