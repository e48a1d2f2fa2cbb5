"""Both coherences of a doublet under static noise in time: exact, in closed form, and beside white noise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from .._version import __version__
from ..errors import InputError, ResolutionError
from ..models.base import most_levels
from ..rates import in_unit_of, units_of
from .lindbladian import check_times
from .quasi_static import Meeting, QuasiStaticNoise, frozen_retention, perturbative_retention

if TYPE_CHECKING:
    import xarray

Matrix = NDArray[np.complex128]

_WEAK, _STRONG = 0.3, 3.0  # 2σ|O_01|/ΔE
_FLAT = 1e-9  # D over the size of O below which it is rounding
_FIRST, _MOST = 6, 60


def decay(noise: QuasiStaticNoise) -> tuple[str, float]:
    """Which closed form the decay has, and its time.

    Parameters
    ----------
    noise : QuasiStaticNoise
        σ > 0.

    Returns
    -------
    kind : str
        "gaussian" and "algebraic" of weak noise, by which is the faster one; "frozen" where odd noise is so strong
        that tunnelling does not matter; "between" where neither holds.
    time : float
        √2/σ|D|, in which exp(-½D²σ²t²) falls to 1/e; 1/|C|σ², after which it falls as 1/√t; for the others
        1/√2σ|O_01|, in which exp(-2σ²|O_01|²t²) falls to 1/e. inf where the doublet does not feel the noise.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.quasi_static import QuasiStaticNoise
    >>> from einselect.dynamics.static_course import decay
    >>> levels = LMG(spins=50, field=0.9).levels(6)
    >>> for operator, width in (("Jx", 1e-3), ("Jz", 1e-4), ("Jz", 1.0)):
    ...     print(decay(QuasiStaticNoise(levels, operator, width))[0])
    gaussian
    algebraic
    frozen
    """
    size = float(np.abs(noise.coupling).max())
    level = abs(noise.slope) <= _FLAT * size
    across = float(abs(noise.coupling[0, 1]))
    leading = np.abs(noise.coupling[:2])
    np.fill_diagonal(leading, 0.0)
    if level and leading.max() <= _FLAT * size:
        return "gaussian", math.inf
    if noise.strength < _WEAK:
        linear = 0.0 if level else noise.width * abs(noise.slope) / math.sqrt(2.0)
        quadratic = abs(noise.curvature) * noise.width**2
        fastest = max(linear, quadratic)
        return "gaussian" if linear >= quadratic else "algebraic", 1.0 / fastest if fastest else math.inf
    time = 1.0 / (math.sqrt(2.0) * noise.width * across)
    return ("frozen" if level and noise.strength > _STRONG else "between"), time


def static_noise_course(
    model: Any,
    operator: Any,
    width: float | str,
    times: ArrayLike,
    *,
    gamma: float | str | None = None,
    levels: int | str = "auto",
    tolerance: float = 1e-6,
) -> xarray.Dataset:
    """What static noise leaves of ρ_01 and ρ_PR, beside its closed forms and white noise on the same operator.

    Parameters
    ----------
    model : any of the package's
    operator : str or operator
        O, Hermitian: "Jx" for noise of the field Γ, "Jz" for noise of the bias of the wells.
    width : float or str
        σ > 0: a number in the model's unit, or "2 Hz" (E/h) for physical ones.
    times : array_like, shape (t,)
        Ascending, >= 0.
    gamma : float or str, optional
        Power γ of white noise to compare with.
    levels : int or "auto"
        Lowest levels to keep; "auto" raises their number until the answer moves by less than the tolerance.
    tolerance : float

    Returns
    -------
    xarray.Dataset
        Over `time`: retention_01 and retention_pr, S_ab = <ρ_ab(t)>/ρ_ab(0) in the frame that turns with H, complex;
        closed_01 and closed_pr, where weak or strong noise has a closed form; white_01 and white_pr, exp(-Γ_ab t) of
        Eq. 12, with γ. Attributes: the kind of decay and its time (`decay`), slope, curvature (NaN where ΔE is not
        resolved), strength, the rates, when both noises have taken as much (-1 where that is nowhere), levels and how
        much fewer of them change.

    Raises
    ------
    InputError, UnitError
        For an operator that is not Hermitian or does not reach the doublet, a width that is not above zero, or units
        that do not fit.
    ResolutionError
        If 60 levels do not suffice, or the noise turns phases too far to be averaged.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.dynamics.static_course import static_noise_course
    >>> course = static_noise_course(LMG(spins=50, field=0.9), "Jx", 1e-4, [0.0, 2000.0, 4000.0], gamma=1e-7)
    >>> course.attrs["decay"], [f"{value:.4f}" for value in abs(course.retention_01).values]
    ('gaussian', ['1.0000', '0.9562', '0.8358'])
    """
    import xarray

    grid = check_times(times)
    sigma = _checks.positive("width", in_unit_of(model.energy_unit, "width", width, "energy"))
    power = None if gamma is None else in_unit_of(model.energy_unit, "gamma", gamma)
    noise, retained, error = _settled(model, operator, sigma, grid, levels, tolerance)
    kind, time = decay(noise)
    if math.isinf(time):
        raise InputError(f"operator must reach the doublet; got {noise.operator!r}, which shifts both levels alike")
    units = units_of(model.energy_unit)
    variables: dict[str, Any] = {
        "retention_01": ("time", retained[0], {"long_name": "what is left of ρ_01"}),
        "retention_pr": ("time", retained[1], {"long_name": "what is left of ρ_PR"}),
    }
    closed = _closed(noise, kind, grid)
    if closed is not None:
        variables |= {
            f"closed_{name}": ("time", values, {"long_name": f"closed form, {kind}"})
            for name, values in zip(("01", "pr"), closed, strict=True)
        }
    attributes: dict[str, Any] = {
        "operator": getattr(operator, "name", str(operator)),
        "width": sigma,
        "decay": kind,
        "decay_time": time,
        "splitting": noise.splitting,
        "slope": noise.slope,
        "curvature": _curvature(noise),
        "strength": noise.strength,
        "levels": len(noise.levels),
        "convergence_error": error,
        "energy_unit": model.energy_unit,
        "software": f"einselect {__version__}",
    }
    if power is not None:
        attributes["gamma"] = power
        for name, pair in (("01", ("E0", "E1")), ("pr", ("P", "R"))):
            rate = noise.rate(*pair, power)
            variables[f"white_{name}"] = ("time", np.exp(-rate * grid), {"long_name": "white noise, exp(-Γt)"})
            met = _meeting(noise, pair, power)
            attributes[f"rate_{name}"] = rate
            attributes[f"meeting_{name}"] = -1.0 if met is None or met.time is None else met.time
    return xarray.Dataset(variables, coords={"time": ("time", grid, {"units": units["time"]})}, attrs=attributes)


def _settled(
    model: Any, operator: Any, width: float, times: NDArray[np.float64], levels: int | str, tolerance: float
) -> tuple[QuasiStaticNoise, list[Matrix], float]:
    """The noise on enough levels, both retentions, and how much they differ from those on fewer."""
    most = most_levels(model)
    allowed = _checks.positive("tolerance", tolerance)
    automatic = levels == "auto"
    count = min(_FIRST, most) if automatic else _checks.whole("levels", levels, 2, most)
    fewer = None if automatic else max(2, (2 * count) // 3)

    def retained(kept: int) -> tuple[QuasiStaticNoise, list[Matrix]]:
        noise = QuasiStaticNoise(model.levels(kept), operator, width)
        return noise, [noise.retention(*pair, times) for pair in (("E0", "E1"), ("P", "R"))]

    before = None if fewer is None else retained(fewer)[1]
    while True:
        noise, found = retained(count)
        error = (
            math.inf if before is None else max(float(np.abs(a - b).max()) for a, b in zip(found, before, strict=True))
        )
        if count >= most:
            return noise, found, 0.0
        if not automatic or error <= allowed:
            return noise, found, error
        if count >= _MOST:
            raise ResolutionError(
                f"width and times must be small enough for {_MOST} levels; got a change by {error:.1e} between these "
                "and fewer"
            )
        before, count = found, min(count + max(2, count // 2), most, _MOST)


def _curvature(noise: QuasiStaticNoise) -> float:
    """C; NaN where ΔE is below rounding, and noise that matters is stronger than tunnelling."""
    try:
        return noise.curvature
    except ResolutionError:
        return math.nan


def _closed(noise: QuasiStaticNoise, kind: str, times: NDArray[np.float64]) -> tuple[Any, Any] | None:
    if kind == "frozen":
        return frozen_retention(times, noise.width, float(abs(noise.coupling[0, 1])))
    if kind == "between":
        return None
    return perturbative_retention(times, noise.width, noise.slope, noise.curvature)


def _meeting(noise: QuasiStaticNoise, pair: tuple[str, str], power: float) -> Meeting | None:
    """Where both have taken as much; None without white noise, or where that is too late to be averaged over."""
    if power == 0.0:
        return None
    try:
        return noise.meeting(*pair, power)
    except ResolutionError:
        return None
