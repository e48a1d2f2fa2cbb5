"""The anisotropic Lipkin-Meshkov-Glick model, H = -(J/N)(Jz² + κ Jy²) - Γ Jx - h Jz.

`anisotropic_chain` solves its parity blocks; a tilt h breaks the parity, and `tilt` keeps the doublet exact then.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from ..doublet import Doublet
from ..jump_doublet import JumpDoublet, doublet_of
from ..levels import Array, Levels
from ..moments import moments
from ..spin import CollectiveOperator, Jx, Jy, Jz
from .anisotropic_chain import AnisotropicChain
from .anisotropic_levels import block_quality, lowest_parities, solved_blocks, symmetric_levels, tilted_levels
from .base import MeanField, energies_in
from .lmg_semiclassics import LMGSemiclassics

_MAX_SPINS = 10_000_000


@dataclass(frozen=True, init=False)
class AnisotropicLMG(MeanField):
    r"""Collective spin with H = -(J/N)(Jz² + κ Jy²) - Γ Jx - h Jz in the symmetric sector j = N/2, ħ = 1.

    Parameters
    ----------
    spins : int
        N >= 2.
    field : float or str
        Transverse field Γ > 0; ordered phase below the coupling. Plain beside a coupling with a unit: Γ/J.
    anisotropy : float
        κ from -1 to below 1. 0 is the LMG model; -1 has only (J+² + J-²)/2 left of the interaction, at 1 the rotation
        about x would become a symmetry. For κ > 0 and Γ² < κ J² the two lowest levels cross as Γ changes.
    coupling : float or str
        J > 0, as for `LMG`.
    tilt : float or str
        h, a longitudinal field that breaks the parity; positive lowers the well at Jz > 0. As for the field.

    Raises
    ------
    InputError
        For parameters outside these ranges, or plain and physical mixed.

    Notes
    -----
    Wells at Jz = ±N m*/2 with m* = sqrt(1 - (Γ/J)²) whatever κ; small oscillations in them at J m* sqrt(1 - κ).
    The splitting is worked out in decimal arithmetic, to 16 digits of its own; that takes N times its exponent.

    Examples
    --------
    >>> from einselect.models import AnisotropicLMG
    >>> d = AnisotropicLMG(spins=200, field=0.8, anisotropy=-0.5).doublet()
    >>> print(f"{d.log10_splitting:.4f} {d.j01:.4f} {d.eta_exact:.4f}")
    -5.7428 58.5838 1.9799

    A tilt as large as ΔE/J01 takes the advantage away:

    >>> model = AnisotropicLMG(spins=200, field=0.5)
    >>> d = model.doublet()
    >>> [round(model.tilted(x * d.splitting / d.j01).doublet().eta_exact, 3) for x in (0.0, 0.5, 5.0)]
    [1.998, 1.333, 1.005]
    """

    spins: int
    field: float
    anisotropy: float
    coupling: float
    tilt: float
    energy_unit: str

    def __init__(
        self,
        spins: int,
        field: float | str,
        anisotropy: float = 0.0,
        coupling: float | str = 1.0,
        tilt: float | str = 0.0,
        *,
        energy_unit: str | None = None,
    ) -> None:
        if energy_unit is not None:
            _checks.one_of("energy_unit", energy_unit, ("J", "plain", "rad/s"))
            j, unit = _checks.number("coupling", coupling), energy_unit
            others = {"field": _checks.number("field", field), "tilt": _checks.number("tilt", tilt)}
        else:
            j, others, unit = energies_in(coupling, field=field, tilt=tilt)
        kappa = _checks.number("anisotropy", anisotropy)
        if not -1.0 <= kappa < 1.0:
            raise _checks.fail("anisotropy", "from -1 to below 1", anisotropy)
        set_ = object.__setattr__
        set_(self, "spins", _checks.whole("spins", spins, 2, _MAX_SPINS))
        set_(self, "field", _checks.positive("field", others["field"]))
        set_(self, "anisotropy", kappa)
        set_(self, "coupling", _checks.positive("coupling", j))
        set_(self, "tilt", others["tilt"])
        set_(self, "energy_unit", "plain" if unit == "J" and self.coupling != 1.0 else unit)
        if not 1e-3 <= self.field_ratio <= 1e3:
            raise _checks.fail("field/coupling", "from 0.001 to 1000", self.field_ratio)
        if abs(self.tilt) > 1e3 * self.coupling:
            raise _checks.fail("tilt/coupling", "from -1000 to 1000", self.tilt / self.coupling)

    @classmethod
    def ising(cls, spins: int, field: float | str, interaction: float | str = 1.0) -> AnisotropicLMG:
        """Infinite-range transverse Ising model -(V/N) sum_{i<j} σz_i σz_j - B sum_i σx_i, without its constant V/2.

        Parameters
        ----------
        spins : int
        field, interaction : float or str
            B and V; the wells end at B = V.
        """
        v, others, unit = energies_in(interaction, field=field)
        return cls(spins, 2.0 * others["field"], 0.0, 2.0 * v, energy_unit=unit)

    @classmethod
    def heisenberg(
        cls, spins: int, exchange: tuple[float, float, float], field: float, *, energy_unit: str | None = None
    ) -> AnisotropicLMG:
        """Collective Heisenberg (XYZ) model -(1/N) sum_{i<j} sum_a V_a σa_i σa_j - B sum_i σx_i, without constants.

        On the symmetric sector Jx² = j(j+1) - Jy² - Jz², so J = 2(V_z - V_x) and κ = (V_y - V_x)/(V_z - V_x).
        A collective XY model has V_x = 0.

        Parameters
        ----------
        spins : int
        exchange : tuple of float
            (V_x, V_y, V_z) with V_z above both others, and V_y - V_x >= -(V_z - V_x).
        field : float
            B.
        """
        x, y, z = (_checks.number("exchange", v) for v in exchange)
        if not (z > x and z > y and y - x >= x - z):
            raise _checks.fail("exchange", "(V_x, V_y, V_z) with V_z the largest and 2 V_x - V_y <= V_z", exchange)
        b = _checks.number("field", field)
        return cls(spins, 2.0 * b, (y - x) / (z - x), 2.0 * (z - x), energy_unit=energy_unit or "plain")

    @property
    def frequency(self) -> float:
        """Frequency of small oscillations in a well, J m* sqrt(1 - κ); PhaseError outside the ordered phase."""
        return self.coupling * self.order_parameter * math.sqrt(1.0 - self.anisotropy)

    @property
    def action(self) -> float:
        """Instanton action per spin, which ΔE falls with as exp(-N S); PhaseError outside the ordered phase."""
        return self.chain.action() if self.order_parameter else 0.0

    @property
    def chain(self) -> AnisotropicChain:
        """Both parity blocks, in units of J and without the tilt."""
        return AnisotropicChain(self.spins, self.anisotropy, self.field_ratio)

    def tilted(self, tilt: float) -> AnisotropicLMG:
        """The same model with another h, in `energy_unit`."""
        return AnisotropicLMG(
            self.spins, self.field, self.anisotropy, self.coupling, tilt, energy_unit=self.energy_unit
        )

    def parameters(self) -> dict[str, Any]:
        """What the model is, as answers show it."""
        return {
            "model": "anisotropic",
            "spins": self.spins,
            "field": self.field,
            "anisotropy": self.anisotropy,
            "coupling": self.coupling,
            "tilt": self.tilt,
            "field_ratio": self.field_ratio,
            "phase": self.phase,
        }

    def hamiltonian(self) -> CollectiveOperator:
        """H as an operator, in `energy_unit`."""
        interaction = Jz @ Jz + self.anisotropy * (Jy @ Jy)
        return (-self.coupling / self.spins) * interaction + (-self.field) * Jx + (-self.tilt) * Jz

    def jump_operators(self) -> dict[str, CollectiveOperator]:
        """Natural jump operators by name, that of collective dephasing first."""
        return {"Jz": Jz}

    def spin_coherent_amplitudes(self, m: Array) -> Array:
        """<m|θ*> of the mean-field spin-coherent state at <Jz> = +N m*/2, real and positive."""
        return LMGSemiclassics(
            self.spins, self.order_parameter, self.field_ratio, self.coupling
        ).spin_coherent_amplitudes(m)

    def potential(self, m: ArrayLike) -> Array:
        """Lowest classical energy at Jz = m, the direction in the x-y plane at its best, |J|² = (j + ½)².

        For κ > 0 the spin leaves the x-z plane where Jx = Γ N/(2Jκ) suffices.
        """
        sites, edge = np.asarray(m, dtype=np.float64), 0.5 * self.spins + 0.5
        if not np.all(np.abs(sites) <= edge):
            raise _checks.fail("m", f"from {-edge} to {edge}", m)
        radius2 = (edge - sites) * (edge + sites)
        x = np.sqrt(radius2)
        k = self.anisotropy
        if k > 0.0:
            x = np.minimum(x, 0.5 * self.field_ratio * self.spins / k)
        energy = -self.coupling / self.spins * (sites**2 + k * (radius2 - x * x)) - self.field * x - self.tilt * sites
        return np.asarray(energy)

    def doublet(self) -> Doublet | JumpDoublet:
        """The two lowest states, with splitting and moments of Jz.

        Returns
        -------
        Doublet
            A `JumpDoublet` with a tilt, where the states have no parity.
        """
        if self.tilt:
            return doublet_of(self.levels(min(3, self.spins + 1)), Jz, order=Jz, source=self)
        chain, start, found = solved_blocks(self, 1)
        parities = lowest_parities(self, chain, found)
        lower, upper = found if parities == (1, -1) else found[::-1]
        sites = np.arange(start + chain.first, start + chain.first + lower.vectors.shape[1])
        first, second = lower.vectors[0], upper.vectors[0]
        second = second * math.copysign(1.0, float(first @ (sites * second)))
        j, energies = self.coupling, [block.energies[0] for block in found]
        return Doublet(
            source=self,
            e0=j * float(lower.energies[0]),
            e1=j * max(float(upper.energies[0]), float(lower.energies[0])),
            tunnelling=partial(_log_splitting, chain, (float(energies[0]), float(energies[1])), math.log(j)),
            moments=moments(sites, first, second),
            order_parameter=self.order_parameter if self.phase == "ordered" else None,
            sites=sites,
            even=first,
            odd=second,
            quality=block_quality(self, chain, found, sites),
            parities=parities,
        )

    def levels(self, count: int = 12) -> Levels:
        """The `count` lowest levels, from 2 to N + 1; without parities where there is a tilt.

        Raises
        ------
        InputError
            For a tilt too large to be worked out from the levels without it, above 20000 spins.
        """
        _checks.whole("levels", count, 2, self.spins + 1)
        return tilted_levels(self, count) if self.tilt else symmetric_levels(self, count)


def _log_splitting(chain: AnisotropicChain, energies: tuple[float, float], log_coupling: float) -> float:
    """ln ΔE in the model's unit, when it is asked for; a function by name, so that a doublet can be pickled."""
    return float(abs(chain.splitting(energies)).ln()) + log_coupling
