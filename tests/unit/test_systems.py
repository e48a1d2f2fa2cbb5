"""The comparison over systems: each ratio by Eq. 12 from matrices, what theory says of it, table and picture."""

from __future__ import annotations

import math

import numpy as np
import pytest

from einselect import LMG, BoseJosephson, InputError, Rabi, doublet_of
from einselect.models import CustomModel, SpinBoson, VibronicRing
from einselect.models.registry import MODELS
from einselect.plots import plot_systems
from einselect.sweeps import SystemPoint, compare_systems, standard_systems
from einselect.sweeps.systems import hamiltonian_of, parameters_of


@pytest.fixture(scope="module")
def comparison():
    return compare_systems()


def test_every_listed_model_is_compared_under_its_natural_jump_operator():
    points = standard_systems()
    shown = {type(point.model) for point in points} | {SpinBoson}  # by the modes in place of its continuum
    assert shown >= {entry.make for entry in MODELS.values()}
    for point in points:
        entry = next((entry for entry in MODELS.values() if entry.make is type(point.model)), None)
        natural = point.model.jump_operators()[0] if entry is None else entry.jumps[0]
        assert point.jumps[0] == natural


def test_the_ratio_is_that_of_the_full_master_equation_term_by_term(comparison):
    """-Γ_ab is the element <a| 𝓓(|a><b|) |b>, with 𝓓 built of L between all levels that can be had."""
    for point in comparison.points:
        most = 12 if not hasattr(point.model, "most_levels") else 10
        levels = point.model.levels(most)
        phi = levels.mixing
        p, r = np.zeros((2, most))
        p[:2], r[:2] = (math.cos(phi), math.sin(phi)), (math.sin(phi), -math.cos(phi))
        e0, e1 = np.eye(most)[:2]
        for jump in point.jumps:
            row = next(row for row in comparison.rows if row.system == point.name and row.bath.jump == jump)
            op = levels.matrix(jump)
            inside = op.conj().T @ op
            # What L†L has beyond the levels that are kept is in its own matrix.
            square = levels.matrix(_square(levels, jump))
            assert np.linalg.eigvalsh(square - inside)[0] > -1e-9 * np.abs(square).max()

            def rate(a, b, op=op, square=square):
                x = np.outer(a, b)
                return -float((a @ (op @ x @ op.conj().T - 0.5 * (square @ x + x @ square)) @ b).real)

            assert row.bath.eta == pytest.approx(rate(p, r) / rate(e0, e1), rel=1e-9)


def _square(levels, jump):
    from einselect.spin import operator

    op = operator(jump) if not hasattr(levels, "operators") else levels.operators[jump]
    return op.dag() @ op


def test_what_theory_says_of_the_ratios(comparison):
    for row in comparison.rows:
        bath = row.bath
        if bath.parity == "odd":
            assert 1.0 < bath.eta <= 2.0 + 1e-12  # 1 + J01²/G01, and J01² <= G01 by Cauchy-Schwarz
            assert bath.spared == "energy eigenstates"
            # The leakage is what is missing to the ratio on the doublet: both rates are that of L inside, plus it.
            inside = 1.0 - bath.leakage_share
            assert bath.eta - 1.0 == pytest.approx(inside * (bath.eta_restricted - 1.0), rel=1e-9)
        elif bath.parity == "even":
            assert bath.eta <= 1.0
            assert bath.eta_restricted == pytest.approx(0.5, abs=1e-3)
        assert (row.splitting is None) != (row.splitting_bound is None)


def test_a_tilt_and_a_site(comparison):
    rows = {(row.system, row.bath.jump): row for row in comparison.rows}
    tilted, straight = rows["tilted LMG", "Jz"], rows["anisotropic LMG", "Jz"]
    assert not tilted.parity_conserved
    assert tilted.bath.eta < 1.0 + 0.2 * (straight.bath.eta - 1.0)
    # Two wells 2 h J01 apart: the splitting of the tilted doublet is the hypotenuse.
    model = next(point.model for point in comparison.points if point.name == "anisotropic LMG")
    d = model.doublet()
    assert tilted.splitting == pytest.approx(math.hypot(d.splitting, 2.0 * 3e-8 * d.j01), rel=1e-3)
    # A constant added to a Hermitian L changes no rate.
    assert rows["vibronic dimer", "site1"].bath.eta == pytest.approx(
        rows["vibronic dimer", "difference"].bath.eta, rel=1e-12
    )


