"""Protocols on a collective spin: a Leggett-Garg test by every description, sensing, noise of the atom number."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ... import _checks
from ...cli.reading import is_spin
from ...errors import InputError, PhaseError, ResolutionError
from ...protocols import (
    Interrogation,
    LeggettGarg,
    LeggettGargValue,
    Noise,
    NoiseLimit,
    NoisyK3,
    NoisyLeggettGarg,
    Threshold,
    best_interrogation,
    k3_by_level,
    metrology,
    noisy_coherence,
)
from ...protocols.initial import NAMES as INITIAL
from ...protocols.noise_kinds import HOLDS
from ...rates import written_rate
from .. import bounds
from ..jobs import Job
from ..state import State, System
from .dynamics import end_of

if TYPE_CHECKING:
    import xarray

QUICK = ("A", "B", "two-level", "C")
LEVELS = (*QUICK, "converged")
DESCRIPTIONS = {
    "A": "rate γ G_loc",
    "B": "rate γ G01",
    "two-level": "doublet, not secular",
    "C": "five levels",
    "converged": "all levels",
}
SENSORS = ("ground", "excited", "pointer", "spin-coherent", "spin-squeezed")
SIGNALS = ("Jz", "Jx", "Jy")
SCHEMES = ("repeated", "single", "impulsive")
_CURVE, _POINT, _SETTLED = 1e-4, 1e-6, 1e-3
_STEPS = 200
_WIDTHS = 13
_NARROWEST = 0.02  # of the widest


def spin_and_rate(system: System) -> tuple[Any, float, float | str]:
    """The model and its dephasing rate, as a number and as the protocols take it.

    Raises
    ------
    InputError
        For a model that is no collective spin, a jump operator other than Jz, or no rate.
    """
    if not is_spin(system.model):
        raise InputError(f"model must be a collective spin for this page, as lmg is; got {system.entry.name!r}")
    if system.jump not in (None, "Jz"):
        raise InputError(f"jump must be Jz for this page, whose protocols suffer dephasing; got {system.jump!r}")
    if not system.rate:
        raise InputError(f"gamma must be given, above zero, for this page; got {system.gamma!r}")
    return system.model, system.rate, written_rate(system.model.energy_unit, system.rate)


@dataclass(frozen=True)
class LevelAnswer:
    """A Leggett-Garg test by one description.

    Attributes
    ----------
    level : str
    value : LeggettGargValue
        K3 at the interval.
    threshold : Threshold or None
        Largest γ with K3 > 1 there; None where K3 stays above 1 at any rate.
    """

    level: str
    value: LeggettGargValue
    threshold: Threshold | None


@dataclass(frozen=True)
class LeggettGargAnswer:
    """A Leggett-Garg test by several descriptions.

    Attributes
    ----------
    tau, gamma : float
    rows : tuple of LevelAnswer
    missing : dict of str to str
        Descriptions that cannot be had, and why.
    curves : xarray.Dataset
        From `k3_by_level`, with ``threshold`` over (level) and ``threshold_tau`` in its attributes.
    contrast : float
        <E0|Q|E1>².
    """

    tau: float
    gamma: float
    rows: tuple[LevelAnswer, ...]
    missing: dict[str, str]
    curves: xarray.Dataset
    contrast: float


def leggett_garg(
    system: System, *, initial: str = "ground", levels: tuple[str, ...] = QUICK, job: Job | None = None
) -> LeggettGargAnswer:
    """K3 against τ by several descriptions, and at τ = π/(3ΔE) with its threshold.

    Parameters
    ----------
    system : System
        A collective spin with a dephasing rate.
    initial : {"ground", "doublet-mixture", "thermal", "pointer"}
    levels : tuple of str
    job : Job, optional

    Returns
    -------
    LeggettGargAnswer

    Examples
    --------
    >>> from einselect.explorer.compute.protocols import leggett_garg
    >>> from einselect.explorer.state import State
    >>> for row in leggett_garg(State().system(), levels=("B", "C")).rows:
    ...     print(f"{row.level}: K3 = {row.value.value:.4f}, up to {row.threshold.gamma:.4f} 1/s")
    B: K3 = 1.2182, up to 0.1173 1/s
    C: K3 = 1.3166, up to 0.2890 1/s
    """
    job = Job() if job is None else job
    model, rate, gamma = spin_and_rate(system)
    _checks.one_of("initial", initial, INITIAL)
    for level in levels:
        _checks.one_of("level", level, LEVELS)
    temperature = system.temperature if initial == "thermal" else None
    test = LeggettGarg(model, "B", initial, temperature=temperature, tolerance=_POINT)
    _resolved(test)
    rows, curves, missing = [], [], {}
    tau = np.linspace(1.0, _STEPS, _STEPS) * (1.5 * test.tau / _STEPS)
    for done, level in enumerate(levels):
        job.progress(done / len(levels))
        try:
            if level == "converged":
                bounds.check_most("spins", model.spins, bounds.CONVERGED_SPINS, "a test on all levels")
            one = replace(test, level=level)
            value = one.k3(gamma)
            found = k3_by_level(one, [level], gamma, tau, _CURVE)
            job.progress((done + 0.5) / len(levels))
            rows.append(LevelAnswer(level, value, _threshold(one)))
        except (InputError, PhaseError, ResolutionError) as error:
            missing[level] = str(error)
            continue
        curves.append(found)
    if not rows:
        raise ResolutionError("; ".join(missing.values()))
    return LeggettGargAnswer(test.tau, rate, tuple(rows), missing, _joined(curves, rows), test.correlator.contrast)


def _resolved(test: LeggettGarg) -> None:
    if not float(test.doublet.splitting) > 0.0 or not math.isfinite(3.0 * test.tau):
        raise ResolutionError("spins must be fewer, or the field stronger: τ = π/(3ΔE) is beyond double precision")


def _threshold(test: LeggettGarg) -> Threshold | None:
    try:
        return test.threshold()
    except ResolutionError:
        return None


def _joined(curves: list[xarray.Dataset], rows: list[LevelAnswer]) -> xarray.Dataset:
    import xarray

    joined = xarray.concat(curves, "level", combine_attrs="override")
    limits = [math.nan if r.threshold is None or r.threshold.gamma is None else r.threshold.gamma for r in rows]
    joined["threshold"] = ("level", limits, {"units": joined.attrs["gamma_units"]})
    return joined.assign_attrs(threshold_tau=rows[0].value.tau)


@dataclass(frozen=True)
class SensingAnswer:
    """A sensor in time, and when to read it out.

    Attributes
    ----------
    course : xarray.Dataset
        From `metrology`.
    best : Interrogation
    t2 : float
        1/(γ G01).
    """

    course: xarray.Dataset
    best: Interrogation
    t2: float


def sensing(
    system: System,
    *,
    state: str = "ground",
    signal: str = "Jz",
    resonant: bool = False,
    scheme: str = "repeated",
    t_end: str = "2T2",
    points: int = 101,
    job: Job | None = None,
) -> SensingAnswer:
    """Fisher information and squeezing of a state in time, and the best time to read it out.

    Parameters
    ----------
    system : System
    state : str
        One of `SENSORS`.
    signal : {"Jz", "Jx", "Jy"}
    resonant : bool
        Whether the field turns at ΔE, and not at 0.
    scheme : {"repeated", "single", "impulsive"}
    t_end : str
    points : int
    job : Job, optional

    Returns
    -------
    SensingAnswer

    Examples
    --------
    >>> from einselect.explorer.compute.protocols import sensing
    >>> from einselect.explorer.state import State
    >>> found = sensing(State().system(), resonant=True)
    >>> print(f"{found.best.time / found.t2:.2f} T2, nearest to the rate of the {found.best.nearest}")
    0.10 T2, nearest to the rate of the pointer
    """
    job = Job() if job is None else job
    model, _, gamma = spin_and_rate(system)
    _checks.one_of("state", state, SENSORS)
    _checks.one_of("signal", signal, SIGNALS)
    _checks.one_of("scheme", scheme, SCHEMES)
    count = _checks.whole("points", points, 8, bounds.TIMES)
    bounds.check_most("spins", model.spins, bounds.SENSING_SPINS, "sensing")
    if state.startswith("spin-") and not hasattr(model, "spin_coherent_amplitudes"):
        raise InputError(
            f"state must be one of {', '.join(SENSORS[:3])} for the model {system.entry.name}; got {state!r}"
        )
    times = np.linspace(0.0, end_of(t_end, system.rates, model), count)
    job.progress(0.1)
    frequency = "resonant" if resonant else 0.0
    # φ = π/2 is the quadrature that drives a pointer state; |E0> answers at any phase.
    phase = 0.5 * math.pi if resonant and state == "pointer" else 0.0
    course = metrology(model, gamma, state, times, signal=signal, frequency=frequency, phase=phase, tolerance=_SETTLED)
    job.progress(0.9)
    return SensingAnswer(course, best_interrogation(course, scheme), 1.0 / (system.rates.rate_eigenstate or math.nan))


@dataclass(frozen=True)
class HeldNoise:
    """What noise of the atom number does while J, or J/N, stays the same.

    Attributes
    ----------
    hold : str
    k3 : tuple of NoisyK3
        At the widths.
    limit : NoiseLimit
        Largest width with K3 > 1.
    coherence : xarray.Dataset
        From `noisy_coherence`, at the width asked for.
    """

    hold: str
    k3: tuple[NoisyK3, ...]
    limit: NoiseLimit
    coherence: xarray.Dataset


@dataclass(frozen=True)
class NoiseAnswer:
    """Noise of the atom number.

    Attributes
    ----------
    level : str
        Description of the Leggett-Garg test.
    width : float
        σ_N asked for.
    widths : ndarray
        Ascending from 0.
    held : tuple of HeldNoise
    """

    level: str
    width: float
    widths: NDArray[np.float64]
    held: tuple[HeldNoise, ...]

    def dataset(self) -> xarray.Dataset:
        """K3 over (hold, width), the limits, and the mean coherences over (hold, time)."""
        import xarray

        courses = xarray.concat([one.coherence for one in self.held], "hold", combine_attrs="drop")
        columns = {
            name: (("hold", "width"), [[getattr(k, key) for k in one.k3] for one in self.held], {"units": "1"})
            for name, key in (("k3", "value"), ("k3_error", "error"), ("k3_spread", "spread"))
        }
        limits = [math.nan if one.limit.value is None else one.limit.value for one in self.held]
        return (
            courses.assign(columns)
            .assign(limit=("hold", limits, {"units": "atoms"}))
            .assign_coords(hold=[one.hold for one in self.held], width=("width", self.widths, {"units": "atoms"}))
            .assign_attrs(level=self.level, coherence_width=self.width, k3_ideal=self.held[0].k3[0].ideal)
        )


def atom_noise(
    system: System, *, width: str = "2", level: str = "C", t_end: str = "2T2", points: int = 101, job: Job | None = None
) -> NoiseAnswer:
    """K3 against the standard deviation of the atom number, and the coherence in time at one of them.

    Parameters
    ----------
    system : System
    width : str
        σ_N, atoms; the curve reaches five times as far.
    level : {"B", "two-level", "C"}
        Description of the test.
    t_end : str
        Of the coherence.
    points : int
    job : Job, optional

    Returns
    -------
    NoiseAnswer

    Examples
    --------
    >>> from einselect.explorer.compute.protocols import atom_noise
    >>> from einselect.explorer.state import State
    >>> for one in atom_noise(State().system(), points=3).held:
    ...     print(f"{one.hold}: K3 > 1 up to {one.limit.value:.1f} atoms")
    coupling: K3 > 1 up to inf atoms
    interaction: K3 > 1 up to 2.0 atoms
    """
    job = Job() if job is None else job
    model, _, gamma = spin_and_rate(system)
    _checks.one_of("level", level, QUICK[1:])
    sigma = _checks.positive("noise", _number(width))
    bounds.check_most("noise", sigma, bounds.NOISE_WIDTH, "an average over shots")
    bounds.check_most("spins", model.spins, bounds.NOISE_SPINS, "an average over shots")
    test = LeggettGarg(model, level, tolerance=_POINT)
    _resolved(test)
    times = np.linspace(0.0, end_of(t_end, system.rates, model), _checks.whole("points", points, 2, bounds.TIMES))
    top = 5.0 * sigma
    widths = np.concatenate(([0.0], np.geomspace(_NARROWEST * top, top, _WIDTHS)))
    held, total = [], len(HOLDS) * (len(widths) + 4)
    for done, hold in enumerate(HOLDS):
        noisy = NoisyLeggettGarg(test, Noise(hold=hold), gamma)
        before = done * total / len(HOLDS)
        k3 = []
        for step, value in enumerate(widths.tolist()):
            job.progress((before + step) / total)
            k3 += noisy.against_spins([value])
        job.progress((before + len(widths)) / total)
        limit = noisy.limit("spins", float(top))
        job.progress((before + len(widths) + 1) / total)
        mean = noisy_coherence(model, gamma, Noise(spins=sigma, hold=hold), times, tolerance=1e-3)
        held.append(HeldNoise(hold, tuple(k3), limit, mean))
    return NoiseAnswer(level, sigma, widths, tuple(held))


SETTINGS = {
    "show": "leggett-garg",
    "initial": "ground",
    "levels": "quick",
    "sensor": "ground",
    "signal": "Jz",
    "field": "static",
    "scheme": "repeated",
    "end": "2T2",
    "noise": "2",
    "level": "C",
}
"""Of the page Protocols, as ``protocols.show`` and so on, with their defaults."""
PROTOCOLS = ("leggett-garg", "sensing", "noise")


def compute(state: State, job: Job) -> LeggettGargAnswer | SensingAnswer | NoiseAnswer:
    """What the page Protocols shows of a state: one of its protocols."""
    own = {name: bounds.setting(state.options, f"protocols.{name}", default) for name, default in SETTINGS.items()}
    _checks.one_of("show", own["show"], PROTOCOLS)
    _checks.one_of("levels", own["levels"], ("quick", "all"))
    _checks.one_of("field", own["field"], ("static", "resonant"))
    system = state.system()
    if own["show"] == "sensing":
        resonant, end = own["field"] == "resonant", own["end"]
        return sensing(
            system,
            state=own["sensor"],
            signal=own["signal"],
            resonant=resonant,
            scheme=own["scheme"],
            t_end=end,
            job=job,
        )
    if own["show"] == "noise":
        return atom_noise(system, width=own["noise"], level=own["level"], t_end=own["end"], job=job)
    levels = LEVELS if own["levels"] == "all" else QUICK
    return leggett_garg(system, initial=own["initial"], levels=levels, job=job)


def _number(text: str) -> float:
    from ...cli.reading import read_number

    return read_number("noise", text)
