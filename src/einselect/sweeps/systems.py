"""The same question of every system: its doublet under its natural jump operators, side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import _checks
from .._representation import Shown
from .._version import __version__
from ..errors import InputError
from ..models import LMG, AnisotropicLMG, BoseJosephson, Dicke, FewModes, Rabi, SpinBoson, VibronicDimer, VibronicRing
from ..models.registry import MODELS
from .atlas import AtlasRow, bath_atlas

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class SystemPoint:
    """A system at given parameters, and the jump operators to ask about.

    Attributes
    ----------
    name : str
    model : model
    jumps : tuple of str
        The first is the natural one.
    """

    name: str
    model: Any
    jumps: tuple[str, ...]


@dataclass(frozen=True)
class SystemRow:
    """One system under one jump operator L.

    Attributes
    ----------
    system, at : str
        Its name, and its parameters.
    bath : AtlasRow
        L with its parity, both rates, η = Γ_PR/Γ_01, and η with L on the doublet only, without leakage.
    splitting, splitting_bound : float or None
        ΔE in the unit of the model's energies, or where that is not resolved an upper bound on it.
    parity_conserved : bool
        Whether H has the parity.
    """

    system: str
    at: str
    bath: AtlasRow
    splitting: float | None
    splitting_bound: float | None
    parity_conserved: bool


@dataclass(frozen=True, repr=False)
class SystemComparison(Shown):
    """Pointer and eigenstate rates over systems, from `compare_systems`.

    Attributes
    ----------
    points : tuple of SystemPoint
    rows : tuple of SystemRow
        All jump operators of the first system, then of the next.
    """

    points: tuple[SystemPoint, ...]
    rows: tuple[SystemRow, ...]

    def dataset(self) -> xarray.Dataset:
        """Over `row`: system, at, jump, parity, eta, limit, leakage_share, splitting, splitting_bound; NaN for none."""
        import xarray

        columns: dict[str, tuple[list[Any], str]] = {
            "system": ([row.system for row in self.rows], "system"),
            "at": ([row.at for row in self.rows], "parameters"),
            "jump": ([row.bath.jump for row in self.rows], "jump operator L"),
            "parity": ([row.bath.parity for row in self.rows], "parity of L on the doublet"),
            "eta": ([_or_nan(row.bath.eta) for row in self.rows], "Γ_PR/Γ_01"),
            "limit": ([_or_nan(row.bath.eta_restricted) for row in self.rows], "Γ_PR/Γ_01 without leakage"),
            "leakage_share": ([row.bath.leakage_share for row in self.rows], "part of L†L that leads out"),
            "splitting": ([_or_nan(row.splitting) for row in self.rows], "ΔE; NaN where it is not resolved"),
            "splitting_bound": ([_or_nan(row.splitting_bound) for row in self.rows], "bound on ΔE; NaN where resolved"),
        }
        return xarray.Dataset(
            {name: ("row", values, {"long_name": text}) for name, (values, text) in columns.items()},
            attrs={"software": f"einselect {__version__}"},
        )

    def as_dict(self) -> dict[str, Any]:
        """The rows as dictionaries."""
        return {"systems": [{**vars(row), "bath": vars(row.bath)} for row in self.rows], "version": __version__}

    def markdown(self) -> str:
        """A table for a page of text: a row for each system and jump operator.

        Examples
        --------
        >>> from einselect import LMG
        >>> from einselect.sweeps import SystemPoint, compare_systems
        >>> print(compare_systems([SystemPoint("LMG", LMG(370, 0.95), ("Jz", "Jx"))]).markdown())
        | system | at | ΔE | jump operator | η | η without leakage | decoheres more slowly |
        |---|---|---|---|---|---|---|
        | LMG | N = 370, Γ = 0.95, J = 1 | 1.76e-02 | Jz (odd) | 1.8634 | 2.000 | energy eigenstates |
        |  |  |  | Jx (even) | 0.9784 | 0.500 | pointer states |
        """
        lines = [
            "| system | at | ΔE | jump operator | η | η without leakage | decoheres more slowly |",
            "|---|---|---|---|---|---|---|",
        ]
        before = ""
        for row in self.rows:
            own = f"{row.splitting:.2e}" if row.splitting is not None else f"< {row.splitting_bound:.1e}"
            head = (row.system, row.at, own) if row.system != before else ("", "", "")
            before, bath = row.system, row.bath
            eta, limit = (f"{_or_nan(value):.{n}f}" for value, n in ((bath.eta, 4), (bath.eta_restricted, 3)))
            cells = (*head, f"{bath.jump} ({bath.parity})", eta, limit, bath.spared)
            lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines)


def standard_systems() -> tuple[SystemPoint, ...]:
    """The systems of the package, each at one point of its ordered phase, with jump operators of both parities.

    Returns
    -------
    tuple of SystemPoint
    """
    continuum = SpinBoson(tunnelling=1.0, strength=0.2, cutoff=50.0)
    return (
        SystemPoint("LMG", LMG(370, 0.95), ("Jz", "Jx")),
        SystemPoint("anisotropic LMG", AnisotropicLMG(200, 0.8, -0.5), ("Jz", "Jx")),
        SystemPoint("tilted LMG", AnisotropicLMG(200, 0.8, -0.5, tilt=3e-8), ("Jz",)),
        SystemPoint("two-mode condensate", BoseJosephson(200, 0.5, 0.006), ("Jz", "Jx")),
        SystemPoint("Dicke", Dicke(20, 0.7), ("a", "x", "J-", "n")),
        SystemPoint("quantum Rabi", Rabi(2.5), ("a", "Jx", "J-")),
        SystemPoint("spin and two modes", FewModes(1.0, (1.5, 3.0), (2.5, 2.0)), ("sz", "b0")),
        SystemPoint("Ohmic spin-boson", continuum.discretised(3), ("sz",)),
        SystemPoint("vibronic dimer", VibronicDimer(-0.5, 4.0), ("difference", "site1", "b")),
        SystemPoint("vibronic chain of three", VibronicRing(3, -0.3, 2.0, closing=0.0), ("difference", "site1")),
    )


def compare_systems(points: Iterable[SystemPoint] | None = None) -> SystemComparison:
    """Both coherences of the doublet of every system, under each of its jump operators.

    Parameters
    ----------
    points : iterable of SystemPoint, optional
        Default: `standard_systems`. The three modes of its spin-boson model stand for a continuum, which is an
        approximation (see `SpinBoson`); its tilt makes an LMG model of broken parity.

    Returns
    -------
    SystemComparison

    Raises
    ------
    InputError
        For no systems, two of one name, or one without jump operators.

    Examples
    --------
    >>> from einselect.sweeps import compare_systems, standard_systems
    >>> for row in compare_systems(standard_systems()[4:6]).rows:
    ...     print(f"{row.system:12s} {row.at:22s} {row.bath.jump:2s} {row.bath.eta:.4f} {row.bath.eta_restricted:.3f}")
    Dicke        N = 20, λ = 0.7, ω = 1, ω0 = 1 a  1.9966 2.000
    Dicke        N = 20, λ = 0.7, ω = 1, ω0 = 1 x  1.9606 2.000
    Dicke        N = 20, λ = 0.7, ω = 1, ω0 = 1 J- 1.9834 2.000
    Dicke        N = 20, λ = 0.7, ω = 1, ω0 = 1 n  1.0000 0.500
    quantum Rabi λ = 2.5, ω = 1, ω0 = 1 a  2.0000 2.000
    quantum Rabi λ = 2.5, ω = 1, ω0 = 1 Jx 1.9982 2.000
    quantum Rabi λ = 2.5, ω = 1, ω0 = 1 J- 1.5208 2.000
    """
    chosen = standard_systems() if points is None else tuple(points)
    if not chosen or not all(isinstance(point, SystemPoint) for point in chosen):
        raise InputError(f"points must be one or more SystemPoint; got {points!r}")
    names = [point.name for point in chosen]
    if len(set(names)) < len(names):
        raise _checks.fail("points", "of different names", names)
    return SystemComparison(chosen, tuple(row for point in chosen for row in _rows(point)))


def _rows(point: SystemPoint) -> Sequence[SystemRow]:
    levels = point.model.levels(2)
    bound = levels.splitting_bound
    splitting = None if bound is not None else float(levels.excitations[1])
    at = parameters_of(point.model)
    found = bath_atlas(point.model, point.jumps).rows
    return [SystemRow(point.name, at, row, splitting, bound, bool(levels.parity_conserved)) for row in found]


def parameters_of(model: Any) -> str:
    """Parameters of a model in the symbols of its Hamiltonian; its ``repr`` where it is none of the package's.

    Examples
    --------
    >>> from einselect import BoseJosephson
    >>> from einselect.sweeps.systems import parameters_of
    >>> parameters_of(BoseJosephson(200, "50 Hz", "0.6 Hz"))
    'N = 200, K = 314.159 rad/s, U = 3.76991 rad/s'
    """
    entry = next((entry for entry in MODELS.values() if entry.make is type(model)), None)
    if entry is None:
        return repr(model)
    shown = []
    for parameter in entry.parameters:
        value = getattr(model, parameter.name)
        unit = " rad/s" if model.energy_unit == "rad/s" and parameter.energy else ""
        if parameter.many:
            shown.append(f"{parameter.symbol} = {', '.join(f'{v:.3g}' for v in value)}{unit}")
        elif value or parameter.default != 0.0:  # no tilt, no anisotropy
            shown.append(f"{parameter.symbol} = {value:g}{unit}")
    return ", ".join(shown)


def hamiltonian_of(model: Any) -> str:
    """The Hamiltonian written out, ħ = 1; "" for a model that is none of the package's.

    Examples
    --------
    >>> from einselect import LMG
    >>> from einselect.sweeps.systems import hamiltonian_of
    >>> hamiltonian_of(LMG(10, 0.5))
    '-(J/N) Jz² - Γ Jx'
    """
    return next((entry.hamiltonian for entry in MODELS.values() if entry.make is type(model)), "")


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
