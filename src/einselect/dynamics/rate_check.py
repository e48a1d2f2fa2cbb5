"""A rate held against the dynamics: which decay constant a coherence shows, and whether it has one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError
from ..rates import dephasing_coefficient

if TYPE_CHECKING:
    from .lindbladian import Lindbladian

_STARTS = {"rho_01": "eigen-superposition", "rho_pr": "ground"}
_PAIRS = {"rho_01": ("E0", "E1"), "rho_pr": ("P", "R")}
_SPREAD = 0.05


@dataclass(frozen=True)
class RateCheck:
    """Decay of one coherence in the dynamics beside its Eq. 12 coefficient.

    Attributes
    ----------
    coherence : str
        "rho_01" (from (|E0> + |E1>)/√2) or "rho_pr" (from |E0>, which is (|P> + |R>)/√2). From |E0> the pointer
        coherence is real, ½(ρ_00 - ρ_11), and never oscillates; its decay still differs from Eq. 12 where
        <P|L†L|R> = (q_0 - q_1)/2 ties it to the populations.
    coefficient : float
        Γ_ab of Eq. 12, leakage included.
    fitted : float
        Least-squares slope of -ln|ρ_ab| over the span.
    discrepancy : float
        fitted/coefficient - 1.
    spread : float
        Root-mean-square distance of ln|ρ_ab| from the straight line: 0 for an exponential.
    exponential : bool
        Whether the spread is below 0.05, so that the decay has one constant.
    span : float
        Time over which it was fitted.
    times, magnitude : ndarray
        The curve.
    truncation_error : float
    """

    coherence: str
    coefficient: float
    fitted: float
    discrepancy: float
    spread: float
    exponential: bool
    span: float
    times: NDArray[np.float64]
    magnitude: NDArray[np.float64]
    truncation_error: float


def rate_of(lindbladian: Lindbladian, coherence: str, span: float | None = None) -> RateCheck:
    """Fit the decay of a coherence of the doublet, from the state that holds it at ½.

    Parameters
    ----------
    lindbladian : Lindbladian
    coherence : {"rho_01", "rho_pr"}
    span : float, optional
        Time to fit over; default one decay time 1/Γ_ab of Eq. 12.

    Returns
    -------
    RateCheck
    """
    _checks.one_of("coherence", coherence, _STARTS)
    coefficient = dephasing_coefficient(lindbladian.levels, *_PAIRS[coherence], lindbladian.jumps)
    if coefficient <= 0.0:
        raise InputError(
            f"coherence {coherence} must decay under the jump operators; got a coefficient {coefficient:g}"
        )
    span = _checks.positive("span", 1.0 / coefficient if span is None else span)
    times = np.linspace(0.0, span, 101)
    answer = lindbladian.evolve(_STARTS[coherence], times)
    magnitude = np.abs(answer[coherence].values)
    logs = np.log(np.maximum(magnitude, np.finfo(float).tiny))
    slope, offset = np.polyfit(times / span, logs, 1)
    spread = float(np.sqrt(np.mean((logs - slope * times / span - offset) ** 2)))
    fitted = -float(slope) / span
    return RateCheck(
        coherence,
        coefficient,
        fitted,
        fitted / coefficient - 1.0,
        spread,
        spread < _SPREAD and math.isfinite(fitted),
        span,
        times,
        magnitude,
        float(answer.attrs["truncation_error"]),
    )
