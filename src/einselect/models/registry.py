"""The models by name, with their Hamiltonians and parameters: what the command line knows of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .. import _checks
from ..errors import InputError
from .aggregate import VibronicDimer
from .anisotropic import AnisotropicLMG
from .bose_josephson import BoseJosephson
from .dicke import Dicke
from .few_modes import FewModes
from .lmg import LMG
from .rabi import Rabi
from .spin_boson import SpinBoson
from .vibronic_ring import VibronicRing

_NUMBERS = ("anisotropy", "huang_rhys", "closing", "strength", "exponent")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model.

    Attributes
    ----------
    name : str
        As an argument of the model, and an option of the command line.
    symbol : str
        In the Hamiltonian.
    default : float or None
        None where it must be given.
    least : int or None
        Lower bound of a whole number; None for an energy or a number.
    many : bool
        Whether it is a list, of one value for each mode.
    """

    name: str
    symbol: str
    default: float | None = None
    least: int | None = None
    many: bool = False

    @property
    def energy(self) -> bool:
        """Whether it is an energy, and not a number such as N, κ, S or c."""
        return self.least is None and self.name not in _NUMBERS


@dataclass(frozen=True)
class ModelEntry:
    """A model that can be asked for by name.

    Attributes
    ----------
    name : str
    title : str
    hamiltonian : str
        Written out, ħ = 1.
    parameters : tuple of Parameter
    jumps : tuple of str
        Jump operators that can be named, the natural one first.
    make : callable
        The model's class.
    """

    name: str
    title: str
    hamiltonian: str
    parameters: tuple[Parameter, ...]
    jumps: tuple[str, ...]
    make: Callable[..., Any]

    def build(self, values: Mapping[str, Any]) -> Any:
        """The model with given parameters, the others at their defaults.

        Raises
        ------
        InputError
            For a parameter that it does not have, or one missing.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise InputError(
                    f"{name} must be left out for the model {self.name}, whose parameters are {', '.join(known)}; "
                    f"got {values[name]!r}"
                )
        for name, parameter in known.items():
            if name not in values and parameter.default is None:
                raise InputError(f"{name} must be given for the model {self.name}; got none")
        return self.make(**{name: values.get(name, known[name].default) for name in known})


_SPIN_JUMPS = ("Jz", "Jx", "Jy", "J-", "J+")
_OPEN_JUMPS = ("a", "x", "Jx", "J-", "Jz", "n")
_SPINS = Parameter("spins", "N", least=2)
_TILT = Parameter("tilt", "h", 0.0)

MODELS: Mapping[str, ModelEntry] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            ModelEntry(
                "lmg",
                "Lipkin-Meshkov-Glick",
                "-(J/N) Jz² - Γ Jx",
                (_SPINS, Parameter("field", "Γ"), Parameter("coupling", "J", 1.0)),
                _SPIN_JUMPS,
                LMG,
            ),
            ModelEntry(
                "anisotropic",
                "anisotropic LMG, with a tilt",
                "-(J/N)(Jz² + κ Jy²) - Γ Jx - h Jz",
                (
                    _SPINS,
                    Parameter("field", "Γ"),
                    Parameter("anisotropy", "κ", 0.0),
                    Parameter("coupling", "J", 1.0),
                    _TILT,
                ),
                _SPIN_JUMPS,
                AnisotropicLMG,
            ),
            ModelEntry(
                "bose-josephson",
                "two-mode condensate with attraction",
                "-K(a†b + b†a) - (U/2)(a†a†aa + b†b†bb) - (ε/2)(a†a - b†b)",
                (
                    _SPINS,
                    Parameter("tunnelling", "K"),
                    Parameter("interaction", "U"),
                    Parameter("tilt", "ε", 0.0),
                ),
                _SPIN_JUMPS,
                BoseJosephson,
            ),
            ModelEntry(
                "dicke",
                "Dicke",
                "ω a†a + ω0 Jz + (2λ/√N)(a + a†) Jx",
                (
                    Parameter("spins", "N", least=1),
                    Parameter("coupling", "λ"),
                    Parameter("mode", "ω", 1.0),
                    Parameter("spin", "ω0", 1.0),
                ),
                _OPEN_JUMPS,
                Dicke,
            ),
            ModelEntry(
                "rabi",
                "quantum Rabi",
                "ω a†a + (ω0/2) σz + λ (a + a†) σx",
                (Parameter("coupling", "λ"), Parameter("mode", "ω", 1.0), Parameter("spin", "ω0", 1.0)),
                _OPEN_JUMPS,
                Rabi,
            ),
            ModelEntry(
                "dimer",
                "vibronic homodimer",
                "V(|1><2| + |2><1|) + sum_i [ω b_i†b_i + ω√S |i><i| (b_i + b_i†)]",
                (Parameter("coupling", "V"), Parameter("huang_rhys", "S"), Parameter("mode", "ω", 1.0)),
                ("difference", "site1", "site2", "b"),
                VibronicDimer,
            ),
            ModelEntry(
                "ring",
                "vibronic ring or chain",
                "V sum_i (|i><i+1| + h.c.) + cV (|M><1| + h.c.) + sum_i [ω b_i†b_i + ω√S |i><i| (b_i + b_i†)]",
                (
                    Parameter("sites", "M", least=2),
                    Parameter("coupling", "V"),
                    Parameter("huang_rhys", "S"),
                    Parameter("mode", "ω", 1.0),
                    Parameter("closing", "c", 1.0),
                ),
                ("difference", "pair1", "site1", "b1"),
                VibronicRing,
            ),
            ModelEntry(
                "few-modes",
                "spin and a few modes",
                "-(Δ/2) σx + sum_k ω_k b_k†b_k + (σz/2) sum_k g_k (b_k + b_k†)",
                (
                    Parameter("tunnelling", "Δ"),
                    Parameter("frequencies", "ω_k", many=True),
                    Parameter("couplings", "g_k", many=True),
                ),
                ("sz", "b0"),
                FewModes,
            ),
            ModelEntry(
                "spin-boson",
                "spin-boson, by a few modes or the variational polaron (M = 0)",
                "-(Δ/2) σx + sum_k ω_k b_k†b_k + (σz/2) sum_k g_k (b_k + b_k†), "
                "π sum_k g_k² δ(ω - ω_k) = 2πα ω_c^(1-s) ω^s up to ω_c",
                (
                    Parameter("tunnelling", "Δ"),
                    Parameter("strength", "α"),
                    Parameter("exponent", "s", 1.0),
                    Parameter("cutoff", "ω_c"),
                    Parameter("modes", "M", 3, least=0),
                ),
                ("sz", "b0"),
                SpinBoson,
            ),
        )
    }
)


def model_entry(name: str) -> ModelEntry:
    """The model of that name; InputError, with the nearest one, for a name that there is not.

    Examples
    --------
    >>> from einselect.models.registry import model_entry
    >>> model_entry("dicke").build({"spins": 10, "coupling": 0.8}).phase
    'ordered'
    """
    return MODELS[_checks.one_of("model", name, MODELS)]
