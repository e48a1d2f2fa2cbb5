"""Sensing in time: closed forms, QuTiP, the whole space; the best time; what estimates with a wrong rate miss."""

from __future__ import annotations

import numpy as np
import pytest
import xarray
from scipy.linalg import expm
from scipy.optimize import brentq

from einselect import LMG, InputError, JumpOperator, Jx, Jz, ResolutionError, UnitError, dephasing_rates
from einselect.dynamics import FullLindbladian
from einselect.plots import plot_field_information, plot_husimi, plot_metrology, plot_spin_squeezing
from einselect.protocols import best_interrogation, effective_rate, husimi, metrology
from einselect.protocols.metrology_course import evolved_states


def brute_fisher(rho: np.ndarray, derivative: np.ndarray) -> float:
    """2 Σ |∂ρ_ij|²/(λ_i + λ_j), by two loops."""
    values, vectors = np.linalg.eigh(rho)
    moved = vectors.conj().T @ derivative @ vectors
    total = 0.0
    for i in range(len(values)):
        for j in range(len(values)):
            if values[i] + values[j] > 1e-12:
                total += 2.0 * abs(moved[i, j]) ** 2 / (values[i] + values[j])
    return total


@pytest.fixture(scope="module")
def benchmark() -> tuple[LMG, float]:
    model = LMG(370, 0.95, "74346 rad/s")
    t2 = dephasing_rates(model, "0.05 1/s").t2_eigenstate
    assert t2 is not None
    return model, t2


def test_against_qutip() -> None:
    """N = 12 in the whole space: ρ(t) and its difference quotient in h by mesolve at tolerance 1e-10."""
    qutip = pytest.importorskip("qutip")
    spins, rate, h = 12, 0.004, 2e-4
    model = LMG(spins, 0.7)
    times = np.linspace(0.0, 30.0, 4)
    course = metrology(model, rate, "ground", times, levels=13)
    jz = qutip.Qobj(Jz.matrix(spins))
    ground = qutip.Qobj(model.levels(13).dicke_vectors()[0].reshape(-1, 1))
    options = {"atol": 1e-12, "rtol": 1e-11, "nsteps": 100000}

    def run(field: float) -> list[np.ndarray]:
        hamiltonian = qutip.Qobj(model.hamiltonian().matrix(spins)) + field * jz
        solved = qutip.mesolve(hamiltonian, ground, times, [np.sqrt(rate) * jz], options=options)
        return [(s if s.isoper else s.proj()).full() for s in solved.states]

    plus, minus, twice_plus, twice_minus, plain = run(h), run(-h), run(2 * h), run(-2 * h), run(0.0)
    for i in range(1, len(times)):
        slope = (8 * (plus[i] - minus[i]) - (twice_plus[i] - twice_minus[i])) / (12 * h)
        assert float(course.qfi_field[i]) == pytest.approx(brute_fisher(plain[i], slope), rel=1e-5)
        turn = -1j * (jz.full() @ plain[i] - plain[i] @ jz.full())
        assert float(course.qfi_rotation[i]) == pytest.approx(brute_fisher(plain[i], turn), rel=1e-6)
        p, change = plain[i].diagonal().real, slope.diagonal().real
        assert float(course.cfi_field[i]) == pytest.approx(np.sum(change**2 / p), rel=1e-4)
        sides = np.array([[x[:6].sum(), x[6], x[7:].sum()] for x in (p, change)])
        assert float(course.cfi_sign[i]) == pytest.approx(np.sum(sides[1] ** 2 / sides[0]), rel=1e-5)
        mean = [qutip.expect(qutip.Qobj(op.matrix(spins)), qutip.Qobj(plain[i])) for op in (Jx, Jz)]
        np.testing.assert_allclose(course.mean_spin.values[i, [0, 2]], mean, atol=1e-7)
    assert course.attrs["convergence_error"] == 0.0
    assert course.attrs["trace_error"] == 0.0


