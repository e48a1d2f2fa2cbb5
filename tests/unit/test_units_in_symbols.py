"""Units written in symbols are multiplied without pint, which has to agree; only what they cannot be needs it."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from einselect import InputError, _units, quantities


def by_pint(unit: str) -> tuple[float, tuple[tuple[str, float], ...]]:
    registry = _units._registry()
    units = registry.parse_units("1" + unit if unit.startswith("/") else unit)
    powers = dict(units.dimensionality)
    return float(registry.Quantity(1.0, units).to_base_units().magnitude), tuple(sorted(powers.items()))


def products(count: int) -> list[str]:
    dice, names = random.Random(7), list(_units._symbols())
    found = []
    for _ in range(count):
        text = dice.choice(["", "1/", "/"]) + dice.choice(names) + dice.choice(["", "^2", "^-1", " ^ 3"])
        for _ in range(dice.randint(0, 3)):
            text += dice.choice(["*", "/", " ", " * ", " / "]) + dice.choice(names) + dice.choice(["", "^2", "^-1"])
        found.append(text)
    return [text for text in found if _units._UNIT.fullmatch(text)]


@pytest.mark.parametrize("form", ["{}", "1/{}", "/{}", "{}^-1", "{}^2"])
def test_every_symbol_with_every_prefix(form: str) -> None:
    for name in _units._symbols():
        found, expected = _units._product(form.format(name)), by_pint(form.format(name))
        assert found is not None
        assert found[1] == expected[1]
        assert found[0] == pytest.approx(expected[0], rel=4e-16)  # the last bit


def test_products() -> None:
    texts = products(400)
    assert len(texts) > 300
    for text in texts:
        found, expected = _units._product(text), by_pint(text)
        assert found is not None
        assert found[1] == expected[1], text
        assert found[0] == pytest.approx(expected[0], rel=3e-15), text  # up to a dozen roundings


@pytest.mark.parametrize("unit", ["seconds", "kilohertz", "hz", "x", "rad/x", "PHz"])
def test_the_rest_is_left_to_pint(unit: str) -> None:
    assert _units._product(unit) is None


def test_a_command_with_units_does_without_pint_and_xarray() -> None:
    """Each takes longer to import than the answer to compute."""
    words = [
        "evolve",
        "--spins",
        "20",
        "--field",
        "0.9",
        "--coupling",
        "10 kHz",
        "--gamma",
        "5 1/ms",
        "--t-end",
        "2 ms",
    ]
    script = (
        f"import sys; from einselect.cli import main; main({words!r}); "
        "print([name for name in ('pint', 'xarray', 'pandas', 'matplotlib', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("text", ["1 aeV^-9", "1 1/aeV^9", "1 s aeV^-9 aeV^9"])
def test_factors_beyond_a_double_are_refused(text: str) -> None:
    for read in (quantities.energy, quantities.time):
        with pytest.raises(InputError, match="x must be"):
            read("x", text)
