"""Dynamics that checks the rates: the doublet in closed form, the Lindblad equation on levels and in full."""

from .evolve import evolve
from .lindbladian import Lindbladian
from .modes import Mode, Modes, Plateau, SteadyStates
from .rate_check import RateCheck

__all__ = ["Lindbladian", "Mode", "Modes", "Plateau", "RateCheck", "SteadyStates", "evolve"]
