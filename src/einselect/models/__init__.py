"""One Hamiltonian a file: parameters -> parity blocks, jump operators, semiclassics."""

from .anisotropic import AnisotropicLMG
from .custom import CustomModel
from .lmg import LMG

__all__ = ["LMG", "AnisotropicLMG", "CustomModel"]
