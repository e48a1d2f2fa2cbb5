"""A bath: the operator it couples to and its noise power, and both on levels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .. import _checks
from ..errors import InputError
from ..level_set import LevelSet
from ..spin import Jz, operator
from .spectra import FlatSpectrum, noise_power

if TYPE_CHECKING:
    from .spectra import Spectrum

Matrix = NDArray[np.complex128]


@dataclass(frozen=True)
class Bath:
    """A coupling A ⊗ B: a Hermitian operator of the system and the noise power of B.

    Parameters
    ----------
    operator : str, CollectiveOperator, NamedOperator, MatrixOperator or matrix
        A, as for `JumpOperator`: "Jz", ...; of other models one of their operators (``model.operator("x")``).
    spectrum : callable
        S(ω) >= 0 of one float, ω > 0 where the bath takes energy: see `spectra`.
    """

    operator: Any = Jz
    spectrum: Spectrum = field(default_factory=lambda: FlatSpectrum(1.0))

    def __post_init__(self) -> None:
        if not hasattr(self.operator, "shape") and not hasattr(self.operator, "dag"):
            object.__setattr__(self, "operator", operator(self.operator))
        if not callable(self.spectrum):
            raise _checks.fail("spectrum", "a function S(ω), such as FlatSpectrum(0.1)", self.spectrum)

    @property
    def name(self) -> str:
        """How the operator is written."""
        return str(getattr(self.operator, "name", "matrix"))

    def coupling(self, levels: LevelSet) -> Matrix:
        """A on the levels.

        Raises
        ------
        InputError
            If A is not Hermitian.
        """
        matrix = np.asarray(levels.matrix(self.operator), dtype=complex)
        skew, size = float(np.abs(matrix - matrix.conj().T).max()), float(np.abs(matrix).max())
        if skew > 1e-12 * size:
            raise InputError(f"bath operator must be Hermitian; got {self.name} with |A - A†| = {skew:.3g}")
        return np.asarray(0.5 * (matrix + matrix.conj().T))

    def filtered(self, coupling: Matrix, excitations: NDArray[np.float64]) -> Matrix:
        """Λ, Λ_ac = ½ S(E_c - E_a) A_ac."""
        released = excitations[None, :] - excitations[:, None]
        noise = np.zeros_like(released)
        for a, c in zip(*np.nonzero(coupling), strict=True):  # S is asked only where it enters
            noise[a, c] = noise_power(self.spectrum, float(released[a, c]))
        return np.asarray(0.5 * noise * coupling)
