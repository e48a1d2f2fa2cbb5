"""Dynamics that checks the rates: the doublet in closed form, the Lindblad equation on levels and in full."""

from .bloch import DoubletBloch, bloch_vector
from .corollaries import Decoupling, SecularTerm
from .evolve import evolve
from .fullspace import FullLindbladian
from .lindbladian import Lindbladian
from .modes import Mode, Modes, Plateau, SteadyStates
from .rate_check import RateCheck
from .redfield import Bath, Redfield
from .restricted import DoubletMode, RestrictedLindbladian
from .spectra import FlatSpectrum, OhmicSpectrum, OneOverFSpectrum

__all__ = [
    "Bath",
    "Decoupling",
    "DoubletBloch",
    "DoubletMode",
    "FlatSpectrum",
    "FullLindbladian",
    "Lindbladian",
    "Mode",
    "Modes",
    "OhmicSpectrum",
    "OneOverFSpectrum",
    "Plateau",
    "RateCheck",
    "Redfield",
    "RestrictedLindbladian",
    "SecularTerm",
    "SteadyStates",
    "bloch_vector",
    "evolve",
]
