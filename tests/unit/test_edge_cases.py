"""The edges of what can be asked: few spins, many spins, extreme fields, numbers in disguise, cut windows."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from einselect import LMG, InputError, Jz, UnitError, dephasing_rates
from einselect.models.lmg_chain import LMGChain

EPS = 2.0**-52


def test_two_spins_in_closed_form() -> None:
    """N = 2: even block [[0, -g√2·√2/2], [.., -1/2]], odd block -1/2."""
    for g in (1e-3, 0.1, 0.5, 0.95, 1.0, 3.0, 100.0):
        root = math.hypot(0.25, g)
        d = LMG(2, g).doublet()
        assert d.e0 == pytest.approx(-0.25 - root, rel=1e-13)
        assert d.e1 == pytest.approx(-0.5, abs=1e-13 * (0.25 + root))
        # ΔE = root - 1/4 without cancellation
        assert d.splitting == pytest.approx(g * g / (root + 0.25), rel=1e-10)
        # The even state is cos, sin of half the angle tan φ = 4g on |0>, |±1>.
        weight = 0.5 * (1.0 + 0.25 / root)
        assert d.q0 == pytest.approx(weight, rel=1e-11)
        assert d.q1 == pytest.approx(1.0, rel=1e-14)
        assert d.j01 == pytest.approx(math.sqrt(weight), rel=1e-11)
        assert d.leakage_even == pytest.approx(0.0, abs=1e-15)
        assert d.leakage_odd == pytest.approx(1.0 - weight, rel=1e-10, abs=1e-15)
        assert d.gap == pytest.approx(2.0 * root, rel=1e-12)


def test_three_spins_in_closed_form() -> None:
    """N = 3: blocks [[-1/12 ∓ g, -g√3/2], [.., -3/4]]."""
    for g in (0.01, 0.5, 1.0, 20.0):
        levels = LMG(3, g).levels(4)
        energies = []
        for sign in (-1.0, 1.0):
            a, b, c = -1 / 12 + sign * g, -0.75, -g * math.sqrt(3) / 2
            mean, root = (a + b) / 2, math.hypot((a - b) / 2, c)
            energies += [mean - root, mean + root]
        expected = np.array([energies[0], energies[2], energies[1], energies[3]])
        np.testing.assert_allclose(levels.energies, expected, rtol=0, atol=1e-13 * np.abs(expected).max())


def test_the_smallest_system_has_three_levels_and_a_gap() -> None:
    levels = LMG(2, 0.5).levels(3)
    assert levels.parities.tolist() == [1, -1, 1]
    for count in (1, 4, 0, -1, 2.5):
        with pytest.raises(InputError, match="levels must be a whole number from 2 to 3"):
            LMG(2, 0.5).levels(count)


@pytest.mark.parametrize("spins", [2, 3, 10, 11, 1000, 1001])
@pytest.mark.parametrize(
    "field",
    [
        *(5e-324, 1e-310, 1e-300, 1e-155, 1e-100, 1e-30, 1e-12, 1e-8),
        *(1 - EPS / 2, 1 + EPS),
        *(1e6, 1e15, 1e100, 1e155, 1e300, 1.7e308),
    ],
)
def test_extreme_fields_give_an_answer_or_one_clear_error(spins: int, field: float) -> None:
    """An answer is finite and consistent; an error is the package's own. Nothing else, and no NaN."""
    try:
        model = LMG(spins, field)
        d = model.doublet()
        numbers = (d.e0, d.e1, d.log_splitting, d.q0, d.q1, d.j01, d.eta_exact, d.gap)
        levels = model.levels(min(4, spins + 1))
    except InputError:
        assert not 1e-150 < field < 1e150  # refused only where squares of the field leave the range of a double
        return
    assert np.all(np.isfinite(numbers))
    assert np.all(np.isfinite(levels.energies))
    assert 1.0 < d.eta_exact <= 2.0
    assert 0.0 < d.j01 <= spins / 2 * (1 + 4 * EPS)
    # Perturbation theory at either end: wells at ±N/2, E_0 -> -N/4; a spin along x, E_0 -> -N Γ/2, ΔE -> Γ.
    if field < 1e-8:
        assert d.e0 == pytest.approx(-spins / 4, rel=1e-13)
        assert d.j01 == pytest.approx(spins / 2, rel=1e-12)
        # ΔE = 2 · (product of the N couplings)/(product of the N - 1 detunings), leading order in g:
        # N even or odd alike, each step from m to m+1 has coupling (g/2)√(j(j+1)-m(m+1)).
        logs = math.log(2.0) + spins * math.log(field / 2.0)
        m = np.arange(spins) - spins / 2
        logs += 0.5 * float(np.log((spins / 2 - m) * (spins / 2 + m + 1)).sum())
        logs -= float(np.log((spins**2 / 4 - m[1:] ** 2) / spins).sum())
        assert d.log_splitting == pytest.approx(logs, rel=1e-12, abs=1e-10)
    if field > 1e5:
        assert d.e0 == pytest.approx(-spins * field / 2, rel=1e-5)
        assert d.splitting == pytest.approx(field, rel=1e-4)
        assert d.q0 == pytest.approx(spins / 4, rel=1e-4)


