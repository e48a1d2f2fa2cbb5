"""Advice on a protocol: which coherence it lives on, which rate governs that, and whether it works.

The rate that governs is not looked up by name: it is the one that the exact answer shows. Beside it stand the rates
of a table, γG01, γ(G01 + J01²), γG_loc and 2γJ01², and what each of them would have predicted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._representation import Shown
from .._version import __version__
from ..regime import Condition
from .specification import LeggettGargSpec, SensingSpec, Specification


@dataclass(frozen=True)
class Weights:
    """Where the operator that a protocol follows lives at the start.

    Attributes
    ----------
    operator : str
        Which operator that is.
    coherences, populations : float
        Shares of its squared norm in the two parity sectors; their sum is 1.
    doublet : float
        Share within the doublet.
    elements : dict of str to float
        Shares of the doublet part in Re ρ_01, Im ρ_01, ρ_00 - ρ_11 and the rest (ρ_00 + ρ_11).
    """

    operator: str
    coherences: float
    populations: float
    doublet: float
    elements: Mapping[str, float]


@dataclass(frozen=True)
class RateEstimateNote:
    """One rate of the table: its value, and the signal that it would predict."""

    name: str
    rate: float | None
    predicted: float | None


@dataclass(frozen=True)
class Remedy:
    """The nearest value of one parameter at which a failing protocol works, the others as they are.

    Attributes
    ----------
    parameter : str
    present, needed : float
    factor : float
        needed/present.
    signal : float
        What it gives there.
    """

    parameter: str
    present: float
    needed: float
    factor: float
    signal: float


@dataclass(frozen=True, repr=False)
class Advice(Shown):
    """The answer of `advise`.

    Attributes
    ----------
    title : str
    kind : str
    coherence : str
        What the protocol is sensitive to, in words.
    weights : Weights
    rate : float or None
        The rate that the exact answer shows, in 1/time; None where it shows none.
    rate_name : str
        Which rate of the table it is near, and why that one.
    estimates : tuple of RateEstimateNote
    naive : str
        How wrong the mean-field rate would be, in words.
    checks : tuple of Condition
        What the rate's validity and the protocol ask for, each with its number.
    signal_name : str
    signal, error : float
        The figure of merit with noise, and its numerical error.
    ideal : float
        Without shot-to-shot noise.
    requirement : str
    works : bool or None
        None where nothing was asked for, or the error leaves it open.
    remedies : tuple of Remedy
        Nearest first; empty for a protocol that works.
    limits : dict of str to float or None
        For one that works: how far single parameters may go.
    units : dict of str to str
    warnings : tuple of str
    """

    title: str
    kind: str
    coherence: str
    weights: Weights
    rate: float | None
    rate_name: str
    estimates: tuple[RateEstimateNote, ...]
    naive: str
    checks: tuple[Condition, ...]
    signal_name: str
    signal: float
    error: float
    ideal: float
    requirement: str
    works: bool | None
    remedies: tuple[Remedy, ...]
    limits: Mapping[str, float | None]
    units: Mapping[str, str]
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Everything at full precision, keyed as in ``einselect advise --json``."""
        return {
            "title": self.title,
            "kind": self.kind,
            "coherence": self.coherence,
            "weights": {
                "operator": self.weights.operator,
                "coherences": self.weights.coherences,
                "populations": self.weights.populations,
                "doublet": self.weights.doublet,
                "elements": dict(self.weights.elements),
            },
            "rate": self.rate,
            "rate_name": self.rate_name,
            "estimates": [vars(estimate) for estimate in self.estimates],
            "naive": self.naive,
            "checks": [
                {"name": c.name, "value": c.value, "requirement": c.requirement, "holds": c.holds} for c in self.checks
            ],
            "signal_name": self.signal_name,
            "signal": self.signal,
            "error": self.error,
            "ideal": self.ideal,
            "requirement": self.requirement,
            "works": self.works,
            "remedies": [vars(remedy) for remedy in self.remedies],
            "limits": {name: None if v is None or math.isinf(v) else v for name, v in self.limits.items()},
            "units": dict(self.units),
            "warnings": list(self.warnings),
            "version": __version__,
        }


def advise(protocol: Specification | Mapping[str, Any] | str | Path) -> Advice:
    """Which coherence a protocol depends on, the rate that governs it, whether it works, and what would make it work.

    Parameters
    ----------
    protocol : Specification, mapping, or name of a TOML file

    Returns
    -------
    Advice

    Raises
    ------
    InputError
        For a protocol that cannot be read: the key, what is allowed, what was got.

    Examples
    --------
    >>> from einselect.protocols import advise
    >>> answer = advise({
    ...     "model": {"spins": 100, "field": 0.9},
    ...     "bath": {"gamma": 1e-7},
    ...     "protocol": {"kind": "leggett-garg"},
    ... })
    >>> answer.works, [check.name for check in answer.checks if check.holds is False]
    (True, [])
    """
    spec = protocol if isinstance(protocol, Specification) else Specification.read(protocol)
    if isinstance(spec.protocol, LeggettGargSpec):
        from .advice_leggett_garg import advise_leggett_garg

        return advise_leggett_garg(spec, spec.protocol)
    from .advice_sensing import advise_sensing, advise_squeezing

    if isinstance(spec.protocol, SensingSpec):
        return advise_sensing(spec, spec.protocol)
    return advise_squeezing(spec, spec.protocol)
