"""Units at the boundary: what is read, what is refused and how, what is displayed."""

from __future__ import annotations

import math
import re
import subprocess
import sys

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from einselect import _units, conventions, quantities
from einselect.errors import InputError, UnitError
from einselect.quantities import Physical

TWO_PI = 2 * math.pi
READERS = {
    "energy": quantities.energy,
    "rate": quantities.rate,
    "temperature": quantities.temperature,
    "time": quantities.time,
}
PARSERS = {
    "energy": quantities.parse_energy,
    "rate": quantities.parse_rate,
    "temperature": quantities.parse_temperature,
    "time": quantities.parse_time,
}
ENERGY = "an energy such as '11.8 kHz' (E/h), '74346 rad/s' (E/ħ) or '10 nK' (k_B T)"
RATE = "a rate such as '0.05 1/s'"
TEMPERATURE = "a temperature such as '10 nK', or k_B T as an energy such as '208 Hz'"
PER_S = "1/s leaves open whether a factor 2π is in it"


def test_constants_agree_with_codata_in_scipy() -> None:
    constants = pytest.importorskip("scipy.constants")
    assert conventions.PLANCK == constants.h
    assert conventions.BOLTZMANN == constants.k
    assert conventions.ELEMENTARY_CHARGE == constants.e
    assert conventions.HBAR == pytest.approx(constants.hbar, rel=1e-15)


def test_temperature_of_the_paper_is_the_splitting_of_the_paper() -> None:
    # The paper: k_B T = ħΔE(370) at T = 10 nK, and ΔE(370) = 1309.2 rad/s.
    assert quantities.parse_temperature("T", "10 nK") == pytest.approx(1309.2, abs=0.05)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11.8 kHz", TWO_PI * 11.8e3),
        ("11.8kHz", TWO_PI * 11.8e3),
        ("  +1.18e1   kHz ", TWO_PI * 11.8e3),
        ("2π × 11.8 kHz", TWO_PI * 11.8e3),
        ("2π·11.8 kHz", TWO_PI * 11.8e3),
        ("2*pi*11.8 kHz", TWO_PI * 11.8e3),
        ("2pi x 11.8 kHz", TWO_PI * 11.8e3),
        ("2 pi 11.8 kHz", TWO_PI * 11.8e3),
        ("(2π) 11.8 kHz", TWO_PI * 11.8e3),
        ("−5 Hz", -TWO_PI * 5),
        ("74346 rad/s", 74346.0),
        ("74.346 krad/s", 74346.0),
        ("74.346 rad/ms", 74346.0),
        ("74346 rad s^-1", 74346.0),
        ("74346 rad·s⁻¹", 74346.0),
        ("74346 radian/second", 74346.0),
        ("10 nK", 1.380649e-23 * 1e-8 * TWO_PI / 6.62607015e-34),
        ("10 nanokelvin", 1.380649e-23 * 1e-8 * TWO_PI / 6.62607015e-34),
        ("2 peV", 2e-12 * 1.602176634e-19 * TWO_PI / 6.62607015e-34),
        ("3e-30 J", 3e-30 * TWO_PI / 6.62607015e-34),
        (".5 µHz", TWO_PI * 0.5e-6),
        ("5. μHz", TWO_PI * 5e-6),
        ("5 uHz", TWO_PI * 5e-6),
    ],
)
def test_energies(text: str, expected: float) -> None:
    got = quantities.energy("coupling", text)
    assert got.physical
    assert got.value == pytest.approx(expected, rel=4e-16, abs=0)
    assert quantities.parse_energy("coupling", text) == got.value
    assert quantities.is_physical(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.05 1/s", 0.05),
        ("0.05 s^-1", 0.05),
        ("0.05 s**-1", 0.05),
        ("0.05 s⁻¹", 0.05),
        ("0.05 /s", 0.05),
        ("0.05/s", 0.05),
        ("0.05 1 / s", 0.05),
        ("50 1/ms", 5e4),
        ("50/ms", 5e4),
        ("3 1/min", 0.05),
        ("0 1/s", 0.0),
    ],
)
def test_rates(text: str, expected: float) -> None:
    assert quantities.rate("gamma", text) == Physical(pytest.approx(expected, rel=4e-16, abs=0), True)
    assert quantities.parse_rate("gamma", text) == pytest.approx(expected, rel=4e-16, abs=0)


@pytest.mark.parametrize(("text", "seconds"), [("0.2 ms", 2e-4), ("30 µs", 3e-5), ("0.5 min", 30.0), ("1 s", 1.0)])
def test_times(text: str, seconds: float) -> None:
    assert quantities.parse_time("delay", text) == pytest.approx(seconds, rel=4e-16, abs=0)


