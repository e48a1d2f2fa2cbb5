"""The vibronic homodimer: one excitation on two equal molecules, each with a vibration of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import ArrayLike

from .. import _checks
from ..jump_doublet import JumpDoublet, doublet_of
from ..level_set import Array
from ..matrix_levels import MatrixLevels, MatrixOperator, NamedOperator
from .base import alike_in
from .coordinate import CoordinateStates
from .rabi import Rabi

_MOST_HUANG_RHYS, _MOST_COUPLING = 5000.0, 5000.0  # what `Rabi` takes: λ <= 50 ω, ω0 <= 10000 ω
_JUMPS = ("difference", "site1", "site2", "b")


@dataclass(frozen=True, init=False)
class VibronicDimer:
    r"""One excitation on two molecules, with a vibration each, symmetric under their exchange, ħ = 1.

        H = V(|1><2| + |2><1|) + sum_i ω b_i†b_i + ω√S sum_i |i><i| (b_i + b_i†)

    Exchange of the two molecules is its parity. With b∓ = (b_1 ∓ b_2)/√2 the sum mode decouples, with the energy
    -ωS/2 (left out, `constant`), and what is left is the Rabi model with ω0 = 2|V| and λ = ω sqrt(S/2):

        V σx + ω b-†b- + ω sqrt(S/2) σz (b- + b-†),     σz = |1><1| - |2><2|.

    H-type aggregates have V > 0, J-type V < 0. The sign turns into that of σx, so levels and rates are those of |V|;
    what differs is which state of the doublet is bright (`bright`): the one symmetric in the excitation.

    Parameters
    ----------
    coupling : float or str
        V, not zero, at most 5000 ω. Energies are plain numbers in one unit, or all have units.
    huang_rhys : float
        S > 0, at most 5000.
    mode : float or str
        ω > 0.

    Notes
    -----
    Jump operators: "difference" (|1><1| - |2><2|)/2, odd; "site1" and "site2", one molecule's energy, of no parity, but
    with the same rates, since a constant added to a Hermitian L changes nothing; "b", loss from the difference mode.

    Examples
    --------
    >>> from einselect.models import VibronicDimer
    >>> d = VibronicDimer(coupling=-0.5, huang_rhys=4.0).doublet()
    >>> print(f"{d.splitting:.6f} {d.j01:.6f} {d.eta_exact:.6f}")
    0.019610 0.492909 1.971839
    """

    coupling: float
    huang_rhys: float
    mode: float
    energy_unit: str

    def __init__(self, coupling: float | str, huang_rhys: float, mode: float | str = 1.0) -> None:
        values, unit = alike_in(coupling=coupling, mode=mode)
        if values["coupling"] == 0.0:
            raise _checks.fail("coupling", "other than 0", coupling)
        set_ = object.__setattr__
        set_(self, "coupling", values["coupling"])
        set_(self, "huang_rhys", _checks.positive("huang_rhys", huang_rhys))
        set_(self, "mode", _checks.positive("mode", values["mode"]))
        set_(self, "energy_unit", unit)
        if not self.huang_rhys <= _MOST_HUANG_RHYS:
            raise _checks.fail("huang_rhys", f"at most {_MOST_HUANG_RHYS:g}", huang_rhys)
        if abs(self.coupling) > _MOST_COUPLING * self.mode:
            limit = f"from {-_MOST_COUPLING:g} to {_MOST_COUPLING:g}"
            raise _checks.fail("coupling/mode", limit, self.coupling / self.mode)

    def rabi(self) -> Rabi:
        """The Rabi model with the same levels, in plain numbers."""
        return Rabi(self.mode * math.sqrt(0.5 * self.huang_rhys), self.mode, 2.0 * abs(self.coupling))

    @property
    def kind(self) -> str:
        """Type of the aggregate: "H" (V > 0) or "J" (V < 0)."""
        return "H" if self.coupling > 0.0 else "J"

    @property
    def bright(self) -> str:
        """Which state of the doublet has the symmetric excitation (with an even vibration): "E0" for J, "E1" for H."""
        return "E1" if self.coupling > 0.0 else "E0"

    @property
    def constant(self) -> float:
        """-ωS/2, the energy of the sum mode, which the energies here leave out."""
        return -0.5 * self.mode * self.huang_rhys

    @property
    def most_levels(self) -> int:
        """How many levels can be asked for."""
        return self.rabi().most_levels

    def parameters(self) -> dict[str, Any]:
        """What the model is, as answers show it."""
        return {
            "model": "dimer",
            "coupling": self.coupling,
            "huang_rhys": self.huang_rhys,
            "mode": self.mode,
            "kind": self.kind,
            "constant": self.constant,
        }

    @property
    def order_operator(self) -> str:
        """The operator that tells the two wells apart, whose sign is the natural readout."""
        return "difference"

    def jump_operators(self) -> tuple[str, ...]:
        """Names of the jump operators, that of the energy difference first."""
        return _JUMPS

    def operator(self, name: str) -> NamedOperator:
        """One of them by name, for `JumpOperator`."""
        return NamedOperator(_checks.one_of("jump", name, _JUMPS))

    def levels(self, count: int = 12) -> MatrixLevels:
        """The `count` lowest levels, with the sum mode in its ground state; energies without its constant."""
        from scipy.sparse import csr_array, eye_array

        found = self.rabi().levels(count)
        half, half_one = found.operators["Jx"].matrix, 0.5 * eye_array(found.dimension)
        operators = {
            "difference": MatrixOperator("difference", half, -1),
            "site1": MatrixOperator("site1", csr_array(half_one + half)),
            "site2": MatrixOperator("site2", csr_array(half_one - half)),
            "b": replace(found.operators["a"], name="b"),
        }
        # |P> lies on molecule 1.
        vectors = found.vectors.copy()
        if float(vectors[0] @ (half @ vectors[1])) < 0.0:
            vectors[1] *= -1.0
        return replace(found, operators=operators, vectors=vectors, energy_unit=self.energy_unit)

    def doublet(self, jump: str = "difference") -> JumpDoublet:
        """The two lowest states under one of the jump operators."""
        name = _checks.one_of("jump", jump, _JUMPS)
        return doublet_of(self.levels(4), name, order=self.order_operator, source=self)

    def adiabatic_potential(self, positions: ArrayLike) -> Array:
        """Lowest energy at a given x = (b- + b-†)/√2, ½ω(x² - 1) - sqrt(V² + ω²Sx²): see `Dicke`.

        Parameters
        ----------
        positions : array_like
            x.

        Returns
        -------
        ndarray
            In the unit of the energies, without that of the sum mode.
        """
        return self.rabi().adiabatic_potential(positions)

    def along_coordinate(self, levels: MatrixLevels) -> CoordinateStates:
        """The two lowest states along x = (b- + b-†)/√2, that of the difference of the two vibrations."""
        found = self.rabi().along_coordinate(levels)
        return replace(found, meaning="(b_- + b_-†)/√2", energy_unit=self.energy_unit)
