"""The tunnel-split doublet: its two bases, its splitting, its moments.

Energy eigenstates |E0> (even), |E1> (odd); pointer states |P>, |R> = (|E0> ± |E1>)/√2, the eigenstates of Jz
within the doublet. With ħ = 1:

    J01 = <E0|Jz|E1> > 0,   q_i = <E_i|Jz²|E_i>,   G01 = (q_0 + q_1)/2 = <P|Jz²|P> = <R|Jz²|R>      [11, 20]
    G_loc = (N m*)²/2 [10],   η_MF = G_loc/G01 = 2B [1, 17],   η_exact = (G01 + J01²)/G01 [2]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from . import _checks
from ._representation import Shown
from .errors import InputError, PhaseError
from .levels import Array, DickeVector, Levels, Quality, mirrored
from .moments import Moments

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Source(Protocol):
    """What a doublet needs of the model that it comes from."""

    @property
    def spins(self) -> int:
        """N."""
        ...

    @property
    def energy_unit(self) -> str:
        """Unit of its energies."""
        ...

    def levels(self, count: int = ...) -> Levels:
        """Its lowest levels."""
        ...

    def spin_coherent_amplitudes(self, m: Array) -> Array:
        """<m|θ*> of the mean-field state in the right well."""
        ...

    def potential(self, m: Array) -> Array:
        """Classical energy at Jz = m."""
        ...


@dataclass(frozen=True, eq=False, repr=False)
class Doublet(Shown):
    """The two lowest states of a parity-symmetric collective spin.

    Attributes
    ----------
    source : model
        Where it comes from (parameters, further levels on request).
    e0, e1 : float
        E_0 and E_1, in `energy_unit` (ħ = 1); use `splitting` for their difference.
    tunnelling : callable
        Gives ln ΔE. It is called when ΔE is first asked for, since that costs more than all else at large N.
    splitting, log_splitting : float
        ΔE = E_1 - E_0 > 0 and ln ΔE. ΔE may underflow to 0.0; its logarithm never does.
    q0, q1, g01, j01 : float
        <E_i|Jz²|E_i>, G01 [11], J01.
    leakage_even, leakage_odd, leakage : float
        q_i - J01² [25] and their mean.
    order_parameter, g_loc, eta_mf, enhancement, depletion : float or None
        m*, G_loc [10], η_MF [1], B [19], N m*/2 - J01; None outside the ordered phase, where m* does not exist.
    eta_exact : float
        (G01 + J01²)/G01 [2].
    moments : Moments
        What the second moments and J01 are read from.
    sites : ndarray
        m >= 0 of the window in which the block vectors `even` and `odd` are kept.
    quality : Quality
        Residual, errors, window.
    parities : tuple of int
        Of E_0 and E_1: (1, -1), but where levels cross (-1, 1). `even` and `odd` are the block vectors of the lower
        and the upper state all the same.

    Examples
    --------
    >>> from einselect import LMG
    >>> d = LMG(spins=370, field=0.95).doublet()
    >>> print(f"{d.splitting:.10f} {d.g01:.6f} {d.j01:.6f} {d.eta_mf:.4f} {d.eta_exact:.4f}")
    0.0176097065 2838.961894 49.509957 2.3508 1.8634
    """

    source: Source
    e0: float
    e1: float
    tunnelling: Callable[[], float]
    moments: Moments
    order_parameter: float | None
    sites: Array
    even: Array
    odd: Array
    quality: Quality
    parities: tuple[int, int] = (1, -1)

    @property
    def spins(self) -> int:
        """N."""
        return self.source.spins

    @property
    def energy_unit(self) -> str:
        """Unit of the energies: "J", "plain" (that of the coupling) or "rad/s"."""
        return self.source.energy_unit

    @cached_property
    def log_splitting(self) -> float:
        """ln ΔE, ΔE in `energy_unit`."""
        return self.tunnelling()

    @property
    def splitting(self) -> float:
        """ΔE = E_1 - E_0; 0.0 where it underflows (see `log_splitting`)."""
        return math.exp(self.log_splitting) if self.log_splitting > -745.0 else 0.0

    @property
    def energies(self) -> tuple[float, float]:
        """(E_0, E_1)."""
        return self.e0, self.e1

    @property
    def log10_splitting(self) -> float:
        """log10 of ΔE in `energy_unit`."""
        return self.log_splitting / math.log(10.0)

    @property
    def q0(self) -> float:
        """<E0|Jz²|E0>."""
        return float(self.moments.q0)

    @property
    def q1(self) -> float:
        """<E1|Jz²|E1>."""
        return float(self.moments.q1)

    @property
    def g01(self) -> float:
        """G01 = (q0 + q1)/2 [11]."""
        return float(self.moments.g01)

    @property
    def j01(self) -> float:
        """J01 = <E0|Jz|E1> = <P|Jz|P>."""
        return float(self.moments.j01)

    @property
    def jump(self) -> str:
        """The jump operator whose moments these are."""
        return "Jz"

    @property
    def eigenstate_moment(self) -> float:
        """Γ_01/γ = G01 [13]."""
        return self.g01

    @property
    def pointer_moment(self) -> float:
        """Γ_PR/γ = G01 + J01² [14]."""
        return self.g01 + self.j01**2

    @property
    def splitting_bound(self) -> None:
        """None: ΔE is resolved however small it is."""
        return

    @property
    def leakage_even(self) -> float:
        """<E0|Jz²|E0> - J01² [25]."""
        return float(self.moments.leakage_even)

    @property
    def leakage_odd(self) -> float:
        """<E1|Jz²|E1> - J01² [25]."""
        return float(self.moments.leakage_odd)

    @property
    def leakages(self) -> tuple[float, float]:
        """Both of them."""
        return self.leakage_even, self.leakage_odd

    @property
    def leakage(self) -> float:
        """G01 - J01², the mean leakage: also the variance of Jz in either pointer state."""
        return float(self.moments.leakage)

    @property
    def g_loc(self) -> float | None:
        """G_loc = (N m*)²/2 [10]."""
        return None if self.order_parameter is None else 0.5 * (self.spins * self.order_parameter) ** 2

    @property
    def eta_mf(self) -> float | None:
        """η_MF = G_loc/G01 [1]."""
        return None if self.g_loc is None else self.g_loc / self.g01

    @property
    def enhancement(self) -> float | None:
        """B = (N m*)²/4 / G01, the many-body enhancement: η_MF = 2B [17-19]."""
        return None if self.eta_mf is None else 0.5 * self.eta_mf

    @property
    def eta_exact(self) -> float:
        """η_exact = (G01 + J01²)/G01 [2], written 2 - leakage/G01 so that it stays below 2."""
        return float(self.moments.eta_exact)

    @property
    def depletion(self) -> float | None:
        """N m*/2 - J01, the Bogoliubov depletion of the order parameter."""
        return None if self.order_parameter is None else 0.5 * self.spins * self.order_parameter - self.j01

    @cached_property
    def gap(self) -> float | None:
        """E_2 - E_0; None for N = 1, which has two levels only."""
        return float(self.source.levels(3).excitations[2]) if self.spins >= 2 else None

    @property
    def log10_gap_ratio(self) -> float | None:
        """log10 of (E_2 - E_0)/(E_1 - E_0)."""
        return None if self.gap is None else math.log10(self.gap) - self.log10_splitting

    @property
    def gap_ratio(self) -> float | None:
        """(E_2 - E_0)/(E_1 - E_0); None where it exceeds the largest double (see `log10_gap_ratio`)."""
        exponent = self.log10_gap_ratio
        if exponent is None or exponent > 308.0 or self.gap is None:
            return None
        return self.gap / self.splitting if self.splitting > 1e-300 else 10.0**exponent

    def state(self, which: str, whole: bool = False) -> DickeVector:
        """Dicke amplitudes of "E0", "E1", "P" or "R".

        Parameters
        ----------
        which : {"E0", "E1", "P", "R"}
            "P" sits at <Jz> = +J01, "R" at -J01.
        whole : bool
            All N + 1 values of m instead of those where the state is not negligible.

        Returns
        -------
        DickeVector
        """
        _checks.one_of("state", which, ("E0", "E1", "P", "R"))
        m, both = mirrored(self.sites, np.stack((self.even, self.odd)), self.parities)
        psi: Any
        if which in ("E0", "E1"):
            psi = both[int(which[1])]
        else:
            psi = math.sqrt(0.5) * (both[0] + (1.0 if which == "P" else -1.0) * both[1])
        if not whole:
            return DickeVector(m, psi)
        if self.spins > 20_000_000:
            raise InputError(f"a whole state vector must have at most 20000001 entries; got {self.spins + 1}")
        full = np.zeros(self.spins + 1)
        full[np.rint(m + self.spins / 2.0).astype(int)] = psi
        return DickeVector(np.asarray(np.arange(self.spins + 1) - self.spins / 2.0, dtype=np.float64), full)

    def spin_coherent_overlap(self, which: str, side: int = 1) -> float:
        """<θ|ψ> between a mean-field spin-coherent state at <Jz> = ±N m*/2 and a state of the doublet.

        Parameters
        ----------
        which : {"E0", "E1", "P", "R"}
        side : {1, -1}
            Which well the spin-coherent state sits in.

        Returns
        -------
        float

        Raises
        ------
        PhaseError
            Outside the ordered phase.
        """
        if side not in (1, -1):
            raise _checks.fail("side", "1 or -1", side)
        if self.order_parameter is None:
            raise PhaseError("spin-coherent overlaps must be asked for in the ordered phase (field < coupling)")
        vector = self.state(which)
        return float(self.source.spin_coherent_amplitudes(side * vector.m) @ vector.amplitudes)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the wavefunctions over the potential on `ax` or new axes; see `einselect.plots.plot_doublet`."""
        from .plots import plot_doublet

        return plot_doublet(self, ax)