def test_a_temperature_may_be_given_as_an_energy() -> None:
    as_kelvin = quantities.parse_temperature("T", "10 nK")
    assert quantities.parse_temperature("T", f"{as_kelvin!r} rad/s") == as_kelvin
    assert quantities.parse_temperature("T", f"{as_kelvin / TWO_PI!r} Hz") == pytest.approx(as_kelvin, rel=1e-15)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.95, 0.95),
        (370, 370.0),
        (np.float64(0.5), 0.5),
        ("0.95", 0.95),
        (" -1e-3 ", -1e-3),
        ("2e2", 200.0),
        ("0", 0.0),
    ],
)
def test_numbers_without_unit_pass_through(reader, value, expected) -> None:
    assert reader("x", value) == Physical(expected, physical=False)
    assert not quantities.is_physical(value)


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (
            "energy",
            "5 1/s",
            f"x must be {ENERGY}; got '5 1/s' ({PER_S}: write Hz for E/h or rad/s for E/ħ)",
        ),
        ("energy", "5 ms", f"x must be {ENERGY}; got '5 ms' ('ms' measures something else)"),
        ("energy", "5 rad", f"x must be {ENERGY}; got '5 rad' ('rad' measures something else)"),
        ("energy", "5 Hz Hz", f"x must be {ENERGY}; got '5 Hz Hz' ('Hz Hz' measures something else)"),
        (
            "energy",
            "11.8 KHZ",
            f"x must be {ENERGY}; got '11.8 KHZ' (unknown unit 'KHZ'; did you mean 'kHz'?)",
        ),
        (
            "energy",
            "11.8 MHZ",
            f"x must be {ENERGY}; got '11.8 MHZ' (unknown unit 'MHZ'; did you mean 'MHz'?)",
        ),
        (
            "energy",
            "1 Kelvin",
            f"x must be {ENERGY}; got '1 Kelvin' (unknown unit 'Kelvin'; did you mean 'kelvin'?)",
        ),
        ("energy", "1 kHzz", f"x must be {ENERGY}; got '1 kHzz' (unknown unit 'kHzz'; did you mean 'kHz'?)"),
        ("energy", "5 furlong", f"x must be {ENERGY}; got '5 furlong' (unknown unit 'furlong')"),
        ("energy", "5 %", f"x must be {ENERGY}; got '5 %' ('%' is not a unit)"),
        ("energy", "7,4 kHz", f"x must be {ENERGY}; got '7,4 kHz' (',4 kHz' is not a unit)"),
        ("energy", "2π × 5", f"x must be {ENERGY}; got '2π × 5' (a unit is missing)"),
        ("energy", "2π × 5 nK", f"x must be {ENERGY}; got '2π × 5 nK' (a leading 2π goes with Hz only)"),
        (
            "energy",
            "2π × 5 rad/s",
            f"x must be {ENERGY}; got '2π × 5 rad/s' (a leading 2π goes with Hz only)",
        ),
        (
            "rate",
            "0.05 Hz",
            f"x must be {RATE}; got '0.05 Hz' (Hz leaves open whether a factor 2π is in it: write 1/s)",
        ),
        (
            "rate",
            "0.05 rad/s",
            "x must be a rate such as '0.05 1/s'; got '0.05 rad/s' (rad/s is for energies E/ħ: write 1/s)",
        ),
        ("rate", "5 s", "x must be a rate such as '0.05 1/s'; got '5 s' ('s' measures something else)"),
        (
            "temperature",
            "5 1/s",
            f"x must be {TEMPERATURE}; got '5 1/s' ({PER_S}: write Hz for k_B T/h or rad/s for k_B T/ħ)",
        ),
        ("time", "5 Hz", "x must be a time such as '0.2 ms'; got '5 Hz' ('Hz' measures something else)"),
    ],
)
def test_units_that_are_refused(kind: str, text: str, message: str) -> None:
    for read in (READERS[kind], PARSERS[kind]):
        with pytest.raises(UnitError) as caught:
            read("x", text)
        assert str(caught.value) == message


