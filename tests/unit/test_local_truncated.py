"""Local noise on the lowest levels of the highest j: against all of ρ, and whether the bound bounds."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from einselect import LMG, InputError, Jm, Jp, JumpOperator, Jx, Jy, Jz, ResolutionError
from einselect.local import (
    LocalJump,
    LocalLindbladian,
    TruncatedLocalLindbladian,
    evolve_local,
    local_dephasing_coefficient,
)
from einselect.local.truncated import TruncatedEvolution

CASES = {
    "dephasing": ([], ["dephasing"]),
    "emission": ([], ["emission"]),  # mixes the parities: one block for each j
    "thermal": ([JumpOperator(Jz, 0.002)], ["emission", "pumping"]),
    "flips": ([JumpOperator(Jx, 0.002)], ["Jx", "Jy"]),
    "superradiant": ([JumpOperator(Jm, 0.001), JumpOperator(Jp, 0.0005)], ["dephasing"]),
}


def pair(kind: str, model: LMG, rate: float, levels: int, depth: int):
    jumps, names = CASES[kind]
    local = [LocalJump(name, rate) for name in names]
    return LocalLindbladian(model, jumps, local), TruncatedLocalLindbladian(model, jumps, local, levels, depth)


def solved(part: TruncatedLocalLindbladian, start, times, tolerance) -> TruncatedEvolution:
    """The run itself, which has the blocks too."""
    from einselect.dynamics.full_frame import build_frame
    from einselect.dynamics.full_states import initial_blocks

    whole = build_frame(part.model.spins, part.model.hamiltonian())
    blocks, outside = part._start(initial_blocks(whole, part.model, start, False), whole.order)
    run = TruncatedEvolution(part, blocks, np.asarray(times), {}, tolerance, 4, "given")
    run.dropped = 2.0 * np.sqrt(outside)
    list(run)
    return run


@pytest.mark.parametrize("kind", CASES)
def test_with_everything_kept_nothing_is_truncated(kind: str) -> None:
    """N odd has no j = 0: all levels of all j are kept, in the energy basis and with dense operators."""
    model = LMG(5, 0.8)
    whole, part = pair(kind, model, 0.1, 6, 3)
    assert part.dimension == whole.dimension
    assert part.parity_resolved == whole.parity_resolved
    for start in ("eigen-superposition", "spin-coherent"):
        times = [0.0, 2.0]
        full = whole.evolve(start, times, {"jx": Jx})
        few = part.evolve(start, times, {"jx": Jx}, truncation=1e-5)
        for name in ("rho_01", "rho_pr", "outside", "weights", "purity", "rho_01_by_j", "trace", "leakage"):
            np.testing.assert_allclose(few[name].values, full[name].values, atol=2e-8)
        np.testing.assert_allclose(few.jx.values, full.jx.values, atol=3 * 2e-8)
        # the square root of the rounding with which the levels span the space
        assert few.attrs["truncation_error"] < 1e-6


@pytest.mark.parametrize(("levels", "depth"), [(4, 3), (8, 5)])
@pytest.mark.parametrize("kind", CASES)
def test_the_bound_bounds(kind: str, levels: int, depth: int) -> None:
    """Trace norm of the true error, block by block, from rough to fine truncations; and the bound is not idle."""
    model, times = LMG(16, 0.9), [2.0, 5.0]
    whole, part = pair(kind, model, 0.01, levels, depth)
    full = whole.evolution("eigen-superposition", times)
    list(full)
    run = solved(part, "eigen-superposition", times, 1e-8)
    exact, found = full.density_blocks(), run.density_blocks()
    error = sum(float(np.abs(np.linalg.eigvalsh(exact[j] - found[j])).sum()) for j in exact)
    assert error <= run.bounds[-1] + 2e-8
    # sqrt(p q) takes what is dropped between the levels kept and the others at its worst
    assert run.bounds[0] < run.bounds[1] < 10.0 * np.sqrt(error)
    lowest = min(float(np.linalg.eigvalsh(block)[0]) for block in found.values())
    assert lowest > -1e-8  # completely positive still
    assert 0.0 <= run.lost + 1e-8
    data = run.dataset()
    np.testing.assert_allclose(data.trace.values[-1], 1.0 - run.lost, atol=1e-13)


def test_the_start_is_part_of_the_bound() -> None:
    """A spin-coherent state is not in a few levels: w outside costs 2 sqrt(w) + w."""
    model = LMG(40, 0.9)
    part = TruncatedLocalLindbladian(model, local=[LocalJump("dephasing", 1e-4)], levels=3, depth=4)
    answer = part.evolve("spin-coherent", [0.0], truncation=10.0)
    amplitudes = model.levels(3).amplitudes(model.spin_coherent_amplitudes)
    outside = 1.0 - float(amplitudes @ amplitudes)
    assert 1.0 - answer.trace.item() == pytest.approx(outside, abs=1e-12)
    assert answer.attrs["truncation_error"] == pytest.approx(2.0 * np.sqrt(outside) + outside, abs=1e-9)
    np.testing.assert_allclose(answer.populations.values[0], amplitudes**2, atol=1e-12)


def test_large_n_agrees_with_itself_and_with_the_rate() -> None:
    """The paper's N, up to T2 of local dephasing: two truncations differ by no more than their bounds and steps."""
    model = LMG(370, 0.95)
    d = model.doublet()
    gamma = d.splitting / 8.8 * 4.0 / 370
    t = 4.0 / (gamma * 370)
    jumps = [LocalJump("dephasing", gamma)]
    coarse, fine = (
        TruncatedLocalLindbladian(model, local=jumps, levels=levels, depth=depth).evolve(
            "ground", [0.5 * t, t], tolerance=1e-7, truncation=1e-3
        )
        for levels, depth in ((12, 8), (18, 11))
    )
    allowed = coarse.truncation_error.values + fine.truncation_error.values + 2e-7
    assert fine.attrs["truncation_error"] < 1e-7
    for name in ("rho_pr", "doublet_population", "outside"):
        assert np.all(np.abs(coarse[name].values - fine[name].values) < allowed)
    # |E0> is left at γN/4 and |E1> fed at γJ01²/N, both at first order; what follows is of second
    pointer = local_dephasing_coefficient(model.levels(2), "P", "R", jumps)
    assert fine.rho_pr.values[0].real == pytest.approx(0.5 * np.exp(-pointer * 0.5 * t), rel=0.02)


