"""The picture of both coherences under local and collective noise: what is drawn are the numbers of the answers."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from einselect import LMG, InputError, JumpOperator, Jz
from einselect.dynamics import FullLindbladian
from einselect.local import LocalJump, LocalLindbladian, local_rates
from einselect.plots import plot_local_noise

TIMES = [0.0, 1.0, 10.0, 60.0]


@pytest.fixture(scope="module")
def answers():
    model = LMG(12, 0.8)
    local = LocalLindbladian(model, local=[LocalJump("dephasing", 0.01)])
    collective = FullLindbladian(model, [JumpOperator(Jz, 0.01)])
    return {
        name: tuple(each.evolve(start, TIMES) for start in ("eigen-superposition", "ground"))
        for name, each in (("local", local), ("collective", collective))
    }


@pytest.fixture
def ax():
    return Figure().subplots()


def line(ax, label):
    (found,) = [line for line in ax.lines if line.get_label() == label]
    return found


def test_the_curves_are_the_answers(answers, ax):
    plot_local_noise(answers, ax)
    for name, (eigen, pointer) in answers.items():
        solid, dashed = line(ax, f"_{name} 01"), line(ax, f"_{name} PR")
        assert solid.get_xdata().tolist() == TIMES[1:]  # zero has no place on a logarithmic axis
        np.testing.assert_array_equal(solid.get_ydata(), np.abs(eigen.rho_01.values[1:]))
        np.testing.assert_array_equal(dashed.get_ydata(), np.abs(pointer.rho_pr.values.real[1:]))
        assert solid.get_color() == dashed.get_color()
        assert solid.get_linestyle() == "-" != dashed.get_linestyle()
    np.testing.assert_array_equal(line(ax, "_local outside").get_ydata(), answers["local"][0].outside.values[1:])
    assert not [each for each in ax.lines if each.get_label() == "_collective outside"]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["local", "collective", r"$|\rho_{01}|$", r"$|$Re $\rho_\mathrm{PR}|$", "outside $j = N/2$"]
    assert (ax.get_xscale(), ax.get_xlabel()) == ("log", r"time [$\hbar/J$]")


def test_naive_exponentials(answers, ax):
    rates = local_rates(LMG(12, 0.8), 0.01)
    plot_local_noise({"local": answers["local"]}, ax, {"local": (rates.rate_eigenstate, rates.rate_pointer)})
    drawn = [each.get_ydata() for each in ax.lines if each.get_alpha() == 0.5]
    expected = [0.5 * np.exp(-rate * np.array(TIMES[1:])) for rate in (rates.rate_eigenstate, rates.rate_pointer)]
    np.testing.assert_allclose(drawn, expected, rtol=1e-14)


def test_new_axes_leave_the_settings_alone(answers):
    before = dict(matplotlib.rcParams)
    axes = plot_local_noise({"collective": answers["collective"]})
    assert dict(matplotlib.rcParams) == before
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["collective", r"$|\rho_{01}|$", r"$|$Re $\rho_\mathrm{PR}|$"]
    from matplotlib import pyplot

    pyplot.close(axes.figure)


def test_refusals(answers, ax):
    with pytest.raises(InputError, match="answers must be of one to four kinds of noise; got 0"):
        plot_local_noise({}, ax)
    early = {"local": tuple(each.isel(time=[0, 1]) for each in answers["local"])}
    with pytest.raises(InputError, match="answers must have two or more times above zero"):
        plot_local_noise(early, ax)
