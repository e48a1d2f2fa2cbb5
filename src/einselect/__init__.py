"""Which coherence decoheres: exact doublets and dephasing rates of symmetry-broken collective spins.

Names are looked up where they are defined when they are first asked for, so that importing the package, which every
module of it does first, takes a millisecond.
"""

from importlib import import_module

from ._version import __version__

TYPE_CHECKING = False  # as in typing, which would take most of the time of this module
if TYPE_CHECKING:
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

_HOMES = {
    "Doublet": "doublet",
    "EinselectError": "errors",
    "InputError": "errors",
    "PhaseError": "errors",
    "ResolutionError": "errors",
    "UnitError": "errors",
    "JumpDoublet": "jump_doublet",
    "doublet_of": "jump_doublet",
    "DickeVector": "levels",
    "Levels": "levels",
    "Quality": "levels",
    "MatrixLevels": "matrix_levels",
    "MatrixOperator": "matrix_levels",
    "NamedOperator": "matrix_levels",
    "LMG": "models",
    "AnisotropicLMG": "models",
    "BoseJosephson": "models",
    "CustomModel": "models",
    "Dicke": "models",
    "FewModes": "models",
    "Rabi": "models",
    "SpinBoson": "models",
    "VibronicDimer": "models",
    "DephasingRates": "rates",
    "JumpOperator": "rates",
    "dephasing_coefficient": "rates",
    "dephasing_rates": "rates",
    "Condition": "regime",
    "Regime": "regime",
    "Thresholds": "regime",
    "CollectiveOperator": "spin",
    "Jm": "spin",
    "Jp": "spin",
    "Jx": "spin",
    "Jy": "spin",
    "Jz": "spin",
    "sweep": "sweeps",
    "Window": "window",
    "find_window": "window",
    "window_along": "window",
}

if not TYPE_CHECKING:  # else a misspelt name would pass for one that is found

    def __getattr__(name: str) -> object:
        if name in _HOMES:
            found = getattr(import_module(f".{_HOMES[name]}", __name__), name)
            globals()[name] = found
            return found
        if not name.startswith("_"):
            try:
                return import_module(f".{name}", __name__)  # a module of the package, such as `einselect.models`
            except ModuleNotFoundError as error:
                if error.name != f"{__name__}.{name}":
                    raise
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
