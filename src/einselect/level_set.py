"""What every set of levels can do, whatever system they are of.

Rates, dynamics and protocols ask a set of levels for energies, parities, matrix elements and states by name, and for
nothing else. What an operator is depends on the system: `Levels` (a collective spin) takes coefficient functions of m,
`MatrixLevels` (anything else) matrices in its own basis and the names that the model gives them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _checks
from ._representation import Shown
from .errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
# ln ΔE known to less than this is no number: ΔE is then given as a bound.
_UNRESOLVED = 0.1


@dataclass(frozen=True)
class Quality:
    """How well an answer is known. Energies in the unit of the answer that carries this.

    Attributes
    ----------
    residual : float
        Largest ‖Hψ - Eψ‖ on the window.
    energy_error : float
        Bound on the rounding and truncation error of the energies.
    vector_error : float
        (residual + rounding)/gap: size of the error of the normalised state vectors; of given matrices for the two
        lowest.
    log_splitting_error : float
        Estimated error of ln ΔE, that is, the relative error of ΔE.
    edge : float
        Largest amplitude at a cut edge of the window, relative to the peak (0 where nothing is cut);
        the cut shifts energies and moments by about its square.
    window : tuple of float
        The m >= 0 kept.
    solves : int
        Tridiagonal solves used.
    """

    residual: float
    energy_error: float
    vector_error: float
    log_splitting_error: float
    edge: float
    window: tuple[float, float]
    solves: int


def adjoint(op: Any) -> Any:
    """L† of a `CollectiveOperator`, a dense or sparse matrix, or a matrix-free operator."""
    if hasattr(op, "dag"):
        return op.dag()
    return op.adjoint() if hasattr(op, "adjoint") else op.conj().T


class LevelSet(Shown):
    """Base of `Levels` and `MatrixLevels`: the lowest k levels of a system.

    Attributes
    ----------
    energies : ndarray, shape (k,)
        E_n, ascending; unit `energy_unit`, ħ = 1.
    excitations : ndarray, shape (k,)
        E_n - E_0; the second is 0 where the splitting of a doublet is not resolved (see `splitting_bound`).
    parities : ndarray of int, shape (k,)
        +1 or -1; 0 for all where no parity is conserved.
    energy_unit : str
        "J", "plain" or "rad/s".
    quality : Quality
    mixing : float
        Pointer states cos φ|E0> + sin φ|E1> and sin φ|E0> - cos φ|E1>. φ = π/4 by parity; where the parity is
        broken, the two states of the doublet in which the order parameter is diagonal.
    barrier_top : float or None
        Classical energy at the top of a barrier between two wells, where there is such a thing.
    """

    energies: Array
    excitations: Array
    parities: NDArray[np.int64]
    energy_unit: str
    quality: Quality
    mixing: float
    barrier_top: float | None

    def __len__(self) -> int:
        return len(self.energies)

    @property
    def dimension(self) -> int:
        """Dimension of the whole space that the levels are of."""
        raise NotImplementedError

    def matrix(self, op: Any) -> NDArray[Any]:
        """Matrix <E_a|O|E_b> on these levels, shape (k, k)."""
        raise NotImplementedError

    @property
    def parity_conserved(self) -> bool:
        """Whether the levels have parities."""
        return bool(np.all(self.parities))

    @property
    def splitting_bound(self) -> float | None:
        """Upper bound on ΔE = E_1 - E_0 where that is not resolved; None where it is."""
        if self.excitations[1] > 0.0 and self.quality.log_splitting_error < _UNRESOLVED:
            return None
        return float(self.excitations[1]) + 2.0 * self.quality.energy_error

    def state(self, which: int | str | ArrayLike) -> NDArray[Any]:
        """Coefficients over these levels of a state.

        Parameters
        ----------
        which : int, str, or array_like
            A level's index; "E0", "E1", ...; "P" or "R" for the pointer states, (|E0> ± |E1>)/√2 by parity (see
            `mixing`); or k coefficients, which are normalised.

        Returns
        -------
        ndarray, shape (k,)
        """
        result: NDArray[Any] = np.zeros(len(self))
        if isinstance(which, str):
            if which in ("P", "R"):
                _checks.whole("levels", len(self), 2)
                c, s = math.cos(self.mixing), math.sin(self.mixing)
                if self.mixing == math.pi / 4:
                    c = s = math.sqrt(0.5)
                result[:2] = (c, s) if which == "P" else (s, -c)
                return result
            names = [f"E{n}" for n in range(len(self))]
            result[names.index(_checks.one_of("state", which, [*names, "P", "R"]))] = 1.0
            return result
        if np.ndim(which) == 0:
            result[_checks.whole("state index", which, 0, len(self) - 1)] = 1.0
            return result
        given = np.asarray(which)
        if given.shape != (len(self),) or not np.all(np.isfinite(given)) or not np.any(given):
            raise InputError(f"state must have {len(self)} finite coefficients, not all zero; got {which!r}")
        return np.asarray(given / np.linalg.norm(given))

    def element(self, op: Any, bra: int | str | ArrayLike, ket: int | str | ArrayLike) -> complex:
        """<bra|O|ket>, with states as in `state`."""
        return complex(np.conj(self.state(bra)) @ self.matrix(op) @ self.state(ket))

    def expectation(self, op: Any, which: int | str | ArrayLike) -> float:
        """Real part of <ψ|O|ψ>, with the state as in `state`."""
        return self.element(op, which, which).real

    def dicke_vectors(self) -> Array:
        """All levels in the Dicke basis: of a collective spin only."""
        return self._no_spin("Dicke vectors")

    def amplitudes(self, state: Any) -> Array:
        """Overlaps with a state given in the Dicke basis: of a collective spin only."""
        return self._no_spin("Dicke amplitudes")

    def _no_spin(self, what: str) -> NoReturn:
        raise InputError(f"{what} must be asked of a collective spin; got levels of given matrices")

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the level diagram on `ax` or new axes; see `einselect.plots.plot_levels`."""
        from .plots import plot_levels

        return plot_levels(self, ax)