def test_numbers_in_disguise() -> None:
    plain = LMG(100, 0.5).doublet()
    for spins in (np.int64(100), np.uint8(100), 100.0, np.float32(100.0), Fraction(100), np.array(100)):
        model = LMG(spins, 0.5)
        assert type(model.spins) is int
        assert model.doublet().moments == plain.moments
    for field in (np.float64(0.5), np.float32(0.5), Fraction(1, 2), np.array(0.5)):
        model = LMG(100, field)
        assert type(model.field) is float
        assert model == LMG(100, 0.5)
    assert LMG(10, 2, 4) == LMG(10, 2.0, 4.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 0.5), "spins must be a whole number from 2 to 180000000; got 1"),
        ((0, 0.5), "spins must be a whole number"),
        ((-4, 0.5), "spins must be a whole number"),
        ((2.5, 0.5), "spins must be a whole number from 2 to 180000000; got 2.5"),
        ((True, 0.5), "spins must be a whole number from 2 to 180000000; got True"),
        ((np.True_, 0.5), "spins must be a whole number"),
        (("100", 0.5), "spins must be a whole number from 2 to 180000000; got '100'"),
        ((math.nan, 0.5), "spins must be a whole number"),
        ((math.inf, 0.5), "spins must be a whole number"),
        ((None, 0.5), "spins must be a whole number"),
        (([100], 0.5), "spins must be a whole number"),
        ((200_000_000, 0.5), "spins must be a whole number from 2 to 180000000; got 200000000"),
        ((10**400, 0.5), "spins must be a whole number"),
        ((100, 0.0), "field must be a finite number > 0; got 0.0"),
        ((100, -0.5), "field must be a finite number > 0; got -0.5"),
        ((100, math.nan), "field must be .*; got nan"),
        ((100, math.inf), "field must be .*; got inf"),
        ((100, True), "field must be .*; got True"),
        ((100, None), "field must be .*; got None"),
        ((100, 0.5j), "field must be .*; got 0.5j"),
        ((100, 0.5, 0.0), "coupling must be a finite number > 0; got 0.0"),
        ((100, 0.5, -1.0), "coupling must be a finite number > 0; got -1.0"),
        ((100, 0.5, math.nan), "coupling must be .*; got nan"),
        ((100, 1e-200, 1e200), "field/coupling must be"),
        ((100, 1e200, 1e-200), "field/coupling must be"),
    ],
)
def test_what_a_model_refuses(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        LMG(*arguments)
    assert "\n" not in str(caught.value)
    assert not str(caught.value).endswith(".")


def test_units_are_the_plain_answer_times_the_coupling() -> None:
    plain = LMG(370, 0.95).doublet()
    for coupling, factor in (
        ("74346 rad/s", 74346.0),
        ("11.8 kHz", 2 * math.pi * 11.8e3),
        ("568 nK", 568e-9 * 1.380649e-23 / (6.62607015e-34 / (2 * math.pi))),
    ):
        d = LMG(370, 0.95, coupling).doublet()
        assert d.energy_unit == "rad/s"
        assert d.e0 == pytest.approx(factor * plain.e0, rel=1e-13)
        assert d.splitting == pytest.approx(factor * plain.splitting, rel=1e-10)
        assert d.log_splitting == pytest.approx(plain.log_splitting + math.log(factor), abs=1e-10)
        assert d.gap == pytest.approx(factor * plain.gap, rel=1e-11)
        assert d.q0 == pytest.approx(plain.q0, rel=1e-11)
        assert d.eta_mf == pytest.approx(plain.eta_mf, rel=1e-11)
        assert d.gap_ratio == pytest.approx(plain.gap_ratio, rel=1e-10)
        assert d.quality.energy_error == pytest.approx(factor * plain.quality.energy_error, rel=0.5)
    # A field with a unit of its own.
    assert LMG(370, "0.95 kHz", "1 kHz").field_ratio == pytest.approx(0.95, rel=1e-15)
    # The paper's: γ = 0.05 1/s, T = 10 nK, k_B T = ΔE.
    rates = dephasing_rates(LMG(370, 0.95, "74346 rad/s"), "0.05 1/s", temperature="10 nK")
    assert rates.thermal_ratio == pytest.approx(1.0, abs=2e-4)
    assert rates.secular_parameter == pytest.approx(2 * 74346 * plain.splitting / (0.05 * plain.g01), rel=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: LMG(370, "11 kHz", 1.0),
        lambda: LMG(370, "11 kHz"),
        lambda: dephasing_rates(LMG(370, 0.95), "0.05 1/s"),
        lambda: dephasing_rates(LMG(370, 0.95), temperature="10 nK"),
        lambda: dephasing_rates(LMG(370, 0.95, "11 kHz"), 0.05),
        lambda: dephasing_rates(LMG(370, 0.95, "11 kHz"), temperature=0.1),
        lambda: LMG(370, 0.95, "11 parsec"),
        lambda: LMG(370, 0.95, "11 1/s"),
        lambda: dephasing_rates(LMG(370, 0.95, "11 kHz"), "5 Hz"),
    ],
)
def test_mixing_units_is_an_error_that_says_how(call) -> None:
    with pytest.raises(UnitError) as caught:
        call()
    assert "'" in str(caught.value)  # names an example or what was got


