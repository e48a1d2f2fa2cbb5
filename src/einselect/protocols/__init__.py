"""Protocols: what dephasing does to a Leggett-Garg test, to a sensor, and which coherence limits them."""

from typing import TYPE_CHECKING, Any

from .fisher import doublet_quantum_fisher, fisher_matrix, quantum_fisher, symmetric_logarithmic_derivative
from .interrogation import Interrogation, RateEstimate, best_interrogation, effective_rate
from .invasive import Signalling
from .leggett_garg import LeggettGarg
from .lg_maps import k3_across, k3_by_level
from .lg_values import LeggettGargValue, Threshold
from .metrology_course import metrology
from .noise import Average, Ensemble, Noise
from .noise_limit import NoiseLimit
from .noise_scan import noise_limits, noise_scan
from .noisy_coherence import noisy_coherence
from .noisy_leggett_garg import NoisyK3, NoisyLeggettGarg
from .readout import classical_fisher
from .shot_dephasing import ShotDephasing, shot_dephasing
from .sphere import husimi
from .spin_squeezing import SpinSqueezing, squeezing

if TYPE_CHECKING:
    from .advice import Advice, Remedy, advise
    from .specification import Specification

__all__ = [
    "Advice",
    "Average",
    "Ensemble",
    "Interrogation",
    "LeggettGarg",
    "LeggettGargValue",
    "Noise",
    "NoiseLimit",
    "NoisyK3",
    "NoisyLeggettGarg",
    "RateEstimate",
    "Remedy",
    "ShotDephasing",
    "Signalling",
    "SpinSqueezing",
    "Specification",
    "Threshold",
    "advise",
    "best_interrogation",
    "classical_fisher",
    "doublet_quantum_fisher",
    "effective_rate",
    "fisher_matrix",
    "husimi",
    "k3_across",
    "k3_by_level",
    "metrology",
    "noise_limits",
    "noise_scan",
    "noisy_coherence",
    "quantum_fisher",
    "shot_dephasing",
    "squeezing",
    "symmetric_logarithmic_derivative",
]


def __getattr__(name: str) -> Any:
    """Advice reads files with pydantic, which takes longer to import than all the rest."""
    if name in ("Advice", "Remedy", "advise"):
        from . import advice

        return getattr(advice, name)
    if name == "Specification":
        from .specification import Specification

        return Specification
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
