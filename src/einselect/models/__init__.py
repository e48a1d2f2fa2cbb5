"""One Hamiltonian a file: parameters -> parity blocks, jump operators, semiclassics."""

from .aggregate import VibronicDimer
from .anisotropic import AnisotropicLMG
from .bose_josephson import BoseJosephson
from .coordinate import CoordinateStates, coordinate_states
from .custom import CustomModel
from .dicke import Dicke
from .few_modes import FewModes
from .lmg import LMG
from .rabi import Rabi
from .spin_boson import SpinBoson
from .vibronic_ring import VibronicRing

__all__ = [
    "LMG",
    "AnisotropicLMG",
    "BoseJosephson",
    "Dicke",
    "Rabi",
    "FewModes",
    "SpinBoson",
    "VibronicDimer",
    "VibronicRing",
    "CustomModel",
    "CoordinateStates",
    "coordinate_states",
]
