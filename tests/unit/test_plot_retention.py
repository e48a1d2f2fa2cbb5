"""Pictures of static noise and atom loss: what is drawn are the numbers of the answers."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from einselect import LMG
from einselect.dynamics import loss_course, static_noise_course
from einselect.plots import plot_atom_loss, plot_static_noise


@pytest.fixture
def ax():
    return Figure().subplots()


def line(ax, label):
    (found,) = [line for line in ax.lines if line.get_label() == label]
    return found


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_static_noise(ax):
    times = np.linspace(0.0, 3000.0, 16)
    course = static_noise_course(LMG(20, 0.8), "Jx", 1e-3, times, gamma=1e-4)
    plot_static_noise(course, ax)
    for name, label in (("01", "_$|S_{01}|$"), ("pr", r"_$|S_{\mathrm{PR}}|$")):
        np.testing.assert_array_equal(line(ax, label).get_ydata(), np.abs(course[f"retention_{name}"].values))
        np.testing.assert_array_equal(line(ax, label).get_xdata(), times)
    assert line(ax, "_$|S_{01}|$").get_linestyle() != line(ax, r"_$|S_{\mathrm{PR}}|$").get_linestyle()
    white = line(ax, r"_white, $e^{-\Gamma_{01}t}$")
    np.testing.assert_array_equal(white.get_ydata(), course.white_01.values)
    assert len([each for each in ax.lines if each.get_label() == "_closed form"]) == 2
    for name in ("01", "pr"):
        ring, met = line(ax, f"_meeting {name}"), course.attrs[f"meeting_{name}"]
        assert ring.get_xdata()[0] == met
        assert ring.get_ydata()[0] == pytest.approx(np.exp(-course.attrs[f"rate_{name}"] * met), rel=1e-12)
    assert ax.get_xlabel() == r"time [$\hbar/J$]"
    assert legend(ax)[:3] == ["$|S_{01}|$", r"$|S_{\mathrm{PR}}|$", "closed form"]


def test_long_plain_times_have_a_power_of_ten(ax):
    course = static_noise_course(LMG(20, 0.8), "Jx", 1e-4, [0.0, 15000.0, 30000.0])
    plot_static_noise(course, ax)
    assert ax.get_xlabel() == r"time [$10^{4}$ $\hbar/J$]"
    np.testing.assert_allclose(line(ax, "_$|S_{01}|$").get_xdata(), [0.0, 1.5, 3.0])
    assert legend(ax) == ["$|S_{01}|$", r"$|S_{\mathrm{PR}}|$", "closed form"]
    assert not [each for each in ax.lines if "meeting" in each.get_label()]


def test_atom_loss(ax):
    course = loss_course(LMG(12, 0.8), np.linspace(0.0, 30.0, 7), 1e-2)
    plot_atom_loss(course, ax)
    np.testing.assert_array_equal(line(ax, r"_$|S_{\mathrm{PR}}|$").get_ydata(), np.abs(course.retention_pr.values))
    np.testing.assert_array_equal(line(ax, r"_$e^{-\Gamma_{01}t}$").get_ydata(), course.naive_01.values)
    np.testing.assert_array_equal(line(ax, "_no loss").get_ydata(), course.no_loss.values)
    np.testing.assert_array_equal(line(ax, "_$S_{01}$, counted").get_ydata(), course.counted_01.values)
    assert ax.get_ylim() == (0.0, 1.05)
    assert ax.get_ylabel() == "part of the coherence left"


def test_counted_is_drawn_where_it_differs_and_settings_stay():
    before = dict(matplotlib.rcParams)
    axes = plot_atom_loss(loss_course(LMG(60, 0.5), [0.0, 5.0, 10.0], 1e-3, levels=2))  # ΔE is nothing here
    assert dict(matplotlib.rcParams) == before
    assert "$S_{01}$, counted" not in legend(axes)
    from matplotlib import pyplot

    pyplot.close(axes.figure)
