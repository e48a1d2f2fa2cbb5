"""The picture of the Liouvillian's modes: each eigenvalue where it belongs, sectors told apart without colour."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import pyplot

from einselect import LMG, Jm, JumpOperator, Jz
from einselect.dynamics import Lindbladian
from einselect.plots import plot_modes

LEVELS = LMG(20, 0.9).levels(4)
DEPHASED = Lindbladian(LEVELS, [JumpOperator(Jz, 1e-2)])


def drawn(ax: object) -> dict[str, np.ndarray]:
    """x + iy of every set of points, by its label."""
    sets = {
        line.get_label(): line.get_xdata() + 1j * line.get_ydata() for line in ax.lines if line.get_marker() != "None"
    }
    pyplot.close(ax.figure)
    return {label: np.asarray(values) for label, values in sets.items()}


@pytest.mark.parametrize("rate", [None, 0.25])
def test_eigenvalues_are_where_they_belong(rate: float | None) -> None:
    found = DEPHASED.spectrum(16)
    points = drawn(plot_modes(found, rate=rate))
    assert set(points) == {"_populations", "_coherences"}
    for label, values in points.items():
        own = [mode.eigenvalue for mode in found.modes if f"_{mode.sector}" == label]
        np.testing.assert_allclose(values, np.array(own) / (rate or 1.0), rtol=1e-15)


def test_sectors_differ_by_shape_and_filling() -> None:
    ax = plot_modes(DEPHASED.spectrum(16))
    looks = {
        (line.get_marker(), line.get_markerfacecolor() == "none") for line in ax.lines if line.get_marker() != "None"
    }
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    pyplot.close(ax.figure)
    assert looks == {("o", False), ("s", True)}
    assert legend == ["populations", "coherences"]
    mixed = plot_modes(Lindbladian(LEVELS, [JumpOperator(Jm, 1e-2)]).spectrum(5))
    assert set(drawn(mixed)) == {"_all"}


def test_the_rate_is_marked_where_the_picture_reaches_it() -> None:
    found = DEPHASED.spectrum(16)
    fastest = -float(found.eigenvalues.real.min())
    for rate, reached in ((0.5 * fastest, True), (2.0 * fastest, False)):
        ax = plot_modes(found, rate=rate)
        labels = [line.get_label() for line in ax.lines]
        pyplot.close(ax.figure)
        assert ("_rate" in labels) == reached


def test_rounding_of_a_zero_is_no_scale() -> None:
    """One steady mode, at 1e-17 by rounding: the picture reaches to the gap."""
    found = DEPHASED.spectrum(1)
    ax = plot_modes(found)
    low, high = ax.get_xlim()
    pyplot.close(ax.figure)
    assert low == pytest.approx(-1.1 * found.gap)
    assert 0.0 < high < found.gap
