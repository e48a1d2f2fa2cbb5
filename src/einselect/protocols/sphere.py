r"""The Husimi function of a state on the sphere: how a cat and a pointer state look.

Q(θ, φ) = <θ, φ|ρ|θ, φ>, with the spin-coherent states <J> = (N/2)(sin θ cos φ, sin θ sin φ, cos θ),

    <m|θ, φ> = sqrt(C(N, N/2 + m)) cos(θ/2)^(N/2+m) sin(θ/2)^(N/2-m) e^(-imφ),

0 <= Q <= 1 and (N+1)/(4π) ∫ Q dΩ = Tr ρ. The amplitudes are made from their logarithms: neither the binomial
coefficients nor the powers are ever formed, and what underflows is zero in the sum.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _checks
from .._version import __version__
from ..errors import InputError
from ..levels import Levels
from .sensing_states import density_matrix

if TYPE_CHECKING:
    import xarray

Array = NDArray[np.float64]
_WEIGHT = 1e-15  # eigenvalues of ρ below this do not show in Q
_AMPLITUDE = 1e-18  # nor do m that the spin-coherent state does not reach
_LARGEST = 200_000_000


def husimi(
    levels: Levels, state: Any, theta: ArrayLike | None = None, phi: ArrayLike | None = None
) -> xarray.DataArray:
    """Husimi function of a state on a grid of the sphere.

    Parameters
    ----------
    levels : Levels
    state : str, int or array_like
        As for `density_matrix`.
    theta, phi : array_like, optional
        Angles in radians, 0 <= θ <= π from +z and φ from +x. Without them a regular grid, fine enough for the width
        1/√N of a spin-coherent state, poles included, φ from -π to π.

    Returns
    -------
    xarray.DataArray
        Q over `theta` and `phi`.

    Raises
    ------
    InputError
        For angles out of range, a grid that is too large, or a state that is no density matrix.

    Examples
    --------
    >>> import numpy as np
    >>> from einselect import LMG
    >>> from einselect.protocols import husimi
    >>> model = LMG(spins=370, field=0.95)
    >>> where = np.arccos([model.order_parameter, 0.0, -model.order_parameter])
    >>> cat = husimi(model.levels(8), "ground", where, [0.0])
    >>> print(cat.values[:, 0].round(3))  # both wells, and the barrier between them
    [0.352 0.143 0.352]
    """
    polar, azimuth = _grid(theta, phi, levels.spins)
    if len(polar) * max(levels.spins + 1, len(azimuth)) > _LARGEST:
        raise InputError(f"theta must have fewer values at this N; got {len(polar)}")
    values, vectors = np.linalg.eigh(density_matrix(levels, state))
    kept = values > _WEIGHT
    psi = (np.sqrt(values[kept]) * vectors[:, kept]).T @ levels.dicke_vectors()
    m = np.arange(levels.spins + 1) - levels.spins / 2.0
    wave = np.exp(1j * np.outer(m, azimuth))
    q = np.empty((len(polar), len(azimuth)))
    for i, size in enumerate(coherent_amplitudes(polar, m, levels.spins)):
        seen = size > _AMPLITUDE  # about √N of the m
        q[i] = np.sum(np.abs((size[seen] * psi[:, seen]) @ wave[seen]) ** 2, axis=0)
    return _labelled(q, polar, azimuth, levels.spins)


def coherent_amplitudes(theta: Array, m: NDArray[Any], spins: int) -> Array:
    """|<m|θ, φ>|, shape (len(theta), len(m))."""
    from scipy.special import gammaln, xlogy

    up, down = m + spins / 2.0, spins / 2.0 - m
    binomial = 0.5 * (gammaln(spins + 1.0) - gammaln(up + 1.0) - gammaln(down + 1.0))
    with np.errstate(divide="ignore"):  # log 0 at a pole
        log = binomial + xlogy(up, np.cos(theta / 2.0)[:, None]) + xlogy(down, np.sin(theta / 2.0)[:, None])
    return np.asarray(np.exp(log))


def _grid(theta: ArrayLike | None, phi: ArrayLike | None, spins: int) -> tuple[Array, Array]:
    """The angles asked for, or a regular grid."""
    steps = min(max(90, 2 * math.ceil(1.5 * math.pi * math.sqrt(spins))), 720)
    polar = np.linspace(0.0, math.pi, steps + 1) if theta is None else np.asarray(theta, dtype=np.float64)
    azimuth = np.linspace(-math.pi, math.pi, 2 * steps + 1) if phi is None else np.asarray(phi, dtype=np.float64)
    for name, angles, low, high in (("theta", polar, 0.0, math.pi), ("phi", azimuth, -2 * math.pi, 2 * math.pi)):
        if angles.ndim != 1 or not len(angles) or not np.all((angles >= low) & (angles <= high)):
            raise _checks.fail(name, f"one or more angles from {low:.6g} to {high:.6g}", theta if low == 0.0 else phi)
    return polar, azimuth


def _labelled(q: Array, theta: Array, phi: Array, spins: int) -> xarray.DataArray:
    import xarray

    return xarray.DataArray(
        q,
        dims=("theta", "phi"),
        coords={
            "theta": ("theta", theta, {"long_name": "angle from +z", "units": "rad"}),
            "phi": ("phi", phi, {"long_name": "azimuth from +x", "units": "rad"}),
        },
        name="husimi",
        attrs={
            "long_name": "<θ,φ|ρ|θ,φ>",
            "units": "1",
            "spins": spins,
            "normalisation": "(N + 1)/(4π) ∫ Q dΩ = Tr ρ",
            "software": f"einselect {__version__}",
        },
    )
