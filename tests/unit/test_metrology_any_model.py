"""Sensing with systems that are no collective spin: by QuTiP and difference quotients, and by the spin's own route."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import qutip

from einselect import LMG, Dicke, InputError, Rabi, ResolutionError
from einselect.models import CustomModel, SpinBoson
from einselect.plots import plot_metrology
from einselect.protocols import best_interrogation, fisher_matrix, metrology, quantum_fisher
from einselect.protocols.outcomes import Outcomes


def fisher(rho: np.ndarray, change: np.ndarray) -> float:
    """By definition: ∂ρ = ½(Lρ + ρL) solved as a linear system, F = Tr ρL²."""
    n = len(rho)
    one = np.eye(n)
    system = 0.5 * (np.kron(rho, one) + np.kron(one, rho.T))
    found = np.linalg.lstsq(system, change.reshape(-1), rcond=1e-9)[0].reshape(n, n)
    return float(np.trace(rho @ found @ found).real)


def test_the_rabi_model_against_qutip_and_a_difference_quotient() -> None:
    coupling, photons, gamma = 1.0, 20, 4e-3
    a = qutip.tensor(qutip.destroy(photons), qutip.qeye(2))
    spin = {
        axis: qutip.tensor(qutip.qeye(photons), op)
        for axis, op in zip("xz", (qutip.sigmax(), qutip.sigmaz()), strict=True)
    }
    h = a.dag() * a + 0.5 * spin["z"] + coupling * (a + a.dag()) * spin["x"]
    _, states = h.eigenstates(eigvals=2)
    first, second = states
    if (first.dag() * spin["x"] * second).real < 0.0:
        second = -second
    psi = (first + second).unit()
    signal, times = 0.5 * spin["z"], np.array([0.0, 10.0, 30.0])
    step = 1e-4

    def run(field: float) -> list[np.ndarray]:
        options = {"atol": 1e-12, "rtol": 1e-10, "nsteps": 10**6}
        found = qutip.mesolve(h + field * signal, psi * psi.dag(), times, [math.sqrt(gamma) * a], options=options)
        return [state.full() for state in found.states]

    middle, up, down = run(0.0), run(step), run(-step)
    course = metrology(Rabi(coupling), gamma, "pointer", times, signal="Jz", jump="a")
    outcome = [(0.5 * (1.0 + s * spin["x"])).full() for s in (1.0, -1.0)]
    for i, t in enumerate(times):
        change = (up[i] - down[i]) / (2.0 * step)
        values, vectors = np.linalg.eigh(middle[i])
        kept = vectors[:, values > 1e-7]  # what is empty carries nothing, but rounding
        reduced = [kept.conj().T @ m @ kept for m in (middle[i], change)]
        expected = fisher(*reduced)
        if t:
            assert float(course.qfi_field[i]) == pytest.approx(expected, rel=2e-3)
        p = np.array([np.trace(o @ middle[i]).real for o in outcome])
        dp = np.array([np.trace(o @ change).real for o in outcome])
        for name in ("cfi_field", "cfi_sign"):  # σx has two outcomes, which its sign tells apart
            assert float(course[name][i]) == pytest.approx(float(np.sum(dp**2 / p)), rel=1e-4, abs=1e-6)
    assert float(course.qfi_field[2]) > 10.0


def as_matrices(spins: int, field: float) -> CustomModel:
    m = np.arange(spins + 1) - 0.5 * spins
    off = -0.5 * field * np.sqrt(0.25 * spins * (spins + 2) - m[:-1] * (m[:-1] + 1.0))
    h = np.diag(-(m**2) / spins) + np.diag(off, 1) + np.diag(off, -1)
    jx = np.diag(off / -field, 1) + np.diag(off / -field, -1)
    return CustomModel(h, np.eye(spins + 1)[::-1], {"Jz": np.diag(m), "Jx": jx})


@pytest.mark.parametrize("spins", [7, 8])
@pytest.mark.parametrize(("state", "signal"), [("ground", "Jz"), ("pointer", "Jx")])
def test_a_collective_spin_as_matrices_gives_the_same_course(spins: int, state: str, signal: str) -> None:
    times = np.linspace(0.0, 60.0, 13)
    own = metrology(LMG(spins, 0.7), 0.01, state, times, signal=signal, frequency=0.05)
    other = metrology(as_matrices(spins, 0.7), 0.01, state, times, signal=signal, frequency=0.05)
    for name in ("qfi_rotation", "qfi_rotation_ideal", "qfi_field", "qfi_field_ideal", "cfi_field", "cfi_sign"):
        scale = float(np.abs(own[name.replace("cfi_field", "qfi_field").replace("cfi_sign", "qfi_field")]).max())
        np.testing.assert_allclose(other[name], own[name], rtol=1e-6, atol=1e-9 * scale)
    for name in ("rate_eigenstate", "rate_pointer", "qfi_rotation_mixture"):
        assert other.attrs[name] == pytest.approx(own.attrs[name], rel=1e-9)
    assert "wineland" not in other
    assert (other.attrs["levels"], other.attrs["trace_error"]) == (spins + 1, 0.0)
    assert best_interrogation(other).time == pytest.approx(best_interrogation(own).time, rel=1e-5)


def test_the_polaron_is_a_spin() -> None:
    """Two levels: F of a rotation by σz/2 from |E0> is r² of the Bloch vector across it, which decays at 2γ/4."""
    model, gamma = SpinBoson(1.0, 0.2, cutoff=50.0, modes=0), 0.01
    times = np.linspace(0.0, 200.0, 9)
    course = metrology(model, gamma, "ground", times)
    # y and z of the Bloch vector turn into each other, and lose γ/2 of their squared length a unit of time on average.
    np.testing.assert_allclose(course.qfi_rotation, np.exp(-gamma * times), rtol=0.02)
    assert float(course.qfi_rotation[0]) == pytest.approx(1.0, rel=1e-12)
    assert best_interrogation(course, "impulsive").time == 0.0


def test_information_of_a_readout_is_no_more_than_there_is() -> None:
    for model, readout in ((Dicke(6, 0.7), "Jx"), (Dicke(6, 0.7), "x"), (Rabi(1.2), "x")):
        splitting = model.doublet().splitting
        rate = 0.02 * splitting / model.doublet().eigenstate_moment
        times = np.linspace(0.0, 3.0 / splitting, 9)
        course = metrology(model, rate, "ground", times, frequency="resonant", readout=readout, tolerance=1e-3)
        assert course.attrs["frequency"] == pytest.approx(splitting, rel=1e-9)
        small = 1e-6 * float(course.qfi_field.max())
        assert np.all(course.cfi_sign <= course.qfi_field + small)
        assert np.all(course.cfi_field <= course.qfi_field * (1.0 + 1e-3) + small)
        assert np.all(course.cfi_sign <= course.cfi_field * (1.0 + 1e-2) + small)
        assert float(course.cfi_sign.max()) > 0.9 * float(course.cfi_field.max())  # which well tells nearly all


def test_outcomes_are_probabilities() -> None:
    levels = Dicke(6, 0.7).levels(8)
    rho = np.diag(np.arange(8.0, 0.0, -1.0) / 36.0).astype(complex)
    for name, count in (("Jx", 7), ("x", None)):
        shown = Outcomes(levels, name)
        p, signs = shown.values(rho), shown.signs(rho)
        assert p.sum() == pytest.approx(1.0, abs=1e-9)
        assert signs.sum() == pytest.approx(1.0, abs=1e-9)
        assert signs[0] == pytest.approx(signs[2], abs=1e-12)  # by parity
        if count:
            assert len(p) == count
            assert signs[1] == pytest.approx(p[3], abs=1e-12)
        pointer = np.zeros((8, 8), dtype=complex)
        pointer[:2, :2] = 0.5
        assert max(shown.signs(pointer)) > 0.97


def test_fisher_information_of_named_operators() -> None:
    model = Dicke(4, 0.8)
    levels = model.levels(6)
    jx = model.levels(6).operators["Jx"]
    variance = float((levels.matrix(jx @ jx)[0, 0] - abs(levels.matrix(jx)[0, 0]) ** 2).real)
    assert quantum_fisher(levels, "ground", "Jx") == pytest.approx(4.0 * variance, rel=1e-12)
    both = fisher_matrix(levels, "ground", ("Jx", "Jz"))
    assert both[0, 0] == pytest.approx(4.0 * variance, rel=1e-12)
    assert both[1, 1] == pytest.approx(quantum_fisher(levels, "ground", "Jz"), rel=1e-12)


def test_pictures_and_the_command_line(run, document) -> None:
    from matplotlib import pyplot

    words = "metrology --model rabi --coupling 1.2 --gamma 1e-3 --jump x --signal Jz --state pointer --points 9"
    found = document(f"{words} --levels 12")
    model = Rabi(1.2)
    times = np.linspace(0.0, 2.0 / (1e-3 * model.doublet("x").eigenstate_moment), 9)
    expected = metrology(model, 1e-3, "pointer", times, signal="Jz", jump="x", levels=12)
    np.testing.assert_allclose(found["qfi_field"], expected.qfi_field, rtol=1e-9)
    assert (found["jump"], found["readout"], found["signal"]) == ("x", "Jx", "Jz")
    assert found["t2_eigenstate"] == pytest.approx(times[-1] / 2.0, rel=1e-9)
    code, out, _ = run(f"{words} --levels 12")
    assert code == 0
    assert "F sgn Jx" in out
    assert "xi^2" not in out
    picture = plot_metrology(expected)
    labels = [text.get_text() for text in picture.axes[0].get_legend().get_texts()]
    assert "$J_x$ read out" in labels
    assert picture.axes[0].get_xlabel() == "time"
    pyplot.close(picture)
    assert json.dumps(found)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--signal a", "signal must be a Hermitian operator; got |G - G†|"),
        ("--signal Jy", "signal must be one of a, x, Jx, J-, Jz, n; got 'Jy'"),
        ("--jump b", "jump must be one of a, x, Jx, J-, Jz, n; got 'b'"),
        ("--readout a --levels 6", "operator must be Hermitian for a readout; got a"),
        (
            "--state spin-squeezed --levels 6",
            "state 'spin-squeezed' must be asked of a model with spin-coherent states",
        ),
        ("--husimi ball.png", "husimi must be asked of a collective spin; got 'rabi'"),
    ],
)
def test_what_is_refused_on_the_command_line(run, words: str, message: str) -> None:
    code, out, err = run(f"metrology --model rabi --coupling 1.2 --gamma 1e-3 {words}")
    assert (code, out) == (2, "")
    assert err.startswith(f"einselect: {message}")
    assert err.count("\n") == 1


def test_what_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"^readout must be left out for a collective spin, of which Jz is read; got 'Jx'$"
    ):
        metrology(LMG(8, 0.7), 0.01, "ground", [0.0, 1.0], readout="Jx")
    flat = CustomModel(np.diag([0.0, 0.0, 1.0]), np.diag([1, -1, 1]), {"x": np.eye(3, k=1) + np.eye(3, k=-1)})
    with pytest.raises(ResolutionError, match=r"^frequency must be a number where ΔE is not resolved: it is below"):
        metrology(flat, 0.01, "ground", [0.0, 1.0], frequency="resonant")
    empty = CustomModel(np.diag([0.0, 1.0]), np.diag([1, -1]), {"n": np.diag([0.0, 1.0])})
    with pytest.raises(InputError, match=r"^signal must be given for a model without an odd jump operator; got None$"):
        metrology(empty, 0.01, "ground", [0.0, 1.0])
