"""A spin with explicit modes against QuTiP and the Rabi model; the spin-boson model by both its approximations."""

from __future__ import annotations

import math

import numpy as np
import pytest
import qutip
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import (
    InputError,
    JumpOperator,
    PhaseError,
    ResolutionError,
    UnitError,
    dephasing_coefficient,
    dephasing_rates,
    doublet_of,
)
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.models import FewModes, Rabi, SpinBoson
from einselect.models.few_modes import silbey_harris
from einselect.sweeps import bath_atlas


def in_qutip(
    tunnelling: float, frequencies: list[float], couplings: list[float], photons: list[int]
) -> tuple[qutip.Qobj, qutip.Qobj, list[qutip.Qobj]]:
    """H, σz/2 and the b_k on Fock states that are not displaced."""
    spaces = [*photons, 2]

    def on(op: qutip.Qobj, place: int) -> qutip.Qobj:
        return qutip.tensor([op if k == place else qutip.qeye(size) for k, size in enumerate(spaces)])

    last = len(photons)
    sz, h = on(qutip.sigmaz(), last), -0.5 * tunnelling * on(qutip.sigmax(), last)
    modes = [on(qutip.destroy(size), k) for k, size in enumerate(photons)]
    for w, g, b in zip(frequencies, couplings, modes, strict=True):
        h = h + w * b.dag() * b + 0.5 * g * sz * (b + b.dag())
    return h, 0.5 * sz, modes


@pytest.mark.parametrize(
    ("tunnelling", "frequencies", "couplings", "photons"),
    [
        (1.0, [0.5, 2.0], [1.0, 1.5], [20, 10]),
        (0.7, [1.0], [2.0], [30]),
        (2.0, [1.0, 1.5, 3.0], [0.6, -0.5, 1.0], [10, 8, 7]),
    ],
)
def test_levels_and_operators_are_those_of_fock_states(
    tunnelling: float, frequencies: list[float], couplings: list[float], photons: list[int]
) -> None:
    h, sz, modes = in_qutip(tunnelling, frequencies, couplings, photons)
    energies, states = h.eigenstates(eigvals=5)
    levels = FewModes(tunnelling, frequencies, couplings).levels(5)
    np.testing.assert_allclose(levels.energies, energies, rtol=0.0, atol=1e-8)
    for name, op in [("sz", sz), *((f"b{k}", b) for k, b in enumerate(modes))]:
        theirs = np.array([[op.matrix_element(b, k) for k in states] for b in states])
        np.testing.assert_allclose(np.abs(levels.matrix(name)), np.abs(theirs), atol=1e-5)
        unlabelled = levels.operators[name].matrix
        assert np.abs(levels.matrix(unlabelled).diagonal()).max() == 0.0  # the proposition
        jump = [JumpOperator(levels.operators[name])]
        d = doublet_of(levels, name)
        assert d.pointer_moment == pytest.approx(dephasing_coefficient(levels, "P", "R", jump), rel=1e-10)
    redfield = Redfield(levels, Bath(levels.operators["sz"], FlatSpectrum(0.1)))
    assert redfield.corollary1().largest == 0.0
    assert redfield.corollary2().kept


def test_one_mode_is_the_rabi_model() -> None:
    for g in (0.5, 2.4, 6.0):
        levels = FewModes(1.0, [1.0], [g]).levels(6)
        rabi = Rabi(0.5 * g)
        np.testing.assert_allclose(levels.energies, rabi.levels(6).energies, atol=1e-9)
        d = doublet_of(levels, "sz")
        assert d.eta_exact == pytest.approx(rabi.doublet("Jx").eta_exact, rel=1e-7)
        assert d.g01 == pytest.approx(0.25, rel=1e-12)  # (σz/2)² is a number
        loss = doublet_of(levels, "b0")
        assert loss.eta_exact == pytest.approx(rabi.doublet("a").eta_exact, rel=1e-6)


