"""A run of the full Lindblad equation: steps chosen by their error, results as they come.

Some steps are taken twice, once whole and once in halves. Their difference, in the trace norm, is the error of
that step; twice as much is charged for each step until the next one that is checked. A channel never magnifies a
trace norm, so the sum of what is charged bounds the error of ρ(t), as far as each charge is right.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._threads import threads_for
from .._version import __version__
from ..errors import InputError, ResolutionError
from .full_frame import Array, Blocks, trace_norm_bound
from .full_results import Readout, expectation, in_levels, labelled
from .full_splitting import LARGEST_STEP, ORDER, STAGES, Splitting

if TYPE_CHECKING:
    import xarray

    from .fullspace import FullLindbladian

_EPSILON = float(np.finfo(float).eps)
_BETWEEN_CHECKS = 16
_MARGIN = 2.0  # what is charged for a step that was not checked, over what the last check leads to expect
_LONGER = 1.0 + 1e-9  # steps that differ less are of the same size
_HIGHEST = 11.0  # power of h of a step's error while 𝓓 is weak; ORDER + 1 is the lowest
_RETRIES = 40


class FullEvolution:
    """Solution of the Lindblad equation in the whole symmetric sector, time by time.

    Iterate over it to work it out: each round yields the next of the times asked for. `dataset()` has the times
    that are done, whenever it is called, so that an interrupted run keeps them.

    Attributes
    ----------
    error : float
        Estimated error of ρ so far, in the trace norm.
    """

    def __init__(
        self,
        owner: FullLindbladian,
        blocks: Blocks,
        times: Array,
        observables: Mapping[str, Any],
        tolerance: float,
        levels: int,
        start: str,
    ) -> None:
        self._owner, self._frame, self._blocks = owner, owner.frame, blocks
        self._times, self._tolerance, self._start = times, tolerance, start
        self._levels = self._frame.order[:levels]
        self._names = list(observables)
        self._operators = [in_levels(self._frame, op) for op in observables.values()]
        self._splitting = Splitting(self._frame, owner.channel)
        self._readouts: list[Readout] = []
        self._now = 0.0
        energies = np.concatenate(self._frame.energies)
        spread = float(np.ptp(energies))
        end = float(times[-1])
        # Energies are known to a few roundings of the largest, and so is every phase E t.
        self._rounding = 2.0 * _EPSILON * spread
        floor = self._rounding * end
        if not floor < 0.5 * tolerance:
            raise ResolutionError(
                f"tolerance must be above {2.0 * floor:.1e}, which rounding of the energies costs up to t = {end:g}; "
                f"got {tolerance:g}"
            )
        # What rounding of the changes of basis in one step adds up to, by measurement.
        self._noise = 64.0 * _EPSILON * math.sqrt(len(energies))
        self.error = 0.0
        self._budget = (tolerance - floor) / end if end else 0.0
        self._level = (0.0, 0.0)  # the step size of the last check, and its error
        limit = LARGEST_STEP / owner.channel.norm if owner.channel.norm else math.inf
        self._limit = min(limit, end) if end else limit
        self._wanted = min(self._limit, 4.0 * len(energies) / spread) if spread else self._limit
        self._until_check, self._between = 0, 1
        self._power, self._last = ORDER + 1.0, (0.0, 0.0)
        self.checks = self.rejected = 0

    def __iter__(self) -> Iterator[float]:
        while len(self._readouts) < len(self._times):
            target = float(self._times[len(self._readouts)])
            with threads_for(max(map(len, self._frame.energies))):
                self._reach(target)
            self._readouts.append(self._read())
            yield target

    @property
    def applications(self) -> int:
        """Flows of the dissipator applied, each with a change of basis there and back."""
        return self._splitting.applications

    def density_matrix(self) -> NDArray[np.complex128]:
        """ρ in the Dicke basis, m ascending, at the last time reached."""
        sites = {key: np.empty_like(block) for key, block in self._blocks.items()}
        scratch = np.empty(max(block.size for block in self._blocks.values()))
        self._frame.to_sites(self._blocks, sites, scratch)
        return self._frame.unfold(sites)

    def _reach(self, target: float) -> None:
        """Advance to `target` in equal steps no longer than wanted, some of them checked."""
        while target > self._now:
            # Times of a grid differ in their last bits: their differences are one step size.
            span = float(f"{target - self._now:.12e}")
            count = self._steps_over(span)
            step = float(f"{span / count:.12e}")
            while count:
                # A step longer than the last that was checked is checked before it is trusted.
                if self._until_check == 0 or step > _LONGER * self._level[0]:
                    if not self._checked_step(step):
                        break  # with a shorter step from where it stands
                    taken = 1
                else:
                    taken = min(count, self._until_check)
                    self._splitting.advance(self._blocks, step, taken)
                    self._until_check -= taken
                    self.error += self._charge(step) * taken
                count -= taken
                self._now = target if count == 0 else self._now + taken * step
                self.error += self._rounding * taken * step
                if self.error > self._tolerance:
                    raise ResolutionError(
                        f"tolerance must be larger than {self._tolerance:g}: rounding of the steps to t = "
                        f"{self._now:g} may cost {self.error:.1e}"
                    )
                if self._steps_over(target - self._now) < 0.8 * count:
                    break  # with a longer step

    def _steps_over(self, span: float) -> int:
        """How many steps no longer than wanted make up `span`."""
        return max(1, math.ceil(span / self._wanted / _LONGER))

    def _checked_step(self, step: float) -> bool:
        """Take one step whole and in halves; keep the halves if they agree well enough."""
        whole = {key: block.copy() for key, block in self._blocks.items()}
        halves = {key: block.copy() for key, block in self._blocks.items()}
        self._splitting.advance(whole, step)
        self._splitting.advance(halves, 0.5 * step, 2)
        self.checks += 1
        for key, block in whole.items():
            block -= halves[key]
        found = trace_norm_bound(whole)
        self._measure_power(step, found)
        found = max(found, self._remembered(step))
        self._level = step, found
        # The power of h of a step's error is measured: it falls from 11 to 5 as the dissipator gets stronger.
        factor = 0.95 * (self._budget * step / (_MARGIN * found)) ** (1.0 / (self._power - 1.0)) if found else 2.0
        if found > max(self._budget * step / _MARGIN, self._noise):
            self.rejected += 1
            if self.rejected > _RETRIES:
                raise ResolutionError(
                    f"tolerance must be larger than {self._tolerance:g}: a step of {step:g} is still off by {found:.1e}"
                )
            self._wanted = step * max(0.2, min(0.95, factor))
            self._until_check = 0
            return False
        self._blocks.update(halves)
        self.error += found
        self._between = min(2 * self._between, _BETWEEN_CHECKS)
        self._until_check = self._between
        longer = min(self._limit, step * min(factor, 2.0))
        if longer > 1.05 * self._wanted:
            self._wanted = longer
        return True

    def _charge(self, step: float) -> float:
        """Error of a step that is not checked, and not longer than the last one that was."""
        size, error = self._level
        # No power of h is below ORDER + 1: with that one a shorter step is not undercharged.
        return _MARGIN * error * math.pow(step / size, ORDER + 1.0)

    def _remembered(self, step: float) -> float:
        """Half of the least that the last check leads to expect; errors that change their sign vanish at times.

        Nothing where the sizes are far apart: the error of a tiny step is rounding and says nothing of a long one.
        """
        size, error = self._level
        if not 0.5 * size <= step <= 2.0 * size:
            return 0.0
        ratio = step / size
        return 0.5 * error * min(math.pow(ratio, ORDER + 1.0), math.pow(ratio, _HIGHEST))

    def _measure_power(self, step: float, found: float) -> None:
        """Power of h that the error of a step follows, from the last two checks at different h."""
        size, error = self._last
        if size and error > 0.0 < found and abs(math.log(step / size)) > 0.1:
            power = math.log(found / error) / math.log(step / size)
            self._power = min(max(power, ORDER + 1.0), _HIGHEST)
        self._last = step, found

    def _element(self, a: tuple[int, int], b: tuple[int, int]) -> complex:
        """<a|ρ|b> between two levels."""
        upper, lower = self._blocks.get((a[0], b[0])), self._blocks.get((b[0], a[0]))
        if upper is None or lower is None:
            return 0.0j
        x, y = upper[a[1], b[1]], lower[b[1], a[1]]
        return complex(0.5 * (x + y), 0.5 * (x - y))

    def _read(self) -> Readout:
        levels = self._levels
        diagonals = {p: np.diagonal(block) for (p, q), block in self._blocks.items() if p == q}
        populations = np.array([diagonals[p][i] if p in diagonals else 0.0 for p, i in levels])
        rho_01 = self._element(levels[0], levels[1])
        return Readout(
            rho_01,
            complex(0.5 * (populations[0] - populations[1]), -rho_01.imag),
            populations,
            float(sum(d.sum() for d in diagonals.values())),
            sum(float(np.vdot(block, block)) for block in self._blocks.values()),
            self.error,
            tuple(expectation(operator, self._blocks) for operator in self._operators),
        )

    def dataset(self) -> xarray.Dataset:
        """Everything at the times that are done; see `FullLindbladian.evolve`.

        Raises
        ------
        InputError
            Before the first time is reached.
        """
        if not self._readouts:
            raise InputError("dataset must be asked for after the first time is reached; got none so far")
        return labelled(self._readouts, self._times, self._names, self._owner.model.energy_unit, self._attributes())

    def _attributes(self) -> dict[str, Any]:
        """How the run was done, and how well."""
        owner = self._owner
        return {
            "method": f"splitting (10,6,4), {STAGES} stages, exact flows of H and of the jump operators",
            "tolerance": self._tolerance,
            "error_estimate": self._readouts[-1].error,
            "steps": self._splitting.steps,
            "applications": self._splitting.applications,
            "checked_steps": self.checks,
            "levels": self._frame.spins + 1,
            "sectors": ", ".join(owner.sectors),
            "parity_resolved": int(owner.parity_resolved),
            "complete": int(len(self._readouts) == len(self._times)),
            "initial_state": self._start,
            "jumps": ", ".join(f"{getattr(j.operator, 'name', 'matrix')} at {j.rate:.17g}" for j in owner.jumps),
            "software": f"einselect {__version__}",
        }
