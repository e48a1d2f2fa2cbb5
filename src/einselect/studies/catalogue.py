"""Everything that a study can ask of a point: name, formula, unit, what it needs, and where its number comes from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .. import _checks
from .families.doublet import DOUBLET, RATES
from .families.dynamics import DYNAMICS
from .families.leggett_garg import LEGGETT_GARG
from .families.metrology import METROLOGY
from .families.others import LOCAL, SEMICLASSICS, WINDOW
from .families.shot_noise import SHOT_NOISE
from .kinds import Option, Quantity

QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            *DOUBLET,
            *RATES,
            *DYNAMICS,
            *LEGGETT_GARG,
            *METROLOGY,
            *LOCAL,
            *SHOT_NOISE,
            *SEMICLASSICS,
            *WINDOW,
        )
    }
)
"""By name, in the order in which they are listed."""

OPTIONS: Mapping[str, Option] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Option("time", "time", "when the dynamics is read: '2 T2', '0.2 ms', or a plain number", "1 T2"),
            Option("state", "name", "initial state of the dynamics, or whose information is asked", "pointer"),
            Option("levels", "count", "levels of the dynamics: auto, full or a number", "auto"),
            Option("tolerance", "number", "accepted error; left out, that of the solver"),
            Option("level", "count", "description of a Leggett-Garg test: A, B, C, two-level, converged", "converged"),
            Option("initial", "name", "initial state of a Leggett-Garg test", "ground"),
            Option("tau", "time", "interval of a Leggett-Garg test; left out, π/(3ΔE)"),
            Option("form", "name", "form of a Leggett-Garg test: stationary or three-time", "stationary"),
            Option("generator", "name", "G of a rotation or of a field; left out, the order parameter (Jz of a spin)"),
            Option("frequency", "frequency", "ω of a field: an energy, or resonant for ΔE", 0.0),
            Option("phase", "number", "φ of a field in radians", 0.0),
            Option("noise_spins", "width", "standard deviation of N from shot to shot, or poisson", 0.0),
            Option("noise_field", "number", "relative standard deviation of Γ from shot to shot", 0.0),
            Option("noise_coupling", "number", "relative standard deviation of J from shot to shot", 0.0),
            Option("hold", "name", "what stays as N varies: coupling (J) or interaction (J/N)", "coupling"),
        )
    }
)
"""By name."""


def quantity(name: str) -> Quantity:
    """The quantity of that name.

    Raises
    ------
    InputError
        For a name that there is not, with the nearest one.

    Examples
    --------
    >>> from einselect.studies.catalogue import quantity
    >>> quantity("eta_mf").formula
    'η_MF = G_loc/(Γ_01/γ)'
    """
    return QUANTITIES[_checks.one_of("quantity", name, QUANTITIES)]
