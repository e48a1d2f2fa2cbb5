"""The Lipkin-Meshkov-Glick model, H = -(J/N) Jz² - Γ Jx, exactly at any N.

In the Dicke basis H is tridiagonal with negative off-diagonals, and so is each of its parity blocks: see
`lmg_chain` for how they are solved, `lmg_semiclassics` for the closed forms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from ..doublet import Doublet
from ..levels import Array, Levels, Quality
from ..moments import moments
from ..spectrum.tridiagonal import EPSILON, GroundStates
from ..spin import CollectiveOperator, Jx, Jz
from .base import MeanField, to_energies
from .lmg_chain import LMGChain, Window
from .lmg_semiclassics import LMGSemiclassics

# exp(-33) of the peak: a cut there moves energies and moments by its square, 1e-29, below all rounding.
ACTION = 33.0
EDGE = 1e-12
_LEVEL_EDGE = 1e-11
_MAX_SPINS = 180_000_000  # (j - m)(j + m + 1) is exact in double precision up to here


@dataclass(frozen=True, init=False)
class LMG(MeanField):
    r"""Lipkin-Meshkov-Glick model H = -(J/N) Jz² - Γ Jx in the symmetric sector j = N/2, ħ = 1.

    Parameters
    ----------
    spins : int
        N >= 2, even or odd.
    field : float or str
        Transverse field Γ > 0, in the unit of `coupling`; ordered phase below it, disordered above. If the
        coupling has a unit, a plain number is Γ/J, and a string may give the field itself ("11.2 kHz").
    coupling : float or str
        J > 0. A plain number is taken as it stands (1.0 makes J the unit of energy). A string sets physical
        units: "11.8 kHz" is E/h, "74346 rad/s" is E/ħ, "568 nK" is k_B T; energies are then kept in rad/s.
    energy_unit : {"J", "plain", "rad/s"}, optional
        Unit of plain numbers, where it is known already; both are then absolute energies over ħ.

    Raises
    ------
    InputError
        For N < 2 or not whole, parameters not finite or not above zero, or plain and physical mixed.

    Examples
    --------
    >>> from einselect import LMG
    >>> LMG(spins=370, field=0.95).doublet().log10_splitting  # doctest: +ELLIPSIS
    -1.75424788329...
    >>> LMG(spins=370, field=0.95, coupling="74346 rad/s").energy_unit
    'rad/s'
    """

    spins: int
    field: float
    coupling: float
    energy_unit: str

    def __init__(
        self, spins: int, field: float | str, coupling: float | str = 1.0, *, energy_unit: str | None = None
    ) -> None:
        given: tuple[float, float, str]
        if energy_unit is not None:
            _checks.one_of("energy_unit", energy_unit, ("J", "plain", "rad/s"))
            given = _checks.number("field", field), _checks.number("coupling", coupling), energy_unit
        elif type(field) is float and type(coupling) is float:
            given = field, coupling, "J"
        else:
            given = to_energies(field, coupling)
        set_ = object.__setattr__
        set_(self, "spins", _checks.whole("spins", spins, 2, _MAX_SPINS))
        set_(self, "field", _checks.positive("field", given[0]))
        set_(self, "coupling", _checks.positive("coupling", given[1]))
        # Numbers beside J = 1 are in units of J; beside another plain J they are in the unit that J was given in.
        set_(self, "energy_unit", "plain" if given[2] == "J" and self.coupling != 1.0 else given[2])
        ratio = self.field / self.coupling
        if not 1e-150 <= ratio <= 1e150:  # its square has to be a number
            raise _checks.fail("field/coupling", "from 1e-150 to 1e150", ratio)

    def hamiltonian(self) -> CollectiveOperator:
        """H = -(J/N) Jz² - Γ Jx as an operator, in `energy_unit`."""
        return (-self.coupling / self.spins) * (Jz @ Jz) + (-self.field) * Jx

    def semiclassics(self) -> LMGSemiclassics:
        """Mean-field, spin-wave and instanton formulas at these parameters; PhaseError outside the ordered phase."""
        return LMGSemiclassics(self.spins, self.order_parameter, self.field_ratio, self.coupling)

    def potential(self, m: ArrayLike) -> Array:
        """Classical energy at Jz = m with the spin's Jx at its best: -(J/N) m² - Γ sqrt((j+½)² - m²).

        It is the lower edge of the energies that the tridiagonal chain allows at m, with the bonds
        sqrt(j(j+1) - m(m±1)) to both sides averaged: E_0 lies half a Bogoliubov frequency above its minimum.
        (With j for j + ½ it would be higher by about J/2 and lie above E_0.)

        Parameters
        ----------
        m : array_like
            From -(j+½) to j+½, between the Dicke states too.

        Returns
        -------
        ndarray
            In the unit of the model's energies.

        Examples
        --------
        >>> from einselect import LMG
        >>> model = LMG(spins=2000, field=0.5)
        >>> minimum = model.potential(1000.5 * model.order_parameter)
        >>> round(float(model.doublet().e0 - minimum), 3), round(model.semiclassics().gap / 2, 3)
        (0.433, 0.433)
        """
        sites, edge = np.asarray(m, dtype=np.float64), 0.5 * self.spins + 0.5
        if not np.all(np.abs(sites) <= edge):
            raise _checks.fail("m", f"from {-edge} to {edge}", m)
        return np.asarray(
            -self.coupling / self.spins * sites**2 - self.field * np.sqrt((edge - sites) * (edge + sites))
        )

    def spin_coherent_amplitudes(self, m: Array) -> Array:
        """<m|θ*> of the mean-field spin-coherent state at <Jz> = +N m*/2, real and positive."""
        return self.semiclassics().spin_coherent_amplitudes(m)

    def doublet(self) -> Doublet:
        """The two lowest states, with splitting and moments.

        Cost O(√N) for energies and moments. ΔE is worked out when first asked for: O(N) where the barrier is high.

        Returns
        -------
        Doublet
        """
        chain = LMGChain(self.spins, self.field_ratio)
        window = chain.window(ACTION)
        while True:
            solution, edge = chain.ground(window)
            if edge <= EDGE:
                break
            window = chain.widened(window)
        sites = np.arange(chain.first + window.start, window.stop)
        even, odd = solution.vectors[0], solution.vectors[-1]
        j = self.coupling
        rounding = EPSILON * chain.scale
        return Doublet(
            source=self,
            e0=j * (chain.reference + solution.energies[0]),
            e1=j * (chain.reference + max(solution.energies)),  # not below E_0 where ΔE is below rounding
            tunnelling=partial(_log_splitting, chain, window, solution, math.log(j)),
            moments=moments(sites, even, odd),
            order_parameter=self.order_parameter if self.phase == "ordered" else None,
            sites=sites,
            even=even,
            odd=odd,
            quality=Quality(
                residual=j * solution.residual,
                energy_error=j * (solution.residual + EPSILON * abs(chain.reference) + rounding),
                vector_error=chain.vector_error(solution.step),
                log_splitting_error=chain.log_splitting_error(window, solution.step),
                edge=edge,
                window=(float(sites[0]), float(sites[-1])),
                solves=solution.solves,
            ),
        )

    def levels(self, count: int = 12) -> Levels:
        """The `count` lowest levels (parities alternate, beginning with even).

        Parameters
        ----------
        count : int
            From 2 to N + 1.

        Returns
        -------
        Levels
        """
        _checks.whole("levels", count, 2, self.spins + 1)
        doublet = self.doublet()
        chain = LMGChain(self.spins, self.field_ratio)
        window = chain.window(ACTION + 4.0 * count)
        while True:
            found = chain.excited(window, count)
            if found.edge <= _LEVEL_EDGE:
                break
            window = chain.widened(window)
        sites = np.arange(chain.first + window.start, window.stop)
        offset = int(doublet.sites[0] - sites[0])
        for n, vector in enumerate((doublet.even, doublet.odd)):
            found.vectors[n] = 0.0
            found.vectors[n, offset : offset + len(vector)] = vector
        j = self.coupling
        # Pairs under a high barrier are equal up to rounding, which must not exchange them.
        excitations = j * (np.maximum.accumulate(found.energies) - (doublet.e0 / j - chain.reference))
        excitations[0], excitations[1] = 0.0, doublet.splitting
        parities = np.where(np.arange(count) % 2 == 0, 1, -1)
        energies = doublet.e0 + excitations
        energies[1] = doublet.e1
        rounding = EPSILON * chain.scale
        quality = replace(
            doublet.quality,
            energy_error=j * (16.0 * rounding + 2.0 * EPSILON * abs(chain.reference)),
            vector_error=4.0 * rounding / chain.frequency,
            edge=found.edge,
            window=(float(sites[0]), float(sites[-1])),
        )
        return Levels(
            self.spins,
            energies,
            excitations,
            parities,
            sites,
            found.vectors,
            self.energy_unit,
            quality,
            barrier_top=float(self.potential(0.0)) if self.phase == "ordered" else None,
        )


def _log_splitting(chain: LMGChain, window: Window, solution: GroundStates, log_coupling: float) -> float:
    """ln ΔE in the model's unit, when it is asked for; a function by name, so that a doublet can be pickled."""
    return chain.log_splitting(window, solution) + log_coupling
