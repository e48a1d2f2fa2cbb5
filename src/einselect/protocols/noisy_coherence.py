"""Coherences of the doublet averaged over shots, and what dephasing and the shots each contribute."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from .._version import __version__
from ..dynamics import evolve
from ..dynamics.lindbladian import check_times
from ..rates import JumpOperator, bath_parameters, units_of
from .noise import Ensemble, Noise
from .shot_dephasing import mean_phase, shot_dephasing

if TYPE_CHECKING:
    import xarray

STATES = ("eigen-superposition", "pointer", "ground")
_LARGEST = 0.5  # of a coherence
_MEMBER = 0.1  # of the tolerance, for each member


def noisy_coherence(
    model: Any,
    gamma: float | str,
    noise: Noise,
    times: ArrayLike,
    state: str = "eigen-superposition",
    tolerance: float = 1e-4,
) -> xarray.Dataset:
    r"""Mean over shots of ρ_01(t) and ρ_PR(t), each shot by the Lindblad equation under dephasing by Jz.

    Parameters
    ----------
    model : LMG or alike
    gamma : float or str
        Dephasing rate.
    noise : Noise
    times : array_like
        Ascending, >= 0, in units of 1/energy (s for physical models).
    state : {"eigen-superposition", "pointer", "ground"}
        Prepared in each shot, with that shot's levels: (\|E0> + \|E1>)/√2 (both of the first) has ρ_01 = ½, \|E0> has
        ρ_PR = ½.
    tolerance : float
        Accepted error of the mean; a tenth of it of the truncation of each member.

    Returns
    -------
    xarray.Dataset
        Over `time`: the means ``rho_01`` and ``rho_pr`` (complex), their moduli ``abs_rho_01`` and ``abs_rho_pr``; the
        same of the central model alone, ``rho_01_single`` and ``rho_pr_single``; and the factors of the secular
        picture: ``dephasing`` exp(-γG01 t), ``shots`` \|<exp(iΔE t)>\|, and for ``shots`` the closed form of
        small noise ``shots_gaussian`` exp(-½(σ_ω t)²) (`shot_dephasing`). In the attributes error (of the means),
        shots, left_out, and of `ShotDephasing` t2, t2_star, t2_star_gaussian, frequency_spread.

    Raises
    ------
    ResolutionError
        As of `Ensemble.average` and `evolve`.

    Examples
    --------
    One atom of noise, as in a trap, after T2 of dephasing.

    >>> from einselect import LMG
    >>> from einselect.protocols import Noise, noisy_coherence
    >>> model = LMG(370, 0.95, "74345.55 rad/s")
    >>> found = noisy_coherence(model, "0.05 1/s", Noise(spins=1.0, hold="interaction"), [0.0, 0.007])
    >>> print(f"{found.abs_rho_01[1]:.3f} instead of {abs(found.rho_01_single[1].item()):.3f}")
    0.021 instead of 0.180
    """
    import xarray

    _checks.one_of("state", state, STATES)
    _checks.positive("tolerance", tolerance)
    grid = check_times(times)
    rate = bath_parameters(model.energy_unit, gamma, None)[0]
    if rate is None:
        raise _checks.fail("gamma", "a rate >= 0", gamma)
    count = len(grid)
    ensemble = coherence_ensemble(model, rate, noise, grid, state, tolerance)
    mean = ensemble.average(tolerance, every=False)
    rho_01, rho_pr = _complex(mean.value, count)
    single_01, single_pr = _complex(ensemble.at(model.spins), count)
    shots, _ = mean_phase(model, noise, grid, tolerance=tolerance)
    about = shot_dephasing(model, gamma, noise)
    units = units_of(model.energy_unit)
    variables = {
        "rho_01": (rho_01, "mean of <E0|ρ|E1>"),
        "rho_pr": (rho_pr, "mean of <P|ρ|R>"),
        "abs_rho_01": (np.abs(rho_01), "modulus of the mean of <E0|ρ|E1>"),
        "abs_rho_pr": (np.abs(rho_pr), "modulus of the mean of <P|ρ|R>"),
        "rho_01_single": (single_01, "<E0|ρ|E1> without noise"),
        "rho_pr_single": (single_pr, "<P|ρ|R> without noise"),
        "dephasing": (np.exp(-about.rate * grid), "exp(-γG01 t)"),
        "shots": (np.abs(shots), "|<exp(iΔE t)>|"),
        "shots_gaussian": (np.exp(-0.5 * (about.frequency_spread * grid) ** 2), "exp(-½(σ_ω t)²)"),
    }
    return xarray.Dataset(
        {name: ("time", data, {"long_name": text, "units": "1"}) for name, (data, text) in variables.items()},
        coords={"time": ("time", grid, {"units": units["time"]})},
        attrs={
            "error": mean.error + math.sqrt(2.0) * _MEMBER * tolerance,
            "shots": mean.shots,
            "left_out": ensemble.left_out,
            "t2": about.t2,
            "t2_star": about.t2_star,
            "t2_star_gaussian": about.t2_star_gaussian,
            "frequency_spread": about.frequency_spread,
            "hold": noise.hold,
            "initial_state": state,
            "spins": model.spins,
            "software": f"einselect {__version__}",
        },
    )


def coherence_ensemble(
    model: Any, rate: float, noise: Noise, times: Any, state: str = "eigen-superposition", tolerance: float = 1e-4
) -> Ensemble:
    """The ensemble of ρ_01(t) and ρ_PR(t): real and imaginary parts in turn, first all of ρ_01."""
    jumps = [JumpOperator("Jz", rate)]

    def coherences(member: Any) -> Any:
        found = evolve(member, jumps, state, times, tolerance=_MEMBER * tolerance)
        return np.stack([found.rho_01.values, found.rho_pr.values]).view(np.float64).ravel()

    return Ensemble(model, noise, coherences, bound=_LARGEST)


def _complex(stacked: Any, count: int) -> Any:
    """Both coherences, shape (2, t), from their real numbers in a row."""
    return np.ascontiguousarray(stacked).view(np.complex128).reshape(2, count)