def test_rotation_against_the_whole_sector() -> None:
    """qfi_rotation on the levels that were chosen against that of the untruncated ρ, N = 60: the error promised."""
    model, rate, end = LMG(60, 0.9), 3e-4, 40.0
    course = metrology(model, rate, "ground", np.linspace(0.0, end, 9))
    run = FullLindbladian(model, [JumpOperator("Jz", rate)]).evolution("ground", [end], tolerance=1e-9)
    for _ in run:
        pass
    rho, jz = run.density_matrix(), Jz.matrix(60)
    expected = brute_fisher(rho, -1j * (jz @ rho - rho @ jz))
    allowed = course.attrs["convergence_error"] * float(course.qfi_rotation.max())
    assert 0.0 < course.attrs["convergence_error"] < 1e-5
    # the smallest eigenvalues left out by the loops carry 1e-12 N² more
    assert abs(float(course.qfi_rotation[-1]) - expected) < allowed + 1e-7 * expected


def test_without_dephasing_tunnelling_bounds_the_information() -> None:
    """Two levels: static field on |E0> (4J01/ΔE)² sin²(ΔEt/2); resonant (J01 t)² up to the counter-rotating part."""
    model = LMG(100, 0.9)
    levels = model.levels(2)
    gap, j01 = levels.excitations[1], levels.matrix("Jz")[0, 1]
    times = np.linspace(0.0, 40.0 / gap, 81)
    static = metrology(model, 0.0, "ground", times, levels=2)
    expected = (4.0 * j01 / gap) ** 2 * np.sin(0.5 * gap * times) ** 2
    np.testing.assert_allclose(static.qfi_field.values, expected, atol=1e-9 * expected.max())
    np.testing.assert_allclose(static.qfi_field_ideal.values, expected, atol=1e-9 * expected.max())
    best = best_interrogation(static)
    # F/t is largest at ΔEt/2 = x with tan x = 2x
    x = brentq(lambda x: np.tan(x) - 2.0 * x, 0.5, 1.5)
    assert best.time == pytest.approx(2.0 * x / gap, abs=2.0 * best.time_error)
    assert best.time_error < 1e-2 * best.time
    resonant = metrology(model, 0.0, "ground", times, levels=2, frequency="resonant")
    np.testing.assert_allclose(resonant.qfi_field.values[-1], (j01 * times[-1]) ** 2, rtol=4.0 / 40.0)
    # |P> lies along the torque of the drive at φ = 0, and across it at φ = π/2
    along, across = (
        metrology(model, 0.0, "pointer", times, levels=2, frequency="resonant", phase=angle) for angle in (0, np.pi / 2)
    )
    assert float(along.qfi_field[-1]) < 0.05 * float(across.qfi_field[-1])
    np.testing.assert_allclose(across.qfi_field.values[-1], (j01 * times[-1]) ** 2, rtol=4.0 / 40.0)


def test_two_level_decay_of_the_cat() -> None:
    """|E0> on two levels: r_z = e^(-2γJ01²t), so that F = 4<Jz²> - 4J01²(1 - r_z²)."""
    model = LMG(100, 0.8)
    d = model.doublet()
    rate = 1e-6
    times = np.linspace(0.0, 1.0 / (rate * d.j01**2), 11)
    course = metrology(model, rate, "ground", times, levels=2)
    r = np.exp(-2.0 * rate * d.j01**2 * times)
    expected = 4.0 * (d.g01 + 0.5 * r * (d.q0 - d.q1)) - 4.0 * d.j01**2 * (1.0 - r**2)
    np.testing.assert_allclose(course.qfi_rotation.values, expected, rtol=1e-9)


