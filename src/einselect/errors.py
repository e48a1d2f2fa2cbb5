"""The errors that `einselect` raises on purpose.

Each carries one sentence that a user can act on: what was wrong, what is allowed, what was got.
The command line prints that sentence and exits with code 2.
"""

from __future__ import annotations


class EinselectError(Exception):
    """Base of every error that the package raises on purpose."""


class InputError(EinselectError, ValueError):
    """An argument that cannot be used: its message says what is allowed and what was got."""


class UnitError(InputError):
    """A physical quantity with an unknown, missing or unsuitable unit."""


class PhaseError(InputError):
    """A quantity asked for in a phase where it does not exist, such as m* at Γ ≥ J."""


class ResolutionError(EinselectError):
    """A number that the method cannot resolve; raised instead of printing noise."""


class TruncationError(ResolutionError):
    """A truncation whose bound stays above the tolerance.

    Parameters
    ----------
    bound : float
        What the truncation error is bounded by.
    levels : int
        With how many levels.
    tolerance : float
    advice : str
        What to ask for instead.
    """

    def __init__(self, bound: float, levels: int, tolerance: float, advice: str) -> None:
        self.bound, self.levels, self.tolerance, self.advice = bound, levels, tolerance, advice
        super().__init__(bound, levels, tolerance, advice)

    def __str__(self) -> str:
        return (
            f"the truncation error is bounded by {self.bound:.2g} only with {self.levels} levels, above the tolerance "
            f"{self.tolerance:g}: {self.advice}"
        )
