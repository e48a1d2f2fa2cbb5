"""`einselect evolve` and `einselect spectrum` with --model: against matrices built here, and refusals in one line."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.sparse import csr_array, eye_array, kron
from scipy.sparse.linalg import expm_multiply

from einselect import LMG, AnisotropicLMG, Dicke, InputError, JumpOperator, Rabi, ResolutionError, VibronicDimer
from einselect.dynamics import FullLindbladian, Lindbladian, evolve
from einselect.spin import Jz

RABI = "--model rabi --coupling 1.2 --spin 1.1"
QUANTA = 30  # <a†a> is about 1.4: amplitudes at the cut are below 1e-12


def rabi_matrices() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """H = a†a + 0.55 σz + 1.2 (a + a†) σx on Fock states and spin, and its operators."""
    a = np.kron(np.diag(np.sqrt(np.arange(1.0, QUANTA)), 1), np.eye(2))
    sx, sz = (np.kron(np.eye(QUANTA), s) for s in (np.array([[0, 1], [1, 0]]), np.diag([1, -1])))
    return a.T @ a + 0.55 * sz + 1.2 * (a + a.T) @ sx, {"a": a, "Jz": 0.5 * sz}


def liouvillian(h: np.ndarray, jumps: list[tuple[float, np.ndarray]]) -> csr_array:
    """On vec(ρ) by rows: A ρ B is (A ⊗ Bᵀ) vec(ρ)."""
    one = eye_array(len(h))
    total = -1j * (kron(h, one) - kron(one, h.T))
    for rate, op in jumps:
        square = op.conj().T @ op
        total = total + rate * (kron(op, op.conj()) - 0.5 * kron(square, one) - 0.5 * kron(one, square.T))
    return csr_array(total)


def test_evolve_of_the_rabi_model_is_that_of_its_own_matrices(document):
    """On 12 levels with L -> PLP to rounding; in the whole space within the bound that is given."""
    found = document(f"evolve {RABI} --jump a=0.004 --jump Jz=0.002 --state ground --times 0,4,9 --levels 12")
    h, ops = rabi_matrices()
    energies, vectors = np.linalg.eigh(h)
    bath = [(0.004, ops["a"]), (0.002, ops["Jz"])]
    kept = vectors[:, :12]
    inside = liouvillian(np.diag(energies[:12]), [(rate, kept.T @ op @ kept) for rate, op in bath])
    whole = liouvillian(h, bath)
    start = np.outer(vectors[:, 0], vectors[:, 0]).astype(complex)
    first = np.zeros((12, 12), dtype=complex)
    first[0, 0] = 1.0
    for k, time in enumerate((0.0, 4.0, 9.0)):
        few = (expm_multiply(time * inside, first.ravel()) if time else first).reshape(12, 12)
        assert found["rho_pr_re"][k] == pytest.approx(0.5 * (few[0, 0] - few[1, 1]).real, abs=1e-9)
        assert found["populations"][k] == pytest.approx(few.diagonal().real.tolist(), abs=1e-9)
        rho = (expm_multiply(time * whole, start.ravel()) if time else start).reshape(h.shape)
        exact = (vectors.T @ rho @ vectors).diagonal().real
        assert found["populations"][k][:2] == pytest.approx(exact[:2].tolist(), abs=found["truncation_error"])
    assert found["rho_pr_re"][2] < 0.5 - 0.01  # something has happened
    assert found["truncation_error"] < 0.01
    assert found["sectors"] == "populations, coherences"
    assert found["model"] == "rabi"


def test_spectrum_on_levels_of_the_rabi_model_is_that_of_its_own_matrices(document):
    found = document(f"spectrum {RABI} --jump a=0.03 --jump Jz=0.01 --levels 5 --count 25")
    h, ops = rabi_matrices()
    energies, vectors = np.linalg.eigh(h)
    kept = vectors[:, :5]
    inside = [(0.03, kept.T @ ops["a"] @ kept), (0.01, kept.T @ ops["Jz"] @ kept)]
    expected = np.linalg.eigvals(liouvillian(np.diag(energies[:5]), inside).toarray())
    values = [complex(*pair) for pair in found["eigenvalues"]]
    assert len(values) == 25
    for value in values:  # two lists without a common order
        nearest = int(np.abs(expected - value).argmin())
        assert abs(expected[nearest] - value) < 1e-9
        expected = np.delete(expected, nearest)


@pytest.mark.parametrize("state", ["pointer", "eigen-superposition", "ground"])
def test_a_tilted_doublet_has_its_own_pointer_states(document, state):
    """All seven levels of N = 6: nothing is truncated, and <P|ρ|R> is that of the states that Jz is diagonal in."""
    text = "--model anisotropic --spins 6 --field 0.7 --anisotropy -0.4 --tilt 0.03"
    found = document(f"evolve {text} --gamma 0.03 --state {state} --times 0,5,40 --levels 7")
    model = AnisotropicLMG(6, 0.7, -0.4, tilt=0.03)
    m = np.arange(7) - 3.0
    jz = np.diag(m)
    up = np.diag(np.sqrt(12.0 - m[:-1] * (m[:-1] + 1.0)), -1)
    jx, jy = 0.5 * (up + up.T), -0.5j * (up - up.T)
    h = -(jz @ jz - 0.4 * (jy @ jy).real) / 6.0 - 0.7 * jx - 0.03 * jz
    _, vectors = np.linalg.eigh(h)
    two = vectors[:, :2]
    _, turned = np.linalg.eigh(two.T @ jz @ two)
    left, right = two @ turned[:, 0], two @ turned[:, 1]  # R at Jz < 0, P at Jz > 0
    overlap = abs(right @ vectors[:, 0]) ** 2
    assert abs(overlap - 0.5) > 0.1  # far from a doublet with parity
    starts = {"pointer": right, "ground": vectors[:, 0]}
    levels = model.levels(7)
    first = starts.get(state)
    if first is None:  # the relative sign of |E0> and |E1> is a convention: <E0|Jz|E1> > 0
        sign = math.copysign(1.0, vectors[:, 0] @ jz @ vectors[:, 1]) * math.copysign(1.0, levels.matrix(Jz)[0, 1])
        first = (vectors[:, 0] + sign * vectors[:, 1]) / math.sqrt(2.0)
    generator = liouvillian(h, [(0.03, jz)]).toarray()
    for k, time in enumerate((0.0, 5.0, 40.0)):
        rho = (expm(time * generator) @ np.outer(first, first).ravel()).reshape(7, 7)
        coherence = right @ rho @ left
        got = complex(found["rho_pr_re"][k], found["rho_pr_im"][k])
        # The sign of |P> and |R> is a convention too: one factor, the same at all times.
        factor = 1.0 if k == 0 and abs(got) < 1e-12 else math.copysign(1.0, (got * coherence.conjugate()).real)
        assert got == pytest.approx(factor * coherence, abs=1e-9)
        assert found["populations"][k][0] == pytest.approx((vectors[:, 0] @ rho @ vectors[:, 0]).real, abs=1e-9)
    assert found["sectors"] == "all"


def test_gamma_is_the_rate_of_the_natural_jump_operator(document):
    for options, jump in ((RABI, "a"), ("--model dimer --coupling -0.5 --huang-rhys 2", "difference")):
        end = "--times 0,3 --levels 8"
        by_gamma, by_name = (document(f"evolve {options} {end} {b}") for b in ("--gamma 1e-3", f"--jump {jump}=1e-3"))
        assert by_gamma == by_name
        assert by_gamma["jumps"] == [{"operator": jump, "rate": 1e-3}]
    moment = VibronicDimer(-0.5, 2.0).doublet()
    assert by_gamma["rate_eigenstate"] == pytest.approx(1e-3 * moment.g01, rel=1e-9)
    assert by_gamma["rate_pointer"] == pytest.approx(1e-3 * (moment.g01 + moment.j01**2), rel=1e-9)


def test_the_lmg_model_is_the_default(run):
    for command in ("evolve --times 0,3", "spectrum --count 3"):
        rest = "--spins 20 --field 0.8 --gamma 1e-3 --jump J-=1e-4"
        assert run(f"{command} {rest}") == run(f"{command} --model lmg {rest}")


def test_collective_models_have_the_whole_symmetric_sector(document):
    """The condensate is the LMG model with J = NU and Γ = 2K."""
    pairs = ("lmg --field 0.8", "bose-josephson --tunnelling 0.4 --interaction 0.0625")
    for command, key in (("evolve --times 0,7 --levels full", "rho01_abs"), ("spectrum --count 4", "eigenvalues")):
        one, other = (document(f"{command} --gamma 1e-3 --spins 16 --model {model}") for model in pairs)
        np.testing.assert_allclose(one[key], other[key], rtol=1e-8, atol=1e-12)


def test_files_of_a_model(run, tmp_path):
    import xarray

    bath = f"{RABI} --jump a=1e-3 --levels 8"
    for name in ("run.nc", "run.svg"):
        assert run(f"evolve {bath} --times 0,1,2 --out {tmp_path / name}")[0] == 0
    assert run(f"spectrum {bath} --out {tmp_path / 'modes.nc'}")[0] == 0
    with xarray.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as stored:
        assert stored.attrs["model"] == "rabi"
        assert stored.attrs["jumps"] == "a at 0.001"
    with xarray.open_dataset(tmp_path / "modes.nc", engine="h5netcdf") as stored:
        assert stored.sizes["level_bra"] == 8
    picture = (tmp_path / "run.svg").read_text()
    assert "hbar = 1" in picture or "ℏ" in picture
    assert "/ J" not in picture


def test_what_an_unresolved_splitting_may_turn_counts_as_error():
    levels = Dicke(200, 1.0).levels(4)
    bound = levels.splitting_bound
    assert bound is not None
    assert bound > 0.0
    lindbladian = Lindbladian(levels, [JumpOperator(Dicke(200, 1.0).operator("Jz"), 1e-9)])
    near, far = (lindbladian.evolution("ground", [0.0, t]).rounding for t in (1e3, 1e6))
    assert far >= bound * 1e6
    assert far == pytest.approx(1e3 * near, rel=1e-9)
    with pytest.raises(ResolutionError, match="times must be short enough"):
        lindbladian.evolution("ground", [0.0, 1e-2 / bound])
    # One that is below every double is known to be: nothing is added for it.
    deep = LMG(20_000, 0.3)
    assert deep.levels(3).excitations[1] == 0.0
    slow = Lindbladian(deep.levels(3), [JumpOperator("Jz", 1e-14)])
    size = max(float(np.abs(sector.generator).sum(axis=0).max()) for sector in slow.sectors)
    assert slow.evolution("ground", [0.0, 10.0]).rounding == pytest.approx(10.0 * size * np.finfo(float).eps, rel=1e-9)


def test_the_symmetric_sector_is_refused_for_what_has_none():
    for model in (Dicke(4, 0.8), Rabi(1.0), VibronicDimer(0.5, 1.0)):
        with pytest.raises(InputError, match="model must be a collective spin with H in the Dicke basis, such as LMG"):
            FullLindbladian(model, [JumpOperator(model.operator(model.jump_operators()[0]), 1e-3)])
    with pytest.raises(InputError, match="tilt must be 0 in the whole symmetric sector"):
        evolve(AnisotropicLMG(8, 0.7, tilt=0.1), [JumpOperator("Jz", 1e-3)], "ground", [1.0], levels="full")


NUMBER = "levels must be a number of lowest levels, as in '--levels 20', for the model rabi, which is no collective"
BAD = {
    "full": (f"evolve {RABI} --gamma 1e-3 --levels full", NUMBER),
    "full by default": (f"spectrum {RABI} --gamma 1e-3", NUMBER),
    "levels": (f"evolve {RABI} --gamma 1e-3 --levels many", "levels must be 'auto' or a whole number from 2 to 200"),
    "number": (f"spectrum {RABI} --gamma 1e-3 --levels 1", "levels must be a whole number from 2 to 200; got '1'"),
    "jump": (f"evolve {RABI} --jump Jy=1", "operator of a jump must be one of a, x, Jx, J-, Jz, n; got 'Jy'"),
    "twice": (f"evolve {RABI} --gamma 1 --jump a=2", "each jump operator must be given once (--gamma is a); got a"),
    "none": (f"spectrum {RABI} --levels 4", "--gamma or --jump must be given; got neither"),
    "missing": (
        "evolve --model dicke --spins 4 --gamma 1",
        "--coupling must be given; got none (see 'einselect evolve",
    ),
    "state": (f"evolve {RABI} --gamma 1e-3 --state spin-coherent", "state 'spin-coherent' must be asked of a model"),
    "units": (f"evolve {RABI} --gamma '1 1/s'", "coupling must have a unit where gamma has one"),
    "foreign": ("spectrum --spins 9 --field 0.5 --mode 1 --gamma 1", "mode must be left out for the model lmg"),
    "short": (f"evolve {RABI} --jump a=0.05 --t-end 500 --points 2", "a larger --tolerance or a shorter time"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line(run, text, said):
    code, out, err = run(text)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"einselect: [^\n]+\n", err), err
    assert said in err
