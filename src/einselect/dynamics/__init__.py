"""Dynamics that checks the rates: the doublet in closed form, the Lindblad equation on levels and in full."""

from typing import TYPE_CHECKING, Any

from .atom_loss import AtomLoss, atom_loss
from .bloch import DoubletBloch
from .corollaries import Decoupling, SecularTerm
from .doublet_readout import bloch_vector
from .evolve import evolution, evolve
from .level_states import LevelStates
from .lindbladian import Lindbladian
from .loss_cascade import LossCascade, LossEvolution
from .loss_course import loss_course, losses
from .modes import Mode, Modes, Plateau, SteadyStates
from .quasi_static import Meeting, QuasiStaticNoise
from .rate_check import RateCheck
from .redfield import Bath, Redfield
from .response import Response, linear_response, unitary_response
from .restricted import DoubletMode, RestrictedLindbladian
from .spectra import FlatSpectrum, OhmicSpectrum, OneOverFSpectrum
from .static_course import static_noise_course

if TYPE_CHECKING:
    from .fullspace import FullLindbladian

__all__ = [
    "AtomLoss",
    "Bath",
    "Decoupling",
    "DoubletBloch",
    "DoubletMode",
    "FlatSpectrum",
    "FullLindbladian",
    "LevelStates",
    "Lindbladian",
    "LossCascade",
    "LossEvolution",
    "Meeting",
    "Mode",
    "Modes",
    "OhmicSpectrum",
    "OneOverFSpectrum",
    "Plateau",
    "QuasiStaticNoise",
    "RateCheck",
    "Redfield",
    "Response",
    "RestrictedLindbladian",
    "SecularTerm",
    "SteadyStates",
    "atom_loss",
    "bloch_vector",
    "evolution",
    "evolve",
    "linear_response",
    "loss_course",
    "losses",
    "static_noise_course",
    "unitary_response",
]


def __getattr__(name: str) -> Any:
    """The whole symmetric sector needs SciPy's sparse matrices, which take longer to import than all the rest."""
    if name == "FullLindbladian":
        from .fullspace import FullLindbladian

        return FullLindbladian
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