def test_a_field_across_needs_the_rate_of_the_eigenstates() -> None:
    """(|E0> + |E1>)/√2 and G = Jx: ρ_01 holds the signal. γ G01 finds the best time; the others miss it and lose."""
    model = LMG(100, 0.95)
    rate = 0.02 * model.doublet().splitting / model.doublet().g01
    rates = dephasing_rates(model, rate)
    times = np.linspace(0.0, 2.0 * rates.t2_eigenstate, 81)
    course = metrology(model, rate, "pointer", times, signal="Jx")
    best = best_interrogation(course, dead_time=0.5 * rates.t2_eigenstate)
    assert best.nearest == "eigenstate"
    assert not best.at_edge
    eigen, pointer, mean_field = best.estimates
    assert (eigen.name, pointer.name, mean_field.name) == ("eigenstate", "pointer", "mean field")
    assert eigen.rate == pytest.approx(rates.rate_eigenstate, rel=1e-12)
    assert pointer.rate == pytest.approx(rates.rate_pointer, rel=1e-12)
    assert mean_field.rate == pytest.approx(rates.rate_mean_field, rel=1e-12)
    assert abs(eigen.time_ratio - 1.0) < abs(pointer.time_ratio - 1.0) < abs(mean_field.time_ratio - 1.0)
    assert 1.0 <= eigen.loss < 1.02 < pointer.loss < mean_field.loss
    assert pointer.promised > 1.3


def synthetic(rate: float, rates: tuple[float, float, float], times: np.ndarray, ideal: np.ndarray) -> xarray.Dataset:
    """A time course whose information decays at a known rate."""
    names = ("rate_eigenstate", "rate_pointer", "rate_mean_field")
    found = ("time", ideal * np.exp(-2.0 * rate * times))
    return xarray.Dataset(
        {
            **dict.fromkeys(("qfi_field", "cfi_field", "qfi_rotation"), found),
            **dict.fromkeys(("qfi_field_ideal", "qfi_rotation_ideal"), ("time", ideal)),
        },
        coords={"time": times},
        attrs={**dict(zip(names, rates, strict=True)), "qfi_rotation_mixture": 0.0},
    )


def test_closed_forms_of_the_best_time() -> None:
    """F = t² e^(-2Γt): repeated runs 1/(2Γ), with dead time t_d = 1/Γ at √2/(2Γ)·..., single runs 1/Γ; losses too."""
    times = np.linspace(0.0, 6.0, 241)
    course = synthetic(1.0, (1.0, 1.9, np.nan), times, times**2)
    repeated = best_interrogation(course)
    assert repeated.time == pytest.approx(0.5, rel=1e-5)
    assert repeated.time_error < 1e-3
    assert repeated.fisher == pytest.approx(0.25 / np.e, rel=1e-5)
    assert repeated.sensitivity == pytest.approx((0.5 / np.e) ** -0.5, rel=1e-5)
    assert repeated.effective_rate == pytest.approx(1.0, rel=1e-4)
    assert repeated.nearest == "eigenstate"
    # the mean-field rate is nan: there are two estimates
    eigen, pointer = repeated.estimates
    assert (eigen.time_ratio, eigen.promised, eigen.loss) == pytest.approx((1.0, 1.0, 1.0), rel=1e-4)
    assert pointer.time_ratio == pytest.approx(1.0 / 1.9, rel=1e-4)
    assert pointer.promised == pytest.approx(np.sqrt(1.9), rel=1e-4)
    t = 0.5 / 1.9
    assert pointer.loss == pytest.approx(np.sqrt(0.5 / np.e / (t * np.exp(-2.0 * t))), rel=1e-4)
    assert best_interrogation(course, "single").time == pytest.approx(1.0, rel=1e-4)
    # d/dt [ln t² - 2t - ln(t + 1)] = 0: 2(t + 1)(1 - t) = t
    dead = best_interrogation(course, dead_time=1.0)
    assert dead.time == pytest.approx((-1.0 + np.sqrt(17.0)) / 4.0, rel=1e-4)
    assert best_interrogation(course, "impulsive").quantity == "qfi_rotation"
    early = best_interrogation(course.isel(time=slice(0, 15)))
    assert early.at_edge
    assert early.time == times[14]


