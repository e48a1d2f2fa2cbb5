"""The doublet in time: both coherences, populations, leakage, the Bloch vector, the state on the sphere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ... import _checks
from ...cli.reading import read_time
from ...doublet import Doublet
from ...dynamics import DoubletBloch, Lindbladian, bloch_vector, evolution
from ...dynamics.sectors import parity_of
from ...errors import InputError, ResolutionError, TruncationError
from ...level_set import LevelSet
from ...levels import Levels
from ...models.base import is_spin, most_levels
from ...rates import DephasingRates, JumpOperator
from .. import bounds
from ..jobs import Job
from ..state import State, System
from .sphere import Face, faces

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]
TOLERANCE = 1e-4
STATES = ("eigen-superposition", "ground", "spin-coherent")
NAIVE = {"eigenstate": "rate_eigenstate", "pointer": "rate_pointer", "mean field": "rate_mean_field"}
SETTINGS = {"state": "eigen-superposition", "end": "2T2", "levels": "auto"}
_FIRST, _SECOND = 8, 12
_FAR, _NEAR = 2.0, 1.15  # over the most levels: what more is predicted to be needed is not tried, early and late
_SHORT = 0.8  # of the most levels: above it a trial that fails would cost as much as the one that does not


@dataclass(frozen=True)
class Course:
    """A doublet in time under one jump operator.

    Attributes
    ----------
    model : model
    rates : DephasingRates
        The coefficients of Eq. 12 for the same jump operator and γ.
    jump : JumpOperator
    state : str
        What it starts from.
    data : xarray.Dataset
        As of `einselect.dynamics.evolve`: rho_01, rho_pr, populations, doublet_population, leakage, purity over
        `time`, with the bound on the truncation in its attributes.
    """

    model: Any
    rates: DephasingRates
    jump: JumpOperator
    state: str
    data: xarray.Dataset

    @property
    def times(self) -> Array:
        """In 1/energy; s for physical models."""
        return np.asarray(self.data.time.values)

    @property
    def naive(self) -> dict[str, float]:
        """The rates of the naive exponentials ½ exp(-Γt), where one of the two coherences starts at ½."""
        if self.state not in ("eigen-superposition", "ground"):
            return {}
        found = {name: getattr(self.rates, key) for name, key in NAIVE.items()}
        return {name: float(rate) for name, rate in found.items() if rate is not None}

    @property
    def error(self) -> float:
        """What the truncation, or for all levels the steps, may put the elements of the doublet off by."""
        attributes = self.data.attrs
        return float(attributes.get("truncation_error", attributes.get("error_estimate", math.nan)))

    @property
    def bloch(self) -> Array:
        """(2 Re ρ_01, -2 Im ρ_01, ρ_00 - ρ_11), shape (t, 3): |E0> at the north pole, by parity |P> at +x."""
        return _on_bloch_sphere(self.data)

    @cached_property
    def closed_form(self) -> Array | None:
        """The same of the doublet by itself under Jz, from the closed form; None for other jump operators."""
        if not isinstance(self.rates.doublet, Doublet) or self.state == "spin-coherent":
            return None
        vector = np.array([1.0, 0.0] if self.state == "ground" else [math.sqrt(0.5)] * 2)
        start = np.outer(vector, vector)
        alone = DoubletBloch.from_rates(self.rates, "two-level").evolve(*bloch_vector(start), self.times)
        return _on_bloch_sphere(alone)

    @property
    def on_sphere(self) -> bool:
        """Whether there is a sphere to show the state on, and it is small enough."""
        few = getattr(self.model, "spins", math.inf) <= bounds.SPHERE_SPINS
        return few and self.data.attrs["levels"] <= bounds.LEVELS and isinstance(self._levels, Levels)

    @cached_property
    def _levels(self) -> Any:
        return self.model.levels(int(self.data.attrs["levels"]))

    @cached_property
    def _states(self) -> NDArray[np.complex128]:
        coherent = _coherent(self.model, self._levels) if self.state == "spin-coherent" else None
        found = Lindbladian(self._levels, [self.jump]).states(self.state, self.times, coherent=coherent).rho
        return np.asarray(found / np.einsum("tii->t", found).real[:, None, None])

    @cached_property
    def _faces(self) -> tuple[Face, Face]:
        if not isinstance(self._levels, Levels):
            raise InputError("model must be a collective spin for the Husimi function on its sphere; got another")
        bounds.check_most("spins", self.model.spins, bounds.SPHERE_SPINS, "the Husimi function")
        bounds.check_most("levels", self.data.attrs["levels"], bounds.LEVELS, "the Husimi function")
        return faces(self._levels)

    @cached_property
    def husimi_top(self) -> float:
        """Largest value of the Husimi function at the first time: one scale of colours for all of them."""
        return max(float(np.nanmax(q)) for q in self.husimi(0))

    @property
    def axes(self) -> tuple[Array, Array]:
        """The grids of `husimi`: J_y/j and J_z/j on each face."""
        front, back = self._faces
        return front.axis, back.axis

    def husimi(self, index: int) -> tuple[Array, Array]:
        """The Husimi function at one of the times, by z and y: on the face towards +x, and on that towards -x.

        Raises
        ------
        InputError
            For a model that is no collective spin, or one with more spins than the explorer draws.
        """
        front, back = self._faces
        return front.husimi(self._states[index]), back.husimi(self._states[index])


def dynamics(
    system: System,
    *,
    state: str = "eigen-superposition",
    t_end: str = "2T2",
    every_level: bool = False,
    points: int = 201,
    job: Job | None = None,
) -> Course:
    """Follow the doublet of a model by the Lindblad equation, on as many levels as it takes, or on all.

    Parameters
    ----------
    system : System
        With a rate above zero.
    state : {"eigen-superposition", "ground", "spin-coherent"}
    t_end : str
        Last time: a number, one with a unit, or one of T2.
    every_level : bool
        The whole symmetric sector of a collective spin.
    points : int
        Times, evenly spaced from 0.
    job : Job, optional
        When it is stopped, the times that are done are the answer.

    Returns
    -------
    Course

    Raises
    ------
    InputError
        For arguments out of range, and where the levels that the explorer allows do not give the answer to 1e-4.

    Examples
    --------
    >>> from einselect.explorer.compute.dynamics import dynamics
    >>> from einselect.explorer.state import State
    >>> course = dynamics(State().system())
    >>> print(f"{abs(course.data.rho_01[100].item()):.4f} at {course.times[100] * course.rates.rate_eigenstate:.3f} T2")
    0.1800 at 1.000 T2
    """
    job = Job() if job is None else job
    _checks.one_of("state", state, STATES)
    count = _checks.whole("points", points, 2, bounds.TIMES)
    model, rates = system.model, system.rates
    if state == "spin-coherent" and not hasattr(model, "spin_coherent_amplitudes"):
        raise InputError(
            f"state must be one of {', '.join(STATES[:2])} for the model {system.entry.name}; got {state!r}"
        )
    if not rates.gamma:
        raise InputError(f"gamma must be given, above zero, to follow what it does; got {system.gamma!r}")
    times = np.linspace(0.0, end_of(t_end, rates, model), count)
    name = system.jump or system.entry.jumps[0]
    jump = JumpOperator(model.operator(name) if hasattr(model, "operator") else name, rates.gamma)
    run = (_on_all if every_level else _on_few)(model, jump, state, times, job)
    for done, time in enumerate(run):
        if job.cancelled() and done:
            break  # two times make a curve
        job.progress(time / times[-1])
    return Course(model, rates, jump, state, run.dataset())


def compute(state: State, job: Job) -> Course:
    """What the page Dynamics shows of a state; its settings are ``dynamics.state``, ``.end`` and ``.levels``."""
    start, end, levels = (bounds.setting(state.options, f"dynamics.{name}", SETTINGS[name]) for name in SETTINGS)
    _checks.one_of("levels", levels, ("auto", "full"))
    return dynamics(state.system(), state=start, t_end=end, every_level=levels == "full", job=job)


def end_of(text: str, rates: DephasingRates, model: Any) -> float:
    """The last time, in the unit of the model."""
    t2 = rates.t2_eigenstate or math.inf
    try:
        return _checks.positive("t-end", read_time("t-end", text, t2, model))
    except InputError as error:
        if "T2" in text and not math.isfinite(t2):
            raise InputError(f"t-end must be a time where ρ_01 does not decay, and has no T2; got {text!r}") from None
        raise error


def _on_all(model: Any, jump: JumpOperator, state: str, times: Array, job: Job) -> Any:
    if not is_spin(model):
        raise InputError("model must be a collective spin for a run on all levels; got another")
    bounds.check_most("spins", model.spins, bounds.FULL_SPINS, "a run on all levels")
    job.check()
    return _set_up(model, jump, state, times, "full")


def _on_few(model: Any, jump: JumpOperator, state: str, times: Array, job: Job) -> Any:
    """The run on the first number of levels that is good to the tolerance: raised as the bound falls."""
    first = min(most_levels(model), _FIRST)
    levels = model.levels(first)
    most = most_of(model, levels, jump)
    whole = most == levels.dimension
    counts, tried = iter((first, min(most, _SECOND))), list[TruncationError]()
    count: int | None = next(counts)
    while count is not None:
        job.check()
        try:
            return _set_up(model, jump, state, times, count)
        except TruncationError as error:
            tried.append(error)
        count = next(counts, None) or _next(tried[-2], tried[-1], most, whole)
    raise InputError(
        f"t-end must be shorter: the truncation error is only known to be below {tried[-1].bound:.2g} on "
        f"{tried[-1].levels} levels, and this page allows {most} at most here; got {times[-1]:.6g}"
    )


def _set_up(model: Any, jump: JumpOperator, state: str, times: Array, levels: int | str) -> Any:
    try:
        return evolution(model, [jump], state, times, levels=levels, tolerance=TOLERANCE)
    except TruncationError:
        raise
    except ResolutionError as error:  # phases without digits left
        raise InputError(f"t-end must be shorter: {error}") from None


def most_of(model: Any, levels: LevelSet, jump: JumpOperator) -> int:
    """How many levels the largest block of the generator may have: a parity halves it.

    Parameters
    ----------
    model : model
    levels : LevelSet
        Some of its levels.
    jump : JumpOperator
    """
    divided = parity_of(levels.matrix(jump.operator), levels.parities)
    blocks = math.isqrt((2 if divided else 1) * bounds.BLOCK)
    return min(most_levels(model), bounds.LEVELS, blocks)


def _next(before: TruncationError, now: TruncationError, most: int, whole: bool) -> int | None:
    """The next number of levels, by the exponential fall of the bound; None where the most would not do either.

    At most half as many more, since the first trials show little; `whole` says that the most have no truncation.
    """
    if now.levels >= most:
        return None
    slope = math.log(before.bound / now.bound) / (now.levels - before.levels)
    wanted = now.levels + 1.0 + math.log(now.bound / TOLERANCE) / slope if slope > 0.0 else math.inf
    known = 2 * now.levels >= most
    if wanted > (_NEAR if known else _FAR) * most and not whole:
        return None
    count = math.ceil(min(wanted, 1.5 * now.levels))
    return most if count > _SHORT * most else count


def _coherent(model: Any, levels: Any) -> Any:
    return levels.amplitudes(model.spin_coherent_amplitudes)


def _on_bloch_sphere(data: xarray.Dataset) -> Array:
    populations, rho_01 = data.populations.values, data.rho_01.values
    return np.stack((2.0 * rho_01.real, -2.0 * rho_01.imag, populations[:, 0] - populations[:, 1]), axis=1)
