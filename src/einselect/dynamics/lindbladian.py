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

from .._version import __version__
from ..errors import InputError
from ..level_set import LevelSet
from ..rates import JumpOperator, units_of
from .propagate import Flow
from .sectors import Sector, build_sectors
from .states import initial_state
from .truncation import Edge, edge_of, error_bound, state_flow

if TYPE_CHECKING:
    import xarray

    from .modes import Modes, SteadyStates
    from .rate_check import RateCheck

Array = NDArray[np.float64]
_MEMORY = 4 * 2**30
_BOUND_GRID = 65


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
        if not self.jumps or not all(isinstance(jump, JumpOperator) for jump in self.jumps):
            raise InputError(f"jumps must be one or more JumpOperator; got {self.jumps!r}")
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
    def _edges(self) -> list[Edge]:
        return [edge_of(self.levels, jump) for jump in self.jumps]

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
            Over `time`: rho_01 = <E0|ρ|E1>, rho_pr = <P|ρ|R> = ½(ρ_00 - ρ_11) - i Im ρ_01 (complex),
            populations (time, level), doublet_population, leakage, purity, and the observables. In the
            attributes: truncation_error (bound on rho_01, rho_pr and the populations of the doublet), levels,
            sectors, closure.

        Raises
        ------
        InputError
            For times that decrease or are negative, and states that are not density matrices.
        """
        grid = check_times(times)
        rho, outside = initial_state(self.levels, rho0, coherent)
        flows = [Flow(sector.generator, grid) for sector in self.sectors]
        states = self._states(rho, flows, len(grid))
        bound = self._bound(rho, states, flows, grid, outside)
        return self._dataset(states, grid, bound, observables or {}, rho0)

    def _states(self, rho: NDArray[Any], flows: list[Flow], count: int) -> NDArray[np.complex128]:
        """ρ(t) on the levels, shape (t, k, k), from ρ(0)."""
        states = np.zeros((count, len(self.levels), len(self.levels)), dtype=complex)
        for sector, flow in zip(self.sectors, flows, strict=True):
            start = sector.coordinates(rho)
            if np.any(start):
                sector.add_operators(flow.forward(start), states)
        return states

    def _bound(self, rho: NDArray[Any], states: NDArray[Any], flows: list[Flow], times: Array, outside: float) -> float:
        """Truncation bound for the elements of the doublet up to the last time."""
        k = len(self.levels)
        if k == self.levels.dimension or not times[-1]:
            return float(2.0 * np.sqrt(outside) + outside)
        regular = times[0] == 0.0 and np.ptp(np.diff(times)) <= 1e-9 * times[-1]
        if len(times) < _BOUND_GRID or not regular:
            times = np.linspace(0.0, times[-1], _BOUND_GRID)
            flows = [Flow(sector.generator, times) for sector in self.sectors]
            states = self._states(rho, flows, len(times))
        flow_of_state = state_flow(self._edges, states, times, outside)
        worst = 0.0
        for sector, flow in zip(self.sectors, flows, strict=True):
            probes = [probe for probe in _probes(k) if np.any(sector.coordinates(probe))]
            moved = flow.adjoint(np.stack([sector.coordinates(probe) for probe in probes], axis=1))
            for c in range(len(probes)):
                operators = np.zeros((len(times), k, k), dtype=complex)
                sector.add_operators(moved[:, :, c], operators)
                worst = max(worst, error_bound(self._edges, flow_of_state, operators, times))
        return worst + outside

    def _dataset(
        self, states: NDArray[Any], times: Array, bound: float, observables: Mapping[str, Any], rho0: Any
    ) -> xarray.Dataset:
        import xarray

        populations = np.einsum("tii->ti", states).real
        units = units_of(self.levels.energy_unit)
        variables: dict[str, Any] = {
            "rho_01": ("time", states[:, 0, 1], {"long_name": "<E0|ρ|E1>"}),
            "rho_pr": (
                "time",
                0.5 * (populations[:, 0] - populations[:, 1]) - 1j * states[:, 0, 1].imag,
                {"long_name": "<P|ρ|R>"},
            ),
            "populations": (("time", "level"), populations, {"long_name": "<E_n|ρ|E_n>"}),
            "doublet_population": ("time", populations[:, :2].sum(axis=1), {"long_name": "ρ_00 + ρ_11"}),
            "leakage": ("time", 1.0 - populations[:, :2].sum(axis=1), {"long_name": "1 - ρ_00 - ρ_11"}),
            "purity": ("time", np.einsum("tij,tji->t", states, states).real, {"long_name": "Tr ρ²"}),
        }
        for name, op in observables.items():
            if name in variables:
                raise InputError(f"observable must have a name of its own; got {name!r}")
            values = np.einsum("ij,tji->t", self.levels.matrix(op), states)
            real = not np.iscomplexobj(values) or not np.any(np.abs(values.imag) > 1e-12 * np.abs(values).max())
            variables[name] = ("time", values.real if real else values, {"long_name": f"Tr ({name} ρ) on the levels"})
        return xarray.Dataset(
            {name: (dims, data, {**attrs, "units": "1"}) for name, (dims, data, attrs) in variables.items()},
            coords={"time": ("time", times, {"units": units["time"]}), "level": np.arange(len(self.levels))},
            attrs={
                "truncation_error": bound,
                "levels": len(self.levels),
                "sectors": ", ".join(sector.name for sector in self.sectors),
                "parity_resolved": int(self.parity_resolved),
                "closure": "L -> PLP and L†L -> (PLP)†(PLP): keeps the trace",
                "initial_state": rho0 if isinstance(rho0, str) else "given",
                "jumps": ", ".join(f"{getattr(j.operator, 'name', 'matrix')} at {j.rate:.17g}" for j in self.jumps),
                "software": f"einselect {__version__}",
            },
        )

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


def _probes(k: int) -> list[NDArray[np.complex128]]:
    """The Hermitian observables of the doublet: both populations, 2 Re ρ_01 and 2 Im ρ_01 halved."""
    probes = np.zeros((4, k, k), dtype=complex)
    probes[0, 0, 0] = probes[1, 1, 1] = 1.0
    probes[2, 0, 1] = probes[2, 1, 0] = 0.5
    probes[3, 0, 1], probes[3, 1, 0] = -0.5j, 0.5j
    return list(probes)


def check_times(times: ArrayLike) -> Array:
    """Times as floats: one or more, finite, >= 0, ascending."""
    grid = np.atleast_1d(np.asarray(times, dtype=np.float64))
    if grid.ndim != 1 or not len(grid) or not np.all(np.isfinite(grid)) or grid[0] < 0.0 or np.any(np.diff(grid) < 0.0):
        raise InputError(f"times must be finite, >= 0 and ascending; got {_short(times)}")
    return grid


def _short(values: Any) -> str:
    text = repr(values)
    return text if len(text) <= 80 else text[:77] + "..."
