"""The page Dynamics against direct calls of the library, closed forms, and its bounds."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
import scipy.linalg

from einselect import LMG, InputError, JumpOperator, dephasing_rates
from einselect.dynamics import bloch_vector, evolve
from einselect.errors import TruncationError
from einselect.explorer import bounds
from einselect.explorer.compute.dynamics import TOLERANCE, _next, dynamics, most_of
from einselect.explorer.compute.sphere import face_steps
from einselect.explorer.jobs import Job, Stopped
from einselect.explorer.state import State
from einselect.protocols import husimi
from einselect.protocols.metrology_course import evolved_states
from einselect.spin import operator


@pytest.fixture(scope="module")
def course():
    return dynamics(State().system(), state="ground")


def test_curves_are_those_of_the_library(course) -> None:
    """The benchmark against `evolve` at 1e-10, on more levels."""
    model = LMG(370, 0.95, "74346 rad/s")
    rates = dephasing_rates(model, "0.05 1/s")
    assert course.times[-1] == pytest.approx(2.0 * rates.t2_eigenstate, rel=1e-14)
    fine = evolve(model, [JumpOperator("Jz", 0.05)], "ground", course.times, levels=20, tolerance=1e-9)
    for name in ("rho_01", "rho_pr", "leakage", "doublet_population"):
        np.testing.assert_allclose(course.data[name].values, fine[name].values, atol=course.error + 1e-9, rtol=0.0)
    assert 0.0 < course.error <= TOLERANCE
    assert course.naive == {
        "eigenstate": rates.rate_eigenstate,
        "pointer": rates.rate_pointer,
        "mean field": rates.rate_mean_field,
    }


def test_bloch_vector_is_that_of_the_density_matrix() -> None:
    """(2 Re ρ_01, -2 Im ρ_01, ρ_00 - ρ_11) against `bloch_vector` (Re ρ_PR, Im ρ_PR, ρ_PP - ρ_RR) of the doublet."""
    course = dynamics(State().system())
    assert abs(course.data.rho_01.values[15].imag) > 0.1
    for index in (0, 15, 200):
        rho_01 = course.data.rho_01.values[index]
        even, odd = course.data.populations.values[index, :2]
        x, y, z = bloch_vector([[even, rho_01], [np.conj(rho_01), odd]])
        np.testing.assert_allclose(course.bloch[index], [z, 2.0 * y, 2.0 * x], atol=1e-15)
    np.testing.assert_allclose(course.bloch[0], [1.0, 0.0, 0.0], atol=1e-12)


def test_closed_form_agrees_where_leakage_is_slow() -> None:
    """The doublet by itself against all levels at early times, where what leaks is below 1 %."""
    course = dynamics(State().system(), state="eigen-superposition", t_end="0.02T2", points=21)
    assert float(course.data.leakage.values.max()) < 0.01
    np.testing.assert_allclose(course.closed_form, course.bloch, atol=0.02)
    assert abs(course.closed_form[-1] - course.bloch[-1]).max() > 1e-6  # not the same curve twice


def test_all_levels_agree_with_few() -> None:
    system = State().with_entry("spins", "40").system()
    few = dynamics(system, t_end="0.2T2", points=5)
    full = dynamics(system, t_end="0.2T2", points=5, every_level=True)
    assert full.data.attrs["levels"] == 41
    np.testing.assert_allclose(few.data.rho_01.values, full.data.rho_01.values, atol=few.error + 1e-7)
    with pytest.raises(InputError, match=r"spins must be at most 200, the bound of a run on all levels; got 370"):
        dynamics(State().system(), every_level=True)


@pytest.mark.parametrize("name", ["anisotropic", "bose-josephson", "dicke", "rabi"])
def test_every_model_can_be_followed(name) -> None:
    course = dynamics(State.example(name).system(), t_end="0.5T2", points=9)
    assert abs(course.data.rho_01.values[0]) == pytest.approx(0.5, abs=1e-12)
    # By then γ G01 alone takes it to ½ exp(-½); what the coupling to ρ_10 leaves is above that, but below ½.
    assert 0.29 < abs(course.data.rho_01.values[-1]) < 0.495
    assert course.error <= TOLERANCE


def test_other_jump_operators() -> None:
    """Jx keeps parity: its coefficients are those of Eq. 12 and there is no closed form of the dephased doublet."""
    course = dynamics(State().with_entry("jump", "Jx").system(), t_end="0.1T2", points=5)
    assert course.naive["eigenstate"] == dephasing_rates(course.model, "0.05 1/s", jump="Jx").rate_eigenstate
    assert course.closed_form is None
    assert "mean field" not in course.naive


def test_husimi_function_of_both_faces_is_that_of_the_library() -> None:
    """Point by point where the library takes angles, at a time when the state is no longer symmetric."""
    course = dynamics(State().system(), points=5)
    model, index = course.model, 1
    levels = model.levels(20)
    state = evolved_states(model, levels, 0.05, "pointer", [course.times[index]])[0]
    state = state / np.trace(state).real
    for axis, q, side in zip(course.axes, course.husimi(index), (1.0, -1.0), strict=True):
        assert q.shape == (len(axis), len(axis))
        for row in range(0, len(axis), 6):
            z, on = axis[row], axis**2 + axis[row] ** 2 <= 1.0 + 1e-12
            np.testing.assert_array_equal(np.isfinite(q[row]), on)
            y = axis[on]
            phi = np.arctan2(y, side * np.sqrt(np.maximum(1.0 - y**2 - z**2, 0.0)))
            np.testing.assert_allclose(q[row, on], husimi(levels, state, [math.acos(z)], phi).values[0], atol=2e-6)
    assert len(course.axes[0]) == face_steps(370) + 1
    front = course.husimi(index)[0]
    assert np.nanmax(abs(front - front[::-1, ::-1])) > 0.1  # Π turns by π about x: what is lopsided can be told


def test_husimi_function_at_the_start(course) -> None:
    """Symmetric under parity, its peaks where |P> and |R> are; both faces together hold the whole state."""
    front, back = course.husimi(0)
    for q in (front, back):
        np.testing.assert_allclose(q, q[::-1, ::-1], atol=1e-9)  # Π turns by π about x
    assert 0.3 < course.husimi_top < 1.0
    height = course.axes[0][np.unravel_index(np.nanargmax(front), front.shape)[0]]
    # Its peak is where |P> and |R> are, at J01, and not at the order parameter 0.312, by fluctuations of the wells.
    assert abs(height) == pytest.approx(course.model.doublet().j01 / 185.0, abs=0.03)
    assert np.nanmax(course.husimi(200)[0]) < course.husimi_top
    # (N + 1)/(4π) ∫ Q dy dz/|x| = 1: the limb, where 1/|x| grows, hardly counts for this state.
    y, z = np.meshgrid(course.axes[0], course.axes[0])
    depth = np.sqrt(np.maximum(1.0 - y**2 - z**2, 0.0))
    weight = np.divide(1.0, depth, out=np.zeros_like(depth), where=depth > 0.05)
    cell = (course.axes[0][1] - course.axes[0][0]) ** 2
    assert 371 / (4.0 * math.pi) * np.nansum(front * weight) * cell == pytest.approx(1.0, abs=2e-3)
    assert np.nanmax(back) < 1e-6


def test_what_the_sphere_refuses() -> None:
    large = dynamics(State().with_entry("spins", "100000").system(), points=3)
    assert not large.on_sphere
    with pytest.raises(InputError, match="spins must be at most 2000, the bound of the Husimi function; got 100000"):
        large.husimi(0)
    other = dynamics(State.example("rabi").system(), t_end="0.1T2", points=3)
    assert not other.on_sphere
    with pytest.raises(InputError, match="model must be a collective spin"):
        other.husimi(0)


def trial(levels: int, bound: float) -> TruncationError:
    return TruncationError(bound, levels, TOLERANCE, "")


def test_levels_are_raised_as_the_bound_falls() -> None:
    """Half as many more at most; what is not within reach is not tried; above four fifths of the most, the most."""
    first, second = trial(8, 100.0), trial(12, 10.0)
    assert _next(first, second, 52, whole=False) == 18  # 12 + 1 + ln(1e5)/0.576 = 33 were predicted
    assert _next(trial(18, 1e-2), trial(27, 1e-3), 52, whole=False) == 37  # 27 + 1 + 9
    assert _next(trial(27, 1e-1), trial(37, 1e-3), 52, whole=False) == 52  # 43 predicted
    assert _next(trial(12, 1.0), trial(18, 0.8), 52, whole=False) is None
    assert _next(trial(27, 1e-1), trial(40, 3e-3), 52, whole=False) == 52  # 54 predicted: near enough to try
    assert _next(trial(27, 1e-1), trial(40, 4e-2), 52, whole=False) is None
    assert _next(trial(12, 1.0), trial(18, 1.1), 52, whole=False) is None
    assert _next(trial(12, 1.0), trial(18, 1.1), 21, whole=True) == 21
    assert _next(trial(40, 1.0), trial(52, 2e-4), 52, whole=False) is None


@pytest.mark.parametrize(
    ("name", "changes", "most"),
    [
        ("lmg", {}, bounds.LEVELS),
        ("lmg", {"jump": "J-"}, math.isqrt(bounds.BLOCK)),  # no parity: one block
        ("lmg", {"spins": "14", "jump": "J-"}, 15),
        ("ring", {}, 40),
    ],
)
def test_the_largest_block_says_how_many_levels(name, changes, most) -> None:
    state = State.example(name)
    for entry, text in changes.items():
        state = state.with_entry(entry, text)
    system = state.system()
    jump = system.jump or system.entry.jumps[0]
    taken = system.model.operator(jump) if hasattr(system.model, "operator") else jump
    assert most_of(system.model, system.model.levels(8), JumpOperator(taken, 1.0)) == most


def test_a_small_space_is_taken_whole() -> None:
    """15 levels are all there are: no bound says that they are too few."""
    system = State().with_entry("spins", "14").with_entry("jump", "J-").system()
    course = dynamics(system, points=5)
    assert (course.data.attrs["levels"], course.error) == (15, 0.0)
    h, lower = (op.matrix(14) for op in (system.model.hamiltonian(), operator("J-")))
    one, kept = np.eye(15), lower.T @ lower  # all real; ρ by rows
    generator = -1j * (np.kron(h, one) - np.kron(one, h)) + system.rate * (
        np.kron(lower, lower) - 0.5 * np.kron(kept, one) - 0.5 * np.kron(one, kept)
    )
    e0, e1 = (system.model.doublet().state(name, whole=True).amplitudes for name in ("E0", "E1"))
    start = 0.5 * np.outer(e0 + e1, e0 + e1)
    for time_, wanted in zip(course.times[[1, 4]], course.data.rho_01.values[[1, 4]], strict=True):
        rho = (scipy.linalg.expm(generator * time_) @ start.ravel()).reshape(15, 15)
        assert e0 @ rho @ e1 == pytest.approx(wanted, abs=1e-7)


@pytest.mark.slow
def test_what_needs_more_than_40_levels_is_followed() -> None:
    """Jy moves the wells: the benchmark under it to 2 T2."""
    course = dynamics(State().with_entry("jump", "Jy").system(), points=65)
    assert 40 < course.data.attrs["levels"] <= bounds.LEVELS
    assert course.error <= TOLERANCE


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({"gamma": ""}, {}, "gamma must be given, above zero"),
        ({"gamma": "0 1/s"}, {}, "gamma must be given, above zero"),
        ({}, {"t_end": "-1 s"}, "t-end must be a finite number > 0"),
        ({}, {"t_end": "soon"}, "t-end must be"),
        ({}, {"t_end": "3 kg"}, "t-end must be"),
        ({}, {"t_end": "20000T2"}, "t-end must be shorter"),
        ({"jump": "J-"}, {}, "levels, and this page allows 40 at most here; got 0.788"),
        ({}, {"state": "excited"}, "state must be one of"),
        ({}, {"points": bounds.TIMES + 1}, "points must be a whole number from 2 to 2001"),
    ],
)
def test_refusals(changes, options, message) -> None:
    state = State()
    for name, text in changes.items():
        state = state.with_entry(name, text)
    with pytest.raises(InputError, match=message):
        dynamics(state.system(), **options)


def test_spin_coherent_states_are_asked_of_models_that_have_them() -> None:
    with pytest.raises(InputError, match="state must be one of eigen-superposition, ground for the model rabi"):
        dynamics(State.example("rabi").system(), state="spin-coherent")


def test_stopping_keeps_the_times_that_are_done() -> None:
    """On all levels each time is a piece of work: stopped after the third, three or four are there."""
    shares = []
    job = Job(lambda share: (shares.append(share), job.stop() if len(shares) == 3 else None))
    system = State().with_entry("spins", "30").system()
    partial = dynamics(system, every_level=True, t_end="0.02T2", points=11, job=job)
    assert 2 <= partial.data.sizes["time"] < 11
    whole = dynamics(system, every_level=True, t_end="0.02T2", points=11)
    kept = partial.data.sizes["time"]
    np.testing.assert_allclose(partial.data.rho_01.values, whole.data.rho_01.values[:kept], atol=1e-6)
    stopped = Job()
    stopped.stop()
    with pytest.raises(Stopped):
        dynamics(system, job=stopped)


def test_a_deadline_ends_the_work() -> None:
    late = Job(seconds=0.0)
    time.sleep(0.01)
    with pytest.raises(Stopped, match="a computation must end within 0 seconds"):
        dynamics(State().system(), job=late)
