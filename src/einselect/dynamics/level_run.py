"""A run on the lowest levels: what the truncation neglects is bounded first, then the times come piece by piece."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._threads import threads_for
from .._version import __version__
from ..errors import InputError, ResolutionError
from ..rates import units_of
from .propagate import Flow
from .truncation import error_bound, state_flow

if TYPE_CHECKING:
    import xarray

    from .lindbladian import Lindbladian

Array = NDArray[np.float64]
Matrix = NDArray[np.complex128]
_BOUND_GRID = 65
_LOST = 1e-3
_KNOWN = 0.1
_PIECE = 2**22  # bytes of density matrices worked out at once
_NAMES = {
    "rho_01": "<E0|ρ|E1>",
    "rho_pr": "<P|ρ|R>",
    "populations": "<E_n|ρ|E_n>",
    "doublet_population": "ρ_00 + ρ_11",
    "leakage": "1 - ρ_00 - ρ_11",
    "purity": "Tr ρ²",
}


class LevelEvolution:
    """Solution of the Lindblad equation on the lowest levels, time by time.

    Iterate over it to work it out: each round yields the next of the times asked for. `dataset()` has the times
    that are done, whenever it is called, so that an interrupted run keeps them.

    Attributes
    ----------
    bound : float
        Truncation error of the elements of the doublet up to the last time, known from the start.
    rounding : float
        Estimate of what rounding costs up to the last time.

    Raises
    ------
    ResolutionError
        For times so long that rounding leaves nothing.
    """

    def __init__(
        self,
        owner: Lindbladian,
        rho: NDArray[Any],
        outside: float,
        times: Array,
        observables: Mapping[str, Any],
        start: str,
    ) -> None:
        for name in observables:
            if name in _NAMES:
                raise InputError(f"observable must have a name of its own; got {name!r}")
        self._owner, self._rho, self._times, self._start = owner, rho, times, start
        self._operators = {name: owner.levels.matrix(op) for name, op in observables.items()}
        self.rounding = self._rounding()
        self._done: list[dict[str, NDArray[Any]]] = []
        self._stream = self._pieces(times)
        with threads_for(max(sector.size for sector in owner.sectors)):
            self.bound = self._bound(outside)

    def __iter__(self) -> Iterator[float]:
        for states in self._stream:
            first = self.finished
            self._done.append(self._read(states))
            yield from self._times[first : self.finished].tolist()

    @property
    def finished(self) -> int:
        """How many of the times are done."""
        return sum(len(part["purity"]) for part in self._done)

    def _unresolved(self) -> float:
        """What ΔE may be where it is taken as zero: ρ turns by at most so much in a unit of time."""
        levels = self._owner.levels
        bound = levels.splitting_bound
        # One below the smallest double is known to be, whatever the rounding of the two energies.
        return 0.0 if bound is None or levels.quality.log_splitting_error < _KNOWN else bound

    def _rounding(self) -> float:
        """Each squaring on the way to exp(Gt) doubles the error: about ε|G|t at the end, as measured, or less."""
        norm = max(float(np.abs(sector.generator).sum(axis=0).max()) for sector in self._owner.sectors)
        end = float(self._times[-1])
        with np.errstate(over="ignore"):
            found = float((np.finfo(float).eps * np.float64(norm) + self._unresolved()) * end)
        if not found < _LOST:
            raise ResolutionError(f"times must be short enough for their phases to have digits left; got t = {end:g}")
        return found

    def _flows_at(self, times: Array) -> list[Flow]:
        return [Flow(sector.generator, times) for sector in self._owner.sectors]

    def _pieces(self, times: Array, flows: Sequence[Flow] | None = None) -> Iterator[Matrix]:
        """ρ(t) on the levels, shape (t, k, k), a piece of the times after the other; nothing before the first."""
        k = len(self._owner.levels)
        size = max(1, _PIECE // (16 * k * k))
        moving = []
        for sector, flow in zip(self._owner.sectors, flows or self._flows_at(times), strict=True):
            start = sector.coordinates(self._rho)
            if np.any(start):
                moving.append((sector, flow.pieces(start, size)))
        for first in range(0, len(times), size):
            states = np.zeros((min(size, len(times) - first), k, k), dtype=complex)
            for sector, pieces in moving:
                sector.add_operators(next(pieces), states)
            yield states

    def _bound(self, outside: float) -> float:
        """Truncation bound for the elements of the doublet up to the last time."""
        owner, times = self._owner, self._times
        k = len(owner.levels)
        if k == owner.levels.dimension or not times[-1]:
            return float(2.0 * np.sqrt(outside) + outside)
        regular = times[0] == 0.0 and np.ptp(np.diff(times)) <= 1e-9 * times[-1]
        # One grid serves both where it is fine enough for the bound, and not so fine that this costs more.
        shared = regular and _BOUND_GRID <= len(times) <= 4 * _BOUND_GRID
        if not shared:
            times = np.linspace(0.0, times[-1], _BOUND_GRID)
        flows = self._flows_at(times)
        states = np.concatenate(list(self._pieces(times, flows)))
        if shared:
            self._stream = iter([states])
        flow_of_state = state_flow(owner.edges, states, times, outside)
        worst = 0.0
        for sector, flow in zip(owner.sectors, flows, strict=True):
            probes = [probe for probe in _probes(k) if np.any(sector.coordinates(probe))]
            moved = flow.adjoint(np.stack([sector.coordinates(probe) for probe in probes], axis=1))
            for c in range(len(probes)):
                operators = np.zeros((len(times), k, k), dtype=complex)
                sector.add_operators(moved[:, :, c], operators)
                worst = max(worst, error_bound(owner.edges, flow_of_state, operators, times))
        # Re ρ_PR of a tilted doublet is a sum of two of them.
        mixing = owner.levels.mixing
        share = 1.0 if mixing == math.pi / 4 else abs(math.sin(2.0 * mixing)) + abs(math.cos(2.0 * mixing))
        return share * worst + outside

    def _read(self, states: Matrix) -> dict[str, NDArray[Any]]:
        """What is read off the density matrices of some times."""
        populations, rho_01 = np.einsum("tii->ti", states).real.copy(), states[:, 0, 1].copy()
        doublet = populations[:, :2].sum(axis=1)
        return {
            "rho_01": rho_01,
            "rho_pr": _pointer_coherence(self._owner.levels.mixing, populations, rho_01),
            "populations": populations,
            "doublet_population": doublet,
            "leakage": 1.0 - doublet,
            "purity": np.einsum("tij,tji->t", states, states).real,
            **{name: np.einsum("ij,tji->t", op, states) for name, op in self._operators.items()},
        }

    def columns(self) -> dict[str, NDArray[Any]]:
        """The variables of `dataset` and its "time", as plain arrays: xarray takes longer to import than a run.

        Raises
        ------
        InputError
            Before the first time is reached.
        """
        if not self._done:
            raise InputError("dataset must be asked for after the first time is reached; got none so far")
        found = {name: np.concatenate([part[name] for part in self._done]) for name in self._done[0]}
        for name in self._operators:
            values = found[name]
            if np.iscomplexobj(values) and not np.any(np.abs(values.imag) > 1e-12 * np.abs(values).max()):
                found[name] = values.real
        return {"time": self._times[: self.finished], **found}

    def dataset(self) -> xarray.Dataset:
        """Everything at the times that are done; see `Lindbladian.evolve`.

        Raises
        ------
        InputError
            Before the first time is reached.
        """
        columns = self.columns()
        import xarray

        levels = self._owner.levels
        time = columns.pop("time")
        return xarray.Dataset(
            {
                name: (
                    ("time", "level")[: values.ndim],
                    values,
                    {"long_name": _NAMES.get(name, f"Tr ({name} ρ) on the levels"), "units": "1"},
                )
                for name, values in columns.items()
            },
            coords={
                "time": ("time", time, {"units": units_of(levels.energy_unit)["time"]}),
                "level": np.arange(len(levels)),
            },
            attrs=self.attributes(),
        )

    def attributes(self) -> dict[str, Any]:
        """How the run was done, how well, and how far it got."""
        owner = self._owner
        return {
            "truncation_error": self.bound,
            "rounding_error": self.rounding,
            "levels": len(owner.levels),
            "sectors": ", ".join(sector.name for sector in owner.sectors),
            "parity_resolved": int(owner.parity_resolved),
            "closure": "L -> PLP and L†L -> (PLP)†(PLP): keeps the trace",
            "complete": int(self.finished == len(self._times)),
            "initial_state": self._start,
            "jumps": ", ".join(f"{getattr(j.operator, 'name', 'matrix')} at {j.rate:.17g}" for j in owner.jumps),
            "software": f"einselect {__version__}",
        }


def _pointer_coherence(mixing: float, populations: Array, rho_01: Matrix) -> Matrix:
    """<P|ρ|R>; by parity ½(ρ_00 - ρ_11) - i Im ρ_01."""
    across = populations[:, 0] - populations[:, 1]
    if mixing == math.pi / 4:
        return np.asarray(0.5 * across - 1j * rho_01.imag)
    return np.asarray(0.5 * math.sin(2.0 * mixing) * across - math.cos(2.0 * mixing) * rho_01.real - 1j * rho_01.imag)


def _probes(k: int) -> list[Matrix]:
    """The Hermitian observables of the doublet: both populations, 2 Re ρ_01 and 2 Im ρ_01 halved."""
    probes = np.zeros((4, k, k), dtype=complex)
    probes[0, 0, 0] = probes[1, 1, 1] = 1.0
    probes[2, 0, 1] = probes[2, 1, 0] = 0.5
    probes[3, 0, 1], probes[3, 1, 0] = -0.5j, 0.5j
    return list(probes)
