"""K3 and the coherence of a doublet against the noise, and the largest noise that still violates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from .. import _checks
from .._version import __version__
from ..dynamics.lindbladian import check_times
from ..errors import InputError
from ..rates import units_of
from .noise import Noise
from .noise_kinds import HOLDS
from .noise_limit import NoiseLimit
from .noisy_coherence import coherence_ensemble
from .noisy_leggett_garg import KINDS, NoisyLeggettGarg
from .shot_dephasing import shot_dephasing

if TYPE_CHECKING:
    import xarray

    from .leggett_garg import LeggettGarg

WIDTHS = KINDS[:3]
_SYMBOLS = {"spins": "σ_N", "field": "σ_Γ/Γ", "coupling": "σ_J/J"}


def noise_scan(
    test: LeggettGarg,
    gamma: float | str,
    widths: ArrayLike,
    kind: str = "spins",
    hold: Sequence[str] = HOLDS,
    time: float | None = None,
    tolerance: float = 1e-3,
    tau: float | None = None,
) -> xarray.Dataset:
    """K3 at one τ and |<ρ_01>| at a time, against the width of one kind of noise.

    Parameters
    ----------
    test : LeggettGarg
    gamma : float or str
        Dephasing rate.
    widths : array_like
        Ascending, >= 0.
    kind : {"spins", "field", "coupling"}
    hold : sequence of {"coupling", "interaction"}
        What stays the same as N changes; one curve each.
    time : float, optional
        Of the coherence: T2 = 1/(γG01) unless given, 2τ without dephasing.
    tolerance : float
        Of both averages.
    tau : float, optional
        Interval of K3: π/(3ΔE) of the central model unless given.

    Returns
    -------
    xarray.Dataset
        Over (hold, width): ``k3``, ``k3_error``, ``k3_spread``, ``coherence`` (|<ρ_01>|/|ρ_01(0)|), its
        ``coherence_error`` and ``coherence_gaussian`` (the closed form of small noise beside the coherence without
        noise). Over (hold): ``limit`` (largest width with K3 > 1; inf if that is beyond the largest width, NaN
        where K3 <= 1 without noise) and ``equal`` (width that takes as long as dephasing). In the attributes
        k3_ideal, coherence_ideal, tau, time, gamma, level, kind.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.protocols import LeggettGarg, noise_scan
    >>> test = LeggettGarg(LMG(100, 0.9), level="C")
    >>> found = noise_scan(test, 1e-5, [0.0, 1.0], hold=["interaction"])
    >>> found.k3.dims, bool(found.k3[0, 1] < found.k3[0, 0])
    (('hold', 'width'), True)
    """
    import xarray

    _checks.one_of("kind", kind, WIDTHS)
    for name in hold:
        _checks.one_of("hold", name, HOLDS)
    if not len(hold):
        raise InputError("hold must have one name or more; got none")
    grid = check_times(widths)
    model = test.model
    ideal = NoisyLeggettGarg(test, Noise(), gamma, tau)
    about = [shot_dephasing(model, gamma, Noise(hold=name)) for name in hold]
    if time is None:
        time = about[0].t2 if math.isfinite(about[0].t2) else 2.0 * ideal.tau
    _checks.positive("time", time)
    columns: dict[str, list[list[float]]] = {
        name: [] for name in ("k3", "k3_error", "k3_spread", "coherence", "coherence_error", "coherence_gaussian")
    }
    limits = []
    alone = 2.0 * math.hypot(*coherence_ensemble(model, ideal.gamma, Noise(), [time]).at(model.spins)[:2])
    for name, shot in zip(hold, about, strict=True):
        noisy = NoisyLeggettGarg(test, Noise(hold=name), gamma, tau)
        found = noisy.against(kind, grid.tolist(), tolerance)
        columns["k3"].append([k.value for k in found])
        columns["k3_error"].append([k.error for k in found])
        columns["k3_spread"].append([k.spread for k in found])
        shared = coherence_ensemble(model, ideal.gamma, Noise(hold=name), [time], tolerance=tolerance)
        kept = [shared.with_noise(_noise(kind, w, name)).average(tolerance, every=False) for w in grid]
        columns["coherence"].append([2.0 * math.hypot(*mean.value[:2]) for mean in kept])
        columns["coherence_error"].append([2.0 * (mean.error + tolerance) for mean in kept])
        phase = grid * shot.slopes[kind] * time
        columns["coherence_gaussian"].append((alone * np.exp(-0.5 * phase**2)).tolist())
        limit = noisy.limit(kind, float(grid[-1])) if grid[-1] > 0.0 else None
        limits.append(math.nan if limit is None or limit.value is None else limit.value)
    return xarray.Dataset(
        {name: (("hold", "width"), np.array(rows), {"units": "1"}) for name, rows in columns.items()}
        | {"limit": ("hold", limits), "equal": ("hold", [shot.equal[kind] for shot in about])},
        coords={
            "hold": list(hold),
            "width": ("width", grid, {"units": "atoms" if kind == "spins" else "1", "long_name": _SYMBOLS[kind]}),
        },
        attrs={
            "k3_ideal": ideal.k3().ideal,
            "coherence_ideal": alone,
            "tau": ideal.tau,
            "time": time,
            "time_units": units_of(model.energy_unit)["time"],
            "gamma": ideal.gamma,
            "level": str(test.level),
            "initial": test.initial if isinstance(test.initial, str) else "given",
            "kind": kind,
            "spins": model.spins,
            "software": f"einselect {__version__}",
        },
    )


def _noise(kind: str, width: float, hold: str) -> Noise:
    if kind == "spins":
        return Noise(spins=float(width), hold=hold)
    return Noise(field=float(width), hold=hold) if kind == "field" else Noise(coupling=float(width), hold=hold)


def noise_limits(test: LeggettGarg, gamma: float | str, kinds: Sequence[str] = KINDS) -> list[NoiseLimit]:
    """Largest noise of each kind, alone, with which K3 still exceeds 1.

    Parameters
    ----------
    test : LeggettGarg
    gamma : float or str
    kinds : sequence of {"spins", "field", "coupling", "temperature"}
        For "spins" there are two answers, with J and with J/N held; the others do not depend on that.

    Returns
    -------
    list of NoiseLimit
    """
    return [
        NoisyLeggettGarg(test, Noise(hold=hold), gamma).limit(kind)
        for kind in kinds
        for hold in (HOLDS if kind == "spins" else HOLDS[:1])
    ]
