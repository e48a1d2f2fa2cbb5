"""Rings and chains of molecules: every vibration written out, the dimer, and the excitation alone."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import eigsh

from einselect import InputError, JumpOperator, ResolutionError, UnitError, dephasing_coefficient, dephasing_rates
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.models import VibronicDimer, VibronicRing


def written_out(model: VibronicRing, quanta: int) -> tuple[sparse.csr_array, dict[str, sparse.csr_array]]:
    """H with a vibration of so many states on every site, none of them eliminated."""
    m, w = model.sites, model.mode
    lower, one = sparse.diags_array(np.sqrt(np.arange(1.0, quanta)), offsets=1), sparse.eye_array(quanta)

    def product(site: np.ndarray, vibrations: dict[int, sparse.sparray]) -> sparse.csr_array:
        parts = [sparse.csr_array(site), *(vibrations.get(i, one) for i in range(m))]
        return sparse.csr_array(reduce(sparse.kron, parts))

    units = np.eye(m)
    h = sparse.csr_array((m * quanta**m,) * 2)
    for i in range(m):
        bond = model.coupling * (1.0 if i < m - 1 else model.closing)
        step = np.outer(units[i], units[(i + 1) % m])
        h = h + bond * product(step + step.T, {})
        h = h + w * product(units, {i: lower.T @ lower})
        h = h + w * np.sqrt(model.huang_rhys) * product(np.diag(units[i]), {i: lower + lower.T})
    jumps = {f"site{i + 1}": product(np.diag(units[i]), {}) for i in range(m)}
    jumps["pair1"] = 0.5 * (jumps["site1"] - jumps[f"site{m}"])
    jumps["b1"] = (product(units, {0: lower}) - product(units, {m - 1: lower})) / np.sqrt(2.0)
    return h, jumps


@pytest.mark.parametrize(("sites", "v", "closing", "quanta"), [(3, -0.4, 0.0, 9), (3, -0.4, 0.5, 9), (4, 0.5, 0.3, 6)])
def test_every_vibration_written_out(sites: int, v: float, closing: float, quanta: int) -> None:
    """Their cut leaves about 1e-7 of the energies; signs of states are free."""
    model = VibronicRing(sites, v, 0.4 if sites == 3 else 0.15, 0.9, closing)
    h, jumps = written_out(model, quanta)
    energies, states = eigsh(h, k=2, which="SA", v0=np.ones(h.shape[0]) + 0.1 * np.sin(np.arange(h.shape[0])))
    order = np.argsort(energies)
    levels = model.levels(4)
    np.testing.assert_allclose(levels.energies[:2] + model.constant, energies[order], rtol=0.0, atol=1e-6)
    assert levels.parities[:2].tolist() == [1, -1]
    for name, op in jumps.items():
        theirs = states[:, order].T @ (op @ states[:, order])
        np.testing.assert_allclose(np.abs(levels.matrix(name)[:2, :2]), np.abs(theirs), atol=1e-5)


@pytest.mark.parametrize("v", [-0.5, 0.7])
def test_chain_of_two_is_the_dimer(v: float) -> None:
    chain, dimer = VibronicRing(2, v, 4.0, closing=0.0), VibronicDimer(v, 4.0)
    assert chain.constant == pytest.approx(dimer.constant)
    np.testing.assert_allclose(chain.levels(5).energies, dimer.levels(5).energies, atol=1e-10)
    for ours, theirs in (("difference", "difference"), ("site1", "site1"), ("b1", "b")):
        mine, its = chain.doublet(ours), dimer.doublet(theirs)
        assert mine.j01 == pytest.approx(its.j01, rel=1e-9, abs=1e-12)
        assert mine.eta_exact == pytest.approx(its.eta_exact, rel=1e-8)
    assert chain.levels(3).expectation("site1", "P") > 0.9


def test_excitation_alone() -> None:
    """S = 1e-8: 2V cos(2πk/M) round the ring, to first order in S; the next two in pairs, the odd one first."""
    for v in (-0.2, 0.2):
        levels = VibronicRing(4, v, 1e-8).levels(4)
        np.testing.assert_allclose(levels.energies, [-0.4, 0.0, 0.0, 0.4], atol=1e-7)
        assert levels.parities[:3].tolist() == [1, -1, 1]


def test_more_than_two_wells_are_no_isolated_doublet() -> None:
    ring, chain = VibronicRing(3, -0.2, 2.0), VibronicRing(3, -0.2, 2.0, closing=0.0)
    assert ring.doublet().gap_ratio == pytest.approx(1.0, abs=1e-9)
    assert chain.doublet().gap_ratio is not None
    assert chain.doublet().gap_ratio > 1.2
    assert ring.doublet().parity == "odd"
    assert ring.doublet("site1").parity == "mixed"
    for model, isolated in ((ring, False), (chain, False), (VibronicRing(2, -0.2, 4.0, closing=0.0), True)):
        conditions = {c.name: c.holds for c in dephasing_rates(model, 1e-3).regime.conditions}
        assert conditions["isolation"] is isolated


def test_rates_and_corollary() -> None:
    """J01² and the second moment by Eq. 12 and by the Redfield tensor; G01 is short of ¼ by the middle site."""
    model = VibronicRing(3, -0.3, 2.0, closing=0.0)
    levels, d = model.levels(5), model.doublet()
    jump = levels.operators["difference"]
    expected = 0.25 * (1.0 - 0.5 * (levels.expectation("site2", "E0") + levels.expectation("site2", "E1")))
    assert d.g01 == pytest.approx(expected, rel=1e-10)
    assert dephasing_coefficient(levels, "P", "R", [JumpOperator(jump)]) == pytest.approx(d.g01 + d.j01**2, rel=1e-10)
    assert Redfield(levels, Bath(jump, FlatSpectrum(0.1))).corollary1().largest == 0.0
    sites = sum(levels.matrix(f"site{i}") for i in (1, 2, 3))
    np.testing.assert_allclose(sites, np.eye(5), atol=1e-10)


def test_bad_parameters() -> None:
    with pytest.raises(InputError, match="single ground state"):
        VibronicRing(5, 0.3, 1.0)
    with pytest.raises(InputError, match="sites must be a whole number from 3 to 9; got 2"):
        VibronicRing(2, 0.3, 1.0)
    with pytest.raises(InputError, match=r"coupling must be other than 0; got 0.0"):
        VibronicRing(3, 0.0, 1.0)
    with pytest.raises(UnitError, match="mode must have a unit"):
        VibronicRing(4, "-100 GHz", 1.0)
    with pytest.raises(ResolutionError, match="at most 20000 states"):
        VibronicRing(9, -0.3, 1.0).levels(4)
    with pytest.raises(InputError, match="jump must be one of difference, pair1"):
        VibronicRing(3, -0.3, 1.0).operator("Jz")
