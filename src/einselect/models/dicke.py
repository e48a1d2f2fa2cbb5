"""The Dicke model in its polaron basis: for each Jx = m the mode is displaced to where the spins pull it.

With δ = 2λ/(ω√N) and b = a + δJx,

    H = ω b†b - (4λ²/ωN) Jx² + ω0 Jz,

and Jz, which leads from m to m ± 1, carries the overlap D(±δ) of neighbouring oscillators. Few quanta of b are needed
where many of a are: the mean field is in the basis. The parity is |m, n> -> (-1)^n |-m, n>.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from ..boson import destroy, displacement, half_line, parity
from ..errors import PhaseError, ResolutionError
from ..jump_doublet import JumpDoublet, doublet_of
from ..level_set import Array
from ..matrix_levels import MatrixLevels, MatrixOperator, NamedOperator
from ..spin import ladder
from .base import alike_in
from .blocks import joined, parity_blocks, with_splitting
from .coordinate import STATES, CoordinateStates, displaced_densities, four_states
from .dicke_splitting import dicke_splitting

_MAX_SPINS = 2000
_FIRST, _MOST = 8, 400
_BEYOND = 40
_MOST_LEVELS = 200
_CUT = 1e-9
_WORTH = 1e-9
_NEGLIGIBLE = 1e-20


@dataclass(frozen=True, init=False)
class Dicke:
    r"""N spins ½ and one mode, H = ω a†a + ω0 Jz + (2λ/√N)(a + a†) Jx, symmetric sector j = N/2, ħ = 1.

    Parity Π = exp(iπ(a†a + Jz + j)); a, a + a†, Jx and J- are odd, Jz and a†a even. Superradiant above
    λ_c = sqrt(ωω0)/2, with <Jx> = ±(N/2) m* and <a> = ∓(λ√N/ω) m*, m* = sqrt(1 - (λ_c/λ)⁴).

    Parameters
    ----------
    spins : int
        N >= 1; `Rabi` is N = 1.
    coupling : float or str
        λ > 0. All energies are plain numbers in one unit, or all have units.
    mode : float or str
        ω > 0, the frequency of the mode.
    spin : float or str
        ω0 > 0, that of the spins.

    Raises
    ------
    InputError
        For parameters that are not above zero, or some with and some without a unit.

    Notes
    -----
    The number of quanta kept is raised until what H carries out of the space is below 1e-9 ω for every level kept;
    `MatrixLevels.quality` has that as `edge`. Where the splitting is too small to be a difference of two energies in
    double precision it is worked out on Fock states to as many digits as it takes, with a bound on its error
    (`dicke_splitting`): ΔE = 2.6e-37 of N = 40 at λ = ω = ω0 in about 0.2 s. Beyond about 100 spins there it is given
    as a bound.

    Examples
    --------
    >>> from einselect.models import Dicke
    >>> d = Dicke(spins=20, coupling=0.7).doublet()  # photon loss, L = a
    >>> print(f"{d.splitting:.3e} {d.j01:.4f} {d.eta_exact:.4f}")
    2.588e-06 2.6638 1.9966
    """

    spins: int
    coupling: float
    mode: float
    spin: float
    energy_unit: str

    def __init__(self, spins: int, coupling: float | str, mode: float | str = 1.0, spin: float | str = 1.0) -> None:
        values, unit = alike_in(coupling=coupling, mode=mode, spin=spin)
        set_ = object.__setattr__
        set_(self, "spins", _checks.whole("spins", spins, 1, _MAX_SPINS))
        for name in ("coupling", "mode", "spin"):
            set_(self, name, _checks.positive(name, values[name]))
        set_(self, "energy_unit", unit)

    @property
    def critical_coupling(self) -> float:
        """λ_c = sqrt(ω ω0)/2."""
        return 0.5 * math.sqrt(self.mode * self.spin)

    @property
    def phase(self) -> str:
        """Mean-field phase: "ordered" (superradiant, λ > λ_c), "critical", or "disordered" (normal)."""
        if self.coupling == self.critical_coupling:
            return "critical"
        return "ordered" if self.coupling > self.critical_coupling else "disordered"

    @property
    def order_parameter(self) -> float:
        """m* = sqrt(1 - (λ_c/λ)⁴): <Jx> = ±N m*/2; PhaseError in the normal phase."""
        if self.phase != "ordered":
            raise PhaseError(
                f"the order parameter m* must be asked for in the superradiant phase (coupling > "
                f"{self.critical_coupling:.12g}); got coupling = {self.coupling:.12g}"
            )
        return math.sqrt(1.0 - (self.critical_coupling / self.coupling) ** 4)

    @property
    def mean_photon(self) -> float:
        """|<a>| of the mean field, (λ√N/ω) m*; PhaseError in the normal phase."""
        return self.coupling * math.sqrt(self.spins) / self.mode * self.order_parameter

    @property
    def shift(self) -> float:
        """δ = 2λ/(ω√N), the distance of the oscillators of neighbouring m."""
        return 2.0 * self.coupling / (self.mode * math.sqrt(self.spins))

    def parameters(self) -> dict[str, Any]:
        """What the model is, as answers show it."""
        return {
            "model": "dicke",
            "spins": self.spins,
            "coupling": self.coupling,
            "mode": self.mode,
            "spin": self.spin,
            "critical_coupling": self.critical_coupling,
            "phase": self.phase,
        }

    @property
    def most_levels(self) -> int:
        """How many levels can be asked for."""
        return _MOST_LEVELS

    def _m(self) -> Array:
        return np.asarray(np.arange(self.spins + 1) - 0.5 * self.spins, dtype=np.float64)

    def hamiltonian_matrix(self, quanta: int) -> Any:
        """H on |m> ⊗ |n>, n < `quanta`, m ascending and n fastest, as a sparse array."""
        from scipy.sparse import diags_array

        m, n = self._m(), np.arange(quanta)
        diagonal = self.mode * (n[None, :] - (self.shift * m[:, None]) ** 2)
        return (diags_array(diagonal.ravel()) + self.spin * self._dressed("z", quanta)).tocsr()

    def _dressed(self, axis: str, quanta: int) -> Any:
        """Jz or i Jy, both real here: (K+ ± K-)/2 with K± = Jz ∓ iJy the ladder of Jx, times the overlaps."""
        from scipy.sparse import csr_array, kron

        overlaps = displacement(self.shift, quanta, quanta)
        overlaps[np.abs(overlaps) < _NEGLIGIBLE] = 0.0
        steps = np.diag(0.5 * ladder(self._m()[:-1], 0.5 * self.spins), -1)
        up = csr_array(kron(csr_array(steps), csr_array(overlaps)))
        return csr_array(up + up.T if axis == "z" else up.T - up)

    def parity_matrix(self, quanta: int) -> Any:
        """Π on the same basis, its sign that the ground state is even: |m, n> -> (-1)^(N+n) |-m, n>."""
        from scipy.sparse import csr_array, diags_array, eye_array, kron

        sign = (-1.0) ** self.spins
        return csr_array(kron(sign * eye_array(self.spins + 1).tocsr()[::-1], diags_array(parity(quanta))))

    def operator_matrices(self, quanta: int) -> dict[str, MatrixOperator]:
        """Operators by name on the same basis: "a", "x" = a + a†, "Jx", "J-", "Jz", "n" = a†a."""
        from scipy.sparse import csr_array, diags_array, eye_array, kron

        ones = eye_array(self.spins + 1)
        jx = csr_array(kron(diags_array(self._m()), eye_array(quanta)))
        a = csr_array(csr_array(kron(ones, csr_array(destroy(quanta)))) - self.shift * jx)
        minus = csr_array(jx - self._dressed("iy", quanta))
        found = {"a": (a, -1), "x": (csr_array(a + a.T), -1), "Jx": (jx, -1), "J-": (minus, -1)}
        found |= {"Jz": (self._dressed("z", quanta), 1), "n": (csr_array(a.T @ a), 1)}
        operators = {name: MatrixOperator(name, matrix, sign) for name, (matrix, sign) in found.items()}
        return operators | {"x": replace(operators["x"], sign=lambda: self.sign_of_x(quanta))}

    def sign_of_x(self, quanta: int) -> Any:
        """sgn(a + a†) on the same basis, exact entries: at Jx = m the oscillator's q is divided at √2 δm."""
        from scipy.sparse import block_diag, csr_array

        return csr_array(block_diag([half_line(math.sqrt(2.0) * self.shift * m, quanta) for m in self._m().tolist()]))

    @property
    def order_operator(self) -> str:
        """The operator that tells the two wells apart, whose sign is the natural readout."""
        return "Jx"

    def jump_operators(self) -> tuple[str, ...]:
        """Names of the natural jump operators, photon loss first; `MatrixLevels.operators` has them as matrices."""
        return ("a", "x", "Jx", "J-", "Jz", "n")

    def levels(self, count: int = 12) -> MatrixLevels:
        """The `count` lowest levels, with as many quanta as they need.

        Raises
        ------
        ResolutionError
            If 400 quanta do not suffice.
        """
        _checks.whole("levels", count, 2, self.most_levels)
        quanta = max(_FIRST, 4 + math.ceil(2.0 * count / (self.spins + 1)))
        tried: list[tuple[int, float]] = []
        while True:
            blocks = parity_blocks(self.hamiltonian_matrix(quanta), self.parity_matrix(quanta), count)
            outside = self._outside(joined(blocks, (1, -1), count).vectors)
            tried.append((quanta, outside))
            if outside <= _CUT:
                # Operators, which take longer to make than the levels, are made for these quanta only.
                found = joined(blocks, (1, -1), count, self.operator_matrices(quanta), self.energy_unit)
                edge = replace(found.quality, edge=outside)
                return self._resolved(replace(found, quality=edge))
            if quanta >= _MOST:
                raise ResolutionError(
                    f"the number of quanta must be at most {_MOST}; with so many the states still reach out of the "
                    f"space by {outside:.1e}"
                )
            quanta = min(_MOST, _next(tried))

    def _resolved(self, found: MatrixLevels) -> MatrixLevels:
        """The same with the splitting to all its digits, where a difference of energies has lost too many."""
        if self.phase != "ordered" or found.quality.log_splitting_error <= _WORTH:
            return found
        energies = float(found.energies[0]), float(found.energies[1])
        exact = dicke_splitting(self.spins, self.coupling, self.mode, self.spin, energies)
        return found if exact is None else with_splitting(found, exact)

    def _outside(self, vectors: Array) -> float:
        """Largest ‖Q H ψ‖/ω over states: what leads out of the space, to more quanta than they have."""
        psi = vectors.reshape(len(vectors), self.spins + 1, -1)
        quanta = psi.shape[2]
        further = displacement(self.shift, quanta + _BEYOND, quanta)[quanta:]
        back = displacement(-self.shift, quanta + _BEYOND, quanta)[quanta:]
        steps = 0.5 * self.spin / self.mode * ladder(self._m()[:-1], 0.5 * self.spins)
        out = np.zeros((len(psi), self.spins + 1, _BEYOND), dtype=psi.dtype)
        out[:, 1:] += (psi[:, :-1] * steps[:, None]) @ further.T
        out[:, :-1] += (psi[:, 1:] * steps[:, None]) @ back.T
        return float(np.linalg.norm(out.reshape(len(psi), -1), axis=1).max())

    def mean_field(self, jump: str) -> float | None:
        """|<L>| of the mean field for an odd jump operator; None for an even one or in the normal phase."""
        if self.phase != "ordered":
            return None
        spins = 0.5 * self.spins * self.order_parameter
        return {"a": self.mean_photon, "x": 2.0 * self.mean_photon, "Jx": spins, "J-": spins}.get(jump)

    def doublet(self, jump: str = "a") -> JumpDoublet:
        """The two lowest states under one of the jump operators."""
        name = _checks.one_of("jump", jump, self.jump_operators())
        mean = self.mean_field(name)
        return doublet_of(
            self.levels(4),
            name,
            order=self.order_operator,
            source=self,
            order_parameter=self.order_parameter if self.phase == "ordered" else None,
            g_loc=None if mean is None else 2.0 * mean**2,
        )

    def adiabatic_potential(self, positions: ArrayLike) -> Array:
        r"""Lowest energy at a given x = (a + a†)/√2, the spins following it.

            V(x) = ½ω(x² - 1) - ½N sqrt(ω0² + 8λ²x²/N).

        Parameters
        ----------
        positions : array_like
            x.

        Returns
        -------
        ndarray
            In the unit of the energies; with ½ωp², p = i(a† - a)/√2, it bounds them from below.

        Examples
        --------
        >>> import numpy as np
        >>> from einselect.models import Dicke
        >>> model = Dicke(spins=20, coupling=0.7)
        >>> x = np.linspace(0.0, 10.0, 1001)
        >>> bottom = x[model.adiabatic_potential(x).argmin()]
        >>> print(f"{bottom:.2f} {np.sqrt(2.0) * model.mean_photon:.4f}")  # where the mean field has it
        3.81 3.8076
        """
        x = np.asarray(positions, dtype=np.float64)
        field = np.hypot(self.spin, math.sqrt(8.0 / self.spins) * self.coupling * x)
        return np.asarray(0.5 * self.mode * (x * x - 1.0) - 0.5 * self.spins * field)

    def along_coordinate(self, levels: MatrixLevels) -> CoordinateStates:
        """The two lowest states along x = (a + a†)/√2, whatever the spins do.

        Raises
        ------
        InputError
            For wells more than 5000 from x = 0.
        """
        states = four_states(levels, levels.vectors).reshape(len(STATES), self.spins + 1, -1)
        x, densities = displaced_densities(states, -math.sqrt(2.0) * self.shift * self._m())
        return CoordinateStates(
            "x",
            "(a + a†)/√2",
            x,
            dict(zip(STATES, densities, strict=True)),
            self.adiabatic_potential(x),
            self.energy_unit,
        )

    def operator(self, name: str) -> NamedOperator:
        """One of them by name, for `JumpOperator`; levels look it up, with the number of quanta that they have."""
        return NamedOperator(_checks.one_of("jump", name, self.jump_operators()))


def _next(tried: list[tuple[int, float]]) -> int:
    """Next number of quanta: where the exponential fall of two trials meets the tolerance, within bounds."""
    quanta, outside = tried[-1]
    if len(tried) < 2 or tried[-2][1] <= outside:
        return 2 * quanta
    before, larger = tried[-2]
    slope = math.log(larger / outside) / (quanta - before)
    return min(quanta + 2 + math.ceil(1.1 * math.log(outside / _CUT) / slope), 3 * quanta)
