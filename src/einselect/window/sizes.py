"""The window of the LMG model: the range of N in which both dephasing rates are well defined, exact up to N = 10⁸.

At fixed J, γ, T and field the conditions of `regime` change monotonically with N where they matter: the double
well and the isolation of the doublet switch on, the secular condition switches off, and ΔE falls through the
thermal zone. Each edge is therefore found by bisection on exact doublets, and both its sides are kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

from ..models import LMG
from ..rates import DephasingRates, bath_parameters
from ..regime import Thresholds
from .answer import Edge, Window

_LARGEST = 100_000_000


def _first(holds: Callable[[int], bool], low: int, high: int) -> int | None:
    """Smallest N in low..high from which a condition that switches on once holds; None if it never does."""
    step, below, n = 1, low - 1, low
    while not holds(n):
        if n >= high:
            return None
        below, n, step = n, min(n + step, high), 2 * step
    while n - below > 1:
        middle = (n + below) // 2
        below, n = (below, middle) if holds(middle) else (middle, n)
    return n


def _last(fails: Callable[[int], bool]) -> int | None:
    """Largest N before a condition that switches off once fails: 0 if it never holds, None if it has no end."""
    first = _first(fails, 2, _LARGEST)
    return None if first is None else (first - 1 if first > 2 else 0)


def _well(eta: Callable[[int], float], threshold: float) -> tuple[int | None, int | None]:
    """First and last N (None: no end) with η_MF at or above a threshold.

    η_MF(N) rises to one peak and falls to 2 from above. Up to 2 the condition switches on once; above 2 it holds
    around the peak, if at all.
    """
    if threshold <= 2.0:
        return _first(lambda n: eta(n) >= threshold, 2, _LARGEST), None
    best, n = 2, 2
    while n < _LARGEST and eta(n) > eta(best) - 0.02:
        best = n if eta(n) > eta(best) else best
        n = max(n + 1, int(1.05 * n))
    low, high = max(2, int(best / 1.06)), int(1.06 * best) + 1
    while high - low > 2:
        third = (high - low) // 3
        low, high = (low + third, high) if eta(low + third) < eta(high - third) else (low, high - third)
    peak = max(range(low, high + 1), key=eta)
    if eta(peak) < threshold:
        return None, None
    end = _first(lambda n: eta(n) < threshold, peak, _LARGEST)
    return _first(lambda n: eta(n) >= threshold, 2, peak), None if end is None else end - 1


def _below(logarithm: float | None, limit: float) -> bool:
    """Whether a number known by its logarithm is below a limit."""
    return logarithm is not None and logarithm < math.log(limit)


def find_window(
    field: float | str,
    coupling: float | str = 1.0,
    gamma: float | str | None = None,
    temperature: float | str | None = None,
    *,
    thresholds: Thresholds | None = None,
) -> Window:
    """Range of N where η_MF >= 2, the doublet is isolated and 2ΔE T2 ≫ 1, and the thermal zone inside it.

    Parameters
    ----------
    field, coupling : float or str
        As for `LMG`; the field below the coupling.
    gamma : float or str, optional
        Dephasing rate γ of L = Jz. Without it the window has no upper end.
    temperature : float or str, optional
    thresholds : Thresholds, optional

    Returns
    -------
    Window

    Raises
    ------
    PhaseError
        Outside the ordered phase.

    Examples
    --------
    >>> from einselect import find_window
    >>> w = find_window(0.95, "74346 rad/s", "0.05 1/s", "10 nK")
    >>> print(w.spins_min, w.spins_max, w.thermal_min, w.thermal_max)
    112 413 283 413
    """
    limits = thresholds or Thresholds()
    model = LMG(2, field, coupling)
    _ = model.order_parameter  # outside the ordered phase this says so
    rate, kt = bath_parameters(model.energy_unit, gamma, temperature)

    @cache
    def at(n: int) -> DephasingRates:
        source = LMG(n, model.field, model.coupling, energy_unit=model.energy_unit)
        return DephasingRates(source.doublet(), rate, kt, limits)

    def value(n: int | None, pick: Callable[[DephasingRates], float | None]) -> float | None:
        return None if n is None else pick(at(n))

    def isolated(n: int) -> bool:
        ratio = at(n).doublet.log10_gap_ratio
        return ratio is not None and ratio >= math.log10(limits.isolation)

    well = _well(lambda n: at(n).doublet.eta_mf or 0.0, limits.double_well)
    isolation = _first(isolated, 2, _LARGEST)
    starts = {"double well": well[0], "isolation": isolation}
    ends = {"double well": well[1], "secular": None}
    edges = [
        Edge("double well", well[0], value(well[0], lambda r: r.doublet.eta_mf), "η_MF"),
        Edge("isolation", isolation, value(isolation, lambda r: r.doublet.gap_ratio), "(E2-E0)/(E1-E0)"),
    ]
    if well[1] is not None:
        edges.append(Edge("double well end", well[1], value(well[1], lambda r: r.doublet.eta_mf), "η_MF"))
    if rate:
        ends["secular"] = _last(lambda n: _below(at(n).log_secular_parameter, limits.secular))
        inside = ends["secular"] or None
        edges.append(Edge("secular", inside, value(inside, lambda r: r.secular_parameter), "2ΔE T2"))
    thermal: tuple[int | None, int | None] = (None, None)
    if kt:
        low, high = limits.thermal
        thermal = (
            _first(lambda n: _below(at(n).log_thermal_ratio, high), 2, _LARGEST),
            _last(lambda n: _below(at(n).log_thermal_ratio, low)) or None,
        )
        edges.append(Edge("thermal low", thermal[0], value(thermal[0], lambda r: r.thermal_ratio), "ΔE/k_BT"))
        edges.append(Edge("thermal high", thermal[1], value(thermal[1], lambda r: r.thermal_ratio), "ΔE/k_BT"))

    known = [n for n in starts.values() if n is not None]
    lower = max(known) if len(known) == len(starts) else None
    upper = min((n for n in ends.values() if n is not None), default=None)
    empty = lower is None or (upper is not None and upper < lower)
    spins_min, spins_max = (None, None) if empty else (lower, upper)
    zone: tuple[int | None, int | None] = (None, None)
    if spins_min is not None and thermal[0] is not None and thermal[1] is not None:
        joint = max(spins_min, thermal[0]), thermal[1] if spins_max is None else min(spins_max, thermal[1])
        zone = joint if joint[0] <= joint[1] else zone
    return Window(
        axis="spins",
        minimum=spins_min,
        maximum=spins_max,
        thermal_min=zone[0],
        thermal_max=zone[1],
        lower_limit=next((name for name, n in starts.items() if n == lower), "none"),
        upper_limit=next((name for name, n in ends.items() if n == upper), "none") if upper is not None else "none",
        edges=tuple(edges),
        verdict=_verdict(spins_min, spins_max, zone, lower, upper, kt is not None),
        where=f"Γ/J = {model.field_ratio:.10g}",
        field_ratio=model.field_ratio,
        is_empty=spins_min is None,
    )


def _verdict(
    spins_min: int | None,
    spins_max: int | None,
    zone: tuple[int | None, int | None],
    lower: int | None,
    upper: int | None,
    has_temperature: bool,
) -> str:
    if spins_min is None:
        return (
            f"no N qualifies: a double well with an isolated doublet begins at N = {lower or 'none'}, "
            f"and the conditions end at N = {upper or 'none'}"
        )
    end = f"to N = {spins_max}" if spins_max is not None else "on, without an upper end"
    text = f"both rates are well defined from N = {spins_min} {end}"
    if has_temperature:
        text += (
            f"; the thermal zone inside it is N = {zone[0]} to {zone[1]}"
            if zone[0] is not None
            else "; the thermal zone does not meet it"
        )
    return text