def test_a_pulse_after_waiting() -> None:
    """Two levels from |P>: F - F_m = 4J01² r_y², largest near a quarter of a turn of the doublet.

    With Γ = γJ01² ≪ ΔE r_y = e^(-Γt) sin ΔEt up to (Γ/ΔE)²: the best time is that of γJ01², the rate of ρ_01 here.
    """
    model = LMG(100, 0.9)
    levels = model.levels(2)
    gap, j01 = levels.excitations[1], levels.matrix("Jz")[0, 1]
    gamma = 0.05 * gap / j01**2
    course = metrology(model, gamma, "pointer", np.linspace(0.0, 3.0 / gap, 121), levels=2)
    best = best_interrogation(course, "impulsive")
    mixture = course.attrs["qfi_rotation_mixture"]
    assert mixture == pytest.approx(4.0 * model.doublet().leakage, rel=1e-6)
    # d/dt e^(-2Γt) sin² ΔEt = 0 at tan ΔEt = ΔE/Γ; corrections are of the order (Γ/ΔE)² = 0.0025
    assert best.time * gap == pytest.approx(np.arctan(1.0 / 0.05), abs=0.01)
    assert best.effective_rate == pytest.approx(gamma * j01**2, rel=0.05)
    shown = effective_rate(course, "qfi_rotation")
    assert np.isnan(shown[0])
    assert float(shown.sel(time=best.time, method="nearest")) == pytest.approx(best.effective_rate, rel=0.01)
    eigen, pointer, mean_field = best.estimates
    assert eigen.loss <= pointer.loss <= mean_field.loss
    for estimate in best.estimates:
        t = np.arctan(gap / estimate.rate) / gap
        assert estimate.time == pytest.approx(t, rel=0.01)
        promised = mixture + 4.0 * j01**2 * np.exp(-2.0 * estimate.rate * t) * np.sin(gap * t) ** 2
        assert estimate.sensitivity == pytest.approx(promised**-0.5, rel=1e-3)


def test_the_best_pulse_on_a_cat_comes_at_once(benchmark: tuple[LMG, float]) -> None:
    model, t2 = benchmark
    course = metrology(model, "0.05 1/s", "ground", np.linspace(0.0, t2, 21))
    best = best_interrogation(course, "impulsive")
    assert (best.time, best.at_edge, best.effective_rate) == (0.0, False, None)
    assert [(e.time, e.time_ratio, e.loss) for e in best.estimates] == 3 * [(0.0, 1.0, 1.0)]
    # what it loses by waiting it loses at the rate of the pointer coherence, not at that of ρ_01
    rates = dephasing_rates(model, "0.05 1/s")
    shown = effective_rate(course, "qfi_rotation").values[1:5]
    assert np.all(np.abs(shown / rates.rate_pointer - 1.0) < 0.12)


def test_no_signal_no_best_time() -> None:
    times = np.linspace(0.0, 1.0, 20)
    with pytest.raises(ResolutionError, match="the state does not respond to this signal"):
        best_interrogation(synthetic(1.0, (1.0, 1.0, 1.0), times, 0.0 * times))
    with pytest.raises(InputError, match="times must be 8 or more to find the best of them; got 5"):
        best_interrogation(synthetic(1.0, (1.0, 1.0, 1.0), times[:5], times[:5]))
    with pytest.raises(InputError, match="times must all differ to find the best of them; got one twice"):
        best_interrogation(synthetic(1.0, (1.0, 1.0, 1.0), np.sort(np.r_[times, 0.0]), np.r_[0.0, times]))
    course = synthetic(1.0, (1.0, 1.0, 1.0), times, times)
    with pytest.raises(InputError, match="scheme must be one of repeated, single, impulsive"):
        best_interrogation(course, "often")
    with pytest.raises(InputError, match="quantity must be one of qfi_field, cfi_field, cfi_sign"):
        best_interrogation(course, quantity="qfi")