@pytest.mark.parametrize(("spins", "field"), [(10**6, 0.95), (10**6 + 1, 1.0), (10**8, 0.5), (10**8 + 1, 1.5)])
def test_many_spins(spins: int, field: float) -> None:
    d = LMG(spins, field).doublet()
    assert d.quality.edge <= 1e-12
    assert len(d.sites) < 200_000  # of the order of √N, or N^(2/3) at the critical point
    assert 1.0 < d.eta_exact <= 2.0
    assert d.leakage_even > 0.0
    # η_exact and G01 reach the closed forms of the limit, corrections being relatively 1/N.
    if field < 1.0:
        s = LMG(spins, field).semiclassics()
        assert 2.0 - d.eta_exact == pytest.approx(2.0 - s.eta_exact, rel=1e-3)
        assert d.eta_mf - 2.0 == pytest.approx(s.eta_mf - 2.0, rel=1e-3)
        assert d.leakage == pytest.approx(s.pointer_variance, rel=1e-3)
    if field > 1.0:
        # Bogoliubov: <Jz²> = (N/4) sqrt(g/(g-1)), ΔE = J sqrt(g(g-1))
        assert d.q0 == pytest.approx(spins / 4 * math.sqrt(field / (field - 1)), rel=1e-3)
        assert d.splitting == pytest.approx(math.sqrt(field * (field - 1)), rel=1e-3)


def test_a_million_spins_with_the_splitting() -> None:
    # S = 0.0107865 per spin: ln ΔE near -10782; the instanton formula is good to relative order 1/(N m³) = 3e-5.
    d = LMG(10**6, 0.95).doublet()
    assert d.log_splitting == pytest.approx(LMG(10**6, 0.95).semiclassics().log_splitting, abs=1e-3)
    assert d.splitting == 0.0
    assert d.gap_ratio is None
    assert d.log10_gap_ratio > 4000
    assert d.quality.log_splitting_error < 1e-7


