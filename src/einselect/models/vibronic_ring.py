"""Molecular aggregates of M equal sites, a ring or a chain: one excitation, a vibration on every site."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import _checks
from ..errors import InputError, ResolutionError
from ..jump_doublet import JumpDoublet, doublet_of
from ..level_set import Array
from ..matrix_levels import MatrixLevels, MatrixOperator, NamedOperator
from .base import alike_in
from .blocks import levels_by_parity
from .coordinate import CoordinateStates

_MOST_SITES = 9  # with the fewest quanta that are tried, more would need more states than are taken
_MOST_STATES = 20_000
_TOP = 1e-12  # population of the states with the most quanta that are kept
_START = 4


def reflection_modes(sites: int) -> Array:
    """Orthonormal modes of relative motion, u_q(i) = sqrt(2/M) cos(πq(i - ½)/M): reflection makes u_q (-1)^q u_q.

    Returns
    -------
    ndarray, shape (M - 1, M)
        Rows q = 1, ..., M - 1.

    Examples
    --------
    >>> from einselect.models.vibronic_ring import reflection_modes
    >>> reflection_modes(2).round(4)
    array([[ 0.7071, -0.7071]])
    """
    q, i = np.arange(1, sites)[:, None], np.arange(1, sites + 1)[None, :]
    return np.asarray(math.sqrt(2.0 / sites) * np.cos(math.pi * q * (i - 0.5) / sites))


@dataclass(frozen=True, init=False)
class VibronicRing:
    r"""One excitation on M equal molecules in a ring or a chain, each with a vibration of its own, ħ = 1.

        H = V sum_i (|i><i+1| + |i+1><i|) + cV (|M><1| + |1><M|) + sum_i ω b_i†b_i + ω√S sum_i |i><i| (b_i + b_i†)

    The last bond closes the ring (c = 1), or is absent (c = 0: a chain), or weaker or stronger than the others. The
    reflection i -> M + 1 - i is its parity. Relative motions B_q = sum_i u_q(i) b_i (`reflection_modes`) have parity
    (-1)^q; the sum of all vibrations decouples, with the energy -ωS/M (left out, `constant`), and

        H = V (...) + sum_q ω B_q†B_q + ω√S sum_q (sum_i u_q(i) |i><i|) (B_q + B_q†).

    M = 2, c = 0 is the `VibronicDimer`. H-type aggregates have V > 0, J-type V < 0.

    Parameters
    ----------
    sites : int
        M, from 3 to 9; from 2 for a chain. The states needed grow fast with S: S = 1 fits up to 5 sites, 0.05 up to 7.
    coupling : float or str
        V, not zero. Energies are plain numbers in one unit, or all have units.
    huang_rhys : float
        S > 0.
    mode : float or str
        ω > 0.
    closing : float
        c.

    Raises
    ------
    InputError
        For parameters out of these ranges, or an excitation whose ground state is twofold without vibrations, as in a
        closed ring of an odd number of sites with V > 0.

    Notes
    -----
    M sites are M wells: M levels, not two, lie below the first vibrational quantum, and for M > 2 the doublet is not
    isolated from the next of them. In a ring with c = 1 every state that moves round it has a partner with the same
    energy, one of either parity; the doublet is then the ground state and the odd one of the next two, and the gap
    ratio is 1. In a chain, or with another last bond, it is above 1. Rates are those of Eq. 12 all the same, with the
    other wells in the leakage; `dephasing_rates` says that the regime is none of two wells.

    Jump operators: "difference", ½ the population of the first half less that of the second, odd, as are "pair1", ...,
    (|i><i| - |i'><i'|)/2 of sites that mirror each other, and "b1", ..., loss from (b_i - b_i')/√2; "site1", ..., a
    molecule's energy, of no parity.

    The number of quanta is raised until states with all of them hold less than 1e-12 of every level kept.

    Examples
    --------
    >>> from einselect.models import VibronicRing
    >>> d = VibronicRing(sites=3, coupling=-0.3, huang_rhys=2.0, closing=0.0).doublet()
    >>> print(f"{d.splitting:.6f} {d.j01:.6f} {d.eta_exact:.6f}")
    0.082085 0.314347 1.562333
    """

    sites: int
    coupling: float
    huang_rhys: float
    mode: float
    closing: float
    energy_unit: str

    def __init__(
        self,
        sites: int,
        coupling: float | str,
        huang_rhys: float,
        mode: float | str = 1.0,
        closing: float = 1.0,
    ) -> None:
        values, unit = alike_in(coupling=coupling, mode=mode)
        if values["coupling"] == 0.0:
            raise _checks.fail("coupling", "other than 0", coupling)
        set_ = object.__setattr__
        set_(self, "closing", _checks.number("closing", closing))
        set_(self, "sites", _checks.whole("sites", sites, 3 if self.closing else 2, _MOST_SITES))
        set_(self, "coupling", values["coupling"])
        set_(self, "huang_rhys", _checks.positive("huang_rhys", huang_rhys))
        set_(self, "mode", _checks.positive("mode", values["mode"]))
        set_(self, "energy_unit", unit)
        lowest = np.linalg.eigvalsh(self.hopping())[:2]
        if lowest[1] - lowest[0] <= 1e-9 * abs(lowest[0]):
            raise InputError(
                "sites, coupling and closing must leave the excitation alone a single ground state, as an even number "
                f"of sites or coupling < 0 does in a closed ring; got {self.sites}, {coupling!r} and {self.closing:g}"
            )

    @property
    def kind(self) -> str:
        """Type of the aggregate: "H" (V > 0) or "J" (V < 0)."""
        return "H" if self.coupling > 0.0 else "J"

    @property
    def constant(self) -> float:
        """-ωS/M, the energy of the sum of all vibrations, which the energies here leave out."""
        return -self.mode * self.huang_rhys / self.sites

    @property
    def most_levels(self) -> int:
        """How many levels can be asked for."""
        return 40

    def parameters(self) -> dict[str, Any]:
        """What the model is, as answers show it."""
        return {
            "model": "ring",
            "sites": self.sites,
            "coupling": self.coupling,
            "huang_rhys": self.huang_rhys,
            "mode": self.mode,
            "closing": self.closing,
            "kind": self.kind,
            "constant": self.constant,
        }

    @property
    def order_operator(self) -> str:
        """The operator that tells the two wells apart, whose sign is the natural readout."""
        return "difference"

    def jump_operators(self) -> tuple[str, ...]:
        """Names of the jump operators, the difference of the halves first."""
        pairs = range(1, self.sites // 2 + 1)
        return (
            "difference",
            *(f"pair{i}" for i in pairs),
            *(f"site{i}" for i in range(1, self.sites + 1)),
            *(f"b{i}" for i in pairs),
        )

    def operator(self, name: str) -> NamedOperator:
        """One of them by name, for `JumpOperator`."""
        return NamedOperator(_checks.one_of("jump", name, self.jump_operators()))

    def hopping(self) -> Array:
        """The excitation alone, shape (M, M)."""
        h = self.coupling * (np.eye(self.sites, k=1) + np.eye(self.sites, k=-1))
        h[0, -1] += self.closing * self.coupling
        h[-1, 0] += self.closing * self.coupling
        return h

    def matrices(self, quanta: int) -> tuple[Any, Any, dict[str, MatrixOperator]]:
        """H, the reflection and the jump operators, with at most that many quanta in all relative motions together.

        Returns
        -------
        hamiltonian, reflection : SciPy sparse array, shape (d, d)
            Sites slowest.
        operators : dict of str to MatrixOperator
        """
        from scipy.sparse import csr_array, diags_array, eye_array, kron

        lowering, numbers = _modes(self.sites - 1, quanta)
        shapes, size, m = reflection_modes(self.sites), len(numbers), self.sites
        one = eye_array(size)
        h = kron(csr_array(self.hopping()), one) + kron(eye_array(m), diags_array(self.mode * numbers.sum(axis=1)))
        for shape, lower in zip(shapes, lowering, strict=True):
            h = h + self.mode * math.sqrt(self.huang_rhys) * kron(diags_array(shape), lower + lower.T)
        odd = numbers[:, ::2].sum(axis=1) % 2  # q = 1, 3, ...
        reflection = kron(csr_array(np.eye(m)[::-1]), diags_array(1.0 - 2.0 * odd))

        def on_sites(name: str, weights: Array, parity: int) -> MatrixOperator:
            return MatrixOperator(name, csr_array(kron(diags_array(weights), one)), parity)

        units, half = np.eye(m), m // 2
        found = {"difference": on_sites("difference", 0.5 * (units[:half].sum(0) - units[m - half :].sum(0)), -1)}
        for i in range(half):
            found[f"pair{i + 1}"] = on_sites(f"pair{i + 1}", 0.5 * (units[i] - units[m - 1 - i]), -1)
        for i in range(m):
            found[f"site{i + 1}"] = on_sites(f"site{i + 1}", units[i], 0)
        for i in range(half):
            both = zip(shapes[::2], lowering[::2], strict=True)
            loss = sum((math.sqrt(2.0) * shape[i] * lower for shape, lower in both), start=csr_array((size, size)))
            found[f"b{i + 1}"] = MatrixOperator(f"b{i + 1}", csr_array(kron(eye_array(m), loss)), -1)
        return csr_array(h), csr_array(reflection), found

    def levels(self, count: int = 6) -> MatrixLevels:
        """The `count` lowest levels, with the sum of all vibrations in its ground state.

        Raises
        ------
        ResolutionError
            If more than 20000 states would be needed.
        """
        _checks.whole("levels", count, 2, self.most_levels)
        quanta = _START + math.ceil(2.0 * self.huang_rhys)
        while True:
            states = self.sites * math.comb(quanta + self.sites - 1, quanta)
            if states > _MOST_STATES:
                raise ResolutionError(
                    f"sites and huang_rhys must need at most {_MOST_STATES} states; got {states} with {quanta} quanta"
                )
            h, reflection, operators = self.matrices(quanta)
            # One more, so that both of a degenerate pair at the end are seen.
            wanted = min(max(count + 1, 3), h.shape[0])
            found = levels_by_parity(h, reflection, wanted, operators, self.energy_unit)
            top = self._top(found, quanta)
            if top <= _TOP:
                break
            quanta += max(2, quanta // 4)
        # The uppermost population times its energy is what the energies are short of, about.
        cut = top * quanta * self.mode
        quality = replace(found.quality, energy_error=found.quality.energy_error + cut, edge=math.sqrt(top))
        return _odd_first(replace(found, quality=quality), min(count, wanted))

    def doublet(self, jump: str = "difference") -> JumpDoublet:
        """The two lowest states (of a ring: the odd one of the two that come next) under a jump operator."""
        name = _checks.one_of("jump", jump, self.jump_operators())
        return doublet_of(self.levels(4), name, order=self.order_operator, source=self)

    def along_coordinate(self, levels: MatrixLevels) -> CoordinateStates:
        """Nothing: M wells in M - 1 coordinates are not drawn along one.

        Raises
        ------
        InputError
            Always.
        """
        del levels
        if self.sites == 2:
            raise InputError("model must be the dimer, the same system, to draw its states; got a chain of two sites")
        raise InputError(
            f"model must have two wells along one coordinate to draw its states; got an aggregate of {self.sites} "
            f"sites, which has {self.sites} wells in {self.sites - 1} coordinates"
        )

    def _top(self, levels: MatrixLevels, quanta: int) -> float:
        _, numbers = _modes(self.sites - 1, quanta)
        full = np.tile(numbers.sum(axis=1) == quanta, self.sites)
        return float((levels.vectors[:, full] ** 2).sum(axis=1).max())


def _modes(modes: int, quanta: int) -> tuple[list[Any], Any]:
    """B_q on the states with at most so many quanta in all, and their occupations, shape (states, modes)."""
    from scipy.sparse import csr_array

    # Gaps between bars: `modes` of them among quanta + modes places give the occupations of modes + 1 boxes.
    bars = np.array(list(itertools.combinations(range(quanta + modes), modes)), dtype=np.int64)
    numbers = np.diff(bars, axis=1, prepend=-1) - 1
    index = {tuple(row): n for n, row in enumerate(numbers.tolist())}
    lowering = []
    for q in range(modes):
        source = np.flatnonzero(numbers[:, q])
        target = numbers[source].copy()
        target[:, q] -= 1
        rows = [index[tuple(row)] for row in target.tolist()]
        values = np.sqrt(numbers[source, q])
        lowering.append(csr_array((values, (rows, source)), shape=(len(numbers),) * 2))
    return lowering, numbers


def _odd_first(levels: MatrixLevels, count: int) -> MatrixLevels:
    """The levels with the odd one first of two that are degenerate above the ground state, and no more than asked."""
    order = np.arange(len(levels))
    degenerate = levels.excitations[2] - levels.excitations[1] <= 4.0 * levels.quality.energy_error
    if degenerate and levels.parities[1] > 0 and levels.parities[2] < 0:
        order[[1, 2]] = 2, 1
    vectors, kept = levels.vectors[order][:count].copy(), order[:count]
    if float(vectors[0] @ (levels.operators["difference"].matrix @ vectors[1])) < 0.0:
        vectors[1] *= -1.0  # |P> lies on the first half
    energies = np.maximum.accumulate(levels.energies[kept])
    return replace(
        levels,
        energies=energies,
        excitations=energies - energies[0],
        parities=levels.parities[kept],
        vectors=vectors,
    )
