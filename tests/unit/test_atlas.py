"""All jump operators of a model side by side, and curves over N of any model."""

from __future__ import annotations

import numpy as np
import pytest

from einselect import (
    LMG,
    AnisotropicLMG,
    BoseJosephson,
    CustomModel,
    Dicke,
    InputError,
    JumpOperator,
    Jx,
    Jz,
    Rabi,
    dephasing_coefficient,
    doublet_of,
    sweep,
)
from einselect.sweeps import bath_atlas, size_curve

MODELS = [LMG(200, 0.8), AnisotropicLMG(200, 0.7, 0.3), BoseJosephson(100, 0.3, 0.01), Dicke(30, 0.65), Rabi(1.5)]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_odd_baths_spare_eigenstates_and_even_ones_pointer_states(model) -> None:
    rows = bath_atlas(model).rows
    levels = model.levels(4)
    assert len(rows) >= 4
    for row in rows:
        operator = levels.operators[row.jump] if hasattr(levels, "operators") else row.jump
        jump = [JumpOperator(operator)]
        assert row.eigenstate_moment == pytest.approx(dephasing_coefficient(levels, "E0", "E1", jump), rel=1e-7)
        assert row.pointer_moment == pytest.approx(dephasing_coefficient(levels, "P", "R", jump), rel=1e-7)
        if row.parity == "odd" and row.eta_restricted == pytest.approx(2.0, abs=1e-9):
            assert 1.0 < row.eta < 2.0
            assert row.spared == "energy eigenstates"
            # What is missing from 2 is the leakage, for elements equal both ways.
            if row.jump in ("Jz", "Jx", "x"):
                assert 2.0 - row.eta == pytest.approx(row.leakage_share, rel=1e-6)
        elif row.parity == "even":
            assert row.eta <= 1.0 + 1e-12
            assert row.eta_restricted is None or row.eta_restricted == pytest.approx(0.5, abs=1e-2)
    assert rows[0].spared == "energy eigenstates"
    assert rows[0].jump in str(bath_atlas(model))
    assert repr(bath_atlas(model)).startswith("Atlas(")


def test_the_restricted_ratio_is_that_of_the_projected_operator() -> None:
    """L on two levels, without leakage: 2 for Jz, ½ for Jx and 1 for Jy, by Eq. 12 in the doublet itself."""
    levels = LMG(60, 0.8).levels(2)
    for name, expected in (("Jz", 2.0), ("Jx", 0.5), ("Jy", 1.0)):
        inside = levels.matrix(name)
        assert doublet_of(levels, name).eta_restricted == pytest.approx(expected, rel=1e-9)
        square, p = inside.conj().T @ inside, np.array([1.0, 1.0]) / np.sqrt(2)
        r = np.array([1.0, -1.0]) / np.sqrt(2)
        rates = []
        for a, b in ((np.array([1.0, 0.0]), np.array([0.0, 1.0])), (p, r)):
            mean = [v @ inside @ v for v in (a, b)]
            rates.append(0.5 * (a @ square @ a + b @ square @ b).real - (mean[0] * np.conj(mean[1])).real)
        assert rates[1] / rates[0] == pytest.approx(expected, rel=1e-9)


def test_jump_operators_of_ones_own() -> None:
    atlas = bath_atlas(LMG(40, 0.7), [Jz, Jz @ Jz, "Jx"])
    assert [row.parity for row in atlas.rows] == ["odd", "even", "even"]
    custom = CustomModel(
        LMG(10, 0.7).hamiltonian().matrix(10), np.eye(11)[::-1], {"z": Jz.matrix(10), "x": Jx.matrix(10)}
    )
    rows = bath_atlas(custom).rows
    assert [row.jump for row in rows] == ["z", "x"]
    assert rows[0].eta == pytest.approx(bath_atlas(LMG(10, 0.7)).rows[0].eta, rel=1e-10)
    document = bath_atlas(Dicke(6, 0.7)).as_dict()
    assert document["model"] == "dicke"
    assert [row["jump"] for row in document["jumps"]] == ["a", "x", "Jx", "J-", "Jz", "n"]
    with pytest.raises(InputError, match="jumps must be one or more operators; got none"):
        bath_atlas(LMG(40, 0.7), [])


def test_the_curve_of_the_lmg_model_is_its_sweep() -> None:
    sizes = list(range(40, 601, 40))
    curve = size_curve(lambda n: LMG(n, 0.95), sizes)
    grid = sweep(sizes, 0.95, quantities=("eta_exact", "eta_mf", "log_splitting"), progress=False)
    np.testing.assert_allclose(curve.eta_exact, grid.eta_exact, rtol=1e-12)
    np.testing.assert_allclose(curve.eta_mf, grid.eta_mf, rtol=1e-12)
    np.testing.assert_allclose(np.log(curve.splitting), grid.log_splitting, rtol=1e-9)
    assert curve.attrs["peak_eta_mf"] == pytest.approx(2.410, abs=2e-3)  # the maximum over all N at Γ/J = 0.95
    assert curve.attrs["peak_eta_mf_spins"] == int(grid.spins[int(np.argmax(grid.eta_mf.values))])
    assert curve.attrs["peak_eta_exact_spins"] == 600
    assert np.isnan(curve.splitting_bound).all()


def test_curves_of_other_models() -> None:
    dicke = size_curve(lambda n: Dicke(n, 0.7), [10, 20, 40, 300], jump="x")
    assert dicke.attrs["jump"] == "x"
    assert np.all(np.diff(dicke.eta_exact) > 0.0)
    assert np.all(dicke.eta_exact < 2.0)
    assert np.isnan(dicke.splitting[-1])
    assert dicke.splitting_bound[-1] < 1e-10
    assert np.isnan(dicke.splitting_bound[0])
    normal = size_curve(lambda n: Dicke(n, 0.3), [4, 8])
    assert np.isnan(normal.eta_mf).all()
    assert normal.attrs["peak_eta_mf_spins"] == -1
    with pytest.raises(InputError, match="spins must be one or more whole numbers; got none"):
        size_curve(lambda n: LMG(n, 0.5), [])
    with pytest.raises(InputError, match="spins must be a whole number >= 1; got 0"):
        size_curve(lambda n: LMG(n, 0.5), [0])
