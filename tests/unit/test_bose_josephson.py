"""The Bose-Hubbard dimer: from boson operators in QuTiP, and the map to the LMG model both ways."""

from __future__ import annotations

import math

import numpy as np
import pytest
import qutip
from hypothesis import given, settings
from hypothesis import strategies as st

from einselect import LMG, BoseJosephson, Doublet, InputError, PhaseError, UnitError, dephasing_rates
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.models import AnisotropicLMG


def dimer(count: int, k: float, u: float, tilt: float = 0.0) -> tuple[qutip.Qobj, qutip.Qobj, np.ndarray]:
    """H, (n_a - n_b)/2 and the Fock states |n, N - n> of two bosonic modes, from their ladder operators."""
    one = qutip.qeye(count + 1)
    a, b = qutip.destroy(count + 1) & one, one & qutip.destroy(count + 1)
    na, nb = a.dag() * a, b.dag() * b
    h = -k * (a.dag() * b + b.dag() * a) - 0.5 * u * (na * (na - 1) + nb * (nb - 1)) - 0.5 * tilt * (na - nb)
    columns = [np.asarray(qutip.tensor(qutip.basis(count + 1, n), qutip.basis(count + 1, count - n)).full())[:, 0]
               for n in range(count + 1)]  # fmt: skip
    return h, 0.5 * (na - nb), np.array(columns)


@given(st.integers(2, 14), st.floats(0.05, 3.0), st.floats(0.02, 1.0), st.sampled_from([0.0, 1e-3, 0.4]))
@settings(max_examples=25, deadline=None)
def test_spectra_from_boson_operators(count: int, k: float, u: float, tilt: float) -> None:
    h, imbalance, fock = dimer(count, k, u, tilt)
    inside = (fock @ h.full() @ fock.T).real
    model = BoseJosephson(count, k, u, tilt)
    levels = model.levels(count + 1)
    np.testing.assert_allclose(levels.energies + model.constant, np.linalg.eigvalsh(inside), atol=1e-11 * count)
    # State by state in the Fock basis (n_a = m + N/2), and matrix elements of the imbalance.
    vectors = levels.dicke_vectors()
    np.testing.assert_allclose(vectors @ inside, vectors * (levels.energies + model.constant)[:, None], atol=1e-9)
    jz = (fock @ imbalance.full() @ fock.T).real
    np.testing.assert_allclose(levels.matrix("Jz"), vectors @ jz @ vectors.T, atol=1e-9)
    np.testing.assert_allclose(
        model.hamiltonian().matrix(count) + model.constant * np.eye(count + 1), inside, atol=1e-10
    )


@given(st.integers(2, 500), st.floats(0.1, 2.0), st.floats(0.1, 10.0))
@settings(max_examples=30, deadline=None)
def test_the_map_goes_both_ways(spins: int, ratio: float, coupling: float) -> None:
    lmg = LMG(spins, ratio * coupling, coupling)
    model = BoseJosephson.from_lmg(lmg)
    assert model.strength == pytest.approx(1.0 / ratio, rel=1e-13)
    assert model.strength == pytest.approx(spins * model.interaction / (2.0 * model.tunnelling), rel=1e-15)
    back = model.lmg()
    assert (back.spins, back.phase) == (lmg.spins, lmg.phase)
    assert back.field == pytest.approx(lmg.field, rel=1e-14)
    assert back.coupling == pytest.approx(lmg.coupling, rel=1e-14)
    mine, theirs = model.doublet(), lmg.doublet()
    assert isinstance(mine, Doublet)
    assert mine.g01 == pytest.approx(theirs.g01, rel=1e-8)
    assert mine.log_splitting == pytest.approx(theirs.log_splitting, rel=1e-9, abs=1e-9)
    again = BoseJosephson.from_lmg(back)
    assert again.interaction == pytest.approx(model.interaction, rel=1e-14)
    assert again.tunnelling == model.tunnelling