def test_the_benchmark(benchmark: tuple[LMG, float]) -> None:
    """What the whole thing says at N = 370: bounds, the two ends of F, and who misses the best time by how much."""
    model, t2 = benchmark
    times = np.linspace(0.0, 2.0 * t2, 101)
    cat = metrology(model, "0.05 1/s", "ground", times, frequency="resonant")
    d = model.doublet()
    assert float(cat.qfi_rotation[0]) == pytest.approx(4.0 * d.q0, rel=1e-9)
    pointer = metrology(model, "0.05 1/s", "pointer", times)
    assert float(pointer.qfi_rotation[0]) == pytest.approx(4.0 * d.leakage, rel=1e-6)
    for course in (cat, pointer):
        slack = 1e-9 * float(course.qfi_field.max())
        assert np.all(course.cfi_field <= course.qfi_field + slack)
        assert np.all(course.cfi_sign <= course.cfi_field + slack)
        assert np.all(course.qfi_rotation <= 370.0**2)
        assert course.attrs["convergence_error"] < 1e-5
    # After a whole period of tunnelling the signal on |P> is undone, unless dephasing has broken it up.
    full = int(np.argmin(np.abs(times - 2.0 * np.pi / d.splitting)))
    assert float(pointer.qfi_field[full]) > 2.0 * float(pointer.qfi_field_ideal[full])
    # The cat loses what the inversion ρ_00 - ρ_11 = 2 Re ρ_PR holds: the rate is that of the pointer coherence.
    best = best_interrogation(cat)
    assert best.nearest == "pointer"
    # Once the doublet has turned, the signal fades at the mean of 2γJ01² (the inversion that makes it) and γ G01 (ρ_01
    # that holds it); leakage and what is left of the beat are a few per cent.
    rates = dephasing_rates(model, "0.05 1/s")
    assert rates.rate_degenerate is not None
    assert rates.rate_eigenstate is not None
    mean = 0.5 * (rates.rate_degenerate + rates.rate_eigenstate)
    assert best_interrogation(cat, "single").effective_rate == pytest.approx(mean, rel=0.03)
    # γ G01 would have one wait for the next beat, four times too long
    assert best.estimates[0].time_ratio > 3.0
    assert best.estimates[0].loss > 1.1
    assert best.estimates[1].loss < 1.01


@pytest.mark.parametrize("state", ["spin-coherent", "spin-squeezed"])
def test_states_beyond_the_levels(state: str) -> None:
    model = LMG(60, 0.7)
    times = np.linspace(0.0, 5.0, 9)
    course = metrology(model, 1e-3, state, times, tolerance=1e-4)
    assert 0.0 < course.attrs["outside"] < 1e-5
    more = metrology(model, 1e-3, state, times, levels=28, shearing=0.5)
    assert course.attrs["levels"] < 28
    for name in ("qfi_rotation", "qfi_field", "kitagawa_ueda", "wineland"):
        size = float(np.abs(more[name]).max())
        np.testing.assert_allclose(course[name], more[name], atol=1e-4 * size)
    if state == "spin-coherent":
        expected = 60 * (1.0 - model.order_parameter**2)  # N sin² θ
        assert float(course.qfi_rotation[0]) == pytest.approx(expected, rel=1e-6)
        assert float(course.kitagawa_ueda[0]) == pytest.approx(1.0, rel=1e-6)
    else:
        assert float(course.kitagawa_ueda[0]) == pytest.approx(0.61, abs=0.05)
        assert float(course.wineland[0]) < 0.7


def test_large_spins() -> None:
    """N = 2000 on few levels."""
    model = LMG(2000, 0.95)
    rates = dephasing_rates(model, 1e-9)
    course = metrology(model, 1e-9, "ground", np.linspace(0.0, rates.t2_eigenstate, 21))
    assert course.attrs["convergence_error"] < 1e-5
    assert float(course.qfi_rotation[0]) == pytest.approx(4.0 * model.doublet().q0, rel=1e-9)


