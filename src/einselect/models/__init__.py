"""One Hamiltonian a file: parameters -> parity blocks, jump operators, semiclassics."""

from .anisotropic import AnisotropicLMG
from .bose_josephson import BoseJosephson
from .custom import CustomModel
from .lmg import LMG

__all__ = ["LMG", "AnisotropicLMG", "BoseJosephson", "CustomModel"]
