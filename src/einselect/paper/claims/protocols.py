"""What the claims about Leggett-Garg tests are judged by: K3 and thresholds at the benchmark."""

from __future__ import annotations

from ...models import LMG
from ...protocols import LeggettGarg
from ..claim import Measured
from .context import Context

_TOLERANCE = 1e-4  # of the converged correlators: the printed numbers have three digits


def leggett_garg(c: Context, level: str, initial: str = "ground") -> LeggettGarg:
    """The test of the paper, Q = sgn(Jz) at the benchmark, in units of J."""
    return LeggettGarg(LMG(c.spins, c.field), level=level, initial=initial, tolerance=_TOLERANCE)


def k3(c: Context, level: str, initial: str = "ground", form: str = "stationary") -> Measured:
    """K3 at τ = π/(3ΔE) and γ = 0.05 1/s, with the error that the unknown J leaves."""
    test, rate = leggett_garg(c, level, initial), c.gamma / c.coupling
    found = test.k3(rate, form=form)
    other = test.k3(rate * (1.0 + c.coupling_error), form=form)
    return Measured(found.value, found.error + abs(other.value - found.value))


def threshold(c: Context, level: str, initial: str = "ground") -> Measured:
    """Dephasing rate in 1/s up to which K3 > 1 at τ = π/(3ΔE)."""
    key = (level, initial)
    if key not in c.thresholds:
        found = leggett_garg(c, level, initial).threshold()
        if found.gamma is None:
            raise RuntimeError(f"no threshold by {level} from {initial}")
        value = found.gamma * c.coupling
        c.thresholds[key] = Measured(value, found.error * c.coupling + value * c.coupling_error, "1/s")
    return c.thresholds[key]


def ratio(c: Context, above: str, below: str) -> Measured:
    """Ratio of two thresholds. Both are proportional to J, so that its error cancels."""
    a, b = threshold(c, above), threshold(c, below)
    value = a.value / b.value
    own = max(a.error / a.value, b.error / b.value) - c.coupling_error
    return Measured(value, value * (2.0 * max(own, 0.0) + 1e-10))
