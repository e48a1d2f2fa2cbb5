"""Representations: short where lists and errors show them, complete where a person reads them."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einselect import LMG, dephasing_rates, find_window
from einselect.display import NOTHING, Page, Table, figure, from_log10, html, page, short, text


def answers():
    """One of everything that shows itself, over phases, parities of N, units and sizes."""
    bench = LMG(370, 0.95, "74346 rad/s")
    yield "benchmark", dephasing_rates(bench, "0.05 1/s", temperature="10 nK")
    yield "physical doublet", bench.doublet()
    yield "physical levels", bench.levels(12)
    yield "window", find_window(0.95, "74346 rad/s", "0.05 1/s", "10 nK")
    yield "empty window", find_window(0.95, gamma=1.0)
    yield "regime", dephasing_rates(LMG(370, 0.95), 1e-6).regime
    yield "plain", dephasing_rates(LMG(370, 0.95), 1e-6, temperature=0.02)
    yield "deep", dephasing_rates(LMG(200_000, 0.5), 0.001, temperature=0.1)
    yield "deep levels", LMG(200_000, 0.5).levels(8)
    yield "odd N", LMG(371, 0.9).doublet()
    yield "two spins", dephasing_rates(LMG(2, 0.5), 1e300)
    yield "disordered", dephasing_rates(LMG(101, 1.5), 0.0)
    yield "critical", LMG(100, 1.0).doublet()
    yield "other plain coupling", LMG(50, 1.2, 2.0).doublet()
    yield "state", LMG(50, 0.5).doublet().state("P")


ANSWERS = dict(answers())


@pytest.fixture(params=ANSWERS.values(), ids=ANSWERS.keys())
def answer(request):
    return request.param


def words(string: str) -> str:
    return re.sub(r"\s+", " ", string)


# --- every answer ------------------------------------------------------------------------------------------------


def test_repr_is_one_line_without_arrays(answer):
    line = repr(answer)
    assert line.startswith(f"{type(answer).__name__}(")
    assert "\n" not in line
    assert len(line) < 200
    assert "array" not in line
    assert "nan" not in line


def test_print_fits_80_columns_without_codes_or_ends(answer):
    lines = str(answer).splitlines()
    assert len(lines) > 2
    assert all(len(line) <= 80 for line in lines)
    assert all(line == line.rstrip() for line in lines)
    assert "\x1b" not in str(answer)
    assert "…" not in str(answer)
    assert "nan" not in str(answer)


def test_nothing_is_cut_off(answer):
    """Every cell of the page is in the print, in one piece or wrapped at its blanks."""
    shown = str(answer)
    for table in page(answer).tables:
        for row in table.rows:
            for column, cell in enumerate(row):
                assert all(word in shown for word in cell.split())
                assert cell in shown or column not in table.numbers
    for sentence in (*page(answer).lines, *page(answer).remarks):
        assert words(sentence) in words(shown)


def test_notebooks_get_the_same_cells_as_valid_markup(answer):
    root = ElementTree.fromstring(answer._repr_html_())
    cells = ["".join(cell.itertext()) for cell in root.iter("td")]
    assert cells == [cell for table in page(answer).tables for row in table.rows for cell in row]
    assert "".join(root.itertext()).startswith(page(answer).title)


# --- what a physicist looks for ----------------------------------------------------------------------------------


def test_the_doublet_in_one_line():
    assert repr(LMG(370, 0.95).doublet()) == (
        "Doublet(LMG(spins=370, field=0.95, coupling=1.0): ΔE = 0.0176097 J, η_exact = 1.863427)"
    )
    assert "ΔE = 1309.21 rad/s" in repr(ANSWERS["physical doublet"])


def test_a_repr_does_not_start_long_work():
    doublet = LMG(10_000_000, 0.5).doublet()
    assert "ΔE" not in repr(doublet)
    assert "log_splitting" not in vars(doublet)
    _ = doublet.log_splitting
    assert "ΔE = " in repr(doublet)


def test_numbers_units_regime_and_verdict_of_the_benchmark():
    shown = str(ANSWERS["benchmark"])
    assert shown.startswith("LMG model: N = 370, Γ/J = 0.95, ordered phase\n")
    assert "J = 74346 rad/s = 11.833 kHz (E/h), γ = 0.05 1/s, T = 10 nK" in shown
    assert "Regime: mesoscopic" in shown
    assert re.search(r"E0 \(even\) +-13110610\.6965 +rad/s\n +E1 \(odd\) +-13109301\.4853 +rad/s", shown)
    assert re.search(r"ΔE = E1 - E0 +1309\.2112 +rad/s +208\.37 Hz", shown)
    assert re.search(r"ρ_01 energy eigenstates +G01 +2838\.96 +1 +141\.95 +0\.0070448$", shown, re.MULTILINE)
    assert re.search(r"ρ_PR mean field +G_loc +6673\.8\d +2\.350815 +333\.69", shown)
    assert re.search(r"thermal +0\.5 <= ΔE/k_BT <= 2 +1 +pass$", shown, re.MULTILINE)


def test_verdicts_follow_the_conditions():
    rows = {c.name: c.holds for c in ANSWERS["deep"].regime.conditions}
    assert rows["secular"] is False
    shown = str(ANSWERS["deep"])
    assert re.search(r"secular +2ΔE T2 >= 10 +< 1e-308 +FAIL", shown)
    assert re.search(r"isolation .* > 1e308 +pass", shown)
    assert re.search(r"secular .* – +not known", str(dephasing_rates(LMG(50, 0.5))))


def test_a_splitting_below_the_smallest_double_is_shown():
    log10 = ANSWERS["deep"].doublet.log10_splitting
    exponent = int(log10 // 1)
    assert re.search(rf"ΔE = E1 - E0 +\d\.\d+e{exponent} ", str(ANSWERS["deep"]))


def test_what_does_not_exist_is_a_dash():
    shown = str(ANSWERS["disordered"])
    assert re.search(rf"ρ_PR mean field +G_loc +{NOTHING} +{NOTHING}", shown)
    assert "m*" not in shown
    assert re.search(r"ρ_01 energy eigenstates .* 0 +∞$", shown, re.MULTILINE)


def test_a_plain_coupling_other_than_one_has_no_unit_j():
    shown = str(ANSWERS["other plain coupling"])
    assert "J = 2, ħ = 1" in shown
    assert not re.search(r"\d +J\b", shown)


def test_levels_count_those_below_the_barrier():
    levels = LMG(50, 0.5).levels(20)
    top = LMG(50, 0.5).potential(0.0)
    below = sum(e < top for e in levels.energies)
    assert 2 < below < 20
    assert f"{below} of these levels lie below it" in words(str(levels))
    assert "barrier" not in str(LMG(50, 1.5).levels(4))


def test_window_says_where_each_condition_holds():
    shown = str(ANSWERS["window"])
    assert re.search(r"secular +up to N = 413 +2ΔE T2 = 10\.0", shown)
    assert "from N = 112 to N = 413" in shown
    assert "no N qualifies" in repr(ANSWERS["empty window"])


# --- how numbers are written -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (6674.0, "6674"),
        (-0.000012345678, "-1.23457e-5"),
        (1.5e300, "1.5e300"),
        (None, NOTHING),
        (float("nan"), NOTHING),
        (float("inf"), "∞"),
        (float("-inf"), "-∞"),
    ],
)
def test_figures(value, written):
    assert figure(value) == written


@given(st.floats(-1e7, 1e7), st.integers(2, 12))
def test_a_number_by_its_logarithm(log10, digits):
    shown = Decimal(from_log10(log10, digits))
    # Half a unit of the last digit, and the rounding of log10 itself.
    tolerance = 0.5 * 10.0 ** (1 - digits) / 2.3 * 1.01 + 4e-16 * abs(log10) + 1e-15
    assert abs(float(shown.log10()) - log10) <= tolerance
    assert len(shown.as_tuple().digits) <= digits or abs(log10) < 300


def test_a_logarithm_just_below_a_power_of_ten_carries():
    assert from_log10(-867.0 - 1e-12) == "1e-867"


# --- rendering ---------------------------------------------------------------------------------------------------


def test_colours_only_when_asked_for():
    marked = text(ANSWERS["benchmark"], colours=True)
    assert "\x1b[" in marked
    assert words(re.sub(r"\x1b\[[0-9;]*m", "", marked)) == words(str(ANSWERS["benchmark"]))


def test_markup_in_cells_is_text():
    sample = Page("a [bold]b[/bold] <i>", ("1 < 2 [red]",), (Table("t", (("<b>", ":smile:", "[x]", "&"),)),))
    assert all(s in text(sample) for s in ("[bold]b[/bold]", "[red]", ":smile:", "[x]"))
    assert "&lt;b&gt;" in html(sample)
    assert "<i>" not in html(sample)


def test_a_narrow_terminal_cuts_nothing():
    assert text(ANSWERS["benchmark"], width=20) == text(ANSWERS["benchmark"], width=72)
    assert all(len(line) <= 72 for line in text(ANSWERS["benchmark"], width=72).splitlines())


def test_long_words_and_numbers_stay_whole():
    number, note = "1234567890.123456789012345678901", " ".join(["note"] * 8)
    shown = text(Page("t", (), (Table("", (("a label", number, note), ("b", "1", "x" * 200))),)), width=72)
    assert number in shown
    assert shown.count("note") == 8
    assert shown.count("x") == 200


def test_only_answers_have_pages():
    with pytest.raises(TypeError, match="answer must be one that einselect gives; got int"):
        page(3)
    assert short(3) == object.__repr__(3)


def test_answers_of_modules_that_load_late_are_shown_by_their_type() -> None:
    """Advice registers when it is first shown; a class that has only its name, or nothing registered, is refused."""
    program = (
        "import sys; from einselect import LMG, display; print(LMG(4, 0.5).doublet())\n"
        "assert 'einselect.protocols.advice' not in sys.modules\n"
        "assert 'einselect.display.advice' not in sys.modules\n"
        "from einselect.protocols.advice import Advice\n"
        "from einselect.display import short\n"
        "class Own(Advice): pass\n"
        "try: short(object.__new__(Own))\n"
        "except AttributeError as error: print(error)  # it was taken for an Advice, and has no fields\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "has no attribute" in done.stdout.splitlines()[-1]

    class Advice:
        pass

    with pytest.raises(TypeError, match="answer must be one that einselect gives; got Advice"):
        page(Advice())
    assert short(Advice()).startswith("<")