def test_an_unresolved_number_is_refused_or_said() -> None:
    """Whole state vectors are not made where they would not fit; the windowed ones are."""
    d = LMG(10**8, 0.5).doublet()
    with pytest.raises(InputError, match="whole state vector"):
        d.state("P", whole=True)
    assert d.state("P").probabilities.sum() == pytest.approx(1.0, abs=1e-9)
    with pytest.raises(InputError, match="state must be one of E0, E1, P, R; got 'Q'"):
        d.state("Q")
    with pytest.raises(InputError, match="side must be 1 or -1; got 2"):
        LMG(10, 0.5).doublet().spin_coherent_overlap("P", side=2)


# --- windows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spins", "field"), [(3000, 0.7), (3001, 0.7), (20_000, 0.95), (400, 0.2), (401, 0.2)])
def test_a_cut_window_gives_what_the_whole_block_gives(spins: int, field: float) -> None:
    chain = LMGChain(spins, field)
    cut = chain.window(33.0)
    whole = chain.window(1e9)
    assert cut.start > 0
    assert (whole.start, whole.stop) == (0, spins // 2 + 1)
    small, edge = chain.ground(cut)
    large, none = chain.ground(whole)
    assert none == 0.0
    assert edge < 1e-12
    assert len(large.energies) == 2
    # The cut moves energies by its square: only rounding is left, EPS of the largest element.
    assert abs(small.energies[0] - large.energies[0]) < 4 * EPS * chain.scale
    inside = slice(cut.start, cut.stop)
    assert np.abs(small.vectors[0] - large.vectors[0][inside]).max() < 1e-10
    # The splitting by the tail's logarithms and by the amplitudes themselves, where those do not underflow.
    if large.vectors[0][0] > 1e-150:
        one, other = chain.log_splitting(cut, small), chain.log_splitting(whole, large)
        assert abs(one - other) < 1e-10


@pytest.mark.parametrize(
    ("spins", "field"), [(2, 0.5), (3, 1e-3), (50, 0.3), (5001, 0.9), (10**6, 0.5), (1000, 1.0), (1000, 9.0)]
)
def test_a_wider_window_holds_the_narrower(spins: int, field: float) -> None:
    chain = LMGChain(spins, field)
    window = chain.window(33.0)
    for _ in range(60):
        wider = chain.widened(window)
        assert wider.start <= window.start
        assert wider.stop >= window.stop
        assert wider.start <= wider.twist < wider.stop
        window = wider
    # Widening ends with the whole block, so that the search for a good window ends.
    assert (window.start, window.stop) == (0, spins // 2 + 1)


@pytest.mark.parametrize(("spins", "field"), [(6000, 0.8), (6001, 0.8)])
def test_levels_on_a_cut_window_come_in_degenerate_pairs(spins: int, field: float) -> None:
    levels = LMG(spins, field).levels(8)
    assert levels.sites[0] > 1.0
    # ΔE ~ exp(-6000 × 0.093): the pairs are one number to 16 digits, and the lowest pair keeps its own splitting.
    assert levels.excitations[1] > 0.0
    np.testing.assert_array_equal(levels.excitations[3::2], levels.excitations[2::2])
    # A harmonic ladder with the Bogoliubov frequency m* = 0.6, up to anharmonicity of order 1/N.
    np.testing.assert_allclose(np.diff(levels.excitations[::2]), 0.6, rtol=2e-2)
    # Within a well, neighbours connect by the oscillator's matrix element; between wells nothing does.
    jz = levels.matrix(Jz)
    assert abs(jz[0, 1]) > 1700
    assert np.all(jz[np.equal.outer(levels.parities, levels.parities)] == 0.0)


def test_the_two_signs_of_a_twist_at_the_first_and_last_site() -> None:
    # Small fields push the peak to m = N/2, fields above J to m = 0.
    for spins, field in ((40, 1e-6), (41, 1e-6), (40, 50.0), (41, 50.0)):
        d = LMG(spins, field).doublet()
        assert d.quality.edge <= 1e-12
        peak = d.sites[int(np.argmax(d.odd))]
        assert peak == (spins / 2 if field < 1 else peak)
