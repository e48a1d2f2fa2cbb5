r"""Sensing with a symmetry-broken doublet under dephasing: Fisher information, and squeezing of a spin, in time.

Two questions are kept apart, since H and the signal do not commute.

*Impulsive* sensing: the state evolves for a time t, then a short pulse turns it by exp(-iθG). `qfi_rotation` is the
quantum Fisher information of θ: of order N² for |E0> and G = Jz, four times the leakage for a pointer state.

*Field* sensing: H + h cos(ωt + φ) G acts all the while, and h is wanted. The information is that of the exact
derivative ∂ρ(t)/∂h of the Lindblad equation (`linear_response`), `qfi_field`, in units of time². It is not t² times
the former: a static field along z turns a doublet one way while it is in one well and back while it is in the
other, so that without dephasing |E0> gives F = (4J01/ΔE)² sin²(ΔEt/2), bounded in time. At resonance, ω = ΔE, it
grows as (J01 t)². A field along x (G = Jx) shifts the splitting itself, and the superposition of |E0> and |E1>
gives t² (∂ΔE/∂Γ)²: there ρ_01 holds the signal, and γ G01 is what counts. Dephasing may even help: where tunnelling
brings the signal back to zero, it is not brought back to zero with a bath.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from .._version import __version__
from ..dynamics import Lindbladian
from ..dynamics.lindbladian import check_times
from ..errors import InputError, PhaseError, ResolutionError
from ..level_set import LevelSet
from ..levels import Levels
from ..models.base import is_spin
from ..rates import JumpOperator, bath_parameters, dephasing_coefficient, units_of
from .fisher import quantum_fisher
from .sensing_curves import Curves, Sensing, as_start, settled_curves
from .sensing_states import SHEARING, starting_state

if TYPE_CHECKING:
    import xarray


def metrology(
    model: Any,
    gamma: float | str,
    state: Any,
    times: ArrayLike,
    *,
    signal: Any = None,
    frequency: float | str = 0.0,
    phase: float = 0.0,
    levels: int | str = "auto",
    tolerance: float = 1e-5,
    shearing: float = SHEARING,
    jump: Any = None,
    readout: Any = None,
) -> xarray.Dataset:
    """Fisher information of a state in time, and spin squeezing, under dephasing: of Jz for a collective spin.

    Parameters
    ----------
    model : model
        A collective spin, or any other with a doublet.
    gamma : float or str
        Dephasing rate γ >= 0: a number in the model's unit, or "0.05 1/s".
    state : str or array_like
        "ground", "excited", "pointer" or "eigen-superposition" (the same vector), "spin-coherent",
        "spin-squeezed"; amplitudes or a density matrix over the lowest levels.
    times : array_like, shape (t,)
        Ascending, >= 0, in units of 1/energy (s for physical models); best a regular grid from 0.
    signal : operator, optional
        G, Hermitian: what turns the state, or what the field couples to. Default: Jz of a collective spin, the order
        parameter of another system.
    frequency : float or "resonant"
        ω of the field, in the model's unit of energy; "resonant" is ΔE.
    phase : float
        φ of the field in radians: at resonance |E0> answers at any φ, |P> at φ = ±π/2 only.
    levels : int or "auto"
        "auto" takes more and more levels until the curves stop to change.
    tolerance : float
        How much the curves may change from one number of levels to the next, relative to their maximum.
    shearing : float
        Of the twist, for "spin-squeezed"; see `sensing_states`.
    jump : str, optional
        What dephases. Default: Jz, or the natural jump operator.
    readout : str or operator, optional
        What is read of a system that is no collective spin, where it is Jz. Default: the order parameter.

    Returns
    -------
    xarray.Dataset
        Over `time`: qfi_rotation (impulsive, for θ); qfi_field (for h), cfi_field and cfi_sign (of it, what the readout
        or its sign shows); qfi_rotation_ideal, qfi_field_ideal (without dephasing). Of a collective spin also
        kitagawa_ueda, wineland, variance_min, mean_spin and squeezed_direction (time, axis), nan where there is no mean
        spin.
        Attributes: rate_eigenstate, rate_pointer and rate_mean_field (nan where there is none); qfi_rotation_mixture
        (of the even mixture of both levels); levels,
        convergence_error (largest change of a curve against fewer levels, relative to its maximum: an estimate; nan
        where there are no fewer),
        trace_error (a bound on |ρ - ρ_k|_1), outside (weight of the start beyond the levels).

    Raises
    ------
    InputError
        For arguments out of range.
    ResolutionError
        If the curves change, or would by the last two changes, by more than the tolerance with 50 levels.

    Examples
    --------
    A field along x shifts the splitting; the superposition of both levels feels it until ρ_01 is gone.

    >>> import numpy as np
    >>> from einselect import LMG
    >>> from einselect.protocols import best_interrogation, metrology
    >>> course = metrology(LMG(100, 0.9), 2e-6, "pointer", np.linspace(0, 1500, 61), signal="Jx", levels=12)
    >>> best = best_interrogation(course)
    >>> print(f"{best.time * course.rate_eigenstate:.2f} / γ G01")
    0.52 / γ G01
    """
    rate, _ = bath_parameters(model.energy_unit, gamma, None)
    assert rate is not None
    _checks.positive("tolerance", tolerance)
    omega = _frequency(model, frequency)
    spin = is_spin(model)
    if spin and readout is not None and readout != "Jz":
        raise InputError(f"readout must be left out for a collective spin, of which Jz is read; got {readout!r}")
    natural = "Jz" if spin else model.order_operator
    noise = jump if jump is not None else "Jz" if spin else next(iter(model.jump_operators()))
    operator = model.operator(noise) if isinstance(noise, str) and hasattr(model, "operator") else noise
    task = Sensing(
        model,
        (JumpOperator(operator, rate),),
        state,
        check_times(times),
        natural if signal is None else signal,
        omega,
        phase,
        shearing,
        natural if readout is None else readout,
    )
    for name, given in (("signal", task.signal), ("readout", task.readout)):
        if not spin and given is None:
            raise InputError(f"{name} must be given for a model without an odd jump operator; got None")
    return _dataset(task, settled_curves(task, levels, tolerance))


def _frequency(model: Any, frequency: float | str) -> float:
    if isinstance(frequency, str):
        if frequency != "resonant":
            raise _checks.fail("frequency", "a finite number >= 0, or 'resonant'", frequency)
        levels = model.levels(2)
        if levels.splitting_bound is not None and levels.excitations[1] == 0.0:
            raise ResolutionError(
                f"frequency must be a number where ΔE is not resolved: it is below {levels.splitting_bound:.2g}"
            )
        return float(levels.excitations[1])
    return _checks.non_negative("frequency", frequency)


def evolved_states(
    model: Any, levels: LevelSet, gamma: float, state: Any, times: ArrayLike, shearing: float = SHEARING
) -> NDArray[np.complex128]:
    """Density matrices of a starting state under dephasing, on given levels, normalised: to draw or to measure.

    Parameters
    ----------
    model, state, times, shearing
        As for `metrology`.
    levels : LevelSet
    gamma : float
        γ in the model's unit.

    Returns
    -------
    ndarray, shape (t, k, k)
        Divided by the trace, which lacks the weight beyond the levels.
    """
    named, amplitudes, _ = as_start(*starting_state(model, levels, state, shearing))
    found = Lindbladian(levels, [JumpOperator("Jz", gamma)]).states(named, times, coherent=amplitudes).rho
    return np.asarray(found / np.einsum("tii->t", found).real[:, None, None])


def _rates(task: Sensing, levels: LevelSet) -> dict[str, float]:
    """The three rates that one might expect to govern the signal; nan where there is none."""
    moment, name = None, getattr(task.jumps[0].operator, "name", "")
    if not is_spin(task.model):
        mean = task.model.mean_field(name) if hasattr(task.model, "mean_field") else None
        moment = None if mean is None else 2.0 * mean**2
    elif name == "Jz":
        with suppress(AttributeError, PhaseError):
            moment = float(task.model.mean_field_moment)
    return {
        "rate_eigenstate": dephasing_coefficient(levels, "E0", "E1", task.jumps),
        "rate_pointer": dephasing_coefficient(levels, "P", "R", task.jumps),
        "rate_mean_field": np.nan if moment is None else task.jumps[0].rate * moment,
    }


def _mixture(task: Sensing, levels: LevelSet) -> float:
    """F of a rotation for ½(|E0><E0| + |E1><E1|): what is left of the doublet without any coherence."""
    mixture = np.zeros((len(levels), len(levels)))
    mixture[0, 0] = mixture[1, 1] = 0.5
    return quantum_fisher(levels, mixture, task.signal)


def _dataset(task: Sensing, found: Curves) -> xarray.Dataset:
    """Label the curves."""
    import xarray

    levels, values = found.levels, found.values
    units = units_of(levels.energy_unit)
    squared = f"{units['time']}²" if units["time"] == "s" else f"({units['time']})²"
    signal = task.signal if isinstance(task.signal, str) else getattr(task.signal, "name", "matrix")
    time, axes = ("time",), ("time", "axis")
    read = task.readout if isinstance(task.readout, str) else getattr(task.readout, "name", "matrix")
    labels: dict[str, tuple[tuple[str, ...], str, str]] = {
        "qfi_rotation": (time, f"quantum Fisher information of θ in exp(-iθ {signal})", "1"),
        "qfi_rotation_ideal": (time, "the same without dephasing", "1"),
        "qfi_field": (time, f"quantum Fisher information of h in h cos(ωt + φ) {signal}", squared),
        "cfi_field": (time, f"classical Fisher information of h, {read} read out", squared),
        "cfi_sign": (time, f"classical Fisher information of h, sign of {read} read out", squared),
        "qfi_field_ideal": (time, "quantum Fisher information of h without dephasing", squared),
        "kitagawa_ueda": (time, "ξ² = 4 Var_min/N", "1"),
        "wineland": (time, "ξ_R² = N Var_min/|<J>|²", "1"),
        "variance_min": (time, "smallest variance across the mean spin", "1"),
        "mean_spin": (axes, "<J>", "1"),
        "squeezed_direction": (axes, "direction of the smallest variance", "1"),
    }
    source = task.model
    spin = isinstance(levels, Levels)
    known = {name: getattr(source, name) for name in ("field", "coupling") if hasattr(source, name)}
    return xarray.Dataset(
        {
            name: (dims, values[name], {"long_name": text, "units": unit})
            for name, (dims, text, unit) in labels.items()
            if name in values
        },
        coords={
            "time": ("time", task.times, {"units": units["time"]}),
            **({"axis": ["x", "y", "z"]} if spin else {}),
        },
        attrs={
            **({"spins": levels.spins, **known} if isinstance(levels, Levels) else {"model": repr(source)}),
            "jump": getattr(task.jumps[0].operator, "name", "matrix"),
            "readout": read,
            "energy_unit": levels.energy_unit,
            "gamma": task.jumps[0].rate,
            "splitting": float(levels.excitations[1]),
            **_rates(task, levels),
            "qfi_rotation_mixture": _mixture(task, levels),
            "initial_state": task.state if isinstance(task.state, str) else "given",
            "signal": signal,
            "frequency": task.frequency,
            "phase": task.phase,
            "levels": len(levels),
            "convergence_error": found.change,
            "trace_error": found.trace_error,
            "outside": found.outside,
            "software": f"einselect {__version__}",
        },
    )
