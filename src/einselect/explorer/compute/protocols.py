"""The page Protocols: which protocol a state asks for, and with which settings."""

from __future__ import annotations

from ... import _checks
from .. import bounds
from ..jobs import Job
from ..state import State
from .atom_noise import NoiseAnswer, atom_noise
from .leggett_garg import LEVELS, QUICK, LeggettGargAnswer, leggett_garg
from .sensing import SensingAnswer, sensing

Answer = LeggettGargAnswer | SensingAnswer | NoiseAnswer
SETTINGS = {
    "show": "leggett-garg",
    "initial": "ground",
    "levels": "quick",
    "sensor": "ground",
    "signal": "Jz",
    "field": "static",
    "scheme": "repeated",
    "end": "2T2",
    "noise": "2",
    "level": "C",
}
"""Of the page Protocols, as ``protocols.show`` and so on, with their defaults."""
PROTOCOLS = ("leggett-garg", "sensing", "noise")


def compute(state: State, job: Job) -> Answer:
    """What the page Protocols shows of a state: one of its protocols."""
    own = {name: bounds.setting(state.options, f"protocols.{name}", default) for name, default in SETTINGS.items()}
    _checks.one_of("show", own["show"], PROTOCOLS)
    _checks.one_of("levels", own["levels"], ("quick", "all"))
    _checks.one_of("field", own["field"], ("static", "resonant"))
    system = state.system()
    if own["show"] == "sensing":
        resonant, end = own["field"] == "resonant", own["end"]
        return sensing(
            system,
            state=own["sensor"],
            signal=own["signal"],
            resonant=resonant,
            scheme=own["scheme"],
            t_end=end,
            job=job,
        )
    if own["show"] == "noise":
        return atom_noise(system, width=own["noise"], level=own["level"], t_end=own["end"], job=job)
    levels = LEVELS if own["levels"] == "all" else QUICK
    return leggett_garg(system, initial=own["initial"], levels=levels, job=job)
