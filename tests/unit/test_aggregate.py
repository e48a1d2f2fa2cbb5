"""The vibronic homodimer: two molecules with two vibrations in QuTiP, and the Rabi model that it is."""

from __future__ import annotations

import numpy as np
import pytest
import qutip

from einselect import InputError, JumpOperator, UnitError, dephasing_coefficient, doublet_of
from einselect.dynamics.redfield import Bath, Redfield
from einselect.dynamics.spectra import FlatSpectrum
from einselect.models import VibronicDimer


def in_qutip(v: float, s: float, w: float, quanta: int) -> tuple[qutip.Qobj, dict[str, qutip.Qobj], qutip.Qobj]:
    """H on both molecules and both of their vibrations, the jump operators, and the exchange of the molecules."""
    b = [qutip.tensor(qutip.qeye(2), *(qutip.destroy(quanta) if k == i else qutip.qeye(quanta) for k in range(2)))
         for i in range(2)]  # fmt: skip
    site = [qutip.tensor(qutip.ket2dm(qutip.basis(2, i)), qutip.qeye(quanta), qutip.qeye(quanta)) for i in range(2)]
    flip = qutip.tensor(qutip.sigmax(), qutip.qeye(quanta), qutip.qeye(quanta))
    h = v * flip
    for p, x in zip(site, b, strict=True):
        h = h + w * x.dag() * x + w * np.sqrt(s) * p * (x + x.dag())
    states = [(1 - i, n, m) for i in range(2) for m in range(quanta) for n in range(quanta)]
    exchange = np.zeros((2 * quanta**2,) * 2)
    for column, (i, n, m) in enumerate((i, m, n) for i in range(2) for m in range(quanta) for n in range(quanta)):
        del i, n, m
        j, p, q = states[column]
        exchange[j * quanta**2 + p * quanta + q, column] = 1.0
    jumps = {
        "difference": 0.5 * (site[0] - site[1]),
        "site1": site[0],
        "site2": site[1],
        "b": (b[0] - b[1]) / np.sqrt(2),
    }
    return h, jumps, qutip.Qobj(exchange, dims=h.dims)


@pytest.mark.parametrize(("v", "s", "w"), [(-0.5, 1.5, 1.0), (0.5, 1.5, 1.0), (0.3, 0.8, 0.7)])
def test_two_molecules_with_two_vibrations(v: float, s: float, w: float) -> None:
    h, jumps, exchange = in_qutip(v, s, w, 18)
    assert (exchange * h * exchange.dag() - h).norm() < 1e-10
    energies, states = h.eigenstates(eigvals=2)
    model = VibronicDimer(v, s, w)
    levels = model.levels(4)
    np.testing.assert_allclose(levels.energies[:2] + model.constant, energies, rtol=0.0, atol=1e-6)
    for name, op in jumps.items():
        theirs = np.array([[op.matrix_element(b, k) for k in states] for b in states])
        np.testing.assert_allclose(np.abs(levels.matrix(name)[:2, :2]), np.abs(theirs), atol=1e-5)
    # Which state is symmetric under exchange: the even vibration with the symmetric excitation is the bright one.
    bright = int(model.bright[1])
    assert qutip.expect(exchange, states[bright]) == pytest.approx(1.0, abs=1e-6)
    assert qutip.expect(exchange, states[1 - bright]) == pytest.approx(-1.0, abs=1e-6)
    assert model.kind == ("J" if v < 0 else "H")


def test_local_energies_dephase_as_their_difference_does() -> None:
    model = VibronicDimer(-0.5, 4.0)
    levels = model.levels(6)
    found = {name: doublet_of(levels, name) for name in model.jump_operators()}
    for name in ("site1", "site2"):
        assert found[name].eigenstate_moment == pytest.approx(found["difference"].eigenstate_moment, rel=1e-10)
        assert found[name].pointer_moment == pytest.approx(found["difference"].pointer_moment, rel=1e-10)
        assert found[name].parity == "mixed"
        jump = [JumpOperator(levels.operators[name])]
        assert dephasing_coefficient(levels, "P", "R", jump) == pytest.approx(found[name].pointer_moment, rel=1e-10)
    assert found["difference"].g01 == pytest.approx(0.25, rel=1e-12)
    assert found["difference"].parity == "odd"
    assert levels.expectation("site1", "P") > 0.9  # the excitation sits on molecule 1
    missing = [2.0 - (VibronicDimer(-0.5, s).doublet().eta_exact or 0.0) for s in (2.0, 4.0, 8.0)]
    assert missing[0] > missing[1] > missing[2] > 0.0
    redfield = Redfield(levels, Bath(levels.operators["difference"], FlatSpectrum(0.1)))
    assert redfield.corollary1().largest == 0.0


def test_units_and_bad_parameters() -> None:
    model = VibronicDimer("-100 GHz", 3.0, "1 THz")
    assert model.energy_unit == "rad/s"
    plain = VibronicDimer(-0.1, 3.0)
    assert model.doublet().splitting == pytest.approx(plain.doublet().splitting * model.mode, rel=1e-9)
    with pytest.raises(UnitError, match="mode must have a unit where the coupling has one"):
        VibronicDimer("-100 GHz", 3.0)
    with pytest.raises(InputError, match=r"coupling must be other than 0; got 0.0"):
        VibronicDimer(0.0, 1.0)
    with pytest.raises(InputError, match="huang_rhys must be a finite number > 0"):
        VibronicDimer(1.0, -1.0)
