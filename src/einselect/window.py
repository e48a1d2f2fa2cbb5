"""The window finder: the range of N in which both dephasing rates are well defined, and the thermal zone in it.

At fixed J, γ, T and field the conditions of `regime` change monotonically with N where they matter: the double
well and the isolation of the doublet switch on, the secular condition switches off, and ΔE falls through the
thermal zone. Each edge is therefore found by bisection on exact doublets, and both its sides are kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ._representation import Shown
from .models import LMG
from .rates import DephasingRates, bath_parameters
from .regime import Thresholds

_LARGEST = 100_000_000


@dataclass(frozen=True)
class Edge:
    """One end of a condition in N: the first (or last) N where it holds.

    Attributes
    ----------
    condition : str
        "double well", "isolation", "secular", "thermal low", "thermal high".
    spins : int or None
        First or last N at which it holds; None if it holds nowhere (or, for an upper end, has no end).
    value : float or None
        Its number there.
    """

    condition: str
    spins: int | None
    value: float | None


@dataclass(frozen=True, repr=False)
class Window(Shown):
    """Range of N in which both dephasing rates are exponential decay constants.

    Attributes
    ----------
    field_ratio : float
        Γ/J.
    spins_min, spins_max : int or None
        Both None if no N qualifies; `spins_max` None alone if there is no upper end (γ = 0).
    thermal_min, thermal_max : int or None
        Part of it with ½ <= ΔE/(k_B T) <= 2; None without a temperature or if they do not meet.
    lower_limit, upper_limit : str
        Which condition ends the window on either side.
    edges : tuple of Edge
        Every condition by itself.
    verdict : str
        One sentence.
    """

    field_ratio: float
    spins_min: int | None
    spins_max: int | None
    thermal_min: int | None
    thermal_max: int | None
    lower_limit: str
    upper_limit: str
    edges: tuple[Edge, ...]
    verdict: str

    @property
    def is_empty(self) -> bool:
        """Whether no N qualifies."""
        return self.spins_min is None


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


def find_window(
    field: float | str,
    coupling: float | str = 1.0,
    gamma: float | str = 0.0,
    temperature: float | str | None = None,
    *,
    thresholds: Thresholds | None = None,
) -> Window:
    """Range of N where η_MF >= 2, the doublet is isolated and 2ΔE T2 ≫ 1, and the thermal zone inside it.

    Parameters
    ----------
    field, coupling : float or str
        As for `LMG`; the field below the coupling.
    gamma : float or str
        Dephasing rate γ of L = Jz.
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

    well = _first(lambda n: (at(n).doublet.eta_mf or 0.0) >= limits.double_well, 2, _LARGEST)
    isolation = _first(isolated, 2, _LARGEST)
    edges = [
        Edge("double well", well, value(well, lambda r: r.doublet.eta_mf)),
        Edge("isolation", isolation, value(isolation, lambda r: r.doublet.gap_ratio)),
    ]
    starts = {"double well": well, "isolation": isolation}
    lower = max((n for n in starts.values() if n is not None), default=None)
    if None in starts.values():
        lower = None
    lower_limit = next((name for name, n in starts.items() if n == lower), "none")

    upper: int | None = None
    unbounded = not rate
    if not unbounded:
        fails = _first(lambda n: (at(n).secular_parameter or 0.0) < limits.secular, 2, _LARGEST)
        upper = None if fails is None else fails - 1
        unbounded = fails is None
        inside = upper if upper is not None and upper >= 2 else None
        edges.append(Edge("secular", inside, value(inside, lambda r: r.secular_parameter)))
        upper = upper if unbounded else (upper or 0)
    thermal: tuple[int | None, int | None] = (None, None)
    if kt:
        low, high = limits.thermal
        begin = _first(lambda n: (at(n).thermal_ratio or 0.0) <= high, 2, _LARGEST)
        end = _first(lambda n: (at(n).thermal_ratio or 0.0) < low, 2, _LARGEST)
        last = None if end is None or end <= 2 else end - 1
        thermal = (begin, last)
        edges.append(Edge("thermal low", begin, value(begin, lambda r: r.thermal_ratio)))
        edges.append(Edge("thermal high", last, value(last, lambda r: r.thermal_ratio)))

    empty = lower is None or (not unbounded and upper is not None and upper < lower)
    spins_min = None if empty else lower
    spins_max = None if empty or unbounded else upper
    zone: tuple[int | None, int | None] = (None, None)
    if not empty and lower is not None and thermal[0] is not None and thermal[1] is not None:
        joint = max(lower, thermal[0]), thermal[1] if spins_max is None else min(spins_max, thermal[1])
        zone = joint if joint[0] <= joint[1] else zone
    return Window(
        field_ratio=model.field_ratio,
        spins_min=spins_min,
        spins_max=spins_max,
        thermal_min=zone[0],
        thermal_max=zone[1],
        lower_limit=lower_limit,
        upper_limit="none" if unbounded else "secular",
        edges=tuple(edges),
        verdict=_verdict(spins_min, spins_max, zone, lower, upper, kt is not None),
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
            f"no N qualifies: a double well with an isolated doublet begins at N = {lower}, "
            f"the secular condition ends at N = {upper}"
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