def test_the_method_is_chosen_by_n() -> None:
    jumps = [LocalJump("dephasing", 1e-3)]
    small, large = (evolve_local(LMG(n, 0.9), jumps, "ground", [1.0], tolerance=1e-7) for n in (10, 80))
    assert "truncation_error" not in small.attrs
    assert large.attrs["truncation_error"] <= 1e-7
    heated = evolve_local(LMG(64, 0.9), [LocalJump("dephasing", 2.0)], "ground", [0.3], tolerance=1e-6)
    assert "truncation_error" not in heated.attrs  # too many levels: all of them
    assert heated.outside.item() > 0.9
    both = [
        evolve_local(
            LMG(10, 0.9), jumps, "ground", [1.0], {"jz2": Jz @ Jz}, method=method, jumps=[JumpOperator(Jz, 1e-3)]
        )
        for method in ("whole", "truncated")
    ]
    np.testing.assert_allclose(both[0].jz2.values, both[1].jz2.values, atol=25 * 2e-8)
    with pytest.raises(InputError, match="method must be one of auto, whole, truncated; got 'part'"):
        evolve_local(LMG(10, 0.9), jumps, "ground", [1.0], method="part")


def test_refusals() -> None:
    model = LMG(40, 0.9)
    with pytest.raises(ResolutionError, match=r"bounded by .* only at t = .* with 3 levels of 2 j \(.* left them\)"):
        TruncatedLocalLindbladian(model, local=[LocalJump("dephasing", 0.05)], levels=3, depth=2).evolve(
            "ground", [5.0, 100.0]
        )
    with pytest.raises(ResolutionError, match="with 8 levels of 4 j"):  # found on the way: noise heats all of it
        TruncatedLocalLindbladian(model, local=[LocalJump("dephasing", 0.05)], levels=8, depth=4).evolve(
            "ground", [1e9], tolerance=1e-3
        )
    mixed = LocalJump(np.array([[0.5, 1.0j], [0.3, -0.5]]), 0.1)
    with pytest.raises(InputError, match=r"jump operators must be real, or i times real.* got matrix"):
        TruncatedLocalLindbladian(model, local=[mixed]).evolve("ground", [1.0])
    with pytest.raises(InputError, match="levels must be a whole number >= 2; got 1"):
        TruncatedLocalLindbladian(model, local=[LocalJump()], levels=1)
    with pytest.raises(InputError, match=r"spins must be few enough for 8 GiB; got 40000, which need about .* GiB to"):
        TruncatedLocalLindbladian(LMG(40_000, 0.9), local=[LocalJump()])
    # Jy is i times real: allowed
    answer = TruncatedLocalLindbladian(LMG(7, 0.9), [JumpOperator(Jy, 0.01)], levels=8, depth=4)
    whole = LocalLindbladian(LMG(7, 0.9), [JumpOperator(Jy, 0.01)])
    found, exact = answer.evolve("pointer", [3.0]), whole.evolve("pointer", [3.0])
    assert found.rho_01.item() == pytest.approx(exact.rho_01.item(), abs=2e-8)


@pytest.mark.parametrize(("spins", "levels", "depth"), [(60, 20, 12), (300, 12, 4)])
def test_memory_is_what_was_worked_out_beforehand(spins: int, levels: int, depth: int) -> None:
    """At most that, and not less than a fifth."""
    model, jumps = LMG(spins, 0.9), [LocalJump("dephasing", 1e-4)]
    for attempt in range(2):  # the first for what is imported on the way
        part = TruncatedLocalLindbladian(model, local=jumps, levels=levels, depth=depth)
        tracemalloc.start()
        part.evolve("ground", [0.1], truncation=1.0)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        if attempt:
            needed = part.memory_needed() * 2**30
            assert 0.2 * needed < used < needed