def test_a_tilted_dimer_is_a_tilted_spin() -> None:
    spin = AnisotropicLMG(100, 0.7, tilt=0.003)
    model = BoseJosephson.from_lmg(spin)
    assert model.tilt == 0.003
    np.testing.assert_allclose(model.levels(4).energies, spin.levels(4).energies, rtol=1e-12)
    assert model.doublet().eta_exact == pytest.approx(spin.doublet().eta_exact, rel=1e-9)
    with pytest.raises(InputError, match=r"anisotropy must be 0 for a dimer; got 0.2"):
        BoseJosephson.from_lmg(AnisotropicLMG(10, 0.5, 0.2))


def test_rates_regimes_and_parity() -> None:
    model = BoseJosephson(370, 0.475, 1.0 / 370)
    rates, lmg = dephasing_rates(model, 1e-6), dephasing_rates(LMG(370, 0.95), 1e-6)
    assert model.strength == pytest.approx(1.0 / 0.95)
    assert rates.rate_eigenstate == pytest.approx(lmg.rate_eigenstate, rel=1e-11)
    assert rates.rate_pointer == pytest.approx(lmg.rate_pointer, rel=1e-11)
    assert rates.rate_mean_field == pytest.approx(lmg.rate_mean_field, rel=1e-12)
    assert rates.regime.name == lmg.regime.name
    document = rates.as_dict()
    assert document["model"] == "bose-josephson"
    assert document["strength"] == model.strength
    redfield = Redfield(model.levels(6), Bath("Jz", FlatSpectrum(0.1)))
    assert redfield.corollary1().largest == 0.0
    assert redfield.corollary2().kept
    even = dephasing_rates(model, 1e-6, jump="Jx")
    assert even.rate_eigenstate is not None
    assert even.rate_pointer is not None
    assert even.rate_eigenstate > even.rate_pointer
    # The critical interaction Λ = 1.
    assert BoseJosephson(100, 0.5, 0.01).phase == "critical"
    assert BoseJosephson(100, 0.5, 0.0099).phase == "disordered"
    with pytest.raises(PhaseError, match="order parameter"):
        _ = BoseJosephson(100, 0.5, 0.0099).order_parameter
    assert model.semiclassics().action == LMG(370, model.field_ratio).semiclassics().action
    assert model.mean_field_moment == pytest.approx(LMG(370, 0.95).mean_field_moment, rel=1e-12)
    m = model.order_parameter * 185.0
    assert model.potential(m) < model.potential(0.0)
    overlap = model.doublet().spin_coherent_overlap("P")  # type: ignore[union-attr]
    assert overlap == pytest.approx(LMG(370, 0.95).doublet().spin_coherent_overlap("P"), rel=1e-9)


def test_units_all_or_none() -> None:
    model = BoseJosephson(200, "50 Hz", "0.6 Hz", "1 mHz")
    assert model.energy_unit == "rad/s"
    assert model.tunnelling == pytest.approx(100 * math.pi)
    assert model.tilt == pytest.approx(2e-3 * math.pi)
    plain = BoseJosephson(200, 50.0, 0.6, 1e-3)
    assert plain.energy_unit == "plain"
    np.testing.assert_allclose(model.levels(3).energies, 2 * math.pi * plain.levels(3).energies, rtol=1e-12)
    assert dephasing_rates(BoseJosephson(200, "50 Hz", "0.6 Hz"), "0.1 1/s").t2_eigenstate is not None
    with pytest.raises(UnitError, match=r"tunnelling must have a unit where the interaction has one; got 50.0"):
        BoseJosephson(200, 50.0, "0.6 Hz")
    with pytest.raises(UnitError, match=r"interaction must have a unit where the tunnelling has one; got 0.6"):
        BoseJosephson(200, "50 Hz", 0.6)


def test_bad_parameters_are_refused() -> None:
    with pytest.raises(InputError, match=r"interaction must be a finite number > 0; got -0.1"):
        BoseJosephson(10, 1.0, -0.1)
    with pytest.raises(InputError, match=r"tunnelling must be a finite number > 0; got 0.0"):
        BoseJosephson(10, 0.0, 0.1)
    with pytest.raises(InputError, match="spins must be a whole number >= 2; got 1"):
        BoseJosephson(1, 1.0, 0.1)