def test_systems_of_ones_own_and_bounds():
    wells = CustomModel(np.diag([0.0, 0.1, 2.0]), np.diag([1, -1, 1]), {"L": np.eye(3, k=1) + np.eye(3, k=-1)})
    deep = CustomModel(np.diag([1.0, 1.0, 2.0]), np.diag([1, -1, 1]), {"L": np.eye(3, k=1) + np.eye(3, k=-1)})
    points = [SystemPoint("three levels", wells, ("L",)), SystemPoint("degenerate", deep, ("L",))]
    found = compare_systems(points)
    first, second = found.rows
    assert first.splitting == pytest.approx(0.1, rel=1e-12)
    # L|E0> = |E1>, L|E1> = |E0> + |E2>: G01 = 3/2, J01 = 1
    assert first.bath.eta == pytest.approx(5.0 / 3.0, rel=1e-12)
    assert second.splitting is None
    assert 0.0 < second.splitting_bound < 1e-13
    assert "| < " in found.markdown()
    assert first.at == repr(wells)
    assert hamiltonian_of(wells) == ""
    assert math.isnan(found.dataset().splitting.values[1])


def test_the_same_model_under_two_names():
    """The condensate at K = Γ/2, U = J/N is the LMG model, by other parameters."""
    points = [
        SystemPoint("spin", LMG(100, 0.8), ("Jz",)),
        SystemPoint("bosons", BoseJosephson(100, 0.4, 0.01), ("Jz",)),
    ]
    spin, bosons = compare_systems(points).rows
    assert spin.bath.eta == pytest.approx(bosons.bath.eta, rel=1e-12)
    assert spin.bath.eta == pytest.approx(doublet_of(LMG(100, 0.8).levels(2), "Jz").eta_exact, rel=1e-12)
    assert (spin.at, bosons.at) == ("N = 100, Γ = 0.8, J = 1", "N = 100, K = 0.4, U = 0.01")
    ring = VibronicRing(3, "-2 rad/s", 1.5, "4 rad/s", closing=0.0)
    assert parameters_of(ring) == "M = 3, V = -2 rad/s, S = 1.5, ω = 4 rad/s, c = 0"
    assert parameters_of(LMG(10, 0.5, "2 rad/s")) == "N = 10, Γ = 1 rad/s, J = 2 rad/s"


def test_table_dataset_and_text_have_the_same_numbers(comparison):
    lines = comparison.markdown().splitlines()
    data, text = comparison.dataset(), str(comparison)
    assert len(lines) == 2 + len(comparison.rows) == 2 + data.sizes["row"]
    for k, row in enumerate(comparison.rows):
        cells = [cell.strip() for cell in lines[k + 2].strip("|").split("|")]
        assert len(cells) == 7
        assert float(cells[4]) == pytest.approx(row.bath.eta, abs=5.1e-5)
        assert float(cells[5]) == pytest.approx(row.bath.eta_restricted, abs=5.1e-4)
        assert data.eta.values[k] == row.bath.eta
        assert str(data.system.values[k]) == row.system
        assert row.system in text
        assert f"{row.bath.eta:.5g}" in text
    assert len(comparison.as_dict()["systems"]) == len(comparison.rows)
    assert repr(comparison).endswith(f"{len(comparison.rows)} jump operators)")


def test_the_picture_has_a_point_for_every_ratio(comparison):
    from matplotlib import pyplot

    ax = plot_systems(comparison)
    points = {line.get_label(): line for line in ax.lines}
    for row in comparison.rows:
        x, _ = points[f"_{row.system}: {row.bath.jump}"].get_data()
        assert float(x[0]) == row.bath.eta
        low, high = ax.get_xlim()
        assert low < row.bath.eta < high
    markers = {points[f"_{row.system}: {row.bath.jump}"].get_marker(): row.bath.parity for row in comparison.rows}
    assert set(markers.values()) == {"odd", "even", "mixed"}  # told apart by shape, not by colour alone
    named = {text.get_text() for text in ax.texts}
    assert named == {point.name for point in comparison.points}
    heights = [float(line.get_ydata()[0]) for label, line in points.items() if ":" in label]
    assert len(set(heights)) == len(comparison.rows)
    pyplot.close(ax.figure)


def test_what_cannot_be_compared_is_refused():
    point = SystemPoint("a", Rabi(1.0), ("a",))
    for points in ([], [Rabi(1.0)]):
        with pytest.raises(InputError, match="points must be one or more SystemPoint"):
            compare_systems(points)
    with pytest.raises(InputError, match="points must be of different names"):
        compare_systems([point, point])
    with pytest.raises(InputError, match="must be one of a, x, Jx"):
        compare_systems([SystemPoint("a", Rabi(1.0), ("b",))])
