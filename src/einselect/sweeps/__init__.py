"""Many doublets at once: grids of parameters, curves over N, all jump operators of a model, all systems."""

from .atlas import Atlas, AtlasRow, bath_atlas
from .run import sweep
from .sizes import parameter_curve, size_curve
from .systems import SystemComparison, SystemPoint, SystemRow, compare_systems, standard_systems

__all__ = [
    "Atlas",
    "AtlasRow",
    "SystemComparison",
    "SystemPoint",
    "SystemRow",
    "bath_atlas",
    "compare_systems",
    "parameter_curve",
    "size_curve",
    "standard_systems",
    "sweep",
]
