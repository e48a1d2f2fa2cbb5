"""Operators of one bosonic mode in the Fock basis |0>, ..., |size - 1>, ħ = 1."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from . import _checks

Array = NDArray[np.float64]
_MOST = 100_000


def destroy(size: int) -> Array:
    """a, with a|n> = sqrt(n)|n-1>; the transpose is a†.

    Examples
    --------
    >>> from einselect.boson import destroy
    >>> a = destroy(3)
    >>> (a.T @ a).diagonal().round(12)
    array([0., 1., 2.])
    """
    return np.diag(np.sqrt(np.arange(1.0, _checks.whole("size", size, 1, _MOST))), 1)


def parity(size: int) -> Array:
    """(-1)^n, the diagonal of exp(iπ a†a)."""
    return np.asarray(1.0 - 2.0 * (np.arange(_checks.whole("size", size, 1, _MOST)) % 2), dtype=np.float64)


def displacement(shift: float, rows: int, columns: int) -> Array:
    r"""<m|D(δ)|n> of D(δ) = exp(δ(a† - a)), δ real: the overlaps of Fock states of two oscillators δ apart.

    <m|D|n> = sqrt(n!/m!) δ^(m-n) exp(-δ²/2) L_n^(m-n)(δ²) for m >= n, and <n|D|m> = (-1)^(m-n) <m|D|n>. Exact entries:
    nothing is cut off before they are worked out.

    Parameters
    ----------
    shift : float
        δ.
    rows, columns : int

    Returns
    -------
    ndarray, shape (rows, columns)

    Examples
    --------
    >>> import numpy as np
    >>> from einselect.boson import displacement
    >>> d = displacement(0.7, 60, 5)
    >>> bool(np.allclose(d.T @ d, np.eye(5), atol=1e-14))
    True
    """
    _checks.whole("rows", rows, 1, _MOST)
    _checks.whole("columns", columns, 1, _MOST)
    if shift == 0.0:
        return np.eye(rows, columns)
    from scipy.special import eval_genlaguerre, gammaln

    m, n = np.ogrid[:rows, :columns]
    low, high = np.minimum(m, n), np.maximum(m, n)
    order = high - low
    logs = 0.5 * (gammaln(low + 1.0) - gammaln(high + 1.0)) + order * math.log(abs(shift)) - 0.5 * shift * shift
    sign = np.where((order % 2 == 1) & ((m < n) != (shift < 0.0)), -1.0, 1.0)
    return np.asarray(sign * np.exp(logs) * eval_genlaguerre(low, order.astype(float), shift * shift))


def oscillator_waves(positions: Array, size: int) -> Array:
    r"""φ_n(x) = (2^n n! √π)^(-½) H_n(x) exp(-x²/2), the wavefunctions of the Fock states over x = (a + a†)/√2.

    By φ_(n+1) = sqrt(2/(n + 1)) x φ_n - sqrt(n/(n + 1)) φ_(n-1). Every φ_n begins with φ_0, which is zero in double
    precision beyond \|x| = 38; there so are those with n up to about 600.

    Parameters
    ----------
    positions : ndarray, shape (k,)
        x.
    size : int

    Returns
    -------
    ndarray, shape (size, k)

    Examples
    --------
    >>> import numpy as np
    >>> from einselect.boson import oscillator_waves
    >>> x = np.linspace(-12.0, 12.0, 241)
    >>> waves = oscillator_waves(x, 20)
    >>> bool(np.allclose(0.1 * waves @ waves.T, np.eye(20), atol=1e-13))
    True
    """
    _checks.whole("size", size, 1, _MOST)
    x = np.asarray(positions, dtype=np.float64)
    waves = np.empty((size, len(x)))
    waves[0] = math.pi**-0.25 * np.exp(-0.5 * x * x)
    if size > 1:
        waves[1] = math.sqrt(2.0) * x * waves[0]
    for n in range(1, size - 1):
        waves[n + 1] = math.sqrt(2.0 / (n + 1)) * x * waves[n] - math.sqrt(n / (n + 1)) * waves[n - 1]
    return waves


def half_line(edge: float, size: int) -> Array:
    r"""<m|sgn(q - q_0)|n>, q = (a + a†)/√2: which side of q_0 the oscillator is on. Exact entries.

    With the oscillator's wavefunctions φ_n, ∫_{q_0}^∞ φ_m φ_n dq = (φ_n φ_m' - φ_m φ_n')/(2(m - n)) at q_0 for m ≠ n,
    and that of φ_n² exceeds that of φ_(n-1)² by φ_(n-1) φ_n/√(2n).

    Parameters
    ----------
    edge : float
        q_0.
    size : int

    Returns
    -------
    ndarray, shape (size, size)

    Examples
    --------
    >>> import numpy as np
    >>> from einselect.boson import half_line
    >>> bool(np.isclose(half_line(0.0, 4)[0, 1], np.sqrt(2 / np.pi)))  # the mean of |q| over that of q²
    True
    """
    _checks.whole("size", size, 1, _MOST)
    n = np.arange(size)
    waves = oscillator_waves(np.array([float(edge)]), size + 1)[:, 0]
    below = np.concatenate(([0.0], waves[: size - 1]))
    slopes = np.sqrt(0.5 * n) * below - np.sqrt(0.5 * (n + 1)) * waves[1:]
    waves = waves[:size]
    crossed = np.multiply.outer(slopes, waves)
    apart = 2.0 * np.subtract.outer(n, n)
    inside = np.divide(crossed - crossed.T, apart, out=np.zeros((size, size)), where=apart != 0.0)
    more = np.cumsum(np.concatenate(([0.0], waves[:-1] * waves[1:] / np.sqrt(2.0 * n[1:]))))
    np.fill_diagonal(inside, 0.5 * math.erfc(edge) + more)
    return np.asarray(2.0 * inside - np.eye(size))
