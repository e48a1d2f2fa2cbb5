"""Which coherence decoheres: exact doublets and dephasing rates of symmetry-broken collective spins."""

from ._version import __version__
from .doublet import Doublet
from .errors import EinselectError, InputError, PhaseError, ResolutionError, UnitError
from .jump_doublet import JumpDoublet, doublet_of
from .levels import DickeVector, Levels, Quality
from .matrix_levels import MatrixLevels, MatrixOperator, NamedOperator
from .models import LMG, AnisotropicLMG, BoseJosephson, CustomModel, Dicke, FewModes, Rabi, SpinBoson, VibronicDimer
from .rates import DephasingRates, JumpOperator, dephasing_coefficient, dephasing_rates
from .regime import Condition, Regime, Thresholds
from .spin import CollectiveOperator, Jm, Jp, Jx, Jy, Jz
from .sweeps import sweep
from .window import Window, find_window, window_along

__all__ = [
    "LMG",
    "AnisotropicLMG",
    "BoseJosephson",
    "Dicke",
    "Rabi",
    "FewModes",
    "SpinBoson",
    "VibronicDimer",
    "CustomModel",
    "Doublet",
    "JumpDoublet",
    "doublet_of",
    "Levels",
    "MatrixLevels",
    "MatrixOperator",
    "NamedOperator",
    "DickeVector",
    "Quality",
    "dephasing_rates",
    "dephasing_coefficient",
    "DephasingRates",
    "JumpOperator",
    "Regime",
    "Condition",
    "Thresholds",
    "find_window",
    "window_along",
    "Window",
    "sweep",
    "CollectiveOperator",
    "Jx",
    "Jy",
    "Jz",
    "Jp",
    "Jm",
    "EinselectError",
    "InputError",
    "PhaseError",
    "ResolutionError",
    "UnitError",
    "__version__",
]
