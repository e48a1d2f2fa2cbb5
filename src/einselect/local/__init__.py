"""Local noise on N spins: rates in closed form, dynamics on permutation-symmetric density matrices."""

from typing import TYPE_CHECKING, Any

from .evolve import evolve_local
from .jumps import LocalJump
from .rates import LocalRates, local_dephasing_coefficient, local_rates

if TYPE_CHECKING:
    from .lindbladian import LocalLindbladian
    from .states import maximally_mixed
    from .truncated import TruncatedLocalLindbladian

__all__ = [
    "LocalJump",
    "LocalLindbladian",
    "LocalRates",
    "evolve_local",
    "local_dephasing_coefficient",
    "local_rates",
    "TruncatedLocalLindbladian",
    "maximally_mixed",
]


def __getattr__(name: str) -> Any:
    """The dynamics needs the whole symmetric sector and SciPy's sparse matrices, which take long to import."""
    if name == "LocalLindbladian":
        from .lindbladian import LocalLindbladian

        return LocalLindbladian
    if name == "TruncatedLocalLindbladian":
        from .truncated import TruncatedLocalLindbladian

        return TruncatedLocalLindbladian
    if name == "maximally_mixed":
        from .states import maximally_mixed

        return maximally_mixed
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
