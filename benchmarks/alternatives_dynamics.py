"""What people use for the same dynamics: projection on levels in NumPy, `qutip.mesolve`, `dynamiqs.mesolve`.

All take N (even), Γ, J, γ and times and go from there to ρ_01 = <E0|ρ|E1> at those times, from (|E0> + |E1>)/√2.
None of them knows anything of `einselect`; QuTiP and dynamiqs are imported when they are used, so that this file
runs in an environment of either.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]

ABSOLUTE, RELATIVE = 1e-8, 1e-6
LEVELS = 20


def bands(spins: int, field: float, coupling: float) -> tuple[Array, Array, Array]:
    """m, diagonal and off-diagonal of H = -(J/N) Jz² - Γ Jx, m = -j..j."""
    j = 0.5 * spins
    m = np.arange(-j, j + 0.5)
    return m, -coupling / spins * m * m, -0.5 * field * np.sqrt((j - m[:-1]) * (j + m[1:]))


def parity_bands(spins: int, field: float, coupling: float) -> tuple[Array, tuple[Array, Array], tuple[Array, Array]]:
    """m >= 0 and the bands of the even and the odd block, for even N."""
    m, diagonal, coupled = bands(spins, field, coupling)
    half = spins // 2
    even = coupled[half:].copy()
    even[0] *= np.sqrt(2.0)
    return m[half:], (diagonal[half:], even), (diagonal[half + 1 :], coupled[half + 1 :])


def levels_plain(spins: int, field: float, coupling: float, count: int) -> tuple[Array, Array]:
    """Energies and Jz on the lowest levels, by `eigh` on the whole matrix, as it is written most often."""
    m, diagonal, coupled = bands(spins, field, coupling)
    hamiltonian = np.diag(diagonal) + np.diag(coupled, 1) + np.diag(coupled, -1)
    energies, vectors = np.linalg.eigh(hamiltonian)
    kept = vectors[:, :count]
    return energies[:count], kept.T @ (m[:, None] * kept)


def levels_by_parity(spins: int, field: float, coupling: float, count: int) -> tuple[Array, Array]:
    """The same by dense `eigh` on the two parity blocks."""
    m, *blocks = parity_bands(spins, field, coupling)
    solved = []
    for diagonal, coupled in blocks:
        solved.append(np.linalg.eigh(np.diag(diagonal) + np.diag(coupled, 1) + np.diag(coupled, -1)))
    return _joined(m, solved, count)


def levels_tridiagonal(spins: int, field: float, coupling: float, count: int) -> tuple[Array, Array]:
    """The same by SciPy's `eigh_tridiagonal(select='i')` on the two blocks: only the levels that are kept."""
    from scipy.linalg import eigh_tridiagonal

    m, *blocks = parity_bands(spins, field, coupling)
    chosen = (0, count // 2 - 1)
    solved = [eigh_tridiagonal(*block, select="i", select_range=chosen, check_finite=False) for block in blocks]
    return _joined(m, solved, count)


def _joined(m: Array, solved: list[tuple[Array, Array]], count: int) -> tuple[Array, Array]:
    """Even and odd levels in turn, and Jz between them."""
    half = count // 2
    (even, u), (odd, v) = ((energies[:half], vectors[:, :half]) for energies, vectors in solved)
    energies, jz = np.empty(count), np.zeros((count, count))
    energies[0::2], energies[1::2] = even, odd
    jz[0::2, 1::2] = u[1:].T @ (m[1:, None] * v)
    jz[1::2, 0::2] = jz[0::2, 1::2].T
    return energies, jz


def projection(energies: Array, jz: Array, gamma: float, times: Array) -> Complex:
    """ρ_01 on the levels: the Liouvillian as one matrix, `expm` of one step, and its powers on ρ."""
    from scipy.linalg import expm

    k = len(energies)
    one = np.eye(k)
    square = jz @ jz
    liouvillian = -1j * np.diag(np.subtract.outer(energies, energies).ravel())
    liouvillian += gamma * (np.kron(jz, jz) - 0.5 * (np.kron(square, one) + np.kron(one, square)))
    step = expm(liouvillian * (times[1] - times[0]))
    rho = np.zeros((k, k), dtype=complex)
    rho[:2, :2] = 0.5
    vector = rho.ravel()
    found = np.empty(len(times), dtype=complex)
    for i in range(len(times)):
        found[i] = vector[1]
        vector = step @ vector
    return found


def t2_of(energies: Array, jz: Array, gamma: float) -> float:
    """1/(γ G01) from the levels kept: G01 = ½(<E0|Jz²|E0> + <E1|Jz²|E1>)."""
    square = jz @ jz
    return 2.0 / (gamma * float(square[0, 0] + square[1, 1]))


def numpy_projection(how: str, spins: int, field: float, coupling: float, gamma: float, count: int = 101) -> Complex:
    """From the parameters to ρ_01 at `count` times up to 2 T2, on 20 levels found in one of the three ways."""
    solver = {"plain": levels_plain, "parity": levels_by_parity, "tridiagonal": levels_tridiagonal}[how]
    energies, jz = solver(spins, field, coupling, LEVELS)
    return projection(energies, jz, gamma, np.linspace(0.0, 2.0 * t2_of(energies, jz, gamma), count))


def doublet_states(spins: int, field: float, coupling: float) -> tuple[Array, Array]:
    """|E0> and |E1> in the Dicke basis, m ascending, outermost lobe at m > 0 positive."""
    from scipy.linalg import eigh_tridiagonal

    _, *blocks = parity_bands(spins, field, coupling)
    states = []
    for sign, block in zip((1.0, -1.0), blocks, strict=True):
        _, vector = eigh_tridiagonal(*block, select="i", select_range=(0, 0))
        half = vector[:, 0] * np.sign(vector[:, 0].sum())
        half = half if sign > 0.0 else np.concatenate(([0.0], half))
        right = half[1:] * np.sqrt(0.5)
        states.append(np.concatenate((sign * right[::-1], half[:1], right)))
    return states[0], states[1]


def qutip_mesolve(
    method: str, spins: int, field: float, coupling: float, gamma: float, end: float, count: int
) -> dict[str, Any]:
    """ρ_01 by `qutip.mesolve` in the whole symmetric sector, and the seconds from the parameters on.

    The import is outside the clock.
    """
    import qutip

    clock = Clock()
    times = np.linspace(0.0, end, count)
    j = 0.5 * spins
    jz, jx = qutip.jmat(j, "z"), qutip.jmat(j, "x")
    hamiltonian = -coupling / spins * (jz * jz) - field * jx
    # jmat counts m downwards.
    e0, e1 = (qutip.Qobj(state[::-1]) for state in doublet_states(spins, field, coupling))
    start = (e0 + e1).unit().proj()
    options = {"atol": ABSOLUTE, "rtol": RELATIVE, "nsteps": 10**9, "method": method, "progress_bar": False}
    answer = qutip.mesolve(hamiltonian, start, times, [np.sqrt(gamma) * jz], e_ops=[e1 * e0.dag()], options=options)
    return _answer(np.asarray(answer.expect[0]), clock, qutip.__version__)


def dynamiqs_mesolve(
    method: str, spins: int, field: float, coupling: float, gamma: float, end: float, count: int
) -> dict[str, Any]:
    """ρ_01 by `dynamiqs.mesolve`, operators sparse, and the seconds from the parameters on.

    Neither the import nor the compilation is inside the clock: a run over a thousandth of the time comes first.
    """
    import dynamiqs as dq
    import jax

    dq.set_precision("double")
    dq.set_progress_meter(False)

    def solve(times: Array) -> Any:
        m, diagonal, coupled = bands(spins, field, coupling)
        hamiltonian = dq.sparsedia_from_dict({0: diagonal, 1: coupled, -1: coupled})
        jump = dq.sparsedia_from_dict({0: np.sqrt(gamma) * m})
        e0, e1 = doublet_states(spins, field, coupling)
        start = 0.5 * np.outer(e0 + e1, e0 + e1).astype(complex)
        chosen = getattr(dq.method, method)(rtol=RELATIVE, atol=ABSOLUTE, max_steps=10**9)
        answer = dq.mesolve(
            hamiltonian, [jump], start, times, exp_ops=[np.outer(e1, e0)], method=chosen, save_states=False
        )
        return jax.block_until_ready(answer.expects)

    times = np.linspace(0.0, end, count)
    solve(1e-3 * times)
    clock = Clock()
    found = solve(times)
    return _answer(np.asarray(found)[0], clock, dq.__version__)


def qutip_slow_modes(spins: int, field: float, coupling: float, gamma: float, count: int, shift: float) -> Complex:
    """The `count` eigenvalues nearest to a shift: QuTiP's Liouvillian, SciPy's `eigs` with shift-invert."""
    import qutip
    from scipy.sparse.linalg import eigs

    j = 0.5 * spins
    jz, jx = qutip.jmat(j, "z"), qutip.jmat(j, "x")
    hamiltonian = -coupling / spins * (jz * jz) - field * jx
    liouvillian = qutip.liouvillian(hamiltonian, [np.sqrt(gamma) * jz])
    matrix = liouvillian.to("csr").data.as_scipy().tocsc()
    values = eigs(matrix, k=count, sigma=shift, return_eigenvectors=True)[0]
    return np.asarray(values[np.argsort(-values.real)])


class Clock:
    """Wall and CPU time from here on."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict[str, float]:
        """Seconds since."""
        return {"wall_s": time.perf_counter() - self._wall, "cpu_s": time.process_time() - self._cpu}


def _answer(rho: Complex, clock: Clock, version: str) -> dict[str, Any]:
    return clock.read() | {"re": rho.real.tolist(), "im": rho.imag.tolist(), "version": version}
