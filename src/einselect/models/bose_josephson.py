"""The two-mode condensate with attraction (Bose-Hubbard dimer), which is an LMG model exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import ArrayLike

from .. import _checks
from ..doublet import Doublet
from ..jump_doublet import JumpDoublet, doublet_of
from ..levels import Array, Levels
from ..spin import CollectiveOperator, Jx, Jz
from .anisotropic import AnisotropicLMG
from .base import alike_in
from .lmg import LMG
from .lmg_semiclassics import LMGSemiclassics


@dataclass(frozen=True, init=False)
class BoseJosephson:
    r"""N bosons in two modes, H = -K(a†b + b†a) - (U/2)(a†a†aa + b†b†bb) - (ε/2)(a†a - b†b), ħ = 1.

    U > 0 attracts. With Jx = (a†b + b†a)/2 and Jz = (a†a - b†b)/2, j = N/2,

        H = -2K Jx - U Jz² - ε Jz - U N(N-2)/4:

    the LMG model with J = NU, Γ = 2K, tilt h = ε, and a constant. Everything that follows is in its terms; energies
    leave the constant out (`constant`).

    Parameters
    ----------
    spins : int
        N >= 2, the number of bosons.
    tunnelling : float or str
        K > 0. All energies are plain numbers in one unit, or all have units ("120 Hz" is E/h).
    interaction : float or str
        U > 0: an attraction.
    tilt : float or str
        ε, the difference of the two modes' energies; positive favours a. It breaks the parity a <-> b.

    Raises
    ------
    InputError
        For N < 2, energies that are not above zero, or some with and some without a unit.

    Notes
    -----
    Two wells, at a†a - b†b = ±N sqrt(1 - 1/Λ²), where Λ = NU/2K > 1.

    Examples
    --------
    >>> from einselect.models import BoseJosephson
    >>> model = BoseJosephson(spins=200, tunnelling="50 Hz", interaction="0.6 Hz")
    >>> print(f"{model.strength:.6f} {model.phase} {model.lmg().field_ratio:.6f}")
    1.200000 ordered 0.833333
    >>> print(f"{model.doublet().eta_exact:.4f}")
    1.9773
    """

    spins: int
    tunnelling: float
    interaction: float
    tilt: float
    energy_unit: str

    def __init__(
        self,
        spins: int,
        tunnelling: float | str,
        interaction: float | str,
        tilt: float | str = 0.0,
        *,
        energy_unit: str | None = None,
    ) -> None:
        n = _checks.whole("spins", spins, 2)
        if energy_unit is not None:
            _checks.one_of("energy_unit", energy_unit, ("plain", "rad/s"))
            u, unit = _checks.number("interaction", interaction), energy_unit
            others = {"tunnelling": _checks.number("tunnelling", tunnelling), "tilt": _checks.number("tilt", tilt)}
        else:
            others, unit = alike_in(tunnelling=tunnelling, interaction=interaction, tilt=tilt)
            u = others["interaction"]
        set_ = object.__setattr__
        set_(self, "spins", n)
        set_(self, "tunnelling", _checks.positive("tunnelling", others["tunnelling"]))
        set_(self, "interaction", _checks.positive("interaction", u))
        set_(self, "tilt", others["tilt"])
        set_(self, "energy_unit", unit)
        self._spin()  # its limits on N and Γ/J hold here too

    @classmethod
    def from_lmg(cls, model: LMG | AnisotropicLMG) -> BoseJosephson:
        """The dimer with the same spectrum up to a constant: K = Γ/2, U = J/N, ε = h.

        Raises
        ------
        InputError
            For κ ≠ 0, which no interaction of two modes by density alone gives.
        """
        if getattr(model, "anisotropy", 0.0):
            raise _checks.fail("anisotropy", "0 for a dimer", model.anisotropy)  # type: ignore[union-attr]
        unit = "rad/s" if model.energy_unit == "rad/s" else "plain"
        tilt = getattr(model, "tilt", 0.0)
        return cls(model.spins, 0.5 * model.field, model.coupling / model.spins, tilt, energy_unit=unit)

    @property
    def field(self) -> float:
        """Γ = 2K."""
        return 2.0 * self.tunnelling

    @property
    def coupling(self) -> float:
        """J = NU."""
        return self.spins * self.interaction

    @property
    def strength(self) -> float:
        """Λ = NU/2K = J/Γ; two wells above 1."""
        return self.coupling / self.field

    @property
    def field_ratio(self) -> float:
        """Γ/J = 1/Λ."""
        return self.field / self.coupling

    @property
    def constant(self) -> float:
        """-U N(N-2)/4: what energies of the dimer have beyond those of the LMG model, which are given here."""
        return -0.25 * self.interaction * self.spins * (self.spins - 2)

    def lmg(self) -> LMG:
        """The LMG model with the same levels, without the tilt."""
        return LMG(self.spins, self.field, self.coupling, energy_unit=self.energy_unit)

    def _spin(self) -> LMG | AnisotropicLMG:
        if not self.tilt:
            return self.lmg()
        return AnisotropicLMG(self.spins, self.field, 0.0, self.coupling, self.tilt, energy_unit=self.energy_unit)

    @property
    def phase(self) -> str:
        """Mean-field phase without the tilt: "ordered" (Λ > 1), "critical" or "disordered"."""
        return self._spin().phase

    @property
    def order_parameter(self) -> float:
        """m* = sqrt(1 - 1/Λ²), the imbalance of the wells over N; PhaseError for Λ <= 1."""
        return self._spin().order_parameter

    @property
    def mean_field_moment(self) -> float:
        """G_loc = (N m*)²/2 [10] of Jz; PhaseError for Λ <= 1."""
        return self._spin().mean_field_moment

    def parameters(self) -> dict[str, Any]:
        """What the model is, as answers show it."""
        return {
            "model": "bose-josephson",
            "spins": self.spins,
            "tunnelling": self.tunnelling,
            "interaction": self.interaction,
            "tilt": self.tilt,
            "strength": self.strength,
            "constant": self.constant,
            "field": self.field,
            "coupling": self.coupling,
            "field_ratio": self.field_ratio,
            "phase": self.phase,
        }

    def hamiltonian(self) -> CollectiveOperator:
        """H without its constant, as an operator of the spin."""
        return (-self.interaction) * (Jz @ Jz) + (-self.field) * Jx + (-self.tilt) * Jz

    def jump_operators(self) -> dict[str, CollectiveOperator]:
        """Noise of the energy difference of the modes (Jz) and of the tunnelling (Jx)."""
        return {"Jz": Jz, "Jx": Jx}

    def semiclassics(self) -> LMGSemiclassics:
        """Closed forms, as of the LMG model; PhaseError for Λ <= 1."""
        return self.lmg().semiclassics()

    def spin_coherent_amplitudes(self, m: Array) -> Array:
        """<m|θ*> of the mean-field state, all bosons in one orbital, at <Jz> = +N m*/2."""
        return self._spin().spin_coherent_amplitudes(m)

    def potential(self, m: ArrayLike) -> Array:
        """Lowest classical energy at Jz = m, without the constant."""
        return self._spin().potential(m)

    def levels(self, count: int = 12) -> Levels:
        """The `count` lowest levels, energies without the constant."""
        return self._spin().levels(count)

    def doublet(self) -> Doublet | JumpDoublet:
        """The two lowest states; a `JumpDoublet` under Jz with a tilt."""
        if self.tilt:
            return doublet_of(self.levels(min(3, self.spins + 1)), Jz, order=Jz, source=self)
        return replace(self.lmg().doublet(), source=self)
