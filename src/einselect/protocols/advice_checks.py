"""What advice on any protocol looks at: conditions with their numbers, weights of operators, nearest remedies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dynamics import Lindbladian, evolve
from ..level_set import LevelSet
from ..models.base import is_spin, most_levels
from ..rates import DephasingRates, JumpOperator
from ..regime import Condition
from .advice import Remedy, Weights
from .noise import Ensemble, Noise

PHASE_SPREAD = 0.5
"""Largest standard deviation of the tunnelling phase, in rad, that counts as small: a contrast of exp(-1/8)."""
OUTSIDE = 0.05
"""Largest weight outside the doublet that counts as small."""
_LADDER = 1.1
_FEW = 20
_STEPS = 24


def weights_of(operator: NDArray[Any], levels: LevelSet, name: str) -> Weights:
    """Shares of an operator over the levels in the parity sectors, the doublet, and the doublet's elements."""
    squared = np.abs(operator) ** 2
    total = float(squared.sum()) or 1.0
    like = np.equal.outer(levels.parities, levels.parities)
    inside = operator[:2, :2]
    kept = float((np.abs(inside) ** 2).sum())
    cross = 0.5 * (inside[0, 1] + np.conj(inside[1, 0]))
    shares = {
        "Re ρ_01": 2.0 * cross.real**2,
        "Im ρ_01": 2.0 * cross.imag**2,
        "ρ_00 - ρ_11": 0.5 * abs(inside[0, 0] - inside[1, 1]) ** 2,
        "ρ_00 + ρ_11": 0.5 * abs(inside[0, 0] + inside[1, 1]) ** 2,
    }
    populations = float(squared[like].sum()) / total
    return Weights(
        operator=name,
        coherences=1.0 - populations,
        populations=populations,
        doublet=kept / total,
        elements={key: value / (kept or 1.0) for key, value in shares.items()},
    )


def conditions(model: Any, rates: DephasingRates, prepare: str, duration: float, noise: Noise) -> list[Condition]:
    """Secular, isolation, thermal, heating and noise conditions of a protocol of a given duration."""
    found = {c.name: c for c in rates.regime.conditions}
    checks = [found["secular"], found["isolation"]]
    if rates.temperature is not None:
        warm = _thermal_weight(model, rates.temperature)
        limit = f"thermal weight above the doublet <= {OUTSIDE:g}"
        checks.append(Condition("thermal", warm, limit, warm <= OUTSIDE))
    heated = _heating(model, rates, prepare, duration)
    checks.append(Condition("heating", heated, f"weight that leaves the doublet <= {OUTSIDE:g}", heated <= OUTSIDE))
    for name, part in (
        ("number noise", Noise(noise.spins, hold=noise.hold)),
        ("field noise", Noise(field=noise.field)),
        ("coupling noise", Noise(coupling=noise.coupling)),
    ):
        if not part.is_none:
            spread = phase_spread(model, part, duration)
            checks.append(Condition(name, spread, f"spread of ΔE t <= {PHASE_SPREAD:g} rad", spread <= PHASE_SPREAD))
    return checks


def _thermal_weight(model: Any, temperature: float) -> float:
    """Share of a thermal state outside the doublet."""
    if not temperature:
        return 0.0
    count = min(64, most_levels(model))
    weights = np.exp(-model.levels(count).excitations / temperature)
    return float(weights[2:].sum() / weights.sum())


def _heating(model: Any, rates: DephasingRates, prepare: str, duration: float) -> float:
    """Weight that dephasing carries out of the doublet in the time, starting within it."""
    if not rates.gamma:
        return 0.0
    start = "ground" if prepare in ("ground", "thermal", "doublet-mixture") else "eigen-superposition"
    if is_spin(model):
        answer = evolve(model, [JumpOperator("Jz", rates.gamma)], start, [0.0, duration], tolerance=1e-6)
    else:  # on so many levels that what they miss does not matter for a check
        jumps = [JumpOperator(model.operator(rates.doublet.jump), rates.gamma)]
        few = Lindbladian(model.levels(min(_FEW, most_levels(model))), jumps)
        answer = few.evolve(start, [0.0, duration])
    return float(answer.leakage.values[-1])


def phase_spread(model: Any, noise: Noise, duration: float) -> float:
    """Standard deviation over the shots of the tunnelling phase ΔE t."""
    ensemble = Ensemble(model, noise, lambda member: [member.doublet().splitting * duration])
    return float(ensemble.average(1e-3).spread[0])


def nearest(
    parameter: str,
    present: float,
    signal: Callable[[float], float | None],
    enough: Callable[[float], bool],
    factors: Sequence[float],
) -> Remedy | None:
    """The smallest change, of factors in the order given, at which the signal is enough; None where none is.

    Found by bisection: what works is taken to go on working further out. `signal` gives None where the protocol does
    not exist at that value (outside the ordered phase, as an example).
    """
    known: dict[int, float] = {}

    def works(k: int) -> bool:
        value = signal(present * factors[k])
        if value is None or not enough(value):
            return False
        known[k] = value
        return True

    # Too far may be wrong again (a doublet that is none), so that the first steps are short: 1, 2, 4, ... of them.
    last, count = -1, len(factors)
    for probe in sorted({min(2**i, count) - 1 for i in range(count.bit_length() + 1)} - {-1}):
        if works(probe):
            low, high = last, probe
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if works(middle) else (middle, high)
            return Remedy(parameter, present, present * factors[high], factors[high], known[high])
        last = probe
    return None


def ladder(up: bool, largest: float = math.inf) -> list[float]:
    """Factors 1.1, 1.21, ... or their inverses, as far as they stay within `largest`."""
    steps = [_LADDER ** (k if up else -k) for k in range(1, _STEPS + 1)]
    return [s for s in steps if s <= largest]


def ordered(remedies: Iterable[Remedy | None]) -> tuple[Remedy, ...]:
    """Those that exist, the smallest change first."""
    found = [r for r in remedies if r is not None]
    return tuple(sorted(found, key=lambda r: abs(math.log(r.factor)) if r.factor > 0.0 else math.inf))
