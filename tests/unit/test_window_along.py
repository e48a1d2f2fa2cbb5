"""The window of any model: against scans with conditions written down here, and against the finder of the LMG model."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import LMG, AnisotropicLMG, BoseJosephson, Dicke, InputError, Rabi, Thresholds, find_window
from einselect.models import CustomModel, FewModes
from einselect.window import window_along

LIMITS = Thresholds()


def conditions(model: object, jump: str, gamma: float, temperature: float | None = None) -> dict[str, bool]:
    """Wells by the means and spreads of Jx in (|E0> ± |E1>)/√2, the gap, 2ΔE T2, ΔE/k_B T: from matrix elements."""
    levels = model.levels(4)
    order, square = levels.matrix("Jx"), levels.matrix(levels.operators["Jx"] @ levels.operators["Jx"])
    jumps = levels.operators[jump]
    moments = levels.matrix(jumps.dag() @ jumps)
    p = np.zeros(4)
    p[:2] = math.sqrt(0.5)
    mean = float(p @ order @ p)
    spread = float(p @ square @ p) - mean**2
    splitting, gap = levels.excitations[1:3]
    found = {
        "double well": mean**2 >= LIMITS.separation**2 * spread,
        "isolation": gap >= LIMITS.isolation * splitting,
        "secular": 2.0 * splitting >= LIMITS.secular * gamma * 0.5 * (moments[0, 0] + moments[1, 1]).real,
    }
    if temperature:
        found["thermal"] = LIMITS.thermal[0] <= splitting / temperature <= LIMITS.thermal[1]
    return found


@pytest.mark.parametrize(("coupling", "jump", "gamma"), [(0.7, "a", 1e-4), (0.6, "x", 1e-3), (0.62, "Jx", 1e-4)])
def test_the_dicke_model_against_a_scan_of_every_n(coupling: float, jump: str, gamma: float) -> None:
    found = window_along(lambda n: Dicke(n, coupling), gamma=gamma, jump=jump, temperature=0.05)
    last = (found.spins_max or 20) + 4
    held = {n: conditions(Dicke(n, coupling), jump, gamma, 0.05) for n in range(2, last)}
    phase_ok = coupling > 0.5
    joint = [n for n, c in held.items() if phase_ok and c["double well"] and c["isolation"] and c["secular"]]
    assert (found.spins_min, found.spins_max) == (joint[0], joint[-1])
    assert len(joint) == joint[-1] - joint[0] + 1
    assert found.upper_limit == "secular"
    warm = [n for n in joint if held[n]["thermal"]]
    assert (found.thermal_min, found.thermal_max) == ((warm[0], warm[-1]) if warm else (None, None))


@settings(max_examples=15, deadline=None)
@given(st.floats(0.5, 0.95), st.floats(-7.0, -2.0), st.floats(-4.0, -1.0))
def test_along_n_it_is_the_finder_of_the_lmg_model(field: float, rate: float, warmth: float) -> None:
    gamma, temperature = 10.0**rate, 10.0**warmth
    own = find_window(field, gamma=gamma, temperature=temperature)
    other = window_along(lambda n: LMG(n, field), gamma=gamma, temperature=temperature)
    for name in ("spins_min", "spins_max", "thermal_min", "thermal_max", "is_empty"):
        assert getattr(other, name) == getattr(own, name), name
    if not own.is_empty:
        assert (other.lower_limit, other.upper_limit) == (own.lower_limit, own.upper_limit)


def test_models_that_map_on_the_lmg_model() -> None:
    own = find_window(0.9, gamma=1e-6)
    flat = window_along(lambda n: AnisotropicLMG(n, 0.9, 0.0), gamma=1e-6)
    trap = window_along(lambda n: BoseJosephson(n, 0.45, 1.0 / n), gamma=1e-6)
    assert (flat.spins_min, flat.spins_max) == (own.spins_min, own.spins_max) == (trap.spins_min, trap.spins_max)
    # In a trap that stays, J = NU grows with N: the wells begin above NU = 2K.
    held = window_along(lambda n: BoseJosephson(n, 0.5, 0.006), gamma=1e-6)
    assert held.spins_min is not None
    assert held.spins_min > 1.0 / 0.006
    below, above = (BoseJosephson(n, 0.5, 0.006).doublet() for n in (held.spins_min - 1, held.spins_min))
    assert (below.eta_mf or 0.0) < 2.0 <= (above.eta_mf or 0.0)


def test_the_rabi_model_along_its_coupling() -> None:
    gamma, temperature = 1e-3, 0.02
    found = window_along(Rabi, "coupling", (0.3, 2.1), gamma=gamma, temperature=temperature, points=9)
    assert found.minimum is not None
    assert found.maximum is not None
    assert (found.lower_limit, found.upper_limit) == ("isolation", "secular")
    step = 1e-4 * 1.8
    for edge, outside, name in (
        (found.minimum, found.minimum - 2 * step, "isolation"),
        (found.maximum, found.maximum + 2 * step, "secular"),
        (found.thermal_min, found.thermal_min - 2 * step, "thermal"),
    ):
        assert conditions(Rabi(edge), "a", gamma, temperature)[name]
        assert not conditions(Rabi(outside), "a", gamma, temperature)[name]
    document = found.as_dict()
    assert document["coupling_min"] == found.minimum
    with pytest.raises(InputError, match="axis must be 'spins' for a range of N; got 'coupling'"):
        _ = found.spins_min
    assert "coupling" in repr(found)


def test_ends_that_are_not_there() -> None:
    wide = window_along(lambda t: FewModes(t, [1.5], [2.5]), "tunnelling", (0.5, 1.0), points=3)
    assert (wide.minimum, wide.maximum, wide.lower_limit, wide.upper_limit) == (None, None, "none", "none")
    assert not wide.is_empty
    assert "to the end of what was looked at, 1" in wide.verdict
    none = window_along(Rabi, "coupling", (0.1, 0.4), points=3)
    assert none.is_empty
    assert "no coupling qualifies from coupling = 0.1 to 0.4: the condition 'double well' holds nowhere" in none.verdict

    def doublet(depth: float) -> CustomModel:
        h = np.diag([-5.0, -5.0 + 10.0**-depth, -4.0, -3.9])
        return CustomModel(h, np.diag([1, -1, 1, -1]), {"x": np.kron(np.eye(2), [[0.0, 1.0], [1.0, 0.0]])})

    deep = window_along(doublet, "depth", (1.0, 19.0), gamma=1e-18)
    assert deep.upper_limit == "secular"
    assert deep.verdict.endswith("beyond, ΔE is below rounding")
    free = window_along(lambda n: Dicke(n, 0.7))
    assert free.spins_max is None
    assert "without an upper end" in free.verdict


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Rabi, "coupling"), "within must be given for coupling: the smallest and the largest value; got none"),
        ((Rabi, "coupling", (2.0, 1.0)), "within must be two numbers, the smaller one first; got (2.0, 1.0)"),
        ((Dicke, "spins", (2.5, 9.0)), "within must be two whole numbers, the smaller one first; got (2.5, 9.0)"),
        ((Rabi, "coupling", (0.5, math.inf)), "within must be a finite real number; got inf"),
    ],
)
def test_what_is_refused(arguments: tuple, message: str) -> None:
    with pytest.raises(InputError) as caught:
        window_along(*arguments)
    assert str(caught.value) == message


def test_on_the_command_line(run, document) -> None:
    found = document("window --model dicke --coupling 0.7 --gamma 1e-4")
    expected = window_along(lambda n: Dicke(n, 0.7), gamma=1e-4)
    assert (found["spins_min"], found["spins_max"]) == (expected.spins_min, expected.spins_max)
    assert "spins" not in found
    found = document("window --spins 100 --field 0.5:0.99 --gamma 1e-6")
    expected = window_along(lambda g: LMG(100, g), "field", (0.5, 0.99), gamma=1e-6)
    assert (found["field_min"], found["field_max"]) == (expected.minimum, expected.maximum)
    code, out, _ = run("window --spins 100 --field '0.5:0.99' --gamma 1e-6".replace("'", ""))
    assert code == 0
    assert "Window of field" in out
    for words, message in (
        (
            "window --model rabi --coupling 0.2",
            "one parameter must be a range, as in '--coupling 0.2:3' for the model rabi",
        ),
        ("window --field 0.9 --spins 100", "spins must be left out, or a range low:high to look along; got '100'"),
        ("window --model rabi --coupling 3:2", "coupling must be a range 'low:high' with low < high"),
        (
            "window --field 0.5:0.9 --spins 2:10",
            "one parameter must be a range, as in '--coupling 0.2:3'; got spins, field",
        ),
    ):
        code, out, err = run(words)
        assert (code, out) == (2, "")
        assert err.startswith(f"einselect: {message}")
        assert err.count("\n") == 1
