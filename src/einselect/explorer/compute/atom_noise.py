"""Noise of the atom number: K3 against its width, and the mean coherence in time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ... import _checks
from ...cli.reading import read_number
from ...protocols import LeggettGarg, Noise, NoiseLimit, NoisyK3, NoisyLeggettGarg, noisy_coherence
from ...protocols.noise_kinds import HOLDS
from .. import bounds
from ..jobs import Job
from ..state import System
from .dynamics import end_of
from .leggett_garg import POINT, QUICK, check_resolved, spin_and_rate

if TYPE_CHECKING:
    import xarray

WIDTHS = 13
NARROWEST, WIDEST = 0.1, 5.0
"""Ends of the curve, in units of the width asked for."""


@dataclass(frozen=True)
class HeldNoise:
    """What noise of the atom number does while J, or J/N, stays the same.

    Attributes
    ----------
    hold : str
    k3 : tuple of NoisyK3
        At the widths.
    limit : NoiseLimit
        Largest width with K3 > 1.
    coherence : xarray.Dataset
        From `noisy_coherence`, at the width asked for.
    """

    hold: str
    k3: tuple[NoisyK3, ...]
    limit: NoiseLimit
    coherence: xarray.Dataset


@dataclass(frozen=True)
class NoiseAnswer:
    """Noise of the atom number.

    Attributes
    ----------
    level : str
        Description of the Leggett-Garg test.
    width : float
        σ_N asked for.
    widths : ndarray
        Ascending from 0.
    held : tuple of HeldNoise
    """

    level: str
    width: float
    widths: NDArray[np.float64]
    held: tuple[HeldNoise, ...]

    def dataset(self) -> xarray.Dataset:
        """K3 over (hold, width), the limits, and the mean coherences over (hold, time)."""
        import xarray

        courses = xarray.concat([one.coherence for one in self.held], "hold", combine_attrs="drop")
        columns = {
            name: (("hold", "width"), [[getattr(k, key) for k in one.k3] for one in self.held], {"units": "1"})
            for name, key in (("k3", "value"), ("k3_error", "error"), ("k3_spread", "spread"))
        }
        limits = [math.nan if one.limit.value is None else one.limit.value for one in self.held]
        return (
            courses.assign(columns)
            .assign(limit=("hold", limits, {"units": "atoms"}))
            .assign_coords(hold=[one.hold for one in self.held], width=("width", self.widths, {"units": "atoms"}))
            .assign_attrs(level=self.level, coherence_width=self.width, k3_ideal=self.held[0].k3[0].ideal)
        )


def atom_noise(
    system: System, *, width: str = "2", level: str = "C", t_end: str = "2T2", points: int = 101, job: Job | None = None
) -> NoiseAnswer:
    """K3 against the standard deviation of the atom number, and the coherence in time at one of them.

    Parameters
    ----------
    system : System
    width : str
        σ_N, atoms; the curve reaches five times as far.
    level : {"B", "two-level", "C"}
        Description of the test.
    t_end : str
        Of the coherence.
    points : int
    job : Job, optional

    Returns
    -------
    NoiseAnswer

    Examples
    --------
    >>> from einselect.explorer.compute.atom_noise import atom_noise
    >>> from einselect.explorer.state import State
    >>> for one in atom_noise(State().system(), points=3).held:
    ...     print(f"{one.hold}: K3 > 1 up to {one.limit.value:.1f} atoms")
    coupling: K3 > 1 up to inf atoms
    interaction: K3 > 1 up to 2.0 atoms
    """
    job = Job() if job is None else job
    model, _, gamma = spin_and_rate(system)
    _checks.one_of("level", level, QUICK[1:])
    sigma = _checks.positive("noise", read_number("noise", width))
    bounds.check_most("noise", sigma, bounds.NOISE_WIDTH, "an average over shots")
    bounds.check_most("spins", model.spins, bounds.NOISE_SPINS, "an average over shots")
    test = LeggettGarg(model, level, tolerance=POINT)
    check_resolved(test)
    times = np.linspace(0.0, end_of(t_end, system.rates, model), _checks.whole("points", points, 2, bounds.TIMES))
    top = WIDEST * sigma
    widths = np.concatenate(([0.0], np.geomspace(NARROWEST * sigma, top, WIDTHS)))
    held, total = [], len(HOLDS) * (len(widths) + 4)
    for done, hold in enumerate(HOLDS):
        noisy = NoisyLeggettGarg(test, Noise(hold=hold), gamma)
        before = done * total / len(HOLDS)
        k3 = []
        for step, value in enumerate(widths.tolist()):
            job.progress((before + step) / total)
            k3 += noisy.against_spins([value])
        job.progress((before + len(widths)) / total)
        limit = noisy.limit("spins", float(top))
        job.progress((before + len(widths) + 1) / total)
        mean = noisy_coherence(model, gamma, Noise(spins=sigma, hold=hold), times, tolerance=1e-3)
        held.append(HeldNoise(hold, tuple(k3), limit, mean))
    return NoiseAnswer(level, sigma, widths, tuple(held))