@given(st.floats(0.1, 3.0), st.lists(st.tuples(st.floats(0.3, 4.0), st.floats(-2.0, 2.0)), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_the_variational_polaron_is_stationary(tunnelling: float, modes: list[tuple[float, float]]) -> None:
    """E(f) = -½Δ exp(-½ sum f²/ω²) + sum (f²/4ω - fg/2ω) does not fall in any direction, at f of Silbey and Harris."""
    w, g = (np.array(column) for column in zip(*modes, strict=True))

    def energy(f: np.ndarray) -> float:
        overlap = math.exp(-0.5 * float(((f / w) ** 2).sum()))
        return -0.5 * tunnelling * overlap + float((f * f / (4 * w) - f * g / (2 * w)).sum())

    dressed, f = silbey_harris(tunnelling, w, g)
    assert dressed == pytest.approx(tunnelling * math.exp(-0.5 * float(((f / w) ** 2).sum())), rel=1e-9)
    for k in range(len(w)):
        step = np.zeros(len(w))
        step[k] = 1e-5
        assert energy(f + step) - energy(f - step) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("frequencies", "couplings"), [([0.5, 2.0], [1.0, 1.5]), ([6.0, 9.0], [3.0, 4.0])])
def test_exact_energies_lie_below_the_variational_ones(frequencies: list[float], couplings: list[float]) -> None:
    model = FewModes(1.0, frequencies, couplings)
    dressed, f = model.dressed
    w, g = np.array(frequencies), np.array(couplings)
    constant = float((f * f / (4 * w) - f * g / (2 * w)).sum())
    levels = model.levels(2)
    below = [constant - 0.5 * dressed - levels.energies[0], constant + 0.5 * dressed - levels.energies[1]]
    assert min(below) > 0.0
    if min(frequencies) > 5.0:  # fast modes follow the spin: it is nearly exact
        assert levels.excitations[1] == pytest.approx(dressed, rel=0.06)
        assert doublet_of(levels, "sz").eta_exact == pytest.approx(2.0, abs=0.05)


def test_the_limit_two_and_where_there_is_none() -> None:
    """Fast modes: η -> 2. Modes slower than Δ_r: E_1 is a quantum of theirs, the doublet is not isolated."""
    found = [FewModes(0.5, [w], [w]).doublet() for w in (2.0, 8.0, 32.0)]
    missing = [2.0 - (d.eta_exact or 0.0) for d in found]
    assert missing[0] > missing[1] > missing[2] > 0.0
    slow = FewModes(1.0, [0.1], [0.02]).doublet()
    assert slow.splitting == pytest.approx(0.1, rel=0.05)
    assert slow.gap_ratio == pytest.approx(2.0, rel=0.05)
    assert slow.eta_exact == pytest.approx(1.0, abs=0.1)
    assert dephasing_rates(FewModes(1.0, [0.1], [0.02]), 1e-6).regime.name == "delocalised"
    assert bath_atlas(FewModes(0.5, [8.0], [8.0])).rows[0].spared == "energy eigenstates"


# --- the continuum -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strength", "exponent", "cutoff"),
    [(0.2, 1.0, 10.0), (0.1, 0.5, 10.0), (0.3, 2.0, 5.0), (0.5, 1.0, 20.0), (0.3, 3.0, 5.0)],
)
def test_the_dressed_splitting_from_many_modes(strength: float, exponent: float, cutoff: float) -> None:
    """Its integral equation, against the sum over 10⁵ modes."""
    count = 100_000
    w = (np.arange(count) + 0.5) / count * cutoff
    model = SpinBoson(1.0, strength, exponent, cutoff)
    g = np.sqrt(model.spectral_density(w) / math.pi * cutoff / count)
    assert model.dressed() == pytest.approx(silbey_harris(1.0, w, g)[0], rel=1e-6)


