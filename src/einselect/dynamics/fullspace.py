"""The Lindblad equation in the whole symmetric sector, with no truncation in energy: N up to a few thousand.

    dρ/dt = -i[H, ρ] + sum_k γ_k (L_k ρ L_k† - ½{L_k†L_k, ρ})

It is the check of the truncated `Lindbladian`, and what is left where heating reaches all levels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..errors import InputError
from ..rates import JumpOperator, check_jumps
from ..spin import operator
from .full_channel import Channel, build_channel
from .full_frame import Blocks, Frame, build_frame, jump_matrices
from .full_generator import Commutator
from .full_run import FullEvolution
from .full_splitting import A, B
from .full_states import initial_blocks
from .lindbladian import check_times

if TYPE_CHECKING:
    import xarray

    from .slow_modes import SlowModes

_GIB = 2.0**30
# ρ, the step taken whole and in halves, the block basis, scratch, eigenvectors: real numbers for each element of ρ.
_WORKING = 7.0


class How(TypedDict, total=False):
    """Keywords of `FullLindbladian.evolution`."""

    tolerance: float
    levels: int


@dataclass(frozen=True)
class FullLindbladian:
    """Liouvillian of given jump operators on all N + 1 levels of a model, matrix-free and parity-resolved.

    Parameters
    ----------
    model : LMG or alike
        With `spins`, `hamiltonian()` (real, symmetric in the Dicke basis), `energy_unit`.
    jumps : sequence of JumpOperator
        Hermitian or not; rates in the model's unit of energy (1/s for physical models).
    resolve : bool
        False works in one block, without parity: slower, as a check.
    memory_limit : float
        GiB that a run may need.

    Raises
    ------
    InputError
        For a model that is no collective spin, no or invalid jump operators, an H that is not real, or more memory than
        the limit (with the number).

    Notes
    -----
    A density matrix is kept as one real matrix (see `full_frame`), a step is a splitting of order 4 with exact
    flows of H and of the dephasing (see `full_splitting`), and its length follows an error estimate (`full_run`).
    One application of Jz dephasing costs four products of real matrices of half the size for each sector.

    Examples
    --------
    >>> from einselect import LMG, JumpOperator
    >>> from einselect.dynamics.fullspace import FullLindbladian
    >>> model = LMG(spins=50, field=0.95)
    >>> d = model.doublet()
    >>> rate = d.splitting / 8.8  # γ G01
    >>> full = FullLindbladian(model, [JumpOperator("Jz", rate / d.g01)])
    >>> answer = full.evolve("eigen-superposition", [0.0, 2.0 / rate])
    >>> print(f"{abs(answer.rho_01[-1].item()):.7f}")
    0.0670834
    """

    model: Any
    jumps: Sequence[JumpOperator]
    resolve: bool = True
    memory_limit: float = 8.0

    def __post_init__(self) -> None:
        _checks.positive("memory_limit", self.memory_limit)
        _check_spin(self.model)
        check_jumps(self.jumps, self.model.energy_unit)
        needed = self.memory_needed()
        if needed > self.memory_limit:
            raise InputError(
                f"spins must be few enough for {self.memory_limit:g} GiB; got {self.model.spins}, which need about "
                f"{needed:.1f} GiB"
            )

    def memory_needed(self) -> float:
        """GiB that a run takes at most, worked out beforehand.

        Three step sizes are kept ready, each with cosines and sines for the 6 different phases and the factors of
        dephasing for its 4 different flows.
        """
        plans = 3.0 * (1.5 * len({*A, 2.0 * A[0]}) + 0.5 * len(set(B)))
        return float(8.0 * (_WORKING + plans) * (self.model.spins + 1.0) ** 2 / _GIB)

    @cached_property
    def frame(self) -> Frame:
        """Parity blocks and their eigenvectors."""
        return build_frame(self.model.spins, self.model.hamiltonian(), self.resolve)

    @cached_property
    def channel(self) -> Channel:
        """The dissipator in the frame."""
        return build_channel(self.frame, jump_matrices(self.jumps, self.model.spins))

    @cached_property
    def _commutator(self) -> Commutator:
        return Commutator(self.frame)

    @property
    def parity_resolved(self) -> bool:
        """Whether H and every jump operator have a definite parity, so that the two sectors never mix."""
        return self.channel.divides

    @property
    def sectors(self) -> tuple[str, ...]:
        """Names of the invariant sectors."""
        return ("populations", "coherences") if self.parity_resolved else ("all",)

    def apply(self, rho: ArrayLike) -> NDArray[np.complex128]:
        """dρ/dt of a Hermitian matrix in the Dicke basis, m ascending.

        Parameters
        ----------
        rho : array_like, shape (N + 1, N + 1)

        Returns
        -------
        ndarray, shape (N + 1, N + 1)
        """
        return self.frame.unfold(self.generator(self.frame.fold(np.asarray(rho, dtype=complex))))

    def generator(self, blocks: Blocks) -> Blocks:
        """The right-hand side on blocks of M in the block basis: [H, M]ᵀ + 𝓓M, O(bands N²)."""
        result = self.channel.generator(blocks)
        self._commutator.add(blocks, result)
        return result

    def evolution(
        self,
        rho0: str | ArrayLike,
        times: ArrayLike,
        observables: Mapping[str, Any] | None = None,
        *,
        tolerance: float = 1e-8,
        levels: int = 16,
    ) -> FullEvolution:
        """Set up what `evolve` works out, to be taken time by time and kept when it is interrupted.

        Parameters
        ----------
        rho0 : str or array_like
            "eigen-superposition" or "pointer" ((|E0> + |E1>)/√2), "ground" (|E0>), "spin-coherent" (mean field,
            right well); a state vector of N + 1 amplitudes or an (N+1, N+1) density matrix in the Dicke basis,
            m ascending.
        times : array_like, shape (t,)
            Ascending, >= 0, in units of 1/energy (seconds for physical models). The state is given at 0.
        observables : mapping of str to operator, optional
            Names, `CollectiveOperator` or matrices; each becomes a variable.
        tolerance : float
            Accepted error of ρ in the trace norm, which bounds that of its elements and populations; that of an
            observable O is at most ‖O‖ times as large.
        levels : int
            How many of the lowest populations are kept.

        Raises
        ------
        InputError
            For times that decrease, unknown state names, a ρ that is not a density matrix (which property fails,
            and by how much).
        ResolutionError
            For a tolerance that rounding does not allow, or, while it runs, that no step meets.

        Examples
        --------
        >>> from einselect import LMG, JumpOperator
        >>> from einselect.dynamics.fullspace import FullLindbladian
        >>> run = FullLindbladian(LMG(10, 0.5), [JumpOperator("Jz", 0.01)]).evolution("ground", [0.0, 1.0, 2.0])
        >>> for time in run:
        ...     if time == 1.0:
        ...         break
        >>> run.dataset().sizes["time"]
        2
        """
        grid = check_times(times)
        _checks.positive("tolerance", tolerance)
        if getattr(self.model, "tilt", 0.0):
            raise InputError(
                f"tilt must be 0 in the whole symmetric sector, whose pointer states are those of parity; got "
                f"{self.model.tilt!r} (a Lindbladian on the model's levels has those of the tilted doublet)"
            )
        count = min(_checks.whole("levels", levels, 2), self.model.spins + 1)
        blocks = initial_blocks(self.frame, self.model, rho0, self.parity_resolved)
        named = {name: operator(op) if isinstance(op, str) else op for name, op in (observables or {}).items()}
        start = rho0 if isinstance(rho0, str) else "given"
        return FullEvolution(self, blocks, grid, named, tolerance, count, start)

    def evolve(
        self, rho0: str | ArrayLike, times: ArrayLike, observables: Mapping[str, Any] | None = None, **how: Unpack[How]
    ) -> xarray.Dataset:
        """Density matrix in time, and what is read off it.

        Parameters and errors are those of `evolution`: `tolerance` and `levels` are given by name.

        Returns
        -------
        xarray.Dataset
            Over `time`: rho_01, rho_pr (complex), populations (time, level), doublet_population, leakage, purity,
            trace, error_estimate, and the observables. Attributes: method, tolerance, error_estimate, steps,
            applications, checked_steps, sectors, parity_resolved.
        """
        run = self.evolution(rho0, times, observables, **how)
        for _ in run:
            pass
        return run.dataset()

    def spectrum(self, count: int = 6, sector: str | None = None) -> SlowModes:
        """Slowest modes of the Liouvillian; see `slow_modes.slowest_modes`."""
        from .slow_modes import slowest_modes

        return slowest_modes(self, count, sector)


def _check_spin(model: Any) -> None:
    """Refuse a model without a Hamiltonian in the Dicke basis."""
    if not hasattr(model, "spins") or not callable(getattr(model, "hamiltonian", None)):
        raise InputError(
            f"model must be a collective spin with H in the Dicke basis, such as LMG; got {model!r} (of other models a "
            "Lindbladian on their levels)"
        )
