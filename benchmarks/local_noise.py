"""Local dephasing on N spins: time and memory against QuTiP's PIQS with `mesolve`, each in a process of its own.

Both start from (|E0> + |E1>)/√2 of the LMG model at Γ/J = 0.95 with γN/4 = ΔE/8.8 and go to t = T2 = 4/(γN). PIQS
builds the Liouvillian on all pairs of its (N/2 + 1)² Dicke states; `mesolve` runs at its usual method with rtol 1e-8,
atol 1e-10, `einselect` at its default tolerance of 1e-8 in the trace norm.
"""

from __future__ import annotations

from fresh import Fresh, in_fresh_process
from report import Section, Target, duration, times

_COMMON = """
import numpy as np
from einselect import LMG
def case(spins):
    model = LMG(spins, 0.95)
    rate = model.doublet().splitting / 8.8
    return model, 4.0 * rate / spins, 1.0 / rate
"""
_OURS = (
    _COMMON
    + """
from einselect.local import LocalJump, LocalLindbladian
def job(spins):
    model, gamma, t2 = case(spins)
    noise = LocalLindbladian(model, local=[LocalJump("dephasing", gamma)])
    return noise.evolve("eigen-superposition", [t2]).rho_01.item()
job(6)
"""
)
_LARGE = (
    _COMMON
    + """
from einselect.local import LocalJump, evolve_local
def job(spins):
    model, gamma, t2 = case(spins)
    answer = evolve_local(model, [LocalJump("dephasing", gamma)], "eigen-superposition", [t2], tolerance=1e-7)
    return answer.rho_01.item()
job(70)
"""
)
# What an expert would write: nothing but the state at the end is kept.
_PIQS = (
    _COMMON
    + """
import qutip
from qutip.piqs.piqs import Dicke, jspin
def job(spins):
    model, gamma, t2 = case(spins)
    jx, _, jz = jspin(spins)
    ensemble = Dicke(N=spins, hamiltonian=-1.0 / spins * jz * jz - 0.95 * jx, dephasing=gamma)
    vectors = model.levels(2).dicke_vectors()[:, ::-1]
    rho = np.zeros(jx.shape)
    rho[: spins + 1, : spins + 1] = 0.5 * np.outer(vectors.sum(axis=0), vectors.sum(axis=0))
    options = {"rtol": 1e-8, "atol": 1e-10, "nsteps": 10**7, "store_states": False, "store_final_state": True}
    found = qutip.mesolve(ensemble.liouvillian(), qutip.Qobj(rho, dims=jx.dims), [0.0, t2], options=options)
    final = found.final_state.full()[: spins + 1, : spins + 1]
    return vectors[0] @ final @ vectors[1]
job(6)
"""
)
_SPINS, _QUICK = 50, 20


def run(quick: bool) -> Section:
    """The ratio of times and of memory at N = 50 (20 where it has to be quick), and ours alone at N = 100."""
    section = Section("local_noise", "Local dephasing of every spin")
    section.lines.append(
        "Lindblad equation of the LMG model, Γ/J = 0.95, (|E0> + |E1>)/√2 up to T2 = 4/(γN) = 8.8/ΔE, in fresh "
        "processes with one thread. `memory added` is what the job adds to the peak of a process that has solved a "
        "small N before."
    )
    spins = _QUICK if quick else _SPINS
    jobs = [(f"`einselect.local`, N = {spins}", _OURS, spins, 3), (f"PIQS + `mesolve`, N = {spins}", _PIQS, spins, 1)]
    if not quick:
        jobs.append(("`einselect.local`, N = 100", _OURS, 100, 1))
        jobs.append(("`evolve_local`, N = 370, truncated to 1e-7", _LARGE, 370, 1))
    found: list[Fresh] = [in_fresh_process(setup, f"job({n})", repeats, threads=1) for _, setup, n, repeats in jobs]
    section.table(
        ["", "first", "memory added", "peak of the process"],
        [
            [name, duration(fresh.first), f"{fresh.added_mb:.1f} MB", f"{fresh.peak_mb:.0f} MB"]
            for (name, *_), fresh in zip(jobs, found, strict=True)
        ],
    )
    section.data.update({name.replace("`", ""): vars(fresh) for (name, *_), fresh in zip(jobs, found, strict=True)})
    ours, piqs = found[:2]
    time_ratio, memory_ratio = piqs.first / ours.first, piqs.added_mb / max(ours.added_mb, 0.1)
    section.data.update({"time_ratio": time_ratio, "memory_ratio": memory_ratio})
    if quick:
        section.lines.append(f"PIQS over ours: {times(time_ratio)} the time, {times(memory_ratio)} the memory.")
        return section
    section.at_least(f"Local noise, N = {spins}: PIQS + mesolve over ours, time", time_ratio, 50.0)
    section.targets.append(
        Target(
            f"Local noise, N = {spins}: PIQS + mesolve over ours, memory added",
            "≥ 20 ×",
            times(memory_ratio),
            memory_ratio >= 20.0,
        )
    )
    section.below("Local noise, N = 100, up to T2", found[2].first, 120.0)
    return section


if __name__ == "__main__":
    import sys

    result = run("--quick" in sys.argv[1:])
    print("\n".join(result.lines))
    for target in result.targets:
        print(f"{target.what}: asked {target.asked}, measured {target.measured}, {'met' if target.met else 'NOT met'}")
