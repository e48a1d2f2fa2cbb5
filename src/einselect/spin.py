r"""Collective spin operators in the Dicke basis, as coefficient functions of m.

Basis \|j, m>, j = N/2, Jz\|m> = m\|m>, J±\|m> = sqrt(j(j+1) - m(m±1)) \|m±1>, Jx = (J+ + J-)/2,
Jy = (J+ - J-)/(2i), ħ = 1. An operator is kept as its bands: shift s -> function f_s(m, j) = <m+s|O|m>.
Nothing of size N is stored, so the same object serves a window of a spin with N = 10⁸.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _checks

Band = Callable[[NDArray[np.float64], float], NDArray[Any]]


@dataclass(frozen=True)
class CollectiveOperator:
    """An operator on the symmetric sector of N spins, banded in m.

    Operators combine with ``+``, ``-``, ``*`` (numbers), ``@`` (products) and ``.dag()``.

    Parameters
    ----------
    name : str
        How the operator is written in tables and messages.
    bands : mapping of int to callable
        ``bands[s](m, j)`` is <m+s|O|m> for an array of m.

    Examples
    --------
    >>> from einselect.spin import Jx, Jy, Jz
    >>> import numpy as np
    >>> commutator = Jx @ Jy - Jy @ Jx
    >>> bool(np.allclose(commutator.matrix(5), 1j * Jz.matrix(5)))
    True
    """

    name: str
    bands: Mapping[int, Band]

    def coefficients(self, m: ArrayLike, j: float) -> dict[int, NDArray[Any]]:
        """Return {s: <m+s|O|m>} on the given m; zero where m + s leaves -j..j."""
        sites = np.asarray(m, dtype=np.float64)
        return {shift: np.broadcast_to(band(sites, j), sites.shape) for shift, band in self.bands.items()}

    def matrix(self, spins: int) -> NDArray[Any]:
        """Dense matrix for N = `spins`, rows and columns by ascending m; refused above N = 5000."""
        _checks.whole("spins", spins, 1, 5000)
        j = spins / 2.0
        m = np.arange(spins + 1) - j
        result: NDArray[Any] = np.zeros((spins + 1, spins + 1), dtype=complex)
        for shift, values in self.coefficients(m, j).items():
            if abs(shift) > spins:  # it leads out of the space from everywhere
                continue
            result += np.diag(values[: len(m) - shift] if shift >= 0 else values[-shift:], -shift)
        return result if np.any(result.imag) else np.ascontiguousarray(result.real)

    def dag(self) -> CollectiveOperator:
        """Hermitian conjugate: <m-s|O†|m> = <m|O|m-s>*."""

        def conjugate(band: Band, shift: int) -> Band:
            return lambda m, j: np.conj(band(m - shift, j))

        return CollectiveOperator(f"({self.name})†", {-s: conjugate(f, s) for s, f in self.bands.items()})

    def __matmul__(self, other: CollectiveOperator) -> CollectiveOperator:
        if not isinstance(other, CollectiveOperator):
            return NotImplemented

        def chain(first: Band, shift: int, second: Band) -> Band:
            return lambda m, j: first(m, j) * second(m + shift, j)

        bands: dict[int, Band] = {}
        for a, right in other.bands.items():
            for b, left in self.bands.items():
                bands[a + b] = _sum(bands.get(a + b), chain(right, a, left))
        return CollectiveOperator(f"{self.name} {other.name}", bands)

    def __add__(self, other: CollectiveOperator) -> CollectiveOperator:
        if not isinstance(other, CollectiveOperator):
            return NotImplemented
        bands = dict(self.bands)
        for shift, band in other.bands.items():
            bands[shift] = _sum(bands.get(shift), band)
        return CollectiveOperator(f"({self.name} + {other.name})", bands)

    def __mul__(self, factor: complex) -> CollectiveOperator:
        if isinstance(factor, CollectiveOperator) or not np.isscalar(factor):
            return NotImplemented

        def scale(band: Band) -> Band:
            return lambda m, j: factor * band(m, j)

        return CollectiveOperator(f"{factor:g} {self.name}", {s: scale(f) for s, f in self.bands.items()})

    __rmul__ = __mul__

    def __sub__(self, other: CollectiveOperator) -> CollectiveOperator:
        return self + (-1.0) * other

    def __repr__(self) -> str:
        return f"CollectiveOperator({self.name!r}, shifts={sorted(self.bands)})"


def _sum(first: Band | None, second: Band) -> Band:
    """Sum of two bands, the first of which may be absent."""
    if first is None:
        return second
    present = first
    return lambda m, j: present(m, j) + second(m, j)


def ladder(m: NDArray[np.float64], j: float) -> NDArray[np.float64]:
    """sqrt(j(j+1) - m(m+1)) = <m+1|J+|m>; zero at and beyond the ends.

    Written as (j-m)(j+m+1), exact in double precision up to N near 10⁸.
    """
    return np.sqrt(np.maximum((j - m) * (j + m + 1.0), 0.0))


def diagonal(function: Callable[[NDArray[np.float64]], ArrayLike], name: str) -> CollectiveOperator:
    """Operator f(Jz), from a function of an array of m.

    Examples
    --------
    >>> import numpy as np
    >>> from einselect.spin import diagonal
    >>> diagonal(np.sign, "sgn Jz").matrix(2).diagonal()
    array([-1.,  0.,  1.])
    """
    return CollectiveOperator(name, {0: lambda m, j: np.asarray(function(m))})


Jz = CollectiveOperator("Jz", {0: lambda m, j: m})
Jp = CollectiveOperator("J+", {1: ladder})
Jm = CollectiveOperator("J-", {-1: lambda m, j: ladder(m - 1.0, j)})
Jx = CollectiveOperator("Jx", {1: lambda m, j: 0.5 * ladder(m, j), -1: lambda m, j: 0.5 * ladder(m - 1.0, j)})
Jy = CollectiveOperator("Jy", {1: lambda m, j: -0.5j * ladder(m, j), -1: lambda m, j: 0.5j * ladder(m - 1.0, j)})
OPERATORS: Mapping[str, CollectiveOperator] = {"Jx": Jx, "Jy": Jy, "Jz": Jz, "J+": Jp, "J-": Jm}


def operator(value: str | CollectiveOperator) -> CollectiveOperator:
    """Return a collective operator from itself or from one of the names Jx, Jy, Jz, J+, J-."""
    if isinstance(value, CollectiveOperator):
        return value
    return OPERATORS[_checks.one_of("operator", value, OPERATORS)]