def test_refusals(benchmark: tuple[LMG, float]) -> None:
    model = LMG(40, 0.9)
    with pytest.raises(UnitError, match="gamma must have a unit"):
        metrology(benchmark[0], 0.05, "ground", [0.0, 1e-3])
    with pytest.raises(InputError, match="frequency must be a finite number >= 0, or 'resonant'; got 'fast'"):
        metrology(model, 0.1, "ground", [0.0, 1.0], frequency="fast")
    with pytest.raises(InputError, match="levels must be 'auto' or a whole number; got 'some'"):
        metrology(model, 0.1, "ground", [0.0, 1.0], levels="some")
    with pytest.raises(ResolutionError, match="the curves still change by"):
        metrology(LMG(500, 0.9), 1e-2, "ground", [0.0, 1.0, 2.0], tolerance=1e-9)
    with pytest.raises(InputError, match="signal must be a Hermitian operator"):
        metrology(model, 0.1, "ground", [0.0, 1.0], signal="J+")


# --- pictures ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn() -> xarray.Dataset:
    return metrology(LMG(60, 0.9), 1e-4, "ground", np.linspace(0.0, 60.0, 21), levels=12)


def test_information_is_drawn(drawn: xarray.Dataset) -> None:
    best = best_interrogation(drawn)
    ax = plot_field_information(drawn, best=best)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert len(labels) == 8
    curves = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 21]
    power = float(ax.get_ylabel().split("10^{")[1].split("}")[0])
    np.testing.assert_allclose(np.asarray(curves[0]) * 10.0**power, drawn.qfi_field, rtol=1e-12)
    np.testing.assert_allclose(np.asarray(curves[1]) * 10.0**power, drawn.cfi_field, rtol=1e-12)
    estimate = drawn.qfi_field_ideal * np.exp(-2 * best.estimates[1].rate * drawn.time)
    np.testing.assert_allclose(np.asarray(curves[5]) * 10.0**power, estimate, rtol=1e-12)
    assert max(np.max(c) for c in (*curves[:3], *curves[4:])) < ax.get_ylim()[1]


def test_squeezing_is_drawn(drawn: xarray.Dataset) -> None:
    ax = plot_spin_squeezing(drawn)
    curves = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 21]
    for curve, expected in zip(curves, (drawn.qfi_rotation / 60, drawn.kitagawa_ueda, drawn.wineland), strict=True):
        np.testing.assert_allclose(curve, expected)
    assert len(plot_metrology(drawn).axes) == 2


def test_the_sphere_is_drawn_as_it_is() -> None:
    """|E0> + i|E1> has <Jy> of one sign at first order: the front hemisphere keeps +y to the right."""
    spins = 20
    levels = LMG(spins, 0.9).levels(spins + 1)
    turned = expm(1j * 0.4 * Jz.matrix(spins).T) @ levels.dicke_vectors()[0]
    state = levels.dicke_vectors() @ turned
    q = husimi(levels, state)
    brightest = q.where(q == q.max(), drop=True)
    ax = plot_husimi(q)
    best = None
    for mesh in ax.collections:
        values = np.asarray(mesh.get_array())
        if best is None or values.max() > best[0]:
            at = np.unravel_index(np.argmax(values), values.shape)
            best = values.max(), mesh.get_coordinates()[at]
    assert best is not None
    assert best[0] == pytest.approx(float(q.max()))
    theta, phi = float(brightest.theta[0]), float(brightest.phi[0])
    # the front disc is the left one
    centre = min(patch.center[0] for patch in ax.patches)
    assert best[1][0] - centre == pytest.approx(np.sin(theta) * np.sin(phi), abs=1e-12)
    assert best[1][1] == pytest.approx(np.cos(theta), abs=1e-12)


def test_evolved_states_are_density_matrices() -> None:
    model = LMG(60, 0.7)
    levels = model.levels(8)
    found = evolved_states(model, levels, 1e-3, "spin-coherent", [0.0, 3.0])
    np.testing.assert_allclose(np.einsum("tii->t", found).real, 1.0, rtol=1e-12)
    assert np.linalg.eigvalsh(found).min() > -1e-12
