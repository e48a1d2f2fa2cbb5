"""Local noise on the lowest levels of the highest total spins: large N, with a bound on what is neglected."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from ..dynamics.full_frame import Array, Blocks, build_frame
from ..dynamics.full_states import initial_blocks
from ..dynamics.lindbladian import check_times
from ..errors import InputError, ResolutionError
from ..rates import JumpOperator
from ..spin import operator
from .generator import keeps_parity
from .jumps import LocalJump, check_noise
from .layout import Slot
from .run import LocalEvolution, collective_observables
from .splitting import LadderSplitting
from .truncated_channel import TruncatedChannel
from .truncated_frame import TruncatedFrame, build_truncated_frame

if TYPE_CHECKING:
    import xarray

_GIB = 2.0**30


@dataclass(frozen=True)
class TruncatedLocalLindbladian:
    """As `LocalLindbladian`, on the lowest levels of the highest j.

    Parameters
    ----------
    model : LMG or alike
    jumps : sequence of JumpOperator
        Collective ones, real (or i times real) in the Dicke basis.
    local : sequence of LocalJump
        Likewise.
    levels : int
        Levels of each j that are kept.
    depth : int
        How many j are kept, from N/2 downwards.
    memory_limit : float
        GiB that a run may need.

    Raises
    ------
    InputError, UnitError
        For a model that is no collective spin, no or invalid jump operators, or more memory than the limit (with the
        number).

    See Also
    --------
    evolve_local : Chooses the levels.

    Notes
    -----
    What noise carries to other levels is dropped: the map stays completely positive and its trace falls. The error of
    ρ in the trace norm is at most the trace that is lost plus what was dropped between the levels kept and the others
    (see `truncated_channel`); `truncation_error` is that, the integral over time taken at the end of every step.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.local import LocalJump, TruncatedLocalLindbladian
    >>> model = LMG(spins=100, field=0.95)
    >>> rate = model.doublet().splitting / 8.8  # γ N/4
    >>> noise = TruncatedLocalLindbladian(model, local=[LocalJump("dephasing", rate / 25.0)], levels=24, depth=6)
    >>> answer = noise.evolve("ground", [0.1 / rate], truncation=1e-4)
    >>> print(f"{answer.rho_pr.item().real:.4f} {answer.outside.item():.4f}")
    0.4494 0.0889
    """

    model: Any
    jumps: Sequence[JumpOperator] = ()
    local: Sequence[LocalJump] = ()
    levels: int = 40
    depth: int = 20
    memory_limit: float = 8.0

    def __post_init__(self) -> None:
        _checks.positive("memory_limit", self.memory_limit)
        jumps, local = check_noise(self.model, self.jumps, self.local)
        object.__setattr__(self, "jumps", jumps)
        object.__setattr__(self, "local", local)
        spins = self.model.spins
        object.__setattr__(self, "levels", min(_checks.whole("levels", self.levels, 2), spins + 1))
        object.__setattr__(self, "depth", min(_checks.whole("depth", self.depth, 1), (spins + 1) // 2))
        needed = self.memory_needed()
        if needed > self.memory_limit:
            raise InputError(
                f"spins must be few enough for {self.memory_limit:g} GiB; got {spins}, which need about "
                f"{needed:.2g} GiB to diagonalise H"
            )

    def memory_needed(self) -> float:
        """GiB that a run takes at most: all levels of one j and those kept of the others, operators, vectors."""
        spins = self.model.spins + 1.0
        operators = 3.0 * 2.0 * (len(self.local) + len(self.jumps)) + 14.0
        kept = self.depth * self.levels * (2.0 * spins + operators * self.levels)
        return float(8.0 * (4.0 * spins**2 + kept) / _GIB)

    @cached_property
    def frame(self) -> TruncatedFrame:
        """The levels that are kept."""
        # Whether parity is kept does not depend on N, but for single spins.
        few = 4 + self.model.spins % 2
        divide = keeps_parity(few, self.jumps, self.local)
        return build_truncated_frame(self.model.spins, self.model.hamiltonian(), self.levels, self.depth, divide)

    @cached_property
    def channel(self) -> TruncatedChannel:
        """The dissipator between them."""
        return TruncatedChannel(self.frame, self.jumps, self.local)

    @property
    def dimension(self) -> int:
        """Elements of ρ that are kept."""
        sizes = [len(e) for e in self.frame.energies]
        return sum(sizes[p] * sizes[q] for p, q in self.frame.pairs)

    @property
    def parity_resolved(self) -> bool:
        """Whether the two parity sectors are kept apart."""
        return self.channel.divides

    @property
    def sectors(self) -> tuple[str, ...]:
        """Names of the invariant sectors."""
        return self.channel.sectors

    def evolve(
        self,
        rho0: str | ArrayLike,
        times: ArrayLike,
        observables: Mapping[str, Any] | None = None,
        *,
        tolerance: float = 1e-8,
        truncation: float = 1e-6,
    ) -> xarray.Dataset:
        """Density matrix in time, and what is read off it.

        Parameters
        ----------
        rho0 : str or array_like
            As for `LocalLindbladian.evolve`, in the symmetric sector.
        times : array_like, shape (t,)
            Ascending, >= 0, in units of 1/energy.
        observables : mapping of str to operator, optional
            On the levels kept.
        tolerance : float
            Accepted error of the steps, in the trace norm.
        truncation : float
            Accepted bound on what the truncation neglects, in the trace norm.

        Returns
        -------
        xarray.Dataset
            As of `LocalLindbladian.evolve`, with the variable truncation_error (time), a bound on the error of ρ in
            the trace norm, and the attributes truncation_error, levels and depth.

        Raises
        ------
        ResolutionError
            As soon as the bound exceeds `truncation`.
        InputError
            As for `LocalLindbladian.evolve`.
        """
        grid = check_times(times)
        _checks.positive("tolerance", tolerance)
        _checks.positive("truncation", truncation)
        named = collective_observables(observables or {}, operator)
        whole = build_frame(self.model.spins, self.model.hamiltonian())
        start = rho0 if isinstance(rho0, str) else "given"
        blocks, outside = self._start(initial_blocks(whole, self.model, rho0, False), whole.order)
        run = TruncatedEvolution(self, blocks, grid, named, tolerance, self.levels, start)
        run.dropped = 2.0 * np.sqrt(outside)
        run.limit = truncation
        for _ in run:
            run.check()
        return run.dataset()

    def _start(self, blocks: Blocks, order: Sequence[tuple[int, int]]) -> tuple[Blocks, float]:
        """Blocks of the levels kept from those of all levels of j = N/2, and the weight left out."""
        # Both frames list the levels of j = N/2 by energy: the n-th of one is the n-th of the other.
        same = dict(zip(self.frame.order, order, strict=False))
        sizes = [len(e) for e in self.frame.energies]
        result = {(p, q): np.zeros((sizes[p], sizes[q])) for p, q in self.frame.pairs}
        for (p, i), (r, k) in same.items():
            for (q, n), (s, x) in same.items():
                if (r, s) in blocks:
                    result[p, q][i, n] = blocks[r, s][k, x]
        weight = sum(float(np.trace(block)) for (p, q), block in result.items() if p == q)
        if self.parity_resolved:
            filled = {self.frame.sector_of(key) for key, block in result.items() if np.any(block)}
            result = {key: block for key, block in result.items() if self.frame.sector_of(key) in filled}
        return result, max(0.0, 1.0 - weight)


class _Steps(LadderSplitting):
    """Steps in the energy basis, where the truncated dissipator is given; each with a bound on what it drops."""

    def __init__(self, channel: TruncatedChannel) -> None:
        super().__init__(channel)
        self._truncated = channel
        self.dropped = 0.0

    def _run(self, sector: str, vector: Array, waves: Any, step: float, count: int) -> Array:
        for _ in range(count):
            vector = super()._run(sector, vector, waves, step, 1)
            if sector != "coherences":
                self.dropped += step * self._truncated.dropped(self._layout.stacks(vector, sector))
        return vector

    def _change(self, stacks: dict[Slot, Array], to_levels: bool) -> None:
        """Nothing: the dissipator is given in the energy basis."""


class TruncatedEvolution(LocalEvolution):
    """Solution on the levels kept, time by time.

    Attributes
    ----------
    dropped : float
        What the start neglects.
    limit : float
        Largest bound that is accepted.
    bounds : list of float
        Truncation error at the times that are done.
    """

    _frame: TruncatedFrame

    def __init__(self, *arguments: Any) -> None:
        self.dropped, self.limit = 0.0, math.inf
        self.bounds: list[float] = []
        super().__init__(*arguments)

    def _steps(self) -> LadderSplitting:
        return _Steps(self._owner.channel)  # type: ignore[arg-type]

    @property
    def lost(self) -> float:
        """Trace that has left the levels kept."""
        return 1.0 - sum(float(np.trace(block)) for (p, q), block in self._blocks.items() if p == q)

    @property
    def bound(self) -> float:
        """Bound on the error of ρ in the trace norm so far."""
        steps: Any = self._splitting
        return float(max(0.0, self.lost) + self.dropped + steps.dropped)

    def check(self) -> None:
        """Raise a ResolutionError if the bound is above the limit."""
        if not self.bound <= self.limit:
            owner: Any = self._owner
            raise ResolutionError(
                f"the truncation error is bounded by {self.bound:.2g} only at t = {self._now:g} with {owner.levels} "
                f"levels of {owner.depth} j ({self.lost:.2g} left them), above {self.limit:g}: keep more of them, "
                "allow more or take shorter times"
            )

    def _checked_step(self, step: float) -> bool:
        """As it is, but a truncation that will not do is found on the way and not at the end."""
        steps: Any = self._splitting
        before = steps.dropped
        accepted = super()._checked_step(step)
        if accepted:
            self.check()
        else:
            steps.dropped = before
        return accepted

    def _read(self) -> Any:
        found = super()._read()
        self.bounds.append(self.bound)
        return found

    def density_blocks(self) -> dict[float, NDArray[np.complex128]]:
        """ρ_j in the Dicke basis by j, m ascending, at the last time reached; zero for j that are not kept."""
        return {0.5 * k: block for k, block in self._frame.unfold_levels(self._blocks).items()}

    def dataset(self) -> xarray.Dataset:
        """Everything at the times that are done; see `TruncatedLocalLindbladian.evolve`."""
        if not self.bounds:
            raise InputError("dataset must be asked for after the first time is reached; got none so far")
        about = {"long_name": "bound on what is neglected, in the trace norm", "units": "1"}
        found = super().dataset().assign(truncation_error=("time", np.array(self.bounds), about))
        owner: Any = self._owner
        return found.assign_attrs(truncation_error=self.bounds[-1], levels=owner.levels, depth=owner.depth)
