"""What a visitor may ask for: sizes, text, time, sessions. Every refusal names its bound."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import InputError

LONGEST_TEXT = 64
"""Characters in one entry."""

LONGEST_LINK = 4096
"""Characters in the query of a link."""

SECONDS = 60.0
"""How long one computation may take."""

WORKERS = 4
"""How many computations one server runs at a time; each visitor has one of them at most."""

SESSIONS = 100
"""How many pages one server has open at a time."""

MESSAGE_BYTES = 1_000_000
"""Length of one message from a browser."""

MOST: Mapping[str, Mapping[str, float]] = {
    "lmg": {"spins": 1e8},
    "bose-josephson": {"spins": 1e8},
    "anisotropic": {"spins": 2e4},
    "dicke": {"spins": 200, "coupling": 100.0},
    "rabi": {"coupling": 100.0},
    "dimer": {"huang_rhys": 100.0},
    "ring": {"sites": 3, "huang_rhys": 8.0},
}
"""Largest parameters by model: each keeps a computation within seconds and below some 100 MB."""

LEVELS = 52
"""Levels that a run on the page Dynamics may take."""

BLOCK = 1600
"""Size of the largest block of its generator: the work grows with its third power, to some 7 s and 230 MB there."""

TIMES = 2001
"""Times of one curve."""

FULL_SPINS = 200
"""Spins of a run on all levels."""

SPHERE_SPINS = 2000
"""Spins of a Husimi function: its grid follows the width 1/√N of a spin-coherent state."""

CONVERGED_SPINS = 1000
"""Spins of a Leggett-Garg test on all levels."""

NOISE_SPINS = 5000
"""Spins of an average over shots."""

NOISE_WIDTH = 20.0
"""Largest standard deviation of the atom number in such an average."""

SHOWN_LEVELS = 40
"""Levels in the diagram of the page Systems."""

SENSING_SPINS = 20_000
"""Spins of a time course of Fisher information."""


def check_text(name: str, text: str) -> None:
    """Refuse an entry too long to be a number with a unit."""
    if len(text) > LONGEST_TEXT:
        raise InputError(f"{name} must be at most {LONGEST_TEXT} characters long; got {len(text)}")


def setting(options: Mapping[str, str], name: str, default: str) -> str:
    """A setting of a page as typed, its default where it is empty; too long a one is refused."""
    text = options.get(name, "") or default
    check_text(name.rpartition(".")[2], text)
    return text


def check_size(model: str, name: str, value: float, where: str = "the explorer") -> None:
    """Refuse a parameter of a model above its bound.

    Parameters
    ----------
    model, name : str
        As in the registry of models.
    value : float
    where : str
        What the bound belongs to, for the message.

    Raises
    ------
    InputError
    """
    most = MOST.get(model, {}).get(name)
    if most is not None and abs(value) > most:
        check_most(name, value, most, where)


def check_most(name: str, value: float, most: float, where: str = "the explorer") -> None:
    """Refuse a value above a bound, naming both.

    Examples
    --------
    >>> check_most("spins", 5000, 2000, "the page Dynamics")
    Traceback (most recent call last):
    einselect.errors.InputError: spins must be at most 2000, the bound of the page Dynamics; got 5000
    """
    if abs(value) > most:
        raise InputError(f"{name} must be at most {most:.12g}, the bound of {where}; got {value:.12g}")