def test_ohmic_and_sub_ohmic_localisation() -> None:
    # Δ (eΔ/ω_c)^(α/(1-α)) for ω_c >> Δ: e since the cut-off is sharp.
    for strength in (0.1, 0.5, 0.9):
        expected = (math.e / 1e4) ** (strength / (1.0 - strength))
        assert SpinBoson(1.0, strength, cutoff=1e4).dressed() == pytest.approx(expected, rel=0.01, abs=0.0)
    assert SpinBoson(1.0, 0.9, cutoff=1e4).phase == "delocalised"
    assert SpinBoson(1.0, 1.1, cutoff=1e4).phase == "localised"
    found = [SpinBoson(1.0, a, 0.5).dressed() for a in (0.05, 0.1, 0.15, 0.2)]
    assert found[0] > found[1] > found[2] > 0.4  # the jump that the approximation makes
    assert found[3] == 0.0


def test_few_modes_approach_the_continuum() -> None:
    model = SpinBoson(1.0, 0.2)
    errors = [abs(model.discretised(m).dressed[0] - model.dressed()) for m in (1, 2, 4, 6)]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.03 * model.dressed()
    few = model.discretised(3)
    weights = np.square(few.couplings)
    assert weights.sum() == pytest.approx(2 * 0.2 * 10.0**2 / 2, rel=1e-12)  # ∫J dω/π
    assert (weights * few.frequencies).sum() == pytest.approx(2 * 0.2 * 10.0**3 / 3, rel=1e-12)
    d = model.discretised(2).doublet()
    assert d.splitting == pytest.approx(model.discretised(2).dressed[0], rel=0.15)
    assert d.splitting < model.discretised(2).dressed[0]


def test_levels_are_those_of_the_treatment_that_is_chosen() -> None:
    model = SpinBoson(1.0, 0.2, cutoff=50.0, modes=2)
    few, own = model.discretised(2).levels(5), model.levels(5)
    np.testing.assert_array_equal(own.energies, few.energies)
    assert model.doublet("b1").eta_exact == model.discretised(2).doublet("b1").eta_exact
    assert "2 modes in place of the continuum" in repr(model)
    assert model.parameters()["treatment"] == "2 modes in place of the continuum"
    polaron = SpinBoson(1.0, 0.2, cutoff=50.0, modes=0)
    assert "variational polaron" in repr(polaron)
    rates = dephasing_rates(polaron, 1e-2)
    assert rates.doublet.splitting == pytest.approx(polaron.dressed(), rel=1e-14)
    assert (rates.rate_eigenstate, rates.rate_pointer) == (pytest.approx(0.25e-2), pytest.approx(0.5e-2))
    assert rates.regime.name == "mesoscopic"  # two levels: there is no third to be isolated from
    with pytest.raises(InputError, match="levels must be a whole number from 2 to 2; got 3"):
        polaron.levels(3)
    with pytest.raises(PhaseError, match="strength must be below that of the localised phase"):
        SpinBoson(1.0, 1.2, cutoff=1e4, modes=0).levels()
    with pytest.raises(InputError, match="modes must be a whole number from 0 to 6; got 7"):
        SpinBoson(1.0, 0.2, modes=7)


