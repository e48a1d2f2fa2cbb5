"""The Lindblad equation on the lowest levels, by parity sectors, with a bound on what the truncation neglects.

dρ/dt = -i[H, ρ] + sum_k γ_k (L_k ρ L_k† - ½{L_k†L_k, ρ})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError
from ..level_set import LevelSet
from ..rates import JumpOperator, check_jumps
from .level_run import LevelEvolution
from .level_states import LevelStates, states_of
from .sectors import Sector, build_sectors
from .states import initial_state
from .truncation import Edge, edge_of

if TYPE_CHECKING:
    import xarray

    from .modes import Modes, SteadyStates
    from .rate_check import RateCheck

Array = NDArray[np.float64]
_MEMORY = 4 * 2**30


@dataclass(frozen=True)
class Lindbladian:
    """Liouvillian of given jump operators on given levels.

    Parameters
    ----------
    levels : LevelSet
        The k levels that are kept.
    jumps : sequence of JumpOperator
        Hermitian or not; rates in the levels' unit of energy.

    Raises
    ------
    InputError
        For no or invalid jump operators, or levels that would need more than 4 GiB (with the number needed).

    Notes
    -----
    L is closed on the levels by its projection PLP, and L†L by (PLP)†(PLP): the trace is kept. With P L†L P
    instead it would decay. `truncation` bounds the difference to the whole space.

    Examples
    --------
    >>> import numpy as np
    >>> from einselect import LMG, JumpOperator
    >>> from einselect.dynamics import Lindbladian
    >>> levels = LMG(spins=50, field=0.95).levels(16)
    >>> gamma = levels.excitations[1] / 8.8 / 84.77
    >>> answer = Lindbladian(levels, [JumpOperator("Jz", gamma)]).evolve("eigen-superposition", [0.0, 1.0])
    >>> [name for name in answer.data_vars][:3]
    ['rho_01', 'rho_pr', 'populations']
    """

    levels: LevelSet
    jumps: Sequence[JumpOperator]

    def __post_init__(self) -> None:
        check_jumps(self.jumps, self.levels.energy_unit)
        size = len(self.levels) ** 2 // 2 + len(self.levels)
        needed = 8 * 8 * size**2
        if needed > _MEMORY:
            raise InputError(
                f"levels must be few enough for {_MEMORY / 2**30:.0f} GiB; got {len(self.levels)}, which need about "
                f"{needed / 2**30:.1f} GiB (the whole symmetric sector by FullLindbladian needs less)"
            )

    @cached_property
    def sectors(self) -> list[Sector]:
        """Invariant blocks: populations and coherences, or one ("all") where a jump has no definite parity."""
        matrices = [(jump.rate, self.levels.matrix(jump.operator)) for jump in self.jumps]
        return build_sectors(self.levels.excitations, self.levels.parities, matrices)

    @property
    def parity_resolved(self) -> bool:
        """Whether every jump operator has a definite parity, so that the two sectors never mix."""
        return len(self.sectors) == 2

    @cached_property
    def edges(self) -> list[Edge]:
        """How each jump operator reaches beyond the levels."""
        return [edge_of(self.levels, jump) for jump in self.jumps]

    def states(self, rho0: str | ArrayLike, times: ArrayLike, *, coherent: NDArray[Any] | None = None) -> LevelStates:
        """The density matrices themselves.

        Parameters
        ----------
        rho0 : str or array_like
            As for `initial_state`.
        times : array_like, shape (t,)
            As for `evolve`.
        coherent : ndarray, shape (k,), optional
            Amplitudes on the levels of a state of the whole space, taken for the state "spin-coherent": their norm
            may be below 1, and what is missing counts as error.

        Returns
        -------
        LevelStates

        Examples
        --------
        >>> from einselect import LMG, JumpOperator
        >>> from einselect.dynamics import Lindbladian
        >>> found = Lindbladian(LMG(50, 0.9).levels(20), [JumpOperator("Jz", 1e-4)]).states("ground", [0.0, 1.0])
        >>> found.rho.shape, bool(found.trace_error < 1e-6)
        ((2, 20, 20), True)
        """
        grid = check_times(times)
        rho, outside = initial_state(self.levels, rho0, coherent)
        return states_of(self, rho, outside, grid)

    def evolve(
        self,
        rho0: str | ArrayLike,
        times: ArrayLike,
        observables: Mapping[str, Any] | None = None,
        *,
        coherent: NDArray[np.float64] | None = None,
    ) -> xarray.Dataset:
        """Density matrix in time, and what is read off it.

        Parameters
        ----------
        rho0 : str or array_like
            As for `initial_state`.
        times : array_like, shape (t,)
            Ascending, >= 0, in units of 1/energy (seconds for physical models). The state is given at 0.
        observables : mapping of str to operator, optional
            Further operators (names or `CollectiveOperator`), projected on the levels; each becomes a variable.
        coherent : ndarray, optional
            Amplitudes <E_n|θ*>, for the state "spin-coherent".

        Returns
        -------
        xarray.Dataset
            Over `time`: rho_01 = <E0|ρ|E1>, rho_pr = <P|ρ|R> (complex), by parity ½(ρ_00 - ρ_11) - i Im ρ_01,
            populations (time, level), doublet_population, leakage, purity, and the observables. In the
            attributes: truncation_error (bound on rho_01, rho_pr and the populations of the doublet),
            rounding_error (an estimate), levels, sectors, closure, complete.

        Raises
        ------
        InputError
            For times that decrease or are negative, and states that are not density matrices.
        ResolutionError
            For times so long that rounding leaves nothing.
        """
        run = self.evolution(rho0, times, observables, coherent=coherent)
        for _ in run:
            pass
        return run.dataset()

    def evolution(
        self,
        rho0: str | ArrayLike,
        times: ArrayLike,
        observables: Mapping[str, Any] | None = None,
        *,
        coherent: NDArray[np.float64] | None = None,
    ) -> LevelEvolution:
        """Set up what `evolve` works out, with its truncation bound, to be taken time by time.

        Parameters are those of `evolve`.
        """
        grid = check_times(times)
        rho, outside = initial_state(self.levels, rho0, coherent)
        start = rho0 if isinstance(rho0, str) else "given"
        return LevelEvolution(self, rho, outside, grid, observables or {}, start)

    def rate_of(self, coherence: str = "rho_01", span: float | None = None) -> RateCheck:
        """Decay constant that "rho_01" or "rho_pr" shows, beside Eq. 12; see `rate_check.rate_of`."""
        from .rate_check import rate_of

        return rate_of(self, coherence, span)

    def spectrum(self, count: int = 6, sector: str | None = None) -> Modes:
        """Slowest modes on these levels; see `modes.slowest_modes`."""
        from .modes import slowest_modes

        return slowest_modes(self, count, sector)

    def steady_state(self) -> SteadyStates:
        """Steady states on these levels and whether there is only one; see `modes.steady_states`."""
        from .modes import steady_states

        return steady_states(self)


def check_times(times: ArrayLike) -> Array:
    """Times as floats: one or more, finite, >= 0, ascending."""
    grid = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if grid.ndim != 1 or not len(grid) or not np.all(np.isfinite(grid)) or grid[0] < 0.0 or np.any(np.diff(grid) < 0.0):
        raise InputError(f"times must be finite, >= 0 and ascending; got {_short(times)}")
    return grid


def _short(values: Any) -> str:
    text = repr(values)
    return text if len(text) <= 80 else text[:77] + "..."
