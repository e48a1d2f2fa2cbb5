"""Decays read off the Lindblad equation, for the claims about dynamics."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...dynamics import Lindbladian
from ...models import LMG
from ...rates import JumpOperator
from .context import Context

_LEVELS = 20


@dataclass(frozen=True)
class Decay:
    """One matrix element of the doublet over `span` decay times of γ G01: its mean slope over γ G01, and its end."""

    rate: float
    remains: float
    truncation_error: float


def decay(
    c: Context, spins: int, start: tuple[complex, complex], element: str, span: float = 1.0, tunnelling: bool = True
) -> Decay:
    """Decay of "rho_01", "im_01", "rho_pr" or "z" (= 2 Re ρ_01) from a pure state of the doublet.

    `start` has its amplitudes on |E0>, |E1>. Without tunnelling E_1 is set to E_0, all else left as it is.
    """
    model = LMG(spins, c.field)
    gamma = c.gamma / c.coupling
    levels = model.levels(_LEVELS)
    if not tunnelling:
        levels = replace(levels, excitations=np.concatenate(([0.0, 0.0], levels.excitations[2:])))
    amplitudes = np.zeros(_LEVELS, dtype=complex)
    amplitudes[:2] = start
    rate = gamma * model.doublet().g01
    times = np.linspace(0.0, span / rate, 101)
    answer = Lindbladian(levels, [JumpOperator("Jz", gamma)]).evolve(amplitudes, times)
    rho = answer.rho_01.values
    values = {"rho_01": abs(rho), "im_01": abs(rho.imag), "z": 2.0 * rho.real, "rho_pr": abs(answer.rho_pr.values)}
    curve = values[element] / values[element][0]
    slope = -np.polyfit(times * rate, np.log(np.maximum(np.abs(curve), 1e-300)), 1)[0]
    return Decay(float(slope), float(curve[-1]), float(answer.attrs["truncation_error"]))