def test_the_residual_rate_is_that_of_the_golden_rule_of_many_modes() -> None:
    """A weakly damped bath of many explicit modes, one quantum at most: |E1> decays at J(Δ_r)/2.

    In the frame of the variational polaron the part of H that is linear in the modes is taken from its operators: with
    U = exp(½σz sum f_k/ω_k (b_k† - b_k)), ½σz(g - f)(b + b†) and the tunnelling, expanded to first order in f/ω. The
    counter-rotating part cancels, which the matrix elements below show by themselves.
    """
    model = SpinBoson(1.0, 0.02, cutoff=10.0, modes=0)
    count, width = 1200, 4.0
    w = (np.arange(count) + 0.5) / count * width
    g = np.sqrt(model.spectral_density(w) / math.pi * width / count)
    dressed = model.dressed()
    f = g / (1.0 + dressed / w)
    z, y = 0.5 * np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, -1.0], [1.0, 0.0]])  # σz/2 and iσy, E0 and E1
    # <1_k, E_a| linear |0, E_b>; -(Δ/2)(σ+ e^B + h.c.) gives ∓½Δ_r iσy (f/ω)(b† - b).
    linear = [sign * 0.5 * dressed * (f / w)[:, None, None] * y + (g - f)[:, None, None] * z for sign in (1.0, -1.0)]
    quiet = [float(np.abs(part[:, 1, 0]).max()) for part in linear]  # from |E0> to |E1> and a quantum
    chosen = linear[int(np.argmin(quiet))]
    assert min(quiet) < 1e-15 < 1e-4 < max(quiet)
    near = np.abs(w - dressed) < 0.1
    golden = 2.0 * math.pi * float((chosen[near, 0, 1] ** 2).mean()) * count / width
    assert model.residual_rate == pytest.approx(golden, rel=5e-3)
    assert model.residual_rate == pytest.approx(math.pi * 0.02 * dressed, rel=1e-12)  # J(Δ_r)/2 of an Ohmic bath
    # Dynamics by itself: amplitude of |E1> with one quantum in the band.
    h = np.diag(np.concatenate(([dressed], w)))
    h[0, 1:] = h[1:, 0] = chosen[:, 0, 1]
    energies, vectors = np.linalg.eigh(h)
    t = 2.0 / model.residual_rate
    left = abs(np.sum(vectors[0] ** 2 * np.exp(-1j * energies * t))) ** 2
    assert -math.log(left) / t == pytest.approx(model.residual_rate, rel=0.06)


def test_physical_units() -> None:
    plain = FewModes(1.0, [1.5, 3.0], [2.5, -2.0])
    physical = FewModes("1 GHz", ["1.5 GHz", "3000 MHz"], ["2.5 GHz", "-2 GHz"])
    assert physical.energy_unit == "rad/s"
    unit = 2.0 * math.pi * 1e9
    assert physical.doublet().splitting == pytest.approx(plain.doublet().splitting * unit, rel=1e-9)
    rates = dephasing_rates(physical, "1 1/us", temperature="20 mK")
    assert rates.rate_eigenstate == pytest.approx(0.25e6)
    assert rates.thermal_ratio is not None
    bath = SpinBoson("1 GHz", 0.2, cutoff="50 GHz", modes=2)
    assert bath.levels(3).energy_unit == "rad/s"
    assert bath.doublet().splitting == pytest.approx(
        unit * SpinBoson(1.0, 0.2, cutoff=50.0, modes=2).doublet().splitting, rel=1e-9
    )
    with pytest.raises(UnitError, match=r"frequencies\[1\] must have a unit where the tunnelling has one; got 3.0"):
        FewModes("1 GHz", ["1.5 GHz", 3.0], ["2.5 GHz", 0.0])
    with pytest.raises(InputError, match=r"^frequencies must be a list with one value for each mode; got '1.5'$"):
        FewModes(1.0, "1.5", [1.0])


def test_bad_parameters_are_refused() -> None:
    with pytest.raises(InputError, match="frequencies and couplings must be one or more of each; got 1 and 2"):
        FewModes(1.0, [1.0], [1.0, 2.0])
    with pytest.raises(InputError, match=r"frequencies must be a finite number > 0; got 0.0"):
        FewModes(1.0, [0.0], [1.0])
    with pytest.raises(InputError, match="jump must be one of sz, b0; got 'b1'"):
        FewModes(1.0, [1.0], [1.0]).doublet("b1")
    with pytest.raises(InputError, match="exponent must be at most 3"):
        SpinBoson(1.0, 0.1, 4.0)
    with pytest.raises(InputError, match="ratio must be above 1"):
        SpinBoson(1.0, 0.1).discretised(3, 1.0)
    with pytest.raises(InputError, match="modes must be a whole number from 1 to 6"):
        SpinBoson(1.0, 0.1).discretised(7)
    with pytest.raises(ResolutionError, match="the modes must need at most 100000 states together"):
        FewModes(1.0, [1.0] * 9, [0.5] * 9).levels(2)
