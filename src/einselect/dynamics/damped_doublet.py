"""The damped oscillator λ² + Γd λ + ΔE² = 0 of a doublet: its roots, also where ΔE is below the smallest double."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .. import _checks
from ..errors import InputError

_EXP_MIN, _EXP_MAX = -745.0, 709.0
_TINY = 1e-300  # below it a splitting has lost digits, or all of them, and its logarithm has not


def exponential(exponent: float) -> float:
    """e to the `exponent`, 0.0 or inf outside the range of a double instead of an error."""
    if exponent > _EXP_MAX:
        return math.inf
    return math.exp(exponent) if exponent > _EXP_MIN else 0.0


@dataclass(frozen=True, init=False)
class DampedDoublet:
    """ΔE and Γd with the roots λ± = -Γd/2 ± √(Γd²/4 - ΔE²) and what follows; for arguments see `bloch.DoubletBloch`."""

    splitting: float
    rate: float
    log_splitting: float

    def __init__(self, splitting: float | None, rate: float, *, log_splitting: float | None = None) -> None:
        rate = _checks.non_negative("rate", rate)
        if splitting is None and log_splitting is None:
            raise InputError("splitting must be given, by itself or as log_splitting; got neither")
        if log_splitting is not None and log_splitting != -math.inf:
            log_splitting = _checks.number("log_splitting", log_splitting, "a finite number below 709.7, or -inf")
            if log_splitting > _EXP_MAX:
                raise _checks.fail("log_splitting", "a finite number below 709.7, or -inf", log_splitting)
        if splitting is not None:
            splitting = _checks.non_negative("splitting", splitting)
            found = math.log(splitting) if splitting > 0.0 else -math.inf
            if log_splitting is None:
                log_splitting = found
            # A subnormal ΔE has lost digits: it agrees with its logarithm to the spacing of subnormals only.
            elif not abs(exponential(log_splitting) - splitting) <= 1e-9 * splitting + 5e-324:
                raise _checks.fail("log_splitting", f"the logarithm of the splitting {splitting!r}", log_splitting)
        else:
            assert log_splitting is not None
            splitting = exponential(log_splitting)
        object.__setattr__(self, "splitting", splitting)
        object.__setattr__(self, "rate", rate)
        object.__setattr__(self, "log_splitting", float(log_splitting))

    @property
    def regime(self) -> str:
        """Γd against 2ΔE: "overdamped" (quantum Zeno), "critical", "underdamped"; "frozen" where both are zero."""
        half = 0.5 * self.rate
        if half == 0.0:
            return "frozen" if self.log_splitting == -math.inf else "underdamped"
        if half == self.splitting:
            return "critical"
        return "overdamped" if half > self.splitting else "underdamped"

    @property
    def damping_ratio(self) -> float | None:
        """Γd/(2ΔE): below 1 underdamped, above 1 overdamped; None where it exceeds the largest double."""
        if self.rate == 0.0:
            return 0.0
        ratio = exponential(math.log(0.5 * self.rate) - self.log_splitting)
        return ratio if math.isfinite(ratio) else None

    @property
    def _root(self) -> float:
        """√|Γd²/4 - ΔE²|, the square factorised so that it keeps its digits near critical damping."""
        half = 0.5 * self.rate
        return math.sqrt(abs(half - self.splitting)) * math.sqrt(half + self.splitting)

    @property
    def frequency(self) -> float:
        """√(ΔE² - Γd²/4), at which y and z oscillate; 0 unless underdamped [49]."""
        return self._root if self.regime == "underdamped" else 0.0

    @property
    def envelope(self) -> float:
        """Γd/2: decay rate of the oscillation's amplitude [51], and the mean of both decay rates otherwise."""
        return 0.5 * self.rate

    @property
    def fast_rate(self) -> float:
        """-Re λ₋: Γd/2 + √(Γd²/4 - ΔE²) where overdamped, else Γd/2."""
        return self.envelope + (self._root if self.regime == "overdamped" else 0.0)

    @property
    def log_slow_rate(self) -> float:
        """Logarithm of -Re λ₊; where overdamped ln(ΔE²/fast rate), free of cancellation and of underflow."""
        if self.regime == "overdamped":
            return 2.0 * self.log_splitting - math.log(self.fast_rate)
        return math.log(self.envelope) if self.rate > 0.0 else -math.inf

    @property
    def slow_rate(self) -> float:
        """-Re λ₊; where overdamped the decay rate of the pointer populations [47], 0.0 where it underflows."""
        if self.regime == "overdamped" and self.splitting < _TINY:
            return exponential(self.log_slow_rate)
        return self.splitting * (self.splitting / self.fast_rate) if self.regime == "overdamped" else self.envelope

    @property
    def roots(self) -> tuple[complex, complex]:
        """λ₊ (slow) and λ₋ (fast) of λ² + Γd λ + ΔE² = 0 [46, 47]."""
        return complex(-self.slow_rate, self.frequency), complex(-self.fast_rate, -self.frequency)

    @property
    def log_zeno_rate(self) -> float:
        """ln(ΔE²/Γd); inf without dephasing."""
        return 2.0 * self.log_splitting - math.log(self.rate) if self.rate > 0.0 else math.inf

    @property
    def zeno_rate(self) -> float:
        """ΔE²/Γd, which the slow root tends to for Γd ≫ 2ΔE [48]: the slow root is larger by (ΔE/Γd)² of it."""
        return exponential(self.log_zeno_rate)
