"""One Hamiltonian a file: parameters -> parity blocks, jump operators, semiclassics."""

from .anisotropic import AnisotropicLMG
from .bose_josephson import BoseJosephson
from .custom import CustomModel
from .dicke import Dicke
from .lmg import LMG
from .rabi import Rabi

__all__ = ["LMG", "AnisotropicLMG", "BoseJosephson", "Dicke", "Rabi", "CustomModel"]