@pytest.mark.parametrize("kind", PARSERS)
def test_parsers_want_a_unit(kind: str) -> None:
    with pytest.raises(UnitError, match=re.escape("got '0.95' (a unit is missing)")):
        PARSERS[kind]("x", "0.95")


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    "value",
    [
        "nan",
        "inf",
        "-inf",
        "NaN kHz",
        "",
        "kHz",
        "1e400",
        math.nan,
        math.inf,
        -math.inf,
        None,
        True,
        b"5",
        [1.0],
        1j,
        10**400,
    ],
    ids=lambda value: repr(value)[:12],
)
def test_values_that_are_no_finite_number(kind: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        READERS[kind]("x", value)
    assert not isinstance(caught.value, UnitError)
    assert re.fullmatch(r"x must be a finite real number(, or [^;]+)?; got .+", str(caught.value))


@pytest.mark.parametrize("text", ["1e305 THz", "1e400 kHz", "-1e305 THz", "1e-400 kHz", "1e-320 fHz"])
def test_numbers_beyond_double_precision_are_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        quantities.energy("x", text)
    assert str(caught.value) == f"x must be a number within the range of double precision; got {text!r}"


@pytest.mark.parametrize(
    "text",
    [
        "5 __import__('os').getcwd()",
        "5 s^9^9^9",
        "5 s^(9)",
        "5 (lambda: 1)()",
        "5 s**99999999",
        "5 s;s",
        "5 s.real",
    ],
)
def test_nothing_is_evaluated(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is no plain product of names never reaches pint.
    monkeypatch.setattr(_units, "_registry", lambda: pytest.fail("the registry was asked"))
    with pytest.raises(UnitError, match="is not a unit"):
        quantities.energy("x", text)


@given(text=st.text(alphabet="0123456789.eE+-−*×·/^ 2π()piHzkMmnKJVsradµ⁻¹x_", max_size=20))
def test_any_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    for kind, reader in READERS.items():
        message = None
        try:
            result = reader(kind, text)
        except InputError as error:
            message = str(error)
        if message is None:
            assert math.isfinite(result.value)
            assert result.physical == quantities.is_physical(text)
        else:
            assert message.startswith(f"{kind} must be ")
            assert f"; got {text!r}" in message
            assert not message.endswith(".")
            assert "\n" not in message


finite = st.floats(min_value=1e-12, max_value=1e12)


@given(value=finite, prefix=st.sampled_from(["", "n", "m", "k", "M"]), sign=st.sampled_from([1, -1]))
def test_reading_is_the_product_of_number_prefix_and_constant(value: float, prefix: str, sign: int) -> None:
    scale = {"": "1", "n": "1e-9", "m": "1e-3", "k": "1e3", "M": "1e6"}[prefix]
    with mpmath.workdps(40):
        exact = mpmath.mpf(sign * value) * mpmath.mpf(scale)
        h, k, e = mpmath.mpf("6.62607015e-34"), mpmath.mpf("1.380649e-23"), mpmath.mpf("1.602176634e-19")
        factors = {"Hz": 2 * mpmath.pi, "rad/s": 1, "K": 2 * mpmath.pi * k / h, "eV": 2 * mpmath.pi * e / h}
        for unit, factor in factors.items():
            got = quantities.parse_energy("x", f"{sign * value!r} {prefix}{unit}")
            assert abs(got / (exact * factor) - 1) < 1e-15


@given(value=finite, sign=st.sampled_from([1, -1]))
def test_what_is_displayed_can_be_read_back(value: float, sign: int) -> None:
    value *= sign
    pairs = [
        (quantities.format_energy, quantities.parse_energy),
        (quantities.format_rate, quantities.parse_rate),
        (quantities.format_temperature, quantities.parse_temperature),
        (quantities.format_time, quantities.parse_time),
    ]
    for display, parse in pairs:
        # Half a unit in the last digit, at worst relative to 1.000.
        assert parse("x", display(value)) == pytest.approx(value, rel=5.001e-4)
        assert parse("x", display(value, digits=12)) == pytest.approx(value, rel=5.001e-12)


@pytest.mark.parametrize(
    ("display", "value", "expected"),
    [
        (quantities.format_energy, 74346.0, "11.83 kHz"),
        (quantities.format_energy, TWO_PI * 999.96, "1 kHz"),
        (quantities.format_energy, TWO_PI * 999.94, "999.9 Hz"),
        (quantities.format_energy, -TWO_PI * 1.5e6, "-1.5 MHz"),
        (quantities.format_energy, TWO_PI * 3e-47, "3e-47 Hz"),
        (quantities.format_energy, TWO_PI * 3e40, "3e+40 Hz"),
        (quantities.format_energy, 0.0, "0 Hz"),
        (quantities.format_temperature, 1309.2, "10 nK"),
        (quantities.format_time, 2e-4, "200 µs"),
        (quantities.format_time, 0.00704, "7.04 ms"),
        (quantities.format_time, math.inf, "∞ s"),
        (quantities.format_time, math.nan, "nan s"),
        (quantities.format_rate, 0.05, "0.05 1/s"),
        (quantities.format_rate, 141.95, "141.9 1/s"),
        (quantities.format_rate, 123456.0, "123500 1/s"),
        (quantities.format_rate, 0.0, "0 1/s"),
        (quantities.format_rate, math.inf, "∞ 1/s"),
    ],
)
def test_display(display, value: float, expected: str) -> None:
    assert display(value) == expected


def test_pint_is_imported_only_for_a_unit_by_its_long_name() -> None:
    program = (
        "import sys; from einselect import quantities as q; q.energy('x', '0.95'); q.format_energy(1.0); "
        "q.energy('x', '1 kHz'); q.rate('x', '2 1/ms'); assert 'pint' not in sys.modules; "
        "q.energy('x', '1 kilohertz'); assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_number_is_kept_as_long_as_the_result_is_representable() -> None:
    # The factors of the unit are multiplied first: one after the other, 1e-320 of them would pass through 0.
    assert quantities.parse_energy("x", "1e-320 neV") == pytest.approx(1e-320 * 1519267.447878626, rel=1e-3)
