"""The window finder against a scan over every N, with conditions worked out here."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import LMG, InputError, PhaseError, Thresholds, UnitError, dephasing_rates, find_window


def good(spins: int, field: float, gamma: float, limits: Thresholds) -> bool:
    """Double well, isolated doublet, secular condition; written down from their definitions."""
    d = LMG(spins, field).doublet()
    secular = math.inf if gamma == 0.0 else 2.0 * d.splitting / (gamma * d.g01)
    return bool(
        d.eta_mf >= limits.double_well and d.gap / d.splitting >= limits.isolation and secular >= limits.secular
    )


def warm(spins: int, field: float, temperature: float, limits: Thresholds) -> bool:
    ratio = LMG(spins, field).doublet().splitting / temperature
    return limits.thermal[0] <= ratio <= limits.thermal[1]


LIMITS = st.builds(
    Thresholds,
    double_well=st.floats(1.0, 2.45),  # above 2 the condition ends again
    isolation=st.floats(1.5, 20.0),
    secular=st.floats(1.0, 100.0),
    thermal=st.tuples(st.floats(0.1, 1.0), st.floats(1.1, 10.0)),
)


@settings(max_examples=25)
@given(
    st.floats(0.3, 0.93),
    st.floats(-6.0, -2.0).map(lambda x: 10.0**x),
    st.floats(-5.0, -1.0).map(lambda x: 10.0**x),
    LIMITS,
)
def test_against_a_scan_of_every_n(field: float, gamma: float, temperature: float, limits: Thresholds) -> None:
    window = find_window(field, gamma=gamma, temperature=temperature, thresholds=limits)
    last = 400 if window.spins_max is None else window.spins_max + 40
    scan = [n for n in range(2, min(last, 400)) if good(n, field, gamma, limits)]
    if window.is_empty:
        assert scan == []
        assert (window.spins_max, window.thermal_min, window.thermal_max) == (None, None, None)
        return
    inside = range(window.spins_min, window.spins_max + 1)
    assert scan == [n for n in inside if n < 400]
    zone = [n for n in inside if warm(n, field, temperature, limits)]
    if zone:
        assert (window.thermal_min, window.thermal_max) == (zone[0], zone[-1])
        assert len(zone) == zone[-1] - zone[0] + 1
    else:
        assert (window.thermal_min, window.thermal_max) == (None, None)


@pytest.mark.parametrize("field", [0.5, 0.9, 0.95, 0.97])
def test_conditions_hold_at_both_ends_and_fail_beyond(field: float) -> None:
    gamma = 1e-6
    limits = Thresholds()
    window = find_window(field, gamma=gamma)
    assert good(window.spins_min, field, gamma, limits)
    assert good(window.spins_max, field, gamma, limits)
    assert not good(window.spins_max + 1, field, gamma, limits)
    assert window.spins_min == 2 or not good(window.spins_min - 1, field, gamma, limits)
    assert window.upper_limit == "secular"
    for n in (window.spins_min, window.spins_max):
        assert dephasing_rates(LMG(n, field), gamma).regime.name == "mesoscopic"
    assert dephasing_rates(LMG(window.spins_max + 1, field), gamma).regime.name == "crossover"
    # The numbers beside the edges are those of the models there.
    edges = {edge.condition: edge for edge in window.edges}
    well = LMG(edges["double well"].spins, field).doublet()
    assert edges["double well"].value == well.eta_mf
    secular = dephasing_rates(LMG(edges["secular"].spins, field), gamma)
    assert edges["secular"].value == secular.secular_parameter


def test_the_papers_window() -> None:
    """Γ/J = 0.95, γ = 0.05 1/s, T = 10 nK: N = 370 is inside, 2ΔE T2 is 18 there and 3 at N = 500."""
    window = find_window(0.95, "74346 rad/s", "0.05 1/s", "10 nK")
    assert window.spins_min < window.thermal_min < 370 < window.thermal_max <= window.spins_max < 500
    # The physical description and the plain one are the same problem.
    j, kt = 74346.0, 1309.2
    plain = find_window(0.95, gamma=0.05 / j, temperature=kt / j)
    assert (plain.spins_min, plain.spins_max) == (window.spins_min, window.spins_max)


def test_a_double_well_that_ends_again() -> None:
    limits = Thresholds(double_well=2.3)
    window = find_window(0.95, gamma=1e-12, thresholds=limits)
    assert (window.lower_limit, window.upper_limit) == ("double well", "double well")
    scan = [n for n in range(2, 600) if LMG(n, 0.95).doublet().eta_mf >= 2.3]
    assert (window.spins_min, window.spins_max) == (scan[0], scan[-1])
    # A threshold that only a few N around the peak reach, and one that none does.
    narrow = find_window(0.95, thresholds=Thresholds(double_well=2.409))
    scan = [n for n in range(2, 600) if LMG(n, 0.95).doublet().eta_mf >= 2.409]
    assert (narrow.spins_min, narrow.spins_max) == (scan[0], scan[-1])
    assert find_window(0.95, thresholds=Thresholds(double_well=2.42)).is_empty


def test_without_dephasing_there_is_no_upper_end() -> None:
    window = find_window(0.9)
    assert window.spins_min == 41  # the first N with η_MF >= 2 (isolated from N = 30 on)
    assert window.spins_max is None
    assert (window.lower_limit, window.upper_limit) == ("double well", "none")
    assert not window.is_empty
    assert "without an upper end" in window.verdict


def test_strong_dephasing_leaves_no_window() -> None:
    window = find_window(0.95, gamma=10.0, temperature=0.1)
    assert window.is_empty
    assert (window.spins_min, window.spins_max, window.thermal_min, window.thermal_max) == (None,) * 4
    assert "no N qualifies" in window.verdict


def test_thermal_zone_outside_the_window() -> None:
    cold = find_window(0.95, gamma=1e-7, temperature=1e-12)
    assert not cold.is_empty
    assert (cold.thermal_min, cold.thermal_max) == (None, None)
    assert "does not meet" in cold.verdict


def test_weak_dephasing_reaches_splittings_below_the_smallest_double() -> None:
    gamma = 1e-300
    window = find_window(0.5, gamma=gamma)

    def log_secular(n: int) -> float:
        d = LMG(n, 0.5).doublet()
        return math.log(2.0) + d.log_splitting - math.log(gamma) - math.log(d.g01)

    assert log_secular(window.spins_max) >= math.log(10.0) > log_secular(window.spins_max + 1)


def test_what_the_window_finder_refuses() -> None:
    for field in (1.0, 1.3):
        with pytest.raises(PhaseError, match="ordered phase"):
            find_window(field)
    with pytest.raises(UnitError, match="gamma must have a unit"):
        find_window(0.9, "10 kHz", 0.05)
    with pytest.raises(UnitError, match="coupling must have a unit"):
        find_window(0.9, 1.0, "0.05 1/s")
    with pytest.raises(InputError, match="gamma must be"):
        find_window(0.9, gamma=-1.0)
    with pytest.raises(InputError, match="thermal must be two numbers"):
        Thresholds(thermal=(2.0, 0.5))
    for name in ("double_well", "isolation", "secular"):
        with pytest.raises(InputError, match=f"{name} must be a finite number > 0; got 0"):
            Thresholds(**{name: 0.0})
