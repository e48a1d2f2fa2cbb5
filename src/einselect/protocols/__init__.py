"""Protocols: what dephasing does to a Leggett-Garg test, to a sensor, and which coherence limits them."""

from .invasive import Signalling
from .leggett_garg import LeggettGarg
from .lg_maps import k3_across
from .lg_values import LeggettGargValue, Threshold

__all__ = ["LeggettGarg", "LeggettGargValue", "Signalling", "Threshold", "k3_across"]
