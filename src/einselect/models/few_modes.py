"""One spin and a few explicit modes, in the basis of the best displaced oscillators (Silbey and Harris).

With U = exp(½σz sum f_k/ω_k (b_k† - b_k)) the modes are displaced by ∓f_k/2ω_k. In each parity block, whose states
are (|+, n> ± (-1)^n |-, n>)/√2, n = sum n_k,

    H± = sum_k [ω_k n_k + ½(g_k - f_k)(b_k + b_k†) + f_k²/4ω_k - f_k g_k/2ω_k] ∓ (Δ/2) ⊗_k D(f_k/ω_k) (-1)^n_k,

on the Fock states of the modes alone. f_k = g_k/(1 + Δ_r/ω_k) with Δ_r = Δ exp(-½ sum f_k²/ω_k²) makes the vacuum the
best state of its kind: fast modes follow the spin, slow ones stay behind, and few quanta are left to add.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from ..boson import destroy, displacement, parity
from ..errors import InputError, ResolutionError
from ..jump_doublet import JumpDoublet, doublet_of
from ..level_set import Array
from ..matrix_levels import MatrixLevels, MatrixOperator, NamedOperator
from ..spectrum.blocks import Block, judged
from .base import alike_in
from .blocks import joined, with_splitting
from .coordinate import STATES, CoordinateStates, cropped, grid, reach_of, transition_densities
from .few_modes_splitting import few_modes_splitting

_MOST_STATES = 100_000
_TOP = 1e-12  # population of the uppermost kept state of each mode
_START = 4
_DENSE = 300
_WORTH = 1e-9  # relative error of a splitting from which it is worked out again


def silbey_harris(tunnelling: float, frequencies: Array, couplings: Array) -> tuple[float, Array]:
    """Δ_r and the f_k of the variational polaron: the solution with the largest Δ_r, 0 where there is none above it.

    Δ_r = Δ exp(-½ sum g_k²/(ω_k + Δ_r)²), f_k = g_k/(1 + Δ_r/ω_k).

    Parameters
    ----------
    tunnelling : float
        Δ.
    frequencies, couplings : ndarray
        ω_k > 0 and g_k.

    Examples
    --------
    >>> import numpy as np
    >>> from einselect.models.few_modes import silbey_harris
    >>> dressed, _ = silbey_harris(1.0, np.array([50.0]), np.array([50.0]))  # a fast mode: Δ exp(-½)
    >>> print(f"{dressed:.4f} {np.exp(-0.5):.4f}")
    0.6139 0.6065
    """
    dressed = tunnelling
    for _ in range(10_000):  # from above the iteration falls on the largest solution, each step smaller than the last
        step = tunnelling * math.exp(-0.5 * float(((couplings / (frequencies + dressed)) ** 2).sum()))
        if abs(step - dressed) <= 1e-15 * tunnelling:
            break
        dressed = step
    return dressed, couplings / (1.0 + dressed / frequencies)


@dataclass(frozen=True, init=False)
class FewModes:
    r"""One spin ½ and M modes, H = -(Δ/2) σx + sum_k ω_k b_k†b_k + (σz/2) sum_k g_k (b_k + b_k†), ħ = 1.

    Parity Π = σx exp(iπ sum b†b); σz and every b_k are odd. One mode is the `Rabi` model with ω0 = Δ, λ = g/2.

    Parameters
    ----------
    tunnelling : float or str
        Δ > 0. All energies are plain numbers in one unit, or all have units.
    frequencies, couplings : sequence of float or str
        ω_k > 0 and g_k, one of each a mode.

    Raises
    ------
    InputError
        For parameters that are not above zero, or no modes, or not as many of one as of the other.
    UnitError
        For some with and some without a unit.

    Notes
    -----
    The number of quanta of each mode is raised until its uppermost state holds less than 1e-12 of every level kept.
    A splitting too small for a difference of two energies in double precision is worked out on Fock states to as many
    digits as it takes (`few_modes_splitting`), for up to three modes that are not too far displaced.

    Examples
    --------
    >>> from einselect.models import FewModes
    >>> d = FewModes(1.0, frequencies=[0.5, 2.0], couplings=[1.0, 1.5]).doublet()
    >>> print(f"{d.splitting:.6f} {d.j01:.6f} {d.eta_exact:.6f}")
    0.108125 0.420453 1.707122
    """

    tunnelling: float
    frequencies: tuple[float, ...]
    couplings: tuple[float, ...]
    energy_unit: str = "plain"

    def __init__(
        self,
        tunnelling: float | str,
        frequencies: Sequence[float | str],
        couplings: Sequence[float | str],
        *,
        energy_unit: str | None = None,
    ) -> None:
        w, g = _listed("frequencies", frequencies), _listed("couplings", couplings)
        if not w or len(w) != len(g):
            raise InputError(f"frequencies and couplings must be one or more of each; got {len(w)} and {len(g)}")
        given = {"tunnelling": tunnelling}
        given |= {f"frequencies[{k}]": value for k, value in enumerate(w)}
        given |= {f"couplings[{k}]": value for k, value in enumerate(g)}
        if energy_unit is None:
            values, unit = alike_in(**given)
        else:  # numbers that were read already
            unit = _checks.one_of("energy_unit", energy_unit, ("plain", "rad/s"))
            values = {name: _checks.number(name, value) for name, value in given.items()}
        set_ = object.__setattr__
        set_(self, "tunnelling", _checks.positive("tunnelling", values["tunnelling"]))
        set_(
            self,
            "frequencies",
            tuple(_checks.positive("frequencies", values[f"frequencies[{k}]"]) for k in range(len(w))),
        )
        set_(self, "couplings", tuple(values[f"couplings[{k}]"] for k in range(len(g))))
        set_(self, "energy_unit", unit)

    def parameters(self) -> dict[str, Any]:
        """What the model is, as answers show it."""
        return {
            "model": "few-modes",
            "tunnelling": self.tunnelling,
            "frequencies": list(self.frequencies),
            "couplings": list(self.couplings),
            "dressed": self.dressed[0],
        }

    @property
    def dressed(self) -> tuple[float, Array]:
        """Δ_r and f_k of the variational polaron."""
        return silbey_harris(self.tunnelling, np.array(self.frequencies), np.array(self.couplings))

    @property
    def most_levels(self) -> int:
        """How many levels can be asked for."""
        return 60

    @property
    def order_operator(self) -> str:
        """The operator that tells the two wells apart, whose sign is the natural readout."""
        return "sz"

    def jump_operators(self) -> tuple[str, ...]:
        """Names of the jump operators: "sz" = σz/2, and "b0", "b1", ... for each mode."""
        return ("sz", *(f"b{k}" for k in range(len(self.frequencies))))

    def operator(self, name: str) -> NamedOperator:
        """One of them by name, for `JumpOperator`; levels look it up, with the number of quanta that they have."""
        return NamedOperator(_checks.one_of("jump", name, self.jump_operators()))

    def block(self, sign: int, sizes: Sequence[int]) -> Any:
        """One parity block on the Fock states of the modes (the last one fastest), as a linear operator."""
        from scipy.sparse.linalg import LinearOperator

        _, f = self.dressed
        w, g = np.array(self.frequencies), np.array(self.couplings)
        local, overlaps = [], []
        for k, size in enumerate(sizes):
            a = destroy(size)
            local.append(np.diag(w[k] * np.arange(size)) + 0.5 * (g[k] - f[k]) * (a + a.T))
            overlaps.append(displacement(f[k] / w[k], size, size) * parity(size))
        constant = float((f * f / (4.0 * w) - f * g / (2.0 * w)).sum())
        shape = tuple(sizes)

        def act(x: Array) -> Array:
            psi = np.reshape(x, (*shape, -1))  # vectors side by side last
            result, crossed = constant * psi, psi
            for k in range(len(shape)):
                result = result + np.moveaxis(np.tensordot(local[k], psi, axes=(1, k)), 0, k)
                crossed = np.moveaxis(np.tensordot(overlaps[k], crossed, axes=(1, k)), 0, k)
            return np.asarray(result - 0.5 * sign * self.tunnelling * crossed).reshape(np.shape(x))

        size = math.prod(shape)
        return LinearOperator((size, size), matvec=act, matmat=act, dtype=np.float64)

    def operators(self, sizes: Sequence[int]) -> dict[str, MatrixOperator]:
        """Operators by name on both blocks, even first: σz/2 and b_k = b - σz f_k/2ω_k both lead across."""
        from scipy.sparse import csr_array, eye_array, kron

        _, f = self.dressed
        swap = csr_array(np.array([[0.0, 1.0], [1.0, 0.0]]))
        ones = eye_array(math.prod(sizes))
        found = {"sz": MatrixOperator("sz", csr_array(kron(0.5 * swap, ones)), -1)}
        for k, size in enumerate(sizes):
            before, after = math.prod(sizes[:k]), math.prod(sizes[k + 1 :])
            a = kron(eye_array(before), kron(csr_array(destroy(size)), eye_array(after)))
            shifted = a - 0.5 * f[k] / self.frequencies[k] * ones
            found[f"b{k}"] = MatrixOperator(f"b{k}", csr_array(kron(swap, shifted)), -1)
        return found

    def levels(self, count: int = 6) -> MatrixLevels:
        """The `count` lowest levels.

        Raises
        ------
        ResolutionError
            If the modes would need more than 100000 states together.
        """
        _checks.whole("levels", count, 2, self.most_levels)
        sizes = [_START + (count if len(self.frequencies) == 1 else 1) for _ in self.frequencies]
        while True:
            if math.prod(sizes) > _MOST_STATES:
                raise ResolutionError(
                    f"the modes must need at most {_MOST_STATES} states together; got {' x '.join(map(str, sizes))}"
                )
            solved = [_solve(self.block(sign, sizes), count) for sign in (1, -1)]
            tops = np.max([_tops(block.vectors, sizes) for block in solved], axis=0)
            if tops.max() <= _TOP:
                break
            sizes = [size + (0 if top <= _TOP else max(2, size // 4)) for size, top in zip(sizes, tops, strict=True)]
        zeros = [np.zeros_like(block.vectors) for block in solved]
        whole = [
            replace(solved[0], vectors=np.hstack((solved[0].vectors, zeros[0]))),
            replace(solved[1], vectors=np.hstack((zeros[1], solved[1].vectors))),
        ]
        # The uppermost population times its energy is what the energies are short of, about.
        cut = float(tops.max()) * sum(w * s for w, s in zip(self.frequencies, sizes, strict=True))
        found = joined(whole, (1, -1), count, self.operators(sizes), self.energy_unit, cut)
        quality = replace(found.quality, edge=math.sqrt(float(tops.max())))
        found = replace(found, quality=quality, factors=(2, *sizes))
        if found.quality.log_splitting_error <= _WORTH or found.parities[1] != -1:
            return found
        energies = float(found.energies[0]), float(found.energies[1])
        exact = few_modes_splitting(self.tunnelling, self.frequencies, self.couplings, energies)
        return found if exact is None else with_splitting(found, exact)

    def doublet(self, jump: str = "sz") -> JumpDoublet:
        """The two lowest states under one of the jump operators."""
        name = _checks.one_of("jump", jump, self.jump_operators())
        return doublet_of(self.levels(4), name, order="sz", source=self)

    def adiabatic_potential(self, positions: ArrayLike) -> Array:
        r"""Lowest energy at a given X = sum_k g_k x_k/g, x_k = (b_k + b_k†)/√2, g² = sum g_k², all else at its best.

            V(X) = ½ΩX² - ½ sqrt(Δ² + 2g²X²) + ½(sum_j ν_j - sum_k ω_k),     1/Ω = sum_k (g_k/g)²/ω_k,

        ν_j the frequencies of the modes at fixed X: their energy above that of the wells, with the zero-point energies
        that the Hamiltonian leaves out taken away. X is the only coordinate that the spin is coupled to.

        Parameters
        ----------
        positions : array_like
            X.

        Returns
        -------
        ndarray
            In the unit of the energies.

        Examples
        --------
        >>> from einselect.models import FewModes, Rabi
        >>> one = FewModes(1.0, [2.0], [3.0]).adiabatic_potential([0.0, 1.0])
        >>> bool(abs(one - Rabi(coupling=1.5, mode=2.0).adiabatic_potential([0.0, 1.0])).max() < 1e-15)
        True
        """
        x, c, g = np.asarray(positions, dtype=np.float64), np.array(self._direction()), math.hypot(*self.couplings)
        w = np.array(self.frequencies)
        # In y_k = x_k/√ω_k all masses are 1, and X is along u_k ~ c_k √ω_k.
        u = c * np.sqrt(w) / np.linalg.norm(c * np.sqrt(w))
        across = np.eye(len(w)) - np.multiply.outer(u, u)
        squares = np.linalg.eigvalsh(across * w**2 @ across)  # that of u itself is 0, the lowest
        rest = 0.5 * (float(np.sqrt(squares[1:]).sum()) - float(w.sum()))
        stiffness = 1.0 / float((c * c / w).sum())
        return np.asarray(0.5 * stiffness * x * x - 0.5 * np.hypot(self.tunnelling, math.sqrt(2.0) * g * x) + rest)

    def along_coordinate(self, levels: MatrixLevels) -> CoordinateStates:
        """The two lowest states along X, the coordinate that the spin is coupled to.

        Raises
        ------
        InputError
            Where no mode is coupled, or the modes need more than 20000 states.
        """
        c, w = np.array(self._direction()), np.array(self.frequencies)
        sizes = levels.factors[1:]
        away = float(math.sqrt(0.5) * (c * self.dressed[1] / w).sum())  # the spin up pulls the modes to -X
        x = grid(abs(away) + reach_of(sum(sizes)))
        blocks = levels.vectors[:2].reshape(2, 2, -1)
        own = np.abs(blocks).max(axis=2).argmax(axis=1)  # the block of each state
        parts = blocks[[0, 1], own].reshape(2, *sizes)
        up = 0.5 * transition_densities(parts, c.tolist(), x + away)
        # |-, n> carries the sign of the block and (-1)^n, which mirrors x_k.
        signs = 1.0 - 2.0 * own
        down = up[:, :, ::-1] * np.multiply.outer(signs, signs)[:, :, None]
        mixed = np.stack([levels.state(name)[:2] for name in STATES])
        x, densities = cropped(x, np.einsum("sa,abx,sb->sx", mixed, up + down, mixed))
        meaning = "(b_0 + b_0†)/√2" if len(c) == 1 else "Σ_k g_k(b_k + b_k†)/√(2 Σ_k g_k²)"
        return CoordinateStates(
            "X",
            meaning,
            x,
            dict(zip(STATES, densities, strict=True)),
            self.adiabatic_potential(x),
            self.energy_unit,
        )

    def _direction(self) -> list[float]:
        g = math.hypot(*self.couplings)
        if g == 0.0:
            raise InputError(f"couplings must not all be zero for a coordinate; got {list(self.couplings)}")
        return [value / g for value in self.couplings]


def _listed(name: str, given: Any) -> list[Any]:
    """A list of energies; one that is no list is refused."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise _checks.fail(name, "a list with one value for each mode", given)
    return list(given)


def _solve(block: Any, count: int) -> Block:
    """Lowest states of one block: dense where small, else Lanczos."""
    size = block.shape[0]
    wanted = min(count, size - 2)
    if size <= _DENSE:
        from scipy.linalg import eigh

        dense = block @ np.eye(size)
        return judged(dense, eigh(0.5 * (dense + dense.T), subset_by_index=(0, wanted - 1))[1])
    from scipy.sparse.linalg import eigsh

    start = np.zeros(size)
    start[0] = 1.0
    start += 1e-3 * np.random.default_rng(3).standard_normal(size) / math.sqrt(size)
    values, vectors = eigsh(block, k=wanted, which="SA", v0=start, ncv=max(40, 3 * wanted))
    return judged(block, vectors[:, np.argsort(values)])


def _tops(vectors: Array, sizes: Sequence[int]) -> Array:
    """For each mode the largest population of its uppermost kept state, over the states."""
    weights = (vectors**2).reshape(len(vectors), *sizes)
    return np.array([float(np.take(weights, -1, axis=k + 1).reshape(len(vectors), -1).sum(1).max())
                     for k in range(len(sizes))])  # fmt: skip
