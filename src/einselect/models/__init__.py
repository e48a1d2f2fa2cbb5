"""One Hamiltonian a file: parameters -> parity blocks, jump operators, semiclassics."""

from .custom import CustomModel
from .lmg import LMG

__all__ = ["LMG", "CustomModel"]
