"""One Hamiltonian a file: parameters -> parity blocks, jump operators, semiclassics."""

from .lmg import LMG

__all__ = ["LMG"]
