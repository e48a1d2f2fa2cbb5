"""Protocols: what dephasing does to a Leggett-Garg test, to a sensor, and which coherence limits them."""

from .invasive import Signalling
from .leggett_garg import LeggettGarg
from .lg_maps import k3_across
from .lg_values import LeggettGargValue, Threshold
from .noise import Average, Ensemble, Noise
from .noisy_leggett_garg import NoiseLimit, NoisyK3, NoisyLeggettGarg

__all__ = [
    "Average",
    "Ensemble",
    "LeggettGarg",
    "LeggettGargValue",
    "Noise",
    "NoiseLimit",
    "NoisyK3",
    "NoisyLeggettGarg",
    "Signalling",
    "Threshold",
    "k3_across",
]
