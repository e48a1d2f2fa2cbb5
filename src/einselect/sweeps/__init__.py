"""Many doublets at once: grids of parameters, curves over N, all jump operators of a model."""

from .atlas import Atlas, AtlasRow, bath_atlas
from .run import sweep
from .sizes import size_curve

__all__ = ["Atlas", "AtlasRow", "bath_atlas", "size_curve", "sweep"]
