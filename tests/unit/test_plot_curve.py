"""The picture of a curve: what is drawn are the numbers of the answer, and a peak is one only inside."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from einselect import LMG, BoseJosephson, InputError, Rabi
from einselect.plots import plot_curve
from einselect.sweeps import parameter_curve, size_curve


@pytest.fixture
def ax():
    return Figure().subplots()


def labelled(ax, label):
    (found,) = [line for line in ax.lines if line.get_label() == label]
    return found


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_curve_peak_and_limit(ax):
    curve = size_curve(lambda n: LMG(n, 0.95), range(20, 1001, 20))
    plot_curve(curve, ax)
    for name in ("eta_mf", "eta_exact"):
        line = labelled(ax, f"_{name}")
        np.testing.assert_array_equal(line.get_xdata(), curve.spins)
        np.testing.assert_array_equal(line.get_ydata(), curve[name])
    peak = labelled(ax, "_eta_mf peak")
    assert (peak.get_xdata()[0], peak.get_ydata()[0]) == (260, curve.attrs["peak_eta_mf"])
    assert not [line for line in ax.lines if line.get_label() == "_eta_exact peak"]  # still growing at the end
    assert list(labelled(ax, "_limit").get_ydata()) == [2, 2]
    assert legend(ax) == [r"$\eta_\mathrm{MF}$ (peak 2.409 at 260)", r"$\eta_\mathrm{exact}$", "limit 2"]
    assert (ax.get_xlabel(), ax.get_xscale()) == ("number of spins $N$", "log")
    assert ax.get_ylabel() == "ratio of rates, $L = J_z$"


def test_a_parameter_with_a_unit_and_a_mean_field_that_ends(ax):
    values = [f"{k} Hz" for k in (20, 25, 28, 35)]
    curve = parameter_curve(lambda k: BoseJosephson(100, k, "0.6 Hz"), values, axis="tunnelling")
    plot_curve(curve, ax)
    np.testing.assert_allclose(labelled(ax, "_eta_mf").get_xdata(), [20.0, 25.0, 28.0, 35.0])
    assert ax.get_xlabel() == "tunnelling K/h [Hz]"
    assert ax.get_xscale() == "linear"
    assert np.isnan(curve.eta_mf.values[-1])
    assert legend(ax) == [r"$\eta_\mathrm{MF}$", r"$\eta_\mathrm{exact}$", "limit 2"]  # largest at the last it has


def test_an_even_jump_operator_has_another_line(ax):
    plot_curve(parameter_curve(lambda g: LMG(50, g), [0.4, 0.6, 0.9], axis="field", jump="Jx"), ax)
    assert list(labelled(ax, "_limit").get_ydata()) == [1, 1]
    assert legend(ax) == [r"$\eta_\mathrm{exact}$", "1: neither is spared"]


def test_a_model_of_ones_own_parameter_and_new_axes():
    before = dict(matplotlib.rcParams)
    axes = plot_curve(parameter_curve(lambda c: Rabi(coupling=2.0 * c), [0.5, 1.0, 1.5], axis="half", jump="x"))
    assert dict(matplotlib.rcParams) == before
    assert axes.get_xlabel() == "half"
    assert axes.get_ylabel() == r"ratio of rates, $L = a+a^\dagger$"
    from matplotlib import pyplot

    pyplot.close(axes.figure)


def test_refusals(ax):
    curve = size_curve(lambda n: LMG(n, 0.5), [10, 20])
    with pytest.raises(InputError, match="curve must have one axis of two or more points, and a ratio; got sizes"):
        plot_curve(curve.isel(spins=[0]), ax)
    with pytest.raises(InputError, match="no ratio"):
        plot_curve(curve.drop_vars(["eta_mf", "eta_exact"]), ax)
