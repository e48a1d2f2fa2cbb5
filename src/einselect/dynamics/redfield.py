r"""The Bloch-Redfield equation on the lowest levels, with and without the secular step.

For H + sum_k A_k ⊗ B_k with independent baths of noise power S_k(ω) (`spectra`), in the energy basis,

    dρ_ab/dt = -iω_ab ρ_ab + sum_cd R_abcd ρ_cd,      ω_ab = E_a - E_b,
    R[ρ] = sum_k (Λ_k ρ A_k + A_k ρ Λ_k† - A_k Λ_k ρ - ρ Λ_k† A_k),      (Λ_k)_ac = ½ S_k(E_c - E_a) (A_k)_ac.

The principal-value (Lamb) shifts are neglected, as in QuTiP's `bloch_redfield_tensor`, whose elements these are for
a coupling with real elements. (For complex ones QuTiP 5.3 has the elements of the transposed A, so that its flat
spectrum is then not its own Lindblad equation.)
A flat S = γ makes Λ = (γ/2)A and R exactly the Lindblad dissipator of L = A, projected on these levels, at rate γ.

Parity and the remark of the paper's Section 6. The paper says that the decoupling of populations from
opposite-parity coherences "need not hold" for a frequency-dependent spectrum. It does hold, for every S(ω):
filtering by frequency multiplies matrix elements one by one, so Λ has the parity of A, and each term of R contains
A and Λ once each. With A odd (or even) R commutes with ρ -> ΠρΠ†, so R_abcd = 0 unless π_a π_b = π_c π_d. A complex S
with the Lamb shifts in it changes nothing. What breaks the decoupling is not the spectrum but the coupling:
one bath that couples to an operator of mixed parity (an odd and an even part with correlated noise), and that breaks it
for a flat spectrum as well. Independent baths on the two parts do not. `Redfield.corollary1` computes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from .._version import __version__
from ..errors import InputError
from ..level_set import LevelSet
from ..rates import units_of
from .bath import Bath
from .corollaries import Decoupling, SecularTerm, decoupling, secular_term
from .lindbladian import check_times
from .redfield_tensor import canonical_rates, evolved, redfield_tensor
from .spectra import noise_power
from .states import initial_state

if TYPE_CHECKING:
    from xarray import Dataset

__all__ = ["Bath", "Redfield"]

Array = NDArray[np.float64]
Matrix = NDArray[np.complex128]
_MOST_LEVELS = 32  # its square is the dimension of dense eigenproblems
# Rounding of canonical rates, relative to the largest; k⁴ numbers of size 1 enter, so that 1e-16 k² is reached.
_POSITIVE = 1e-12


@dataclass(frozen=True)
class Redfield:
    """Bloch-Redfield equation of given baths on given levels.

    Parameters
    ----------
    levels : LevelSet
        The k <= 32 levels that are kept; operators are projected on them.
    baths : Bath or sequence of Bath
        Independent of each other.
    secular_cutoff : float, optional
        Keep R_abcd only where |ω_ab - ω_cd| <= this, in the levels' unit of energy: 0 is the full secular step.
        None (default) keeps all. QuTiP's `sec_cutoff` is the same in units of the smallest level spacing,
        which for a doublet is ΔE; here it is an energy, so that it can be set against a rate.

    Attributes
    ----------
    tensor : ndarray, shape (k, k, k, k)
        R_abcd, without the Hamiltonian part.

    Raises
    ------
    InputError
        For a coupling that is not Hermitian, a spectrum that is negative or not finite, more than 32 levels.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.redfield import Bath, Redfield
    >>> from einselect.dynamics.spectra import OhmicSpectrum
    >>> levels = LMG(spins=50, field=0.9).levels(6)
    >>> thermal = Redfield(levels, Bath("Jz", OhmicSpectrum(strength=1e-4, cutoff=5.0, temperature=0.2)))
    >>> print(thermal.corollary1().statement)
    Jz is odd: populations and opposite-parity coherences decouple exactly
    >>> thermal.is_completely_positive
    False
    >>> Redfield(levels, thermal.baths, secular_cutoff=0.0).is_completely_positive
    True
    """

    levels: LevelSet
    baths: Sequence[Bath]
    secular_cutoff: float | None = None

    def __post_init__(self) -> None:
        baths = (self.baths,) if isinstance(self.baths, Bath) else tuple(self.baths)
        if not baths or not all(isinstance(bath, Bath) for bath in baths):
            raise _checks.fail("baths", "one or more Bath", self.baths)
        object.__setattr__(self, "baths", baths)
        if self.secular_cutoff is not None:
            object.__setattr__(self, "secular_cutoff", _checks.non_negative("secular_cutoff", self.secular_cutoff))
        k = len(self.levels)
        if k > _MOST_LEVELS:
            raise InputError(
                f"levels must be at most {_MOST_LEVELS} for a Redfield tensor; got {k}, "
                f"whose generator needs {8 * k**4 / 2**30:.2g} GiB and its square and exponential several times that"
            )

    @cached_property
    def couplings(self) -> tuple[Matrix, ...]:
        """A_k on the levels."""
        return tuple(bath.coupling(self.levels) for bath in self.baths)

    @cached_property
    def filtered(self) -> tuple[Matrix, ...]:
        """Λ_k, (Λ_k)_ac = ½ S_k(E_c - E_a) (A_k)_ac."""
        # The excitations carry ΔE with all its digits, the energies do not.
        excitations = self.levels.excitations
        pairs = zip(self.baths, self.couplings, strict=True)
        return tuple(bath.filtered(coupling, excitations) for bath, coupling in pairs)

    @cached_property
    def tensor(self) -> Matrix:
        """R_abcd, after the secular step where one is asked for."""
        return redfield_tensor(self.couplings, self.filtered, self.levels.excitations, self.secular_cutoff)

    def generator(self) -> Matrix:
        """The k² × k² matrix of dρ/dt on ρ stacked by rows, -iω_ab included."""
        k, e = len(self.levels), self.levels.excitations
        result = self.tensor.reshape(k * k, k * k).copy()
        result[np.diag_indices(k * k)] -= 1j * (e[:, None] - e[None, :]).ravel()
        return result

    def coefficient(self, a: int | str | ArrayLike, b: int | str | ArrayLike) -> float:
        """Coefficient of -ρ_ab in dρ_ab/dt between two states (as in `Levels.state`): Eq. 12 for this bath.

        With a flat spectrum on all N + 1 levels it is `dephasing_coefficient`; on fewer, what leaks to the others
        is missing.
        """
        bra, ket = (self.levels.state(which).astype(complex) for which in (a, b))
        moved = np.einsum("abcd,c,d->ab", self.tensor, bra, ket.conj())
        return -float((bra.conj() @ moved @ ket).real)

    @cached_property
    def canonical_rates(self) -> Array:
        """Rates of the canonical Lindblad form, ascending: all >= 0 exactly if the equation is completely positive.

        They are the eigenvalues of the Kossakowski matrix, R as a quadratic form in traceless operators. Without the
        secular step a single bath has two of them that are not zero, Re tr(A₀Λ₀) ± √(|A₀|²|Λ₀|² - (Im tr A₀Λ₀)²)
        with the traceless parts A₀, Λ₀: one is negative unless Λ₀ is a real multiple of A₀, as for a flat spectrum.
        """
        return canonical_rates(self.tensor)

    @property
    def most_negative_rate(self) -> float:
        """Smallest canonical rate, 0.0 where none is below rounding."""
        lowest, size = float(self.canonical_rates[0]), float(np.abs(self.canonical_rates).max())
        return lowest if lowest < -_POSITIVE * size else 0.0

    @property
    def is_completely_positive(self) -> bool:
        """Whether every state stays a state, also beside an idle partner: no canonical rate is negative."""
        return self.most_negative_rate == 0.0

    @property
    def trace_defect(self) -> float:
        """Largest |sum_a R_aacd| over the largest |R|: rounding, the trace being kept with and without secular step."""
        size = float(np.abs(self.tensor).max())
        return float(np.abs(np.einsum("aacd->cd", self.tensor)).max()) / size if size else 0.0

    @property
    def hermiticity_defect(self) -> float:
        """Largest |R_abcd - R_badc*| over the largest |R|."""
        size = float(np.abs(self.tensor).max())
        return float(np.abs(self.tensor - self.tensor.transpose(1, 0, 3, 2).conj()).max()) / size if size else 0.0

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Where the equation is not to be trusted: negative canonical rates, a bath with long memory."""
        found = []
        if not self.is_completely_positive:
            found.append(
                f"the equation is not completely positive: a canonical rate is {self.most_negative_rate:.3g}, the "
                f"largest {float(self.canonical_rates[-1]):.3g}; populations may become negative"
                + (" (the secular step, secular_cutoff=0, mends it)" if self.secular_cutoff != 0.0 else "")
            )
        fastest = float(np.abs(np.einsum("abab->ab", self.tensor)).max())
        for bath in self.baths:
            memory = getattr(bath.spectrum, "correlation_time", None)
            if memory is not None and memory * fastest > 1.0:
                found.append(
                    f"the noise on {bath.name} remembers for {memory:.3g}, {memory * fastest:.3g} times as long as "
                    "the fastest decay takes: the Born-Markov step does not hold"
                )
        return tuple(found)

    def corollary1(self) -> Decoupling:
        """Whether populations decouple from opposite-parity coherences, computed from the tensor."""
        names = tuple(bath.name for bath in self.baths)
        return decoupling(self.tensor, self.levels.parities, self.couplings, names)

    def corollary2(self) -> SecularTerm:
        """The element that couples ρ_01 to ρ_10, against ½(S(ΔE) + S(-ΔE)) J01², and whether it is kept."""
        splitting = float(self.levels.excitations[1])
        expected = 0.0j
        for bath, coupling in zip(self.baths, self.couplings, strict=True):
            symmetrised = 0.5 * (noise_power(bath.spectrum, splitting) + noise_power(bath.spectrum, -splitting))
            expected += symmetrised * complex(coupling[0, 1]) ** 2
        return secular_term(self.tensor, self.levels.parities, splitting, expected)

    def evolve(self, rho0: str | ArrayLike, times: ArrayLike) -> Dataset:
        """ρ(t) on the levels.

        Parameters
        ----------
        rho0 : str or array_like
            As for `Lindbladian.evolve`: "eigen-superposition", "pointer", "ground", amplitudes, or a density matrix.
        times : array_like, shape (t,)
            Ascending, >= 0, in the reciprocal of the levels' unit of energy.

        Returns
        -------
        xarray.Dataset
            Over `time`: rho (time, bra, ket), rho_01, rho_pr, populations, doublet_population, purity, and
            lowest_eigenvalue of ρ, which shows whether a negative canonical rate matters. Attributes: warnings.
        """
        grid = check_times(times)
        start, _ = initial_state(self.levels, rho0)
        return self._dataset(evolved(self.generator(), start, grid), grid)

    def _dataset(self, rho: Matrix, times: Array) -> Dataset:
        from xarray import Dataset

        populations, rho_01 = np.einsum("tii->ti", rho).real, rho[:, 0, 1]
        rho_pr = 0.5 * (populations[:, 0] - populations[:, 1]) - 1j * rho_01.imag
        lowest = np.linalg.eigvalsh(rho)[:, 0]
        columns: dict[str, tuple[Any, NDArray[Any], str]] = {
            "rho": (("time", "bra", "ket"), rho, "<E_a|ρ|E_b>"),
            "rho_01": ("time", rho_01, "<E0|ρ|E1>"),
            "rho_pr": ("time", rho_pr, "<P|ρ|R>"),
            "populations": (("time", "level"), populations, "<E_n|ρ|E_n>"),
            "doublet_population": ("time", populations[:, :2].sum(axis=1), "ρ_00 + ρ_11"),
            "purity": ("time", np.einsum("tij,tji->t", rho, rho).real, "Tr ρ²"),
            "lowest_eigenvalue": ("time", lowest, "smallest eigenvalue of ρ"),
        }
        warnings = list(self.warnings)
        if float(lowest.min()) < -1e-9:
            warnings.append(f"ρ has a negative eigenvalue, down to {float(lowest.min()):.3g}: it is not a state")
        return Dataset(
            {name: (dims, data, {"long_name": label, "units": "1"}) for name, (dims, data, label) in columns.items()},
            coords={
                "time": ("time", times, {"units": units_of(self.levels.energy_unit)["time"]}),
                "level": np.arange(len(self.levels)),
            },
            attrs={
                "baths": ", ".join(f"{bath.name}: {bath.spectrum!r}" for bath in self.baths),
                "secular_cutoff": "none" if self.secular_cutoff is None else self.secular_cutoff,
                "most_negative_rate": self.most_negative_rate,
                "lamb_shift": "neglected",
                "warnings": "; ".join(warnings),
                "software": f"einselect {__version__}",
            },
        )
